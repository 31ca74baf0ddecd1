"""Facts that break a rule as they were typed. They are kept, since nobody is held up over words; but what is composed of the record
says a fixed sentence in their place, or leaves them out, and whoever leads is told so once."""

from collections.abc import Callable, Sequence

from bot.core.decision import Command, Decision, Event
from bot.core.incident import Incident
from bot.core.plain import broken_by
from bot.core.policy import Policy
from bot.core.prompts import asked
from bot.core.router.updates import Wording


class FactsWithheld(Event):
    """Updates to these audiences do not say these facts (`impact`, `size`, `workaround`) as they were typed, since that breaks
    these rules. This person is told, once for each text."""

    facts: tuple[str, ...]
    audiences: tuple[str, ...]
    rules: tuple[str, ...]
    to: str


def tell(incident: Incident, events: Sequence[Event], command: Command, policy: Policy) -> list[Event]:
    """What is said of the updates among these events that withhold a fact of which nobody was told yet."""
    composed = [event for event in events if isinstance(event, Wording) and event.text is None and event.withheld]
    facts = sorted({fact for event in composed for fact in event.withheld} - set(incident.withheld_told))
    if not facts:
        return []
    names = dict.fromkeys(event.audience for event in composed if set(facts) & set(event.withheld))
    rules = {rule for name in names for fact in facts for rule in broken_by(incident, name, fact, policy)}
    told = FactsWithheld(
        at=command.at,
        actor=command.actor,
        facts=tuple(facts),
        audiences=tuple(names),
        rules=tuple(sorted(rules, key=lambda rule: int(rule[1:]))),
        to=asked(incident),
    )
    return [told]


def told(incident: Incident, event: FactsWithheld) -> Incident:
    """Nobody is told of these texts again."""
    return incident.but(withheld_told=tuple(sorted({*incident.withheld_told, *event.facts})))


DECIDE: dict[type[Command], Callable[..., Decision]] = {}
EVOLVE = {FactsWithheld: told}
