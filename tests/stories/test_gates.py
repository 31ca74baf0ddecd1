"""10. Gates: everything that is missing is shown at once with what fills it in; what nobody can know is let go with a reason; who
may not do something is told whom to ask."""

import re

from bot.app import App
from bot.core.containment import HoldPassed, ImpactReturned
from bot.core.decision import AttemptRefused
from bot.core.gates import NeedsWaived
from bot.core.lifecycle import PhaseEntered
from bot.core.refusal import NotAllowed
from bot.sandbox import Person, Sandbox
from tests.running import pass_time, running
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    has_contained,
    journal,
    room_of,
    takes_command,
    updates_in,
    walks_to,
)

WAIVER = "What you leave empty: why go on without it?"
CHANGES = "What changed in the last 24 hours?"


async def in_triage(sandbox: Sandbox, alice: Person, severity: str = "sev1") -> str:
    """The room of an incident in TRIAGE, led by alice."""
    room = await declares(sandbox, alice, f"{severity} Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.sees("[Advance to Containment]", in_=room)
    return room


async def card(person: Person, room: str, *wanted: str) -> str:
    """The pinned card, once it says all of this."""
    all_of_it = "".join(f"(?=.*{re.escape(text)})" for text in wanted)
    return (await person.sees(re.compile(f"^INC-1: {all_of_it}", re.DOTALL), in_=room)).text


# What is missing


async def test_everything_that_is_missing_is_shown_at_once_and_the_first_three_have_a_button(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await in_triage(sandbox, alice)
    text = await card(alice, room, "Before Containment we must know:")
    for need in ("what is affected", "what changed lately", "who is communications lead", "who is operations lead"):
        assert f"○ {need} (missing)" in text
    assert "✓ how severe it is" in text
    assert text.count("[Fill in]") == 3
    answer = await asks(alice, "/incident", in_=room)
    assert answer.count("[Fill in]") == 3 and "○ who is operations lead (missing)" in answer


async def test_a_gate_with_several_things_missing_is_filled_form_by_form(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_triage(sandbox, alice)
    await alice.presses("Advance to Containment", in_=room)
    form = await alice.gets_form()
    assert form.labels == ["What is affected?", CHANGES, "Communications lead"] and form.submit == "Next"
    assert (
        "Missing: what is affected; what changed lately; who is communications lead; who is operations lead"
        in form.text
    )
    await alice.fills({"What is affected?": ["Checkout"], "Communications lead": "@dave"})
    assert await alice.submits() == {}
    form = await alice.gets_form()
    assert form.labels == ["Operations lead", WAIVER] and form.submit == "Advance to Containment"
    assert list(await alice.submits()) == [WAIVER]
    await alice.fills({"Operations lead": "@bob", WAIVER: "Nobody knows the release log"})
    assert await alice.submits() == {} and alice.form is None
    await alice.sees("INC-1 is now in Containment", in_=room)
    (waived,) = await journal(bot, NeedsWaived)
    assert waived.needs == ("recent changes",) and waived.reason == "Nobody knows the release log"
    assert await journal(bot, AttemptRefused) == []


async def test_one_thing_is_filled_in_from_the_card_and_ticked(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_triage(sandbox, alice)
    await bob.sees("[Fill in]", in_=room)
    await bob.presses("Fill in", in_=room)
    form = await bob.gets_form("Fill in")
    assert form.labels == ["What is affected?"]
    assert list(await bob.submits()) == ["What is affected?"]
    await bob.fills({"What is affected?": ["Checkout"]})
    assert await bob.submits() == {}
    await card(bob, room, "✓ what is affected", "Affected: Checkout")


async def test_a_button_for_what_is_known_by_now_says_so(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_triage(sandbox, alice)
    await asks(bob, "/incident", in_=room)
    old = bob.messages(room)[-1]
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"What is affected?": ["Checkout"]})
    assert await alice.submits() == {}
    await card(bob, room, "✓ what is affected")
    await bob.presses("Fill in", on=old)
    await bob.sees("That is known by now.", in_=room)


async def test_a_question_is_answered_and_corrected_in_a_line(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_triage(sandbox, alice)
    await bob.sees("[Fill in]", in_=room)
    assert "What changed lately: “A release at 13:50”" in await asks(
        bob, "/incident answer changes A release at 13:50", in_=room
    )
    await card(bob, room, "✓ what changed lately", "What changed lately: A release at 13:50")
    await bob.types("/incident answer changes Nothing found", in_=room)
    await card(alice, room, "What changed lately: Nothing found")
    assert "There is: source, size, workaround, changes, data, backlog" in await asks(
        bob, "/incident answer moon 7", in_=room
    )


# Waivers


async def test_the_commander_lets_something_go_and_the_room_and_the_record_know_why(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_triage(sandbox, alice)
    await advances_facts(alice, room)
    await alice.presses("Fill in", in_=room)
    form = await alice.gets_form()
    assert form.labels == [CHANGES, "Or go on without it: why?"]
    await alice.fills({"Or go on without it: why?": "The log is down"})
    assert await alice.submits() == {}
    await alice.sees("@alice lets INC-1 go on without knowing what changed lately: “The log is down”", in_=room)
    await card(bob, room, "– what changed lately (@alice goes on without: The log is down)")
    assert "went on without knowing what changed lately: “The log is down”" in await asks(
        bob, "/incident timeline", in_=room
    )


async def advances_facts(alice: Person, room: str) -> None:
    """Say what is affected, so that only what can be waived is missing."""
    await alice.presses("Fill in", in_=room)
    await alice.fills({"What is affected?": ["Checkout"]})
    assert await alice.submits() == {}
    await card(alice, room, "✓ what is affected")


async def test_others_are_not_offered_to_let_it_go(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_triage(sandbox, alice)
    await advances_facts(alice, room)
    await bob.sees("✓ what is affected", in_=room)
    await bob.presses("Fill in", in_=room)
    form = await bob.gets_form()
    assert form.labels == [CHANGES]
    assert list(await bob.submits()) == [CHANGES]
    await bob.closes()
    await bob.types("/incident role deputy @bob", in_=room)
    await bob.presses("Advance to Containment", in_=room)
    form = await bob.gets_form()
    assert WAIVER not in form.labels
    assert list(await bob.submits()) == [CHANGES, "Communications lead", "Operations lead"]


# Work done early


async def test_work_done_early_counts_and_one_form_walks_as_far_as_is_known(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await takes_command(alice, room)
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"Who cannot do what?": IMPACT, "What is affected?": ["Checkout"]})
    assert await alice.submits() == {}
    await has_contained(alice, "Undid the last release", room)
    await card(alice, room, "“Undid the last release”, since")
    await alice.presses("Advance to Triage", in_=room)
    form = await alice.gets_form()
    assert form.labels == ["How far?"] and form.values["How far?"] == "Triage"
    await alice.fills({"How far?": "Recovery"})
    assert await alice.submits() == {} and alice.form is None
    await alice.sees("INC-1 is now in Recovery", in_=room)
    assert [event.phase for event in await journal(bot, PhaseEntered)] == ["TRIAGE", "CONTAINMENT", "RECOVERY"]
    await everything_is_delivered(bot, sandbox)
    assert len([text for text in updates_in(carol, "#exec-updates") if "Recovering" in text]) == 1


async def test_advancing_to_a_phase_asks_form_by_form_for_what_is_missing_on_the_way(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await takes_command(alice, room)
    assert "What does: triage, containment, recovery" in await asks(alice, "/incident advance moon", in_=room)
    await alice.types("/incident advance recovery", in_=room)
    await alice.fills({"Who cannot do what?": IMPACT})
    assert await alice.submits() == {}
    assert alice.form is not None and alice.form.labels == ["What is affected?"]
    await alice.fills({"What is affected?": ["Checkout"]})
    assert await alice.submits() == {}
    assert alice.form is not None and alice.form.title == "Advance to Recovery"
    await alice.fills({"What was done to stop the harm?": "Undid it", "What came of it?": "It worked"})
    assert await alice.submits() == {}
    assert alice.form is not None and "If no new harm is seen until" in alice.form.text
    await alice.sees("INC-1 is now in Containment", in_=room)


# The hold, and harm that comes back


async def contained(sandbox: Sandbox, alice: Person, severity: str = "sev1") -> str:
    """The room of an incident in CONTAINMENT in which something worked just now."""
    room = await in_triage(sandbox, alice, severity)
    await advances(alice, "Advance to Containment", room)
    await alice.sees("[Advance to Recovery]", in_=room)
    await alice.types("/incident contained Undid the last release", in_=room)
    return room


async def test_the_hold_passes_by_itself_and_the_card_says_until_when(sandbox: Sandbox, bot: App, alice: Person):
    room = await contained(sandbox, alice)
    await card(alice, room, "○ that the harm stays away (until", "[Impact is back]")
    await pass_time(bot, sandbox, 9)
    assert await journal(bot, HoldPassed) == []
    await pass_time(bot, sandbox, 1)
    await alice.sees("INC-1 is contained. If nothing else is missing on the card", in_=room)
    await card(alice, room, "Before Recovery we must know: nothing more", "✓ that the harm stays away")
    assert len(await journal(bot, HoldPassed)) == 1


async def test_a_hold_that_passed_while_no_bot_was_there_is_told_once_it_is_back(sandbox: Sandbox, sqlite_url: str):
    alice = sandbox.person("alice")
    async with running(sandbox, sqlite_url) as bot:
        room = await contained(sandbox, alice)
        await everything_is_delivered(bot, sandbox)
    sandbox.clock.advance(25 * 60)
    async with running(sandbox, sqlite_url) as bot:
        await alice.sees("INC-1 is contained. If nothing else is missing on the card", in_=room)
        await everything_is_delivered(bot, sandbox)
        assert len(await journal(bot, HoldPassed)) == 1


async def test_harm_that_is_back_resets_the_hold_at_once(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await contained(sandbox, alice)
    await pass_time(bot, sandbox, 8)
    await bob.sees("[Impact is back]", in_=room)
    await bob.presses("Impact is back", in_=room)
    await alice.sees("The harm of INC-1 is back, says @bob.", in_=room)
    text = await card(alice, room, "○ what was done that stopped the harm", "It did not last")
    assert "[Impact is back]" not in text
    await pass_time(bot, sandbox, 10)
    assert await journal(bot, HoldPassed) == []
    await alice.types("/incident contained Sent cards elsewhere", in_=room)
    await pass_time(bot, sandbox, 10)
    assert len(await journal(bot, HoldPassed)) == 1


async def test_a_relapse_stays_in_recovery_tells_stakeholders_and_must_be_contained_again(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await in_triage(sandbox, alice)
    for step in ("Advance to Containment", "Advance to Recovery"):
        await advances(alice, step, room)
    await alice.sees("[Advance to Postmortem]", in_=room)
    await alice.presses("Impact is back", in_=room)
    await alice.sees("This is relapse 1; stakeholders are told.", in_=room)
    await card(alice, room, "Recovery (now, relapse 1)", "○ what was done that stopped the harm")
    told = await carol.sees("The problem has come back, and we are working to limit it again.", in_="#exec-updates")
    assert IMPACT in told.text
    await carol.sees("INC-1: The problem is back", in_="#exec-updates")
    await has_contained(alice, "Sent cards elsewhere", room)
    await pass_time(bot, sandbox, 10)
    await advances(alice, "Advance to Postmortem", room)
    await alice.sees("INC-1 is now in Postmortem", in_=room)
    (event,) = await journal(bot, ImpactReturned)
    assert event.relapse == 1


async def test_impact_is_back_pressed_twice_is_one_relapse(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await contained(sandbox, alice)
    await bob.sees("[Impact is back]", in_=room)
    await asks(bob, "/incident", in_=room)
    old = bob.messages(room)[-1]
    await alice.presses("Impact is back", in_=room)
    await card(bob, room, "It did not last")
    await bob.presses("Impact is back", on=old)
    await bob.sees("INC-1 is not contained, so the harm is known to go on.", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(await journal(bot, ImpactReturned)) == 1


async def test_a_containment_is_back_dated_in_the_typists_zone(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_triage(sandbox, alice)
    await has_contained(alice, "Undid the last release", room)
    await alice.sees("No new harm was seen since", in_=room)
    assert "recorded containment, since about" in await asks(alice, "/incident timeline", in_=room)
    await alice.types("/incident contained", in_=room)
    assert alice.form is not None and alice.form.labels == ["What was done to stop the harm?", "What came of it?"]


async def test_a_temporary_measure_becomes_an_action_item_before_recovery_is_left(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await in_triage(sandbox, alice, "sev3")
    await advances(alice, "Advance to Containment", room)
    await alice.sees("[Advance to Recovery]", in_=room)
    await alice.presses("Advance to Recovery", in_=room)
    for_now = "It worked for now, and must be undone or replaced"
    await alice.fills({"What was done to stop the harm?": "Switched search off", "What came of it?": for_now})
    assert await alice.submits() == {}
    await alice.closes()
    await pass_time(bot, sandbox, 5)
    await advances(alice, "Advance to Recovery", room, **{"What came of it?": None})
    await card(alice, room, "○ who undoes each temporary measure, and by when")
    await alice.presses("Advance to Postmortem", in_=room)
    await alice.fills({"How do we know it works again?": "It does"})
    assert await alice.submits() == {}
    form = await alice.gets_form()
    assert "“Switched search off” is a temporary measure." in form.text
    await alice.fills({"What becomes of it?": "Somebody will do that"})
    assert list(await alice.submits()) == ["Who undoes or replaces it?", "Due date"]
    await alice.fills({"Who undoes or replaces it?": "@bob", "Due date": "2030-01-31"})
    assert await alice.submits() == {} and alice.form is None
    await card(alice, room, "A1 “Undo or replace: Switched search off”, @bob, by 2030-01-31")


async def test_whether_data_was_lost_can_be_unknown_once_somebody_finds_out(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_triage(sandbox, alice)
    for step in ("Advance to Containment", "Advance to Recovery"):
        await advances(alice, step, room)
    await alice.sees("[Advance to Postmortem]", in_=room)
    await alice.presses("Advance to Postmortem", in_=room)
    await alice.fills({"How do we know it works again?": "It does", "Was data lost or exposed?": "Lost or exposed"})
    assert list(await alice.submits()) == ["Which data, and whose?"]
    await alice.fills({"Was data lost or exposed?": "Not known yet"})
    assert await alice.submits() == {}
    form = await alice.gets_form()
    assert form.labels == ["Who finds out?", "Due date"]
    await alice.fills({"Who finds out?": "@bob", "Due date": "2030-01-31"})
    assert await alice.submits() == {} and alice.form is None
    await card(alice, room, "A1 “Find out whether data was lost or exposed”, @bob")


# Permissions


async def test_who_may_not_do_something_is_told_privately_whom_to_ask_and_it_is_recorded(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_triage(sandbox, alice)
    await bob.sees("[Advance to Containment]", in_=room)
    answer = await asks(bob, "/incident severity sev3", in_=room)
    assert "In INC-1 only these may lower the severity: the incident commander (@alice)." in answer
    assert bob.messages(room)[-1].ephemeral
    (attempt,) = await journal(bot, AttemptRefused)
    assert isinstance(attempt.refusal, NotAllowed) and attempt.actor == bob.id
    assert (await bot.service.incident(1, viewer="")).severity == "SEV1"
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "@bob tried to set the severity. Refused: only these may: incident commander" in timeline
    assert "severity of INC-1 is SEV1" in await asks(bob, "/incident severity sev1", in_=room)


async def test_what_somebody_fills_in_who_may_not_advance_is_kept(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_triage(sandbox, alice, "sev3")
    await bob.sees("[Advance to Containment]", in_=room)
    await bob.presses("Advance to Containment", in_=room)
    form = await bob.gets_form()
    assert "only these may move it on or close it: the incident commander (@alice) and deputy" in form.text
    await bob.fills({"What is affected?": ["Checkout"]})
    await bob.submits()
    assert bob.form is not None and "Please ask one of them." in bob.form.text
    await card(alice, room, "Affected: Checkout", "Triage (now)")


async def test_while_nobody_has_the_role_anybody_may(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await room_of(sandbox, bob, 1)
    answer = await asks(bob, "/incident severity sev2 few are hit", in_=room)
    assert "In Detection nobody knows yet how bad it is" in answer, "it is too early for that, not for bob"
