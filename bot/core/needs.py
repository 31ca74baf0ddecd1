"""What a gate can ask for: the catalogue from which a policy chooses. `gates.py` says when each is met."""

from enum import StrEnum

from bot.core.incident import Phase


class Need(StrEnum):
    """What must be known, or have been done, before a phase is left. The value is its name in a policy and in the journal."""

    COMMANDER = "commander"
    IMPACT = "impact"
    SOURCE = "source"
    SEVERITY = "severity"
    BOUNDARY = "boundary"
    WORKING = "working boundary"
    SIZE = "size"
    WORKAROUND = "workaround"
    CHANGES = "recent changes"
    COMMUNICATIONS = "communications lead"
    OPERATIONS = "operations lead"
    CONTAINMENT = "containment"
    HOLD = "hold"
    RECOVERY = "recovery"
    DATA = "data"
    BACKLOG = "backlog"
    MEASURES = "temporary measures"
    PLAYBOOK = "playbook steps"
    ACTION_ITEM = "action item"
    ACCEPTED = "accepted actions"
    CHECKED = "checked actions"
    POSTMORTEM = "published postmortem"


ALWAYS = {Phase.DETECTION: (Need.COMMANDER, Need.IMPACT)}
"""What no policy can leave out: somebody leads, and everybody knows who is hit."""

EARLIEST: dict[Need, Phase] = {
    Need.COMMANDER: Phase.DETECTION,
    Need.IMPACT: Phase.DETECTION,
    Need.SOURCE: Phase.DETECTION,
    Need.SEVERITY: Phase.TRIAGE,
    Need.BOUNDARY: Phase.TRIAGE,
    Need.WORKING: Phase.TRIAGE,
    Need.SIZE: Phase.TRIAGE,
    Need.WORKAROUND: Phase.TRIAGE,
    Need.CHANGES: Phase.TRIAGE,
    Need.COMMUNICATIONS: Phase.TRIAGE,
    Need.OPERATIONS: Phase.TRIAGE,
    Need.CONTAINMENT: Phase.CONTAINMENT,
    Need.HOLD: Phase.CONTAINMENT,
    Need.RECOVERY: Phase.RECOVERY,
    Need.DATA: Phase.RECOVERY,
    Need.BACKLOG: Phase.RECOVERY,
    Need.MEASURES: Phase.RECOVERY,
    Need.PLAYBOOK: Phase.DETECTION,
    Need.ACTION_ITEM: Phase.POSTMORTEM,
    Need.ACCEPTED: Phase.POSTMORTEM,
    Need.CHECKED: Phase.POSTMORTEM,
    Need.POSTMORTEM: Phase.POSTMORTEM,
}
"""The first phase whose gate may ask for it. Asked earlier it would stop people who have something better to do."""

DONE_ELSEWHERE = frozenset({Need.PLAYBOOK, Need.ACCEPTED, Need.POSTMORTEM})
"""Needs that no form of a gate can fill in: a playbook goes on, people take their action items, somebody else reviews."""
HELD = (Need.COMMUNICATIONS, Need.OPERATIONS)
"""Needs that are a role which somebody must hold: they are called like the role."""
