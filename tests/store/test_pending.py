"""What waits and what was given up, for whoever asks; and what becomes of it when somebody tries again or lets it be."""

import pytest
from sqlalchemy import select, update

from bot.core.decision import SYSTEM, Event
from bot.core.delivery import DeliveryFailed
from bot.core.effects import Effect, Invite, OpenRoom, PinCard, PostUpdate, SetTopic, ShowCard, ShowStatus, Tell
from bot.store import journal, lanes, pending, tables
from bot.store.database import Database
from bot.store.lanes import Claim, Counts
from bot.store.pending import GivenUp, Waiting
from tests.store.given import NOW, START, TEAM, after, begin, claimed, deliver, deliver_all, wish

STATUS, UPDATE = ShowStatus(audience="support"), PostUpdate(audience="support")


async def wait(database: Database) -> list[Waiting]:
    async with database.read() as tx:
        return await pending.waiting(tx)


async def failures(database: Database) -> list[GivenUp]:
    async with database.read() as tx:
        return await pending.given_up(tx)


async def counts(database: Database) -> Counts:
    async with database.read() as tx:
        return await lanes.counts(tx)


async def give_up(database: Database, reason: str = "is_archived", now: float = NOW) -> Claim:
    """Claim a lane and have its effect given up, without a word in the journal."""
    taken = await claimed(database, now=now)
    async with database.write() as tx:
        assert await lanes.failed(tx, taken, reason)
    return taken


async def tell(database: Database, *taken: Claim) -> None:
    """Write it into the journal of incident 1 that these were given up."""
    told: list[Event] = [
        DeliveryFailed(
            at=after(minutes=9),
            actor=SYSTEM,
            effect=f"{type(one.effect).__name__} {one.lane}",
            reason="is_archived",
            effect_id=one.effect_id,
        )
        for one in taken
    ]
    async with database.write() as tx:
        await journal.append(tx, await journal.lock(tx, TEAM, 1), told, START)


async def again(database: Database, effect_id: str, *standing: str) -> bool:
    async with database.write() as tx:
        return await lanes.enqueue_again(tx, TEAM, 1, effect_id, after(hours=1), standing)


async def let_be(database: Database, effect_id: str, *standing: str) -> bool:
    async with database.write() as tx:
        return await lanes.let_be(tx, TEAM, 1, effect_id, standing)


def names(found: list[GivenUp]) -> list[tuple[str, list[str]]]:
    return [(one.effect, one.along) for one in found]


@pytest.fixture
async def incident(database: Database) -> None:
    """Incident 1, with nothing to deliver yet."""
    await begin(database)


async def fail_the_room(database: Database) -> Claim:
    """Incident 1 whose room could not be opened, and what was put off since it needs the room."""
    await wish(database, OpenRoom(), Tell(), ShowCard(), PinCard())
    failed = await give_up(database)
    for _ in range(3):
        await give_up(database, lanes.MOOT)
    return failed


# What waits


async def test_nothing_waits_and_nothing_was_given_up_at_first(database, incident):
    assert await wait(database) == [] and await failures(database) == []


async def test_what_waits_says_since_when_and_for_what(database, incident):
    await wish(database, OpenRoom(), Tell())
    room, notice = await wait(database)
    assert (room.effect, room.needs, room.since, room.attempts, room.error) == ("OpenRoom room", None, START, 0, None)
    assert (notice.effect, notice.needs) == ("Tell notices", "OpenRoom room")
    await deliver(database)
    (notice,) = await wait(database)
    assert notice.needs is None


async def test_a_lane_tells_how_often_it_was_tried_why_in_vain_and_when_it_is_tried_next(database, incident):
    await wish(database, OpenRoom())
    taken = await claimed(database)
    (room,) = await wait(database)
    assert (room.is_claimed, room.attempts, room.not_before) == (True, 1, NOW + 30)
    async with database.write() as tx:
        await lanes.again(tx, taken, NOW + 4, False, "Slack is out of reach")
    (room,) = await wait(database)
    assert (room.is_claimed, room.attempts, room.not_before) == (False, 1, NOW + 4)
    assert (room.effect_id, room.error) == (taken.effect_id, "Slack is out of reach")


async def test_of_a_living_lane_the_newest_stands_for_all_and_of_another_each_waits_for_the_one_before(
    database, incident
):
    await wish(database, OpenRoom())
    await deliver(database)
    await wish(database, SetTopic(), Tell())
    await wish(database, SetTopic(), Tell(), at=after(minutes=5))
    found = [(one.effect, one.is_behind, one.since) for one in await wait(database)]
    assert sorted(found) == [
        ("SetTopic topic", False, after(minutes=5)),
        ("Tell notices", False, START),
        ("Tell notices", True, after(minutes=5)),
    ]
    assert (await counts(database)).waiting == len(found)


async def test_what_this_version_does_not_know_is_listed_like_the_rest(database, incident):
    await wish(database, OpenRoom(), Tell())
    async with database.write() as tx:
        await tx.execute(update(tables.effect).values(kind="Sing", data="no JSON", failure="off key"))
        await tx.execute(update(tables.incident).values(snapshot="{}", snapshot_version=0))
    assert [(one.effect, one.needs) for one in await wait(database)] == [
        ("Sing room", None),
        ("Sing notices", "Sing room"),
    ]
    assert [one.effect for one in await failures(database)] == ["Sing room", "Sing notices"]


async def test_a_journal_of_a_newer_version_does_not_hide_what_was_given_up(database, incident):
    failed = await fail_the_room(database)
    await tell(database, failed)
    async with database.write() as tx:
        await tx.execute(update(tables.incident).values(snapshot="{}", snapshot_version=99, seq=9))
    async with database.read() as tx:
        row = (await tx.execute(select(tables.event).limit(1))).mappings().one()
    async with database.write() as tx:
        await tx.execute(tables.event.insert(), {**row, "seq": 9, "kind": "SomethingNew"})
    (found,) = await failures(database)
    assert (found.effect_id, found.at) == (failed.effect_id, None)


# What was given up


async def test_what_was_given_up_says_since_when_and_why_and_what_goes_its_way(database, incident):
    failed = await fail_the_room(database)
    await tell(database, failed)
    (found,) = await failures(database)
    assert (found.effect_id, found.effect) == (failed.effect_id, "OpenRoom room")
    assert (found.since, found.at, found.reason) == (START, after(minutes=9), "is_archived")
    assert sorted(found.along) == ["PinCard pin", "ShowCard card", "Tell notices"]


async def test_what_was_given_up_again_without_a_word_goes_with_what_was_told(database, incident):
    await wish(database, OpenRoom())
    await deliver(database)
    await wish(database, Tell(), Tell(), Invite(people=("U1",), lane_of="scribe"))
    told, *_ = [await give_up(database) for _ in range(3)]
    await tell(database, told)
    assert names(await failures(database)) == [("Tell notices", ["Tell notices"]), ("Invite invite:scribe", [])]


async def test_two_that_were_told_of_stand_for_themselves(database, incident):
    await wish(database, STATUS, UPDATE, UPDATE)
    await deliver(database)
    first, second = [await give_up(database) for _ in range(2)]
    await tell(database, first, second)
    assert [one.effect_id for one in await failures(database)] == [first.effect_id, second.effect_id]


# Tried again


async def test_what_is_tried_again_comes_with_all_that_goes_its_way_in_order(database, incident):
    failed = await fail_the_room(database)
    assert await again(database, failed.effect_id)
    assert await failures(database) == [] and await counts(database) == Counts(waiting=4, failed=0)
    delivered = await deliver_all(database)
    assert len(delivered) == 4
    assert (delivered[0].effect, delivered[0].effect_id) == (OpenRoom(), failed.effect_id)
    assert not await again(database, failed.effect_id)


async def test_a_living_thing_that_was_tried_for_an_older_wish_is_found_by_the_id_it_was_given_up_under(
    database, incident
):
    await wish(database, STATUS)
    first = await claimed(database)
    async with database.write() as tx:
        await lanes.again(tx, first, NOW, False, "a reason")
    await wish(database, STATUS)
    failed = await give_up(database)
    assert failed.effect_id == first.effect_id and failed.position == 2
    await tell(database, failed)
    (found,) = await failures(database)
    assert (found.effect_id, found.at) == (failed.effect_id, after(minutes=9))
    assert await again(database, failed.effect_id)
    assert (await deliver(database)).effect == STATUS
    assert await counts(database) == Counts(waiting=0, failed=0)


async def test_what_was_told_of_by_itself_is_not_tried_again_with_another(database, incident):
    await wish(database, STATUS, UPDATE, UPDATE, UPDATE)
    await deliver(database)
    first, second, silent = [await give_up(database) for _ in range(3)]
    assert await again(database, first.effect_id, second.effect_id)
    assert [one.effect_id for one in await deliver_all(database)] == [first.effect_id, silent.effect_id]
    assert [one.effect_id for one in await failures(database)] == [second.effect_id]


# Let be


async def test_what_is_let_be_is_settled_with_all_that_goes_its_way(database, incident):
    failed = await fail_the_room(database)
    assert await let_be(database, failed.effect_id)
    assert await failures(database) == [] and await counts(database) == Counts(waiting=0, failed=0)
    assert not await again(database, failed.effect_id) and not await let_be(database, failed.effect_id)


async def test_what_could_still_come_with_something_else_is_not_let_be_with_it(database, incident):
    await wish(database, STATUS, UPDATE)
    first = await give_up(database)
    await give_up(database, lanes.MOOT)
    await wish(database, STATUS)
    second = await give_up(database)
    assert await let_be(database, first.effect_id, second.effect_id)
    assert names(await failures(database)) == [("ShowStatus status:support", ["PostUpdate updates:support"])]
    assert await again(database, second.effect_id)
    effects: list[Effect] = [one.effect for one in await deliver_all(database)]
    assert effects == [STATUS, UPDATE]
