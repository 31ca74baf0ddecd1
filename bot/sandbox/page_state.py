"""What the page shows one person, as one JSON object. Reads the workspace; changes only how far this person has read."""

from __future__ import annotations

from bot.sandbox.jsontypes import Json
from bot.sandbox.people.choices import kind_of
from bot.sandbox.platform import Platform
from bot.sandbox.timestamps import micros
from bot.sandbox.views import View, view_json
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json
from bot.sandbox.workspace.state import Canvas, Channel, User
from bot.sandbox.workspace.workspace import Workspace

MAX_MESSAGES = 200
MAX_UNREAD = 99
_SAID = {None, "thread_broadcast", "file_share"}
"""The subtypes of what somebody said. All others tell of joins, topics and the like, and do not count as unread."""


def page_state(
    platform: Platform, user: User, *, channel: str | None, thread: str | None, since: str | None = None
) -> Json:
    """The whole screen of a person who has this channel, and perhaps this thread, in front.

    `since` is when the page was loaded, a ts, or "now"; ephemeral messages from before are gone. It comes back, to be
    asked with again. None shows them all.
    """
    workspace = platform.workspace
    since = f"{workspace.clock.epoch():.6f}" if since == "now" else since
    shown = workspace.channels.get(channel or "")
    if shown is not None and not shown.visible_to(user.id):
        shown = None
    if shown is not None:
        _mark_read(shown, user)
    root = shown.log.find(thread) if shown is not None and thread else None
    view = platform.views.top(user.id)
    return {
        "me": user.id,
        "team": {"id": workspace.team.id, "name": workspace.team.name, "domain": workspace.team.domain},
        "now": workspace.clock.epoch(),
        "since": since,
        "speed": workspace.clock.speed,
        "users": [_user(one) for one in workspace.users.values()],
        "usergroups": [
            {"id": group.id, "handle": group.handle, "name": group.name} for group in workspace.usergroups.values()
        ],
        "commands": [
            {"command": command.command, "description": command.description, "usage_hint": command.usage_hint}
            for command in platform.app.commands
        ],
        "shortcuts": [
            {"name": one.name, "kind": one.kind, "callback_id": one.callback_id, "description": one.description}
            for one in platform.app.shortcuts
        ],
        "channels": [_listed(workspace, one, user) for one in workspace.channels.values() if one.visible_to(user.id)],
        "channel": None if shown is None else _open_channel(workspace, shown, user, since),
        "thread": None if shown is None or root is None else _thread(workspace, shown, root, user, since),
        "view": None if view is None else _view(platform, view),
        "home_tab": platform.app.home_tab,
        "home": _home(platform, user),
    }


def _user(user: User) -> Json:
    """A person or bot in the list."""
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "tz": user.tz,
        "title": user.title,
        "is_bot": user.is_bot,
        "color": f"#{user.color}",
    }


def _listed(workspace: Workspace, channel: Channel, user: User) -> Json:
    """A conversation in the side bar. A direct message bears the other person's name."""
    other = next((member for member in channel.members if member != user.id), user.id)
    return {
        "id": channel.id,
        "name": workspace.users[other].name if channel.kind == "im" else channel.name,
        "is_im": channel.kind == "im",
        "type": kind_of(channel),
        "is_private": channel.is_private,
        "is_member": user.id in channel.members,
        "is_archived": channel.is_archived,
        "topic": channel.topic.value,
        "unread": _unread(channel, user),
    }


def _unread(channel: Channel, user: User) -> int:
    """How many messages of others came since this person last looked; counting stops at 99."""
    since = channel.last_read.get(user.id, "0")
    came = channel.log.since(since, MAX_UNREAD)
    return sum(message.user != user.id and message.subtype in _SAID for message in came)


def _mark_read(channel: Channel, user: User) -> None:
    """Remember that this person has seen everything there is now."""
    newest = channel.log.newest_ts()
    if newest is not None:
        channel.last_read[user.id] = newest


def _open_channel(workspace: Workspace, channel: Channel, user: User, since: str | None) -> Json:
    """The conversation in front, with its latest messages."""
    return _listed(workspace, channel, user) | {
        "members": list(channel.members),
        "pins": list(channel.pins),
        "bookmarks": [{"title": bookmark["title"], "link": bookmark["link"]} for bookmark in channel.bookmarks]
        + [_tab(workspace, canvas, user) for canvas in workspace.canvases.values() if canvas.channel == channel.id],
        "messages": [
            _message(workspace, message)
            for message in channel.log.recent_for(user.id, MAX_MESSAGES)
            if _still_there(message, since)
        ],
    }


def _tab(workspace: Workspace, canvas: Canvas, user: User) -> Json:
    """A canvas at the top of a channel."""
    return {"title": canvas.title or "Canvas", "link": f"{workspace.address}/page/files/{canvas.id}?user={user.id}"}


def _thread(workspace: Workspace, channel: Channel, root: Message, user: User, since: str | None) -> Json:
    """The thread in front: its root, then the replies."""
    replies = [channel.log.messages[ts] for ts in root.replies]
    own = [message for message in channel.log.ephemeral_replies(user.id, root.ts) if _still_there(message, since)]
    messages = sorted([*replies, *own], key=lambda message: message.ts)
    return {"ts": root.ts, "messages": [_message(workspace, message) for message in (root, *messages)]}


def _still_there(message: Message, since: str | None) -> bool:
    """Whether a page loaded at `since` shows a message: an ephemeral one does not outlive a reload."""
    return message.visible_to is None or since is None or micros(message.ts) > micros(since)


def _message(workspace: Workspace, message: Message) -> Json:
    """A message, with the two facts that Slack's own object does not tell the page."""
    shown = message_json(workspace, message)
    if message.visible_to is not None:
        shown["ephemeral"] = True
    if message.broadcast:
        shown["broadcast"] = True
    return shown


def _view(platform: Platform, view: View) -> Json:
    """The open form, how many lie below it, and what is wrong with it."""
    position = platform.views.stack(view.user).index(view) + 1
    shown = view_json(platform.workspace, view)
    return {"id": view.id, "stack": position, "view": shown, "errors": dict(view.errors), "error": view.error}


def _home(platform: Platform, user: User) -> Json | None:
    """The Home tab that the app published for this person."""
    home = platform.views.home(user.id)
    return None if home is None else {"id": home.id, "view": view_json(platform.workspace, home), "error": home.error}
