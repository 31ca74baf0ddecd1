"""An app reduced to the wire: one Socket Mode connection that records every envelope and answers it as the test says."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.sandbox import Sandbox

SILENT = object()
"""The answer of an app that does not acknowledge."""


class RawApp:
    """`answer` is the payload of every acknowledgement (None: none), or SILENT."""

    def __init__(self, sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
        self._sandbox = sandbox
        self._http = http
        self._listening: asyncio.Task[None] | None = None
        self.answer: Any = None
        self.hello: dict[str, Any] = {}
        self.envelopes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._socket = await self._http.ws_connect(self._sandbox.platform.socket_url())
        self.hello = await self._socket.receive_json()
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()
        if self._listening is not None:
            await self._listening

    async def _listen(self) -> None:
        async for frame in self._socket:
            envelope = json.loads(frame.data)
            self.envelopes.put_nowait(envelope)
            if self.answer is not SILENT and "envelope_id" in envelope:
                await self.acknowledge(envelope)

    async def acknowledge(self, envelope: dict[str, Any]) -> None:
        """Answer one envelope."""
        answer = {"envelope_id": envelope["envelope_id"]}
        await self._socket.send_json(answer if self.answer in (None, SILENT) else {**answer, "payload": self.answer})

    async def next(self) -> dict[str, Any]:
        """The next envelope, waited for."""
        return await asyncio.wait_for(self.envelopes.get(), 5)

    async def payload(self) -> dict[str, Any]:
        """The payload of the next envelope."""
        payload: dict[str, Any] = (await self.next())["payload"]
        return payload

    async def event(self, kind: str, subtype: str | None = None) -> dict[str, Any]:
        """The next inner event of this type and subtype; others are skipped."""
        while True:
            event: dict[str, Any] = (await self.payload())["event"]
            if event["type"] == kind and event.get("subtype") == subtype:
                return event

    async def interaction(self) -> dict[str, Any]:
        """The payload of the next interactive envelope; others are skipped."""
        while True:
            envelope = await self.next()
            if envelope["type"] == "interactive":
                payload: dict[str, Any] = envelope["payload"]
                return payload
