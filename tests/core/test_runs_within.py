"""A run that is a step of another: while that one waits for a decision about a criterion, so does this."""

from bot.core.decision import Command
from bot.core.incident import Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.playbooks.acts import Answer, Override, Report, SayWorse, Tick, Why
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.shelf import Shelf
from bot.core.refusal import RunRefused
from bot.core.roles import TakeRole
from bot.core.runs import ActOnRun, ReportOnRun, Shelved, StartPlaybook, run_dues
from bot.core.vocabulary import decide, fold
from tests.core.given import ALICE, POLICY, origin
from tests.core.playbooks.given import manual, playbook

INNER = playbook(
    {
        "call": {
            "kind": "http",
            "title": "Call",
            "call": {"method": "GET", "url": "https://a.example.com"},
            "on_success": "look",
        },
        "look": manual(),
    }
).but(id="inner")
OUTER = playbook({"more": {"kind": "sub_playbook", "title": "More", "playbook": "inner", "on_success": "good"}}).but(
    id="outer"
)


def shelf() -> Shelf:
    """Both of them."""
    both: tuple[Playbook, ...] = (OUTER, INNER)
    return Shelf(offered={one.id: one for one in both}, pinned={one.hash: one for one in both})


def after(incident: Incident | None, command: Command) -> Incident:
    """What a command makes of the incident; it must not be refused."""
    shelved = command.but(shelf=shelf()) if isinstance(command, Shelved) else command
    decision = decide(incident, shelved, POLICY, number=1)
    assert decision.refusal is None, decision.refusal
    folded = fold(incident, decision.events)
    assert folded is not None
    return folded


def test_a_result_that_comes_meanwhile_is_kept_and_counts_when_both_go_on():
    incident = after(None, DeclareIncident(origin=origin(), title="Checkout is failing", severity="SEV1"))
    incident = after(incident, TakeRole(origin=origin(ALICE, 1), role="incident commander", user=ALICE))
    incident = after(incident, StartPlaybook(origin=origin(ALICE, 2), playbook="outer"))
    incident = after(incident, ActOnRun.by(origin(ALICE, 3), 1, SayWorse))
    told = origin(minutes=4)
    call = Report(at=told.at, step="call", visit=1, result="success")
    incident = after(incident, ReportOnRun(origin=told, run=2, does=call))
    inner = incident.run(2)
    assert inner.current and inner.current.step == "call" and inner.current.result
    assert "2" not in run_dues(incident, POLICY)
    tried = ActOnRun.by(origin(ALICE, 5), 2, Answer, step="call", visit=1, answer="done").but(shelf=shelf())
    refusal = decide(incident, tried, POLICY, number=1).refusal
    assert isinstance(refusal, RunRefused) and refusal.because is Why.STOPPED
    incident = after(incident, ActOnRun.by(origin(ALICE, 6), 1, Override, why="It is something else"))
    assert run_dues(incident, POLICY)["2"] == told.at
    then = origin(minutes=7)
    incident = after(incident, ReportOnRun(origin=then, run=2, does=Tick(at=then.at)))
    going = incident.run(2).current
    assert going and going.step == "look"
