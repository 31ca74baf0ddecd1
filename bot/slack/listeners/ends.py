"""`/incident cancel`, `merge`, `split`, `drill`, and `It happened again`: how incidents end before their time, and come out of each
other."""

from bot.core.ends import MergeIncident, can_be_merged
from bot.core.incident import Incident, Link, LinkKind
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.slack.forms.ends import CancelForm, MergeForm
from bot.slack.forms.modal import View
from bot.slack.ids import Verb
from bot.slack.listeners import declaring
from bot.slack.listeners.act import Act, incident_number
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale
from bot.slack.text import shorten

Answer = Message | View


async def cancel(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident cancel`: the form that asks why."""
    return CancelForm.view(found)


async def merge(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident merge INC-7`: at once; without a number the form with the open incidents."""
    if not rest:
        return await _merge_form(act, found)
    number = incident_number(rest)
    if number is None:
        return answers.which_goes_on(await act.service.open_incidents(viewer=act.person))
    await act.looked_up(number)
    outcome = await act.service.handle(MergeIncident(origin=act.origin(found.number), into=number))
    now = await act.incident(found.number)
    return refused(outcome.refusal, now, policy) if outcome.refusal else answers.merged(now)


async def split(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident split what is wrong`: a new incident with what is known here."""
    if not rest:
        return answers.what_is_split()
    follows = Link(kind=LinkKind.SPLIT_FROM, other=found.number)
    return await declaring.declare(act, DeclareIncident(origin=act.origin(), title=rest, follows=follows))


async def drill(act: Act, rest: str) -> Answer:
    """`/incident drill what is wrong`: declares an incident that is none, to practise."""
    severity, title = declaring.split_severity(rest, act.service.policy)
    if not title:
        return answers.what_is_practised()
    command = DeclareIncident(origin=act.origin(), title=title, severity=severity, is_drill=True)
    return await declaring.declare(act, command)


async def happened_again(act: Act) -> Answer:
    """`It happened again`: declares it once more, with what was known then."""
    earlier = await act.incident(act.pressed.number)
    follows = Link(kind=LinkKind.RECURS, other=earlier.number)
    return await declaring.declare(act, DeclareIncident(origin=act.origin(), title=earlier.title, follows=follows))


async def more(act: Act) -> Answer:
    """The menu behind three dots: cancel, or merge."""
    verb, _, number = str(act.body["actions"][0]["selected_option"]["value"]).partition(":")
    now = await act.incident(int(number))
    if not now.is_open:
        return stale(now, now.phase)
    return CancelForm.view(now) if verb == Verb.CANCEL else await _merge_form(act, now)


async def _merge_form(act: Act, now: Incident) -> Answer:
    """The form with the other open incidents, the newest first; what is said instead when there is none."""
    listed = await act.service.open_incidents(viewer=act.person)
    others = [
        (f"INC-{one.number}: {shorten(one.title, 60)}", one.number)
        for one in reversed(listed)
        if one.number != now.number and one.is_drill is now.is_drill and one.is_private is now.is_private
    ]
    if not can_be_merged(now) or not others:
        return answers.nothing_to_merge_into(now)
    return MergeForm.view(now, others)
