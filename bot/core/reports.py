"""What a delivery makes known: the fact, as a command, that an incident must remember of what Slack did."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.effects import (
    ArchiveRoom,
    Effect,
    MakeCall,
    OpenRoom,
    PostUpdate,
    SaveHistory,
    SayStep,
    SendDirect,
    ShowHypothesis,
)
from bot.core.hypotheses import BindThread
from bot.core.incident import Incident, Thread
from bot.core.playbooks.acts import Report, UndoReport
from bot.core.playbooks.facts import Answered
from bot.core.playbooks.run import Run
from bot.core.playbooks.turns import call_key, undo_key
from bot.core.promises import ConfirmUpdate
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory
from bot.core.runs import ReportOnRun

HISTORY = "history"
"""In the receipt of a room's history: all that was said."""
TYPED = frozenset({HISTORY, "name"})
"""What in receipts people typed: the room is named after the incident's title. It is recorded, and nothing else keeps it."""


def fact(effect: Effect, seq: int, incident: Incident, receipt: Mapping[str, Any], origin: Origin) -> Command | None:
    """The command that records it; None when nothing is new. `seq` is the event the effect follows from, `receipt` what the
    gateway says of the delivery: its shape is the effect's own."""
    match effect:
        case OpenRoom():
            return BindRoom(origin=origin, channel=receipt["channel"], name=receipt["name"])
        case PostUpdate(audience=audience):
            return ConfirmUpdate(origin=origin, audience=audience, update=seq)
        case SendDirect(audience=audience, is_update=True):
            lost = tuple(receipt["unreached"])
            return ConfirmUpdate(origin=origin, audience=audience, update=seq, unreached=lost)
        case ShowHypothesis(hypothesis=number):
            if incident.hypothesis(number).thread != Thread.model_validate(receipt):
                return BindThread.model_validate({"origin": origin, "hypothesis": number, **receipt})
        case SayStep() | MakeCall():
            return _of_run(effect, incident.run(effect.run), receipt, origin)
        case SaveHistory():
            return KeepHistory(origin=origin, history=receipt[HISTORY], messages=receipt["messages"])
        case ArchiveRoom():
            return ConfirmArchive(origin=origin)
    return None


def _of_run(effect: SayStep | MakeCall, run: Run, receipt: Mapping[str, Any], origin: Origin) -> Command | None:
    """What a step of a run came to that Lockstep carried out."""
    if isinstance(effect, MakeCall):
        return _called(run, effect.run, effect.key, receipt, origin) if receipt else None
    if said := run.current:
        came = Report(at=origin.at, step=said.step, visit=said.entered.visit, result="success")
        return ReportOnRun(origin=origin, run=effect.run, does=came)
    return None


def _called(run: Run, number: int, key: str, receipt: Mapping[str, Any], origin: Origin) -> Command | None:
    """What came of a call, for the step or the undo that wanted it; None when the run has gone on without it."""
    status, digest = receipt.get("status"), receipt.get("digest")
    answer = Answered(status=status, digest=digest) if status and digest else None
    result, note = receipt["result"], receipt["note"]
    if run.current and call_key(run, run.current) == key:
        number_of_times = run.current.entered.visit
        came = Report(
            at=origin.at, step=run.current.step, visit=number_of_times, result=result, note=note, answer=answer
        )
        return ReportOnRun(origin=origin, run=number, does=came)
    if run.undoing and undo_key(run, run.undoing.steps[0]) == key:
        note = f"{note}; it may have happened" if result == "unknown" else note
        undone = UndoReport(
            at=origin.at, step=run.undoing.steps[0], is_done=result == "success", note=note, answer=answer
        )
        return ReportOnRun(origin=origin, run=number, does=undone)
    return None
