"""Offered and accepted: command stays with its holder until somebody accepts it (R4), and whoever does not answer loses it (R6)."""

import pytest

from bot.core.claims import AnswerClaim, ClaimAnswered, ClaimRole, RoleClaimed, SettleClaim
from bot.core.decision import SYSTEM
from bot.core.due import falls_due, when_due
from bot.core.effects import Invite, Tell
from bot.core.incident import COMMANDER, Claim, Incident, Offer, Seat, Side
from bot.core.offers import AcceptRole, DeclineRole, OfferDeclined, OfferExpired, OfferWithdrawn, WithdrawOffer
from bot.core.refusal import ClaimWaits, NoClaim, NoOffer, NotInPolicy, NotYours, SaysNothing, SeatTaken
from bot.core.roles import HandOver, How, RoleOffered, RoleTaken, TakeCommand, TakeRole
from bot.core.tracker.hypotheses import ParkHypothesis, ProposeHypothesis, TestStarted
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    commanded,
    conclude,
    decided,
    declared,
    ended,
    kinds,
    only,
    origin,
    policy_with,
    predicted,
    start_test,
    wishes,
)

OFFER = HandOver(origin=origin(ALICE, 10), role="ic", user=BOB)
ACCEPT = AcceptRole(origin=origin(BOB, 12), role=COMMANDER)
CLAIM = ClaimRole(origin=origin(BOB, 10))


def offered() -> Incident:
    """ALICE leads, and has offered command to BOB."""
    return decided(commanded(), OFFER)[0]


def claimed() -> Incident:
    """ALICE leads, and BOB has asked whether she is there."""
    return decided(commanded(), CLAIM)[0]


def fired(incident: Incident, name: str) -> tuple[Incident, tuple[object, ...]]:
    """What comes of that which is due under this name, on time."""
    due = falls_due(incident, POLICY)[name]
    after, decision = decided(incident, when_due(name, due, origin(SYSTEM).but(at=due)))
    return after, decision.events


# Offers


def test_command_is_offered_for_five_minutes_and_stays_where_it_is():
    after, decision = decided(commanded(), OFFER)
    assert decision.events == (RoleOffered(at=at(10), actor=ALICE, role=COMMANDER, to=BOB, until=at(15)),)
    assert after.offers == {COMMANDER: Offer(to=BOB, until=at(15))}
    assert after.seats == {COMMANDER: Seat(user=ALICE, since=at(0))}
    assert wishes(commanded(), OFFER) == [Tell(), Invite(people=(BOB,), lane_of=COMMANDER)]


def test_whoever_accepts_is_in_command_from_then_on():
    after, decision = decided(offered(), ACCEPT)
    taken = RoleTaken(at=at(12), actor=BOB, role=COMMANDER, user=BOB, former=ALICE, how=How.ACCEPTED)
    assert decision.events == (taken,)
    assert after.commander == Seat(user=BOB, since=at(12))
    assert not after.offers and "offer:incident commander" not in falls_due(after, POLICY)


@pytest.mark.parametrize("role", ["deputy", "scribe", "operations lead", "communications lead"])
def test_any_other_role_passes_at_once(role):
    incident, _ = decided(commanded(), TakeRole(origin=origin(CAROL), role=role, user=CAROL))
    after, _ = decided(incident, HandOver(origin=origin(ALICE, 1), role=role, user=BOB))
    assert after.seats[role].user == BOB and not after.offers


def test_the_policy_says_which_roles_are_offered():
    policy = policy_with(hand_over_is_accepted=["scribe"], offer_expires_after_minutes=9)
    incident, _ = decided(commanded(), TakeRole(origin=origin(CAROL), role="scribe", user=CAROL), policy=policy)
    after, _ = decided(incident, HandOver(origin=origin(CAROL, 1), role="scribe", user=BOB), policy=policy)
    assert after.offers == {"scribe": Offer(to=BOB, until=at(10))}
    assert decided(after, OFFER, policy=policy)[0].seats[COMMANDER].user == BOB


def test_an_empty_seat_is_filled_at_once():
    assert decided(declared(), OFFER)[0].commander == Seat(user=BOB, since=at(10))


@pytest.mark.parametrize("to", [BOB, CAROL])
def test_only_the_holder_names_a_successor(to):
    theirs = HandOver(origin=origin(BOB, 1), role=COMMANDER, user=to)
    after, decision = decided(commanded(), theirs)
    assert decision.refusal == NotYours(what="hand-over", role=COMMANDER, user=ALICE)
    assert after.commander == Seat(user=ALICE, since=at(0)) and not after.offers


def test_the_same_offer_again_changes_nothing_and_another_takes_its_place():
    again = OFFER.but(origin=origin(ALICE, 11))
    assert decided(offered(), again)[1].events == ()
    after, _ = decided(offered(), again.but(user=CAROL))
    assert after.offers == {COMMANDER: Offer(to=CAROL, until=at(16))}
    assert decided(after, ACCEPT)[1].refusal == NotYours(what="offer", role=COMMANDER, user=CAROL)


@pytest.mark.parametrize("answer", [AcceptRole, DeclineRole])
@pytest.mark.parametrize("who", [ALICE, CAROL])
def test_only_the_person_offered_can_answer(answer, who):
    after, decision = decided(offered(), answer(origin=origin(who, 11), role=COMMANDER))
    assert decision.refusal == NotYours(what="offer", role=COMMANDER, user=BOB)
    assert after.offers == offered().offers


@pytest.mark.parametrize("answer", [AcceptRole, DeclineRole])
def test_an_offer_that_does_not_stand_can_not_be_answered(answer):
    decision = decided(commanded(), answer(origin=origin(BOB, 11), role=COMMANDER))[1]
    assert decision.refusal == NoOffer(role=COMMANDER, user=ALICE)


def test_whoever_declines_leaves_command_where_it_is():
    after, decision = decided(offered(), DeclineRole(origin=origin(BOB, 11), role=COMMANDER))
    assert decision.events == (OfferDeclined(at=at(11), actor=BOB, role=COMMANDER, to=BOB),)
    assert after.commander == Seat(user=ALICE, since=at(0)) and not after.offers


def test_whoever_offered_command_takes_the_offer_back():
    withdraw = WithdrawOffer(origin=origin(ALICE, 11), role=COMMANDER)
    after, decision = decided(offered(), withdraw)
    assert decision.events == (OfferWithdrawn(at=at(11), actor=ALICE, role=COMMANDER, to=BOB),)
    assert after.commander == Seat(user=ALICE, since=at(0)) and not after.offers
    assert decided(after, ACCEPT)[1].refusal == NoOffer(role=COMMANDER, user=ALICE)
    assert decided(after, withdraw)[1].refusal == NoOffer(role=COMMANDER, user=ALICE)


@pytest.mark.parametrize("who", [BOB, CAROL])
def test_nobody_else_takes_an_offer_back(who):
    after, decision = decided(offered(), WithdrawOffer(origin=origin(who, 11), role=COMMANDER))
    assert decision.refusal == NotYours(what="withdrawal", role=COMMANDER, user=ALICE)
    assert after.offers == offered().offers


def test_an_offer_that_nobody_answers_expires_and_can_not_be_accepted_any_more():
    after, events = fired(offered(), "offer:incident commander")
    assert events == (OfferExpired(at=at(15), actor=SYSTEM, role=COMMANDER, to=BOB),)
    assert after.commander == Seat(user=ALICE, since=at(0))
    assert decided(after, ACCEPT.but(origin=origin(BOB, 16)))[1].refusal == NoOffer(role=COMMANDER, user=ALICE)


def test_an_offer_is_settled_by_whoever_comes_to_command_in_another_way():
    after, _ = decided(offered(), TakeCommand(origin=origin(CAROL, 11), why="Nobody decides"))
    assert decided(after, ACCEPT)[1].refusal == NoOffer(role=COMMANDER, user=CAROL)


def test_once_it_is_over_no_offer_expires_and_no_claim_passes():
    for incident in (offered(), claimed()):
        assert not [name for name in falls_due(ended(incident), POLICY) if name.startswith(("offer", "claim"))]


# An offer for the sake of something else


def test_who_hands_over_to_test_something_tests_it_once_somebody_else_leads():
    incident, _ = decided(commanded(), ProposeHypothesis(origin=origin(), statement="The pool"))
    unready, waits = decided(incident, OFFER.but(then_test=1), ACCEPT)
    assert kinds(waits) == ["RoleTaken", "HypothesisAssigned"] and unready.hypothesis(1).assignee == ALICE
    after, decision = decided(incident, *predicted(origin(), 1), OFFER.but(then_test=1), ACCEPT)
    assert kinds(decision) == ["RoleTaken", "HypothesisReady", "TestStarted"]
    assert only(TestStarted, decision).assignee == ALICE and not only(TestStarted, decision).solo
    assert after.hypothesis(1).assignee == ALICE


def test_who_hands_over_to_have_another_role_has_it_unless_somebody_was_faster():
    wanting = decided(commanded(), OFFER.but(then_role="scribe"))[0]
    assert {role: seat.user for role, seat in decided(wanting, ACCEPT)[0].seats.items()} == {
        COMMANDER: BOB,
        "scribe": ALICE,
    }
    faster = decided(wanting, TakeRole(origin=origin(CAROL), role="scribe", user=CAROL))[0]
    assert decided(faster, ACCEPT)[0].seats["scribe"].user == CAROL


def test_what_was_parked_meanwhile_is_tested_all_the_same_and_what_turned_out_is_not():
    incident, _ = decided(commanded(), ProposeHypothesis(origin=origin(), statement="The pool"), OFFER.but(then_test=1))
    parked, _ = decided(incident, ParkHypothesis(origin=origin(CAROL), hypothesis=1))
    assert decided(parked, ACCEPT)[0].hypothesis(1).assignee == ALICE
    refuted = conclude(origin=origin(CAROL), hypothesis=1, result=Side.AGAINST, why="Idle")
    assert kinds(decided(parked, refuted, ACCEPT)[1]) == ["RoleTaken"]


# Claims


def test_an_empty_seat_is_taken_at_once_by_whoever_claims_it():
    after, decision = decided(declared(), CLAIM)
    assert kinds(decision) == ["RoleTaken"] and after.commander == Seat(user=BOB, since=at(10))


def test_a_claim_waits_two_minutes_for_an_answer_and_the_commander_goes_on():
    after, decision = decided(commanded(), CLAIM)
    assert decision.events == (RoleClaimed(at=at(10), actor=BOB, role=COMMANDER, user=BOB, of=ALICE, until=at(12)),)
    assert after.claims == {COMMANDER: Claim(user=BOB, of=ALICE, until=at(12))}
    assert after.commander == Seat(user=ALICE, since=at(0))


def test_silence_gives_command_to_the_claimant():
    after, events = fired(claimed(), "claim:incident commander")
    taken = RoleTaken(at=at(12), actor=BOB, role=COMMANDER, user=BOB, former=ALICE, how=How.CLAIMED)
    assert events == (taken,) and after.commander == Seat(user=BOB, since=at(12))
    assert not after.claims


def test_an_answer_keeps_command_where_it_is():
    after, decision = decided(claimed(), AnswerClaim(origin=origin(ALICE, 11)))
    assert decision.events == (ClaimAnswered(at=at(11), actor=ALICE, role=COMMANDER, user=BOB),)
    assert not after.claims and "claim:incident commander" not in falls_due(after, POLICY)
    late = SettleClaim(origin=origin(SYSTEM, 12), role=COMMANDER, due=at(12))
    assert decided(after, late)[1].events == ()


@pytest.mark.parametrize("who", [BOB, CAROL])
def test_only_the_commander_can_say_that_they_are_there(who):
    decision = decided(claimed(), AnswerClaim(origin=origin(who, 11)))[1]
    assert decision.refusal == NotYours(what="claim", role=COMMANDER, user=ALICE)


def test_an_answer_that_comes_too_late_says_who_leads():
    after, _ = fired(claimed(), "claim:incident commander")
    decision = decided(after, AnswerClaim(origin=origin(ALICE, 13)))[1]
    assert decision.refusal == NoClaim(role=COMMANDER, user=BOB)


def test_of_two_who_claim_the_first_waits_and_the_second_reads_it():
    after, decision = decided(claimed(), ClaimRole(origin=origin(CAROL, 11)))
    assert decision.refusal == ClaimWaits(role=COMMANDER, user=BOB, until=at(12))
    assert decided(after, ClaimRole(origin=origin(BOB, 11)))[1] == decided(after, ClaimRole(origin=origin(BOB, 11)))[1]
    assert decided(after, ClaimRole(origin=origin(BOB, 11)))[1].events == ()


@pytest.mark.parametrize(("minutes", "is_there"), [(0.1, True), (1.9, True), (2, False), (30, False)])
def test_of_two_who_reach_for_an_empty_seat_the_second_does_not_challenge_the_first(minutes, is_there):
    decision = decided(commanded(), ClaimRole(origin=origin(BOB, minutes)))[1]
    refusal = SeatTaken(role=COMMANDER, user=ALICE, since=at(0)) if is_there else None
    assert decision.refusal == refusal


def test_a_commander_who_hands_over_is_there():
    after, _ = decided(claimed(), OFFER.but(origin=origin(ALICE, 11), user=CAROL))
    assert not after.claims and after.offers[COMMANDER].to == CAROL


def test_a_claim_is_settled_by_whoever_comes_to_command_in_another_way():
    after, _ = decided(claimed(), TakeCommand(origin=origin(CAROL, 11), why="Nobody decides"))
    assert not after.claims and after.commander == Seat(user=CAROL, since=at(11))


def test_a_role_that_there_is_not_can_not_be_claimed():
    assert isinstance(decided(commanded(), CLAIM.but(role="astrologer"))[1].refusal, NotInPolicy)


def test_claiming_ones_own_role_changes_nothing():
    assert decided(commanded(), ClaimRole(origin=origin(ALICE, 30)))[1].events == ()


# The emergency


@pytest.mark.parametrize("start", [declared, commanded, offered, claimed], ids=lambda start: start.__name__)
def test_in_an_emergency_anybody_takes_command_at_once_with_a_reason(start):
    before = start()
    after, decision = decided(before, TakeCommand(origin=origin(CAROL, 11), why="Nobody decides"))
    taken = only(RoleTaken, decision)
    assert (taken.user, taken.how, taken.why) == (CAROL, How.EMERGENCY, "Nobody decides")
    assert taken.former == (before.commander.user if before.commander else None)
    assert after.commander == Seat(user=CAROL, since=at(11)) and not after.offers and not after.claims


def test_command_is_not_taken_at_once_without_a_reason():
    decision = decided(commanded(), TakeCommand(origin=origin(CAROL), why=" "))[1]
    assert decision.refusal == SaysNothing(what="why you take command")


def test_who_leads_already_takes_nothing():
    assert decided(commanded(), TakeCommand(origin=origin(ALICE), why="I do"))[1].events == ()


def test_a_tester_can_take_command_and_is_tagged():
    incident, _ = decided(
        commanded(),
        ProposeHypothesis(origin=origin(), statement="x"),
        start_test(origin=origin(BOB), hypothesis=1),
        OFFER,
    )
    assert only(RoleTaken, decided(incident, ACCEPT)[1]).solo
