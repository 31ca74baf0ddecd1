"""The form that says why nothing needs to be changed."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.learning.actions import NeedNoAction
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form


class NoActionForm:
    """The reason for no action item."""

    @staticmethod
    def view(incident: Incident) -> View:
        """The form."""
        reason = inputs.text(
            Field.REASON,
            "Why does nothing need to change?",
            example="It was a planned test",
        )
        return form(Form.NO_ACTION, words.NO_ACTION, "Save", [reason], Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> NeedNoAction | FieldErrors:
        """The reason given."""
        reason = Sent(view).text(Field.REASON)
        if reason is None:
            return FieldErrors.of(Field.REASON, "Please write why.")
        return NeedNoAction(origin=origin, reason=reason)
