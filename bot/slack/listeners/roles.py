"""`/incident commander`, `/incident take-command …`, `/incident role …`, and the buttons by which roles pass between people."""

from bot.core.claims import AnswerClaim, ClaimRole
from bot.core.decision import Command
from bot.core.duties import is_strict, leads, roles_of, tests_of
from bot.core.incident import COMMANDER, Incident
from bot.core.load import SnoozeRest
from bot.core.offers import AcceptRole, DeclineRole, WithdrawOffer
from bot.core.policy import Policy
from bot.core.refusal import NotYours
from bot.core.roles import HandOver, TakeCommand
from bot.service import Outcome
from bot.slack import words
from bot.slack.forms.modal import View
from bot.slack.forms.role import RoleForm, SuccessorForm
from bot.slack.listeners.act import Act
from bot.slack.messages import role_answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused
from bot.slack.text import mentioned

Answer = Message | View


async def commander(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident commander`: takes command, or asks whoever has it whether they are there."""
    return await _claim(act, found.number, COMMANDER, policy)


async def take_command(act: Act) -> Answer:
    """`I'm incident commander`: the same."""
    number = act.pressed.number
    return await _claim(act, number, COMMANDER, await act.service.policy_of(await act.incident(number)))


async def take_at_once(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident take-command why`: in an emergency, whoever has it."""
    now, refusal = await _handled(act, TakeCommand(origin=act.origin(found.number), why=rest), policy)
    return refusal or role_answers.commander_taken(now, _besides(now, act.person, policy))


async def role(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident role commander @bob`: hands or offers the role to him; alone the form with who has which."""
    user, named = mentioned((act.body.get("text") or "").strip().partition(" ")[2])
    if not rest:
        return RoleForm.view(found, policy)
    if user is None or not named:
        return role_answers.who_is_meant(policy)
    if user == act.workspace.us:
        return role_answers.not_a_person()
    known = policy.role(named)
    if known and is_claim(act, found, known.name, user, policy):
        return await _claim(act, found.number, known.name, policy)
    present = await act.present(found, policy, user)
    command = HandOver(origin=act.origin(found.number), role=named, user=user, present=present)
    outcome = await act.service.handle(command)
    now = await act.incident(found.number)
    if outcome.refusal:
        return refused(outcome.refusal, now, policy)
    return said(outcome, now, policy) or _given(now, known.name if known else named, user)


def is_claim(act: Act, now: Incident, role: str, user: str, policy: Policy) -> bool:
    """Whether somebody wants a role for themselves that another has, and that passes only when it is accepted."""
    seat = now.seats.get(role)
    return user == act.person and role in policy.hand_over_is_accepted and seat is not None and seat.user != user


def said(outcome: Outcome, now: Incident, policy: Policy) -> Message | None:
    """One line for whoever did what whoever leads should not do here, since few people are there."""
    return role_answers.few_are_here() if outcome.solo and is_strict(now, policy) else None


async def assign(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Roles`, `Hand over`: the form with who has which, and the role that the button is about."""
    return RoleForm.view(now, policy, role=act.pressed.role)


async def hand_over_first(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Hand over command first`: the form that asks who leads instead."""
    if not leads(now, act.person):
        seat = now.commander
        whose = NotYours(what="hand-over", role=COMMANDER, user=seat.user if seat else None)
        return refused(whose, now, policy)
    return SuccessorForm.view(now, act.pressed)


async def accept(act: Act) -> Message | None:
    """`Accept`: the role is theirs, as the room reads."""
    drawn = act.pressed
    now, policy, refusal = await _pressed(
        act, AcceptRole(origin=act.origin(drawn.number), role=drawn.role or COMMANDER)
    )
    besides = _besides(now, act.person, policy)
    return refusal or (role_answers.commander_taken(now, besides) if besides and leads(now, act.person) else None)


async def decline(act: Act) -> Message | None:
    """`Decline`."""
    drawn = act.pressed
    return (await _pressed(act, DeclineRole(origin=act.origin(drawn.number), role=drawn.role or COMMANDER)))[2]


async def take_back(act: Act) -> Message | None:
    """`Take it back`: whoever offered the role keeps it."""
    drawn = act.pressed
    return (await _pressed(act, WithdrawOffer(origin=act.origin(drawn.number), role=drawn.role or COMMANDER)))[2]


async def i_am_here(act: Act) -> Message | None:
    """`I am here`: whoever is asked keeps the role."""
    drawn = act.pressed
    return (await _pressed(act, AnswerClaim(origin=act.origin(drawn.number), role=drawn.role or COMMANDER)))[2]


async def snooze(act: Act) -> Message | None:
    """`Ask me later`: the holder of the role goes on."""
    drawn = act.pressed
    named = drawn.role or COMMANDER
    now, _, refusal = await _pressed(act, SnoozeRest(origin=act.origin(drawn.number), role=named))
    seat = now.seats.get(named)
    return refusal or (role_answers.snoozed(seat.ask_again) if seat and seat.ask_again else None)


async def _claim(act: Act, number: int, named: str, policy: Policy) -> Message:
    now, refusal = await _handled(act, ClaimRole(origin=act.origin(number), role=named), policy)
    if refusal:
        return refusal
    claim = now.claims.get(named)
    if claim and claim.user == act.person:
        return role_answers.claimed(now, named)
    if named == COMMANDER:
        return role_answers.commander_taken(now, _besides(now, act.person, policy))
    return role_answers.role_given(now, named)


def _given(now: Incident, named: str, user: str) -> Message:
    """That somebody has the role now, or is offered it."""
    offer = now.offers.get(named)
    return role_answers.offered(now, named) if offer and offer.to == user else role_answers.role_given(now, named)


def _besides(now: Incident, person: str, policy: Policy) -> list[str]:
    """What somebody who leads has besides, and should not have where leading is a job of its own; escaped."""
    if not is_strict(now, policy):
        return []
    others = [f"*{words.called(held)}*" for held in roles_of(now, person) if held != COMMANDER]
    return [*others, *(f"the test of *H{number}*" for number in tests_of(now, person))]


async def _pressed(act: Act, command: Command) -> tuple[Incident, Policy, Message | None]:
    policy = await act.service.policy_of(await act.incident(command.origin.incident))
    now, refusal = await _handled(act, command, policy)
    return now, policy, refusal


async def _handled(act: Act, command: Command, policy: Policy) -> tuple[Incident, Message | None]:
    """The incident after the command, and why it was refused, if it was."""
    outcome = await act.service.handle(command)
    now = await act.incident(command.origin.incident)
    return now, refused(outcome.refusal, now, policy) if outcome.refusal else None
