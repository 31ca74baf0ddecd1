"""Roles: taken while empty, handed over in one step, and asked for once when nobody leads."""

import pytest

from bot.core.decision import SYSTEM, AttemptRefused
from bot.core.due import falls_due
from bot.core.effects import Announce, Invite, SetTopic, ShowCard, Tell
from bot.core.incident import COMMANDER, Seat
from bot.core.policy_parts import ROLES
from bot.core.refusal import NotInPolicy, SeatTaken
from bot.core.roles import NOBODY, AskForCommander, HandOver, RoleTaken, SeatFoundEmpty, TakeRole, commander_due
from bot.core.router.updates import UpdateIssued
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    closed,
    commanded,
    decided,
    declared,
    kinds,
    only,
    origin,
    policy_with,
    wishes,
)

DAN = "UDAN"
SMALL = policy_with(roles=[{"name": COMMANDER, "short": ["ic"], "does": "leads"}])


@pytest.mark.parametrize("name", [role.name for role in ROLES])
def test_every_role_of_the_policy_can_be_taken_while_it_is_empty(name):
    after, decision = decided(declared(), TakeRole(origin=origin(BOB, 3), role=name, user=BOB))
    assert decision.events == (RoleTaken(at=at(3), actor=BOB, role=name, user=BOB),)
    assert after.seats == {name: Seat(user=BOB, since=at(3))}


def test_who_takes_a_role_without_saying_which_leads():
    after, _ = decided(declared(), TakeRole(origin=origin(BOB), user=BOB))
    assert after.commander == Seat(user=BOB, since=at(0))


@pytest.mark.parametrize("typed", ["ops", "OPS", " Operations ", "operations lead"])
def test_a_role_typed_by_a_short_word_in_any_case_is_kept_under_its_name(typed):
    for command in (
        TakeRole(origin=origin(), role=typed, user=BOB),
        HandOver(origin=origin(), role=typed, user=BOB),
    ):
        assert list(decided(declared(), command)[0].seats) == ["operations lead"]


def test_a_role_that_the_policy_does_not_have_is_refused_with_those_it_has():
    for command in (
        TakeRole(origin=origin(), role="astrologer", user=BOB),
        HandOver(origin=origin(), role="astrologer", user=BOB),
    ):
        after, decision = decided(declared(), command)
        known = tuple(role.name for role in ROLES)
        assert decision.refusal == NotInPolicy(what="role", given="astrologer", known=known)
        assert after.seats == {}


def test_the_roles_are_those_of_the_incidents_own_policy():
    taken = decided(declared(), TakeRole(origin=origin(), role="scribe", user=BOB), policy=SMALL)[1]
    assert taken.refusal == NotInPolicy(what="role", given="scribe", known=(COMMANDER,))


def test_a_seat_somebody_else_has_is_not_taken_and_the_refusal_says_who_has_it_since_when():
    incident, _ = decided(declared(), TakeRole(origin=origin(ALICE, 1), role="scribe", user=ALICE))
    after, decision = decided(incident, TakeRole(origin=origin(BOB, 2), role="scribe", user=BOB))
    assert decision.refusal == SeatTaken(role="scribe", user=ALICE, since=at(1))
    assert kinds(decision) == ["AttemptRefused"] and after.seats == incident.seats


def test_taking_ones_own_seat_again_does_not_even_change_since_when():
    incident = commanded()
    after, decision = decided(incident, TakeRole(origin=origin(ALICE, 9), user=ALICE))
    assert decision.events == () and decision.refusal is None
    assert after == incident


def test_one_person_may_have_several_roles():
    after, _ = decided(commanded(), TakeRole(origin=origin(), role="scribe", user=ALICE))
    assert {role: seat.user for role, seat in after.seats.items()} == {COMMANDER: ALICE, "scribe": ALICE}


def test_a_hand_over_swaps_the_holder_in_one_step_and_leaves_the_other_roles_alone():
    incident, _ = decided(
        commanded(),
        TakeRole(origin=origin(BOB, 1), role="scribe", user=BOB),
        TakeRole(origin=origin(CAROL, 1), role="deputy", user=CAROL),
    )
    after, decision = decided(incident, HandOver(origin=origin(ALICE, 4), role="scribe", user=CAROL))
    assert decision.events == (RoleTaken(at=at(4), actor=ALICE, role="scribe", user=CAROL, former=BOB),)
    assert after.seats == {**incident.seats, "scribe": Seat(user=CAROL, since=at(4))}


def test_of_two_hand_overs_at_the_same_moment_the_second_reads_who_has_the_role_now():
    seated = decided(commanded(), TakeRole(origin=origin(BOB), role="scribe", user=BOB))[0]
    first = HandOver(origin=origin(ALICE, 1), role="scribe", user=CAROL, instead_of=BOB)
    incident, decision = decided(seated, first)
    assert decision.refusal is None
    second = HandOver(origin=origin(ALICE, 1.5), role="scribe", user=DAN, instead_of=BOB)
    after, decision = decided(incident, second)
    assert decision.refusal == SeatTaken(role="scribe", user=CAROL, since=at(1))
    assert only(AttemptRefused, decision).attempt == "HandOver"
    assert after.seats == incident.seats


def test_an_empty_seat_can_be_given_to_somebody():
    decision = decided(declared(), HandOver(origin=origin(ALICE), role="deputy", user=BOB))[1]
    assert only(RoleTaken, decision).former is None


@pytest.mark.parametrize("instead_of", [None, ALICE, CAROL])
def test_handing_a_role_to_who_has_it_changes_nothing(instead_of):
    again = HandOver(origin=origin(BOB, 5), role=COMMANDER, user=ALICE, instead_of=instead_of)
    after, decision = decided(commanded(by=ALICE), again)
    assert decision.events == () and decision.refusal is None
    assert after.commander == Seat(user=ALICE, since=at(0))


def test_who_gives_out_a_role_that_seemed_to_be_nobodys_reads_who_has_it_meanwhile():
    given = HandOver(origin=origin(CAROL), role=COMMANDER, user=BOB, instead_of=NOBODY)
    assert decided(commanded(by=ALICE), given)[1].refusal == SeatTaken(role=COMMANDER, user=ALICE, since=at(0))
    assert decided(declared(), given)[0].seats[COMMANDER].user == BOB


def test_a_role_that_seemed_to_be_somebodys_and_is_empty_can_be_handed_over():
    given = HandOver(origin=origin(), role="scribe", user=BOB, instead_of=ALICE)
    assert decided(declared(), given)[0].seats["scribe"].user == BOB


def test_who_takes_a_role_is_told_of_everywhere_and_not_invited_where_they_are():
    assert wishes(declared(), TakeRole(origin=origin(BOB), user=BOB)) == [ShowCard(), SetTopic(), Announce(), Tell()]


def test_who_is_given_a_role_is_brought_into_the_room():
    for command in (
        TakeRole(origin=origin(ALICE), role="scribe", user=BOB),
        HandOver(origin=origin(ALICE), role="scribe", user=BOB),
    ):
        found = wishes(declared(), command)
        assert found == [ShowCard(), SetTopic(), Announce(), Tell(), Invite(people=(BOB,), lane_of="scribe")]


def test_a_change_of_roles_is_no_news_for_stakeholders():
    decision = decided(declared("SEV1"), TakeRole(origin=origin(), user=ALICE))[1]
    assert not [event for event in decision.events if isinstance(event, UpdateIssued)]


def ask(minutes: float = 2) -> AskForCommander:
    """What the timer asks that fell due these minutes after the start."""
    return AskForCommander(origin=origin(SYSTEM, minutes), due=at(minutes))


def test_two_minutes_without_a_commander_and_the_room_is_asked():
    assert commander_due(declared(), POLICY) == at(2)
    after, decision = decided(declared(), ask())
    assert decision.events == (SeatFoundEmpty(at=at(2), actor=SYSTEM, role=COMMANDER, is_prompt=True),)
    assert after.reminded_of == (COMMANDER,) and after.commander is None


def test_the_policy_says_how_long_to_wait_for_a_commander():
    patient = policy_with(ask_for_commander_after_minutes=7)
    assert commander_due(declared(), patient) == at(7)
    assert decided(declared(), ask(2), policy=patient)[1].events == ()
    assert kinds(decided(declared(), ask(7), policy=patient)[1]) == ["SeatFoundEmpty"]


def test_the_room_is_asked_only_once():
    asked, _ = decided(declared(), ask())
    assert commander_due(asked, POLICY) is None and "commander" not in falls_due(asked, POLICY)
    assert decided(asked, ask())[1].events == ()


def test_nobody_is_asked_once_there_is_a_commander():
    assert commander_due(commanded(), POLICY) is None
    assert decided(commanded(), ask())[1].events == ()


def test_another_role_than_the_commanders_stops_no_question():
    incident, _ = decided(declared(), TakeRole(origin=origin(), role="scribe", user=ALICE))
    assert commander_due(incident, POLICY) == at(2)


def test_a_question_that_falls_due_after_the_end_is_not_asked_and_not_refused():
    assert commander_due(closed().but(seats={}), POLICY) is None
    decision = decided(closed(), ask())[1]
    assert decision.events == () and decision.refusal is None


def test_the_question_is_put_to_the_room_alone():
    assert wishes(declared(), ask()) == [Tell()]
