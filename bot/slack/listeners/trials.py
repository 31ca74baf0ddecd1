"""The buttons by which a hypothesis gets to its test and its result, those on hints, the board's pages, and the system map."""

from typing import Literal

from bot.core.decision import Command
from bot.core.duties import kept_apart
from bot.core.incident import Hypothesis, Incident, Side, Status
from bot.core.pictures import AskForPicture, Shows
from bot.core.policy import Policy
from bot.core.refusal import NoDuplicate
from bot.core.tracker.evidence import AnswerEvidence
from bot.core.tracker.hints import AnswerHint
from bot.core.tracker.hypotheses import StartTest, concluded
from bot.core.tracker.predictions import AllowChange, StatePrediction, lacking, unsafe
from bot.core.tracker.similar import repeated
from bot.core.tracker.trials import ExtendTest, MarkDuplicate
from bot.core.trial import Answer as Said
from bot.slack.forms.duplicate import DuplicateForm
from bot.slack.forms.hypothesis import ConclusionForm
from bot.slack.forms.modal import FieldErrors, View
from bot.slack.forms.system_map import MapForm
from bot.slack.forms.trial import (
    AnswerForm,
    HandTestForm,
    NoResultForm,
    PlanForm,
    PredictionForm,
    StartForm,
    WayBackForm,
)
from bot.slack.ids import Field
from bot.slack.listeners.act import Act
from bot.slack.listeners.roles import said
from bot.slack.messages.board import hypotheses
from bot.slack.messages.hint_answers import answered_already, hint_answered
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale
from bot.slack.messages.system_map import system_map

Answer = Message | View | None
"""What the person gets; None when the room shows it already."""


async def meant(act: Act) -> tuple[Incident, Hypothesis, Policy]:
    """The hypothesis that the button or form belongs to, as it stands."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    return now, now.hypothesis(drawn.hypothesis or 0), await act.service.policy_of(now)


def closed(now: Incident, one: Hypothesis, policy: Policy) -> Message | None:
    """What is said in place of a form that could not be sent any more."""
    if not now.is_open:
        return stale(now, now.phase)
    return None if one.status.is_open else refused(concluded(one), now, policy)


async def start_test(act: Act) -> Answer:
    """`Start test`: at once when all is known that it needs, else by a form; whoever leads is told when that is fine only because
    few people are there."""
    now, one, policy = await meant(act)
    present = await act.present(now, policy, act.person)
    is_theirs = kept_apart(now, act.person, present, policy, hypothesis=one.number) is None
    if is_theirs and not one.is_under_test and lacking(one) and now.is_open and one.status.is_open:
        return StartForm.view(now, one)
    command = StartTest(origin=act.origin(now.number), hypothesis=one.number, present=present)
    outcome = await act.service.handle(command)
    now = await act.incident(now.number)
    return refused(outcome.refusal, now, policy) if outcome.refusal else said(outcome, now, policy)


async def confirm(act: Act) -> Answer:
    """`Confirm`: the form that asks what shows it; before that, why it stands in spite of what speaks against it."""
    now, one, policy = await meant(act)
    if over := closed(now, one, policy):
        return over
    if one.contradictions:
        return AnswerForm.view(now, one, await against(act, now, one), then_confirm=True)
    return ConclusionForm.view(now, one, Side.FOR)


async def refute(act: Act) -> Answer:
    """`Refute`: the form that asks what shows it."""
    now, one, policy = await meant(act)
    return closed(now, one, policy) or ConclusionForm.view(now, one, Side.AGAINST)


async def answer_against(act: Act) -> Answer:
    """`Answer it`: the form that asks why it is true in spite of what speaks against it."""
    now, one, policy = await meant(act)
    if over := closed(now, one, policy):
        return over
    if not one.contradictions:
        return answered_already(one)
    return AnswerForm.view(now, one, await against(act, now, one))


async def against(act: Act, now: Incident, one: Hypothesis) -> tuple[str, ...]:
    """What the evidence against it says that nobody has answered, also what is in Slack no more."""
    texts = await act.service.reply_texts(now.number, one.number)
    return tuple(
        f"{texts[reply.ref]} (deleted since)" if reply.is_deleted else texts[reply.ref]
        for reply in one.contradictions
        if reply.ref in texts
    )


async def predict(act: Act) -> Answer:
    """`Predict`: the form for both halves."""
    now, one, policy = await meant(act)
    return closed(now, one, policy) or PredictionForm.view(now, one)


async def plan(act: Act) -> Answer:
    """`Plan test`: the form that asks how and by whom; for a change whose way back is missing, that one."""
    now, one, policy = await meant(act)
    return closed(now, one, policy) or next_form(now, one, act.person) or PlanForm.view(now, one, presser=act.person)


def next_form(now: Incident, one: Hypothesis, person: str) -> View | None:
    """What is asked for next, as long as it can be said in a form: how it is tested and by whom, then the way back."""
    if one.prediction is None or not one.status.is_open or one.is_under_test:
        return None
    if one.plan is None or one.assignee is None:
        return PlanForm.view(now, one, presser=person)
    lacks = unsafe(one)
    return WayBackForm.view(now, one) if lacks and "way back" in lacks.lacks else None


async def no_result(act: Act) -> Answer:
    """`No result`: the form that asks why."""
    now, one, policy = await meant(act)
    return closed(now, one, policy) or NoResultForm.view(now, one)


async def hand_over(act: Act) -> Answer:
    """`Hand over`: the form that asks to whom."""
    now, one, policy = await meant(act)
    return closed(now, one, policy) or HandTestForm.view(now, one)


async def allow(act: Act) -> Answer:
    """`Allow this change`."""
    drawn = act.pressed
    return await done(act, AllowChange(origin=act.origin(drawn.number), hypothesis=drawn.hypothesis or 0))


async def extend(act: Act) -> Answer:
    """`5 minutes more`."""
    drawn = act.pressed
    return await done(act, ExtendTest(origin=act.origin(drawn.number), hypothesis=drawn.hypothesis or 0))


async def same_as(act: Act) -> Answer:
    """`Same as H1`."""
    drawn = act.pressed
    origin = act.origin(drawn.number)
    return await done(act, MarkDuplicate(origin=origin, hypothesis=drawn.hypothesis or 0, of=drawn.other or 0))


async def duplicate(act: Act) -> Answer:
    """`Same as …`: the form with the hypotheses that it may repeat."""
    now, one, policy = await meant(act)
    if over := closed(now, one, policy):
        return over
    others = repeated(now, one)
    if not others or one.status not in (Status.PROPOSED, Status.READY):
        reason: Literal["itself", "tested"] = "tested" if others else "itself"
        return refused(NoDuplicate(hypothesis=one.number, of=one.number, because=reason), now, policy)
    return DuplicateForm.view(now, one, others)


async def answer_hint(act: Act) -> Answer:
    """`Done`, `Snooze`, `Not needed`: what becomes of a hint."""
    drawn = act.pressed
    command = AnswerHint(origin=act.origin(drawn.number), hint=drawn.hint or 0, answer=drawn.answer or Said.DONE)
    return await done(act, command) or hint_answered(command.answer)


async def turn_board(act: Act) -> Answer:
    """`Next page`, `Page before`: another page of the board."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    return hypotheses(now, await act.service.policy_of(now), drawn.page)


async def show_map(act: Act, found: Incident, policy: Policy) -> Message:
    """`/incident map`: the system map as text; in the room of an open incident also as a picture, for all."""
    is_here = found.room is not None and found.room.channel == act.body.get("channel_id")
    if not is_here or not found.is_open:
        return system_map(found, policy)
    outcome = await act.service.handle(AskForPicture(origin=act.origin(found.number), shows=Shows.MAP))
    return system_map(found, policy, is_drawn=outcome.refusal is None)


async def mark_map(act: Act, now: Incident, policy: Policy) -> Message | View:
    """`Mark the map`: the form."""
    return MapForm.view(now, policy)


async def done(act: Act, command: Command) -> Message | None:
    """Nothing to say when it was done, since the room shows it; else why not."""
    outcome = await act.service.handle(command)
    if outcome.refusal is None:
        return None
    now = await act.incident(command.origin.incident)
    return refused(outcome.refusal, now, await act.service.policy_of(now))


Filled = Command | FieldErrors


def predicted(act: Act) -> StatePrediction | FieldErrors:
    """The form for the prediction, when it is sent."""
    return PredictionForm.parse(act.body["view"], act.origin(act.sent.drawn.number))


def planned(act: Act, one: Hypothesis) -> Filled:
    """The form for the test, or for its way back, when it is sent."""
    origin = act.origin(act.sent.drawn.number)
    if act.sent.has(Field.WAY_BACK):
        return WayBackForm.parse(act.body["view"], origin, one)
    return PlanForm.parse(act.body["view"], origin)


def answered(act: Act) -> AnswerEvidence | FieldErrors:
    """The form for what speaks against it, when it is sent."""
    return AnswerForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
