"""The base of everything that a playbook file holds, and the words that stand in it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from bot.core.value import Value, clean

MISFIT = "misfit"
"""The type of the validation error about keys that do not go together. Its context has the key, and what to write."""

_INPUT = re.compile(r"\$\{([^}\s]*)\}")
_SECRET = "secret:"

ID = r"^[a-z][a-z0-9-]{0,39}$"
INPUT = r"^[a-z][a-z0-9_]{0,39}$"
HEADER = r"^[A-Za-z][A-Za-z0-9-]{0,60}$"
VERSION = r"^\d{1,4}\.\d{1,4}\.\d{1,4}$"

Id = Annotated[str, Field(pattern=ID)]
"""The id of a playbook, a step or a criterion: small letters, digits and -."""
Line = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=300)]
Title = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=80)]
Text = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Minutes = Annotated[int, Field(gt=0, le=7 * 24 * 60)]
Seconds = Annotated[int, Field(gt=0, le=3600)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Part(Value):
    """A part of a playbook file. What is said below each field is shown by editors, from the published schema."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def filled(text: str, inputs: Mapping[str, str]) -> str:
    """The text with `${name}` replaced by that input. What names a secret, or no input, stays as it is."""
    return _INPUT.sub(lambda found: inputs.get(found[1], found[0]), text)


def named_in(text: str) -> Iterator[str]:
    """The inputs that `${…}` names in this text; not the secrets."""
    yield from (name for name in _INPUT.findall(text) if not name.startswith(_SECRET))


def secrets_in(text: str) -> Iterator[str]:
    """The secrets that `${secret:NAME}` names in this text."""
    yield from (name.removeprefix(_SECRET) for name in _INPUT.findall(text) if name.startswith(_SECRET))
