"""The policy: severities, cadences, who is invited, boundaries, audiences. Validated here; read from its file by `bot.files`."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.core.value import Value

Name = Annotated[str, Field(min_length=1, max_length=60)]
Minutes = Annotated[int, Field(gt=0, le=7 * 24 * 60)]
Channel = Annotated[str, Field(pattern=r"^(#[^\s#A-Z]{1,80}|[CG][A-Z0-9]{6,})$")]
Person = Annotated[str, Field(pattern=r"^(@\S+|[UWS][A-Z0-9]{6,})$")]


class Severity(Value):
    """One severity: its name, what it means in a line, how soon the first update is owed and how often the next ones, and who
    is invited (`@handle` of a user group, or the id of a user or group)."""

    name: Name
    means: str
    first_update_minutes: Minutes
    then_every_minutes: Minutes
    invite: tuple[Person, ...] = ()

    @property
    def first(self) -> timedelta:
        """From the declaration to the first update at the latest."""
        return timedelta(minutes=self.first_update_minutes)

    @property
    def every(self) -> timedelta:
        """From one update to the next."""
        return timedelta(minutes=self.then_every_minutes)


class Boundary(Value):
    """One part of the system map: a place where a fault can be seen."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    name: Name


class Audience(Value):
    """Who is kept informed where, and of which severities."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    channel: Channel
    hears: Annotated[tuple[Name, ...], Field(min_length=1)]


class Policy(Value):
    """How this company runs incidents. Severities stand from the worst to the mildest."""

    announce_in: Channel
    unset_counts_as: Name
    severities: Annotated[tuple[Severity, ...], Field(min_length=1, max_length=10)]
    boundaries: Annotated[tuple[Boundary, ...], Field(min_length=1, max_length=100)]
    audiences: tuple[Audience, ...] = ()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        """Severities that are referred to exist; ids are used once."""
        known = [severity.name for severity in self.severities]
        for name in (self.unset_counts_as, *(heard for audience in self.audiences for heard in audience.hears)):
            if name not in known:
                raise _wrong(name, f"{name} is not one of the severities {', '.join(known)}")
        for what, names in (
            ("severity", known),
            ("boundary", [boundary.id for boundary in self.boundaries]),
            ("audience", [audience.name for audience in self.audiences]),
        ):
            if twice := _twice(names):
                raise _wrong(twice, f"the {what} {twice} stands there twice")
        return self

    @property
    def hash(self) -> str:
        """The content hash an incident pins: comments and layout of the file do not count."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def severity(self, name: str | None) -> Severity:
        """The severity of this name; None, unset, counts as `unset_counts_as`. KeyError when the policy has no such one."""
        wanted = name or self.unset_counts_as
        for severity in self.severities:
            if severity.name == wanted:
                return severity
        raise KeyError(wanted)

    def is_raise(self, before: str | None, after: str) -> bool:
        """True when `after` is worse than `before`."""
        order = [severity.name for severity in self.severities]
        return order.index(after) < order.index(self.severity(before).name)

    def boundary(self, id: str) -> Boundary | None:
        """The boundary with this id, if the map has it."""
        return next((boundary for boundary in self.boundaries if boundary.id == id), None)

    def audience(self, name: str) -> Audience | None:
        """The audience of this name, if there is one."""
        return next((audience for audience in self.audiences if audience.name == name), None)

    def hearing(self, severity: str | None) -> tuple[str, ...]:
        """The names of the audiences that hear of this severity."""
        heard = self.severity(severity).name
        return tuple(audience.name for audience in self.audiences if heard in audience.hears)

    def invited(self, severities: Iterable[str | None]) -> tuple[str, ...]:
        """Everybody whom one of these severities invites, each once, in the policy's order."""
        return tuple(dict.fromkeys(who for name in severities for who in self.severity(name).invite))


def _twice(names: list[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


def _wrong(given: str, message: str) -> PydanticCustomError:
    """An error about one word of the file; `given` lets the reader of the file find its place."""
    return PydanticCustomError("policy", "{message}", {"given": given, "message": message})
