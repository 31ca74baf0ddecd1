"""The views.* methods: opening, pushing, updating forms, and publishing Home tabs."""

from __future__ import annotations

from bot.sandbox.arguments import view_argument
from bot.sandbox.blocks.validation import view as checked_view
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.views import View, view_json


def open_view(call: Call) -> Json:
    """Show a form to the person who caused the trigger."""
    return _triggered(call, push=False)


def push_view(call: Call) -> Json:
    """Show a form on top of the one this person has open."""
    return _triggered(call, push=True)


def _triggered(call: Call, *, push: bool) -> Json:
    """Open or push with a trigger, which is spent only when all is well (inferred). The sandbox hands out no
    interactivity_pointer, so that none is right.
    """
    trigger = call.args.text("trigger_id") or call.args.text("interactivity_pointer")
    triggers, views = call.platform.triggers, call.platform.views
    user = triggers.check(trigger)
    definition = checked_view(view_argument(call.args), "modal")
    place = triggers.channel_of(trigger)
    view = views.push(user, definition) if push else views.open(user, definition, conversation=place)
    triggers.spend(trigger)
    return _shown(call, view)


def update_view(call: Call) -> Json:
    """Replace what an open form, or a Home tab, shows."""
    views = call.platform.views
    view_id, external_id = call.args.text("view_id"), call.args.text("external_id")
    view = views.get(view_id) if view_id else views.with_external_id(external_id)
    if view is None:
        raise SlackError("not_found")
    _check_hash(call, view)
    views.update(view, checked_view(view_argument(call.args), view.kind))
    return _shown(call, view)


def publish_view(call: Call) -> Json:
    """Show a Home tab to a person."""
    if not call.platform.app.home_tab:
        raise SlackError("not_enabled")
    user = call.workspace.users.get(call.args.text("user_id"))
    if user is None:
        raise invalid_arguments("invalid user_id [json-pointer:/user_id]")
    if (home := call.platform.views.home(user.id)) is not None:
        _check_hash(call, home)
    return _shown(call, call.platform.views.publish(user.id, checked_view(view_argument(call.args), "home")))


def _check_hash(call: Call, view: View) -> None:
    """Refuse a change based on an older look of the view. SlackError hash_conflict."""
    if "hash" in call.args and call.args.text("hash") != view.hash:
        raise SlackError("hash_conflict")


def _shown(call: Call, view: View) -> Json:
    """The answer that consists of a view object."""
    return {"view": view_json(call.workspace, view)}


_TRIGGER = "duplicate_external_id exchanged_trigger_id expired_trigger_id invalid_trigger_id view_too_large"
_CHANGE = "duplicate_external_id hash_conflict view_too_large"
_TRIGGERED = ("view", "trigger_id|interactivity_pointer")
METHODS = {
    "views.open": Method(run=open_view, required=_TRIGGERED, tier=Tier.T4, errors=_TRIGGER),
    "views.push": Method(
        run=push_view, required=_TRIGGERED, tier=Tier.T4, errors=f"{_TRIGGER} not_found push_limit_reached"
    ),
    "views.update": Method(
        run=update_view, required=("view", "view_id|external_id"), tier=Tier.T4, errors=f"{_CHANGE} not_found"
    ),
    "views.publish": Method(
        run=publish_view, required=("user_id", "view"), tier=Tier.T4, errors=f"{_CHANGE} not_enabled"
    ),
}
