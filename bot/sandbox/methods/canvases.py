"""The canvases.* methods and conversations.canvases.create: documents of Markdown."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace import canvases
from bot.sandbox.workspace.canvases import HEADINGS, Unsupported
from bot.sandbox.workspace.state import Canvas, Channel

LEVELS = ("read", "write", "owner")


def create(call: Call) -> Json:
    """Make a canvas, with a tab in a channel if one is named. SlackError free_teams_cannot_create_standalone_canvases
    for a team that pays nothing and names none [which of two such strings it is, is inferred].
    """
    markdown = _new_content(call)
    channel = _tabbed(call, "canvas_creation_failed") if "channel_id" in call.args else None
    if channel is None and not call.workspace.team.paid:
        raise SlackError("free_teams_cannot_create_standalone_canvases")
    return _created(call, markdown, "" if channel is None else channel.id)


def create_for_channel(call: Call) -> Json:
    """Make the canvas of a channel; it can have one."""
    markdown = _new_content(call)
    channel = _tabbed(call, "channel_canvas_creation_failed")
    if channel.canvas is not None:
        raise SlackError("channel_canvas_already_exists")
    answer = _created(call, markdown, channel.id)
    channel.canvas = answer["canvas_id"]
    return answer


def _tabbed(call: Call, archived: str) -> Channel:
    """The channel that is to have a tab. SlackError channel_not_found, `archived`, restricted_action for a channel that
    the bot is not in [all inferred].
    """
    channel = call.channel("channel_id")
    if channel.is_archived:
        raise SlackError(archived, detail="The channel is archived")
    if call.bot.id not in channel.members:
        raise SlackError("restricted_action")
    return channel


def _created(call: Call, markdown: str, channel: str) -> Json:
    """The answer for a new canvas. SlackError canvas_creation_failed, with a detail."""
    try:
        canvas = canvases.create(call.workspace, call.bot.id, call.args.text("title"), markdown, channel=channel)
    except Unsupported as fault:
        raise SlackError("canvas_creation_failed", detail=str(fault)) from None
    return {"canvas_id": canvas.id}


def _new_content(call: Call) -> str:
    """The Markdown of a new canvas. SlackError invalid_arguments, also for more than 1 MiB [the string is inferred]."""
    pointer = "/document_content"
    value = call.args.nested("document_content", error=_no_object(pointer))
    markdown = "" if value is None else _markdown(value, pointer)
    if len(markdown.encode()) > (bound := most("canvas.size")):
        raise invalid_arguments(f"must be less than {bound + 1} characters [json-pointer:{pointer}/markdown]")
    return markdown


def _no_object(pointer: str) -> SlackError:
    """The complaint about something that should be an object."""
    return invalid_arguments(f"must provide an object [json-pointer:{pointer}]")


def _markdown(value: Any, pointer: str) -> str:
    """The text in {"type": "markdown", "markdown": …}. SlackError invalid_arguments."""
    if not isinstance(value, dict):
        raise _no_object(pointer)
    if value.get("type") != "markdown":
        raise invalid_arguments(f"unsupported type: {value.get('type')} [json-pointer:{pointer}/type]")
    if not isinstance(value.get("markdown"), str):
        raise invalid_arguments(f"missing required field: markdown [json-pointer:{pointer}]")
    return str(value["markdown"])


def _canvas(call: Call, *, deleted: str = "canvas_not_found") -> Canvas:
    """The canvas that is named. SlackError canvas_not_found, `deleted`."""
    canvas = call.workspace.canvases.get(call.args.text("canvas_id"))
    if canvas is None:
        raise SlackError("canvas_not_found")
    if canvas.deleted:
        raise SlackError(deleted)
    return canvas


def _owned(call: Call) -> Canvas:
    """The same, which must be the bot's own. SlackError restricted_action."""
    canvas = _canvas(call)
    if canvas.user != call.bot.id:
        raise SlackError("restricted_action")
    return canvas


def edit(call: Call) -> Json:
    """Make one change to a canvas. SlackError free_teams_cannot_edit_standalone_canvases, canvas_too_large,
    canvas_editing_failed with a detail.
    """
    change = _change(call)
    operation = change["operation"]
    canvas = _canvas(call)
    if not canvas.channel and not call.workspace.team.paid:
        raise SlackError("free_teams_cannot_edit_standalone_canvases")
    if operation == "rename":
        canvases.rename(call.workspace, canvas, _markdown(change.get("title_content"), "/changes/0/title_content"))
        return {}
    at = _position(canvas, change)
    markdown = "" if operation == "delete" else _markdown(change.get("document_content"), "/changes/0/document_content")
    try:
        texts = canvases.edited(canvas, operation, at, markdown)
    except Unsupported as fault:
        raise SlackError("canvas_editing_failed", detail=str(fault)) from None
    if sum(len(text.encode()) for text in texts) > most("canvas.size"):
        raise SlackError("canvas_too_large")
    canvases.rewrite(call.workspace, canvas, texts)
    return {}


def _change(call: Call) -> Json:
    """The one change that is asked for. SlackError invalid_arguments."""
    wrong = invalid_arguments("must provide an array [json-pointer:/changes]")
    changes = call.args.nested("changes", error=wrong)
    if not isinstance(changes, list):
        raise wrong
    if len(changes) != 1:
        bound = "no fewer than 1 items" if not changes else "no more than 1 items"
        raise invalid_arguments(f"{bound} allowed [json-pointer:/changes]")
    if not isinstance(changes[0], dict):
        raise _no_object("/changes/0")
    if changes[0].get("operation") not in canvases.OPERATIONS:
        raise invalid_arguments("must be a valid enum value [json-pointer:/changes/0/operation]")
    return dict(changes[0])


def _position(canvas: Canvas, change: Json) -> int | None:
    """Where the change is to be made. SlackError invalid_arguments, canvas_editing_failed for a section that is not
    there [inferred].
    """
    section_id = str(change.get("section_id") or "")
    if not section_id:
        if change["operation"] in canvases.AT_A_SECTION:
            raise invalid_arguments("missing required field: section_id [json-pointer:/changes/0]")
        return None
    at = canvases.position(canvas, section_id)
    if at is None:
        raise SlackError("canvas_editing_failed", detail=f"Section not found: {section_id}")
    return at


def delete(call: Call) -> Json:
    """Delete a canvas of the bot's own."""
    canvases.delete(call.workspace, _owned(call))
    return {}


def set_access(call: Call) -> Json:
    """Give a person or a channel a level of access. The canvas of a channel has no levels: canvas_not_found."""
    level, channels, users = call.args.text("access_level"), call.args.names("channel_ids"), call.args.names("user_ids")
    if level not in LEVELS:
        raise invalid_arguments("must be a valid enum value [json-pointer:/access_level]")
    if bool(channels) is bool(users) or (channels and level == "owner"):
        raise SlackError("invalid_parameters")
    for name, ids in (("channel_ids", channels), ("user_ids", users)):
        if len(ids) > 1:
            raise invalid_arguments(f"no more than 1 items allowed [json-pointer:/{name}]")
    canvas = _owned(call)
    channel = call.workspace.channels.get(canvas.channel)
    if channel is not None and channel.canvas == canvas.id:
        raise SlackError("canvas_not_found")
    canvases.grant(call.workspace, canvas, _entity(call, channels, users), level)
    return {}


def _entity(call: Call, channels: list[str], users: list[str]) -> str:
    """Who is given access. SlackError channel_not_found, user_not_found."""
    if users and users[0] not in call.workspace.users:
        raise SlackError("user_not_found")
    if channels:
        channel = call.workspace.channels.get(channels[0])
        if channel is None or not channel.visible_to(call.bot.id):
            raise SlackError("channel_not_found")
    return (channels or users)[0]


def lookup(call: Call) -> Json:
    """The ids of the sections that match. SlackError canvas_deleted."""
    kinds, text = _criteria(call)
    canvas = _canvas(call, deleted="canvas_deleted")
    return {"sections": [{"id": section.id} for section in canvases.find(canvas, kinds, text)]}


def _criteria(call: Call) -> tuple[tuple[str, ...], str]:
    """The kinds of headings and the text that are looked for; one of them must be. SlackError invalid_arguments."""
    criteria = call.args.nested("criteria", error=_no_object("/criteria"))
    if not isinstance(criteria, dict):
        raise _no_object("/criteria")
    kinds, text = criteria.get("section_types", []), criteria.get("contains_text", "")
    if not isinstance(kinds, list) or not isinstance(text, str) or not (kinds or text):
        raise invalid_arguments("missing required field: section_types or contains_text [json-pointer:/criteria]")
    if len(kinds) > (bound := most("canvas.section_types")):
        raise invalid_arguments(f"no more than {bound} items allowed [json-pointer:/criteria/section_types]")
    for index, kind in enumerate(kinds):
        if kind not in (*HEADINGS, "any_header"):
            raise invalid_arguments(f"must be a valid enum value [json-pointer:/criteria/section_types/{index}]")
    return (HEADINGS if "any_header" in kinds else tuple(kinds)), text


_WRITE = ("canvases:write",)
METHODS = {
    "canvases.create": Method(
        run=create,
        scopes=_WRITE,
        tier=Tier.T2,
        errors="canvas_creation_failed free_teams_cannot_create_standalone_canvases restricted_action",
        inferred="channel_not_found",
    ),
    "canvases.edit": Method(
        run=edit,
        scopes=_WRITE,
        required=("canvas_id", "changes"),
        errors="canvas_editing_failed canvas_not_found canvas_too_large free_teams_cannot_edit_standalone_canvases",
    ),
    "canvases.delete": Method(
        run=delete, scopes=_WRITE, required=("canvas_id",), errors="canvas_not_found restricted_action"
    ),
    "canvases.access.set": Method(
        run=set_access,
        scopes=_WRITE,
        required=("canvas_id", "access_level"),
        errors="canvas_not_found channel_not_found invalid_parameters restricted_action user_not_found",
    ),
    "canvases.sections.lookup": Method(
        run=lookup,
        scopes=("canvases:read",),
        required=("canvas_id", "criteria"),
        errors="canvas_deleted canvas_not_found",
    ),
    "conversations.canvases.create": Method(
        run=create_for_channel,
        scopes=_WRITE,
        required=("channel_id",),
        tier=Tier.T2,
        errors="canvas_creation_failed channel_canvas_already_exists channel_canvas_creation_failed restricted_action",
        inferred="channel_not_found",
    ),
}
