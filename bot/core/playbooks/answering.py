"""What people answer, and what comes back from what Lockstep does by itself, for the step whose turn it is."""

from collections.abc import Callable, Mapping

from bot.core.playbooks.acts import Act, Answer, Decided, Facts, No, OnStep, Report, Settle, Unlock, Why
from bot.core.playbooks.entering import go, time_of
from bot.core.playbooks.facts import (
    Answered,
    CalledAgain,
    FirstYes,
    LeftUnsure,
    Lock,
    LockOpened,
    Outcome,
    ResultKept,
    StepEnded,
)
from bot.core.playbooks.flow import leads_to, role_of
from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.run import Run, Visit, evolve
from bot.core.playbooks.steps import (
    Base,
    Confirm,
    Decision,
    Exit,
    Http,
    Manual,
    Notify,
    Snapshot,
    Step,
    SubPlaybook,
    Wait,
)

_EXIT: Mapping[Outcome, Exit] = {
    "success": Exit.SUCCESS,
    "skipped": Exit.SUCCESS,
    "failure": Exit.FAILURE,
    "timeout": Exit.TIMEOUT,
    "no data": Exit.NO_DATA,
}


def end(
    run: Run,
    playbook: Playbook,
    act: Act,
    outcome: Outcome,
    *,
    by: str | None = None,
    note: str | None = None,
    option: str | None = None,
    answer: Answered | None = None,
) -> Facts:
    """The step whose turn it is ends like this, and what comes next."""
    visit = run.visits[-1]
    step = playbook.steps[visit.step]
    ended = StepEnded(
        at=act.at,
        by=by,
        step=visit.step,
        visit=visit.entered.visit,
        outcome=outcome,
        note=note,
        option=option,
        chosen=step.options[option].label if option and isinstance(step, Decision) else None,
        answer=answer,
    )
    if isinstance(step, Decision):
        to = step.options[option].goes_to if option else None
    else:
        to = leads_to(playbook, step, _EXIT[outcome])
    return (ended, *go(evolve(run, ended), playbook, to, act))


def answer(run: Run, playbook: Playbook, act: Answer) -> Decided:
    """A person's answer. Refused to whom it is not asked, and when it is none to this step."""
    if no := _not_now(run, act):
        return no
    visit, step = run.visits[-1], playbook.steps[act.step]
    if visit.locks:
        return No(why=Why.LOCKED, names=visit.locks)
    role = asked(playbook, visit, step)
    if role is not None and not act.who.may_act_as(role):
        return No(why=Why.OTHER_ROLE, names=(role,))
    if act.answer == "skip":
        return _skip(run, playbook, act, step)
    found = next((reads for kind, reads in _READS.items() if isinstance(step, kind)), None)
    return found(run, playbook, act, step) if found else No(why=Why.NOT_AN_ANSWER)


def unlock(run: Run, playbook: Playbook, act: Unlock) -> Decided:
    """What must happen before the step has happened. Two people are two people, whoever comes first; the incident commander is one
    of them."""
    if no := _not_now(run, act):
        return no
    visit = run.visits[-1]
    if act.lock not in visit.locks:
        return No(why=Why.NOTHING_TO_DECIDE)
    if act.lock is Lock.APPROVAL and not act.who.may_act_as(APPROVER):
        return No(why=Why.OTHER_ROLE, names=(APPROVER,))
    if act.lock is not Lock.EVIDENCE and act.who.user in _agreed(visit):
        return No(why=Why.SAME_PERSON)
    if act.lock is Lock.EVIDENCE and not act.note:
        return No(why=Why.NEEDS_WORDS)
    time = time_of(playbook, playbook.steps[act.step])
    until = act.at + time if time and len(visit.locks) == 1 else None
    opened = LockOpened(
        at=act.at, by=act.who.user, step=act.step, visit=act.visit, lock=act.lock, note=act.note, until=until
    )
    return (opened,)


def settle(run: Run, playbook: Playbook, act: Settle) -> Decided:
    """Whether the call had arrived: then it is done, else it is made again."""
    if no := _not_now(run, act):
        return no
    role = role_of(playbook, playbook.steps[act.step])
    if not run.visits[-1].is_unsure:
        return No(why=Why.NOTHING_TO_DECIDE)
    if not act.who.may_act_as(role):
        return No(why=Why.OTHER_ROLE, names=(role,))
    if act.arrived:
        return end(run, playbook, act, "success", by=act.who.user)
    return (CalledAgain(at=act.at, by=act.who.user, step=act.step, visit=act.visit),)


def report(run: Run, playbook: Playbook, act: Report) -> Facts:
    """What a step came to that Lockstep carries out. It is kept while a criterion holds the run up, and nothing when it is about
    another step: the run has gone on without it. A call of which nobody knows whether it arrived is for people to say; one that
    only reads has failed, since nothing hangs on it."""
    visit = run.current
    if visit is None or run.undoing or (visit.step, visit.entered.visit) != (act.step, act.visit) or visit.locks:
        return ()
    step = playbook.steps[act.step]
    if visit.is_unsure or visit.result or not isinstance(step, Http | Notify | SubPlaybook):
        return ()
    if act.result == "unknown" and isinstance(step, Http) and not step.call.only_reads:
        return (LeftUnsure(at=act.at, step=act.step, visit=act.visit),)
    outcome: Outcome = "success" if act.result == "success" else "failure"
    if run.alarm or act.is_held_up:
        kept = ResultKept(at=act.at, step=act.step, visit=act.visit, outcome=outcome, note=act.note, answer=act.answer)
        return (kept,)
    return end(run, playbook, act, outcome, note=act.note, answer=act.answer)


def _not_now(run: Run, act: OnStep) -> No | None:
    if run.ended:
        return No(why=Why.OVER)
    visit = run.current
    if visit is None or (visit.step, visit.entered.visit) != (act.step, act.visit):
        return No(why=Why.ANOTHER_STEP)
    return No(why=Why.STOPPED) if run.alarm or run.undoing else None


def _agreed(visit: Visit) -> set[str]:
    """Who has already agreed to this step, as one of two."""
    return {user for lock, user in visit.opened_by.items() if lock is not Lock.EVIDENCE}


def asked(playbook: Playbook, visit: Visit, step: Base) -> str | None:
    """The role that is asked now; None: anybody, as the second of two."""
    if isinstance(step, Confirm) and visit.first_yes:
        return step.second_role
    return role_of(playbook, step)


def _skip(run: Run, playbook: Playbook, act: Answer, step: Base) -> Decided:
    if not isinstance(step, Manual | Wait) or not step.can_be_skipped:
        return No(why=Why.NO_SKIPPING)
    return _ends_as("skipped", run, playbook, act) if act.note else No(why=Why.NEEDS_WORDS)


def _ends_as(outcome: Outcome, run: Run, playbook: Playbook, act: Answer) -> Facts:
    return end(run, playbook, act, outcome, by=act.who.user, note=act.note)


def _carried_out(run: Run, playbook: Playbook, act: Answer, step: Step) -> Decided:
    """A person says that it is done, or failed."""
    if act.answer == "failed":
        return _ends_as("failure", run, playbook, act)
    if act.answer != "done":
        return No(why=Why.NOT_AN_ANSWER)
    needs_words = isinstance(step, Snapshot) or (isinstance(step, Manual) and step.asks_for != "nothing")
    if needs_words and not act.note:
        return No(why=Why.NEEDS_WORDS)
    return _ends_as("success", run, playbook, act)


def _confirmed(run: Run, playbook: Playbook, act: Answer, step: Step) -> Decided:
    if act.answer == "no":
        return _ends_as("failure", run, playbook, act)
    if act.answer != "yes" or not isinstance(step, Confirm):
        return No(why=Why.NOT_AN_ANSWER)
    first = run.visits[-1].first_yes
    if not step.two_people:
        return _ends_as("success", run, playbook, act)
    if first is None:
        then = step.second_role
        return (FirstYes(at=act.at, by=act.who.user, step=act.step, visit=act.visit, role=then),)
    return No(why=Why.SAME_PERSON) if first == act.who.user else _ends_as("success", run, playbook, act)


def _chosen(run: Run, playbook: Playbook, act: Answer, step: Step) -> Decided:
    if act.answer != "choose" or not isinstance(step, Decision) or act.option not in step.options:
        return No(why=Why.NOT_AN_ANSWER)
    return end(run, playbook, act, "success", by=act.who.user, note=act.note, option=act.option)


_READS: Mapping[type[Base], Callable[[Run, Playbook, Answer, Step], Decided]] = {
    Manual: _carried_out,
    Snapshot: _carried_out,
    Confirm: _confirmed,
    Decision: _chosen,
}
