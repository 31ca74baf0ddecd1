"""Calls that somebody waits for: made again for as long as that makes sense, when they fail by bad luck."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.clock import elapsed
from bot.core.delivery import Hopeless, TryAgain
from bot.slack.failures import judged

T = TypeVar("T")

INSIST_SECONDS = 2.0
"""Slack waits three for the acknowledgement."""
FIRST_PAUSE_SECONDS = 0.1


async def insist(call: Callable[[], Awaitable[T]], within: float = INSIST_SECONDS) -> T:
    """Make a call that does no harm when it is made twice, until it works, Slack refuses it for good, or so many seconds have
    passed. Raises what it raised last."""
    until, pause = elapsed() + within, FIRST_PAUSE_SECONDS
    while True:
        try:
            return await call()
        except (TryAgain, SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = error if isinstance(error, TryAgain) else judged(error)
            wait = pause if isinstance(reason, Hopeless) or reason.after is None else reason.after
            if isinstance(reason, Hopeless) or elapsed() + wait > until:
                raise
            await asyncio.sleep(wait)
            pause *= 1.5
