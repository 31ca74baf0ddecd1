"""A bot is killed at every step of its work while a playbook with every kind of step is run. The run goes on where it was, and
nothing in it happens twice: no step, no message, no update, and no call but under its key."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.checkpoints import Step
from bot.core.incident import COMMANDER
from bot.core.playbooks.facts import UndoOpened
from bot.core.runs import RunAdvanced
from tests.calling.measured import Numbers
from tests.calling.servers import Server, says, serving
from tests.faults.an_incident import Act, Record, Stage, declares, play, presses, time_passes, types
from tests.faults.bots import At, always_a_bot, quick
from tests.faults.conftest import DATABASES, EACH, LONG, shown
from tests.faults.test_crashes import Point, stage
from tests.faults.truth import broken_promises
from tests.running import PLAYBOOKS, playbooks_with, running, until

SLICES = 20 if LONG else 4 if EACH else 1
KILLS = None if LONG or EACH else 2
"""At how many steps the bot is killed, spread over the whole run; None: at each."""
HEAD = """
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: For tests.
takes_minutes: 5
defaults: {role: operations lead, timeout_minutes: 600, on_failure: bad, on_timeout: bad}
"""
ENDS = """
  good: {kind: stop, title: Good, outcome: done, reason: Done.}
  bad: {kind: stop, title: Bad, outcome: stopped, reason: Not done.}
"""
EVERY_KIND = """
start: first
steps:
  first:
    {kind: manual, title: Do it, do: Do it., reversible: true, undo: {do: Take it back.}, on_success: agree}
  agree: {kind: confirm, title: Agree, question: Is it so?, two_people: true, on_success: way}
  way:
    kind: decision
    title: Choose a way
    question: Which?
    default: stay
    options:
      stay: {label: Stay, when: It is good., goes_to: bad}
      turn: {label: Turn, when: It is bad., goes_to: rest}
  rest: {kind: wait, title: Wait a while, minutes: 5, on_success: look}
  look:
    kind: check_metric
    title: Look at errors
    measure: {query: errors, op: "<", threshold: 1, every_seconds: 60, window_minutes: 5}
    on_success: call
  call:
    kind: http
    title: Call it
    call: {method: POST, url: "http://127.0.0.1:PORT/do", idempotency_header: Idempotency-Key, timeout_seconds: 60}
    reversible: true
    undo:
      do: Call it back.
      call: {method: POST, url: "http://127.0.0.1:PORT/undo", idempotency_header: Idempotency-Key, timeout_seconds: 60}
    on_success: say
  say: {kind: notify, title: Say so, audience: room, message: It was called., on_success: tell}
  tell:
    {kind: notify, title: Tell support, audience: support, message: "We are switching to the second provider.", on_success: other}
  other: {kind: sub_playbook, title: Run the other, playbook: other, on_success: save}
  save: {kind: snapshot, title: Save what runs, do: Save the list., on_success: back}
  back: {kind: rollback, title: Take all back, on_success: good}
"""
OTHER = """
start: tidy
steps:
  tidy: {kind: manual, title: Tidy up, do: Tidy up., on_success: good}
"""


def playbooks(folder: Path, server: Server) -> Path:
    """What Lockstep comes with, and two playbooks that together have every kind of step."""
    host = f"may_call: [{{host: 127.0.0.1, port: {server.port}, internal: true}}]"
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("may_call: []", host)
    found = playbooks_with(policy, folder / "playbooks")
    for id, title, steps in (("every-kind", "Every kind", EVERY_KIND), ("other", "The other", OTHER)):
        written = f"id: {id}\ntitle: {title}{HEAD}{steps.replace('PORT', str(server.port))}{ENDS}"
        (found / "runbooks" / f"{id}.yml").write_text(written, encoding="utf-8")
    return found


@asynccontextmanager
async def a_world() -> AsyncIterator[Server]:
    """All that is asked and called outside: a Prometheus without errors, and a service that does as it is told."""
    numbers = Numbers()
    numbers.are(0, since=0)

    async def answer(server: Server, reader: Any, writer: Any) -> None:
        asks = server.seen[-1].startswith(b"POST /api/v1/")
        await (numbers if asks else says(200))(server, reader, writer)

    async with serving(answer) as server:
        yield server


def calls(server: Server) -> Counter[str]:
    """The keys under which something was to be done, each with how often that came."""
    return Counter(found[1].decode() for one in server.seen if (found := re.search(rb"Idempotency-Key: (\S+)", one)))


def past(step: str, run: int = 1) -> Callable[[Record], bool]:
    """Whether this step has ended well."""
    return lambda record: len(record.now.runs) >= run and step in record.now.run(run).passed


def happened(record: Record) -> list[tuple[int, dict[str, Any]]]:
    """All that happened in the runs, but for when."""
    facts = [(one.run, one.whole) for one in record.events if isinstance(one, RunAdvanced)]
    return [(run, fact.model_dump(exclude={"at", "until"})) for run, fact in facts]


async def links_to_it(scene: Stage) -> None:
    """Bob saves what runs, and links to it."""
    bob = scene.person("bob")
    await bob.presses("Done", in_=scene.room)
    await bob.gets_form("Done")
    await bob.fills({"A link to it": "https://example.com/queries"})
    await bob.submits()


def comes_to(holds: Callable[[Record], bool]) -> Callable[[Stage], Any]:
    """Nobody does anything until this holds."""

    async def is_so(scene: Stage) -> None:
        async def look() -> bool:
            return holds(await scene.record())

        await until(look, within=30)

    return is_so


def acts() -> list[Act]:
    """From the declaration to the end of the run."""

    def undone(step: str) -> Callable[[Record], bool]:
        return lambda record: any(one.step == step and one.is_undone for one in record.now.run(1).visits)

    def let_go(record: Record) -> bool:
        return any(isinstance(one, RunAdvanced) and isinstance(one.fact, UndoOpened) for one in record.events)

    bob = "bob"
    return [
        declares("sev3 Checkout is slow"),
        Act("command", presses("alice", "I'm incident commander"), lambda record: COMMANDER in record.now.seats),
        Act("operations", types("alice", "/incident role ops @bob"), lambda r: "operations lead" in r.now.seats),
        Act("start", types("alice", "/incident playbook every-kind"), lambda record: bool(record.now.runs)),
        Act("do", presses(bob, "Done"), past("first")),
        Act(
            "first yes",
            presses(bob, "Yes"),
            lambda record: past("agree")(record) or bool(record.now.runs[0].visits[-1].first_yes),
        ),
        Act("second yes", presses("alice", "Yes"), past("agree")),
        Act("choose", presses(bob, "Turn"), past("way")),
        time_passes(6),
        time_passes(2),  # until there is something to measure
        Act("measure and call", comes_to(past("call")), past("call")),
        Act("tell", comes_to(past("tell")), past("tell")),
        Act("tidy", presses(bob, "Done"), past("tidy", run=2)),
        Act("save", links_to_it, past("save")),
        Act("let the undo go on", presses(bob, "Roll back now"), let_go),
        Act("call back", comes_to(undone("call")), undone("call")),
        Act("take back", presses(bob, "Undone"), undone("first")),
    ]


async def runs(scene: Stage, database_url: str) -> tuple[dict[str, object], list[tuple[int, dict[str, Any]]]]:
    """The whole run. What Slack shows of it, and what happened."""
    await play(scene, acts())
    record = await scene.record()
    ends = [run.ended.end if run.ended else None for run in record.now.runs]
    assert ends == ["done", "done"]
    assert broken_promises(scene.sandbox, database_url) == []
    return shown(scene.sandbox), happened(record)


async def undisturbed(folder: Path, database_url: str) -> tuple[Any, set[str], list[Point]]:
    """What comes of it when nothing happens to the bot, and every step that it passed from the start of the run on."""
    passed: Counter[tuple[Step, str]] = Counter()
    points: list[Point] = []

    def pass_by(step: Step, of: str) -> None:
        passed[step, of] += 1
        points.append((step, of, passed[step, of]))

    async with a_world() as server, stage(database_url) as scene:
        world = _settings(folder, server)
        async with running(scene.sandbox, database_url, quick(checkpoint=pass_by), **world):
            expected = await runs(scene, database_url)
        assert set(calls(server).values()) == {1}
        return expected, set(calls(server)), points[points.index((Step.COMMITTED, "StartPlaybook", 1)) :]


async def disturbed(folder: Path, database_url: str, point: Point, expected: Any, keys: set[str]) -> int:
    """The same, with a bot that dies at this step. Returns how many died."""
    lives: Iterator[Any] = itertools.chain([At(*point)], itertools.repeat(None))
    async with a_world() as server, stage(database_url) as scene:
        async with always_a_bot(scene.sandbox, database_url, lives, **_settings(folder, server)) as died:
            assert await runs(scene, database_url) == expected
        assert set(calls(server)) == keys and max(calls(server).values()) <= 2
        return died()


def _settings(folder: Path, server: Server) -> dict[str, Any]:
    return {
        "lockstep_playbooks": playbooks(folder / str(server.port), server),
        "lockstep_prometheus_url": f"http://127.0.0.1:{server.port}",
    }


@pytest.mark.parametrize("new_database", DATABASES, indirect=True)
@pytest.mark.parametrize("dealt", range(SLICES))
async def test_killed_at_any_step_a_run_goes_on_and_nothing_in_it_happens_twice(
    new_database: Callable[[], str], tmp_path: Path, dealt: int
):
    expected, keys, points = await undisturbed(tmp_path, new_database())
    points = [(step, of, time) for step, of, time in points if time == 1 or not EACH]
    apart = SLICES if KILLS is None else len(points) // KILLS
    died = 0
    mine = points[dealt::apart][:KILLS]
    for point in mine:
        try:
            async with asyncio.timeout(600):
                died += await disturbed(tmp_path, new_database(), point, expected, keys) or await disturbed(
                    tmp_path, new_database(), point, expected, keys
                )
        except (AssertionError, TimeoutError) as error:
            error.add_note(f"The bot was killed at {point}.")
            raise
    assert died > 0.9 * len(mine), "most steps of the undisturbed run come up again"
