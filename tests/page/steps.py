"""What people do on the page, by the words they read there."""

from playwright.async_api import Locator, Page, expect

IMPACT = "Some customers cannot pay by card."


async def writes(page: Page, text: str) -> None:
    """Write into the conversation in front."""
    box = page.get_by_role("main").get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")


async def declares(page: Page, text: str) -> None:
    """Declare an incident in #general, and follow the link in the answer into its room."""
    await opens(page, "general")
    await writes(page, f"/incident declare {text}")
    await page.get_by_text("is open:").get_by_role("link").click()
    await expect(card(page)).to_be_visible()


async def opens(page: Page, channel: str) -> None:
    """Open a channel from the left side."""
    await page.get_by_role("navigation").get_by_role("link", name=channel).click()
    await expect(page.get_by_role("heading", name=f"#{channel}", exact=True)).to_be_visible()


def card(page: Page) -> Locator:
    """The pinned room card."""
    return page.locator(".message.pinned")


def buttons(page: Page) -> Locator:
    """What the room card offers."""
    return card(page).locator(".actions").get_by_role("button")


async def presses(page: Page, button: str) -> None:
    """Press a button on the room card."""
    await card(page).get_by_role("button", name=button).click()


async def takes_command(page: Page) -> None:
    """Take command on the room card."""
    await presses(page, "I'm incident commander")
    await expect(page.get_by_text("is now incident commander of INC-1")).to_be_visible()


def form(page: Page, title: str) -> Locator:
    """The open form of this title."""
    return page.get_by_role("dialog", name=title)


async def advances_to_triage(page: Page, impact: str = IMPACT) -> None:
    """Leave Detection by the button on the card and its form."""
    await presses(page, "Advance to Triage")
    opened = form(page, "Advance to Triage")
    await opened.get_by_label("Who cannot do what?").fill(impact)
    await opened.get_by_role("button", name="Advance to Triage").click()
    await expect(card(page)).to_contain_text("● Triage (now)")


async def becomes(page: Page, name: str) -> None:
    """Turn the window over to somebody else."""
    await page.get_by_role("button", name="You are").click()
    await page.get_by_role("menuitem", name=name).click()
    await expect(page.get_by_role("button", name=f"You are {name}")).to_be_visible()
