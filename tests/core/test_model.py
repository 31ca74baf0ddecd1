"""The model check in short: what is within reach of any point on the way from the declaration to the close. The long form, until
nothing new is found, is `python -m tests.core.model`."""

from functools import cache

import pytest

from bot.core import ends, lifecycle, vocabulary
from bot.core.decision import Command, accept
from bot.core.effects import EFFECTS
from bot.core.facts import VerifyRecovery
from bot.core.incident import Incident, Phase
from bot.core.learning.actions import NeedNoAction
from bot.core.lifecycle import AdvancePhase, PhaseEntered
from bot.core.policy import Policy
from bot.core.refusal import Refusal
from bot.core.roles import RoleTaken, TakeRole
from bot.core.tracker.hypotheses import OfHypothesis
from tests.core.alphabet import EVERYTHING, LEFT_OUT, SCOPES, Scope
from tests.core.given import BOB
from tests.core.invariants import INVARIANTS
from tests.core.model import SEEN, UNSEEN, Explored, Wrong

DEPTH = {
    "corrected policies": 1,
    "everything": 1,
    "tests": 1,
    "action items": 3,
    "action items of a private incident": 1,
    "reminders of action items": 4,
}
"""How far from the way to the close each scope is explored here; two commands where nothing is said."""


@cache
def explored(scope: Scope) -> Explored:
    """The scope, explored as far as it takes a second or two."""
    return Explored(scope).explore(DEPTH.get(scope.name, 2))


@pytest.mark.parametrize("scope", [*SCOPES, EVERYTHING], ids=lambda scope: scope.name)
def test_every_invariant_holds_in_every_state_within_reach_and_every_state_can_be_closed(scope):
    found = explored(scope)
    print(f"{len(found.states)} states, {found.transitions} transitions, {len(INVARIANTS)} invariants hold")
    assert {incident.phase for incident, _ in found.states} == (set(Phase) if scope.walks else {Phase.DETECTION})
    assert any(not incident.is_open for incident, _ in found.states)


def leaves(kind: type) -> set[type]:
    """The kinds of this kind that have no kinds of their own, as far as Lockstep has them."""
    below: list[type] = kind.__subclasses__()
    own = {kind} if kind.__module__.startswith("bot.") else set()
    return own if not below else {leaf for one in below for leaf in leaves(one)}


def test_every_kind_of_command_is_explored_or_left_out_for_a_reason():
    there = leaves(Command)
    explored_kinds = {kind for kind in there if kind.__name__ in explored(EVERYTHING).kinds}
    assert {*vocabulary._DECIDE} < there
    assert OfHypothesis not in there
    assert explored_kinds | {*LEFT_OUT} == there
    assert not explored_kinds & {*LEFT_OUT}
    assert all(LEFT_OUT.values())


def test_every_event_every_refusal_and_every_effect_there_is_occurs_in_what_is_explored():
    kinds = set().union(*(explored(scope).kinds for scope in (*SCOPES, EVERYTHING)))
    refusals = {kind.__name__ for kind in Refusal.__args__[0].__args__}
    assert {*vocabulary.EVENTS} | refusals | {effect.__name__ for effect in EFFECTS} <= kinds


def test_every_field_of_an_incident_tells_states_apart_or_is_left_out_for_a_reason():
    assert {*SEEN} | {*UNSEEN} == {*Incident.model_fields}
    assert not {*SEEN} & {*UNSEEN}
    assert all(UNSEEN.values())


GATES = next(scope for scope in SCOPES if scope.name == "gates")


def test_a_gate_that_asks_for_less_is_found_and_the_way_there_is_told(monkeypatch):
    monkeypatch.setattr(lifecycle, "missing", lambda incident, policy: ())
    with pytest.raises(Wrong, match=r"(?s)^DeclareIncident.*AdvancePhase.*left too early"):
        Explored(GATES).explore(1)


def test_a_rule_that_leaves_no_way_out_is_found(monkeypatch):
    monkeypatch.setitem(vocabulary._DECIDE, VerifyRecovery, lambda *_: accept())
    with pytest.raises(Wrong, match="can never be closed"):
        Explored(GATES).explore(1)


def test_a_seat_that_is_taken_from_somebody_is_found(monkeypatch):
    def seat(incident: Incident, command: TakeRole, policy: object) -> object:
        return accept(RoleTaken(at=command.at, actor=command.actor, role=command.role, user=command.user))

    monkeypatch.setitem(vocabulary._DECIDE, TakeRole, seat)
    with pytest.raises(Wrong):
        Explored(GATES).explore(1)


def test_a_button_that_walks_two_phases_is_found(monkeypatch):
    def advance(incident: Incident, command: AdvancePhase, policy: object) -> object:
        assert incident.phase.next
        return accept(PhaseEntered(at=command.at, actor=command.actor, phase=incident.phase.next))

    monkeypatch.setattr(lifecycle, "barred", lambda *_: None)
    monkeypatch.setitem(vocabulary._DECIDE, AdvancePhase, advance)
    with pytest.raises(Wrong):
        Explored(GATES).explore(1)


ENDS = next(scope for scope in SCOPES if scope.name == "ends and links")


def test_a_rule_that_lets_anybody_cancel_is_found(monkeypatch):
    monkeypatch.setattr(ends.CancelIncident, "act", None)
    with pytest.raises(Wrong, match=r"(?s)TakeRole.*CancelIncident"):
        Explored(ENDS).explore(2)


def test_a_merge_into_what_is_over_is_found(monkeypatch):
    monkeypatch.setattr(ends, "_unfit", lambda *_: None)
    with pytest.raises(Wrong, match="MergeIncident"):
        Explored(ENDS).explore(1)


def test_a_rule_that_reads_what_tells_no_states_apart_is_found(monkeypatch):
    def need_none(incident: Incident, command: NeedNoAction, policy: Policy) -> object:
        return accept() if incident.phase_by == BOB else by_rule(incident, command, policy)

    by_rule = vocabulary._DECIDE[NeedNoAction]
    monkeypatch.setitem(vocabulary._DECIDE, NeedNoAction, need_none)
    with pytest.raises(Wrong, match="is seen as the same state, but is not"):
        Explored(GATES).explore(1)
