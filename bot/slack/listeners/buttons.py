"""The buttons: each reads what is true now, acts or opens its form, and answers only the person who pressed it."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.delivery import TryDeliveryAgain
from bot.core.incident import Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.prompts import SnoozePrompts
from bot.core.router.updates import are_waiting
from bot.slack.failures import error_code
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.modal import View
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.severity import SeverityForm
from bot.slack.ids import Action
from bot.slack.insisting import insist
from bot.slack.listeners import (
    actions,
    deciding,
    declaring,
    ends,
    gates,
    hypotheses,
    metrics,
    postmortem,
    promises,
    roles,
    runs,
    trials,
)
from bot.slack.listeners.act import Act
from bot.slack.listeners.mending import facts_form, mend
from bot.slack.listeners.writing import draft_form, use_plain, writing_form
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale
from bot.slack.messages.timeline import timeline

Answer = Message | View | None
"""What the person gets: something only they see, a form, or nothing, when the room shows it."""
Press = Callable[[Act], Awaitable[Answer]]


def words_draft(draw: Callable[[Act, Incident, Policy], Awaitable[Answer]]) -> Press:
    """A button on a draft: it works as long as the draft waits, also when the incident is over."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        now = await act.incident(drawn.number)
        if not now.is_open and not are_waiting(now, drawn.audiences):
            return stale(now, drawn.phase)
        return await draw(act, now, await act.service.policy_of(now))

    return press


def opens(draw: Callable[[Act, Incident, Policy], Awaitable[Answer]], *, only_in_its_phase: bool = False) -> Press:
    """A button that opens a form while the incident is open; `draw` may answer instead. One that is drawn for a phase says
    what is true now when the incident has moved on since."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        now = await act.incident(drawn.number)
        if not now.is_open or (only_in_its_phase and now.phase is not drawn.phase):
            return stale(now, drawn.phase)
        return await draw(act, now, await act.service.policy_of(now))

    return press


async def advance(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Advance to …`, `Close incident`: the form that leaves the phase."""
    return AdvanceForm.view(now, policy, presser=act.person, at=act.service.clock.now())


async def send_update(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Send update`: the form that writes an update."""
    return await writing_form(act.service, now) or answers.nobody_hears(now, policy)


async def set_severity(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Set severity`: the form with the two questions."""
    return SeverityForm.view(now)


async def edit_facts(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Edit facts`: the form with what is known, and what of it others should not read like this."""
    return await facts_form(act, now, policy)


async def no_action(act: Act, now: Incident, policy: Policy) -> Answer:
    """`No action needed`: the form that asks why."""
    return NoActionForm.view(now)


async def join_room(act: Act) -> Answer:
    """`Join the room`: brings whoever pressed it into the room."""
    now = await act.incident(act.pressed.number)
    if now.room is None:
        return answers.no_room_yet(now.number)
    room = now.room.channel
    try:
        await insist(lambda: act.client.conversations_invite(channel=room, users=[act.person]))
    except SlackApiError as error:
        if error_code(error) != "already_in_channel":
            return answers.cannot_join(now.number, now.room)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return answers.cannot_join(now.number, now.room)
    return answers.joined(now.number, now.room)


async def open_declaration(act: Act) -> Answer:
    """`Declare an incident`: the form."""
    return DeclareForm.view(act.service.policy)


async def declare_another(act: Act) -> Answer:
    """`Declare another`: the same words and severity as the incident named, declared once more."""
    earlier = await act.incident(act.pressed.number)
    command = DeclareIncident(
        origin=act.origin(),
        title=earlier.title,
        severity=earlier.severity,
        is_drill=earlier.is_drill,
        is_private=earlier.is_private,
        again=True,
    )
    return await declaring.declare(act, command)


async def send_draft(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Send` on a draft: shows exactly what the audience reads, as the record stands now."""
    (audience,) = act.pressed.audiences
    if not policy.audience(audience):
        return answers.nobody_hears(now, policy)
    return await draft_form(act.service, now, audience, await act.names(now))


async def edit_draft(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Edit` on a draft: the form that words it."""
    return await writing_form(act.service, now, audiences=act.pressed.audiences) or answers.nobody_hears(now, policy)


async def try_again(act: Act) -> Answer:
    """`Try again`: what Slack refused is tried once more, one thing or all of them."""
    drawn = act.pressed
    command = TryDeliveryAgain(origin=act.origin(drawn.number), effect_id=drawn.effect)
    outcome = await act.service.handle(command)
    return answers.tried_again(len(outcome.events))


async def snooze_prompts(act: Act) -> Answer:
    """`Snooze 10 minutes`: whoever leads knows that the phase takes long."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    if not now.is_open or now.phase is not drawn.phase:
        return stale(now, drawn.phase)
    outcome = await act.service.handle(SnoozePrompts(origin=act.origin(drawn.number)))
    return refused(outcome.refusal, now, await act.service.policy_of(now)) if outcome.refusal else None


async def turn_page(act: Act) -> Answer:
    """`Show earlier`, `Show in full`: the page of the timeline that the button names."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    zone, recorded = await asyncio.gather(act.zone(), act.service.timeline(now.number, viewer=act.person))
    policy = await act.service.policy_of(now)
    return timeline(now, policy, [one.event for one in recorded], zone, drawn.before, drawn.in_full)


async def show_actions(act: Act) -> Answer:
    """`Action items`: the list of the incident's, also when it is over."""
    return await actions.show(act, await act.incident(act.pressed.number))


BUTTONS: dict[Action, Press] = {
    Action.TAKE_COMMAND: roles.take_command,
    Action.ADVANCE: opens(advance, only_in_its_phase=True),
    Action.SEND_UPDATE: opens(send_update),
    Action.SET_SEVERITY: opens(set_severity),
    Action.EDIT_FACTS: opens(edit_facts),
    Action.NO_ACTION: opens(no_action),
    Action.FILL_IN: opens(gates.fill_in),
    Action.IMPACT_BACK: gates.impact_is_back,
    Action.ASSIGN_ROLES: opens(roles.assign),
    Action.HAND_OVER: opens(roles.assign),
    Action.HAND_OVER_FIRST: opens(roles.hand_over_first),
    Action.ACCEPT_ROLE: roles.accept,
    Action.DECLINE_ROLE: roles.decline,
    Action.WITHDRAW_OFFER: roles.take_back,
    Action.ANSWER_CLAIM: roles.i_am_here,
    Action.SNOOZE_REST: roles.snooze,
    Action.SNOOZE_PROMPTS: snooze_prompts,
    Action.OBJECT: opens(deciding.objecting),
    Action.ADD_HYPOTHESIS: opens(hypotheses.add),
    Action.START_TEST: trials.start_test,
    Action.CONFIRM: trials.confirm,
    Action.REFUTE: trials.refute,
    Action.PARK: hypotheses.park,
    Action.ADD_EVIDENCE: hypotheses.add_evidence,
    Action.PLACE: hypotheses.place,
    Action.PREDICT: trials.predict,
    Action.PLAN_TEST: trials.plan,
    Action.ALLOW_CHANGE: trials.allow,
    Action.NO_RESULT: trials.no_result,
    Action.EXTEND_TEST: trials.extend,
    Action.HAND_TEST: trials.hand_over,
    Action.SAME_AS: trials.same_as,
    Action.REVISES: hypotheses.revises,
    Action.REVISE: hypotheses.state_anew,
    Action.DUPLICATE: trials.duplicate,
    Action.ANSWER_AGAINST: trials.answer_against,
    Action.HINT_DONE: trials.answer_hint,
    Action.HINT_LATER: trials.answer_hint,
    Action.HINT_NOT_NEEDED: trials.answer_hint,
    Action.NEXT_HYPOTHESES: trials.turn_board,
    Action.HYPOTHESES_BEFORE: trials.turn_board,
    Action.MARK_MAP: opens(trials.mark_map),
    Action.SEND_DRAFT: words_draft(send_draft),
    Action.EDIT_DRAFT: words_draft(edit_draft),
    Action.NO_CHANGE: promises.no_change,
    Action.SNOOZE_UPDATES: promises.snooze,
    Action.JOIN_ROOM: join_room,
    Action.DECLARE: open_declaration,
    Action.DECLARE_ANOTHER: declare_another,
    Action.TRY_AGAIN: try_again,
    Action.MORE: ends.more,
    Action.HAPPENED_AGAIN: ends.happened_again,
    Action.SHOW_EARLIER: turn_page,
    Action.SHOW_IN_FULL: turn_page,
    Action.SHARE_METRICS: metrics.share_metrics,
    Action.ADD_ACTION: actions.add,
    Action.SHOW_ACTIONS: show_actions,
    Action.ACCEPT_ACTION: actions.accept,
    Action.DECLINE_ACTION: actions.decline,
    Action.TAKE_ACTION: actions.take,
    Action.START_ACTION: actions.start,
    Action.FINISH_ACTION: actions.finish,
    Action.VERIFY_ACTION: actions.verify,
    Action.REOPEN_ACTION: actions.reopen,
    Action.DROP_ACTION: actions.drop,
    Action.MOVE_DUE_DATE: actions.move,
    Action.CHANGE_ACTION: actions.change,
    Action.CREATE_ISSUE: actions.create_issue,
    Action.TURN_ACTIONS: actions.turn_page,
    Action.ACTIONS_BEFORE: actions.turn_page,
    Action.POSTMORTEM: postmortem.open_document,
    Action.EDIT_SECTION: postmortem.edit_section,
    Action.TAG_FACTORS: postmortem.tag_factors,
    Action.KEEP_WORDING: postmortem.keep_wording,
    Action.MOVE_POSTMORTEM: postmortem.move,
    Action.BACK_TO_DRAFT: postmortem.back_to_draft,
    **runs.PRESSED,
    Action.USE_PLAIN: use_plain,
    Action.MEND: mend,
}
"""Every button and menu, and what happens when it is pressed."""
