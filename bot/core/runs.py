"""Playbooks that are run in an incident: what people and machines do to a run, as commands; what came of it, as events.

The executor decides (`playbooks.executor`); here its facts are kept. An event carries one of them, with what was typed apart from
it, and when time by itself changes something next, so that the state needs no file. A run goes on from the content it pinned.
"""

from abc import ABC
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import AwareDatetime, SerializeAsAny

from bot.core.decision import SYSTEM, Command, Decision, Event, Origin, accept, refuse
from bot.core.incident import Incident
from bot.core.playbooks import executor
from bot.core.playbooks.acts import Act as Doing
from bot.core.playbooks.acts import ByPerson, No, Person, Report, Start, Tick, Why
from bot.core.playbooks.facts import AnyFact, Fact, RunEnded, RunStarted, Within, worded, words_of
from bot.core.playbooks.flow import role_of
from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.run import Run
from bot.core.playbooks.run import evolve as evolve_run
from bot.core.playbooks.shelf import Shelf
from bot.core.playbooks.steps import Stop
from bot.core.playbooks.turns import turn
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import NotInPolicy, PlaybookBroken, Refusal, RunRefused
from bot.core.value import Typed


class Shelved(Command, ABC):
    """A command for which the playbooks must be known: whoever hands it in puts them beside it."""

    shelf: Shelf = Shelf()


class StartPlaybook(Shelved):
    """This playbook begins. `allows_beside`: although another that is going on touches the same part of the system."""

    act = Act.PLAYBOOK

    playbook: str
    inputs: Mapping[str, str] = {}
    allows_beside: bool = False


class ActOnRun(Shelved):
    """Somebody does this to a run, by its number."""

    run: int
    does: SerializeAsAny[ByPerson]

    @classmethod
    def by(cls, origin: Origin, run: int, kind: type[ByPerson], **what: Any) -> Self:
        """The act of whoever the origin says. `what` are the fields of its kind besides who and when."""
        does = kind.model_validate({"at": origin.at, "who": Person(user=origin.actor), **what})
        return cls(origin=origin, run=run, does=does)


class ReportOnRun(Shelved):
    """What time, a call, a message or a measurement did to a run."""

    is_report = True

    run: int
    does: SerializeAsAny[Doing]


class OfRun(Event, ABC):
    """Something happened in a run, by its number. `due`: when time by itself changes something in it next."""

    run: int
    due: AwareDatetime | None = None


class PlaybookStarted(OfRun):
    """A playbook began, from the content with this hash. `inputs` are its questions and the answers, a line each; `key` is what
    other systems know the run by; the rest is as in `RunStarted`."""

    playbook: str
    title: str
    hash: str
    key: str
    inputs: Typed = ""
    is_early: bool = False
    beside: tuple[str, ...] = ()
    gates: Mapping[str, str] = {}
    part_of: Within | None = None

    @property
    def given(self) -> Mapping[str, str]:
        """The answers, by the names of what was asked; nothing when they were redacted."""
        pairs = (line.partition(": ") for line in self.inputs.splitlines())
        return {name: answer for name, is_pair, answer in pairs if is_pair}


class RunAdvanced(OfRun):
    """A fact of the run of the playbook with this title, about the step with that one, and what was typed in it. `is_stop`: that
    step is an end."""

    title: str
    step: str | None = None
    is_stop: bool = False
    fact: AnyFact
    said: Typed | None = None

    @property
    def whole(self) -> Fact:
        """The fact with what was typed in its place."""
        return worded(self.fact, self.said)


def start(incident: Incident, command: StartPlaybook, policy: Policy) -> Decision:
    """Begin, as the file of the playbook is now."""
    shelf = command.shelf
    playbook = shelf.offered.get(command.playbook)
    if playbook is None and command.playbook in shelf.broken:
        return refuse(command, PlaybookBroken(playbook=command.playbook, wrong=shelf.broken[command.playbook]))
    if playbook is None:
        return refuse(command, NotInPolicy(what="playbook", given=command.playbook, known=tuple(sorted(shelf.offered))))
    begun = begin(incident, playbook, command, policy)
    if isinstance(begun, No):
        refused = RunRefused(run=None, title=playbook.title, tried="start", because=begun.why, names=begun.names)
        return refuse(command, refused)
    return accept(*begun)


def begin(
    incident: Incident,
    playbook: Playbook,
    command: Command,
    policy: Policy,
    part_of: Within | None = None,
    **inputs: str,
) -> tuple[OfRun, ...] | No:
    """The events by which a run begins, or why it cannot. `part_of`: the run of which it is a step, which answers for what it is
    beside."""
    number = len(incident.runs) + 1
    begun = executor.start(
        playbook,
        Start(
            at=command.at,
            phase=incident.phase,
            run=f"{incident.team}/{incident.name}/R{number}",
            who=person(incident, playbook, policy, command.actor),
            inputs=command.inputs if isinstance(command, StartPlaybook) else inputs,
            beside=() if part_of else beside(incident, playbook, command),
            allows_beside=isinstance(command, StartPlaybook) and command.allows_beside,
        ),
    )
    if isinstance(begun, No):
        return begun
    (started, *facts), run = begun, Run(started=_first(begun))
    due = executor.next_due(_folded(run, facts), playbook)
    first = PlaybookStarted(
        at=started.at,
        actor=started.by or SYSTEM,
        run=number,
        due=due,
        playbook=playbook.id,
        title=playbook.title,
        hash=playbook.hash,
        key=run.started.run,
        inputs="\n".join(f"{name}: {' '.join(answer.split())}" for name, answer in run.started.inputs.items()),
        is_early=run.started.is_early,
        beside=run.started.beside,
        gates=run.started.gates,
        part_of=part_of,
    )
    return first, *(kept(number, fact, playbook, due) for fact in facts)


def _first(facts: tuple[Fact, ...]) -> RunStarted:
    assert isinstance(facts[0], RunStarted)
    return facts[0]


def _folded(run: Run, facts: list[Fact] | tuple[Fact, ...]) -> Run:
    for fact in facts:
        run = evolve_run(run, fact)
    return run


def kept(number: int, fact: Fact, of: Playbook | Run, due: datetime | None = None) -> RunAdvanced:
    """The event that keeps a fact."""
    content, id = worded(fact, None), getattr(fact, "step", None)
    step = of.steps[id] if id and isinstance(of, Playbook) else None
    return RunAdvanced.model_validate(
        {
            "at": fact.at,
            "actor": fact.by or SYSTEM,
            "run": number,
            "due": due,
            "title": of.title if isinstance(of, Playbook) else of.started.title,
            "step": step.title if step else None,
            "is_stop": isinstance(step, Stop),
            "fact": content,
            "said": words_of(fact),
        }
    )


def beside(incident: Incident, playbook: Playbook, command: Command) -> tuple[str, ...]:
    """The numbers of the runs that go on and touch the same part of the system: one of the same playbook, or of one for the same
    boundaries."""
    found = []
    for number, run in enumerate(incident.runs, start=1):
        if run.ended is None and isinstance(command, Shelved):
            other = command.shelf.of(run)
            if other.id == playbook.id or set(other.applies_to.boundaries) & set(playbook.applies_to.boundaries):
                found.append(str(number))
    return tuple(found)


def person(incident: Incident, playbook: Playbook, policy: Policy, user: str) -> Person:
    """Who acts, with the roles they hold here, and those that nobody does."""
    named = {APPROVER, playbook.rollback_role, *(role_of(playbook, step) for step in playbook.steps.values())}
    named |= {role for step in playbook.steps.values() if (role := getattr(step, "second_role", None))}
    named |= {undo.role for step in playbook.steps.values() if (undo := getattr(step, "undo", None)) and undo.role}
    held = frozenset(role for role, seat in incident.seats.items() if seat.user == user)
    return Person(
        user=user, roles=held, vacant=frozenset({*named, *(one.name for one in policy.roles)} - {*incident.seats})
    )


def is_paused(incident: Incident, number: int) -> bool:
    """Whether a run of which it is a step, or one of which that is, waits for a decision about a criterion: then it waits too."""
    place = incident.run(number).started.part_of
    while place is not None:
        run = incident.run(place.run)
        if run.alarm or run.undoing:
            return True
        place = run.started.part_of
    return False


def act_on(incident: Incident, command: ActOnRun | ReportOnRun, policy: Policy) -> Decision:
    """What the executor makes of it."""
    run = incident.run(command.run)
    playbook = command.shelf.of(run)
    does = command.does.but(at=command.at, phase=incident.phase)
    waits = is_paused(incident, command.run)
    if isinstance(does, ByPerson):
        does = does.but(who=person(incident, playbook, policy, command.actor))
        if waits:
            return refuse(command, _refusal(command.run, run, playbook, does, No(why=Why.STOPPED)))
    elif isinstance(does, Report):
        does = does.but(is_held_up=waits)
    elif waits:
        return accept()
    decided = executor.decide(run, playbook, does)
    if isinstance(decided, No):
        return refuse(command, _refusal(command.run, run, playbook, does, decided))
    return accept(*advanced(incident, command.run, playbook, decided))


def advanced(incident: Incident, number: int, playbook: Playbook, facts: tuple[Fact, ...]) -> tuple[RunAdvanced, ...]:
    """The events that keep these facts of a run."""
    due = executor.next_due(_folded(incident.run(number), facts), playbook)
    return tuple(kept(number, fact, playbook, due) for fact in facts)


def _refusal(number: int, run: Run, playbook: Playbook, does: Doing, no: No) -> Refusal:
    asked = turn(run, playbook)
    step = asked.step if asked else None
    names = no.names
    answer = getattr(does, "answer", None)
    return RunRefused(
        run=number,
        title=playbook.title,
        because=no.why,
        tried=answer or type(does).__name__,
        step=playbook.steps[step].title if step else None,
        names=names,
    )


def end_runs(before: Incident | None, after: Incident, command: Command) -> list[Event]:
    """With the incident its runs end."""
    if before is None or not before.is_open or after.is_open:
        return []
    return [
        kept(number, RunEnded(at=command.at, by=command.actor, end="incident over", left=run.undoable), run)
        for number, run in enumerate(after.runs, start=1)
        if run.ended is None
    ]


def run_dues(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """When time by itself changes something in a run, by its number."""
    if not incident.is_open:
        return {}
    return {
        str(number): run.due
        for number, run in enumerate(incident.runs, start=1)
        if run.due and run.ended is None and not is_paused(incident, number)
    }


def pass_time(origin: Origin, run: str, due: datetime) -> ReportOnRun:
    """The command by which time passes in a run."""
    return ReportOnRun(origin=origin, run=int(run), does=Tick(at=due))


def started(incident: Incident, event: PlaybookStarted) -> Incident:
    """It goes on from here."""
    begun = RunStarted(
        at=event.at,
        by=event.actor,
        run=event.key,
        playbook=event.playbook,
        hash=event.hash,
        inputs=event.given,
        is_early=event.is_early,
        beside=event.beside,
        title=event.title,
        gates=event.gates,
        part_of=event.part_of,
    )
    return incident.but(runs=(*incident.runs, Run(started=begun, due=event.due)))


def went_on(incident: Incident, event: RunAdvanced) -> Incident:
    """The run after the fact."""
    runs = list(incident.runs)
    runs[event.run - 1] = evolve_run(runs[event.run - 1], event.whole).but(due=event.due)
    return incident.but(runs=tuple(runs))


DECIDE = {StartPlaybook: start, ActOnRun: act_on, ReportOnRun: act_on}
EVOLVE = {PlaybookStarted: started, RunAdvanced: went_on}
