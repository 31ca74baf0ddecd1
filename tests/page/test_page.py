"""The page in a real browser, with the real bot behind it."""

import asyncio

from playwright.async_api import Page, Route, expect

from bot.app import App
from bot.sandbox import Sandbox
from tests.page.conftest import PageOf
from tests.page.steps import (
    IMPACT,
    advances_to_triage,
    becomes,
    buttons,
    card,
    declares,
    form,
    opens,
    presses,
    takes_command,
    writes,
)
from tests.stories.steps import declares as somebody_declares
from tests.stories.steps import walks_to

TITLE = "Checkout is failing for some customers"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
WIDER = """() => [...document.querySelectorAll("html, body, body *")].filter((node) => {
    const scrolls = node === document.documentElement || /auto|scroll/.test(getComputedStyle(node).overflowX);
    if (scrolls && node.scrollWidth > node.clientWidth) return true;
    const { left, right } = node.getBoundingClientRect();
    return node.matches("main button, dialog button") && node.checkVisibility() && (left < 0 || right > innerWidth);
}).map((node) => node.outerHTML.slice(0, 100))"""
HARM = "<img src=x onerror=\"document.title='harmed'\"><!channel> <script>document.title='harmed'</script>"


async def test_one_person_leads_into_triage_and_the_chief_executive_reads_about_it(page_of: PageOf):
    page = await page_of("alice")
    await declares(page, TITLE)
    await takes_command(page)
    await advances_to_triage(page)
    await becomes(page, "Carol Diaz")
    await expect(page.get_by_role("navigation")).to_contain_text("Chief Executive Officer")
    await opens(page, "exec-updates")
    state = page.get_by_role("main").locator(".message", has_text="INC-1: Problem confirmed")
    await expect(state).to_contain_text(IMPACT)
    await state.get_by_role("button", name="1 reply").click()
    update = page.get_by_role("complementary", name="Thread").locator(".message").last
    await expect(update).to_contain_text(IMPACT)
    await expect(update).to_contain_text("We are finding out how far it reaches.")
    await expect(update).to_contain_text("Next update by")


async def test_what_one_does_the_other_sees_without_reloading(page_of: PageOf):
    alice, bob = await page_of("alice"), await page_of("bob")
    await declares(alice, f"sev1 {TITLE}")
    await opens(bob, "inc-1-checkout-is-failing-for-some-customers")
    await bob.evaluate("window.kept = true")
    await takes_command(alice)
    await expect(card(bob)).to_contain_text("@Alice Moreau")
    await expect(card(bob).get_by_role("button", name="I'm incident commander")).to_have_count(0)
    await writes(bob, "I am undoing the last release")
    await expect(alice.get_by_text("I am undoing the last release")).to_be_visible()
    await advances_to_triage(alice)
    await expect(card(bob)).to_contain_text("● Triage (now)")
    assert await bob.evaluate("window.kept")


async def test_an_announcement_is_unread_and_that_somebody_joined_is_not(page_of: PageOf):
    alice, carol = await page_of("alice"), await page_of("carol")
    unread = carol.get_by_label("unread")
    await expect(carol.get_by_role("link", name="incidents")).to_be_visible()
    await expect(unread).to_have_count(0)
    await declares(alice, TITLE)
    await expect(unread).to_have_text(["1"])
    await opens(carol, "incidents")
    await expect(unread).to_have_count(0)


async def test_what_a_person_types_stays_text(page_of: PageOf):
    page = await page_of("alice")
    title = await page.title()
    await declares(page, HARM)
    await expect(card(page).get_by_role("heading")).to_have_text(f"INC-1: {HARM}")
    await writes(page, HARM)
    await expect(page.locator(".message").last).to_contain_text(HARM)
    await takes_command(page)
    await advances_to_triage(page, HARM)
    await expect(card(page)).to_contain_text(f"Impact: {HARM}")
    await expect_no_harm(page, title)
    for channel in ("incidents", "exec-updates"):
        await opens(page, channel)
        await expect(page.get_by_role("main").get_by_text(HARM).first).to_be_visible()
        await expect_no_harm(page, title)


async def expect_no_harm(page: Page, title: str) -> None:
    """Nothing typed has become an element, run, or called anybody."""
    await expect(page.locator("body img, body script")).to_have_count(0)
    await expect(page.locator(".mention", has_text="@channel")).to_have_count(0)
    await expect(page).to_have_title(title)


async def test_on_a_phone_the_card_can_be_worked_and_nothing_scrolls_sideways(page_of: PageOf):
    page = await page_of("alice", **PHONE)
    await writes(page, f"/incident declare {TITLE}")
    await page.get_by_text("is open:").get_by_role("link").tap()
    command = card(page).get_by_role("button", name="I'm incident commander")
    await expect(command).to_be_visible()
    await expect(buttons(page)).to_have_count(7)
    assert await sideways(page) == []
    for name, title in (("Set severity", "Set severity"), ("Edit facts", "Edit facts"), ("Send update", "Send update")):
        await card(page).get_by_role("button", name=name).tap()
        await expect(form(page, title)).to_be_visible()
        assert await sideways(page) == []
        await form(page, title).get_by_role("button", name="Cancel").tap()
    await command.tap()
    await expect(command).to_have_count(0)
    await page.get_by_role("button", name="Show channels").tap()
    await expect(page.get_by_role("navigation")).to_be_visible()
    assert await sideways(page) == []


async def sideways(page: Page) -> list[str]:
    """What is wider than the place it has and could be scrolled to the side, or sticks out of the window."""
    found: list[str] = await page.evaluate(WIDER)
    return found


async def test_one_can_write_only_when_it_is_known_where_to(page_of: PageOf):
    page = await page_of("alice")
    known = asyncio.Event()

    async def late(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route("**/page/state*", late)
    await page.reload()
    await expect(page.locator("main textarea")).to_be_hidden()
    known.set()
    await writes(page, "Is anybody here?")
    await expect(page.get_by_text("Is anybody here?")).to_be_visible()


async def test_a_required_field_left_empty_is_said_at_the_field(page_of: PageOf):
    page = await page_of("alice")
    await declares(page, TITLE)
    await takes_command(page)
    await presses(page, "Advance to Triage")
    opened = form(page, "Advance to Triage")
    field = opened.get_by_label("Who cannot do what?")
    await opened.get_by_role("button", name="Advance to Triage").click()
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_accessible_description(f"{READ_BY_STAKEHOLDERS} Complete this required field")
    await field.fill(IMPACT)
    await expect(field).to_have_accessible_description(READ_BY_STAKEHOLDERS)
    await opened.get_by_role("button", name="Advance to Triage").click()
    await expect(card(page)).to_contain_text("● Triage (now)")


READ_BY_STAKEHOLDERS = "Stakeholders read this sentence as you write it."


async def test_what_the_bot_finds_wrong_is_said_at_the_field_too(page_of: PageOf, sandbox: Sandbox, bot: App):
    alice = sandbox.person("alice")
    room = await somebody_declares(sandbox, alice, TITLE)
    await walks_to(alice, room, "Advance to Postmortem")
    page = await page_of("alice")
    await opens(page, room.removeprefix("#"))
    await presses(page, "Close incident")
    opened = form(page, "Close incident")
    await opened.get_by_label("What will we change?").fill("Test checkout with every card")
    await opened.get_by_label("Assignee").select_option("Bob Tanaka")
    await opened.get_by_label("Due date").fill("2020-01-31")
    await opened.get_by_role("button", name="Next").click()
    await expect(opened.get_by_label("Due date")).to_have_accessible_description(
        "This day has passed. Please choose today or a later day."
    )
    await opened.get_by_label("Due date").fill("2030-01-31")
    await opened.get_by_role("button", name="Next").click()
    await expect(opened.get_by_label("Done when")).to_be_visible()
