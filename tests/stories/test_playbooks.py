"""21. A playbook in the room: one message shows whose turn it is, steps are answered by whom they are asked of, and it ends."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.decision import AttemptRefused
from bot.core.gates import NeedsWaived
from bot.core.needs import Need
from bot.core.playbooks.facts import Fact, StepEnded
from bot.core.run_offers import PlaybooksOffered
from bot.core.runs import PlaybookStarted, RunAdvanced
from bot.sandbox import Person, Sandbox, Seen
from tests.running import PLAYBOOKS, pass_time, running
from tests.stories.steps import advances, asks, declares, everything_is_delivered, journal, takes_command

CAREFUL = """
id: careful
title: Go about it carefully
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: A playbook with the steps that people do.
takes_minutes: 20
applies_to:
  symptoms: [checkout broken since the release]
defaults: {role: operations lead, timeout_minutes: 10, on_failure: given-up, on_timeout: given-up}
start: freeze
steps:
  freeze:
    {kind: manual, title: Freeze releases, do: Stop the pipelines., on_success: agree}
  agree:
    {kind: confirm, title: Agree on it, question: Is it the release?, two_people: true, on_success: way}
  way:
    kind: decision
    title: Choose a way
    question: What is faster?
    default: flag
    options:
      flag: {label: Turn the flag off, when: There is a flag., goes_to: note}
      undo: {label: Undo the release, when: There is none., goes_to: note}
  note:
    {kind: manual, title: Write down what was done, do: Put it here., asks_for: note, gates: TRIAGE, on_success: watch}
  watch:
    {kind: wait, title: Watch, minutes: 5, on_success: good}
  good:
    {kind: stop, title: Good, outcome: done, reason: Errors are back to normal.}
  given-up:
    {kind: stop, title: Given up, outcome: stopped, reason: Look for another cause.}
"""


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """What Lockstep comes with, and a playbook of the stories' own."""
    folder = Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))
    (folder / "runbooks" / "careful.yml").write_text(CAREFUL, encoding="utf-8")
    return folder


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, playbooks: Path) -> AsyncIterator[App]:
    """Lockstep, with that playbook."""
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as app:
        yield app


async def a_room(sandbox: Sandbox, bot: App, *people: Person) -> str:
    """The room of an incident that all of them are in; the first leads it, the second is operations lead."""
    room = await declares(sandbox, people[0], "sev3 Checkout is slow")
    await takes_command(people[0], room)
    for person in people[1:]:
        await person.joins(room)
    if len(people) > 1:
        await asks(people[1], f"/incident role ops @{people[1].user.name}", in_=room)
    await everything_is_delivered(bot, sandbox)
    return room


async def run_shows(person: Person, room: str, *wanted: str, title: str = "Go about it carefully") -> Seen:
    """Wait until the message of the run shows all of this, and return it."""
    all_of_it = "".join(f"(?=.*{re.escape(text)})" for text in wanted)
    return await person.sees(
        re.compile(f"^{re.escape(title)}, started by.*?{all_of_it}", re.DOTALL), in_=room, within=20
    )


async def facts(bot: App, kind: type[Fact], number: int = 1) -> list[Fact]:
    """What happened of this kind in the runs of an incident."""
    return [one.whole for one in await journal(bot, RunAdvanced, number) if isinstance(one.fact, kind)]


async def starts(person: Person, room: str, name: str = "careful") -> None:
    """Start a playbook that asks nothing."""
    assert "has started" in await asks(person, f"/incident playbook {name}", in_=room)


async def test_a_playbook_is_walked_through_in_one_message_by_whom_each_step_is_asked_of(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    room = await a_room(sandbox, bot, alice, bob, carol)
    await starts(alice, room)
    await run_shows(alice, room, "● Freeze releases", "Stop the pipelines.", "@bob (operations lead) until", "[Done]")
    await bob.presses("Done", in_=room)
    await run_shows(alice, room, "✓ Freeze releases · @bob", "● Agree on it", "Two different people must say yes.")
    await bob.presses("Yes", in_=room)
    await run_shows(alice, room, "@bob said yes. Another person must say so too.", "Anybody but @bob")
    await bob.presses("Yes", in_=room)
    await bob.sees("A second person is needed, and you are the first.", in_=room)
    await carol.presses("Yes", in_=room)
    await run_shows(alice, room, "✓ Agree on it · @bob and @carol", "● Choose a way", "in time: Turn the flag off")
    await bob.presses("Undo the release", in_=room)
    await run_shows(alice, room, "● Write down what was done")
    await bob.presses("Done", in_=room)
    assert (await bob.gets_form("Done")).labels == ["Please add a note"]
    await bob.fills({"Please add a note": "The flag is off"})
    assert await bob.submits() == {}
    await run_shows(alice, room, "“The flag is off”", "● Watch", "Nobody needs to do anything")
    await pass_time(bot, sandbox, 6)
    shown = await run_shows(alice, room, "✓ Watch", "Done. Errors are back to normal.")
    assert "[Done]" not in shown.text
    await alice.sees("Go about it carefully: Done. Errors are back to normal.", in_=room)
    assert len([one for one in alice.messages(room) if one.text.startswith("Go about it carefully, started by")]) == 1
    ended = await facts(bot, StepEnded)
    assert [one.step for one in ended] == ["freeze", "agree", "way", "note", "watch", "good"]  # type: ignore[attr-defined]


async def test_only_whom_a_step_is_asked_of_answers_it_and_a_role_that_passes_takes_it_along(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    room = await a_room(sandbox, bot, alice, bob, carol)
    await starts(alice, room)
    await run_shows(alice, room, "@bob (operations lead) until")
    await carol.presses("Done", in_=room)
    await carol.sees("this is for the operations lead (@bob) to do", in_=room)
    await asks(bob, "/incident role ops @carol", in_=room)
    await carol.sees("@carol, as operations lead you are asked now: Freeze releases", in_=room)
    await run_shows(alice, room, "@carol (operations lead) until")
    await carol.presses("Failed", in_=room)
    await carol.gets_form("It failed")
    await carol.fills({"What happened?": "No access"})
    assert await carol.submits() == {}
    await run_shows(
        alice, room, "✗ Freeze releases · failed · @carol", "“No access”", "Stopped. Look for another cause."
    )
    (refused,) = await journal(bot, AttemptRefused)
    assert refused.attempt == "ActOnRun"


async def test_a_step_that_takes_too_long_goes_on_by_its_way_out_and_one_that_is_skipped_says_why(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await starts(alice, room)
    await run_shows(alice, room, "● Freeze releases")
    await bob.presses("Skip", in_=room)
    await bob.gets_form("Skip the step")
    await bob.fills({"Why can it be left out?": "They are frozen already"})
    assert await bob.submits() == {}
    await run_shows(alice, room, "– Freeze releases · skipped · @bob", "● Agree on it")
    await pass_time(bot, sandbox, 11)
    await run_shows(alice, room, "✗ Agree on it · not done in time", "Stopped. Look for another cause.")


async def test_when_triage_begins_the_playbooks_that_fit_are_offered_and_one_starts_by_a_click(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout broken since the release")
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    offered = await alice.sees("These playbooks fit what is known.", in_=room)
    assert "Go about it carefully (careful, 20 min)" in offered.text
    assert "Why: it sounds like “checkout broken since the release”." in offered.text
    await alice.presses("Start", in_=room)
    await run_shows(alice, room, "● Freeze releases", "Anybody: nobody is operations lead")


async def test_what_fits_only_once_more_is_known_is_offered_then_and_nothing_twice(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout broken since the release")
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    await alice.sees("These playbooks fit what is known.", in_=room)
    await asks(alice, "/incident impact Orders are doubled since the release", in_=room)
    await asks(alice, "/incident severity sev2", in_=room)
    more = await alice.sees("By what is known now, this fits as well.", in_=room)
    assert "Stop and repair lost or wrong data (data-loss, 240 min)" in more.text
    await everything_is_delivered(bot, sandbox)
    offered = [fit.playbook for one in await journal(bot, PlaybooksOffered) for fit in one.fits]
    assert len(offered) == len({*offered})
    assert [offered.count(name) for name in ("careful", "data-loss")] == [1, 1]


async def test_labels_of_an_alert_find_the_playbook_that_names_them_and_are_no_part_of_the_title(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout is odd alertname=CanaryFailed job=checkout")
    await alice.sees("INC-1: Checkout is odd\n", in_=room)
    why = "Why: the alert says alertname = {}"
    assert why.format("CanaryFailed") in await asks(alice, "/incident playbook", in_=room)
    assert why.format("HighErrorRate") in await asks(alice, "/incident playbook alertname=HighErrorRate", in_=room)


async def test_a_step_that_gates_a_phase_is_asked_for_before_it_is_left_and_can_be_let_go(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await starts(alice, room)
    assert (await journal(bot, PlaybookStarted))[0].is_early
    await advances(alice, "Advance to Triage", room)
    await alice.sees("that what the playbook asks for is done (see its message)", in_=room)
    await advances(alice, "Advance to Containment", room)
    assert Need.PLAYBOOK in (await journal(bot, NeedsWaived))[0].needs
    await run_shows(alice, room, "● Freeze releases")


async def test_an_answer_that_is_none_is_said_beside_its_question_and_the_rest_stays(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice)
    await alice.types("/incident playbook bad-release", in_=room)
    share = next(label for label in (await alice.gets_form()).labels if label.startswith("Which share"))
    await alice.fills({"Which service, as it is named in the metrics?": "checkout", share: "many"})
    assert await alice.submits() == {share: "Please write a number, such as 5 or 0.5."}
    await alice.fills({share: "0.02"})
    assert await alice.submits() == {}
    await run_shows(alice, room, "service: checkout", "● Freeze all other releases", title="Take back a bad release")
