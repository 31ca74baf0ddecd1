"""Takes the pictures of the README: `.venv/bin/python docs/screenshots.py`. Needs a chromium, no network, ten seconds.

Alice, Bob and Dave lead an incident to CONTAINMENT in a sandbox of their own, always at the same hour of the same day, so
that new pictures can be compared with old ones.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from bot.app import App
from bot.cli import installed
from bot.sandbox import Person, Sandbox
from bot.settings import GivenSettings

DOCS = Path(__file__).parent
START = datetime(2026, 11, 24, 13, 2, 10, tzinfo=UTC)
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 940}
ROOM = "#inc-1-card-payments-fail-at-checkout"
NO_HELP = {"What came of it?": "It did not help"}
ANSWER_SECONDS = 300.0
REPORT = "14 calls in ten minutes: Visa and Mastercard are declined at the last step."
UPDATE = (
    "Some customers cannot pay with Visa or Mastercard. Our first step did not help. "
    "We are now sending card payments through our second provider."
)


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
    """Play the incident, and take each picture at its moment."""
    async with _stage() as stage, browsing() as browser:
        await _confirm(stage)
        await _contain(stage)
        await _take_room(stage.sandbox, browser)
        await _take_phone(stage.sandbox, browser)
        await stage.passes(25.5)
        await _take_updates(stage.sandbox, browser)


@asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    """A workspace at `START` and the bot in it, on a database that goes with them."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        async with installed(start=START.timestamp()) as sandbox:
            settings = GivenSettings.model_validate(
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
async def browsing() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
        )
        yield browser
        await browser.close()


async def _confirm(stage: Stage) -> None:
    """From the first report to CONTAINMENT."""
    alice, bob, dave = (stage.sandbox.person(name) for name in ("alice", "bob", "dave"))
    await alice.types("/incident declare Card payments fail at checkout", in_="#general")
    await alice.sees("we must know:", in_=ROOM)
    await stage.passes(1)
    await alice.presses("I'm incident commander", in_=ROOM)
    await stage.passes(1)
    await dave.presses("Join the room", in_="#incidents")
    await bob.presses("Join the room", in_="#incidents")
    await stage.passes()
    await dave.types(REPORT, in_=ROOM)
    await stage.passes(1)
    await _advance(alice, "Triage", {"Who cannot do what?": "Some customers cannot pay with Visa or Mastercard."})
    await stage.passes(2)
    await alice.types("/incident role ops @bob", in_=ROOM)
    await alice.types("/incident role comms @dave", in_=ROOM)
    known: dict[str, object] = {
        "What is affected?": ["Checkout", "Payments"],
        "What changed in the last 24 hours?": "The 13:50 release",
    }
    await _advance(
        alice,
        "Containment",
        {"Who is affected?": "Some people", "What can they not do?": "They cannot do something essential"} | known,
    )
    await stage.passes(1)


async def _contain(stage: Stage) -> None:
    """A first guess that is refuted, an update by hand, and a second guess under test."""
    alice, bob, dave = (stage.sandbox.person(name) for name in ("alice", "bob", "dave"))
    await bob.types("/incident hypothesis The 13:50 release broke the checkout form", in_=ROOM)
    first = await bob.sees("H1: The 13:50 release", in_=ROOM)
    await _tests(bob, "Cards go through where the release is undone", "They are declined there as well")
    await stage.passes(5)
    await bob.types("It is undone on every server, and cards are still declined.", in_=ROOM, thread=first)
    said = await bob.sees("still declined", in_=ROOM)
    await alice.reacts("heavy_minus_sign", to=said)
    await _advance(alice, "Recovery", {"What was done to stop the harm?": "Undid the 13:50 release"} | NO_HELP)
    await alice.closes()
    await bob.presses("Refute", in_=ROOM)
    await bob.fills({"What shows it?": "Without the release cards are declined just as often."})
    await bob.submits()
    await stage.passes(1)
    await alice.types("/incident hypothesis Our first payment provider declines every card", in_=ROOM)
    second = await alice.sees("H2: Our first payment provider", in_=ROOM)
    await _tests(bob, "Cards of the other provider go through", "All cards are declined")
    await alice.presses("Send update", in_=ROOM)
    await alice.fills({"What should they read?": UPDATE})
    await alice.submits()
    await alice.submits()
    await stage.passes(4)
    await dave.types("Two callers got through with another card company.", in_=ROOM, thread=second)
    await bob.types(
        "Their status page turned red at 13:38. The release has nothing to do with it.", in_=ROOM, thread=second
    )
    red = await bob.sees("turned red", in_=ROOM)
    await dave.reacts("heavy_plus_sign", to=red)
    await alice.reacts("heavy_plus_sign", to=await alice.sees("Two callers", in_=ROOM))
    await stage.passes(1)


async def _tests(person: Person, if_true: str, if_false: str) -> None:
    """Begin the test of the newest hypothesis, and say what it needs."""
    await person.presses("Start test", in_=ROOM)
    said = {"If it is true, what will we see?": if_true, "And if it is false?": if_false}
    await person.fills(said | {"How do we test it?": "Try cards by hand"})
    await person.submits()


async def _advance(person: Person, phase: str, facts: Mapping[str, object]) -> None:
    """Press the step to this phase on the card, and send its forms, until one only says something."""
    await person.presses(f"Advance to {phase}", in_=ROOM)
    while person.form is not None and person.form.submit:
        asked = person.form.labels
        await person.fills({label: value for label, value in facts.items() if label in asked})
        if wrong := await person.submits():
            raise ValueError(f"{phase}: {wrong}")
        if facts.items() >= NO_HELP.items():  # then the form says that it stays where it is
            return


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


async def _take_updates(sandbox: Sandbox, browser: Browser) -> None:
    """What an executive reads, in her own time zone."""
    page = await opened(sandbox, browser, "carol", "#exec-updates", viewport=DESK)
    await page.get_by_role("button", name="replies").click()
    await page.get_by_role("complementary").locator(".message").last.wait_for()
    await page.get_by_role("main").locator(".message").first.evaluate("first => first.scrollIntoView()")
    await saved(page, "updates.png")


if __name__ == "__main__":
    asyncio.run(main())
