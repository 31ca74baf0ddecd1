"""Bookmarks of channels."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.test_transport import refusal

LINK = {"title": "Timeline", "type": "link", "link": "https://example.com/1", "emoji": ":clock1:"}


@pytest.fixture
async def bookmark(client: AsyncWebClient, room: str) -> dict[str, Any]:
    """A link in the room."""
    return dict((await client.bookmarks_add(channel_id=room, **LINK))["bookmark"])


async def test_bookmarks_are_links(client: AsyncWebClient, room: str, bookmark: dict[str, Any]):
    assert bookmark["id"].startswith("Bk")
    assert (await client.bookmarks_list(channel_id=room))["bookmarks"] == [bookmark]


async def test_what_is_not_given_stays(client: AsyncWebClient, sandbox: Sandbox, room: str, bookmark: dict[str, Any]):
    named = {"channel_id": room, "bookmark_id": bookmark["id"]}
    sandbox.clock.advance(60)
    edited = (await client.bookmarks_edit(**named, link="http://example.com/2"))["bookmark"]
    assert (edited["title"], edited["link"], edited["emoji"]) == ("Timeline", "http://example.com/2", ":clock1:")
    assert edited["date_updated"] >= bookmark["date_updated"] + 60
    edited = (await client.bookmarks_edit(**named, title="Log", emoji=":scroll:"))["bookmark"]
    assert (await client.bookmarks_list(channel_id=room))["bookmarks"] == [edited]
    assert (edited["title"], edited["emoji"]) == ("Log", ":scroll:")


async def test_a_bookmark_is_removed_once(client: AsyncWebClient, room: str, bookmark: dict[str, Any]):
    named = {"channel_id": room, "bookmark_id": bookmark["id"]}
    assert (await client.bookmarks_remove(**named)).data == {"ok": True}
    assert (await client.bookmarks_list(channel_id=room))["bookmarks"] == []
    assert (await refusal(client.bookmarks_remove(**named)))["error"] == "not_found"
    assert (await refusal(client.bookmarks_edit(**named, title="x")))["error"] == "not_found"
    assert (await refusal(client.api_call("bookmarks.remove")))["error"] == "channel_not_found"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"link": "ftp://example.com"}, "invalid_link"),
        ({"link": "https://example.com/" + "x" * 2029}, "invalid_link"),
        ({"emoji": "clock1"}, "invalid_emoji"),
        ({"title": "x" * 257}, "invalid_arguments"),
    ],
)
async def test_a_bookmark_is_checked(
    client: AsyncWebClient, room: str, bookmark: dict[str, Any], change: dict[str, str], error: str
):
    add = client.api_call("bookmarks.add", params={"channel_id": room} | LINK | change)
    assert (await refusal(add))["error"] == error
    edit = client.bookmarks_edit(channel_id=room, bookmark_id=bookmark["id"], **change)
    assert (await refusal(edit))["error"] == error
    assert (await client.bookmarks_list(channel_id=room))["bookmarks"] == [bookmark]


async def test_the_limits_of_a_bookmark_themselves_are_within(client: AsyncWebClient, sandbox: Sandbox, room: str):
    title, link = "x" * 256, "https://example.com/" + "x" * 2028
    first = (await client.bookmarks_add(channel_id=room, type="link", title=title, link=link))["bookmark"]
    assert (first["title"], first["link"]) == (title, link)
    sandbox.channel("#room").bookmarks.extend(dict(first) for _ in range(98))
    assert (await client.bookmarks_add(channel_id=room, **LINK))["ok"]
    assert (await refusal(client.bookmarks_add(channel_id=room, **LINK)))["error"] == "too_many_bookmarks"


async def test_only_links_are_bookmarked(client: AsyncWebClient, room: str):
    folder = client.bookmarks_add(channel_id=room, title="x", type="folder")
    assert (await refusal(folder))["error"] == "invalid_bookmark_type"
    assert (await refusal(client.bookmarks_add(channel_id=room, title="x", type="link")))["error"] == "invalid_link"


async def test_bookmarks_are_changed_by_members_of_living_channels(
    client: AsyncWebClient, sandbox: Sandbox, room: str, bookmark: dict[str, Any]
):
    async def errors(channel: str) -> set[str]:
        calls = (
            client.bookmarks_add(channel_id=channel, **LINK),
            client.bookmarks_edit(channel_id=channel, bookmark_id=bookmark["id"], title="x"),
            client.bookmarks_remove(channel_id=channel, bookmark_id=bookmark["id"]),
        )
        return {str((await refusal(call))["error"]) for call in calls}

    assert await errors("C404") == {"channel_not_found"}
    assert await errors(sandbox.channel("#general").id) == {"permission_denied"}
    await client.conversations_archive(channel=room)
    assert await errors(room) == {"permission_denied"}


async def test_bookmarks_take_their_scopes():
    async with Sandbox(scopes=frozenset({"pins:read"})) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        for name in ("add", "edit", "remove", "list"):
            answer = await refusal(client.api_call(f"bookmarks.{name}"))
            needed = "bookmarks:read" if name == "list" else "bookmarks:write"
            assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
