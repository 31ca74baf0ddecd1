"""The real-time limits of the wire, in real seconds, so that tests can shorten them. The defaults are Slack's
documented ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WireTimes:
    """How long things on the wire live or may take.

    `ack` from an envelope to its acknowledgement; `retries` the pauses before each redelivery of an event; `event_life`
    after which an undelivered event is dropped; `trigger` the life of a trigger_id; `response_url` the life of a
    response_url.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    event_life: float = 7200.0
    trigger: float = 3.0
    response_url: float = 1800.0
