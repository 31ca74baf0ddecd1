"""The form that fills in one thing that a gate asks for."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.facts import CorrectFacts
from bot.core.gates import waivable
from bot.core.incident import Incident
from bot.core.needs import Need
from bot.core.permissions import barred
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.slack import words
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.forms.needs import EMPTY, Asker, blocks_of, errors, facts, left_empty, waiver
from bot.slack.ids import Drawn, Field, Form


class FillInForm:
    """One need, or why to go on without it."""

    @staticmethod
    def view(incident: Incident, policy: Policy, need: Need, *, presser: str) -> View:
        """What it asks for; whoever may waive it can do so here."""
        can_go = need in waivable(incident, policy) and not barred(incident, presser, Act.WAIVE, policy)
        blocks = blocks_of(need, Asker(incident, policy, presser), optional=can_go)
        if can_go:
            hint = "The review will show it."
            blocks.append(inputs.text(Field.WAIVER, "Or go on without it: why?", hint=hint, optional=True))
        measure = incident.unsettled[0] if need is Need.MEASURES else None
        return form(Form.FILL_IN, words.FILL_IN, "Save", blocks, Drawn.of(incident).but(asked=(need,), measure=measure))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> CorrectFacts | FieldErrors:
        """What was filled in, or that it is let go."""
        sent = Sent(view)
        asked = sent.drawn.asked
        empty = left_empty(sent, asked)
        wrong = errors(sent, asked, origin.at)
        if empty and sent.is_empty(Field.WAIVER):
            wrong |= {Field.WAIVER.value: EMPTY[Field.WAIVER]}
        if wrong:
            return FieldErrors(wrong)
        return CorrectFacts(origin=origin, facts=(*facts(sent, asked, origin), *waiver(sent, empty, origin)))
