"""pins.*, reactions.*, users.*, usergroups.*."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.test_transport import refusal


async def test_a_message_is_pinned_once(client: AsyncWebClient, sandbox: Sandbox, room: str):
    ts = (await client.chat_postMessage(channel=room, text="card"))["ts"]
    assert (await client.pins_add(channel=room, timestamp=ts)).data == {"ok": True}
    assert (await refusal(client.pins_add(channel=room, timestamp=ts)))["error"] == "already_pinned"
    [item] = (await client.pins_list(channel=room))["items"]
    assert (item["message"]["ts"], item["created_by"]) == (ts, sandbox.workspace.bot.id)
    await client.pins_remove(channel=room, timestamp=ts)
    assert (await refusal(client.pins_remove(channel=room, timestamp=ts)))["error"] == "no_pin"
    assert (await refusal(client.pins_add(channel=room)))["error"] == "no_item_specified"
    assert (await refusal(client.pins_add(channel=room, timestamp="1.000001")))["error"] == "message_not_found"


async def test_reactions_add_up(client: AsyncWebClient, sandbox: Sandbox, room: str):
    ts = (await client.chat_postMessage(channel=room, text="card"))["ts"]
    await client.reactions_add(channel=room, timestamp=ts, name="eyes")
    alice = sandbox.person("alice")
    await alice.joins("#room")
    await alice.reacts("eyes", to=await alice.sees("card", in_="#room"))
    [reaction] = (await client.reactions_get(channel=room, timestamp=ts))["message"]["reactions"]
    assert reaction == {"name": "eyes", "users": [sandbox.workspace.bot.id, alice.id], "count": 2}
    again = await refusal(client.reactions_add(channel=room, timestamp=ts, name="eyes"))
    assert again["error"] == "already_reacted"
    await client.reactions_remove(channel=room, timestamp=ts, name="eyes")
    gone = await refusal(client.reactions_remove(channel=room, timestamp=ts, name="eyes"))
    assert gone["error"] == "no_reaction"


async def test_people_are_found_by_id_and_address(client: AsyncWebClient, sandbox: Sandbox):
    bob = (await client.users_lookupByEmail(email="BOB@acme.example"))["user"]
    assert (bob["real_name"], bob["tz"], bob["tz_offset"]) == ("Bob Tanaka", "Asia/Tokyo", 9 * 3600)
    assert (await client.users_info(user=bob["id"]))["user"] == bob
    assert (await refusal(client.users_lookupByEmail(email="x@y.z")))["error"] == "users_not_found"
    assert (await refusal(client.users_info(user="U404")))["error"] == "user_not_found"
    names = [user["name"] for user in (await client.users_list())["members"]]
    assert names == ["alice", "bob", "carol", "dave", "erin", "lockstep", "slackbot"]


async def test_user_groups_list_their_people(client: AsyncWebClient, sandbox: Sandbox):
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [group["handle"] for group in groups] == ["incident-leads", "payments-oncall"]
    members = (await client.usergroups_users_list(usergroup=groups[0]["id"]))["users"]
    assert members == [sandbox.person("alice").id, sandbox.person("erin").id] == groups[0]["users"]
    assert (await refusal(client.usergroups_users_list(usergroup="S404")))["error"] == "no_such_subteam"


@pytest.mark.parametrize("scopes", [frozenset({"users:read"}), frozenset({"users:read", "users:read.email"})])
async def test_addresses_are_only_for_apps_that_may_read_them(scopes: frozenset[str]):
    async with Sandbox(scopes=scopes) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        profile = (await client.users_info(user=sandbox.person("alice").id))["user"]["profile"]
        assert ("email" in profile) is ("users:read.email" in scopes)
