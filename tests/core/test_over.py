"""Once an incident is over nobody changes it any more; what concerns its deliveries is taken all the same."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.core.action_item import ActionItem, ActionState
from bot.core.adoption import AdoptPolicy
from bot.core.containment import EndHold, RecordContainment, ReportReturn, SettleMeasure
from bot.core.decision import AttemptRefused, Command
from bot.core.delivery import DropDelivery, ReportFailure, TryDeliveryAgain
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.facts import (
    CorrectFacts,
    MarkBoundaries,
    Retitle,
    StateDetection,
    StateImpact,
    StateStart,
    VerifyRecovery,
)
from bot.core.gates import WaiveNeeds
from bot.core.incident import COMMANDER, Cause, ContainmentResult, End, Incident, LinkKind, Phase, Side
from bot.core.learning.action_moves import OfAction
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.links import LinkIncident
from bot.core.needs import Need
from bot.core.notes import AddNote, PinMessage
from bot.core.pictures import AskForPicture
from bot.core.playbooks.acts import SayWorse, Tick
from bot.core.policy_parts import Loss, Who
from bot.core.prompts import AskAboutPhase, SnoozePrompts
from bot.core.questions import AnswerQuestion
from bot.core.redaction import RedactText
from bot.core.refusal import HasEnded
from bot.core.roles import AskForCommander, HandOver, TakeRole
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory, ReportRoomGone, RetireRoom
from bot.core.router.cadence import StretchCadence
from bot.core.router.corrections import CorrectUpdate
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.reminders import Remind, SayNoChange, SnoozeReminder
from bot.core.router.renewals import RenewUpdate
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.router.updates import KeepPromise, SendUpdate
from bot.core.run_offers import OfferPlaybooks
from bot.core.runs import ActOnRun, ReportOnRun, Shelved, StartPlaybook
from bot.core.severity import AssessSeverity, SetSeverity
from bot.core.tracker.evidence import KeepReply, MarkReply, WithdrawMark, WriteEvidence
from bot.core.tracker.hypotheses import (
    BindThread,
    ConcludeHypothesis,
    OfHypothesis,
    ParkHypothesis,
    PlaceHypothesis,
    ProposeHypothesis,
    StartTest,
)
from tests.core.action_examples import action_commands
from tests.core.given import ALICE, BOB, POLICY_WITH_DRAFTS, at, decided, declared, ended, only, origin, supposed
from tests.core.postmortem_examples import postmortem_commands
from tests.core.role_examples import role_commands
from tests.core.run_examples import FITTING, SHELF, going
from tests.core.tracker_examples import tracker_commands

ONE = origin(BOB, 99)
COMMANDS: tuple[Command, ...] = (
    AdvancePhase(origin=ONE, to=Phase.TRIAGE),
    CloseIncident(origin=ONE),
    TakeRole(origin=ONE, user=BOB),
    HandOver(origin=ONE, role=COMMANDER, user=BOB),
    *role_commands(ONE, COMMANDER),
    SetSeverity(origin=ONE, severity="SEV3"),
    Retitle(origin=ONE, title="Another title"),
    StateImpact(origin=ONE, impact="Another impact"),
    StateStart(origin=ONE, started=at(-30)),
    StateDetection(origin=ONE, detected=at(-5)),
    StartPlaybook(origin=ONE, playbook="small", shelf=SHELF),
    ActOnRun.by(ONE, 1, SayWorse).but(shelf=SHELF),
    ReportOnRun(origin=ONE, run=1, does=Tick(at=at(0)), shelf=SHELF),
    OfferPlaybooks(origin=ONE, due=at(0), shelf=FITTING),
    CancelIncident(origin=ONE, cause=Cause.FALSE_ALARM),
    MergeIncident(origin=ONE, into=7, survivor=declared().but(number=7)),
    LinkIncident(origin=ONE, kind=LinkKind.RECURRED, other=9),
    CorrectFacts(origin=ONE, facts=(StateImpact(origin=ONE, impact="Another impact"),)),
    MarkBoundaries(origin=ONE, boundaries=("search",)),
    RecordContainment(origin=ONE, action="Undid it", result=ContainmentResult.WORKED),
    ReportReturn(origin=ONE),
    AssessSeverity(origin=ONE, who=Who.ALL, loss=Loss.CORE),
    SnoozePrompts(origin=ONE),
    SettleMeasure(origin=ONE, measure=1),
    EndHold(origin=ONE, due=at(10)),
    AskAboutPhase(origin=ONE, due=at(10)),
    AnswerQuestion(origin=ONE, question=Need.SIZE, answer="All"),
    WaiveNeeds(origin=ONE, needs=(Need.SIZE,), reason="We are three people"),
    VerifyRecovery(origin=ONE, how="Another way"),
    ProposeHypothesis(origin=ONE, statement="It is DNS"),
    PlaceHypothesis(origin=ONE, hypothesis=1, boundary="search"),
    StartTest(origin=ONE, hypothesis=1),
    ParkHypothesis(origin=ONE, hypothesis=1),
    ConcludeHypothesis(origin=ONE, hypothesis=1, result=Side.FOR, why="Seen"),
    KeepReply(origin=ONE, hypothesis=1, reply="1.1", author=BOB, text="Seen"),
    MarkReply(origin=ONE, hypothesis=1, reply="1.1", side=Side.FOR),
    WithdrawMark(origin=ONE, hypothesis=1, reply="1.1", side=Side.FOR),
    WriteEvidence(origin=ONE, hypothesis=1, side=Side.FOR, text="Seen"),
    *tracker_commands(ONE),
    AddNote(origin=ONE, text="A note"),
    AskForPicture(origin=ONE),
    *postmortem_commands(ONE),
    PinMessage(origin=ONE, ts="1.1", author=ALICE, posted=at(1), text="Pinned"),
    AddActionItem(origin=ONE, what="Add a check", assignee=BOB, due=date(2026, 12, 1)),
    NeedNoAction(origin=ONE, reason="A drill"),
    *action_commands(ONE, ALICE),
    SendUpdate(origin=ONE, text="We are on it."),
    CorrectUpdate(origin=ONE, audiences=("support",), wrong="All fail", text="Some fail"),
    SayNoChange(origin=ONE, audiences=("support",)),
    Subscribe(origin=ONE, people=(BOB,)),
    Unsubscribe(origin=ONE, person=BOB),
    SnoozeReminder(origin=ONE, audiences=("support",)),
    StretchCadence(origin=ONE),
    AdoptPolicy(origin=ONE, to=POLICY_WITH_DRAFTS),
    BindRoom(origin=ONE, channel="C1", name="inc-1"),
    ReportRoomGone(origin=ONE, channel="C1"),
    RetireRoom(origin=ONE, due=at(1)),
    KeepHistory(origin=ONE, history="[]", messages=0),
    ConfirmArchive(origin=ONE),
    BindThread(origin=ONE, hypothesis=1, channel="C1", ts="1.1"),
    AskForCommander(origin=ONE, due=at(2)),
    KeepPromise(origin=ONE, audience="support", due=at(15)),
    RenewUpdate(origin=ONE, update=3),
    Remind(origin=ONE, due=at(15)),
    ConfirmUpdate(origin=ONE, audience="support", update=3),
    ReportFailure(origin=ONE, effect="Tell notices", reason="is_archived"),
    TryDeliveryAgain(origin=ONE),
    DropDelivery(origin=ONE, effect_id="e1", reason="They were called"),
)
"""One of each kind but for the declaration."""


def over() -> Incident:
    """An incident with one hypothesis, one run, and one action item, which is Bob's and not accepted yet, that is over."""
    item = ActionItem(what="Add a check", assignee=BOB, due=date(2026, 12, 1))
    return ended(supposed()).but(runs=(going(at(0), BOB),), action_items=(item,))


def kinds_of(kind: type[Command]) -> Iterator[type[Command]]:
    """Every kind of command of the core below this one."""
    for below in kind.__subclasses__():
        yield from [below, *kinds_of(below)]


def named(command: Command) -> str:
    """The kind of a command."""
    return type(command).__name__


def test_no_kind_of_command_is_forgotten_here():
    """A redaction is for long afterwards: `test_redaction.py`."""
    known = {kind for kind in kinds_of(Command) if kind.__module__.startswith("bot.core.")}
    apart = {DeclareIncident, OfHypothesis, OfAction, Shelved, RedactText}
    assert {type(command) for command in COMMANDS} == known - apart


@pytest.mark.parametrize("command", [one for one in COMMANDS if not (one.is_report or one.follows_up)], ids=named)
def test_what_people_want_is_refused_once_it_is_over_and_that_they_tried_is_recorded(command):
    after, decision = decided(over(), command)
    assert decision.refusal == HasEnded(end=End.CLOSED)
    tried = only(AttemptRefused, decision)
    assert (tried.attempt, tried.actor, tried.at) == (named(command), BOB, at(99))
    assert len(decision.events) == 1 and after == over().but(seq=after.seq)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.is_report], ids=named)
def test_what_is_reported_of_its_deliveries_and_due_times_is_not_refused_and_opens_nothing_again(command):
    after, decision = decided(over(), command)
    assert decision.refusal is None
    assert (after.phase, after.end, after.ended_at) == (over().phase, over().end, over().ended_at)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.follows_up], ids=named)
def test_what_concerns_action_items_goes_on_afterwards_and_opens_nothing_again(command):
    after, decision = decided(over(), command)
    assert not isinstance(decision.refusal, HasEnded)
    assert after.but(seq=0, action_items=()) == over().but(seq=0, action_items=())


def test_an_action_item_is_added_accepted_and_done_after_the_end():
    after, _ = decided(over(), AddActionItem(origin=ONE, what="Add a test", assignee=ALICE, due=date(2026, 12, 1)))
    for command in action_commands(ONE, ALICE)[:1] + action_commands(ONE, ALICE)[3:5]:
        after, decision = decided(after, command)
        assert decision.refusal is None
    assert [one.state for one in after.action_items] == [ActionState.DONE, ActionState.PROPOSED]


def test_the_time_of_the_end_is_known_from_then_on():
    assert supposed().ended_at is None
    assert over().ended_at == at(0)
