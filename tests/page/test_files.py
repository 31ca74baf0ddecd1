"""Files and canvases in a real browser."""

from pathlib import Path

from playwright.async_api import expect
from slack_sdk.models.messages.chunk import MarkdownTextChunk, TaskUpdateChunk
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.page.conftest import PageOf
from tests.page.steps import opens


async def test_a_person_downloads_a_file_and_reads_the_canvas_of_a_channel(page_of: PageOf, sandbox: Sandbox):
    sandbox.workspace.app.scopes = None
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    room = (await client.conversations_create(name="room"))["channel"]["id"]
    await client.files_upload_v2(channel=room, filename="errors.csv", title="Errors", content="x" * 2_400)
    plan = {"type": "markdown", "markdown": "# Roll back\n<b>now</b>"}
    await client.conversations_canvases_create(channel_id=room, title="Plan", document_content=plan)
    page = await page_of("alice")
    await opens(page, "room")
    file = page.locator(".file")
    await expect(file).to_have_text("Errors errors.csv, 2 kB")
    async with page.expect_download() as download:
        await file.get_by_role("link", name="Errors").click()
    saved = await (await download.value).path()
    assert ((await download.value).suggested_filename, Path(saved).read_text()) == ("errors.csv", "x" * 2_400)
    async with page.expect_popup() as popup:
        await page.get_by_role("link", name="Plan").click()
    canvas = await popup.value
    await expect(canvas.get_by_role("heading", name="Roll back")).to_be_visible()
    await expect(canvas.get_by_text("<b>now</b>")).to_be_visible()


async def test_a_reply_grows_before_the_readers_eyes(page_of: PageOf, sandbox: Sandbox):
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    room = (await client.conversations_create(name="room"))["channel"]["id"]
    root = (await client.chat_postMessage(channel=room, text="How bad is it?"))["ts"]
    page = await page_of("alice")
    await opens(page, "room")
    recipient = {"recipient_team_id": sandbox.team_id, "recipient_user_id": sandbox.person("alice").id}
    chunks = [MarkdownTextChunk(text="Half "), TaskUpdateChunk(id="1", title="Count", status="pending")]
    ts = (await client.chat_startStream(channel=room, thread_ts=root, chunks=chunks, **recipient))["ts"]
    await page.get_by_role("button", name="1 reply").click()
    reply = page.get_by_role("complementary", name="Thread").locator(".message").last
    await expect(reply).to_contain_text("Half")
    await client.chat_stopStream(channel=room, ts=ts, chunks=[MarkdownTextChunk(text="of all.")])
    await expect(reply).to_contain_text("of all.")
