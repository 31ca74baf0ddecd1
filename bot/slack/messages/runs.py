"""The message of a run: the steps that are over, a line each; the one whose turn it is, who is asked, until when; its buttons."""

from bot.core.incident import Incident
from bot.core.playbooks.alarms import to_undo
from bot.core.playbooks.facts import WORSE, Lock, RunEnded
from bot.core.playbooks.judging import Verdict
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.part import filled
from bot.core.playbooks.run import Run, Visit
from bot.core.playbooks.steps import (
    Acting,
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
from bot.core.playbooks.turns import Turn, turn
from bot.slack import words
from bot.slack.blocks import Block, Element, actions, button, paragraphs, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message
from bot.slack.text import clock_time, day_and_time, ended, escape, escape_within, one_line, quoted

SHOWN = 60
"""So many steps that are over are shown at the most, the latest; the timeline has all."""
_ROOM = 11_000
"""Code points of a whole message: Slack takes 12,000."""
MARKS = {
    "success": "✓",
    "skipped": "–",
    "failure": "✗",
    "timeout": "✗",
    "no data": "✗",
    "interrupted": "✗",
}
CAME = {
    "success": "",
    "skipped": "skipped",
    "failure": "failed",
    "timeout": "not done in time",
    "no data": "no data in time",
    "interrupted": "broken off",
}
ENDS = {
    "done": "Done.",
    "stopped": "Stopped.",
    "handed over": "Something else goes on from here.",
    "rolled back": "Rolled back.",
    "undo failed": "It could not be undone.",
    "nobody decided": "Nobody decided in time. It ended as it was.",
    "called off": "Called off.",
    "stuck": "It leads nowhere from here.",
    "incident over": "The incident is over.",
}
_ASIDE = 100
_UNSURE = "*Did it happen?* The answer to the call was lost. Please look there, and say so."


def run_message(number: int, incident: Incident, playbook: Playbook) -> Message:
    """The whole message, at most some twenty blocks however long the run is."""
    run = incident.run(number)
    now, blocks = _now(number, run, incident, playbook)
    start = _head(run, incident)
    taken = len(start) + sum(len(block["text"]["text"]) for block in blocks if "text" in block)
    head = [start, *_over(run, _ROOM - taken)]
    text = f"{incident.name} {escape(playbook.title)}: {now}"
    return Message(text=text, blocks=[*paragraphs(head), *blocks])


def _head(run: Run, incident: Incident) -> str:
    started = run.started
    early = ", earlier than it is meant for" if started.is_early else ""
    given = "".join(
        f" · {escape_within(name, 40)}: {escape_within(one_line(said), 80)}" for name, said in started.inputs.items()
    )
    part = f" · part of *{escape(incident.run(started.part_of.run).started.title)}*" if started.part_of else ""
    beside = " · beside another that touches the same" if started.beside else ""
    by = words.person(started.by or "")
    return f"*{escape(started.title)}*, started by {by} {day_and_time(started.at)}{early}{part}{beside}{given}"


def _over(run: Run, room: int) -> list[str]:
    """The steps that are over, the latest that fit into so many code points. An end is said at the end."""
    done = [visit for visit in run.visits if visit.ended and visit.entered.does != "stop"]
    lines = list[str]()
    for visit in reversed(done[-SHOWN:]):
        line = line_of(visit)
        room -= len(line) + 1
        if room < 0:
            break
        lines.insert(0, line)
    left_out = len(done) - len(lines)
    more = f"… {words.count(left_out, 'earlier step', 'earlier steps')}: `{COMMAND} {Verb.TIMELINE}` shows all"
    return [*([more] if left_out else []), *lines]


def line_of(visit: Visit) -> str:
    """A step that is over, in a line."""
    end = visit.ended
    if end is None:
        return ""
    chosen = f": *{escape(end.chosen)}*" if end.chosen else ""
    came = f" · {CAME[end.outcome]}" if CAME[end.outcome] else ""
    who = f" · {_people(visit)}" if _people(visit) else ""
    note = f" · {quoted(end.note, _ASIDE)}" if end.note else ""
    early = " · early" if visit.entered.is_early else ""
    undone = " · undone" if visit.is_undone else ""
    return f"{MARKS[end.outcome]} {escape(visit.entered.title)}{chosen}{came}{who} {clock_time(end.at)}{early}{note}{undone}"


def _people(visit: Visit) -> str:
    """Who did it, and who else agreed."""
    agreed = [user for lock, user in visit.opened_by.items() if lock is not Lock.EVIDENCE]
    did = [visit.ended.by] if visit.ended and visit.ended.by else []
    first = [visit.first_yes] if visit.first_yes else []
    return " and ".join(dict.fromkeys(words.person(user) for user in (*agreed, *first, *did)))


def _now(number: int, run: Run, incident: Incident, playbook: Playbook) -> tuple[str, list[Block]]:
    """What is so now, for the notification, and as blocks."""
    asked = turn(run, playbook)
    if run.ended or asked is None or not incident.is_open:
        end = ended_as(run.ended) if run.ended else words.ended(incident)
        return end, paragraphs([f"*{end}*", *_left(run, playbook)])
    step = playbook.steps[asked.step]
    drawn = Drawn.of(incident).but(run=number, step=asked.step, visit=asked.visit)
    if run.alarm:
        lines, now = _alarm(run, playbook), f"stopped: {_criterion(run)}"
    elif run.undoing:
        lines, now = _undoing(run, playbook), f"undo: {escape(step.title)}"
    else:
        lines, now = _step(run, step, asked), f"now {escape(step.title)}"
    lines.append(_who(asked, incident, run))
    options = _options(run, step, drawn) if not run.alarm and not run.undoing else []
    pressed = [_button(choice, drawn, step) for choice in asked.choices if choice in _BUTTONS]
    always = [] if run.alarm or run.undoing else [button("It got worse", Action.RUN_WORSE, drawn.write())]
    call_off = button("Call off", Action.RUN_CALL_OFF, drawn.write())
    return now, [*paragraphs(lines), *options, *actions([*pressed, *always, call_off])]


def _step(run: Run, step: Base, asked: Turn) -> list[str]:
    """What the step asks for."""
    visit = run.visits[-1]
    again = f" (time {asked.visit})" if asked.visit > 1 else ""
    early = " · earlier than it is meant for" if visit.entered.is_early else ""
    lines = [f"● *{escape(step.title)}*{again}{early}", *_what(step, run)]
    if step.why:
        lines.append(f"_{escape_within(step.why, 600)}_")
    if visit.locks:
        lines += [_LOCKS[lock] for lock in visit.locks]
    if isinstance(step, Acting) and step.point_of_no_return:
        lines.append(f"*No way back from here:* {escape_within(step.point_of_no_return, 600)}")
    if visit.first_yes:
        lines.append(f"{words.person(visit.first_yes)} said yes. Another person must say so too.")
    if visit.is_unsure:
        lines.append(_UNSURE)
    return lines


def _what(step: Base, run: Run) -> list[str]:
    inputs = run.started.inputs
    match step:
        case Manual() | Snapshot():
            return [escape_within(filled(step.do, inputs).strip(), 3000)]
        case Confirm():
            two = " Two different people must say yes." if step.two_people else ""
            return [escape_within(filled(step.question, inputs), 1000) + two]
        case Decision():
            label = step.options[step.default].label
            return [escape_within(filled(step.question, inputs), 1000), f"If nobody chooses in time: *{escape(label)}*"]
        case Wait():
            return ["Time passes. I go on by myself."]
        case CheckMetric():
            compared = f"{step.measure.op.value} {step.measure.threshold:g}"
            query = escape_within(one_line(filled(step.measure.query, inputs)), 600)
            return [f"I measure whether this is {escape(compared)}. No data counts as no.\n`{query}`"]
        case Http():
            return [f"I call `{step.call.method} {escape_within(filled(step.call.url, inputs), 300)}`."]
        case Notify():
            return [f"I tell {escape(step.audience)}: {quoted(filled(step.message, inputs), 800)}"]
        case SubPlaybook():
            return [f"The playbook {escape(step.playbook)} is run. I go on when it has ended."]
    return []


def _options(run: Run, step: Base, drawn: Drawn) -> list[Block]:
    """The ways there are to decide, each with when to choose it."""
    if not isinstance(step, Decision) or run.visits[-1].locks:
        return []
    return [
        section(
            escape_within(filled(one.when, run.started.inputs), 400),
            button(one.label, Action.RUN_CHOOSE, drawn.but(choice=id).write()),
        )
        for id, one in step.options.items()
    ]


def _criterion(run: Run) -> str:
    """What stopped it."""
    alarm = run.alarm
    if alarm is None:
        return ""
    if alarm.criterion == WORSE:
        return f"{words.person(alarm.by or '')} says that it got worse"
    unknown = "" if alarm.verdict is Verdict.YES else " (this cannot be told: there is no data)"
    return f"{escape(alarm.says)}{unknown}"


def _alarm(run: Run, playbook: Playbook) -> list[str]:
    alarm = run.alarm
    if alarm is None:
        return []
    steps = ", ".join(escape(playbook.steps[id].title) for id in to_undo(run, playbook, alarm))
    lines = [
        f"■ *Stopped: {_criterion(run)}.* Nothing goes on.",
        f"To undo: {steps}" if steps else "There is nothing to undo.",
    ]
    if run.is_held:
        lines.append("The incident commander holds the undo.")
    elif alarm.begins_at:
        lines.append(
            f"The undo begins by itself at *{clock_time(alarm.begins_at)}*, unless the incident commander holds it."
        )
    lines.append(f"If nobody decides by {clock_time(alarm.until)}, the playbook ends, and everything stays as it is.")
    return lines


def _undoing(run: Run, playbook: Playbook) -> list[str]:
    undoing = run.undoing
    if undoing is None:
        return []
    step = playbook.steps[undoing.steps[0]]
    then = ", ".join(escape(playbook.steps[id].title) for id in undoing.steps[1:])
    lines = [f"↩ *Undo: {escape(step.title)}*", escape_within(filled(undoing.do, run.started.inputs).strip(), 3000)]
    if not undoing.is_open:
        lines.append("It waits until somebody lets it begin.")
    if undoing.is_unsure:
        lines.append(_UNSURE)
    return [*lines, *([f"After that: {then}"] if then else [])]


def _who(asked: Turn, incident: Incident, run: Run) -> str:
    """Who is asked, and until when."""
    until = f" until *{clock_time(asked.until)}*" if asked.until else ""
    if not asked.choices or (asked.choices == ("skip",) and run.current):
        return f"Nobody needs to do anything{until}."
    return f"{asked_people(asked.roles, incident, asked.not_these)}{until}"


def asked_people(roles: tuple[str, ...], incident: Incident, but: frozenset[str] = frozenset()) -> str:
    """Who holds these roles; anybody, when nobody does or no role is asked."""
    held = [(role, incident.seats[role].user) for role in roles if role in incident.seats]
    if held:
        return " or ".join(f"{words.person(user)} ({escape(role)})" for role, user in held)
    others = f" but {' and '.join(words.person(user) for user in sorted(but))}" if but else ""
    return f"Anybody{others}: nobody is {escape(roles[0])}" if roles else f"Anybody{others}"


def _left(run: Run, playbook: Playbook) -> list[str]:
    if run.ended is None:
        return []
    lines = [ended(quoted(run.ended.why, 500))] if run.ended.why else []
    if run.ended.hands_over_to:
        lines.append(f"Go on with `{COMMAND} {Verb.PLAYBOOK} {escape(run.ended.hands_over_to)}`.")
    if run.ended.left:
        left = ", ".join(escape(playbook.steps[id].title) for id in run.ended.left)
        lines.append(f"*Not undone:* {left}")
    return lines


def ended_as(end: RunEnded) -> str:
    """How it ended, in a sentence or two."""
    return f"{ENDS[end.end]} {escape(end.reason)}".strip()


_LOCKS = {
    Lock.APPROVAL: "○ The incident commander must approve it first.",
    Lock.SECOND: "○ A second person must agree first.",
    Lock.EVIDENCE: "○ Evidence must be saved first: afterwards it is gone.",
}
_BUTTONS: dict[str, tuple[str, Action, str]] = {
    "done": ("Done", Action.RUN_DONE, "primary"),
    "failed": ("Failed", Action.RUN_FAILED, ""),
    "skip": ("Skip", Action.RUN_SKIP, ""),
    "yes": ("Yes", Action.RUN_YES, "primary"),
    "no": ("No", Action.RUN_NO, ""),
    "approval": ("Approve", Action.RUN_APPROVE, "primary"),
    "second person": ("I agree, as the second", Action.RUN_AGREE, ""),
    "evidence": ("Link to evidence", Action.RUN_EVIDENCE, ""),
    "it arrived": ("Yes, it arrived", Action.RUN_ARRIVED, ""),
    "run again": ("Run again", Action.RUN_AGAIN, ""),
    "undo arrived": ("Yes, it arrived", Action.RUN_UNDO_ARRIVED, ""),
    "undo again": ("Run again", Action.RUN_UNDO_AGAIN, ""),
    "roll back now": ("Roll back now", Action.RUN_ROLL_BACK, "danger"),
    "hold": ("Hold", Action.RUN_HOLD, ""),
    "override": ("Go on anyway", Action.RUN_OVERRIDE, ""),
    "undone": ("Undone", Action.RUN_UNDONE, "primary"),
    "could not undo": ("Could not undo", Action.RUN_NOT_UNDONE, ""),
}


def _button(choice: str, drawn: Drawn, step: Base) -> Element:
    label, action, style = _BUTTONS[choice]
    return button(label, action, drawn.write(), primary=style == "primary", danger=style == "danger")
