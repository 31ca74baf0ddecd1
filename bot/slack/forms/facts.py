"""The form that corrects what is known: title, impact, and what is affected."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Command, Origin
from bot.core.facts import CorrectFacts, MarkBoundaries, Retitle, StateImpact
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import context
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import COMMAND, Drawn, Field, Form, Verb


class FactsForm:
    """The facts as they stand, to be changed."""

    @staticmethod
    def view(incident: Incident, policy: Policy) -> View:
        """The form, filled in with what is known."""
        blocks = [
            inputs.text(Field.TITLE, "What is wrong?", initial=incident.title, multiline=False),
            inputs.text(
                Field.IMPACT,
                "Who cannot do what?",
                initial=incident.impact,
                example="Some customers cannot pay by card.",
                hint="Stakeholders read this sentence as you write it.",
                optional=incident.impact is None,
            ),
            inputs.boundaries(policy, initial=incident.boundaries, optional=True),
            context(
                f"When did it start? Type `{COMMAND} {Verb.STARTED} 14:05`, or `{COMMAND} {Verb.STARTED} about 14:05` if nobody "
                f"knows exactly. `{COMMAND} {Verb.STARTED}` alone opens a form."
            ),
        ]
        return form(Form.FACTS, words.EDIT_FACTS, "Save", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> CorrectFacts | FieldErrors:
        """What was changed; a field nobody touched states nothing."""
        sent = Sent(view)
        title, impact = sent.text(Field.TITLE), sent.text(Field.IMPACT)
        if title is None:
            return FieldErrors.of(Field.TITLE, "Please write a few words about what is wrong.")
        if impact is None and sent.was_changed(Field.IMPACT):
            return FieldErrors.of(Field.IMPACT, "What was said cannot be unsaid. Please write what is true now.")
        commands: list[Command] = []
        if sent.was_changed(Field.TITLE):
            commands.append(Retitle(origin=origin, title=title))
        if impact is not None and sent.was_changed(Field.IMPACT):
            commands.append(StateImpact(origin=origin, impact=impact))
        if sent.was_changed(Field.BOUNDARIES):
            marked = sent.choices(Field.BOUNDARIES)
            commands.append(MarkBoundaries(origin=origin, boundaries=marked))
        return CorrectFacts(origin=origin, facts=tuple(commands))
