"""What an answer of Slack's that is not "ok" means for a delivery: try again, look first, or give up. Pure."""

import traceback
from pathlib import Path

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.core.delivery import Hopeless, TryAgain

log = structlog.get_logger()

BUSY = {"ratelimited", "rate_limited"}
UNKNOWN_OUTCOME = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
"""Slack says of these that part of the operation may have happened."""

DEFAULT_RETRY_AFTER_SECONDS = 1.0
SHOWN_FRAMES = 5
"""How much of where a fault of ours lies goes into the log. What it says may be what people typed, and does not."""


def error_code(error: SlackApiError) -> str:
    """Slack's error string, or `http 502` and the like where the answer was no JSON."""
    response = error.response
    data = response.data if hasattr(response, "data") else response
    if isinstance(data, dict) and isinstance(data.get("error"), str):
        return str(data["error"])
    return f"http {getattr(response, 'status_code', 'error')}"


def retry_after(error: SlackApiError) -> float:
    """The seconds Slack asks us to wait."""
    headers = getattr(error.response, "headers", None) or {}
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    value = found[0] if isinstance(found, list) else found
    return float(value) if value and value.replace(".", "", 1).isdigit() else DEFAULT_RETRY_AFTER_SECONDS


def judged(error: Exception) -> TryAgain | Hopeless:
    """What to make of an exception that a Web API call raised.

    Only a connection that was never made is known not to have reached Slack; after any other break the call may have been
    carried out. An error code that is not known to pass is hopeless and visible, never repeated blindly. Anything else is a
    fault of ours: it counts as an attempt, so that it becomes visible too.
    """
    if isinstance(error, SlackApiError):
        code = error_code(error)
        status = getattr(error.response, "status_code", 200)
        if code in BUSY or status == 429:
            return TryAgain(code, after=retry_after(error), fault=False)
        if code in UNKNOWN_OUTCOME or code.startswith("http") or status >= 500:
            return TryAgain(code, uncertain=True)
        return Hopeless(code)
    if isinstance(error, aiohttp.ClientConnectorError):
        return TryAgain("Slack is out of reach")
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError | SlackClientError):
        return TryAgain(f"the answer was lost ({type(error).__name__})", uncertain=True)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("a delivery failed in a way we did not foresee", kind=type(error).__name__, where=where[-SHOWN_FRAMES:])
    return TryAgain(f"a fault of ours ({type(error).__name__})", uncertain=True)
