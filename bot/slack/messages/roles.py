"""What the room is told of roles: who has one now, who is offered one or claims it, and who carries too much. Each names whoever it
concerns, so that Slack notifies them, and what has been settled before it is read has no buttons any more.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from bot.core.claims import ClaimAnswered, RoleClaimed
from bot.core.decision import Event
from bot.core.duties import OPERATIONS
from bot.core.incident import COMMANDER, Incident
from bot.core.load import RestProposed, SpanReached
from bot.core.offers import OfferDeclined, OfferExpired, OfferWithdrawn
from bot.core.policy import Policy
from bot.core.roles import How, RoleOffered, RoleTaken, SeatFoundEmpty
from bot.slack import words
from bot.slack.blocks import Element, actions, button, paragraphs, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.brief import brief, span
from bot.slack.messages.message import Message, say
from bot.slack.text import clock_time, ended, quoted

_REDACTED_BRIEF = (
    "Where it stood then is not shown any more: something of it was redacted. The card shows where it stands."
)


def has_brief(event: RoleTaken | RoleOffered) -> bool:
    """Whether the room was told with it where the incident stood. Whoever accepted a role had read that in the offer."""
    return isinstance(event, RoleOffered) or (event.former is not None and event.how is not How.ACCEPTED)


def without_brief(event: RoleTaken | RoleOffered, incident: Incident) -> Message:
    """The same, without where the incident stood: something of that was redacted."""
    text = _offer(event, incident) if isinstance(event, RoleOffered) else _swap(event, incident)
    return Message(text=text, blocks=paragraphs([text, _REDACTED_BRIEF]))


def nobody_leads(event: SeatFoundEmpty, incident: Incident, policy: Policy) -> Message:
    """Asks, once, for somebody to lead; when somebody was faster than this message, it says so."""
    if seat := incident.commander:
        return say(f"Nobody was *{event.role}* of {incident.name} in time. {words.person(seat.user)} is now.")
    asked = (
        f"Nobody is *{event.role}* of {incident.name} yet. {words.person(incident.declared_by)}, and everybody here:"
    )
    text = f"{asked} whoever can lead, please take it now. It can be handed over at any time."
    press = button(words.TAKE_COMMAND, Action.TAKE_COMMAND, Drawn.of(incident).write(), primary=True)
    return _asking(text, [press])


def role_taken(event: RoleTaken, incident: Incident, policy: Policy) -> Message:
    """Who has the role now; in place of somebody, with all that they need to know."""
    if event.former is None and event.why is None:
        named = "" if event.actor == event.user else f" {words.person(event.actor)} asked them to."
        return say(f"{words.person(event.user)} is now *{words.called(event.role)}* of {incident.name}.{named}")
    text = _swap(event, incident)
    if not has_brief(event):
        return say(text)
    return Message(text=text, blocks=paragraphs([text, *_where_we_stand(event.at, incident, policy)]))


def _swap(event: RoleTaken, incident: Incident) -> str:
    """Who takes over, from whom and how."""
    user, role = words.person(event.user), f"*{words.called(event.role)}* of {incident.name}"
    place = f", in place of {words.person(event.former)}" if event.former else ""
    if event.how is How.EMERGENCY:
        why = ended(quoted(event.why or "", 1500))
        return (
            f"*{user} has taken command of {incident.name} at once*{place}: {why} Everybody, please follow {user} now."
        )
    if event.how is How.CLAIMED:
        return f"{user} is now {role}{place}, who did not answer."
    return f"{user} is now {role}{place}."


def _where_we_stand(at: datetime, incident: Incident, policy: Policy) -> list[str]:
    return ["*Where we stand*", *brief(at, incident, policy)]


def role_offered(event: RoleOffered, incident: Incident, policy: Policy) -> Message:
    """To the person it is offered to, with all that they need to know."""
    text, standing = _offer(event, incident), incident.offers.get(event.role)
    drawn = Drawn.of(incident).but(role=event.role).write()
    row = [
        button(words.ACCEPT, Action.ACCEPT_ROLE, drawn, primary=True),
        button(words.DECLINE, Action.DECLINE_ROLE, drawn),
        button(words.TAKE_BACK, Action.WITHDRAW_OFFER, drawn),
    ]
    stands = incident.is_open and standing is not None and (standing.to, standing.until) == (event.to, event.until)
    lines = [text, *_where_we_stand(event.at, incident, policy)]
    return Message(text=text, blocks=[*paragraphs(lines), *(actions(row) if stands else [])])


def _offer(event: RoleOffered, incident: Incident) -> str:
    role = f"*{words.called(event.role)}* of {incident.name}"
    start = f"{words.person(event.to)}: {words.person(event.actor)} would like you to be {role}."
    return f"{start} Until you accept it stays with them. The offer stands until {clock_time(event.until)}."


def offer_declined(event: OfferDeclined, incident: Incident, policy: Policy) -> Message:
    """The holder goes on."""
    return say(
        f"{words.person(event.to)} cannot take *{words.called(event.role)}* now. {_goes_on(event.role, incident)}"
    )


def offer_withdrawn(event: OfferWithdrawn, incident: Incident, policy: Policy) -> Message:
    """The holder goes on, as they want."""
    stays = f"{words.person(event.actor)} stays *{words.called(event.role)}* of {incident.name} after all"
    return say(f"{stays}, so the offer to {words.person(event.to)} is over.")


def offer_expired(event: OfferExpired, incident: Incident, policy: Policy) -> Message:
    """The holder goes on."""
    over = f"{words.person(event.to)} has not answered, so the offer of *{words.called(event.role)}* is over."
    return say(f"{over} {_goes_on(event.role, incident)}")


def _goes_on(role: str, incident: Incident) -> str:
    seat = incident.seats.get(role)
    return f"It is still with {words.person(seat.user)}." if seat else ""


def role_claimed(event: RoleClaimed, incident: Incident, policy: Policy) -> Message:
    """Asks the holder whether they are there."""
    start = f"{words.person(event.of)}, are you there?"
    role = f"*{words.called(event.role)}* of {incident.name}"
    text = f"{start} {words.person(event.user)} takes over as {role} at {clock_time(event.until)} unless you answer."
    waiting = incident.claims.get(event.role)
    if not incident.is_open or waiting is None or (waiting.user, waiting.until) != (event.user, event.until):
        return say(text)
    drawn = Drawn.of(incident).but(role=event.role).write()
    return _asking(text, [button(words.I_AM_HERE, Action.ANSWER_CLAIM, drawn, primary=True)])


def claim_answered(event: ClaimAnswered, incident: Incident, policy: Policy) -> Message:
    """The holder is there."""
    here = f"{words.person(event.actor)} is here, and stays *{words.called(event.role)}* of {incident.name}."
    return say(f"{here} Thank you for asking, {words.person(event.user)}.")


def span_reached(event: SpanReached, incident: Incident, policy: Policy) -> Message:
    """To whoever has too many to lead."""
    many = words.count(event.reports, "person reports", "people report")
    start = f"{words.person(event.user)}: {many} to you, and nobody leads many more than that well."
    if event.role != COMMANDER or policy.role(OPERATIONS) is None or OPERATIONS in incident.seats:
        return say(f"{start} Please let somebody lead a part of them.")
    text = f"{start} Please make somebody *{OPERATIONS}*: whoever tests something then reports to them."
    drawn = Drawn.of(incident).but(role=OPERATIONS).write()
    press = [button(words.ROLES, Action.HAND_OVER, drawn)] if incident.is_open else []
    return _asking(text, press)


def rest_proposed(event: RestProposed, incident: Incident, policy: Policy) -> Message:
    """To whoever has had a role for long."""
    hours = span(int((event.at - event.since).total_seconds() // 60))
    start = f"{words.person(event.user)}: you have been *{words.called(event.role)}* of {incident.name} for {hours}."
    propose = "Is there somebody to hand it over to? Everybody gets tired, and few notice."
    text = f"{start} {'That is too long for anybody. Please hand it over now.' if event.insists else propose}"
    seat, drawn = incident.seats.get(event.role), Drawn.of(incident).but(role=event.role).write()
    row = [
        button(words.HAND_OVER, Action.HAND_OVER, drawn, primary=True),
        button(words.ASK_LATER, Action.SNOOZE_REST, drawn),
    ]
    return _asking(text, row if incident.is_open and seat and seat.user == event.user else [])


def _asking(text: str, row: Sequence[Element]) -> Message:
    return Message(text=text, blocks=[section(text), *actions(row)])


ROLES: dict[type[Event], Callable[[Any, Incident, Policy], Message]] = {
    SeatFoundEmpty: nobody_leads,
    RoleTaken: role_taken,
    RoleOffered: role_offered,
    OfferDeclined: offer_declined,
    OfferWithdrawn: offer_withdrawn,
    OfferExpired: offer_expired,
    RoleClaimed: role_claimed,
    ClaimAnswered: claim_answered,
    SpanReached: span_reached,
    RestProposed: rest_proposed,
}
"""Every event about roles that the room is told of."""
