"""What people do in forms and Home tabs: filling, pressing, submitting, closing, and what the app's answer does to the
form.

From Slack's documentation, "Modals": required inputs and lengths are enforced before anything is sent; the
acknowledgement may report errors, update, push or clear.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blocks import validation
from bot.sandbox.blocks.client_checks import incomplete
from bot.sandbox.blocks.elements import Placed, action_item, find
from bot.sandbox.delivery import payloads
from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.people.choices import Refused, Spot, choose, look_up, suggestions
from bot.sandbox.people.response_urls import response_urls
from bot.sandbox.platform import Platform
from bot.sandbox.views import View, view_json
from bot.sandbox.workspace.state import User


class Forms:
    """The deeds of people in views. Each raises Refused for a view that is gone or a choice that is not offered."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._workspace = platform.workspace
        self._views = platform.views

    def fill(self, user: User, view_id: str, values: Json) -> None:
        """Keep what a person typed so far: {block_id: {action_id: choice or state value}}."""
        view = self._own(user, view_id)
        for block_id, actions in values.items():
            for action_id, choice in actions.items():
                placed = find(view.blocks, block_id, action_id)
                if placed is not None:
                    self._keep(user, view, placed, choice)
        self._workspace.changed()

    async def act(self, user: User, view_id: str, block_id: str, action_id: str, choice: Any = None) -> None:
        """Press a button of a view, or choose in it. Inputs tell the app only if they ask for it. NotAcknowledged when
        the app did not take it.
        """
        view = self._own(user, view_id)
        placed = _placed(view, block_id, action_id)
        await look_up(self._platform, self._spot(user, view, placed), choice)
        state = self._keep(user, view, placed, choice)
        self._workspace.changed()
        if placed.block["type"] == "input" and not placed.block.get("dispatch_action"):
            return
        try:
            action = action_item(placed, action_ts=f"{self._workspace.clock.epoch():.6f}", state=state, choice=choice)
        except ValueError as mistake:
            raise Refused(str(mistake)) from None
        shown = view_json(self._workspace, view)
        trigger = self._platform.triggers.issue(user.id, view.conversation)
        await self._send(view, payloads.view_actions(self._workspace, user, shown, action=action, trigger_id=trigger))

    async def suggest(self, user: User, view_id: str, block_id: str, action_id: str, text: str) -> Json:
        """What the app offers for a text typed into an external select. NotAcknowledged when it does not answer."""
        view = self._own(user, view_id)
        return await suggestions(self._platform, self._spot(user, view, _placed(view, block_id, action_id)), text)

    def _spot(self, user: User, view: View, placed: Placed) -> Spot:
        """An element of a view, in front of this person."""

        def suggestion(text: str) -> Json:
            shown = view_json(self._workspace, view)
            return payloads.view_suggestion(
                self._workspace, user, shown, block_id=placed.block_id, action_id=placed.action_id, value=text
            )

        return Spot(user, placed, suggestion, view.suggested.setdefault((placed.block_id, placed.action_id), {}))

    def _keep(self, user: User, view: View, placed: Placed, choice: Any) -> Json | None:
        """Put a choice into the form's values; None for an element without state. Refused when it is not offered."""
        state = choose(self._workspace, self._spot(user, view, placed), choice)
        if state is not None:
            view.values.setdefault(placed.block_id, {})[placed.action_id] = state
        return state

    async def submit(self, user: User, view_id: str, values: Json | None = None) -> dict[str, str]:
        """Send a form and return the errors by block_id, none when it was accepted. NotAcknowledged when the app did
        not take it.
        """
        view = self._own(user, view_id)
        if view.kind == "home":
            raise Refused("A Home tab cannot be sent.")
        self.fill(user, view_id, values or {})
        view.error = None
        view.errors = incomplete(view.blocks, view.values)
        self._workspace.changed()
        if view.errors:
            return view.errors
        shown = view_json(self._workspace, view)
        trigger = self._platform.triggers.issue(user.id, view.conversation)
        payload = payloads.view_submission(
            self._workspace, user, shown, trigger_id=trigger, response_urls=response_urls(self._platform, view)
        )
        answer = await self._send(view, payload)
        try:
            self._apply(view, answer or {})
        except SlackError as refusal:
            view.error = f'{self._platform.app.name} answered with something Slack refuses: "{refusal.code}".'
            raise Refused(f"{view.error} {refusal.fields or ''}".strip()) from None
        finally:
            self._workspace.changed()
        return view.errors

    async def _send(self, view: View, payload: Json) -> Json | None:
        """Tell the app; when it does not take it, say so above the form."""
        view.error = None
        try:
            return await self._platform.delivery.deliver("interactive", payload)
        except NotAcknowledged as failure:
            view.error = f'{self._platform.app.name} did not answer: "{failure.reason}". Please try again.'
            self._workspace.changed()
            raise

    def _apply(self, view: View, answer: Json) -> None:
        """Do what the acknowledgement of a submission says; nothing said closes the form. SlackError when Slack would
        refuse it.
        """
        action = answer.get("response_action")
        if action is None:
            self._views.close(view)
        elif action == "clear":
            self._views.clear(view.user)
        elif action == "errors":
            view.errors = _checked_errors(view, answer.get("errors"))
        elif action == "update":
            self._views.update(view, validation.view(answer.get("view"), "modal"))
        elif action == "push":
            self._views.push(view.user, validation.view(answer.get("view"), "modal"))
        else:
            raise SlackError("invalid_response_action")

    async def close(self, user: User, view_id: str, *, whole_stack: bool = False) -> None:
        """Dismiss a form, or all of them; the app hears of it when the form asks for that."""
        view = self._own(user, view_id)
        cleared = whole_stack or bool(view.definition.get("clear_on_close"))
        if cleared:
            view = self._views.stack(user.id)[0]
            self._views.clear(user.id)
        else:
            self._views.close(view)
        if view.definition.get("notify_on_close"):
            shown = view_json(self._workspace, view)
            await self._platform.delivery.deliver(
                "interactive", payloads.view_closed(self._workspace, user, shown, is_cleared=cleared)
            )

    def _own(self, user: User, view_id: str) -> View:
        """The open view of this person with this id."""
        view = self._views.get(view_id)
        if view is None or view.user != user.id:
            raise Refused("This form is no longer open.")
        return view


def _placed(view: View, block_id: str, action_id: str) -> Placed:
    """The element of a view with these ids. Refused when it is gone."""
    placed = find(view.blocks, block_id, action_id)
    if placed is None:
        raise Refused("This form has changed meanwhile. Please look again.")
    return placed


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    """The errors of an acknowledgement. SlackError invalid_errors when there are none or one is not under an input
    block.
    """
    if not isinstance(errors, dict) or not errors or not set(errors) <= validation.error_targets(view.blocks):
        raise SlackError("invalid_errors", errors=errors)
    return {block_id: str(text) for block_id, text in errors.items()}
