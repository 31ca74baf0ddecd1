"""What people read who subscribe to updates, or end that."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS
from bot.core.standing import Kind, Standing
from bot.slack.ids import COMMAND, Verb
from bot.slack.messages.message import Message, say
from bot.slack.text import clock_time, escape, escape_within

_MOST = 30


def subscribed(incident: Incident, *, is_new: bool) -> Message:
    """That somebody hears of an incident from now on, or did already, and when next."""
    start = "From now on you get" if is_new else "You get already"
    return say(f"{start} updates about {incident.name} as direct messages.{_next(incident)} {_end(incident.name)}")


def _next(incident: Incident) -> str:
    told = incident.told.get(SUBSCRIBERS)
    promised: datetime | None = told.promised if told else None
    return f" The next one comes by {clock_time(promised)}." if promised else ""


def unsubscribed(incident: Incident, *, there_was: bool) -> Message:
    """That they do not any more, or never did."""
    if there_was:
        return say(f"You get no more updates about {incident.name} by your subscription.")
    return say(f"You had not subscribed to {incident.name}. {_list()}")


def asked_for(asked: Standing, policy: Policy) -> Message:
    """That somebody hears of every incident of a kind from now on."""
    first = f"For one that is open now, type `{COMMAND} {Verb.SUBSCRIBE} INC-7` with its number."
    return say(
        f"From now on you get updates about {_kind(asked, policy)} as direct messages. {first} {_end(asked.value)}"
    )


def asked_no_more(asked: Standing, policy: Policy, *, there_was: bool) -> Message:
    """That they do not any more, or never did."""
    if there_was:
        stays = f"Those that you hear of already go on: `{COMMAND} {Verb.UNSUBSCRIBE} INC-7` ends one of them."
        return say(f"You do not subscribe to {_kind(asked, policy)} any more. {stays}")
    return say(f"You had not subscribed to {_kind(asked, policy)}. {_list()}")


def cannot_tell(typed: str, verb: Verb, policy: Policy) -> Message:
    """What can be typed, when it was nothing of that."""
    severity, part = escape(policy.severities[0].name), escape(policy.boundaries[0].id)
    start = (
        f"I do not know what “{escape_within(typed.strip(), 60)}” is."
        if typed.strip()
        else "This is no incident's room."
    )
    ways = f"`{COMMAND} {verb} INC-7`, `{COMMAND} {verb} {severity}` (and worse) or `{COMMAND} {verb} {part}`"
    return say(f"{start} Type {ways}.")


def listing(asked: Sequence[Standing], incidents: Sequence[Incident], policy: Policy) -> Message:
    """All that somebody hears of in direct messages because they asked for it."""
    if not asked and not incidents:
        return say(f"You have subscribed to nothing. `{COMMAND} {Verb.SUBSCRIBE}` in an incident's room begins it.")
    kinds = [f"• {_kind(one, policy)}: `{COMMAND} {Verb.UNSUBSCRIBE} {escape(one.value)}` ends it" for one in asked]
    numbers = [f"• {one.name}:{_next(one)} `{COMMAND} {Verb.UNSUBSCRIBE} {one.name}` ends it" for one in incidents]
    lines = [*kinds, *numbers]
    rest = [f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return say("\n".join(["*You get direct messages about:*", *lines[:_MOST], *rest]))


def _kind(asked: Standing, policy: Policy) -> str:
    """Which incidents it is about, to follow "about"."""
    if asked.kind is Kind.SEVERITY:
        worst = policy.severities[0].name
        return f"incidents at {escape(asked.value)}{'' if asked.value == worst else ' and worse'}"
    part = policy.boundary(asked.value)
    return f"incidents that affect {escape(part.name if part else asked.value)}"


def _end(what: str) -> str:
    return f"`{COMMAND} {Verb.UNSUBSCRIBE} {escape(what)}` ends that."


def _list() -> str:
    return f"`{COMMAND} {Verb.SUBSCRIPTIONS}` shows what you hear of."
