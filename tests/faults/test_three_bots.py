"""Three bots share one PostgreSQL and the work of five busy people, and one of them is killed time and again. What people were told
is recorded is, once; what is to be said is said, once and in order.
"""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.core.notes import NoteAdded
from bot.core.tracker.evidence import ReplyKept
from bot.sandbox import NotAcknowledged, Sandbox, Seen
from bot.store.audit import audit
from bot.store.database import Database
from tests.faults.an_incident import Stage, declares, has_an_idea, play, types
from tests.faults.bots import Bot
from tests.faults.conftest import LONG
from tests.faults.test_crashes import IMPATIENT
from tests.faults.truth import broken_promises
from tests.running import settings_for, until, workspace

BOTS = 3
SECONDS = 600.0 if LONG else 6.0
KILL_SECONDS = 30.0 if LONG else 2.0
DOWN_SECONDS = 1.0
PEOPLE = ("alice", "bob", "carol", "dave", "erin")
BREATH_SECONDS = 0.2
"""Between two things that somebody does."""


@dataclass
class Busy:
    """One person with an incident of their own: what they wrote, and what of it they were told is recorded."""

    scene: Stage
    name: str
    notes: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)

    async def works(self, over: asyncio.Event) -> None:
        """Write notes, reply in the thread of a hypothesis, raise and lower the severity, until it is over."""
        root = await self.scene.person(self.name).sees("H1: ", in_=self.scene.room, within=30)
        for number in itertools.count(1):
            if over.is_set():
                return
            with suppress(NotAcknowledged):
                await self._notes(f"{self.name} notes {number}")
                await self._replies(f"{self.name} replies {number}", root)
                await types(self.name, f"/incident severity {'sev2' if number % 2 else 'sev1'}")(self.scene)
            await asyncio.sleep(BREATH_SECONDS)

    async def _notes(self, text: str) -> None:
        self.notes.append(text)
        answer = await self.scene.person(self.name).types(f"/incident note {text}", in_=self.scene.room)
        if answer is not None and answer.error is None and "Not recorded" not in answer.text:
            self.answered.append(text)

    async def _replies(self, text: str, root: Seen) -> None:
        self.replies.append(text)
        await self.scene.person(self.name).types(text, in_=self.scene.room, thread=root)

    async def is_kept(self) -> None:
        """Everything is in the journal, once; only what nobody answered may be missing."""
        record = await self.scene.record()
        noted = Counter(event.text for event in record.events if isinstance(event, NoteAdded))
        kept = Counter(event.text for event in record.events if isinstance(event, ReplyKept))
        assert not [text for text in self.answered if noted[text] != 1]
        assert not [text for text in self.notes if noted[text] > 1]
        assert kept == Counter(self.replies)


@asynccontextmanager
async def three_bots(sandbox: Sandbox, database_url: str) -> AsyncIterator[list[int]]:
    """Three of them, and somebody who kills one every few seconds. Gives who was killed so far."""
    bots = [Bot(settings_for(sandbox, database_url)) for _ in range(BOTS)]
    killed: list[int] = []

    async def kill_now_and_then() -> None:
        while True:
            await asyncio.sleep(KILL_SECONDS)
            killed.append(random.randrange(BOTS))
            bots[killed[-1]].kill()
            await asyncio.sleep(DOWN_SECONDS)
            bots[killed[-1]] = Bot(settings_for(sandbox, database_url))

    killing = asyncio.create_task(kill_now_and_then())
    try:
        yield killed
    finally:
        killing.cancel()
        with suppress(asyncio.CancelledError):
            await killing
        for bot in bots:
            bot.kill()


async def test_three_bots_of_which_one_is_always_dying_lose_and_double_nothing(postgresql_url: str):
    database = await Database.open(postgresql_url)
    async with workspace(wire=IMPATIENT) as sandbox, three_bots(sandbox, postgresql_url) as killed:
        await until(lambda: asyncio.sleep(0, bool(sandbox.hub.open)), within=30)
        people = [Busy(Stage(sandbox, database, number), name) for number, name in enumerate(PEOPLE, start=1)]
        for busy in people:
            await play(
                busy.scene, [declares(f"sev1 {busy.name} has an incident", by=busy.name), has_an_idea(busy.name)]
            )
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(SECONDS, over.set)
        await asyncio.gather(*(busy.works(over) for busy in people))
        await people[0].scene.settles(within=120)
        for busy in people:
            await busy.is_kept()
        assert broken_promises(sandbox, postgresql_url) == []
        assert killed
        async with database.read() as tx:
            assert await audit(tx) == []
    await database.close()
