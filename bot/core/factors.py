"""What contributes to incidents, as tags of which several may be chosen: there is never one cause (domain rules, §7.3)."""

from enum import StrEnum


class Factor(StrEnum):
    """A kind of contributing factor. The value is its name in the journal, and how people read it."""

    DETECTION = "detection gap"
    NOISE = "alert noise"
    TESTING = "test or verification gap"
    CHANGE = "change and rollout"
    SETTINGS = "settings"
    CAPACITY = "capacity or limits"
    DEPENDENCY = "dependency or supplier"
    COUPLING = "coupling or architecture"
    DATA = "data or format"
    AUTOMATION = "automation or tool behaviour"
    INTERFACE = "interface or prompt unclear"
    KNOWLEDGE = "documentation or knowledge spread"
    OWNERSHIP = "ownership unclear"
    ACCESS = "access or permission"
    COORDINATION = "coordination and communication"
    WORKLOAD = "workload, fatigue or staffing"
    PRIORITIES = "priorities or trade-offs"
    ENVIRONMENT = "environment difference"
    EXTERNAL = "external event"
    UNKNOWN = "luck or unknown"
