"""JSON values that cross the sandbox's borders: their name, and how they are written."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""One JSON object, in the shape that Slack's documentation gives it."""


def compact(value: Any) -> str:
    """JSON without spaces, as Slack writes it."""
    return json.dumps(value, separators=(",", ":"))
