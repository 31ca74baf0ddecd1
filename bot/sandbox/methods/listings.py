"""conversations.info, list and members, and users.conversations: which conversations there are and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.methods.paging import page
from bot.sandbox.workspace.objects import channel_json
from bot.sandbox.workspace.state import Channel

_FAMILIES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(call: Call) -> Json:
    """One conversation."""
    channel = call.channel()
    num_members = call.args.flag("include_num_members")
    shown = channel_json(call.workspace, channel, viewer=call.bot.id, num_members=num_members)
    return {"channel": shown | call.locale()}


def list_conversations(call: Call) -> Json:
    """The conversations of the wanted types that the bot may know of."""
    visible = (channel for channel in call.workspace.channels.values() if channel.visible_to(call.bot.id))
    return _listed(call, visible, num_members=True)


def of_user(call: Call) -> Json:
    """The conversations that a user, or the bot itself, is a member of."""
    user = call.user().id if "user" in call.args else call.bot.id
    visible = (channel for channel in call.workspace.channels_of(user) if channel.visible_to(call.bot.id))
    return _listed(call, visible, num_members=False)


def _listed(call: Call, channels: Iterable[Channel], *, num_members: bool) -> Json:
    """One page of conversation objects."""
    found, metadata = page(call.args, _wanted(call, channels))
    shown = [channel_json(call.workspace, channel, viewer=call.bot.id, num_members=num_members) for channel in found]
    return {"channels": shown, "response_metadata": metadata}


def _wanted(call: Call, channels: Iterable[Channel]) -> Iterator[Channel]:
    """Those of the wanted types, without archived ones if asked. SlackError invalid_types, missing_scope."""
    types = call.args.names("types") or ["public_channel"]
    if any(kind not in _FAMILIES for kind in types):
        raise SlackError("invalid_types")
    families = {_FAMILIES[kind] for kind in types}
    for family in sorted(families):
        call.require_scope(f"{family}:read")
    archived = not call.args.flag("exclude_archived")
    return (
        channel for channel in channels if channel.scope_family in families and (archived or not channel.is_archived)
    )


def members(call: Call) -> Json:
    """The ids of a conversation's members."""
    channel = call.channel()
    found, metadata = page(call.args, channel.members)
    return {"members": found, "response_metadata": metadata}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_LISTING = "invalid_cursor invalid_limit invalid_types"
METHODS = {
    "conversations.info": Method(run=info, scopes=_READ, required=("channel",), json=False, errors="channel_not_found"),
    "conversations.list": Method(run=list_conversations, scopes=_READ, tier=Tier.T2, json=False, errors=_LISTING),
    "conversations.members": Method(
        run=members,
        scopes=_READ,
        required=("channel",),
        tier=Tier.T4,
        json=False,
        errors="channel_not_found invalid_cursor invalid_limit",
    ),
    "users.conversations": Method(run=of_user, scopes=_READ, json=False, errors=_LISTING, inferred="user_not_found"),
}
