"""Action items: what is refused and what is only remarked on, who may move one on, and when people are reminded, where they are."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.action_item import ActionItem, ActionKind, ActionState, Gap, Strength
from bot.core.decision import SYSTEM, AttemptRefused
from bot.core.effects import TellTeam, Whisper
from bot.core.factors import Factor
from bot.core.gates import missing
from bot.core.incident import Incident, Phase
from bot.core.learning.action_checks import Remark, gaps, is_never_done, is_overdue, remarks, unclear
from bot.core.learning.action_moves import (
    AcceptAction,
    ActionChanged,
    AssignAction,
    ChangeAction,
    DetailAction,
    FinishAction,
    MoveDueDate,
    ReopenAction,
    VerifyAction,
)
from bot.core.learning.action_reminders import (
    ActionRemindersWait,
    ActionsEscalated,
    ActionsReminded,
    EscalateActions,
    LearnZone,
    Notice,
    RemindOfActions,
    escalation_due,
    reminder_times,
)
from bot.core.learning.actions import AddActionItem
from bot.core.learning.issues import FollowElsewhere, IssueWanted
from bot.core.needs import Need
from bot.core.refusal import ActionOfAnother, ActionStands, KeptPrivate, OwnAction, SaysNothing, Unclear
from bot.core.wishes import effects
from bot.slack import words
from bot.slack.messages.actions import Shown, buttons
from tests.core.given import ALICE, BOB, CAROL, POLICY, decided, in_phase, only, origin, policy_with

DUE = date(2027, 3, 29)
"""A Monday: in Paris the clocks are set ahead on the Sunday before, in New York they were two weeks earlier, in Tokyo never."""
ITEM = AddActionItem(
    origin=origin(ALICE),
    what="Test checkout with every card",
    assignee=BOB,
    due=DUE,
    done_when="A release stops when a card fails",
    kind=ActionKind.PREVENT,
    factors=(Factor.TESTING,),
)
ZONES = {ALICE: "Europe/Paris", BOB: "Asia/Tokyo", CAROL: "America/New_York"}


def with_item(**changes: object) -> Incident:
    """An incident in review with one action item, proposed to Bob."""
    return decided(in_phase(Phase.POSTMORTEM), ITEM.but(**changes))[0]


@pytest.mark.parametrize(
    "what",
    [
        *("Investigate the outage", "Consider more alerts", "improve monitoring", "Monitor checkout", "Look into DNS"),
        *("Ensure that it works", "Make sure nobody does that", "Be careful", "Be more careful", "Discuss it"),
    ],
)
def test_what_has_no_end_is_refused_unless_it_says_how_its_end_shows(what):
    vague = ITEM.but(what=what, done_when=None)
    assert decided(in_phase(Phase.POSTMORTEM), vague)[1].refusal == Unclear(gaps=(Gap.END,))
    assert decided(in_phase(Phase.POSTMORTEM), ITEM.but(what=what))[1].refusal is None
    other = ChangeAction(origin=origin(ALICE), item=1, what=what)
    assert decided(with_item(), other)[1].refusal == Unclear(gaps=(Gap.END,))


@pytest.mark.parametrize(
    "what", ["Improvements to checkout: ship", "Monitoring: add an alert", "Consideration", "Add a check"]
)
def test_words_that_only_look_alike_are_left_alone(what):
    assert not is_never_done(what)


@pytest.mark.parametrize("done_when", ["Soon", "When it works", "Ensure that checkout works again"])
def test_an_end_that_nobody_can_see_is_refused(done_when):
    assert decided(in_phase(Phase.POSTMORTEM), ITEM.but(done_when=done_when))[1].refusal == Unclear(
        gaps=(Gap.DONE_WHEN,)
    )


def test_what_is_missing_for_now_is_kept_and_named():
    incident = with_item(done_when=None, kind=None, factors=())
    assert gaps(incident.action(1)) == (Gap.DONE_WHEN, Gap.KIND, Gap.LINK)
    assert gaps(with_item().action(1)) == ()


def test_a_late_day_many_items_and_weak_ones_are_only_remarked_on():
    far = with_item(due=date(2028, 1, 1), strength=Strength.TRAIN)
    assert remarks(far, 1, POLICY) == (Remark.LATE, Remark.WEAK)
    near = with_item(due=date(2026, 12, 1), strength=Strength.AUTOMATE)
    many, _ = decided(near, *[ITEM.but(due=date(2026, 12, 1))] * 7)
    assert remarks(many, 1, POLICY) == (Remark.MANY,)


def test_gates_ask_for_it_where_the_policy_says_so():
    strict = policy_with(
        gates=[{"need": "accepted actions", "at": ["SEV1"]}, {"need": "checked actions", "at": ["SEV1"]}]
    )
    incident = with_item(kind=None).but(severity="SEV1", severities=("SEV1",))
    assert missing(incident, strict) == (Need.ACCEPTED, Need.CHECKED)
    assert missing(incident.but(severity="SEV3", severities=("SEV3",)), strict) == ()
    assert missing(incident.but(severity="SEV3", severities=("SEV1", "SEV3")), strict) == missing(incident, strict), (
        "what was bad once is learnt from"
    )
    changed = ChangeAction(origin=origin(BOB), item=1, what="Test", kind=ActionKind.PREVENT, factors=(Factor.TESTING,))
    done = changed.but(done_when="A release stops when a card fails")
    assert unclear(incident) == 1
    ready, _ = decided(incident, AcceptAction(origin=origin(BOB), item=1), done)
    assert missing(ready, strict) == ()


def test_what_is_missing_is_said_and_the_rest_stays():
    incident = with_item(kind=None, done_when=None)
    said = DetailAction(
        origin=origin(ALICE), item=1, kind=ActionKind.DETECT, done_when="An alert rings within a minute"
    )
    after, decision = decided(incident, said)
    before, now = incident.action(1), after.action(1)
    assert (now.kind, now.done_when) == (said.kind, said.done_when)
    assert (now.what, now.factors, now.assignee) == (before.what, before.factors, before.assignee)
    assert [type(one) for one in decision.events] == [ActionChanged]
    assert decided(after, said)[1].events == (), "it says so already"
    assert decided(incident, said.but(done_when="Soon"))[1].refusal == Unclear(gaps=(Gap.DONE_WHEN,))


def test_an_action_item_of_a_private_incident_never_becomes_an_issue_that_others_read():
    tracker = {"name": "github", "kind": "github", "api": "https://api.github.com", "project": "a/b", "token": "TOKEN"}
    policy = policy_with(may_call=[{"host": "api.github.com", "secrets": ["TOKEN"]}], issue_trackers=[tracker])
    follow = FollowElsewhere(origin=origin(BOB), item=1, tracker="github")
    public, private = with_item(), with_item().but(is_private=True)
    assert [type(one) for one in decided(public, follow, policy=policy)[1].events] == [IssueWanted]
    refused = decided(private, follow, policy=policy)[1]
    assert refused.refusal == KeptPrivate(item=1)
    assert [type(one) for one in refused.events] == [AttemptRefused]
    for incident, offered in ((public, True), (private, False)):
        shown = buttons(Shown(incident, 1, policy), BOB)
        assert (words.CREATE_ISSUE in [one["text"]["text"] for one in shown]) is offered


def test_only_whoever_it_is_for_takes_it_and_somebody_else_verifies_it():
    incident = with_item()
    assert decided(incident, AcceptAction(origin=origin(ALICE), item=1))[1].refusal == ActionOfAnother(
        item=1, assignee=BOB
    )
    done, _ = decided(incident, FinishAction(origin=origin(BOB), item=1))
    assert done.action(1).state is ActionState.DONE
    assert decided(done, VerifyAction(origin=origin(BOB), item=1))[1].refusal == OwnAction(item=1)
    verified, _ = decided(done, VerifyAction(origin=origin(ALICE), item=1))
    assert verified.action(1).state is ActionState.VERIFIED
    again = decided(verified, FinishAction(origin=origin(BOB), item=1))[1].refusal
    assert again == ActionStands(item=1, state=ActionState.VERIFIED, assignee=BOB)
    assert decided(verified, ReopenAction(origin=origin(ALICE), item=1, why=""))[1].refusal == SaysNothing(
        what="reason"
    )


def test_a_later_day_needs_a_reason_and_counts_an_earlier_one_does_neither():
    later = MoveDueDate(origin=origin(BOB), item=1, due=DUE + timedelta(days=7))
    assert decided(with_item(), later)[1].refusal == SaysNothing(what="reason")
    moved, _ = decided(with_item(), later.but(why="Other work"), later.but(due=DUE, why=None))
    assert (moved.action(1).slips, moved.action(1).due) == (1, DUE)


def test_whoever_takes_it_over_has_it_at_once_and_whoever_is_given_it_is_asked():
    taken, _ = decided(with_item(), AssignAction(origin=origin(CAROL), item=1, user=CAROL))
    assert (taken.action(1).assignee, taken.action(1).state) == (CAROL, ActionState.ACCEPTED)
    given, _ = decided(taken, AssignAction(origin=origin(CAROL), item=1, user=BOB))
    assert (given.action(1).assignee, given.action(1).state) == (BOB, ActionState.PROPOSED)


def reminded(incident: Incident, until: datetime) -> list[tuple[str, datetime, tuple[Notice, ...]]]:
    """Who is reminded when until then, each on time, and of what."""
    found = list[tuple[str, datetime, tuple[Notice, ...]]]()
    while times := {user: at for user, at in reminder_times(incident, POLICY).items() if at <= until}:
        user, at = min(times.items(), key=lambda one: one[1])
        command = RemindOfActions(origin=origin(SYSTEM).but(at=at), user=user, due=at)
        incident, decision = decided(incident, command)
        found.append((user, at, tuple(only(ActionsReminded, decision).items.values())))
    return found


def test_over_a_change_of_the_clocks_everybody_is_reminded_when_their_work_begins():
    incident = in_phase(Phase.POSTMORTEM)
    for user, zone in ZONES.items():
        learnt = LearnZone(origin=origin(SYSTEM), user=user, zone=zone)
        incident, _ = decided(incident, ITEM.but(assignee=user), learnt)
    told = reminded(incident, datetime(2027, 3, 31, tzinfo=UTC))
    week, friday, monday = (22, 26, 29)
    expected = {
        ALICE: [(week, 8), (friday, 8), (monday, 7)],
        BOB: [(week, 0), (friday, 0), (monday, 0)],
        CAROL: [(week, 13), (friday, 13), (monday, 13)],
    }
    for user, times in expected.items():
        assert [(at.day, at.hour) for who, at, _ in told if who == user] == times
    assert [notices for who, _, notices in told if who == BOB] == [(Notice.BEFORE,), (Notice.BEFORE,), (Notice.DUE,)]


def test_what_was_missed_is_said_once_and_not_at_night():
    incident, _ = decided(with_item(), LearnZone(origin=origin(SYSTEM), user=BOB, zone="Asia/Tokyo"))
    due = reminder_times(incident, POLICY)[BOB]
    night = datetime(2027, 3, 28, 15, 0, tzinfo=UTC)
    late, decision = decided(incident, RemindOfActions(origin=origin(SYSTEM).but(at=night), user=BOB, due=due))
    morning = datetime(2027, 3, 29, 0, 0, tzinfo=UTC)
    assert only(ActionRemindersWait, decision).until == morning
    assert reminder_times(late, POLICY) == {BOB: morning}
    told, decision = decided(late, RemindOfActions(origin=origin(SYSTEM).but(at=morning), user=BOB, due=morning))
    assert only(ActionsReminded, decision).items == {1: Notice.DUE}
    assert reminder_times(told, POLICY)[BOB] == datetime(2027, 4, 1, 0, 0, tzinfo=UTC)


def test_what_is_overdue_goes_to_whoever_leads_and_then_to_others_once_a_week():
    policy = policy_with(escalate_to=["@leads"])
    incident, _ = decided(with_item(), AcceptAction(origin=origin(BOB), item=1))
    overdue = [one for one in reminded(incident, datetime(2027, 4, 2, tzinfo=UTC)) if Notice.OVERDUE in one[2]]
    assert [(who, at.date()) for who, at, _ in overdue] == [(BOB, date(2027, 4, 1))]
    due = escalation_due(incident, policy)
    assert due == datetime(2027, 4, 5, 9, 0, tzinfo=UTC)
    told, decision = decided(incident, EscalateActions(origin=origin(SYSTEM).but(at=due), due=due), policy=policy)
    assert only(ActionsEscalated, decision).to == ("@leads",)
    assert escalation_due(told, policy) == due + timedelta(days=7)
    done, _ = decided(told, FinishAction(origin=origin(BOB), item=1))
    assert escalation_due(done, policy) is None and reminder_times(done, policy) == {}


def test_what_is_overdue_of_a_private_incident_goes_to_whoever_leads_it_alone():
    policy = policy_with(escalate_to=["@leads", "U0CAROL77"], actions_in="#general")
    taken, _ = decided(with_item(), AcceptAction(origin=origin(BOB), item=1))
    for is_private, to, wishes in (
        (True, (ALICE,), [Whisper(to=ALICE)]),
        (False, ("@leads", "U0CAROL77"), [TellTeam()]),
    ):
        incident = taken.but(is_private=is_private)
        due = escalation_due(incident, policy)
        assert due is not None
        said = EscalateActions(origin=origin(SYSTEM).but(at=due), due=due)
        told, decision = decided(incident, said, policy=policy)
        assert only(ActionsEscalated, decision).to == to
        assert effects(only(ActionsEscalated, decision), incident, told, policy) == wishes


def test_a_day_is_over_when_it_is_over_where_the_assignee_is():
    item = ActionItem(what="x", assignee=BOB, due=DUE)
    incident = in_phase(Phase.POSTMORTEM).but(action_items=(item,), zones={BOB: "Asia/Tokyo"})
    assert not is_overdue(incident, item, datetime(2027, 3, 29, 14, 59, tzinfo=UTC))
    assert is_overdue(incident, item, datetime(2027, 3, 29, 15, 0, tzinfo=UTC))
