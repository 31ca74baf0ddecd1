"""What a delivery makes known: the fact, as a command, that an incident must remember of what Slack did."""

from collections.abc import Mapping
from typing import Any

from bot.core.action_reminders import LearnZone
from bot.core.decision import Command, Origin
from bot.core.effects import (
    ArchiveRoom,
    CreateIssue,
    Effect,
    OpenRoom,
    PostUpdate,
    SaveHistory,
    ShowHypothesis,
    Whisper,
)
from bot.core.hypotheses import BindThread
from bot.core.incident import Incident, Thread
from bot.core.issues import ConfirmIssue
from bot.core.promises import ConfirmUpdate
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory

HISTORY = "history"
"""In the receipt of a room's history: all that was said."""
ZONE = "zone"
"""In the receipt of a direct message about action items: the time zone of whoever it is for, if Slack said so."""
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
        case ShowHypothesis(hypothesis=number):
            if incident.hypothesis(number).thread != Thread.model_validate(receipt):
                return BindThread.model_validate({"origin": origin, "hypothesis": number, **receipt})
        case SaveHistory():
            return KeepHistory(origin=origin, history=receipt[HISTORY], messages=receipt["messages"])
        case Whisper(to=user) if incident.zones.get(user) != receipt.get(ZONE, incident.zones.get(user)):
            return LearnZone(origin=origin, user=user, zone=receipt[ZONE])
        case CreateIssue(item=number, tracker=tracker):
            return ConfirmIssue(origin=origin, item=number, tracker=tracker, key=receipt["key"], url=receipt["url"])
        case ArchiveRoom():
            return ConfirmArchive(origin=origin)
    return None
