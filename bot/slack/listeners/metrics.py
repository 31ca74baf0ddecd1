"""`/incident metrics`: figures of many incidents, for whoever asks; `Share here` shows them to all. What takes long is said later,
so that the acknowledgement is in time."""

import asyncio

from bot.core.errors import IncidentError
from bot.core.incident import Incident
from bot.core.pictures import AskForPicture
from bot.core.policy import Policy
from bot.metrics.asked import Asked, NotUnderstood, read
from bot.slack.listeners.act import Act
from bot.slack.listeners.reply import reply, share
from bot.slack.messages.message import Message, say
from bot.slack.messages.metrics import COUNTING, figures, not_understood
from bot.slack.messages.pictures import DRAWING
from bot.slack.messages.refusals import refused
from bot.slack.text import escape, mention

AT_ONCE_SECONDS = 1.5
"""What takes longer than this follows after the acknowledgement, which Slack wants within three seconds."""


async def metrics(act: Act, rest: str) -> Message:
    """`/incident metrics [90d] [severity] [boundary]`: at once if that can be, or that they follow."""
    asked = _asked(rest, act.service.policy)
    if isinstance(asked, NotUnderstood):
        return not_understood(asked)
    work = asyncio.ensure_future(_drawn(act, asked))
    try:
        return await asyncio.wait_for(asyncio.shield(work), AT_ONCE_SECONDS)
    except TimeoutError:
        act.background.start(_later(act, work))
        return COUNTING


async def picture(act: Act, rest: str, found: Incident, policy: Policy) -> Message:
    """`/incident picture`: the room gets it, once it is drawn."""
    outcome = await act.service.handle(AskForPicture(origin=act.origin(found.number)))
    return refused(outcome.refusal, found, policy) if outcome.refusal else DRAWING


async def share_metrics(act: Act) -> None:
    """`Share here`: the same figures, as they are now, for everybody in the conversation."""
    asked = _asked(act.body["actions"][0]["value"], act.service.policy)
    if isinstance(asked, Asked):
        act.background.start(_shared(act, asked))
    else:
        await reply(act.body, act.client, act.respond, not_understood(asked))


async def _later(act: Act, work: "asyncio.Future[Message]") -> None:
    """The figures, or why there are none."""
    try:
        answer = await work
    except IncidentError as error:
        answer = say(escape(str(error)))
    await reply(act.body, act.client, act.respond, answer)


async def _shared(act: Act, asked: Asked) -> None:
    """The figures for all; why there are none for whoever pressed."""
    try:
        await share(act.respond, await _drawn(act, asked, shared_by=mention(act.person)))
    except IncidentError as error:
        await reply(act.body, act.client, act.respond, say(escape(str(error))))


async def _drawn(act: Act, asked: Asked, shared_by: str | None = None) -> Message:
    summary, before = await act.service.measuring.figures(asked, viewer=act.person)
    return figures(asked, summary, before, shared_by=shared_by)


def _asked(text: str, policy: Policy) -> Asked | NotUnderstood:
    severities = [severity.name for severity in policy.severities]
    return read(text, severities, [boundary.id for boundary in policy.boundaries])
