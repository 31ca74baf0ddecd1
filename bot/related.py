"""What a decision on one incident needs to know of others, read in its transaction. Whoever holds two incidents takes the lower
number first, and the counter of numbers before both: so nobody waits for somebody who waits for them."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.decision import Event
from bot.core.ends import MergeIncident
from bot.core.errors import UnknownIncident
from bot.core.incident import Incident, LinkKind
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.standing import REACHED, of_kind
from bot.store import journal, queries, subscriptions
from bot.store.database import Transaction

SAME_DECLARATION = timedelta(minutes=2)
"""The same words of the same person within this time are one incident."""


async def held(tx: Transaction, team: str, number: int) -> Incident:
    """The incident as it stands, held against other writers until the transaction ends. Raises UnknownIncident."""
    incident = await journal.lock(tx, team, number)
    if incident is None:
        raise UnknownIncident(number)
    return incident


async def with_survivor(tx: Transaction, command: MergeIncident) -> MergeIncident:
    """The merge with the incident that goes on: the one it says, or that into which that was merged itself. Both incidents are
    held. Raises UnknownIncident."""
    team, number, seen = command.origin.team, command.into, set[int]()
    while number not in seen:
        seen.add(number)
        there = await journal.load(tx, team, number)
        number = there.into if there and there.into else number
    both = {one: await held(tx, team, one) for one in sorted({number, command.origin.incident})}
    return command.but(survivor=both[number])


async def declared_already(tx: Transaction, command: DeclareIncident, parent: Incident | None) -> int | None:
    """The incident that this declaration would declare once more, if there is one. What happened again, `parent`, is declared once
    for all as long as that is open; anything else is the same when the same person just said it."""
    team = command.origin.team
    if parent and command.follows and command.follows.kind is LinkKind.RECURS:
        again = await journal.load(tx, team, parent.recurrence) if parent.recurrence else None
        return again.number if again and again.is_open else None
    since = command.at - SAME_DECLARATION
    its = (team, command.actor, command.title, since)
    return await queries.recent_declaration(tx, *its, is_drill=command.is_drill)


async def asked_for(tx: Transaction, incident: Incident, events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """Who asked for every incident of the kind that these events made this one."""
    if not any(isinstance(event, REACHED) for event in events):
        return ()
    return of_kind(incident, await subscriptions.all_of(tx, incident.team), policy)
