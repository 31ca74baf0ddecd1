"""When a criterion holds: nothing goes on, people decide, and what was done is undone, the latest first."""

from datetime import timedelta
from typing import Any

from bot.core.playbooks.acts import (
    CallOff,
    Hold,
    Override,
    Person,
    Readings,
    Report,
    RollBackNow,
    SayWorse,
    SettleUndo,
    Tick,
    UndoDone,
    UndoReport,
    Unlock,
    Why,
)
from bot.core.playbooks.executor import next_due
from bot.core.playbooks.facts import AlarmRaised, DataMissed, UndoBegun, UndoEnded
from bot.core.playbooks.judging import Sample, Series, Verdict
from bot.core.playbooks.turns import Call, Measure, wishes
from tests.core.playbooks.given import ALICE, BOB, CARL, OPS, Going, changing, errors_up, manual, minutes, playbook

SLOW = manual(timeout_minutes=60)


def measured(*values: float, after: float, subject: str = "errors-up", answered: bool = True) -> Readings:
    """Errors a minute, the last so many minutes after noon."""
    times = [minutes(after) - timedelta(minutes=back) for back in reversed(range(len(values)))]
    samples = tuple(Sample(at=at, value=value) for at, value in zip(times, values, strict=True))
    series = {"errors": Series(samples=samples, was_answered=answered)}
    return Readings(at=minutes(after), subject=subject, series=series)


def two_changes(*, auto: bool = False, **more: Any) -> Going:
    """Two changes are done, and a third step is under way with a criterion that counts since the second."""
    second = {**changing("three"), "rollback_when": [errors_up(**more)], "auto_safe": auto}
    going = Going(playbook({"one": changing("two"), "two": second, "three": SLOW}))
    going.does(going.answer("done", 1))
    going.does(going.answer("done", 2))
    return going


def undone(step: str, after: float, is_done: bool = True) -> UndoDone:
    """Bob has undone this step, or could not."""
    return UndoDone(at=minutes(after), who=BOB, step=step, is_done=is_done)


def test_the_forward_path_stops_and_the_operations_lead_rolls_back_the_latest_first():
    going = two_changes()
    (alarm,) = going.does(measured(9, 9, after=6))
    assert isinstance(alarm, AlarmRaised) and alarm.verdict is Verdict.YES
    assert going.refused(going.answer("done", 7)) is Why.STOPPED
    asked = going.turn
    assert asked.roles[0] == OPS and "roll back now" in asked.choices
    assert going.refused(RollBackNow(at=minutes(7), who=CARL)) is Why.OTHER_ROLE
    going.does(RollBackNow(at=minutes(7), who=BOB))
    assert going.refused(undone("one", 8)) is Why.ANOTHER_STEP
    going.does(undone("two", 8))
    going.does(undone("one", 9))
    assert going.end == "rolled back"
    assert [fact.step for fact in going.facts if isinstance(fact, UndoEnded)] == ["two", "one"]


def test_only_the_last_change_is_undone_where_the_criterion_says_so_and_it_goes_on_elsewhere():
    going = two_changes(undoes="last", then="good")
    going.does(measured(9, 9, after=6))
    going.does(RollBackNow(at=minutes(7), who=BOB))
    going.does(undone("two", 8))
    assert going.end == "done"


def test_the_step_itself_is_undone_and_what_was_done_after_it_but_nothing_before():
    second = {**changing("three"), "rollback_when": [errors_up(undoes="this")]}
    going = Going(playbook({"one": changing("two"), "two": second, "three": changing("four"), "four": SLOW}))
    for after in (1, 2, 3):
        going.does(going.answer("done", after))
    going.does(measured(9, 9, after=6))
    going.does(RollBackNow(at=minutes(7), who=BOB))
    assert going.run.undoing is not None and going.run.undoing.steps == ("three", "two")


def test_nothing_begins_by_itself_unless_the_step_says_that_this_is_safe():
    going = two_changes()
    going.does(measured(9, 9, after=6))
    assert next_due(going.run, going.playbook) == minutes(36)
    going.passes()
    assert going.end == "nobody decided"
    assert going.run.ended is not None and going.run.ended.left == ("two", "one")
    assert not any(isinstance(fact, UndoBegun) for fact in going.facts)


def test_a_safe_undo_begins_after_a_minute_and_the_next_waits_for_a_person():
    going = two_changes(auto=True)
    going.does(measured(9, 9, after=6))
    assert next_due(going.run, going.playbook) == minutes(7)
    going.passes()
    going.does(undone("two", 8))
    assert going.refused(undone("one", 9)) is Why.LOCKED
    assert going.turn.choices == ("roll back now",)
    going.does(RollBackNow(at=minutes(9), who=BOB))
    going.does(undone("one", 10))
    assert going.end == "rolled back"


def test_the_commander_holds_it_with_a_reason_and_then_somebody_has_to_decide():
    going = two_changes(auto=True)
    going.does(measured(9, 9, after=6))
    assert going.refused(Hold(at=minutes(6.5), who=BOB, why="wait")) is Why.OTHER_ROLE
    assert going.refused(Hold(at=minutes(6.5), who=ALICE, why="")) is Why.NEEDS_WORDS
    going.does(Hold(at=minutes(6.5), who=ALICE, why="The alert is about a test"))
    assert going.does(Tick(at=minutes(8))) == []
    going.does(RollBackNow(at=minutes(9), who=BOB))
    going.does(undone("two", 10))
    going.does(undone("one", 11))
    assert going.end == "rolled back"


def test_after_the_minute_it_is_too_late_to_hold():
    going = two_changes(auto=True)
    going.does(measured(9, 9, after=6))
    going.passes()
    assert going.refused(Hold(at=minutes(8), who=ALICE, why="wait")) is Why.NOTHING_TO_DECIDE


def test_the_commander_overrides_it_and_the_step_has_the_time_that_was_left():
    going = two_changes()
    left = next_due(going.run, going.playbook)
    assert left is not None
    going.does(measured(9, 9, after=6))
    assert going.refused(Override(at=minutes(10), who=BOB, why="it is fine")) is Why.OTHER_ROLE
    going.does(Override(at=minutes(10), who=ALICE, why="These errors are the load test"))
    assert going.at == "three"
    assert next_due(going.run, going.playbook) == left + timedelta(minutes=4)
    assert going.does(measured(9, 9, after=12)) == []  # it counts no more
    going.does(going.answer("done", 13))
    assert going.end == "done"


def test_missing_data_stops_too_but_never_undoes_anything_by_itself():
    going = two_changes(auto=True)
    assert going.does(measured(after=4)) == []  # it has not been looked at for as long as its window
    (alarm,) = going.does(measured(after=7, answered=False))
    assert isinstance(alarm, AlarmRaised) and alarm.verdict is Verdict.UNKNOWN and alarm.begins_at is None
    going.passes()
    assert going.end == "nobody decided"


def test_missing_data_is_only_told_where_the_criterion_says_so():
    going = two_changes(no_data="tell")
    (told,) = going.does(measured(after=7))
    assert isinstance(told, DataMissed)
    assert going.does(measured(after=8)) == []
    going.does(going.answer("done", 9))
    assert going.end == "done"


def test_anybody_can_say_that_it_got_worse_and_nothing_begins_by_itself():
    going = two_changes(auto=True)
    (alarm,) = going.does(SayWorse(at=minutes(3), who=CARL))
    assert isinstance(alarm, AlarmRaised) and alarm.begins_at is None
    going.does(Override(at=minutes(4), who=ALICE, why="It was the network of the office"))
    going.does(SayWorse(at=minutes(5), who=CARL))
    assert going.refused(SayWorse(at=minutes(5), who=BOB)) is Why.STOPPED
    going.does(RollBackNow(at=minutes(6), who=BOB))
    assert going.run.undoing is not None


def test_a_change_under_way_is_undone_too_and_never_by_itself():
    half = {**changing(), "auto_safe": True, "rollback_when": [errors_up()]}
    going = Going(playbook({"one": changing("two"), "two": half}))
    going.does(going.answer("done", 1))
    (alarm,) = going.does(measured(9, 9, after=4))
    assert isinstance(alarm, AlarmRaised) and alarm.begins_at is None
    going.does(RollBackNow(at=minutes(5), who=BOB))
    assert going.run.undoing is not None and going.run.undoing.steps == ("two", "one")


def test_what_was_skipped_is_not_undone():
    going = Going(playbook({"one": changing("two"), "two": changing("three"), "three": SLOW}))
    going.does(going.answer("skip", 1, note="off already"))
    going.does(going.answer("done", 2))
    going.does(SayWorse(at=minutes(3), who=BOB))
    going.does(RollBackNow(at=minutes(4), who=BOB))
    assert going.run.undoing is not None and going.run.undoing.steps == ("two",)


def test_nothing_from_before_a_point_of_no_return_is_undone():
    final = manual("three", point_of_no_return="The old one is gone.")
    going = Going(playbook({"one": changing("two"), "two": final, "three": changing("four"), "four": SLOW}))
    going.does(going.answer("done", 1))
    assert going.run.undoable == ("one",)
    from_here = going.run.visits[-1]
    for lock, who in zip(from_here.locks, (ALICE, CARL), strict=True):
        going.does(unlocked(lock, who))
    going.does(going.answer("done", 2))
    going.does(going.answer("done", 3))
    assert going.run.undoable == ("three",)


def test_when_one_cannot_be_undone_the_ones_before_it_are_left():
    going = two_changes()
    going.does(measured(9, 9, after=6))
    going.does(RollBackNow(at=minutes(7), who=BOB))
    going.does(undone("two", 8, is_done=False))
    assert going.end == "undo failed"
    assert going.run.ended is not None and going.run.ended.left == ("two", "one")


def test_an_undo_that_takes_too_long_has_failed():
    going = two_changes()
    going.does(measured(9, 9, after=6))
    going.does(RollBackNow(at=minutes(7), who=BOB))
    going.passes()
    assert going.end == "undo failed"


def test_a_call_that_undoes_is_made_once_the_undo_is_open():
    call = {"method": "DELETE", "url": "https://edge.example.com/rules/1"}
    rule = manual("two", reversible=True, undo={"do": "Take the rule away.", "call": call})
    going = Going(playbook({"one": rule, "two": SLOW}))
    going.does(going.answer("done", 1))
    going.does(SayWorse(at=minutes(2), who=BOB))
    assert wishes(going.run, going.playbook) == ()
    going.does(RollBackNow(at=minutes(3), who=BOB))
    (wish,) = wishes(going.run, going.playbook)
    assert isinstance(wish, Call) and wish.is_undo
    going.does(UndoReport(at=minutes(4), step="one", result="success"))
    assert going.end == "rolled back"
    assert going.does(UndoReport(at=minutes(5), step="one", result="success")) == []


def undone_by_a_call(**more: object) -> Going:
    """A rule is set, and then taken away again by a call that is under way."""
    call = {"method": "DELETE", "url": "https://edge.example.com/rules/1", **more}
    rule = manual("two", reversible=True, undo={"do": "Take the rule away.", "call": call, "role": OPS})
    going = Going(playbook({"one": rule, "two": SLOW}))
    going.does(going.answer("done", 1))
    going.does(SayWorse(at=minutes(2), who=BOB))
    going.does(RollBackNow(at=minutes(3), who=BOB))
    return going


def test_whether_an_undo_happened_whose_answer_was_lost_is_for_its_role_to_say():
    going = undone_by_a_call()
    (before,) = wishes(going.run, going.playbook)
    assert isinstance(before, Call)
    going.does(UndoReport(at=minutes(4), step="one", result="unknown"))
    assert wishes(going.run, going.playbook) == () and going.end is None
    asked = going.turn
    assert asked.roles == (OPS,) and asked.choices == ("undo arrived", "undo again")
    assert going.does(UndoReport(at=minutes(5), step="one", result="success")) == []
    assert going.refused(SettleUndo(at=minutes(5), who=CARL, step="one", arrived=True)) is Why.OTHER_ROLE
    going.does(SettleUndo(at=minutes(5), who=BOB, step="one", arrived=False))
    assert going.refused(SettleUndo(at=minutes(6), who=BOB, step="one", arrived=False)) is Why.NOTHING_TO_DECIDE
    (again,) = wishes(going.run, going.playbook)
    assert isinstance(again, Call) and again.key != before.key and again.known_by == before.known_by
    going.does(UndoReport(at=minutes(7), step="one", result="unknown"))
    going.does(SettleUndo(at=minutes(8), who=BOB, step="one", arrived=True))
    assert going.end == "rolled back" and going.run.undoable == ()


def test_an_undo_about_which_nobody_says_anything_has_failed_when_its_time_is_over():
    going = undone_by_a_call()
    going.does(UndoReport(at=minutes(4), step="one", result="unknown"))
    going.passes()
    assert going.end == "undo failed"


def test_an_undo_that_only_reads_and_has_no_answer_has_failed():
    going = undone_by_a_call(method="GET")
    going.does(UndoReport(at=minutes(4), step="one", result="unknown"))
    assert going.end == "undo failed"


def test_an_undo_that_is_tried_a_second_time_is_another_call_under_the_same_key():
    call = {"method": "DELETE", "url": "https://edge.example.com/rules/1"}
    rule = manual("back", reversible=True, undo={"do": "Take the rule away.", "call": call})
    back = {"kind": "rollback", "title": "Back", "on_success": "good", "on_failure": "again"}
    steps = {"one": rule, "back": back, "again": {**back, "on_failure": "bad"}}
    going = Going(playbook(steps))
    going.does(going.answer("done", 1))
    going.does(RollBackNow(at=minutes(2), who=BOB))
    (first,) = wishes(going.run, going.playbook)
    going.does(UndoReport(at=minutes(3), step="one", result="failure"))
    going.does(RollBackNow(at=minutes(4), who=BOB))
    (second,) = wishes(going.run, going.playbook)
    assert isinstance(first, Call) and isinstance(second, Call)
    assert first.key != second.key and first.known_by == second.known_by


def test_a_rollback_step_undoes_and_goes_on_to_its_check():
    back = {"kind": "rollback", "title": "Back", "on_success": "look"}
    going = Going(playbook({"one": changing("back"), "back": back, "look": manual()}))
    going.does(going.answer("done", 1))
    assert going.refused(undone("one", 2)) is Why.LOCKED
    going.does(RollBackNow(at=minutes(2), who=BOB))
    going.does(undone("one", 3))
    assert going.at == "look"
    failed = Going(playbook({"one": changing("back"), "back": back, "look": manual()}))
    failed.does(failed.answer("done", 1))
    failed.does(RollBackNow(at=minutes(2), who=BOB))
    failed.does(undone("one", 3, is_done=False))
    assert failed.end == "stopped"


def test_a_rollback_step_with_nothing_to_undo_goes_on():
    back = {"kind": "rollback", "title": "Back", "on_success": "good"}
    going = Going(playbook({"one": manual("back"), "back": back}))
    going.does(going.answer("done", 1))
    assert going.end == "done"


def test_a_criterion_with_nothing_to_undo_ends_the_run_or_goes_on():
    going = Going(playbook({"one": SLOW}, rollback_when=[errors_up()]))
    going.does(measured(9, 9, after=6))
    going.does(RollBackNow(at=minutes(7), who=BOB))
    assert going.end == "rolled back"
    assert going.run.alarm is None
    on = Going(playbook({"one": SLOW, "two": manual()}, rollback_when=[errors_up(then="two")]))
    on.does(measured(9, 9, after=6))
    on.does(RollBackNow(at=minutes(7), who=BOB))
    assert on.at == "two"
    on.does(on.answer("done", 8))
    assert on.end == "done"


def test_a_deadline_holds_by_the_passing_of_time():
    late = {"id": "late", "says": "Too late", "when": {"kind": "deadline", "passed": "two", "minutes": 20}}
    going = Going(playbook({"one": {**SLOW, "on_success": "two"}, "two": SLOW}, rollback_when=[late]))
    assert next_due(going.run, going.playbook) == minutes(20)
    (alarm,) = going.passes()
    assert isinstance(alarm, AlarmRaised)
    steps = {"one": manual("two"), "two": manual("three"), "three": SLOW}
    good = Going(playbook(steps, rollback_when=[late]))
    good.does(good.answer("done", 1))
    good.does(good.answer("done", 2))
    assert next_due(good.run, good.playbook) == minutes(62)


def test_criteria_say_what_to_measure_while_they_count():
    going = two_changes()
    (wish,) = wishes(going.run, going.playbook)
    assert isinstance(wish, Measure) and wish.subject == "errors-up" and wish.since == minutes(1)
    going.does(measured(9, 9, after=6))
    assert wishes(going.run, going.playbook) == ()
    assert going.does(measured(9, 9, after=7)) == []


def test_what_a_call_came_to_while_the_run_was_stopped_counts_when_it_goes_on():
    call = {
        "kind": "http",
        "title": "Call",
        "call": {"method": "GET", "url": "https://a.example.com"},
        "on_success": "two",
    }
    going = Going(playbook({"one": call, "two": manual()}, rollback_when=[errors_up()]))
    going.does(measured(9, 9, after=6))
    going.does(Report(at=minutes(7), step="one", visit=1, result="success"))
    assert going.run.current is not None and going.run.current.ended is None
    assert going.does(Report(at=minutes(7), step="one", visit=1, result="failure")) == []  # it is known already
    going.does(Override(at=minutes(8), who=ALICE, why="A test"))
    assert going.at == "two"


def test_what_a_call_came_to_while_a_run_around_it_was_stopped_counts_when_time_goes_on_in_it():
    call = {
        "kind": "http",
        "title": "Call",
        "call": {"method": "GET", "url": "https://a.example.com"},
        "on_success": "two",
    }
    going = Going(playbook({"one": call, "two": manual()}))
    going.does(Report(at=minutes(7), step="one", visit=1, result="success", is_held_up=True))
    assert going.at == "one" and next_due(going.run, going.playbook) == minutes(7)
    going.does(Tick(at=minutes(9)))
    assert going.at == "two"


def test_it_can_be_called_off_while_it_is_stopped():
    going = two_changes()
    going.does(measured(9, 9, after=6))
    going.does(CallOff(at=minutes(7), who=ALICE, why="Another way"))
    assert going.end == "called off"


def unlocked(lock, who: Person):
    """This person opens this lock of step two."""
    return Unlock(at=minutes(2), who=who, step="two", visit=1, lock=lock)
