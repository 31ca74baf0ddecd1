"""The tree of a YAML file: what it says, and where each word of it stands. Every plain word is text, so that `no`, `1:30` and
dates are not turned into something else; what has no value is None."""

from collections.abc import Iterator
from typing import Any

import yaml

from bot.core.value import clean
from bot.files.faults import not_closed
from bot.files.finding import Finding, at, shown

Place = tuple[int | str, ...]
Data = str | None | list[Any] | dict[str, Any]

_DEEPEST = 20
_UNSTORABLE = "this holds a character that cannot be stored. Write it anew."
_NOTHING = ("", "~", "null", "Null", "NULL")


class Reading:
    """Turns a tree into plain data, and trims its words. `found` is what is wrong with the tree itself; `suspected` counts only if
    the policy turns out bad."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.suspected: list[Finding] = []
        self._inside: set[int] = set()
        self._read: dict[int, Data] = {}

    def data(self, node: yaml.Node) -> Data:
        """What the tree says. Of a key that stands there twice the last counts, as in YAML."""
        if id(node) in self._inside:
            self.found.append(at(node, "this block contains itself. Write it out in place of the alias with `*`."))
            return None
        if len(self._inside) == _DEEPEST:
            self.found.append(at(node, "this is nested too deeply. Write it in fewer levels."))
            return None
        if id(node) not in self._read:
            self._inside.add(id(node))
            self._read[id(node)] = self._data(node)
            self._inside.remove(id(node))
        return self._read[id(node)]

    def _data(self, node: yaml.Node) -> Data:
        if isinstance(node, yaml.ScalarNode):
            return self._word(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.data(item) for item in node.value]
        self._look_at_keys(node)
        return {key.value: self.data(value) for key, value in pairs(node)}

    def _word(self, node: yaml.ScalarNode) -> str | None:
        if is_nothing(node):
            return None
        if node.style in ("'", '"') and node.end_mark.line > node.start_mark.line:
            self.suspected.append(at(node, not_closed(node.style)))
        if not _is_storable(node):
            self.found.append(at(node, _UNSTORABLE))
        word = str(clean(node.value))
        node.value = word  # so that all who look at the tree later see the same
        return word

    def _look_at_keys(self, node: yaml.Node) -> None:
        first: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.found.append(at(key, "a list or a block cannot be a key. Write one word before the colon."))
            elif not _is_storable(key):
                self.found.append(at(key, _UNSTORABLE))
            elif key.value in first:
                before = f"{shown(key.value)} stands there twice, first in line {first[key.value]}"
                self.found.append(at(key, f"{before}. Leave one of them."))
            else:
                first[key.value] = key.start_mark.line + 1


def _is_storable(node: yaml.ScalarNode) -> bool:
    """Whether a database keeps every character of this. What can be printed is kept, which is quickly seen."""
    return node.value.isprintable() or clean(node.value) == str(node.value).strip()


def is_nothing(node: yaml.Node) -> bool:
    """Whether this stands for no value: empty, blank or a plain `null`."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    return not clean(node.value) or (not node.style and node.value in _NOTHING)


def pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a block; none of anything else, and not what `Reading` refuses as a key."""
    if isinstance(node, yaml.MappingNode):
        plain = ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
        yield from ((key, value) for key, value in plain if _is_storable(key))


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list; none of anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def words(node: yaml.Node | None) -> list[yaml.ScalarNode]:
    """The items of a list that are words."""
    return [item for item in items(node) if isinstance(item, yaml.ScalarNode) and not is_nothing(item)]


def value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """What stands under a key of a block; the last, if the key stands there twice."""
    found = None
    for name, content in pairs(node):
        found = content if name.value == key else found
    return found


def word(node: yaml.Node | None, key: str) -> yaml.ScalarNode | None:
    """The word that stands under a key of a block."""
    found = value(node, key)
    return found if isinstance(found, yaml.ScalarNode) and not is_nothing(found) else None


def around(node: yaml.Node, place: Place) -> yaml.Node:
    """What stands at this place, or the nearest thing around it that exists."""
    for part in place:
        listed = items(node)
        inner = value(node, part) if isinstance(part, str) else listed[part] if part < len(listed) else None
        if inner is None:
            break
        node = inner
    return node
