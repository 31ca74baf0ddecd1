"""How often an event that the app is to hear of is tried: the delivery side of Slack's Events API.

From Slack's documentation, "The Events API": an event is redelivered at once, after one minute and after five minutes of
real time while it stays unacknowledged. Which events the app hears of is decided in subscriptions.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from bot.sandbox.delivery.acknowledgement import NotAcknowledged, RetryReason
from bot.sandbox.delivery.delivery import Delivery
from bot.sandbox.delivery.event_rate import EventRate
from bot.sandbox.delivery.payloads import app_rate_limited, event_callback
from bot.sandbox.delivery.subscriptions import hears
from bot.sandbox.jsontypes import Json
from bot.sandbox.wire import WireTimes
from bot.sandbox.workspace.state import Channel
from bot.sandbox.workspace.workspace import Workspace


class EventFeed:
    """Delivers events, one task an event, until acknowledged or given up. `in_flight` counts those on the wire, not
    those that wait for a retry.
    """

    def __init__(self, workspace: Workspace, delivery: Delivery, times: WireTimes) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._times = times
        self._rate = EventRate(times.events_per_hour)
        self._tasks: set[asyncio.Task[None]] = set()
        self.in_flight = 0

    def offer(self, event: Json, channel: Channel | None) -> None:
        """Start the delivery of an inner event, if the app is to hear of it and the hour is not full."""
        if not hears(self._workspace.app, event, channel):
            return
        if self._rate.take():
            self._start(self._deliver(event_callback(self._workspace, event)))
        elif (minute := self._rate.minute_to_report()) is not None:
            self._start(self._deliver_once(app_rate_limited(self._workspace, minute)))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        """Begin a delivery."""
        self.in_flight += 1
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, callback: Json) -> None:
        """Try until acknowledged: now, then after each pause of the schedule, always waiting for a way to the app first."""
        try:
            async with asyncio.timeout(self._times.event_life):
                reason = await self._attempt(callback, 0, "")
                for attempt, pause in enumerate(self._times.retries, start=1):
                    if reason is None:
                        return
                    await asyncio.sleep(pause)
                    await self._delivery.until_reachable()
                    self.in_flight += 1
                    reason = await self._attempt(callback, attempt, reason)
        except TimeoutError:
            return

    async def _deliver_once(self, callback: Json) -> None:
        """Say something that is not repeated: what matters is said again a minute later (inferred)."""
        await self._attempt(callback, 0, "")

    async def _attempt(self, callback: Json, attempt: int, reason: RetryReason) -> RetryReason | None:
        """Send once; None when that is settled, else the reason that the next attempt carries."""
        try:
            await self._delivery.deliver("events_api", callback, attempt=attempt, reason=reason)
        except NotAcknowledged as failure:
            return None if failure.final else failure.retry_reason
        finally:
            self.in_flight -= 1
            self._delivery.traffic.happened()
        return None

    async def close(self) -> None:
        """Drop every delivery that is under way or waiting."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
