"""Incidents that end before their time: cancelled, or merged into another."""

import pytest

from bot.core.containment import RecordContainment
from bot.core.decision import SYSTEM
from bot.core.due import falls_due
from bot.core.effects import Announce, PostUpdate, SetTopic, ShowCard, ShowHypothesis, Tell
from bot.core.ends import CancelIncident, IncidentCancelled, MergeIncident
from bot.core.incident import COMMANDER, Cause, ContainmentResult, End, Incident, Phase, Room
from bot.core.policy_parts import DECLARER, Act
from bot.core.refusal import CannotMerge, HarmFought, NotAllowed, TooLate
from bot.core.roles import TakeRole
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued, Wording
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    POLICY_WITH_DRAFTS,
    at,
    closed,
    commanded,
    decided,
    declared,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
    said,
    supposed,
    wishes,
)


def cancel(by: str = ALICE, cause: Cause = Cause.FALSE_ALARM, words: str = "") -> CancelIncident:
    """Somebody cancels it five minutes after it was declared."""
    return CancelIncident(origin=origin(by, 5), cause=cause, words=words)


def merge(survivor: Incident, by: str = BOB) -> MergeIncident:
    """Somebody merges it into this one."""
    return MergeIncident(origin=origin(by, 5), into=survivor.number, survivor=survivor)


OTHER = declared().but(number=7)


@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.TRIAGE])
def test_it_is_cancelled_as_long_as_nothing_was_done(phase):
    after, decision = decided(in_phase(phase), cancel(words="A graph"))
    event = only(IncidentCancelled, decision)
    assert (event.cause, event.words) == (Cause.FALSE_ALARM, "A graph")
    assert (after.end, after.cause, after.ended_at, after.phase) == (End.CANCELLED, Cause.FALSE_ALARM, at(5), phase)
    assert not after.is_open


@pytest.mark.parametrize("phase", [Phase.CONTAINMENT, Phase.RECOVERY, Phase.POSTMORTEM])
def test_from_containment_on_it_walks_to_its_close(phase):
    before = in_phase(phase)
    after, decision = decided(before, cancel())
    assert decision.refusal == TooLate(phase=phase, since=before.phase_since, by=before.phase_by)
    assert after.is_open and kinds(decision) == ["AttemptRefused"]


@pytest.mark.parametrize("result", ContainmentResult)
def test_once_something_was_done_to_a_system_it_is_not_cancelled_whatever_came_of_it(result):
    done = RecordContainment(origin=origin(BOB, 2), action="Undid it", result=result)
    assert decided(declared(), done, cancel())[1].refusal == HarmFought(at=at(2))


@pytest.mark.parametrize(
    ("commander", "by", "may"),
    [
        (BOB, BOB, True),
        (BOB, ALICE, True),
        (BOB, CAROL, False),
        (ALICE, BOB, False),
        (BOB, SYSTEM, True),
        (None, CAROL, True),
    ],
)
def test_the_commander_cancels_or_who_declared_it_and_anybody_when_nobody_leads(commander, by, may):
    incident = commanded(by=commander) if commander else declared()
    refusal = decided(incident, cancel(by))[1].refusal
    assert refusal == (None if may else NotAllowed(act=Act.CANCEL, allowed=(COMMANDER, DECLARER)))


@pytest.mark.parametrize("cause", Cause)
def test_everyone_who_was_told_has_one_last_word_and_nothing_is_owed_any_more(cause):
    after, decision = decided(declared("SEV1"), cancel(cause=cause))
    assert said(decision) == {"executives": Occasion.CANCEL, "support": Occasion.CANCEL}
    assert all(event.cause is cause for event in decision.events if isinstance(event, UpdateIssued))
    assert all(event.promised is None for event in decision.events if isinstance(event, Wording))
    assert falls_due(after, POLICY) == {}


def test_who_was_told_nothing_hears_nothing():
    assert said(decided(declared(), cancel())[1]) == {}


def test_a_draft_that_waits_gives_way_to_one_that_says_the_last_word_and_can_still_be_sent():
    incident, _ = decided(declared("SEV1", POLICY_WITH_DRAFTS), policy=POLICY_WITH_DRAFTS)
    told = incident.but(told={**incident.told, "customers": incident.told["support"]})
    after, decision = decided(told, cancel(), policy=POLICY_WITH_DRAFTS)
    assert said(decision, UpdateDrafted) == {"customers": Occasion.CANCEL}
    assert set(after.undrafted_until) == {"customers"}


def test_the_room_of_what_was_cancelled_or_merged_is_archived_as_after_a_close():
    policy = policy_with(archive_room_after_days=1)
    housed = in_phase(Phase.TRIAGE).but(room=Room(channel="C1", name="inc-1"))
    for command in (cancel(), merge(OTHER)):
        assert set(falls_due(decided(housed, command, policy=policy)[0], policy)) == {"retire room"}


def test_what_shows_it_shows_its_end_and_its_ideas_cannot_be_pressed_any_more():
    for command in (cancel(), merge(OTHER)):
        wished = wishes(supposed(), command)
        assert {ShowCard, SetTopic, Announce, Tell} <= {type(effect) for effect in wished}
        assert ShowHypothesis(hypothesis=1) in wished
    assert PostUpdate(audience="support") in wishes(declared("SEV1"), cancel())


# Merging


@pytest.mark.parametrize("phase", list(Phase)[:-1])
def test_it_is_merged_into_another_before_its_postmortem(phase):
    after, decision = decided(in_phase(phase), merge(OTHER.but(room=Room(channel="C7", name="inc-7"))))
    assert decision.refusal is None
    assert (after.end, after.into, after.ended_at, after.phase) == (End.MERGED, 7, at(5), phase)
    assert falls_due(after, POLICY) == {}


def test_what_is_in_its_postmortem_is_not_merged_any_more():
    assert isinstance(decided(in_phase(Phase.POSTMORTEM), merge(OTHER))[1].refusal, TooLate)


@pytest.mark.parametrize(
    ("survivor", "because"),
    [
        (declared(), "itself"),
        (closed().but(number=7), "over"),
        (decided(OTHER, cancel())[0], "over"),
        (OTHER.but(is_drill=True), "drill"),
    ],
)
def test_what_goes_on_is_another_one_that_is_open_and_as_real_as_this_one(survivor, because):
    after, decision = decided(declared(), merge(survivor))
    assert decision.refusal == CannotMerge(into=survivor.number, because=because)
    assert after.is_open


def test_a_drill_is_merged_into_a_drill():
    drill = declared().but(is_drill=True)
    assert decided(drill, merge(OTHER.but(is_drill=True)))[1].refusal is None


def test_whoever_was_told_of_what_was_merged_reads_where_it_goes_on():
    decision = decided(declared("SEV1"), merge(OTHER))[1]
    assert said(decision) == {"executives": Occasion.MERGE, "support": Occasion.MERGE}
    assert all(event.into == 7 for event in decision.events if isinstance(event, UpdateIssued))


def test_anybody_merges_while_somebody_leads():
    """Two who look at the same trouble need not ask first; the room sees who did it."""
    incident, _ = decided(declared(), TakeRole(origin=origin(), user=ALICE))
    assert decided(incident, merge(OTHER, by=CAROL))[1].refusal is None
