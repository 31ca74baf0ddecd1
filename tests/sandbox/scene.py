"""A workspace in which every method of the Web API has something to work on."""

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.blocks.validation import view
from bot.sandbox.limits import most
from bot.sandbox.workspace import canvases, channels, files, posting
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.posting import Author, Content
from bot.sandbox.workspace.state import Channel
from tests.sandbox.given import modal, question, section, text_input

Arguments = Mapping[str, Any]

FORM = modal(question("Title", text_input(), "title"))
HOME = {"type": "home", "blocks": [section("Welcome")]}
MARKDOWN = {"type": "markdown", "markdown": "# Timeline"}
LINK = {"title": "Timeline", "type": "link", "link": "https://example.com"}
_BOOKMARKED = {
    "emoji": "",
    "icon_url": None,
    "entity_id": None,
    "date_created": 0,
    "date_updated": 0,
    "rank": "0",
    "last_updated_by_user_id": "",
    "last_updated_by_team_id": "",
    "shortcut_id": None,
    "app_id": None,
}


def form(arguments: Arguments) -> dict[str, str]:
    """Arguments as a form has them: nested values are JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}


class Scene:
    """Ids and timestamps of what there is. `room` is the bot's own channel, where Bob is; `elsewhere` a public channel
    without the bot; `hidden` a private one without it; `archived` one it archived; `direct` its messages with Bob."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        workspace = sandbox.workspace
        self.bot, self.bob = workspace.bot.id, sandbox.person("bob").id
        self.alice, self.erin = sandbox.person("alice").id, sandbox.person("erin").id
        self.general, self.elsewhere = sandbox.channel("#general").id, sandbox.channel("#incidents").id
        room, archived = (channels.create(workspace, name, self.bot) for name in ("room", "archived"))
        self._room, self.room, self.archived = room, room.id, archived.id
        self.hidden = channels.create(workspace, "hidden", self.alice, is_private=True).id
        channels.join(workspace, room, self.bob)
        self.direct = channels.open_direct(workspace, frozenset({self.bot, self.bob}), self.bot).id
        self.lost = self.says(archived, "Before the end").ts
        self.foreign = self.says(sandbox.channel("#incidents"), "Elsewhere", by=self.alice).ts
        channels.archive(workspace, archived, self.bot)
        self.root = self.says(room, "Root", metadata={"event_type": "kind", "event_payload": {"id": "1"}}).ts
        self.reply = self.says(room, "Reply", thread_ts=self.root).ts
        self.others = self.says(room, "From Bob", by=self.bob).ts
        marked = self.says(room, "Marked", blocks=[section("Marked", block_id="b")])
        self.marked = marked.ts
        posting.pin(workspace, room, marked, self.bot)
        posting.react(workspace, room, marked, self.bot, "eyes")
        self.bookmark = "Bk1"
        room.bookmarks.append({"id": self.bookmark, "channel_id": room.id, **LINK, **_BOOKMARKED})
        self.gone = self._deleted_root(room)
        self.view = sandbox.platform.views.open(self.bob, view(FORM, "modal"))
        self.home = sandbox.platform.views.publish(self.bob, view(HOME, "home"))

    def says(
        self, channel: Channel, text: str, *, by: str | None = None, thread_ts: str | None = None, **said: Any
    ) -> Message:
        """A message of the bot, or of somebody."""
        author = Author(user=by or self.bot, by_app=by is None)
        return posting.post(self.sandbox.workspace, channel, author, Content(text=text, **said), thread_ts=thread_ts)

    def _deleted_root(self, room: Channel) -> str:
        """What is left of a deleted message that had replies."""
        root = self.says(room, "Wrong")
        self.says(room, "Indeed", thread_ts=root.ts)
        posting.delete(self.sandbox.workspace, room, root)
        return root.ts

    def stream(self, text: str = "") -> str:
        """A reply of the bot that still grows, and says this so far."""
        message = self.says(self._room, text, thread_ts=self.root)
        pieces = [{"type": "markdown_text", "text": text}] if text else []
        message.stream = {"display": "timeline", "mode": "text" if text else "", "pieces": pieces}
        return message.ts

    def uploaded(self) -> str:
        """A file of the bot's whose bytes came, and which is not complete."""
        file = files.announce_upload(self.sandbox.workspace, self.bot, "log.txt", 5)
        file.content = b"12345"
        return file.id

    def file(self, user: str, *, deleted: bool = False) -> str:
        """A complete file of this user's, which nobody else may read."""
        made = files.add(self.sandbox.workspace, user, "log.txt", b"12345")
        made.deleted = deleted
        return made.id

    def canvas(self, *, user: str | None = None, deleted: bool = False, markdown: str = MARKDOWN["markdown"]) -> str:
        """A canvas of the bot, or of somebody."""
        made = canvases.create(self.sandbox.workspace, user or self.bot, "Timeline", markdown)
        made.deleted = deleted
        return made.id

    def with_canvas(self) -> str:
        """The room, which has its canvas."""
        self._room.canvas = self.canvas()
        return self.room

    def trigger(self) -> str:
        """What Bob just did."""
        return self.sandbox.platform.triggers.issue(self.bob)

    def spent(self) -> str:
        """A trigger that opened a form already."""
        trigger = self.trigger()
        self.sandbox.platform.triggers.spend(trigger)
        return trigger

    def expired(self) -> str:
        """A trigger of a while ago."""
        trigger = self.trigger()
        self.sandbox.platform.triggers._issued[trigger].expires = 0.0
        return trigger

    def person(self, user: str, **changed: Any) -> str:
        """A person who is otherwise now, for example `deleted`."""
        for name, value in changed.items():
            setattr(self.sandbox.workspace.users[user], name, value)
        return user

    def app(self, arguments: Arguments, **changed: Any) -> Arguments:
        """The arguments, for an app that is otherwise now, for example without a Home tab."""
        for name, value in changed.items():
            setattr(self.sandbox.workspace.app, name, value)
        return arguments

    def reacted(self, count: int) -> str:
        """A message with so many emoji of the bot's."""
        self._room.log.messages[self.root].reactions = {f"e{number}": [self.bot] for number in range(count)}
        return self.root

    def pinned(self, count: int) -> str:
        """The room with so many pins."""
        self._room.pins = {str(number): self._room.pins[self.marked] for number in range(count)}
        return self.room

    def bookmarked(self, count: int) -> str:
        """The room with so many bookmarks."""
        self._room.bookmarks = [self._room.bookmarks[0]] * count
        return self.room

    def rooms(self, count: int) -> str:
        """So many channels of the bot's."""
        workspace = self.sandbox.workspace
        return ",".join(channels.create(workspace, f"room{number}", self.bot).id for number in range(count))

    def joined(self, channel: str) -> str:
        """A channel the bot entered just now."""
        channels.join(self.sandbox.workspace, self.sandbox.channel(channel), self.bot)
        return channel

    def alone(self) -> str:
        """A private channel of the bot alone."""
        return channels.create(self.sandbox.workspace, "alone", self.bot, is_private=True).id

    def free(self, arguments: Arguments) -> Arguments:
        """The arguments, in a workspace that pays for nothing."""
        self.sandbox.workspace.team.paid = False
        return arguments

    def stacked(self) -> str:
        """What Bob did who has as many forms open as there may be."""
        views = self.sandbox.platform.views
        while len(views.stack(self.bob)) < most("view.stack"):
            views.push(self.bob, view(FORM, "modal"))
        return self.trigger()

    def closed(self) -> str:
        """What Bob did who has no form open."""
        self.sandbox.platform.views.clear(self.bob)
        return self.trigger()
