"""Shortcuts in the browser, of an app that is not ours: a global one beside the commands, a message shortcut in a menu."""

from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.sandbox.lunch import MANIFEST, in_socket_mode, lunch_app


async def test_shortcuts_are_started_from_the_composer_and_from_a_message(browser: Browser):
    async with Sandbox(manifest=MANIFEST) as sandbox:
        lunch = lunch_app(AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url))
        async with in_socket_mode(lunch, sandbox.app_token):
            page = await browser.new_page()
            general = sandbox.channel("#general").id
            await page.goto(f"{sandbox.url}/#user={sandbox.person('alice').id}&channel={general}")
            await page.get_by_label("Message #general").fill("/prop")
            await page.get_by_role("option", name="Propose a place").click()
            form = page.get_by_role("dialog", name="Propose")
            await expect(form).to_be_visible()
            await form.get_by_role("button", name="Dismiss").click()
            await expect(form).to_be_hidden()
            await sandbox.person("bob").types("Soup is out", in_="#general")
            await page.get_by_text("Soup is out").hover()
            await page.get_by_role("button", name="More actions").click()
            await page.get_by_role("menuitem", name="Keep for later").click()
            kept = page.get_by_text("Kept: Soup is out")
            await expect(kept).to_be_visible()
            await page.reload()
            await expect(page.get_by_text("Soup is out")).to_be_visible()
            await expect(kept).to_be_hidden()
            await page.close()
