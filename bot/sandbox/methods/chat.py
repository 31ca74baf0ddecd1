"""The chat.* methods: posting, editing and deleting the app's own messages."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.arguments import content, has_content
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.channels import open_direct
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json, permalink
from bot.sandbox.workspace.posting import Author, Content, delete, edit, post, post_ephemeral
from bot.sandbox.workspace.state import Channel

MAX_TEXT = 40_000
MAX_UPDATE_TEXT = 4_000
WITHOUT_TEXT = "This content can't be displayed."


def post_message(call: Call) -> Json:
    """Post to a channel, a thread, or a person's direct messages."""
    _require_content(call)
    channel = _destination(call)
    thread_ts = _thread(call, channel)
    said = _posted(content(call.args))
    author = Author(user=call.bot.id, by_app=True)
    broadcast = call.args.flag("reply_broadcast")
    message = post(call.workspace, channel, author, said, thread_ts=thread_ts, broadcast=broadcast)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.workspace, message, metadata=True)}


def _require_content(call: Call) -> None:
    """Refuse to say nothing. SlackError no_text."""
    if not has_content(call.args):
        raise SlackError("no_text")


def _destination(call: Call) -> Channel:
    """The conversation to post to, by id, by public name or by a person's id. SlackError channel_not_found,
    is_archived, not_in_channel.
    """
    wanted = call.args.text("channel")
    workspace = call.workspace
    channel = workspace.channels.get(wanted) or workspace.channel_named(wanted)
    if channel is None and wanted in workspace.users and not workspace.users[wanted].is_bot:
        channel = open_direct(workspace, frozenset({wanted, call.bot.id}), call.bot.id)
    if channel is None or not channel.visible_to(call.bot.id):
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    scopes = call.platform.app.scopes
    if call.bot.id not in channel.members and scopes is not None and "chat:write.public" not in scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """The root of the thread to answer in. SlackError cannot_reply_to_message for a reply or an unknown message."""
    if "thread_ts" not in call.args:
        return None
    root = channel.log.find(call.args.text("thread_ts"))
    if root is None or root.is_reply:
        raise SlackError("cannot_reply_to_message")
    return root.ts


def _posted(said: Content) -> Content:
    """What becomes of a new message: long text is cut, blocks without text get Slack's own fallback."""
    return replace(said, text=said.text[:MAX_TEXT] if said.text else WITHOUT_TEXT if said.blocks else "")


def update(call: Call) -> Json:
    """Edit one of the app's own messages."""
    if len(call.args.text("text")) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = _own_message(call, channel, "cant_update_message")
    if message.stream is not None:
        raise SlackError("streaming_state_conflict")
    edit(call.workspace, channel, message, content(call.args), editor=call.bot.id)
    shown = message_json(call.workspace, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _own_message(call: Call, channel: Channel, foreign: str) -> Message:
    """The app's message that `ts` names. SlackError message_not_found, or `foreign` when somebody else wrote it."""
    message = call.message(channel, "ts")
    if not message.by_app or message.subtype == "tombstone":
        raise SlackError(foreign)
    return message


def delete_message(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel."""
    _require_content(call)
    channel = _destination(call)
    user = call.args.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    said = _posted(content(call.args))
    message = post_ephemeral(call.workspace, channel, said, viewer=user, thread_ts=_thread(call, channel))
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": permalink(call.workspace, channel, message)}


_WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(run=post_message, scopes=_WRITE, required=("channel",), tier=Tier.SPECIAL),
    "chat.update": Method(run=update, scopes=_WRITE, required=("channel", "ts")),
    "chat.delete": Method(run=delete_message, scopes=_WRITE, required=("channel", "ts")),
    "chat.postEphemeral": Method(run=ephemeral, scopes=_WRITE, required=("channel", "user"), tier=Tier.T4),
    "chat.getPermalink": Method(run=get_permalink, required=("channel", "message_ts"), tier=Tier.SPECIAL, json=False),
}
