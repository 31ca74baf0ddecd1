"""What is wrong with each key of a policy: pydantic's errors told in plain words, each at its place and with what to write."""

import re
from collections.abc import Sequence

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.core.policy import MISFIT, Policy
from bot.core.value import Value
from bot.files.faults import taken_for_comment
from bot.files.finding import Finding, at, nearest, shown
from bot.files.keys import CALLED, KEYS, PARTS, SEVERITY, Takes
from bot.files.marked import around, is_nothing, items, pairs
from bot.files.names import severities, unknown

_KEY_OF_BLOCK = "[key]"
"""Pydantic's word for an error in the key itself. Such keys are severities, which `names` looks at."""

_UNSAID = (MISFIT, "default_factory_not_called")
"""Errors that another finding says: how names fit is for `names`, and a default that follows from the severities needs those."""


def misshapen(root: yaml.Node, error: ValidationError) -> list[Finding]:
    """Every key that is missing, unknown, or holds what it does not take. Not how names fit each other: that is for `names`."""
    known = severities(root)
    errors = [one for one in error.errors() if one["type"] not in _UNSAID and one["loc"][-1:] != (_KEY_OF_BLOCK,)]
    return [told for one in errors if (told := _told(root, one, known))]


def _told(root: yaml.Node, error: ErrorDetails, known: Sequence[str]) -> Finding | None:
    """The finding, unless another says it already."""
    place, kind = error["loc"], error["type"]
    owner, depth = (PARTS[str(place[0])], 3) if len(place) > 2 and place[0] in PARTS else (Policy, 1)
    key = str(place[depth - 1])
    if kind == "missing":
        return _missing(around(root, place), owner, key, known)
    if kind == "extra_forbidden":
        return _unknown_key(around(root, place[:-1]), owner, key)
    takes, holder = KEYS[owner][key], around(root, place[:depth])
    if isinstance(holder, yaml.SequenceNode) and len(place) == depth and takes.many == "a list":
        return _size(holder, key, takes, known, error)
    is_many = isinstance(holder, yaml.SequenceNode if takes.many == "a list" else yaml.MappingNode)
    if takes.many != "one" and not is_many and not is_nothing(holder):
        return at(holder, f"{key} takes {takes.many}. Write `{key}: {_example(takes, known)}`.")
    return at(*_wrong_word(around(root, place), key, takes, known))


def _missing(block: yaml.Node, owner: type[Value], key: str, known: Sequence[str]) -> Finding | None:
    """Nothing when an unknown key of the block is probably this one: that is said already."""
    written = [name.value for name, _ in pairs(block)]
    if key in [nearest(name, list(KEYS[owner])) for name in written if name not in KEYS[owner]]:
        return None
    return at(block, f"{CALLED[owner]} needs {key}. Add `{key}: {_example(KEYS[owner][key], known)}`.")


def _unknown_key(block: yaml.Node, owner: type[Value], key: str) -> Finding:
    name = next(name for name, _ in pairs(block) if name.value == key)
    meant = nearest(key, list(KEYS[owner]))
    advice = f"Did you mean {meant}?" if meant else f"Take it out, or write one of: {', '.join(KEYS[owner])}."
    return at(name, f"{shown(key)} is not a key of {CALLED[owner]}. {advice}")


def _size(
    holder: yaml.SequenceNode, key: str, takes: Takes, known: Sequence[str], error: ErrorDetails
) -> Finding | None:
    """A list that is too long, or empty; nothing when it has items, none of which is good: each of them is told."""
    if error["type"] == "too_long":
        most = error["ctx"]["max_length"]
        return at(holder, f"{key} has {len(items(holder))} items, and {most} are the most. Take some out.")
    if items(holder):
        return None
    return at(holder, f"{key} is empty. Write `{key}: {_example(takes, known)}`.")


def _wrong_word(node: yaml.Node, key: str, takes: Takes, known: Sequence[str]) -> tuple[yaml.Node, str]:
    """The place, and what is said of something that is not the word it should be."""
    example = _example(takes, known)
    written = f"Write `{key}: {example}`." if takes.many == "one" else f"Write `{example[1:-1]}`."
    if is_nothing(node):
        comment = _comment_after(node)
        return node, taken_for_comment(comment) if comment else f"{key} has no value here. {written}"
    if not isinstance(node, yaml.ScalarNode):
        what = "a list" if isinstance(node, yaml.SequenceNode) else "a block of keys"
        return node, f"{what} stands where {key} takes {takes.form.what}. {written}"
    if takes.form is SEVERITY and known:
        return node, unknown(node.value, known)
    return node, f"{shown(node.value)} is not {takes.form.what}. {takes.form.advice(node.value)}"


def _comment_after(node: yaml.Node) -> str | None:
    """What stands behind a `#` where the value should be, if it does not look like a comment: those have a space first."""
    mark = node.start_mark
    found = re.match(r"[ \t]*(#[^\s,\]}]+)", (mark.buffer or "")[mark.pointer :])
    return found[1] if found else None


def _example(takes: Takes, known: Sequence[str]) -> str:
    """The example, with a severity that this policy has."""
    return takes.example if not known or "SEV1" in known else takes.example.replace("SEV1", shown(known[0]))
