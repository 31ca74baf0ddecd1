"""A run goes from step to step: whom it asks, what it takes for an answer, and where it goes on."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.core.incident import COMMANDER, Phase
from bot.core.playbooks.acts import CallOff, No, Person, Readings, Report, Settle, Start, Tick, Unlock, Why
from bot.core.playbooks.executor import next_due, start
from bot.core.playbooks.facts import Lock, RunStarted, StepEntered
from bot.core.playbooks.judging import Sample, Series
from bot.core.playbooks.run import fold, unsettled
from bot.core.playbooks.turns import Call, Measure, RunOther, Tell, wishes
from tests.core.playbooks.given import ALICE, BOB, CARL, NOON, OPS, Going, changing, check, manual, minutes, playbook

SURE = {"kind": "confirm", "title": "Agree", "question": "Sure?", "on_success": "good", "two_people": True}
WAYS = {
    "left": {"label": "Left", "when": "It is left.", "goes_to": "good"},
    "right": {"label": "Right", "when": "It is right.", "goes_to": "bad"},
}
CHOICE = {"kind": "decision", "title": "Choose", "question": "Where?", "options": WAYS, "default": "right"}
CALL = {"method": "POST", "url": "https://deploys.example.com/${service}"}
HTTP = {"kind": "http", "title": "Call", "call": CALL, "on_success": "good"}
SERVICE = [{"name": "service", "asks": "Which?"}]


def readings(*values: float, after: float = 5, subject: str = "look") -> Readings:
    """A number a minute, the last so many minutes after noon."""
    times = [minutes(after) - timedelta(minutes=back) for back in reversed(range(len(values)))]
    samples = tuple(Sample(at=at, value=value) for at, value in zip(times, values, strict=True))
    return Readings(at=minutes(after), subject=subject, series={"errors": Series(samples=samples)})


def test_from_the_first_step_to_the_end():
    going = Going(playbook({"one": manual("two"), "two": manual()}))
    going.does(going.answer("done"))
    assert going.at == "two"
    going.does(going.answer("done", 2))
    assert going.end == "done"
    assert next_due(going.run, going.playbook) is None
    assert going.refused(CallOff(at=minutes(3), who=ALICE, why="enough")) is Why.OVER


def test_a_failure_and_a_late_answer_go_their_own_ways():
    late = playbook({"one": manual(on_failure="two", on_timeout="good"), "two": manual()})
    going = Going(late)
    going.does(going.answer("failed"))
    assert going.at == "two"
    going = Going(late)
    assert going.does(Tick(at=minutes(9))) == []
    going.does(Tick(at=minutes(10)))
    assert going.end == "done"


def test_only_its_role_answers_unless_nobody_holds_it():
    going = Going(playbook({"one": manual()}))
    assert going.refused(going.answer("done", who=CARL)) is Why.OTHER_ROLE
    anybody = Person(user="carl", vacant=frozenset({OPS}))
    going.does(going.answer("done", who=anybody))
    assert going.end == "done"


def test_a_button_from_before_does_nothing():
    going = Going(playbook({"one": manual("two"), "two": manual()}))
    old = going.answer("done")
    going.does(old)
    assert going.refused(old) is Why.ANOTHER_STEP
    assert going.at == "two"


def test_skipping_needs_a_reason_and_is_not_always_possible():
    going = Going(playbook({"one": manual()}))
    assert going.refused(going.answer("skip")) is Why.NEEDS_WORDS
    going.does(going.answer("skip", note="It was off already"))
    assert going.end == "done"
    firm = Going(playbook({"one": manual(can_be_skipped=False)}))
    assert firm.refused(firm.answer("skip", note="no time")) is Why.NO_SKIPPING


def test_what_must_be_written_down_is_asked_for():
    going = Going(playbook({"one": manual(asks_for="note")}))
    assert going.refused(going.answer("done")) is Why.NEEDS_WORDS
    going.does(going.answer("done", note="Release 41"))
    assert going.end == "done"


def test_two_people_are_two():
    going = Going(playbook({"one": SURE}))
    going.does(going.answer("yes"))
    assert going.refused(going.answer("yes", 2)) is Why.SAME_PERSON
    assert going.turn.not_these == {"bob"}
    going.does(going.answer("yes", 3, who=CARL))
    assert going.end == "done"


def test_the_second_of_two_can_be_asked_for_by_role_and_can_say_no():
    going = Going(playbook({"one": {**SURE, "second_role": COMMANDER}}))
    going.does(going.answer("yes"))
    assert going.refused(going.answer("yes", 2, who=CARL)) is Why.OTHER_ROLE
    going.does(going.answer("no", 3, who=ALICE))
    assert going.end == "stopped"


def test_a_decision_goes_where_it_says_and_to_its_default_when_nobody_chooses():
    going = Going(playbook({"one": CHOICE}))
    assert going.refused(going.answer("choose", option="up")) is Why.NOT_AN_ANSWER
    going.does(going.answer("choose", option="left"))
    assert going.end == "done"
    late = Going(playbook({"one": CHOICE}))
    late.passes()
    assert late.end == "stopped"


@pytest.mark.parametrize(
    ("values", "end"), [((0, 0, 0), "done"), ((9, 9, 9), "stopped"), ((0, 9, 0, 9), None), ((), None)]
)
def test_a_check_passes_fails_or_is_not_told_yet(values, end):
    going = Going(playbook({"look": check()}))
    going.does(readings(*values))
    assert going.end == end


def test_a_check_without_data_is_never_passed():
    steps = {"look": check(on_no_data="ask"), "ask": manual()}
    going = Going(playbook(steps))
    going.does(readings(0, 0))
    going.passes()
    assert going.at == "ask"
    plain = Going(playbook({"look": check()}))
    plain.passes()
    assert plain.end == "stopped"


def test_samples_from_before_a_check_say_nothing_about_it():
    going = Going(playbook({"one": manual("look"), "look": check()}))
    going.does(going.answer("done", 8))
    going.does(readings(0, 0, 0, after=9))
    assert going.at == "look"
    going.does(readings(0, 0, 0, after=11))
    assert going.end == "done"


def test_a_wait_ends_by_time_or_earlier_when_the_number_is_good():
    measure = {"query": "errors", "op": "<", "threshold": 1}
    wait = {"kind": "wait", "title": "Wait", "minutes": 30, "on_success": "good", "until": measure}
    going = Going(playbook({"look": wait}))
    going.does(readings(5))
    assert going.at == "look"
    going.does(readings(0, after=6))
    assert going.end == "done"
    slow = Going(playbook({"look": wait}))
    slow.passes()
    assert (slow.end, slow.facts[-1].at) == ("done", minutes(30))


def test_what_lockstep_does_by_itself_has_a_key_that_stays():
    other = {"kind": "sub_playbook", "title": "Other", "playbook": "other", "inputs": {"x": "${service}"}}
    note = {"kind": "notify", "title": "Tell", "audience": "support", "message": "${service} is off."}
    steps: dict[str, Any] = {
        "call": {**HTTP, "on_success": "tell"},
        "tell": {**note, "on_success": "run"},
        "run": {**other, "on_success": "good"},
    }
    going = Going(playbook(steps, inputs=SERVICE), service="cart")
    (call,) = wishes(going.run, going.playbook)
    assert isinstance(call, Call) and call.call.url == "https://deploys.example.com/cart"
    assert wishes(going.run, going.playbook) == (call,)
    going.does(Report(at=minutes(1), step="call", visit=1, result="success"))
    (tell,) = wishes(going.run, going.playbook)
    assert isinstance(tell, Tell) and tell.message == "cart is off."
    assert going.does(Report(at=minutes(1), step="call", visit=1, result="success")) == []  # it comes twice
    going.does(Report(at=minutes(2), step="tell", visit=1, result="success"))
    (run,) = wishes(going.run, going.playbook)
    assert isinstance(run, RunOther) and run.inputs == {"x": "cart"}
    assert len({call.key, tell.key, run.key}) == 3
    going.does(Report(at=minutes(3), step="run", visit=1, result="failure"))
    assert going.end == "stopped"


@pytest.mark.parametrize("call", [CALL, {**CALL, "idempotency_header": "Idempotency-Key"}], ids=["no key", "a key"])
def test_people_are_asked_about_a_call_whose_fate_is_not_known_and_run_again_is_one_call_to_the_other_side(call):
    going = Going(playbook({"call": {**HTTP, "call": call}}, inputs=SERVICE), service="a")
    (before,) = wishes(going.run, going.playbook)
    going.does(Report(at=minutes(1), step="call", visit=1, result="unknown"))
    assert wishes(going.run, going.playbook) == ()
    assert going.turn.choices == ("it arrived", "run again")
    assert going.does(Report(at=minutes(1), step="call", visit=1, result="success")) == []  # too late: they were asked
    going.does(Settle(at=minutes(2), who=BOB, step="call", visit=1, arrived=False))
    (again,) = wishes(going.run, going.playbook)
    assert isinstance(before, Call) and isinstance(again, Call)
    assert again.key != before.key and again.known_by == before.known_by
    going.does(Report(at=minutes(3), step="call", visit=1, result="unknown"))
    going.does(Settle(at=minutes(4), who=BOB, step="call", visit=1, arrived=True))
    assert going.end == "done"


def test_a_call_that_only_reads_and_has_no_answer_has_failed():
    call = {"method": "GET", "url": "https://deploys.example.com/frozen"}
    going = Going(playbook({"call": {**HTTP, "call": call}}))
    going.does(Report(at=minutes(1), step="call", visit=1, result="unknown"))
    assert going.end == "stopped"


def test_an_input_says_no_more_in_a_call_than_what_it_is():
    given = 'x/../admin?y#z "q" é'
    call = {
        "method": "POST",
        "url": "https://a.example.com/${service}/go?s=${service}",
        "body": '{"why": "${service}"}',
    }
    asks = [{"name": "service", "asks": "Why?", "type": "text"}]
    going = Going(playbook({"call": {**HTTP, "call": call}}, inputs=asks), service=given)
    (wish,) = wishes(going.run, going.playbook)
    assert isinstance(wish, Call)
    assert wish.call.url == "https://a.example.com/{0}/go?s={0}".format("x%2F..%2Fadmin%3Fy%23z%20%22q%22%20%C3%A9")
    assert json.loads(wish.call.body or "") == {"why": given}
    plain = Going(playbook({"call": {**HTTP, "call": {**call, "body": "why=${service}"}}}, inputs=asks), service=given)
    (wish,) = wishes(plain.run, plain.playbook)
    assert isinstance(wish, Call) and wish.call.body == f"why={given}"


def test_a_check_says_what_to_measure():
    going = Going(playbook({"look": check()}))
    (measure,) = wishes(going.run, going.playbook)
    assert isinstance(measure, Measure)
    assert (measure.subject, measure.queries, measure.every_seconds, measure.since) == ("look", ("errors",), 60, NOON)


def test_a_step_that_needs_approval_waits_for_the_commander_and_has_its_time_from_then_on():
    going = Going(playbook({"one": manual(needs_approval=True)}))
    assert going.refused(going.answer("done")) is Why.LOCKED
    approval = Unlock(at=minutes(5), who=BOB, step="one", visit=1, lock=Lock.APPROVAL)
    assert going.refused(approval) is Why.OTHER_ROLE
    going.does(approval.but(who=ALICE))
    assert next_due(going.run, going.playbook) == minutes(15)
    going.does(going.answer("done", 6))
    assert going.end == "done"


def test_a_point_of_no_return_takes_the_commander_and_somebody_else():
    going = Going(playbook({"one": manual(point_of_no_return="The old one is gone.")}))
    place: dict[str, Any] = {"at": minutes(1), "step": "one", "visit": 1}
    going.does(Unlock(**place, who=ALICE, lock=Lock.APPROVAL))
    assert going.refused(Unlock(**place, who=ALICE, lock=Lock.SECOND)) is Why.SAME_PERSON
    assert going.refused(going.answer("done")) is Why.LOCKED
    going.does(Unlock(**place, who=CARL, lock=Lock.SECOND))
    going.does(going.answer("done", 2))
    assert going.end == "done"


def test_evidence_is_saved_before_it_is_destroyed():
    snap = {"kind": "snapshot", "title": "Save", "do": "Save it.", "on_success": "one"}
    steps = {"save": snap, "one": manual(destroys_evidence=True)}
    saved = Going(playbook(steps))
    assert saved.refused(saved.answer("done")) is Why.NEEDS_WORDS
    saved.does(saved.answer("done", note="https://example.com/1"))
    saved.does(saved.answer("done", 2))
    assert saved.end == "done"
    without = Going(playbook({"one": manual(destroys_evidence=True)}))
    place: dict[str, Any] = {"at": minutes(1), "who": CARL, "step": "one", "visit": 1, "lock": Lock.EVIDENCE}
    assert without.refused(without.answer("done")) is Why.LOCKED
    assert without.refused(Unlock(**place)) is Why.NEEDS_WORDS
    without.does(Unlock(**place, note="https://example.com/1"))
    without.does(without.answer("done", 2))
    assert without.end == "done"


def test_a_step_that_waits_for_somebody_has_an_end_too():
    going = Going(playbook({"one": manual(needs_approval=True)}))
    going.passes()
    assert going.end == "stopped"


def test_a_loop_ends_after_as_many_times_as_it_may():
    going = Going(playbook({"try": manual("try", at_most=3, then="bad")}))
    for after in (1, 2, 3):
        assert going.end is None
        going.does(going.answer("done", after))
    assert going.end == "stopped"
    assert [visit.entered.visit for visit in going.run.visits[:3]] == [1, 2, 3]


def test_starting_early_is_allowed_and_written_down():
    early = Going(playbook({"one": manual(phase="RECOVERY")}), phase=Phase.TRIAGE)
    begun = early.facts[0]
    entered = early.facts[1]
    assert isinstance(begun, RunStarted) and begun.is_early
    assert isinstance(entered, StepEntered) and entered.is_early
    in_time = Going(playbook({"one": manual(phase="CONTAINMENT")}), phase=Phase.RECOVERY)
    assert not any(getattr(fact, "is_early", False) for fact in in_time.facts)


def test_a_phase_waits_for_the_steps_that_gate_it():
    going = Going(playbook({"one": manual("two"), "two": manual(gates="CONTAINMENT")}))
    assert unsettled(going.run, Phase.CONTAINMENT) == ("two",)
    assert unsettled(going.run, Phase.RECOVERY) == ()
    going.does(going.answer("done"))
    assert unsettled(going.run, Phase.CONTAINMENT) == ("two",)
    going.does(going.answer("done", 2))
    assert unsettled(going.run, Phase.CONTAINMENT) == ()


def started(given, **more):
    """What comes of starting this playbook."""
    return start(given, Start(at=NOON, run="r1", who=BOB, **more))


def test_beside_another_run_on_the_same_part_only_if_the_commander_allows_it():
    given = playbook({"one": manual()})
    assert started(given, beside=("r0",)) == No(why=Why.BESIDE, names=("r0",))
    assert started(given, beside=("r0",), allows_beside=True) == No(why=Why.BESIDE, names=("r0",))
    allowed = start(given, Start(at=NOON, run="r1", who=ALICE, beside=("r0",), allows_beside=True))
    assert not isinstance(allowed, No)


def test_inputs_are_asked_for_and_fit_their_type():
    given = playbook(
        {"one": manual()},
        inputs=[
            {"name": "service", "asks": "Which?"},
            {"name": "share", "asks": "How much?", "type": "number", "default": "0.5"},
        ],
    )
    assert started(given) == No(why=Why.BAD_INPUT, names=("service",))
    assert started(given, inputs={"service": '"} or up{"'}) == No(why=Why.BAD_INPUT, names=("service",))
    assert started(given, inputs={"service": "a", "other": "b"}) == No(why=Why.BAD_INPUT, names=("other",))
    begun = started(given, inputs={"service": "cart"})
    assert not isinstance(begun, No)
    run = fold(begun)
    assert run is not None and run.started.inputs == {"service": "cart", "share": "0.5"}
    assert run.started.hash == given.hash


def test_a_retired_playbook_is_not_started():
    assert started(playbook({"one": manual()}, status="retired")) == No(why=Why.RETIRED)


def test_the_commander_calls_it_off_with_a_reason_and_hears_what_is_left():
    going = Going(playbook({"one": changing("two"), "two": manual()}))
    going.does(going.answer("done"))
    assert going.refused(CallOff(at=minutes(2), who=CARL, why="enough")) is Why.OTHER_ROLE
    assert going.refused(CallOff(at=minutes(2), who=ALICE, why="")) is Why.NEEDS_WORDS
    going.does(CallOff(at=minutes(2), who=ALICE, why="It was another service"))
    assert going.end == "called off"
    assert going.run.ended is not None and going.run.ended.left == ("one",)
