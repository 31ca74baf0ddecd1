"""The limits of the wire, in real seconds, so that tests can shorten them. The defaults are Slack's documented ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WireTimes:
    """How long things on the wire live or may take.

    `ack` from a payload to its acknowledgement; `retries` the pauses before each redelivery of an event; `event_life`
    after which an undelivered event is dropped; `events_per_hour` how many events are sent in an hour at most;
    `trigger` the life of a trigger_id; `response_url` the life of a response_url; `socket` the life of a Socket Mode
    connection, `debug_socket` that of one with debug_reconnects=true, and `socket_warning` how long before its end the
    app is warned.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    event_life: float = 7200.0
    events_per_hour: int = 30_000
    trigger: float = 3.0
    response_url: float = 1800.0
    socket: float = 3600.0
    debug_socket: float = 360.0
    socket_warning: float = 10.0
