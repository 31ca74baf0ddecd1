"""6a. Command: offered and accepted, claimed after silence, taken at once in an emergency; nobody ever wonders who leads."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.app import App
from bot.core.claims import ClaimAnswered, RoleClaimed
from bot.core.load import RestProposed
from bot.core.offers import OfferDeclined, OfferExpired, OfferWithdrawn
from bot.core.roles import How, RoleOffered, RoleTaken
from bot.core.tracker.hypotheses import TestStarted
from bot.sandbox import Person, Sandbox
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    hands_command,
    journal,
    proposes,
    room_of,
    starts_test,
    takes_command,
    walks_to,
)

OFFERED = "would like you to be incident commander of INC-1"


@pytest.fixture
async def room(sandbox: Sandbox, bot: App, alice: Person, bob: Person) -> str:
    """The room of a SEV2 incident that alice leads, with bob in it, and erin, who was called."""
    room = await declares(sandbox, alice, "sev2 Search is slow")
    await takes_command(alice, room)
    await bob.joins(room)
    await everything_is_delivered(bot, sandbox)
    return room


async def leader(bot: App) -> str | None:
    """Who is in command, by the id of the person."""
    seat = (await bot.service.incident(1, viewer="")).commander
    return seat.user if seat else None


async def offers(person: Person, to: str, room: str) -> None:
    """Offer command to somebody."""
    answer = await asks(person, f"/incident role commander @{to}", in_=room)
    assert answer.startswith(f"Incident commander of INC-1 is offered to @{to}.")


async def test_command_is_whoevers_it_was_until_the_other_accepts(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await offers(alice, "bob", room)
    await bob.sees(OFFERED, in_=room)
    assert await leader(bot) == alice.id
    await bob.presses("Accept", in_=room)
    await alice.sees("@bob is now incident commander of INC-1, in place of @alice.", in_=room)
    assert await leader(bot) == bob.id
    await everything_is_delivered(bot, sandbox)
    assert "Incident commander: @bob" in (await alice.sees("INC-1: Search", in_="#incidents")).text
    assert sum("Where we stand" in text for text in alice.reads(room)) == 1, "the brief is in the offer"


async def test_whoever_is_offered_command_is_brought_into_the_room(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, room: str
):
    assert room not in carol.channels
    await offers(alice, "carol", room)
    await carol.sees(OFFERED, in_=room)


async def test_an_offer_can_be_declined(sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str):
    await offers(alice, "bob", room)
    await bob.sees(OFFERED, in_=room)
    await bob.presses("Decline", in_=room)
    await alice.sees("@bob cannot take incident commander now. It is still with @alice.", in_=room)
    assert await leader(bot) == alice.id and len(await journal(bot, OfferDeclined)) == 1


async def test_an_offer_can_be_taken_back(sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str):
    await offers(alice, "bob", room)
    offer = await bob.sees(OFFERED, in_=room)
    await bob.presses("Take it back", on=offer)
    await bob.sees("incident commander is with @alice, and only they can take the offer back.", in_=room)
    await alice.presses("Take it back", in_=room)
    await bob.sees("@alice stays incident commander of INC-1 after all, so the offer to @bob is over.", in_=room)
    await bob.presses("Accept", on=offer)
    await bob.sees("That offer does not stand any more. incident commander is with @alice.", in_=room)
    assert await leader(bot) == alice.id and len(await journal(bot, OfferWithdrawn)) == 1


async def test_an_offer_that_nobody_answers_is_over_after_five_minutes_and_says_so(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await offers(alice, "bob", room)
    offer = await bob.sees(OFFERED, in_=room)
    await pass_time(bot, sandbox, 5.1)
    await alice.sees("@bob has not answered, so the offer of incident commander is over.", in_=room)
    await bob.presses("Accept", on=offer)
    await bob.sees("That offer does not stand any more. incident commander is with @alice.", in_=room)
    assert await leader(bot) == alice.id and len(await journal(bot, OfferExpired)) == 1


async def test_only_the_person_offered_can_answer(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person, room: str
):
    await dave.joins(room)
    await offers(alice, "bob", room)
    await dave.sees(OFFERED, in_=room)
    for button in ("Accept", "Decline"):
        await dave.presses(button, in_=room)
        await dave.sees("incident commander is offered to @bob, and only they can answer.", in_=room)
    assert await leader(bot) == alice.id


async def test_nobody_gives_away_the_command_of_another(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    answer = await asks(bob, "/incident role commander @dave", in_=room)
    assert answer.startswith("incident commander is with @alice, so only they can hand it over.")
    assert "/incident commander asks whether they are there" in answer
    assert await leader(bot) == alice.id and await journal(bot, RoleOffered) == []


async def test_of_two_who_reach_for_empty_command_at_the_same_moment_one_leads_and_the_other_reads_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev2 Search is slow")
    await bob.joins(room)
    await asyncio.gather(*(person.presses("I'm incident commander", in_=room) for person in (alice, bob)))
    first = await leader(bot)
    second = bob if first == alice.id else alice
    await second.sees("has been incident commander since", in_=room)
    assert await journal(bot, RoleClaimed) == [], "nobody is challenged a moment after they took command"


async def test_an_offer_that_is_accepted_while_somebody_takes_command_at_once_is_over(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person, room: str
):
    await dave.joins(room)
    await offers(alice, "bob", room)
    await bob.sees(OFFERED, in_=room)
    await asyncio.gather(bob.presses("Accept", in_=room), dave.types("/incident take-command Nobody decides", in_=room))
    await everything_is_delivered(bot, sandbox)
    taken = await journal(bot, RoleTaken)
    assert await leader(bot) == taken[-1].user == dave.id
    assert all(one.former == before.user for before, one in pairwise(taken))
    assert not (await bot.service.incident(1, viewer="")).offers


async def test_what_is_offered_or_claimed_when_it_is_over_is_settled_by_that(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Search is slow")
    await bob.joins(room)
    await walks_to(alice, room, "Advance to Postmortem")
    await offers(alice, "bob", room)
    offer = await bob.sees(OFFERED, in_=room)
    await advances(alice, "Close incident", room)
    await bob.presses("Accept", on=offer)
    await bob.sees("INC-1 is closed, and nothing in it can change any more.", in_=room)
    await pass_time(bot, sandbox, 10)
    assert await leader(bot) == alice.id and await journal(bot, OfferExpired) == []


# Silence


async def test_a_commander_who_does_not_answer_for_two_minutes_is_replaced(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await pass_time(bot, sandbox, 3)
    answer = await asks(bob, "/incident commander", in_=room)
    assert "@alice has been incident commander since" in answer and "it is yours" in answer
    await alice.sees("@alice, are you there? @bob takes over as incident commander of INC-1 at", in_=room)
    assert await leader(bot) == alice.id
    await pass_time(bot, sandbox, 2.1)
    told = await alice.sees(
        "@bob is now incident commander of INC-1, in place of @alice, who did not answer.", in_=room
    )
    assert "Where we stand" in told.text
    assert await leader(bot) == bob.id and (await journal(bot, RoleTaken))[-1].how is How.CLAIMED
    await alice.presses("I am here", in_=room)
    await alice.sees("That is settled already. incident commander is with @bob.", in_=room)


async def test_a_commander_who_answers_keeps_command_and_nobody_answers_for_them(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person, room: str
):
    await dave.joins(room)
    await pass_time(bot, sandbox, 3)
    await bob.types("/incident commander", in_=room)
    await dave.sees("@alice, are you there?", in_=room)
    await dave.presses("I am here", in_=room)
    await dave.sees("This asks @alice whether they are there, and only they can answer.", in_=room)
    assert "@bob asked before you, and gets incident commander at" in await asks(dave, "/incident commander", in_=room)
    await alice.presses("I am here", in_=room)
    await bob.sees("@alice is here, and stays incident commander of INC-1. Thank you for asking, @bob.", in_=room)
    await pass_time(bot, sandbox, 5)
    assert await leader(bot) == alice.id and len(await journal(bot, ClaimAnswered)) == 1


async def test_who_chooses_themselves_for_a_role_that_is_to_be_accepted_asks_for_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await pass_time(bot, sandbox, 3)
    await bob.presses("Roles", in_=room)
    await bob.fills({"Role": "Incident commander", "Who takes it?": "@bob"})
    assert await bob.submits() == {} and bob.form is None
    await alice.sees("@alice, are you there?", in_=room)
    assert await leader(bot) == alice.id


# The emergency


async def test_in_an_emergency_anybody_takes_command_at_once_and_everybody_reads_why(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    assert "Nothing was written" in await asks(bob, "/incident take-command", in_=room)
    assert await leader(bot) == alice.id
    answer = await asks(bob, "/incident take-command Alice is on a plane", in_=room)
    assert answer.startswith("You are incident commander of INC-1.")
    told = await alice.sees("@bob has taken command of INC-1 at once, in place of @alice:", in_=room)
    assert "“Alice is on a plane”" in told.text and "Where we stand" in told.text
    assert await leader(bot) == bob.id
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "@bob took command at once, in place of @alice: “Alice is on a plane”" in timeline


# Leading is a job of its own


async def test_who_leads_a_bad_one_with_others_there_hands_command_over_first_and_then_tests(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await proposes(alice, "The index is cold", room)
    await everything_is_delivered(bot, sandbox)
    await alice.presses("Start test", in_=room)
    refused = await alice.sees("@alice leads INC-1, which is a job of its own at SEV2.", in_=room)
    assert "Please let somebody else test H1, or hand over command first." in refused.text
    await starts_test(bob, room)
    await everything_is_delivered(bot, sandbox)
    assert [(one.assignee, one.solo) for one in await journal(bot, TestStarted)] == [(bob.id, False)]
    await alice.presses("Hand over command first", in_=room)
    await alice.fills({"Who leads instead?": "@bob"})
    assert await alice.submits() == {}
    await bob.sees(OFFERED, in_=room)
    await bob.presses("Accept", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert await leader(bot) == bob.id
    assert (await bot.service.incident(1, viewer="")).hypothesis(1).assignee == alice.id


async def test_who_leads_and_wants_another_role_hands_command_over_in_the_same_form(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await alice.presses("Roles", in_=room)
    await alice.fills({"Role": "Scribe", "Who takes it?": "@alice"})
    assert await alice.submits() == {}
    assert alice.form is not None and "Please let somebody else be scribe" in alice.form.text
    await alice.presses("Hand over command first")
    await alice.fills({"Who leads instead?": "@bob"})
    assert await alice.submits() == {}
    await bob.sees(OFFERED, in_=room)
    await bob.presses("Accept", in_=room)
    await bob.sees("@alice is now scribe of INC-1.", in_=room)
    assert await leader(bot) == bob.id


async def test_the_one_engineer_who_is_awake_is_never_stopped(sandbox: Sandbox, bot: App, alice: Person):
    """Lockstep and Slackbot are there as well, and count for nobody; erin was called, and sleeps."""
    room = await declares(sandbox, alice, "Search is slow")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    await proposes(alice, "The index is cold", room)
    await starts_test(alice, room)
    assert alice.form is not None and "With so few people here it is fine" in alice.form.text
    assert [one.solo for one in await journal(bot, TestStarted)] == [True]


async def test_at_a_mild_severity_one_person_may_have_it_all(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await takes_command(alice, room)
    for person in (bob, dave):
        await person.joins(room)
    assert await asks(alice, "/incident role scribe @alice", in_=room) == "Scribe of INC-1: @alice."
    assert [one.solo for one in await journal(bot, RoleTaken)] == [False, True]
    assert "@alice became scribe, leading as well" in await asks(alice, "/incident timeline", in_=room)


# Too much, and for too long


async def until_asked_all(bot: App, sandbox: Sandbox) -> None:
    """Let the questions come that were put off by one another, since nobody is asked twice in five minutes."""
    for _ in range(2):
        await pass_time(bot, sandbox, 6)


async def test_after_four_hours_a_hand_over_is_proposed_and_can_be_put_off(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await pass_time(bot, sandbox, 4 * 60 + 1)
    assert not await journal(bot, RestProposed), "what else she is asked is more urgent"
    await until_asked_all(bot, sandbox)
    await alice.sees("@alice: you have been incident commander of INC-1 for 4 h", in_=room)
    await bob.presses("Ask me later", in_=room)
    await bob.sees("only they can say that they go on", in_=room)
    await alice.presses("Ask me later", in_=room)
    await alice.sees("All right. I ask you again at", in_=room)
    await pass_time(bot, sandbox, 61)
    await until_asked_all(bot, sandbox)
    assert sum("you have been incident commander" in text for text in alice.reads(room)) == 2
    await alice.presses("Hand over", in_=room)
    form = await alice.gets_form("Roles")
    assert "Incident commander: @alice" in form.text
    await alice.fills({"Who takes it?": "@bob"})
    assert await alice.submits() == {}
    await bob.sees(OFFERED, in_=room)


@pytest.fixture
async def busy_bot(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """Lockstep, under a policy by which nobody leads more than two people."""
    text = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8")
    text = text.replace("reports_before_warning: 6", "reports_before_warning: 1")
    text = text.replace("reports_before_refusing: 8", "reports_before_refusing: 2")
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(text, tmp_path)) as app:
        yield app


async def test_who_leads_too_many_is_told_and_gives_some_to_an_operations_lead(sandbox: Sandbox, busy_bot: App):
    alice, bob, dave, erin = map(sandbox.person, ("alice", "bob", "dave", "erin"))
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await takes_command(alice, room)
    await alice.types("/incident role scribe @bob", in_=room)
    told = await alice.sees("@alice: 1 person reports to you", in_=room)
    assert "Please make somebody operations lead" in told.text
    await alice.types("/incident role deputy @dave", in_=room)
    refused = await asks(alice, "/incident role comms @erin", in_=room)
    assert refused.startswith("2 people report to @alice already, as many as one person can lead.")
    await alice.presses("Roles", on=told)
    await alice.fills({"Who takes it?": "@erin"})
    assert await alice.submits() == {}
    await erin.sees("@erin is now operations lead of INC-1.", in_=room)
    assert await asks(alice, "/incident role comms @carol", in_=room) == "Communications lead of INC-1: @carol."
    for person in (bob, dave):
        assert await room_of(sandbox, person, 1) == room


async def test_when_the_harm_is_contained_the_commander_is_asked_who_may_go(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await walks_to(alice, room, "Advance to Recovery")
    await alice.sees("@alice: who may go now?", in_=room)


# Decisions


async def test_a_decision_stands_when_nobody_objects(sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str):
    answer = await asks(alice, "/incident decide We roll release 4711 back", in_=room)
    assert "Without an objection it stands in 60 seconds." in answer
    await bob.sees("Any strong objections?", in_=room)
    await pass_time(bot, sandbox, timedelta(seconds=70) / timedelta(minutes=1))
    await bob.sees("Decided: “We roll release 4711 back”. Nobody objected.", in_=room)
    await bob.presses("Object", in_=room)
    await bob.sees("That decision stands.", in_=room)


async def test_whoever_objects_says_why_and_the_decision_does_not_stand(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await alice.types("/incident decide We roll release 4711 back", in_=room)
    await bob.sees("Any strong objections?", in_=room)
    await bob.presses("Object", in_=room)
    await bob.fills({"Why not?": "It logs out everybody who is paying"})
    assert await bob.submits() == {}
    told = await alice.sees("@bob objects to “We roll release 4711 back”", in_=room)
    assert "“It logs out everybody who is paying”" in told.text and "@alice: it does not stand." in told.text
    await pass_time(bot, sandbox, 2)
    assert not [text for text in alice.reads(room) if text.startswith("Decided:")]


async def test_a_decision_that_waits_is_in_the_brief(sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str):
    await alice.types("/incident decide We roll release 4711 back", in_=room)
    await offers(alice, "bob", room)
    brief = await bob.sees(OFFERED, in_=room)
    assert "Decisions pending: “We roll release 4711 back”, until" in brief.text


async def test_a_debate_is_put_off_until_the_postmortem(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    assert "Kept for the postmortem of INC-1." in await asks(bob, "/incident park Who is on call at night?", in_=room)
    await alice.sees("@bob put this off until after the incident: “Who is on call at night?”", in_=room)
    assert "@bob put off until after the incident: “Who is on call" in await asks(alice, "/incident timeline", in_=room)


async def test_a_hand_over_of_command_is_one_step_in_the_record(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, room: str
):
    await hands_command(alice, bob, room)
    swaps = [(one.former, one.user, one.how) for one in await journal(bot, RoleTaken)]
    assert swaps == [(None, alice.id, How.GIVEN), (alice.id, bob.id, How.ACCEPTED)]
