"""The base of every value in the core: frozen, closed to unknown fields, written as canonical JSON."""

import json
import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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

    model_config = ConfigDict(frozen=True, extra="forbid")

    def canonical(self) -> str:
        """This value as canonical JSON."""
        return canonical(self.model_dump(mode="json"))

    def but(self, **changes: Any) -> Self:
        """A copy with these fields changed."""
        return self.model_copy(update=changes)
