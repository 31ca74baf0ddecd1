"""Keeps the messages of one conversation in order and finds any of them without a walk; knows nothing of channels,
users or Slack's JSON.

Slack's documentation of conversations.history and conversations.replies gives the selection rules: bounds are exclusive
unless asked otherwise, replies stay out of the history unless broadcast.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.jsontypes import Json
from bot.sandbox.timestamps import format_ts, micros


@dataclass(slots=True, kw_only=True)
class Message:
    """One message. `visible_to` is set for an ephemeral one; `files` the ids of the files in it; `stream` what was
    streamed into it so far, while the stream is open; `extra` holds the fields of its subtype; `replies` the ts of its
    thread, oldest first; `reply_users` how many of them each user wrote.
    """

    ts: str
    user: str
    text: str
    by_app: bool = False
    subtype: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    visible_to: str | None = None
    client_msg_id: str | None = None
    files: list[str] = field(default_factory=list)
    stream: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    reply_users: dict[str, int] = field(default_factory=dict)
    extra: Json = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it lives in the thread of another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def add_reply(self, reply: Message) -> None:
        """Count a reply in this message's thread."""
        self.replies.append(reply.ts)
        self.reply_users[reply.user] = self.reply_users.get(reply.user, 0) + 1

    def drop_reply(self, reply: Message) -> None:
        """Take a deleted reply out of the count."""
        self.replies.remove(reply.ts)
        self.reply_users[reply.user] -= 1
        if not self.reply_users[reply.user]:
            del self.reply_users[reply.user]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bounds of a selection in microseconds since 1970; None is unbounded."""

    oldest: int | None = None
    latest: int | None = None
    inclusive: bool = False

    def slice_of(self, ordered: Sequence[str]) -> tuple[int, int]:
        """The first index inside the bounds and the one after the last, of ts in rising order."""
        before, after = (bisect_left, bisect_right) if self.inclusive else (bisect_right, bisect_left)
        start = 0 if self.oldest is None else before(ordered, self.oldest, key=micros)
        stop = len(ordered) if self.latest is None else after(ordered, self.latest, key=micros)
        return start, max(start, stop)


class MessageLog:
    """The messages of one conversation: by ts, in the order of the history, and ephemeral ones by the person who sees
    them.
    """

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.ephemerals: dict[str, dict[str, Message]] = {}
        self.last = 0
        self._history: list[str] = []

    def __len__(self) -> int:
        """How many messages the history holds."""
        return len(self._history)

    def next_ts(self, epoch: float) -> str:
        """A ts for `epoch` seconds, or just after the last one given: strictly increasing whatever the clock does."""
        self.last = max(int(epoch * 1_000_000), self.last + 1)
        return format_ts(self.last)

    def append(self, message: Message) -> None:
        """Keep a message whose ts came from `next_ts`."""
        self.last = max(self.last, micros(message.ts))
        if message.visible_to is not None:
            self.ephemerals.setdefault(message.visible_to, {})[message.ts] = message
            return
        self.messages[message.ts] = message
        if message.is_reply and message.thread_ts in self.messages:
            self.messages[message.thread_ts].add_reply(message)
        if message.broadcast or not message.is_reply:
            self._history.append(message.ts)

    def broadcast(self, message: Message) -> None:
        """Show a reply in the history as well."""
        message.broadcast = True
        insort(self._history, message.ts, key=micros)

    def remove(self, message: Message) -> None:
        """Forget a message; the replies in its thread stay."""
        if message.visible_to is not None:
            self.ephemerals.get(message.visible_to, {}).pop(message.ts, None)
            return
        del self.messages[message.ts]
        if message.broadcast or not message.is_reply:
            del self._history[bisect_left(self._history, micros(message.ts), key=micros)]
        if message.is_reply and message.thread_ts in self.messages:
            self.messages[message.thread_ts].drop_reply(message)

    def find(self, ts: str, *, viewer: str | None = None) -> Message | None:
        """The message with this ts; an ephemeral one only for its viewer."""
        if message := self.messages.get(ts):
            return message
        return self.ephemerals.get(viewer, {}).get(ts) if viewer is not None else None

    def newest(self, span: Span, limit: int) -> tuple[list[Message], bool]:
        """At most `limit` messages of the history, newest first, and whether older ones remain inside the bounds."""
        start, stop = span.slice_of(self._history)
        first = max(start, stop - limit)
        return [self.messages[ts] for ts in reversed(self._history[first:stop])], first > start

    def thread(self, root: Message, span: Span, limit: int) -> tuple[list[Message], bool]:
        """At most `limit` replies to `root` inside the bounds, oldest first, and whether newer ones remain."""
        start, stop = span.slice_of(root.replies)
        last = min(stop, start + limit)
        return [self.messages[ts] for ts in root.replies[start:last]], last < stop

    def recent_for(self, viewer: str, limit: int) -> list[Message]:
        """The newest `limit` messages of the history and the viewer's ephemeral ones among them, oldest first."""
        messages, more = self.newest(Span(), limit)
        messages.reverse()
        own = [message for message in self.ephemerals.get(viewer, {}).values() if not message.is_reply]
        if more and messages:
            own = [message for message in own if message.ts > messages[0].ts]
        return sorted([*messages, *own], key=lambda message: micros(message.ts))

    def newest_ts(self) -> str | None:
        """The ts of the latest message of the history."""
        return self._history[-1] if self._history else None

    def since(self, ts: str, limit: int) -> list[Message]:
        """At most the newest `limit` messages of the history after `ts`."""
        return self.newest(Span(oldest=micros(ts)), limit)[0]

    def seen_by(self, viewer: str) -> list[Message]:
        """Everything the viewer can see, replies in threads and own ephemeral messages included, oldest first."""
        return sorted(
            [*self.messages.values(), *self.ephemerals.get(viewer, {}).values()], key=lambda message: micros(message.ts)
        )

    def ephemeral_replies(self, viewer: str, thread_ts: str) -> list[Message]:
        """The viewer's ephemeral messages in one thread, oldest first."""
        return [
            message
            for message in self.ephemerals.get(viewer, {}).values()
            if message.thread_ts == thread_ts and message.is_reply
        ]
