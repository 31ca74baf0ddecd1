"""What people overlook while they look for the cause is said to whom it concerns, when it is time: H1 to H15 and the stop rules,
each with the clock set forward. What people did before is recorded as their buttons would have it; who reads what, and when, is
seen in Slack."""

from datetime import timedelta
from typing import Any

from bot.app import App
from bot.core.containment import RecordContainment
from bot.core.decision import Command, Origin
from bot.core.facts import MarkBoundaries, VerifyRecovery
from bot.core.hint_rules import Hint
from bot.core.incident import ContainmentResult, Phase, Side
from bot.core.needs import Need
from bot.core.questions import AnswerQuestion
from bot.core.tracker.evidence import WriteEvidence
from bot.core.tracker.hints import HintAnswered, HintGiven
from bot.core.tracker.hypotheses import ConcludeHypothesis, ProposeHypothesis, StartTest
from bot.core.tracker.predictions import AllowChange, PlanTest, StatePrediction
from bot.core.tracker.trials import AssignHypothesis
from bot.core.trial import Answer, Explains
from bot.sandbox import Person, Sandbox, Seen
from tests.core.given import predicted
from tests.running import pass_time
from tests.stories.steps import (
    a_led_room,
    everything_is_delivered,
    journal,
    root_shows,
)


async def does(bot: App, person: Person, kind: type[Command], **fields: Any) -> None:
    """Somebody does this now."""
    outcome = await bot.service.handle(kind(origin=_by(bot, person), **fields))
    assert outcome.refusal is None, outcome.refusal


_keys = iter(range(10**6))


def _by(bot: App, person: Person) -> Origin:
    return bot.service.origin(actor=person.id, key=f"hint story {next(_keys)}", incident=1)


async def ideas(bot: App, person: Person, *statements: str, boundary: str | None = None) -> None:
    """This person has these ideas."""
    for statement in statements:
        await does(bot, person, ProposeHypothesis, statement=statement, boundary=boundary)


async def is_known(bot: App, person: Person, *numbers: int, by: Person | None = None) -> None:
    """What a test of these needs is known, and who does it if somebody does."""
    for number in numbers:
        for command in predicted(_by(bot, person), number):
            assert (await bot.service.handle(command.but(origin=_by(bot, person)))).refusal is None
        if by:
            await does(bot, person, AssignHypothesis, hypothesis=number, user=by.id)


async def refutes(bot: App, person: Person, number: int) -> None:
    """It is not true."""
    first = predicted(_by(bot, person), number)
    against = {"result": Side.AGAINST, "why": "It is idle", "first": first}
    await does(bot, person, ConcludeHypothesis, hypothesis=number, **against)


async def hinted(bot: App, sandbox: Sandbox, person: Person, text: str, room: str, *, after: float = 0) -> Seen:
    """Wait so many minutes, a few at a time, and for the message with this text; it can be answered, and is put off."""
    while after > 0:
        await pass_time(bot, sandbox, min(after, 6))
        after -= 6
    seen = await person.sees(text, in_=room)
    for button in ("[Done]", "[Snooze 10 minutes]", "[Not needed]"):
        assert button in seen.text
    await person.presses("Snooze 10 minutes", on=seen)
    await everything_is_delivered(bot, sandbox)
    put_off = (await journal(bot, HintAnswered))[-1]
    given = (await journal(bot, HintGiven))[put_off.number - 1]
    assert (put_off.hint, put_off.answer) == (given.hint, Answer.LATER)
    assert put_off.until == put_off.at + timedelta(minutes=10)
    return seen


async def was_given(bot: App, hint: Hint) -> bool:
    """Whether this hint was given."""
    return hint in [one.hint for one in await journal(bot, HintGiven)]


async def test_h1_one_place_refuted_three_times(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice)
    await ideas(bot, alice, "The pool", "A cable", "Some index", boundary="checkout")
    for number in (1, 2, 3):
        assert not await was_given(bot, Hint.PLACE_REFUTED)
        await refutes(bot, alice, number)
    asked = await hinted(bot, sandbox, alice, "@alice: several ideas about Checkout were refuted.", room, after=17)
    assert "Look one step before it and one behind. " not in asked.text and "[Mark the map]" in asked.text


async def test_h2_nothing_is_tested_and_the_answer_is_kept(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice, step="Advance to Triage")
    asked = await hinted(bot, sandbox, alice, "@alice: for a while nobody has tested anything.", room, after=11)
    await alice.presses("Not needed", on=asked)
    await alice.sees("Noted. I do not ask about this again.", in_=room)
    await pass_time(bot, sandbox, 60)
    answered = [(one.hint, one.answer) for one in await journal(bot, HintAnswered)]
    assert answered == [(Hint.NOTHING_TESTED, Answer.LATER), (Hint.NOTHING_TESTED, Answer.NOT_NEEDED)]
    assert [one.hint for one in await journal(bot, HintGiven)].count(Hint.NOTHING_TESTED) == 1


async def test_h3_nobody_tests_what_could_be_tested(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool")
    await is_known(bot, bob, 1)
    await pass_time(bot, sandbox, 2)
    assert not await was_given(bot, Hint.NOBODY_TESTS)
    await hinted(bot, sandbox, alice, "@alice: H1 “The pool” could be tested, and nobody does. Who can?", room, after=2)


async def test_h4_who_says_the_same_again_is_offered_the_first(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, alice, "The connection pool is exhausted")
    await ideas(bot, bob, "Connection pools are exhausted")
    asked = await hinted(bot, sandbox, bob, "@bob: H1 says nearly the same", room, after=1)
    assert asked.thread_ts, "said in the thread, to whoever proposed it"
    await bob.presses("Same as H1", on=asked)
    await root_shows(bob, room, "H2", "= Duplicate", "Goes on in H1")


async def test_h5_one_person_is_to_test_three(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, alice, "The pool", "A cable", "Some index")
    await is_known(bot, alice, 1, 2, 3, by=bob)
    await hinted(bot, sandbox, alice, "@alice: @bob is to test several hypotheses.", room, after=1)


async def test_h6_all_are_about_one_place(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    for person, statement in ((alice, "The pool"), (bob, "A cable"), (alice, "Some index"), (bob, "The cache")):
        await ideas(bot, person, statement, boundary="checkout")
    asked = await hinted(bot, sandbox, bob, "nearly all ideas so far are about Checkout.", room, after=1)
    assert not asked.text.startswith("@") and "[Add hypothesis]" in asked.text


async def test_h6_all_are_about_one_place_that_the_map_does_not_have(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    for person, statement in ((alice, "The pool"), (bob, "A cable"), (alice, "Some index"), (bob, "The cache")):
        await does(bot, person, ProposeHypothesis, statement=statement, place="Card network")
    await hinted(bot, sandbox, bob, "so far are about Card network (not on the map). Can somebody", room, after=1)


async def test_h7_a_change_that_nobody_suspects(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice)
    await ideas(bot, alice, "The pool")
    await does(bot, alice, AnswerQuestion, question=Need.CHANGES, answer="A new certificate since noon")
    await hinted(bot, sandbox, alice, "no hypothesis is about it: “A new certificate since noon”", room, after=12)


async def test_h8_evidence_against_it_has_no_answer(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool")
    await is_known(bot, bob, 1)
    await does(bot, bob, StartTest, hypothesis=1)
    await does(bot, alice, WriteEvidence, hypothesis=1, side=Side.AGAINST, text="One server is fine")
    asked = await hinted(bot, sandbox, bob, "@bob: there is evidence against H1 that has no answer.", room, after=6)
    await bob.presses("Answer it", on=asked)
    await bob.fills({"Why is it true all the same?": "That one is idle"})
    assert await bob.submits() == {}
    await bob.sees("@bob says why it stands in spite of the evidence against it: “That one is idle”", in_=room)


async def test_h9_more_are_ready_than_can_be_tested(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool", "A cable", "Some index", "The cache", "DNS", "A certificate")
    for number, person in enumerate((alice, bob, alice, bob, alice, bob), start=1):
        await is_known(bot, person, number, by=person)
    await hinted(bot, sandbox, alice, "@alice: more hypotheses are ready than people can test.", room, after=24)


async def test_h10_what_would_be_seen_if_it_were_wrong(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool")
    await hinted(bot, sandbox, bob, "@bob: what would you see if H1 were wrong?", room, after=6)
    await bob.sees("I ask again in a while, if it is still so then.", in_=room)
    await pass_time(bot, sandbox, 11)
    assert [one.hint for one in await journal(bot, HintGiven)].count(Hint.NO_PREDICTION) == 2
    await bob.presses("Predict", in_=room)
    await bob.gets_form("Predict H1")


async def test_h11_two_changes_of_production_within_minutes(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The flag")
    await does(bot, bob, StatePrediction, hypothesis=1, if_true="No errors", if_false="Errors")
    change = {"how": "Switch it off", "changes_production": True, "way_back": "Switch it on", "assignee": bob.id}
    await does(bot, bob, PlanTest, hypothesis=1, **change)
    await does(bot, alice, AllowChange, hypothesis=1)
    await does(bot, bob, StartTest, hypothesis=1)
    await does(bot, alice, RecordContainment, action="Restarted all", result=ContainmentResult.FAILED)
    await hinted(
        bot, sandbox, alice, "@alice: two changes to production were made within a few minutes.", room, after=1
    )


async def test_h12_diagnosis_goes_on_and_nothing_is_done_against_the_harm(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice, step="Advance to Containment")
    await pass_time(bot, sandbox, 31)
    assert not await was_given(bot, Hint.NOT_CONTAINED), "the question about the phase says the same"
    await hinted(
        bot, sandbox, alice, "nothing was done against the harm yet. Finding the cause can wait.", room, after=42
    )
    assert (await bot.service.incident(1, viewer="")).phase is Phase.CONTAINMENT


async def test_h13_nothing_new_has_come_of_the_first(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool")
    await is_known(bot, bob, 1, by=bob)
    await hinted(bot, sandbox, alice, "nothing new has come of H1 “The pool” for a while", room, after=42)


async def test_h14_nobody_has_looked_beside_what_is_affected(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice)
    await does(bot, alice, MarkBoundaries, boundaries=("payments",), working=("checkout",))
    asked = await hinted(bot, sandbox, alice, "nobody has looked at Cloud provider", room, after=30)
    await alice.presses("Mark the map", on=asked)
    await alice.gets_form("Mark the map")


async def test_h15_what_was_refuted_says_why_when_it_is_raised_again(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, alice, "The connection pool is exhausted")
    await refutes(bot, alice, 1)
    await ideas(bot, bob, "Connection pools exhausted")
    asked = await hinted(bot, sandbox, bob, "@bob: H2 says nearly what H1 did", room, after=1)
    assert "by @alice, because “It is idle”. Do you still propose it?" in asked.text
    await bob.presses("It revises H1", on=asked)
    await root_shows(bob, room, "H2", "States anew H1 “The connection pool is exhausted”, which was refuted")
    await root_shows(bob, room, "H1", "Stated anew as H2")
    await bob.presses("Done", on=asked)
    await everything_is_delivered(bot, sandbox)
    assert [one.answer for one in await journal(bot, HintAnswered)] == [Answer.LATER, Answer.DONE]


async def test_when_two_tests_led_nowhere_whoever_leads_is_asked_what_limits_the_harm(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    await ideas(bot, bob, "The pool", "A cable", "DNS")
    for number in (1, 2):
        assert not await was_given(bot, Hint.LEADS_NOWHERE)
        await refutes(bot, bob, number)
    asked = await hinted(bot, sandbox, alice, "@alice: testing has not brought you to the cause so far", room, after=6)
    assert "roll back, switch off, drain, block, add capacity, isolate" in asked.text


async def test_when_no_idea_is_left_the_map_is_looked_at_anew(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice)
    await ideas(bot, alice, "The pool")
    assert not await was_given(bot, Hint.ALL_CLOSED)
    await refutes(bot, alice, 1)
    asked = await hinted(
        bot, sandbox, alice, "@alice: every hypothesis so far has turned out to be wrong", room, after=6
    )
    await alice.presses("Mark the map", on=asked)
    await alice.gets_form("Mark the map")


async def test_when_the_cause_is_known_and_service_is_back_people_can_stop_testing(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_led_room(sandbox, bot, alice, step="Advance to Recovery")
    await ideas(bot, alice, "The pool", "A cable")
    shown = {"result": Side.FOR, "why": "None is free", "explains": Explains.ALL}
    await does(bot, alice, ConcludeHypothesis, hypothesis=1, **shown, first=predicted(_by(bot, alice), 1))
    await pass_time(bot, sandbox, 6)
    assert not await was_given(bot, Hint.ENOUGH_KNOWN)
    await does(bot, alice, VerifyRecovery, how="Payments are back to normal for 30 minutes")
    await hinted(bot, sandbox, alice, "@alice: the cause is known, H1 “The pool”, and service is back.", room, after=12)
