"""Which events reach the app, and how often they are tried: the delivery side of Slack's Events API over Socket Mode.

From Slack's documentation, "The Events API": an event is delivered to a subscribed app that may see the conversation,
and redelivered at once, after one minute and after five minutes of real time while it stays unacknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from bot.sandbox.delivery.payloads import event_callback
from bot.sandbox.delivery.socket_mode import NotAcknowledged, SocketHub
from bot.sandbox.jsontypes import Json
from bot.sandbox.wire import WireTimes
from bot.sandbox.workspace.state import Channel
from bot.sandbox.workspace.workspace import Workspace

ALL_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_created",
        "channel_deleted",
        "channel_rename",
        "channel_unarchive",
        "file_shared",
        "group_archive",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "pin_added",
        "pin_removed",
        "reaction_added",
        "reaction_removed",
        "tokens_revoked",
    }
)
"""Every subscription that the sandbox can serve."""

DEFAULT_EVENTS = ALL_EVENTS - {
    "channel_created",
    "channel_unarchive",
    "file_shared",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "member_left_channel",
    "pin_removed",
    "tokens_revoked",
}
"""What the app is subscribed to unless its manifest says otherwise."""

_ABOUT_PUBLIC_CHANNELS = {
    "channel_created",
    "channel_archive",
    "channel_unarchive",
    "channel_rename",
    "channel_deleted",
}
_MESSAGE_FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def checked(events: Iterable[str]) -> frozenset[str]:
    """These subscriptions. ValueError when the sandbox cannot serve one of them."""
    subscriptions = frozenset(events)
    if unknown := subscriptions - ALL_EVENTS:
        raise ValueError(f"The sandbox has no events {', '.join(sorted(unknown))}.")
    return subscriptions


class EventFeed:
    """Delivers events, one task an event, until acknowledged or given up. `in_flight` counts those on the wire, not
    those that wait for a retry.
    """

    def __init__(self, workspace: Workspace, hub: SocketHub, times: WireTimes) -> None:
        self._workspace = workspace
        self._hub = hub
        self._times = times
        self._tasks: set[asyncio.Task[None]] = set()
        self.in_flight = 0

    def offer(self, event: Json, channel: Channel | None) -> None:
        """Start the delivery of an inner event that the app is subscribed to and may see."""
        if subscription(event) not in self._workspace.app.events or not self._may_see(event, channel):
            return
        self.in_flight += 1
        task = asyncio.get_running_loop().create_task(self._deliver(event_callback(self._workspace, event)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _may_see(self, event: Json, channel: Channel | None) -> bool:
        """Whether the app's bot may hear of something in this conversation."""
        if channel is None or self._workspace.app.bot_user in channel.members:
            return True
        return event["type"] in _ABOUT_PUBLIC_CHANNELS and not channel.is_private

    async def _deliver(self, callback: Json) -> None:
        """Try until acknowledged: now, then after each pause of the schedule, always waiting for a socket first."""
        try:
            async with asyncio.timeout(self._times.event_life):
                reason = await self._attempt(callback, 0, "")
                for attempt, pause in enumerate(self._times.retries, start=1):
                    if reason is None:
                        return
                    await asyncio.sleep(pause)
                    await self._socket_open()
                    self.in_flight += 1
                    reason = await self._attempt(callback, attempt, reason)
        except TimeoutError:
            return

    async def _attempt(self, callback: Json, attempt: int, reason: str) -> str | None:
        """Send once; None when acknowledged, else the reason that the next attempt carries."""
        try:
            await self._hub.deliver("events_api", callback, attempt=attempt, reason=reason)
        except NotAcknowledged as failure:
            return "timeout" if failure.reason == "operation_timeout" else "connection_failed"
        finally:
            self.in_flight -= 1
            self._hub.traffic.happened()
        return None

    async def _socket_open(self) -> None:
        """Wait until the app has a socket that takes payloads."""
        while not self._hub.open:
            await self._hub.traffic.after(self._hub.traffic.revision)

    async def close(self) -> None:
        """Drop every delivery that is under way or waiting."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def subscription(event: Json) -> str:
    """The name in the app's manifest that subscribes to this event."""
    if event["type"] == "message":
        return f"message.{_MESSAGE_FAMILY[event['channel_type']]}"
    return str(event["type"])
