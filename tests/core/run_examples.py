"""One of each kind of event, fact and refusal by which a playbook is run; and a playbook of few steps to run."""

from datetime import datetime, timedelta
from typing import Any

from bot.core.decision import Command, Event
from bot.core.lifecycle import DeclareIncident
from bot.core.playbooks.acts import Answer, Hold, RollBackNow, SayWorse, UndoDone, Why
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
    ResultKept,
    RunEnded,
    RunStarted,
    StepEnded,
    StepEntered,
    UndoBegun,
    UndoCalledAgain,
    UndoEnded,
    UndoEntered,
    UndoHeld,
    UndoLeftUnsure,
    UndoOpened,
    Within,
)
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.matching import Fit, Reason
from bot.core.playbooks.model import AppliesTo, Playbook
from bot.core.playbooks.run import Run, fold
from bot.core.playbooks.shelf import Shelf
from bot.core.refusal import PlaybookBroken, Refusal, RunRefused
from bot.core.roles import TakeRole
from bot.core.run_offers import PlaybooksOffered
from bot.core.runs import ActOnRun, PlaybookStarted, RunAdvanced, Shelved, StartPlaybook
from bot.core.vocabulary import decide
from bot.core.vocabulary import fold as fold_all
from tests.core.given import ALICE, BOB, POLICY, origin

OPS = "operations lead"
SMALL = Playbook.model_validate(
    {
        "id": "small",
        "title": "A small playbook",
        "version": "1.0.0",
        "status": "active",
        "owner": "tests",
        "last_reviewed": "2026-11-29",
        "summary": "For tests.",
        "takes_minutes": 10,
        "hold_seconds": 600,
        "decide_within_minutes": 10,
        "defaults": {"role": "incident commander", "timeout_minutes": 10, "on_failure": "bad", "on_timeout": "bad"},
        "start": "do",
        "steps": {
            "do": {
                "kind": "manual",
                "title": "Do it",
                "do": "Do it.",
                "gates": "CONTAINMENT",
                "reversible": True,
                "undo": {"do": "Take it back."},
                "on_success": "agree",
            },
            "agree": {
                "kind": "confirm",
                "title": "Agree",
                "question": "Is it good?",
                "two_people": True,
                "on_success": "say",
            },
            "say": {"kind": "notify", "title": "Say so", "audience": "room", "message": "Good.", "on_success": "call"},
            "call": {
                "kind": "http",
                "title": "Thaw",
                "call": {"method": "POST", "url": "https://deploys.example.com/thaw"},
                "on_success": "good",
            },
            "good": {"kind": "stop", "title": "Good", "outcome": "done", "reason": "It is good."},
            "bad": {"kind": "stop", "title": "Bad", "outcome": "stopped", "reason": "It is bad."},
        },
    }
)
"""Its times are all ten minutes."""
SHELF = Shelf(offered={SMALL.id: SMALL}, broken={"torn": "torn.yml:1:1: this is no playbook."})


FITTING = Shelf(offered={SMALL.id: SMALL.but(applies_to=AppliesTo(symptoms=("checkout fails",)))}).pinning([SMALL])
"""The same, as it fits an incident of the tests; runs go on from it as it was."""


def shelved(command: Command) -> Command:
    """The command with the playbooks of the tests beside it, where it needs any."""
    return command.but(shelf=SHELF) if isinstance(command, Shelved) else command


def facts(at: datetime, by: str) -> tuple[Fact, ...]:
    """One of each kind, without what was typed."""
    here: dict[str, Any] = {"at": at, "by": by}
    step: dict[str, Any] = {**here, "step": "do", "visit": 1}
    until = at + timedelta(minutes=10)
    return (
        StepEntered(**step, until=until, locks=(Lock.APPROVAL,), is_early=True, title="Do it", does="manual", role=OPS),
        LockOpened(**step, lock=Lock.APPROVAL, until=until),
        FirstYes(**step, role=OPS),
        LeftUnsure(**step),
        CalledAgain(**step),
        ResultKept(**step, outcome="success"),
        StepEnded(**step, outcome="timeout", option="flag", chosen="Turn the flag off"),
        AlarmRaised(
            **here,
            criterion="errors-up",
            verdict=Verdict.UNKNOWN,
            undoes="all",
            then=None,
            begins_at=until,
            until=until,
            says="Errors are up",
            role=OPS,
        ),
        DataMissed(**here, criterion="errors-up", says="Errors are up"),
        UndoHeld(**here),
        AlarmOverridden(**here, until=until),
        UndoBegun(**here, steps=("do",), then=None),
        UndoEntered(**here, step="do", until=until, is_open=True, do="Take it back.", role=OPS),
        UndoOpened(**here, until=until),
        UndoLeftUnsure(**here, step="do", role=OPS),
        UndoCalledAgain(**here, step="do"),
        UndoEnded(**here, step="do", is_done=True),
        RunEnded(**here, end="done", reason="It is good.", left=("do",), hands_over_to="other"),
    )


def offers(at: datetime, actor: str, *titles: str, is_first: bool = False) -> PlaybooksOffered:
    """The room was told that playbooks with these titles fit."""
    why = (Reason(kind="symptom", what="it is slow"), Reason(kind="severity", what="SEV1"))
    known: dict[str, Any] = {"summary": "For tests.", "takes_minutes": 10, "score": 3, "reasons": why}
    found = tuple(Fit(playbook=f"p{number}", title=title, **known) for number, title in enumerate(titles, start=1))
    return PlaybooksOffered(at=at, actor=actor, fits=found, is_first=is_first)


def run_events(at: datetime, actor: str, text: str, run: int = 1) -> tuple[Event, ...]:
    """One event of each kind, and one for each kind of fact, with this text where somebody types one."""
    here: dict[str, Any] = {"at": at, "actor": actor, "run": run}
    about: dict[str, Any] = here | {"title": "A small playbook", "step": "Do it"}
    return (
        PlaybookStarted(
            **here,
            playbook="small",
            title="A small playbook",
            hash=SMALL.hash,
            key="T1/INC-1/R1",
            inputs=text,
            is_early=True,
            beside=("1",),
            gates={"do": "CONTAINMENT"},
            part_of=Within(run=1, step="do", visit=1),
        ),
        *(RunAdvanced.model_validate({**about, "due": at, "fact": fact, "said": text}) for fact in facts(at, actor)),
    )


def two_runs() -> list[Event]:
    """An incident in which the small playbook was stopped and rolled back, and a second time led to another cause."""
    step = {"step": "do", "visit": 1}
    commands: tuple[Command, ...] = (
        DeclareIncident(origin=origin(), title="Checkout is failing", severity="SEV1"),
        TakeRole(origin=origin(ALICE, 1), role="incident commander", user=ALICE),
        StartPlaybook(origin=origin(ALICE, 2), playbook="small"),
        ActOnRun.by(origin(ALICE, 3), 1, Answer, **step, answer="done"),
        ActOnRun.by(origin(BOB, 4), 1, SayWorse),
        ActOnRun.by(origin(ALICE, 5), 1, Hold, why="It is *something* else"),
        ActOnRun.by(origin(ALICE, 6), 1, RollBackNow),
        ActOnRun.by(origin(ALICE, 9), 1, UndoDone, step="do", is_done=True, note="Taken back"),
        StartPlaybook(origin=origin(ALICE, 10), playbook="small"),
        ActOnRun.by(origin(ALICE, 11), 2, Answer, **step, answer="skip", note="Done | before"),
        ActOnRun.by(origin(ALICE, 12), 2, Answer, step="agree", visit=1, answer="no"),
    )
    incident, events = None, list[Event]()
    for command in commands:
        decision = decide(incident, shelved(command), POLICY, number=1)
        assert decision.refusal is None, decision.refusal
        incident = fold_all(incident, decision.events)
        events += decision.events
    return events


def run_refusals() -> tuple[Refusal, ...]:
    """One of each kind."""
    return (
        PlaybookBroken(playbook="torn", wrong="torn.yml:1:1: this is no playbook."),
        RunRefused(run=1, title="A small playbook", because=Why.OTHER_ROLE, tried="done", step="Do it", names=(OPS,)),
    )


def going(at: datetime, by: str, *more: Fact) -> Run:
    """A run at its first step, after these facts."""
    started = RunStarted(at=at, by=by, run="T1/INC-1/R1", playbook="small", hash=SMALL.hash, title=SMALL.title)
    entered = StepEntered(at=at, step="do", visit=1, until=at + timedelta(minutes=10), title="Do it", role=OPS)
    run = fold((started, entered, *more))
    assert run is not None
    return run
