"""The conversations.* methods that change something. Reading is in history.py and listings.py."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace import channels
from bot.sandbox.workspace.objects import channel_json
from bot.sandbox.workspace.state import Channel

MAX_INVITED = 100
MAX_OPENED = 8


def create(call: Call) -> Json:
    """Make a channel with the bot as its only member."""
    private = call.args.flag("is_private")
    call.require_scope(*(("groups:write",) if private else ("channels:manage", "channels:write")))
    return call.shown(channels.create(call.workspace, call.args.text("name"), call.bot.id, is_private=private))


def join(call: Call) -> Json:
    """Enter a public channel; being in it already is a warning."""
    channel = call.channel()
    if channel.kind != "channel" or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.bot.id in channel.members:
        warning = "already_in_channel"
        return call.shown(channel) | {"warning": warning, "response_metadata": {"warnings": [warning]}}
    channels.join(call.workspace, channel, call.bot.id)
    return call.shown(channel)


def invite(call: Call) -> Json:
    """Bring people in: all of them or, with `force`, those that can be."""
    users = call.args.names("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > MAX_INVITED:
        raise SlackError("invalid_arguments")
    channel = call.joined()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    faults = [
        {"user": user, "ok": False, "error": fault} for user in users if (fault := _cannot_invite(call, channel, user))
    ]
    welcome = [user for user in dict.fromkeys(users) if not _cannot_invite(call, channel, user)]
    if faults and (not call.args.flag("force") or not welcome):
        raise SlackError(str(faults[0]["error"]), errors=faults)
    for user in welcome:
        channels.join(call.workspace, channel, user, inviter=call.bot.id)
    return call.shown(channel) | ({"errors": faults} if faults else {})


def _cannot_invite(call: Call, channel: Channel, user: str) -> str | None:
    """The error code for inviting this user, None when it is fine."""
    if user not in call.workspace.users:
        return "user_not_found"
    if user == call.bot.id:
        return "cant_invite_self"
    return "already_in_channel" if user in channel.members else None


def kick(call: Call) -> Json:
    """Remove somebody else from the channel."""
    user = call.user()
    channel = call.joined()
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user.id == call.bot.id:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    channels.leave(call.workspace, channel, user.id)
    return {}


def leave(call: Call) -> Json:
    """Leave the channel."""
    channel = call.named_channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if call.bot.id not in channel.members:
        return {"not_in_channel": True}
    if channel.is_private and len(channel.members) == 1:
        raise SlackError("last_member")
    channels.leave(call.workspace, channel, call.bot.id)
    return {}


def set_topic(call: Call) -> Json:
    """Change the topic."""
    channel = call.joined()
    channels.set_topic(call.workspace, channel, call.bot.id, call.args.text("topic"))
    return call.shown(channel)


def set_purpose(call: Call) -> Json:
    """Change the purpose."""
    channel = call.joined()
    channels.set_purpose(call.workspace, channel, call.bot.id, call.args.text("purpose"))
    return call.shown(channel)


def archive(call: Call) -> Json:
    """Archive the channel, which ends the bot's membership."""
    channel = call.named_channel()
    if channel.is_archived:
        raise SlackError("already_archived")
    channels.archive(call.workspace, call.joined(), call.bot.id)
    return {}


def unarchive(call: Call) -> Json:
    """Bring a channel back: refused, since archiving ended the bot's membership (observed behaviour of Slack)."""
    channel = call.named_channel()
    if not channel.is_archived:
        raise SlackError("not_archived")
    channels.unarchive(call.workspace, call.joined(archived=None), call.bot.id)
    return {}


def rename(call: Call) -> Json:
    """Give the channel another name; only its creator may."""
    channel = call.joined()
    if channel.creator != call.bot.id:
        raise SlackError("not_authorized")
    channels.rename(call.workspace, channel, call.bot.id, call.args.text("name"))
    return call.shown(channel)


def open_conversation(call: Call) -> Json:
    """Open a direct message with one person or several."""
    if "channel" in call.args:
        return _opened(call, call.channel(), already=True)
    users = call.args.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MAX_OPENED:
        raise SlackError("too_many_users")
    if any(user not in call.workspace.users for user in users):
        raise SlackError("user_not_found")
    people = frozenset([*users, call.bot.id])
    if len(people) < 2:
        raise SlackError("not_enough_users")
    call.require_scope("im:write" if len(people) == 2 else "mpim:write")
    if found := call.workspace.direct(people):
        return _opened(call, found, already=True)
    if call.args.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    return _opened(call, channels.open_direct(call.workspace, people, call.bot.id), already=False)


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    """The answer of conversations.open: the id, or the whole object when return_im asks for it."""
    full = call.args.flag("return_im")
    shown = channel_json(call.workspace, channel, viewer=call.bot.id) if full else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if already else {})


def _write(*extra: str) -> tuple[str, ...]:
    """The scopes that allow a change of a conversation of each kind."""
    return ("channels:manage", "channels:write", "groups:write", "im:write", "mpim:write", *extra)


_TOPIC = _write("channels:write.topic", "groups:write.topic", "im:write.topic", "mpim:write.topic")
_INVITE = (
    "channels:manage",
    "channels:write.invites",
    "groups:write",
    "groups:write.invites",
    "im:write",
    "mpim:write",
)
METHODS = {
    "conversations.create": Method(run=create, scopes=_write(), tier=Tier.T2),
    "conversations.join": Method(run=join, scopes=("channels:join",), required=("channel",)),
    "conversations.invite": Method(run=invite, scopes=_INVITE, required=("channel",)),
    "conversations.kick": Method(run=kick, scopes=("channels:manage", "groups:write"), required=("channel",)),
    "conversations.leave": Method(run=leave, scopes=_write(), required=("channel",)),
    "conversations.setTopic": Method(run=set_topic, scopes=_TOPIC, required=("channel",), tier=Tier.T2),
    "conversations.setPurpose": Method(run=set_purpose, scopes=_TOPIC, required=("channel",), tier=Tier.T2),
    "conversations.archive": Method(run=archive, scopes=_write(), required=("channel",), tier=Tier.T2),
    "conversations.unarchive": Method(run=unarchive, scopes=_write(), required=("channel",), tier=Tier.T2),
    "conversations.rename": Method(run=rename, scopes=_write(), required=("channel",), tier=Tier.T2),
    "conversations.open": Method(run=open_conversation, scopes=_write()),
}
