"""6. From an idea to a result: what it predicts, how it is tested, how many at once, how long, and what is left to the review."""

import re

import pytest

from bot.app import App
from bot.core.decision import AttemptRefused, Command
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.hypotheses import HypothesisConfirmed, ProposeHypothesis, TestStarted
from bot.core.tracker.predictions import AllowChange, PlanTest, PredictionStated, StatePrediction
from bot.core.tracker.trials import HypothesesCarriedOver
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import (
    FORESEEN,
    a_led_room,
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    proposes,
    root_shows,
    says_what_shows_it,
    starts_test,
    walks_to,
)


async def test_the_bot_asks_for_the_prediction_next_and_for_the_assignee_last(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    root = await proposes(alice, "The pool is exhausted", room)
    assert "Next: what would we see if it were true, and what if it were false?" in root.text
    await alice.presses("Predict", in_=room)
    form = await alice.gets_form("Predict H1")
    assert form.labels == ["If it is true, what will we see?", "And if it is false?", "How likely is it?"]
    await alice.fills({"If it is true, what will we see?": "No connection is free", "And if it is false?": "Some are"})
    await alice.fills({"How likely is it?": "Likely: something changed there"})
    assert await alice.submits() == {}
    plan = await alice.gets_form("Plan test H1")
    assert plan.labels == ["How do we test it?", "What does it take?", "Who tests it?"]
    await alice.fills({"How do we test it?": "Count them", "What does it take?": "A look", "Who tests it?": "@bob"})
    assert await alice.submits() == {} and alice.form is None
    ready = await root_shows(bob, room, "H1", "◔ Ready", "Assignee: @bob", "Test: “Count them”, a look")
    assert "Prediction, likely since something changed there: if it is true: “No connection is free” · " in ready.text
    assert "if not: “Some are”" in ready.text
    await bob.presses("Start test", in_=room)
    await root_shows(alice, room, "H1", "● Testing", "· until")
    await bob.presses("Confirm", in_=room)
    confirming = await bob.gets_form("Confirm H1")
    assert confirming.labels == ["What shows it?", "How much of what is seen does it explain?"]
    await bob.fills({"What shows it?": "0 free", "How much of what is seen does it explain?": "A part of it"})
    assert await bob.submits() == {}
    told = await alice.sees("@bob confirmed H1", in_=room)
    assert "It explains a part of what is seen. What explains the rest?" in told.text
    assert len(await journal(bot, HypothesisConfirmed)) == 1


async def test_a_test_that_changes_production_waits_for_the_way_back_and_the_go(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    await proposes(bob, "The new flag is to blame", room)
    await bob.presses("Predict", in_=room)
    await bob.fills({"If it is true, what will we see?": "Off: no errors", "And if it is false?": "Off: errors"})
    assert await bob.submits() == {}
    await bob.fills({"How do we test it?": "Switch it off", "What does it take?": "It changes production"})
    assert await bob.submits() == {}
    form = await bob.gets_form("The way back of H1")
    assert form.labels == ["How do we go back if it does harm?"]
    await bob.fills({"How do we go back if it does harm?": "Switch it on"})
    assert await bob.submits() == {}
    await bob.presses("Start test", in_=room)
    await bob.sees("the go of whoever leads, since the test changes production", in_=room)
    asked = await alice.sees("@alice: this test changes production: “Switch it off”", in_=room)
    assert "The way back: “Switch it on”" in asked.text and asked.thread_ts
    await bob.presses("Allow this change", on=asked)
    await bob.sees("only these may let a test change production: the incident commander (@alice)", in_=room)
    await alice.presses("Allow this change", on=asked)
    await root_shows(bob, room, "H1", "changes production (allowed by @alice; way back: “Switch it on”)")
    await bob.presses("Start test", in_=room)
    await root_shows(alice, room, "H1", "● Testing")


async def test_of_two_tests_that_change_production_the_second_waits(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await a_led_room(sandbox, bot, alice, bob, dave)
    for number, person in enumerate((bob, dave), start=1):
        await proposes(person, f"Flag {number} is to blame", room)
        for command in a_change(bot, person, number):
            assert (await bot.service.handle(command)).refusal is None
        by = bot.service.origin(actor=alice.id, key=f"go {number}", incident=1)
        assert (await bot.service.handle(AllowChange(origin=by, hypothesis=number))).refusal is None
    await bob.presses("Start test", on=await root_shows(bob, room, "H1", "allowed by @alice", "[Start test]"))
    await root_shows(dave, room, "H1", "● Testing")
    await dave.presses("Start test", on=await root_shows(dave, room, "H2", "allowed by @alice", "[Start test]"))
    await dave.sees(
        "H1 changes production too. With two changes at once nobody can tell which of them helped.", in_=room
    )
    assert [one.hypothesis for one in await journal(bot, TestStarted)] == [1]


def a_change(bot: App, person: Person, number: int) -> list[Command]:
    """What must be known before this person may test it by a change of production."""
    by = [bot.service.origin(actor=person.id, key=f"{step} {number}", incident=1) for step in ("predict", "plan")]
    plan = {"how": "Switch it off", "changes_production": True, "way_back": "Switch it on", "assignee": person.id}
    return [
        StatePrediction(origin=by[0], hypothesis=number, if_true="No errors", if_false="Errors"),
        PlanTest.model_validate({"origin": by[1], "hypothesis": number, **plan}),
    ]


async def test_what_it_predicts_stays_once_its_test_has_begun(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    root = await proposes(bob, "A cable", room)
    await alice.presses("Predict", on=root)
    await alice.gets_form("Predict H1")
    await starts_test(bob, room)
    shown = await root_shows(alice, room, "H1", "● Testing")
    assert "[Predict]" not in shown.text
    await alice.fills({"If it is true, what will we see?": "Anything", "And if it is false?": "Anything else"})
    await alice.submits()
    assert alice.form is not None and "A test of H1 has begun, so what it predicts stays" in alice.form.text
    assert [one.if_true for one in await journal(bot, PredictionStated)] == [
        FORESEEN["If it is true, what will we see?"]
    ]


async def test_one_person_tests_one_thing_at_a_time(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_led_room(sandbox, bot, alice, bob)
    first = await proposes(bob, "A cable", room)
    await starts_test(bob, room)
    await root_shows(bob, room, "H1", "● Testing")
    second = await proposes(bob, "A switch", room)
    assert first.ts != second.ts
    await starts_test_refused(bob, room)
    assert len(await journal(bot, TestStarted)) == 1 and len(await journal(bot, AttemptRefused)) == 1


async def starts_test_refused(person: Person, room: str) -> None:
    """Begin a test beside another one, and read why not."""
    await person.presses("Start test", in_=room)
    form = await person.gets_form("Start test H2")
    await person.fills(dict.fromkeys(form.labels, "x"))
    await person.submits()
    assert person.form is not None and "H1 is being tested by the same person" in person.form.text


async def test_when_its_time_is_over_the_tester_is_asked_in_the_thread_and_later_whoever_leads(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    root = await proposes(bob, "A cable", room)
    await starts_test(bob, room)
    await root_shows(bob, room, "H1", "● Testing")
    await pass_time(bot, sandbox, 10)
    asked = await bob.sees("@bob: the time for the test of H1 is over. What came of it?", in_=room)
    assert asked.thread_ts == root.ts and "subtype" not in asked.raw
    for button in ("[Confirm]", "[Refute]", "[No result]", "[5 minutes more]", "[Hand over]", "[Park]"):
        assert button in asked.text
    await bob.presses("5 minutes more", on=asked)
    await everything_is_delivered(bot, sandbox)
    await bob.presses("5 minutes more", on=asked)
    await bob.sees("was given more time once already", in_=room)
    await pass_time(bot, sandbox, 6)
    second = await alice.sees("@alice: the time for the test of H1 is over. @bob was asked before.", in_=room)
    assert "5 minutes more" not in second.text
    await pass_time(bot, sandbox, 60)
    assert [(one.to, one.overrun) for one in await journal(bot, TestOverran)] == [(bob.id, 1), (alice.id, 2)]


async def test_a_test_is_handed_over_and_ends_without_a_result(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await a_led_room(sandbox, bot, alice, bob, dave)
    await proposes(bob, "A cable", room)
    await starts_test(bob, room)
    await pass_time(bot, sandbox, 10)
    asked = await bob.sees("What came of it?", in_=room)
    await bob.presses("Hand over", on=asked)
    await bob.fills({"Who tests it from now on?": "@dave"})
    assert await bob.submits() == {}
    await dave.sees("@dave: @bob asks you to test it.", in_=room)
    await dave.presses("No result", in_=room)
    await dave.fills({"Why does it show nothing?": "The log is gone"})
    assert await dave.submits() == {}
    await root_shows(alice, room, "H1", "◌ No result", "Next: how is it tested another way?")


async def test_what_speaks_against_it_is_answered_before_it_is_confirmed(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    await proposes(bob, "A cable", room)
    await starts_test(bob, room)
    await bob.presses("Add evidence", in_=room)
    await bob.fills({"Which way does it speak?": "It speaks against it", "What did you see?": "One server is fine"})
    assert await bob.submits() == {}
    await root_shows(bob, room, "H1", "0 for · 1 against")
    await bob.presses("Confirm", in_=room)
    form = await bob.gets_form("What speaks against it")
    assert "One server is fine" in form.text
    await bob.fills({"Why is it true all the same?": "That one has another cable"})
    assert await bob.submits() == {}
    await bob.gets_form("Confirm H1")
    await says_what_shows_it(bob, "The new cable works")
    assert await bob.submits() == {}
    await root_shows(alice, room, "H1", "✓ Confirmed")


async def test_what_is_open_when_service_is_restored_is_left_to_the_review_by_name_and_the_postmortem_has_all(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await proposes(alice, "A cable", room)
    await proposes(alice, "A switch", room)
    await proposes(alice, "A disk", room)
    await alice.presses("Refute", on=await root_shows(alice, room, "H3", "[Refute]"))
    await says_what_shows_it(alice, "It is idle")
    assert await alice.submits() == {}
    await walks_to(alice, room, "Advance to Postmortem")
    told = await alice.sees("Left to the review", in_=room)
    assert "H1 “A cable”" in told.text and "H2 “A switch”" in told.text
    shown = await root_shows(alice, room, "H2", "→ Carried over")
    assert "[" not in shown.text
    assert [one.hypotheses for one in await journal(bot, HypothesesCarriedOver)] == [(1, 2)]
    await everything_is_delivered(bot, sandbox)
    (canvas,) = sandbox.workspace.canvases.values()
    table = "\n".join(section.markdown for section in canvas.sections).partition("## Hypotheses")[2]
    for name, stands in (("H1: A cable", "Carried over"), ("H2: A switch", "Carried over"), ("H3: A disk", "Refuted")):
        assert re.search(rf"### {name}\s+- {stands} on ", table), table
    assert "shown by “It is idle”" in table and "Evidence against it, by " in table


async def test_the_map_says_by_shape_and_words_what_is_known_and_how_many_ideas_there_are(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await a_led_room(sandbox, bot, alice)
    await proposes(alice, "Payments reject cards", room)
    assert "? Not known" in await asks(alice, "/incident map", in_=room)
    await alice.presses("Mark the map", in_=room)
    form = await alice.gets_form("Mark the map")
    assert form.labels == ["What is affected?", "What was seen to work?"]
    await alice.fills({"What is affected?": ["Checkout", "Payments"], "What was seen to work?": ["Search"]})
    assert await alice.submits() == {}
    seen = await asks(carol, "/incident map INC-1", in_="#general")
    affected, _, rest = seen.partition("? Not known")
    assert "▲ Affected" in affected and re.search(r"Payments · by @alice .*\d\d:\d\d · 1 hypothesis, 1 open", affected)
    assert "needs Payments, Orders database" in affected
    assert re.search(r"✓ Working\n• Search · by @alice", rest)


async def test_what_somebody_said_before_is_chosen_from_a_list_that_has_the_likest_first(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_led_room(sandbox, bot, alice, bob)
    first = await proposes(alice, "The connection pool is exhausted", room)
    assert "[Same as …]" not in first.text, "there is nothing yet that it could repeat"
    await proposes(bob, "A cable is broken", room)
    await proposes(bob, "No connection is left in the pool", room)
    await bob.presses("Same as …", on=await root_shows(bob, room, "H3", "[Same as …]"))
    form = await bob.gets_form("H3 was said before")
    assert form.labels == ["Which one says the same?"]
    assert form.text.index("H1, proposed: The connection pool") < form.text.index("H2, proposed: A cable")
    await bob.fills({"Which one says the same?": "H1, proposed: The connection pool is exhausted"})
    assert await bob.submits() == {}
    shown = await root_shows(alice, room, "H3", "= Duplicate", "Goes on in H1")
    assert "[" not in shown.text


@pytest.mark.fair_weather("sixty threads take longer to read again than a connection lasts there")
async def test_a_board_of_sixty_stays_readable(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_led_room(sandbox, bot, alice)
    for number in range(1, 61):
        by = bot.service.origin(actor=alice.id, key=f"idea {number}", incident=1)
        await bot.service.handle(ProposeHypothesis(origin=by, statement=f"Server {number} is out of memory"))
        if number % 10 == 0:
            await everything_is_delivered(bot, sandbox)
    first = await asks(alice, "/incident hypotheses", in_=room)
    assert "60 open, 0 concluded · page 1 of 4" in first and "[Next page]" in first
    assert first.index("To be tested first") < first.index("H1 “Server 1") < first.index("After that")
    assert len(first) < 4000
    seen = set(re.findall(r"^H\d+", first, re.MULTILINE))
    for page in range(2, 5):
        await alice.presses("Next page", in_=room)
        shown = await alice.sees(f"page {page} of 4", in_=room)
        seen |= set(re.findall(r"^H\d+", shown.text, re.MULTILINE))
    assert len(seen) == 60
    await everything_is_delivered(bot, sandbox)
    roots = [text for text in alice.reads(room) if re.match(r"H\d+: Server \d+ is out of memory", text)]
    assert len(roots) == len(set(roots)) == 60


@pytest.mark.fair_weather("sixty threads take longer to read again than a connection lasts there")
async def test_sixty_messages_that_change_at_once_are_edited_within_slacks_limits(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    for number in range(1, 61):
        by = bot.service.origin(actor=alice.id, key=f"idea {number}", incident=1)
        await bot.service.handle(ProposeHypothesis(origin=by, statement=f"Server {number} is out of memory"))
        if number % 10 == 0:
            await everything_is_delivered(bot, sandbox)
    sandbox.calls.clear()
    await advances(alice, "Advance to Postmortem", room)
    await everything_is_delivered(bot, sandbox)
    roots = [text for text in alice.reads(room) if re.match(r"H\d+: Server \d+ is out of memory", text)]
    assert len(roots) == 60 and all("→ Carried over" in text for text in roots)
    edits = sandbox.calls.of("chat.update")
    refused = [one for one in edits if one.outcome == "429"]
    assert len(edits) - len(refused) >= 60 and len(refused) < 20, "who is told to wait waits, and so do the others"
    assert not (await bot.service.incident(1, viewer="")).failures
