"""Every element of Block Kit in a real browser, in front of a Bolt app that is not Lockstep."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, FilePayload, Page, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.page.steps import form, writes
from tests.sandbox.every_element import FIELDS, every_field, newer_blocks, usual_blocks
from tests.sandbox.given import plain, section

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
TOO_WIDE = """() => [...document.querySelectorAll("html, body, .scroller, .message, dialog, dialog *")]
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.matches("html, body, .scroller, dialog, .body"))
    .map((node) => node.outerHTML.slice(0, 100))"""
ANYTHING = re.compile(".*")

Told = asyncio.Queue[dict[str, Any]]


@pytest.fixture
async def told(sandbox: Sandbox) -> AsyncIterator[Told]:
    """What a small Bolt app is told, which opens a form with every field on /incident and offers three services."""
    heard: Told = asyncio.Queue()
    sandbox.workspace.app.events = frozenset()
    app = AsyncApp(client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url))

    @app.command("/incident")
    async def opened(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=every_field())

    @app.options(ANYTHING)
    async def offered(ack: Any, payload: dict[str, Any]) -> None:
        names = [name for name in ("checkout", "checkin", "search") if payload["value"] in name]
        await ack(options=[{"text": plain(name), "value": name} for name in names])

    @app.view(ANYTHING)
    @app.action(ANYTHING)
    async def heard_of(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.put_nowait(body)

    handler = AsyncSocketModeHandler(app, sandbox.app_token)
    await handler.connect_async()
    yield heard
    await handler.close_async()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
async def page(request: pytest.FixtureRequest, browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """Alice's window on #general. Whatever it complains of on its console fails the test."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    context = await browser.new_context(**request.param)
    page = await context.new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{sandbox.url}/#user={sandbox.person('alice').id}&channel={sandbox.channel('#general').id}")
    yield page
    await context.close()
    assert complaints == []


async def test_every_field_is_filled_in_and_sent(page: Page, told: Told, sandbox: Sandbox):
    await writes(page, "/incident")
    opened = form(page, "Every field")
    typed = {
        "Impact": "Nobody can pay",
        "What happened": "A bad deploy",
        "Customers": "120",
        "Contact": "alice@example.com",
        "Dashboard": "https://example.com/d",
        "Day": "2026-12-01",
        "Time": "09:41",
        "Began": "2027-01-15T09:00",
    }
    chosen = {
        "Severity": "SEV1",
        "Regions": "Asia",
        "Lead": "Bob",
        "Helpers": "Carol",
        "Room": "#engineering",
        "Rooms": "#general",
        "Tell": "#incidents",
        "Also tell": "#general",
    }
    for label, text in typed.items():
        await opened.get_by_label(re.compile(f"^{label}\\b")).fill(text)
    for label, option in chosen.items():
        menu = opened.locator(".block.input", has=page.locator(".label", has_text=re.compile(f"^{label}\\b")))
        wanted = menu.locator("option", has_text=option)
        await menu.locator("select").select_option(value=await wanted.get_attribute("value"))
    for label, query in {"Service": "checko", "Others": "s"}.items():
        await opened.get_by_label(re.compile(f"^{label}\\b")).fill(query)
        await opened.locator(".offers:popover-open [role=option]").first.click()
    await opened.get_by_label(re.compile("^Some")).check()
    await opened.get_by_label(re.compile("^Logs")).check()
    log = FilePayload(name="trace.log", mimeType="text/plain", buffer=b"boom")
    await opened.locator("input[type=file]").set_input_files(log)
    await expect(opened.get_by_text("trace.log")).to_be_visible()
    assert await page.evaluate(TOO_WIDE) == []
    await opened.get_by_role("button", name="Send").click()
    values = (await asyncio.wait_for(told.get(), 5))["view"]["state"]["values"]
    await expect(opened).to_be_hidden()
    held = {
        block: next(value for key, value in state["it"].items() if key != "type") for block, state in values.items()
    }
    assert [block for block in FIELDS if not held[block]] == []
    assert (held["service"]["value"], held["services"][0]["value"]) == ("checkout", "search")
    assert (held["day"], held["time"], held["moment"]) == ("2026-12-01", "09:41", 1_800_000_000)
    assert (held["lead"], held["files"][0]["size"]) == (sandbox.person("bob").id, 4)


async def test_a_form_says_what_is_missing_before_it_is_sent(page: Page, told: Told):
    await writes(page, "/incident")
    opened = form(page, "Every field")
    await opened.get_by_label(re.compile("^Customers")).fill("501")
    await opened.get_by_role("button", name="Send").click()
    await expect(opened.get_by_text("Complete this required field")).to_be_visible()
    await expect(opened.get_by_text("Value must be less than or equal to 500.")).to_be_visible()
    assert told.empty()


async def test_messages_show_every_block_and_tell_the_app_of_every_press(page: Page, told: Told, sandbox: Sandbox):
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    await client.conversations_join(channel=sandbox.channel("#general").id)
    for blocks in (usual_blocks(), newer_blocks()):
        await client.chat_postMessage(channel="#general", text="x", blocks=blocks)
    log = page.get_by_role("log")
    await expect(log.get_by_text("Half of all payments fail.")).to_be_visible()
    await expect(page.locator(".unsupported")).to_have_count(0)
    assert await page.evaluate(TOO_WIDE) == []
    await log.get_by_role("button", name="Roll back").click()
    await page.get_by_role("dialog", name="Roll back?").get_by_role("button", name="Leave it").click()
    await log.get_by_role("button", name="Roll back").click()
    await page.get_by_role("dialog", name="Roll back?").get_by_role("button", name="Roll back").click()
    await log.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Mute").click()
    service = log.get_by_role("combobox", name="Service")
    await service.fill("se")
    await expect(log.get_by_role("option", name="search")).to_be_visible()
    await service.press("Enter")
    await log.get_by_label("Severity").select_option("SEV2")
    await log.get_by_role("button", name="Good").click()
    await log.get_by_role("button", name="Copy").click()
    actions = [(await asyncio.wait_for(told.get(), 5))["actions"][0] for _ in range(6)]
    assert [action["action_id"] for action in actions] == ["roll", "more", "service", "level", "rate", "copy"]
    assert [action["selected_option"]["value"] for action in actions[1:4]] == ["mute", "search", "sev2"]


async def test_a_picture_of_the_workspace_is_shown_and_of_others_only_the_words(page: Page, sandbox: Sandbox):
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    general = sandbox.channel("#general").id
    sandbox.workspace.app.scopes = None
    await client.conversations_join(channel=general)
    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    uploaded = await client.files_upload_v2(channel=general, filename="curve.png", content=dot)
    pictures: list[dict[str, Any]] = [
        {"type": "image", "alt_text": "Failures by hour", "slack_file": {"id": uploaded["file"]["id"]}},
        {"type": "image", "alt_text": "A cat", "image_url": "https://example.com/cat.png"},
        section("Beside", accessory={"type": "image", "alt_text": "A dog", "image_url": "https://example.com/d.png"}),
    ]
    await client.chat_postMessage(channel=general, text="x", blocks=pictures)
    shown = page.get_by_role("img", name="Failures by hour")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("image => image.naturalWidth") == 1
    await expect(page.locator("figure", has_text="A cat")).to_be_visible()
    await expect(page.locator(".section", has_text="A dog")).to_be_visible()
