"""`/incident metrics`: figures of many incidents and a chart of them, for whoever asks; `Share here` shows both to all. What takes
long is said later, so that the acknowledgement is in time; the chart is drawn after that, and comes as a direct message.
"""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.core.delivery import TryAgain
from bot.core.errors import IncidentError
from bot.core.incident import Incident
from bot.core.pictures import AskForPicture
from bot.core.policy import Policy
from bot.metrics.asked import Asked, NotUnderstood, read
from bot.pictures.kinds import Kind
from bot.pictures.process import NotDrawn, draw
from bot.pictures.statistics import Statistics
from bot.slack.failures import error_code
from bot.slack.insisting import insist
from bot.slack.listeners.act import Act
from bot.slack.listeners.reply import reply, share
from bot.slack.messages.charts import TITLES, chart_comment
from bot.slack.messages.message import Message, say
from bot.slack.messages.metrics import COUNTING, NO_CHART, NOT_HERE, figures, not_understood
from bot.slack.messages.pictures import DRAWING, alt_text
from bot.slack.messages.refusals import refused
from bot.slack.text import escape, mention
from bot.slack.uploading import Upload, send_file

log = structlog.get_logger()

AT_ONCE_SECONDS = 1.5
"""What takes longer than this follows after the acknowledgement, which Slack wants within three seconds."""
CHART = Kind.DURATIONS
"""Every incident as a dot: few durations are skewed, and a median alone hides that."""
_CLOSED = {"not_in_channel", "channel_not_found"}


async def metrics(act: Act, rest: str) -> Message:
    """`/incident metrics [90d] [severity] [boundary]`: at once if that can be, or that they follow."""
    asked = _asked(rest, act.service.policy)
    if isinstance(asked, NotUnderstood):
        return not_understood(asked)
    work = asyncio.ensure_future(_counted(act, asked))
    try:
        answer, shown = await asyncio.wait_for(asyncio.shield(work), AT_ONCE_SECONDS)
    except TimeoutError:
        act.background.start(_later(act, asked, work))
        return COUNTING
    act.background.start(_chart(act, asked, shown))
    return answer


async def picture(act: Act, rest: str, found: Incident, policy: Policy) -> Message:
    """`/incident picture`: the room gets it, once it is drawn."""
    outcome = await act.service.handle(AskForPicture(origin=act.origin(found.number)))
    return refused(outcome.refusal, found, policy) if outcome.refusal else DRAWING


async def share_metrics(act: Act) -> None:
    """`Share here`: the same figures, as they are now, for everybody in the conversation, and the chart of them."""
    asked = _asked(act.body["actions"][0]["value"], act.service.policy)
    if isinstance(asked, Asked):
        act.background.start(_shared(act, asked))
    else:
        await reply(act.body, act.client, act.respond, not_understood(asked))


async def _later(act: Act, asked: Asked, work: "asyncio.Future[tuple[Message, Statistics]]") -> None:
    """The figures, or why there are none."""
    try:
        answer, shown = await work
    except IncidentError as error:
        await reply(act.body, act.client, act.respond, say(escape(str(error))))
        return
    await reply(act.body, act.client, act.respond, answer)
    await _chart(act, asked, shown)


async def _shared(act: Act, asked: Asked) -> None:
    """The figures for all; why there are none for whoever pressed."""
    try:
        answer, shown = await _counted(act, asked, shared_by=mention(act.person))
    except IncidentError as error:
        await reply(act.body, act.client, act.respond, say(escape(str(error))))
        return
    await share(act.respond, answer)
    await _chart(act, asked, shown, act.body["channel"]["id"])


async def _counted(act: Act, asked: Asked, shared_by: str | None = None) -> tuple[Message, Statistics]:
    summary, before, shown = await act.service.measuring.figures(asked, viewer=act.person)
    return figures(asked, summary, before, shared_by=shared_by), shown


async def _chart(act: Act, asked: Asked, shown: Statistics, channel: str | None = None) -> None:
    """Send the chart to this channel, or to whoever asked alone, who is told when it does not come. None of nothing."""
    if not shown.dots:
        return
    try:
        png = await draw(CHART, shown)
        named = f"metrics-{asked.written().replace(' ', '-')}.png".lower()
        file = Upload(named, png, TITLES[CHART], chart_comment(CHART, asked), alt_text=alt_text(CHART, shown))
        await _send(act, file, channel)
    except (NotDrawn, TryAgain, SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("a chart did not arrive", error=repr(error))
        is_closed = channel is not None and isinstance(error, SlackApiError) and error_code(error) in _CLOSED
        await reply(act.body, act.client, act.respond, NOT_HERE if is_closed else NO_CHART)


async def _send(act: Act, file: Upload, channel: str | None) -> None:
    """Into the channel, which is joined if that can be; without one to this person as a direct message."""

    async def call(method: str, **arguments: Any) -> Any:
        return await getattr(act.client, method.replace(".", "_"))(**arguments)

    async def look(method: str, **arguments: Any) -> Any:
        return await insist(lambda: call(method, **arguments))

    if channel is None:
        channel = str((await look("conversations.open", users=act.person))["channel"]["id"])
    else:
        with suppress(
            SlackApiError
        ):  # a private channel, or no channel: there we are, or nobody but a person lets us in
            await call("conversations.join", channel=channel)
    await send_file(channel, file, call, act.client, look=look)


def _asked(text: str, policy: Policy) -> Asked | NotUnderstood:
    severities = [severity.name for severity in policy.severities]
    return read(text, severities, [boundary.id for boundary in policy.boundaries])
