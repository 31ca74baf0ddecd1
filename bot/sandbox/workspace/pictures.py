"""Whether the files that pictures show are there. That blocks are well formed was checked before.

From Slack's documentation, "Slack file object"; the words and the place of the answer were seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.blocks.schema import Problem
from bot.sandbox.blocks.validation import faulty
from bot.sandbox.errors import invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.workspace import Workspace

_FILE_ID = re.compile(r"\bF[0-9A-Z]{8,}\b")


def check_message(workspace: Workspace, blocks: list[Json] | None) -> None:
    """Refuse blocks of a message that show a file that is not there. SlackError invalid_blocks."""
    if problems := list(_missing(workspace, blocks or [], "/blocks")):
        raise faulty("invalid_blocks", problems)


def check_view(workspace: Workspace, definition: Json) -> None:
    """Refuse a view that shows a file that is not there. SlackError invalid_arguments."""
    if problems := list(_missing(workspace, definition["blocks"], "/view/blocks")):
        raise invalid_arguments(*(str(problem) for problem in problems))


def _missing(workspace: Workspace, value: Any, at: str) -> Iterator[Problem]:
    """Every picture of a file that the workspace does not know."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _missing(workspace, item, f"{at}/{index}")
    elif isinstance(value, dict):
        for name, content in value.items():
            if name == "slack_file" and not _known(workspace, content):
                yield Problem("invalid slack file", f"{at}/slack_file")
            elif isinstance(content, dict | list):
                yield from _missing(workspace, content, f"{at}/{name}")


def _known(workspace: Workspace, reference: Json) -> bool:
    """Whether there is a complete file with this id or address."""
    named = _FILE_ID.search(reference.get("id") or reference["url"])
    file = None if named is None else workspace.files.get(named.group())
    return file is not None and not file.ticket
