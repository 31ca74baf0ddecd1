"""How the sandbox says no: an error of the Web API, with Slack's own error strings."""

from __future__ import annotations

from typing import Any

from bot.sandbox.jsontypes import Json


class SlackError(Exception):
    """A Web API call that fails with HTTP 200 and `ok: false`; `fields` are further top-level fields of the answer."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields

    def answer(self) -> Json:
        """The JSON body of the answer."""
        return {"ok": False, "error": self.code, **self.fields}


def invalid_arguments(*messages: str) -> SlackError:
    """The general complaint about arguments, each message in Slack's `[ERROR] …` form."""
    return SlackError(
        "invalid_arguments", response_metadata={"messages": [f"[ERROR] {message}" for message in messages]}
    )
