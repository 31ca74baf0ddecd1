"""Whether audiences heard in time: each "next update by" as something that was owed, and what became of it. Read from the events
that there are; whoever knows promises by another record only has to give `Owed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from bot.core.adoption import PolicyAdopted
from bot.core.decision import Event
from bot.core.ends import ENDS
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.policy import Policy
from bot.core.router.promises import PromiseMoved, UpdateSent
from bot.core.router.updates import UpdateIssued, owed
from bot.core.severity import SeverityChanged

LEAST_GRACE = timedelta(minutes=1)
GRACE_PART = 10
"""What is sent late by no more than a tenth of its interval, and at least a minute, is in time."""

_CHANGES_WHAT_IS_OWED: tuple[type[Event], ...] = (
    *(IncidentDeclared, PhaseEntered, SeverityChanged, IncidentLinked, PolicyAdopted, UpdateIssued, PromiseMoved),
    *ENDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An update that an audience was to hear by `due`, since `made`; the severity when it went out, or was not owed any more; and
    when Slack took it (None: not)."""

    audience: str
    severity: str | None
    made: datetime
    due: datetime
    sent: datetime | None

    @property
    def latest(self) -> datetime:
        """Until when it is in time."""
        return self.due + max(LEAST_GRACE, (self.due - self.made) / GRACE_PART)

    @property
    def is_kept(self) -> bool:
        """Whether they heard in time."""
        return self.sent is not None and self.sent <= self.latest

    @property
    def lateness(self) -> timedelta | None:
        """By how much it was late, without grace: zero when it was early; None when it never came."""
        return max(timedelta(), self.sent - self.due) if self.sent else None


@dataclass
class _Ledger:
    """What is owed at one point of the walk, what was settled by which update, and what ended without one."""

    standing: dict[str, Owed] = field(default_factory=dict)
    ending: dict[str, tuple[Owed, datetime]] = field(default_factory=dict)
    settled: list[tuple[Owed, int]] = field(default_factory=list)
    severity: str | None = None
    let_go: list[tuple[Owed, datetime]] = field(default_factory=list)


Walk = Sequence[tuple[Event, Incident]]
"""All events of one incident, in order, each with the state after it."""


def obligations(walk: Walk, policies: Mapping[str, Policy], now: datetime) -> list[Owed]:
    """All that was owed and has come due by `now`, or was sent before that. What ended before it was due (the incident was over,
    the audience hears of it no more) is nobody's debt. `policies` are those that it followed, by hash."""
    ledger, sent = _Ledger(), _sent([event for event, _ in walk])
    for event, after in walk:
        if isinstance(event, _CHANGES_WHAT_IS_OWED):
            _book(ledger, event, after, policies[after.policy])
    told = [replace(one, sent=sent.get(seq)) for one, seq in ledger.settled]
    unsent = [replace(one, severity=ledger.severity) for one in ledger.standing.values()]
    late_ends = [one for one, at in (*ledger.let_go, *ledger.ending.values()) if at > one.latest]
    due = [one for one in (*told, *unsent) if one.sent is not None or one.latest < now]
    return sorted([*due, *late_ends], key=lambda one: (one.due, one.audience))


def longest_silence(events: Sequence[Event], now: datetime) -> timedelta | None:
    """The longest time that an audience which was told anything heard nothing, from the declaration until service was restored, the
    incident ended, or now; None when nobody was told."""
    issued = {seq: event for seq, event in enumerate(events, start=1) if isinstance(event, UpdateIssued)}
    heard: dict[str, list[datetime]] = {}
    for seq, at in _sent(events).items():
        heard.setdefault(issued[seq].audience, []).append(at)
    begin, end = events[0].at, _restored(events, now)
    gaps = (
        later - earlier
        for times in heard.values()
        for earlier, later in pairwise([begin, *sorted(at for at in times if at < end), end])
    )
    return max(gaps, default=None)


def _book(ledger: _Ledger, event: Event, after: Incident, policy: Policy) -> None:
    """What this event settles, ends and begins."""
    if isinstance(event, UpdateIssued):
        paid = ledger.standing.pop(event.audience, None) or _last_word(ledger, event)
        if paid:
            ledger.settled.append((replace(paid, severity=after.severity), after.seq))
    due = owed(after, policy)
    for audience in [name for name in ledger.standing if name not in due]:
        _retire(ledger, replace(ledger.standing.pop(audience), severity=ledger.severity), event.at)
    ledger.severity = after.severity
    for audience, at in due.items():
        known = ledger.standing.get(audience)
        if known is None or known.due != max(at, known.made):
            ledger.standing[audience] = _begun(known, audience, at, event, after)


def _last_word(ledger: _Ledger, event: UpdateIssued) -> Owed | None:
    """What this update still pays although it was not owed any more: only what ended in the same moment."""
    ended = ledger.ending.get(event.audience)
    return ledger.ending.pop(event.audience)[0] if ended and ended[1] == event.at else None


def _retire(ledger: _Ledger, one: Owed, at: datetime) -> None:
    """It is not owed any more: the same command may still send the last word."""
    if before := ledger.ending.get(one.audience):
        ledger.let_go.append(before)
    ledger.ending[one.audience] = (one, at)


def _begun(known: Owed | None, audience: str, due: datetime, event: Event, after: Incident) -> Owed:
    """Something that is owed from now on. A first update that is only moved was owed before; who joins late is owed it at once."""
    first = audience not in after.told
    made = known.made if known and first else event.at
    return Owed(audience=audience, severity=after.severity, made=made, due=max(due, made), sent=None)


def _sent(events: Sequence[Event]) -> dict[int, datetime]:
    """When Slack took each update, by the number of the event that issued it."""
    found: dict[int, datetime] = {}
    for event in events:
        if isinstance(event, UpdateSent):
            found.setdefault(event.update, event.at)
    return found


def _restored(events: Sequence[Event], now: datetime) -> datetime:
    """Since when nobody waits for updates any more."""
    over = (
        event.at
        for event in events
        if isinstance(event, ENDS) or (isinstance(event, PhaseEntered) and event.phase is Phase.POSTMORTEM)
    )
    return next(over, now)
