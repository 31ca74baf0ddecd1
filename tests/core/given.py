"""What core tests start from: a small policy, and incidents that commands have brought to where a test begins."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from bot.core.actions import AddActionItem
from bot.core.decision import Command, Decision, Origin
from bot.core.facts import MarkBoundaries, RecordContainment, StateImpact, VerifyRecovery
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.policy import Policy
from bot.core.roles import TakeRole
from bot.core.severity import SetSeverity
from bot.core.vocabulary import decide, fold

START = datetime(2026, 11, 23, 14, 0, 20, tzinfo=UTC)
ALICE, BOB = "UALICE", "UBOB"

POLICY = Policy.model_validate(
    {
        "announce_in": "#incidents",
        "unset_counts_as": "SEV2",
        "severities": [
            {
                "name": "SEV1",
                "means": "Core service down",
                "first_update_minutes": 10,
                "then_every_minutes": 15,
                "invite": ["@incident-leads", "@payments-oncall"],
            },
            {
                "name": "SEV2",
                "means": "Core function broken",
                "first_update_minutes": 15,
                "then_every_minutes": 30,
                "invite": ["@incident-leads"],
            },
            {"name": "SEV3", "means": "Something minor", "first_update_minutes": 60, "then_every_minutes": 60},
        ],
        "boundaries": [{"id": "checkout", "name": "Checkout"}, {"id": "search", "name": "Search"}],
        "audiences": [
            {"name": "executives", "channel": "#exec-updates", "hears": ["SEV1", "SEV2"]},
            {"name": "support", "channel": "#support-updates", "hears": ["SEV1", "SEV2", "SEV3"]},
        ],
    }
)

_keys = count(1)


def origin(actor: str = ALICE, minutes: float = 0) -> Origin:
    """Where a command comes from that `actor` gives some minutes after the start."""
    return Origin(team="T1", incident=1, actor=actor, at=START + timedelta(minutes=minutes), key=f"k{next(_keys)}")


def decided(incident: Incident | None, *commands: Command) -> tuple[Incident, Decision]:
    """The incident after these commands, and what the last of them came to."""
    decision = Decision()
    for command in commands:
        decision = decide(incident, command, POLICY, number=1)
        incident = fold(incident, decision.events)
    assert incident is not None
    return incident, decision


def declared(severity: str | None = None) -> Incident:
    """An incident that ALICE has just declared."""
    return decided(None, DeclareIncident(origin=origin(), title="Checkout is failing", severity=severity))[0]


def facts_of(phase: Phase) -> tuple[Command, ...]:
    """The commands that satisfy the gate of a phase."""
    return {
        Phase.DETECTION: (
            TakeRole(origin=origin(), user=ALICE),
            StateImpact(origin=origin(), impact="Some customers cannot pay."),
        ),
        Phase.TRIAGE: (
            SetSeverity(origin=origin(), severity="SEV1"),
            MarkBoundaries(origin=origin(), boundaries=("checkout",)),
        ),
        Phase.CONTAINMENT: (
            RecordContainment(origin=origin(), action="Undid the release", result=ContainmentResult.WORKED),
        ),
        Phase.RECOVERY: (VerifyRecovery(origin=origin(), how="Payments are back to normal for 30 minutes"),),
        Phase.POSTMORTEM: (AddActionItem(origin=origin(), what="Add a check", assignee=BOB, due=date(2026, 12, 1)),),
    }[phase]


def in_phase(phase: Phase, severity: str | None = None) -> Incident:
    """An incident that has walked to `phase` with every gate on the way satisfied."""
    incident = declared(severity)
    while incident.phase is not phase:
        to = incident.phase.next
        assert to is not None
        incident, _ = decided(incident, AdvancePhase(origin=origin(), to=to, first=facts_of(incident.phase)))
    return incident


def closed() -> Incident:
    """An incident that is over."""
    incident = in_phase(Phase.POSTMORTEM)
    return decided(incident, CloseIncident(origin=origin(), first=facts_of(Phase.POSTMORTEM)))[0]
