"""The JSON API of the sandbox's page and its static files. Shows a person's view of the workspace and passes on what
that person does; decides no rule.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.jsontypes import Json, compact
from bot.sandbox.page_state import page_state
from bot.sandbox.people import shortcuts
from bot.sandbox.people.forms import Forms
from bot.sandbox.people.interactions import Interactions, Refused
from bot.sandbox.people.uploads import upload
from bot.sandbox.platform import Platform
from bot.sandbox.streams import Streams
from bot.sandbox.workspace.state import Channel, User

FILES = Path(__file__).with_name("page")
EVENTS_PAUSE = 0.05
EVENTS_HEARTBEAT = 15.0
_UNANSWERED = {
    "operation_timeout": "{app} did not answer in time (operation_timeout). Please try again.",
    "dispatch_failed": "{app} is not connected, or refuses (dispatch_failed). Start it, then try again.",
}


class Page:
    """Serves / and /page/…."""

    def __init__(self, platform: Platform, interactions: Interactions, forms: Forms, streams: Streams) -> None:
        self._platform = platform
        self._workspace = platform.workspace
        self._interactions = interactions
        self._forms = forms
        self._streams = streams
        self._acts: dict[str, Callable[[User, Json], Awaitable[Json | None]]] = {
            "say": self._say,
            "press": self._press,
            "upload": self._upload,
            "submit": self._submit,
            "close": self._close,
            "join": self._join,
            "leave": self._leave,
            "react": self._react,
            "unreact": self._react,
            "home": self._home,
            "shortcut": self._shortcut,
            "suggest": self._suggest,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the page's addresses to the server."""
        router.add_get("/", self._index)
        router.add_get("/page/state", self._state)
        router.add_get("/page/events", self._events)
        router.add_post("/page/act", self._act)
        router.add_post("/page/clock", self._clock)
        router.add_get("/page/{file}", self._file)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        """The page itself."""
        return _static("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """One of its other files."""
        return _static(request.match_info["file"])

    async def _state(self, request: web.Request) -> web.Response:
        """Everything one person sees."""
        user = self._workspace.users.get(request.query.get("user", ""))
        if user is None:
            user = next(iter(self._workspace.users.values()))
        place = {name: request.query.get(name) for name in ("channel", "thread", "since")}
        try:
            state = page_state(self._platform, user, **place)
        except ValueError:
            raise web.HTTPBadRequest(text='`since` is a ts or "now".') from None
        return web.json_response(state, dumps=compact)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """A line after every change of the workspace, at most twenty a second."""
        changes = self._workspace.changes
        return await self._streams.serve(
            request,
            changes,
            lambda: f'data: {{"rev": {changes.revision}}}\n\n',
            content_type="text/event-stream",
            heartbeat=EVENTS_HEARTBEAT,
            pause=EVENTS_PAUSE,
        )

    async def _act(self, request: web.Request) -> web.Response:
        """Something a person does; the answer says in a sentence why it did not work."""
        try:
            deed = await own_body(request)
            user = self._workspace.users.get(str(deed.get("user")))
            act = self._acts.get(str(deed.get("act")))
            if user is None or act is None:
                raise Refused("The page sent something the sandbox does not know. Reload it.")
            shown = await act(user, deed)
        except Refused as refusal:
            return _told(str(refusal))
        except KeyError as missing:
            return _told(f"The page left out {missing}. Reload it.")
        except NotAcknowledged as failure:
            return _told(_UNANSWERED[failure.reason].format(app=self._platform.app.name))
        return web.json_response({"ok": True, **(shown or {})})

    async def _clock(self, request: web.Request) -> web.Response:
        """A change of the clock."""
        clock = self._workspace.clock
        try:
            order = await own_body(request)
            if "speed" in order:
                clock.set_speed(float(order["speed"]))
            if "advance" in order:
                clock.advance(float(order["advance"]))
        except (TypeError, ValueError, Refused) as mistake:
            return _told(str(mistake))
        self._workspace.changed()
        return web.json_response({"ok": True})

    def _channel(self, deed: Json) -> Channel:
        """The conversation a deed is about. Refused when there is none."""
        channel = self._workspace.channels.get(str(deed["channel"]))
        if channel is None:
            raise Refused("This channel is gone.")
        return channel

    async def _say(self, user: User, deed: Json) -> None:
        """Type a message or a command."""
        await self._interactions.say(user, self._channel(deed), str(deed["text"]), thread_ts=deed.get("thread_ts"))

    async def _press(self, user: User, deed: Json) -> None:
        """Use an element of a message or view; what else was typed in the form comes along as `values`."""
        block_id, action_id, choice = str(deed["block_id"]), str(deed["action_id"]), _choice(deed)
        if view_id := deed.get("view_id"):
            self._forms.fill(user, str(view_id), deed.get("values") or {})
            await self._forms.act(user, str(view_id), block_id, action_id, choice)
        else:
            await self._interactions.act(
                user, self._channel(deed), str(deed["message_ts"]), block_id, action_id, choice
            )

    async def _suggest(self, user: User, deed: Json) -> Json:
        """Type into an external select; the answer holds what the app offers."""
        block_id, action_id, text = str(deed["block_id"]), str(deed["action_id"]), str(deed["text"])
        if view_id := deed.get("view_id"):
            return await self._forms.suggest(user, str(view_id), block_id, action_id, text)
        ts = str(deed["message_ts"])
        return await self._interactions.suggest(user, self._channel(deed), ts, block_id, action_id, text)

    async def _upload(self, user: User, deed: Json) -> Json:
        """Put a file into a form; its content is in base64."""
        try:
            content = base64.b64decode(str(deed["content"]), validate=True)
        except ValueError:
            raise Refused("The page sent no file. Please choose it again.") from None
        return {"file": upload(self._workspace, user, str(deed["name"]), content)}

    async def _submit(self, user: User, deed: Json) -> None:
        """Send a form; its errors are part of the state."""
        await self._forms.submit(user, str(deed["view_id"]), deed.get("values") or {})

    async def _close(self, user: User, deed: Json) -> None:
        """Dismiss a form."""
        await self._forms.close(user, str(deed["view_id"]), whole_stack=bool(deed.get("whole_stack")))

    async def _join(self, user: User, deed: Json) -> None:
        """Enter a channel."""
        self._interactions.join(user, self._channel(deed))

    async def _leave(self, user: User, deed: Json) -> None:
        """Leave a channel."""
        self._interactions.leave(user, self._channel(deed))

    async def _react(self, user: User, deed: Json) -> None:
        """Add a reaction or take it back."""
        self._interactions.react(
            user, self._channel(deed), str(deed["ts"]), str(deed["name"]), add=deed["act"] == "react"
        )

    async def _home(self, user: User, deed: Json) -> None:
        """Look at the Home tab."""
        self._interactions.open_home(user)

    async def _shortcut(self, user: User, deed: Json) -> None:
        """Use a shortcut: on a message when one is named, else a global one."""
        callback_id = str(deed["callback_id"])
        if "ts" in deed:
            await shortcuts.use_on_message(self._platform, user, self._channel(deed), str(deed["ts"]), callback_id)
        else:
            await shortcuts.use_anywhere(self._platform, user, callback_id)


def _choice(deed: Json) -> Any:
    """What was chosen: the state's own field (selected_option, selected_user, …), `selected`, or else `value`."""
    return next((deed[name] for name in deed if name.startswith("selected")), deed.get("value"))


async def own_body(request: web.Request) -> Json:
    """The JSON object in a request of the page itself. Refused for anything else, so that other web sites cannot act
    here.
    """
    origin = request.headers.get("Origin")
    if request.content_type != "application/json" or (
        origin is not None and origin.partition("://")[2] != request.host
    ):
        raise Refused("Only the sandbox's own page may do this.")
    try:
        body = await request.json()
    except ValueError:
        raise Refused("The page sent no JSON. Reload it.") from None
    if not isinstance(body, dict):
        raise Refused("The page sent no JSON object. Reload it.")
    return body


def _told(sentence: str) -> web.Response:
    """The answer to something that did not work."""
    return web.json_response({"ok": False, "error": sentence})


def _static(name: str) -> web.StreamResponse:
    """A file of the page's folder, never cached so that a change shows at once."""
    path = FILES / name
    if path.parent != FILES or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-store"})
