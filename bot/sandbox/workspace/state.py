"""What a workspace consists of: plain mutable records. Rules about changing them are in channels.py and posting.py,
their JSON in objects.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.message_log import MessageLog

ChannelKind = Literal["channel", "im", "mpim"]


@dataclass(slots=True, kw_only=True)
class Team:
    """The workspace's own name tag. Without `paid` it has no user groups, and canvases in channels only."""

    id: str
    name: str
    domain: str
    paid: bool = True


@dataclass(slots=True, kw_only=True)
class User:
    """A person, or a bot's user (then `bot_id` is set)."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "Etc/UTC"
    title: str = ""
    color: str = "9f69e7"
    bot_id: str | None = None
    deleted: bool = False
    updated: int = 0

    @property
    def is_bot(self) -> bool:
        """Whether this is the user of a bot."""
        return self.bot_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command of the app, as its manifest declares it."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut of the app: global, or one that is used on a message."""

    name: str
    kind: Literal["global", "message"]
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataSubscription:
    """Whose message metadata of which type the app hears of; either may be "*"."""

    app_id: str
    event_type: str


@dataclass(slots=True, kw_only=True)
class RequestUrls:
    """Where an app that is not in Socket Mode is told things; "" where it is not. `verified` once `events` has repeated
    a challenge.
    """

    events: str = ""
    interactivity: str = ""
    options: str = ""
    verified: bool = False


@dataclass(slots=True, kw_only=True)
class App:
    """The one app installed in the workspace, as its manifest says. `scopes` None means every scope; `events` are its
    subscriptions; `urls` None means Socket Mode.
    """

    id: str
    name: str
    bot_id: str
    bot_user: str
    commands: tuple[Command, ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] = frozenset()
    home_tab: bool = True
    messages_tab: bool = True
    shortcuts: tuple[Shortcut, ...] = ()
    metadata_subscriptions: tuple[MetadataSubscription, ...] = ()
    interactive: bool = True
    urls: RequestUrls | None = None


@dataclass(slots=True, kw_only=True)
class Note:
    """The topic or the purpose of a channel; `last_set` in epoch seconds, 0 when never."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True, kw_only=True)
class Pin:
    """One pinned message: when (epoch seconds) and by whom."""

    created: int
    created_by: str


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation: public or private channel, direct message (im) or group direct message (mpim). `created` in
    seconds, `updated` in milliseconds; `canvas` is the id of its channel canvas.
    """

    id: str
    name: str
    creator: str
    created: int
    updated: int
    kind: ChannelKind = "channel"
    is_private: bool = False
    is_general: bool = False
    is_archived: bool = False
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    previous_names: list[str] = field(default_factory=list)
    members: dict[str, None] = field(default_factory=dict)
    pins: dict[str, Pin] = field(default_factory=dict)
    bookmarks: list[Json] = field(default_factory=list)
    canvas: str | None = None
    last_read: dict[str, str] = field(default_factory=dict)
    log: MessageLog = field(default_factory=MessageLog)

    @property
    def type_name(self) -> Literal["channel", "group", "im", "mpim"]:
        """The kind as events name it (channel_type)."""
        if self.kind == "channel":
            return "group" if self.is_private else "channel"
        return self.kind

    @property
    def scope_family(self) -> Literal["channels", "groups", "im", "mpim"]:
        """The first word of the scopes that apply to this conversation."""
        if self.kind == "channel":
            return "groups" if self.is_private else "channels"
        return self.kind

    def visible_to(self, user: str) -> bool:
        """Whether this user may know of the conversation at all."""
        return user in self.members or (self.kind == "channel" and not self.is_private)


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """A user group (subteam) such as @incident-leads. `disabled` is when it was switched off, in epoch seconds, 0 when it
    was not.
    """

    id: str
    handle: str
    name: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    created: int = 0
    created_by: str = ""
    disabled: int = 0


@dataclass(slots=True, kw_only=True)
class File:
    """A file of `size` bytes. `ticket` is the secret of its upload address while the app has not completed the upload;
    `content` is None until the bytes came. `readers` may read it wherever it is shared; `shares` are the channel and ts
    of each message it was put into, whether or not that still stands. `deleted`: only a tombstone of it is shown.
    """

    id: str
    name: str
    title: str
    user: str
    created: int
    size: int
    ticket: str = ""
    content: bytes | None = None
    snippet_type: str = ""
    alt_txt: str = ""
    deleted: bool = False
    readers: list[str] = field(default_factory=list)
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Section:
    """One piece of a canvas that can be addressed: a heading, a block of code, or lines between blank ones."""

    id: str
    markdown: str


@dataclass(slots=True, kw_only=True)
class Canvas:
    """A document. `user` owns it, `channel` is where it has a tab ("" for none), `access` the level ("read", "write") of
    other people and channels by id.
    """

    id: str
    title: str
    user: str
    created: int
    channel: str = ""
    sections: list[Section] = field(default_factory=list)
    access: dict[str, str] = field(default_factory=dict)
    deleted: bool = False
