"""The bookmarks.* methods: links at the top of a channel."""

from __future__ import annotations

import re

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.ids import random_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.posting import EMOJI
from bot.sandbox.workspace.state import Channel

_LINK = re.compile(r"https?://\S+")
_EMOJI = re.compile(f":{EMOJI.pattern}:")


def add(call: Call) -> Json:
    """Put a link at the top of a channel. SlackError too_many_bookmarks."""
    if call.args.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    channel = _channel(call)
    fields = {"title": "", "link": "", "emoji": "", **_fields(call)}
    if not fields["link"]:
        raise SlackError("invalid_link")
    if len(channel.bookmarks) >= most("channel.bookmarks"):
        raise SlackError("too_many_bookmarks")
    now = call.workspace.now()
    bookmark = {
        "id": random_id("Bk"),
        "channel_id": channel.id,
        **fields,
        "icon_url": None,
        "entity_id": None,
        "type": "link",
        "date_created": now,
        "date_updated": now,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": call.bot.id,
        "last_updated_by_team_id": call.workspace.team.id,
        "shortcut_id": None,
        "app_id": None,
    }
    channel.bookmarks.append(bookmark)
    call.workspace.changed()
    return {"bookmark": bookmark}


def edit(call: Call) -> Json:
    """Change title, link or emoji of a bookmark; what is not given stays."""
    channel = _channel(call)
    bookmark = _bookmark(call, channel)
    bookmark |= _fields(call)
    bookmark |= {"date_updated": call.workspace.now(), "last_updated_by_user_id": call.bot.id}
    call.workspace.changed()
    return {"bookmark": bookmark}


def remove(call: Call) -> Json:
    """Take a bookmark away."""
    channel = _channel(call)
    channel.bookmarks.remove(_bookmark(call, channel))
    call.workspace.changed()
    return {}


def listing(call: Call) -> Json:
    """The links at the top of a channel."""
    return {"bookmarks": list(call.channel("channel_id").bookmarks)}


def _channel(call: Call) -> Channel:
    """The channel whose bookmarks change. SlackError channel_not_found; permission_denied for an archived one or one
    that the bot is not in [inferred].
    """
    channel = call.channel("channel_id")
    if channel.is_archived or call.bot.id not in channel.members:
        raise SlackError("permission_denied")
    return channel


def _bookmark(call: Call, channel: Channel) -> Json:
    """The bookmark that is named. SlackError not_found."""
    for bookmark in channel.bookmarks:
        if bookmark["id"] == call.args.text("bookmark_id"):
            return bookmark
    raise SlackError("not_found")


def _fields(call: Call) -> dict[str, str]:
    """Those of title, link and emoji that are given. SlackError invalid_link, invalid_emoji, invalid_arguments."""
    given = {name: call.args.text(name) for name in ("title", "link", "emoji") if name in call.args}
    if "link" in given and (not _LINK.fullmatch(given["link"]) or len(given["link"]) > most("bookmark.link")):
        raise SlackError("invalid_link")
    if "emoji" in given and not _EMOJI.fullmatch(given["emoji"]):
        raise SlackError("invalid_emoji")
    if len(given.get("title", "")) > (longest := most("bookmark.title")):
        raise invalid_arguments(f"must be less than {longest + 1} characters [json-pointer:/title]")
    return given


_WRITE = ("bookmarks:write",)
_PLACE = "channel_not_found permission_denied"
_FIELDS = "invalid_emoji invalid_link"
METHODS = {
    "bookmarks.add": Method(
        run=add,
        scopes=_WRITE,
        required=("title", "type"),
        tier=Tier.T2,
        errors=f"{_PLACE} {_FIELDS} invalid_bookmark_type too_many_bookmarks",
    ),
    "bookmarks.edit": Method(run=edit, scopes=_WRITE, tier=Tier.T2, errors=f"{_PLACE} {_FIELDS} not_found"),
    "bookmarks.remove": Method(run=remove, scopes=_WRITE, tier=Tier.T2, errors=f"{_PLACE} not_found"),
    "bookmarks.list": Method(run=listing, scopes=("bookmarks:read",), errors="channel_not_found"),
}
