"""chat.startStream, chat.appendStream and chat.stopStream: a reply that grows before the reader's eyes."""

from __future__ import annotations

from typing import Any

from bot.sandbox.arguments import Args, content
from bot.sandbox.blocks.validation import message_blocks
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json
from bot.sandbox.workspace.pictures import check_message
from bot.sandbox.workspace.posting import Author, Content, announce_change, post
from bot.sandbox.workspace.state import Channel
from bot.sandbox.workspace.streaming import blocks_of, joined, text_of

DISPLAY_MODES = ("timeline", "plan")
STATUSES = ("pending", "in_progress", "complete", "error")
_FIELDS: dict[str, dict[str, type]] = {
    "markdown_text": {"text": str},
    "task_update": {"id": str, "title": str, "status": str},
    "plan_update": {"title": str},
    "blocks": {"blocks": list},
}
"""What each kind of chunk must have."""


def start(call: Call) -> Json:
    """Begin a message that grows, in a thread."""
    display = call.args.text("task_display_mode", "timeline")
    if display not in DISPLAY_MODES:
        raise invalid_arguments("must be a valid enum value [json-pointer:/task_display_mode]")
    channel = _place(call)
    _check_recipient(call, channel)
    root = _root(call, channel)
    pieces, mode = _pieces(call.args)
    stream: Json = {"display": display, "mode": mode, "pieces": joined([], pieces)}
    said = Content(text=text_of(stream["pieces"]), blocks=_blocks(call, stream, []))
    message = post(call.workspace, channel, Author(user=call.bot.id, by_app=True), said, thread_ts=root)
    message.stream = stream
    return {"channel": channel.id, "ts": message.ts}


def _place(call: Call) -> Channel:
    """Where the message is. SlackError as of `Call.joined`, messages_tab_disabled."""
    channel = call.joined()
    call.check_messages_tab(channel)
    return channel


def _check_recipient(call: Call, channel: Channel) -> None:
    """Refuse to stream into a channel without saying for whom. SlackError missing_recipient_team_id,
    missing_recipient_user_id, team_not_found, user_not_found.
    """
    for name in ("recipient_team_id", "recipient_user_id"):
        if channel.kind != "im" and name not in call.args:
            raise SlackError(f"missing_{name}")
    if call.args.text("recipient_team_id", call.workspace.team.id) != call.workspace.team.id:
        raise SlackError("team_not_found")
    if "recipient_user_id" in call.args:
        call.user("recipient_user_id")


def _root(call: Call, channel: Channel) -> str:
    """The root of the thread. SlackError invalid_thread_ts when there is none: only channels that are one session
    stream outside threads, and there are none here.
    """
    root = channel.log.find(call.args.text("thread_ts"))
    if root is None or root.is_reply:
        raise SlackError("invalid_thread_ts")
    return root.ts


def append(call: Call) -> Json:
    """Let the message grow."""
    channel = _place(call)
    message, stream = _streaming(call, channel)
    pieces, mode = _pieces(call.args)
    if not pieces:
        raise SlackError("no_text")
    _grow(call, message, _extended(call, stream, pieces, mode))
    call.workspace.changed()
    return {"channel": channel.id, "ts": message.ts}


def stop(call: Call) -> Json:
    """End the stream, perhaps with more text, and with blocks below it."""
    channel = _place(call)
    message, stream = _streaming(call, channel)
    pieces, mode = _pieces(call.args)
    last = content(Args({name: call.args.values.get(name) for name in ("blocks", "metadata")}))
    stream = _extended(call, stream, pieces, mode) if pieces else stream
    blocks = _blocks(call, stream, last.blocks or [])
    before = message_json(call.workspace, message)
    _grow(call, message, stream)
    message.blocks, message.metadata, message.stream = blocks or None, last.metadata or None, None
    announce_change(call.workspace, channel, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(call.workspace, message, metadata=True),
    }


def _streaming(call: Call, channel: Channel) -> tuple[Message, Json]:
    """The app's open message that `ts` names, and its stream. SlackError message_not_found, message_not_owned_by_app,
    message_not_in_streaming_state.
    """
    message = call.message(channel, "ts")
    if not message.by_app:
        raise SlackError("message_not_owned_by_app")
    if message.stream is None:
        raise SlackError("message_not_in_streaming_state")
    return message, message.stream


def _extended(call: Call, stream: Json, pieces: list[Json], mode: str) -> Json:
    """The stream with more pieces. SlackError streaming_mode_mismatch when text follows chunks or the other way round
    [seen at Slack by several, in no list of errors], msg_blocks_too_many.
    """
    if mode != (stream["mode"] or mode):
        raise SlackError("streaming_mode_mismatch")
    longer = stream | {"mode": mode, "pieces": joined(stream["pieces"], pieces)}
    _blocks(call, longer, [])
    return longer


def _grow(call: Call, message: Message, stream: Json) -> None:
    """Show what was streamed so far."""
    message.stream = stream
    message.text = text_of(stream["pieces"])
    message.blocks = _blocks(call, stream, []) or None


def _blocks(call: Call, stream: Json, below: list[Json]) -> list[Json]:
    """The blocks of the message. SlackError msg_blocks_too_many, invalid_blocks for a picture that is not there."""
    blocks = blocks_of(stream["pieces"], plan=stream["display"] == "plan") + below
    if len(blocks) > most("message.blocks"):
        raise SlackError("msg_blocks_too_many")
    check_message(call.workspace, blocks)
    return blocks


def _pieces(args: Args) -> tuple[list[Json], str]:
    """What is to be added, and whether it came as "text" or "chunks" ("" for nothing). SlackError invalid_arguments for
    both at once [inferred], msg_too_long [seen by others], invalid_chunks.
    """
    text = args.text("markdown_text")
    chunks = args.nested("chunks", error=SlackError("invalid_chunks")) or []
    if text and chunks:
        raise invalid_arguments("must define either `markdown_text` or `chunks`")
    if len(text) > most("markdown_text"):
        raise SlackError("msg_too_long")
    if text:
        return [{"type": "markdown_text", "text": text}], "text"
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    return [_chunk(chunk, index) for index, chunk in enumerate(chunks)], "chunks" if chunks else ""


def _chunk(chunk: Any, index: int) -> Json:
    """One chunk, checked. SlackError invalid_chunks, invalid_blocks, msg_too_long."""
    if not isinstance(chunk, dict) or chunk.get("type") not in _FIELDS:
        raise _invalid_chunk(f"unsupported type [json-pointer:/chunks/{index}/type]")
    for name, kind in _FIELDS[chunk["type"]].items():
        if not isinstance(chunk.get(name), kind) or not chunk[name]:
            raise _invalid_chunk(f"missing required field: {name} [json-pointer:/chunks/{index}]")
    if len(chunk.get("title") or "") > (longest := most("stream.title")):
        raise _invalid_chunk(f"must be less than {longest + 1} characters [json-pointer:/chunks/{index}/title]")
    if chunk["type"] == "task_update" and chunk["status"] not in STATUSES:
        raise _invalid_chunk(f"must be a valid enum value [json-pointer:/chunks/{index}/status]")
    if chunk["type"] == "markdown_text" and len(chunk["text"]) > most("markdown_text"):
        raise SlackError("msg_too_long")
    if chunk["type"] == "blocks":
        return {"type": "blocks", "blocks": message_blocks(chunk["blocks"])}
    return {name: value for name, value in chunk.items() if value is not None}


def _invalid_chunk(message: str) -> SlackError:
    """The complaint about a chunk [that it has messages is inferred]."""
    return SlackError("invalid_chunks", response_metadata={"messages": [f"[ERROR] {message}"]})


_WRITE = ("chat:write",)
_PLACE = "channel_not_found is_archived messages_tab_disabled not_in_channel"
_PIECES = "invalid_blocks invalid_chunks msg_blocks_too_long msg_blocks_too_many"
_UNDER_WAY = "message_not_found message_not_in_streaming_state message_not_owned_by_app"
_INFERRED = "invalid_attachments msg_too_long"
METHODS = {
    "chat.startStream": Method(
        run=start,
        scopes=_WRITE,
        required=("channel",),
        tier=Tier.T2,
        errors=f"{_PLACE} {_PIECES} missing_recipient_team_id missing_recipient_user_id team_not_found user_not_found",
        inferred=f"{_INFERRED} invalid_thread_ts",
    ),
    "chat.appendStream": Method(
        run=append,
        scopes=_WRITE,
        required=("channel", "ts"),
        tier=Tier.T4,
        errors=f"{_PLACE} {_PIECES} {_UNDER_WAY} no_text",
        inferred=f"{_INFERRED} streaming_mode_mismatch",
    ),
    "chat.stopStream": Method(
        run=stop,
        scopes=_WRITE,
        required=("channel", "ts"),
        tier=Tier.T2,
        errors=f"{_PLACE} {_PIECES} {_UNDER_WAY} invalid_metadata_format invalid_metadata_schema metadata_too_large",
        inferred=f"{_INFERRED} invalid_blocks_format streaming_mode_mismatch",
    ),
}
