"""6. Hypotheses: what may be wrong, where, who tests it, and how it turned out."""

import asyncio
import re

from bot.app import App
from bot.core.decision import AttemptRefused
from bot.core.tracker.hypotheses import HypothesisConfirmed, HypothesisProposed, HypothesisRefuted, TestStarted
from bot.sandbox import Person, Sandbox, Seen
from bot.sandbox.delivery import payloads
from bot.sandbox.views import view_json
from tests.stories.steps import (
    a_room,
    advances,
    asks,
    everything_is_delivered,
    journal,
    proposes,
    root_shows,
    says_what_shows_it,
    starts_test,
    walks_to,
)

BUTTONS = "[Start test] [Confirm] [Refute] [Park] [Add evidence]"
WHY = "Errors began before the release"


async def turns_out(person: Person, button: str, why: str, room: str) -> None:
    """Press `Confirm` or `Refute`, say what shows it, and send it."""
    await person.presses(button, in_=room)
    form = await person.gets_form()
    assert form.labels[0] == "What shows it?" and len(form.labels) <= 3
    await says_what_shows_it(person, why)
    assert await person.submits() == {}


def thread_of(person: Person, root: Seen, room: str) -> list[Seen]:
    """What stands in the thread of a message, oldest first."""
    return [one for one in person.messages(room) if one.thread_ts == root.ts and one.ts != root.ts]


# Proposing


async def test_the_card_takes_a_hypothesis_with_its_place_and_the_room_shows_all_there_is_to_know(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    await bob.presses("Add hypothesis", in_=room)
    form = await bob.gets_form("Add hypothesis")
    assert form.labels == ["What may be wrong?", "Where?", "Or a place that the map does not have"]
    await bob.fills({"What may be wrong?": "The release drops the card token", "Where?": "Payments"})
    assert await bob.submits() == {} and bob.form is None
    root = await alice.sees("H1: The release drops the card token", in_=room)
    assert "○ Proposed · Boundary: Payments · Proposed by @bob" in root.text
    assert "Evidence: 0 for · 0 against" in root.text and BUTTONS in root.text
    assert root.thread_ts in (None, root.ts)
    await alice.sees(re.compile("we must know:.*", re.DOTALL), in_=room)
    assert any("H1 ○ Proposed: “The release drops the card token”" in text for text in alice.reads(room))


async def test_the_command_takes_a_hypothesis_at_once_and_finds_the_place_that_it_names(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    answer = await asks(alice, "/incident hypothesis The orders database is full", in_=room)
    assert "H1 of INC-1 is proposed" in answer
    root = await alice.sees("H1: The orders database is full", in_=room)
    assert "Boundary: Orders database" in root.text and BUTTONS in root.text and "Where?" not in root.text


async def test_without_a_place_the_menu_sets_it_and_goes_away(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    root = await proposes(alice, "A certificate has run out", room)
    assert "Boundary: not set" in root.text
    await alice.chooses("Where?", "Sign-in", in_=room)
    placed = await root_shows(alice, room, "H1", "Boundary: Sign-in")
    assert placed.ts == root.ts and "Where?" not in placed.text and BUTTONS in placed.text


async def test_a_statement_that_names_two_places_leaves_the_choice_to_people(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    root = await proposes(alice, "Checkout waits for payments", room)
    assert "Boundary: not set" in root.text and "Where?" in root.text


async def test_a_word_that_only_contains_the_name_of_a_place_does_not_name_it(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    root = await proposes(alice, "The researchers run a heavy report", room)
    assert "Boundary: not set" in root.text


async def test_the_command_alone_opens_the_form_and_blanks_are_no_hypothesis(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    await alice.types("/incident hypothesis", in_=room)
    await alice.gets_form("Add hypothesis")
    await alice.fills({"What may be wrong?": "   "})
    assert list(await alice.submits()) == ["What may be wrong?"]
    await alice.fills({"What may be wrong?": "A cable"})
    assert await alice.submits() == {}
    await alice.sees("H1: A cable", in_=room)


async def test_a_form_that_slack_delivers_twice_proposes_once(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    await alice.presses("Add hypothesis", in_=room)
    await alice.fills({"What may be wrong?": "A cable"})
    assert alice.form is not None
    view = view_json(sandbox.workspace, alice.form.view)
    trigger = sandbox.platform.triggers.issue(alice.id)
    payload = payloads.view_submission(sandbox.workspace, alice.user, view, trigger_id=trigger)
    for _ in range(2):
        await sandbox.hub.deliver("interactive", payload)
    await everything_is_delivered(bot, sandbox)
    assert len(await journal(bot, HypothesisProposed)) == 1
    assert sum(text.startswith("H1: A cable") for text in alice.reads(room)) == 1


async def test_people_who_propose_at_the_same_moment_are_each_told_the_number_of_their_own(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    people = (alice, bob, dave)
    room = await a_room(sandbox, bot, *people, severity="sev1")
    for turn in range(3):
        await asyncio.gather(
            *(
                person.types(f"/incident hypothesis Server {person.name[0]}{turn} is full", in_=room)
                for person in people
            )
        )
        proposed = {one.statement: one.hypothesis for one in await journal(bot, HypothesisProposed)}
        for person in people:
            told = [one.text for one in person.messages(room) if one.ephemeral][-1]
            assert f"H{proposed[f'Server {person.name[0]}{turn} is full']} of INC-1 is proposed" in told
    await everything_is_delivered(bot, sandbox)
    assert sorted(one.hypothesis for one in await journal(bot, HypothesisProposed)) == list(range(1, 10))


async def test_what_people_type_is_shown_as_they_typed_it(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    odd = "if a < b & c > d then <!channel> *breaks*"
    await alice.types(f"/incident hypothesis {odd}", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert (await journal(bot, HypothesisProposed))[0].statement.startswith("if a < b & c > d then")
    first = await alice.sees("H1: if a < b & c > d then", in_=room)
    assert "<!channel>" not in str(first.raw["blocks"])


async def test_a_hypothesis_belongs_into_the_room(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    answer = await asks(alice, "/incident hypothesis A cable", in_="#general")
    assert "in the room of the incident" in answer and room in answer


# Testing and concluding


async def test_whoever_starts_the_test_is_shown_and_the_thread_is_told(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    root = await proposes(alice, "A cable", room)
    await starts_test(bob, room)
    shown = await root_shows(alice, room, "H1", "● Testing", "Assignee: @bob")
    assert shown.ts == root.ts
    for button in ("[Confirm]", "[Refute]", "[Park]", "[Add evidence]"):
        assert button in shown.text
    await alice.sees("@bob is testing it now.", in_=room)
    assert [one.text for one in thread_of(alice, root, room)] == ["@bob is testing it now."]


async def test_a_confirmation_asks_what_shows_it_and_the_room_and_the_thread_read_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    root = await proposes(alice, "A cable", room)
    await starts_test(bob, room)
    await turns_out(alice, "Confirm", "The new cable works & the old < does not", room)
    shown = await root_shows(bob, room, "H1", "✓ Confirmed", "@alice: “The new cable works & the old < does not”")
    assert shown.text.count("[") == shown.text.count("[State it anew]") == 1 and "Assignee: @bob" in shown.text
    told = await bob.sees("@alice confirmed H1 “A cable”", in_=room)
    assert told.thread_ts == root.ts and told.raw["subtype"] == "thread_broadcast"
    assert "The new cable works" in told.text
    assert len(await journal(bot, TestStarted)) == 1
    assert any("H1 ✓ Confirmed: “A cable”" in text for text in bob.reads(room))


async def test_what_was_never_under_test_is_recorded_as_tested_when_it_is_refuted(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    root = await proposes(alice, "A cable", room)
    await turns_out(bob, "Refute", WHY, room)
    await root_shows(alice, room, "H1", "✗ Refuted", "Assignee: @bob", f"@bob: “{WHY}”")
    await everything_is_delivered(bot, sandbox)
    told = [one.text for one in thread_of(alice, root, room)]
    assert told == ["@bob is testing it now.", f"@bob refuted H1 “A cable”\n“{WHY}”"]
    assert [one.assignee for one in await journal(bot, TestStarted)] == [bob.id]
    assert [one.why for one in await journal(bot, HypothesisRefuted)] == [WHY]


async def test_a_reason_must_be_given(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    await proposes(alice, "A cable", room)
    await alice.presses("Refute", in_=room)
    await alice.gets_form("Refute H1")
    await alice.fills({"What shows it?": " \n ", "What would we have seen if it were true?": "A spark"})
    assert list(await alice.submits()) == ["What shows it?"]
    await alice.fills({"What shows it?": WHY, "What would we have seen if it were true?": " "})
    assert list(await alice.submits()) == ["What would we have seen if it were true?"], "or it could not have failed"
    await alice.closes()
    assert await journal(bot, HypothesisRefuted) == []


async def test_parked_it_waits_until_somebody_tests_it_again(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    await proposes(alice, "A cable", room)
    await starts_test(alice, room)
    await root_shows(alice, room, "H1", "● Testing")
    await alice.presses("Park", in_=room)
    parked = await root_shows(alice, room, "H1", "‖ Parked", "[Start test]", "[Confirm]", "[Refute]")
    assert "[Park]" not in parked.text
    await alice.sees("@alice parked it for now.", in_=room)
    await bob.presses("Start test", in_=room)
    form = await bob.gets_form("Start test H1")
    assert form.labels == ["How do we test it?"]
    await bob.fills({"How do we test it?": "Swap the cable"})
    assert await bob.submits() == {}
    await root_shows(alice, room, "H1", "● Testing", "Assignee: @bob", "[Park]")


async def test_a_button_pressed_before_the_message_shows_the_outcome_is_answered_with_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    await proposes(alice, "A cable", room)
    slow = sandbox.faults.delay(2.0, "chat.update")
    await turns_out(alice, "Refute", WHY, room)
    for button in ("Start test", "Park", "Confirm", "Refute", "Add evidence"):
        await bob.presses(button, in_=room)
        assert bob.form is None
        answer = [one.text for one in bob.messages(room) if one.ephemeral][-1]
        assert "H1 was refuted" in answer and "by @alice. That is final." in answer
    slow.times = 0
    await everything_is_delivered(bot, sandbox)
    assert (await bot.service.incident(1, viewer=bob.id)).hypothesis(1).status == "refuted"
    # Start test and Park were commands, and what was refused stands in the journal; the other three opened no form.
    assert len(await journal(bot, AttemptRefused)) == 2


async def test_of_two_who_conclude_at_the_same_moment_one_is_told_how_it_turned_out(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    people = {alice: "Confirm", bob: "Refute"}
    for number in range(1, 6):
        await proposes(alice, f"Idea {number}", room)
        await asyncio.gather(*(person.presses(button, in_=room) for person, button in people.items()))
        for person, button in people.items():
            await person.gets_form(f"{button} H{number}")
            await says_what_shows_it(person, f"{person.name} saw it")
        await asyncio.gather(*(person.submits() for person in people))
        left = [person for person in people if person.form is not None]
        assert len(left) == 1 and left[0].form is not None
        winner = bob if left == [alice] else alice
        assert re.search(rf"H{number} was (confirmed|refuted) .*\d\d:\d\d by @{winner.name}", left[0].form.text)
        await left[0].closes()
        await root_shows(alice, room, f"H{number}", f"@{winner.name}: “{winner.name} saw it”")
    await everything_is_delivered(bot, sandbox)
    ended = [one.hypothesis for one in await journal(bot, HypothesisConfirmed)]
    ended += [one.hypothesis for one in await journal(bot, HypothesisRefuted)]
    assert sorted(ended) == [1, 2, 3, 4, 5]
    assert len(await journal(bot, AttemptRefused)) == 5
    assert sum(one.raw.get("subtype") == "thread_broadcast" for one in alice.messages(room)) == 5


# Looking at them


async def test_the_list_has_open_ones_first_and_can_be_read_from_anywhere(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    for number, statement in enumerate(("First", "Second", "Third at checkout", "Fourth", "Fifth"), start=1):
        await proposes(alice, statement, room)
        if number in (1, 2):
            await turns_out(alice, "Refute" if number == 1 else "Confirm", WHY, room)
        if number in (3, 5):
            await (alice.presses("Park", in_=room) if number == 3 else starts_test(alice, room))
        await everything_is_delivered(bot, sandbox)
    answer = await asks(carol, "/incident hypotheses INC-1", in_="#general")
    assert re.findall(r"^H\d", answer, re.MULTILINE) == ["H4", "H5", "H3", "H2", "H1"]
    assert "3 open, 2 concluded" in answer
    assert re.search(
        r"● Testing since .*\d\d:\d\d · @alice · until .*\d\d:\d\d · 0 for · 0 against · 4 of 9 · thread", answer
    )
    assert re.search(r"‖ Parked since .*\d\d:\d\d · Checkout · 0 for", answer)
    in_room = await asks(alice, "/incident hypotheses", in_=room)
    assert re.findall(r"^H\d", in_room, re.MULTILINE) == ["H4", "H5", "H3", "H2", "H1"]
    assert "Which incident?" in await asks(carol, "/incident hypotheses", in_="#general")
    assert "There is no INC-9 here." in await asks(carol, "/incident hypotheses 9", in_="#general")


async def test_an_empty_list_offers_to_begin_it(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    assert "INC-1 has no hypotheses yet.\n[Add hypothesis]" in await asks(alice, "/incident hypotheses", in_=room)
    await alice.presses("Add hypothesis", in_=room)
    await alice.gets_form("Add hypothesis")


async def test_after_the_close_they_can_be_read_and_nothing_more(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    await proposes(alice, "A cable", room)
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    assert "INC-1 is closed" in await asks(alice, "/incident hypothesis Another cable", in_=room)
    answer = await asks(alice, "/incident hypotheses", in_=room)
    assert "“A cable”" in answer and "→ Carried over since" in answer
    assert len((await bot.service.incident(1, viewer=alice.id)).hypotheses) == 1


async def test_after_the_close_the_rooms_messages_offer_no_buttons_that_can_only_refuse(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice, severity="sev1")
    await proposes(alice, "A cable", room)
    await proposes(alice, "A disk", room)
    await alice.presses("Refute", in_=room)
    await says_what_shows_it(alice, WHY)
    assert await alice.submits() == {}
    assert "[State it anew]" in (await root_shows(alice, room, "H2", "✗ Refuted")).text
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    first, second = (
        next(text for text in reversed(alice.reads(room)) if text.startswith(start)) for start in ("H1: A ", "H2: A ")
    )
    assert "→ Carried over" in first and "[" not in first
    assert "✗ Refuted" in second and "[" not in second


async def test_a_button_of_a_closed_incident_says_that_it_is_closed(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob, severity="sev1")
    await walks_to(alice, room, "Advance to Postmortem")
    await proposes(alice, "A cable", room)
    await everything_is_delivered(bot, sandbox)
    await bob.presses("Refute", in_=room)
    await bob.gets_form("Refute H1")
    slow = sandbox.faults.delay(2.0, "chat.update")
    await advances(alice, "Close incident", room)
    for button in ("Start test", "Park", "Confirm", "Add evidence"):
        await alice.presses(button, in_=room)
        assert alice.form is None
        assert "INC-1 is closed" in [one.text for one in alice.messages(room) if one.ephemeral][-1]
    await says_what_shows_it(bob, WHY)
    await bob.submits()
    assert bob.form is not None and "INC-1 is closed" in bob.form.text
    slow.times = 0
    await everything_is_delivered(bot, sandbox)
