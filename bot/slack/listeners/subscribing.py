"""`/incident subscribe`, `unsubscribe`, `subscriptions`: who hears of what in direct messages."""

from bot.core.policy import Policy
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.standing import Kind, Standing
from bot.slack.ids import Verb
from bot.slack.listeners.act import Act, incident_number
from bot.slack.messages import subscriptions as messages
from bot.slack.messages.drill import marked
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused


async def subscribe(act: Act, rest: str) -> Message:
    """`/incident subscribe [INC-7, a severity, or a part of the system map]`; without anything, the incident of this room."""
    if asked := kind_of(rest, act.person, act.service.policy):
        await act.service.ask_for(asked)
        return messages.asked_for(asked, act.service.policy)
    number = await _meant(act, rest)
    if number is None:
        return messages.cannot_tell(rest, Verb.SUBSCRIBE, act.service.policy)
    before = await act.looked_up(number)
    outcome = await act.service.handle(Subscribe(origin=act.origin(number), people=(act.person,)))
    now = await act.service.incident(number, viewer=act.person)
    policy = await act.service.policy_of(now)
    if outcome.refusal:
        return refused(outcome.refusal, now, policy)
    return marked(messages.subscribed(now, is_new=act.person not in before.subscribers), now.is_drill)


async def unsubscribe(act: Act, rest: str) -> Message:
    """`/incident unsubscribe` with the same words: the end of it."""
    if asked := kind_of(rest, act.person, act.service.policy):
        return messages.asked_no_more(asked, act.service.policy, there_was=await act.service.ask_no_more(asked))
    number = await _meant(act, rest)
    if number is None:
        return messages.cannot_tell(rest, Verb.UNSUBSCRIBE, act.service.policy)
    before = await act.looked_up(number)
    outcome = await act.service.handle(Unsubscribe(origin=act.origin(number), person=act.person))
    if outcome.refusal:
        return refused(outcome.refusal, before, await act.service.policy_of(before))
    return messages.unsubscribed(before, there_was=act.person in before.subscribers)


async def subscriptions(act: Act, rest: str) -> Message:
    """`/incident subscriptions`: all that this person hears of."""
    asked = await act.service.asked_for(act.person)
    listed = await act.service.open_incidents(viewer=act.person)
    states = [await act.service.incident(one.number, viewer=act.person) for one in listed]
    return messages.listing(asked, [one for one in states if act.person in one.subscribers], act.service.policy)


async def _meant(act: Act, rest: str) -> int | None:
    """The number that was typed, or that of the room's incident if nothing was."""
    if rest:
        return incident_number(rest)
    found = await act.service.incident_in_room(act.body["channel_id"], viewer=act.person)
    return found.number if found else None


def kind_of(text: str, person: str, policy: Policy) -> Standing | None:
    """What kind of incidents somebody means who types a severity, or the name or id of a part of the system map, in any case."""
    typed = text.strip().casefold()
    for severity in policy.severities:
        if typed == severity.name.casefold():
            return Standing(person=person, kind=Kind.SEVERITY, value=severity.name)
    for boundary in policy.boundaries:
        if typed in (boundary.id.casefold(), boundary.name.casefold()):
            return Standing(person=person, kind=Kind.BOUNDARY, value=boundary.id)
    return None
