"""The form that leaves a phase: it asks for exactly what the gate still lacks, or only whether to go on."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.core.actions import AddActionItem
from bot.core.containment import RecordContainment
from bot.core.decision import Command, Origin
from bot.core.facts import MarkBoundaries, StateImpact, VerifyRecovery
from bot.core.gates import missing
from bot.core.incident import ContainmentResult, Incident
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.roles import TakeRole
from bot.core.severity import SetSeverity
from bot.slack import words
from bot.slack.blocks import Block, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form

_EMPTY: dict[Field, str] = {
    Field.IMPACT: "Please write who cannot do what.",
    Field.CONTAINMENT: "Please write what was done.",
    Field.RECOVERY: "Please write how we know.",
    Field.ACTION_ITEM: "Please write what we will change.",
    Field.COMMANDER: "Please choose somebody.",
    Field.ASSIGNEE: "Please choose somebody.",
    Field.SEVERITY: "Please choose one.",
    Field.RESULT: "Please choose one.",
    Field.BOUNDARIES: "Please choose at least one.",
    Field.DUE: "Please choose a day.",
}
_FARTHEST_ZONE = timedelta(hours=12)


class AdvanceForm:
    """Leaves the phase for the next one; from the last phase it closes the incident."""

    @staticmethod
    def view(incident: Incident, policy: Policy, *, presser: str, remark: str = "") -> View:
        """The form for the phase the incident is in. `remark` is said first: escaped mrkdwn."""
        asked = [block for need in missing(incident) for block in _ASK[need](policy, presser)]
        blocks = [*([section(remark)] if remark else []), section(_introduction(incident, policy, bool(asked))), *asked]
        step = words.step(incident.phase)
        return form(Form.ADVANCE, step, step, blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> AdvancePhase | CloseIncident | FieldErrors:
        """The step for which the form was drawn, with the facts it asked for; or what is wrong with them."""
        sent = Sent(view)
        if errors := _errors(sent, origin.at):
            return FieldErrors(errors)
        first = tuple(_READ[field](sent, origin) for field in _READ if sent.has(field))
        to = sent.drawn.phase.next
        return AdvancePhase(origin=origin, to=to, first=first) if to else CloseIncident(origin=origin, first=first)


def _introduction(incident: Incident, policy: Policy, asks: bool) -> str:
    """What happens when the form is sent."""
    following = incident.phase.next
    drafted = any(audience.is_drafted for audience in policy.audiences)
    told = "Everyone who is kept informed will be told at once."
    if drafted:
        told = "Stakeholders are told at once; where a person must send it, you get a draft here."
    if following is None:
        told = "Everyone who was told before gets one last message. A closed incident cannot be opened again."
        return f"This closes {incident.name}. {told}"
    purpose = f"*{words.phase_name(following)}* is for {words.PURPOSE[following]}."
    known = "" if asks else "Everything that must be known is known. "
    return f"{known}{purpose} {told}"


def _errors(sent: Sent, now: datetime) -> dict[str, str]:
    """The fields that were asked for and hold nothing, and a due date that has passed everywhere on Earth."""
    empty = {field.value: sentence for field, sentence in _EMPTY.items() if sent.has(field) and _is_empty(sent, field)}
    due = sent.day(Field.DUE)
    if due and due < (now - _FARTHEST_ZONE).date():
        return empty | {Field.DUE.value: "This day has passed. Please choose today or a later day."}
    return empty


def _is_empty(sent: Sent, field: Field) -> bool:
    readers = (sent.text, sent.choice, sent.choices, sent.user, sent.day)
    return not any(read(field) for read in readers)


_ASK: dict[Need, Callable[[Policy, str], list[Block]]] = {
    Need.COMMANDER: lambda policy, presser: [inputs.person(Field.COMMANDER, "Incident commander", initial=presser)],
    Need.IMPACT: lambda policy, presser: [
        inputs.text(
            Field.IMPACT,
            "Who cannot do what?",
            example="Some customers cannot pay by card.",
            hint="Stakeholders read this sentence as you write it.",
        )
    ],
    Need.SEVERITY: lambda policy, presser: [inputs.severity(policy)],
    Need.BOUNDARY: lambda policy, presser: [inputs.boundaries(policy)],
    Need.CONTAINMENT: lambda policy, presser: [
        inputs.text(
            Field.CONTAINMENT,
            "What was done to stop the harm?",
            example="Turned the new checkout off",
        ),
        inputs.result(),
    ],
    Need.RECOVERY: lambda policy, presser: [
        inputs.text(
            Field.RECOVERY,
            "How do we know it works again?",
            example="Payments have been at their usual level for 15 minutes",
        )
    ],
    Need.ACTION_ITEM: lambda policy, presser: [
        inputs.text(
            Field.ACTION_ITEM, "What will we change?", example="Test checkout with every card before a release"
        ),
        inputs.person(Field.ASSIGNEE, "Assignee"),
        inputs.day(Field.DUE, "Due date"),
    ],
}

_READ: dict[Field, Callable[[Sent, Origin], Command]] = {
    Field.COMMANDER: lambda sent, origin: TakeRole(origin=origin, user=str(sent.user(Field.COMMANDER))),
    Field.IMPACT: lambda sent, origin: StateImpact(origin=origin, impact=str(sent.text(Field.IMPACT))),
    Field.SEVERITY: lambda sent, origin: SetSeverity(origin=origin, severity=str(sent.choice(Field.SEVERITY))),
    Field.BOUNDARIES: lambda sent, origin: MarkBoundaries(origin=origin, boundaries=sent.choices(Field.BOUNDARIES)),
    Field.CONTAINMENT: lambda sent, origin: RecordContainment(
        origin=origin,
        action=str(sent.text(Field.CONTAINMENT)),
        result=ContainmentResult(str(sent.choice(Field.RESULT))),
    ),
    Field.RECOVERY: lambda sent, origin: VerifyRecovery(origin=origin, how=str(sent.text(Field.RECOVERY))),
    Field.ACTION_ITEM: lambda sent, origin: AddActionItem.model_validate(
        {
            "origin": origin,
            "what": sent.text(Field.ACTION_ITEM),
            "assignee": sent.user(Field.ASSIGNEE),
            "due": sent.day(Field.DUE),
        }
    ),
}
