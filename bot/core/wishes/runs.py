"""Which effects the events of playbook runs call for. And whose turn it is, as the record says it."""

from bot.core.decision import Event
from bot.core.effects import Effect, MakeCall, SayStep, ShowCard, ShowRun, TellRun
from bot.core.incident import COMMANDER, Incident
from bot.core.playbooks.facts import (
    AlarmOverridden,
    AlarmRaised,
    CalledAgain,
    DataMissed,
    Fact,
    FirstYes,
    LeftUnsure,
    Lock,
    LockOpened,
    RunEnded,
    StepEnded,
    StepEntered,
    UndoBegun,
    UndoCalledAgain,
    UndoEnded,
    UndoEntered,
    UndoHeld,
    UndoLeftUnsure,
    UndoOpened,
)
from bot.core.playbooks.run import Run
from bot.core.playbooks.turns import call_key, undo_key
from bot.core.roles import RoleTaken
from bot.core.runs import PlaybookStarted, RunAdvanced

HTTP = "http"
"""The kind of step in which Lockstep calls another system."""
_TO_ROOM = (AlarmRaised, DataMissed, AlarmOverridden, UndoBegun, RunEnded)
"""What everybody in the room must know."""
_IN_THREAD = (*_TO_ROOM, FirstYes, LeftUnsure, UndoHeld, UndoOpened, UndoLeftUnsure, UndoEnded)
_ON_CARD = (StepEnded, RunEnded)


def on_run(event: Event, after: Incident) -> list[Effect]:
    """What the message of a run, its thread and the room come to show."""
    if isinstance(event, PlaybookStarted):
        return [ShowRun(run=event.run), ShowCard()]
    if isinstance(event, RunAdvanced):
        return _on_fact(event.run, event.fact, after)
    if isinstance(event, RoleTaken):
        return _on_role(event, after)
    return []


def _on_fact(number: int, fact: Fact, after: Incident) -> list[Effect]:
    found: list[Effect] = [ShowRun(run=number)]
    if isinstance(fact, _ON_CARD) and after.is_open:
        found.append(ShowCard())
    if isinstance(fact, _IN_THREAD) or _asks(fact, after.run(number)):
        found.append(TellRun(run=number, to_room=isinstance(fact, _TO_ROOM)))
    if _says(fact, after.run(number)):
        found.append(SayStep(run=number))
    if key := _calls(fact, after.run(number)):
        found.append(MakeCall(run=number, key=key))
    return found


def _asks(fact: Fact, run: Run) -> bool:
    """Whether somebody has to do something from now on."""
    if isinstance(fact, LockOpened):
        return run.current is not None and (bool(run.current.locks) or run.current.entered.role is not None)
    if isinstance(fact, StepEntered):
        return bool(fact.locks) or fact.role is not None
    return isinstance(fact, UndoEntered) and (fact.role is not None or not fact.is_open)


def _says(fact: Fact, run: Run) -> bool:
    """Whether it is the moment at which the room is told what the step says."""
    visit = run.current
    is_open = isinstance(fact, StepEntered | LockOpened) and visit is not None and not visit.locks
    return is_open and visit is not None and visit.entered.says is not None


def _calls(fact: Fact, run: Run) -> str | None:
    """The key of the call whose moment it is, if it is one's."""
    visit, undoing = run.current, run.undoing
    if isinstance(fact, UndoEntered | UndoOpened | UndoCalledAgain) and undoing and undoing.is_open:
        return undo_key(run) if undoing.role is None else None
    if isinstance(fact, StepEntered | LockOpened | CalledAgain) and visit and not visit.locks:
        return call_key(run, visit) if visit.entered.does == HTTP else None
    return None


def _on_role(event: RoleTaken, after: Incident) -> list[Effect]:
    """What waits for this role is offered to whoever has it now."""
    found: list[Effect] = []
    for number, run in enumerate(after.runs, start=1):
        if run.ended is None:
            found.append(ShowRun(run=number))
            if event.former is not None and event.role in asked_of(run):
                found.append(TellRun(run=number))
    return found


def asked_of(run: Run) -> tuple[str, ...]:
    """The roles that are asked to do something now, the first to answer for it; none when nobody is, or anybody may."""
    if run.ended:
        return ()
    if run.alarm:
        return tuple(dict.fromkeys((run.alarm.role or COMMANDER, COMMANDER)))
    if run.undoing:
        return (run.undoing.role,) if run.undoing.role else ()
    visit = run.current
    if visit is None:
        return ()
    if visit.locks:
        return (COMMANDER,) if visit.locks[0] is Lock.APPROVAL else ()
    if visit.first_yes:
        return (visit.second_role,) if visit.second_role else ()
    return (visit.entered.role,) if visit.entered.role else ()
