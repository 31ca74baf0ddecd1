"""What a delivery makes known: the fact, as a command, that an incident must remember of what Slack did."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.effects import (
    ArchiveRoom,
    CreateIssue,
    Effect,
    MakeCall,
    OpenRoom,
    PostUpdate,
    SaveHistory,
    SayStep,
    SendDirect,
    ShowHypothesis,
    Whisper,
)
from bot.core.incident import Incident, Thread
from bot.core.learning.action_reminders import LearnZone
from bot.core.learning.issues import ConfirmIssue
from bot.core.playbooks.acts import Report, UndoReport
from bot.core.playbooks.facts import Answered
from bot.core.playbooks.run import Run
from bot.core.playbooks.turns import call_key, undo_key
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory
from bot.core.router.promises import ConfirmUpdate
from bot.core.runs import ReportOnRun
from bot.core.tracker.hypotheses import BindThread

HISTORY = "history"
"""In the receipt of a room's history: all that was said."""
ZONE = "zone"
"""In the receipt of a direct message about action items: the time zone of whoever it is for, if Slack said so."""
PERMALINK = "permalink"
"""In the receipt of a message: its address."""
TYPED = frozenset({HISTORY, "name"})
"""What in receipts people typed: the room is named after the incident's title. It is recorded, and nothing else keeps it."""


def fact(effect: Effect, seq: int, incident: Incident, receipt: Mapping[str, Any], origin: Origin) -> Command | None:
    """The command that records it; None when nothing is new. `seq` is the event the effect follows from, `receipt` what the
    gateway says of the delivery: its shape is the effect's own."""
    match effect:
        case OpenRoom():
            return BindRoom(origin=origin, channel=receipt["channel"], name=receipt["name"])
        case PostUpdate(audience=audience):
            where = receipt.get(PERMALINK)
            return ConfirmUpdate(origin=origin, audience=audience, update=seq, permalink=where)
        case SendDirect(audience=audience, is_update=True):
            lost = tuple(receipt["unreached"])
            return ConfirmUpdate(origin=origin, audience=audience, update=seq, unreached=lost)
        case ShowHypothesis(hypothesis=number):
            where = {key: value for key, value in receipt.items() if key in Thread.model_fields}
            if incident.hypothesis(number).thread != Thread.model_validate(where):
                return BindThread.model_validate({"origin": origin, "hypothesis": number, **where})
        case SayStep() | MakeCall():
            return _of_run(effect, incident.run(effect.run), receipt, origin)
        case SaveHistory():
            return KeepHistory(origin=origin, history=receipt[HISTORY], messages=receipt["messages"])
        case Whisper() | CreateIssue():
            return _of_actions(effect, incident, receipt, origin)
        case ArchiveRoom():
            return ConfirmArchive(origin=origin)
    return None


def _of_actions(
    effect: Whisper | CreateIssue, incident: Incident, receipt: Mapping[str, Any], origin: Origin
) -> Command | None:
    """The time zone of whoever was told, when it is another than was known; or the issue that an action item is."""
    if isinstance(effect, CreateIssue):
        where = {"key": receipt["key"], "url": receipt["url"]}
        return ConfirmIssue(origin=origin, item=effect.item, tracker=effect.tracker, **where)
    known = incident.zones.get(effect.to)
    zone = receipt.get(ZONE, known)
    return LearnZone(origin=origin, user=effect.to, zone=zone) if zone != known else None


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
    if run.undoing and undo_key(run) == key:
        undone = UndoReport(at=origin.at, step=run.undoing.steps[0], result=result, note=note, answer=answer)
        return ReportOnRun(origin=origin, run=number, does=undone)
    return None
