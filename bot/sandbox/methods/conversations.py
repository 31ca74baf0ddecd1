"""The conversations.* methods that change something. Reading is in history.py and listings.py."""

from __future__ import annotations

from bot.sandbox.errors import SlackError, invalid_arguments, with_warnings
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.methods.call import CHANNELS, NAMED, Call, Method, Tier
from bot.sandbox.workspace import channels
from bot.sandbox.workspace.mrkdwn import escaped_once
from bot.sandbox.workspace.objects import channel_json
from bot.sandbox.workspace.state import Channel

_DIRECT = frozenset({"im", "mpim"})


def create(call: Call) -> Json:
    """Make a channel with the bot as its only member."""
    private = call.args.flag("is_private")
    call.require_scope(*(("groups:write",) if private else ("channels:manage", "channels:write")))
    return call.shown(channels.create(call.workspace, call.args.text("name"), call.bot.id, is_private=private))


def join(call: Call) -> Json:
    """Enter a public channel; being in it already is a warning."""
    channel = call.channel(kinds=frozenset({"channel"}))
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.bot.id in channel.members:
        return with_warnings(call.shown(channel), "already_in_channel")
    channels.join(call.workspace, channel, call.bot.id)
    return call.shown(channel)


def invite(call: Call) -> Json:
    """Bring people in: all of them or, with `force`, those that can be. How more than a hundred are refused is
    inferred.
    """
    users = call.args.names("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > (bound := most("channel.invited")):
        raise invalid_arguments(f"no more than {bound} items allowed [json-pointer:/users]")
    channel = call.joined(kinds=CHANNELS)
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
    """The error code for inviting this user, None when it is fine. cant_invite for those who left is inferred."""
    known = call.workspace.users.get(user)
    if known is None:
        return "user_not_found"
    if user == call.bot.id:
        return "cant_invite_self"
    if user in channel.members:
        return "already_in_channel"
    return "cant_invite" if known.deleted else None


def kick(call: Call) -> Json:
    """Remove somebody else from the channel. not_in_channel is also said of who is to go (inferred)."""
    channel = call.channel(kinds=NAMED)
    user = call.user()
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    call.check_membership(channel)
    if user.id == call.bot.id:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    channels.leave(call.workspace, channel, user.id)
    return {}


def leave(call: Call) -> Json:
    """Leave the channel. How a channel is answered that the bot is not in is from memory."""
    channel = call.channel(kinds=NAMED)
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
    """Change the topic. Slack keeps it escaped."""
    channel = call.joined(kinds=NAMED)
    channels.set_topic(call.workspace, channel, call.bot.id, escaped_once(_note(call, "topic")))
    return call.shown(channel)


def set_purpose(call: Call) -> Json:
    """Change the purpose, which is kept as a topic is (inferred)."""
    channel = call.joined(kinds=NAMED)
    channels.set_purpose(call.workspace, channel, call.bot.id, escaped_once(_note(call, "purpose")))
    return call.shown(channel)


def _note(call: Call, name: str) -> str:
    """A topic or purpose that is short enough as the app wrote it. SlackError too_long."""
    value = call.args.text(name)
    channels.check_note(value)
    return value


def archive(call: Call) -> Json:
    """Archive the channel, which ends the bot's membership."""
    channel = call.channel(kinds=NAMED)
    channels.check_archivable(channel)
    call.check_membership(channel)
    channels.archive(call.workspace, channel, call.bot.id)
    return {}


def unarchive(call: Call) -> Json:
    """Bring a channel back: refused, since archiving ended the bot's membership (observed: slack-go/slack#1066,
    stakater/slack-operator#54).
    """
    channel = call.channel(kinds=NAMED)
    if not channel.is_archived:
        raise SlackError("not_archived")
    call.check_membership(channel)
    channels.unarchive(call.workspace, channel, call.bot.id)
    return {}


def rename(call: Call) -> Json:
    """Give the channel another name; only its creator may."""
    name = call.args.text("name")
    channels.check_spelling(name)
    channel = call.joined(kinds=CHANNELS)
    if channel.creator != call.bot.id:
        raise SlackError("not_authorized")
    channels.rename(call.workspace, channel, call.bot.id, name)
    return call.shown(channel)


def open_conversation(call: Call) -> Json:
    """Open a direct message with one person or several."""
    if "channel" in call.args:
        return _opened(call, call.channel(kinds=_DIRECT), already=True)
    people = frozenset([*_to_meet(call), call.bot.id])
    call.require_scope("im:write" if len(people) == 2 else "mpim:write")
    if found := call.workspace.direct(people):
        return _opened(call, found, already=True)
    if call.args.flag("prevent_creation"):
        raise SlackError("channel_not_found")  # the code is inferred
    return _opened(call, channels.open_direct(call.workspace, people, call.bot.id), already=False)


def _to_meet(call: Call) -> set[str]:
    """Whom to open a conversation with. SlackError users_list_not_supplied, too_many_users, not_enough_users,
    user_not_found, user_disabled.
    """
    users = set(call.args.names("users"))
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > most("direct.users"):
        raise SlackError("too_many_users")
    if users == {call.bot.id}:
        raise SlackError("not_enough_users")
    known = call.workspace.users
    if not users <= known.keys():
        raise SlackError("user_not_found")
    if any(known[user].deleted for user in users):
        raise SlackError("user_disabled")
    return users


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    """The answer of conversations.open: the id, or the whole object when return_im asks for it."""
    full = call.args.flag("return_im")
    shown = channel_json(call.workspace, channel, viewer=call.bot.id) if full else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if already else {})


_WRITE = ("channels:manage", "channels:write", "groups:write", "im:write", "mpim:write")
_TOPIC = (
    "channels:manage",
    "channels:write.topic",
    "groups:write",
    "groups:write.topic",
    "im:write",
    "im:write.topic",
    "mpim:write",
    "mpim:write.topic",
)
_INVITE = (
    "channels:manage",
    "channels:write.invites",
    "groups:write",
    "groups:write.invites",
    "im:write",
    "mpim:write",
)
_NAMES = "invalid_name_maxlength invalid_name_punctuation invalid_name_required invalid_name_specials name_taken"
_KIND = "channel_not_found method_not_supported_for_channel_type"
_NOTE = f"{_KIND} is_archived not_in_channel too_long"
METHODS = {
    "conversations.create": Method(run=create, scopes=_WRITE, tier=Tier.T2, errors=_NAMES),
    "conversations.join": Method(
        run=join, scopes=("channels:join",), required=("channel",), errors=f"{_KIND} is_archived"
    ),
    "conversations.invite": Method(
        run=invite,
        scopes=_INVITE,
        required=("channel",),
        errors=f"{_KIND} already_in_channel cant_invite cant_invite_self is_archived no_user not_in_channel"
        " user_not_found",
    ),
    "conversations.kick": Method(
        run=kick,
        scopes=("channels:manage", "groups:write"),
        required=("channel",),
        errors=f"{_KIND} cant_kick_from_general cant_kick_self not_in_channel user_not_found",
    ),
    "conversations.leave": Method(
        run=leave,
        scopes=_WRITE,
        required=("channel",),
        errors=f"{_KIND} cant_leave_general is_archived last_member",
    ),
    "conversations.setTopic": Method(
        run=set_topic, scopes=_TOPIC, required=("channel", "topic"), tier=Tier.T2, errors=_NOTE
    ),
    "conversations.setPurpose": Method(
        run=set_purpose, scopes=_TOPIC, required=("channel", "purpose"), tier=Tier.T2, errors=_NOTE
    ),
    "conversations.archive": Method(
        run=archive,
        scopes=_WRITE,
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_KIND} already_archived cant_archive_general not_in_channel",
    ),
    "conversations.unarchive": Method(
        run=unarchive,
        scopes=_WRITE,
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_KIND} not_archived",
        inferred="not_in_channel",
    ),
    "conversations.rename": Method(
        run=rename,
        scopes=_WRITE,
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_KIND} {_NAMES} is_archived not_authorized not_in_channel",
    ),
    "conversations.open": Method(
        run=open_conversation,
        scopes=("channels:manage", "groups:write", "im:write", "mpim:write"),
        errors=f"{_KIND} not_enough_users too_many_users user_disabled user_not_found users_list_not_supplied",
    ),
}
