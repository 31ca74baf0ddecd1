"""A real browser on the sandbox's page, with Lockstep in the workspace. Every test has a browser of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from bot.app import App
from bot.sandbox import Sandbox
from tests.running import running

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PageOf = Callable[..., Awaitable[Page]]
"""`await page_of("alice", **options)`: a window on the page as this person; options are those of a browser context."""


@pytest.fixture
async def bot(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[App]:
    """Lockstep, connected to the workspace."""
    async with running(sandbox, sqlite_url) as app:
        yield app


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one the test is skipped, or fails where LOCKSTEP_TEST_REQUIRE asks for a browser."""
    found = shutil.which("chromium")
    if found is None and "browser" in os.environ.get("LOCKSTEP_TEST_REQUIRE", "").split(","):
        pytest.fail("No chromium is installed, and LOCKSTEP_TEST_REQUIRE asks for a browser.")
    if found is None:
        pytest.skip("No chromium is installed, so the page is not tested in a browser.")
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Chromium without a window. It starts in half a second, so each test has one, on its own event loop."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page_of(browser: Browser, sandbox: Sandbox, bot: App) -> AsyncIterator[PageOf]:
    """Opens the page as a person. Whatever a page complains of on its console fails the test."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    async def open_page(person: str, **options: Any) -> Page:
        context = await browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        page = await context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{sandbox.url}/#user={sandbox.person(person).id}")
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert complaints == []
