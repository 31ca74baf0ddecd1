"""Subscribers: people who hear of an incident because they asked for it, now or before there was one."""

import pytest

from bot.core.decision import SYSTEM, AttemptRefused
from bot.core.effects import PostUpdate, SendDirect, ShowStatus
from bot.core.ends import MergeIncident
from bot.core.incident import Incident, LinkKind, Phase
from bot.core.lifecycle import DeclareIncident
from bot.core.links import counterparts
from bot.core.policy_parts import SUBSCRIBERS
from bot.core.privacy import insiders, sees
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.router.updates import UpdateIssued, listeners, owed
from bot.core.standing import Kind, Standing, of_kind
from bot.core.vocabulary import decide, fold
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    closed,
    decided,
    declared,
    kinds,
    only,
    origin,
    policy_with,
    wishes,
    with_audience,
)

DIRECTORS = with_audience(name="directors", channel=None, people=["@directors", "carol@acme.example"])
"""What directors read, they read in direct messages."""


def subscribe(who: str = BOB, minutes: float = 5, *, by_rule: bool = False) -> Subscribe:
    """Somebody wants to hear of the incident."""
    return Subscribe(origin=origin(SYSTEM if by_rule else who, minutes), people=(who,), by_rule=by_rule)


def private(**changes: object) -> Incident:
    """An incident at SEV1 that was declared in private."""
    policy = policy_with(POLICY, **changes)
    command = DeclareIncident(origin=origin(ALICE), title="Data was copied", severity="SEV1", is_private=True)
    incident = fold(None, decide(None, command, policy, number=1).events)
    assert incident
    return incident


def test_the_first_subscriber_is_told_at_once_and_promised_the_next():
    after, decision = decided(declared("SEV1"), subscribe())
    assert kinds(decision) == ["PeopleSubscribed", "UpdateIssued"]
    update = only(UpdateIssued, decision)
    assert update.audience == SUBSCRIBERS and update.promised == owed(after, POLICY)[SUBSCRIBERS]
    assert SendDirect(audience=SUBSCRIBERS, only=(BOB,)) in wishes(declared("SEV1"), subscribe())


def test_a_later_one_hears_alone_and_no_promise_moves():
    first = decided(declared("SEV1"), subscribe())[0]
    after, decision = decided(first, subscribe(CAROL, 9))
    assert kinds(decision) == ["PeopleSubscribed"] and after.told == first.told
    assert wishes(first, subscribe(CAROL, 9)) == [SendDirect(audience=SUBSCRIBERS, only=(CAROL,), is_update=False)]


def test_subscribing_twice_and_ending_what_never_was_are_nothing():
    once = decided(declared("SEV1"), subscribe())[0]
    assert not decided(once, subscribe())[1].events
    assert not decided(declared("SEV1"), Unsubscribe(origin=origin(BOB), person=BOB))[1].events


def test_when_nobody_is_left_nothing_is_owed_to_them():
    once = decided(declared("SEV1"), subscribe())[0]
    none, decision = decided(once, Unsubscribe(origin=origin(BOB, 9), person=BOB))
    assert kinds(decision) == ["PeopleUnsubscribed"]
    assert SUBSCRIBERS not in (*listeners(none, POLICY), *none.told, *none.promises, *owed(none, POLICY))
    assert all(one.audience != SUBSCRIBERS for one in none.unsent)


def test_who_left_by_hand_is_not_brought_back_by_a_rule_but_by_hand():
    left = decided(declared("SEV1"), subscribe(), Unsubscribe(origin=origin(BOB, 9), person=BOB))[0]
    assert not decided(left, subscribe(by_rule=True))[1].events
    back = decided(left, subscribe(minutes=10))[0]
    assert back.subscribers == (BOB,) and back.unsubscribed == ()


def test_subscribers_of_what_was_merged_subscribe_to_what_goes_on():
    survivor = declared("SEV1").but(number=7, unsubscribed=(CAROL,))
    absorbed = decided(declared("SEV1"), subscribe(), subscribe(CAROL))[0]
    after, decision = decided(absorbed, MergeIncident(origin=origin(ALICE, 9), into=7, survivor=survivor))
    (linking,) = counterparts(after, decision.events, MergeIncident(origin=origin(ALICE, 9), into=7))
    assert linking.kind is LinkKind.ABSORBED and SUBSCRIBERS not in linking.told
    joined = decided(survivor, linking)[0]
    assert joined.subscribers == (BOB,) and SUBSCRIBERS in listeners(joined, POLICY)


@pytest.mark.parametrize(
    ("kind", "value", "hears"),
    [
        (Kind.SEVERITY, "SEV2", True),
        (Kind.SEVERITY, "SEV1", False),
        (Kind.SEVERITY, "SEV3", True),
        (Kind.SEVERITY, "P0", False),
        (Kind.BOUNDARY, "checkout", True),
        (Kind.BOUNDARY, "search", False),
    ],
)
def test_a_standing_subscription_means_a_severity_and_worse_or_a_part_of_the_map(kind, value, hears):
    incident = declared("SEV2").but(boundaries=("checkout",))
    asked = [Standing(person=BOB, kind=kind, value=value)]
    assert of_kind(incident, asked, POLICY) == ((BOB,) if hears else ())
    assert of_kind(incident.but(is_private=True), asked, POLICY) == ()


def test_an_incident_without_a_severity_counts_as_the_policy_says():
    asked = [Standing(person=BOB, kind=Kind.SEVERITY, value=POLICY.unset_counts_as)]
    assert of_kind(declared(None), asked, POLICY) == (BOB,)


def test_an_audience_of_people_has_no_message_that_shows_how_things_stand():
    found = wishes(declared(None, DIRECTORS), subscribe(), DIRECTORS)
    assert found and not any(isinstance(one, ShowStatus | PostUpdate) for one in found)
    update = decided(declared("SEV1", DIRECTORS), subscribe(), policy=DIRECTORS)[0]
    assert "directors" in listeners(update, DIRECTORS)


def test_the_room_is_told_once_of_each_who_cannot_be_reached():
    incident = declared("SEV1", DIRECTORS)
    confirm = ConfirmUpdate(origin=origin(SYSTEM, 1), audience="directors", update=2, unreached=(CAROL,))
    assert len(wishes(incident, confirm, DIRECTORS)) == 1
    after = decided(incident, confirm, policy=DIRECTORS)[0]
    assert after.unreached == (CAROL,) and not wishes(after, confirm, DIRECTORS)


def test_of_a_private_incident_only_audiences_hear_that_the_policy_names():
    assert listeners(private(), POLICY) == []
    board = with_audience(name="board", channel="#board", hear_private=True)
    assert listeners(private(), board) == ["board"]
    assert listeners(declared("SEV1"), POLICY) != []


def test_a_policy_can_forbid_private_incidents():
    assert private().is_private and not private(may_be_private=False).is_private


def test_a_private_incident_is_seen_by_who_has_a_part_in_it():
    incident = decided(private(), subscribe())[0]
    assert insiders(incident) == (ALICE, BOB)
    assert sees(incident, ALICE) and sees(incident, "") and not sees(incident, CAROL)
    assert sees(declared("SEV1"), CAROL)


def test_a_private_incident_and_a_public_one_are_not_merged():
    command = MergeIncident(origin=origin(ALICE, 9), into=7, survivor=declared("SEV1").but(number=7))
    after, decision = decided(private(), command)
    assert decision.refusal is not None and after.is_open
    assert only(AttemptRefused, decision)


def test_nobody_is_made_a_subscriber_of_a_private_incident_by_a_rule():
    assert not decided(private(), subscribe(by_rule=True))[1].events


def test_who_subscribes_in_the_review_is_promised_nothing():
    after, decision = decided(declared("SEV1").but(phase=Phase.POSTMORTEM), subscribe())
    assert only(UpdateIssued, decision).promised is None and after.subscribers == (BOB,)
    assert decided(closed(), subscribe())[1].refusal is not None
