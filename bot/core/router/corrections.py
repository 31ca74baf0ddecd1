"""Corrections: what an audience was told last was not right. It is told so by a new update, which names the one it corrects.
Nothing that was sent is edited.
"""

from collections.abc import Callable

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident
from bot.core.plain import objections
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import NotInPolicy, NotPlain, SaysNothing
from bot.core.router.overrides import overridden
from bot.core.router.updates import by_hand, issue
from bot.core.value import Typed


class CorrectUpdate(Command):
    """What these audiences were told last was not right: `wrong` is what they read, `text` what is true instead. `names` and
    `because` are as in `SendUpdate`."""

    act = Act.UPDATE

    audiences: tuple[str, ...]
    wrong: Typed
    text: Typed
    names: tuple[str, ...] = ()
    because: Typed | None = None


def correct(incident: Incident, command: CorrectUpdate, policy: Policy) -> Decision:
    """Tell them what was wrong and what is right. Nothing that was sent is edited."""
    if not command.wrong or not command.text:
        return refuse(command, SaysNothing(what="correction"))
    told = tuple(name for name in incident.told if policy.audience(name))
    for given in command.audiences:
        if given not in told:
            return refuse(command, NotInPolicy(what="audience", given=given, known=told))
    against = objections(incident, command.audiences, [command.text, command.wrong], policy, command.names)
    if against and not command.because:
        return refuse(command, NotPlain(rules=against))
    occasion, words = by_hand(incident), command.text
    issued_to = (
        issue(incident, name, occasion, command, policy, text=words, by_hand=True, corrects=True).but(
            corrects=incident.told[name].last, wrong=command.wrong
        )
        for name in dict.fromkeys(command.audiences)
    )
    return accept(*overridden(command, against, command.because), *issued_to)


DECIDE = {CorrectUpdate: correct}
EVOLVE: dict[type[Event], Callable[[Incident, Event], Incident]] = {}
