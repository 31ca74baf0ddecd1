"""`/incident commander`, `/incident role …`, and the buttons that give roles to people."""

from bot.core.decision import Command
from bot.core.incident import COMMANDER, Incident
from bot.core.policy import Policy
from bot.core.roles import HandOver, TakeRole
from bot.slack.forms.modal import View
from bot.slack.forms.role import RoleForm
from bot.slack.listeners.act import Act
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused
from bot.slack.text import mentioned

Answer = Message | View


async def commander(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident commander`: takes command, if nobody has it."""
    return await _take(act, found.number, policy)


async def take_command(act: Act) -> Answer:
    """`I'm incident commander`: takes the seat while it is empty."""
    number = act.pressed.number
    return await _take(act, number, await act.service.policy_of(await act.incident(number)))


async def role(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident role commander @bob`: hands the role to him, whoever has it; alone the form with who has which."""
    user, named = mentioned((act.body.get("text") or "").strip().partition(" ")[2])
    if not rest:
        return RoleForm.view(found, policy)
    if user is None or not named:
        return answers.who_is_meant(policy)
    if user == act.workspace.us:
        return answers.not_a_person()
    command = HandOver(origin=act.origin(found.number), role=named, user=user)
    known = policy.role(named)
    now, refusal = await _handled(act, command, policy)
    return refusal or answers.role_given(now, known.name if known else named)


async def assign(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Roles`: the form with who has which."""
    return RoleForm.view(now, policy)


async def _take(act: Act, number: int, policy: Policy) -> Message:
    command = TakeRole(origin=act.origin(number), role=COMMANDER, user=act.person)
    now, refusal = await _handled(act, command, policy)
    return refusal or answers.commander_taken(now)


async def _handled(act: Act, command: Command, policy: Policy) -> tuple[Incident, Message | None]:
    """The incident after the command, and why it was refused, if it was."""
    outcome = await act.service.handle(command)
    now = await act.incident(command.origin.incident)
    return now, refused(outcome.refusal, now, policy) if outcome.refusal else None
