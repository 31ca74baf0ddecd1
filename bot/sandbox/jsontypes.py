"""The names of JSON values that cross the sandbox's borders; nothing here decides anything."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
"""One JSON object, in the shape that Slack's documentation gives it."""
