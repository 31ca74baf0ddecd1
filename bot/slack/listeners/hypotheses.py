"""The hypothesis tracker: `/incident hypothesis …`, and the buttons on a hypothesis in the room."""

from bot.core.hypotheses import ParkHypothesis, PlaceHypothesis, ProposeHypothesis
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.slack.forms.hypothesis import EvidenceForm, HypothesisForm
from bot.slack.forms.modal import View
from bot.slack.listeners.act import Act
from bot.slack.listeners.trials import closed, done, meant
from bot.slack.messages import answers
from bot.slack.messages.board import hypotheses
from bot.slack.messages.hypotheses import reply_label
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused

Answer = Message | View | None
"""What the person gets; None when the room shows it already."""

_CHOICES = 25
"""Replies that the form for evidence offers, the newest first."""


async def propose(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident hypothesis what may be wrong`: at once; without words by a form."""
    if not rest:
        return HypothesisForm.view(found, policy)
    outcome = await act.service.handle(ProposeHypothesis(origin=act.origin(found.number), statement=rest))
    now = await act.incident(found.number)
    if outcome.refusal:
        return refused(outcome.refusal, now, policy)
    return answers.hypothesis_kept(now, outcome.hypothesis or 0)


async def listed(act: Act, found: Incident, policy: Policy) -> Message:
    """`/incident hypotheses`."""
    return hypotheses(found, policy)


async def add(act: Act, now: Incident, policy: Policy) -> Message | View:
    """`Add hypothesis`: the form."""
    return HypothesisForm.view(now, policy)


async def park(act: Act) -> Answer:
    """`Park`."""
    drawn = act.pressed
    return await done(act, ParkHypothesis(origin=act.origin(drawn.number), hypothesis=drawn.hypothesis or 0))


async def place(act: Act) -> Answer:
    """The menu `Where?`: sets the boundary."""
    number, hypothesis, boundary = act.body["actions"][0]["selected_option"]["value"].split(":", 2)
    origin = act.origin(int(number))
    return await done(act, PlaceHypothesis(origin=origin, hypothesis=int(hypothesis), boundary=boundary))


async def add_evidence(act: Act) -> Answer:
    """`Add evidence`: the form that takes a reply of the thread, or something new."""
    now, one, policy = await meant(act)
    if over := closed(now, one, policy):
        return over
    texts = await act.service.reply_texts(now.number, one.number)
    there = [reply.ref for reply in reversed(one.replies) if reply.ref in texts and not reply.is_deleted]
    return EvidenceForm.view(now, one, [(reply_label(texts[ref]), ref) for ref in there[:_CHOICES]])
