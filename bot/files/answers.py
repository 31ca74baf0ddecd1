"""Reads the answers to a playbook, for a walk through it without Slack."""

from pathlib import Path

from pydantic import ValidationError

from bot.core.errors import PolicyError
from bot.core.playbooks.walk import Script
from bot.files.faults import quick_tree
from bot.files.finding import Finding, at
from bot.files.marked import Reading, around

_NO_ANSWERS = "these are no answers. Write keys and values, such as `answers: {freeze: done}`."


def read_answers(path: Path) -> Script:
    """The answers in this file. PolicyError says in one line where it is wrong first, and what can stand there."""
    try:
        root = quick_tree(path.read_text(encoding="utf-8"), _NO_ANSWERS)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read ({error}).") from None
    if isinstance(root, Finding):
        raise PolicyError(f"{path}:{root}")
    try:
        return Script.model_validate(Reading().data(root))
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(one for one in first["loc"] if one != "[key]")
        known = ", ".join(Script.model_fields)
        wrong = f"{'.'.join(map(str, place))}: {first['msg'].lower()}. The keys are: {known}."
        raise PolicyError(f"{path}:{at(around(root, place), wrong)}") from None
