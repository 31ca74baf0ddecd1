"""The credentials that the sandbox accepts, and what became of them: good, revoked, expired, or of an app that was
switched off. Knows no HTTP.

From Slack's documentation: `xoxb-` is a bot's token, `xapp-` one of the app's level, good for apps.connections.open
only.
"""

from __future__ import annotations

from bot.sandbox.errors import SlackError


class Tokens:
    """One bot token and one app-level token. A test, the control API or auth.revoke may end their life."""

    def __init__(self, *, bot: str, app: str) -> None:
        self.bot = bot
        self.app = app
        self._faults: dict[str, str] = {}

    def revoke(self, token: str) -> None:
        """Refuse this token from now on with token_revoked."""
        self._faults[token] = "token_revoked"

    def expire(self, token: str) -> None:
        """Refuse this token from now on with token_expired, as rotation does."""
        self._faults[token] = "token_expired"

    def deactivate(self) -> None:
        """Refuse every token from now on with account_inactive: the app was uninstalled or switched off."""
        self._faults |= dict.fromkeys((self.bot, self.app), "account_inactive")

    def reinstate(self) -> None:
        """Accept both tokens again."""
        self._faults.clear()

    def is_good(self, token: str) -> bool:
        """Whether this is one of the tokens, and still accepted."""
        return token in (self.bot, self.app) and token not in self._faults

    def check(self, token: str, *, app_token: bool) -> None:
        """Refuse a token that is missing, unknown, no longer good or of the other kind, in this order (inferred: Slack
        documents none). SlackError not_authed, invalid_auth, token_revoked, token_expired, account_inactive,
        not_allowed_token_type.
        """
        if not token:
            raise SlackError("not_authed")
        if token not in (self.bot, self.app):
            raise SlackError("invalid_auth")
        if fault := self._faults.get(token):
            raise SlackError(fault)
        if (token == self.app) is not app_token:
            raise SlackError("not_allowed_token_type")
