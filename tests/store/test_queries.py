"""What lists of incidents show."""

from datetime import datetime, timedelta

from sqlalchemy import update

from bot.core.facts import TitleChanged
from bot.core.incident import Phase
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.rooms import RoomOpened
from bot.core.severity import SeverityChanged
from bot.store import journal, queries, tables
from bot.store.database import Database
from bot.store.queries import Listed
from tests.store.given import ALICE, START, TEAM, after, begin, declared

ROOM = RoomOpened(at=START, actor=ALICE, channel="C0123456", name="inc-1")
CLOSED = IncidentClosed(at=START, actor=ALICE)


async def declare(database: Database, title: str, actor: str = ALICE, at: datetime = START) -> int:
    async with database.write() as tx:
        number = await journal.next_number(tx, TEAM)
        await journal.append(tx, None, [declared(number, title=title, actor=actor).but(at=at)], START)
        return number


async def recent(database: Database, title: str, actor: str = ALICE, team: str = TEAM) -> int | None:
    async with database.read() as tx:
        return await queries.recent_declaration(tx, team, actor, title, START - timedelta(minutes=2))


async def test_the_open_incidents_of_a_team_are_listed_as_they_stand(database):
    await begin(database)
    await begin(
        database,
        ROOM,
        SeverityChanged(at=START, actor=ALICE, severity="SEV1"),
        PhaseEntered(at=START, actor=ALICE, phase=Phase.TRIAGE),
        TitleChanged(at=START, actor=ALICE, title="Payments fail"),
    )
    await begin(database, CLOSED)
    await begin(database, team="T2")
    async with database.read() as tx:
        listed = await queries.open_incidents(tx, TEAM, "UBOB")
    assert sorted(listed, key=lambda one: one.number) == [
        Listed(1, "Checkout is failing", "DETECTION", None, None, START, ALICE, False),
        Listed(2, "Payments fail", "TRIAGE", "SEV1", "C0123456", START, ALICE, False),
    ]


async def test_an_incident_is_found_by_its_room(database):
    await begin(database)
    await begin(database, ROOM)
    async with database.read() as tx:
        assert await queries.incident_of_room(tx, TEAM, "C0123456") == 2
        assert await queries.incident_of_room(tx, TEAM, "C9") is None
        assert await queries.incident_of_room(tx, "T2", "C0123456") is None


async def test_the_same_words_of_the_same_person_a_moment_ago_are_found(database):
    await declare(database, "Checkout is failing")
    again = await declare(database, "Checkout is failing")
    await declare(database, "Search is slow")
    assert await recent(database, "Checkout is failing") == again
    assert await recent(database, "Checkout is down") is None
    assert await recent(database, "Checkout is failing", actor="UBOB") is None
    assert await recent(database, "Checkout is failing", team="T2") is None


async def test_a_declaration_is_recent_from_the_given_moment_on(database):
    edge = await declare(database, "At the edge", at=after(minutes=-2))
    await declare(database, "Before it", at=after(minutes=-2, microseconds=-1))
    assert await recent(database, "At the edge") == edge
    assert await recent(database, "Before it") is None


async def test_a_declaration_is_found_by_its_words_even_if_it_was_retitled_or_closed(database):
    await begin(database, TitleChanged(at=START, actor=ALICE, title="Payments fail"), CLOSED)
    assert await recent(database, "Checkout is failing") == 1
    assert await recent(database, "Payments fail") is None


async def test_a_redacted_declaration_is_passed_by(database):
    await begin(database)
    async with database.write() as tx:
        await tx.execute(update(tables.event).values(text=None, salt=None, redacted_by=2))
    assert await recent(database, "Checkout is failing") is None


async def test_all_incidents_and_teams_are_known(database):
    await begin(database, CLOSED)
    await begin(database)
    await begin(database, team="T2")
    async with database.read() as tx:
        assert await queries.numbers(tx, TEAM) == [1, 2]
        assert await queries.numbers(tx, "T9") == []
        assert await queries.teams(tx) == ["T1", "T2"]
