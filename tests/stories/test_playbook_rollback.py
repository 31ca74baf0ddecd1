"""22. When it gets worse: a criterion stops a playbook, the room decides, and what was done is undone in its order. And what else
steps do: say something, save evidence, run another playbook, ask for approval."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.playbooks.facts import AlarmRaised, RunEnded, StepEnded, UndoBegun, UndoEnded
from bot.core.runs import PlaybookStarted
from bot.sandbox import Person, Sandbox
from tests.running import PLAYBOOKS, pass_time, running
from tests.stories.steps import asks, journal
from tests.stories.test_playbooks import a_room, facts, run_shows, starts

_HEAD = """
id: {id}
title: {title}
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: For stories.
takes_minutes: 20
defaults: {{role: operations lead, timeout_minutes: 30, on_failure: given-up, on_timeout: given-up}}
"""
_ENDS = """
  good: {kind: stop, title: Good, outcome: done, reason: It is good.}
  given-up: {kind: stop, title: Given up, outcome: stopped, reason: Look for another cause.}
"""
RISKY = (
    _HEAD.format(id="risky", title="Change something")
    + """
start: first
steps:
  first:
    kind: manual
    title: Change the first
    do: Change it.
    reversible: true
    undo: {do: Take the first back.}
    on_success: second
  second:
    kind: manual
    title: Change the second
    do: Change it.
    reversible: true
    auto_safe: true
    undo: {do: Take the second back.}
    on_success: look
  look:
    kind: confirm
    title: Look at it
    question: Is it good?
    on_success: good
    rollback_when:
      - {id: too-slow, says: It takes too long, when: {kind: deadline, passed: look, minutes: 5}}
"""
    + _ENDS
)
OTHERS = (
    _HEAD.format(id="others", title="Do all the rest")
    + """
start: say
steps:
  say: {kind: notify, title: Say so, audience: room, message: We are about to restart it., on_success: save}
  save: {kind: snapshot, title: Save what runs, do: Save the list of queries., on_success: restart}
  restart:
    kind: manual
    title: Restart it
    do: Restart it.
    needs_approval: true
    destroys_evidence: true
    on_success: more
  more: {kind: sub_playbook, title: See to the rest, playbook: rest, on_success: measure}
  measure:
    kind: check_metric
    title: Measure it
    measure: {query: up, op: ">", threshold: 0}
    timeout_minutes: 5
    on_success: good
    on_no_data: given-up
"""
    + _ENDS
)
REST = _HEAD.format(id="rest", title="See to the rest of it") + (
    "start: tidy\nsteps:\n  tidy: {kind: manual, title: Tidy up, do: Tidy up., on_success: good}\n" + _ENDS
)
TORN = _HEAD.format(id="torn", title="Torn") + "start: nowhere\nsteps:\n" + _ENDS


def write_playbooks(folder: Path) -> None:
    """The playbooks of these stories, one of them broken."""
    for id, text in (("risky", RISKY), ("others", OTHERS), ("rest", REST), ("torn", TORN)):
        (folder / "runbooks" / f"{id}.yml").write_text(text, encoding="utf-8")


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """What Lockstep comes with, and the playbooks of these stories."""
    folder = Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))
    write_playbooks(folder)
    return folder


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, playbooks: Path) -> AsyncIterator[App]:
    """Lockstep, with those playbooks."""
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as app:
        yield app


async def comes_to_look(alice: Person, bob: Person, room: str) -> None:
    """Both changes are made, and somebody looks."""
    await starts(alice, room, "risky")
    for title in ("Change the first", "Change the second"):
        await run_shows(alice, room, f"● {title}", title="Change something")
        await bob.presses("Done", in_=room)
    await run_shows(alice, room, "● Look at it", title="Change something")


async def test_a_criterion_that_holds_stops_everything_and_what_is_safe_is_undone_unless_somebody_holds_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await comes_to_look(alice, bob, room)
    await pass_time(bot, sandbox, 5)
    await alice.sees("Change something is stopped: It takes too long.", in_=room)
    shown = await run_shows(alice, room, "■ Stopped: It takes too long.", "[Roll back now]", title="Change something")
    assert "To undo: Change the second, Change the first" in shown.text and "[Yes]" not in shown.text
    assert "The undo begins by itself at" in shown.text
    await pass_time(bot, sandbox, 1.1)
    await run_shows(alice, room, "↩ Undo: Change the second", "Take the second back.", title="Change something")
    assert [one.by for one in await facts(bot, UndoBegun)] == [None]
    await bob.presses("Undone", in_=room)
    waiting = await run_shows(alice, room, "↩ Undo: Change the first", title="Change something")
    assert "It waits until somebody lets it begin." in waiting.text
    await bob.presses("Roll back now", in_=room)
    await run_shows(alice, room, "[Undone]", "[Could not undo]", title="Change something")
    await bob.presses("Undone", in_=room)
    await run_shows(alice, room, "Rolled back.", title="Change something")
    assert [one.step for one in await facts(bot, UndoEnded)] == ["second", "first"]  # type: ignore[attr-defined]


async def test_the_commander_holds_an_undo_with_a_reason_and_lets_the_playbook_go_on(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await comes_to_look(alice, bob, room)
    await pass_time(bot, sandbox, 5)
    await run_shows(alice, room, "■ Stopped: It takes too long.", title="Change something")
    await alice.presses("Hold", in_=room)
    await alice.gets_form("Hold the undo")
    await alice.fills({"Why should it not begin?": "It is the test that is slow"})
    assert await alice.submits() == {}
    await run_shows(alice, room, "The incident commander holds the undo.", title="Change something")
    await pass_time(bot, sandbox, 3)
    assert await facts(bot, UndoBegun) == []
    await bob.presses("Go on anyway", in_=room)
    await bob.gets_form("Go on anyway")
    await bob.fills({"Why is it right to go on?": "It is good"})
    await bob.submits()
    await alice.presses("Go on anyway", in_=room)
    await alice.fills({"Why is it right to go on?": "Payments are back"})
    assert await alice.submits() == {}
    await run_shows(alice, room, "● Look at it", "[Yes]", title="Change something")
    await bob.presses("Yes", in_=room)
    await run_shows(alice, room, "Done. It is good.", title="Change something")
    assert len(await facts(bot, AlarmRaised)) == 1


async def test_anybody_may_say_that_it_got_worse_and_when_nobody_decides_it_ends_as_it_was(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    room = await a_room(sandbox, bot, alice, bob, carol)
    await comes_to_look(alice, bob, room)
    await carol.presses("It got worse", in_=room)
    await alice.sees("@carol says that it got worse.", in_=room)
    await carol.presses("Roll back now", in_=room)
    await carol.sees("this is for the operations lead (@bob) or the incident commander (@alice) to do", in_=room)
    await pass_time(bot, sandbox, 31)
    shown = await run_shows(alice, room, "Nobody decided in time.", title="Change something")
    assert "Not undone: Change the second, Change the first" in shown.text
    (ended,) = await facts(bot, RunEnded)
    assert ended.left == ("second", "first")  # type: ignore[attr-defined]


async def test_steps_say_something_save_evidence_wait_for_approval_and_run_another_playbook(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await starts(alice, room, "others")
    await alice.sees("Do all the rest: We are about to restart it.", in_=room)
    await run_shows(alice, room, "✓ Say so", "● Save what runs", title="Do all the rest")
    await bob.presses("Done", in_=room)
    await bob.gets_form("Done")
    await bob.fills({"A link to it": "https://example.com/queries"})
    assert await bob.submits() == {}
    await run_shows(alice, room, "The incident commander must approve it first.", title="Do all the rest")
    await bob.presses("Approve", in_=room)
    await bob.sees("this is for the incident commander (@alice) to do", in_=room)
    await alice.presses("Approve", in_=room)
    await run_shows(alice, room, "● Restart it", "[Done]", title="Do all the rest")
    await bob.presses("Done", in_=room)
    await run_shows(alice, room, "● Tidy up", "part of Do all the rest", title="See to the rest of it")
    await bob.presses("Done", in_=room)
    await run_shows(alice, room, "✓ See to the rest", "● Measure it", title="Do all the rest")
    await pass_time(bot, sandbox, 6)
    await run_shows(alice, room, "✗ Measure it · no data in time", "Stopped.", title="Do all the rest")
    assert [one.part_of is not None for one in await journal(bot, PlaybookStarted)] == [False, True]


async def test_a_broken_file_puts_its_playbook_out_of_use_and_no_other_and_a_run_goes_on_from_what_it_began_with(
    sandbox: Sandbox, database_url: str, playbooks: Path
):
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as first:
        room = await a_room(sandbox, first, alice, bob)
        said = await asks(alice, "/incident playbook torn", in_=room)
        assert "cannot be started, since its file is broken:\ntorn.yml:" in said
        listed = await asks(alice, "/incident playbook", in_=room)
        assert "No playbook fits" in listed and "Out of use, since their files are broken: torn" in listed
        assert "There is no playbook “moon”" in await asks(alice, "/incident playbook moon", in_=room)
        await starts(alice, room, "risky")
        await run_shows(alice, room, "● Change the first", title="Change something")
        assert "Only the incident commander" in await asks(bob, "/incident playbook risky", in_=room)
    (playbooks / "runbooks" / "risky.yml").write_text("now: nonsense", encoding="utf-8")
    async with running(sandbox, database_url, lockstep_playbooks=playbooks) as second:
        await bob.presses("Done", in_=room)
        await run_shows(alice, room, "✓ Change the first", "● Change the second", title="Change something")
        assert "file is broken" in await asks(alice, "/incident playbook risky", in_=room)
        assert len(await facts(second, StepEnded)) == 1
