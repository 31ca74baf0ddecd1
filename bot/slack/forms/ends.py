"""The forms that end an incident before its time: cancelled, or merged into another."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.incident import Cause, Incident
from bot.slack import words
from bot.slack.blocks import section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form

_CANCEL_TITLE = "Cancel incident"
"""Slack takes 24 characters."""


class CancelForm:
    """Why there is nothing to do."""

    @staticmethod
    def view(incident: Incident) -> View:
        """The reasons there are, and room for more words."""
        told = "Everyone who was told before gets one last message that says so."
        blocks = [
            section(f"This ends {incident.name}: there is nothing to do. {told} It cannot be opened again."),
            inputs.choice(Field.CAUSE, "Why?", [(label, cause.value) for cause, label in words.CAUSE.items()]),
            inputs.text(Field.WORDS, "Anything to add?", hint="The room reads this.", optional=True),
        ]
        return form(Form.CANCEL, _CANCEL_TITLE, _CANCEL_TITLE, blocks, Drawn.of(incident), close="Keep it")

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> CancelIncident | FieldErrors:
        """The reason chosen."""
        sent = Sent(view)
        cause = sent.choice(Field.CAUSE)
        if cause is None:
            return FieldErrors.of(Field.CAUSE, "Please choose one.")
        return CancelIncident(origin=origin, cause=Cause(cause), words=sent.text(Field.WORDS) or "")


class MergeForm:
    """Into which incident this one goes."""

    @staticmethod
    def view(incident: Incident, others: Sequence[tuple[str, int]]) -> View:
        """The other open incidents, each by its label and number."""
        what = (
            f"{incident.name} ends, and goes on as the other one. Its people are invited there, and everyone who was told before "
            "is told where it goes on. It cannot be opened again."
        )
        options = [(label, str(number)) for label, number in others]
        blocks = [section(what), inputs.choice(Field.INTO, "Which one goes on?", options)]
        return form(Form.MERGE, words.MERGE, "Merge", blocks, Drawn.of(incident), close="Keep it")

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MergeIncident | FieldErrors:
        """The incident chosen."""
        into = Sent(view).choice(Field.INTO)
        if into is None:
            return FieldErrors.of(Field.INTO, "Please choose one.")
        return MergeIncident(origin=origin, into=int(into))
