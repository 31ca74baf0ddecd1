"""Canvases: documents of their own and those of channels."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.test_transport import refusal

TIMELINE = (
    "# Timeline\n10:02 errors rise\n10:05 declared\n\n## Open questions\n- why now?\n\n```\n# no heading\n\n$ date\n```"
)
MIB = 1024 * 1024


def markdown(text: str) -> dict[str, str]:
    """The content of a canvas or of a change."""
    return {"type": "markdown", "markdown": text}


@pytest.fixture
async def canvas(client: AsyncWebClient) -> str:
    """The id of a canvas of the bot's own."""
    answer = await client.canvases_create(title="INC-1", document_content=markdown(TIMELINE))
    return str(answer["canvas_id"])


def texts(sandbox: Sandbox, canvas: str) -> list[str]:
    """What a canvas holds, by sections."""
    return [section.markdown for section in sandbox.workspace.canvases[canvas].sections]


async def section(client: AsyncWebClient, canvas: str, text: str) -> str:
    """The id of the one section that contains a text."""
    [found] = (await client.canvases_sections_lookup(canvas_id=canvas, criteria={"contains_text": text}))["sections"]
    return str(found["id"])


async def change(
    client: AsyncWebClient, canvas: str, operation: str, text: str | None = None, at: str | None = None
) -> Any:
    """Make one change."""
    content = {} if text is None else {"document_content": markdown(text)}
    place = {} if at is None else {"section_id": at}
    return await client.canvases_edit(canvas_id=canvas, changes=[{"operation": operation, **content, **place}])


async def test_a_canvas_falls_into_sections(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    assert canvas.startswith("F")
    assert texts(sandbox, canvas) == [
        "# Timeline",
        "10:02 errors rise\n10:05 declared",
        "## Open questions",
        "- why now?",
        "```\n# no heading\n\n$ date\n```",
    ]


async def test_each_operation_changes_what_it_names(client: AsyncWebClient, sandbox: Sandbox):
    canvas = (await client.canvases_create(document_content=markdown("one\n\ntwo")))["canvas_id"]
    assert (await change(client, canvas, "insert_at_start", "# top")).data == {"ok": True}
    await change(client, canvas, "insert_at_end", "end")
    await change(client, canvas, "insert_before", "before two", await section(client, canvas, "two"))
    await change(client, canvas, "insert_after", "after end", await section(client, canvas, "end"))
    assert texts(sandbox, canvas) == ["# top", "one", "before two", "two", "end", "after end"]
    await change(client, canvas, "replace", "ONE\n\nONE AND A HALF", await section(client, canvas, "one"))
    await change(client, canvas, "delete", None, await section(client, canvas, "before"))
    assert texts(sandbox, canvas) == ["# top", "ONE", "ONE AND A HALF", "two", "end", "after end"]
    await change(client, canvas, "replace", "all new")
    assert texts(sandbox, canvas) == ["all new"]
    await client.canvases_edit(
        canvas_id=canvas, changes=[{"operation": "rename", "title_content": markdown("Renamed")}]
    )
    assert (await client.files_info(file=canvas))["file"]["title"] == "Renamed"


async def test_sections_are_found_by_kind_and_text(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    async def found(**criteria: Any) -> list[str]:
        answer = await client.canvases_sections_lookup(canvas_id=canvas, criteria=criteria)
        held = {one.id: one.markdown for one in sandbox.workspace.canvases[canvas].sections}
        return [held[one["id"]] for one in answer["sections"]]

    assert await found(section_types=["any_header"]) == ["# Timeline", "## Open questions"]
    assert await found(section_types=["h2", "h3"]) == ["## Open questions"]
    assert await found(section_types=["h1"], contains_text="Open") == []
    assert await found(contains_text="why") == ["- why now?"]


async def test_an_edit_gives_every_section_a_new_id(client: AsyncWebClient, canvas: str):
    stale = await section(client, canvas, "why")
    await change(client, canvas, "insert_at_end", "more")
    answer = await refusal(change(client, canvas, "delete", None, stale))
    assert (answer["error"], answer["detail"]) == ("canvas_editing_failed", f"Section not found: {stale}")


async def test_a_list_within_a_quotation_is_refused_with_its_line(client: AsyncWebClient, canvas: str):
    wrong = markdown("fine\n\n> - quoted item")
    detail = "'content' error: line 3: Unsupported block type (List) within block quote"
    answer = await refusal(client.canvases_create(document_content=wrong))
    assert (answer["error"], answer["detail"]) == ("canvas_creation_failed", detail)
    answer = await refusal(change(client, canvas, "replace", wrong["markdown"]))
    assert (answer["error"], answer["detail"]) == ("canvas_editing_failed", detail)


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_canvas_holds_a_mebibyte(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    full = (await client.canvases_create(document_content=markdown("é" * (MIB // 2))))["canvas_id"]
    answer = await refusal(client.canvases_create(document_content=markdown("é" * (MIB // 2) + "x")))
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 1048577 characters [json-pointer:/document_content/markdown]"
    ]
    assert (await refusal(change(client, full, "insert_at_end", "x")))["error"] == "canvas_too_large"
    await change(client, canvas, "replace", "x" * MIB)
    assert (await refusal(change(client, canvas, "replace", "x" * (MIB + 1))))["error"] == "canvas_too_large"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ("no json", "/changes"),
        ({}, "/changes"),
        ([], "/changes"),
        ([{"operation": "delete"}, {"operation": "delete"}], "/changes"),
        (["delete"], "/changes/0"),
        ([{"operation": "burn"}], "/changes/0/operation"),
        ([{"operation": "delete"}], "/changes/0"),
        ([{"operation": "insert_after", "document_content": markdown("x")}], "/changes/0"),
        ([{"operation": "insert_at_end"}], "/changes/0/document_content"),
        ([{"operation": "insert_at_end", "document_content": {"type": "html"}}], "/changes/0/document_content/type"),
        ([{"operation": "insert_at_end", "document_content": {"type": "markdown"}}], "/changes/0/document_content"),
        ([{"operation": "rename"}], "/changes/0/title_content"),
    ],
)
async def test_an_edit_is_exactly_one_whole_change(client: AsyncWebClient, canvas: str, changes: Any, pointer: str):
    answer = await refusal(client.canvases_edit(canvas_id=canvas, changes=changes))
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"][0].endswith(f"[json-pointer:{pointer}]")


@pytest.mark.parametrize(
    ("criteria", "pointer"),
    [
        ("[]", "/criteria"),
        ("no json", "/criteria"),
        ("{}", "/criteria"),
        ('{"section_types": []}', "/criteria"),
        ('{"section_types": ["h1", "h2", "h3", "any_header"]}', "/criteria/section_types"),
        ('{"section_types": ["h1", "h4"]}', "/criteria/section_types/1"),
    ],
)
async def test_a_lookup_says_what_it_looks_for(client: AsyncWebClient, canvas: str, criteria: str, pointer: str):
    params = {"canvas_id": canvas, "criteria": criteria}
    answer = await refusal(client.api_call("canvases.sections.lookup", params=params))
    assert answer["response_metadata"]["messages"][0].endswith(f"[json-pointer:{pointer}]")


async def test_a_channel_has_one_canvas(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, room: str
):
    made = await client.conversations_canvases_create(
        channel_id=room, document_content=markdown("# <Plan>"), title="Plan"
    )
    again = await refusal(client.conversations_canvases_create(channel_id=room, document_content=markdown("")))
    assert again["error"] == "channel_canvas_already_exists"
    shown = (await client.conversations_info(channel=room))["channel"]["properties"]["canvas"]
    assert shown == {"file_id": made["canvas_id"], "is_empty": False}
    access = client.canvases_access_set(
        canvas_id=made["canvas_id"], access_level="read", user_ids=[sandbox.person("bob").id]
    )
    assert (await refusal(access))["error"] == "canvas_not_found"
    state = {"user": sandbox.person("bob").id, "channel": room}
    async with http.get(f"{sandbox.url}/page/state", params=state) as answer:
        [tab] = (await answer.json())["channel"]["bookmarks"]
    async with http.get(tab["link"]) as answer:
        assert ">&lt;Plan&gt;</h1>" in await answer.text()
    await client.canvases_delete(canvas_id=made["canvas_id"])
    assert (await client.conversations_info(channel=room))["channel"]["properties"] == {}
    assert (await client.conversations_canvases_create(channel_id=room, document_content=markdown("")))["ok"]


async def test_a_canvas_may_have_a_tab_in_a_channel(client: AsyncWebClient, room: str):
    for _ in range(2):
        made = (await client.canvases_create(title="Notes", document_content=markdown("x"), channel_id=room))[
            "canvas_id"
        ]
    file = (await client.files_info(file=made))["file"]
    assert (file["channels"], file["pretty_type"], file["size"]) == ([room], "Canvas", 1)


@pytest.mark.parametrize("method", ["canvases.create", "conversations.canvases.create"])
async def test_a_canvas_needs_a_channel_that_takes_it(client: AsyncWebClient, sandbox: Sandbox, room: str, method: str):
    async def error(channel: str) -> str:
        return str((await refusal(client.api_call(method, json={"channel_id": channel})))["error"])

    assert await error("C404") == "channel_not_found"
    assert await error(sandbox.channel("#general").id) == "restricted_action"
    await client.conversations_archive(channel=room)
    failed = "canvas_creation_failed" if method == "canvases.create" else "channel_canvas_creation_failed"
    assert await error(room) == failed


async def test_content_must_be_markdown(client: AsyncWebClient):
    for content, pointer in (("x", ""), ({"type": "html"}, "/type"), ({"type": "markdown"}, "")):
        answer = await refusal(client.api_call("canvases.create", json={"document_content": content}))
        assert answer["response_metadata"]["messages"][0].endswith(f"[json-pointer:/document_content{pointer}]")


async def test_access_is_given_to_one_person_or_channel(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, canvas: str, room: str
):
    alice, bob = sandbox.person("alice").id, sandbox.person("bob").id

    async def reads(user: str) -> bool:
        async with http.get(f"{sandbox.url}/page/files/{canvas}", params={"user": user}) as answer:
            return answer.status == 200

    assert not await reads(alice)
    assert (await client.canvases_access_set(canvas_id=canvas, access_level="write", user_ids=[alice])).data == {
        "ok": True
    }
    assert (await reads(alice), await reads(bob)) == (True, False)
    await client.canvases_access_set(canvas_id=canvas, access_level="read", channel_ids=[room])
    assert await reads(bob)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"access_level": "admin", "user_ids": "U00000ALICE"}, "invalid_arguments"),
        ({}, "invalid_parameters"),
        ({"user_ids": "U00000ALICE", "channel_ids": "C000GENERAL"}, "invalid_parameters"),
        ({"access_level": "owner", "channel_ids": "C000GENERAL"}, "invalid_parameters"),
        ({"user_ids": "U00000ALICE,U0000000BOB"}, "invalid_arguments"),
        ({"user_ids": "U404"}, "user_not_found"),
        ({"channel_ids": "C404"}, "channel_not_found"),
    ],
)
async def test_access_that_cannot_be_given(client: AsyncWebClient, canvas: str, arguments: dict[str, str], error: str):
    params = {"canvas_id": canvas, "access_level": "read", **arguments}
    assert (await refusal(client.api_call("canvases.access.set", params=params)))["error"] == error


async def test_who_hands_a_canvas_over_may_write_but_not_delete(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    await client.canvases_access_set(canvas_id=canvas, access_level="owner", user_ids=[sandbox.person("alice").id])
    assert (await change(client, canvas, "insert_at_end", "still mine to write"))["ok"]
    assert (await refusal(client.canvases_delete(canvas_id=canvas)))["error"] == "restricted_action"
    access = client.canvases_access_set(canvas_id=canvas, access_level="read", user_ids=[sandbox.person("bob").id])
    assert (await refusal(access))["error"] == "restricted_action"


async def test_a_canvas_that_is_gone(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    assert (await client.canvases_delete(canvas_id=canvas)).data == {"ok": True}
    criteria = {"contains_text": "x"}
    alice = [sandbox.person("alice").id]
    for gone, lookup in ((canvas, "canvas_deleted"), ("F404", "canvas_not_found")):
        assert (await refusal(change(client, gone, "insert_at_end", "x")))["error"] == "canvas_not_found"
        assert (await refusal(client.canvases_delete(canvas_id=gone)))["error"] == "canvas_not_found"
        access = client.canvases_access_set(canvas_id=gone, access_level="read", user_ids=alice)
        assert (await refusal(access))["error"] == "canvas_not_found"
        search = client.canvases_sections_lookup(canvas_id=gone, criteria=criteria)
        assert (await refusal(search))["error"] == lookup
    assert (await refusal(client.files_info(file=canvas)))["error"] == "file_deleted"


async def test_a_canvas_can_be_locked_on_request(client: AsyncWebClient, sandbox: Sandbox, canvas: str):
    sandbox.faults.error("canvases.edit", "canvas_editing_locked")
    assert (await refusal(change(client, canvas, "insert_at_end", "x")))["error"] == "canvas_editing_locked"
    assert (await change(client, canvas, "insert_at_end", "x"))["ok"]


async def test_canvases_take_their_scopes(http: aiohttp.ClientSession):
    methods = ("create", "edit", "delete", "access.set", "sections.lookup")
    async with Sandbox(scopes=frozenset({"files:read"})) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        for method in (*(f"canvases.{name}" for name in methods), "conversations.canvases.create"):
            answer = await refusal(client.api_call(method, json={}))
            needed = "canvases:read" if method.endswith("lookup") else "canvases:write"
            assert (answer["error"], answer["needed"]) == ("missing_scope", needed)


async def test_canvases_outlive_the_sandbox(http: aiohttp.ClientSession, tmp_path: Path):
    kept = tmp_path / "workspace.json"
    async with Sandbox(state_file=kept) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        room = (await client.conversations_create(name="room"))["channel"]["id"]
        made = await client.conversations_canvases_create(channel_id=room, document_content=markdown("# Kept"))
        found = await section(client, made["canvas_id"], "Kept")
    async with Sandbox(state_file=kept) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        assert await section(client, made["canvas_id"], "Kept") == found
        again = await refusal(client.conversations_canvases_create(channel_id=room, document_content=markdown("")))
        assert again["error"] == "channel_canvas_already_exists"
