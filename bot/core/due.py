"""What falls due by itself, and when: a function of the incident, its policy and the playbooks, so that it can always be derived
anew."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.claims import SettleClaim, passings
from bot.core.containment import EndHold, hold_due
from bot.core.decision import Command, Origin
from bot.core.incident import Incident
from bot.core.learning.action_reminders import EscalateActions, RemindOfActions, escalation_due, reminder_times
from bot.core.load import ProposeRest, WarnOfSpan, full_spans, rests
from bot.core.offers import LetOfferExpire, expiries
from bot.core.playbooks.shelf import Shelf
from bot.core.policy import Policy
from bot.core.prompts import AskAboutPhase, phase_due
from bot.core.proposals import LetDecisionStand, windows
from bot.core.roles import AskForCommander, commander_due
from bot.core.rooms import RetireRoom, retirement_due
from bot.core.router.ladder import next_due
from bot.core.router.reminders import Remind
from bot.core.router.updates import KeepPromise, to_do
from bot.core.run_offers import OfferPlaybooks, playbooks_due
from bot.core.runs import pass_time, run_dues
from bot.core.tracker.boxes import AskAboutTest, overruns
from bot.core.tracker.hints import GiveHint, hint_due

_Each = tuple[Callable[[Incident, Policy], Mapping[str, datetime]], Callable[[Origin, str, datetime], Command]]

_EACH: dict[str, _Each] = {
    "update": (to_do, lambda origin, name, due: KeepPromise(origin=origin, audience=name, due=due)),
    "offer": (expiries, lambda origin, role, due: LetOfferExpire(origin=origin, role=role, due=due)),
    "claim": (passings, lambda origin, role, due: SettleClaim(origin=origin, role=role, due=due)),
    "span": (full_spans, lambda origin, role, due: WarnOfSpan(origin=origin, role=role, due=due)),
    "rest": (rests, lambda origin, role, due: ProposeRest(origin=origin, role=role, due=due)),
    "decision": (
        windows,
        lambda origin, number, due: LetDecisionStand(origin=origin, proposal=int(number), due=due),
    ),
    "actions": (reminder_times, lambda origin, user, due: RemindOfActions(origin=origin, user=user, due=due)),
    "run": (run_dues, pass_time),
    "test": (overruns, lambda origin, number, due: AskAboutTest(origin=origin, hypothesis=int(number), due=due)),
}
"""What falls due once for each of several things: under the name before a colon, after which stands which one."""

_Once = type[AskForCommander | RetireRoom | EndHold | AskAboutPhase | Remind | GiveHint | EscalateActions]

PLAYBOOKS = "playbooks"
"""Under this name it falls due to say which playbooks fit."""

_ONCE: dict[str, tuple[Callable[[Incident, Policy], datetime | None], _Once]] = {
    "commander": (commander_due, AskForCommander),
    "retire room": (retirement_due, RetireRoom),
    "hold": (hold_due, EndHold),
    "phase": (phase_due, AskAboutPhase),
    "reminder": (next_due, Remind),
    "hint": (hint_due, GiveHint),
    "overdue actions": (escalation_due, EscalateActions),
}

_PROMPTS = ("phase", PLAYBOOKS, "hint", "span", "rest", "reminder", "actions")
"""What asks people without having been asked, which all shares one budget (`prompts.py`): in the order in which it goes before each
other when not all of it can be said at once."""


def falls_due(incident: Incident, policy: Policy, shelf: Shelf = Shelf()) -> dict[str, datetime]:  # noqa: B008 (frozen)
    """Everything that this incident has to do by itself, by name, and when. `shelf` are the playbooks that can be offered."""
    each = {f"{kind}:{name}": at for kind, (times, _) in _EACH.items() for name, at in times(incident, policy).items()}
    once = {name: when(incident, policy) for name, (when, _) in _ONCE.items()}
    once[PLAYBOOKS] = playbooks_due(incident, shelf)
    return each | {name: at for name, at in once.items() if at}


def when_due(name: str, due: datetime, origin: Origin) -> Command:
    """The command that what is due under this name becomes. It says itself whether it still stands."""
    kind, _, which = name.partition(":")
    if kind in _EACH:
        return _EACH[kind][1](origin, which, due)
    if name == PLAYBOOKS:
        return OfferPlaybooks(origin=origin, due=due)
    return _ONCE[name][1](origin=origin, due=due)


def turn(name: str) -> int:
    """Of what is due at once, which comes first: first what happens anyway, then what asks people, the most important before
    what can wait."""
    kind = name.partition(":")[0]
    return 1 + _PROMPTS.index(kind) if kind in _PROMPTS else 0
