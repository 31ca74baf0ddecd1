"""The form that says which hypothesis another one repeats, chosen from a list: nobody knows their numbers by heart."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Hypothesis, Incident
from bot.core.tracker.trials import MarkDuplicate
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.forms.trial import heading
from bot.slack.ids import Drawn, Field, Form
from bot.slack.text import one_line, shorten, unnamed

_OPTIONS, _LABEL = 100, 75
"""So many options Slack shows in a menu, each with so many characters."""


class DuplicateForm:
    """Where a hypothesis goes on that somebody had before."""

    @staticmethod
    def view(incident: Incident, one: Hypothesis, others: Sequence[Hypothesis]) -> View:
        """The others it may repeat, in their order."""
        options = [(_label(other), str(other.number)) for other in others[:_OPTIONS]]
        blocks = [heading(one), inputs.choice(Field.INTO, "Which one says the same?", options)]
        drawn = Drawn.of(incident).but(hypothesis=one.number)
        return form(Form.DUPLICATE, f"{one.name} was said before", "Save", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MarkDuplicate | FieldErrors:
        """The one that was chosen."""
        sent = Sent(view)
        of = sent.choice(Field.INTO)
        if of is None:
            return FieldErrors.of(Field.INTO, "Please choose one.")
        return MarkDuplicate(origin=origin, hypothesis=sent.drawn.hypothesis or 0, of=int(of))


def _label(other: Hypothesis) -> str:
    return shorten(f"{other.name}, {other.status.value}: {unnamed(one_line(other.statement))}", _LABEL)
