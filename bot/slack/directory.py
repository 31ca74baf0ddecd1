"""Finds ids for the names a policy uses: channels by `#name`, user groups by `@handle`. Remembers them; looks again on a miss."""

import re

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.delivery import Hopeless

_CHANNEL_ID = re.compile(r"^[CG][A-Z0-9]{6,}$")
_PERSON_ID = re.compile(r"^[UWS][A-Z0-9]{6,}$")
PAGE = 999
"""The most that conversations.list gives at once."""


class Directory:
    """What this workspace calls things."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._channels: dict[str, str] = {}
        self._groups: dict[str, str] = {}

    async def channel(self, name: str) -> str:
        """The id of a channel given as `#name` or id. Hopeless when the workspace has none that the bot can see."""
        if _CHANNEL_ID.match(name):
            return name
        plain = name.removeprefix("#")
        if plain not in self._channels:
            await self._read_channels()
        if plain not in self._channels:
            raise Hopeless(f"there is no channel #{plain} that Lockstep can see")
        return self._channels[plain]

    async def group(self, handle: str) -> str:
        """The id of a user group given as `@handle`. Hopeless when there is none."""
        plain = handle.removeprefix("@")
        if plain not in self._groups:
            answer = await self._client.usergroups_list()
            self._groups = {group["handle"]: group["id"] for group in answer["usergroups"]}
        if plain not in self._groups:
            raise Hopeless(f"there is no user group @{plain}")
        return self._groups[plain]

    async def ids(self, people: tuple[str, ...]) -> list[str]:
        """The ids of people and groups: `@handle` becomes a group id, ids stay."""
        return [who if _PERSON_ID.match(who) else await self.group(who) for who in people]

    async def users(self, people: tuple[str, ...]) -> list[str]:
        """The ids of all users that these people and groups are, each once."""
        users: list[str] = []
        for id in await self.ids(people):
            users += await self._members(id) if id.startswith("S") else [id]
        return list(dict.fromkeys(users))

    async def _members(self, group: str) -> list[str]:
        answer = await self._client.usergroups_users_list(usergroup=group)
        return list(answer["users"])

    async def _read_channels(self) -> None:
        kinds = "public_channel,private_channel"
        first = await self._client.conversations_list(limit=PAGE, exclude_archived=True, types=kinds)
        self._channels = {channel["name"]: channel["id"] async for page in first for channel in page["channels"]}
