"""Posted heads are compared with the journal: what they vouch for, and what they show to be wrong."""

import pytest

from bot.core.decision import Event
from bot.core.delivery import DeliveryDropped
from bot.core.effects import OpenRoom, Tell
from bot.core.incident import Phase
from bot.core.lifecycle import PhaseEntered
from bot.core.rooms import RoomOpened
from bot.store import heads, journal, lanes
from bot.store.audit import Finding
from bot.store.database import Database
from bot.store.heads import Compared
from tests.store.given import ALICE, NOW, START, TEAM, begin, claimed, deliver, impact, wish

WRONG = "f" * 32


def entered(phase: Phase = Phase.TRIAGE) -> Event:
    """The incident moved on."""
    return PhaseEntered(at=START, actor=ALICE, phase=phase)


async def compared(database: Database, *posted: tuple[int, str]) -> Compared:
    async with database.read() as tx:
        return await heads.compare(tx, TEAM, 1, set(posted))


async def hashes(database: Database) -> list[str]:
    """The beginning of each event's hash, as it is posted."""
    async with database.read() as tx:
        return [entry.hash[:32] for entry in await journal.entries(tx, TEAM, 1)]


async def delivered(database: Database) -> dict[int, set[int]]:
    async with database.read() as tx:
        return await heads.delivered(tx, TEAM)


@pytest.fixture
async def record(database: Database) -> list[str]:
    """Four events of INC-1, by their hashes; the second and the fourth entered a phase."""
    await begin(database, entered(), impact(), entered(Phase.CONTAINMENT))
    return await hashes(database)


async def test_heads_that_are_right_vouch_for_the_record_up_to_the_last(database, record):
    assert await compared(database) == Compared(0, 4, ())
    assert await compared(database, (2, record[1])) == Compared(2, 4, ())
    assert await compared(database, (4, record[3]), (2, record[1])) == Compared(4, 4, ())


async def test_a_head_with_another_hash_shows_that_the_record_was_rewritten(database, record):
    found = await compared(database, (2, record[1]), (3, WRONG), (4, WRONG))
    what = "does not have the hash that was posted in Slack: the record was rewritten up to there"
    assert found == Compared(2, 4, (Finding(TEAM, 1, 3, what),))


async def test_a_right_head_behind_a_wrong_one_vouches_for_nothing(database, record):
    assert (await compared(database, (2, WRONG), (4, record[3]))).vouched == 0


async def test_two_heads_of_one_event_cannot_both_be_right(database, record):
    assert len((await compared(database, (2, record[1]), (2, WRONG))).findings) == 1


async def test_a_head_of_an_event_that_is_not_there_shows_that_the_end_was_cut(database, record):
    found = await compared(database, (4, record[3]), (7, WRONG), (9, WRONG))
    assert [str(one) for one in found.findings] == [
        "INC-1 was cut: event 9 was posted in Slack, and the record ends at 4."
    ]
    assert found.vouched == 4


async def test_a_head_is_expected_once_slack_took_it_and_of_these_events_only(database, record):
    async with database.write() as tx:
        wishes = [(1, OpenRoom()), *((seq, Tell()) for seq in (2, 3, 4))]
        await lanes.enqueue(tx, TEAM, 1, wishes, START)
    await deliver(database)
    assert await delivered(database) == {}
    await deliver(database)
    await deliver(database)
    assert await delivered(database) == {1: {2}}
    await deliver(database)
    assert await delivered(database) == {1: {2, 4}}


async def test_a_head_that_was_given_up_is_tried_again_or_was_let_be_is_not_expected(database, record):
    await wish(database, OpenRoom())
    await deliver(database)
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, [(2, Tell()), (4, Tell())], START)
    taken = await claimed(database)
    async with database.write() as tx:
        await lanes.failed(tx, taken, "restricted_action")
    assert await delivered(database) == {}
    async with database.write() as tx:
        assert await lanes.enqueue_again(tx, TEAM, 1, taken.effect_id, START)
    assert await delivered(database) == {}
    await deliver(database, now=NOW)
    assert await delivered(database) == {1: {4}}
    await deliver(database, now=NOW)
    assert await delivered(database) == {1: {2, 4}}
    dropped = DeliveryDropped(
        at=START, actor=ALICE, effect="Tell notices", effect_id=taken.effect_id, reason="They know"
    )
    async with database.write() as tx:
        await journal.append(tx, await journal.lock(tx, TEAM, 1), [dropped], START)
    assert await delivered(database) == {1: {4}}


async def test_the_rooms_of_an_incident_are_all_it_ever_had(database):
    opened = [RoomOpened(at=START, actor="lockstep", channel=f"C{n}", name=f"inc-1-{n}") for n in (1, 2)]
    await begin(database, *opened)
    await begin(database)
    async with database.read() as tx:
        assert await heads.rooms(tx, TEAM) == {1: {"C1": "inc-1-1", "C2": "inc-1-2"}, 2: {}}
        assert await heads.rooms(tx, "T2") == {}
