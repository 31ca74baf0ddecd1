"""Which pictures there are."""

from enum import StrEnum


class Kind(StrEnum):
    """A picture by its name on the command line: one incident, its system map, or a chart of many."""

    INCIDENT = "incident"
    MAP = "map"
    DURATIONS = "durations"
    MONTHS = "months"
    LATENESS = "lateness"
    PHASES = "phases"
    QUARTERS = "quarters"
    ACTIONS = "actions"
    SOURCES = "sources"
    FACTORS = "factors"
    FRICTION = "friction"


OF_MANY = tuple(kind for kind in Kind if kind not in (Kind.INCIDENT, Kind.MAP))
"""The pictures that are of many incidents."""
