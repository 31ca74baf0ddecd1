"""A redaction in the journal: the text goes, the chain stays whole, and the state is what the events add up to then."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from bot.core.decision import Event
from bot.core.effects import Announce, Mention, OpenRoom, SetTopic, ShowCard, Tell, TellThread
from bot.core.facts import TitleChanged
from bot.core.incident import Incident, Phase
from bot.core.notes import NoteAdded
from bot.core.redaction import TextRedacted
from bot.core.router.updates import Occasion, UpdateIssued
from bot.store import commands, journal, lanes, tables
from bot.store.audit import Finding, audit, replay
from bot.store.chain import redactions, verify_chain, verify_redactions
from bot.store.database import Database
from bot.store.posts import forget_names, posts_of
from tests.store.given import ALICE, START, TEAM, begin, deliver_all, impact

SECRET = "hunter2"


def order(*entries: int, fields: tuple[str, ...] = ("impact",)) -> Event:
    """An event that orders the redaction of these entries."""
    return TextRedacted(at=START, actor=ALICE, entries=dict.fromkeys(entries, fields), reason="Pasted")


async def redact(database: Database, entries: Mapping[int, tuple[str, ...]]) -> Incident:
    """Order a redaction in INC-1, and carry it out."""
    async with database.write() as tx:
        before = await journal.lock(tx, TEAM, 1)
        assert before is not None
        ordered = TextRedacted(at=START, actor=ALICE, entries=entries, reason="Pasted")
        after = await journal.append(tx, before, [ordered], START)
        return await journal.redact(tx, TEAM, 1, after.seq, entries)


async def stored(database: Database, table: str) -> str:
    """Every value of every column of a table."""
    async with database.read() as tx:
        rows = (await tx.execute(text(f'SELECT * FROM "{table}"'))).all()
    return "\n".join(str(value) for row in rows for value in row)


async def test_the_text_goes_from_the_journal_the_snapshot_and_the_list_and_all_of_it_stays_whole(database):
    await begin(database, TitleChanged(at=START, actor=ALICE, title=SECRET), impact(SECRET), impact("More is known."))
    after = await redact(database, {2: ("title",), 3: ("impact",)})
    assert (after.title, after.impact, after.seq) == ("[redacted]", "More is known.", 5)
    assert SECRET not in await stored(database, "event") + await stored(database, "incident")
    async with database.read() as tx:
        assert await audit(tx) == []
        assert await replay(tx, TEAM, 1) == (after.canonical(), after.canonical())
        assert await journal.load(tx, TEAM, 1) == after
        recorded = await journal.events(tx, TEAM, 1)
    assert [type(one.event).__name__ for one in recorded][1:3] == ["TitleChanged", "ImpactStated"]


async def test_what_was_not_typed_in_a_redacted_event_is_known_to_be_missing(database):
    wording: dict[str, Any] = {
        "audience": "support",
        "occasion": Occasion.CLOSE,
        "phase": Phase.POSTMORTEM,
        "since": START,
    }
    composed = UpdateIssued(
        at=START, actor=ALICE, severity=None, promised=None, impact=SECRET, to_channel=False, **wording
    )
    await begin(database, composed)
    await redact(database, {2: ("impact",)})
    async with database.read() as tx:
        event = (await journal.events(tx, TEAM, 1, after=1))[0].event
    assert isinstance(event, UpdateIssued) and (event.impact, event.text) == ("[redacted]", None)


async def test_more_can_be_recorded_after_a_redaction(database):
    await begin(database, impact(SECRET))
    after = await redact(database, {2: ("impact",)})
    async with database.write() as tx:
        later = await journal.append(tx, after, [impact("Nobody can pay.")], START)
    async with database.read() as tx:
        assert await audit(tx) == [] and await journal.load(tx, TEAM, 1) == later


async def test_what_was_typed_is_read_for_a_redaction_and_not_what_is_redacted_already(database):
    await begin(database, impact(SECRET), NoteAdded(at=START, actor=ALICE, text="A note"))
    await redact(database, {2: ("impact",)})
    async with database.read() as tx:
        written = await journal.written(tx, TEAM, 1)
    assert [dict(one.texts) for one in written] == [
        {"title": "Checkout is failing"},
        {},
        {"text": "A note"},
        {"reason": "Pasted"},
    ]


async def test_another_incident_keeps_what_it_has(database):
    for _ in range(2):
        await begin(database, impact(SECRET))
    await redact(database, {2: ("impact",)})
    assert (await stored(database, "event")).count(SECRET) == 1


# The triggers


REDACTION = {"text": None, "salt": None, "redacted_by": 3}


@pytest.mark.parametrize(
    "change", [{"actor": "UMALLORY"}, {"data": "{}"}, {"text": "{}", "salt": "", "redacted_by": None}]
)
async def test_a_redacted_event_can_still_not_be_changed(database, change):
    await begin(database, impact(SECRET))
    await redact(database, {2: ("impact",)})
    with pytest.raises(DBAPIError, match="the journal is append-only"):
        async with database.write() as tx:
            await tx.execute(update(tables.event).where(tables.event.c.seq == 2).values(change))


async def test_a_statement_that_fails_is_reported_without_what_was_typed(database):
    await begin(database, impact("x"))
    with pytest.raises(DBAPIError) as failed:
        async with database.write() as tx:
            await tx.execute(update(tables.event).values(actor=SECRET))
    assert SECRET not in str(failed.value)


# The audit


async def test_a_redaction_whose_order_names_another_event_is_found(database):
    await begin(database, impact(SECRET), impact("More"), order(3))
    async with database.write() as tx:
        await tx.execute(
            update(tables.event).where(tables.event.c.seq.in_([2, 3])).values({**REDACTION, "redacted_by": 4})
        )
        assert await audit(tx) == [Finding(TEAM, 1, 2, "was redacted without an event that says so")]


async def test_a_redaction_that_names_another_order_is_found(database):
    await begin(database, impact(SECRET), order(2), order(1, fields=("title",)))
    async with database.write() as tx:
        await tx.execute(update(tables.event).where(tables.event.c.seq == 1).values({**REDACTION, "redacted_by": 4}))
        await tx.execute(update(tables.event).where(tables.event.c.seq == 2).values({**REDACTION, "redacted_by": 4}))
        assert await audit(tx) == [Finding(TEAM, 1, 2, "was redacted without an event that says so")]


async def test_an_order_that_was_not_carried_out_is_found(database):
    await begin(database, impact(SECRET), order(2))
    async with database.read() as tx:
        assert await audit(tx) == [Finding(TEAM, 1, 2, "still has what event 3 says was redacted")]


async def test_an_order_that_cannot_be_read_orders_nothing(database):
    await begin(database, impact(SECRET), order(2))
    async with database.read() as tx:
        entries = await journal.entries(tx, TEAM, 1)
    assert redactions(entries) == {2: (3, ["impact"])}
    assert verify_chain(entries) is None and verify_redactions(entries[:2]) is None
    for data in ("", "[]", "{}", '{"entries":[2]}', '{"entries":{"x":[]}}', '{"entries":{"2":7}}'):
        object.__setattr__(entries[2], "data", data)
        assert redactions(entries) == {}


# What else is kept


async def test_outcomes_are_kept_anew_and_those_of_other_incidents_are_left(database):
    async with database.write() as tx:
        for key, number in (("a", 1), ("b", 2), ("c", None)):
            await commands.keep_outcome(tx, TEAM, key, number, SECRET, START)
        await commands.rewrite_outcomes(tx, TEAM, 1, lambda kept: kept.replace(SECRET, "gone"))
        assert [await commands.outcome(tx, TEAM, key) for key in "abc"] == ["gone", SECRET, SECRET]


async def test_what_was_posted_of_an_event_is_known_by_its_ids_and_whether_it_is_still_to_come(database):
    await begin(database)
    wishes = [(1, ShowCard()), (1, Tell()), (1, TellThread(hypothesis=1)), (2, Tell()), (1, Mention(people=("@a",)))]
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, wishes, START)
        await tx.execute(update(tables.lane).values(needs=None))
        posts = await posts_of(tx, TEAM, 1, 1)
    assert {type(effect) for effect in posts.effects.values()} == {Tell, TellThread, Mention}
    assert not posts.are_settled
    delivered = await deliver_all(database)
    assert set(posts.effects) <= {claim.effect_id for claim in delivered}
    async with database.read() as tx:
        assert (await posts_of(tx, TEAM, 1, 1)).are_settled
        assert (await posts_of(tx, TEAM, 1, 9)).are_settled


async def test_names_that_an_earlier_version_kept_of_rooms_are_cleared(database):
    await begin(database)
    async with database.write() as tx:
        await lanes.enqueue(tx, TEAM, 1, [(1, OpenRoom()), (1, SetTopic()), (1, Announce())], START)
        await tx.execute(update(tables.lane).values(receipt=SECRET, error=SECRET))
        await tx.execute(update(tables.lane).where(tables.lane.c.name == "announcement").values(receipt='{"ts":"1.1"}'))
        await forget_names(tx, TEAM, 1)
    lane = await stored(database, "lane")
    assert SECRET not in lane and '{"ts":"1.1"}' in lane
