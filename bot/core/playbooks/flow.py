"""Where the steps of a playbook lead: every way out of a step, what can be reached, and whether it always ends."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.core.playbooks.model import APPROVER, Playbook
from bot.core.playbooks.part import Minutes
from bot.core.playbooks.steps import Acting, Base, CheckMetric, Decision, Exit, Rollback, Stop, Wait

Place = tuple[int | str, ...]
Graph = Mapping[str, tuple[str, ...]]


class Way(NamedTuple):
    """One way out of a step: its name (an `Exit`, an option, or `then`), the step it leads to, and where the file says so."""

    name: str
    to: str
    place: Place


THEN = "then"
_EXITS: Mapping[type[Base], tuple[Exit, ...]] = {
    Acting: (Exit.SUCCESS, Exit.FAILURE, Exit.TIMEOUT),
    Wait: (Exit.SUCCESS,),
    CheckMetric: (Exit.SUCCESS, Exit.FAILURE, Exit.NO_DATA),
    Rollback: (Exit.SUCCESS, Exit.FAILURE),
}


def exits(step: Base) -> tuple[Exit, ...]:
    """The ways out that a step of this kind must have, besides the options of a decision."""
    return next((found for kind, found in _EXITS.items() if isinstance(step, kind)), ())


def leads_to(playbook: Playbook, step: Base, way: Exit) -> str | None:
    """Where this way out leads, by the step itself or by the defaults; None when neither says. No data is a failure unless the
    step says otherwise."""
    if own := getattr(step, way.value, None):
        return str(own)
    if way is Exit.NO_DATA:
        return leads_to(playbook, step, Exit.FAILURE)
    if way is Exit.SUCCESS:
        return None
    return playbook.defaults.on_failure if way is Exit.FAILURE else playbook.defaults.on_timeout


def ways(playbook: Playbook, id: str) -> tuple[Way, ...]:
    """All ways out of this step that lead somewhere, in the order in which they are tried."""
    step, at = playbook.steps[id], ("steps", id)
    if isinstance(step, Decision):
        found = [Way(key, option.goes_to, (*at, "options", key, "goes_to")) for key, option in step.options.items()]
    else:
        found = list(_exits_taken(playbook, id, step))
    return (*found, Way(THEN, step.then, (*at, THEN))) if step.then else tuple(found)


def _exits_taken(playbook: Playbook, id: str, step: Base) -> Iterator[Way]:
    for way in exits(step):
        if (to := leads_to(playbook, step, way)) is None:
            continue
        place: Place = ("steps", id, way.value)
        if getattr(step, way.value, None) is None:
            place = ("steps", id, "on_failure") if way is Exit.NO_DATA and _own_failure(step) else _default(way)
        yield Way(way.value, to, place)


def _own_failure(step: Base) -> bool:
    return getattr(step, Exit.FAILURE.value, None) is not None


def _default(way: Exit) -> Place:
    return ("defaults", (Exit.FAILURE if way is Exit.NO_DATA else way).value)


def triggered(playbook: Playbook) -> Iterator[Way]:
    """Where criteria lead after their undo."""
    for number, trigger in enumerate(playbook.rollback_when):
        if trigger.then:
            yield Way(trigger.id, trigger.then, ("rollback_when", number, THEN))
    for id, step in playbook.steps.items():
        for number, trigger in enumerate(getattr(step, "rollback_when", ())):
            if trigger.then:
                yield Way(trigger.id, trigger.then, ("steps", id, "rollback_when", number, THEN))


def role_of(playbook: Playbook, step: Base) -> str:
    """Who does this step, or is asked about it."""
    return step.role or playbook.defaults.role or APPROVER


def timeout_of(playbook: Playbook, step: Base) -> Minutes | None:
    """How long this step may take; None for a stop or a rollback, whose undos have times of their own."""
    if isinstance(step, Wait):
        return step.minutes
    if isinstance(step, Stop | Rollback):
        return None
    own: Minutes | None = getattr(step, "timeout_minutes", None)
    return own or playbook.defaults.timeout_minutes


def graph(playbook: Playbook) -> Graph:
    """From each step, the steps it leads to, each once, among those there are."""
    return {
        id: tuple(dict.fromkeys(way.to for way in ways(playbook, id) if way.to in playbook.steps))
        for id in playbook.steps
    }


def reached(playbook: Playbook) -> frozenset[str]:
    """The steps that can be come to: from the start, and after the undo of a criterion."""
    roots = [playbook.start, *(way.to for way in triggered(playbook))]
    steps, found = graph(playbook), set[str]()
    waiting = [root for root in roots if root in steps]
    while waiting:
        if (id := waiting.pop()) not in found:
            found.add(id)
            waiting += steps[id]
    return frozenset(found)


def endless(playbook: Playbook) -> tuple[str, ...]:
    """The steps of a loop that nothing bounds, in their order; none when every run ends.

    A step with `at_most` is come to only so often and then sends on by `then`. What could go round for ever is therefore a loop of
    steps without `at_most` and of those `then` ways."""
    steps = graph(playbook)

    def onward(id: str) -> Iterable[str]:
        step = playbook.steps[id]
        if step.at_most is None:
            return steps[id]
        return (step.then,) if step.then and step.then in steps else ()

    return circle(steps, onward)


def circle(ids: Iterable[str], onward: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """One way round, if there is any: the ids on it, in order. Each id is looked at once, with no recursion."""
    done = set[str]()
    for root in ids:
        path: dict[str, None] = {}
        trail = [(root, iter((root,)))]
        while trail:
            after = next(trail[-1][1], None)
            if after is None:
                left, _ = trail.pop()
                path.pop(left, None)
                done.add(left)
            elif after in path:
                around = list(path)
                return tuple(around[around.index(after) :])
            elif after not in done:
                path[after] = None
                trail.append((after, iter(tuple(onward(after)))))
    return ()
