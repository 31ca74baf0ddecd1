"""The forms for action items: one that adds or rewords, one that moves the due date, and those that ask why."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.core.action_item import ActionItem, Gap, Priority, Strength
from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.learning.action_moves import (
    AssignAction,
    ChangeAction,
    DeclineAction,
    DropAction,
    MoveDueDate,
    ReopenAction,
)
from bot.core.learning.actions import AddActionItem, unfit
from bot.core.refusal import Unclear
from bot.slack import words
from bot.slack.blocks import Block, section
from bot.slack.forms import details, inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.forms.needs import EMPTY
from bot.slack.ids import Drawn, Field, Form
from bot.slack.messages.action_refusals import GAP_ADVICE
from bot.slack.text import one_line, quoted, shorten
from bot.slack.times import written_day

_FARTHEST_ZONE = timedelta(hours=12)
_MOST_IDEAS = 100
_STRENGTHS = {
    Strength.ELIMINATE: "It cannot happen any more",
    Strength.AUTOMATE: "A machine does it, or guards it",
    Strength.WARN: "People are warned",
    Strength.DOCUMENT: "It is written down",
    Strength.TRAIN: "People are trained",
}
_PRIORITIES = {Priority.USUAL: "Usual", Priority.HIGH: "High"}
PASSED = "This day has passed. Please choose today or a later day."


class Reworded(NamedTuple):
    """How an action item reads now, and who it is for, if that is somebody else."""

    change: ChangeAction
    assign: AssignAction | None


class ActionForm:
    """An action item: all that is said of it. One that is there is reworded; its day is moved in a form of its own."""

    @staticmethod
    def view(incident: Incident, number: int | None = None, *, listing: str | None = None) -> View:
        """Empty for a new one, or as it reads."""
        item = incident.action(number) if number else None
        drawn = Drawn.of(incident).but(item=number, listing=listing)
        title = words.CHANGE_ACTION if item else words.ADD_ACTION
        return form(Form.ACTION, title, "Save", _fields(incident, item), drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> AddActionItem | Reworded | FieldErrors:
        """The new action item, or what is different about one."""
        sent = Sent(view)
        wrong = _errors(sent, origin.at, is_new=sent.drawn.item is None)
        if wrong:
            return FieldErrors(wrong)
        said = _said(sent)
        if sent.drawn.item is None:
            due = {"assignee": sent.user(Field.ASSIGNEE), "due": sent.day(Field.DUE)}
            return AddActionItem.model_validate({"origin": origin, **said, **due})
        change = ChangeAction.model_validate({"origin": origin, "item": sent.drawn.item, **said})
        other = origin.but(key=f"{origin.key} assign")
        assign = AssignAction(origin=other, item=sent.drawn.item, user=sent.user(Field.ASSIGNEE) or "")
        return Reworded(change, assign)


def _fields(incident: Incident, item: ActionItem | None) -> list[Block]:
    ideas = [(f"{one.name} {shorten(one_line(one.statement), 60)}", str(one.number)) for one in incident.hypotheses]
    return [
        inputs.text(
            Field.ACTION_ITEM,
            "What will we change?",
            initial=item.what if item else None,
            example="Test checkout with every card before a release",
            hint="Begin with a verb that ends: add, remove, limit, test, write.",
        ),
        details.done_when(item),
        inputs.person(Field.ASSIGNEE, "Assignee", initial=item.assignee if item else None),
        *([] if item else [inputs.day(Field.DUE, "Due date")]),
        details.kind(item),
        inputs.choice(
            Field.PRIORITY, "Priority", details.options(_PRIORITIES), initial=item.priority if item else Priority.USUAL
        ),
        details.factors(item),
        *(
            [
                inputs.choice(
                    Field.HYPOTHESIS,
                    "Or which hypothesis?",
                    ideas[-_MOST_IDEAS:],
                    initial=str(item.hypothesis) if item and item.hypothesis else None,
                    optional=True,
                )
            ]
            if ideas
            else []
        ),
        inputs.choice(
            Field.STRENGTH,
            "How strong is it?",
            details.options(_STRENGTHS),
            initial=item.strength if item else None,
            optional=True,
        ),
    ]


def _said(sent: Sent) -> dict[str, Any]:
    idea = sent.choice(Field.HYPOTHESIS)
    return {
        "what": sent.text(Field.ACTION_ITEM) or "",
        "done_when": sent.text(Field.DONE_WHEN),
        "kind": sent.choice(Field.KIND),
        "priority": sent.choice(Field.PRIORITY) or Priority.USUAL,
        "strength": sent.choice(Field.STRENGTH),
        "factors": sent.choices(Field.FACTORS),
        "hypothesis": int(idea) if idea else None,
    }


def _errors(sent: Sent, at: datetime, *, is_new: bool) -> dict[str, str]:
    """The fields that must hold something and do not, and what nobody could ever finish."""
    needed = (Field.ACTION_ITEM, Field.DONE_WHEN, Field.ASSIGNEE, Field.KIND, *([Field.DUE] if is_new else []))
    found = {field.value: EMPTY[field] for field in needed if sent.is_empty(field)}
    if found:
        return found
    wrong = unfit(sent.text(Field.ACTION_ITEM) or "", sent.text(Field.DONE_WHEN))
    if isinstance(wrong, Unclear):
        found[Field.DONE_WHEN.value] = f"Please write {GAP_ADVICE[Gap.DONE_WHEN]}."
    if is_new:
        found |= _passed(sent, at)
    return found


def _passed(sent: Sent, at: datetime) -> dict[str, str]:
    """That the day has passed everywhere on Earth, if it has."""
    due = sent.day(Field.DUE)
    return {Field.DUE.value: PASSED} if due and due < (at - _FARTHEST_ZONE).date() else {}


class DueDateForm:
    """Another day, and why it is later."""

    @staticmethod
    def view(incident: Incident, number: int, *, listing: str | None = None) -> View:
        """The day as it is."""
        item = incident.action(number)
        blocks = [
            section(f"*A{number}* {quoted(item.what, 300)} is due {written_day(item.due)}."),
            inputs.day(Field.DUE, "Due date", initial=item.due),
            inputs.text(
                Field.REASON,
                "Why is it later?",
                hint="Later days are counted, so that plans get better.",
                multiline=False,
                optional=True,
            ),
        ]
        return form(
            Form.DUE_DATE, words.MOVE_DUE_DATE, "Save", blocks, Drawn.of(incident).but(item=number, listing=listing)
        )

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MoveDueDate | FieldErrors:
        """The day chosen."""
        sent = Sent(view)
        due = sent.day(Field.DUE)
        if due is None:
            return FieldErrors.of(Field.DUE, EMPTY[Field.DUE])
        if passed := _passed(sent, origin.at):
            return FieldErrors(passed)
        return MoveDueDate(origin=origin, item=sent.drawn.item or 0, due=due, why=sent.text(Field.REASON))


class WhyForm:
    """Why an action item is declined, opened again or dropped."""

    @staticmethod
    def view(incident: Incident, number: int, kind: Form, *, listing: str | None = None) -> View:
        """The item, and the question."""
        label, title = _WHY[kind]
        optional = kind is Form.DECLINE_ACTION
        blocks = [
            section(f"*A{number}* {quoted(incident.action(number).what, 300)}"),
            inputs.text(Field.REASON, label, multiline=False, optional=optional),
        ]
        return form(kind, title, "Save", blocks, Drawn.of(incident).but(item=number, listing=listing))

    @staticmethod
    def decline(view: Mapping[str, Any], origin: Origin) -> DeclineAction:
        """A reason helps whoever looks for somebody else; none is needed."""
        sent = Sent(view)
        return DeclineAction(origin=origin, item=sent.drawn.item or 0, why=sent.text(Field.REASON))

    @staticmethod
    def reopen(view: Mapping[str, Any], origin: Origin) -> ReopenAction | FieldErrors:
        """It is to be done, for this reason."""
        sent = Sent(view)
        why = sent.text(Field.REASON)
        return ReopenAction(origin=origin, item=sent.drawn.item or 0, why=why) if why else _NO_REASON

    @staticmethod
    def drop(view: Mapping[str, Any], origin: Origin) -> DropAction | FieldErrors:
        """It will not be done, for this reason."""
        sent = Sent(view)
        why = sent.text(Field.REASON)
        return DropAction(origin=origin, item=sent.drawn.item or 0, why=why) if why else _NO_REASON


_NO_REASON = FieldErrors.of(Field.REASON, "Please write why.")
_WHY = {
    Form.DECLINE_ACTION: ("Why not, or who could?", words.DECLINE_ACTION),
    Form.REOPEN_ACTION: ("What is still to be done?", words.REOPEN_ACTION),
    Form.DROP_ACTION: ("Why will it not be done?", words.DROP_ACTION),
}
