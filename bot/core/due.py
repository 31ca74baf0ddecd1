"""What falls due by itself, and when: a function of the incident and its policy, so that it can always be derived anew."""

from collections.abc import Callable
from datetime import datetime

from bot.core.containment import EndHold, hold_due
from bot.core.decision import Command, Origin
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.prompts import AskAboutPhase, phase_due
from bot.core.roles import AskForCommander, commander_due
from bot.core.rooms import RetireRoom, retirement_due
from bot.core.updates import KeepPromise, to_do

_UPDATE = "update:"
_ONCE: dict[
    str,
    tuple[Callable[[Incident, Policy], datetime | None], type[AskForCommander | RetireRoom | EndHold | AskAboutPhase]],
] = {
    "commander": (commander_due, AskForCommander),
    "retire room": (retirement_due, RetireRoom),
    "hold": (hold_due, EndHold),
    "phase": (phase_due, AskAboutPhase),
}


def falls_due(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """Everything that this incident has to do by itself, by name, and when."""
    updates = {f"{_UPDATE}{audience}": at for audience, at in to_do(incident, policy).items()}
    once = {name: when(incident, policy) for name, (when, _) in _ONCE.items()}
    return updates | {name: at for name, at in once.items() if at}


def when_due(name: str, due: datetime, origin: Origin) -> Command:
    """The command that what is due under this name becomes. It says itself whether it still stands."""
    if name.startswith(_UPDATE):
        return KeepPromise(origin=origin, audience=name.removeprefix(_UPDATE), due=due)
    return _ONCE[name][1](origin=origin, due=due)
