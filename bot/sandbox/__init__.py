"""A Slack-compatible workspace on this machine: Web API, Socket Mode, interactions, a clock that can run ahead, faults
on purpose, and a page for people.

The unmodified Slack SDK and Bolt connect to it by its address alone:

    async with Sandbox() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        handler = AsyncSocketModeHandler(AsyncApp(client=client), sandbox.app_token)
        await handler.connect_async()
        alice = sandbox.person("alice")
        await alice.types("/incident declare Checkout is failing", in_="#general")

It keeps the rules of Slack's documentation where an app can notice them, and imports nothing from the rest of the
product, so that it stays an honest counterpart.
"""

from bot.sandbox.calls import CallRecord, round_trips
from bot.sandbox.clock import SandboxClock
from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.delivery.http import NotVerified
from bot.sandbox.delivery.subscriptions import ALL_EVENTS, DEFAULT_EVENTS
from bot.sandbox.people.interactions import Answer, Refused
from bot.sandbox.people.open_form import Form
from bot.sandbox.people.person import Person, Seen
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import WireTimes
from bot.sandbox.workspace.state import Command

__all__ = [
    "ALL_EVENTS",
    "DEFAULT_EVENTS",
    "Answer",
    "CallRecord",
    "Command",
    "Form",
    "NotAcknowledged",
    "NotVerified",
    "Person",
    "Refused",
    "Sandbox",
    "SandboxClock",
    "Seen",
    "WireTimes",
    "round_trips",
]
