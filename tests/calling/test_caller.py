"""A playbook's call: where it may go, which secrets go with it, how often it is sent, and what is known of it afterwards."""

import hashlib
import logging
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.calling.caller import Caller, Outcome
from bot.calling.fetching import Fetcher
from bot.calling.secrets import Secrets
from bot.core.hosts import Host
from bot.core.playbooks.calls import HttpCall
from tests.calling.servers import HERE, Names, Server, breaks_off, hangs, one_after_the_other, says, serving

HUSH = 'qzx" /&é'
SECRETS = Secrets({"deploy_token": SecretStr(HUSH), "OTHER": SecretStr("other"), "BROKEN": SecretStr("a\r\nX-Evil: b")})
KEYED = {"idempotency_header": "Idempotency-Key"}


def call(server: Server, path: str = "/freeze", method: str = "POST", **more: Any) -> HttpCall:
    """A call to this server."""
    return HttpCall.model_validate({"method": method, "url": f"http://edge.internal:{server.port}{path}", **more})


async def carried_out(call: HttpCall, *hosts: Host, key: str = "r1:call:1", **more: Any) -> Outcome:
    """What came of it, with the names of this machine and no pause between two tries."""
    caller = Caller(Fetcher(Names(HERE)), SECRETS, pause_seconds=0)
    return await caller.carry_out(call, key, hosts, **more)


async def test_a_call_that_works_is_known_by_its_status_and_a_hash():
    async with serving(says(202, b'{"token": "private"}')) as server:
        sent = call(server, body='{"why": "incident"}', headers={"X-From": "Lockstep"}, **KEYED)
        outcome = await carried_out(sent, server.host())
    digest = hashlib.sha256(b'{"token": "private"}').hexdigest()
    assert outcome == Outcome("success", "answered 202", 202, digest)
    assert server.seen[0].endswith(b'\r\n\r\n{"why": "incident"}')
    assert {"Idempotency-Key: r1:call:1", "X-From: Lockstep", "Content-Type: application/json"} <= set(server.lines())


@pytest.mark.parametrize(
    ("status", "expects", "result"), [(200, [200], "success"), (200, [204], "failure"), (409, [409], "success")]
)
async def test_what_it_expects_is_what_it_says(status: int, expects: list[int], result: str):
    async with serving(says(status)) as server:
        assert (await carried_out(call(server, expects=expects), server.host())).result == result


async def test_a_redirect_is_a_failure_that_says_so():
    async with (
        serving(says()) as other,
        serving(says(307, b"", f"Location: http://edge.internal:{other.port}/")) as server,
    ):
        outcome = await carried_out(call(server), server.host(), other.host())
    assert (outcome.result, outcome.note) == ("failure", "answered 307, which leads elsewhere and was not followed")
    assert other.seen == []


@pytest.mark.parametrize(
    ("more", "sent"),
    [
        ({}, 1),
        ({"retries": 0, **KEYED}, 1),
        ({"retries": 2, **KEYED}, 3),
        ({"retries": 2}, 1),  # it did not say that it may be sent twice
        ({"retries": 2, "method": "GET"}, 3),
    ],
)
@pytest.mark.parametrize("answer", [says(503), breaks_off], ids=["busy", "no answer"])
async def test_it_is_sent_again_only_where_it_says_that_this_is_safe(more: dict[str, Any], sent: int, answer):
    async with serving(answer) as server:
        outcome = await carried_out(call(server, **more), server.host())
    assert len(server.seen) == sent
    assert outcome.result == ("unknown" if answer is breaks_off else "failure")
    assert outcome.note.endswith(f", after {sent} tries") is (sent > 1)


async def test_a_call_that_is_sent_again_is_the_same_call():
    async with serving(one_after_the_other(breaks_off, says(500), says(201))) as server:
        outcome = await carried_out(call(server, body="x", retries=2, **KEYED), server.host())
    assert (outcome.result, outcome.note) == ("success", "answered 201, after 3 tries")
    assert server.seen[0] == server.seen[1] == server.seen[2]


async def test_what_will_not_be_otherwise_is_not_tried_again():
    async with serving(says(403)) as server:
        assert (await carried_out(call(server, retries=5, **KEYED), server.host())).note == "answered 403"
    assert len(server.seen) == 1


async def test_no_answer_in_time():
    async with serving(hangs) as server:
        outcome = await carried_out(call(server, timeout_seconds=1), server.host())
    assert (outcome.result, outcome.note) == ("unknown", "no answer from edge.internal within 1 s")


async def test_where_nobody_listens_the_call_has_failed_unless_an_earlier_one_may_have_arrived():
    async with serving(says()) as server:
        sent, host = call(server, **KEYED), server.host()
    outcome = await carried_out(sent, host)
    assert outcome.result == "failure" and outcome.note.startswith("not sent: edge.internal cannot be reached")
    assert (await carried_out(sent, host, may_have_arrived=True)).result == "unknown"


async def test_after_an_interruption_it_is_sent_again_under_its_key_or_not_at_all():
    async with serving(says()) as server:
        again = await carried_out(call(server, **KEYED), server.host(), may_have_arrived=True)
        assert (again.result, len(server.seen)) == ("success", 1)
        asked = await carried_out(call(server), server.host(), may_have_arrived=True)
        assert asked == Outcome("unknown", "Lockstep was interrupted while it called") and len(server.seen) == 1


NOT_LET = "the policy does not let the secret"
BREAK = "the header A has a line break or another sign that no header can have"
TOKEN = "${secret:DEPLOY_TOKEN}"


async def test_secrets_stand_where_they_are_named_as_the_place_wants_them():
    async with serving(says()) as server:
        sent = call(
            server,
            f"/{TOKEN}/x?y={TOKEN}",
            body=f'{{"token": "{TOKEN}"}}',
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        outcome = await carried_out(sent, server.host(secrets=("DEPLOY_TOKEN",)))
        form = call(server, headers={"Content-Type": "application/x-www-form-urlencoded"}, body=f"a={TOKEN}&b=c")
        await carried_out(form, server.host(secrets=("DEPLOY_TOKEN",)))
    assert outcome.result == "success"
    lines = server.lines()
    assert lines[0] == "POST /qzx%22%20%2F%26%C3%A9/x?y=qzx%22%20%2F%26%C3%A9 HTTP/1.1"
    assert f"Authorization: Bearer {HUSH}" in lines
    assert server.seen[0].endswith(b'\r\n\r\n{"token": "qzx\\" /&\\u00e9"}')
    assert server.seen[1].endswith(b"\r\n\r\na=qzx%22%20%2F%26%C3%A9&b=c")


@pytest.mark.parametrize("answer", [says(500), breaks_off, hangs], ids=["error", "no answer", "late"])
async def test_no_secret_is_in_what_is_told_logged_or_raised(caplog: pytest.LogCaptureFixture, answer):
    caplog.set_level(logging.DEBUG)
    async with serving(answer) as server:
        sent = call(server, f"/{TOKEN}", headers={"Authorization": TOKEN}, body=TOKEN, timeout_seconds=1)
        with structlog.testing.capture_logs() as logs:
            outcome = await carried_out(sent, server.host(secrets=("DEPLOY_TOKEN",)))
    assert server.seen and "qzx%22" in server.lines()[0]
    told = f"{outcome!r} {caplog.text} {logs} {sent!r} {SECRETS!r}"
    assert "qzx" not in told


@pytest.mark.parametrize(
    ("more", "secrets", "why"),
    [
        (
            {"headers": {"A": "${secret:OTHER}"}},
            ("DEPLOY_TOKEN",),
            f"{NOT_LET} OTHER be sent to edge.internal",
        ),
        ({"body": "${secret:PATH}"}, (), f"{NOT_LET} PATH be sent to edge.internal"),
        (
            {"body": "${secret:PATH}"},
            ("PATH",),
            "the secret PATH is not set. Put LOCKSTEP_SECRET__PATH into the environment",
        ),
        (
            {"headers": {"A": "${secret:BROKEN}"}},
            ("BROKEN",),
            BREAK,
        ),
        (
            {"headers": {"A": "b\r\nX-Evil: c"}},
            (),
            BREAK,
        ),
        ({"headers": {"Host": "evil.com"}}, (), "the header Host is not for a playbook to set"),
        (
            {"headers": {"Transfer-Encoding": "chunked"}},
            (),
            "the header Transfer-Encoding is not for a playbook to set",
        ),
        ({"idempotency_header": "Content-Length"}, (), "the header Content-Length is not for a playbook to set"),
    ],
)
async def test_what_must_not_be_sent_is_not(more: dict[str, Any], secrets: tuple[str, ...], why: str):
    async with serving(says()) as server:
        outcome = await carried_out(call(server, **more), server.host(secrets=secrets))
    assert outcome == Outcome("failure", f"not called: {why}") and server.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://edge.internal.:{port}/",
        "http://edge.internal@127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://edge.internal/",
        "http://edge.internal:{port}/../admin",
        "http://${secret:DEPLOY_TOKEN}:{port}/",
        "ftp://edge.internal:{port}/",
        "http://еdge.internal:{port}/",
        "http://edge.internal:{port}/ HTTP/1.1\r\nHost: evil.com",
    ],
)
async def test_an_address_that_is_not_listed_is_not_called_however_it_is_written(url: str):
    async with serving(says()) as server:
        sent = HttpCall.model_construct(**{**call(server).model_dump(), "url": url.replace("{port}", str(server.port))})
        outcome = await carried_out(sent, server.host(secrets=("DEPLOY_TOKEN",)))
    assert outcome.result == "failure" and outcome.note.startswith("not called: ") and server.seen == []
    assert "qzx" not in outcome.note


async def test_nothing_is_called_where_the_policy_lists_nothing():
    async with serving(says()) as server:
        outcome = await carried_out(call(server))
    assert outcome.note.endswith("is not one of the hosts that the policy lets playbooks call") and server.seen == []
