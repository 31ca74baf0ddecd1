"""How far a step goes at once: it is tried on the rules before anybody is held to it."""

from bot.core.decision import Command
from bot.core.facts import CorrectFacts
from bot.core.gates import missing
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.policy import Policy
from bot.core.refusal import Lacks
from bot.core.vocabulary import decide, fold


def onward(incident: Incident, step: AdvancePhase | CloseIncident, policy: Policy) -> Command:
    """The command that goes as far as the gates let this step go: itself, a shorter step, or only its facts. A step that is
    refused for another reason stays as it is, so that the refusal is on record."""
    trial = decide(incident, step, policy)
    if not isinstance(trial.refusal, Lacks):
        return step
    after = fold(incident, trial.events)
    if isinstance(step, AdvancePhase) and after and after.phase is not incident.phase:
        return step.but(to=after.phase)
    return CorrectFacts(origin=step.origin, facts=step.first)


def within_reach(incident: Incident, policy: Policy) -> tuple[Phase, ...]:
    """The phases that can be entered at once when the gate of the current one is satisfied: the next, and those behind gates
    that ask for nothing more."""
    found = list[Phase]()
    phase = incident.phase.next
    while phase:
        found.append(phase)
        phase = None if missing(incident.but(phase=phase), policy) else phase.next
    return tuple(found)
