"""`/incident decide …`, and the button that objects to a decision."""

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.proposals import ProposeDecision
from bot.core.refusal import Settled
from bot.slack.forms.modal import View
from bot.slack.forms.objection import ObjectionForm
from bot.slack.listeners.act import Act
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused


async def decide(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident decide what is decided`: puts it to the room."""
    outcome = await act.service.handle(ProposeDecision(origin=act.origin(found.number), text=rest))
    return refused(outcome.refusal, found, policy) if outcome.refusal else answers.put_to_the_room(found, policy)


async def objecting(act: Act, now: Incident, policy: Policy) -> Message | View:
    """`Object`: the form that asks why, as long as the decision does not stand."""
    one = now.proposal(act.pressed.proposal or 0)
    if one.stands:
        return refused(Settled(proposal=one.number, stands=True, until=one.until), now, policy)
    return ObjectionForm.view(now, one)
