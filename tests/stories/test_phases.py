"""3. The phases: each step asks for what is missing, and nothing goes otherwise."""

import asyncio

from bot.app import App
from bot.sandbox import Person, Sandbox
from bot.sandbox.delivery import payloads
from bot.sandbox.views import view_json
from tests.running import pass_time
from tests.stories.steps import (
    FACTS,
    IMPACT,
    advances,
    declares,
    everything_is_delivered,
    room_of,
    takes_command,
    walks_to,
)

FIELDS = {
    "Advance to Triage": [["Who cannot do what?"]],
    "Advance to Containment": [
        ["Who is affected?", "What can they not do?", "What is affected?"],
        ["What changed in the last 24 hours?", "Communications lead", "Operations lead"],
        ["Why go on without?"],
    ],
    "Advance to Recovery": [["What was done to stop the harm?", "What came of it?"]],
    "Advance to Postmortem": [
        ["How do we know it works again?", "Was data lost or exposed?", "Which data, and whose?"],
    ],
    "Close incident": [
        ["What will we change?", "Assignee", "Due date"],
        ["Done when", "What is it for?", "Which contributing factors does it act on?"],
        ["Why go on without?"],
    ],
}


async def test_each_step_asks_for_exactly_what_is_missing_then_moves_on(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await takes_command(alice, room)
    for step, forms in FIELDS.items():
        await alice.sees(f"[{step}]", in_=room)
        await alice.presses(step, in_=room)
        for fields in forms:
            form = await alice.gets_form()
            assert form.labels == fields
            more_follows = forms[-1] is not fields and (forms[0] is fields or step == "Close incident")
            assert form.submit == ("Next" if more_follows or step == "Advance to Recovery" else step)
            await alice.fills({label: value for label, value in FACTS[step].items() if label in fields})
            assert await alice.submits() == {}
        if step == "Advance to Recovery":
            await _the_hold_passes(sandbox, bot, alice, room)
    await alice.sees("✓\u00a0Postmortem › ●\u00a0Closed", in_=room)
    await alice.sees("INC-1 is closed", in_=room)


async def _the_hold_passes(sandbox: Sandbox, bot: App, alice: Person, room: str) -> None:
    """There is nothing to do but to wait; then the room is told, and the card goes on."""
    assert alice.form is not None and not alice.form.submit and "If no new harm is seen until" in alice.form.text
    await alice.closes()
    await pass_time(bot, sandbox, 10)
    await alice.sees("INC-1 is contained. If nothing else is missing on the card, it can move on.", in_=room)
    await alice.presses("Advance to Recovery", in_=room)
    assert await alice.submits() == {}


async def test_the_first_form_also_asks_for_a_commander_and_offers_whoever_pressed(
    sandbox: Sandbox, bot: App, bob: Person
):
    room = await declares(sandbox, bob, "Checkout is failing")
    await bob.presses("Advance to Triage", in_=room)
    form = await bob.gets_form()
    assert form.labels == ["Incident commander", "Who cannot do what?"]
    assert form.values["Incident commander"] == "@bob"
    await bob.fills({"Who cannot do what?": IMPACT})
    assert await bob.submits() == {}
    await bob.sees("@bob is now incident commander", in_=room)
    await bob.sees("INC-1 is now in Triage", in_=room)


async def test_with_nothing_missing_it_asks_once_and_moves_on(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await takes_command(alice, room)
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"Who cannot do what?": IMPACT})
    assert await alice.submits() == {}
    await alice.sees(f"Impact: {IMPACT}", in_=room)
    await alice.presses("Advance to Triage", in_=room)
    form = await alice.gets_form()
    assert form.labels == [] and form.submit == "Advance to Triage"
    assert await alice.submits() == {}
    await alice.sees("INC-1 is now in Triage", in_=room)


async def test_a_containment_that_did_not_help_is_recorded_and_the_phase_stays(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await alice.sees("[Advance to Recovery]", in_=room)
    await alice.presses("Advance to Recovery", in_=room)
    await alice.fills({"What was done to stop the harm?": "Restarted it", "What came of it?": "It did not help"})
    await alice.submits()
    assert alice.form is not None and alice.form.labels == ["What was done to stop the harm?", "What came of it?"]
    assert "“Restarted it” is recorded. It did not help." in alice.form.text
    await alice.closes()
    await alice.sees("“Restarted it”. It did not help.", in_=room)
    await advances(alice, "Advance to Recovery", room)
    await alice.sees("INC-1 is now in Recovery", in_=room)


async def test_no_action_needed_takes_a_reason_and_then_it_can_be_closed(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Only a drill")
    await walks_to(alice, room, "Advance to Postmortem")
    await alice.sees("[No action needed]", in_=room)
    await alice.presses("No action needed", in_=room)
    form = await alice.gets_form()
    assert len(form.labels) == 1
    await alice.fills({form.labels[0]: "It was a planned test"})
    assert await alice.submits() == {}
    await alice.sees("No action needed: It was a planned test", in_=room)
    await advances(alice, "Close incident", room)
    await alice.sees("INC-1 is closed", in_=room)


async def test_a_due_date_that_has_passed_is_said_at_the_field_and_nothing_typed_is_lost(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await walks_to(alice, room, "Advance to Postmortem")
    await alice.sees("[Close incident]", in_=room)
    await alice.presses("Close incident", in_=room)
    await alice.fills({"What will we change?": "Test checkout with every card", "Assignee": "@bob"})
    await alice.fills({"Due date": "2020-01-01"})
    assert list(await alice.submits()) == ["Due date"]
    assert alice.form is not None and alice.form.values["What will we change?"] == "Test checkout with every card"
    await alice.fills({"Due date": "2030-01-31"})
    assert await alice.submits() == {}


async def test_two_people_advancing_in_the_same_instant_move_it_one_phase_and_both_get_an_answer(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    people = (alice, bob)
    seen = {"alice": "Nobody can pay.", "bob": "All payments fail."}
    for number in range(1, 51):
        room = await declares(sandbox, alice, f"sev1 Checkout is failing {number}")
        await takes_command(alice, room)
        await room_of(sandbox, bob, number)
        await bob.types("/incident role deputy @bob", in_=room)
        await bob.sees("[Advance to Triage]", in_=room)
        await asyncio.gather(*(person.presses("Advance to Triage", in_=room) for person in people))
        for person in people:
            await person.gets_form()
            await person.fills({"Who cannot do what?": seen[person.name]})
        await asyncio.gather(*(person.submits() for person in people))
        incident = await bot.service.incident(number, viewer=alice.id)
        assert incident.phase == "TRIAGE"
        left = [person for person in people if person.form is not None]
        assert len(left) == 1 and left[0].form is not None
        assert f"INC-{number} has been in Triage since" in left[0].form.text
        await left[0].closes()
        kinds = [type(one.event).__name__ for one in await bot.service.timeline(number, viewer=alice.id)]
        assert kinds.count("PhaseEntered") == 1 and kinds.count("AttemptRefused") == 1
    await everything_is_delivered(bot, sandbox)


async def test_a_form_that_was_drawn_for_an_earlier_phase_is_refused_and_recorded(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await bob.sees("[Advance to Triage]", in_=room)
    await bob.presses("Advance to Triage", in_=room)
    await bob.gets_form()
    for step in ("Advance to Triage", "Advance to Containment"):
        await advances(alice, step, room)
    await bob.fills({"Who cannot do what?": "Something else"})
    await bob.submits()
    assert bob.form is not None and "INC-1 has been in Containment since" in bob.form.text
    timeline = await alice.types("/incident timeline", in_=room)
    assert timeline is not None
    await alice.sees("@bob", in_=room)
    assert (await bot.service.incident(1, viewer=alice.id)).impact == IMPACT


async def test_a_button_from_an_earlier_phase_is_answered_with_what_is_true_now(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    await alice.sees("[Advance to Containment]", in_=room)
    await alice.types("/incident", in_=room)
    old = alice.messages(room)[-1]
    assert old.ephemeral and "[Advance to Containment]" in old.text
    await advances(alice, "Advance to Containment", room)
    await alice.sees("[Advance to Recovery]", in_=room)
    await alice.presses("Advance to Containment", in_=room)
    assert alice.form is None
    answer = await alice.sees("That button was for Triage.", in_=room)
    assert answer.ephemeral and "INC-1 has been in Containment since" in answer.text


async def test_a_form_that_slack_delivers_twice_moves_it_once(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await alice.presses("Advance to Triage", in_=room)
    await alice.fills({"Who cannot do what?": IMPACT})
    assert alice.form is not None
    view = view_json(sandbox.workspace, alice.form.view)
    trigger = sandbox.platform.triggers.issue(alice.id)
    payload = payloads.view_submission(sandbox.workspace, alice.user, view, trigger_id=trigger)
    answers = [await sandbox.hub.deliver("interactive", payload) for _ in range(2)]
    assert not answers[0] and not answers[1]
    kinds = [type(one.event).__name__ for one in await bot.service.timeline(1, viewer=alice.id)]
    assert kinds.count("PhaseEntered") == 1 and "AttemptRefused" not in kinds


async def test_no_command_skips_a_phase(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident advance recovery", in_=room)
    await alice.types("/incident close", in_=room)
    assert (await bot.service.incident(1, viewer=alice.id)).phase == "DETECTION"
