"""Promises: made when Slack accepts what states them, and kept, late or missed by when it accepts the next update."""

from datetime import timedelta

import pytest

from bot.core.containment import ReportReturn
from bot.core.decision import SYSTEM
from bot.core.delivery import ReportFailure
from bot.core.effects import PostFallback, Tell
from bot.core.facts import StateImpact
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import CloseIncident, IncidentClosed
from bot.core.policy import Policy
from bot.core.promised import Promise, Tally
from bot.core.refusal import AlreadyStretched, NotAllowed, NotLongYet
from bot.core.roles import TakeRole
from bot.core.router.cadence import CadenceStretched, StretchCadence, every
from bot.core.router.promises import ConfirmUpdate, Outcome, UpdateSent, came_of, grace
from bot.core.router.renewals import RenewUpdate, is_outdated
from bot.core.router.updates import KeepPromise, Occasion, UpdateIssued, whole_minute
from bot.core.severity import SetSeverity
from tests.core.given import (
    ALICE,
    BOB,
    POLICY,
    at,
    decided,
    declared,
    delivered,
    facts_of,
    in_phase,
    next_step,
    on_time,
    only,
    origin,
    policy_with,
    wishes,
    with_audience,
    written,
)

SUPPORT_ONLY = policy_with(audiences=[POLICY.model_dump()["audiences"][1]])
SLOWER = policy_with(SUPPORT_ONLY, slower_in=[{"phase": "RECOVERY", "times": 2}])


def accepted(incident: Incident, minutes: float, policy: Policy = SUPPORT_ONLY) -> tuple[Incident, UpdateSent]:
    """Slack accepts the update that is on its way, so many minutes after the start."""
    (one,) = incident.unsent
    confirm = ConfirmUpdate(origin=origin(SYSTEM, minutes), audience=one.audience, update=one.update)
    after, decision = decided(incident, confirm, policy=policy)
    return after, only(UpdateSent, decision)


def promised() -> Incident:
    """An incident at SEV1 whose support was told at the start, and is promised the next update for 14:15:00."""
    return accepted(declared("SEV1", SUPPORT_ONLY), 0)[0]


def kept(incident: Incident, minutes: float) -> UpdateSent:
    """What came of the promise, when its update is issued on time and Slack accepts it then."""
    return accepted(on_time(incident, "support", SUPPORT_ONLY)[0], minutes)[1]


def test_a_promise_is_made_when_slack_accepts_the_update_that_states_it():
    waiting = declared("SEV1", SUPPORT_ONLY)
    assert waiting.promises == {} and [one.audience for one in waiting.unsent] == ["support"]
    told, sent = accepted(waiting, 1)
    assert (sent.due, sent.outcome) == (None, None)
    assert told.promises == {"support": Promise(made=at(1), due=whole_minute(at(15)))} and told.unsent == ()


@pytest.mark.parametrize(
    ("minutes", "outcome"),
    [
        (3, Outcome.KEPT),
        (14.6, Outcome.KEPT),
        (16.0, Outcome.KEPT),
        (17, Outcome.LATE),
        (28, Outcome.LATE),
        (31, Outcome.MISSED),
    ],
)
def test_what_comes_of_it_is_measured_by_when_slack_accepts_the_next(minutes, outcome):
    sent = kept(promised(), minutes)
    assert (sent.made, sent.due, sent.outcome, sent.by) == (at(0), whole_minute(at(15)), outcome, SYSTEM)


def test_grace_is_a_minute_or_a_tenth_of_the_interval():
    short, long = (Promise(made=at(0), due=at(minutes)) for minutes in (5, 60))
    assert grace(short, POLICY) == timedelta(minutes=1) and grace(long, POLICY) == timedelta(minutes=6)
    assert came_of(long, at(66), POLICY) is Outcome.KEPT and came_of(long, at(66.1), POLICY) is Outcome.LATE


def test_a_promise_is_kept_by_whoever_wrote_the_update_and_by_lockstep_when_it_was_composed():
    by_hand = accepted(decided(promised(), written(minutes=9), policy=SUPPORT_ONLY)[0], 9)[1]
    assert by_hand.by == BOB
    moved_on = decided(promised(), next_step(promised()), policy=SUPPORT_ONLY)[0]
    assert accepted(moved_on, 9)[1].by == SYSTEM


def test_a_raise_brings_a_promise_forward_and_lowering_leaves_it():
    told = delivered(declared("SEV3", SUPPORT_ONLY), SUPPORT_ONLY)
    raised, _ = decided(told, SetSeverity(origin=origin(minutes=1), severity="SEV1"), policy=SUPPORT_ONLY)
    assert raised.promises["support"].due == raised.told["support"].promised == at(16)
    lower = SetSeverity(origin=origin(minutes=2), severity="SEV2", reason="Few are hit")
    lowered, _ = decided(raised.but(phase=Phase.TRIAGE), lower, policy=SUPPORT_ONLY)
    assert lowered.promises == raised.promises


def test_recovery_doubles_the_interval_unless_the_harm_is_back():
    recovering = in_phase(Phase.RECOVERY, policy=SLOWER).but(severity="SEV1")
    assert every(recovering, "support", SLOWER, at(0)) == timedelta(minutes=30)
    assert every(recovering, "support", SUPPORT_ONLY, at(0)) == timedelta(minutes=15)
    contained = recovering.but(contained_at=at(0))
    back, _ = decided(contained, ReportReturn(origin=origin(minutes=1)), policy=SLOWER)
    assert back.is_back and every(back, "support", SLOWER, at(1)) == timedelta(minutes=15)


def test_what_was_promised_before_a_slower_phase_is_kept_by_its_update():
    contained = delivered(in_phase(Phase.CONTAINMENT, policy=SLOWER), SLOWER)
    recovering, decision = decided(contained, next_step(contained), policy=SLOWER)
    update = only(UpdateIssued, decision)
    assert update.occasion is Occasion.PHASE and update.promised == whole_minute(update.at + timedelta(minutes=30))
    assert accepted(recovering, 0.5, SLOWER)[1].outcome is Outcome.KEPT


# An incident that lasts


def stretching(minutes: float, *, is_on: bool = True) -> StretchCadence:
    """ALICE lets audiences hear less often, or as usual."""
    return StretchCadence(origin=origin(ALICE, minutes), is_on=is_on)


def test_nobody_decides_in_the_first_hour_that_audiences_hear_less_often():
    refusal = decided(promised(), stretching(59), policy=SUPPORT_ONLY)[1].refusal
    assert refusal == NotLongYet(again=at(60))


def test_from_two_hours_on_intervals_are_twice_as_long_and_what_was_promised_stands():
    before = promised()
    after, decision = decided(before, stretching(61), policy=SUPPORT_ONLY)
    assert only(CadenceStretched, decision).since == at(120)
    assert after.told == before.told and after.promises == before.promises
    assert every(after, "support", SUPPORT_ONLY, at(119)) == timedelta(minutes=15)
    assert every(after, "support", SUPPORT_ONLY, at(120)) == timedelta(minutes=30)
    assert Tell() in wishes(before, stretching(61), SUPPORT_ONLY)


def test_it_can_be_taken_back_and_is_not_done_twice():
    slow, _ = decided(promised(), stretching(130), policy=SUPPORT_ONLY)
    assert decided(slow, stretching(131), policy=SUPPORT_ONLY)[1].refusal == AlreadyStretched(is_on=True)
    usual, _ = decided(slow, stretching(140, is_on=False), policy=SUPPORT_ONLY)
    assert usual.stretch is None and every(usual, "support", SUPPORT_ONLY, at(141)) == timedelta(minutes=15)
    assert decided(usual, stretching(142, is_on=False), policy=SUPPORT_ONLY)[1].refusal == AlreadyStretched(is_on=False)


def test_only_the_commander_decides_it():
    strict = policy_with(SUPPORT_ONLY, may=[{"act": "stretch cadence", "who": ["incident commander"]}])
    led, _ = decided(promised(), TakeRole(origin=origin(BOB), user=BOB), policy=strict)
    refusal = decided(led, stretching(130), policy=strict)[1].refusal
    assert isinstance(refusal, NotAllowed) and refusal.allowed == ("incident commander",)


# While Slack is away


def keep(incident: Incident, minutes: float) -> tuple[Incident, UpdateIssued]:
    """What is due to support goes out so many minutes after the start."""
    due = incident.told["support"].promised
    assert due
    command = KeepPromise(origin=origin(SYSTEM, minutes), audience="support", due=due)
    after, decision = decided(incident, command, policy=SUPPORT_ONLY)
    return after, only(UpdateIssued, decision)


def test_an_update_that_waits_is_overtaken_by_the_next_and_the_promise_that_stands_is_the_one_that_was_read():
    first = keep(promised(), 15)[0]
    second, update = keep(first, 30)
    assert update.overtakes == (first.unsent[0].update,) and len(second.unsent) == 1
    after, sent = accepted(second, 40)
    assert (sent.due, sent.outcome) == (whole_minute(at(15)), Outcome.MISSED)
    assert after.promises["support"].due == update.promised


def test_what_was_new_in_an_update_that_is_overtaken_is_still_new():
    _, update = keep(declared("SEV1", SUPPORT_ONLY), 15)
    assert update.occasion is Occasion.FIRST and update.overtakes


def test_what_a_person_wrote_is_never_overtaken_and_what_waited_for_a_moment_is_not_either():
    by_hand = decided(promised(), written(minutes=5), policy=SUPPORT_ONLY)[0]
    assert keep(by_hand, 20)[1].overtakes == ()
    just_now = declared("SEV1", SUPPORT_ONLY)
    update = only(UpdateIssued, decided(just_now, next_step(just_now), policy=SUPPORT_ONLY)[1])
    assert update.overtakes == ()


def test_an_update_that_waited_and_is_not_true_any_more_is_issued_anew():
    waiting, update = keep(promised(), 15)
    corrected, _ = decided(waiting, StateImpact(origin=origin(minutes=18), impact="All fail"), policy=SUPPORT_ONLY)
    assert not is_outdated(waiting, update, at(40), SUPPORT_ONLY)
    assert not is_outdated(corrected, update, at(15.5), SUPPORT_ONLY)
    assert is_outdated(corrected, update, at(18), SUPPORT_ONLY)
    again = RenewUpdate(origin=origin(SYSTEM, 19), update=corrected.unsent[0].update)
    after, decision = decided(corrected, again, policy=SUPPORT_ONLY)
    anew = only(UpdateIssued, decision)
    assert anew.impact == "All fail" and anew.overtakes == (again.update,) and len(after.unsent) == 1
    assert decided(after, again, policy=SUPPORT_ONLY)[1].events == ()


def test_what_a_person_wrote_is_not_outdated():
    by_hand, decision = decided(promised(), written(minutes=5), policy=SUPPORT_ONLY)
    corrected, _ = decided(by_hand, StateImpact(origin=origin(minutes=6), impact="All fail"), policy=SUPPORT_ONLY)
    assert not is_outdated(corrected, only(UpdateIssued, decision), at(9), SUPPORT_ONLY)


# The count


def test_the_close_says_how_many_promises_came_due_and_how_many_were_kept():
    incident = promised()
    incident, _ = accepted(on_time(incident, "support", SUPPORT_ONLY)[0], 15)
    incident, _ = accepted(on_time(incident, "support", SUPPORT_ONLY)[0], 41)
    assert incident.kept == Tally(due=2, kept=1)
    while incident.phase is not Phase.POSTMORTEM:
        incident = decided(incident, next_step(incident), policy=SUPPORT_ONLY)[0]
    close = CloseIncident(origin=origin(minutes=300), first=facts_of(Phase.POSTMORTEM))
    closed = only(IncidentClosed, decided(incident, close, policy=SUPPORT_ONLY)[1])
    assert (closed.due, closed.kept) == (3, 1)  # one that was never sent counts


def test_two_audiences_have_a_promise_each():
    policy = with_audience(SUPPORT_ONLY, then_every_minutes={"SEV1": 45})
    incident = delivered(declared("SEV1", policy), policy)
    assert {name: promise.due for name, promise in incident.promises.items()} == {
        "product": whole_minute(at(45)),
        "support": whole_minute(at(15)),
    }


# What Slack does not deliver

REACHABLE = policy_with(SUPPORT_ONLY, undelivered_to="#incidents")


@pytest.mark.parametrize("effect", ["ShowStatus status:support", "PostUpdate updates:support"])
def test_an_update_that_cannot_be_delivered_is_told_to_the_room_and_posted_elsewhere(effect):
    incident = declared("SEV1", REACHABLE)
    report = ReportFailure(origin=origin(SYSTEM), effect=effect, reason="is_archived", effect_id="e1")
    found = wishes(incident, report, REACHABLE)
    assert Tell() in found and PostFallback(audience="support", event=incident.unsent[0].update) in found
    assert not [one for one in wishes(incident, report, SUPPORT_ONLY) if isinstance(one, PostFallback)]


def test_nothing_is_posted_elsewhere_when_nothing_waits_or_something_else_failed():
    told = delivered(declared("SEV1", REACHABLE), REACHABLE)
    for effect in ("ShowStatus status:support", "Tell notices"):
        report = ReportFailure(origin=origin(SYSTEM), effect=effect, reason="is_archived", effect_id="e1")
        assert not [one for one in wishes(told, report, REACHABLE) if isinstance(one, PostFallback)]
