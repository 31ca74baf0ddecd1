"""A bot is killed around a call of a playbook, in a step or to undo one: under its key the call is made again, and the other side
sees one; without a key people are asked, and nothing is sent by itself."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.checkpoints import Step
from bot.core.playbooks.facts import AlarmRaised, Fact, LeftUnsure, UndoBegun, UndoLeftUnsure
from bot.core.runs import RunAdvanced
from tests.calling.servers import Server, says, serving
from tests.faults.an_incident import Act, Record, Stage, declares, play, presses, types
from tests.faults.bots import At, always_a_bot
from tests.faults.conftest import DATABASES
from tests.faults.test_crashes import stage
from tests.running import PLAYBOOKS, playbooks_with, until

pytestmark = pytest.mark.parametrize("new_database", DATABASES, indirect=True)
LANE = "calls of run:1"
PLAYBOOK = """
id: calling
title: Call
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: One call.
takes_minutes: 5
defaults: {role: operations lead, timeout_minutes: 60, on_failure: bad, on_timeout: bad}
start: first
steps:
  good: {kind: stop, title: Good, outcome: done, reason: Done.}
  bad: {kind: stop, title: Bad, outcome: stopped, reason: Not done.}
"""
CALL = 'call: {method: POST, url: "http://127.0.0.1:PORT/x", timeout_seconds: 60MORE}'
STEP = f"""
  first: {{kind: http, title: Call it, {CALL}, on_success: good}}
"""
UNDO = f"""
  first:
    {{kind: manual, title: Do it, do: Do it., reversible: true, undo: {{do: Take it back., {CALL}}}, on_success: look}}
  look: {{kind: manual, title: Look at it, do: Look., on_success: good}}
"""


def playbooks(folder: Path, server: Server, steps: str, more: str) -> Path:
    """What Lockstep comes with, and a playbook that calls this server, in a step or to undo one."""
    host = f"may_call: [{{host: 127.0.0.1, port: {server.port}, internal: true}}]"
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("may_call: []", host)
    found = playbooks_with(policy, folder / "playbooks")
    written = (PLAYBOOK + steps).replace("PORT", str(server.port)).replace("MORE", more)
    (found / "runbooks" / "calling.yml").write_text(written, encoding="utf-8")
    return found


async def comes_to(scene: Stage, holds: Callable[[Record], bool]) -> Record:
    """What the journal says once this holds."""

    async def is_so() -> bool:
        return holds(await scene.record())

    await until(is_so, within=180)
    await scene.settles()
    return await scene.record()


def happened(record: Record, *kinds: type[Fact]) -> int:
    """How often something of these kinds happened in runs."""
    return sum(isinstance(one.fact, kinds) for one in record.events if isinstance(one, RunAdvanced))


def is_over(record: Record) -> bool:
    """Whether the run has ended."""
    return bool(record.now.runs) and record.now.runs[0].ended is not None


def is_asked(record: Record) -> bool:
    """Whether people are asked about the call."""
    run = record.now.runs[0] if record.now.runs else None
    return run is not None and bool((run.current and run.current.is_unsure) or (run.undoing and run.undoing.is_unsure))


STARTS = [
    declares(),
    Act("start", types("alice", "/incident playbook calling"), lambda record: bool(record.now.runs)),
]
ROLLS_BACK = [
    *STARTS,
    Act("do", presses("alice", "Done"), lambda record: bool(record.now.runs[0].passed)),
    Act("worse", presses("alice", "It got worse"), lambda record: happened(record, AlarmRaised) == 1),
    Act("roll back", presses("alice", "Roll back now"), lambda record: happened(record, UndoBegun) == 1),
]


class Way(NamedTuple):
    """What people do to come to a call, and how the run ends after it."""

    steps: str
    acts: list[Act]
    end: str


class Death(NamedTuple):
    """Where the bot dies, and how often the other side had been called by then."""

    step: Step
    of: str
    sent: int


WAYS = [Way(STEP, STARTS, "done"), Way(UNDO, ROLLS_BACK, "rolled back")]
"""A call of a step, and one that undoes a step."""
AROUND = [
    Death(Step.CLAIMED, LANE, 0),
    Death(Step.CALLING, "POST", 0),
    Death(Step.ANSWERED, "POST", 1),
    Death(Step.SENT, LANE, 1),
    Death(Step.TOLD, LANE, 1),
    Death(Step.RECORDED, LANE, 1),
]
around = pytest.mark.parametrize("death", AROUND, ids=lambda one: one.step.name)
ways = pytest.mark.parametrize("way", WAYS, ids=["step", "undo"])


@asynccontextmanager
async def a_death(
    database_url: str, folder: Path, way: Way, death: Death, more: str = ""
) -> AsyncIterator[tuple[Stage, Server]]:
    """Where people have come to the call, which says `more`, and the bot dies once around it; and whom it calls."""
    lives: Any = itertools.chain([At(death.step, death.of)], itertools.repeat(None))
    async with serving(says(200)) as server, stage(database_url) as scene:
        found = playbooks(folder, server, way.steps, more)
        async with always_a_bot(scene.sandbox, database_url, lives, lockstep_playbooks=found) as died:
            await play(scene, way.acts)
            yield scene, server
            assert died() == 1


def ended_as(record: Record) -> str | None:
    """How the run ended."""
    ended = record.now.runs[0].ended
    return ended.end if ended else None


@around
@ways
async def test_a_call_with_a_key_is_made_again_under_it(
    new_database: Callable[[], str], tmp_path: Path, way: Way, death: Death
):
    key = ", idempotency_header: Idempotency-Key"
    async with a_death(new_database(), tmp_path, way, death, key) as (scene, server):
        record = await comes_to(scene, is_over)
    assert ended_as(record) == way.end
    assert 1 <= len(server.seen) <= death.sent + 1 and len(set(server.seen)) == 1


@around
@ways
async def test_about_a_call_without_one_people_are_asked(
    new_database: Callable[[], str], tmp_path: Path, way: Way, death: Death
):
    async with a_death(new_database(), tmp_path, way, death) as (scene, server):
        record = await comes_to(scene, lambda found: is_over(found) or is_asked(found))
        assert len(server.seen) == death.sent
        is_known = death.step in (Step.TOLD, Step.RECORDED)
        assert happened(record, LeftUnsure, UndoLeftUnsure) == (0 if is_known else 1)
        if not is_known:
            await scene.person("alice").presses("Run again", in_=scene.room)
            record = await comes_to(scene, is_over)
            assert len(server.seen) == death.sent + 1
    assert ended_as(record) == way.end
