"""The form that hands a role to somebody."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.roles import NOBODY, HandOver
from bot.slack import words
from bot.slack.blocks import section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form


class RoleForm:
    """Who takes which role, with who has them now."""

    @staticmethod
    def view(incident: Incident, policy: Policy) -> View:
        """The roles of the policy, and somebody to hold one."""
        blocks = [
            section("\n".join(words.seats(incident, policy, empty_too=True))),
            inputs.role(policy),
            inputs.person(Field.HOLDER, "Who takes it?"),
        ]
        holders = {role: seat.user for role, seat in incident.seats.items()}
        return form(Form.ROLE, words.ROLES, "Hand over", blocks, Drawn.of(incident).but(holders=holders))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> HandOver | FieldErrors:
        """The hand-over, from whoever had the role when the form was drawn."""
        sent = Sent(view)
        role, user = sent.choice(Field.ROLE), sent.user(Field.HOLDER)
        if role is None:
            return FieldErrors.of(Field.ROLE, "Please choose one.")
        if user is None:
            return FieldErrors.of(Field.HOLDER, "Please choose somebody.")
        return HandOver(origin=origin, role=role, user=user, instead_of=sent.drawn.holders.get(role, NOBODY))
