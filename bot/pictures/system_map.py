"""The system map of an incident: a box for each part, arrows to what it needs, and by shape and words what is known of it. Runs in
the process that draws. All letters are at least eleven pixels high on a phone that shows the picture 360 pixels wide.
"""

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from bot.core.trial import BoundaryState
from bot.pictures import look
from bot.pictures.map_layout import Plan, planned
from bot.pictures.map_scene import MapScene, Outside, Part

WIDE = look.WIDTH_INCHES * look.DOTS
LETTERS, TITLE = 16.0, 20.0
"""In points: 16 are 33 pixels of 1080, which are eleven on a phone."""
LINE = 44.0
EDGE, GAP, ROW_GAP, PAD = 20.0, 16.0, 66.0, 10.0
HEAD, FOOT = 150.0, 150.0
NAME_LINES = 3
BOX = 314.0
BESIDE = (3, 2)
"""So many boxes stand in a row, or so many where arrows need the room."""
FEW = 15
"""Of so many parts all arrows are drawn if they fit; of more, those that lead to what is affected, where not all fit easily."""


class Mark(NamedTuple):
    """How a part looks of which this is known: shape, word, colours, and how its edge is drawn."""

    shape: str
    word: str
    edge: str
    ground: str
    line: str | tuple[float, tuple[float, ...]]
    thick: float


MARKS = {
    BoundaryState.AFFECTED: Mark("▲", "Affected", look.RED, "#fbe2d3", "solid", 3.4),
    BoundaryState.WORKING: Mark("✓", "Working", look.GREEN, "#ffffff", "solid", 1.8),
    BoundaryState.UNKNOWN: Mark("?", "Not known", look.GREY, "#f5f5f5", (0, (3.5, 2.5)), 1.4),
}
OUTSIDE = Mark("", "Not on the map", look.GREY, "#ffffff", (0, (1.0, 2.5)), 1.8)
MOST_OUTSIDE = 9
"""So many places that the map does not have are drawn; of the others it is said how many there are."""
MOST_NAMED = 5
"""So many hypotheses are named in the box of such a place."""
LEGENDS = (
    "Arrows lead to what a part needs; what it needs through another is left out.",
    "Arrows lead to what is affected, from what needs it. The text has all others.",
    "No arrows: there would be too many. The text says what needs what.",
)
"""What is said of the arrows where all are drawn, those to what is affected, and none."""


def system_map(scene: MapScene) -> bytes:
    """The picture as a PNG."""
    plan, legend = chosen(scene.parts)
    ruler = Ruler()
    texts = {one.id: _lines(one, scene, BOX - 2 * PAD, ruler) for one in scene.parts}
    heights = [max(_high(texts[name]) for name in row if name in texts) for row in plan.rows]
    tops = [HEAD]
    for row, high in zip(plan.rows[:-1], heights, strict=False):
        tops.append(tops[-1] + high + (ROW_GAP if any(upper in row for upper, _ in plan.wires) else GAP))
    below = tops[-1] + heights[-1]
    shelf = _shelf(scene.outside[:MOST_OUTSIDE], below + ROW_GAP + LINE, ruler)
    height = max([below, *(spot.low for spot, _ in shelf)]) + FOOT
    figure = look.canvas(height / look.DOTS)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDE)
    axes.set_ylim(height, 0)
    spots = {
        name: Spot(
            EDGE + plan.middles[name],
            tops[row],
            tops[row] + (_high(texts[name]) if name in texts else heights[row]),
            tops[row] + heights[row],
        )
        for row, names in enumerate(plan.rows)
        for name in names
    }
    _wires(axes, plan, spots, {one.id for one in scene.parts if one.state is BoundaryState.AFFECTED})
    for part in scene.parts:
        _box(axes, MARKS[part.state], spots[part.id], texts[part.id])
    for spot, lines in shelf:
        _box(axes, OUTSIDE, spot, lines)
    if shelf:
        _above(axes, len(scene.outside), below + ROW_GAP)
    _words(axes, scene, height, f"{legend} Ideas are hypotheses. Times in UTC.".strip(), ruler)
    return look.png(figure)


class Spot(NamedTuple):
    """Where a box or an empty place stands: its middle, its upper and its lower edge, and the lower edge of its row."""

    x: float
    top: float
    low: float
    row_low: float


class Ruler:
    """Measures letters as they will be drawn."""

    def __init__(self) -> None:
        self._renderer = RendererAgg(10, 10, look.DOTS)

    def width(self, words: str, *, size: float = LETTERS, bold: bool = False) -> float:
        """In pixels."""
        font = FontProperties(size=size, weight="bold" if bold else "normal")
        return float(self._renderer.get_text_width_height_descent(words, font, ismath=False)[0])

    def lines(self, words: str, wide: float, most: int, *, bold: bool = False) -> list[str]:
        """The words in so many lines at most, none wider than this: a word that is too long is divided, and what does not fit at
        all ends in an ellipsis."""
        found = [""]
        for word in (piece for whole in words.split() for piece in self._pieces(whole, wide, bold=bold)):
            longer = f"{found[-1]} {word}".strip()
            if not found[-1] or self.width(longer, bold=bold) <= wide:
                found[-1] = longer
            else:
                found.append(word)
        if len(found) > most:
            found = [*found[: most - 1], " ".join(found[most - 1 :])]
        return [self._cut(line, wide, bold=bold) for line in found]

    def _pieces(self, word: str, wide: float, *, bold: bool) -> list[str]:
        if self.width(word, bold=bold) <= wide:
            return [word]
        fits = next(n for n in range(len(word), 0, -1) if n == 1 or self.width(f"{word[:n]}-", bold=bold) <= wide)
        return [f"{word[:fits]}-", *self._pieces(word[fits:], wide, bold=bold)]

    def _cut(self, line: str, wide: float, *, bold: bool) -> str:
        if self.width(line, bold=bold) <= wide:
            return line
        while line and self.width(f"{line}…", bold=bold) > wide:
            line = line[:-1]
        return f"{line.rstrip()}…"


def chosen(parts: Sequence[Part]) -> tuple[Plan, str]:
    """Where all stands, with as many boxes in a row and as many arrows as fit; and what is said of the arrows."""
    affected = {one.id for one in parts if one.state is BoundaryState.AFFECTED}
    hot = [one.but(needs=tuple(need for need in one.needs if need in affected)) for one in parts]
    bare = [one.but(needs=()) for one in parts]
    tries = [(parts, LEGENDS[0], beside) for beside in BESIDE if beside == BESIDE[0] or len(parts) <= FEW]
    tries += [(hot, LEGENDS[1], beside) for beside in BESIDE if any(one.needs for one in hot)]
    for shown, legend, beside in (*tries, (bare, LEGENDS[2], BESIDE[0])):
        if plan := planned(shown, beside, BOX, GAP, WIDE - 2 * EDGE):
            return plan, legend if any(one.needs for one in parts) else ""
    raise AssertionError("boxes alone fit beside each other")


def _lines(part: Part, scene: MapScene, wide: float, ruler: Ruler) -> list[tuple[str, bool]]:
    """What stands in a box, and whether it is bold: the name, what is known since when and by whom, and how many hypotheses there
    are."""
    mark = MARKS[part.state]
    known = f"{mark.shape} {mark.word}"
    if part.checked and part.state is not BoundaryState.UNKNOWN:
        far = (scene.at - part.checked).total_seconds() > 20 * 3600
        known += f" {part.checked:%d %b}" if far else f" {part.checked:%H:%M}"
    lines = [(line, True) for line in ruler.lines(part.name, wide, NAME_LINES, bold=True)]
    lines.append((known, False))
    if part.by and part.state is not BoundaryState.UNKNOWN:
        lines += [(line, False) for line in ruler.lines(f"by {part.by}", wide, 1)]
    if part.ideas:
        lines.append((_counted(part.ideas, part.open_ideas), False))
    return lines


def _shelf(outside: Sequence[Outside], top: float, ruler: Ruler) -> list[tuple[Spot, list[tuple[str, bool]]]]:
    """Where the boxes of places stand that the map does not have, and what stands in each: which hypotheses are about it."""
    found = []
    for start in range(0, len(outside), BESIDE[0]):
        texts = [_ideas(one, BOX - 2 * PAD, ruler) for one in outside[start : start + BESIDE[0]]]
        low = top + max(map(_high, texts))
        for place, lines in enumerate(texts):
            found.append((Spot(EDGE + BOX / 2 + place * (BOX + GAP), top, top + _high(lines), low), lines))
        top = low + GAP
    return found


def _ideas(one: Outside, wide: float, ruler: Ruler) -> list[tuple[str, bool]]:
    more = f" +{len(one.ideas) - MOST_NAMED}" if len(one.ideas) > MOST_NAMED else ""
    names = ", ".join(f"H{number}" for number in one.ideas[:MOST_NAMED]) + more
    return [
        *((line, True) for line in ruler.lines(names, wide, NAME_LINES, bold=True)),
        (_counted(len(one.ideas), one.open_ideas), False),
    ]


def _counted(ideas: int, still_open: int) -> str:
    return f"{'1 idea' if ideas == 1 else f'{ideas} ideas'}, {still_open} open"


def _above(axes: Axes, places: int, y: float) -> None:
    """What is said above the places that the map does not have."""
    more = f", and {places - MOST_OUTSIDE} more" if places > MOST_OUTSIDE else ""
    words = f"{OUTSIDE.word}; the text has the names{more}"
    axes.text(EDGE, y, words, fontsize=LETTERS, color=look.GREY, va="center")


def _high(lines: list[tuple[str, bool]]) -> float:
    return len(lines) * LINE + 2 * PAD


def _box(axes: Axes, mark: Mark, spot: Spot, lines: list[tuple[str, bool]]) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (spot.x - BOX / 2, spot.top),
            BOX,
            spot.low - spot.top,
            boxstyle="round,pad=0,rounding_size=14",
            facecolor=mark.ground,
            edgecolor=mark.edge,
            linestyle=mark.line,
            linewidth=mark.thick,
            zorder=3,
        )
    )
    for place, (words, is_bold) in enumerate(lines):
        axes.text(
            spot.x - BOX / 2 + PAD,
            spot.top + PAD + (place + 0.5) * LINE,
            words,
            fontsize=LETTERS,
            fontweight="bold" if is_bold else "normal",
            va="center",
            zorder=4,
        )


def _wires(axes: Axes, plan: Plan, spots: dict[str, Spot], affected: set[str]) -> None:
    """The arrows; those that lead to what is affected are darker and thicker."""
    for upper, lower in plan.wires:
        is_hot = lower.partition(">")[0] in affected and "<" not in lower
        colour, thick = (look.INK, 2.6) if is_hot else ("#8a8a8a", 1.5)
        start, end = spots[upper], spots[lower]
        y0 = start.top if ">" in upper else start.low
        y1 = end.top - (9 if (upper, lower) in plan.down else 0)
        middle = (start.row_low + y1) / 2
        points = [(start.x, y0), (start.x, start.row_low), (start.x, middle), (end.x, middle), (end.x, y1)]
        codes = [Path.MOVETO, Path.LINETO, *[Path.CURVE4] * 3]
        style = {"edgecolor": colour, "linewidth": thick, "zorder": 2 if is_hot else 1}
        axes.add_patch(PathPatch(Path(points, codes), fill=False, capstyle="round", **style))
        if (upper, lower) in plan.down:
            _head(axes, (end.x, end.top), 1, colour)
        if (upper, lower) in plan.up:
            _head(axes, (start.x, start.low), -1, colour)


def _head(axes: Axes, at: tuple[float, float], way: int, colour: str) -> None:
    """The head of an arrow that points down (1) or up (-1) at this place."""
    x, y = at
    axes.fill([x, x - 11, x + 11], [y - 2 * way, y - 22 * way, y - 22 * way], color=colour, linewidth=0, zorder=5)


def _words(axes: Axes, scene: MapScene, height: float, legend: str, ruler: Ruler) -> None:
    """Whose map it is and how it stands above, what its shapes say below."""
    drill = "DRILL · " if scene.is_drill else ""
    axes.text(EDGE, 52, f"{drill}System map of {scene.name}", fontsize=TITLE, fontweight="bold", va="center")
    counts = [(state, sum(one.state is state for one in scene.parts)) for state in MARKS]
    said = "   ".join(f"{MARKS[state].shape} {count} {MARKS[state].word.lower()}" for state, count in counts)
    axes.text(EDGE, 104, f"{scene.at:%H:%M}   {said}", fontsize=LETTERS, color=look.GREY, va="center")
    for place, line in enumerate(ruler.lines(legend, WIDE - 2 * EDGE, 3)):
        axes.text(EDGE, height - FOOT + 50 + place * LINE * 0.9, line, fontsize=LETTERS, color=look.GREY, va="center")
