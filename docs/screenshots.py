"""Takes the pictures of the README: `.venv/bin/python docs/screenshots.py`. Needs Debian's chromium, no network, ten seconds.

Five people lead an incident to CONTAINMENT in a sandbox of their own, at a fixed time, so that the pictures stay comparable.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.app import App
from bot.sandbox import Sandbox
from bot.settings import Settings

DOCS = Path(__file__).parent
START = datetime(2026, 11, 24, 13, 2, 10, tzinfo=UTC)
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 780}
ROOM = "#inc-1-card-payments-fail-at-checkout"
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Stage:
    """The workspace and the bot in it."""

    sandbox: Sandbox
    bot: App

    async def passes(self, minutes: float = 0) -> None:
        """Wait until everything is delivered, then let time pass."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while not await self.bot.is_idle():
                await asyncio.sleep(0.02)
            await self.sandbox.idle()
            then = self.bot.clock.now() + timedelta(minutes=minutes)
            self.sandbox.clock.advance(minutes * 60)
            while self.bot.clock.now() < then:
                await asyncio.sleep(0.02)


async def main() -> None:
    """Play the incident, then take the pictures."""
    async with _stage() as stage, _browser() as browser:
        await _incident(stage)
        await _take_room(stage.sandbox, browser)
        await _take_updates(stage.sandbox, browser)
        await _take_phone(stage.sandbox, browser)


@asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        async with Sandbox(start=START.timestamp()) as sandbox:
            settings = Settings.model_validate(
                {
                    "slack_bot_token": sandbox.bot_token,
                    "slack_app_token": sandbox.app_token,
                    "slack_api_url": sandbox.api_url,
                    "database_url": f"sqlite:///{folder}/lockstep.db",
                    "lockstep_playbooks": DOCS.parent / "playbooks",
                    "lockstep_clock": sandbox.clock_url,
                    "lockstep_port": 0,
                }
            )
            async with App(settings) as bot:
                yield Stage(sandbox, bot)


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
        )
        yield browser
        await browser.close()


async def _incident(stage: Stage) -> None:
    """From the first report to the moment in which everybody waits for the harm to stop."""
    alice, bob, dave = (stage.sandbox.person(name) for name in ("alice", "bob", "dave"))
    await alice.types("/incident declare Card payments fail at checkout", in_="#general")
    await alice.sees("we must know:", in_=ROOM)
    await stage.passes(1)
    await alice.presses("I'm incident commander", in_=ROOM)
    await stage.passes(1)
    await dave.presses("Join the room", in_="#incidents")
    await stage.passes()
    await dave.types("14 calls in ten minutes. Visa and Mastercard are declined at the last step, PayPal works.", in_=ROOM)
    await stage.passes(1)
    await alice.presses("Advance to Triage", in_=ROOM)
    await alice.fills({"Who cannot do what?": "Some customers cannot pay by card. PayPal works."})
    await alice.submits()
    await stage.passes(2)
    await alice.presses("Advance to Containment", in_=ROOM)
    await alice.fills({"Severity": "SEV1", "What is affected?": ["Checkout", "Payments"]})
    await alice.submits()
    await stage.passes(1)
    await bob.types("On it. Declines began right after the 13:50 release, so I am turning the new checkout off.", in_=ROOM)
    await stage.passes(1)
    await alice.presses("Send update", in_=ROOM)
    text = "Some customers cannot pay by card. PayPal works. We are switching back to the previous checkout."
    await alice.fills({"What should they read?": text})
    await alice.submits()
    await alice.submits()
    await stage.passes(2)


async def _open(sandbox: Sandbox, browser: Browser, person: str, channel: str, size: dict[str, int]) -> Page:
    """A window on a channel as a person."""
    page = await browser.new_page(viewport={"width": size["width"], "height": size["height"]}, color_scheme="light")
    place = f"user={sandbox.person(person).id}&channel={sandbox.channel(channel).id}"
    await page.goto(f"{sandbox.url}/#{place}")
    await page.locator(".message").first.wait_for()
    return page


async def _save(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await page.screenshot(path=DOCS / name, animations="disabled")
    await page.close()


async def _take_room(sandbox: Sandbox, browser: Browser) -> None:
    page = await _open(sandbox, browser, "alice", ROOM, DESK)
    await page.locator(".message.pinned").evaluate("card => card.scrollIntoView()")
    await _save(page, "room.png")


async def _take_updates(sandbox: Sandbox, browser: Browser) -> None:
    page = await _open(sandbox, browser, "carol", "#exec-updates", DESK)
    await page.get_by_role("button", name="replies").click()
    await page.get_by_role("complementary").locator(".message").first.wait_for()
    await page.get_by_role("main").locator(".message").first.evaluate("first => first.scrollIntoView()")
    await _save(page, "updates.png")


async def _take_phone(sandbox: Sandbox, browser: Browser) -> None:
    page = await _open(sandbox, browser, "alice", ROOM, PHONE)
    await page.locator(".message.pinned").evaluate("card => card.scrollIntoView()")
    await _save(page, "phone.png")


if __name__ == "__main__":
    asyncio.run(main())
