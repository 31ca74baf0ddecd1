"""A fresh workspace for each test, the unmodified SDK's client for it, and a bare socket for looking at the wire itself."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, WireTimes
from tests.sandbox.raw_app import RawApp

QUICK = WireTimes(ack=0.5, retries=(0.0, 0.02, 0.04), trigger=0.2, response_url=0.3)
"""Slack's waiting times, short enough for tests."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The workspace Acme."""
    async with Sandbox(wire=QUICK) as sandbox:
        yield sandbox


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncWebClient:
    """The SDK's client, with the bot's token and without retries."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http, retry_handlers=[])


@pytest.fixture
async def room(client: AsyncWebClient) -> str:
    """The id of a channel that the bot made."""
    created = await client.conversations_create(name="room")
    return str(created["channel"]["id"])


@pytest.fixture
async def raw_app(sandbox: Sandbox, http: aiohttp.ClientSession) -> AsyncIterator[RawApp]:
    """A bare app on one socket: it records envelopes and acknowledges them as told."""
    async with RawApp(sandbox, http) as app:
        yield app


@pytest.fixture
async def bolt(sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A small Bolt app in Socket Mode with one command and no events; tests add listeners."""
    sandbox.workspace.app.events = frozenset()
    app = AsyncApp(client=client)

    @app.command("/incident")
    async def help_out(ack: AsyncAck, command: dict[str, str]) -> None:
        await ack(f"You typed {command['text']}")

    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield app
    await handler.close_async()
