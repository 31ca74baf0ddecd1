"""The form that sets the severity."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.severity import SetSeverity
from bot.slack import words
from bot.slack.blocks import section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form


class SeverityForm:
    """How bad it is, by the policy's severities."""

    @staticmethod
    def view(incident: Incident, policy: Policy) -> View:
        """The severities with what they mean; the one that stands is chosen."""
        advice = "When in doubt, take the worse one. It can be lowered later, and nobody is sent away by that."
        blocks = [section(advice), inputs.severity(policy, initial=incident.severity)]
        return form(Form.SEVERITY, words.SET_SEVERITY, "Set severity", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> SetSeverity | FieldErrors:
        """The severity chosen."""
        chosen = Sent(view).choice(Field.SEVERITY)
        if chosen is None:
            return FieldErrors.of(Field.SEVERITY, "Please choose one.")
        return SetSeverity(origin=origin, severity=chosen)
