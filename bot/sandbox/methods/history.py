"""conversations.history and conversations.replies: reading messages back, with their metadata when asked for."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.methods.paging import decode, encode, limit_of
from bot.sandbox.timestamps import micros
from bot.sandbox.workspace.message_log import Message, Span
from bot.sandbox.workspace.objects import message_json, thread_json

_CURSOR = "next_ts"


def history(call: Call) -> Json:
    """The messages of a conversation, newest first."""
    channel = call.joined(archived=None)
    span = _span(call)
    next_ts = decode(call.args, _CURSOR)
    if next_ts is not None:
        span = Span(oldest=span.oldest, latest=next_ts - 1 if span.inclusive else next_ts, inclusive=span.inclusive)
    found, more = channel.log.newest(span, limit_of(call.args))
    answer: Json = {
        "messages": _shown(call, found),
        "has_more": more,
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return answer | ({"response_metadata": {"next_cursor": encode(_CURSOR, micros(found[-1].ts))}} if more else {})


def replies(call: Call) -> Json:
    """A thread: its root, then the replies, oldest first. `ts` may be the root's or any reply's."""
    channel = call.joined(archived=None)
    found = channel.log.find(call.args.text("ts"))
    root = channel.log.find(found.thread_ts) if found is not None and found.thread_ts is not None else found
    if root is None:
        raise SlackError("thread_not_found")
    span = _span(call)
    next_ts = decode(call.args, _CURSOR)
    if next_ts is not None:
        span = Span(oldest=next_ts + 1 if span.inclusive else next_ts, latest=span.latest, inclusive=span.inclusive)
    limit = limit_of(call.args, bound="replies.limit")
    answers, more = channel.log.thread(root, span, limit)
    messages = _shown(call, answers)
    if next_ts is None:
        messages.insert(0, _root_json(call, root))
    answer: Json = {"messages": messages, "has_more": more}
    return answer | ({"response_metadata": {"next_cursor": encode(_CURSOR, micros(answers[-1].ts))}} if more else {})


def _root_json(call: Call, root: Message) -> Json:
    """The root of a thread, which names its thread as soon as it has one."""
    shown = message_json(call.workspace, root, metadata=call.args.flag("include_all_metadata"))
    return shown | (thread_json(call.workspace, root) if root.replies else {})


def _shown(call: Call, messages: list[Message]) -> list[Json]:
    """Message objects, with full metadata on request."""
    metadata = call.args.flag("include_all_metadata")
    return [message_json(call.workspace, message, metadata=metadata) for message in messages]


def _span(call: Call) -> Span:
    """The bounds that were asked for. SlackError invalid_ts_oldest, invalid_ts_latest."""
    bounds: dict[str, int | None] = {}
    for name in ("oldest", "latest"):
        try:
            bounds[name] = micros(call.args.text(name)) if name in call.args else None
        except ValueError:
            raise SlackError(f"invalid_ts_{name}") from None
    return Span(oldest=bounds["oldest"], latest=bounds["latest"], inclusive=call.args.flag("inclusive"))


_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_SELECTION = "channel_not_found invalid_cursor invalid_ts_latest invalid_ts_oldest"
METHODS = {
    "conversations.history": Method(
        run=history,
        scopes=_HISTORY,
        required=("channel",),
        errors=f"{_SELECTION} not_in_channel",
        inferred="invalid_limit",
    ),
    "conversations.replies": Method(
        run=replies,
        scopes=_HISTORY,
        required=("channel", "ts"),
        json=False,
        errors=f"{_SELECTION} thread_not_found",
        inferred="invalid_limit not_in_channel",
    ),
}
