"""An app that is not ours lives in the workspace, in Socket Mode and over HTTP, and cannot tell it from Slack."""

import logging
from collections.abc import AsyncIterator

import aiohttp
import aiohttp.web
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import NotAcknowledged, NotVerified, Person, Refused, Sandbox, WireTimes
from bot.sandbox.manifest import with_request_url
from tests.sandbox.lunch import MANIFEST, Lunch, in_socket_mode, lunch_app, over_http

ACK = 0.4
BRISK = WireTimes(ack=ACK, retries=(0.0, 0.02, 0.04), socket=60.0)
"""Slack's waiting times, short enough for tests and long enough for Bolt on a busy machine."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace in which the lunch app is installed."""
    async with Sandbox(wire=BRISK, manifest=MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture(params=["Socket Mode", "HTTP"])
async def lunch(request: pytest.FixtureRequest, sandbox: Sandbox, client: AsyncWebClient) -> AsyncIterator[Lunch]:
    """The lunch app, connected."""
    app = lunch_app(client, sandbox.signing_secret)
    if request.param == "Socket Mode":
        async with in_socket_mode(app, sandbox.app_token):
            yield app
    else:
        async with over_http(app) as url:
            await sandbox.install(with_request_url(MANIFEST, url))
            await sandbox.verify_request_url()
            yield app


@pytest.fixture
def alice(sandbox: Sandbox) -> Person:
    return sandbox.person("alice")


async def test_a_command_a_button_and_what_they_leave_behind(lunch: Lunch, sandbox: Sandbox, alice: Person):
    answer = await alice.types("/lunch today", in_="#general")
    assert answer is not None
    assert alice.reads("#general") == ["/lunch today", "Lunch today?\n[Vote] [Place]"]
    await alice.presses("Vote", in_="#general")
    assert (await alice.sees("@alice voted", in_="#general")).ts == answer.message.ts
    assert len(sandbox.person("bob").reads("#general")) == 2


async def test_a_command_answered_in_plain_text_is_answered_to_one(lunch: Lunch, sandbox: Sandbox, alice: Person):
    answer = await alice.types("/echo <b> & @bob", in_="#general")
    assert answer is not None
    assert answer.message.text == "<b> & @bob"  # its manifest does not ask for mentions to be escaped
    assert sandbox.person("bob").reads("#general") == []


async def test_an_external_select_offers_what_the_app_finds(lunch: Lunch, alice: Person):
    await alice.types("/lunch today", in_="#general")
    assert await alice.searches("Place", "r", in_="#general") == []  # too short to be asked
    assert await alice.searches("Place", "ra", in_="#general") == ["Ramen bar", "Raw food"]
    await alice.chooses("Place", "Ramen bar", in_="#general")
    await alice.sees("You chose the Ramen bar", in_="#general")
    with pytest.raises(Refused, match="'Canteen' is not offered"):
        await alice.chooses("Place", "Canteen", in_="#general")


async def test_a_global_shortcut_opens_a_form_which_tells_the_conversation_chosen_in_it(
    lunch: Lunch, sandbox: Sandbox, alice: Person
):
    await alice.uses_shortcut("Propose a place")
    await alice.gets_form("Propose")
    await alice.fills({"Place": "Canteen", "Tell": "#general"})
    assert await alice.submits() == {"Place": "Nobody knows it."}
    await alice.fills({"Place": "Pizzeria"})
    assert await alice.submits() == {}
    assert alice.form is None
    await sandbox.person("bob").sees("What about Pizzeria?", in_="#general")


async def test_a_form_given_up_is_told(lunch: Lunch, alice: Person):
    await alice.uses_shortcut("Propose a place")
    await alice.gets_form("Propose")
    await alice.closes()
    assert lunch.closed == [False]


async def test_a_message_shortcut_works_on_what_everybody_sees(lunch: Lunch, sandbox: Sandbox, alice: Person):
    await sandbox.person("bob").types("Soup is out", in_="#general")
    await alice.uses_shortcut("Keep for later", on=await alice.sees("Soup", in_="#general"))
    kept = await alice.sees("Kept: Soup is out", in_="#general")
    assert kept.ephemeral
    with pytest.raises(AssertionError, match="no message shortcut 'Propose a place', but: Keep for later"):
        await alice.uses_shortcut("Propose a place", on=kept)


async def test_events_reach_it_once_each(lunch: Lunch, sandbox: Sandbox, alice: Person, client: AsyncWebClient):
    sandbox.channel("#general").members[sandbox.workspace.bot.id] = None
    await alice.types("@lunchbot where?", in_="#general")
    assert (await alice.sees("Hungry?", in_="#general")).thread_ts
    for said in ("Welcome", "You know this"):
        await alice.opens_home()
        await alice.sees_home(said)
    await sandbox.idle()
    assert [(kind, number) for kind, _, number, _ in lunch.heard] == [
        ("app_mention", 0),
        ("app_home_opened", 0),
        ("app_home_opened", 0),
    ]


async def test_a_late_acknowledgement_of_a_command_is_lost(lunch: Lunch, alice: Person):
    lunch.hold = ACK + 0.1
    answer = await alice.types("/echo hello", in_="#general")
    assert answer is not None
    assert answer.error == "operation_timeout"
    lunch.hold = 0.0
    again = await alice.types("/echo hello again", in_="#general")
    assert again is not None
    assert alice.reads("#general") == ['/echo failed with the error "operation_timeout".', "hello again"]


async def test_an_event_that_is_not_acknowledged_comes_again_under_the_same_id(
    request: pytest.FixtureRequest, lunch: Lunch, sandbox: Sandbox, alice: Person
):
    lunch.hold = ACK + 0.1
    await alice.opens_home()
    await sandbox.delivery.traffic.until(lambda: len(lunch.heard) == 1, within=5)
    lunch.hold = 0.0
    await sandbox.delivery.traffic.until(lambda: len(lunch.heard) == 2, within=5)
    await sandbox.idle()
    (_, first, *_), (_, second, number, reason) = lunch.heard
    assert first == second
    assert (number, reason) == (1, "timeout" if sandbox.platform.app.urls is None else "http_timeout")


async def test_through_disconnects_and_closed_sockets_every_command_is_answered(
    sandbox: Sandbox, client: AsyncWebClient, alice: Person
):
    lunch = lunch_app(client)
    async with in_socket_mode(lunch, sandbox.app_token), in_socket_mode(lunch, sandbox.app_token):
        for leave in (sandbox.hub.disconnect, sandbox.hub.open[0].connection.close):
            await leave()
            await sandbox.delivery.traffic.until(lambda: len(sandbox.hub.open) == 2, within=5)
            answer = await alice.types("/echo still there", in_="#general")
            assert answer is not None
            assert answer.error is None


async def test_with_another_signing_secret_the_address_is_not_verified_and_nothing_is_taken(
    sandbox: Sandbox, client: AsyncWebClient, alice: Person, caplog: pytest.LogCaptureFixture
):
    lunch = lunch_app(client, "another secret")
    async with over_http(lunch) as url:
        await sandbox.install(with_request_url(MANIFEST, url))
        with pytest.raises(
            NotVerified, match=r"answered the challenge with HTTP 401\. Does the app use this workspace"
        ):
            await sandbox.verify_request_url()
        with caplog.at_level(logging.WARNING):
            answer = await alice.types("/echo hello", in_="#general")
            with pytest.raises(NotAcknowledged, match="dispatch_failed"):
                await alice.uses_shortcut("Propose a place")
        await alice.opens_home()
        await sandbox.idle()
    assert answer is not None
    assert answer.error == "dispatch_failed"
    assert lunch.heard == []
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.sandbox")]
    assert said == [f"{what} was not taken: {url} answered 401" for what in ("/echo", "shortcut")]


async def test_a_request_that_was_tampered_with_is_refused_by_the_app(
    sandbox: Sandbox, client: AsyncWebClient, http: aiohttp.ClientSession
):
    async with over_http(lunch_app(client, sandbox.signing_secret)) as url, Tampering(url, http) as tampering:
        await sandbox.install(with_request_url(MANIFEST, tampering.url))
        answer = await sandbox.person("alice").types("/echo hello", in_="#general")
        assert answer is not None
        assert answer.text == "hello"
        tampering.replaces = (b"hello", b"jello")
        answer = await sandbox.person("alice").types("/echo hello", in_="#general")
        assert answer is not None
        assert (answer.error, tampering.answers) == ("dispatch_failed", [200, 401])


class Tampering:
    """Somebody between Slack and the app, who passes requests on and may change their bodies."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._app, self._http = url, http
        self.url = ""
        self.replaces = (b"", b"")
        self.answers: list[int] = []

    async def __aenter__(self) -> "Tampering":
        server = aiohttp.web.Application()
        server.router.add_post("/", self._pass_on)
        self._runner = aiohttp.web.AppRunner(server)
        await self._runner.setup()
        await aiohttp.web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _pass_on(self, request: aiohttp.web.Request) -> aiohttp.web.Response:
        body = (await request.read()).replace(*self.replaces) if all(self.replaces) else await request.read()
        signed = {
            name: value for name, value in request.headers.items() if name.startswith(("X-Slack", "Content-Type"))
        }
        async with self._http.post(self._app, data=body, headers=signed) as answer:
            self.answers.append(answer.status)
            return aiohttp.web.Response(
                body=await answer.read(), status=answer.status, content_type=answer.content_type
            )
