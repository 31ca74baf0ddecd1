"""Answers that only the person concerned sees: after the acknowledgement, or as a form.

What comes after the acknowledgement is best effort: the act is recorded by then, so a lost answer is logged and no more.
"""

import asyncio

import aiohttp
import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.forms.modal import notice
from bot.slack.listeners.act import Background, Body
from bot.slack.messages.message import Message

log = structlog.get_logger()

REPLY_SECONDS = 2.0
"""How long an answer may take, so that the acknowledgement behind it still comes within Slack's three seconds."""

PATIENCE_SECONDS = 30.0
"""How long an answer is worth waiting for, when Slack takes none for now."""

TITLE = "Lockstep"
"""The title of a form that only says something."""


async def reply(
    body: Body,
    client: AsyncWebClient,
    respond: AsyncRespond,
    message: Message,
    *,
    background: Background | None = None,
) -> None:
    """Answer a button or a command by its response_url; what was done in a form is answered in that form. When Slack says that it
    comes too soon it is said a moment later, in the `background` if there is one, so that no acknowledgement waits for it."""
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            if "view" in body:
                await client.views_update(view_id=body["view"]["id"], view=notice(TITLE, message.blocks))
            elif wait := await _respond(respond, message):
                later = _respond_later(respond, message, wait)
                await later if background is None else background.start(later)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("an answer did not arrive", error=repr(error))


async def share(respond: AsyncRespond, message: Message) -> None:
    """Say it to everybody in the conversation where a button was pressed. When it comes too soon it is said a moment later."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if wait := await _respond(respond, message, shown_to="in_channel"):
                await _respond_later(respond, message, wait, shown_to="in_channel")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("an answer did not arrive", error=repr(error))


async def _respond(respond: AsyncRespond, message: Message, *, shown_to: str = "ephemeral") -> float | None:
    """Say it to this person alone, or `in_channel` to all. The seconds to wait when it comes too soon: a channel takes one
    message a second, whoever it is for, and Bolt does not raise then."""
    answer = await respond(text=message.text, blocks=message.blocks, response_type=shown_to, replace_original=False)
    if answer.status_code == 429:
        return float(answer.headers.get("Retry-After", 1))
    if answer.status_code != 200:
        log.warning("an answer was refused", status=answer.status_code, reason=answer.body)
    return None


async def _respond_later(
    respond: AsyncRespond, message: Message, wait: float | None, *, shown_to: str = "ephemeral"
) -> None:
    """Wait, and say it, as often as Slack asks for patience, until nobody would know any more what it answers."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while wait:
                await asyncio.sleep(wait)
                wait = await _respond(respond, message, shown_to=shown_to)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("an answer did not arrive", error=repr(error))
