"""What Lockstep does by itself in a step: a call over HTTP."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from bot.core.playbooks.part import HEADER, Line, Part, Text

Header = Annotated[str, Field(pattern=HEADER)]
Status = Annotated[int, Field(ge=100, le=599)]


class HttpCall(Part):
    """A call to a host that the operators have allowed. Secrets stand in it by name, as `${secret:NAME}`, and come from the
    environment at the time of the call."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(examples=["POST"])
    """The method."""
    url: Line = Field(examples=["https://deploys.example.com/api/freeze"])
    """Where to. `${name}` stands for an input."""
    headers: Mapping[Header, Line] = {}
    """Headers, each with its value."""
    body: Text | None = None
    """What is sent."""
    timeout_seconds: Annotated[int, Field(gt=0, le=120)] = 10
    """How long one try may take."""
    expects: Annotated[tuple[Status, ...], Field(min_length=1, max_length=20)] = (200, 201, 202, 204)
    """The answers that mean it worked."""
    idempotency_header: Header | None = None
    """The header by which the other side knows a call that comes twice. Without it a call whose fate is not known is never sent
    again unless a person says so."""
    retries: Annotated[int, Field(ge=0, le=5)] = 0
    """How often a call that failed is tried again. Only with GET, or with idempotency_header."""

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.only_reads or self.idempotency_header is not None

    @property
    def is_json(self) -> bool:
        """Whether its body is JSON."""
        return self.body is not None and self.body.startswith(("{", "["))

    def in_body(self, text: str) -> str:
        """The text as it can stand in the body: inside the quotes of a string, where the body is JSON; as one field of a form."""
        if self.is_json:
            return json.dumps(text)[1:-1]
        kinds = [value for name, value in self.headers.items() if name.lower() == "content-type"]
        return quote(text, safe="") if any("form-urlencoded" in kind.lower() for kind in kinds) else text

    @property
    def only_reads(self) -> bool:
        """Whether nothing is different after it."""
        return self.method == "GET"


def in_address(text: str) -> str:
    """The text as it can stand in an address: as one part of its path, or one value of its query."""
    return quote(text, safe=":")
