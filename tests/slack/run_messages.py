"""Messages of runs in every state that has buttons of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.core.incident import Incident
from bot.core.playbooks.acts import Hold, Report, RollBackNow, SayWorse, UndoReport
from bot.core.playbooks.matching import Fit, Reason
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.slack.messages.message import Message
from bot.slack.messages.playbook_list import playbook_list
from bot.slack.messages.runs import run_message
from tests.core.given import declared
from tests.core.playbooks.given import ALICE, BOB, Going, changing, manual, minutes, playbook
from tests.core.run_examples import SHELF

_CONFIRM: dict[str, Any] = {"kind": "confirm", "title": "Agree", "question": "Is it?", "on_success": "good"}
_DECIDE: dict[str, Any] = {
    "kind": "decision",
    "title": "Choose",
    "question": "Which?",
    "default": "a",
    "timeout_minutes": 5,
    "options": {
        "a": {"label": "This", "when": "It is so.", "goes_to": "good"},
        "b": {"label": "That", "when": "It is not.", "goes_to": "bad"},
    },
}
_CALL: dict[str, Any] = {
    "kind": "http",
    "title": "Call",
    "call": {"method": "POST", "url": "https://example.com/x"},
    "on_success": "good",
}
_FINAL = manual(point_of_no_return="The old data is gone.", destroys_evidence=True)


def shown(run: Run, of: Playbook) -> Message:
    """The message of a run in an incident where it is the only one."""
    return run_message(1, incident_with(run), of)


def incident_with(run: Run) -> Incident:
    """An incident with this run."""
    return declared().but(runs=(run,))


def _at(step: dict[str, Any]) -> Going:
    return Going(playbook({"one": step}))


def run_messages() -> Iterator[Message]:
    """One for each state."""
    for step in (dict(manual()), _CONFIRM, _DECIDE, dict(_FINAL), _CALL):
        going = _at(step)
        yield shown(going.run, going.playbook)
    unsure = _at(_CALL)
    unsure.does(Report(at=minutes(1), step="one", visit=1, result="unknown"))
    yield shown(unsure.run, unsure.playbook)
    call = {"method": "DELETE", "url": "https://example.com/x"}
    asked = _at(dict(manual("good", reversible=True, undo={"do": "Take it back.", "call": call})))
    asked.does(SayWorse(at=minutes(1), who=BOB))
    asked.does(RollBackNow(at=minutes(2), who=BOB))
    asked.does(UndoReport(at=minutes(3), step="one", result="unknown"))
    yield shown(asked.run, asked.playbook)
    stopped = Going(playbook({"one": changing("two"), "two": manual()}))
    stopped.does(stopped.answer("done"))
    stopped.does(SayWorse(at=minutes(2), who=BOB))
    yield shown(stopped.run, stopped.playbook)
    stopped.does(Hold(at=minutes(2), who=ALICE, why="Wait"))
    yield shown(stopped.run, stopped.playbook)
    stopped.does(RollBackNow(at=minutes(3), who=BOB))
    yield shown(stopped.run, stopped.playbook)
    yield playbook_list(declared(), SHELF, ())
    why = (Reason(kind="symptom", what="it is slow"), Reason(kind="severity", what="SEV1"))
    known: dict[str, Any] = {"title": "A small playbook", "summary": "For tests.", "takes_minutes": 10, "score": 3}
    yield playbook_list(declared(), SHELF, (Fit(playbook="small", reasons=why, **known),))


def long_run(steps: int, title: str = "&" * 80, note: str = "<!here> " * 400) -> Going:
    """A run that has come so far that so many steps are over, each with this title and note: as long as can be, unless told."""
    names = [f"s{number}" for number in range(steps + 1)]
    found = {
        name: dict(manual(after, title=title, asks_for="note"))
        for name, after in zip(names, [*names[1:], "good"], strict=True)
    }
    going = Going(playbook(found))
    for number in range(steps):
        going.does(going.answer("done", number / 10, note=note))
    assert going.run.visits[-1].entered.at < minutes(0) + timedelta(days=1)
    return going
