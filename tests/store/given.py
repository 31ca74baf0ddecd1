"""What store tests start from: incidents in the journal, and events to add to them."""

from datetime import UTC, date, datetime, timedelta

from bot.core.decision import Event
from bot.core.effects import Effect
from bot.core.facts import ImpactStated
from bot.core.incident import Incident
from bot.core.learning.actions import ActionItemAdded
from bot.core.lifecycle import IncidentDeclared
from bot.store import journal, lanes
from bot.store.database import Database
from bot.store.lanes import Claim

TEAM = "T1"
ALICE = "UALICE"
START = datetime(2026, 11, 23, 7, 48, 29, 480938, tzinfo=UTC)
NOW = 1_795_420_109.0
"""The wire time at which lanes are claimed in tests."""


def after(**time: float) -> datetime:
    """So much after the start."""
    return START + timedelta(**time)


def declared(number: int = 1, team: str = TEAM, title: str = "Checkout is failing", actor: str = ALICE) -> Event:
    """The first event of an incident."""
    return IncidentDeclared(
        at=START, actor=actor, team=team, number=number, title=title, severity=None, policy="a-policy"
    )


def action_item(assignee: str = ALICE) -> ActionItemAdded:
    """Somebody will change something."""
    return ActionItemAdded(at=START, actor=ALICE, what="Add a check", assignee=assignee, due=date(2026, 12, 1), item=1)


def impact(words: str = "Some customers cannot pay.") -> Event:
    """An event that any incident may get."""
    return ImpactStated(at=START, actor=ALICE, impact=words)


async def begin(database: Database, *events: Event, team: str = TEAM) -> Incident:
    """A new incident with these further events."""
    async with database.write() as tx:
        number = await journal.next_number(tx, team)
        return await journal.append(tx, None, [declared(number, team), *events], START)


async def wish(database: Database, *effects: Effect, incident: int = 1, at: datetime = START) -> None:
    """Put effects into the lanes of an incident."""
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, incident, [(1, effect) for effect in effects], at)


async def claim(database: Database, owner: str = "one bot", now: float = NOW, at: datetime = START) -> Claim | None:
    """Let a bot claim a lane for thirty seconds."""
    async with database.write() as tx:
        return await lanes.claim(tx, owner, now, 30.0, at)


async def claimed(database: Database, owner: str = "one bot", now: float = NOW, at: datetime = START) -> Claim:
    """The same where there must be one."""
    taken = await claim(database, owner, now, at)
    assert taken is not None
    return taken


async def deliver(database: Database, now: float = NOW) -> Claim:
    """Claim a lane and record that its effect has come true. The receipt names the lane."""
    taken = await claimed(database, now=now)
    async with database.write() as tx:
        assert await lanes.done(tx, taken, {"of": taken.lane})
    return taken


async def deliver_all(database: Database, now: float = NOW) -> list[Claim]:
    """Deliver until no lane has its turn."""
    delivered = []
    while taken := await claim(database, now=now):
        async with database.write() as tx:
            assert await lanes.done(tx, taken, {"of": taken.lane})
        delivered.append(taken)
    return delivered
