"""The forms of the hypothesis tracker: to propose one, to say how it turned out, and to add evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.incident import Hypothesis, Incident, Side
from bot.core.policy import Policy
from bot.core.tracker.boundaries import off_the_map
from bot.core.tracker.evidence import MarkReply, WriteEvidence
from bot.core.tracker.hypotheses import STATEMENT, ConcludeHypothesis, ProposeHypothesis
from bot.core.tracker.predictions import PlanTest, StatePrediction
from bot.core.trial import Explains
from bot.core.value import REDACTED, Value
from bot.slack import words
from bot.slack.blocks import Block, context, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form
from bot.slack.text import SECTION_LIMIT, escape, in_parts, one_line, quoted, shorten

_PLACE = 100
"""Characters of a place that the map does not have."""
_NEW = "new:"
"""Begins the value of a choice that is no part of the map; no id of a part has a colon."""
_OFF = "(not on the map)"
_SIDES = (("It speaks for it", Side.FOR.value), ("It speaks against it", Side.AGAINST.value))


class Idea(Value):
    """What is known of a hypothesis before it is proposed: what it says, and where; the number of the one that it states anew."""

    statement: str = ""
    boundary: str | None = None
    place: str | None = None
    revises: int | None = None


NOTHING_YET = Idea()


class HypothesisForm:
    """Proposes a hypothesis."""

    @staticmethod
    def view(incident: Incident, policy: Policy, idea: Idea = NOTHING_YET, remark: str = "") -> View:
        """A statement, and where the fault would be, with what was typed already; `remark` says what has to be mended in it. What
        is too long stands there in full, to be shortened, and below the field what not even that holds."""
        before = incident.hypothesis(idea.revises) if idea.revises else None
        offered = _offered(incident, policy)
        known = _chosen(idea.place, offered)
        blocks = [
            *([section(f"*{before.name}* was {before.status.value}: {quoted(before.statement)}")] if before else []),
            inputs.text(
                Field.STATEMENT,
                "What may be wrong?",
                initial=idea.statement[: inputs.LONG],
                example="The new checkout release drops the card token",
                hint="One line that can turn out to be false. Name a thing, not a person.",
                multiline=len(idea.statement) > STATEMENT,
                limit=max(STATEMENT, min(len(idea.statement), inputs.LONG)),
            ),
            *([context(f"*To mend:* {escape(remark)}")] if remark else []),
            *_rest(idea.statement),
            inputs.choice(Field.BOUNDARY, "Where?", offered, initial=idea.boundary or known, optional=True),
            _place("" if known else idea.place or ""),
            *_rest(idea.place or ""),
        ]
        drawn = Drawn.of(incident).but(hypothesis=idea.revises)
        title = f"{before.name} stated anew" if before else words.ADD_HYPOTHESIS
        return form(Form.HYPOTHESIS, title, "Propose", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> ProposeHypothesis | FieldErrors:
        """The hypothesis."""
        sent = Sent(view)
        statement = sent.text(Field.STATEMENT)
        if statement is None:
            return FieldErrors.of(Field.STATEMENT, "Please write what may be wrong.")
        boundary, place = sent.choice(Field.BOUNDARY), sent.text(Field.PLACE)
        if boundary and place:
            return FieldErrors.of(Field.PLACE, "Please choose a place or write another one, not both.")
        if boundary and boundary.startswith(_NEW):
            place, boundary = boundary.removeprefix(_NEW), None
        return ProposeHypothesis(
            origin=origin, statement=statement, boundary=boundary, place=place, revises=sent.drawn.hypothesis
        )


def _offered(incident: Incident, policy: Policy) -> list[tuple[str, str]]:
    """The parts of the map, and behind them, as far as the field holds them, the places that others named and it does not have."""
    parts = [(one.name, one.id) for one in policy.boundaries]
    named = [one_line(ideas[0].place or "") for ideas in off_the_map(incident)]
    known = [name for name in named if len(name) <= _PLACE and name != REDACTED]
    places = [(f"{shorten(name, 55)} {_OFF}", f"{_NEW}{name}") for name in known]
    return [*parts, *places][: inputs.OPTIONS_LIMIT]


def _chosen(place: str | None, offered: Sequence[tuple[str, str]]) -> str | None:
    """The value of the choice that is this place, if it is offered."""
    wanted = f"{_NEW}{one_line(place or '')}".casefold()
    return next((value for _, value in offered if value.casefold() == wanted), None)


def _place(typed: str) -> Block:
    """A place that the map does not have. One that is very long stands there in full."""
    return inputs.text(
        Field.PLACE,
        "Or a place that the map does not have",
        initial=typed[: inputs.LONG],
        optional=True,
        multiline=False,
        limit=max(_PLACE, min(len(typed), inputs.LONG)),
    )


def _rest(typed: str) -> list[Block]:
    """What a field does not hold of what was typed, so that nobody has to remember it."""
    rest = typed[inputs.LONG :]
    if not rest:
        return []
    said = context(f"The field holds {inputs.LONG} characters. The rest of what you wrote:")
    return [said, *(section(part) for part in in_parts(escape(rest), SECTION_LIMIT))]


_REACH = (("All of it", Explains.ALL.value), ("A part of it", Explains.PARTLY.value))


class ConclusionForm:
    """Says that a hypothesis is confirmed or refuted, and what shows it. Of one that nobody has tested it asks as well what would
    have been seen otherwise: only what could have come out the other way shows anything."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis, side: Side) -> View:
        """Asks for the reason, and for what is missing: at most three things."""
        label = words.CONFIRM if side is Side.FOR else words.REFUTE
        why = inputs.text(
            Field.WHY,
            "What shows it?",
            example="Undoing the release on one server did not change the error rate",
            hint="Others read this in its thread, and the review later.",
        )
        reach = inputs.choice(Field.EXPLAINS, "How much of what is seen does it explain?", _REACH)
        other = [_other_half(side)] if one.prediction is None else []
        blocks = [
            section(f"*{one.name}* {quoted(one.statement)}"),
            why,
            *other,
            *([reach] if side is Side.FOR else []),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number, side=side, asks_test=one.plan is None)
        return form(Form.CONCLUSION, f"{label} {one.name}", label, blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> ConcludeHypothesis | FieldErrors:
        """How it turned out."""
        sent = Sent(view)
        drawn, why = sent.drawn, sent.text(Field.WHY)
        if why is None:
            return FieldErrors.of(Field.WHY, "Please write what shows it.")
        if sent.has(Field.OTHERWISE) and sent.text(Field.OTHERWISE) is None:
            return FieldErrors.of(Field.OTHERWISE, "Please write what you would have seen.")
        return ConcludeHypothesis.model_validate(
            {
                "origin": origin,
                "hypothesis": drawn.hypothesis,
                "result": drawn.side,
                "why": why,
                "explains": sent.choice(Field.EXPLAINS),
                "first": _first(sent, why, origin),
            }
        )


def _other_half(side: Side) -> Block:
    """What would have been seen if it had come out the other way."""
    is_true = side is Side.FOR
    return inputs.text(
        Field.OTHERWISE,
        f"What would we have seen if it were {'false' if is_true else 'true'}?",
        example="The error rate would have stayed as it was" if is_true else "The error rate would have gone down",
        hint="If that is the same, it shows nothing either way.",
        multiline=False,
    )


def _first(sent: Sent, why: str, origin: Origin) -> tuple[Command, ...]:
    """The prediction and the test, as far as nobody had written them down: what was seen was looked for, or would not have been
    noticed."""
    drawn, other = sent.drawn, sent.text(Field.OTHERWISE)
    number, found = drawn.hypothesis or 0, list[Command]()
    if other is not None:
        true, false = (why, other) if drawn.side is Side.FOR else (other, why)
        found.append(
            StatePrediction.model_validate({"origin": origin, "hypothesis": number, "if_true": true, "if_false": false})
        )
    if drawn.asks_test:
        found.append(PlanTest(origin=origin, hypothesis=number, how=why, cost=1))
    return tuple(found)


class EvidenceForm:
    """Adds evidence: a reply of the thread, or something written here."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis, replies: Sequence[tuple[str, str]]) -> View:
        """Asks which way it speaks. `replies` are label and name of those in the thread that can be chosen."""
        chosen = [inputs.choice(Field.REPLY, "Which reply?", replies, optional=True)] if replies else []
        blocks = [
            section(f"*{one.name}* {quoted(one.statement)}"),
            inputs.choice(Field.SIDE, "Which way does it speak?", _SIDES),
            *chosen,
            inputs.text(
                Field.EVIDENCE,
                "Or something new?" if chosen else "What did you see?",
                example="Errors began four minutes before the release",
                optional=bool(chosen),
            ),
        ]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.EVIDENCE, words.ADD_EVIDENCE, "Add", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MarkReply | WriteEvidence | FieldErrors:
        """The evidence: what was written, or else the reply that was chosen."""
        sent = Sent(view)
        side, reply, text = sent.choice(Field.SIDE), sent.choice(Field.REPLY), sent.text(Field.EVIDENCE)
        if side is None:
            return FieldErrors.of(Field.SIDE, "Please choose one.")
        said = {"origin": origin, "hypothesis": sent.drawn.hypothesis, "side": side}
        if text and reply:
            return FieldErrors.of(Field.EVIDENCE, "Please choose a reply or write something new, not both.")
        if text:
            return WriteEvidence.model_validate(said | {"text": text})
        if reply:
            return MarkReply.model_validate(said | {"reply": reply, "by_form": True})
        return FieldErrors.of(Field.EVIDENCE, "Please write what you saw.")
