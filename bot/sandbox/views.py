"""The forms that people have open, stacked, and their Home tabs: opening, pushing, updating, closing, hashes and the
values typed so far.

From Slack's documentation, "Modals" and the views.* method pages. Views reach this file validated; it does not know who
sends or draws them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.blocks.elements import initial_values
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import random_id, view_hash
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.workspace.pictures import check_view
from bot.sandbox.workspace.workspace import Workspace

_SHOWN = ("title", "submit", "close", "blocks")


@dataclass(slots=True, kw_only=True)
class View:
    """One form or Home tab as a person has it. `conversation` is where the person was when it opened; `values` is
    state.values; `errors` are texts by block_id; `error` is a sentence above the form; `suggested` are the options that
    the app offered for external selects, by block_id and action_id, then by value.
    """

    id: str
    user: str
    definition: Json
    hash: str
    root: str
    previous: str | None = None
    conversation: str | None = None
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    suggested: dict[tuple[str, str], dict[str, Json]] = field(default_factory=dict)

    @property
    def kind(self) -> Literal["modal", "home"]:
        """Whether it is a form or a Home tab."""
        return "home" if self.definition["type"] == "home" else "modal"

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        blocks: list[Json] = self.definition["blocks"]
        return blocks


class Views:
    """Every open form, by person as a stack, and every published Home tab."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._by_id: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """The forms this person has open, the visible one last."""
        return self._stacks.get(user, [])

    def top(self, user: str) -> View | None:
        """The form this person sees."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """This person's Home tab, if the app published one."""
        return self._homes.get(user)

    def get(self, view_id: str) -> View | None:
        """The open view with this id."""
        return self._by_id.get(view_id)

    def with_external_id(self, external_id: str) -> View | None:
        """The open view to which the app gave this external_id."""
        return next((view for view in self._by_id.values() if view.definition.get("external_id") == external_id), None)

    def open(self, user: str, definition: Json, *, conversation: str | None = None) -> View:
        """Show a form alone; what was open before is gone. SlackError duplicate_external_id."""
        self._check(definition, None)
        self._drop(self.stack(user))
        view = self._new(user, definition, conversation=conversation)
        self._stacks[user] = [view]
        self._workspace.changed()
        return view

    def push(self, user: str, definition: Json) -> View:
        """Show a form on top of the open one. SlackError not_found, push_limit_reached, duplicate_external_id."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= most("view.stack"):
            raise SlackError("push_limit_reached")
        self._check(definition, None)
        view = self._new(user, definition, below=stack[-1], conversation=stack[-1].conversation)
        stack.append(view)
        self._workspace.changed()
        return view

    def update(self, view: View, definition: Json) -> None:
        """Replace what a view shows; values stay where block_id, action_id and element type stay. SlackError
        duplicate_external_id.
        """
        self._check(definition, view)
        values = initial_values(definition["blocks"], conversation=view.conversation)
        for block_id, actions in values.items():
            for action_id, state in actions.items():
                typed = view.values.get(block_id, {}).get(action_id)
                if typed is not None and typed["type"] == state["type"]:
                    actions[action_id] = typed
        view.definition, view.values = definition, values
        view.errors, view.error = {}, None
        view.hash = view_hash(self._workspace.clock.epoch())
        self._workspace.changed()

    def publish(self, user: str, definition: Json) -> View:
        """Show a Home tab to this person. SlackError duplicate_external_id."""
        home = self._homes.get(user)
        if home is not None:
            self.update(home, definition)
            return home
        self._check(definition, None)
        self._homes[user] = self._new(user, definition)
        self._workspace.changed()
        return self._homes[user]

    def close(self, view: View) -> None:
        """Take a form off its stack, and those above it with it."""
        stack = self.stack(view.user)
        if view in stack:
            position = stack.index(view)
            self._drop(stack[position:])
            del stack[position:]
        self._workspace.changed()

    def clear(self, user: str) -> None:
        """Close every form of this person."""
        self._drop(self._stacks.pop(user, []))
        self._workspace.changed()

    def _new(self, user: str, definition: Json, *, below: View | None = None, conversation: str | None = None) -> View:
        """A view that was not there before."""
        view_id = random_id("V")
        view = View(
            id=view_id,
            user=user,
            definition=definition,
            hash=view_hash(self._workspace.clock.epoch()),
            root=view_id if below is None else below.root,
            previous=None if below is None else below.id,
            conversation=conversation,
            values=initial_values(definition["blocks"], conversation=conversation),
        )
        self._by_id[view_id] = view
        return view

    def _drop(self, views: list[View]) -> None:
        """Forget views by id."""
        for view in views:
            self._by_id.pop(view.id, None)

    def _check(self, definition: Json, own: View | None) -> None:
        """Refuse an external_id that another open view bears, and pictures of files that are not there."""
        check_view(self._workspace, definition)
        external_id = definition.get("external_id")
        if external_id and self.with_external_id(external_id) not in (None, own):
            raise SlackError("duplicate_external_id")


def view_json(workspace: Workspace, view: View) -> Json:
    """A view object, as methods return it and payloads carry it."""
    definition = view.definition
    return {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": view.kind,
        **{key: definition.get(key) for key in _SHOWN},
        "private_metadata": definition.get("private_metadata", ""),
        "callback_id": definition.get("callback_id", ""),
        "external_id": definition.get("external_id", ""),
        "state": {"values": {block: dict(actions) for block, actions in view.values.items()}},
        "hash": view.hash,
        "clear_on_close": bool(definition.get("clear_on_close", False)),
        "notify_on_close": bool(definition.get("notify_on_close", False)),
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": workspace.app.id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.app.bot_id,
    }
