"""The hypothesis tracker: `/incident hypothesis …`, and the buttons on a hypothesis in the room."""

from bot.core.decision import Command
from bot.core.hypotheses import ParkHypothesis, PlaceHypothesis, ProposeHypothesis, StartTest, concluded
from bot.core.incident import Hypothesis, Incident, Side
from bot.core.policy import Policy
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm
from bot.slack.forms.modal import View
from bot.slack.listeners.act import Act
from bot.slack.listeners.roles import said
from bot.slack.messages import answers
from bot.slack.messages.hypotheses import hypotheses, reply_label
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale

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


async def start_test(act: Act) -> Answer:
    """`Start test`: whoever leads is told when that is fine only because few people are there."""
    now, one, policy = await _meant(act)
    present = await act.present(now, policy, act.person)
    command = StartTest(origin=act.origin(now.number), hypothesis=one.number, present=present)
    outcome = await act.service.handle(command)
    now = await act.incident(now.number)
    return refused(outcome.refusal, now, policy) if outcome.refusal else said(outcome, now, policy)


async def park(act: Act) -> Answer:
    """`Park`."""
    drawn = act.pressed
    return await _moved(act, ParkHypothesis(origin=act.origin(drawn.number), hypothesis=drawn.hypothesis or 0))


async def place(act: Act) -> Answer:
    """The menu `Where?`: sets the boundary."""
    number, hypothesis, boundary = act.body["actions"][0]["selected_option"]["value"].split(":", 2)
    origin = act.origin(int(number))
    return await _moved(act, PlaceHypothesis(origin=origin, hypothesis=int(hypothesis), boundary=boundary))


async def confirm(act: Act) -> Answer:
    """`Confirm`: the form that asks what shows it."""
    now, one, policy = await _meant(act)
    return _closed(now, one, policy) or ConclusionForm.view(now, one, Side.FOR)


async def refute(act: Act) -> Answer:
    """`Refute`: the form that asks what shows it."""
    now, one, policy = await _meant(act)
    return _closed(now, one, policy) or ConclusionForm.view(now, one, Side.AGAINST)


async def add_evidence(act: Act) -> Answer:
    """`Add evidence`: the form that takes a reply of the thread, or something new."""
    now, one, policy = await _meant(act)
    if closed := _closed(now, one, policy):
        return closed
    texts = await act.service.reply_texts(now.number, one.number)
    known = [(reply_label(texts[reply.ref]), reply.ref) for reply in reversed(one.replies) if reply.ref in texts]
    return EvidenceForm.view(now, one, known[:_CHOICES])


async def _moved(act: Act, command: Command) -> Answer:
    """Nothing to say when it was done, since the room shows it; else why not."""
    outcome = await act.service.handle(command)
    if outcome.refusal is None:
        return None
    now = await act.incident(command.origin.incident)
    return refused(outcome.refusal, now, await act.service.policy_of(now))


async def _meant(act: Act) -> tuple[Incident, Hypothesis, Policy]:
    """The hypothesis that the button belongs to, as it stands."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    return now, now.hypothesis(drawn.hypothesis or 0), await act.service.policy_of(now)


def _closed(now: Incident, one: Hypothesis, policy: Policy) -> Message | None:
    """What is said in place of a form that could not be sent any more."""
    if not now.is_open:
        return stale(now, now.phase)
    return None if one.status.is_open else refused(concluded(one), now, policy)
