"""Where the parts of a system map stand: what needs others above what it needs, so many beside each other as a phone shows. All
arrows to one part run together into one, through empty places between the boxes, so that they stay few and cross no box. Pure.
"""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.drawing.layers import Edge, Layers, ordered
from bot.drawing.places import across
from bot.pictures.map_scene import Part

TRUNK = 8.0
"""How wide the place is, in pixels, through which arrows pass between two boxes."""


class Plan(NamedTuple):
    """The rows from the top, the middle of each box and empty place from the left edge on, and the wires: each a line from one
    place to one in the next row; those in `down` have the head of an arrow at their lower end, and those in `up` at the upper one,
    where parts need each other in a circle. Sizes in pixels."""

    rows: tuple[tuple[str, ...], ...]
    middles: Mapping[str, float]
    wires: tuple[Edge, ...]
    down: frozenset[Edge]
    up: frozenset[Edge]


def planned(parts: Sequence[Part], beside: int, box: float, gap: float, wide: float) -> Plan | None:
    """The plan with at most so many boxes, this wide, in a row; None when a row with the arrows that pass is wider than `wide`."""
    needs = [(one.id, need) for one in parts for need in one.needs]
    circle = _closing([one.id for one in parts], needs)
    down = [edge for edge in needs if edge not in circle]
    ranks = _ranks([one.id for one in parts], down, beside)
    paths, ends, up = _wired(down, circle, ranks)
    names = [one.id for one in parts]
    rows = ordered(names, ranks | _places(paths, ranks), paths)
    widths = {name: box if name in ranks else TRUNK for row in rows for name in row}
    if any(sum(widths[name] + gap for name in row) - gap > wide for row in rows):
        return None
    middles = _within(rows, across(Layers(rows, paths), widths, gap), widths, gap, wide)
    return Plan(rows, middles, tuple(paths), frozenset(ends), frozenset(up))


def _within(
    rows: Sequence[Sequence[str]], middles: Mapping[str, float], widths: Mapping[str, float], gap: float, wide: float
) -> dict[str, float]:
    """The same places, moved together where they reach beyond this width: none touches the next, whose row fits into it."""
    reach = max(middles[name] + widths[name] / 2 for name in widths)
    scale, shift = min(1.0, wide / reach), max(0.0, (wide - reach) / 2)
    found = dict[str, float]()
    for row in rows:
        edge = 0.0
        for name in row:
            found[name] = max(middles[name] * scale + shift, edge + widths[name] / 2)
            edge = found[name] + widths[name] / 2 + gap
        edge = wide
        for name in reversed(row):
            found[name] = min(found[name], edge - widths[name] / 2)
            edge = found[name] - widths[name] / 2 - gap
    return found


def _closing(names: Sequence[str], needs: Sequence[Edge]) -> set[Edge]:
    """The needs that close a circle when one follows all of them, the first part first."""
    after: dict[str, list[str]] = {name: [] for name in names}
    for one, need in needs:
        after[one].append(need)
    found, done = set[Edge](), set[str]()

    def follow(name: str, trail: tuple[str, ...]) -> None:
        for need in after[name]:
            if need in (*trail, name):
                found.add((name, need))
            elif need not in done:
                follow(need, (*trail, name))
        done.add(name)

    for name in names:
        if name not in done:
            follow(name, ())
    return found


def _ranks(names: Sequence[str], down: Sequence[Edge], beside: int) -> dict[str, int]:
    """The row of each part: below all that need it, as near above what it needs as that allows, and where there is room."""
    depth = _depths(names, down)
    for name in names:
        needs = [depth[need] for one, need in down if one == name]
        if needs and not any(need == name for _, need in down):
            depth[name] = min(needs) - 1
    joined = {name for edge in down for name in edge}
    found, taken = dict[str, int](), Counter[int]()
    for name in sorted(names, key=lambda name: (name not in joined, depth[name])):
        row = max((found[one] + 1 for one, need in down if need == name), default=0)
        row = max(row, depth[name]) if name in joined else row
        while taken[row] >= beside:
            row += 1
        found[name] = row
        taken[row] += 1
    used = {row: place for place, row in enumerate(sorted(set(found.values())))}
    return {name: used[row] for name, row in found.items()}


def _depths(names: Sequence[str], down: Sequence[Edge]) -> dict[str, int]:
    """How many parts stand above each at least, one above the other."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for one, need in down:
            depth[need] = max(depth[need], depth[one] + 1)
    return depth


def _wired(
    down: Sequence[Edge], circle: set[Edge], ranks: Mapping[str, int]
) -> tuple[dict[Edge, tuple[str, ...]], set[Edge], set[Edge]]:
    """Every line from one row to the next, by its two ends; those that end below with an arrow's head, and those that do above.
    Lines to the same part share their places."""
    paths, ends, up = dict[Edge, tuple[str, ...]](), set[Edge](), set[Edge]()
    ways = [(one, need, need) for one, need in down]
    ways += [(need, one, f"{one}<{need}") for one, need in circle]
    for upper, lower, name in ways:
        between = [f"{name}>{row}" for row in range(ranks[upper] + 1, ranks[lower])]
        lines = list(itertools.pairwise((upper, *between, lower)))
        paths |= {line: line for line in lines}
        if name == lower:
            ends.add(lines[-1])
        else:
            up.add(lines[0])
    return paths, ends, up


def _places(paths: Mapping[Edge, tuple[str, ...]], ranks: Mapping[str, int]) -> dict[str, int]:
    """The rows of the empty places, which end with their number."""
    return {name: int(name.rpartition(">")[2]) for edge in paths for name in edge if name not in ranks}
