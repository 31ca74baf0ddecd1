"""What a delivery makes known: the fact, as a command, that an incident must remember of what Slack did."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.effects import ArchiveRoom, Effect, OpenRoom, PostUpdate, SaveHistory, SayStep, SendDirect, ShowHypothesis
from bot.core.hypotheses import BindThread
from bot.core.incident import Incident, Thread
from bot.core.playbooks.acts import Report
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
        case SayStep(run=number):
            if said := incident.run(number).current:
                came = Report(at=origin.at, step=said.step, visit=said.entered.visit, result="success")
                return ReportOnRun(origin=origin, run=number, does=came)
        case SaveHistory():
            return KeepHistory(origin=origin, history=receipt[HISTORY], messages=receipt["messages"])
        case ArchiveRoom():
            return ConfirmArchive(origin=origin)
    return None
