"""A small language for limits: rules that check a JSON value and name each fault with Slack's words and a JSON pointer.
Knows no block and no limit.

The words are those of recorded answers of Slack ("must be less than 3001 characters", "no more than 10 items allowed",
…) or, inferred, of Slack's own validator (slackhq/hack-json-schema), which counts a number's bound in although it says
"less than" and "greater than".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.jsontypes import Json

NO_SCHEMA = "failed to match all allowed schemas"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault and where it is."""

    message: str
    pointer: str

    def __str__(self) -> str:
        """As Slack writes it."""
        return f"{self.message} [json-pointer:{self.pointer}]"


Problems = Iterator[Problem]
Check = Callable[[Json, str], Problems]


class Rule(Protocol):
    """Anything that can check a value at a place."""

    def problems(self, value: Any, at: str) -> Problems:
        """Each fault of `value`, which stands at the JSON pointer `at`."""
        ...


@dataclass(frozen=True, slots=True)
class Str:
    """A string of `min` to `max` characters (Unicode code points), matching `pattern` if there is one."""

    max: int | None = None
    min: int = 0
    pattern: re.Pattern[str] | None = None

    def problems(self, value: Any, at: str) -> Problems:
        """Not a string, too long, too short, or of another form."""
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif self.max is not None and len(value) > self.max:
            yield Problem(f"must be less than {self.max + 1} characters", at)
        elif len(value) < self.min:
            yield Problem(f"must be more than {self.min - 1} characters", at)
        elif self.pattern is not None and not self.pattern.fullmatch(value):
            yield Problem(f"input must match regex pattern: {self.pattern.pattern}", at)


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""

    def problems(self, value: Any, at: str) -> Problems:
        """Anything else."""
        if not isinstance(value, bool):
            yield Problem("must be a boolean", at)


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number from `min` to `max`."""

    min: int = 0
    max: int | None = None

    def problems(self, value: Any, at: str) -> Problems:
        """Not a whole number, or outside the bounds."""
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must provide an integer", at)
        elif value < self.min:
            yield Problem(f"must be greater than {self.min}", at)
        elif self.max is not None and value > self.max:
            yield Problem(f"must be less than {self.max}", at)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of any kind, above zero when it must be `positive`."""

    positive: bool = False

    def problems(self, value: Any, at: str) -> Problems:
        """Not a number, or not above zero."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield Problem("must provide a number", at)
        elif self.positive and value <= 0:
            yield Problem("must be greater than 0", at)


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value that may be null instead."""

    rule: Rule

    def problems(self, value: Any, at: str) -> Problems:
        """The faults of a value that is there."""
        if value is not None:
            yield from self.rule.problems(value, at)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few strings."""

    values: tuple[str, ...]

    def problems(self, value: Any, at: str) -> Problems:
        """Not a string, or any other one."""
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif value not in self.values:
            yield Problem("must be a valid enum value", at)


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that the sandbox keeps without checking."""

    def problems(self, value: Any, at: str) -> Problems:
        """None."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of `min` to `max` items that all keep one rule."""

    item: Rule
    min: int = 0
    max: int | None = None

    def problems(self, value: Any, at: str) -> Problems:
        """Not a list, too many, too few, and every fault of an item."""
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if self.max is not None and len(value) > self.max:
            yield Problem(f"no more than {self.max} items allowed", at)
        if len(value) < self.min:
            yield Problem(f"must provide at least {self.min} items", at)
        for index, item in enumerate(value):
            yield from self.item.problems(item, f"{at}/{index}")


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the rule of each field, which ones must be there, and checks across fields. Other fields are refused."""

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    def problems(self, value: Any, at: str) -> Problems:
        """Not an object, missing and unknown fields, and every fault of a field; checks across fields run when the
        fields are sound.
        """
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        sound = True
        for problem in self._field_problems(value, at):
            sound = False
            yield problem
        if sound:
            for check in self.checks:
                yield from check(value, at)

    def _field_problems(self, value: Json, at: str) -> Problems:
        """The faults of single fields."""
        for name in self.required:
            if name not in value:
                yield Problem(f"missing required field: {name}", at)
        for name, content in value.items():
            rule = self.fields.get(name)
            if rule is None:
                yield Problem(f"invalid additional property: {name}", at)
            else:
                yield from rule.problems(content, f"{at}/{name}")


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which rule it keeps."""

    rules: Mapping[str, Rule]

    def problems(self, value: Any, at: str) -> Problems:
        """Not an object, no type, an unsupported one, and every fault under the rule of its type."""
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
        elif "type" not in value:
            yield Problem("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in self.rules:
            yield Problem(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from self.rules[value["type"]].problems(value, at)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A value for which Slack has several schemas: its faults follow the line that none of them matched."""

    rule: Rule

    def problems(self, value: Any, at: str) -> Problems:
        """The general line, then the faults, if there are any."""
        faults = list(self.rule.problems(value, at))
        if faults:
            yield Problem(NO_SCHEMA, at)
            yield from faults
