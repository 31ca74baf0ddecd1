"""One call of a Web API method, and what a method declares about itself. Looks objects up with Slack's errors; knows no
HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.sandbox.arguments import Args
from bot.sandbox.errors import GENERIC_ERRORS, SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform
from bot.sandbox.timestamps import format_ts, micros
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import channel_json
from bot.sandbox.workspace.state import Channel, User
from bot.sandbox.workspace.workspace import Workspace

ANY_KIND = frozenset({"channel", "group", "im", "mpim"})
"""Every kind of conversation, as events name them."""
CHANNELS = frozenset({"channel", "group"})
"""Public and private channels."""
NAMED = CHANNELS | {"mpim"}
"""Conversations with a name and a topic: all but direct messages with one person."""


LOCALE = "en-US"
"""The language of everybody and everything."""


class Tier(IntEnum):
    """How many calls a minute a method allows (Slack's documentation, "Rate limits"); SPECIAL methods say so on their
    page.
    """

    T1 = 1
    T2 = 20
    T3 = 50
    T4 = 100
    SPECIAL = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What the sandbox knows of one method: the function that carries it out, alternative scopes, required arguments
    (`a|b`: one of them), tier, whether JSON bodies count. `errors` are those of its page that the sandbox can answer, a
    space between two; `inferred` those it answers although the page lists none: observed, from memory or inferred.
    """

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    tier: Tier = Tier.T3
    json: bool = True
    app_token: bool = False
    errors: str = ""
    inferred: str = ""

    def missing(self, args: Args) -> list[str]:
        """The required arguments that were not given, each by its first name."""
        alternatives = [argument.split("|") for argument in self.required]
        return [names[0] for names in alternatives if not any(name in args.values for name in names)]

    def may_answer(self, code: str) -> bool:
        """Whether the method declares this error, or any method may answer it."""
        return code in GENERIC_ERRORS or code in self.errors.split() or code in self.inferred.split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that is authorised and has its required arguments. `token` is the one it came with."""

    platform: Platform
    method: Method
    args: Args
    token: str

    @property
    def workspace(self) -> Workspace:
        """The workspace it is about."""
        return self.platform.workspace

    @property
    def bot(self) -> User:
        """The caller: the app's bot user."""
        return self.workspace.bot

    def may(self, scope: str) -> bool:
        """Whether the app was granted this scope."""
        return self.platform.app.scopes is None or scope in self.platform.app.scopes

    def require_scope(self, *alternatives: str) -> None:
        """Refuse the call unless one of these scopes is granted. SlackError missing_scope."""
        granted = self.platform.app.scopes
        if granted is not None and not granted.intersection(alternatives):
            raise SlackError("missing_scope", needed=",".join(alternatives), provided=",".join(sorted(granted)))

    def channel(self, name: str = "channel", *, kinds: frozenset[str] = ANY_KIND) -> Channel:
        """The conversation named by an argument, if the bot may know of it and has the scope for its kind. SlackError
        channel_not_found, missing_scope, method_not_supported_for_channel_type.
        """
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or not channel.visible_to(self.bot.id):
            raise SlackError("channel_not_found")
        self.check_family(channel)
        if channel.type_name not in kinds:
            raise SlackError("method_not_supported_for_channel_type")
        return channel

    def check_family(self, channel: Channel) -> None:
        """Refuse the call when its scopes cover other kinds of conversation only. SlackError missing_scope."""
        fitting = [scope for scope in self.method.scopes if scope.startswith(f"{channel.scope_family}:")]
        if fitting:
            self.require_scope(*fitting)

    def joined(self, *, kinds: frozenset[str] = ANY_KIND, archived: str | None = "is_archived") -> Channel:
        """The `channel`, which the bot is a member of. SlackError as of `channel`, `archived`, not_in_channel."""
        channel = self.channel(kinds=kinds)
        if archived is not None and channel.is_archived:
            raise SlackError(archived)
        self.check_membership(channel)
        return channel

    def check_membership(self, channel: Channel) -> None:
        """Refuse the call where the bot is no member. SlackError not_in_channel."""
        if self.bot.id not in channel.members:
            raise SlackError("not_in_channel")

    def check_messages_tab(self, channel: Channel) -> None:
        """Refuse the call in direct messages when the app has none. SlackError messages_tab_disabled."""
        if channel.kind == "im" and not self.platform.app.messages_tab:
            raise SlackError("messages_tab_disabled")

    def message(self, channel: Channel, name: str, *, malformed: str = "message_not_found") -> Message:
        """The message whose ts an argument gives. SlackError message_not_found, or `malformed` for something that is no
        ts.
        """
        try:
            ts = format_ts(micros(self.args.text(name)))
        except ValueError:
            raise SlackError(malformed) from None
        if message := channel.log.find(ts):
            return message
        raise SlackError("message_not_found")

    def user(self, name: str = "user") -> User:
        """The user named by an argument. SlackError user_not_found."""
        user = self.workspace.users.get(self.args.text(name))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def locale(self) -> Json:
        """The language of a user or channel, for answers that are asked for it with include_locale."""
        return {"locale": LOCALE} if self.args.flag("include_locale") else {}

    def shown(self, channel: Channel) -> Json:
        """The answer that consists of a conversation object."""
        return {"channel": channel_json(self.workspace, channel, viewer=self.bot.id)}
