"""`/incident impact …`, `title …`, `started …`, `note …`, `park …`, `policy adopt`: what corrects the record in one line."""

from bot.core.adoption import AdoptPolicy, changes
from bot.core.decision import Command
from bot.core.facts import Retitle, StateDetection, StateImpact, StateStart
from bot.core.incident import Incident
from bot.core.notes import AddNote, ParkDebate
from bot.core.policy import Policy
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.modal import View
from bot.slack.forms.times import TimesForm
from bot.slack.ids import COMMAND, Verb
from bot.slack.listeners.act import Act
from bot.slack.listeners.mending import facts_form
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.plain import kept
from bot.slack.messages.refusals import refused
from bot.slack.text import quoted
from bot.slack.times import read_estimate, read_past_time


async def impact(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident impact who cannot do what`; without words the form with the facts."""
    if not rest:
        return await facts_form(act, found, policy)
    names = await act.names(found)
    wrong = kept(await act.service.fact_findings(found, rest, names), f"`{COMMAND} {Verb.IMPACT}` says it anew.")
    command = StateImpact(origin=act.origin(found.number), impact=rest, names=names)
    return await _settle(act, command, policy, answers.fact_kept(f"the impact is {quoted(rest)}", wrong))


async def title(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident title what is wrong`; without words the form with the facts."""
    if not rest:
        return FactsForm.view(found, policy)
    command = Retitle(origin=act.origin(found.number), title=rest)
    return await _settle(act, command, policy, answers.renamed(found, rest))


async def started(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident started [about] 14:05`: the latest such time in the typist's zone, said back with date and zone; without a time
    the form."""
    zone = await act.zone()
    if not rest:
        return TimesForm.view(found, zone)
    is_about, typed = read_estimate(rest)
    at = read_past_time(typed, act.service.clock.now(), zone)
    if at is None:
        return answers.unreadable_time(rest, Verb.STARTED)
    command = StateStart(origin=act.origin(found.number), started=at, is_estimated=is_about)
    return await _settle(act, command, policy, answers.started(found, at, zone, is_about))


async def detected(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident detected [about] 14:05`: the same, of when it was noticed."""
    zone = await act.zone()
    if not rest:
        return TimesForm.view(found, zone)
    is_about, typed = read_estimate(rest)
    at = read_past_time(typed, act.service.clock.now(), zone)
    if at is None:
        return answers.unreadable_time(rest, Verb.DETECTED)
    command = StateDetection(origin=act.origin(found.number), detected=at, is_estimated=is_about)
    return await _settle(act, command, policy, answers.detected(found, at, zone, is_about))


async def note(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident note text`: a line on the timeline, which the room sees."""
    return await _settle(act, AddNote(origin=act.origin(found.number), text=rest), policy, answers.noted(found))


async def park(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident park text`: what is to be talked about afterwards."""
    return await _settle(act, ParkDebate(origin=act.origin(found.number), text=rest), policy, answers.put_off(found))


async def adopt_policy(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident policy adopt`: the policy as its file has it now."""
    if rest.casefold() != "adopt":
        return answers.what_about_policy()
    corrected = await act.service.corrected_policy()
    command = AdoptPolicy(origin=act.origin(found.number), to=corrected)
    return await _settle(act, command, policy, answers.policy_followed(found, changes(policy, corrected)))


async def _settle(act: Act, command: Command, policy: Policy, answer: Message) -> Message:
    """Handle it, and give the answer; or say why not."""
    outcome = await act.service.handle(command)
    if outcome.refusal is None:
        return answer
    return refused(outcome.refusal, await act.incident(command.origin.incident), policy)
