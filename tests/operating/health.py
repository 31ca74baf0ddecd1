"""What a bot answers to whoever watches it."""

from typing import Any

import aiohttp

from tests.running import until


class Health:
    """/healthz and /readyz of the bot on this port."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self._http, self._address = http, f"http://127.0.0.1:{port}"

    async def alive(self) -> int | None:
        """The status of /healthz; None when nobody answers."""
        answer = await self._read("/healthz")
        return answer and answer[0]

    async def ready(self) -> tuple[int, dict[str, Any]]:
        """Status and words of /readyz; status 0 when nobody answers."""
        return await self._read("/readyz") or (0, {})

    async def becomes_ready(self) -> None:
        """Wait until /readyz says so."""

        async def is_ready() -> bool:
            return (await self.ready())[0] == 200

        await until(is_ready, within=20.0)

    async def waits_for(self, part: str) -> None:
        """Wait until /readyz says that it waits for this, with 503, while /healthz answers."""

        async def waits() -> bool:
            status, words = await self.ready()
            return status == 503 and part in words["waiting_for"]

        await until(waits, within=20.0)
        assert await self.alive() == 200

    async def _read(self, path: str) -> tuple[int, dict[str, Any]] | None:
        try:
            async with self._http.get(self._address + path) as response:
                return response.status, await response.json()
        except aiohttp.ClientConnectionError:
            return None
