"""What may be done to messages: post, edit, delete, react, pin. Changes the workspace and announces the event; knows
nothing of who asked or how.

Callers have checked the shape of what they pass; the errors raised here are about the state of things, in the words of
Slack's method pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.metadata_events import announce_metadata
from bot.sandbox.workspace.objects import message_json, permalink
from bot.sandbox.workspace.pictures import check_message
from bot.sandbox.workspace.state import Channel, Pin
from bot.sandbox.workspace.workspace import Workspace

EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
"""What the name of an emoji looks like, without its colons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says; None means: not given. `files` are ids of files to put into a new one."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes a message: a person, or the app by its bot user. `extra` holds what a customised author adds to it
    (username, icons).
    """

    user: str
    by_app: bool = False
    client_msg_id: str | None = None
    extra: Json = field(default_factory=dict)


def post(
    workspace: Workspace,
    channel: Channel,
    author: Author,
    content: Content,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
) -> Message:
    """Add a message to the conversation, or to a thread when `thread_ts` is its root, and announce it. A customised
    author makes it a bot_message. SlackError invalid_blocks for a picture of a file that is not there.
    """
    check_message(workspace, content.blocks)
    root = None if thread_ts is None else channel.log.find(thread_ts)
    message = Message(
        ts=channel.log.next_ts(workspace.clock.epoch()),
        user=author.user,
        by_app=author.by_app,
        client_msg_id=author.client_msg_id,
        text=content.text or "",
        blocks=content.blocks or None,
        attachments=content.attachments or None,
        metadata=content.metadata or None,
        files=list(content.files),
        thread_ts=thread_ts,
        broadcast=broadcast and thread_ts is not None,
        subtype=_subtype(author, content, is_broadcast=broadcast and thread_ts is not None),
        extra=author.extra | ({} if root is None else {"parent_user_id": root.user}),
    )
    return _add(workspace, channel, message)


def _subtype(author: Author, content: Content, *, is_broadcast: bool) -> str | None:
    """What sort of message it is, as events and history name it."""
    if content.files:
        return "file_share"
    if is_broadcast:
        return "thread_broadcast"
    return "bot_message" if author.extra else None


def post_ephemeral(
    workspace: Workspace,
    channel: Channel,
    content: Content,
    *,
    viewer: str,
    thread_ts: str | None = None,
    author: str | None = None,
    extra: Json | None = None,
) -> Message:
    """Show a message to one person only; it is in no history and causes no event. `author` is the bot user unless
    given; `extra` as of Author. SlackError invalid_blocks as of `post`.
    """
    check_message(workspace, content.blocks)
    message = Message(
        ts=channel.log.next_ts(workspace.clock.epoch()),
        user=author or workspace.app.bot_user,
        by_app=author is None,
        text=content.text or "",
        blocks=content.blocks or None,
        attachments=content.attachments or None,
        thread_ts=thread_ts,
        visible_to=viewer,
        extra=extra or {},
    )
    channel.log.append(message)
    workspace.changed()
    return message


def post_system(workspace: Workspace, channel: Channel, user: str, subtype: str, text: str, **extra: object) -> Message:
    """Add the message that Slack itself writes about a change of the channel."""
    ts = channel.log.next_ts(workspace.clock.epoch())
    return _add(workspace, channel, Message(ts=ts, user=user, subtype=subtype, text=text, extra=dict(extra)))


def _add(workspace: Workspace, channel: Channel, message: Message) -> Message:
    """Keep a message and announce it, and the mention of the app in it."""
    channel.log.append(message)
    shown = message_json(workspace, message)
    _announce_message(workspace, channel, shown | {"event_ts": message.ts})
    if f"<@{workspace.app.bot_user}>" in message.text and not message.by_app and message.subtype is None:
        workspace.announce(shown | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}, channel)
    announce_metadata(workspace, channel, message, before=None)
    workspace.changed()
    return message


def _announce_message(workspace: Workspace, channel: Channel, event: Json) -> None:
    """Announce an event of type message."""
    workspace.announce(event | {"channel": channel.id, "channel_type": channel.type_name}, channel)


def broadcast(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Show a reply of a thread in the channel as well. SlackError cant_broadcast_message."""
    if not message.is_reply:
        raise SlackError("cant_broadcast_message")
    if not message.broadcast:
        before = message_json(workspace, message)
        message.subtype = "thread_broadcast"
        channel.log.broadcast(message)
        announce_change(workspace, channel, message, before)


def edit(workspace: Workspace, channel: Channel, message: Message, content: Content, *, editor: str) -> None:
    """Change a message by the rules of chat.update: what is not given stays, text alone removes the blocks, an empty
    list clears. SlackError invalid_blocks as of `post`, no_text when nothing would be left.
    """
    check_message(workspace, content.blocks)
    before, metadata = message_json(workspace, message), message.metadata
    text, blocks, attachments = _edited(message, content)
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    message.text, message.blocks, message.attachments = text, blocks or None, attachments or None
    if content.metadata is not None:
        message.metadata = content.metadata or None
    if not message.blocks:
        message.edited = {"user": editor, "ts": f"{workspace.clock.epoch():.6f}"}
    announce_change(workspace, channel, message, before)
    announce_metadata(workspace, channel, message, before=metadata)


def _edited(message: Message, content: Content) -> tuple[str, list[Json] | None, list[Json] | None]:
    """Text, blocks and attachments as an edit leaves them."""
    text = message.text if content.text is None else content.text
    kept = message.blocks if content.text is None else None
    blocks = kept if content.blocks is None else content.blocks
    attachments = message.attachments if content.attachments is None else content.attachments
    return text, blocks, attachments


def announce_change(workspace: Workspace, channel: Channel, message: Message, before: Json) -> None:
    """Tell of a message that was changed and whose JSON was `before`; nobody but its viewer hears of an ephemeral one."""
    if message.visible_to is None:
        now = f"{workspace.clock.epoch():.6f}"
        changed = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": now, "event_ts": now}
        _announce_message(
            workspace, channel, changed | {"message": message_json(workspace, message), "previous_message": before}
        )
    workspace.changed()


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Remove a message; one with replies leaves the placeholder that keeps its thread together."""
    before, metadata = message_json(workspace, message), message.metadata
    message.metadata = None
    channel.pins.pop(message.ts, None)
    if message.replies:
        message.subtype, message.text = "tombstone", "This message was deleted."
        message.blocks = message.attachments = None
        message.reactions.clear()
        message.files.clear()
    else:
        channel.log.remove(message)
    if message.visible_to is None:
        now = f"{workspace.clock.epoch():.6f}"
        deleted = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "ts": now,
            "event_ts": now,
        }
        _announce_message(workspace, channel, deleted | {"previous_message": before})
    announce_metadata(workspace, channel, message, before=metadata)
    workspace.changed()


def react(workspace: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Add a reaction. SlackError invalid_name, not_reactable, already_reacted, too_many_emoji."""
    _check_emoji(name)
    if message.subtype == "tombstone":
        raise SlackError("not_reactable")
    if user in message.reactions.get(name, ()):
        raise SlackError("already_reacted")
    if sum(user in users for users in message.reactions.values()) >= most("message.emoji_of_one_user"):
        raise SlackError("too_many_emoji")
    message.reactions.setdefault(name, []).append(user)
    _announce_reaction(workspace, channel, message, user, name, "reaction_added")


def _check_emoji(name: str) -> None:
    """Refuse what cannot be the name of an emoji, such as one in colons. SlackError invalid_name."""
    if not EMOJI.fullmatch(name):
        raise SlackError("invalid_name")


def unreact(workspace: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Take a reaction back. SlackError invalid_name, no_reaction."""
    _check_emoji(name)
    if user not in message.reactions.get(name, ()):
        raise SlackError("no_reaction")
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
    _announce_reaction(workspace, channel, message, user, name, "reaction_removed")


def _announce_reaction(
    workspace: Workspace, channel: Channel, message: Message, user: str, name: str, kind: str
) -> None:
    """Announce reaction_added or reaction_removed."""
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    workspace.announce({"type": kind, "user": user, "reaction": name, "item_user": message.user, "item": item}, channel)
    workspace.changed()


def pin(workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Pin a message to its channel. SlackError not_pinnable, already_pinned, too_many_pins."""
    if message.subtype == "tombstone":
        raise SlackError("not_pinnable")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= most("channel.pins"):
        raise SlackError("too_many_pins")
    channel.pins[message.ts] = Pin(created=workspace.now(), created_by=user)
    _announce_pin(workspace, channel, message, user, "pin_added")


def unpin(workspace: Workspace, channel: Channel, message: Message, user: str) -> None:
    """Unpin a message. SlackError no_pin."""
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    _announce_pin(workspace, channel, message, user, "pin_removed")
    del channel.pins[message.ts]


def _announce_pin(workspace: Workspace, channel: Channel, message: Message, user: str, kind: str) -> None:
    """Announce pin_added or pin_removed."""
    event = {"type": kind, "user": user, "channel_id": channel.id, "item": pin_json(workspace, channel, message)}
    workspace.announce(event | {"item_user": message.user, "pin_count": len(channel.pins)}, channel)
    workspace.changed()


def pin_json(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """One item of pins.list."""
    shown = message_json(workspace, message) | {
        "pinned_to": [channel.id],
        "permalink": permalink(workspace, channel, message),
    }
    pinned = channel.pins[message.ts]
    return {
        "type": "message",
        "channel": channel.id,
        "created": pinned.created,
        "created_by": pinned.created_by,
        "message": shown,
    }
