"""The pins.* and reactions.* methods: marks that people and the app put on messages."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json, permalink
from bot.sandbox.workspace.posting import pin, pin_json, react, unpin, unreact
from bot.sandbox.workspace.state import Channel


def _marked(call: Call, channel: Channel) -> Message:
    """The message that `timestamp` names. SlackError no_item_specified, bad_timestamp, message_not_found."""
    if "timestamp" not in call.args:
        raise SlackError("no_item_specified")
    return call.message(channel, "timestamp", malformed="bad_timestamp")


def add_pin(call: Call) -> Json:
    """Pin a message."""
    channel = call.joined(archived=None)
    pin(call.workspace, channel, _marked(call, channel), call.bot.id)
    return {}


def remove_pin(call: Call) -> Json:
    """Unpin a message."""
    channel = call.joined(archived=None)
    unpin(call.workspace, channel, _marked(call, channel), call.bot.id)
    return {}


def list_pins(call: Call) -> Json:
    """The pinned messages, latest pin first."""
    channel = call.channel()
    return {"items": [pin_json(call.workspace, channel, channel.log.messages[ts]) for ts in reversed(channel.pins)]}


def add_reaction(call: Call) -> Json:
    """React to a message."""
    channel = call.channel()
    message = _marked(call, channel)
    if channel.is_archived:
        raise SlackError("is_archived")
    _check_access(call, channel)
    react(call.workspace, channel, message, call.bot.id, call.args.text("name"))
    return {}


def remove_reaction(call: Call) -> Json:
    """Take the bot's own reaction back."""
    channel = _with_item(call)
    message = _marked(call, channel)
    _check_access(call, channel)
    unreact(call.workspace, channel, message, call.bot.id, call.args.text("name"))
    return {}


def _with_item(call: Call) -> Channel:
    """The channel of what is reacted to. SlackError no_item_specified when none is named."""
    if "channel" not in call.args:
        raise SlackError("no_item_specified")
    return call.channel()


def _check_access(call: Call, channel: Channel) -> None:
    """Refuse reactions where the bot is no member (inferred). SlackError no_access."""
    if call.bot.id not in channel.members:
        raise SlackError("no_access")


def get_reactions(call: Call) -> Json:
    """A message with its reactions."""
    channel = _with_item(call)
    message = _marked(call, channel)
    shown = message_json(call.workspace, message) | {"permalink": permalink(call.workspace, channel, message)}
    return {"type": "message", "channel": channel.id, "message": shown}


_MESSAGE = "bad_timestamp channel_not_found message_not_found no_item_specified"
METHODS = {
    "pins.add": Method(
        run=add_pin,
        scopes=("pins:write",),
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_MESSAGE} already_pinned not_in_channel not_pinnable too_many_pins",
    ),
    "pins.remove": Method(
        run=remove_pin,
        scopes=("pins:write",),
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_MESSAGE} no_pin",
        inferred="not_in_channel",
    ),
    "pins.list": Method(
        run=list_pins,
        scopes=("pins:read",),
        required=("channel",),
        tier=Tier.T2,
        json=False,
        errors="channel_not_found",
    ),
    "reactions.add": Method(
        run=add_reaction,
        scopes=("reactions:write",),
        required=("channel", "name", "timestamp"),
        errors=f"{_MESSAGE} already_reacted invalid_name is_archived no_access not_reactable too_many_emoji",
    ),
    "reactions.remove": Method(
        run=remove_reaction,
        scopes=("reactions:write",),
        required=("name",),
        tier=Tier.T2,
        errors=f"{_MESSAGE} invalid_name no_access no_reaction",
    ),
    "reactions.get": Method(run=get_reactions, scopes=("reactions:read",), json=False, errors=_MESSAGE),
}
