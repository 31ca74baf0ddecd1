"""Permissions that the sandbox hands to the app with a payload and that expire on the wire: trigger ids and
response_urls.

From Slack's documentation: a trigger_id lives three seconds and opens one view; a response_url takes five uses within
thirty minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.ids import secret, trigger_id

MAX_RESPONSES = 5
REMEMBERED = 3_600.0

_Permission = TypeVar("_Permission", "_Trigger", "Reply")


@dataclass(slots=True)
class _Trigger:
    """One trigger: whose, until when (monotonic seconds), in which conversation, and whether it opened its view."""

    user: str
    expires: float
    channel: str | None = None
    spent: bool = False


class Triggers:
    """The trigger ids handed out; each opens one view within its life."""

    def __init__(self, life: float) -> None:
        self._life = life
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str, channel: str | None = None) -> str:
        """A new trigger id for something this user just did, perhaps in a conversation."""
        now = time.monotonic()
        _forget_old(self._issued, now)
        issued = trigger_id()
        self._issued[issued] = _Trigger(user, now + self._life, channel)
        return issued

    def check(self, trigger: str) -> str:
        """The user it was issued for. SlackError invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        known = self._issued.get(trigger)
        if known is None:
            raise SlackError("invalid_trigger_id")
        if known.spent:
            raise SlackError("exchanged_trigger_id")
        if known.expires < time.monotonic():
            raise SlackError("expired_trigger_id")
        return known.user

    def channel_of(self, trigger: str) -> str | None:
        """The conversation in which the user of a checked trigger was."""
        return self._issued[trigger].channel

    def spend(self, trigger: str) -> None:
        """Mark a checked trigger as used."""
        self._issued[trigger].spent = True


@dataclass(slots=True, kw_only=True)
class Reply:
    """What one response_url stands for: the person who acted, where, and the message (None for a slash command)."""

    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    thread_ts: str | None = None
    ephemeral: bool = False
    uses: int = 0


class ReplyAddresses:
    """The response_urls handed out, below one base address."""

    def __init__(self, life: float) -> None:
        self._life = life
        self._issued: dict[str, Reply] = {}

    def issue(
        self,
        *,
        user: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """The unguessable last part of a new response_url."""
        now = time.monotonic()
        _forget_old(self._issued, now)
        key = secret()
        self._issued[key] = Reply(
            user=user,
            channel=channel,
            expires=now + self._life,
            message_ts=message_ts,
            thread_ts=thread_ts,
            ephemeral=ephemeral,
        )
        return key

    def find(self, key: str) -> Reply | None:
        """What an address stands for, without using it."""
        return self._issued.get(key)

    def use(self, key: str) -> Reply | None:
        """Count one use and return what the address stands for; None when never issued. SlackError when it is worn out
        or too old.
        """
        reply = self._issued.get(key)
        if reply is None:
            return None
        if reply.expires < time.monotonic():
            raise SlackError("Expired url")
        if reply.uses >= MAX_RESPONSES:
            raise SlackError("Used url")
        reply.uses += 1
        return reply


def _forget_old(issued: dict[str, _Permission], now: float) -> None:
    """Drop what expired a while ago; until then it is remembered, so that the app is told why it came too late. Oldest
    first.
    """
    while issued and next(iter(issued.values())).expires < now - REMEMBERED:
        del issued[next(iter(issued))]
