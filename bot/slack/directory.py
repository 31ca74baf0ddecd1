"""Finds ids for the names a policy uses: channels by `#name`, user groups by `@handle`. Remembers them; looks again on a miss."""

import asyncio
import re
from collections.abc import Collection
from contextlib import suppress
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import wire
from bot.core.delivery import Hopeless
from bot.slack.failures import error_code

log = structlog.get_logger()

ZONE_SECONDS = NAME_SECONDS = 1.0
"""How long we wait for somebody's time zone or name: somebody waits for an answer meanwhile."""
PRESENT_SECONDS = 0.8
"""The same for who is in a room, before something is recorded."""
MOST_WRITTEN = 50
"""How many people of an incident are looked at for their names."""
MOST_NAMES = 20
"""How many names we ask for at once."""

_CHANNEL_ID = re.compile(r"^[CG][A-Z0-9]{6,}$")
_PERSON_ID = re.compile(r"^[UWS][A-Z0-9]{6,}$")
PAGE = 999
"""The most that conversations.list gives at once."""
MEMBERS_SECONDS = 30.0
"""How long we take a group's members for granted: from asking for them while a room is being opened to inviting them."""


class Directory:
    """What this workspace calls things."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._channels: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._members: dict[str, tuple[float, list[str]]] = {}
        self._addresses: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._people: dict[str, bool] = {}
        self._written: dict[str, tuple[str, ...]] = {}

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

    async def ids(self, people: tuple[str, ...]) -> list[str]:
        """The ids of people and groups: `@handle` becomes a group id, an address the person's, ids stay. Hopeless when there is no
        such group or person."""
        return [await self._id(who) for who in people]

    async def _id(self, who: str) -> str:
        if _PERSON_ID.match(who):
            return who
        return await self._group(who) if who.startswith("@") else await self._address(who)

    async def users(self, people: tuple[str, ...]) -> list[str]:
        """The ids of all users that these people and groups are, each once."""
        found = await asyncio.gather(*(self._users(id) for id in await self.ids(people)))
        return list(dict.fromkeys(user for users in found for user in users))

    async def zone(self, user: str) -> ZoneInfo:
        """The time zone that this person has set now; UTC when Slack does not say in time, or names one that we do not know."""
        return ZoneInfo(await self.zone_name(user) or "UTC")

    async def zone_name(self, user: str) -> str | None:
        """The name of the time zone that this person has set now; None when Slack does not say in time, or names one that we do
        not know."""
        try:
            async with asyncio.timeout(ZONE_SECONDS):
                answer = await self._client.users_info(user=user)
            return ZoneInfo(answer["user"]["tz"]).key
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, KeyError, ValueError, TypeError) as error:
            log.info("a time zone is not known", user=user, reason=repr(error))
            return None

    async def count_people(self, channel: str, enough: int) -> int | None:
        """How many people, not bots, are in this channel: no more than `enough` are counted, and no more than `MOST_NAMES` looked
        at. None when Slack does not say in time."""
        try:
            async with asyncio.timeout(PRESENT_SECONDS):
                answer = await self._client.conversations_members(channel=channel, limit=MOST_NAMES)
                people = await asyncio.gather(*map(self._is_person, answer["members"][:MOST_NAMES]))
            return min(sum(people), enough)
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError, KeyError) as error:
            log.info("how many people are in a room is not known", channel=channel, reason=repr(error))
            return None

    async def _is_person(self, user: str) -> bool:
        if user not in self._people:
            known = (await self._client.users_info(user=user))["user"]
            self._people[user] = not known.get("is_bot") and user != "USLACKBOT"
        return self._people[user]

    async def names(self, users: Collection[str]) -> dict[str, str]:
        """What these people are called, by id, for places where Slack shows no mention; without those it does not tell in time."""
        unknown = sorted(user for user in users if user not in self._names and _PERSON_ID.match(user))[:MOST_NAMES]
        await asyncio.gather(*map(self._learn_name, unknown))
        return {user: self._names[user] for user in users if user in self._names}

    async def _learn_name(self, user: str) -> None:
        with suppress(SlackApiError, aiohttp.ClientError, OSError, TimeoutError, KeyError):
            async with asyncio.timeout(NAME_SECONDS):
                known = (await self._client.users_info(user=user))["user"]
            self._names[user] = known["profile"].get("display_name") or known["real_name"]

    async def written_names(self, channel: str | None, users: Collection[str]) -> tuple[str, ...]:
        """How people write the names of these users, and of those in this channel, in full and as they are shown: of as many as
        Slack tells in time, those that it told before included. What is not known yet is asked for again the next time."""
        with suppress(SlackApiError, aiohttp.ClientError, OSError, TimeoutError, KeyError):
            async with asyncio.timeout(NAME_SECONDS):
                asked = list(dict.fromkeys([*users, *(await self._people_in(channel) if channel else ())]))
                users = asked
                unknown = [user for user in asked if user not in self._written and _PERSON_ID.match(user)]
                await asyncio.gather(*map(self._learn_written, unknown[:MOST_WRITTEN]))
        found = (name for user in users for name in self._written.get(user, ()))
        return tuple(sorted(set(found)))

    async def _people_in(self, channel: str) -> list[str]:
        answer = await self._client.conversations_members(channel=channel, limit=MOST_WRITTEN)
        return list(answer["members"])

    async def _learn_written(self, user: str) -> None:
        known = (await self._client.users_info(user=user))["user"]
        if known.get("is_bot") or user == "USLACKBOT":
            self._written[user] = ()
            return
        profile = known["profile"]
        names = (known.get("real_name"), profile.get("real_name"), profile.get("display_name"))
        self._written[user] = tuple(dict.fromkeys(name.strip() for name in names if name and name.strip()))

    async def _group(self, handle: str) -> str:
        plain = handle.removeprefix("@")
        if plain not in self._groups:
            answer = await self._client.usergroups_list()
            self._groups = {group["handle"]: group["id"] for group in answer["usergroups"]}
        if plain not in self._groups:
            raise Hopeless(f"there is no user group @{plain}")
        return self._groups[plain]

    async def _address(self, address: str) -> str:
        """Whose e-mail address this is."""
        if address not in self._addresses:
            try:
                answer = await self._client.users_lookupByEmail(email=address)
            except SlackApiError as error:
                if error_code(error) != "users_not_found":
                    raise
                raise Hopeless(f"nobody here has the address {address}") from error
            self._addresses[address] = str(answer["user"]["id"])
        return self._addresses[address]

    async def reached(self, people: tuple[str, ...]) -> None:
        """Make sure that these people can be sent direct messages: they are here, and not deactivated. Hopeless when not."""
        for user in await self.users(people):
            try:
                known = (await self._client.users_info(user=user))["user"]
            except SlackApiError as error:
                if error_code(error) not in ("user_not_found", "user_not_visible"):
                    raise
                raise Hopeless(f"there is nobody with the id {user}") from error
            if known.get("deleted") or known.get("is_bot"):
                raise Hopeless(f"{user} is {'deactivated' if known.get('deleted') else 'a bot'}")

    async def _users(self, id: str) -> list[str]:
        """The members of a group, as of the last few seconds; a user is its own only member."""
        if not id.startswith("S"):
            return [id]
        read_at, members = self._members.get(id, (0.0, []))
        if read_at < wire() - MEMBERS_SECONDS:
            members = list((await self._client.usergroups_users_list(usergroup=id))["users"])
            self._members[id] = (wire(), members)
        return members

    async def _read_channels(self) -> None:
        kinds = "public_channel,private_channel"
        first = await self._client.conversations_list(limit=PAGE, exclude_archived=True, types=kinds)
        self._channels = {channel["name"]: channel["id"] async for page in first for channel in page["channels"]}
