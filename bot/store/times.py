"""How domain times are written: ISO 8601 in UTC with exactly six digits of a second, so that text sorts as time does."""

from datetime import UTC, datetime


def write_time(at: datetime) -> str:
    """`2026-11-23T07:48:29.480938Z`. ValueError for a time without a zone: nobody knows when that is."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_time(text: str) -> datetime:
    """The time that `write_time` wrote, aware, in UTC."""
    return datetime.fromisoformat(text)
