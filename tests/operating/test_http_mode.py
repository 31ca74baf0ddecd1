"""Without an app token Slack's requests come over HTTP, signed as Slack's documentation says ("Verifying requests from Slack")."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.app import App
from bot.sandbox import Sandbox
from tests.operating.health import Health
from tests.operating.process import free_port, lockstep, settings_of
from tests.running import running, workspace

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str) -> AsyncIterator[App]:
    """Lockstep in HTTP mode."""
    async with running(sandbox, database_url, slack_app_token=None, slack_signing_secret=SECRET) as app:
        yield app


@pytest.fixture
def slack(bot: App, http: aiohttp.ClientSession) -> "Slack":
    """Slack, which knows where the bot serves."""
    return Slack(http, bot.web.port)


class Slack:
    """Sends requests as Slack does."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self._http, self._address = http, f"http://127.0.0.1:{port}/slack/events"

    async def sends(
        self, body: str, *, content_type: str = FORM, secret: str = SECRET, age: float = 0, signed: str | None = None
    ) -> tuple[int, str]:
        """Post a body, signed with `secret` as it was `age` seconds ago; the signature is that of `signed` when given."""
        timestamp = str(int(time.time() - age))
        base = f"v0:{timestamp}:{body if signed is None else signed}"
        signature = hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={signature}",
        }
        async with self._http.post(self._address, data=body, headers=headers) as response:
            return response.status, await response.text()


def command(sandbox: Sandbox, text: str) -> str:
    """What Slack posts when Alice types `/incident …` in #general."""
    alice, general = sandbox.person("alice"), sandbox.channel("#general")
    return urlencode(
        {
            "token": "deprecated",
            "team_id": sandbox.team_id,
            "team_domain": "acme",
            "channel_id": general.id,
            "channel_name": general.name,
            "user_id": alice.id,
            "user_name": alice.name,
            "command": "/incident",
            "text": text,
            "api_app_id": sandbox.platform.app.id,
            "is_enterprise_install": "false",
            "response_url": f"{sandbox.url}/response/none/none",
            "trigger_id": "1.2.3",
        }
    )


async def nothing_is_recorded(bot: App) -> bool:
    """Whether there is no incident."""
    return await bot.service.open_incidents(viewer="") == []


async def test_a_signed_command_is_answered_and_carried_out(sandbox: Sandbox, bot: App, slack: Slack):
    status, answer = await slack.sends(command(sandbox, "declare Checkout is failing"))
    assert status == 200
    said: dict[str, Any] = json.loads(answer)
    assert said["response_type"] == "ephemeral"
    assert "INC-1" in said["text"]
    alice = sandbox.person("alice")
    await sandbox.until(lambda: any(name.startswith("#inc-1-") for name in alice.channels))


async def test_slack_finds_out_that_the_address_is_ours(slack: Slack):
    check = json.dumps({"type": "url_verification", "token": "deprecated", "challenge": "3eZbrw1aB"})
    assert await slack.sends(check, content_type="application/json") == (200, '{"challenge": "3eZbrw1aB"}')


@pytest.mark.parametrize(
    "forged",
    [{"secret": "another secret"}, {"signed": "command=%2Fincident&text=list"}, {"age": 6 * 60}, {"age": -6 * 60}],
    ids=["another secret", "another body", "six minutes old", "six minutes ahead"],
)
async def test_a_request_that_slack_did_not_sign_just_now_gets_401_and_nothing_is_recorded(
    sandbox: Sandbox, bot: App, slack: Slack, forged: dict[str, Any]
):
    status, _ = await slack.sends(command(sandbox, "declare Checkout is failing"), **forged)
    assert status == 401
    assert await nothing_is_recorded(bot)


async def test_a_request_without_a_signature_gets_401_and_nothing_is_recorded(
    sandbox: Sandbox, bot: App, http: aiohttp.ClientSession
):
    body = command(sandbox, "declare Checkout is failing")
    address = f"http://127.0.0.1:{bot.web.port}/slack/events"
    async with http.post(address, data=body, headers={"Content-Type": FORM}) as response:
        assert response.status == 401
    assert await nothing_is_recorded(bot)


async def test_while_the_bot_starts_slack_is_told_503_so_that_it_says_so_or_sends_again(
    http: aiohttp.ClientSession, tmp_path: Path
):
    async with workspace() as sandbox:
        port = free_port()
        settings = settings_of(sandbox, tmp_path, LOCKSTEP_PORT=str(port), SLACK_SIGNING_SECRET=SECRET)
        body = command(sandbox, "list")
        address = int(sandbox.url.rpartition(":")[2])
    settings.pop("SLACK_APP_TOKEN")
    async with lockstep("run", folder=tmp_path, **settings) as bot:
        await Health(http, port).waits_for("slack")
        assert await Slack(http, port).sends(body) == (503, "Lockstep is starting.")
        async with workspace(port=address):
            await Health(http, port).becomes_ready()
            assert (await Slack(http, port).sends(body))[0] == 200
            assert await bot.stops() == 0
