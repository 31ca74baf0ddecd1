"""Takes the pictures of the README, and of the card in each phase: `.venv/bin/python -m docs.screenshots`. Needs a chromium, no
network, half a minute.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.sandbox import Sandbox
from docs.playing import ROOM, play, stage

DOCS = Path(__file__).parent
CARDS = DOCS / "card"
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 940}
WHOLE: dict[str, ViewportSize] = {"desk": {"width": 1280, "height": 1200}, "phone": {"width": 360, "height": 1600}}


async def main() -> None:
    """Play the incident, and take each picture at its moment."""
    CARDS.mkdir(exist_ok=True)
    async with stage() as there, browsing() as browser:
        async for moment in play(there):
            if moment == "followed":
                await _take_room(there.sandbox, browser)
                await _take_phone(there.sandbox, browser)
            elif moment == "told":
                await _take_updates(there.sandbox, browser)
            else:
                await _take_card(there.sandbox, browser, moment)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
        )
        yield browser
        await browser.close()


async def opened(sandbox: Sandbox, browser: Browser, person: str, channel: str, **options: Any) -> Page:
    """A window on a channel as a person; options are those of a browser page."""
    page = await browser.new_page(color_scheme="light", **options)
    await page.goto(f"{sandbox.url}/#user={sandbox.person(person).id}&channel={sandbox.channel(channel).id}")
    await page.locator(".message").first.wait_for()
    return page


async def saved(page: Page, name: str) -> None:
    """Take the picture, with nothing hovered or focused."""
    await page.mouse.move(1, 1)
    await page.evaluate("document.activeElement.blur()")
    await page.screenshot(path=DOCS / name, animations="disabled")
    await page.close()


async def _take_room(sandbox: Sandbox, browser: Browser) -> None:
    """The room as the incident commander sees it: the card, and what speaks for the second hypothesis."""
    page = await opened(sandbox, browser, "alice", ROOM, viewport=DESK)
    await page.get_by_role("button", name="replies").last.click()
    await page.get_by_role("complementary").locator(".message").last.wait_for()
    await page.locator(".message.pinned").evaluate("card => card.scrollIntoView()")
    await saved(page, "room.png")


async def _take_phone(sandbox: Sandbox, browser: Browser) -> None:
    """The card on a phone."""
    page = await opened(sandbox, browser, "alice", ROOM, viewport=PHONE, is_mobile=True, has_touch=True)
    await page.locator(".message.pinned").evaluate("card => card.scrollIntoView()")
    await saved(page, "phone.png")


async def _take_card(sandbox: Sandbox, browser: Browser, moment: str) -> None:
    """The card alone, as wide as a window and as wide as a phone."""
    for name, options in (("desk", {}), ("phone", {"is_mobile": True, "has_touch": True})):
        page = await opened(sandbox, browser, "alice", ROOM, viewport=WHOLE[name], **options)
        await page.mouse.move(1, 1)
        await page.locator(".message.pinned").screenshot(path=CARDS / f"{moment}-{name}.png", animations="disabled")
        await page.close()


async def _take_updates(sandbox: Sandbox, browser: Browser) -> None:
    """What an executive reads, in her own time zone."""
    page = await opened(sandbox, browser, "carol", "#exec-updates", viewport=DESK)
    await page.get_by_role("button", name="replies").click()
    await page.get_by_role("complementary").locator(".message").last.wait_for()
    await page.get_by_role("main").locator(".message").first.evaluate("first => first.scrollIntoView()")
    await saved(page, "updates.png")


if __name__ == "__main__":
    asyncio.run(main())
