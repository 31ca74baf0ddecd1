"""Where exactly each box stands in its row: as near below and above its neighbours as the others let it."""

import itertools
from collections.abc import Mapping, Sequence

from bot.drawing.layers import Layers

_SWEEPS, _SMOOTHING = 12, 20
_PULL = 3
"""How much harder the empty places of one arrow pull at each other than boxes do: long arrows should be straight."""

Pulls = Mapping[str, Mapping[str, float]]


def across(layers: Layers, widths: Mapping[str, float], gap: float) -> dict[str, float]:
    """The middle of each box and empty place, from the left edge of the picture on. Those of one row never touch. First rows follow
    the row above, then the one below, in turn, so that a chain of boxes lines up at once; then all follow both."""
    above, below = _pulls(layers)
    both = {name: {**above.get(name, {}), **below.get(name, {})} for name in widths}
    found: dict[str, float] = {}
    for row in layers.rows:
        left = 0.0
        for name in row:
            found[name] = left + widths[name] / 2
            left += widths[name] + gap
    for turn in range(_SWEEPS + _SMOOTHING):
        is_down = turn % 2 == 0
        pulls = both if turn >= _SWEEPS else above if is_down else below
        for row in layers.rows if is_down else layers.rows[::-1]:
            wanted = [_wanted(name, pulls.get(name) or both[name], found) for name in row]
            found |= dict(zip(row, _spread(row, wanted, widths, gap), strict=True))
    edge = min(found[name] - widths[name] / 2 for name in found)
    return {name: middle - edge for name, middle in found.items()}


def _pulls(layers: Layers) -> tuple[Pulls, Pulls]:
    """What pulls at each box and empty place, from the row above and from the one below, and how hard."""
    rank = {name: number for number, row in enumerate(layers.rows) for name in row}
    above: dict[str, dict[str, float]] = {}
    below: dict[str, dict[str, float]] = {}
    for path in layers.paths.values():
        for one, other in itertools.pairwise(path):
            upper, lower = (one, other) if rank[one] < rank[other] else (other, one)
            pull = _PULL if ">" in one and ">" in other else 1
            above.setdefault(lower, {})[upper] = pull
            below.setdefault(upper, {})[lower] = pull
    return above, below


def _wanted(name: str, pulls: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Where it would be best; what nothing is joined with stands in the middle of the picture."""
    if not pulls:
        return sum(found.values()) / len(found)
    return sum(found[other] * pull for other, pull in pulls.items()) / sum(pulls.values())


def _spread(row: Sequence[str], wanted: Sequence[float], widths: Mapping[str, float], gap: float) -> list[float]:
    """The places nearest to those wanted, on the whole, in which none touches the next: neighbours that would touch move together
    and share what they want."""
    offsets, offset = [], 0.0
    for before, name in zip([None, *row], row, strict=False):
        offset += (widths[before] + widths[name]) / 2 + gap if before is not None else 0.0
        offsets.append(offset)
    groups: list[list[float]] = []
    for place, shift in zip(wanted, offsets, strict=True):
        groups.append([place - shift])
        while len(groups) > 1 and _mean(groups[-2]) > _mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    bases = [_mean(group) for group in groups for _ in group]
    return [base + shift for base, shift in zip(bases, offsets, strict=True)]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
