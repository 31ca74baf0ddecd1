"""What follows a declaration, whichever way it came: the answer, and the link to the room once it is open."""

import asyncio

import structlog

from bot.core.errors import IncidentError
from bot.core.labels import split_labels
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.refusal import AlreadyDeclared, NotInPolicy
from bot.core.severity import known
from bot.slack.listeners.act import Act
from bot.slack.listeners.reply import reply
from bot.slack.messages import answers
from bot.slack.messages.drill import marked
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import already_declared

log = structlog.get_logger()

ROOM_SECONDS = 20.0
"""How long the person waits for the link. They are invited into the room in any case."""


async def declare(act: Act, command: DeclareIncident) -> Message:
    """Declare, and say so; or name the incident that the same person declared with the same words a moment ago."""
    said, labels = split_labels(command.title)
    outcome = await act.service.handle(command.but(title=said, labels=labels) if said else command.but(labels=labels))
    if isinstance(outcome.refusal, AlreadyDeclared):
        earlier = await act.incident(outcome.refusal.incident)
        return answers.happens_already(earlier) if command.follows else already_declared(earlier)
    assert outcome.incident is not None, "a declaration always has a number"
    is_drill = command.is_drill or bool(command.follows and (await act.incident(outcome.incident)).is_drill)
    act.background.start(_send_link(act, outcome.incident, is_drill))
    return marked(answers.declared(outcome.incident), is_drill)


def split_severity(text: str, policy: Policy) -> tuple[str | None, str]:
    """The severity that the first word names in any case, with or without a colon, if it names one; and the rest."""
    first, _, rest = text.partition(" ")
    name = known(policy, first.removesuffix(":"))
    return (None, text) if isinstance(name, NotInPolicy) else (name, rest.strip())


def severity_and_reason(text: str, policy: Policy) -> tuple[str, str]:
    """The severity that the text begins with, in any case, and what follows it; all of the text when it begins with none."""
    for one in sorted(policy.severities, key=lambda one: -len(one.name)):
        start, rest = text[: len(one.name)], text[len(one.name) :]
        if start.casefold() == one.name.casefold() and (not rest or rest[0] in " :,"):
            return one.name, rest.lstrip(" :,")
    return text, ""


async def _send_link(act: Act, number: int, is_drill: bool) -> None:
    try:
        async with asyncio.timeout(ROOM_SECONDS):
            room = await act.service.room_opened(number)
    except (TimeoutError, IncidentError) as error:
        log.info("no link to the room was sent", incident=number, error=repr(error))
    else:
        link = marked(answers.room_link(number, room), is_drill)
        await reply(act.body, act.client, act.respond, link, background=act.background)
