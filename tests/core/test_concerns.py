"""Roles, severity, facts, action items, delivery failures, and what Slack should show of them."""

from datetime import date

import pytest

from bot.core.delivery import ReportFailure
from bot.core.effects import Invite, Mention, OpenRoom, PostUpdate, ShowCard, ShowStatus
from bot.core.facts import MarkBoundaries, Retitle, StateImpact
from bot.core.gates import meets
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.lifecycle import DeclareIncident
from bot.core.needs import Need
from bot.core.refusal import NotInPolicy, SaysNothing, SeatTaken
from bot.core.roles import TakeRole
from bot.core.severity import SetSeverity
from bot.core.vocabulary import EVENTS, read_effect, read_event, write_effect, write_event
from tests.core.given import ALICE, BOB, decided, declared, origin, wishes


def test_the_second_to_ask_for_a_seat_reads_who_has_it_since_when():
    incident, _ = decided(declared(), TakeRole(origin=origin(), user=ALICE))
    after, decision = decided(incident, TakeRole(origin=origin(BOB), user=BOB))
    assert isinstance(decision.refusal, SeatTaken)
    assert decision.refusal.user == ALICE
    assert after.commander is not None and after.commander.user == ALICE


def test_taking_ones_own_seat_again_changes_nothing():
    incident, _ = decided(declared(), TakeRole(origin=origin(), user=ALICE))
    assert decided(incident, TakeRole(origin=origin(), user=ALICE))[1].events == ()


def test_a_severity_is_known_in_any_case_and_otherwise_refused_with_the_names_there_are():
    assert decided(declared(), SetSeverity(origin=origin(), severity="sev2"))[0].severity == "SEV2"
    refusal = decided(declared(), SetSeverity(origin=origin(), severity="bad"))[1].refusal
    assert refusal == NotInPolicy(what="severity", given="bad", known=("SEV1", "SEV2", "SEV3"))


def test_boundaries_are_those_of_the_map_in_its_order():
    marked = decided(declared(), MarkBoundaries(origin=origin(), boundaries=("search", "checkout")))[0]
    assert marked.boundaries == ("checkout", "search")
    assert isinstance(
        decided(declared(), MarkBoundaries(origin=origin(), boundaries=("moon",)))[1].refusal, NotInPolicy
    )


@pytest.mark.parametrize(
    "command",
    [
        Retitle(origin=origin(), title=""),
        StateImpact(origin=origin(), impact="\x00 "),
        NeedNoAction(origin=origin(), reason=""),
        AddActionItem(origin=origin(), what="", assignee=BOB, due=date(2026, 12, 1)),
    ],
)
def test_empty_words_are_refused(command):
    assert isinstance(decided(declared(), command)[1].refusal, SaysNothing)


def test_a_reason_for_no_action_satisfies_the_last_gate():
    incident, _ = decided(declared(), NeedNoAction(origin=origin(), reason="A drill"))
    assert meets(incident, Need.ACTION_ITEM)


def test_a_failed_delivery_stands_in_the_state_so_that_it_is_seen():
    incident, _ = decided(declared(), ReportFailure(origin=origin(), effect="Invite invite:x", reason="no_user"))
    assert incident.failures[0].reason == "no_user"


def test_a_failure_to_make_failures_known_is_recorded_once_and_does_not_report_itself_for_ever():
    archived = ReportFailure(origin=origin(), effect="Tell notices", reason="is_archived")
    incident, first = decided(declared(), archived)
    assert len(first.events) == 1
    assert decided(incident, archived)[1].events == ()
    lost = ReportFailure(origin=origin(), effect="PostUpdate updates:support", reason="is_archived")
    assert len(decided(decided(incident, lost)[0], lost)[1].events) == 1


def test_a_declaration_opens_a_room_and_brings_in_the_declarer_and_the_responders_once():
    found = wishes(None, DeclareIncident(origin=origin(), title="x", severity="SEV1"))
    assert sum(isinstance(effect, OpenRoom) for effect in found) == 1
    assert [effect.people for effect in found if isinstance(effect, Invite)] == [
        (ALICE,),
        ("@incident-leads", "@payments-oncall"),
    ]
    assert sum(isinstance(effect, Mention) for effect in found) == 1
    assert [effect.audience for effect in found if isinstance(effect, PostUpdate)] == ["executives", "support"]


def test_a_raise_invites_only_whoever_was_not_yet_and_a_lowering_nobody():
    raised = wishes(declared("SEV2"), SetSeverity(origin=origin(), severity="SEV1"))
    assert [effect.people for effect in raised if isinstance(effect, Invite)] == [("@payments-oncall",)]
    sev1, _ = decided(declared("SEV2"), SetSeverity(origin=origin(), severity="SEV1"))
    lowered, _ = decided(sev1, SetSeverity(origin=origin(), severity="SEV3"))
    again = wishes(lowered, SetSeverity(origin=origin(), severity="SEV1"))
    for found in (wishes(sev1, SetSeverity(origin=origin(), severity="SEV3")), again):
        assert not [effect for effect in found if isinstance(effect, Invite)]


def test_every_change_of_facts_refreshes_the_card():
    assert any(isinstance(e, ShowCard) for e in wishes(declared(), StateImpact(origin=origin(), impact="x")))


def test_an_update_waits_for_the_status_message_it_replies_to():
    from_status = PostUpdate(audience="support")
    assert ShowStatus(audience="support").lane == "status:support" == from_status.needs_lane


def test_effects_and_events_are_read_back_as_written():
    incident = declared("SEV1")
    for effect in wishes(None, DeclareIncident(origin=origin(), title="x", severity="SEV1")):
        assert read_effect(*write_effect(effect)) == effect
    decision = decided(incident, StateImpact(origin=origin(), impact="Nobody can pay"))[1]
    for event in decision.events:
        kind, data, text = write_event(event)
        assert read_event(kind, event.at, event.actor, data, text) == event
        assert "Nobody can pay" in text and "Nobody can pay" not in data


def test_every_kind_of_event_has_a_name_of_its_own():
    assert len(EVENTS) == len(set(EVENTS.values()))
