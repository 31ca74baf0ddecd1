"""The workspace: who and what there is, how to find it, and who hears of a change. What may happen to it is decided in
channels.py and posting.py; it knows nothing of HTTP, sockets or the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.sandbox.changes import Changes
from bot.sandbox.clock import SandboxClock
from bot.sandbox.ids import random_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import App, Canvas, Channel, ChannelKind, File, Team, User, UserGroup


class Workspace:
    """All state of one team. `changes` fires after each change; `on_event` hears each inner event of Slack's Events API
    that one causes. `address` is where its private files are served, known once a server listens.
    """

    def __init__(self, *, team: Team, app: App, clock: SandboxClock) -> None:
        self.team = team
        self.app = app
        self.clock = clock
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, Canvas] = {}
        self.address = ""
        self.changes = Changes()
        self.on_event: Callable[[Json, Channel | None], None] = lambda event, channel: None
        self._channel_names: dict[str, str] = {}
        self._user_names: dict[str, str] = {}
        self._direct: dict[frozenset[str], str] = {}

    @property
    def bot(self) -> User:
        """The app's bot user."""
        return self.users[self.app.bot_user]

    def name_bot(self, display_name: str) -> None:
        """Give the app's bot user another name; that it is mentioned by it in lower case is inferred."""
        del self._user_names[self.bot.name]
        self.bot.real_name = display_name
        self.bot.name = "".join(display_name.lower().split())
        self._user_names[self.bot.name] = self.bot.id

    def now(self) -> int:
        """The domain time in whole seconds."""
        return int(self.clock.epoch())

    def add_user(self, user: User) -> User:
        """Let a person or bot into the workspace."""
        self.users[user.id] = user
        self._user_names[user.name] = user.id
        return user

    def add_usergroup(self, group: UserGroup) -> UserGroup:
        """Keep a user group."""
        self.usergroups[group.id] = group
        return group

    def add_channel(self, channel: Channel) -> Channel:
        """Keep a conversation and make it findable by name or by its pair of people."""
        self.channels[channel.id] = channel
        if channel.kind == "channel":
            self._channel_names[channel.name] = channel.id
        else:
            self._direct[frozenset(channel.members)] = channel.id
        return channel

    def new_channel(
        self, name: str, creator: str, *, kind: ChannelKind = "channel", is_private: bool = False
    ) -> Channel:
        """A conversation record dated now, not yet added."""
        now = self.clock.epoch()
        return Channel(
            id=random_id("D" if kind == "im" else "C"),
            name=name,
            creator=creator,
            created=int(now),
            updated=int(now * 1000),
            kind=kind,
            is_private=is_private,
        )

    def rename_channel(self, channel: Channel, name: str) -> None:
        """Give a channel another name; the old one stays on record."""
        del self._channel_names[channel.name]
        channel.previous_names.append(channel.name)
        channel.name = name
        self._channel_names[name] = channel.id

    def remove_channel(self, channel: Channel) -> None:
        """Forget a channel and free its name."""
        del self.channels[channel.id]
        del self._channel_names[channel.name]

    def channel_named(self, name: str) -> Channel | None:
        """The channel of this name, with or without "#", archived ones included."""
        channel = self._channel_names.get(name.removeprefix("#"))
        return None if channel is None else self.channels[channel]

    def user_named(self, name: str) -> User | None:
        """The user of this name, with or without "@"."""
        user = self._user_names.get(name.removeprefix("@"))
        return None if user is None else self.users[user]

    def usergroup_named(self, handle: str) -> UserGroup | None:
        """The user group of this handle, with or without "@"."""
        handle = handle.removeprefix("@")
        return next((group for group in self.usergroups.values() if group.handle == handle), None)

    def name_of(self, object_id: str) -> str | None:
        """What people call the thing with this id: "@alice", "#general", "@incident-leads"."""
        if user := self.users.get(object_id):
            return f"@{user.name}"
        if channel := self.channels.get(object_id):
            return f"#{channel.name}"
        group = self.usergroups.get(object_id)
        return None if group is None else f"@{group.handle}"

    def user_with_email(self, email: str) -> User | None:
        """The user with this address, in any spelling of its case."""
        wanted = email.casefold()
        return next((user for user in self.users.values() if user.email and user.email.casefold() == wanted), None)

    def restore(
        self,
        *,
        users: list[User],
        usergroups: list[UserGroup],
        channels: list[Channel],
        files: list[File],
        canvases: list[Canvas],
    ) -> None:
        """Become a workspace that was kept: these people, groups, conversations, files and canvases and no others. The
        app counts as installed afresh, with a token that works.
        """
        for table in (self.users, self.usergroups, self.channels, self._user_names, self._channel_names, self._direct):
            table.clear()
        self.files = {file.id: file for file in files}
        self.canvases = {canvas.id: canvas for canvas in canvases}
        for user in users:
            self.add_user(user)
        for group in usergroups:
            self.add_usergroup(group)
        for channel in channels:
            self.add_channel(channel)
        self.bot.deleted = False
        self.changed()

    def direct(self, users: frozenset[str]) -> Channel | None:
        """The direct conversation of exactly these users, if it was ever opened."""
        channel = self._direct.get(users)
        return None if channel is None else self.channels[channel]

    def channels_of(self, user: str) -> Iterator[Channel]:
        """The conversations this user is a member of."""
        return (channel for channel in self.channels.values() if user in channel.members)

    def announce(self, event: Json, channel: Channel | None = None) -> None:
        """Tell the app's side of an inner event (it decides whether the app is subscribed and may hear it); `event_ts`
        is added when missing.
        """
        event.setdefault("event_ts", f"{self.clock.epoch():.6f}")
        self.on_event(event, channel)

    def changed(self) -> None:
        """Wake everybody who watches the workspace."""
        self.changes.happened()
