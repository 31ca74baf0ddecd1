"""Calls that somebody waits for: made again for as long as that makes sense, when they fail by bad luck."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.clock import elapsed
from bot.core.delivery import Hopeless
from bot.slack.failures import judged

T = TypeVar("T")

INSIST_SECONDS = 2.0
"""Slack waits three for the acknowledgement."""
PAUSE_SECONDS = 0.1


async def insist(call: Callable[[], Awaitable[T]], within: float = INSIST_SECONDS) -> T:
    """Make a call that does no harm when it is made twice, until it works, Slack refuses it for good, or so many seconds have
    passed. Raises what it raised last."""
    until = elapsed() + within
    while True:
        try:
            return await call()
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = judged(error)
            pause = PAUSE_SECONDS if isinstance(reason, Hopeless) or reason.after is None else reason.after
            if isinstance(reason, Hopeless) or elapsed() + pause > until:
                raise
            await asyncio.sleep(pause)
