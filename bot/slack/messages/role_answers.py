"""What one person is told who asked for a role, gave one away, or has one: short sentences that only they see."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.incident import COMMANDER, Incident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.ids import COMMAND, Verb
from bot.slack.messages.answers import NO_BOT
from bot.slack.messages.message import Message, say
from bot.slack.text import clock_time, escape, escape_within, sentence_case


def commander_taken(incident: Incident, besides: Sequence[str] = ()) -> Message:
    """The person is in command. `besides`: what else they have that whoever leads should not have here, escaped."""
    then = f"Next: `{words.step(incident.phase)}` on the pinned card." if incident.is_open else ""
    more = f"You also have {', '.join(besides)}: please hand that to somebody else, since leading is a job of its own here."
    return say(
        " ".join([f"You are incident commander of {incident.name}.", then, *([more] if besides else [])]).strip()
    )


def claimed(incident: Incident, role: str) -> Message:
    """Somebody has the role: they were asked whether they are there."""
    seat, claim = incident.seats[role], incident.claims[role]
    asked = f"I asked them in the room: without an answer by {clock_time(claim.until)} it is yours."
    at_once = f" In an emergency `{COMMAND} {Verb.TAKE_COMMAND} why` takes it at once." if role == COMMANDER else ""
    since = f"{words.person(seat.user)} has been {words.called(role)} since {clock_time(seat.since)}."
    return say(f"{since} {asked}{at_once}")


def offered(incident: Incident, role: str) -> Message:
    """The role is offered to somebody."""
    seat, offer = incident.seats[role], incident.offers[role]
    start = f"{escape(sentence_case(role))} of {incident.name} is offered to {words.person(offer.to)}."
    return say(f"{start} Until they accept, by {clock_time(offer.until)}, it is still with {words.person(seat.user)}.")


SOLO = (
    "Whoever leads should not do this as well, at this severity. With so few people here it is fine: when others come, please hand "
    "one of both over."
)
"""When leading and another duty come together in one person, since few people are there."""


def few_are_here() -> Message:
    """It was done, though whoever leads should not do it."""
    return say(SOLO)


def snoozed(at: datetime) -> Message:
    """The holder of a role goes on."""
    return say(f"All right. I ask you again at {clock_time(at)}.")


def role_given(incident: Incident, role: str) -> Message:
    """The role has its holder; the room is told as well."""
    seat = incident.seats.get(role)
    holder = words.person(seat.user) if seat else "nobody"
    return say(f"{escape(sentence_case(role))} of {incident.name}: {holder}.")


def not_a_person() -> Message:
    """The bot itself was to hold a role."""
    return say(NO_BOT)


def who_is_meant(policy: Policy) -> Message:
    """A role or a person is missing in the command."""
    roles = escape_within(", ".join(role.short[0] for role in policy.roles), 500)
    example = f"`{COMMAND} {Verb.ROLE} {escape_within(policy.roles[0].short[0], 60)} @somebody`"
    return say(f"Please name a role and a person, like {example}. The roles are: {roles}.")
