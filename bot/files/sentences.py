"""Reads and checks the sentences of stakeholder updates, a file a language: every key that is missing, unknown or misused, every
variable that there is not, every line that is too long, each at its place and with what to write instead."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import yaml

from bot.core.templates import (
    NEVER,
    OR,
    REPEATABLE,
    TYPED,
    VARIABLES,
    Group,
    Language,
    Situation,
    Trend,
    alternatives,
    fill,
    variables,
)
from bot.files.faults import at_index, quick_tree
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import Reading, is_nothing, items, pairs, value

LONGEST = 200
"""Characters of a line: two lines on a phone."""
MOST = 12
"""Lines of an update."""

_NOTHING_THERE = "these are no sentences. Write keys and values, the first as `language: English`."
_SENTENCES = tuple(name for name in VARIABLES if name != "text")


class Text(NamedTuple):
    """One line, which may use these variables and must use those."""

    may: tuple[str, ...] = ()
    must: tuple[str, ...] = ()


class Lines(NamedTuple):
    """A list of lines, which may use these variables."""

    may: tuple[str, ...] = _SENTENCES


class Words(NamedTuple):
    """A list of names of variables."""


class Keys(NamedTuple):
    """A block with these keys, of which some may be left out."""

    called: str
    keys: Mapping[str, "Shape"]
    optional: tuple[str, ...] = ()


class Named(NamedTuple):
    """A block whose keys are names that people give."""

    each: Keys


Shape = Text | Lines | Words | Keys | Named

_STAGE = Keys("a situation", {"state": Text(("into",)), "doing": Text(("into",)), "still": Text(("into",))}, ("still",))
_PARTS: Mapping[str, Shape] = {name.value: Lines() for name in (*Group, *Situation)}
_CLOSING = {"open": Text(("next",), ("next",)), "status": Text(("next",), ("next",))}
FILE = Keys(
    "the file",
    {
        "language": Text(),
        "is_reviewed": Text(),
        "times": Keys("times", {"about": Text(must=("time",)), "day": Text(must=("date", "time"))}),
        "trend": Keys("trend", {name.value: Text() for name in Trend}),
        "data": Text(),
        "no_change": Text(),
        "late": Lines(REPEATABLE),
        "withheld": Text(("parts",)),
        "correction": Text(("last",)),
        "since": Text(("started", "reported")),
        "closing": Keys(
            "closing", {**_CLOSING, **{name.value: Text(("into",)) for name in Group if name is not Group.OPEN}}
        ),
        "stages": Keys("stages", {name.value: _STAGE for name in Situation}),
        "usual": Keys("usual", _PARTS, tuple(name for name in _PARTS if name not in list(Group))),
        "styles": Named(Keys("a style", {NEVER: Words(), **_PARTS}, (NEVER, *_PARTS))),
        "sample": Keys("sample", {name: Text() for name in TYPED}, TYPED),
    },
    ("is_reviewed", "withheld", "sample"),
)
"""What a file of sentences holds."""


@lru_cache(maxsize=16)  # they change with a release, and are read again whenever somebody saves a policy
def check_sentences(written: bytes) -> tuple[Language | None, tuple[Finding, ...]]:
    """The sentences that these bytes are, or None when a finding is fatal; and all findings, by place."""
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = written[: error.start].decode("utf-8")
        return None, (at_index(readable, len(readable), "this is not UTF-8. Save the file in that encoding."),)
    root = quick_tree(text, _NOTHING_THERE)
    if isinstance(root, Finding):
        return None, (root,)
    reading = Reading()
    data = reading.data(root)
    found = tuple(sorted({*reading.found, *_misfits(root, FILE, ""), *_forbidden(root)}))
    return (None if any(one.is_fatal for one in found) else Language.model_validate(data)), found


def _misfits(node: yaml.Node, shape: Shape, key: str) -> Iterator[Finding]:
    match shape:
        case Keys():
            yield from _block(node, shape, key)
        case Named():
            yield from _names(node, shape, key)
        case Lines():
            yield from _lines(node, shape, key)
        case Words():
            yield from _variables(node, key)
        case Text():
            yield from _text(node, shape, key)


def _block(node: yaml.Node, shape: Keys, key: str) -> Iterator[Finding]:
    if not isinstance(node, yaml.MappingNode):
        yield at(node, f"{key} takes a block of keys. Write one of them below: {', '.join(shape.keys)}.")
        return
    given = {name.value: (name, content) for name, content in pairs(node)}
    guesses = [nearest(name, list(shape.keys)) for name in given if name not in shape.keys]
    for name, (place, content) in given.items():
        if name in shape.keys:
            yield from _misfits(content, shape.keys[name], name)
        else:
            meant = nearest(name, list(shape.keys))
            advice = f"Did you mean {meant}?" if meant else f"Take it out, or write one of: {', '.join(shape.keys)}."
            yield at(place, f"{shown(name)} is not a key of {shape.called}. {advice}")
    for name in shape.keys:
        if name not in given and name not in shape.optional and name not in guesses:
            yield at(node, f"{shape.called} needs {name}. Add `{name}: {_example(shape.keys[name])}`.")


def _names(node: yaml.Node, shape: Named, key: str) -> Iterator[Finding]:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        yield at(node, f"{key} takes a block with a key for each style, such as `customers:`.")
    for name, content in pairs(node):
        yield from _block(content, shape.each, name.value)


def _lines(node: yaml.Node, shape: Lines, key: str) -> Iterator[Finding]:
    lines = items(node)
    if not lines:
        yield at(node, f'{key} takes a list of lines. Write each as `- "…"` below it.')
    if len(lines) > MOST:
        yield at(lines[MOST], f"{key} has {len(lines)} lines, and {MOST} are the most. Take some out.")
    for line in lines:
        yield from _text(line, Text(shape.may), key)


def _variables(node: yaml.Node, key: str) -> Iterator[Finding]:
    for name in items(node):
        if name.value not in VARIABLES:
            yield at(name, _no_variable(str(name.value), VARIABLES))


def _text(node: yaml.Node, shape: Text, key: str) -> Iterator[Finding]:
    if not isinstance(node, yaml.ScalarNode):
        yield at(node, f'{key} takes one line of text. Write `{key}: "…"`.')
    elif is_nothing(node):
        yield at(node, f'{key} has no text here. Write `{key}: "…"`.')
    else:
        line = str(node.value)
        yield from (at(node, wrong) for wrong in (*_ill_written(line), *_misused(line, shape, key)))


def _ill_written(line: str) -> Iterator[str]:
    """What is wrong with a line itself."""
    if len(line) > LONGEST:
        yield f"this line has {len(line)} characters, and {LONGEST} are the most. Write it in two."
    if any(not said.strip() for said in alternatives(line)) or OR.strip() in (line[:1], line[-1:]):
        yield "an alternative is empty. Write one on each side of ` | `, or take the sign out."
    without = fill(line, dict.fromkeys(variables(line), ""))
    if "{" in without or "}" in without:
        yield "a brace stands alone here. Write a variable as {impact}, with both."
    if any(f"{{{name}}}." in line for name in TYPED):
        yield "what was typed has its full stop already. Take this one out."


def _misused(line: str, shape: Text, key: str) -> Iterator[str]:
    """The variables of a line that cannot stand there, and those that are missing from it."""
    may = (*shape.may, *shape.must)
    yield from (_no_variable(name, may) for name in variables(line) if name not in may)
    first = variables(alternatives(line)[0])
    yield from (f"{key} must say {{{name}}}. Write it where it belongs." for name in shape.must if name not in first)


def _no_variable(name: str, may: tuple[str, ...]) -> str:
    """What is said of a variable that there is not, or not here."""
    if not may:
        return f"{{{shown(name)}}} cannot be used here. Write the sentence without it."
    meant = nearest(name, may)
    advice = f"Did you mean {{{meant}}}?" if meant else f"Write one of: {', '.join(f'{{{one}}}' for one in may)}."
    what = "cannot be used here" if name in VARIABLES else "is not a variable"
    return f"{{{shown(name)}}} {what}. {advice}"


def _forbidden(root: yaml.Node) -> Iterator[Finding]:
    """Variables that a style must not use, in its own lines and in those that it has from `usual`."""
    usual = value(root, "usual")
    for style, block in pairs(value(root, "styles")):
        never = [str(name.value) for name in items(value(block, NEVER))]
        own = {key.value: content for key, content in pairs(block) if key.value != NEVER}
        inherited = {key.value: content for key, content in pairs(usual) if key.value not in own}
        for line in (line for content in (own | inherited).values() for line in items(content)):
            for name in variables(str(line.value)):
                if name in never:
                    yield at(
                        line, f"{shown(style.value)} must never read {{{name}}}. Take it out, or out of `{NEVER}`."
                    )


def _example(shape: Shape) -> str:
    match shape:
        case Lines() | Words():
            return '["…"]'
        case Keys():
            needed = [f"{name}: {_example(each)}" for name, each in shape.keys.items() if name not in shape.optional]
            return f"{{{', '.join(needed)}}}"
        case Named():
            return '{customers: {open: ["…"]}}'
        case Text():
            return '"' + " ".join(["…", *(f"{{{name}}}" for name in shape.must)]) + '"'
