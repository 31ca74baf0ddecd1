"""People whose commands and clicks are counted while they do something."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.sandbox import Person, Seen
from bot.sandbox.workspace.state import Channel

MENU = 2
"""Clicks of a choice from a menu: it is opened, and one is chosen."""


@dataclass
class Cost:
    """What one way of doing something costs: commands typed, clicks (buttons pressed, forms sent, reactions, two for a menu), and
    how many fields each form showed that came up meanwhile."""

    what: str
    way: str
    commands: int = 0
    clicks: int = 0
    fields: list[int] = field(default_factory=list)


class Hand:
    """What a person does in the workspace, put down to a cost."""

    def __init__(self, person: Person, cost: Cost) -> None:
        self.person, self.cost = person, cost

    async def types(self, text: str, in_: str) -> None:
        """Type a command."""
        self.cost.commands += 1
        await self.person.types(text, in_=in_)
        self._look()

    async def presses(self, label: str, in_: str | Channel | None = None, on: Seen | None = None) -> None:
        """Press a button."""
        self.cost.clicks += 1
        await self.person.presses(label, in_=in_, on=on)
        self._look()

    async def chooses(self, menu: str, option: str, in_: str) -> None:
        """Choose from a menu of a message."""
        self.cost.clicks += MENU
        await self.person.chooses(menu, option, in_=in_)
        self._look()

    async def reacts(self, name: str, to: Seen) -> None:
        """Put a reaction on a message."""
        self.cost.clicks += 1
        await self.person.reacts(name, to=to)

    async def submits(self, filled: Mapping[str, object] | None = None) -> None:
        """Fill in the open form, by labels, and send it. ValueError when it does not take that."""
        await self.person.fills(dict(filled or {}))
        self.cost.clicks += 1
        if wrong := await self.person.submits():
            raise ValueError(f"{self.cost.what}: {wrong}")
        self._look()

    def _look(self) -> None:
        """Note the form that is open now."""
        if self.person.form is not None:
            self.cost.fields.append(len(self.person.form.labels))


class Ledger:
    """All that was counted, in order."""

    def __init__(self) -> None:
        self.costs: list[Cost] = []

    @asynccontextmanager
    async def counted(self, person: Person, what: str, way: str) -> AsyncIterator[Hand]:
        """What this person does meanwhile is one way of doing this."""
        cost = Cost(what, way)
        self.costs.append(cost)
        yield Hand(person, cost)
