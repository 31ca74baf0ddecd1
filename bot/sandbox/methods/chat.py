"""The chat.* methods: posting, editing and deleting the app's own messages."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.arguments import Args, check_conflict, content, has_content
from bot.sandbox.errors import SlackError, with_warnings
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import CUT_TEXT, most
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.channels import open_direct
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.mrkdwn import with_names
from bot.sandbox.workspace.objects import message_json, permalink
from bot.sandbox.workspace.posting import Author, Content, broadcast, delete, edit, post, post_ephemeral
from bot.sandbox.workspace.state import Channel

WITHOUT_TEXT = "This content can't be displayed."
_EDITABLE = ("text", "markdown_text", "blocks", "attachments", "metadata", "file_ids", "reply_broadcast")


def post_message(call: Call) -> Json:
    """Post to a channel, a thread, or a person's direct messages. Text that is too long is cut, with a warning (that
    there is one is from memory).
    """
    _check_request(call)
    channel = _destination(call)
    root = _thread(call, channel)
    said = _said(call, call.args)
    author = Author(user=call.bot.id, by_app=True, extra=_customised(call))
    thread_ts = None if root is None else root.ts
    loud = call.args.flag("reply_broadcast")
    message = post(call.workspace, channel, author, _posted(said), thread_ts=thread_ts, broadcast=loud)
    shown = message_json(call.workspace, message, metadata=True)
    cut = ["message_truncated"] if len(said.text or "") > CUT_TEXT else []
    return with_warnings({"channel": channel.id, "ts": message.ts, "message": shown}, *cut)


def _check_request(call: Call) -> None:
    """Refuse to say nothing, or two things at once, or as somebody else. SlackError no_text, markdown_text_conflict,
    as_user_not_supported (inferred for bot tokens).
    """
    if not has_content(call.args):
        raise SlackError("no_text")
    check_conflict(call.args)
    if call.args.flag("as_user"):
        raise SlackError("as_user_not_supported")


def _destination(call: Call) -> Channel:
    """The conversation to post to, by id, by public name or by a person's id. SlackError channel_not_found,
    is_archived, not_in_channel, messages_tab_disabled.
    """
    channel = _found(call, call.args.text("channel"))
    if channel is None or not channel.visible_to(call.bot.id):
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    call.check_messages_tab(channel)
    if call.bot.id not in channel.members and not call.may("chat:write.public"):
        raise SlackError("not_in_channel")
    return channel


def _found(call: Call, wanted: str) -> Channel | None:
    """The conversation with this id or public name, or the direct messages of the person with this id."""
    workspace = call.workspace
    if channel := workspace.channels.get(wanted):
        return channel
    if (named := workspace.channel_named(wanted)) and not named.is_private:
        return named
    person = workspace.users.get(wanted)
    if person is None or person.is_bot or person.deleted:
        return None
    return open_direct(workspace, frozenset({wanted, call.bot.id}), call.bot.id)


def _thread(call: Call, channel: Channel) -> Message | None:
    """The root of the thread to answer in. SlackError cannot_reply_to_message for a reply or an unknown message."""
    if "thread_ts" not in call.args:
        return None
    root = channel.log.find(call.args.text("thread_ts"))
    if root is None or root.is_reply:
        raise SlackError("cannot_reply_to_message")
    return root


def _said(call: Call, args: Args) -> Content:
    """What the arguments say, checked, its names linked when asked: groups and channels by link_names, people too by
    parse=full.
    """
    said = content(args)
    everything = args.text("parse") == "full"
    if said.text is None or "markdown_text" in args or not (everything or args.flag("link_names")):
        return said
    return replace(said, text=with_names(call.workspace, said.text, people=everything))


def _posted(said: Content) -> Content:
    """What becomes of a new message: long text is cut, blocks without text get Slack's own fallback."""
    return replace(said, text=said.text[:CUT_TEXT] if said.text else WITHOUT_TEXT if said.blocks else "")


def _customised(call: Call) -> Json:
    """The author's name and icon of this one message. Without chat:write.customize Slack passes over them in silence
    (observed: papercups-io/papercups#522, linyows/dewy#362); an emoji goes before an address (from memory).
    """
    if not call.may("chat:write.customize"):
        return {}
    name, emoji, address = (call.args.text(argument) for argument in ("username", "icon_emoji", "icon_url"))
    icons = {"emoji": emoji} if emoji else {f"image_{size}": address for size in (36, 48, 72)} if address else None
    return ({"username": name} if name else {}) | ({"icons": icons} if icons else {})


def update(call: Call) -> Json:
    """Edit one of the app's own messages. SlackError streaming_state_conflict while it is streamed."""
    if not any(name in call.args.values for name in _EDITABLE):
        raise SlackError("no_text")
    check_conflict(call.args)
    if call.args.flag("as_user"):
        raise SlackError("as_user_not_supported")
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = _own_message(call, channel, "cant_update_message")
    if message.stream is not None:
        raise SlackError("streaming_state_conflict")
    if call.args.flag("reply_broadcast") and not message.broadcast:
        _broadcast(call, channel, message)
    else:
        if len(call.args.text("text")) > most("update.text"):
            raise SlackError("msg_too_long")
        edit(call.workspace, channel, message, _said(call, call.args), editor=call.bot.id)
    shown = message_json(call.workspace, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _broadcast(call: Call, channel: Channel, message: Message) -> None:
    """Show a reply in the channel as well. SlackError no_dual_broadcast_content_update, cant_broadcast_message."""
    if has_content(call.args):
        raise SlackError("no_dual_broadcast_content_update")
    broadcast(call.workspace, channel, message)


def _own_message(call: Call, channel: Channel, foreign: str) -> Message:
    """The app's message that `ts` names. SlackError message_not_found, or `foreign` when somebody else wrote it."""
    message = call.message(channel, "ts")
    if not message.by_app or message.subtype == "tombstone":
        raise SlackError(foreign)
    return message


def delete_message(call: Call) -> Json:
    """Delete one of the app's own messages, unless it was posted under another name."""
    channel = call.channel()
    message = _own_message(call, channel, "cant_delete_message")
    if "username" in message.extra:
        raise SlackError("cant_delete_message")
    delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel; in a thread only when somebody has answered there already."""
    _check_request(call)
    channel = _destination(call)
    user = call.args.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    root = _thread(call, channel)
    said = _said(call, call.args.without("metadata"))
    if len(said.text or "") > most("ephemeral.text"):
        raise SlackError("msg_too_long")
    if root is not None and not root.replies:
        return {"message_ts": channel.log.next_ts(call.workspace.clock.epoch())}
    thread_ts = None if root is None else root.ts
    extra = _customised(call)
    message = post_ephemeral(call.workspace, channel, _posted(said), viewer=user, thread_ts=thread_ts, extra=extra)
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": permalink(call.workspace, channel, message)}


_WRITE = ("chat:write",)
_CONTENT = "invalid_blocks invalid_blocks_format markdown_text_conflict no_text too_many_attachments"
_METADATA = "invalid_metadata_format invalid_metadata_schema metadata_too_large"
_PLACE = "channel_not_found is_archived not_in_channel messages_tab_disabled cannot_reply_to_message"
METHODS = {
    "chat.postMessage": Method(
        run=post_message,
        scopes=_WRITE,
        required=("channel",),
        tier=Tier.SPECIAL,
        errors=f"{_PLACE} {_CONTENT} {_METADATA} as_user_not_supported msg_blocks_too_long",
        inferred="invalid_attachments msg_too_long",
    ),
    "chat.update": Method(
        run=update,
        scopes=_WRITE,
        required=("channel", "ts"),
        errors=f"{_CONTENT} {_METADATA} as_user_not_supported cant_broadcast_message cant_update_message"
        " channel_not_found invalid_attachments is_inactive message_not_found msg_too_long"
        " no_dual_broadcast_content_update streaming_state_conflict",
        inferred="msg_blocks_too_long",
    ),
    "chat.delete": Method(
        run=delete_message,
        scopes=_WRITE,
        required=("channel", "ts"),
        errors="cant_delete_message channel_not_found message_not_found",
    ),
    "chat.postEphemeral": Method(
        run=ephemeral,
        scopes=_WRITE,
        required=("channel", "user"),
        tier=Tier.T4,
        errors=f"{_PLACE} {_CONTENT} invalid_attachments msg_too_long user_not_in_channel",
        inferred="as_user_not_supported msg_blocks_too_long",
    ),
    "chat.getPermalink": Method(
        run=get_permalink,
        required=("channel", "message_ts"),
        tier=Tier.SPECIAL,
        json=False,
        errors="channel_not_found message_not_found",
    ),
}
