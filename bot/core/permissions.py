"""Who may do what, by the roles of the policy. Repair is open to everybody; a few acts that speak for all are not.

Nobody is stopped for want of a role that nobody holds: then anybody may. Machines and operators may all.
"""

from bot.core.decision import OPERATOR, SYSTEM
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.policy_parts import ANYONE, DECLARER, Act
from bot.core.refusal import NotAllowed


def barred(incident: Incident, actor: str, act: Act, policy: Policy) -> NotAllowed | None:
    """Why this person may not do this, if so."""
    allowed = policy.may_do(act)
    holders = {seat.user for role, seat in incident.seats.items() if role in allowed}
    is_declarer = DECLARER in allowed and actor == incident.declared_by
    if actor in (SYSTEM, OPERATOR, *holders) or is_declarer or ANYONE in allowed or not holders:
        return None
    return NotAllowed(act=act, allowed=allowed)
