"""`/incident`: finds the verb and carries it out. What acts needs the incident's room; what reads takes a number elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.incident import Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.refusal import HasEnded
from bot.core.router.updates import owed
from bot.core.severity import SetSeverity
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.modal import View
from bot.slack.forms.severity import SeverityForm
from bot.slack.ids import Verb
from bot.slack.listeners import (
    actions,
    deciding,
    declaring,
    ends,
    facts,
    gates,
    hypotheses,
    metrics,
    postmortem,
    promises,
    redacting,
    roles,
    runs,
    subscribing,
    trials,
)
from bot.slack.listeners.act import Act, incident_number
from bot.slack.listeners.writing import writing_form
from bot.slack.messages import answers
from bot.slack.messages.drill import marked
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, with_typed
from bot.slack.messages.timeline import timeline as draw_timeline
from bot.slack.text import entered

Answer = Message | View
"""What the person gets: something said in the acknowledgement, or a form."""


async def incident(act: Act) -> Answer:
    """`/incident …`: the router. `rest` is what stands after the verb."""
    typed = entered(act.body.get("text") or "")
    verb, _, rest = typed.partition(" ")
    if not verb:
        return await what_needs_doing(act)
    carry_out = VERBS.get(verb.casefold())
    answer = await carry_out(act, rest.strip()) if carry_out else answers.unknown_command(typed)
    return with_typed(answer, typed) if isinstance(answer, Message) else answer


async def what_needs_doing(act: Act) -> Answer:
    """`/incident` alone: what comes next here, or the open incidents."""
    found = await _in_this_room(act)
    if found is None:
        return await list_open(act)
    policy = await act.service.policy_of(found)
    return marked(answers.needs_doing(found, policy, owed(found, policy)), found.is_drill)


async def declare(act: Act, rest: str) -> Answer:
    """`/incident declare [severity] what is wrong`: at once; without words by a form."""
    severity, title = declaring.split_severity(rest, act.service.policy)
    if not title:
        return DeclareForm.view(act.service.policy, severity=severity)
    return await declaring.declare(act, DeclareIncident(origin=act.origin(), title=title, severity=severity))


async def list_open(act: Act, rest: str = "") -> Answer:
    """`/incident list`."""
    return answers.open_incidents(await act.service.open_incidents(viewer=act.person))


async def status(act: Act, rest: str) -> Answer:
    """`/incident status [INC-7]`."""
    found = await _meant(act, rest)
    if found is None:
        return await _ask_which(act, Verb.STATUS)
    policy = await act.service.policy_of(found)
    return marked(answers.status(found, policy, owed(found, policy)), found.is_drill)


async def timeline(act: Act, rest: str) -> Answer:
    """`/incident timeline [INC-7]`: the newest page."""
    found = await _meant(act, rest)
    if found is None:
        return await _ask_which(act, Verb.TIMELINE)
    zone, recorded = await asyncio.gather(act.zone(), act.service.timeline(found.number, viewer=act.person))
    policy = await act.service.policy_of(found)
    return marked(draw_timeline(found, policy, [one.event for one in recorded], zone), found.is_drill)


async def list_hypotheses(act: Act, rest: str) -> Answer:
    """`/incident hypotheses [INC-7]`."""
    found = await _meant(act, rest)
    if found is None:
        return await _ask_which(act, Verb.HYPOTHESES)
    return marked(await hypotheses.listed(act, found, await act.service.policy_of(found)), found.is_drill)


async def show_map(act: Act, rest: str) -> Answer:
    """`/incident map [INC-7]`."""
    found = await _meant(act, rest)
    if found is None:
        return await _ask_which(act, Verb.MAP)
    return marked(await trials.show_map(act, found, await act.service.policy_of(found)), found.is_drill)


async def redact(act: Act, rest: str) -> Answer:
    """`/incident redact [INC-7]`: the form, also when the incident is over."""
    found = await _meant(act, rest)
    return await _ask_which(act, Verb.REDACT) if found is None else await redacting.open_form(act, found)


async def show_help(act: Act, rest: str) -> Answer:
    """`/incident help`."""
    return answers.help_text()


def in_room(
    carry_out: Callable[[Act, str, Incident, Policy], Awaitable[Answer]],
) -> Callable[[Act, str], Awaitable[Answer]]:
    """A verb that acts on the incident of the room it is typed in while that is open; elsewhere it says where to go."""

    async def act_in_room(act: Act, rest: str) -> Answer:
        found = await _in_this_room(act)
        if found is None:
            return answers.needs_room(await act.service.open_incidents(viewer=act.person))
        policy = await act.service.policy_of(found)
        if found.end is not None:
            return refused(HasEnded(end=found.end), found, policy)
        answer = await carry_out(act, rest, found, policy)
        return marked(answer, found.is_drill) if isinstance(answer, Message) else answer

    return act_in_room


async def set_severity(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident severity [severity [why it is lower]]`: at once; without a name by a form."""
    if not rest:
        return SeverityForm.view(found)
    name, why = declaring.severity_and_reason(rest, policy)
    command = SetSeverity(origin=act.origin(found.number), severity=name, reason=why or None)
    outcome = await act.service.handle(command)
    now = await act.incident(found.number)
    return refused(outcome.refusal, now, policy) if outcome.refusal else answers.severity_set(now)


async def update(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident update [text]`: the form that writes an update."""
    return await writing_form(act.service, found, typed=rest) or answers.nobody_hears(found, policy)


async def _in_this_room(act: Act) -> Incident | None:
    return await act.service.incident_in_room(act.body["channel_id"], viewer=act.person)


async def _meant(act: Act, rest: str) -> Incident | None:
    """The incident with the number given, else that of the room; None when neither is there."""
    if not rest:
        return await _in_this_room(act)
    number = incident_number(rest)
    return None if number is None else await act.looked_up(number)


async def _ask_which(act: Act, verb: Verb) -> Answer:
    return answers.which_incident(verb, await act.service.open_incidents(viewer=act.person))


VERBS: dict[str, Callable[[Act, str], Awaitable[Answer]]] = {
    Verb.DECLARE: declare,
    Verb.LIST: list_open,
    Verb.STATUS: status,
    Verb.TIMELINE: timeline,
    Verb.COMMANDER: in_room(roles.commander),
    Verb.TAKE_COMMAND: in_room(roles.take_at_once),
    Verb.ROLE: in_room(roles.role),
    Verb.ADVANCE: in_room(gates.advance),
    Verb.CONTAINED: in_room(gates.contained),
    Verb.ANSWER: in_room(gates.answer),
    Verb.SEVERITY: in_room(set_severity),
    Verb.UPDATE: in_room(update),
    Verb.CORRECT: in_room(promises.correct),
    Verb.SLOWER: in_room(promises.slower),
    Verb.SUBSCRIBE: subscribing.subscribe,
    Verb.UNSUBSCRIBE: subscribing.unsubscribe,
    Verb.SUBSCRIPTIONS: subscribing.subscriptions,
    Verb.IMPACT: in_room(facts.impact),
    Verb.TITLE: in_room(facts.title),
    Verb.STARTED: in_room(facts.started),
    Verb.DETECTED: in_room(facts.detected),
    Verb.CANCEL: in_room(ends.cancel),
    Verb.MERGE: in_room(ends.merge),
    Verb.SPLIT: in_room(ends.split),
    Verb.DRILL: ends.drill,
    Verb.HYPOTHESIS: in_room(hypotheses.propose),
    Verb.HYPOTHESES: list_hypotheses,
    Verb.MAP: show_map,
    Verb.DECIDE: in_room(deciding.decide),
    Verb.NOTE: in_room(facts.note),
    Verb.PARK: in_room(facts.park),
    Verb.REDACT: redact,
    Verb.POLICY: in_room(facts.adopt_policy),
    Verb.ACTIONS: actions.actions,
    Verb.METRICS: metrics.metrics,
    Verb.PICTURE: in_room(metrics.picture),
    Verb.POSTMORTEM: in_room(postmortem.postmortem),
    Verb.PLAYBOOK: in_room(runs.playbook),
    Verb.HELP: show_help,
}
"""Every verb and what carries it out, given what stands after it."""
