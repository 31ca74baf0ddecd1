"""`/incident advance …`, `contained …`, `answer …`, `Fill in` and `Impact is back`: what concerns the gates."""

from datetime import datetime, tzinfo

from bot.core.containment import RecordContainment, ReportReturn
from bot.core.gates import missing
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.needs import Need
from bot.core.plain import ASKED
from bot.core.policy import Policy
from bot.core.questions import QUESTIONS, AnswerQuestion
from bot.slack import words
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.fill_in import FillInForm
from bot.slack.forms.modal import View
from bot.slack.ids import COMMAND, Verb
from bot.slack.listeners.act import Act
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.plain import kept
from bot.slack.messages.refusals import refused
from bot.slack.text import quoted
from bot.slack.times import read_past_time

Answer = Message | View

_LONGEST_TIME = 3
"""Words of a time as people type it: `2026-11-23 2:05 pm`."""


async def advance(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident advance [recovery]`: the form that leaves the phase, and those after it up to this one."""
    goal = _phase(rest) if rest else found.phase.next
    if rest and (goal is None or not _is_ahead(goal, found)):
        return answers.unknown_phase(rest, found)
    return AdvanceForm.view(found, policy, presser=act.person, at=act.service.clock.now(), goal=goal)


def _phase(typed: str) -> Phase | None:
    return next((phase for phase in Phase if phase.value.casefold() == typed.casefold()), None)


def _is_ahead(phase: Phase, incident: Incident) -> bool:
    phases = list(Phase)
    return phases.index(phase) > phases.index(incident.phase)


async def contained(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident contained [14:05] what was done`: it worked, since then; `~14:05`: since about then. Without words the form."""
    zone = await act.zone()
    since, what = since_when(rest.removeprefix("~"), act.service.clock.now(), zone)
    if not what:
        return FillInForm.view(found, policy, Need.CONTAINMENT, presser=act.person)
    command = RecordContainment(
        origin=act.origin(found.number),
        action=what,
        result=ContainmentResult.WORKED,
        since=since,
        estimated=since is not None and rest.startswith("~"),
    )
    outcome = await act.service.handle(command)
    now = await act.incident(found.number)
    return refused(outcome.refusal, now, policy) if outcome.refusal else answers.contained(now, policy, zone)


def since_when(text: str, now: datetime, zone: tzinfo) -> tuple[datetime | None, str]:
    """The time with which a text begins, if it does, and the rest."""
    typed = text.split()
    for length in range(min(_LONGEST_TIME, len(typed)), 0, -1):
        if at := read_past_time(" ".join(typed[:length]), now, zone):
            return at, " ".join(typed[length:])
    return None, text.strip()


async def answer(act: Act, rest: str, found: Incident, policy: Policy) -> Answer:
    """`/incident answer data none lost`: answers what a gate asks in a line, or corrects the answer; alone the form."""
    name, _, said = rest.partition(" ")
    need = next((one for one in QUESTIONS if one.value.split()[-1] == name.casefold()), None)
    if need is None:
        return answers.which_question()
    if not said.strip():
        return FillInForm.view(found, policy, need, presser=act.person)
    names = await act.names(found) if need in ASKED else ()
    wrong = await act.service.fact_findings(found, said, names) if need in ASKED else ()
    command = AnswerQuestion(origin=act.origin(found.number), question=need, answer=said, names=names)
    outcome = await act.service.handle(command)
    if outcome.refusal:
        return refused(outcome.refusal, await act.incident(found.number), policy)
    again = kept(wrong, f"`{COMMAND} {Verb.ANSWER} {name}` says it anew.")
    return answers.fact_kept(f"{words.ANSWERED[need]}: {quoted(said)}", again)


async def fill_in(act: Act, now: Incident, policy: Policy) -> Answer:
    """`Fill in`: the form that asks for one thing; says so when it is known by now."""
    need = act.pressed.need
    if need is None or need not in missing(now, policy):
        return answers.known_by_now(now)
    return FillInForm.view(now, policy, need, presser=act.person)


async def impact_is_back(act: Act) -> Message | None:
    """`Impact is back`: at once, and the room is told."""
    number = act.pressed.number
    outcome = await act.service.handle(ReportReturn(origin=act.origin(number)))
    now = await act.incident(number)
    return refused(outcome.refusal, now, await act.service.policy_of(now)) if outcome.refusal else None
