"""The form that sets the severity: two questions that anybody can answer, never a list to argue about."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.policy_parts import Loss, Who
from bot.core.severity import AssessSeverity
from bot.slack import words
from bot.slack.blocks import Block, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import COMMAND, Drawn, Field, Form, Verb
from bot.slack.text import escape

CHOOSE = "Please choose one."
GIVE_WHY = "Your answers lower the severity. Please write why."


def questions(*, optional: bool = False) -> list[Block]:
    """The two questions."""
    who = [(label, who.value) for who, label in words.WHO.items()]
    loss = [(label, loss.value) for loss, label in words.LOSS.items()]
    return [
        inputs.choice(Field.WHO, words.WHO_IS_AFFECTED, who, optional=optional),
        inputs.choice(Field.LOSS, words.WHAT_IS_LOST, loss, optional=optional),
    ]


def answers(sent: Sent) -> tuple[Who, Loss] | FieldErrors | None:
    """Both answers, None when neither was given; or at which question one is missing."""
    who, loss = sent.choice(Field.WHO), sent.choice(Field.LOSS)
    if who and loss:
        return Who(who), Loss(loss)
    if who or loss:
        return FieldErrors.of(Field.LOSS if who else Field.WHO, "Please answer both questions, or neither.")
    return None


class SeverityForm:
    """How bad it is: who is affected, what they cannot do, and why if that is less bad than was thought."""

    @staticmethod
    def view(incident: Incident) -> View:
        """The two questions; once a severity is set, also why it is lower, if it is."""
        now = f"It is {escape(incident.severity)} now. " if incident.severity else ""
        advice = "When in doubt, answer with the worse. It can be lowered later, and nobody is sent away by that."
        known = f"If you know its name, `{COMMAND} {Verb.SEVERITY} name` is quicker."
        blocks = [section(f"{now}{advice} {known}"), *questions()]
        if incident.severity:
            blocks.append(inputs.text(Field.REASON, "If this lowers it: why?", optional=True, multiline=False))
        return form(Form.SEVERITY, words.SET_SEVERITY, "Set severity", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> AssessSeverity | FieldErrors:
        """The answers."""
        sent = Sent(view)
        given = answers(sent)
        if given is None:
            return FieldErrors({Field.WHO.value: CHOOSE, Field.LOSS.value: CHOOSE})
        if isinstance(given, FieldErrors):
            return given
        return AssessSeverity(origin=origin, who=given[0], loss=given[1], reason=sent.text(Field.REASON))
