"""Files: an upload in its three steps, sharing, reading, and what Slack refuses."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.workspace import files
from bot.sandbox.workspace.state import File
from tests.sandbox.raw_app import RawApp
from tests.sandbox.test_transport import refusal

REPORT = b"time,errors\n10:02,4113\n"


async def announced(
    client: AsyncWebClient, content: bytes = REPORT, name: str = "report.csv", **more: str
) -> dict[str, Any]:
    """The answer to the first step."""
    return dict((await client.files_getUploadURLExternal(filename=name, length=len(content), **more)).data)  # type: ignore[arg-type]


async def sent(http: aiohttp.ClientSession, url: str, body: Any) -> tuple[int, str]:
    """Status and text of the second step, which carries no token."""
    async with http.post(url, data=body) as answer:
        assert answer.content_type == "text/plain"
        return answer.status, await answer.text()


async def uploaded(client: AsyncWebClient, http: aiohttp.ClientSession, content: bytes = REPORT) -> str:
    """The id of a file whose bytes were sent."""
    step = await announced(client, content)
    assert (await sent(http, step["upload_url"], content))[0] == 200
    return str(step["file_id"])


async def complete(client: AsyncWebClient, *ids: str, **more: Any) -> dict[str, Any]:
    """The answer to the third step, as a dictionary."""
    return dict((await client.files_completeUploadExternal(files=[{"id": one} for one in ids], **more)).data)  # type: ignore[arg-type]


async def test_the_sdk_uploads_a_file_whole(client: AsyncWebClient, sandbox: Sandbox, room: str):
    answer = await client.files_upload_v2(
        channel=room, filename="Error Report.csv", title="Errors", content=REPORT.decode(), initial_comment="See here"
    )
    file = answer["file"]
    assert (file["title"], file["size"], file["mode"]) == ("Errors", len(REPORT), "hosted")
    assert file["url_private"].endswith(f"/files-pri/{sandbox.team_id}-{file['id']}/error_report.csv")
    alice = sandbox.person("alice")
    await alice.joins("#room")
    seen = await alice.sees("See here", in_="#room")
    assert seen.text == "See here\n(file: Error Report.csv)"
    assert seen.raw["subtype"] == "file_share"
    assert seen.raw["files"][0]["mimetype"] == "text/csv"


async def test_the_answer_does_not_know_yet_where_the_file_is_shared(
    client: AsyncWebClient, http: aiohttp.ClientSession, room: str
):
    file_id = await uploaded(client, http)
    [file] = (await complete(client, file_id, channel_id=room))["files"]
    assert (file["shares"], file["channels"], file["filetype"]) == ({}, [], "")
    file = (await client.files_info(file=file_id))["file"]
    [share] = file["shares"]["public"][room]
    messages = (await client.conversations_history(channel=room))["messages"]
    assert (share["ts"], share["channel_name"], file["channels"]) == (messages[0]["ts"], "room", [room])
    assert (file["filetype"], file["pretty_type"], file["is_public"]) == ("csv", "CSV", True)
    await client.chat_delete(channel=room, ts=share["ts"])
    assert (await client.files_info(file=file_id))["file"]["shares"] == {}


async def test_the_app_hears_of_the_message_and_of_each_file(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, raw_app: RawApp, room: str
):
    sandbox.workspace.app.events = frozenset({"message.channels", "file_shared"})
    one, two = await uploaded(client, http), await uploaded(client, http)
    await complete(client, one, two, channel_id=room)
    message = await raw_app.event("message", "file_share")
    assert ([file["id"] for file in message["files"]], message["bot_id"]) == ([one, two], sandbox.workspace.app.bot_id)
    events = [await raw_app.event("file_shared") for _ in range(2)]
    assert {event["file_id"] for event in events} == {event["file"]["id"] for event in events} == {one, two}
    assert {(event["channel_id"], event["user_id"]) for event in events} == {(room, sandbox.workspace.bot.id)}


async def test_one_upload_goes_to_several_channels_or_into_a_thread(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, room: str
):
    other = (await client.conversations_create(name="private", is_private=True))["channel"]["id"]
    first = await uploaded(client, http)
    await complete(client, first, channels=[room, other], channel_id=room)
    file = (await client.files_info(file=first))["file"]
    assert (file["channels"], file["groups"], list(file["shares"])) == ([room], [other], ["public", "private"])
    root = (await client.chat_postMessage(channel=room, text="root"))["ts"]
    second = await uploaded(client, http)
    await complete(client, second, channel_id=room, thread_ts=root)
    replies = (await client.conversations_replies(channel=room, ts=root))["messages"]
    assert [message["files"][0]["id"] for message in replies[1:]] == [second]
    assert (await client.files_info(file=second))["file"]["shares"]["public"][room][0]["thread_ts"] == root


async def test_blocks_say_what_a_comment_does_not(client: AsyncWebClient, http: aiohttp.ClientSession, room: str):
    blocks = json.dumps([{"type": "section", "text": {"type": "mrkdwn", "text": "Errors"}}])
    await complete(client, await uploaded(client, http), channel_id=room, blocks=blocks)
    await complete(client, await uploaded(client, http), channel_id=room, blocks=blocks, initial_comment="hi")
    commented, blocky = (await client.conversations_history(channel=room, limit=2))["messages"]
    assert (blocky["blocks"][0]["text"]["text"], commented["text"]) == ("Errors", "hi")
    assert "blocks" not in commented


async def test_bytes_may_come_in_a_form_as_the_javascript_sdk_sends_them(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox
):
    step = await announced(client)
    form = aiohttp.FormData()
    form.add_field("body", REPORT, filename="Untitled", content_type="application/octet-stream")
    assert await sent(http, step["upload_url"], form) == (200, f"OK - {len(REPORT)}")
    assert sandbox.workspace.files[step["file_id"]].content == REPORT


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_more_bytes_than_a_request_may_have_elsewhere_are_taken(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox
):
    content = bytes(range(256)) * 20_000
    file = sandbox.workspace.files[await uploaded(client, http, content)]
    assert file.content == content


async def test_an_upload_must_be_as_long_as_announced(client: AsyncWebClient, http: aiohttp.ClientSession):
    step = await announced(client)
    assert (await sent(http, step["upload_url"], REPORT + b"!"))[0] == 400
    assert (await sent(http, step["upload_url"], REPORT[:-1]))[0] == 400
    assert (await refusal(client.files_completeUploadExternal(files=[{"id": step["file_id"]}])))[
        "error"
    ] == "file_not_found"


async def test_an_upload_that_is_complete_is_over(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox
):
    step = await announced(client)
    await sent(http, step["upload_url"], REPORT)
    assert (await refusal(client.files_info(file=step["file_id"])))["error"] == "file_not_found"
    await complete(client, step["file_id"])
    assert (await client.files_info(file=step["file_id"]))["file"]["is_public"] is False
    assert (await sent(http, step["upload_url"], REPORT))[0] == 404
    again = await refusal(client.files_completeUploadExternal(files=[{"id": step["file_id"]}]))
    assert again["error"] == "file_not_found"
    assert (await sent(http, f"{sandbox.url}/upload/v1/", REPORT))[0] == 404


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a.txt"}, "missing_argument"),
        ({"length": 1}, "missing_argument"),
        ({"filename": "a.txt", "length": 0}, "missing_argument"),
        ({"filename": "a.txt", "length": "long"}, "invalid_arguments"),
        ({"filename": "a.txt", "length": -1}, "invalid_arguments"),
        ({"filename": "a.png", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"filename": "a", "length": 1, "snippet_type": "klingon"}, "unknown_snippet_type"),
        ({"filename": "a", "length": 1_000_001, "snippet_type": "python"}, "snippet_too_large"),
        ({"filename": "a", "length": 1_000_000_001}, "file_upload_size_restricted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_uploaded(client: AsyncWebClient, arguments: dict[str, Any], error: str):
    assert (await refusal(client.api_call("files.getUploadURLExternal", params=arguments)))["error"] == error


async def test_the_limits_of_an_upload_themselves_are_within(client: AsyncWebClient, http: aiohttp.ClientSession):
    assert await announced(client, alt_txt="x" * 1000)
    params = {"filename": "big", "length": 1_000_000_000}
    assert (await client.api_call("files.getUploadURLExternal", params=params))["ok"]
    step = await announced(client, b"x" * 1_000_000, snippet_type="python", alt_txt="code")
    await sent(http, step["upload_url"], b"x" * 1_000_000)
    await complete(client, step["file_id"])
    file = (await client.files_info(file=step["file_id"]))["file"]
    assert (file["mode"], file["filetype"], file["alt_txt"]) == ("snippet", "python", "code")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"files": "no json"}, "invalid_arguments"),
        ({"files": "[]"}, "invalid_arguments"),
        ({"files": '[{"title": "x"}]'}, "invalid_arguments"),
        ({"channel_id": "U00000ALICE"}, "invalid_arguments"),
        ({"channel_id": "C0404040404"}, "channel_not_found"),
        ({"channels": "C0404040404"}, "invalid_channel"),
        ({"channels": ",".join(f"C{number:010}" for number in range(101))}, "channels_limit_exceeded"),
        ({"channel_id": "C0000ARCHIV"}, "posting_to_channel_denied"),
        ({"channel_id": "C000GENERAL"}, "not_in_channel"),
        ({"thread_ts": "1.000001"}, "invalid_arguments"),
        ({"blocks": "[{}]"}, "invalid_blocks"),
        ({"blocks": "not json"}, "invalid_blocks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_completed(
    client: AsyncWebClient,
    http: aiohttp.ClientSession,
    sandbox: Sandbox,
    room: str,
    arguments: dict[str, str],
    error: str,
):
    archived = sandbox.channel("#incidents")
    archived.id, archived.is_archived = "C0000ARCHIV", True
    sandbox.workspace.channels[archived.id] = archived
    file_id = await uploaded(client, http)
    given = {"files": json.dumps([{"id": file_id}]), "channel_id": room, **arguments}
    assert (await refusal(client.api_call("files.completeUploadExternal", params=given)))["error"] == error
    assert [message["type"] for message in sandbox.messages("#room") if "files" in message] == []
    assert (await complete(client, file_id, channel_id=room))["ok"]


async def test_the_files_of_others_are_theirs(client: AsyncWebClient, sandbox: Sandbox):
    alice = sandbox.person("alice").id
    hidden = files.add(sandbox.workspace, alice, "notes.txt", b"mine")
    given = files.add(sandbox.workspace, alice, "for you.txt", b"yours", readers=[sandbox.workspace.bot.id])
    assert (await refusal(client.files_completeUploadExternal(files=[{"id": given.id}])))["error"] == "access_denied"
    assert (await refusal(client.files_info(file=hidden.id)))["error"] == "not_visible"
    assert (await client.files_info(file=given.id))["file"]["user"] == alice
    assert (await refusal(client.files_info(file="F404")))["error"] == "file_not_found"


@pytest.mark.parametrize(
    ("granted", "method", "needed"),
    [
        ("files:read", "files.getUploadURLExternal", "files:write"),
        ("files:read", "files.completeUploadExternal", "files:write"),
        ("files:write", "files.info", "files:read"),
    ],
)
async def test_files_take_their_scopes(http: aiohttp.ClientSession, granted: str, method: str, needed: str):
    async with Sandbox(scopes=frozenset({granted})) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        answer = await refusal(client.api_call(method))
        assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", needed, granted)


def private(sandbox: Sandbox, content: bytes = REPORT) -> tuple[File, str]:
    """A file of alice's that the app may read, and its private address."""
    readers = [sandbox.workspace.bot.id]
    file = files.add(sandbox.workspace, sandbox.person("alice").id, "a b.csv", content, readers=readers)
    return file, f"{sandbox.url}/files-pri/{sandbox.team_id}-{file.id}"


async def test_the_app_reads_a_file_with_its_token(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox
):
    file, _ = private(sandbox)
    shown = (await client.files_info(file=file.id))["file"]
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    for address in (shown["url_private"], shown["url_private_download"]):
        async with http.get(address, headers=headers) as answer:
            assert (answer.status, answer.content_type, await answer.read()) == (200, "text/csv", REPORT)


@pytest.mark.parametrize("token", [None, "xoxb-other"])
async def test_without_its_token_the_app_is_led_to_a_page(
    http: aiohttp.ClientSession, sandbox: Sandbox, token: str | None
):
    address = private(sandbox)[1] + "/a_b.csv"
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with http.get(address, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.history[0].headers["Location"].startswith(f"{sandbox.url}/?redir=%2Ffiles-pri%2F")


async def test_without_the_scope_to_read_files_neither(http: aiohttp.ClientSession):
    async with Sandbox(scopes=frozenset({"files:write"})) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with http.get(private(sandbox)[1] + "/download/a_b.csv", headers=headers) as answer:
            assert answer.content_type == "text/html"


async def test_people_download_what_they_can_see(client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox):
    secret = (await client.conversations_create(name="secret", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=secret, users=sandbox.person("alice").id)
    file_id = (await client.files_upload_v2(channel=secret, filename="a.html", content="<script>"))["file"]["id"]
    for name, status in (("alice", 200), ("bob", 404)):
        query = {"user": sandbox.person(name).id}
        async with http.get(f"{sandbox.url}/page/files/{file_id}", params=query) as answer:
            assert answer.status == status
            assert status == 404 or answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a.html"


async def test_an_upload_whose_answer_never_arrives_has_happened(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox
):
    step = await announced(client)
    sandbox.faults.lose_answer("upload")
    with pytest.raises(aiohttp.ClientError):
        await sent(http, step["upload_url"], REPORT)
    assert sandbox.workspace.files[step["file_id"]].content == REPORT
    assert [record.outcome for record in sandbox.calls.of("upload")] == ["dropped"]
    assert (await sent(http, step["upload_url"], REPORT))[0] == 200


async def test_uploads_fail_on_request(
    client: AsyncWebClient, http: aiohttp.ClientSession, sandbox: Sandbox, room: str
):
    sandbox.faults.fail("upload")
    sandbox.faults.limit("upload")
    for status in (500, 429):
        with pytest.raises(SlackRequestError, match=f"status: {status}"):
            await client.files_upload_v2(channel=room, filename="a.txt", content="a")
    step = await announced(client)
    sandbox.faults.refuse("upload")
    with pytest.raises(aiohttp.ClientError):
        await sent(http, step["upload_url"], REPORT)
    assert sandbox.workspace.files[step["file_id"]].content is None
    await sandbox.faults.start_outage()
    for address in (step["upload_url"], private(sandbox)[1] + "/a"):
        with pytest.raises(aiohttp.ClientError):
            await (http.post if "upload" in address else http.get)(address)


async def test_files_outlive_the_sandbox(http: aiohttp.ClientSession, tmp_path: Path):
    kept = tmp_path / "workspace.json"
    async with Sandbox(state_file=kept) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        room = (await client.conversations_create(name="room"))["channel"]["id"]
        file_id = (await client.files_upload_v2(channel=room, filename="a.txt", content="\x00é"))["file"]["id"]
    async with Sandbox(state_file=kept) as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=http)
        file = (await client.files_info(file=file_id))["file"]
        assert list(file["shares"]["public"]) == [room]
        headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
        async with http.get(file["url_private"], headers=headers) as answer:
            assert await answer.read() == "\x00é".encode()


async def test_a_deleted_file_leaves_a_tombstone_in_its_message(client: AsyncWebClient, sandbox: Sandbox, room: str):
    answer = await client.files_upload_v2(channel=room, filename="a.txt", content="x", initial_comment="See here")
    file = answer["file"]["id"]
    await client.files_delete(file=file)
    alice = sandbox.person("alice")
    await alice.joins("#room")
    seen = await alice.sees("See here", in_="#room")
    assert seen.raw["files"] == [{"id": file, "mode": "tombstone"}]
    assert sandbox.workspace.files[file].content is None
    assert (await refusal(client.files_delete(file=file)))["error"] == "file_deleted"
    assert (await refusal(client.files_delete(file="F404")))["error"] == "file_not_found"
