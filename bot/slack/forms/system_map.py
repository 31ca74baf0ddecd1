"""The form that marks the system map: which parts are affected, and which were seen to work."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.facts import MarkBoundaries
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form


class MapForm:
    """The map as it stands, to be changed."""

    @staticmethod
    def view(incident: Incident, policy: Policy) -> View:
        """Both questions, filled in with what is known."""
        blocks = [
            inputs.boundaries(policy, initial=incident.boundaries, optional=True),
            inputs.boundaries(
                policy,
                field=Field.WORKING,
                label="What was seen to work?",
                initial=incident.working,
                optional=True,
            ),
        ]
        return form(Form.MAP, words.MARK_MAP, "Save", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MarkBoundaries | FieldErrors:
        """What was changed; a field nobody touched states nothing."""
        sent = Sent(view)
        affected, working = sent.choices(Field.BOUNDARIES), sent.choices(Field.WORKING)
        if set(affected) & set(working):
            return FieldErrors.of(Field.WORKING, "A part cannot be both. Please take it out of one of the two.")
        return MarkBoundaries(
            origin=origin,
            boundaries=affected if sent.was_changed(Field.BOUNDARIES) else None,
            working=working if sent.was_changed(Field.WORKING) else None,
        )
