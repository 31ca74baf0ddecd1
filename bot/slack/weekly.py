"""Posts the weekly summaries and monthly digests that the policy asks for, each once: whatever is known, the channel is looked
through first, and of several bots one does so at a time."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import SQLAlchemyError

from bot.background import Background
from bot.core.delivery import Hopeless
from bot.core.errors import StoreUnavailable
from bot.core.weeks import Weekly
from bot.service import Service
from bot.slack.directory import Directory
from bot.slack.failures import judged
from bot.slack.messages.message import Message
from bot.slack.messages.monthly import monthly
from bot.slack.messages.weekly import weekly
from bot.summarizing import Plan, named

log = structlog.get_logger()

SUMMARY = "lockstep_summary"
"""By what a summary is known to be ours, in the metadata of its message."""
EVERY_SECONDS, PAUSE_SECONDS = 1.0, 5.0
LOOKED_AT = 200


class WeeklySummaries(Background):
    """Looks every second whether one is due."""

    def __init__(self, client: AsyncWebClient, directory: Directory, service: Service) -> None:
        self._client, self._directory, self._service = client, directory, service

    async def is_idle(self) -> bool:
        """True when none is to be posted."""
        return not await self._service.summaries.due(self._plans)

    @property
    def _plans(self) -> tuple[Plan, ...]:
        policy = self._service.policy
        return (*policy.weekly, *policy.monthly)

    async def _run(self) -> None:
        while True:
            try:
                for plan, due in await self._service.summaries.due(self._plans):
                    if await self._service.summaries.take(plan, due):
                        await self._post(plan, due)
                await asyncio.sleep(EVERY_SECONDS)
            except (SlackApiError, aiohttp.ClientError, SQLAlchemyError, OSError, StoreUnavailable) as error:
                log.warning("a weekly summary is put off", reason=type(error).__name__, after=PAUSE_SECONDS)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _post(self, plan: Plan, due: datetime) -> None:
        """Post it, unless it stands there; give it up where Slack will not have it, and say so in the log."""
        try:
            channel = await self._directory.channel(plan.channel)
            ts = await self._find(channel, plan, due) or await self._say(channel, plan, due)
        except (SlackApiError, aiohttp.ClientError, OSError, Hopeless) as error:
            refused = error if isinstance(error, Hopeless) else judged(error)
            if not isinstance(refused, Hopeless):
                await self._service.summaries.release(plan, due)
                raise
            log.warning("a weekly summary cannot be posted", channel=plan.channel, reason=str(refused))
            ts = ""
        await self._service.summaries.settle(plan, due, ts)

    async def _find(self, channel: str, plan: Plan, due: datetime) -> str | None:
        with suppress(SlackApiError):  # a public channel that we are not in yet, which only joining mends
            await self._client.conversations_join(channel=channel)
        answer = await self._client.conversations_history(channel=channel, include_all_metadata=True, limit=LOOKED_AT)
        found = (one for one in answer["messages"] if (one.get("metadata") or {}) == _marks(plan, due))
        return next((str(one["ts"]) for one in found), None)

    async def _say(self, channel: str, plan: Plan, due: datetime) -> str:
        message = await self._told(plan, due)
        answer = await self._client.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            metadata=_marks(plan, due),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def _told(self, plan: Plan, due: datetime) -> Message:
        if isinstance(plan, Weekly):
            return weekly(await self._service.summaries.week(plan, due), plan)
        people = await self._directory.users((plan.team,)) if plan.team else None
        return monthly(await self._service.summaries.month(plan, due, people), plan)


def _marks(plan: Plan, due: datetime) -> dict[str, Any]:
    return {"event_type": SUMMARY, "event_payload": {"channel": named(plan), "due": due.isoformat()}}
