"""6. Roles: one holder each, handed over in one step with all that the next one must know."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.roles import RoleTaken
from bot.sandbox import Person, Sandbox
from bot.sandbox.delivery import payloads
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    hands_command,
    journal,
    kinds_of,
    room_of,
    takes_command,
    walks_to,
)

OTHER_ROLES = """
roles:
  - {name: incident commander, short: [boss], does: leads}
  - {name: Customer Liaison, short: [liaison, CL], does: talks to the big customers}
  - {name: legal, short: [legal], does: says what must be reported}
"""


@pytest.fixture
def erin(sandbox: Sandbox, bot: App) -> Person:
    """Product lead, in Prague."""
    return sandbox.person("erin")


@pytest.fixture
async def bot_with_other_roles(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """Lockstep, under a policy that has roles of its own."""
    text = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").partition("\nroles:")[0] + OTHER_ROLES
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(text, tmp_path)) as app:
        yield app


async def holder(bot: App, role: str = "incident commander", number: int = 1) -> str | None:
    """Whose role it is, by the id of the person."""
    seat = (await bot.service.incident(number, viewer="")).seats.get(role)
    return seat.user if seat else None


async def hands_over(person: Person, room: str, role: str, to: str) -> str:
    """Hand a role over by the picker on the card; returns what the form says if it does not close."""
    await person.presses("Roles", in_=room)
    await person.fills({"Role": role, "Who takes it?": to})
    assert await person.submits() == {}
    return person.form.text if person.form else ""


async def test_a_hand_over_tells_the_room_all_that_the_next_commander_must_know(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    await alice.types("/incident hypothesis The last release broke the card form", in_=room)
    await pass_time(bot, sandbox, 7)
    answer = await asks(alice, "/incident role commander @bob", in_=room)
    assert answer.startswith("Incident commander of INC-1 is offered to @bob. Until they accept, by")
    told = await bob.sees("@bob: @alice would like you to be incident commander of INC-1.", in_=room)
    assert not told.ephemeral
    assert await holder(bot) == alice.id
    for line in (
        "Phase: Recovery, for 7 minutes",
        "Severity: SEV1",
        f"Impact: {IMPACT}",
        "Containment in force: “Undid the last release” (It worked)",
        "Open hypotheses: H1 ○ Proposed “The last release broke the card form”",
    ):
        assert f"• {line}" in told.text.splitlines()
    promises = next(line for line in told.text.splitlines() if "Next update:" in line)
    incident = await bot.service.incident(1, viewer="")
    for name, heard in incident.told.items():
        assert heard.promised is not None
        assert f"{name} {heard.promised.astimezone(bob.reader().zone):%H:%M}" in promises


async def test_a_brief_of_an_incident_that_knows_nothing_has_every_line_all_the_same(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Something is odd")
    await takes_command(alice, room)
    await pass_time(bot, sandbox, 75)
    await alice.types("/incident role commander @bob", in_=room)
    told = await alice.sees("would like you to be incident commander", in_=room)
    for line in (
        "Phase: Detection, for 1 h 15 min",
        "Severity: not set, treated as SEV2",
        "Impact: not known yet",
        "Containment in force: none",
        "Open hypotheses: none",
        "Ruled out: none",
        "Decisions pending: none",
    ):
        assert f"• {line}" in told.text.splitlines()


async def test_the_picker_shows_who_has_which_role_and_hands_one_over(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev2 Search is slow")
    await takes_command(alice, room)
    await alice.sees("[Roles]", in_=room)
    await alice.presses("Roles", in_=room)
    form = await alice.gets_form()
    assert "Incident commander: @alice" in form.text and "Scribe: nobody yet" in form.text
    await alice.fills({"Role": "Scribe", "Who takes it?": "@dave"})
    assert await alice.submits() == {}
    assert alice.form is None
    await alice.sees("@dave is now scribe of INC-1. @alice asked them to.", in_=room)
    assert await holder(bot, "scribe") == dave.id
    await room_of(sandbox, dave, 1)
    card = await dave.sees("we must know:", in_=room)
    assert "Scribe: @dave" in card.text
    await dave.presses("Roles", in_=room)
    assert "Scribe: @dave" in (await dave.gets_form()).text


async def test_a_role_has_one_holder_and_changes_hands_in_one_step(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await hands_command(alice, bob, room)
    await hands_command(bob, dave, room)
    await everything_is_delivered(bot, sandbox)
    assert [(event.former, event.user) for event in await journal(bot, RoleTaken)] == [
        (None, alice.id),
        (alice.id, bob.id),
        (bob.id, dave.id),
    ]
    assert sum("Where we stand" in text for text in alice.reads(room)) == 2
    assert "Incident commander: @dave" in (await alice.sees("INC-1: Checkout", in_="#incidents")).text
    assert "Incident commander\n@dave" in (await alice.sees("we must know:", in_=room)).text


async def test_of_two_who_hand_over_at_the_same_moment_one_wins_and_the_other_reads_who_has_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    for number in range(1, 6):
        room = await declares(sandbox, alice, f"sev1 Checkout is failing {number}")
        await takes_command(alice, room)
        await bob.sees("[Roles]", in_=room)
        await alice.types("/incident role scribe @bob", in_=room)
        said = await both_hand_over(alice, bob, room, "Scribe")
        assert await holder(bot, "scribe", number=number) in (sandbox.person("dave").id, sandbox.person("erin").id)
        left = [text for text in said if text]
        assert len(left) == 1
        assert re.search("@(dave|erin) has been scribe since", left[0])
        assert (await kinds_of(bot, number)).count("RoleTaken") == 3


async def test_of_two_who_give_an_empty_seat_away_at_the_same_moment_one_wins_too(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.sees("[Roles]", in_=room)
    said = await both_hand_over(alice, bob, room)
    left = [text for text in said if text]
    assert len(left) == 1, "both were told that it worked, and one of them undid the other unknowingly"
    assert re.search("@(dave|erin) has been incident commander since", left[0])
    assert (await kinds_of(bot)).count("RoleTaken") == 1


async def both_hand_over(one: Person, other: Person, room: str, role: str = "Incident commander") -> list[str]:
    """Both draw the form, then give the role to different people at once; returns what each form says if it is still open."""
    for person, name in ((one, "@dave"), (other, "@erin")):
        await person.presses("Roles", in_=room)
        await person.fills({"Role": role, "Who takes it?": name})
    assert all(errors == {} for errors in await asyncio.gather(one.submits(), other.submits()))
    said = [person.form.text if person.form else "" for person in (one, other)]
    for person in (one, other):
        if person.form:
            await person.closes()
    return said


async def test_whoever_gets_a_role_is_brought_into_the_room(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await everything_is_delivered(bot, sandbox)
    assert room not in carol.channels
    await alice.types("/incident role comms @carol", in_=room)
    assert await room_of(sandbox, carol, 1) == room
    await carol.sees("@carol is now communications lead of INC-1. @alice asked them to.", in_=room)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("king @bob", "The policy has no role “king”. It has: incident commander, deputy, communications lead"),
        ("commander", "Please name a role and a person, like /incident role commander @somebody"),
        ("commander bob", "Please name a role and a person"),
        ("@bob", "The roles are: commander, deputy, comms, ops, scribe."),
        ("commander @payments-oncall", "Please name a role and a person"),
        ("commander @lockstep", "I keep the record, and cannot hold a role. Please choose a person."),
    ],
)
async def test_what_cannot_be_a_hand_over_is_answered_with_what_to_write(
    sandbox: Sandbox, bot: App, alice: Person, typed: str, answer: str
):
    room = await declares(sandbox, alice, "Search is slow")
    await takes_command(alice, room)
    assert answer in await asks(alice, f"/incident role {typed}", in_=room)
    assert await holder(bot) == alice.id


@pytest.mark.parametrize(
    "typed",
    [
        "commander <@{bob}|bob>",
        "IC <@{bob}>",
        "<@{bob}|bob> commander",
        "incident commander  <@{bob}|bob>",
        "COMMANDER   <@{bob}|bob.tanaka>",
    ],
)
async def test_a_role_is_understood_however_it_is_typed(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, typed: str
):
    room = await declares(sandbox, alice, "Search is slow")
    await sandbox.hub.deliver("slash_commands", command(sandbox, alice, room, f"role {typed.format(bob=bob.id)}"))
    assert await holder(bot) == bob.id


async def test_a_command_that_slack_delivers_twice_hands_over_once(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Search is slow")
    await takes_command(alice, room)
    payload = command(sandbox, alice, room, f"role scribe <@{bob.id}|bob>")
    first = await sandbox.hub.deliver("slash_commands", payload)
    await alice.types("/incident role scribe @dave", in_=room)
    again = await sandbox.hub.deliver("slash_commands", payload)
    assert first and again
    assert await holder(bot, "scribe") == sandbox.person("dave").id
    assert (await kinds_of(bot)).count("RoleTaken") == 3


def command(sandbox: Sandbox, person: Person, room: str, text: str) -> dict[str, Any]:
    """What Slack sends when this person types `/incident` and this text in the room, with mentions as Slack writes them."""
    channel = sandbox.channel(room)
    return payloads.slash_command(
        sandbox.workspace,
        person.user,
        channel,
        sandbox.workspace.app.commands[0],
        text,
        trigger_id=sandbox.platform.triggers.issue(person.id),
        response_url=sandbox.platform.reply_url(user=person.id, channel=channel.id),
    )


async def test_alone_the_command_opens_the_picker(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    assert await alice.types("/incident role", in_=room) is None
    form = await alice.gets_form("Roles")
    assert form.labels == ["Role", "Who takes it?"]


async def test_the_bot_can_be_chosen_in_no_form(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await alice.presses("Roles", in_=room)
    await alice.fills({"Role": "Incident commander", "Who takes it?": "@lockstep"})
    assert list(await alice.submits()) == ["Who takes it?"]
    await alice.closes()
    await alice.presses("Advance to Triage", in_=room)
    await alice.fills({"Incident commander": "@lockstep", "Who cannot do what?": IMPACT})
    assert list(await alice.submits()) == ["Incident commander"]
    assert await holder(bot) is None


async def test_giving_a_role_to_whoever_has_it_changes_nothing(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await takes_command(alice, room)
    assert "Incident commander of INC-1: @alice." in await asks(alice, "/incident role commander @alice", in_=room)
    assert (await kinds_of(bot)).count("RoleTaken") == 1


async def test_once_the_incident_is_over_no_role_changes_hands(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "Search is slow")
    await walks_to(alice, room, "Advance to Postmortem")
    await bob.sees("[Roles]", in_=room)
    await bob.presses("Roles", in_=room)
    await bob.fills({"Role": "Deputy", "Who takes it?": "@bob"})
    await advances(alice, "Close incident", room)
    await bob.submits()
    assert bob.form is not None and "INC-1 is closed" in bob.form.text
    assert "INC-1 is closed" in await asks(alice, "/incident role deputy @bob", in_=room)
    assert await holder(bot, "deputy") is None


async def test_a_company_has_the_roles_that_its_policy_names(sandbox: Sandbox, bot_with_other_roles: App):
    alice, dave = sandbox.person("alice"), sandbox.person("dave")
    room = await declares(sandbox, alice, "sev2 Search is slow")
    for typed in ("cl", "Liaison", "Customer Liaison"):
        answer = await asks(alice, f"/incident role {typed} @dave", in_=room)
        assert answer == "Customer Liaison of INC-1: @dave."
    assert "It has: incident commander, Customer Liaison, legal" in await asks(
        alice, "/incident role scribe @dave", in_=room
    )
    await alice.presses("Roles", in_=room)
    assert "Legal: nobody yet" in (await alice.gets_form()).text
    await alice.fills({"Role": "Legal", "Who takes it?": "@dave"})
    assert await alice.submits() == {}
    await alice.sees("@dave is now legal of INC-1", in_=room)
    assert await holder(bot_with_other_roles, "Customer Liaison") == dave.id


async def test_nobody_in_command_for_two_minutes_is_asked_about_once_and_the_button_works(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Search is slow")
    await pass_time(bot, sandbox, 1.9)
    assert asked(alice, room) == []
    await pass_time(bot, sandbox, 0.2)
    assert len(asked(alice, room)) == 1 and "@alice" in asked(alice, room)[0]
    for _ in range(3):
        await pass_time(bot, sandbox, 20)
    assert len(asked(alice, room)) == 1
    await bob.joins(room)
    await bob.presses("I'm incident commander", in_=room)
    await bob.sees("You are incident commander of INC-1.", in_=room)
    assert await holder(bot) == bob.id
    await everything_is_delivered(bot, sandbox)
    await alice.presses("I'm incident commander", in_=room)
    await alice.sees("@bob has been incident commander since", in_=room)


async def test_a_room_with_a_commander_is_not_asked(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await pass_time(bot, sandbox, 1)
    await takes_command(alice, room)
    await pass_time(bot, sandbox, 10)
    assert asked(alice, room) == []


def asked(person: Person, room: str) -> list[str]:
    """What this person reads in the room about an empty seat."""
    return [text for text in person.reads(room) if "Nobody is incident commander" in text]


async def test_hand_overs_stand_on_the_timeline(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await hands_command(alice, bob, room)
    await bob.types("/incident role scribe @alice", in_=room)
    timeline = await asks(alice, "/incident timeline", in_=room)
    for line in (
        "@alice offered incident commander to @bob",
        "@bob became incident commander",
        "@bob made @alice scribe",
    ):
        assert line in timeline
