"""5. `/incident` and its words: what needs doing, what is open, what happened."""

import re

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.stories.steps import IMPACT, declares, everything_is_delivered, takes_command, walks_to


async def ask(person: Person, command: str, in_: str) -> str:
    """What a command answers, as the person reads it."""
    answer = await person.types(command, in_=in_)
    assert answer is not None
    return person.reads(in_)[-1]


async def test_alone_it_shows_what_needs_doing_now_with_its_buttons(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    answer = await ask(alice, "/incident", room)
    assert "INC-1 is in Detection" in answer and "who cannot do what (missing)" in answer
    assert "[Advance to Triage]" in answer and "[I'm incident commander]" in answer


async def test_elsewhere_it_shows_what_is_open_and_the_way_to_declare(sandbox: Sandbox, bot: App, alice: Person):
    assert "[Declare an incident]" in await ask(alice, "/incident", "#general")
    room = await declares(sandbox, alice, "Search is slow")
    answer = await ask(alice, "/incident", "#general")
    assert "INC-1 Search is slow" in answer and room in answer


async def test_the_list_names_every_open_incident_and_no_closed_one(sandbox: Sandbox, bot: App, alice: Person):
    assert "No incident is open" in await ask(alice, "/incident list", "#general")
    first = await declares(sandbox, alice, "Search is slow")
    await declares(sandbox, alice, "Checkout is failing")
    await walks_to(alice, first, "Close incident")
    await everything_is_delivered(bot, sandbox)
    answer = await ask(alice, "/incident list", "#general")
    assert "INC-2" in answer and "INC-1 " not in answer


async def test_status_and_timeline_mean_the_rooms_incident_or_take_a_number(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    assert IMPACT in await ask(alice, "/incident status", room)
    for number in ("INC-1", "1", "inc-1"):
        assert IMPACT in await ask(carol, f"/incident status {number}", "#general")
    timeline = await ask(carol, "/incident timeline INC-1", "#general")
    for line in ("@alice declared INC-1", "@alice became incident commander", "@alice moved on to Triage", IMPACT):
        assert line in timeline


async def test_what_was_typed_in_vain_stands_there_to_be_copied(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    note = "/incident note The release <v2> went out at 01:50"
    answer = await ask(alice, note, "#general")
    assert "in the room of the incident" in answer and f"You typed: {note}" in answer
    assert "Did you mean /incident note It is DNS?" in await ask(alice, "/incident noet It is `DNS`", room)
    assert "You typed: /incident please help us" in await ask(alice, "/incident please help us", room)
    again = await ask(alice, "/incident hypothesis revises H9 It is DNS", room)
    assert "INC-1 has no H9" in again and "You typed: /incident hypothesis revises H9 It is DNS" in again
    await takes_command(alice, room)
    assert "You typed" not in await ask(alice, "/incident commander", room)


async def test_a_refused_attempt_stands_on_the_timeline(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    answer = await ask(bob, "/incident commander", room)
    assert "@alice has been incident commander since" in answer
    assert re.search("@bob tried to take command", await ask(bob, "/incident timeline", room))


async def test_without_a_number_or_with_a_wrong_one_it_says_what_to_write(sandbox: Sandbox, bot: App, alice: Person):
    assert "Which incident?" in await ask(alice, "/incident status", "#general")
    assert "There is no INC-9 here." in await ask(alice, "/incident status INC-9", "#general")


async def test_acts_belong_into_the_room(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    answer = await ask(alice, "/incident severity sev1", "#general")
    assert "in the room of the incident" in answer and room in answer


async def test_help_lists_what_there_is_and_a_slip_gets_a_suggestion(bot: App, alice: Person):
    answer = await ask(alice, "/incident help", "#general")
    for verb in ("declare", "list", "status", "timeline", "help"):
        assert f"/incident {verb}" in answer
    assert "Did you mean /incident timeline?" in await ask(alice, "/incident timelien", "#general")


async def test_an_unknown_severity_is_answered_with_those_there_are(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    answer = await ask(alice, "/incident severity terrible", room)
    assert "SEV1, SEV2, SEV3, SEV4" in answer
