"""`lockstep sandbox --no-bot`: the workspace alone, for an app in any language, which needs no more than what is printed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.operating.page import Page
from tests.operating.process import Lockstep, ended, free_port, lockstep
from tests.sandbox.lunch import MANIFEST, Lunch, in_socket_mode, lunch_app, over_http


@asynccontextmanager
async def alone(folder: Path, *options: str) -> AsyncIterator[tuple[Lockstep, dict[str, str]]]:
    """A workspace with the lunch app installed, and what it printed: addresses and secrets by name."""
    (folder / "lunch.json").write_text(json.dumps(MANIFEST))
    options = ("--no-bot", "--port", str(free_port()), "--manifest", "lunch.json", *options)
    async with lockstep("sandbox", *options, folder=folder) as started:
        await started.says("Ctrl-C stops it.")
        yield started, dict(line.strip().split("=", 1) for line in started.said if "=" in line)


def client_for(printed: dict[str, str]) -> AsyncWebClient:
    """The SDK's client, with what was printed."""
    return AsyncWebClient(token=printed["SLACK_BOT_TOKEN"], base_url=printed["SLACK_API_URL"])


async def echoes(lunch: Lunch, http: aiohttp.ClientSession, api_url: str) -> None:
    """Alice types a command on the page, and the app answers it."""
    alice = Page(http, api_url.removesuffix("/api/"), "alice")
    await alice.say("/echo Is anybody there?", in_="general")
    await alice.sees("Is anybody there?", in_="general")


async def test_an_app_in_socket_mode_lives_by_what_is_printed(tmp_path: Path, http: aiohttp.ClientSession):
    async with alone(tmp_path) as (started, printed):
        await started.says("Lunch is installed. Socket Mode: apps.connections.open at SLACK_API_URL")
        control = (await started.says("Control, ")).split(": ")[1].split(";")[0]
        lunch = lunch_app(client_for(printed))
        async with in_socket_mode(lunch, printed["SLACK_APP_TOKEN"]):
            await echoes(lunch, http, printed["SLACK_API_URL"])
        async with http.post(f"{control}/faults", json={"fault": "clear"}) as answer:
            assert await answer.json() == {"ok": True}
    assert "Traceback" not in started.text


async def test_an_app_over_http_is_told_everything_once_its_address_is_verified(
    tmp_path: Path, http: aiohttp.ClientSession
):
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    async with alone(tmp_path, "--request-url", url) as (started, printed):
        await started.says(f"It is told everything by signed HTTP requests to {url}.")
        await started.says(f"{url} cannot be used: ")
        lunch = lunch_app(client_for(printed), printed["SLACK_SIGNING_SECRET"])
        async with over_http(lunch, port):
            await started.says(f"{url} is verified")
            await echoes(lunch, http, printed["SLACK_API_URL"])
        assert sum("cannot be used" in line for line in started.said) == 1


async def test_what_cannot_be_used_is_one_line_and_exit_code_2(tmp_path: Path):
    (tmp_path / "bad.yml").write_text("display_information: {name: Lunch}\nsettings: {hobby: chess}")
    refused, theirs = await asyncio.gather(
        ended("sandbox", "--no-bot", "--port", "0", "--manifest", "bad.yml", folder=tmp_path),
        ended("sandbox", "--manifest", "bad.yml", folder=tmp_path),
    )
    assert refused == (
        2,
        "lockstep: Slack would refuse this manifest. settings.hobby: Extra inputs are not permitted.",
    )
    assert theirs == (2, "lockstep: --manifest and --request-url are for your own app: give --no-bot with them.")
