"""Reads posted heads back from Slack: the lines that `with_head` writes, in messages of our own bot only, since anybody can type
one. Changes nothing in Slack, and waits as long as Slack asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import SettingsError
from bot.slack.failures import error_code
from bot.slack.history import PAGE
from bot.slack.messages.notices import posted_head

CALL_SECONDS = 10.0
WAITS_AT_MOST = 50
"""How often one call waits for Slack to let it through."""
CHANNELS_A_PAGE = 999

_WHY: dict[str, str] = {
    "is_archived": "it is archived, and Slack lets no bot read it",
    "not_in_channel": "Lockstep is not in it; invite it there",
    "channel_not_found": "it was deleted, or is closed to Lockstep",
}
_OUT_OF_REACH = (aiohttp.ClientError, OSError, TimeoutError)


class NotReadable(Exception):
    """A channel cannot be read: `str(error)` says why, to follow "cannot be checked:"."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head as it stands in Slack: the number of an event, the beginning of its hash, and the incident (INC-7) whose message it
    is, if that says so."""

    seq: int
    hash: str
    incident: str | None = None


class Heads:
    """Reads one workspace as the bot user `us` of the team `team`."""

    def __init__(self, client: AsyncWebClient, team: str, us: str) -> None:
        self.team = team
        self._client, self._us = client, us

    async def posted_in(self, channel: str) -> list[Head]:
        """Every head that our bot posted in this channel. Raises NotReadable."""
        try:
            pages = await self._client.conversations_history(channel=channel, limit=PAGE, include_all_metadata=True)
            return [
                head
                async for page in pages
                for message in page["messages"]
                if message.get("user") == self._us and (head := _head(message))
            ]
        except SlackApiError as error:
            raise NotReadable(await self._why(channel, error_code(error))) from error
        except _OUT_OF_REACH as error:
            raise NotReadable(f"Slack is out of reach ({type(error).__name__})") from error

    async def rooms(self) -> dict[str, str]:
        """The channels that our bot opened and is in, by id, each with its name. Raises NotReadable."""
        try:
            pages = await self._client.users_conversations(
                types="public_channel", exclude_archived=True, limit=CHANNELS_A_PAGE
            )
            channels = [channel async for page in pages for channel in page["channels"]]
        except (SlackApiError, *_OUT_OF_REACH) as error:
            raise NotReadable(error_code(error) if isinstance(error, SlackApiError) else repr(error)) from error
        return {channel["id"]: channel["name"] for channel in channels if channel.get("creator") == self._us}

    async def _why(self, channel: str, code: str) -> str:
        """Why a channel cannot be read. Slack puts bots out of an archived one, so that they are just not in it."""
        if code == "not_in_channel":
            try:
                answer = await self._client.conversations_info(channel=channel)
            except (SlackApiError, *_OUT_OF_REACH):
                return _WHY[code]
            code = "is_archived" if answer["channel"].get("is_archived") else code
        return _WHY.get(code, f"Slack says {code}")


@asynccontextmanager
async def reader(token: str, address: str) -> AsyncIterator[Heads]:
    """Whoever reads with this bot token. SettingsError when Slack refuses it or is out of reach."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)) as session:
        waiting = AsyncRateLimitErrorRetryHandler(max_retry_count=WAITS_AT_MOST)
        client = AsyncWebClient(token=token, base_url=address, session=session, retry_handlers=[waiting])
        try:
            who = await client.auth_test()
        except SlackApiError as error:
            raise SettingsError(f"SLACK_BOT_TOKEN: Slack refuses it ({error_code(error)}). Copy it again.") from None
        except _OUT_OF_REACH as error:
            raise SettingsError(f"SLACK_API_URL: Slack is out of reach ({type(error).__name__}).") from None
        yield Heads(client, who["team_id"], who["user_id"])


def _head(message: dict[str, Any]) -> Head | None:
    """The head that a message bears, if it does."""
    found = posted_head(message.get("blocks") or ())
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return Head(*found, payload.get("incident")) if found else None
