"""What came of every promise of an incident, from its record: for the report that proves it. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.promised import Promise
from bot.core.router.promises import Outcome, UpdateSent, came_of
from bot.core.router.reminders import LateNoted
from bot.core.value import Value


class Account(Value):
    """One promise: to whom, when it was `made` and `due`, when its update was `sent` and by whom (None: it was not), what came of
    it (None: it is not due yet), how many whole intervals passed without an update, and how many notes said that it was late."""

    audience: str
    made: AwareDatetime
    due: AwareDatetime
    sent: AwareDatetime | None
    by: str | None
    outcome: Outcome | None
    intervals_missed: int
    notes: int

    @property
    def late(self) -> timedelta | None:
        """How much later than promised the update was; None when there was none, nothing when it was early."""
        return max(timedelta(), self.sent - self.due) if self.sent else None


def accounts(incident: Incident, events: Iterable[Event], policy: Policy, now: datetime) -> list[Account]:
    """Every promise that an audience has read, in the order in which they fell due. When the incident is over, what was never sent
    counts as missed."""
    found, notes = list[Account](), list[LateNoted]()
    for event in events:
        if isinstance(event, LateNoted):
            notes.append(event)
        if isinstance(event, UpdateSent) and event.made and event.due:
            promise = Promise(made=event.made, due=event.due)
            found.append(_account(event.audience, promise, event.at, event.by, event.outcome, notes))
    until = incident.ended_at or now
    for audience, promise in incident.promises.items():
        outcome = came_of(promise, until, policy) if promise.due < until else None
        open_one = _account(audience, promise, None, None, outcome, notes, until)
        found.append(open_one.but(outcome=Outcome.MISSED) if outcome and incident.ended_at else open_one)
    return sorted(found, key=lambda one: (one.due, one.audience))


def _account(
    audience: str,
    promise: Promise,
    sent: datetime | None,
    by: str | None,
    outcome: Outcome | None,
    notes: Iterable[LateNoted],
    until: datetime | None = None,
) -> Account:
    span, end = promise.due - promise.made, sent or until or promise.due
    its_notes = [one for one in notes if one.audience == audience and promise.made <= one.at <= end]
    return Account(
        audience=audience,
        made=promise.made,
        due=promise.due,
        sent=sent,
        by=by,
        outcome=None if outcome is Outcome.KEPT and sent is None else outcome,
        intervals_missed=max(0, (end - promise.due) // span) if span else 0,
        notes=len(its_notes),
    )
