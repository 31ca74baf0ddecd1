"""Subscribers: people who asked to hear of an incident in direct messages. All of one incident are one audience, with a promise and
a cadence like any other; who they are is in the incident's journal. Those who asked for every incident of a kind, before it began
(`standing.py`), become subscribers of it when it turns out to be of that kind.

What was asked for by hand counts more than a rule: whoever left an incident is not brought back by what they asked for in general.
"""

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS
from bot.core.router.updates import Occasion, issue


class Subscribe(Command):
    """These people want to hear of this incident. `by_rule`: they said so of all incidents of its kind."""

    people: tuple[str, ...]
    by_rule: bool = False


class Unsubscribe(Command):
    """This person does not want to hear of this incident any more."""

    person: str


class PeopleSubscribed(Event):
    """They hear of it from now on, as direct messages."""

    people: tuple[str, ...]
    by_rule: bool = False


class PeopleUnsubscribed(Event):
    """They hear of it no more."""

    people: tuple[str, ...]


def subscribe(incident: Incident, command: Subscribe, policy: Policy) -> Decision:
    """Let those hear who do not yet. The first of an incident are told at once where it stands, and promised the next update; who
    comes later is told the same by a message of their own (`wishes/`)."""
    left = incident.unsubscribed if command.by_rule else ()
    barred = command.by_rule and incident.is_private
    new = tuple(dict.fromkeys(who for who in command.people if who not in (*incident.subscribers, *left)))
    if not new or barred:
        return accept()
    event = PeopleSubscribed(at=command.at, actor=command.actor, people=new, by_rule=command.by_rule)
    if SUBSCRIBERS in incident.told:
        return accept(event)
    return accept(event, issue(subscribed(incident, event), SUBSCRIBERS, Occasion.FIRST, command, policy))


def unsubscribe(incident: Incident, command: Unsubscribe, policy: Policy) -> Decision:
    """Let them hear no more, if they did."""
    if command.person not in incident.subscribers:
        return accept()
    return accept(PeopleUnsubscribed(at=command.at, actor=command.actor, people=(command.person,)))


def subscribed(incident: Incident, event: PeopleSubscribed) -> Incident:
    """They are among those who hear of it."""
    left = tuple(who for who in incident.unsubscribed if who not in event.people)
    return incident.but(subscribers=(*incident.subscribers, *event.people), unsubscribed=left)


def unsubscribed(incident: Incident, event: PeopleUnsubscribed) -> Incident:
    """They are not. When nobody is left, nothing is promised to anybody."""
    stay = tuple(who for who in incident.subscribers if who not in event.people)
    incident = incident.but(subscribers=stay, unsubscribed=(*incident.unsubscribed, *event.people))
    if stay:
        return incident
    return incident.but(
        told={name: told for name, told in incident.told.items() if name != SUBSCRIBERS},
        promises={name: promise for name, promise in incident.promises.items() if name != SUBSCRIBERS},
        unsent=tuple(one for one in incident.unsent if one.audience != SUBSCRIBERS),
    )


DECIDE = {Subscribe: subscribe, Unsubscribe: unsubscribe}
EVOLVE = {PeopleSubscribed: subscribed, PeopleUnsubscribed: unsubscribed}
