"""auth.revoke."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal


async def test_a_test_of_revoking_revokes_nothing(client: AsyncWebClient):
    assert (await client.auth_revoke(test=True)).data == {"ok": True, "revoked": False}
    assert (await client.auth_test())["ok"]


async def test_a_revoked_token_does_nothing_more(client: AsyncWebClient, sandbox: Sandbox, raw_app: RawApp, room: str):
    sandbox.workspace.app.events = frozenset({"tokens_revoked"})
    assert (await client.auth_revoke()).data == {"ok": True, "revoked": True}
    for call in (client.auth_test(), client.conversations_list(), client.auth_revoke()):
        assert (await refusal(call))["error"] == "token_revoked"
    event = await raw_app.event("tokens_revoked")
    assert event["tokens"] == {"oauth": [], "bot": [sandbox.workspace.bot.id]}
    assert sandbox.workspace.bot.deleted
    assert sandbox.workspace.bot.id not in sandbox.channel(room).members
