"""The forms that hand a role to somebody: any role, and command for the sake of another duty."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import COMMANDER, Incident
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
    def view(incident: Incident, policy: Policy, *, role: str | None = None) -> View:
        """The roles of the policy, this one chosen, and somebody to hold one."""
        blocks = [
            section("\n".join(words.seats(incident, policy, empty_too=True))),
            inputs.role(policy, initial=role),
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


class SuccessorForm:
    """Who leads instead of somebody who would rather test a hypothesis or have another role: `drawn` says which."""

    @staticmethod
    def view(incident: Incident, drawn: Drawn) -> View:
        """Asks for somebody to offer command to: the deputy, if there is one."""
        what = f"be {words.called(drawn.role)}" if drawn.role else f"test H{drawn.hypothesis}"
        deputy = incident.seats.get("deputy")
        other = deputy.user if deputy and incident.commander and deputy.user != incident.commander.user else None
        blocks = [
            section(f"As soon as they accept, they lead {incident.name}, and you {what}."),
            inputs.person(Field.HOLDER, "Who leads instead?", initial=other),
        ]
        holders = {COMMANDER: incident.commander.user} if incident.commander else {}
        return form(Form.SUCCESSOR, words.HAND_OVER, "Offer", blocks, drawn.but(holders=holders))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> HandOver | FieldErrors:
        """The offer, with what whoever offers takes on then."""
        sent = Sent(view)
        drawn, user = sent.drawn, sent.user(Field.HOLDER)
        if user is None:
            return FieldErrors.of(Field.HOLDER, "Please choose somebody.")
        return HandOver(
            origin=origin,
            role=COMMANDER,
            user=user,
            instead_of=drawn.holders.get(COMMANDER, NOBODY),
            then_test=drawn.hypothesis,
            then_role=drawn.role,
        )
