"""Reads `playbooks/`: every error names file, line and column. Decides nothing about what the policy means."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.core.errors import PolicyError
from bot.core.policy import Policy


def read_policy(folder: Path) -> Policy:
    """The policy in `folder`/policy.yml. PolicyError says in one line where it is wrong and what was expected."""
    path = folder / "policy.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read ({error}). LOCKSTEP_PLAYBOOKS names its folder.") from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return Policy.model_validate(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise PolicyError(f"{where}: not readable as YAML: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise PolicyError(f"{path}: not readable as YAML: {error}.") from None
    except ValidationError as error:
        raise PolicyError(_first_sentence(path, node, error)) from None


def _first_sentence(path: Path, node: yaml.Node | None, error: ValidationError) -> str:
    first = error.errors()[0]
    given = first.get("ctx", {}).get("given")
    found = list(_written(node, given)) if isinstance(given, str) else []
    line, column = _start(found[-1] if found else _nearest(node, first["loc"]))
    name = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{path}:{line}:{column}: {name + ': ' if name else ''}{message}.{more}"


def _start(node: yaml.Node | None) -> tuple[int, int]:
    """Line and column, from 1, where a node begins."""
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)


def _nearest(node: yaml.Node | None, loc: tuple[Any, ...]) -> yaml.Node | None:
    """The value at `loc`, or the nearest thing around it that exists."""
    for part in loc:
        inner = _inner(node, part)
        if inner is None:
            break
        node = inner
    return node


def _written(node: yaml.Node | None, word: str) -> Iterator[yaml.Node]:
    """Every place where this word stands as a value."""
    if isinstance(node, yaml.ScalarNode) and node.value == word:
        yield node
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _written(item, word)
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _written(value, word)


def _inner(node: yaml.Node | None, part: Any) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None
