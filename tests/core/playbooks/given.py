"""What tests of playbooks begin with: playbooks of few steps, people with roles, and a run that goes on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.incident import COMMANDER, Phase
from bot.core.playbooks.acts import Act, Answer, No, Person, Start, Tick, Why
from bot.core.playbooks.executor import decide, next_due, start
from bot.core.playbooks.facts import Fact
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run, fold
from bot.core.playbooks.turns import Turn, turn

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
OPS = "operations lead"
ALICE = Person(user="alice", roles=frozenset({COMMANDER}))
BOB = Person(user="bob", roles=frozenset({OPS}))
CARL = Person(user="carl")

Data = Mapping[str, Any]


def minutes(number: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def manual(to: str = "good", **more: Any) -> Data:
    """A manual step that goes on there."""
    return {"kind": "manual", "title": "Do it", "do": "Do it.", "on_success": to, **more}


def changing(to: str = "good", **more: Any) -> Data:
    """A manual step that can be undone."""
    return manual(to, reversible=True, undo={"do": "Take it back."}, **more)


def check(to: str = "good", **more: Any) -> Data:
    """A check that a number is below 1, three of the last five times."""
    measure = {
        "query": "errors",
        "op": "<",
        "threshold": 1,
        "every_seconds": 60,
        "window_minutes": 5,
        "at_least": 3,
        "of": 5,
    }
    return {"kind": "check_metric", "title": "Look", "measure": measure, "on_success": to, **more}


def errors_up(id: str = "errors-up", **more: Any) -> Data:
    """A criterion that errors are above 5, two of the last three times."""
    when = {
        "kind": "metric",
        "query": "errors",
        "op": ">",
        "threshold": 5,
        "every_seconds": 60,
        "window_minutes": 5,
        "at_least": 2,
        "of": 3,
    }
    return {"id": id, "says": "Errors are up", "when": when, **more}


def stop(outcome: str = "done") -> Data:
    """The end."""
    return {"kind": "stop", "title": "The end", "outcome": outcome, "reason": "That is all."}


def playbook(steps: Mapping[str, Data], **more: Any) -> Playbook:
    """A playbook that starts with the first of these steps; `good` and `bad` are its ends."""
    defaults = {"role": OPS, "timeout_minutes": 10, "on_failure": "bad", "on_timeout": "bad"}
    return Playbook.model_validate(
        {
            "id": "example",
            "title": "An example",
            "version": "1.0.0",
            "status": "active",
            "owner": "tests",
            "last_reviewed": "2026-11-29",
            "summary": "For tests.",
            "takes_minutes": 10,
            "defaults": defaults,
            "start": next(iter(steps)),
            "steps": {**steps, "good": stop(), "bad": stop("stopped")},
            **more,
        }
    )


class Going:
    """A run that goes on: it keeps what happened, and checks that it folds into the state."""

    def __init__(self, playbook: Playbook, *, phase: Phase | None = None, at: datetime = NOON, **inputs: str) -> None:
        begun = start(playbook, Start(at=at, run="r1", who=ALICE, inputs=inputs, phase=phase))
        assert not isinstance(begun, No), begun
        self.playbook = playbook
        self.facts: list[Fact] = list(begun)

    @property
    def run(self) -> Run:
        """The state, folded anew from all that happened."""
        run = fold(self.facts)
        assert run is not None
        return run

    @property
    def at(self) -> str | None:
        """The step whose turn it is."""
        return self.run.current.step if self.run.current else None

    @property
    def end(self) -> str | None:
        """How it ended."""
        return self.run.ended.end if self.run.ended else None

    @property
    def turn(self) -> Turn:
        """Whose turn it is."""
        found = turn(self.run, self.playbook)
        assert found is not None
        return found

    def does(self, act: Act) -> list[Fact]:
        """What the act does; an error where it is refused."""
        decided = decide(self.run, self.playbook, act)
        assert not isinstance(decided, No), decided
        self.facts += decided
        return list(decided)

    def refused(self, act: Act) -> Why:
        """Why it is refused."""
        decided = decide(self.run, self.playbook, act)
        assert isinstance(decided, No), decided
        return decided.why

    def answer(self, answer: str, after: float = 1, who: Person = BOB, **more: Any) -> Answer:
        """An answer to the step whose turn it is, so many minutes after noon."""
        visit = self.run.current
        assert visit is not None
        place = {"at": minutes(after), "who": who, "step": visit.step, "visit": visit.entered.visit}
        return Answer.model_validate({**place, "answer": answer, **more})

    def passes(self) -> list[Fact]:
        """Time passes until it changes something."""
        due = next_due(self.run, self.playbook)
        assert due is not None
        return self.does(Tick(at=due))
