"""The base of every value in the core: frozen, closed to unknown fields, written as canonical JSON."""

import json
import re
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

REDACTED = "[redacted]"
"""What stands where a person had typed something that was redacted."""


class TypedMark:
    """Marks a field as text that a person typed: it is kept apart in the journal, so that it can be redacted."""


def clean(text: object) -> object:
    """Strip what no database keeps: NUL and lone surrogates. Anything that is not a string passes through unchanged."""
    return _UNSTORABLE.sub("", text).strip() if isinstance(text, str) else text


Clean = Annotated[str, BeforeValidator(clean)]
Typed = Annotated[Clean, TypedMark()]


def canonical(data: Any) -> str:
    """JSON with sorted keys and no spaces: the same data always gives the same bytes."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Value(BaseModel):
    """A frozen value. Two values with the same content are equal and have the same `canonical()` text."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def canonical(self) -> str:
        """This value as canonical JSON."""
        return canonical(self.model_dump(mode="json"))

    def but(self, **changes: Any) -> Self:
        """A copy with these fields changed."""
        return self.model_copy(update=changes)


@cache
def typed_fields(kind: type[BaseModel]) -> tuple[str, ...]:
    """The names of the fields that hold what a person typed."""
    return tuple(name for name, field in kind.model_fields.items() if _is_typed(field))


def _is_typed(field: Any) -> bool:
    marks = [*field.metadata, *getattr(field.annotation, "__args__", ())]
    return any(isinstance(mark, TypedMark) or _marked(mark) for mark in marks)


def _marked(annotation: Any) -> bool:
    return any(isinstance(mark, TypedMark) for mark in getattr(annotation, "__metadata__", ()))
