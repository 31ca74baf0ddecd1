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
from bot.slack.forms.needs import (
    EMPTY,
    MOST_FIELDS,
    Asker,
    blocks_of,
    errors,
    facts,
    fields_of,
    left_empty,
    one_of,
    waiver,
)
from bot.slack.ids import Drawn, Field, Form


class FillInForm:
    """One need, or why to go on without it."""

    @staticmethod
    def view(incident: Incident, policy: Policy, need: Need, *, presser: str) -> View:
        """What it asks for; whoever may waive it can do so here."""
        can_go = need in waivable(incident, policy) and not barred(incident, presser, Act.WAIVE, policy)
        blocks = blocks_of(need, Asker(incident, policy, presser), optional=can_go)
        if can_go and len(fields_of(blocks)) == MOST_FIELDS:  # the form that leaves the phase asks for the reason
            can_go, blocks = False, blocks_of(need, Asker(incident, policy, presser))
        if can_go:
            hint = "The review will show it."
            blocks.append(inputs.text(Field.WAIVER, "Or go on without it: why?", hint=hint, optional=True))
        drawn = Drawn.of(incident).but(asked=(need,), **one_of(incident, (need,)))
        return form(Form.FILL_IN, words.FILL_IN, "Save", blocks, drawn)

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
