"""One incident, measured: all that statistics need of it, and nothing that anybody typed or that says who did it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.containment import HoldPassed, ImpactReturned
from bot.core.decision import AttemptRefused, Event
from bot.core.ends import ENDS
from bot.core.factors import Factor
from bot.core.gates import NeedsWaived
from bot.core.incident import End, Incident, LinkKind, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, IncidentClosed, PhaseEntered
from bot.core.load import RestProposed, RestSnoozed, SpanReached
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.questions import Source
from bot.core.refusal import Lacks
from bot.core.roles import RoleTaken, SeatFoundEmpty
from bot.core.router.reminders import RemindersSnoozed, UpdateReminded
from bot.core.severity import peak
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.hints import HintAnswered, HintGiven
from bot.core.trial import Answer
from bot.core.vocabulary import evolve
from bot.metrics.follow_up import FollowedUp, followed_up
from bot.metrics.moments import Moment, Moments, Time, moments, out_of_order
from bot.metrics.punctuality import Owed, longest_silence, obligations
from bot.metrics.thinking import Tested, tests_of

_STEPS = (AdvancePhase.__name__, CloseIncident.__name__)
_PROMPTS = (PhaseTakesLong, SeatFoundEmpty, RestProposed, SpanReached, UpdateReminded, HintGiven, TestOverran)
"""What Lockstep asks or reminds people of without having been asked, as long as the incident goes on."""
_SNOOZES = (PromptsSnoozed, RestSnoozed, RemindersSnoozed)


class Standing(StrEnum):
    """Whether an incident counts, and if not, why."""

    COUNTED = "counted"
    DRILL = "drill"
    CANCELLED = "cancelled"
    MERGED = "merged"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Friction:
    """How often Lockstep stood in the way: steps it refused, needs that were waived, prompts, those of them that somebody answered
    (hints: others ask for an act, and it is their answer), and those that were put off; and of each need how often it was missing
    then, and how often it was waived."""

    refused: int
    waived: int
    prompts: int
    answered: int
    snoozed: int
    lacked: Mapping[str, int]
    let_go: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One incident. `severity` is the worst it has had, None while nobody set one; `relapsed_for` how long harm was back after it
    had been contained, added up; `source` how it was noticed, None when nobody said; `recurs` the incidents it is a recurrence of;
    `responders` how many people held a role, `most_roles` the most that one of them held at once, `most_tasks` the most hypotheses
    that one person had to test at once."""

    number: int
    severity: str | None
    boundaries: tuple[str, ...]
    standing: Standing
    ended: datetime | None
    phase: Phase
    times: Moments
    in_phase: Mapping[Phase, timedelta]
    owed: tuple[Owed, ...]
    silence: timedelta | None
    relapses: int
    relapsed_for: timedelta
    source: Source | None
    recurs: tuple[int, ...]
    tests: tuple[Tested, ...]
    friction: Friction
    responders: int
    most_roles: int
    most_tasks: int
    actions: tuple[FollowedUp, ...] = ()
    factors: tuple[Factor, ...] = ()

    @property
    def declared(self) -> datetime:
        """When it was declared."""
        return self.times[Time.DECLARED].at

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.ended is None

    @property
    def is_by_change(self) -> bool:
        """Whether somebody tagged a change among what contributed."""
        return Factor.CHANGE in self.factors

    @property
    def over_since(self) -> datetime:
        """When it was resolved; when it ended, where it never was; when it was declared, as long as it goes on."""
        resolved = self.times.get(Time.RESOLVED)
        return resolved.at if resolved else self.ended or self.declared

    def between(self, start: Time, end: Time) -> timedelta | None:
        """How long it took from the one to the other; None when either is not known, or what is estimated came after it."""
        first, last = self.times.get(start), self.times.get(end)
        return last.at - first.at if first and last and last.at >= first.at else None

    def is_estimated(self, start: Time, end: Time) -> bool:
        """Whether one of the two is only an estimate."""
        return any(self.times[time].is_estimated for time in (start, end) if time in self.times)


def measure(events: Sequence[Event], policies: Mapping[str, Policy], now: datetime) -> Measured:
    """The incident whose events these are, all of them, as it stands at `now`. `policies` are those it followed, by hash."""
    walk = walked(events)
    incident = walk[-1][1]
    times = moments(events)
    return Measured(
        number=incident.number,
        severity=peak(incident, policies[incident.policy]),
        boundaries=incident.boundaries,
        standing=_standing(incident, times),
        ended=incident.ended_at,
        phase=incident.phase,
        times=times,
        in_phase=_in_phase(events, now),
        owed=tuple(obligations(walk, policies, now)),
        silence=longest_silence(events, now),
        relapses=incident.relapses,
        relapsed_for=_relapsed_for(events, now),
        source=_source(incident),
        recurs=tuple(link.other for link in incident.links if link.kind is LinkKind.RECURS),
        tests=tuple(tests_of(events)),
        friction=_friction(events),
        actions=followed_up(incident, now),
        factors=incident.postmortem.factors,
        most_tasks=_most_tasks(walk),
        **_load(events),
    )


def walked(events: Sequence[Event]) -> list[tuple[Event, Incident]]:
    """All events, each with the state after it."""
    incident: Incident | None = None
    found: list[tuple[Event, Incident]] = []
    for event in events:
        incident = evolve(incident, event)
        found.append((event, incident))
    return found


def _standing(incident: Incident, times: Mapping[Time, Moment]) -> Standing:
    if incident.is_drill:
        return Standing.DRILL
    if incident.end is End.CANCELLED:
        return Standing.CANCELLED
    if incident.end is End.MERGED:
        return Standing.MERGED
    return Standing.CONTRADICTORY if out_of_order(times) else Standing.COUNTED


def _in_phase(events: Sequence[Event], now: datetime) -> dict[Phase, timedelta]:
    """How long it was in each phase that it entered; the one it is in counts to now."""
    entered = {Phase.DETECTION: events[0].at}
    entered |= {event.phase: event.at for event in events if isinstance(event, PhaseEntered)}
    end = next((event.at for event in events if isinstance(event, ENDS)), now)
    left = [*list(entered.values())[1:], end]
    return {phase: leave - enter for (phase, enter), leave in zip(entered.items(), left, strict=True)}


def _relapsed_for(events: Sequence[Event], now: datetime) -> timedelta:
    """From each time the harm came back in RECOVERY until it was contained again for good, closed, or now."""
    total, since = timedelta(), None
    for event in events:
        if isinstance(event, ImpactReturned) and event.relapse and since is None:
            since = event.at
        elif isinstance(event, HoldPassed) and since is not None:
            total, since = total + (event.since - since), None
        elif isinstance(event, IncidentClosed) and since is not None:
            total, since = total + (event.at - since), None
    return total + (now - since) if since is not None else total


def _source(incident: Incident) -> Source | None:
    answer = incident.answers.get(Need.SOURCE)
    return Source(answer) if answer in set(Source) else None


def _friction(events: Sequence[Event]) -> Friction:
    refused = [event for event in events if isinstance(event, AttemptRefused) and event.attempt in _STEPS]
    waived = [need for event in events if isinstance(event, NeedsWaived) for need in event.needs]
    lacked = (need for event in refused if isinstance(event.refusal, Lacks) for need in event.refusal.missing)
    answers = [event.answer for event in events if isinstance(event, HintAnswered)]
    return Friction(
        refused=len(refused),
        waived=len(waived),
        lacked=Counter(map(str, lacked)),
        let_go=Counter(map(str, waived)),
        prompts=sum(isinstance(event, _PROMPTS) for event in events),
        answered=sum(answer is not Answer.LATER for answer in answers),
        snoozed=sum(isinstance(event, _SNOOZES) for event in events) + answers.count(Answer.LATER),
    )


def _load(events: Sequence[Event]) -> dict[str, int]:
    """How many held a role, and the most roles that one of them held at a time."""
    seats, people, most = dict[str, str](), set[str](), 0
    for event in events:
        if isinstance(event, RoleTaken):
            seats[event.role] = event.user
            people.add(event.user)
            most = max(most, max(list(seats.values()).count(user) for user in seats.values()))
    return {"responders": len(people), "most_roles": most}


def _most_tasks(walk: Sequence[tuple[Event, Incident]]) -> int:
    """The most open hypotheses that were one person's at a time."""
    of_each = (
        Counter(one.assignee for one in after.hypotheses if one.assignee and one.status.is_open) for _, after in walk
    )
    return max((max(counted.values(), default=0) for counted in of_each), default=0)
