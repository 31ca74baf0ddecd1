"""15. What is no incident is cancelled, and what is the same as another is merged into it: each with a last word to all who were
told, and nothing in it goes on by itself."""

import asyncio
import re

import pytest

from bot.app import App
from bot.core.decision import AttemptRefused
from bot.core.ends import IncidentCancelled, IncidentMerged, MergeIncident
from bot.core.incident import Cause, End, LinkKind
from bot.core.links import IncidentLinked
from bot.sandbox import Person, Sandbox
from bot.store.audit import audit, replay
from tests.running import pass_time
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    kinds_of,
    proposes,
    room_of,
    takes_command,
    updates_in,
)


def topic(sandbox: Sandbox, room: str) -> str:
    """What stands over a room."""
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None
    return channel.topic.value


async def cancels(person: Person, room: str, reason: str, words: str = "") -> dict[str, str]:
    """Choose it behind the three dots of the card, and say why."""
    await person.chooses("more", "Cancel this incident", in_=room)
    form = await person.gets_form("Cancel incident")
    assert form.labels == ["Why?", "Anything to add?"]
    await person.fills({"Why?": reason, **({"Anything to add?": words} if words else {})})
    return await person.submits()


async def test_a_false_alarm_is_cancelled_and_whoever_was_told_reads_so_once(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    assert await cancels(alice, room, "False alarm", "The graph was wrong") == {}
    await everything_is_delivered(bot, sandbox)
    last = updates_in(carol, "#exec-updates")[-1]
    assert "No problem found" in last
    assert "We looked into a report and found no effect on customers." in last and "No action is needed." in last
    card = await alice.sees(re.compile("Started|Since"), in_=room)
    assert "●\u00a0Cancelled (false alarm)" in card.text and "Triage" not in card.text and "[" not in card.text
    assert topic(sandbox, room) == "SEV1 · Cancelled (false alarm) · Checkout is failing"
    await carol.sees("●\u00a0Cancelled (false alarm)", in_="#incidents")
    await alice.sees("INC-1 is cancelled. @alice cancelled it. False alarm: “The graph was wrong”", in_=room)
    before = len(updates_in(carol, "#exec-updates"))
    await pass_time(bot, sandbox, 24 * 60)
    assert len(updates_in(carol, "#exec-updates")) == before
    assert "No incident is open" in await asks(alice, "/incident list", in_="#general")
    assert "cancelled the incident (false alarm)" in await asks(alice, "/incident timeline", in_=room)
    assert "INC-1 is cancelled (false alarm), and nothing" in await asks(alice, "/incident note x", in_=room)


async def test_nobody_who_was_told_nothing_hears_that_it_was_nothing(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await cancels(alice, room, "Declared by mistake")
    await everything_is_delivered(bot, sandbox)
    assert updates_in(carol, "#exec-updates") == []


async def test_only_who_leads_or_declared_it_cancels_and_anybody_while_nobody_leads(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await takes_command(alice, room)
    await bob.joins(room)
    await everything_is_delivered(bot, sandbox)
    await cancels(bob, room, "False alarm")
    assert bob.form is not None and "In INC-1 only these may cancel it" in bob.form.text
    await bob.closes()
    assert [event.attempt for event in await journal(bot, AttemptRefused)] == ["CancelIncident"]
    other = await declares(sandbox, alice, "Search is slow")
    await bob.joins(other)
    await cancels(bob, other, "Known already, or not ours")
    assert [event.cause for event in await journal(bot, IncidentCancelled, 2)] == [Cause.KNOWN]


async def test_what_was_fought_or_contained_is_not_cancelled_any_more(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types("/incident cancel", in_=room)
    await alice.gets_form("Cancel incident")
    await advances_behind(sandbox, bot, alice, room)
    await alice.fills({"Why?": "False alarm"})
    await alice.submits()
    assert alice.form is not None and "From there an incident walks on to its close" in alice.form.text
    assert (await bot.service.incident(1, viewer="")).is_open


async def advances_behind(sandbox: Sandbox, bot: App, alice: Person, room: str) -> None:
    """Somebody else moves it on to CONTAINMENT while a form is open."""
    erin = sandbox.person("erin")
    await alice.types("/incident role deputy @erin", in_=room)
    await everything_is_delivered(bot, sandbox)
    await advances(erin, "Advance to Triage", room)
    seats = {"Communications lead": "@bob", "Operations lead": "@dave"}
    await advances(erin, "Advance to Containment", room, **seats)
    await everything_is_delivered(bot, sandbox)


async def two_of_the_same(sandbox: Sandbox, bot: App, alice: Person, bob: Person) -> tuple[str, str]:
    """The rooms of INC-1, which ALICE leads, and of INC-2, which is the same, with an idea and an earlier start."""
    first = await declares(sandbox, alice, "sev2 Checkout is failing")
    second = await declares(sandbox, bob, "sev1 Payments fail")
    await takes_command(alice, first)
    await bob.types("/incident role ops @dave", in_=second)
    await proposes(bob, "The release broke it", second)
    await bob.types("/incident started about 0:05", in_=second)
    await everything_is_delivered(bot, sandbox)
    return first, second


async def test_a_duplicate_is_merged_and_both_journals_both_cards_and_everyone_told_say_so(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, dave: Person
):
    first, second = await two_of_the_same(sandbox, bot, alice, bob)
    began = (await bot.service.incident(2, viewer="")).started
    assert "INC-2 is merged into INC-1" in await asks(bob, "/incident merge INC-1", in_=second)
    await everything_is_delivered(bot, sandbox)

    merged, survivor = [await bot.service.incident(number, viewer="") for number in (2, 1)]
    assert (merged.end, merged.into) == (End.MERGED, 1) and survivor.is_open
    assert survivor.started == began and survivor.is_start_estimated
    (link,) = await journal(bot, IncidentLinked, 1)
    assert (link.kind, link.other, link.hypotheses) == (LinkKind.ABSORBED, 2, (1,))

    assert await room_of(sandbox, bob, 1) == await room_of(sandbox, dave, 1) == first
    await bob.sees(f"INC-2 goes on as INC-1. @bob merged it.\nPlease go on in {first}.", in_=second)
    await alice.sees("INC-2 is part of this now. @bob merged it into INC-1.", in_=first)
    card = await alice.sees("we must know:", in_=first)
    assert f"Merged into this one: INC-2 ({second}), where H1 stood open" in card.text
    assert "Started\nabout " in card.text
    assert topic(sandbox, second) == "SEV1 · Merged into INC-1 · Payments fail"
    await carol.sees("It goes on as INC-1.", in_="#incidents")
    last = [text for text in updates_in(carol, "#exec-updates") if "Handled together with INC-1" in text]
    assert len(last) == 1 and "From now on, you read about it under INC-1." in last[0]
    async with bot.database.read() as tx:
        assert await audit(tx) == []
        for number in (1, 2):
            compared = await replay(tx, sandbox.team_id, number)
            assert compared is not None and compared[0] == compared[1]


async def test_whoever_was_told_of_the_duplicate_hears_of_the_survivor_though_its_severity_is_not_theirs(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    await declares(sandbox, alice, "sev4 Checkout is slow")
    second = await declares(sandbox, bob, "sev1 Payments fail")
    await everything_is_delivered(bot, sandbox)
    await bob.types("/incident merge INC-1", in_=second)
    await everything_is_delivered(bot, sandbox)
    before = len(updates_in(carol, "#exec-updates"))
    survivor_room = await room_of(sandbox, alice, 1)
    await takes_command(alice, survivor_room)
    await advances(alice, "Advance to Triage", survivor_room)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(carol, "#exec-updates")) > before
    await pass_time(bot, sandbox, 24 * 60)
    kinds = await kinds_of(bot, 2)
    assert set(kinds[kinds.index("IncidentMerged") + 1 :]) <= {
        "UpdateIssued",
        "UpdateDrafted",
        "UpdateSent",
        "RoomOpened",
    }
    assert kinds[kinds.index("IncidentMerged") :].count("UpdateIssued") == 3, (
        "one last word to each who was told, and no more"
    )


async def test_merging_into_what_was_merged_goes_to_the_one_that_is_left(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await declares(sandbox, alice, "Checkout is failing")
    second = await declares(sandbox, bob, "Payments fail")
    third = await declares(sandbox, alice, "Nobody can pay")
    await bob.types("/incident merge INC-1", in_=second)
    await alice.types("/incident merge INC-2", in_=third)
    assert [event.into for event in await journal(bot, IncidentMerged, 3)] == [1]
    assert {link.other for link in (await bot.service.incident(1, viewer="")).links} == {2, 3}


async def test_who_followed_one_that_was_merged_follows_when_that_is_merged_too(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    await declares(sandbox, alice, "Checkout is failing")
    second = await declares(sandbox, bob, "Payments fail")
    third = await declares(sandbox, dave, "Nobody can pay")
    await dave.types("/incident merge INC-2", in_=third)
    await bob.types("/incident merge INC-1", in_=second)
    assert await room_of(sandbox, dave, 1) == "#inc-1-checkout-is-failing"


async def test_an_incident_is_not_merged_into_itself_into_one_that_is_over_or_into_one_that_is_not_there(
    sandbox: Sandbox, bot: App, alice: Person
):
    first = await declares(sandbox, alice, "Checkout is failing")
    second = await declares(sandbox, alice, "Payments fail")
    assert "cannot be merged into itself" in await asks(alice, "/incident merge INC-1", in_=first)
    assert "There is no INC-99 here" in await asks(alice, "/incident merge INC-99", in_=first)
    await cancels(alice, second, "False alarm")
    assert "INC-2 is over" in await asks(alice, "/incident merge 2", in_=first)
    assert "Which one goes on?" in await asks(alice, "/incident merge the other", in_=first)
    assert (await bot.service.incident(1, viewer="")).is_open


async def test_the_other_incident_can_be_chosen_in_a_form(sandbox: Sandbox, bot: App, alice: Person):
    first = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident merge", in_=first)
    await alice.sees("No other incident is open", in_=first)
    await declares(sandbox, alice, "Payments fail")
    await alice.chooses("more", "Merge into another", in_=first)
    form = await alice.gets_form("Merge into another")
    assert form.labels == ["Which one goes on?"]
    await alice.fills({"Which one goes on?": "INC-2: Payments fail"})
    assert await alice.submits() == {}
    assert (await bot.service.incident(1, viewer="")).into == 2


@pytest.mark.parametrize("turn", range(3))
async def test_two_who_merge_each_others_incident_at_once_leave_one_of_them(
    sandbox: Sandbox, bot: App, alice: Person, turn: int
):
    """Were each merged into the other, nobody would look after either."""
    for title in ("Checkout is failing", "Payments fail"):
        await declares(sandbox, alice, title)

    async def merge(number: int, into: int) -> object:
        origin = bot.service.origin(actor=alice.id, key=f"{turn} {number}", incident=number)
        return (await bot.service.handle(MergeIncident(origin=origin, into=into))).refusal

    refusals = await asyncio.gather(merge(1, 2), merge(2, 1))
    assert sum(refusal is None for refusal in refusals) == 1
    ended = [(await bot.service.incident(number, viewer="")).end for number in (1, 2)]
    assert sorted(map(str, ended)) == ["MERGED", "None"]


async def test_a_merge_that_slack_delivers_twice_is_one(sandbox: Sandbox, bot: App, alice: Person):
    for title in ("Checkout is failing", "Payments fail"):
        await declares(sandbox, alice, title)
    origin = bot.service.origin(actor=alice.id, key="the same", incident=2)
    outcomes = await asyncio.gather(*(bot.service.handle(MergeIncident(origin=origin, into=1)) for _ in range(3)))
    assert len({outcome.canonical() for outcome in outcomes}) == 1 and outcomes[0].refusal is None
    assert len(await journal(bot, IncidentLinked, 1)) == len(await journal(bot, IncidentMerged, 2)) == 1
