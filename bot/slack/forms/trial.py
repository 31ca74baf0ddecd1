"""The forms by which a hypothesis gets to its test and its result: what it predicts, how it is tested and by whom, how a change is
undone, why a test showed nothing, and why it is true in spite of what speaks against it. None asks for more than three things.
"""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.incident import Hypothesis, Incident
from bot.core.tracker.evidence import AnswerEvidence
from bot.core.tracker.hypotheses import StartTest
from bot.core.tracker.predictions import PlanTest, StatePrediction
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive
from bot.core.trial import LIKELY, Reason
from bot.slack import words
from bot.slack.blocks import Block, context, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form
from bot.slack.messages.tested import COST, LIKELIHOOD
from bot.slack.text import quoted, sentence_case

LIMIT = 300
"""Code points of each half of a prediction and of each description of a test."""
WRITE = "Please write a few words."
_CHANGES = "changes"
_TAKES = (
    *((sentence_case(what), str(cost)) for cost, what in COST.items()),
    ("It changes production", _CHANGES),
)
_REASONED = (3, 2)
"""The likelihoods that somebody gives a reason for."""
_LIKELIHOODS = (
    *((f"{sentence_case(LIKELIHOOD[it])}: {why.value}", f"{it}:{why.value}") for it in _REASONED for why in Reason),
    (f"{sentence_case(LIKELIHOOD[LIKELY])}, like others", str(LIKELY)),
    (sentence_case(LIKELIHOOD[1]), "1"),
)
"""How likely, and why, in one choice: a form before CONTAINMENT asks for three things at most."""


def heading(one: Hypothesis) -> Block:
    """Which hypothesis the form is about."""
    return section(f"*{one.name}* {quoted(one.statement)}")


def halves() -> list[Block]:
    """What will be seen if it is true, and what if it is not."""
    return [
        inputs.text(
            Field.IF_TRUE,
            "If it is true, what will we see?",
            example="The pool of free connections is at 0 on every server",
            multiline=False,
            limit=LIMIT,
        ),
        inputs.text(
            Field.IF_FALSE,
            "And if it is false?",
            example="Free connections on at least one server that fails",
            hint="What fits both shows nothing.",
            multiline=False,
            limit=LIMIT,
        ),
    ]


def how() -> Block:
    """How it is tested."""
    return inputs.text(
        Field.HOW, "How do we test it?", example="Look at the pool's graph", multiline=False, limit=LIMIT
    )


def _empty(sent: Sent, *fields: Field) -> FieldErrors | None:
    """Says at each of these fields that the form has and that is empty what to do."""
    wrong = {field.value: WRITE for field in fields if sent.has(field) and sent.text(field) is None}
    return FieldErrors(wrong) if wrong else None


def missing(sent: Sent, origin: Origin) -> tuple[Command, ...]:
    """What the form was told besides: the prediction and the test, as far as it asked for them."""
    number = sent.drawn.hypothesis or 0
    found = list[Command]()
    if_true, if_false, test = (sent.text(field) for field in (Field.IF_TRUE, Field.IF_FALSE, Field.HOW))
    if if_true and if_false:
        found.append(StatePrediction(origin=origin, hypothesis=number, if_true=if_true, if_false=if_false))
    if test:
        found.append(PlanTest(origin=origin, hypothesis=number, how=test))
    return tuple(found)


class PredictionForm:
    """What it predicts, how likely it is, and why."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis) -> View:
        """Both halves, and the likelihood."""
        blocks = [
            heading(one),
            *halves(),
            inputs.choice(Field.LIKELIHOOD, "How likely is it?", _LIKELIHOODS, initial=_initial(one)),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.PREDICTION, f"{words.PREDICT} {one.name}", "Next", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> StatePrediction | FieldErrors:
        """The prediction."""
        sent = Sent(view)
        if_true, if_false = sent.text(Field.IF_TRUE), sent.text(Field.IF_FALSE)
        if if_true is None or if_false is None:
            return _empty(sent, Field.IF_TRUE, Field.IF_FALSE) or FieldErrors({})
        number, _, reason = (sent.choice(Field.LIKELIHOOD) or str(LIKELY)).partition(":")
        return StatePrediction(
            origin=origin,
            hypothesis=sent.drawn.hypothesis or 0,
            if_true=if_true,
            if_false=if_false,
            likelihood=int(number),
            reason=Reason(reason) if reason else None,
        )


def _initial(one: Hypothesis) -> str:
    """The choice that says what is known of how likely it is."""
    known = f"{one.likelihood}:{one.likely_because.value}" if one.likely_because else str(one.likelihood)
    return known if known in (value for _, value in _LIKELIHOODS) else str(LIKELY)


class PlanForm:
    """How it is tested, what that takes, and who does it."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis, *, presser: str) -> View:
        """The three questions; whoever opened it is proposed for the test."""
        blocks = [
            heading(one),
            how(),
            inputs.choice(Field.TAKES, "What does it take?", _TAKES, initial="2"),
            inputs.person(Field.ASSIGNEE, "Who tests it?", initial=one.assignee or presser),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.PLAN, f"{words.PLAN_TEST} {one.name}", "Save", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> PlanTest | FieldErrors:
        """The plan. What changes production costs as much as anything."""
        sent = Sent(view)
        test, takes, assignee = sent.text(Field.HOW), sent.choice(Field.TAKES), sent.user(Field.ASSIGNEE)
        if test is None:
            return FieldErrors.of(Field.HOW, WRITE)
        changes = takes == _CHANGES
        return PlanTest(
            origin=origin,
            hypothesis=sent.drawn.hypothesis or 0,
            how=test,
            cost=3 if changes else int(takes or 2),
            changes_production=changes,
            assignee=assignee,
        )


class WayBackForm:
    """How a test that changes production is undone."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis) -> View:
        """The one question, below what is planned."""
        planned = f"It changes production: {quoted(one.plan.how, 500)}" if one.plan else "It changes production."
        blocks = [
            heading(one),
            context(planned),
            inputs.text(
                Field.WAY_BACK,
                "How do we go back if it does harm?",
                example="Switch the flag on again; it takes effect within a minute",
                hint="Whoever leads is asked for a go next.",
                multiline=False,
                limit=LIMIT,
            ),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.WAY_BACK, f"The way back of {one.name}", "Save", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, one: Hypothesis) -> PlanTest | FieldErrors:
        """The test as it is planned, with the way back."""
        back = Sent(view).text(Field.WAY_BACK)
        if back is None:
            return FieldErrors.of(Field.WAY_BACK, WRITE)
        test = one.plan.how if one.plan else "As planned"
        return PlanTest(origin=origin, hypothesis=one.number, how=test, cost=3, changes_production=True, way_back=back)


class StartForm:
    """Begins a test, with what is still missing for it."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis) -> View:
        """Asks for the prediction and the test, whichever is not known; at most three things."""
        asked = [*(halves() if one.prediction is None else []), *([how()] if one.plan is None else [])]
        blocks = [heading(one), *asked]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.START, f"{words.START_TEST} {one.name}", "Start", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> StartTest | FieldErrors:
        """The test, by whoever sends the form."""
        sent = Sent(view)
        if wrong := _empty(sent, Field.IF_TRUE, Field.IF_FALSE, Field.HOW):
            return wrong
        return StartTest(origin=origin, hypothesis=sent.drawn.hypothesis or 0, first=missing(sent, origin))


class NoResultForm:
    """Why a test showed nothing either way."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis) -> View:
        """The one question."""
        blocks = [
            heading(one),
            inputs.text(
                Field.WHY, "Why does it show nothing?", example="The log goes back ten minutes only", multiline=False
            ),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.NO_RESULT, f"{words.NO_RESULT} of {one.name}", "Save", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> CallInconclusive | FieldErrors:
        """That it has no result."""
        sent = Sent(view)
        why = sent.text(Field.WHY)
        if why is None:
            return FieldErrors.of(Field.WHY, WRITE)
        return CallInconclusive(origin=origin, hypothesis=sent.drawn.hypothesis or 0, why=why)


class HandTestForm:
    """Who tests it instead."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis) -> View:
        """Asks for somebody."""
        blocks = [heading(one), inputs.person(Field.ASSIGNEE, "Who tests it from now on?")]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.HAND_TEST, f"{words.HAND_TEST} {one.name}", words.HAND_TEST, blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> AssignHypothesis | FieldErrors:
        """Theirs from now on."""
        sent = Sent(view)
        user = sent.user(Field.ASSIGNEE)
        if user is None:
            return FieldErrors.of(Field.ASSIGNEE, "Please choose somebody.")
        return AssignHypothesis(origin=origin, hypothesis=sent.drawn.hypothesis or 0, user=user)


class AnswerForm:
    """Why it is true in spite of the evidence against it."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis, against: tuple[str, ...], *, then_confirm: bool = False) -> View:
        """The one question, below what speaks against it. `then_confirm`: the form that confirms it comes next."""
        said = "\n".join(f"• {quoted(text, 300)}" for text in against[:5])
        rest = f"\nand {len(against) - 5} more" if len(against) > 5 else ""
        blocks = [
            heading(one),
            section(f"This speaks against it, and nobody has answered it:\n{said or '• evidence in the thread'}{rest}"),
            inputs.text(
                Field.ANSWER,
                "Why is it true all the same?",
                example="Those errors were of the test system",
                hint=f"If you cannot say, press {words.REFUTE} instead.",
            ),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number, in_full=then_confirm)
        return form(Form.ANSWER, "What speaks against it", "Next" if then_confirm else "Save", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> AnswerEvidence | FieldErrors:
        """The answer to all of it."""
        sent = Sent(view)
        text = sent.text(Field.ANSWER)
        if text is None:
            return FieldErrors.of(Field.ANSWER, WRITE)
        return AnswerEvidence(origin=origin, hypothesis=sent.drawn.hypothesis or 0, text=text)
