"""Which pictures there are."""

from enum import StrEnum


class Kind(StrEnum):
    """A picture by its name on the command line: one incident, or a chart of many."""

    INCIDENT = "incident"
    DURATIONS = "durations"
    MONTHS = "months"
    LATENESS = "lateness"
    PHASES = "phases"
