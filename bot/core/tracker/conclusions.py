"""How a hypothesis turns out: confirmed or refuted, by a test that could have gone the other way."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Decision, Event, accept, refuse
from bot.core.incident import Hypothesis, Incident, Side
from bot.core.policy import Policy
from bot.core.refusal import Contradicted, Refusal, SaysNothing
from bot.core.tracker.evidence import EvidenceWritten
from bot.core.tracker.hypotheses import ConcludeHypothesis, HypothesisConfirmed, HypothesisRefuted, concluded
from bot.core.tracker.predictions import lacking, unsafe
from bot.core.tracker.trials import begun

EXPLAINS = "how much it explains"
"""What is missing when it is confirmed and nobody said that."""


def conclude(incident: Incident, command: ConcludeHypothesis, policy: Policy) -> Decision:
    """Confirm or refute it, by what a test has shown that could have gone the other way. What was not under test is taken as tested
    by whoever asks, just now: also when they lead, since to record what was found is not to look for it."""
    one = incident.hypothesis(command.hypothesis)
    if refusal := _inconclusive(one, command):
        return refuse(command, refusal)
    by = {"at": command.at, "actor": command.actor, "hypothesis": one.number}
    shown = EvidenceWritten.model_validate(
        by | {"reply": f"form-{len(one.replies) + 1}", "side": command.result, "text": command.why, "concludes": True}
    )
    start = [] if one.is_under_test else begun(incident, one, command.at, command.actor, policy)
    if command.result is Side.AGAINST:
        return accept(*start, shown, HypothesisRefuted.model_validate(by | {"why": command.why}))
    ending = HypothesisConfirmed.model_validate(by | {"why": command.why, "explains": command.explains})
    return accept(*start, shown, ending)


def _inconclusive(one: Hypothesis, command: ConcludeHypothesis) -> Refusal | None:
    """Why it cannot be concluded like this, if so."""
    if not command.why:
        return SaysNothing(what="what shows it")
    if not one.status.is_open:
        return concluded(one)
    if not one.is_under_test and (lacks := lacking(one) or unsafe(one)):
        return lacks
    if command.result is Side.AGAINST:
        return None
    if one.contradictions:
        return Contradicted(hypothesis=one.number, open=len(one.contradictions))
    return SaysNothing(what=EXPLAINS) if command.explains is None else None


DECIDE = {ConcludeHypothesis: conclude}
EVOLVE: dict[type[Event], Callable[[Incident, Any], Incident]] = {}
