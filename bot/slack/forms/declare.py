"""The form that declares an incident, for who did not type what is wrong after the command."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.facts import StateImpact
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Field, Form


class DeclareForm:
    """What is wrong, and what is known already."""

    @staticmethod
    def view(policy: Policy, *, severity: str | None = None) -> View:
        """The empty form; with a severity if one was given."""
        blocks = [
            inputs.text(
                Field.TITLE,
                "What is wrong?",
                example="Checkout is failing for some customers",
                multiline=False,
            ),
            inputs.severity(policy, initial=severity, optional=True),
            inputs.text(
                Field.IMPACT,
                "Who cannot do what?",
                example="Some customers cannot pay by card.",
                hint="Stakeholders read this sentence as you write it.",
                optional=True,
            ),
        ]
        return form(Form.DECLARE, words.DECLARE, "Declare", blocks)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> DeclareIncident | FieldErrors:
        """The declaration, or that it says nothing."""
        sent = Sent(view)
        title, impact = sent.text(Field.TITLE), sent.text(Field.IMPACT)
        if title is None:
            return FieldErrors.of(Field.TITLE, "Please write a few words about what is wrong.")
        then = (StateImpact(origin=origin, impact=impact),) if impact else ()
        return DeclareIncident(origin=origin, title=title, severity=sent.choice(Field.SEVERITY), then=then)
