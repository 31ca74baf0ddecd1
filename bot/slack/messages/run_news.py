"""What is said below the message of a run to whoever has to do something, and what the room hears of it; what a step says."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import Event
from bot.core.incident import Incident
from bot.core.playbooks.facts import (
    WORSE,
    AlarmOverridden,
    AlarmRaised,
    DataMissed,
    Fact,
    FirstYes,
    LeftUnsure,
    LockOpened,
    RunEnded,
    StepEntered,
    UndoBegun,
    UndoEnded,
    UndoEntered,
    UndoHeld,
    UndoLeftUnsure,
    UndoOpened,
)
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.part import filled
from bot.core.playbooks.run import Run
from bot.core.roles import RoleTaken
from bot.core.runs import RunAdvanced
from bot.core.wishes.runs import asked_of
from bot.slack import words
from bot.slack.messages.message import Message, say
from bot.slack.messages.runs import asked_people, ended_as
from bot.slack.text import clock_time, ended, escape, escape_within, quoted


def told_of_run(event: Event, number: int, incident: Incident) -> Message:
    """What is said of the event below the message of the run. ValueError for a kind of which nothing is."""
    run = incident.run(number)
    if isinstance(event, RoleTaken):
        visit = run.current
        what = f"*{escape(visit.entered.title)}*" if visit else f"*{escape(run.started.title)}*"
        return say(f"{words.person(event.user)}, as {escape(event.role)} you are asked now: {what}")
    if not isinstance(event, RunAdvanced) or type(event.fact) not in _TELL:
        raise ValueError(f"nothing is said of {type(event).__name__} below a run")
    return say(_TELL[type(event.fact)](event.whole, run, incident))


def said_by_step(event: Event, incident: Incident) -> Message:
    """What a step tells the room. ValueError for an event that enters none."""
    if not isinstance(event, RunAdvanced):
        raise ValueError(f"no step says anything at {type(event).__name__}")
    run = incident.run(event.run)
    said = next((visit.entered.says for visit in reversed(run.visits) if visit.entered.says is not None), "")
    own = event.whole
    if isinstance(own, StepEntered) and own.says is not None:
        said = own.says
    return say(f"*{escape(run.started.title)}:* {escape_within(said or '', 2500)}")


def _title(run: Run, step: str) -> str:
    """A step as its playbook calls it, in bold."""
    return f"*{escape(next((visit.entered.title for visit in run.visits if visit.step == step), step))}*"


def _entered(fact: StepEntered, run: Run, incident: Incident) -> str:
    until = f" until {clock_time(fact.until)}" if fact.until else ""
    if fact.locks:
        return f"*{escape(fact.title)}* needs {' and '.join(lock.value for lock in fact.locks)} first{until}."
    return f"{asked_people((fact.role,) if fact.role else (), incident)}: *{escape(fact.title)}*{until}"


def _opened(fact: LockOpened, run: Run, incident: Incident) -> str:
    visit = next((one for one in reversed(run.visits) if one.step == fact.step), None)
    how = {"approval": "approved", "second person": "agreed to", "evidence": "saved evidence for"}[fact.lock.value]
    note = f": {quoted(fact.note, 500)}" if fact.note else "."
    asked = (
        asked_people((visit.entered.role,), incident) + " is next. "
        if visit and visit.entered.role and fact.until
        else ""
    )
    return f"{asked}{words.person(fact.by or '')} {how} {_title(run, fact.step)}{note}"


def _raised(fact: AlarmRaised, run: Run, incident: Incident) -> str:
    what = f"{words.person(fact.by or '')} says that it got worse" if fact.criterion == WORSE else escape(fact.says)
    unknown = (
        "" if fact.verdict is Verdict.YES else " This cannot be told: there is no data, which never counts as good."
    )
    begins = (
        f" The undo begins by itself at {clock_time(fact.begins_at)} unless the commander holds it."
        if fact.begins_at
        else ""
    )
    who = asked_people((fact.role,) if fact.role else (), incident)
    return f"■ *{escape(run.started.title)}* is stopped: *{what}.*{unknown} {who}: roll back now?{begins}"


def _undo(fact: UndoEntered, run: Run, incident: Incident) -> str:
    title, until = _title(run, fact.step), clock_time(fact.until)
    if not fact.is_open:
        return f"The undo of {title} waits until somebody lets it begin, until {until}."
    do = escape_within(filled(fact.do, run.started.inputs).strip(), 2000)
    return f"{asked_people((fact.role,) if fact.role else (), incident)}: undo {title} until {until}\n{do}"


def _undo_begun(fact: UndoBegun, run: Run, incident: Incident) -> str:
    who = f"{words.person(fact.by)} rolls back" if fact.by else "The undo begins"
    what = ", ".join(_title(run, step) for step in fact.steps)
    return (
        f"↩ {who} *{escape(run.started.title)}*: {what}"
        if what
        else f"↩ Nothing is to be undone in *{escape(run.started.title)}*."
    )


def _undo_ended(fact: UndoEnded, run: Run, incident: Incident) -> str:
    note = f": {quoted(fact.note, 500)}" if fact.note else "."
    return f"{_title(run, fact.step)} {'is undone' if fact.is_done else 'could not be undone'}{note}"


def _ended(fact: RunEnded, run: Run, incident: Incident) -> str:
    why = f" {words.person(fact.by or '')}: {ended(quoted(fact.why, 500))}" if fact.why else ""
    left = f" *Not undone:* {', '.join(_title(run, step) for step in fact.left)}" if fact.left else ""
    return f"*{escape(run.started.title)}:* {ended_as(fact)}{why}{left}"


def _first_yes(fact: FirstYes, run: Run, incident: Incident) -> str:
    who = asked_people((fact.role,) if fact.role else (), incident, frozenset({fact.by or ""}))
    return f"{words.person(fact.by or '')} said yes to {_title(run, fact.step)}. {who}: do you say so too?"


_TELL: dict[type[Fact], Callable[[Any, Run, Incident], str]] = {
    StepEntered: _entered,
    LockOpened: _opened,
    FirstYes: _first_yes,
    LeftUnsure: lambda fact, run, incident: (
        f"{asked_people(asked_of(run), incident)}: did the call of {_title(run, fact.step)} happen? Its answer was lost."
    ),
    AlarmRaised: _raised,
    DataMissed: lambda fact, run, incident: (
        f"There is no data to tell whether this is so: *{escape(fact.says)}* Please watch it yourselves."
    ),
    UndoHeld: lambda fact, run, incident: (
        f"{words.person(fact.by or '')} holds the undo of *{escape(run.started.title)}*: {quoted(fact.why or '', 500)}"
    ),
    AlarmOverridden: lambda fact, run, incident: (
        f"{words.person(fact.by or '')} lets *{escape(run.started.title)}* go on: {quoted(fact.why or '', 500)}"
    ),
    UndoBegun: _undo_begun,
    UndoEntered: _undo,
    UndoOpened: lambda fact, run, incident: f"{words.person(fact.by or '')} lets the undo go on.",
    UndoLeftUnsure: lambda fact, run, incident: (
        f"{asked_people((fact.role,), incident)}: did the undo of {_title(run, fact.step)} happen? The answer to its call "
        "was lost."
    ),
    UndoEnded: _undo_ended,
    RunEnded: _ended,
}
