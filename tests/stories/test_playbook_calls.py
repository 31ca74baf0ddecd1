"""22. What a playbook does and reads outside Slack: calls that work, fail or are asked about; numbers that stop a run; no data."""

import hashlib
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.playbooks.facts import AlarmRaised, LeftUnsure, StepEnded, UndoLeftUnsure
from bot.core.playbooks.judging import Verdict
from bot.sandbox import Person, Sandbox
from tests.calling.measured import Numbers
from tests.calling.servers import breaks_off, hangs, one_after_the_other, says, serving
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running
from tests.stories.test_playbooks import a_room, facts, run_shows, starts

HEAD = """
id: outside
title: Ask outside
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: A playbook that calls and measures.
takes_minutes: 20
defaults: {role: operations lead, timeout_minutes: 10, on_failure: bad, on_timeout: bad}
"""
ENDS = """
  good: {kind: stop, title: Good, outcome: done, reason: All is well.}
  bad: {kind: stop, title: Bad, outcome: stopped, reason: It did not work.}
"""
FREEZE = """
start: freeze
steps:
  freeze:
    kind: http
    title: Freeze releases
    call: {method: POST, url: "http://127.0.0.1:PORT/freeze", timeout_seconds: 5MORE}
    on_success: good
"""
TAKEN_BACK = """
start: freeze
steps:
  freeze:
    kind: manual
    title: Freeze releases
    do: Freeze them.
    reversible: true
    undo: {do: Thaw them., call: {method: DELETE, url: "http://127.0.0.1:PORT/freeze", timeout_seconds: 5}}
    on_success: look
  look: {kind: manual, title: Look at it, do: Look., on_success: good}
"""
KEY = ", idempotency_header: Idempotency-Key"
MEASURED = """
rollback_when:
  - id: errors-up
    says: Errors are up
    when: {kind: metric, query: errors, op: ">", threshold: 5, every_seconds: 60, window_minutes: 5, at_least: 2, of: 3}
start: switch
steps:
  switch: {kind: manual, title: Switch over, do: Switch., reversible: true, undo: {do: Switch back.}, on_success: look}
  look:
    kind: manual
    title: Watch it
    do: Watch.
    timeout_minutes: 60
    on_success: good
"""
CHECKED = """
start: check
steps:
  check:
    kind: check_metric
    title: Look at errors
    measure: {query: errors, op: "<", threshold: 1, every_seconds: 60, window_minutes: 5}
    timeout_minutes: 5
    on_success: good
    on_no_data: blind
  blind: {kind: stop, title: Blind, outcome: stopped, reason: Nobody can tell.}
"""


def a_bot(
    sandbox: Sandbox, url: str, folder: Path, steps: str, port: int, **more: Any
) -> AbstractAsyncContextManager[App]:
    """Lockstep with this playbook, which may call this port of the machine."""
    host = f"may_call: [{{host: 127.0.0.1, port: {port}, internal: true}}]"
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("may_call: []", host)
    playbooks = playbooks_with(policy, folder / "playbooks")
    written = HEAD + steps.replace("PORT", str(port)) + ENDS
    (playbooks / "runbooks" / "outside.yml").write_text(written, encoding="utf-8")
    return running(sandbox, url, lockstep_playbooks=playbooks, **more)


async def begins(sandbox: Sandbox, bot: App) -> tuple[str, Person, Person]:
    """The room of an incident in which the playbook has started, who leads it, and who is its operations lead."""
    alice, bob = sandbox.person("alice"), sandbox.person("bob")
    room = await a_room(sandbox, bot, alice, bob)
    await starts(alice, room, "outside")
    return room, alice, bob


async def test_a_call_that_works_goes_on_and_leaves_its_status_and_a_hash(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    async with (
        serving(says(201, b"frozen")) as server,
        a_bot(sandbox, sqlite_url, tmp_path, FREEZE.replace("MORE", KEY), server.port) as bot,
    ):
        room, alice, _bob = await begins(sandbox, bot)
        await run_shows(alice, room, "✓ Freeze releases", "answered 201", "Done. All is well.", title="Ask outside")
        (ended, _) = await facts(bot, StepEnded)
    assert isinstance(ended, StepEnded) and ended.answer is not None and ended.answer.status == 201
    assert ended.answer.digest == hashlib.sha256(b"frozen").hexdigest()
    assert len(server.seen) == 1 and any("INC-1/R1:freeze:1" in line for line in server.lines())


async def test_a_call_that_is_refused_goes_the_way_of_failure(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    async with (
        serving(says(500)) as server,
        a_bot(sandbox, sqlite_url, tmp_path, FREEZE.replace("MORE", ""), server.port) as bot,
    ):
        room, alice, _bob = await begins(sandbox, bot)
        await run_shows(alice, room, "✗ Freeze releases", "answered 500", "It did not work.", title="Ask outside")
    assert len(server.seen) == 1


@pytest.mark.parametrize("answer", [breaks_off, hangs], ids=["broken off", "too late"])
async def test_people_are_asked_about_a_call_of_which_nobody_knows_and_let_it_be_made_again(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path, answer: Any
):
    async with (
        serving(one_after_the_other(answer, says(200))) as server,
        a_bot(sandbox, sqlite_url, tmp_path, FREEZE.replace("MORE", KEY), server.port) as bot,
    ):
        room, alice, bob = await begins(sandbox, bot)
        await run_shows(alice, room, "Did it happen?", "@bob", title="Ask outside")
        await pass_time(bot, sandbox, 2)
        assert len(server.seen) == 1 and len(await facts(bot, LeftUnsure)) == 1
        await bob.presses("Run again", in_=room)
        await run_shows(alice, room, "✓ Freeze releases", "Done. All is well.", title="Ask outside")
    assert len(server.seen) == 2 and server.seen[0] == server.seen[1]


async def test_who_sees_that_it_arrived_says_so_and_nothing_is_sent_again(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    async with (
        serving(breaks_off) as server,
        a_bot(sandbox, sqlite_url, tmp_path, FREEZE.replace("MORE", ""), server.port) as bot,
    ):
        room, alice, bob = await begins(sandbox, bot)
        await run_shows(alice, room, "Did it happen?", title="Ask outside")
        await bob.presses("Yes, it arrived", in_=room)
        await run_shows(alice, room, "✓ Freeze releases · @bob", "Done. All is well.", title="Ask outside")
    assert len(server.seen) == 1


async def test_people_are_asked_about_an_undo_whose_answer_was_lost_and_it_is_made_again_only_when_they_say_so(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    async with (
        serving(one_after_the_other(breaks_off, says(200))) as server,
        a_bot(sandbox, sqlite_url, tmp_path, TAKEN_BACK, server.port) as bot,
    ):
        room, alice, bob = await begins(sandbox, bot)
        await run_shows(alice, room, "● Freeze releases", title="Ask outside")
        await bob.presses("Done", in_=room)
        await run_shows(alice, room, "● Look at it", title="Ask outside")
        await bob.presses("It got worse", in_=room)
        await run_shows(alice, room, "To undo: Freeze releases", title="Ask outside")
        await bob.presses("Roll back now", in_=room)
        await run_shows(alice, room, "Undo: Freeze releases", "Did it happen?", "@bob", title="Ask outside")
        await pass_time(bot, sandbox, 2)
        assert len(server.seen) == 1 and len(await facts(bot, UndoLeftUnsure)) == 1
        await bob.presses("Run again", in_=room)
        await run_shows(alice, room, "✓ Freeze releases", "undone", "Rolled back.", title="Ask outside")
    assert len(server.seen) == 2


async def test_a_number_that_crosses_its_threshold_stops_the_run_and_the_undo_is_offered(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    numbers = Numbers()
    numbers.are(0, since=0)
    async with serving(numbers) as server:
        url = f"http://127.0.0.1:{server.port}"
        more = {"lockstep_prometheus_url": url}
        async with a_bot(sandbox, sqlite_url, tmp_path, MEASURED, server.port, **more) as bot:
            room, alice, bob = await begins(sandbox, bot)
            await run_shows(alice, room, "● Switch over", title="Ask outside")
            await bob.presses("Done", in_=room)
            await run_shows(alice, room, "● Watch it", title="Ask outside")
            for _ in range(3):
                await pass_time(bot, sandbox, 1)
            before = len(await facts(bot, StepEnded))
            assert await facts(bot, AlarmRaised) == [] and before == 1  # readings that change nothing leave nothing
            numbers.are(9, since=(bot.clock.now() + timedelta(seconds=1)).timestamp())
            for _ in range(2):
                await pass_time(bot, sandbox, 1.1)
            await run_shows(alice, room, "Stopped: Errors are up", "[Roll back now]", title="Ask outside")
            (alarm,) = await facts(bot, AlarmRaised)
            assert isinstance(alarm, AlarmRaised) and alarm.verdict is Verdict.YES
            await bob.presses("Roll back now", in_=room)
            await run_shows(alice, room, "Undo: Switch over", "Switch back.", title="Ask outside")


async def test_a_signal_that_ends_stops_the_run_since_no_data_is_never_good(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    numbers = Numbers()
    numbers.are(0, since=0)
    async with serving(numbers) as server:
        more = {"lockstep_prometheus_url": f"http://127.0.0.1:{server.port}"}
        async with a_bot(sandbox, sqlite_url, tmp_path, MEASURED, server.port, **more) as bot:
            room, alice, _bob = await begins(sandbox, bot)
            await run_shows(alice, room, "● Switch over", title="Ask outside")
            numbers.are(None, since=bot.clock.now().timestamp())
            for _ in range(6):
                await pass_time(bot, sandbox, 1.1)
            await run_shows(
                alice, room, "Stopped: Errors are up (this cannot be told: there is no data)", title="Ask outside"
            )


async def test_a_check_without_prometheus_has_no_data_and_never_passes(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    async with a_bot(sandbox, sqlite_url, tmp_path, CHECKED, 1) as bot:
        room, alice, _bob = await begins(sandbox, bot)
        await run_shows(alice, room, "● Look at errors", title="Ask outside")
        await pass_time(bot, sandbox, 6)
        await run_shows(alice, room, "✗ Look at errors", "Stopped. Nobody can tell.", title="Ask outside")


async def test_a_check_passes_on_its_number(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    numbers = Numbers()
    numbers.are(0.5, since=0)
    async with serving(numbers) as server:
        more = {"lockstep_prometheus_url": f"http://127.0.0.1:{server.port}"}
        async with a_bot(sandbox, sqlite_url, tmp_path, CHECKED, server.port, **more) as bot:
            room, alice, _bob = await begins(sandbox, bot)
            await run_shows(alice, room, "✓ Look at errors", "Done. All is well.", title="Ask outside")
