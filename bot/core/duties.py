"""What whoever leads may do besides leading, and how many people one person can lead: rules R2, R3 and R9 of incident command. They
bear on what somebody takes on, never on what they have already: a severity that changes moves no role.

A rule that keeps duties apart is for a room that has somebody else for the other duty. With fewer people, at milder severities,
and when it is not known how many there are, it allows, and the event is tagged `solo`.
"""

from bot.core.incident import COMMANDER, Incident, Seat, Status
from bot.core.policy import Policy
from bot.core.refusal import KeptApart, SpanFull

OPERATIONS = "operations lead"
"""The role that takes those who test over from the incident commander, where the policy has it."""


def is_strict(incident: Incident, policy: Policy) -> bool:
    """Whether leading is a duty of its own at this severity."""
    return policy.severity(incident.severity).name in policy.strict_at


def leads(incident: Incident, user: str) -> bool:
    """Whether this person is in command."""
    return incident.commander is not None and incident.commander.user == user


def roles_of(incident: Incident, user: str) -> tuple[str, ...]:
    """The roles this person has."""
    return tuple(role for role, seat in incident.seats.items() if seat.user == user)


def tests_of(incident: Incident, user: str) -> tuple[int, ...]:
    """The numbers of the hypotheses that this person is testing."""
    return tuple(one.number for one in incident.hypotheses if one.status is Status.TESTING and one.assignee == user)


def is_solo(incident: Incident, user: str, role: str | None = None) -> bool:
    """Whether leading and another duty come together in this person when they get the role (None: begin a test)."""
    if role != COMMANDER:
        return leads(incident, user)
    return bool(tests_of(incident, user)) or any(held != COMMANDER for held in roles_of(incident, user))


def kept_apart(
    incident: Incident,
    user: str,
    present: int | None,
    policy: Policy,
    *,
    role: str | None = None,
    hypothesis: int | None = None,
) -> KeptApart | None:
    """Why whoever leads may not take on this role or test, if so. `present` is how many people are in the room (None: not known).
    Command itself is never refused: an incident that nobody leads is worse than one whose commander is also scribe."""
    if role == COMMANDER or not leads(incident, user) or not is_strict(incident, policy):
        return None
    if present is None or present < policy.responders_before_refusing:
        return None
    return KeptApart(user=user, role=role, hypothesis=hypothesis)


def span(incident: Incident, role: str) -> frozenset[str]:
    """Who reports directly to whoever has this role: to the commander all who have a role, and those who test or are to test next
    unless the operations lead has them; nobody while nobody has it."""
    seat = incident.seats.get(role)
    if seat is None:
        return frozenset()
    found = set[str]()
    if role == COMMANDER:
        found |= {one.user for one in incident.seats.values()}
    if role == OPERATIONS or (role == COMMANDER and OPERATIONS not in incident.seats):
        found |= set(_at_work(incident))
    commander = incident.commander.user if incident.commander else None
    return frozenset(found - {seat.user, commander})


def span_full(
    incident: Incident, user: str, policy: Policy, *, role: str | None = None, of: Seat | None = None
) -> SpanFull | None:
    """Why nobody else can be given something to do by the commander until there is an operations lead, if so. Whoever takes over
    from somebody (`of`) is not one more, and neither is who reports to the commander already."""
    seat = incident.commander
    if seat is None or of or role in (COMMANDER, OPERATIONS) or OPERATIONS in incident.seats:
        return None
    if policy.role(OPERATIONS) is None or user in {seat.user, *span(incident, COMMANDER)}:
        return None
    reports = len(span(incident, COMMANDER))
    return SpanFull(user=seat.user, reports=reports) if reports >= policy.reports_before_refusing else None


def _at_work(incident: Incident) -> tuple[str, ...]:
    """Those who have a hypothesis to test, now or next: few are tested at once, and who waits for a turn is led as well."""
    at_work = (Status.READY, Status.TESTING)
    return tuple(one.assignee for one in incident.hypotheses if one.status in at_work and one.assignee)
