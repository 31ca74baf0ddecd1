"""Permissions: what speaks for all is done by whom the policy names, and nobody has to wait for somebody who is not there."""

import pytest

from bot.core.decision import OPERATOR, SYSTEM, AttemptRefused, Command
from bot.core.facts import StateImpact
from bot.core.gates import WaiveNeeds
from bot.core.incident import COMMANDER, Incident, Phase
from bot.core.lifecycle import AdvancePhase
from bot.core.needs import Need
from bot.core.permissions import barred
from bot.core.policy_parts import ANYONE, DECLARER, MAY, Act
from bot.core.refusal import NotAllowed
from bot.core.roles import TakeRole
from bot.core.router.updates import SendUpdate
from bot.core.severity import SetSeverity
from tests.core.given import ALICE, BOB, CAROL, POLICY, decided, declared, facts_of, origin, policy_with

USUAL = policy_with(may=[], gates=[{"need": "recent changes", "can_be_waived": True}])


def with_seats(**seats: str) -> Incident:
    """An incident that ALICE declared, SEV2, in TRIAGE, in which these people hold these roles."""
    taken = [TakeRole(origin=origin(user), role=role, user=user) for role, user in seats.items()]
    declare = declared("SEV2", USUAL)
    return decided(declare, *facts_of(Phase.DETECTION)[1:], *taken, policy=USUAL)[0].but(phase=Phase.TRIAGE)


LOWER = SetSeverity(origin=origin(), severity="SEV3")
RAISE = SetSeverity(origin=origin(), severity="SEV1")
STEP = AdvancePhase(origin=origin(), to=Phase.CONTAINMENT)
WAIVE = WaiveNeeds(origin=origin(), needs=(Need.CHANGES,), reason="Nobody knows")
SEND = SendUpdate(origin=origin(), text="We are on it.")


@pytest.mark.parametrize(
    ("command", "seats", "actor", "may"),
    [
        (LOWER, {"ic": BOB}, BOB, True),
        (LOWER, {"ic": BOB}, CAROL, False),
        (LOWER, {"ic": BOB, "deputy": CAROL}, CAROL, False),
        (LOWER, {"deputy": BOB}, CAROL, True),
        (RAISE, {"ic": BOB}, CAROL, True),
        (STEP, {"ic": BOB}, CAROL, False),
        (STEP, {"ic": BOB, "deputy": CAROL}, CAROL, True),
        (STEP, {"deputy": BOB}, CAROL, False),
        (STEP, {"scribe": BOB}, CAROL, True),
        (STEP, {}, CAROL, True),
        (STEP, {"ic": BOB}, OPERATOR, True),
        (STEP, {"ic": BOB}, SYSTEM, True),
        (WAIVE, {"ic": BOB}, BOB, True),
        (WAIVE, {"ic": BOB, "deputy": CAROL}, CAROL, False),
        (SEND, {"ic": BOB}, CAROL, False),
        (SEND, {"ic": BOB, "comms": CAROL}, CAROL, True),
        (SEND, {"ic": BOB, "scribe": CAROL}, CAROL, False),
        (StateImpact(origin=origin(), impact="Nobody can pay."), {"ic": BOB}, CAROL, True),
    ],
)
def test_who_may_do_what_in_a_policy_that_does_not_say(command: Command, seats: dict[str, str], actor: str, may: bool):
    incident = with_seats(**seats)
    after, decision = decided(incident, command.but(origin=origin(actor)), policy=USUAL)
    assert isinstance(decision.refusal, NotAllowed) is not may
    if not may:
        assert after == incident.but(seq=incident.seq + 1)
        (attempt,) = decision.events
        assert isinstance(attempt, AttemptRefused) and attempt.actor == actor


def test_a_refusal_names_what_and_who():
    decision = decided(with_seats(ic=BOB), LOWER.but(origin=origin(CAROL)), policy=USUAL)[1]
    assert decision.refusal == NotAllowed(act=Act.LOWER, allowed=(COMMANDER,))


def test_a_first_severity_is_anybodys_to_set():
    incident = decided(declared(policy=USUAL), TakeRole(origin=origin(BOB), user=BOB), policy=USUAL)[0]
    assert decided(incident, LOWER.but(origin=origin(CAROL)), policy=USUAL)[1].refusal is None


def test_facts_that_came_with_a_step_that_is_not_allowed_are_kept():
    step = STEP.but(origin=origin(CAROL), first=(StateImpact(origin=origin(CAROL), impact="Nobody can pay."),))
    after, decision = decided(with_seats(ic=BOB), step, policy=USUAL)
    assert isinstance(decision.refusal, NotAllowed)
    assert after.impact == "Nobody can pay." and after.phase is Phase.TRIAGE


@pytest.mark.parametrize(
    ("who", "actor", "may"),
    [
        ([ANYONE], CAROL, True),
        ([DECLARER, COMMANDER], ALICE, True),
        ([DECLARER, COMMANDER], CAROL, False),
        (["scribe"], BOB, True),
    ],
)
def test_a_policy_says_otherwise(who: list[str], actor: str, may: bool):
    policy = policy_with(USUAL, may=[{"act": "advance", "who": who}])
    incident = with_seats(ic=BOB)
    assert (barred(incident, actor, Act.ADVANCE, policy) is None) is may


def test_every_act_has_somebody_who_may_where_a_policy_does_not_say():
    assert set(MAY) == set(Act)
    assert all(POLICY.may_do(act) == (ANYONE,) for act in Act if act is not Act.CANCEL)
