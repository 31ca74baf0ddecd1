"""A text that rules speak against, and that a person sends all the same: they say why, and that stays in the record."""

from collections.abc import Callable, Mapping

from bot.core.decision import Command, Decision, Event
from bot.core.incident import Incident
from bot.core.value import Typed


class RulesOverridden(Event):
    """The update that follows goes out although it breaks these rules of plain language, by audience, for this reason."""

    rules: Mapping[str, tuple[str, ...]]
    because: Typed


def overridden(command: Command, against: Mapping[str, tuple[str, ...]], because: str | None) -> tuple[Event, ...]:
    """What is recorded of the rules that are broken: nothing where none is."""
    if not against or not because:
        return ()
    return (RulesOverridden(at=command.at, actor=command.actor, rules=against, because=because),)


DECIDE: dict[type[Command], Callable[..., Decision]] = {}
EVOLVE: dict[type[Event], Callable[[Incident, Event], Incident]] = {RulesOverridden: lambda incident, event: incident}
