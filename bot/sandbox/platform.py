"""Everything the sandbox keeps for its one app, in one value that is handed to Web API methods, interactions and the
page. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.delivery.delivery import Delivery
from bot.sandbox.delivery.socket_mode import SocketHub
from bot.sandbox.tokens import Tokens
from bot.sandbox.triggers import ReplyAddresses, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace.state import App
from bot.sandbox.workspace.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Platform:
    """The workspace and what surrounds it. `url` is the server's address without a trailing slash, known once it
    listens.
    """

    workspace: Workspace
    views: Views
    triggers: Triggers
    replies: ReplyAddresses
    hub: SocketHub
    delivery: Delivery
    tokens: Tokens
    url: str = ""

    @property
    def app(self) -> App:
        """The installed app."""
        return self.workspace.app

    def socket_url(self) -> str:
        """A fresh one-use address for a Socket Mode connection."""
        return f"{self.url.replace('http', 'ws', 1)}/link?ticket={self.hub.ticket()}&app_id={self.app.id}"

    def reply_url(
        self,
        *,
        user: str,
        channel: str,
        message_ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """A fresh response_url for something a person did."""
        key = self.replies.issue(
            user=user, channel=channel, message_ts=message_ts, thread_ts=thread_ts, ephemeral=ephemeral
        )
        return f"{self.url}/response/{self.workspace.team.id}/{key}"
