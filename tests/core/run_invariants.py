"""What must hold of playbook runs whatever people, machines and the clock do."""

from bot.core.incident import Incident
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.needs import Need
from bot.core.phases import Phase
from bot.core.playbooks.facts import LockOpened, RunEnded, StepEnded, StepEntered, UndoEnded
from bot.core.playbooks.run import Run
from bot.core.run_offers import PlaybooksOffered
from bot.core.runs import OfRun, PlaybookStarted, RunAdvanced, run_dues
from tests.core.step import Step


def _before(event: RunAdvanced, before: Incident | None) -> Run:
    assert before is not None
    return before.run(event.run)


def no_step_is_run_twice_or_before_its_time(step: Step) -> None:
    """A step is come to once under one number, ends once and only while it is its turn, is undone once; nothing follows an end."""
    for event, before, _ in step.walked:
        if not isinstance(event, RunAdvanced):
            continue
        run, fact = _before(event, before), event.fact
        assert run.ended is None
        if isinstance(fact, StepEntered):
            assert run.current is None and run.undoing is None
            assert (fact.step, fact.visit) not in {(one.step, one.entered.visit) for one in run.visits}
        if isinstance(fact, StepEnded | LockOpened):
            assert run.current is not None and run.current.step == fact.step
        if isinstance(fact, UndoEnded) and fact.is_done:
            assert any(one.step == fact.step and not one.is_undone for one in run.visits)


def what_needs_two_people_had_two(step: Step) -> None:
    """A step that two must confirm ends well by a second person only, and one with a lock only once it is open."""
    for event, before, _ in step.walked:
        if isinstance(event, RunAdvanced) and isinstance(event.fact, StepEnded) and event.fact.outcome == "success":
            visit = _before(event, before).current
            assert visit is not None and not visit.locks
            assert visit.step != "agree" or (visit.first_yes is not None and visit.first_yes != event.fact.by)


def a_run_goes_on_or_ends_by_itself(step: Step) -> None:
    """As long as the incident is open there is a time at which something happens in each run; with the incident its runs end."""
    after = step.after
    waiting = [number for number, run in enumerate(after.runs, start=1) if run.ended is None]
    assert waiting == [] or after.is_open
    assert {str(number) for number in waiting} == set(run_dues(after, step.policy))


def a_phase_that_a_step_gates_is_not_left_before_it(step: Step) -> None:
    """Unless that was let go."""
    for event, before, _ in step.walked:
        if isinstance(event, PhaseEntered | IncidentClosed) and before is not None:
            let_go = any(one.need == Need.PLAYBOOK for one in before.waivers)
            waiting = [one for one in before.runs if one.ended is None and before.phase in one.started.gates.values()]
            done = all("do" in one.passed for one in waiting)
            assert let_go or done


def only_events_of_runs_change_runs(step: Step) -> None:
    """A run begins as the next, from a content that is pinned, and no other event touches any."""
    for event, before, after in step.walked:
        runs = before.runs if before else ()
        if isinstance(event, PlaybookStarted):
            assert event.run == len(runs) + 1 == len(after.runs) and len(event.hash) == 64
        elif not isinstance(event, OfRun):
            assert after.runs == runs
        if isinstance(event, RunAdvanced) and isinstance(event.fact, RunEnded):
            assert after.run(event.run).ended is not None


def a_playbook_is_offered_once_and_that_moves_nothing(step: Step) -> None:
    """Not before TRIAGE, nor one that has been started; and it leaves all as it was but that it was said."""
    for event, before, after in step.walked:
        if isinstance(event, PlaybooksOffered) and before is not None:
            names = [fit.playbook for fit in event.fits]
            known = {*before.playbooks_offered, *(run.started.playbook for run in before.runs)}
            assert names and not known & {*names} and before.phase not in (Phase.DETECTION, Phase.POSTMORTEM)
            said = {"seq", "prompts", "playbooks_offered"}
            assert before.model_dump(exclude=said) == after.model_dump(exclude=said)


OF_RUNS = (
    no_step_is_run_twice_or_before_its_time,
    what_needs_two_people_had_two,
    a_run_goes_on_or_ends_by_itself,
    a_phase_that_a_step_gates_is_not_left_before_it,
    only_events_of_runs_change_runs,
    a_playbook_is_offered_once_and_that_moves_nothing,
)
