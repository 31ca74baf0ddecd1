"""The rules of the Web API that hold for every method: where arguments may be, tokens, scopes, answers."""

import json
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.errors import Defect
from bot.sandbox.methods import METHODS


async def call(http: aiohttp.ClientSession, sandbox: Sandbox, method: str, token: str | None = None, **request: object):
    """A bare POST; the status and the JSON of the answer."""
    headers = {"Authorization": f"Bearer {token or sandbox.bot_token}"} | dict(request.pop("headers", {}))  # type: ignore[call-overload]
    async with http.post(sandbox.api_url + method, headers=headers, **request) as response:  # type: ignore[arg-type]
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        return await response.json()


async def refusal(awaitable: Awaitable[Any]) -> dict[str, Any]:
    """The answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await awaitable
    return dict(caught.value.response.data)


async def test_the_token_is_recognised(client: AsyncWebClient, sandbox: Sandbox):
    answer = await client.auth_test()
    assert answer.data == {
        "ok": True,
        "url": "https://acme.slack.com/",
        "team": "Acme",
        "user": "lockstep",
        "team_id": sandbox.team_id,
        "user_id": sandbox.workspace.bot.id,
        "bot_id": sandbox.workspace.app.bot_id,
        "is_enterprise_install": False,
    }


async def test_arguments_may_come_by_query_form_or_json(http: aiohttp.ClientSession, sandbox: Sandbox):
    by_query = await call(http, sandbox, "conversations.create", params={"name": "one", "is_private": "1"})
    by_form = await call(http, sandbox, "conversations.create", data={"name": "two", "is_private": "0"})
    by_json = await call(http, sandbox, "conversations.create", json={"name": "three", "is_private": True})
    found = [(answer["channel"]["name"], answer["channel"]["is_private"]) for answer in (by_query, by_form, by_json)]
    assert found == [("one", True), ("two", False), ("three", True)]


async def test_a_list_may_come_with_commas_or_as_json_even_in_a_form(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, room: str
):
    alice, bob, carol, dave = (sandbox.person(name).id for name in ("alice", "bob", "carol", "dave"))
    for form in ({"users": f"{alice},{bob}"}, {"users": json.dumps([carol, dave])}):
        assert (await call(http, sandbox, "conversations.invite", data={"channel": room} | form))["ok"]
    assert {alice, bob, carol, dave} <= set((await client.conversations_members(channel=room))["members"])
    broken = await call(http, sandbox, "conversations.invite", data={"channel": room, "users": f'["{alice}'})
    assert broken["response_metadata"]["messages"] == ["[ERROR] must provide an array [json-pointer:/users]"]


async def test_arguments_it_does_not_know_are_ignored(client: AsyncWebClient, sandbox: Sandbox):
    assert (await client.conversations_list(team_id=sandbox.team_id, unheard_of="1"))["ok"]


@pytest.mark.parametrize(
    ("body", "error"), [("{not json", "invalid_json"), ("[1]", "json_not_object")], ids=["broken", "list"]
)
async def test_a_json_body_must_be_an_object(http: aiohttp.ClientSession, sandbox: Sandbox, body: str, error: str):
    headers = {"Content-Type": "application/json"}
    assert (await call(http, sandbox, "chat.postMessage", data=body, headers=headers))["error"] == error


async def test_other_bodies_are_refused(http: aiohttp.ClientSession, sandbox: Sandbox):
    answer = await call(http, sandbox, "chat.postMessage", data="x", headers={"Content-Type": "application/xml"})
    assert answer["error"] == "invalid_post_type"


async def test_a_form_may_carry_the_token_but_a_query_may_not(http: aiohttp.ClientSession, sandbox: Sandbox):
    async with http.post(sandbox.api_url + "auth.test", data={"token": sandbox.bot_token}) as response:
        assert (await response.json())["ok"]
    async with http.post(sandbox.api_url + "auth.test", params={"token": sandbox.bot_token}) as response:
        assert (await response.json())["error"] == "not_authed"


async def test_unknown_methods_are_named_in_the_answer(client: AsyncWebClient):
    assert await refusal(client.api_call("chat.postMassage")) == {
        "ok": False,
        "error": "unknown_method",
        "req_method": "chat.postMassage",
    }


async def test_wrong_tokens_are_told_apart(http: aiohttp.ClientSession, sandbox: Sandbox):
    assert (await call(http, sandbox, "auth.test", token="xoxb-other"))["error"] == "invalid_auth"
    assert (await call(http, sandbox, "auth.test", token=sandbox.app_token))["error"] == "not_allowed_token_type"
    assert (await call(http, sandbox, "apps.connections.open"))["error"] == "not_allowed_token_type"


async def test_a_missing_argument_is_named(client: AsyncWebClient):
    answer = await refusal(client.api_call("chat.postMessage", json={"text": "hello"}))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


async def test_a_missing_scope_is_named(http: aiohttp.ClientSession):
    async with Sandbox(scopes=frozenset({"chat:write", "channels:read"})) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        answer = await refusal(client.pins_list(channel="C1"))
        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("pins:read", "channels:read,chat:write")
        listing = await refusal(client.conversations_list(types="public_channel,private_channel"))
        assert (listing["error"], listing["needed"]) == ("missing_scope", "groups:read")
        outsider = await refusal(client.chat_postMessage(channel="#general", text="hello"))
        assert outsider["error"] == "not_in_channel"
        granted = await client.auth_test()
        assert granted.headers["x-oauth-scopes"] == "channels:read,chat:write"


async def test_every_answer_of_an_object_can_be_read_back_as_json(client: AsyncWebClient, room: str):
    for answer in (await client.team_info(), await client.bots_info(), await client.conversations_info(channel=room)):
        assert json.loads(json.dumps(answer.data)) == answer.data


async def test_a_json_body_stands_alone_and_only_where_the_method_takes_one(
    http: aiohttp.ClientSession, sandbox: Sandbox
):
    general = sandbox.channel("#general").id
    mixed = await call(http, sandbox, "conversations.join", params={"channel": general}, json={})
    assert mixed["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    unread = await call(http, sandbox, "conversations.info", json={"channel": general})
    assert unread["error"] == "invalid_arguments"
    asked = await call(http, sandbox, "conversations.info", params={"channel": general}, json={"channel": "C404"})
    assert asked["channel"]["id"] == general


async def test_a_form_may_be_multipart_and_mixed_with_a_query(http: aiohttp.ClientSession, sandbox: Sandbox):
    form = aiohttp.MultipartWriter("form-data")
    form.append("one", {"Content-Disposition": 'form-data; name="name"'})
    answer = await call(http, sandbox, "conversations.create", params={"is_private": "true"}, data=form)
    assert (answer["channel"]["name"], answer["channel"]["is_private"]) == ("one", True)


async def test_null_means_the_default(http: aiohttp.ClientSession, sandbox: Sandbox):
    answer = await call(http, sandbox, "conversations.create", json={"name": "one", "is_private": None})
    assert answer["channel"]["is_private"] is False


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        (None, b"channel=C1", "missing_post_type"),
        (FORM, b"\xff=\xff", "invalid_form_data"),
        (FORM, b"channel", "invalid_form_data"),
        ("multipart/form-data", b"channel=C1", "invalid_form_data"),
        (f"{FORM}; charset=koi8-r", b"channel=C1", "invalid_charset"),
        ("application/json; charset=utf-16", b"{}", "invalid_charset"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    http: aiohttp.ClientSession, sandbox: Sandbox, content_type: str | None, body: bytes, error: str
):
    request: dict[str, Any] = {"data": body, "headers": {"Content-Type": content_type} if content_type else {}}
    if content_type is None:
        request["skip_auto_headers"] = ["Content-Type"]
    assert (await call(http, sandbox, "chat.postMessage", **request))["error"] == error


async def test_an_unneeded_or_missing_charset_is_a_warning(http: aiohttp.ClientSession, sandbox: Sandbox):
    json_body: dict[str, Any] = {"data": b"{}", "headers": {"Content-Type": "application/json"}}
    form: dict[str, Any] = {"data": b"a=1", "headers": {"Content-Type": f"{FORM}; charset=utf-8"}}
    for request, warning in ((json_body, "missing_charset"), (form, "superfluous_charset")):
        answer = await call(http, sandbox, "auth.test", **request)
        assert (answer["warning"], answer["response_metadata"]) == (warning, {"warnings": [warning]})


async def test_a_token_may_be_revoked_or_expire_and_the_app_may_be_switched_off(
    client: AsyncWebClient, sandbox: Sandbox
):
    tokens = sandbox.platform.tokens
    for end, error in (
        (lambda: tokens.revoke(sandbox.bot_token), "token_revoked"),
        (lambda: tokens.expire(sandbox.bot_token), "token_expired"),
        (tokens.deactivate, "account_inactive"),
    ):
        end()
        assert (await refusal(client.auth_test()))["error"] == error
        tokens.reinstate()
    assert (await client.auth_test())["ok"]


async def test_a_socket_is_opened_by_post_with_the_token_in_the_header(http: aiohttp.ClientSession, sandbox: Sandbox):
    method = sandbox.api_url + "apps.connections.open"
    async with http.post(method, data={"token": sandbox.app_token}) as response:
        assert (await response.json())["error"] == "not_authed"
    async with http.get(method, headers={"Authorization": f"Bearer {sandbox.app_token}"}) as response:
        assert (await response.json())["error"] == "insecure_request"


async def test_answers_name_the_scopes_and_the_request(client: AsyncWebClient, room: str):
    first, second = await client.pins_list(channel=room), await client.pins_list(channel=room)
    assert first.headers["x-accepted-oauth-scopes"] == "pins:read"
    assert "pins:read" in first.headers["x-oauth-scopes"].split(",")
    assert first.headers["x-slack-req-id"] != second.headers["x-slack-req-id"]


async def test_body_before_token_before_scope_before_arguments(http: aiohttp.ClientSession):
    async with Sandbox(scopes=frozenset()) as sandbox:
        broken = {"data": "{", "headers": {"Content-Type": "application/json"}}
        assert (await call(http, sandbox, "pins.add", token="xoxb-other", **broken))["error"] == "invalid_json"
        assert (await call(http, sandbox, "pins.add", token="xoxb-other"))["error"] == "invalid_auth"
        assert (await call(http, sandbox, "pins.add"))["error"] == "missing_scope"
        sandbox.workspace.app.scopes = frozenset({"pins:write"})
        assert (await call(http, sandbox, "pins.add"))["error"] == "invalid_arguments"


async def test_an_error_that_a_method_does_not_declare_is_a_defect_that_nobody_can_overlook(
    http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
):
    less = replace(METHODS["users.info"], errors="")
    monkeypatch.setitem(METHODS, "users.info", less)
    with pytest.raises(Defect, match=r"users.info answers user_not_found"):
        async with Sandbox() as sandbox:
            headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
            async with http.get(sandbox.api_url + "users.info?user=U404", headers=headers) as response:
                assert response.status == 500
