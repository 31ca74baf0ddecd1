"""The forms of playbook runs: what a playbook asks before it starts, and a word about what somebody does to a run."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.playbooks.acts import Answer, ByPerson, CallOff, Hold, Override, UndoDone, Unlock
from bot.core.playbooks.facts import Lock
from bot.core.playbooks.model import Input, Playbook, fits
from bot.core.playbooks.run import Run
from bot.core.playbooks.steps import Base, Manual, Snapshot
from bot.core.runs import ActOnRun, StartPlaybook
from bot.slack.blocks import Block, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Action, Drawn, Field, Form
from bot.slack.text import escape

ASKED = "input_"
"""Before the name of an input, its block id."""
_WRITE = {
    "word": "Please write one word of letters, digits and - _ . :",
    "text": "Please write an answer.",
    "number": "Please write a number, such as 5 or 0.5.",
    "yes or no": "Please choose.",
    "choice": "Please choose.",
}


class StartRunForm:
    """What a playbook asks before it starts."""

    @staticmethod
    def view(incident: Incident, playbook: Playbook, given: Mapping[str, str], *, beside: bool = False) -> View:
        """Its inputs, those that are known filled in."""
        risk = [section(f"*Risk:* {escape(playbook.risk)}")] if playbook.risk else []
        blocks = [section(escape(playbook.summary)), *risk, *(_asks(one, given) for one in playbook.inputs)]
        drawn = Drawn.of(incident).but(playbook=playbook.id, choice="beside" if beside else None)
        return form(Form.START_RUN, playbook.title, "Start", blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, playbook: Playbook | None) -> StartPlaybook | FieldErrors:
        """The start, or what is wrong with which answer. A playbook that is gone meanwhile is said when it is started."""
        sent = Sent(view)
        given = sent.named(ASKED)
        wrong = {
            f"{ASKED}{one.name}": _WRITE[one.type]
            for one in (playbook.inputs if playbook else ())
            if not fits(one, given.get(one.name) or one.default or "")
        }
        if wrong:
            return FieldErrors(wrong)
        drawn = sent.drawn
        return StartPlaybook(
            origin=origin, playbook=drawn.playbook or "", inputs=given, allows_beside=drawn.choice == "beside"
        )


def _asks(one: Input, given: Mapping[str, str]) -> Block:
    known = given.get(one.name, one.default)
    options = {"yes or no": ("yes", "no")}.get(one.type, one.choices)
    if options:
        block = inputs.choice(Field.ANSWER, one.asks, [(name, name) for name in options], initial=known)
    else:
        block = inputs.text(Field.ANSWER, one.asks, initial=known, multiline=False, limit=300)
    id = f"{ASKED}{one.name}"
    return block | {"block_id": id, "element": block["element"] | {"action_id": id}}


ASKED_ABOUT: dict[Action, tuple[str, str, bool]] = {
    Action.RUN_DONE: ("Done", "Please add a note", True),
    Action.RUN_FAILED: ("It failed", "What happened?", False),
    Action.RUN_SKIP: ("Skip the step", "Why can it be left out?", True),
    Action.RUN_EVIDENCE: ("Evidence", "A link to what was saved", True),
    Action.RUN_HOLD: ("Hold the undo", "Why should it not begin?", True),
    Action.RUN_OVERRIDE: ("Go on anyway", "Why is it right to go on?", True),
    Action.RUN_NOT_UNDONE: ("Could not undo", "What stands in the way?", False),
    Action.RUN_CALL_OFF: ("Call off", "Why?", True),
}
"""For what a button asks: the title, the question, and whether there must be an answer."""


class RunWordForm:
    """A word about what somebody does to a run."""

    @staticmethod
    def view(incident: Incident, drawn: Drawn, action: Action, run: Run, step: Base | None) -> View:
        """The one question."""
        title, question, is_needed = ASKED_ABOUT[action]
        if action is Action.RUN_DONE and (
            isinstance(step, Snapshot) or (isinstance(step, Manual) and step.asks_for == "link")
        ):
            question = "A link to it"
        about = f"*{escape(run.started.title)}*{f': {escape(step.title)}' if step else ''}"
        text = inputs.text(Field.WHY, question, optional=not is_needed, multiline=action is Action.RUN_DONE)
        carried = Drawn.of(incident).but(run=drawn.run, step=drawn.step, visit=drawn.visit, choice=action.value)
        return form(Form.RUN_WORD, title, "Send", [section(about), text], carried)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> ActOnRun | FieldErrors:
        """What is done, with that word."""
        sent = Sent(view)
        drawn, word = sent.drawn, sent.text(Field.WHY)
        action = Action(drawn.choice or "")
        if word is None and ASKED_ABOUT[action][2]:
            return FieldErrors.of(Field.WHY, "Please write a word about it.")
        kind, what = _done(action, drawn, word)
        return ActOnRun.by(origin, drawn.run or 0, kind, **what)


def _done(action: Action, drawn: Drawn, word: str | None) -> tuple[type[ByPerson], dict[str, Any]]:
    """The kind of act, and its fields."""
    step: dict[str, Any] = {"step": drawn.step or "", "visit": drawn.visit}
    answers = {Action.RUN_DONE: "done", Action.RUN_FAILED: "failed", Action.RUN_SKIP: "skip"}
    if action in answers:
        return Answer, step | {"answer": answers[action], "note": word}
    if action is Action.RUN_EVIDENCE:
        return Unlock, step | {"lock": Lock.EVIDENCE, "note": word}
    if action is Action.RUN_NOT_UNDONE:
        return UndoDone, {"step": drawn.step or "", "is_done": False, "note": word}
    kinds: dict[Action, type[ByPerson]] = {
        Action.RUN_HOLD: Hold,
        Action.RUN_OVERRIDE: Override,
        Action.RUN_CALL_OFF: CallOff,
    }
    return kinds[action], {"why": word or ""}
