"""The playbooks that were run, for people to read afterwards: from which content, what came of each step and by whom, and what was
stopped and rolled back. Pure."""

from collections.abc import Iterator

from bot.core.incident import Incident
from bot.core.playbooks.facts import (
    AlarmOverridden,
    AlarmRaised,
    CalledAgain,
    DataMissed,
    LeftUnsure,
    Lock,
    UndoBegun,
    UndoCalledAgain,
    UndoEnded,
    UndoHeld,
    UndoLeftUnsure,
    UndoOpened,
)
from bot.core.playbooks.run import Run, Visit
from bot.core.runs import RunAdvanced
from bot.export.record import Record
from bot.export.sentences import Telling, sentence
from bot.export.text import clock, code, moment, person, plain, typed
from bot.slack.messages.runs import ENDS
from bot.store.times import read_time

_CAME = {
    "success": "done",
    "skipped": "skipped",
    "failure": "failed",
    "timeout": "not done in time",
    "no data": "no data in time",
    "interrupted": "broken off",
}
_STOPS = (
    *(AlarmRaised, DataMissed, UndoHeld, AlarmOverridden, LeftUnsure, CalledAgain),
    *(UndoBegun, UndoOpened, UndoLeftUnsure, UndoCalledAgain, UndoEnded),
)
"""What is told of a run besides its steps."""


def playbooks(record: Record, telling: Telling) -> str:
    """Each run, in the order in which they began."""
    parts = [_run(number, run, record, telling) for number, run in enumerate(record.incident.runs, start=1)]
    return "\n\n".join(["## Playbooks", *(parts or ["None was run."])])


def _run(number: int, run: Run, record: Record, telling: Telling) -> str:
    parts = [
        f"### R{number}: {plain(run.started.title)}",
        "\n".join(_head(run, record.incident)),
        "\n".join(_step(run, visit) for visit in run.visits if visit.entered.does != "stop"),
    ]
    if stops := list(_stops(number, record, telling)):
        parts.append("\n".join(["Stops and rollbacks:\n", *stops]))
    return "\n\n".join(filter(None, parts))


def _head(run: Run, incident: Incident) -> Iterator[str]:
    """Where it came from, and how it ended."""
    began = run.started
    early = ", earlier than it is meant for" if began.is_early else ""
    part = f", as a step of R{began.part_of.run}" if began.part_of else ""
    yield f"- Started on {moment(began.at)} by {person(began.by or '')}{part}{early}"
    yield f"- From {code(began.playbook)}, whose content has the hash {code(began.hash)}"
    if began.inputs:
        yield f"- With {typed(' · '.join(f'{name}: {said}' for name, said in began.inputs.items()))}"
    end = run.ended
    if end is None:
        yield "- Still going on"
        return
    reason, why = f" {plain(end.reason)}" if end.reason else "", f" {typed(end.why)}" if end.why else ""
    by = f", by {person(end.by)}" if end.by else ""
    yield f"- Ended on {moment(end.at)}{by}: {ENDS[end.end]}{reason}{why}"
    if end.left:
        yield f"- **Not undone:** {', '.join(_title(run, step) for step in end.left)}"


def _step(run: Run, visit: Visit) -> str:
    """One time that a step was come to, in a line."""
    again = f" (time {visit.entered.visit})" if visit.entered.visit > 1 else ""
    early = ", earlier than it is meant for" if visit.entered.is_early else ""
    start = f"- {clock(visit.entered.at)} · {plain(visit.entered.title)}{again}"
    end = visit.ended
    if end is None:
        return f"{start}: {'not finished' if run.ended else 'now'}{early}"
    came = _CAME[end.outcome]
    if end.chosen:
        came = f"decided for {plain(end.chosen)}" + (", since nobody chose in time" if end.outcome == "timeout" else "")
    by = f", {people}" if (people := _people(visit)) else ""
    note = f": {typed(end.note)}" if end.note else ""
    undone = ", undone later" if visit.is_undone else ""
    return f"{start}: {came} at {clock(end.at)}{by}{early}{undone}{note}"


def _people(visit: Visit) -> str:
    """Who did it, and who else agreed."""
    agreed = [user for lock, user in visit.opened_by.items() if lock is not Lock.EVIDENCE]
    did = [visit.first_yes, visit.ended.by if visit.ended else None]
    return " and ".join(dict.fromkeys(person(user) for user in (*agreed, *did) if user))


def _stops(number: int, record: Record, telling: Telling) -> Iterator[str]:
    """What stopped it, who decided what, and what was undone, each with its number in the record."""
    for entry, event in record.events:
        if isinstance(event, RunAdvanced) and event.run == number and isinstance(event.fact, _STOPS):
            yield f"- {clock(read_time(entry.at))} · {entry.seq} · {sentence(event, telling)}"


def _title(run: Run, step: str) -> str:
    return plain(next((one.entered.title for one in run.visits if one.step == step), step))
