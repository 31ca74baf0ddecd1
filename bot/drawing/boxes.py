"""What is drawn of a playbook: a numbered box for each step, arrows for the ways it is meant to go, and in the boxes, by number,
where it goes when something fails. Arrows for those too would hide the way."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from bot.core.playbooks.criteria import Trigger
from bot.core.playbooks.flow import THEN, Way, role_of, timeout_of, ways
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.steps import (
    Acting,
    Base,
    CheckMetric,
    Confirm,
    Decision,
    Exit,
    Rollback,
    Stop,
    Wait,
)

Look = Literal["work", "decision", "check", "machine", "undo", "done", "stopped", "handed over"]

_LOOKS: dict[str, Look] = {
    "manual": "work",
    "snapshot": "work",
    "decision": "decision",
    "confirm": "check",
    "check_metric": "check",
    "wait": "machine",
    "http": "machine",
    "notify": "machine",
    "sub_playbook": "machine",
    "rollback": "undo",
}
_FAILED = {Exit.FAILURE: "failed", Exit.TIMEOUT: "late", Exit.NO_DATA: "no data"}


class Box(NamedTuple):
    """One step: its number in the drawing, how it looks, its title, and small lines below; `troubles` are those that say where it
    goes when something fails."""

    id: str
    number: int
    look: Look
    title: str
    lines: tuple[str, ...]
    troubles: tuple[str, ...]
    is_final: bool


class Arrow(NamedTuple):
    """A way from one step to another. A dotted one leads to a step that is come to only when something fails."""

    source: str
    target: str
    label: str
    is_dotted: bool


class Drawn(NamedTuple):
    """All that is drawn, the boxes in their order."""

    title: str
    subtitle: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawn(playbook: Playbook) -> Drawn:
    """What is drawn of this playbook."""
    numbers = {id: place + 1 for place, id in enumerate(_order(playbook))}
    arrows = [arrow for id in numbers for arrow in _arrows(playbook, id)]
    arrows += _dotted(playbook, numbers, {arrow.target for arrow in arrows})
    boxes = tuple(_box(playbook, id, numbers) for id in numbers)
    minutes = f"{playbook.takes_minutes} min" if playbook.takes_minutes < 120 else f"{playbook.takes_minutes // 60} h"
    return Drawn(playbook.title, f"{playbook.id} {playbook.version} · about {minutes}", boxes, tuple(arrows))


def is_meant(way: Way, step: Base) -> bool:
    """Whether this is a way the step is meant to go: when it worked, or an option."""
    return way.name != THEN and (isinstance(step, Decision) or way.name == Exit.SUCCESS)


def _order(playbook: Playbook) -> list[str]:
    """The steps as one comes to them: those that follow each other one after the other, ends last."""
    steps = [id for id, step in playbook.steps.items() if not isinstance(step, Stop)]
    return [*steps, *(id for id, step in playbook.steps.items() if isinstance(step, Stop))]


def _arrows(playbook: Playbook, id: str) -> Iterator[Arrow]:
    """The ways it is meant to go. Options that lead to the same step share an arrow."""
    step = playbook.steps[id]
    labels: dict[str, list[str]] = {}
    for way in ways(playbook, id):
        if is_meant(way, step) and way.to in playbook.steps:
            labels.setdefault(way.to, []).append(_label(step, way))
    for to, words in labels.items():
        yield Arrow(id, to, ", ".join(word for word in words if word), is_dotted=False)


def _label(step: Base, way: Way) -> str:
    if isinstance(step, Decision):
        return step.options[way.name].label
    return {Confirm: "yes", CheckMetric: "good"}.get(type(step), "")


def _dotted(playbook: Playbook, numbers: dict[str, int], reached: set[str]) -> Iterator[Arrow]:
    """One arrow to each step that is come to only when something fails, so that it has its place: from a check if there is one,
    else from the first step that can fail that way, else from the criterion. None to an end."""
    checks = [id for id in numbers if isinstance(playbook.steps[id], CheckMetric | Confirm)]
    failing = [(id, *trouble) for id in (*checks, *numbers) for trouble in _troubles(playbook, id)]
    criteria = [(id, *trouble) for id in numbers for trouble in _after_criteria(playbook, id)]
    found = set(reached) | {playbook.start}
    for id, label, to in (*failing, *criteria):
        if to not in found and not isinstance(playbook.steps[to], Stop):
            found.add(to)
            yield Arrow(id, to, label, is_dotted=True)


def _troubles(playbook: Playbook, id: str) -> Iterator[tuple[str, str]]:
    """Where it goes when something fails: what, and to which step."""
    step = playbook.steps[id]
    for way in ways(playbook, id):
        if is_meant(way, step) or way.to not in playbook.steps:
            continue
        if way.name == THEN:
            yield f"after {step.at_most} times" if step.at_most != 1 else "after once", way.to
        elif isinstance(step, Confirm) and way.name == Exit.FAILURE:
            yield "no", way.to
        elif isinstance(step, CheckMetric) and way.name == Exit.FAILURE:
            yield "bad", way.to
        else:
            yield _FAILED[Exit(way.name)], way.to


def _after_criteria(playbook: Playbook, id: str) -> Iterator[tuple[str, str]]:
    own = getattr(playbook.steps[id], "rollback_when", ())
    general = playbook.rollback_when if id == playbook.start else ()
    yield from ((trigger.id, trigger.then) for trigger in (*own, *general) if trigger.then in playbook.steps)


def _box(playbook: Playbook, id: str, numbers: dict[str, int]) -> Box:
    step = playbook.steps[id]
    is_final = isinstance(step, Acting) and step.point_of_no_return is not None
    look = step.outcome if isinstance(step, Stop) else _LOOKS[step.kind]
    troubles = (*_grouped(playbook, id, numbers), *_criteria(step, numbers))
    if id == playbook.start:
        troubles += tuple(_criterion(trigger, numbers, "at any time, ") for trigger in playbook.rollback_when)
    return Box(id, numbers[id], look, step.title, tuple(_lines(playbook, step)), troubles, is_final)


def _grouped(playbook: Playbook, id: str, numbers: dict[str, int]) -> Iterator[str]:
    """Where it goes when something fails, in one line: `failed or late: 7, no data: 9`."""
    by_target: dict[str, list[str]] = {}
    for what, to in _troubles(playbook, id):
        by_target.setdefault(to, []).append(what)
    if by_target:
        yield ", ".join(f"{' or '.join(whats)}: {numbers[to]}" for to, whats in by_target.items())


def _criteria(step: Base, numbers: dict[str, int]) -> Iterator[str]:
    yield from (_criterion(trigger, numbers, "") for trigger in getattr(step, "rollback_when", ()))


def _criterion(trigger: Trigger, numbers: dict[str, int], when: str) -> str:
    then = f", then {numbers[trigger.then]}" if trigger.then in numbers else ""
    return f"{when}{trigger.id}: undo {trigger.undoes}{then}"


def _lines(playbook: Playbook, step: Base) -> Iterator[str]:
    """Who does it and how long it may take, and what is special about it."""
    if isinstance(step, Stop):
        yield step.outcome + (f": {step.hands_over_to}" if step.hands_over_to else "")
        return
    minutes = timeout_of(playbook, step)
    who = "Lockstep" if isinstance(step, CheckMetric | Wait) else role_of(playbook, step)
    until = "" if isinstance(step, Rollback) or minutes is None else f", {minutes} min"
    yield f"{who}{until}"
    if special := ", ".join(_special(step)):
        yield special


def _special(step: Base) -> Iterator[str]:
    if isinstance(step, Confirm) and step.two_people:
        yield "two people"
    if isinstance(step, Rollback):
        yield f"undoes {step.undoes}"
    if isinstance(step, Acting):
        if step.point_of_no_return:
            yield "no way back: commander and a second person"
        elif step.needs_approval:
            yield "the commander approves"
        if step.destroys_evidence:
            yield "evidence first"
        if step.undo:
            yield "can be undone" + (" by itself" if step.auto_safe else "")
    if step.gates:
        yield f"before {step.gates} is left"
