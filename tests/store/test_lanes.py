"""Lanes: each effect once, in order, by one bot at a time, whoever dies meanwhile."""

import asyncio
import random

import pytest
from sqlalchemy import insert, select, text, update

from bot.core.effects import (
    Announce,
    Effect,
    Invite,
    Mention,
    OpenRoom,
    PinCard,
    PostUpdate,
    SetTopic,
    ShowCard,
    ShowHypothesis,
    ShowStatus,
    Tell,
    TellThread,
)
from bot.store import lanes, tables
from bot.store.database import Database
from bot.store.lanes import Claim, Counts, Receipt
from bot.store.posts import links_of
from tests.store.given import NOW, START, TEAM, after, begin, claim, claimed, deliver, deliver_all, wish

ROOM, CARD, TELL = OpenRoom(), ShowCard(), Tell()


def invite(name: str) -> Invite:
    """An invitation, which is said once and for all, in a lane of its name."""
    return Invite(people=("U1",), lane_of=name)


async def done(database: Database, taken: Claim, receipt: Receipt | None = None) -> bool:
    async with database.write() as tx:
        return await lanes.done(tx, taken, receipt)


async def again(database: Database, taken: Claim, seconds: float = 0.0, uncertain: bool = False) -> bool:
    async with database.write() as tx:
        return await lanes.again(tx, taken, NOW + seconds, uncertain, "a reason")


async def failed(database: Database, taken: Claim) -> bool:
    async with database.write() as tx:
        return await lanes.failed(tx, taken, "channel_not_found")


async def counts(database: Database) -> Counts:
    async with database.read() as tx:
        return await lanes.counts(tx)


async def wakes_at(database: Database, now: float = NOW) -> float | None:
    async with database.read() as tx:
        return await lanes.next_not_before(tx, now)


@pytest.fixture
async def incident(database: Database) -> None:
    """Incident 1, with nothing to deliver yet."""
    await begin(database)


@pytest.fixture
async def room(database: Database, incident: None) -> None:
    """Incident 1, with its room open."""
    await wish(database, ROOM)
    await deliver(database)


async def test_where_something_was_said_is_kept_with_it_and_the_room_comes_before_a_thread(database, room):
    await wish(database, ShowHypothesis(hypothesis=1), TellThread(hypothesis=1), TELL)
    for _ in range(3):
        taken = await claimed(database)
        assert await done(
            database, taken, {"ts": "1", "permalink": f"https://example.com/{type(taken.effect).__name__}"}
        )
    async with database.read() as tx:
        assert await links_of(tx, TEAM, 1) == {1: "https://example.com/Tell"}
        assert await links_of(tx, TEAM, 2) == {}


async def test_nothing_waits_at_first(database):
    assert await claim(database) is None
    assert await wakes_at(database) is None
    assert await counts(database) == Counts(waiting=0, failed=0)


async def test_a_claim_says_all_that_a_delivery_needs(database, incident):
    await wish(database, Invite(people=("U1", "U2"), lane_of="declarer"), ROOM)
    await deliver(database)
    taken = await claimed(database, owner="me", at=after(minutes=3))
    assert taken.effect == Invite(people=("U1", "U2"), lane_of="declarer")
    assert (taken.team, taken.incident, taken.seq, taken.lane) == (TEAM, 1, 1, "invite:declarer")
    assert (taken.attempts, taken.uncertain, taken.first_tried_at) == (0, False, after(minutes=3))
    assert (taken.receipt, taken.receipts) == (None, {"room": {"of": "room"}})
    assert len(taken.effect_id) == 32


async def test_an_effect_is_delivered_once(database, incident):
    await wish(database, ROOM)
    await deliver(database)
    assert await claim(database) is None
    assert await counts(database) == Counts(waiting=0, failed=0)


async def test_said_effects_of_a_lane_are_delivered_one_by_one_in_the_order_they_came_in(database, room):
    said = [Mention(people=(f"U{n}",)) for n in range(5)]
    await wish(database, *said[:2])
    await wish(database, *said[2:], at=after(hours=-1))  # domain time may jump back
    assert [taken.effect for taken in await deliver_all(database)] == said


async def test_the_oldest_effect_goes_first_across_lanes_and_incidents(database, room):
    await begin(database)
    await wish(database, invite("third"), invite("fourth"), at=after(minutes=2))
    await wish(database, ROOM, incident=2, at=after(minutes=1))
    await wish(database, TELL)
    order = [(taken.incident, taken.lane) for taken in await deliver_all(database)]
    assert order == [(1, "notices"), (2, "room"), (1, "invite:third"), (1, "invite:fourth")]


async def test_a_long_lane_lets_younger_ones_in_between(database, room):
    await wish(database, TELL)
    await wish(database, TELL, at=after(minutes=2))
    await wish(database, invite("someone"), at=after(minutes=1))
    assert [taken.lane for taken in await deliver_all(database)] == ["notices", "invite:someone", "notices"]


async def test_a_claimed_lane_is_nobody_elses_until_it_is_done(database, room):
    await wish(database, TELL, TELL)
    first = await claimed(database, "one bot")
    assert await claim(database, "one bot") is None
    assert await claim(database, "another bot") is None
    assert await done(database, first)
    assert (await claimed(database, "another bot")).effect_id != first.effect_id


async def test_lanes_run_side_by_side(database, room):
    await wish(database, CARD, TELL, Announce())
    taken = [await claimed(database) for _ in range(3)]
    assert {one.lane for one in taken} == {"card", "notices", "announcement"}
    assert await claim(database) is None


async def test_lanes_of_a_room_wait_until_it_is_open(database, incident):
    await wish(database, ROOM, CARD, TELL)
    opening = await claimed(database)
    assert opening.lane == "room"
    assert await claim(database) is None
    assert await done(database, opening)
    assert [taken.lane for taken in await deliver_all(database)] == ["card", "notices"]


async def test_a_lane_enqueued_after_the_one_it_needs_has_delivered_is_ready_at_once(database, room):
    await wish(database, TELL)
    assert (await claimed(database)).lane == "notices"


async def test_a_lane_may_need_another_that_needs_a_third(database, incident):
    await wish(database, PinCard(), CARD, ROOM)
    assert [taken.lane for taken in await deliver_all(database)] == ["room", "card", "pin"]


async def test_an_update_waits_for_its_audiences_status_and_for_no_room(database, incident):
    await wish(database, ROOM, PostUpdate(audience="support"), ShowStatus(audience="support"))
    order = [taken.lane for taken in await deliver_all(database)]
    assert order == ["room", "status:support", "updates:support"]


async def test_the_room_of_one_incident_does_not_open_the_lanes_of_another(database, room):
    await begin(database)
    await wish(database, TELL, incident=2)
    assert await claim(database) is None


async def test_lanes_that_need_one_that_failed_for_good_start(database, incident):
    await wish(database, ROOM, TELL)
    assert await failed(database, await claimed(database))
    assert (await claimed(database)).lane == "notices"


async def test_ten_changes_of_a_living_lane_are_one_delivery_of_the_last(database, room):
    for seq in range(2, 12):
        async with database.write() as tx:
            await lanes.enqueue(tx, TEAM, 1, [(seq, CARD)], START)
    assert await counts(database) == Counts(waiting=1, failed=0)
    assert [taken.seq for taken in await deliver_all(database)] == [11]
    assert await counts(database) == Counts(waiting=0, failed=0)


async def test_of_one_call_a_living_lane_keeps_the_last_and_a_said_one_all(database, room):
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, [(2, CARD), (2, TELL), (3, CARD), (3, TELL)], START)
    assert sorted((taken.lane, taken.seq) for taken in await deliver_all(database)) == [
        ("card", 3),
        ("notices", 2),
        ("notices", 3),
    ]


async def test_a_living_effect_waits_behind_the_one_that_is_being_delivered(database, room):
    await wish(database, CARD)
    first = await claimed(database)
    await wish(database, CARD)
    assert await claim(database) is None
    assert await done(database, first)
    second = await claimed(database)
    assert second.effect_id != first.effect_id
    assert (second.attempts, second.uncertain) == (0, False)


async def test_a_living_effect_takes_over_the_tries_of_the_one_it_overtakes(database, room):
    await wish(database, CARD)
    first = await claimed(database)
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, [(7, CARD)], after(minutes=5))
    assert await again(database, first, uncertain=True)
    second = await claimed(database, at=after(minutes=6))
    assert second.seq == 7
    assert second.effect_id == first.effect_id, "what the first try may have posted is found by its id"
    assert (second.attempts, second.uncertain, second.first_tried_at) == (1, True, START)
    assert await done(database, second)
    assert await claim(database) is None


async def test_what_came_true_leaves_no_tries_to_the_next_effect(database, room):
    await wish(database, TELL, TELL)
    first = await claimed(database)
    assert await again(database, first, uncertain=True)
    assert await done(database, await claimed(database))
    second = await claimed(database, at=after(minutes=1))
    assert (second.attempts, second.uncertain, second.first_tried_at) == (0, False, after(minutes=1))


async def test_a_lane_that_is_to_be_tried_again_waits_and_others_do_not(database, room):
    await wish(database, TELL, invite("someone"))
    first = await claimed(database)
    assert await again(database, first, seconds=5.0)
    assert (await deliver(database)).lane == "invite:someone"
    assert await claim(database, now=NOW + 4.9) is None
    assert await wakes_at(database) == NOW + 5.0
    second = await claimed(database, now=NOW + 5.0)
    assert second.effect_id == first.effect_id
    assert (second.attempts, second.uncertain) == (1, False)


async def test_a_try_that_does_not_count_leaves_the_attempts_as_they_were(database, room):
    await wish(database, TELL)
    taken = await claimed(database)
    async with database.write() as tx:
        assert await lanes.again(tx, taken, NOW, False, "not its turn", counts=False)
    assert (await claimed(database)).attempts == 0


async def test_once_a_try_was_uncertain_the_effect_stays_so_until_it_is_settled(database, room):
    await wish(database, TELL)
    assert await again(database, await claimed(database), uncertain=True)
    assert await again(database, await claimed(database), uncertain=False)
    assert (await claimed(database)).uncertain


async def test_the_lane_of_a_bot_that_died_is_taken_over_when_its_lease_has_passed(database, room):
    await wish(database, TELL)
    first = await claimed(database, "a bot that dies")
    assert await claim(database, "another bot", now=NOW + 29.9) is None
    assert await wakes_at(database) == NOW + 30.0
    second = await claimed(database, "another bot", now=NOW + 30.0, at=after(minutes=1))
    assert second.effect_id == first.effect_id
    assert (second.attempts, second.uncertain, second.first_tried_at) == (1, True, START)


async def test_a_result_counts_only_while_the_claim_is_the_latest(database, room):
    await wish(database, TELL, TELL)
    old = await claimed(database, "one bot")
    new = await claimed(database, "one bot", now=NOW + 30.0)
    assert not await done(database, old, {"of": "the old claim"})
    assert not await again(database, old, uncertain=True)
    assert not await failed(database, old)
    assert await counts(database) == Counts(waiting=2, failed=0)
    assert await done(database, new)
    assert not await done(database, new), "a result is recorded once"
    assert await counts(database) == Counts(waiting=1, failed=0)


async def test_a_late_result_counts_when_nobody_took_over(database, room):
    await wish(database, TELL)
    assert await done(database, await claimed(database))


async def begin_anew(database: Database, now: float, lease: float) -> None:
    async with database.write() as tx:
        await lanes.begin_waits_anew(tx, held_until=now + lease, others_until=now)


async def test_a_bot_that_is_alone_takes_over_at_once_what_it_left_behind(database, room):
    await wish(database, TELL, invite("someone"))
    left = await claimed(database, "before the crash")
    await begin_anew(database, NOW, lease=0.0)
    taken = {one.lane: one for one in [await claimed(database, "after it"), await claimed(database, "after it")]}
    assert taken["notices"].effect_id == left.effect_id
    assert taken["notices"].uncertain
    assert not taken["invite:someone"].uncertain
    assert not await done(database, left)


async def test_a_lease_lasts_when_the_clock_is_set_ahead(database, room):
    await wish(database, TELL)
    held = await claimed(database)
    await begin_anew(database, tomorrow := NOW + 86400, lease=30.0)
    assert await claim(database, now=tomorrow + 29) is None
    assert await done(database, held)


async def test_no_lane_waits_for_an_hour_when_the_clock_is_set_back_by_one(database, room):
    await wish(database, TELL, invite("someone"))
    held, waits = await claimed(database), await claimed(database)
    await again(database, waits, seconds=5)
    await begin_anew(database, earlier := NOW - 3600, lease=30.0)
    first = await claim(database, now=earlier)
    assert first is not None and first.lane == waits.lane
    assert await claim(database, now=earlier + 29) is None
    second = await claim(database, now=earlier + 31)
    assert second is not None and second.lane == held.lane and second.uncertain


async def test_an_effect_that_is_given_up_counts_as_failed_and_the_lane_moves_on(database, room):
    await wish(database, TELL, Mention(people=("U1",)))
    assert await failed(database, await claimed(database))
    assert await counts(database) == Counts(waiting=1, failed=1)
    assert (await deliver(database)).effect == Mention(people=("U1",))
    async with database.read() as tx:
        assert (await tx.execute(select(tables.effect.c.failure))).scalars().all().count("channel_not_found") == 1


async def test_a_lane_keeps_its_last_receipt_until_there_is_another(database, room):
    await wish(database, CARD)
    assert await done(database, await claimed(database), {"ts": "1.0"})
    for receipt, kept in [(None, {"ts": "1.0"}), ({"ts": "2.0"}, {"ts": "1.0"}), (None, {"ts": "2.0"})]:
        await wish(database, CARD)
        taken = await claimed(database)
        assert taken.receipt == kept
        assert taken.receipts == {"room": {"of": "room"}}
        assert await done(database, taken, receipt)


async def test_nothing_wakes_the_outbox_for_a_lane_that_waits_for_another(database, incident):
    await wish(database, TELL)
    assert await wakes_at(database) is None
    await wish(database, ROOM)
    assert await wakes_at(database) == NOW


async def test_an_effect_of_a_newer_version_is_left_to_it_and_holds_up_no_other_lane(database, room):
    await wish(database, TELL)
    await wish(database, invite("someone"), at=after(minutes=1))
    async with database.write() as tx:
        await tx.execute(update(tables.effect).where(tables.effect.c.lane == "notices").values(kind="Sing"))
    assert (await deliver(database)).lane == "invite:someone"
    assert await claim(database) is None
    assert await wakes_at(database) == NOW + lanes.UNREADABLE
    async with database.write() as tx:
        await tx.execute(update(tables.effect).where(tables.effect.c.lane == "notices").values(kind="Tell"))
    upgraded = await claimed(database, now=NOW + lanes.UNREADABLE)
    assert (upgraded.effect, upgraded.attempts, upgraded.uncertain) == (TELL, 0, False)


async def test_an_effect_is_enqueued_with_its_event_or_not_at_all(database, incident):
    with pytest.raises(RuntimeError):
        async with database.write() as tx:
            await lanes.enqueue(tx, TEAM, 1, [(1, ROOM)], START)
            raise RuntimeError
    assert await claim(database) is None


async def test_effects_that_come_in_at_once_for_the_same_lanes_do_not_block_each_other(database, room):
    """Lanes are locked in one order, in whatever order their effects are wished for."""
    effects: list[Effect] = [invite(f"{n}") for n in range(8)]
    async with asyncio.timeout(30):
        await asyncio.gather(*(wish(database, *effects[::step], *effects[::-step]) for step in (1, -1) * 40))
    assert await counts(database) == Counts(waiting=80 * 16, failed=0)


async def test_no_wishes_are_no_work(database):
    await wish(database)
    assert await counts(database) == Counts(waiting=0, failed=0)


async def test_of_many_bots_that_claim_at_once_one_gets_each_lane(database_url, database, room):
    bots = [database, *[await Database.open(database_url) for _ in range(2)]]
    for n in range(15):
        await wish(database, invite(f"{n} one"), invite(f"{n} two"))
        asking = [claim(bots[asked % 3], f"bot {asked}") for asked in range(9)]
        taken = [one for one in await asyncio.gather(*asking) if one]
        assert len(taken) == len({one.lane for one in taken})
        assert not any(one.uncertain for one in taken)
        await deliver_all(database)
        for one in taken:
            assert await done(database, one)
    for other in bots[1:]:
        await other.close()


async def bot(database: Database, name: str, sent: list[Claim], dice: random.Random) -> None:
    """A bot that delivers until nothing is left. Now and then it dies with a claim in its hands, and its lease passes."""
    now = NOW
    while (await counts(database)).waiting:
        taken = await claim(database, name, now)
        if taken is None:
            now += 10.0
        elif dice.random() < 0.15:
            continue
        else:
            await asyncio.sleep(0)
            if await done(database, taken):
                sent.append(taken)


async def test_bots_that_race_settle_each_effect_once_and_in_order(database_url, database):
    """Three bots on one database, with enqueuing going on. Each bot's time runs ahead when it finds nothing, so that leases
    are taken from bots that are still at work, too."""
    for _ in range(4):
        await begin(database)
    said = [invite(f"{lane}").but(people=(f"U{n}",)) for n in range(8) for lane in "abc"]
    sent: list[Claim] = []

    async def enqueue_all() -> None:
        for number in range(1, 5):
            await wish(database, ROOM, CARD, incident=number)
        for effect in said:
            await asyncio.gather(*(wish(database, effect, CARD, incident=number) for number in range(1, 5)))

    others = [await Database.open(database_url) for _ in range(2)]
    async with asyncio.timeout(60):
        writing = asyncio.create_task(enqueue_all())
        await asyncio.sleep(0)
        while not writing.done() or (await counts(database)).waiting:
            bots = [bot(one, f"bot {n}", sent, random.Random(n)) for n, one in enumerate([database, *others])]
            await asyncio.gather(*bots)
    await writing
    for other in others:
        await other.close()
    for number in range(1, 5):
        for lane in "abc":
            wanted = [effect for effect in said if effect.lane_of == lane]
            got = [taken.effect for taken in sent if taken.incident == number and taken.lane == f"invite:{lane}"]
            assert got == wanted
        cards = [taken.position for taken in sent if taken.incident == number and taken.lane == "card"]
        assert cards == sorted(set(cards))
        assert cards[-1] == 1 + len(said)


async def test_postgresql_bots_never_wait_for_each_others_lanes(postgresql_url):
    """A lane whose row another transaction holds is passed by."""
    database = await Database.open(postgresql_url)
    await begin(database)
    await wish(database, ROOM)
    await deliver(database)
    await wish(database, TELL, invite("someone"))
    async with database.write() as tx, asyncio.timeout(5):
        held = await lanes.claim(tx, "one bot", NOW, 30.0, START)
        other = await claimed(database, "another bot")
        assert held is not None
        assert {held.lane, other.lane} == {"notices", "invite:someone"}
        assert await claim(database, "a third bot") is None
    await database.close()


async def test_postgresql_a_result_sees_what_was_enqueued_while_it_waited(postgresql_url):
    """The lane's row is held by an enqueuing transaction when its result comes in: the new effect must not be forgotten."""
    database = await Database.open(postgresql_url)
    await begin(database)
    await wish(database, ROOM)
    await deliver(database)
    await wish(database, TELL)
    taken = await claimed(database)
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, [(2, TELL)], START)
        recording = asyncio.create_task(done(database, taken))
        async with asyncio.timeout(10):
            while not await _somebody_waits_for_a_lock(database):
                pass
    assert await recording
    assert (await claimed(database)).seq == 2
    await database.close()


async def _somebody_waits_for_a_lock(database: Database) -> bool:
    async with database.read() as tx:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool((await tx.execute(text(waiting))).scalar_one())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_claim_reads_the_waiting_lanes_only(kind, request):
    """However many lanes have nothing to do, they cost a claim nothing."""
    database = await Database.open(request.getfixturevalue(f"{kind}_url"))
    await begin(database)
    await wish(database, ROOM)
    async with database.write() as tx:
        model = dict((await tx.execute(select(tables.lane))).mappings().one())
        idle = [{**model, "name": f"idle {n}", "enqueued": 0} for n in range(3000)]
        await tx.execute(insert(tables.lane), idle)
    async with database.write() as tx:
        await tx.execute(text("ANALYZE"))
        explain = "EXPLAIN" if kind == "postgresql" else "EXPLAIN QUERY PLAN"
        statement = "SELECT name FROM lane WHERE delivered < enqueued AND not_before <= 1 ORDER BY turn LIMIT 1"
        plan = " ".join(str(row) for row in await tx.execute(text(f"{explain} {statement}")))
    assert "lane_waiting" in plan
    await database.close()


def test_every_effect_lies_in_a_lane_that_is_living_or_not():
    """Within one lane all are living or all are said: a lane is one or the other."""
    effects: list[Effect] = [ROOM, CARD, TELL, Mention(people=()), SetTopic(), Announce(), PinCard(), invite("x")]
    effects += [ShowStatus(audience="a"), PostUpdate(audience="a")]
    kinds = {(effect.lane, effect.living) for effect in effects}
    assert len({lane for lane, _ in kinds}) == len(kinds)
