"""How the steps of a playbook hang together: steps that do not exist or cannot be reached, loops that nothing bounds, ways out that
lead nowhere, times that are missing, and undos."""

from collections.abc import Iterable, Iterator

import yaml

from bot.core.playbooks.criteria import Deadline, Trigger, leaves
from bot.core.playbooks.facts import WORSE
from bot.core.playbooks.flow import (
    Place,
    endless,
    exits,
    graph,
    leads_to,
    reached,
    timeout_of,
    triggered,
    ways,
)
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.steps import (
    Acting,
    Base,
    CheckMetric,
    Confirm,
    Decision,
    Exit,
    Http,
    Manual,
    Rollback,
    Snapshot,
    Stop,
    Wait,
)
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import around, pairs, value

_MOST_LINES = 3


def loose_ends(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Everything that is wrong with the flow."""
    for part in (_dangling, _without_way, _unreachable, _loops, _bounds, _times, _undos, _evidence, _calls):
        yield from part(root, playbook)
    for part in (_criteria, _defaults, _long):
        yield from part(root, playbook)


def node_of(root: yaml.Node, *place: int | str) -> yaml.Node:
    """The node at this place, or the nearest around it."""
    return around(root, place)


def key_of(root: yaml.Node, id: str) -> yaml.Node:
    """The id of a step where it is defined."""
    steps = value(root, "steps")
    return next((name for name, _ in pairs(steps) if name.value == id), steps or root)


def no_step(id: str, playbook: Playbook) -> str:
    """What is said of a step that is not there."""
    meant = nearest(id, list(playbook.steps))
    advice = f"Did you mean {meant}?" if meant else "Write the id of a step."
    return f"there is no step {shown(id)}. {advice}"


def _dangling(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Steps that something leads to and that there are not. A default is told once, not for every step that takes it."""
    places: dict[Place, str] = {("start",): playbook.start}
    for way in (*(way for id in playbook.steps for way in ways(playbook, id)), *triggered(playbook)):
        places.setdefault(way.place, way.to)
    for place, to in places.items():
        if to not in playbook.steps:
            yield at(node_of(root, *place), no_step(to, playbook))


def _without_way(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Ways out that must be there and lead nowhere."""
    for id, step in playbook.steps.items():
        for way in exits(step):
            if way is not Exit.NO_DATA and leads_to(playbook, step, way) is None:
                advice = f"Add `{way}: ` and a step, here or to `defaults`."
                yield at(key_of(root, id), f"the step {id} does not say where it goes {_MEANS[way]}. {advice}")


_MEANS = {
    Exit.SUCCESS: "when it worked",
    Exit.FAILURE: "when it did not work",
    Exit.TIMEOUT: "when it takes too long",
}


def _unreachable(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    found = reached(playbook)
    for id in playbook.steps:
        if id not in found:
            yield at(key_of(root, id), f"nothing leads to the step {id}. Name it in another step, or take it out.")


def _loops(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """A loop that could go round for ever, told at its first step."""
    if around_it := endless(playbook):
        first = min(around_it, key=list(playbook.steps).index)
        place = around_it.index(first)
        way = " → ".join([*around_it[place:], *around_it[:place], first])
        yield at(
            key_of(root, first), f"this goes round without end: {way}. Add `at_most: 3` and `then:` to one of them."
        )


def _bounds(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    for id, step in playbook.steps.items():
        if step.at_most is not None and step.then is None:
            yield at(
                node_of(root, "steps", id, "at_most"),
                "nobody knows where it goes after that often. Add `then: ` and a step.",
            )
        if step.then is not None and step.at_most is None:
            yield at(node_of(root, "steps", id, "then"), "this never counts without at_most. Add `at_most: 3`.")


def _times(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    for id, step in playbook.steps.items():
        minutes = timeout_of(playbook, step)
        if minutes is None and not isinstance(step, Stop | Rollback):
            advice = "Add `timeout_minutes: 15`, here or to `defaults`."
            yield at(key_of(root, id), f"the step {id} does not say how long it may take. {advice}")
        measure = step.measure if isinstance(step, CheckMetric) else step.until if isinstance(step, Wait) else None
        if measure and minutes and (measure.of - 1) * measure.every_seconds > minutes * 60:
            wanted = -(-(measure.of - 1) * measure.every_seconds // 60)
            where = node_of(root, "steps", id, "measure" if isinstance(step, CheckMetric) else "until")
            key = "timeout_minutes" if isinstance(step, CheckMetric) else "minutes"
            wrong = f"{measure.of} samples take {wanted} min, and the step has {minutes}."
            yield at(where, f"{wrong} Write `{key}: {wanted}` or more.")


def _undos(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    for id, step in playbook.steps.items():
        if not isinstance(step, Acting):
            continue
        here = ("steps", id)
        if step.reversible and step.undo is None:
            yield at(
                node_of(root, *here, "reversible"),
                "this does not say how it is undone. Add `undo: {do: …}` to the step.",
            )
        if step.undo and not step.reversible:
            yield at(node_of(root, *here, "undo"), "an undo goes with `reversible: true`. Add that to the step.")
        if step.auto_safe and step.undo is None:
            yield at(
                node_of(root, *here, "auto_safe"),
                "there is no undo that could begin by itself. Add one, or take it out.",
            )
        if step.point_of_no_return and step.reversible:
            wrong = "a point of no return cannot be reversible. Take one of the two out."
            yield at(node_of(root, *here, "point_of_no_return"), wrong)
    for id, step in playbook.steps.items():
        if isinstance(step, Rollback):
            after = playbook.steps.get(step.on_success)
            if after and not isinstance(after, CheckMetric | Confirm | Manual):
                wrong = "nobody looks whether the rollback helped. Go on with a check_metric or confirm step."
                yield at(node_of(root, "steps", id, "on_success"), wrong, is_fatal=False)


def _evidence(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Steps that destroy evidence and can be reached without a snapshot. A run asks for one then."""
    steps = graph(playbook)
    found, waiting = set[str](), [playbook.start]
    while waiting:
        id = waiting.pop()
        if id in found or id not in steps:
            continue
        found.add(id)
        step = playbook.steps[id]
        saved = step.on_success if isinstance(step, Snapshot) else None
        waiting += [to for to in steps[id] if to != saved]
    for id in sorted(found):
        step = playbook.steps[id]
        if isinstance(step, Acting) and step.destroys_evidence:
            wrong = "this can be come to with no snapshot before it. Put a snapshot on every way here."
            yield at(node_of(root, "steps", id, "destroys_evidence"), wrong, is_fatal=False)


def _calls(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    for id, step in playbook.steps.items():
        undo = step.undo.call if isinstance(step, Acting) and step.undo else None
        for call, place in ((step.call if isinstance(step, Http) else None, "call"), (undo, "undo")):
            if call and call.retries and not call.is_repeatable:
                inside = ("undo", "call") if place == "undo" else ("call",)
                wrong = (
                    "a call that may do something twice is not tried again. Add `idempotency_header`, or take this out."
                )
                yield at(node_of(root, "steps", id, *inside, "retries"), wrong)


def _criteria(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Criteria that have the name of another, or wait for a step that is not there."""
    seen = set[str]()
    for place, trigger in triggers(playbook):
        where = node_of(root, *place, "id")
        if trigger.id in seen or trigger.id in playbook.steps or trigger.id == WORSE:
            yield at(where, f"{trigger.id} is the name of something else already. Write another.")
        seen.add(trigger.id)
        if trigger.undoes == "this" and place[0] != "steps":
            yield at(
                node_of(root, *place, "undoes"), "there is no step here that `this` could be. Write `all` or `last`."
            )
        for leaf in leaves(trigger.when):
            if isinstance(leaf, Deadline) and leaf.passed not in playbook.steps:
                yield at(node_of(root, *place, "when", "passed"), no_step(leaf.passed, playbook))


def triggers(playbook: Playbook) -> Iterable[tuple[Place, Trigger]]:
    """All criteria, each with its place."""
    for number, trigger in enumerate(playbook.rollback_when):
        yield ("rollback_when", number), trigger
    for id, step in playbook.steps.items():
        for number, trigger in enumerate(getattr(step, "rollback_when", ())):
            yield ("steps", id, "rollback_when", number), trigger


def _defaults(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Decisions whose default is none of their options."""
    for id, step in playbook.steps.items():
        if isinstance(step, Decision) and step.default not in step.options:
            advice = f"Write one of: {', '.join(step.options)}."
            yield at(
                node_of(root, "steps", id, "default"), f"{step.default} is not an option of this decision. {advice}"
            )


def _long(root: yaml.Node, playbook: Playbook) -> Iterator[Finding]:
    """Instructions that nobody reads at night."""
    for id, step in playbook.steps.items():
        if text := _instruction(step):
            lines = len(text.splitlines())
            if lines > _MOST_LINES:
                wrong = f"these are {lines} lines, and {_MOST_LINES} are the most. Make two steps of it."
                yield at(node_of(root, "steps", id, "do"), wrong)


def _instruction(step: Base) -> str | None:
    return step.do if isinstance(step, Manual | Snapshot) else None
