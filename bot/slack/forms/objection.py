"""The form in which somebody objects to a decision."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident, Proposal
from bot.core.proposals import ObjectToDecision
from bot.slack import words
from bot.slack.blocks import section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form
from bot.slack.text import quoted


class ObjectionForm:
    """The reason of an objection."""

    @staticmethod
    def view(incident: Incident, one: Proposal) -> View:
        """Asks why."""
        blocks = [
            section(quoted(one.text)),
            inputs.text(Field.WHY, "Why not?", example="It would log out everybody who is paying now", multiline=False),
        ]
        return form(Form.OBJECTION, words.OBJECT, words.OBJECT, blocks, Drawn.of(incident).but(proposal=one.number))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> ObjectToDecision | FieldErrors:
        """The objection."""
        sent = Sent(view)
        why = sent.text(Field.WHY)
        if why is None:
            return FieldErrors.of(Field.WHY, "Please write why.")
        return ObjectToDecision(origin=origin, proposal=sent.drawn.proposal or 0, why=why)
