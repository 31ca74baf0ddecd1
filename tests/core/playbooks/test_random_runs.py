"""Whatever is answered to whatever playbook: no step is run twice, no gate is passed, everything ends, and the same answers give
the same path."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.playbooks.acts import No, Start
from bot.core.playbooks.executor import start
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import fold
from bot.files.playbooks import check_playbook, find_playbooks
from tests.core.playbooks.given import ALICE, NOON, manual
from tests.core.playbooks.given import playbook as playbook_of
from tests.core.playbooks.random_runs import Move, hold, moves, play, playbooks

SHIPPED = find_playbooks(Path(__file__).parents[3] / "playbooks")


def begun(playbook: Playbook):
    """A run of it, with something for every input."""
    inputs = {one.name: one.default or ("5" if one.type == "number" else "x") for one in playbook.inputs}
    facts = start(playbook, Start(at=NOON, run="r1", who=ALICE, inputs=inputs))
    assert not isinstance(facts, No)
    return facts


def shipped(path: Path) -> Playbook:
    """One of those that come with Lockstep."""
    playbook, findings = check_playbook(path.stem, path.read_bytes(), None)
    assert playbook is not None, findings
    return playbook


@settings(max_examples=300, deadline=None)
@given(playbooks(), st.lists(moves, max_size=40))
def test_no_answers_run_a_step_twice_pass_a_gate_or_keep_a_run_from_ending(playbook, done):
    first = begun(playbook)
    facts = play(playbook, first, done)
    hold(playbook, facts)
    assert play(playbook, first, done) == facts


SURE = {"kind": "confirm", "title": "Agree", "question": "Sure?", "on_success": "good", "two_people": True}
AGREEING = [playbook_of({"one": SURE}), playbook_of({"one": manual(point_of_no_return="It is gone.")})]


agreeing = st.builds(Move, st.sampled_from([0, 1]), st.integers(0, 3), st.integers(0, 5), st.just(20))


@pytest.mark.parametrize("playbook", AGREEING, ids=["confirm", "no return"])
@settings(max_examples=150, deadline=None)
@given(done=st.lists(agreeing, max_size=40))
def test_two_people_are_two_whoever_answers_in_whatever_order(playbook, done):
    hold(playbook, play(playbook, begun(playbook), done))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@settings(max_examples=25, deadline=None)
@given(done=st.lists(moves, max_size=60))
def test_nor_do_they_with_those_that_come_with_lockstep(path, done):
    playbook = shipped(path)
    hold(playbook, play(playbook, begun(playbook), done))


@settings(max_examples=100, deadline=None)
@given(playbooks(), st.lists(moves, max_size=30))
def test_a_run_is_read_back_from_what_was_written_down(playbook, done):
    facts = play(playbook, begun(playbook), done)
    written = [(type(fact), fact.model_dump(mode="json")) for fact in facts]
    assert fold([kind.model_validate(data) for kind, data in written]) == fold(facts)
