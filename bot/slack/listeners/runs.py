"""Playbooks: `/incident playbook …`, and the buttons and forms of their runs."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.core.incident import Incident
from bot.core.labels import split_labels
from bot.core.playbooks.acts import Answer as Said
from bot.core.playbooks.acts import ByPerson, RollBackNow, SayWorse, Settle, SettleUndo, UndoDone, Unlock, Why
from bot.core.playbooks.facts import Lock
from bot.core.playbooks.steps import Manual, Snapshot
from bot.core.policy import Policy
from bot.core.refusal import Refusal, RunRefused
from bot.core.run_offers import fits
from bot.core.runs import ActOnRun, StartPlaybook
from bot.slack.forms.modal import FieldErrors, View
from bot.slack.forms.run import RunWordForm, StartRunForm
from bot.slack.ids import Action, Drawn
from bot.slack.listeners.act import Act
from bot.slack.messages.message import Message, say
from bot.slack.messages.playbook_list import playbook_list
from bot.slack.messages.refusals import refused, stale
from bot.slack.text import escape

Answer = Message | View | None
BESIDE = "beside"
"""The word by which the incident commander starts a playbook although another touches the same part of the system."""


async def playbook(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident playbook [name [beside] | label=value …]`: which fit, and why, by what is known and these labels of an alert; with
    a name it starts that one."""
    said, labels = split_labels(rest)
    name, _, more = said.partition(" ")
    if not name:
        return playbook_list(found, act.service.shelf, fits(act.service.shelf, found, labels))
    return await _start(act, found, policy, name, beside=more.strip().casefold() == BESIDE) or say("It has started.")


async def press_start(act: Act) -> Answer:
    """`Start`: at once, or first the form with what it needs to know."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    if not now.is_open:
        return stale(now, drawn.phase)
    return await _start(act, now, await act.service.policy_of(now), drawn.playbook or "")


async def _start(act: Act, now: Incident, policy: Policy, name: str, *, beside: bool = False) -> Answer:
    known = act.service.shelf.offered.get(name.casefold())
    if known and known.status != "retired" and any(one.default is None for one in known.inputs):
        return StartRunForm.view(now, known, {}, beside=beside)
    command = StartPlaybook(origin=act.origin(now.number), playbook=known.id if known else name, allows_beside=beside)
    outcome = await act.service.handle(command)
    if outcome.refusal:
        return refused(outcome.refusal, await act.incident(now.number), policy)
    return say(f"*{escape(known.title if known else name)}* has started: its message is in the room.")


async def submit_start(act: Act) -> Refusal | FieldErrors | None:
    """The form with what a playbook asks, sent."""
    name = act.sent.drawn.playbook or ""
    command = StartRunForm.parse(
        act.body["view"], act.origin(act.sent.drawn.number), act.service.shelf.offered.get(name)
    )
    if isinstance(command, FieldErrors):
        return command
    return (await act.service.handle(command)).refusal


def does(kind: type[ByPerson], **what: Any) -> Callable[[Act], Awaitable[Answer]]:
    """A button that is done at once; its step, and what was chosen, are what it was drawn for."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        fields = {"step": drawn.step, "visit": drawn.visit, "option": drawn.choice} | what
        given = {name: value for name, value in fields.items() if name in kind.model_fields}
        return await _handled(act, drawn, ActOnRun.by(act.origin(drawn.number), drawn.run or 0, kind, **given))

    return press


async def _handled(act: Act, drawn: Drawn, command: ActOnRun) -> Answer:
    outcome = await act.service.handle(command)
    if outcome.refusal is None:
        return None
    now = await act.incident(drawn.number)
    return refused(outcome.refusal, now, await act.service.policy_of(now))


def asks(action: Action) -> Callable[[Act], Awaitable[Answer]]:
    """A button that asks for a word first, while the run goes on."""

    async def press(act: Act) -> Answer:
        drawn = act.pressed
        now = await act.incident(drawn.number)
        run = now.run(drawn.run or 0)
        if not now.is_open:
            return stale(now, drawn.phase)
        policy = await act.service.policy_of(now)
        if run.ended:
            over = RunRefused(run=drawn.run, title=run.started.title, because=Why.OVER, tried=action.value)
            return refused(over, now, policy)
        steps = (await act.service.playbook_of(run)).steps
        step = None if action is Action.RUN_CALL_OFF else steps.get(drawn.step or "")
        return RunWordForm.view(now, drawn, action, run, step)

    return press


async def press_done(act: Act) -> Answer:
    """`Done`: at once, unless something must be written down with it."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    run = now.run(drawn.run or 0)
    step = (await act.service.playbook_of(run)).steps.get(drawn.step or "")
    if isinstance(step, Snapshot) or (isinstance(step, Manual) and step.asks_for != "nothing"):
        return await asks(Action.RUN_DONE)(act)
    return await does(Said, answer="done")(act)


PRESSED: dict[Action, Callable[[Act], Awaitable[Answer]]] = {
    Action.RUN_START: press_start,
    Action.RUN_DONE: press_done,
    Action.RUN_FAILED: asks(Action.RUN_FAILED),
    Action.RUN_SKIP: asks(Action.RUN_SKIP),
    Action.RUN_YES: does(Said, answer="yes", option=None),
    Action.RUN_NO: does(Said, answer="no", option=None),
    Action.RUN_CHOOSE: does(Said, answer="choose"),
    Action.RUN_APPROVE: does(Unlock, lock=Lock.APPROVAL),
    Action.RUN_AGREE: does(Unlock, lock=Lock.SECOND),
    Action.RUN_EVIDENCE: asks(Action.RUN_EVIDENCE),
    Action.RUN_ARRIVED: does(Settle, arrived=True),
    Action.RUN_AGAIN: does(Settle, arrived=False),
    Action.RUN_UNDO_ARRIVED: does(SettleUndo, arrived=True),
    Action.RUN_UNDO_AGAIN: does(SettleUndo, arrived=False),
    Action.RUN_WORSE: does(SayWorse),
    Action.RUN_ROLL_BACK: does(RollBackNow),
    Action.RUN_HOLD: asks(Action.RUN_HOLD),
    Action.RUN_OVERRIDE: asks(Action.RUN_OVERRIDE),
    Action.RUN_UNDONE: does(UndoDone, is_done=True),
    Action.RUN_NOT_UNDONE: asks(Action.RUN_NOT_UNDONE),
    Action.RUN_CALL_OFF: asks(Action.RUN_CALL_OFF),
}
"""The buttons of runs."""
