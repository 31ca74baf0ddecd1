"""What Slack sends to request URLs, seen on the wire: encodings, signatures, redeliveries, redirects, the challenge."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import NotAcknowledged, NotVerified, Sandbox, WireTimes
from bot.sandbox.manifest import with_request_url
from tests.operating.process import free_port
from tests.sandbox.given import actions, button, modal, question, text_input
from tests.sandbox.lunch import MANIFEST

QUICK = WireTimes(ack=0.2, retries=(0.0, 0.02, 0.04))
Answer = Callable[[web.Request], web.Response]
OK = web.Response


class Receiver:
    """Takes requests, keeps them, and answers each as told, a challenge as it should be. `pause` comes before answers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer: Answer = lambda request: OK()
        self.pause = 0.0
        self.requests: list[tuple[web.Request, bytes]] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if b'"url_verification"' in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        self.requests.append((request, body))
        await asyncio.sleep(self.pause)
        return self.answer(request)

    @property
    def retries(self) -> list[tuple[str | None, str | None]]:
        """The number and reason of each redelivery so far, None for a first delivery."""
        names = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
        return [(request.headers.get(names[0]), request.headers.get(names[1])) for request, _ in self.requests]


@asynccontextmanager
async def receiving(take: Any = None) -> AsyncIterator[Receiver]:
    """A receiver on a port of its own."""
    receiver = Receiver("")
    server = web.Application()
    server.router.add_post("/{any:.*}", take or receiver.take)
    runner = web.AppRunner(server, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(wire=QUICK) as sandbox:
        yield sandbox


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[Receiver]:
    """The app's address, verified."""
    async with receiving() as receiver:
        await sandbox.install(with_request_url(MANIFEST, receiver.url))
        await sandbox.verify_request_url()
        yield receiver


async def settled(sandbox: Sandbox, app: Receiver, deliveries: int) -> None:
    """Wait until so many deliveries were made, and no further one is under way or waiting."""
    await sandbox.delivery.traffic.until(lambda: len(app.requests) == deliveries, within=5)
    await asyncio.sleep(0.1)
    await sandbox.idle()
    assert len(app.requests) == deliveries


async def test_an_event_is_json_signed_over_its_raw_body(sandbox: Sandbox, app: Receiver):
    await sandbox.person("alice").opens_home()
    await settled(sandbox, app, 1)
    [(request, body)] = app.requests
    assert request.content_type == "application/json"
    assert json.loads(body)["event"]["type"] == "app_home_opened"
    assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, dict(request.headers))
    assert not SignatureVerifier("another").is_valid_request(body, dict(request.headers))
    assert not SignatureVerifier(sandbox.signing_secret).is_valid_request(body + b" ", dict(request.headers))
    assert app.retries == [(None, None)]


async def test_a_command_is_a_form_and_so_is_an_interaction(sandbox: Sandbox, app: Receiver):
    await sandbox.person("alice").types("/lunch & <more>", in_="#general")
    await sandbox.person("alice").uses_shortcut("Propose a place")
    (command, fields), (shortcut, payload) = app.requests
    assert command.content_type == shortcut.content_type == "application/x-www-form-urlencoded"
    said = dict(parse_qsl(fields.decode(), keep_blank_values=True))
    assert (said["command"], said["text"]) == ("/lunch", "&amp; &lt;more&gt;")
    assert (said["is_enterprise_install"], said["channel_name"]) == ("false", "general")
    [(name, value)] = parse_qsl(payload.decode())
    assert (name, json.loads(value)["callback_id"]) == ("payload", "propose")
    for request, body in app.requests:
        assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, dict(request.headers))


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (OK(), []),
        (OK(text="just text"), ["just text"]),
        (web.json_response({"text": "in JSON"}), ["in JSON"]),
        (web.json_response({"text": "for all", "response_type": "in_channel"}), ["/lunch", "for all"]),
        (OK(status=500), ['/lunch failed with the error "dispatch_failed".']),
    ],
    ids=["nothing", "text", "JSON", "for all", "500"],
)
async def test_a_command_is_answered_by_the_response(
    sandbox: Sandbox, app: Receiver, answer: web.Response, read: list[str]
):
    app.answer = lambda request: answer
    await sandbox.person("alice").types("/lunch", in_="#general")
    assert sandbox.person("alice").reads("#general") == read


@pytest.mark.parametrize(("text", "taken"), [("", True), ("  ", True), ("{}", True), ("ok", False)])
async def test_a_submission_is_answered_by_nothing_or_by_json(sandbox: Sandbox, app: Receiver, text: str, taken: bool):
    alice = sandbox.person("alice")
    sandbox.platform.views.open(alice.id, modal(question("Note", text_input(initial_value="x"), "note")))
    app.answer = lambda request: OK(text=text)
    if taken:
        await alice.submits()
    else:
        with pytest.raises(NotAcknowledged, match="dispatch_failed"):
            await alice.submits()
    assert (alice.form is None) is taken


def failing(status: int) -> Answer:
    return lambda request: OK(status=status)


def redirecting(times: int) -> Answer:
    """Leads from /slack to /1, /2 and so on, so many times."""

    def answer(request: web.Request) -> web.Response:
        step = int(request.path.removeprefix("/slack").strip("/") or 0)
        return OK(status=302, headers={"Location": f"/{step + 1}"}) if step < times else OK()

    return answer


async def test_a_refused_event_comes_four_times_and_says_why(sandbox: Sandbox, app: Receiver):
    app.answer = failing(500)
    await sandbox.person("alice").opens_home()
    await settled(sandbox, app, 4)
    assert app.retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in app.requests}) == 1


async def test_an_event_that_is_answered_late_comes_again(sandbox: Sandbox, app: Receiver):
    app.pause = 0.3
    await sandbox.person("alice").opens_home()
    await sandbox.delivery.traffic.until(lambda: len(app.requests) == 2, within=5)
    app.pause = 0.0
    assert app.retries[1] == ("1", "http_timeout")


async def test_x_slack_no_retry_stops_the_redelivery(sandbox: Sandbox, app: Receiver):
    app.answer = lambda request: OK(status=500, headers={"X-Slack-No-Retry": "1"})
    await sandbox.person("alice").opens_home()
    await settled(sandbox, app, 1)


async def test_any_2xx_is_an_acknowledgement(sandbox: Sandbox, app: Receiver):
    app.answer = failing(204)
    await sandbox.person("alice").opens_home()
    await settled(sandbox, app, 1)


async def test_two_redirects_are_followed(sandbox: Sandbox, app: Receiver):
    app.answer = redirecting(2)
    await sandbox.person("alice").opens_home()
    await settled(sandbox, app, 3)
    assert app.retries == [(None, None)] * 3
    assert len({body for _, body in app.requests}) == 1


async def test_a_third_redirect_is_one_too_many(sandbox: Sandbox, app: Receiver):
    app.answer = redirecting(3)
    await sandbox.person("alice").opens_home()
    await sandbox.delivery.traffic.until(lambda: len(app.requests) > 3, within=5)
    app.answer = failing(200)
    assert app.retries[3] == ("1", "too_many_redirects")


async def test_an_app_that_is_down_hears_the_event_when_it_is_back(sandbox: Sandbox, app: Receiver):
    assert sandbox.platform.app.urls is not None
    sandbox.platform.app.urls.events = f"http://127.0.0.1:{free_port()}/slack"
    await sandbox.person("alice").opens_home()
    await sandbox.idle()
    sandbox.platform.app.urls.events = app.url
    await sandbox.delivery.traffic.until(lambda: bool(app.requests), within=5)
    assert app.retries[0][1] == "connection_failed"


async def test_during_an_outage_nothing_is_delivered(sandbox: Sandbox, app: Receiver):
    await sandbox.faults.start_outage()
    answer = await sandbox.person("alice").types("/lunch", in_="#general")
    assert answer is not None
    assert (answer.error, app.requests) == ("dispatch_failed", [])


async def test_an_app_over_http_gets_no_socket(sandbox: Sandbox, app: Receiver, http: Any):
    async with http.ws_connect(sandbox.platform.socket_url()) as socket:
        assert (await socket.receive_json())["reason"] == "link_disabled"


async def test_options_have_an_address_of_their_own(sandbox: Sandbox, app: Receiver):
    """Without one nothing is asked."""
    assert sandbox.platform.app.urls is not None
    sandbox.platform.app.urls.options = ""
    alice = sandbox.person("alice")
    menu = {"type": "external_select", "action_id": "place", "placeholder": {"type": "plain_text", "text": "Place"}}
    app.answer = lambda request: web.json_response({"text": "Where?", "blocks": [actions(menu, button("Go"))]})
    await alice.types("/lunch", in_="#general")
    with pytest.raises(NotAcknowledged, match="dispatch_failed"):
        await alice.searches("Place", "ramen", in_="#general")
    assert len(app.requests) == 1


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}]}, "must be less than 76"),
        ({"options": [{"text": {"type": "plain_text", "text": "x"}, "value": "x"}] * 101}, "no more than 100 items"),
        ({}, "either `options` or `option_groups`"),
        ({"options": [], "option_groups": []}, "either `options` or `option_groups`"),
    ],
    ids=["long text", "too many", "nothing", "both"],
)
async def test_options_that_slack_refuses_are_not_offered(
    sandbox: Sandbox, app: Receiver, caplog: pytest.LogCaptureFixture, answer: dict[str, Any], fault: str
):
    alice = sandbox.person("alice")
    menu = {"type": "external_select", "action_id": "place", "placeholder": {"type": "plain_text", "text": "Place"}}
    app.answer = lambda request: web.json_response({"text": "Where?", "blocks": [actions(menu)]})
    await alice.types("/lunch", in_="#general")
    app.answer = lambda request: web.json_response(answer)
    with pytest.raises(NotAcknowledged, match="dispatch_failed") as failure:
        await alice.searches("Place", "ramen", in_="#general")
    assert fault in failure.value.detail


def challenge_of(body: bytes) -> str:
    return str(json.loads(body)["challenge"])


@pytest.mark.parametrize(
    "answer",
    [
        lambda challenge: OK(text=challenge),
        lambda challenge: web.json_response({"challenge": challenge}),
        lambda challenge: OK(text=f"challenge={challenge}", content_type="application/x-www-form-urlencoded"),
    ],
    ids=["text", "JSON", "form"],
)
async def test_a_challenge_may_be_answered_in_three_ways(sandbox: Sandbox, answer: Callable[[str], web.Response]):
    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, dict(request.headers))
        assert json.loads(body)["type"] == "url_verification"
        return answer(challenge_of(body))

    async with receiving(take) as receiver:
        await sandbox.install(with_request_url(MANIFEST, receiver.url))
        await sandbox.verify_request_url()
        assert sandbox.platform.app.urls is not None
        assert sandbox.platform.app.urls.verified


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (OK(text="hello"), "cannot be used: it did not answer with the challenge, but 'hello'."),
        (OK(status=404), "cannot be used: it answered the challenge with HTTP 404."),
        (None, "cannot be used: .* cannot be reached: "),
    ],
    ids=["another answer", "404", "nobody there"],
)
async def test_an_address_that_fails_the_challenge_is_refused_in_a_sentence_and_hears_no_event(
    sandbox: Sandbox, answer: web.Response | None, sentence: str
):
    heard: list[str] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(json.loads(await request.read())["type"])
        assert answer is not None
        return answer

    async with receiving(take) as receiver:
        url = receiver.url if answer is not None else f"http://127.0.0.1:{free_port()}/"
        await sandbox.install(with_request_url(MANIFEST, url))
        with pytest.raises(NotVerified, match=f"^{url} {sentence}"):
            await sandbox.verify_request_url()
        await sandbox.person("alice").opens_home()
        await sandbox.idle()
    assert heard == ([] if answer is None else ["url_verification"])
