"""In which row each box stands, and in which order: arrows lead down as far as possible, and cross as little as a few sweeps can
achieve. Long arrows pass through empty places of the rows between, so that no box lies on their way."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Edge = tuple[str, str]
_SWEEPS = 12


class Layers(NamedTuple):
    """The rows from top to bottom, each from left to right, of boxes and empty places; and for each arrow what it passes, from its
    source to its target. An arrow that leads up passes rows from the bottom to the top."""

    rows: tuple[tuple[str, ...], ...]
    paths: Mapping[Edge, tuple[str, ...]]


def layered(nodes: Sequence[str], edges: Iterable[Edge], last: Iterable[str] = ()) -> Layers:
    """The rows of these nodes. `last` are put into the lowest row if no arrow leads to them."""
    all_edges = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    up = _upward(nodes, all_edges)
    down = [(b, a) if (a, b) in up else (a, b) for a, b in all_edges]
    ranks = _ranks(nodes, down)
    lonely = set(last) - {target for _, target in down}
    bottom = max(ranks.values(), default=0)
    ranks |= dict.fromkeys(lonely, bottom if any(ranks[id] == bottom for id in lonely) else bottom + 1)
    paths, ranks = _threaded(down, ranks)
    rows = ordered(nodes, ranks, paths)
    found = {}
    for edge in all_edges:
        found[edge] = tuple(reversed(paths[edge[::-1]])) if edge in up else paths[edge]
    return Layers(rows, found)


def _upward(nodes: Sequence[str], edges: Sequence[Edge]) -> set[Edge]:
    """The arrows that close a circle when one goes along all of them, the first node first."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        after[source].append(target)
    found, done = set[Edge](), set[str]()
    for root in nodes:
        trail = [] if root in done else [(root, iter(after[root]))]
        while trail:
            path = [id for id, _ in trail]
            to = next(trail[-1][1], None)
            if to is None:
                done.add(trail.pop()[0])
            elif to in path:
                found.add((path[-1], to))
            elif to not in done:
                trail.append((to, iter(after[to])))
    return found


def _ranks(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The row of each node: one below the lowest that leads to it."""
    ranks = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for source, target in edges:
            if ranks[target] <= ranks[source]:
                ranks[target], moved = ranks[source] + 1, True
        if not moved:
            break
    return ranks


def _threaded(edges: Sequence[Edge], ranks: dict[str, int]) -> tuple[dict[Edge, tuple[str, ...]], dict[str, int]]:
    """What each arrow passes, with an empty place in every row between; and the rows of those as well."""
    paths, found = {}, dict(ranks)
    for source, target in edges:
        between = [f"{source}>{target}>{rank}" for rank in range(ranks[source] + 1, ranks[target])]
        found |= {name: ranks[source] + 1 + place for place, name in enumerate(between)}
        paths[source, target] = (source, *between, target)
    return paths, found


def ordered(
    nodes: Sequence[str], ranks: Mapping[str, int], paths: Mapping[Edge, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Each row in an order in which arrows cross little, given the row of each node and what each arrow passes: every node goes
    where its neighbours are on average, row by row, down and up again; the best of all sweeps counts."""
    links = [pair for path in paths.values() for pair in itertools.pairwise(path)]
    rows: list[list[str]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    for name in dict.fromkeys([*(name for path in paths.values() for name in path), *nodes]):
        rows[ranks[name]].append(name)
    above, below = _neighbours(links)
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        for rank in range(1, len(rows)) if is_down else range(len(rows) - 2, -1, -1):
            _sort(rows[rank], rows[rank + (-1 if is_down else 1)], above if is_down else below)
        if (number := _crossings(rows, below)) < fewest:
            best, fewest = [list(row) for row in rows], number
    return tuple(tuple(row) for row in best)


def _neighbours(links: Iterable[Edge]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for upper, lower in links:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    return above, below


def _sort(row: list[str], beside: Sequence[str], neighbours: Mapping[str, list[str]]) -> None:
    place = {name: number for number, name in enumerate(beside)}
    own = {name: number for number, name in enumerate(row)}

    def middle(name: str) -> float:
        found = [place[one] for one in neighbours.get(name, []) if one in place]
        return sum(found) / len(found) if found else own[name]

    row.sort(key=middle)


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[str]]) -> int:
    """How many arrows cross each other."""
    number = 0
    for upper, lower in itertools.pairwise(rows):
        place = {name: at for at, name in enumerate(lower)}
        ends = [(at, place[to]) for at, name in enumerate(upper) for to in below.get(name, []) if to in place]
        number += sum((a < c and b > d) or (a > c and b < d) for i, (a, b) in enumerate(ends) for c, d in ends[i + 1 :])
    return number
