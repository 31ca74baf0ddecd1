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
from bot.slack.listeners.act import Body
from bot.slack.messages.message import Message

log = structlog.get_logger()

REPLY_SECONDS = 2.0
"""How long an answer may take, so that the acknowledgement behind it still comes within Slack's three seconds."""

TITLE = "Lockstep"
"""The title of a form that only says something."""


async def reply(body: Body, client: AsyncWebClient, respond: AsyncRespond, message: Message) -> None:
    """Answer a button or a command by its response_url; what was done in a form is answered in that form."""
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            if "view" in body:
                await client.views_update(view_id=body["view"]["id"], view=notice(TITLE, message.blocks))
            else:
                await respond(
                    text=message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
                )
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("an answer did not arrive", error=repr(error))
