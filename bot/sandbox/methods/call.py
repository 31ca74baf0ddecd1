"""One call of a Web API method, and what a method declares about itself. Looks objects up with Slack's errors; knows no
HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.sandbox.arguments import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform
from bot.sandbox.timestamps import format_ts, micros
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import channel_json
from bot.sandbox.workspace.state import Channel, User
from bot.sandbox.workspace.workspace import Workspace


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
    """What the sandbox knows of one method: the function that carries it out, alternative scopes, required arguments,
    tier, whether JSON bodies count.
    """

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    tier: Tier = Tier.T3
    json: bool = True
    app_token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that is authorised and has its required arguments."""

    platform: Platform
    method: Method
    args: Args

    @property
    def workspace(self) -> Workspace:
        """The workspace it is about."""
        return self.platform.workspace

    @property
    def bot(self) -> User:
        """The caller: the app's bot user."""
        return self.workspace.bot

    def require_scope(self, *alternatives: str) -> None:
        """Refuse the call unless one of these scopes is granted. SlackError missing_scope."""
        granted = self.platform.app.scopes
        if granted is not None and not granted.intersection(alternatives):
            raise SlackError("missing_scope", needed=",".join(alternatives), provided=",".join(sorted(granted)))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation named by an argument, if the bot may know of it and has the scope for its kind. SlackError
        channel_not_found.
        """
        channel = self.workspace.channels.get(self.args.text(name))
        if channel is None or not channel.visible_to(self.bot.id):
            raise SlackError("channel_not_found")
        self.check_family(channel)
        return channel

    def check_family(self, channel: Channel) -> None:
        """Refuse the call when its scopes cover other kinds of conversation only. SlackError missing_scope."""
        fitting = [scope for scope in self.method.scopes if scope.startswith(f"{channel.scope_family}:")]
        if fitting:
            self.require_scope(*fitting)

    def joined(self, name: str = "channel", *, archived: str | None = "is_archived") -> Channel:
        """The conversation named by an argument, which the bot is a member of. SlackError channel_not_found,
        `archived`, not_in_channel.
        """
        channel = self.channel(name)
        if archived is not None and channel.is_archived:
            raise SlackError(archived)
        if self.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def named_channel(self, name: str = "channel") -> Channel:
        """The channel, not a direct message, named by an argument. SlackError method_not_supported_for_channel_type."""
        channel = self.channel(name)
        if channel.kind == "im":
            raise SlackError("method_not_supported_for_channel_type")
        return channel

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

    def shown(self, channel: Channel) -> Json:
        """The answer that consists of a conversation object."""
        return {"channel": channel_json(self.workspace, channel, viewer=self.bot.id)}
