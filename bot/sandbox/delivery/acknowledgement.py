"""What can be handed to the app, and that the app did not take it. Knows no transport."""

from __future__ import annotations

from typing import Literal

PayloadKind = Literal["events_api", "slash_commands", "interactive"]
Failure = Literal["dispatch_failed", "operation_timeout"]
RetryReason = Literal[
    "", "timeout", "http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error"
]
"""Why an event is sent again (Slack's documentation, "The Events API"); "" on a first delivery. "timeout", which Socket
Mode gives, is from memory."""


class NotAcknowledged(Exception):
    """The app did not take a payload.

    `reason` is what Slack tells the person: dispatch_failed (it did not get there, or was refused) or operation_timeout.
    `retry_reason` goes with the next delivery of an event; `final` when there is to be none. `detail` is for the log.
    """

    def __init__(
        self,
        reason: Failure,
        *,
        retry_reason: RetryReason = "connection_failed",
        final: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason: Failure = reason
        self.retry_reason: RetryReason = retry_reason
        self.final = final
        self.detail = detail
