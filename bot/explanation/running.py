"""What people can try with playbooks: starting one, and its steps."""

from datetime import date
from typing import Any

from bot.core.decision import Command
from bot.core.incident import COMMANDER, Incident
from bot.core.playbooks.acts import Answer, CallOff, Hold, RollBackNow
from bot.core.playbooks.facts import AlarmRaised, RunStarted, StepEntered
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run, fold
from bot.core.playbooks.shelf import Shelf
from bot.core.runs import ActOnRun, StartPlaybook
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import EARLIER, TO_COME

OPERATIONS = "operations lead"
_STEP: dict[str, Any] = {"kind": "manual", "title": "Do it", "do": "Do it.", "on_success": "end"}
_END: dict[str, Any] = {"kind": "stop", "title": "End", "outcome": "done", "reason": "It is done."}
_PLAYBOOK = Playbook.model_validate(
    {
        "id": "example",
        "title": "An example",
        "version": "1.0.0",
        "status": "active",
        "owner": "nobody",
        "last_reviewed": date(2026, 11, 29),
        "summary": "For this page.",
        "takes_minutes": 10,
        "defaults": {"role": OPERATIONS, "timeout_minutes": 10, "on_failure": "end", "on_timeout": "end"},
        "start": "do",
        "steps": {"do": _STEP, "end": _END},
    }
)
_SHELF = Shelf(offered={"example": _PLAYBOOK}, broken={"broken": "broken.yml:1:1: this is no playbook."})


def _start(asked: Asked, name: str = "example") -> Command:
    return StartPlaybook(origin=asked.by, playbook=name, shelf=_SHELF)


def _run(*, is_stopped: bool = False) -> Run:
    """A run at a step of the operations lead; or one that a criterion has stopped."""
    started = RunStarted(at=EARLIER, run="T1/INC-1/R1", playbook="example", hash=_PLAYBOOK.hash, title=_PLAYBOOK.title)
    entered = StepEntered(at=EARLIER, step="do", visit=1, until=TO_COME, title="Do it", role=OPERATIONS)
    alarm = AlarmRaised(
        at=EARLIER,
        criterion="errors-up",
        verdict=Verdict.YES,
        undoes="all",
        then=None,
        begins_at=None,
        until=TO_COME,
        says="Errors are up",
        role=OPERATIONS,
    )
    run = fold((started, entered, *((alarm,) if is_stopped else ())))
    assert run is not None
    return run.but(due=TO_COME)


def _going(asked: Asked) -> Incident:
    return asked.now.but(runs=(_run(),))


def _stopped(asked: Asked) -> Incident:
    return asked.now.but(runs=(_run(is_stopped=True),))


def _done(asked: Asked) -> Command:
    return ActOnRun.by(asked.by, 1, Answer, step="do", visit=1, answer="done").but(shelf=_SHELF)


def _hold(asked: Asked) -> Command:
    return ActOnRun.by(asked.by, 1, Hold, why="It is not the release").but(shelf=_SHELF)


PLAYBOOKS = (
    Attempt("Playbooks", "start a playbook", _start),
    Attempt("Playbooks", "start a playbook that there is not", lambda asked: _start(asked, "moon")),
    Attempt("Playbooks", "start a playbook whose file is broken", lambda asked: _start(asked, "broken")),
    Attempt("Playbooks", f"say that a step of the {OPERATIONS} is done", _done, _going),
    Attempt(
        "Playbooks",
        "roll back what a playbook did",
        lambda asked: ActOnRun.by(asked.by, 1, RollBackNow).but(shelf=_SHELF),
        _stopped,
    ),
    Attempt("Playbooks", f"hold an undo, as the {COMMANDER} may", _hold, _stopped),
    Attempt(
        "Playbooks",
        "call a playbook off",
        lambda asked: ActOnRun.by(asked.by, 1, CallOff, why="It is something else").but(shelf=_SHELF),
        _going,
    ),
)
