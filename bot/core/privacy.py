"""Private incidents: who may know of one outside of its room. What is said inside of it, whoever is there reads anyway."""

from bot.core.incident import Incident


def insiders(incident: Incident) -> tuple[str, ...]:
    """Who has a part in the incident: whoever declared it, holds a role in it, or subscribed to it from inside."""
    holders = (seat.user for seat in incident.seats.values())
    return tuple(dict.fromkeys([incident.declared_by, *holders, *incident.subscribers]))


def sees(incident: Incident, viewer: str) -> bool:
    """Whether this person may be told of it anywhere. Without a viewer it is Lockstep itself that looks, or its operator."""
    return not incident.is_private or not viewer or viewer in insiders(incident)
