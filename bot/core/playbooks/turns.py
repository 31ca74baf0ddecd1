"""What a run waits for: whose turn it is and what they can do, and what Lockstep should be doing. Both fall out of the state, so
that whoever carries it out may ask again at any time: a wish has a key, and what was done under it is not done again."""

from collections.abc import Iterator, Mapping

from pydantic import AwareDatetime

from bot.core.playbooks.alarms import armed
from bot.core.playbooks.answering import asked
from bot.core.playbooks.calls import HttpCall, in_address
from bot.core.playbooks.criteria import Absence, Criterion, Sampled, leaves, queries
from bot.core.playbooks.entering import undo_role
from bot.core.playbooks.facts import Lock
from bot.core.playbooks.flow import role_of
from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.part import filled
from bot.core.playbooks.run import Run, Visit
from bot.core.playbooks.steps import (
    Base,
    CheckMetric,
    Confirm,
    Decision,
    Http,
    Manual,
    Notify,
    Snapshot,
    SubPlaybook,
    Wait,
)
from bot.core.playbooks.undoing import undo_call
from bot.core.value import Value


class Turn(Value):
    """Whose turn it is: one of these roles (none: anybody, but not `not_these`), what they can press, and until when. Nobody is
    asked where `choices` is empty: Lockstep is at it, or time passes."""

    step: str
    visit: int
    roles: tuple[str, ...]
    choices: tuple[str, ...]
    until: AwareDatetime | None
    not_these: frozenset[str] = frozenset()


class Wish(Value):
    """Something that Lockstep should do. The key is the same however often it is asked for."""

    key: str


class Call(Wish):
    """Make this call, filled in but for its secrets. `known_by` goes along as its idempotency key, where it has a header for one:
    the same also when people let the call be made again, so that the other side sees one call."""

    call: HttpCall
    known_by: str
    is_undo: bool = False


class Tell(Wish):
    """Tell this audience."""

    audience: str
    message: str


class RunOther(Wish):
    """Start another playbook, and report how it ends."""

    playbook: str
    inputs: Mapping[str, str]


class Measure(Wish):
    """Ask these queries every so many seconds, for as much time as given, and hand in what they gave as `Readings` of the
    subject."""

    subject: str
    queries: tuple[str, ...]
    every_seconds: int
    window_minutes: int
    since: AwareDatetime


def turn(run: Run, playbook: Playbook) -> Turn | None:
    """Whose turn it is; None after the end."""
    if run.ended:
        return None
    if run.undoing:
        return _undo_turn(run, playbook)
    if run.alarm:
        roles = tuple(dict.fromkeys((playbook.rollback_role, APPROVER)))
        choices = ("roll back now", "override") if run.is_held else ("roll back now", "hold", "override")
        until = None if run.is_held else run.alarm.begins_at
        at = run.visits[-1].entered
        return Turn(step=at.step, visit=at.visit, roles=roles, choices=choices, until=until or run.alarm.until)
    visit = run.current
    return _step_turn(playbook, visit, playbook.steps[visit.step]) if visit else None


def _undo_turn(run: Run, playbook: Playbook) -> Turn | None:
    undoing = run.undoing
    if undoing is None:
        return None
    id, visit = undoing.steps[0], run.times(undoing.steps[0])
    if not undoing.is_open:
        roles = tuple(dict.fromkeys((playbook.rollback_role, APPROVER)))
        return Turn(step=id, visit=visit, roles=roles, choices=("roll back now",), until=undoing.until)
    if undoing.is_unsure:
        choices: tuple[str, ...] = ("undo arrived", "undo again")
    else:
        choices = () if undo_call(playbook, id) else ("undone", "could not undo")
    return Turn(step=id, visit=visit, roles=(undo_role(playbook, id),), choices=choices, until=undoing.until)


def _step_turn(playbook: Playbook, visit: Visit, step: Base) -> Turn:
    roles, choices = (role,) if (role := asked(playbook, visit, step)) else (), _choices(step)
    not_these = frozenset({visit.first_yes} if visit.first_yes else ())
    if visit.locks:
        roles = {Lock.APPROVAL: (APPROVER,)}.get(visit.locks[0], ())
        choices = tuple(lock.value for lock in visit.locks)
        not_these = frozenset(user for lock, user in visit.opened_by.items() if lock is not Lock.EVIDENCE)
    elif visit.is_unsure:
        roles, choices = (role_of(playbook, step),), ("it arrived", "run again")
    number = visit.entered.visit
    return Turn(step=visit.step, visit=number, roles=roles, choices=choices, until=visit.until, not_these=not_these)


def _choices(step: Base) -> tuple[str, ...]:
    """What can be pressed at an open step."""
    skip = ("skip",) if isinstance(step, Manual | Wait) and step.can_be_skipped else ()
    if isinstance(step, Manual | Snapshot):
        return ("done", "failed", *skip)
    if isinstance(step, Confirm):
        return ("yes", "no")
    return tuple(step.options) if isinstance(step, Decision) else skip


def wishes(run: Run, playbook: Playbook) -> tuple[Wish, ...]:
    """What Lockstep should be doing now."""
    if run.ended or run.alarm:
        return ()
    if run.undoing:
        return _undo_call(run, playbook)
    visit = run.current
    own = _for_step(run, playbook, visit) if visit and not visit.locks else ()
    return (*own, *_for_criteria(run, playbook))


def call_key(run: Run, visit: Visit) -> str:
    """What the call of a step goes under: another each time that people let it be made again."""
    return f"{run.started.run}:{visit.step}:{visit.entered.visit}:{visit.attempt}"


def undo_key(run: Run) -> str:
    """What the call goes under that undoes the step whose undo's turn it is: another each time that people let it be made again."""
    attempt = run.visit_of(run.undoing.steps[0]).undo_attempt if run.undoing else 1
    return f"{_undo_known_by(run)}:{attempt}" if attempt > 1 else _undo_known_by(run)


def _undo_known_by(run: Run) -> str:
    step = run.undoing.steps[0] if run.undoing else ""
    return f"{run.started.run}:{step}:{run.times(step)}:undo"


def _undo_call(run: Run, playbook: Playbook) -> tuple[Wish, ...]:
    undoing = run.undoing
    call = undo_call(playbook, undoing.steps[0]) if undoing else None
    if undoing is None or not undoing.is_open or undoing.is_unsure or call is None:
        return ()
    return (Call(key=undo_key(run), known_by=_undo_known_by(run), call=_call(call, run), is_undo=True),)


def _for_step(run: Run, playbook: Playbook, visit: Visit) -> tuple[Wish, ...]:
    step, key = playbook.steps[visit.step], f"{run.started.run}:{visit.step}:{visit.entered.visit}"
    inputs = run.started.inputs
    if isinstance(step, Http) and not visit.is_unsure:
        return (Call(key=call_key(run, visit), known_by=key, call=_call(step.call, run)),)
    if isinstance(step, Notify):
        return (Tell(key=key, audience=step.audience, message=filled(step.message, inputs)),)
    if isinstance(step, SubPlaybook):
        given = {name: filled(text, inputs) for name, text in step.inputs.items()}
        return (RunOther(key=key, playbook=step.playbook, inputs=given),)
    measure = step.measure if isinstance(step, CheckMetric) else step.until if isinstance(step, Wait) else None
    if measure is None:
        return ()
    wish = Measure(
        key=key,
        subject=visit.step,
        queries=(measure.query,),
        every_seconds=measure.every_seconds,
        window_minutes=measure.window_minutes,
        since=visit.entered.at,
    )
    return (wish,)


def _for_criteria(run: Run, playbook: Playbook) -> Iterator[Wish]:
    for trigger, since in armed(run, playbook):
        if asked_for := queries(trigger.when):
            every, window = _pace(trigger.when)
            key = f"{run.started.run}:criterion:{trigger.id}"
            yield Measure(
                key=key,
                subject=trigger.id,
                queries=asked_for,
                every_seconds=every,
                window_minutes=window,
                since=since,
            )


def _pace(criterion: Criterion) -> tuple[int, int]:
    """How often, in seconds, and over how many minutes it must be measured."""
    found = [
        (leaf.every_seconds, leaf.window_minutes if isinstance(leaf, Sampled) else leaf.minutes)
        for leaf in leaves(criterion)
        if isinstance(leaf, Sampled | Absence)
    ]
    return min(every for every, _ in found), max(window for _, window in found)


def _call(call: HttpCall, run: Run) -> HttpCall:
    """The call with its inputs, which can say nothing there but what they are: no further part of an address, no other key of a
    body in JSON, and no secret."""
    inputs = {name: value.replace("${", "$ {") for name, value in run.started.inputs.items()}
    headers = {name: filled(value, inputs) for name, value in call.headers.items()}
    url = filled(call.url, {name: in_address(value) for name, value in inputs.items()})
    body = filled(call.body, {name: call.in_body(value) for name, value in inputs.items()}) if call.body else None
    return call.but(url=url, headers=headers, body=body)
