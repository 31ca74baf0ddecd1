"""The sandbox's page, as the browser of one person uses it."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")


class Page:
    """The page at this address, on which one is the person of this name."""

    def __init__(self, http: aiohttp.ClientSession, url: str, name: str) -> None:
        self._http, self._url, self._name = http, url, name
        self._me: str | None = None

    async def say(self, text: str, *, in_: str) -> None:
        """Type something in a channel, such as a command."""
        deed = {"user": await self._user(), "act": "say", "channel": await self._channel(in_), "text": text}
        async with self._http.post(f"{self._url}/page/act", json=deed) as response:
            assert await response.json() == {"ok": True}

    async def sees(self, words: str, *, in_: str, within: float = 10.0) -> dict[str, Any]:
        """Wait for a message with these words in a channel."""
        return (await self.sees_all(words, count=1, in_=in_, within=within))[0]

    async def sees_all(self, words: str, *, count: int, in_: str, within: float) -> list[dict[str, Any]]:
        """Wait until so many messages of a channel have these words."""
        channel = await self._channel(in_)

        def found(state: dict[str, Any]) -> list[dict[str, Any]] | None:
            messages = [message for message in state["channel"]["messages"] if words in message["text"]]
            return messages if len(messages) >= count else None

        return await self._until(found, within=within, channel=channel)

    async def room(self, number: int) -> str:
        """Wait until one is in the room of an incident, and return its name."""

        def found(state: dict[str, Any]) -> str | None:
            names = (channel["name"] for channel in state["channels"] if channel["is_member"])
            return next((name for name in names if re.match(rf"inc-{number}\b", name)), None)

        return await self._until(found, within=10.0)

    async def _until(self, found: Callable[[dict[str, Any]], T | None], *, within: float, **shown: str) -> T:
        """Wait for something that the page shows: look again after every change that it is told of."""
        me = await self._user()
        async with asyncio.timeout(within), self._http.get(f"{self._url}/page/events", params={"user": me}) as changes:
            while True:
                if (what := found(await self._state(user=me, **shown))) is not None:
                    return what
                await changes.content.readline()

    async def _state(self, **query: str) -> dict[str, Any]:
        async with self._http.get(f"{self._url}/page/state", params=query) as response:
            state: dict[str, Any] = await response.json()
            return state

    async def _user(self) -> str:
        if self._me is None:
            self._me = next(user["id"] for user in (await self._state())["users"] if user["name"] == self._name)
        return self._me

    async def _channel(self, name: str) -> str:
        channels = (await self._state(user=await self._user()))["channels"]
        return str(next(channel["id"] for channel in channels if channel["name"] == name))
