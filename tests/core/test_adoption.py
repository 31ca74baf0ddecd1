"""Adopting a corrected policy: what changes, who hears sooner, and when it does not fit."""

from typing import Any

import pytest

from bot.core.adoption import AdoptPolicy, PolicyAdopted, changes
from bot.core.delivery import DeliveryRetried, ReportFailure
from bot.core.effects import Announce, Invite, SetTopic, ShowCard, ShowStatus, Tell
from bot.core.facts import MarkBoundaries
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.refusal import PolicyDoesNotFit
from bot.core.router.promises import PromiseMoved
from bot.core.router.updates import owed
from bot.core.severity import SetSeverity
from tests.core.given import (
    BOB,
    POLICY,
    at,
    decided,
    declared,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
    wishes,
    with_audience,
)

PLAIN: dict[str, Any] = POLICY.model_dump(mode="json")
SEVERITIES, BOUNDARIES, AUDIENCES = PLAIN["severities"], PLAIN["boundaries"], PLAIN["audiences"]


def adopt(to: Policy, minutes: float = 0) -> AdoptPolicy:
    """BOB brings this policy to the incident."""
    return AdoptPolicy(origin=origin(BOB, minutes), to=to)


def every(minutes: int) -> Policy:
    """The policy with another cadence at SEV1."""
    first, *others = SEVERITIES
    return policy_with(severities=[{**first, "then_every_minutes": minutes}, *others])


def without(*names: str) -> Policy:
    """The policy without these severities."""
    return policy_with(
        unset_counts_as="SEV1",
        severities=[one for one in SEVERITIES if one["name"] not in names],
        audiences=[{"name": "support", "channel": "#support-updates", "hears": ["SEV1"]}],
    )


def promised(incident: Incident) -> dict[str, object]:
    """What each audience was promised."""
    return {name: told.promised for name, told in incident.told.items()}


CORRECTED = policy_with(audiences=[{**AUDIENCES[0], "channel": "#leadership"}, AUDIENCES[1]])


def test_the_incident_follows_the_policy_it_is_brought_and_the_record_says_what_is_different():
    after, decision = decided(declared("SEV1"), adopt(CORRECTED, 5))
    adopted = PolicyAdopted(
        at=at(5), actor=BOB, policy=CORRECTED.hash, former=POLICY.hash, changes=("audience executives",)
    )
    assert decision.events == (adopted,) and after.policy == CORRECTED.hash


def test_adopting_the_policy_it_follows_already_changes_nothing():
    incident = declared("SEV1")
    after, decision = decided(incident, adopt(POLICY))
    assert decision.events == () and decision.refusal is None and after == incident


def test_a_policy_can_be_taken_back():
    corrected, _ = decided(declared("SEV1"), adopt(CORRECTED))
    after, decision = decided(corrected, adopt(POLICY), policy=CORRECTED)
    assert after.policy == POLICY.hash and only(PolicyAdopted, decision).former == CORRECTED.hash


def test_a_policy_without_the_severity_of_the_incident_does_not_fit():
    incident = declared("SEV2")
    after, decision = decided(incident, adopt(without("SEV2")))
    assert decision.refusal == PolicyDoesNotFit(severities=("SEV2",))
    assert kinds(decision) == ["AttemptRefused"] and after.policy == POLICY.hash


def test_a_policy_without_severities_that_the_incident_once_had_does_not_fit_and_each_is_named_once():
    back_and_forth = [SetSeverity(origin=origin(), severity=name) for name in ("SEV3", "SEV2", "SEV1")]
    incident, _ = decided(declared(), *back_and_forth)
    assert incident.severities == (None, "SEV3", "SEV2", "SEV1")
    refusal = decided(incident, adopt(without("SEV2", "SEV3")))[1].refusal
    assert refusal == PolicyDoesNotFit(severities=("SEV3", "SEV2"))


def test_severities_that_the_incident_never_had_may_go():
    for incident in (declared("SEV1"), declared()):
        assert decided(incident, adopt(without("SEV3", "SEV2")))[1].refusal is None


@pytest.mark.parametrize("phase", list(Phase))
def test_a_policy_can_be_adopted_in_every_phase_of_an_open_incident(phase):
    assert decided(in_phase(phase), adopt(CORRECTED))[0].policy == CORRECTED.hash


def test_who_hears_sooner_under_the_new_policy_is_promised_that():
    after, decision = decided(declared("SEV1"), adopt(every(5), 2))
    assert [(event.audience, event.promised) for event in decision.events if isinstance(event, PromiseMoved)] == [
        ("executives", at(7)),
        ("support", at(7)),
    ]
    assert kinds(decision)[0] == "PolicyAdopted"
    assert owed(after, every(5)) == {"executives": at(7), "support": at(7)}


def test_no_promise_is_put_off_by_a_policy_that_promises_less():
    incident = declared("SEV1")
    after, decision = decided(incident, adopt(every(60), 2))
    assert kinds(decision) == ["PolicyAdopted"]
    assert promised(after) == promised(incident)


def test_a_promise_that_comes_sooner_than_the_new_cadence_stands():
    incident = declared("SEV1")
    after, decision = decided(incident, adopt(every(5), 11))
    assert kinds(decision) == ["PolicyAdopted"] and promised(after) == promised(incident)


def test_an_audience_that_the_new_policy_adds_is_owed_its_first_update():
    more = with_audience(hears=["SEV1"], first_update_minutes={"SEV1": 30})
    after, _ = decided(declared("SEV1"), adopt(more, 5))
    assert owed(after, more)["product"] == at(30)


def test_an_audience_that_the_new_policy_drops_is_owed_nothing_more():
    fewer = policy_with(audiences=AUDIENCES[1:])
    after, decision = decided(declared("SEV1"), adopt(fewer))
    assert set(owed(after, fewer)) == {"support"}
    assert only(PolicyAdopted, decision).changes == ("audience executives",)
    assert "executives" in after.told


def test_what_slack_refused_is_tried_again_under_the_new_policy_which_may_have_been_the_reason():
    refused = ReportFailure(origin=origin(), effect="ShowStatus status:executives", reason="not_found", effect_id="e1")
    nameless = refused.but(effect_id=None)
    incident, _ = decided(declared("SEV1"), refused, nameless)
    after, decision = decided(incident, adopt(CORRECTED, 5))
    again = DeliveryRetried(at=at(5), actor=BOB, effect="ShowStatus status:executives", effect_id="e1")
    assert decision.events[1:] == (again,)
    assert [failure.effect_id for failure in after.failures] == [None]


def test_what_is_decided_next_follows_the_new_policy():
    mapped = policy_with(boundaries=[*BOUNDARIES, {"id": "moon", "name": "Moon"}])
    mark = MarkBoundaries(origin=origin(), boundaries=("moon",))
    assert decided(declared(), mark)[1].refusal is not None
    incident, _ = decided(declared(), adopt(mapped))
    assert decided(incident, mark, policy=mapped)[0].boundaries == ("moon",)


def test_an_adopted_policy_is_shown_and_told_everywhere_but_to_stakeholders():
    assert wishes(declared("SEV1"), adopt(CORRECTED)) == [
        ShowCard(),
        SetTopic(),
        Announce(),
        Tell(),
        Invite(people=("@incident-leads", "@payments-oncall"), lane_of="policy"),
        ShowStatus(audience="executives"),
        ShowStatus(audience="support"),
    ]


def test_the_status_of_an_audience_that_is_dropped_or_was_never_told_is_not_shown():
    fewer = policy_with(audiences=AUDIENCES[1:])
    assert ShowStatus(audience="executives") not in wishes(declared("SEV1"), adopt(fewer))
    assert not [one for one in wishes(declared(), adopt(CORRECTED)) if isinstance(one, ShowStatus)]


def test_a_promise_that_moved_is_shown_in_the_status_of_its_audience():
    assert wishes(declared("SEV1"), adopt(every(5)))[-4:] == [
        ShowCard(),
        ShowStatus(audience="executives"),
        ShowCard(),
        ShowStatus(audience="support"),
    ]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"announce_in": "#war-room"}, ("announce_in",)),
        ({"unset_counts_as": "SEV1"}, ("unset_counts_as",)),
        ({"archive_room_after_days": 30}, ("archive_room_after_days",)),
        ({"ask_for_commander_after_minutes": 5}, ("ask_for_commander_after_minutes",)),
        ({"severities": [{**SEVERITIES[0], "means": "Down"}, *SEVERITIES[1:]]}, ("severity SEV1",)),
        ({"boundaries": BOUNDARIES[1:]}, ("boundary checkout",)),
        ({"boundaries": [*BOUNDARIES, {"id": "moon", "name": "Moon"}]}, ("boundary moon",)),
        ({"boundaries": [{"id": "checkout", "name": "Till"}, BOUNDARIES[1]]}, ("boundary checkout",)),
        ({"audiences": [AUDIENCES[0], {**AUDIENCES[1], "sent_by": "a person"}]}, ("audience support",)),
        ({"audiences": []}, ("audience executives", "audience support")),
        ({"roles": PLAIN["roles"][:-1]}, ("role scribe",)),
        (
            {"audiences": AUDIENCES[:1], "boundaries": BOUNDARIES[:1], "announce_in": "#war-room"},
            ("boundary search", "audience support", "announce_in"),
        ),
        ({}, ()),
    ],
)
def test_what_is_different_is_named_in_the_words_of_the_file(changed, named):
    assert changes(POLICY, policy_with(**changed)) == named
