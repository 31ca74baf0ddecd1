"""The five phases, and the role that every policy has: what an incident and a playbook both speak of."""

from enum import StrEnum

COMMANDER = "incident commander"
"""The one role that every policy has."""


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

    @property
    def former(self) -> "Phase | None":
        """The phase before this one; None before DETECTION."""
        phases = list(Phase)
        place = phases.index(self)
        return phases[place - 1] if place else None
