"""What falls due by itself: derived from the incident and its policy, and done once."""

import pytest

from bot.core.decision import SYSTEM, Origin
from bot.core.due import falls_due, turn, when_due
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.roles import AskForCommander
from bot.core.rooms import BindRoom, RetireRoom
from bot.core.router.updates import KeepPromise, whole_minute
from tests.core.given import (
    BOB,
    POLICY,
    POLICY_WITH_DRAFTS,
    at,
    commanded,
    decided,
    declared,
    ended,
    in_phase,
    kinds,
    origin,
    policy_with,
)

A_WEEK = policy_with(POLICY_WITH_DRAFTS, archive_room_after_days=7)
BIND = BindRoom(origin=origin(), channel="C1", name="inc-1")


def fired(incident: Incident, name: str, policy: Policy) -> tuple[Incident, list[str]]:
    """The incident after what is due under this name was done on time, and the kinds of events that it led to."""
    due = falls_due(incident, policy)[name]
    after, decision = decided(incident, when_due(name, due, origin(SYSTEM).but(at=due)), policy=policy)
    return after, kinds(decision)


def test_a_new_incident_owes_its_audiences_an_update_and_waits_for_a_commander():
    assert falls_due(declared(), POLICY) == {
        "update:executives": at(15),
        "update:support": at(15),
        "commander": at(2),
    }


def test_a_commander_is_waited_for_no_more_once_there_is_one():
    assert set(falls_due(commanded(), POLICY)) == {
        "update:executives",
        "update:support",
        "rest:incident commander",
    }


def test_restored_service_leaves_nothing_due():
    assert falls_due(in_phase(Phase.POSTMORTEM), POLICY) == {}


def test_after_the_end_only_the_archiving_of_its_room_is_due_and_what_people_took_on():
    incident = ended(decided(declared(policy=A_WEEK), BIND, policy=A_WEEK)[0], A_WEEK)
    assert set(falls_due(incident, A_WEEK)) == {"retire room", f"actions:{BOB}", "overdue actions"}
    assert falls_due(incident, A_WEEK)["retire room"] == at(7 * 24 * 60)
    assert set(falls_due(incident.but(action_items=()), POLICY)) == set()


@pytest.mark.parametrize(
    ("name", "command"),
    [("update:support", KeepPromise), ("commander", AskForCommander), ("retire room", RetireRoom)],
)
def test_what_is_due_becomes_the_command_that_says_whether_it_still_stands(name, command):
    asked = Origin(team="T1", incident=1, actor=SYSTEM, at=at(9), key="timer")
    due = when_due(name, at(8), asked)
    assert isinstance(due, command) and due.origin == asked and due.is_report
    assert getattr(due, "due", None) == at(8)


def test_an_update_falls_due_for_the_audience_in_its_name():
    due = when_due("update:executives", at(8), origin(SYSTEM))
    assert isinstance(due, KeepPromise) and due.audience == "executives"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commander", ["SeatFoundEmpty"]),
        ("update:support", ["UpdateIssued"]),
        ("reminder", ["UpdateReminded"]),
    ],
)
def test_what_falls_due_is_done_and_then_due_later_or_not_at_all(name, expected):
    incident = declared(policy=A_WEEK)
    after, done = fired(incident, name, A_WEEK)
    assert done == expected
    assert name not in falls_due(after, A_WEEK) or falls_due(after, A_WEEK)[name] > falls_due(incident, A_WEEK)[name]


def test_two_bots_that_fire_the_same_do_it_once():
    incident = declared(policy=A_WEEK)
    for name, due in falls_due(incident, A_WEEK).items():
        after, _ = fired(incident, name, A_WEEK)
        again = decided(after, when_due(name, due, origin(SYSTEM).but(at=due)), policy=A_WEEK)[1]
        assert again.events == () and again.refusal is None


def test_what_is_done_late_is_next_due_a_full_cadence_later():
    incident = declared("SEV1")
    due = falls_due(incident, POLICY)["update:support"]
    after, _ = decided(incident, when_due("update:support", due, origin(SYSTEM, 200)))
    assert falls_due(after, POLICY)["update:support"] == whole_minute(at(215))


def test_what_is_due_follows_from_a_stored_state_as_from_a_folded_one():
    incident = decided(declared("SEV1", A_WEEK), BIND, policy=A_WEEK)[0]
    stored = Incident.model_validate_json(incident.canonical())
    assert list(falls_due(stored, A_WEEK).items()) == list(falls_due(incident, A_WEEK).items())
    assert stored == incident


def test_of_what_is_due_at_once_questions_come_last_and_of_them_what_can_wait():
    due = ["rest:deputy", "reminder", "span:operations lead", "update:support", "hint", "phase", "hold"]
    last = ["phase", "hint", "span:operations lead", "rest:deputy", "reminder"]
    assert sorted(due, key=turn) == ["update:support", "hold", *last]
