"""The form that declares an incident, for who did not type what is wrong after the command."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.forms.severity import answers, questions
from bot.slack.ids import Field, Form


class DeclareForm:
    """What is wrong, and what is known already."""

    @staticmethod
    def view(policy: Policy, *, severity: str | None = None) -> View:
        """The empty form; whoever typed a severity has it chosen, and is not asked."""
        blocks = [
            inputs.text(
                Field.TITLE,
                "What is wrong?",
                example="Checkout is failing for some customers",
                multiline=False,
            ),
            *([inputs.severity(policy, initial=severity)] if severity else questions(optional=True)),
        ]
        return form(Form.DECLARE, words.DECLARE, "Declare", blocks)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, policy: Policy) -> DeclareIncident | FieldErrors:
        """The declaration, with the severity that the answers give; or that it says nothing."""
        sent = Sent(view)
        title, given = sent.text(Field.TITLE), answers(sent)
        if title is None:
            return FieldErrors.of(Field.TITLE, "Please write a few words about what is wrong.")
        if isinstance(given, FieldErrors):
            return given
        severity = policy.assess(*given) if given else sent.choice(Field.SEVERITY)
        return DeclareIncident(origin=origin, title=title, severity=severity)
