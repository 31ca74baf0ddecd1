"""A hypothesis from proposal to refutation, by two people in two windows."""

from playwright.async_api import Locator, Page, expect

from tests.page.conftest import PageOf
from tests.page.steps import declares, form, opens, presses

STATEMENT = "The 13:50 release broke checkout"


def root(page: Page) -> Locator:
    """The message that the hypothesis' thread hangs on, in the conversation in front."""
    return page.get_by_role("main").locator(".message", has_text=f"H1: {STATEMENT}")


async def test_two_people_refute_a_hypothesis_in_two_windows(page_of: PageOf):
    alice, bob = await page_of("alice"), await page_of("bob")
    await declares(alice, "sev1 Checkout is failing")
    await opens(bob, "inc-1-checkout-is-failing")

    await presses(alice, "Add hypothesis")
    proposing = form(alice, "Add hypothesis")
    await proposing.get_by_label("What may be wrong?").fill(STATEMENT)
    await proposing.get_by_role("button", name="Propose").click()
    await expect(root(bob)).to_contain_text("Proposed")

    await root(bob).get_by_role("button", name="Start test").click()
    testing = form(bob, "Start test H1")
    await testing.get_by_label("If it is true, what will we see?").fill("Errors since 13:50")
    await testing.get_by_label("And if it is false?").fill("Errors before 13:50")
    await testing.get_by_label("How do we test it?").fill("Look at the first error")
    await testing.get_by_role("button", name="Start").click()
    await expect(root(alice)).to_contain_text("Testing")
    await expect(root(alice)).to_contain_text("Assignee: @Bob Tanaka")

    await root(alice).get_by_role("button", name="Add evidence").click()
    adding = form(alice, "Add evidence")
    await adding.get_by_label("Which way does it speak?").select_option(label="It speaks against it")
    await adding.get_by_label("What did you see?").fill("The first error came before the release")
    await adding.get_by_role("button", name="Add").click()
    await expect(root(bob)).to_contain_text("0 for · 1 against")

    await root(bob).get_by_role("button", name="Refute").click()
    refuting = form(bob, "Refute H1")
    await refuting.get_by_label("What shows it?").fill("Without the release the errors stay")
    await refuting.get_by_role("button", name="Refute").click()
    await expect(root(alice)).to_contain_text("Refuted")
    await expect(alice.get_by_text("refuted H1").first).to_be_visible()
    await expect(root(alice).get_by_role("button", name="Confirm")).to_have_count(0)
