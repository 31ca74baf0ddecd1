"""One incident as a swim-lane: phases and severity as bars, what audiences were owed and got, hypotheses, and when the harm began,
was contained and came back. Runs in the process that draws."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from bot.pictures import look
from bot.pictures.run_scene import GOES_ON, STOPPED, UNDONE, Routine, Span
from bot.pictures.scene import Outcome, Row, Scene, Thought

ROW_INCHES = 0.42
BAR = 0.66
TIMES = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S"]
BEGINNINGS = ["", "%Y", "%b", "%d %b", "%H:%M", "%H:%M"]
LETTER_INCHES = 0.125
"""How wide a letter in a bar is, about."""
OUTCOMES = {
    Outcome.IN_TIME: ("o", look.BLUE, "sent in time"),
    Outcome.LATE: ("^", look.RED, "sent late"),
    Outcome.MISSED: ("X", look.INK, "never sent"),
}
MARKS: Mapping[str, tuple[str, Literal["-", "--"]]] = {
    "harm began": (look.RED, "-"),
    "contained": (look.GREEN, "-"),
    "harm back": (look.RED, "--"),
}
STANDS = {
    "confirmed": ("D", look.GREEN),
    "refuted": ("X", look.RED),
    "inconclusive": ("$?$", look.GREY),
    "duplicate": ("P", look.GREY),
    "carried over": ("^", look.GREY),
    "parked": ("s", look.GREY),
    "testing": (">", look.BLUE),
    "ready": ("o", look.GREY),
    "proposed": (".", look.GREY),
}
RUNNING: Mapping[str, tuple[str, Literal["-", ":", "--"]]] = {
    GOES_ON: (look.BLUE, "-"),
    STOPPED: (look.RED, ":"),
    UNDONE: (look.ORANGE, "--"),
}
"""The lines of playbooks."""
_OVER = ("confirmed", "refuted", "parked", "inconclusive", "duplicate", "carried over")
"""What stands where it began: nothing is done about it any more."""


def swimlane(scene: Scene) -> bytes:
    """The picture as a PNG."""
    names = _rows(scene)
    height = 2.05 + ROW_INCHES * (len(names) + 1)
    figure = look.canvas(height)
    axes = figure.add_axes((0.21, 1.35 / height, 0.765, 1 - 1.95 / height))
    width = axes.get_position().width * look.WIDTH_INCHES
    _frame(axes, scene, names, height)
    _bars(axes, scene.phases, 0, scene, width, look.PHASES)
    ranks = {name: look.SEVERITIES[min(rank, len(look.SEVERITIES) - 1)] for rank, name in enumerate(scene.ranking)}
    _bars(axes, scene.severities, 1, scene, width, ranks)
    for place, row in enumerate(scene.rows, start=2):
        _updates(axes, row, place, scene)
    for place, thought in enumerate(scene.thoughts, start=2 + len(scene.rows)):
        _thought(axes, thought, place)
    for place, routine in enumerate(scene.routines, start=2 + len(scene.rows) + len(scene.thoughts)):
        _routine(axes, routine, place)
    _marks(axes, scene, len(names))
    _words(figure, scene, height)
    return look.png(figure)


def _rows(scene: Scene) -> list[str]:
    """What stands to the left of each row, from the top."""
    owed, thoughts = (row.audience for row in scene.rows), (one.name for one in scene.thoughts)
    return ["Phase", "Severity", *owed, *thoughts, *(one.name for one in scene.routines)]


def _frame(axes: Axes, scene: Scene, names: list[str], height: float) -> None:
    """The time along the bottom in UTC, the names along the side, a line between what differs in kind."""
    margin = (scene.end - scene.begin) * 0.02
    axes.set_xlim(date2num(scene.begin - margin), date2num(scene.end + margin))
    axes.set_ylim(len(names) - 0.4, -1.4)
    axes.set_yticks(range(len(names)), [_short(name) for name in names])
    axes.tick_params(axis="y", length=0, labelsize=look.TEXT)
    axes.tick_params(axis="x", labelsize=look.SMALL)
    axes.spines["left"].set_visible(False)
    locator = AutoDateLocator(minticks=3, maxticks=5)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, show_offset=False, formats=TIMES, zero_formats=BEGINNINGS)
    )
    axes.grid(axis="x", color=look.PALE)
    axes.set_axisbelow(True)
    for place in {1.5, 1.5 + len(scene.rows), 1.5 + len(scene.rows) + len(scene.thoughts)}:
        if place < len(names) - 0.5:
            axes.axhline(place, color=look.PALE, lw=1.5)


def _bars(axes: Axes, spans: tuple[Span, ...], place: int, scene: Scene, width: float, colours: dict[str, str]) -> None:
    """A bar for each span, with its name in it as far as there is room."""
    whole = (scene.end - scene.begin).total_seconds()
    for span in spans:
        colour = colours.get(span.name, look.PALE)
        begin, end = date2num(span.begin), date2num(span.end)
        axes.barh(
            place, end - begin, left=begin, height=BAR, color=colour, edgecolor="white", linewidth=1.2, zorder=2.5
        )
        room = (span.end - span.begin).total_seconds() / whole * width / LETTER_INCHES
        label = _fitting(span.name.capitalize() if span.name in look.PHASES else span.name, room)
        axes.text(
            (begin + end) / 2, place, label, ha="center", va="center", fontsize=look.SMALL, color=look.ink_on(colour)
        )


def _fitting(name: str, room: float) -> str:
    """The name, its beginning, or nothing, by how many letters there is room for."""
    if room >= len(name):
        return name
    return f"{name[:3]}." if room >= 4 and not name.startswith("SEV") else ""


def _updates(axes: Axes, row: Row, place: int, scene: Scene) -> None:
    """A stroke for each time at which an update was due, and a shape for what became of it."""
    due = [date2num(one.due) for one in row.updates if one.due <= scene.end]
    axes.vlines(due, place - 0.34, place + 0.34, look.GREY, lw=1.6)
    for outcome, (shape, colour, _) in OUTCOMES.items():
        times = [min(one.sent or one.due, scene.end) for one in row.updates if one.outcome is outcome]
        days = [date2num(at) for at in times]
        axes.scatter(days, [place] * len(days), marker=shape, c=colour, s=75, zorder=3, linewidths=0)


def _thought(axes: Axes, thought: Thought, place: int) -> None:
    """A thin line while it was an idea, a thick one under test, and a shape and a word for how it stands."""
    for span in thought.spans:
        begin, end = date2num(span.begin), date2num(span.end)
        if span.name == "testing":
            axes.hlines(place, begin, end, look.BLUE, lw=8, zorder=2)
        elif span.name in ("proposed", "ready", "inconclusive", "parked"):
            axes.hlines(
                place, begin, end, look.GREY, lw=1.6, linestyles=":" if span.name == "parked" else "-", zorder=2
            )
    stands, last = thought.stands.value, thought.spans[-1]
    shape, colour = STANDS[stands]
    at = date2num(last.begin if stands in _OVER else last.end)
    axes.scatter([at], [place], marker=shape, c=colour, s=90, zorder=3)
    _beside(axes, at, place, stands)


def _routine(axes: Axes, routine: Routine, place: int) -> None:
    """A line for each thing that it did, and a stroke and a word for how it ended."""
    for span in routine.spans:
        colour, style = RUNNING[span.name]
        axes.hlines(place, date2num(span.begin), date2num(span.end), colour, lw=5, linestyles=style, zorder=2)
    if routine.end and routine.spans:
        at = date2num(routine.spans[-1].end)
        axes.vlines(at, place - 0.25, place + 0.25, look.INK, lw=2.5, zorder=3)
        _beside(axes, at, place, routine.end)


def _beside(axes: Axes, at: float, place: int, word: str) -> None:
    """A word to the right of what it is about, or above it where there is no room; no line runs through it."""
    low, high = axes.get_xlim()
    gap = (high - low) * 0.02
    if at > low + (high - low) * 0.7:
        said = axes.text(at - gap, place - 0.36, word, ha="right", va="center", fontsize=look.SMALL, color=look.GREY)
    else:
        said = axes.text(at + gap, place, word, ha="left", va="center", fontsize=look.SMALL, color=look.GREY)
    said.set_path_effects([withStroke(linewidth=4, foreground="white")])


def _marks(axes: Axes, scene: Scene, rows: int) -> None:
    """Lines from top to bottom; of names that would overlap the first is written, and the legend has all."""
    low, high = axes.get_xlim()
    taken = -1.0
    for mark in sorted(scene.marks, key=lambda one: one.at):
        at = date2num(mark.at)
        colour, style = MARKS[mark.name]
        axes.vlines(at, -0.55, rows - 0.5, colour, lw=2, linestyles=style, zorder=1.5)
        where = (at - low) / (high - low)
        if where - taken > 0.25:
            taken = where
            axes.text(at, -0.95, mark.name, ha=_side(where), va="center", fontsize=look.SMALL)


def _side(where: float) -> str:
    return "left" if where < 0.15 else "right" if where > 0.85 else "center"


def _words(figure: Figure, scene: Scene, height: float) -> None:
    """Title above, and below what the shapes mean."""
    add = figure.text
    drill = "DRILL: " if scene.is_drill else ""
    add(0.03, 1 - 0.36 / height, f"{drill}{scene.name}", fontsize=look.TITLE, fontweight="bold", va="center")
    day = f"{scene.begin:%d %b %Y}, times in UTC, {_span(scene.end - scene.begin)}"
    add(0.975, 1 - 0.36 / height, day, fontsize=look.SMALL, color=look.GREY, ha="right", va="center")
    shapes = {label: (shape, colour) for shape, colour, label in OUTCOMES.values()}
    handles = [Line2D([], [], color=look.GREY, marker="|", linestyle="", ms=13, mew=1.6, label="update due")]
    handles += [
        Line2D([], [], color=colour, marker=shape, linestyle="", ms=9, label=label)
        for label, (shape, colour) in shapes.items()
    ]
    there = {mark.name for mark in scene.marks}
    handles += [
        Line2D([], [], color=colour, linestyle=style, lw=2, label=name)
        for name, (colour, style) in MARKS.items()
        if name in there
    ]
    done = {span.name for one in scene.routines for span in one.spans}
    handles += [
        Line2D([], [], color=colour, linestyle=style, lw=4, label="playbook" if name == GOES_ON else name)
        for name, (colour, style) in RUNNING.items()
        if name in done
    ]
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=4,
        frameon=False,
        fontsize=look.SMALL,
        columnspacing=1.0,
        handletextpad=0.3,
        handlelength=1.6,
    )
    left_out = {
        "audiences": scene.more_audiences,
        "hypotheses": scene.more_thoughts,
        "playbooks": scene.more_routines,
    }
    if more := ", ".join(f"{count} more {what}" for what, count in left_out.items() if count):
        add(0.03, 1.05 / height, f"and {more}", fontsize=look.SMALL, color=look.GREY, va="center")


def _short(name: str) -> str:
    return name if len(name) <= 12 else f"{name[:11]}…"


def _span(took: timedelta) -> str:
    minutes = round(took.total_seconds() / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
