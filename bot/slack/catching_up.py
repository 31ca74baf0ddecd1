"""Reads what was said in the threads of open hypotheses while nobody told us: Slack stops sending an event again after minutes.

Done at the start, after every new connection, and when a hypothesis got its thread. What was heard of already is not kept twice: a
reply's key is its own. Whole threads are read: a reaction may be on an old reply.
"""

import asyncio
from collections.abc import Iterator
from typing import Any, Self
from uuid import uuid4

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.background import Background
from bot.core.decision import Origin
from bot.core.errors import StoreUnavailable
from bot.core.incident import Hypothesis, Incident, Reply, Status, Thread
from bot.core.tracker.evidence import MarkReply, WithdrawMark
from bot.service import Service
from bot.slack.failures import BUSY, error_code, retry_after
from bot.slack.history import Said, message_at, replies_of
from bot.slack.insisting import insist
from bot.slack.replies import SIDES, author, deleted, edited, edited_at, is_written_reply, kept

log = structlog.get_logger()

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
LOST = {"channel_not_found", "thread_not_found", "is_archived", "not_in_channel"}
"""Slack's words for a thread that is not there any more."""


class CatchUp(Background):
    """Catches up when woken, and tries again until it has. `us` is the bot's user id, `workspace` the workspace's address."""

    def __init__(self, client: AsyncWebClient, service: Service, us: str, workspace: str) -> None:
        self._client, self._service, self._us, self._workspace = client, service, us, workspace
        self._wake = asyncio.Event()
        self.is_idle = True

    async def __aenter__(self) -> Self:
        self.wake()
        return await super().__aenter__()

    def wake(self) -> None:
        """There may be a gap: read again."""
        self.is_idle = False
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            pause, read = FIRST_PAUSE_SECONDS, set[tuple[int, int]]()
            while not self.is_idle:
                if self._wake.is_set():
                    self._wake.clear()
                    read.clear()
                try:
                    await self._read_all(read)
                    self.is_idle = not self._wake.is_set()
                except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, StoreUnavailable) as error:
                    log.warning("catching up with threads is put off", reason=repr(error), after=pause)
                    await asyncio.sleep(pause)
                    pause = min(LONGEST_PAUSE_SECONDS, 2 * pause)

    async def _read_all(self, read: set[tuple[int, int]]) -> None:
        """Read every thread but those that were `read` since we were woken, so that many are all read however often one fails."""
        for listed in await self._service.open_incidents(viewer=""):
            incident = await self._service.incident(listed.number, viewer="")
            for one in incident.hypotheses:
                is_watched = one.status.is_open or one.status is Status.CARRIED_OVER
                if one.thread and is_watched and (incident.number, one.number) not in read:
                    await self._read(incident, one, one.thread)
                    read.add((incident.number, one.number))

    async def _read(self, incident: Incident, one: Hypothesis, thread: Thread) -> None:
        """Keep every reply of one thread that is not known, see that the marks on all of them are those in Slack, and follow those
        that were edited or deleted meanwhile."""
        try:
            replies = await replies_of(self._call, thread.channel, thread.ts)
        except SlackApiError as error:
            if error_code(error) not in LOST:
                raise
            log.warning("a thread can not be read", incident=incident.number, hypothesis=one.number, error=repr(error))
            return
        for message in replies:
            if is_written_reply(message) and author(message) != self._us:
                await self._take(incident, one, thread, message)
        there = {message["ts"] for message in replies}
        for reply in one.replies:
            if reply.is_message and not reply.is_deleted and reply.ref not in there:
                await self._miss(incident, one, thread, reply)

    async def _take(self, incident: Incident, one: Hypothesis, thread: Thread, message: Said) -> None:
        reply = one.reply(message["ts"])
        if reply is None:
            await self._service.handle(kept(message, incident, one.number, thread, self._workspace))
            reply = Reply(ref=message["ts"], author=author(message))
        elif (at := edited_at(message)) and at not in reply.edits:
            await self._service.handle(edited(message, incident, one.number, thread, self._workspace, at))
        for command in self._corrections(incident, one, reply, message):
            await self._service.handle(command)

    async def _miss(self, incident: Incident, one: Hypothesis, thread: Thread, reply: Reply) -> None:
        """A reply that the thread does not have: it was deleted, unless it hangs on an earlier message of this hypothesis."""
        if float(reply.ref) > float(thread.ts) and await message_at(self._call, thread.channel, reply.ref) is None:
            at = self._service.clock.now()
            await self._service.handle(deleted(reply.ref, incident, one.number, thread.channel, at))

    def _corrections(
        self, incident: Incident, one: Hypothesis, reply: Reply, message: Said
    ) -> Iterator[MarkReply | WithdrawMark]:
        """What puts the marks right: reactions that we do not know of, and those that are gone. A mark made in a form has none."""
        for name, side in SIDES.items():
            shown = [
                reaction for reaction in message.get("reactions") or () if reaction["name"].partition("::")[0] == name
            ]
            there = {user for reaction in shown for user in reaction["users"]}
            all_named = len(there) >= sum(reaction["count"] for reaction in shown)  # Slack may name only some
            known = {mark.user for mark in reply.marks if mark.side is side and mark.is_on}
            gone = {mark.user for mark in reply.marks if mark.side is side and mark.is_on and not mark.by_form} - there
            for user in sorted(there - known):
                yield MarkReply(
                    origin=self._origin(incident, user, reply), hypothesis=one.number, reply=reply.ref, side=side
                )
            for user in sorted(gone if all_named else ()):
                origin = self._origin(incident, user, reply)
                yield WithdrawMark(origin=origin, hypothesis=one.number, reply=reply.ref, side=side)

    def _origin(self, incident: Incident, user: str, reply: Reply) -> Origin:
        key = f"catch-up:{reply.ref}:{uuid4().hex}"
        return self._service.origin(actor=user, key=key, incident=incident.number)

    async def _call(self, method: str, **arguments: Any) -> Any:
        """Call a Web API method. One that Slack puts off is made again when Slack says, so that many threads are all read."""
        while True:
            try:
                return await insist(lambda: getattr(self._client, method.replace(".", "_"))(**arguments))
            except SlackApiError as error:
                if error_code(error) not in BUSY and getattr(error.response, "status_code", 200) != 429:
                    raise
                await asyncio.sleep(retry_after(error))
