"""The shapes of a drawing, with their places and colours, for whatever writes them into a file."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.drawing.boxes import Arrow, Box, Drawn, Look
from bot.drawing.layers import layered
from bot.drawing.places import across

Point = tuple[float, float]

_MARGIN, _HEAD, _GAP, _ROW_GAP, _THREAD = 28.0, 64.0, 26.0, 58.0, 14.0
_WIDTH, _PAD, _BAND = 236.0, 12.0, 6.0
_BIG, _SMALL = 14.0, 11.5
_LINE = {_BIG: 18.0, _SMALL: 15.0}
_LABEL_WIDTH, _EDGE = 150.0, 8.0
_CURVE = 14
INK, GREY, RED, PAPER = "#1d1c1d", "#5c5f66", "#a3261b", "#ffffff"

_COLOURS: Mapping[Look, tuple[str, str]] = {
    "work": ("#3a6ea5", "#ffffff"),
    "decision": ("#b7791f", "#fff8e8"),
    "check": ("#6b4fa0", "#f7f3fd"),
    "machine": ("#5c5f66", "#f4f5f6"),
    "undo": ("#a3261b", "#fdf0ee"),
    "done": ("#1f7a4d", "#e6f4ec"),
    "stopped": ("#a3261b", "#fbe9e7"),
    "handed over": ("#b7791f", "#fdf1dc"),
}
"""The edge and the ground of a box."""
LEGEND = (
    "Arrows: the way it is meant to go. Red: what can go wrong, with the number of the step that follows. "
    "Dotted: to a step that is come to only then."
)


class Text(NamedTuple):
    """A line of text. `at` is its left end, or its middle; the height is that of its base line."""

    at: Point
    words: str
    size: float
    colour: str
    is_bold: bool = False
    is_centred: bool = False


class Frame(NamedTuple):
    """A box with round corners, and a band of its edge's colour at the left."""

    at: Point
    size: Point
    edge: str
    ground: str
    is_double: bool = False
    has_band: bool = True


class Line(NamedTuple):
    """An arrow along these points, its head at the last."""

    points: tuple[Point, ...]
    colour: str
    is_dotted: bool


class Scene(NamedTuple):
    """A whole drawing, what lies below first. Sizes are in pixels."""

    size: Point
    title: str
    lines: tuple[Line, ...]
    frames: tuple[Frame, ...]
    texts: tuple[Text, ...]


def composed(what: Drawn) -> Scene:
    """The drawing of a playbook."""
    ends = [box.id for box in what.boxes if box.look in ("done", "stopped", "handed over")]
    layers = layered([box.id for box in what.boxes], [(arrow.source, arrow.target) for arrow in what.arrows], last=ends)
    heights = {box.id: _height(box) for box in what.boxes}
    widths = {name: _WIDTH if name in heights else _THREAD for row in layers.rows for name in row}
    middles = {name: at + _MARGIN for name, at in across(layers, widths, _GAP).items()}
    tops = dict(_tops(layers.rows, heights))
    boxes = [(box, (middles[box.id] - _WIDTH / 2, tops[box.id]), heights[box.id]) for box in what.boxes]
    right = max(middles[name] + widths[name] / 2 for name in widths) + _MARGIN
    legend = wrapped(LEGEND, _SMALL, max(right - 2 * _MARGIN, _WIDTH))
    low = max(at[1] + height for _, at, height in boxes) + _MARGIN
    texts = [text for box, at, _ in boxes for text in _texts(box, at)]
    texts += _title(what) + [
        Text((_MARGIN, low + 12 + row * _LINE[_SMALL]), words, _SMALL, GREY) for row, words in enumerate(legend)
    ]
    lines, labels = [], []
    for arrow in what.arrows:
        if arrow.source != arrow.target:
            points = _points(layers.paths[arrow.source, arrow.target], middles, tops, heights)
            lines.append(Line(_curved(points), RED if arrow.is_dotted else GREY, arrow.is_dotted))
            labels += _label(arrow, points)
    frames = [_frame(box, at, height) for box, at, height in boxes] + [frame for frame, _ in labels]
    texts += [text for _, found in labels for text in found]
    right = max(right, *(frame.at[0] + frame.size[0] + _EDGE for frame in frames))
    height = low + len(legend) * _LINE[_SMALL] + _MARGIN
    return Scene((right, height), what.title, tuple(lines), tuple(frames), tuple(texts))


def wrapped(words: str, size: float, width: float) -> list[str]:
    """The text in lines that are no wider than this, unless a single word is."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def text_width(words: str, size: float) -> float:
    """About how wide this is in a plain sans-serif font, rather too much than too little."""
    return size * sum(_char_width(char) for char in words)


def _char_width(char: str) -> float:
    if char in "iljtfrI.,:;'|!()[]{} -":
        return 0.36
    if char in "mwMW@%":
        return 0.9
    return 0.72 if char.isupper() else 0.58 if char.isascii() else 0.8


def _title(what: Drawn) -> list[Text]:
    return [
        Text((_MARGIN, _MARGIN + 8), what.title, 20.0, INK, is_bold=True),
        Text((_MARGIN, _MARGIN + 28), what.subtitle, _SMALL, GREY),
    ]


def _parts(box: Box) -> list[tuple[str, float, str, bool]]:
    """The lines of a box: the words, their size and colour, whether they are bold."""
    inside = _WIDTH - 2 * _PAD - _BAND
    found = [(line, _BIG, INK, True) for line in wrapped(f"{box.number}. {box.title}", _BIG * 1.06, inside)]
    for lines, colour in ((box.lines, GREY), (box.troubles, RED)):
        found += [(row, _SMALL, colour, False) for line in lines for row in wrapped(line, _SMALL, inside)]
    return found


def _height(box: Box) -> float:
    return sum(_LINE[size] for _, size, _, _ in _parts(box)) + 2 * _PAD - 4


def _texts(box: Box, at: Point) -> Iterator[Text]:
    x, y = at[0] + _PAD + _BAND, at[1] + _PAD - 6
    for words, size, colour, is_bold in _parts(box):
        y += _LINE[size]
        yield Text((x, y), words, size, colour, is_bold)


def _frame(box: Box, at: Point, height: float) -> Frame:
    edge, ground = _COLOURS[box.look]
    return Frame(at, (_WIDTH, height), RED if box.is_final else edge, ground, is_double=box.is_final)


def _tops(rows: Sequence[Sequence[str]], heights: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The upper edge of each box and empty place: those of a row begin at one height."""
    y = _MARGIN + _HEAD
    for row in rows:
        yield from ((name, y) for name in row)
        y += max(heights.get(name, 0.0) for name in row) + _ROW_GAP


def _points(
    path: Sequence[str], middles: Mapping[str, float], tops: Mapping[str, float], heights: Mapping[str, float]
) -> list[Point]:
    """What an arrow passes: the edge of its source, the empty places, the edge of its target."""
    is_up = tops[path[0]] > tops[path[-1]]
    first, last = (path[0], path[-1])
    start = (middles[first] + (40 if is_up else 0), tops[first] + (0 if is_up else heights[first]))
    end = (middles[last] + (40 if is_up else 0), tops[last] + (heights[last] if is_up else 0))
    between: list[Point] = []
    for name in path[1:-1]:
        row = [height for other, height in heights.items() if tops[other] == tops[name]]
        ends = [(middles[name], tops[name]), (middles[name], tops[name] + max(row, default=0.0))]
        between += ends[::-1] if is_up else ends
    return [start, *between, end]


def _curved(points: Sequence[Point]) -> tuple[Point, ...]:
    """The same as a smooth line that leaves and arrives upright."""
    found = [points[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 == x1:
            found.append((x1, y1))
            continue
        for step in range(1, _CURVE + 1):
            t = step / _CURVE
            ease = t * t * (3 - 2 * t)
            found.append((x0 + (x1 - x0) * ease, y0 + (y1 - y0) * t))
    return tuple(found)


def _label(arrow: Arrow, points: Sequence[Point]) -> list[tuple[Frame, list[Text]]]:
    """What the arrow says, on white, where it has left the row of its source: there arrows are apart."""
    if not arrow.label:
        return []
    (x0, y0), (x1, y1) = points[0], points[1]
    t = 0.72
    x, y = x0 + (x1 - x0) * t * t * (3 - 2 * t), y0 + (y1 - y0) * t
    rows = wrapped(arrow.label, _SMALL, _LABEL_WIDTH)
    wide = max(text_width(row, _SMALL) for row in rows) + 8
    high = len(rows) * 13.0 + 4
    x = max(x, wide / 2 + _EDGE)
    frame = Frame((x - wide / 2, y - high / 2), (wide, high), PAPER, PAPER, has_band=False)
    colour = RED if arrow.is_dotted else INK
    first = y - high / 2 + 12
    return [
        (frame, [Text((x, first + row * 13), words, _SMALL, colour, is_centred=True) for row, words in enumerate(rows)])
    ]
