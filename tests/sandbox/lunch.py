"""A Bolt app that is not ours: colleagues vote where to have lunch. It knows nothing of the sandbox, and runs unchanged in
Socket Mode and over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.given import actions, button, modal, plain, question, section, text_input

Body = dict[str, Any]

PLACES = ["Ramen bar", "Raw food", "Pizzeria"]
MANIFEST: Body = {
    "display_information": {"name": "Lunch"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "Lunch Bot"},
        "slash_commands": [
            {"command": "/lunch", "description": "Vote where to eat", "usage_hint": "today", "should_escape": True},
            {"command": "/echo", "description": "Say it again"},
        ],
        "shortcuts": [
            {"name": "Propose a place", "type": "global", "callback_id": "propose", "description": "Names a place"},
            {"name": "Keep for later", "type": "message", "callback_id": "keep", "description": "Keeps a message"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "chat:write", "commands", "reactions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "reaction_added"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def lunch_app(client: AsyncWebClient, signing_secret: str = "not needed in Socket Mode") -> "Lunch":
    """The app, not yet connected."""
    return Lunch(AsyncApp(client=client, signing_secret=signing_secret))


class Lunch:
    """The listeners. `hold` is how long the next commands and events take before they are acknowledged; `heard` are the
    events that arrived, with the number and reason of their redelivery."""

    def __init__(self, bolt: AsyncApp) -> None:
        self.bolt = bolt
        self.hold = 0.0
        self.heard: list[tuple[str, str, int, str]] = []
        self.closed: list[bool] = []
        bolt.middleware(self._slowly)
        bolt.command("/lunch")(self._ask)
        bolt.command("/echo")(self._echo)
        bolt.action("vote")(self._vote)
        bolt.action("place")(self._choose)
        bolt.options("place")(self._places)
        bolt.shortcut("propose")(self._propose)
        bolt.shortcut("keep")(self._keep)
        bolt.view("proposal")(self._proposed)
        bolt.view_closed("proposal")(self._gave_up)
        bolt.event("app_mention")(self._greet)
        bolt.event("app_home_opened")(self._show_home)
        bolt.event("reaction_added")(self._note)

    async def _slowly(self, body: Body, request: Any, next_: Any) -> None:
        """Note each event as it arrives, and take as long as asked."""
        if "event_id" in body:
            number, reason = (request.headers.get(f"x-slack-retry-{name}", [""])[0] for name in ("num", "reason"))
            self.heard.append((body["event"]["type"], body["event_id"], int(number or 0), reason))
        await asyncio.sleep(self.hold)
        await next_()

    async def _ask(self, ack: AsyncAck, command: Body) -> None:
        menu = {"type": "external_select", "action_id": "place", "min_query_length": 2, "placeholder": plain("Place")}
        blocks = [section(f"Lunch {command['text']}?"), actions(button("Vote", "vote"), menu)]
        await ack(text="Lunch?", blocks=blocks, response_type="in_channel")

    async def _echo(self, ack: AsyncAck, command: Body) -> None:
        await ack(command["text"])

    async def _vote(self, ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        await respond(text=f"<@{body['user']['id']}> voted", replace_original=True)

    async def _choose(self, ack: AsyncAck, action: Body, respond: AsyncRespond) -> None:
        await ack()
        await respond(text=f"You chose the {action['selected_option']['text']['text']}", replace_original=False)

    async def _places(self, ack: AsyncAck, options: Body) -> None:
        fitting = [place for place in PLACES if place.lower().startswith(options["value"].lower())]
        await ack(options=[{"text": plain(place), "value": place} for place in fitting])

    async def _propose(self, ack: AsyncAck, shortcut: Body, client: AsyncWebClient) -> None:
        await ack()
        where = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
        form = modal(question("Place", text_input(), "place"), question("Tell", where, "tell"), title="Propose")
        await client.views_open(
            trigger_id=shortcut["trigger_id"], view={**form, "callback_id": "proposal", "notify_on_close": True}
        )

    async def _proposed(self, ack: AsyncAck, view: Body, body: Body) -> None:
        place = view["state"]["values"]["place"]["text"]["value"]
        if place not in PLACES:
            await ack(response_action="errors", errors={"place": "Nobody knows it."})
            return
        await ack()
        for one in body["response_urls"]:
            await AsyncWebhookClient(one["response_url"]).send(text=f"What about {place}?", response_type="in_channel")

    async def _gave_up(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        self.closed.append(body["is_cleared"])

    async def _keep(self, ack: AsyncAck, shortcut: Body, respond: AsyncRespond) -> None:
        await ack()
        await respond(f"Kept: {shortcut['message']['text']}")

    async def _greet(self, event: Body, say: AsyncSay) -> None:
        await say(text="Hungry?", thread_ts=event["ts"])

    async def _show_home(self, event: Body, client: AsyncWebClient) -> None:
        text = "You know this" if "view" in event else "Welcome"
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section(text)]})

    async def _note(self, event: Body) -> None:
        """Reactions are only counted."""


@asynccontextmanager
async def in_socket_mode(lunch: Lunch, app_token: str) -> AsyncIterator[None]:
    """Let the app connect by Socket Mode."""
    handler = AsyncSocketModeHandler(lunch.bolt, app_token)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(lunch: Lunch, port: int = 0) -> AsyncIterator[str]:
    """Let Bolt's own server serve the app, and say where."""
    runner = web.AppRunner(lunch.bolt.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()
