"""The state of one incident, folded from its events. Knows no rule: what may happen next is decided by the concerns."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.value import Value


class Phase(StrEnum):
    """The five phases, in the only order there is."""

    DETECTION = "DETECTION"
    TRIAGE = "TRIAGE"
    CONTAINMENT = "CONTAINMENT"
    RECOVERY = "RECOVERY"
    POSTMORTEM = "POSTMORTEM"

    @property
    def next(self) -> "Phase | None":
        """The phase after this one; None after POSTMORTEM."""
        phases = list(Phase)
        place = phases.index(self) + 1
        return phases[place] if place < len(phases) else None


class End(StrEnum):
    """How an incident can end."""

    CLOSED = "CLOSED"


class Role(StrEnum):
    """The seats of an incident. One holder each."""

    INCIDENT_COMMANDER = "incident commander"


class ContainmentResult(StrEnum):
    """What came of a containment action. Only the first two let an incident leave CONTAINMENT."""

    WORKED = "worked"
    SELF_LIMITED = "self-limited"
    FAILED = "failed"


class Seat(Value):
    """Who holds a role, and since when."""

    user: str
    since: AwareDatetime


class Room(Value):
    """The incident's channel, found by id: a rename changes nothing."""

    channel: str
    name: str


class Containment(Value):
    """Something done to stop the harm from growing, and what came of it."""

    action: str
    result: ContainmentResult
    at: AwareDatetime


class ActionItem(Value):
    """What will be changed so that this does not happen again, by whom and until when."""

    what: str
    assignee: str
    due: date


class Told(Value):
    """What one audience has heard: how many updates, when the last one was issued, and the promise of the next."""

    updates: int
    last: AwareDatetime
    promised: AwareDatetime | None


class Failure(Value):
    """Something that Slack refused for good: which effect, and Slack's reason."""

    effect: str
    reason: str
    at: AwareDatetime


class Incident(Value):
    """One incident as its journal tells it.

    `seq` is the number of the last event folded in. `severity` is None while unset. `severities` are all it has ever had
    (None among them when it was declared without one): who was invited or told at one of these is not invited again.
    `policy` is the content hash of the policy it follows.
    """

    team: str
    number: int
    seq: int
    title: str
    policy: str
    declared_by: str
    declared_at: AwareDatetime
    phase: Phase
    phase_since: AwareDatetime
    phase_by: str
    end: End | None = None
    severity: str | None = None
    severities: tuple[str | None, ...] = ()
    room: Room | None = None
    seats: Mapping[Role, Seat] = {}
    impact: str | None = None
    boundaries: tuple[str, ...] = ()
    containments: tuple[Containment, ...] = ()
    recovery: str | None = None
    action_items: tuple[ActionItem, ...] = ()
    no_action: str | None = None
    told: Mapping[str, Told] = {}
    failures: tuple[Failure, ...] = ()

    @property
    def name(self) -> str:
        """How people call it: INC-7."""
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.end is None

    @property
    def commander(self) -> Seat | None:
        """Who is in command, if anyone."""
        return self.seats.get(Role.INCIDENT_COMMANDER)

    @property
    def contained_by(self) -> Containment | None:
        """The containment action that held, the newest first."""
        return next((c for c in reversed(self.containments) if c.result is not ContainmentResult.FAILED), None)
