"""Charts of many incidents. Runs in the process that draws. Every incident is a dot or a bar: averages mislead where few durations
are skewed; where time spans from minutes to days the scale is logarithmic, and says so."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, NullLocator

from bot.metrics.summary import FEWEST
from bot.pictures import look
from bot.pictures.kinds import Kind
from bot.pictures.learning import LEARNING
from bot.pictures.statistics import Dot, Statistics
from bot.pictures.words import TICKS, headed

SHAPES = ("o", "^", "s", "D", "P", "v")
HATCHES = ("", "//", "..", "xx", "--", "++")
LATE_BINS = ((0, "in time"), (5, "to 5 min"), (15, "to 15 min"), (60, "to 1 h"), (10**9, "longer"))
MOST_BARS = 25


def durations(given: Statistics) -> bytes:
    """A dot for each incident: above until contained, below until recovered, over the day it was declared."""
    figure = look.canvas(8.2)
    for place, (name, take) in enumerate({"contained": _contained, "recovered": _recovered}.items()):
        axes = figure.add_axes((0.17, 0.53 - 0.42 * place, 0.79, 0.32))
        shown = [(dot, took) for dot in given.dots if (took := take(dot))]
        for rank, severity in enumerate(given.severities):
            of_it = [(date2num(dot.declared), max(took, 30)) for dot, took in shown if dot.severity == severity]
            axes.scatter(
                [day for day, _ in of_it],
                [took for _, took in of_it],
                marker=SHAPES[rank % len(SHAPES)],
                c=_colour(rank),
                s=55,
                alpha=0.85,
                edgecolors="white",
                linewidths=0.6,
            )
        _log_time(axes, max((took for _, took in shown), default=3600.0))
        _days(axes)
        axes.set_title(f"From noticed until {name} (n = {len(shown)})", loc="left", fontsize=look.TEXT)
    used = {dot.severity for dot in given.dots}
    handles = [
        Line2D([], [], color=_colour(rank), marker=SHAPES[rank % len(SHAPES)], linestyle="", ms=9, label=name)
        for rank, name in enumerate(given.severities)
        if name in used
    ]
    _words(figure, "How long it took", f"{given.span}, a dot each, log scale", handles)
    return look.png(figure)


def months(given: Statistics) -> bytes:
    """How many incidents each month, by the worst severity they had."""
    figure = look.canvas(6.0)
    axes = figure.add_axes((0.09, 0.17, 0.88, 0.65))
    counted = Counter((f"{dot.declared:%Y-%m}", dot.severity) for dot in given.dots)
    names = sorted({month for month, _ in counted})
    below = [0] * len(names)
    for rank, severity in enumerate(given.severities):
        heights = [counted[month, severity] for month in names]
        axes.bar(names, heights, bottom=below, **_filled(rank))
        below = [low + high for low, high in zip(below, heights, strict=True)]
    for place, total in enumerate(below):
        axes.text(place, total, str(total), ha="center", va="bottom", fontsize=look.SMALL)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.set_xticks(range(len(names)), [_month(name, place, len(names)) for place, name in enumerate(names)])
    axes.tick_params(labelsize=look.SMALL)
    used = {dot.severity for dot in given.dots}
    handles = [Patch(**_filled(rank), label=name) for rank, name in enumerate(given.severities) if name in used]
    _words(figure, "Incidents a month", f"{given.span}, by their worst severity, n = {len(given.dots)}", handles)
    return look.png(figure)


def lateness(given: Statistics) -> bytes:
    """How late updates were: a bar for each class, with how many it stands for."""
    figure = look.canvas(4.6)
    axes = figure.add_axes((0.25, 0.06, 0.65, 0.74))
    counts, before = [], -1.0
    for minutes, _ in LATE_BINS:
        counts.append(sum(before < late <= minutes * 60 for late in given.late))
        before = minutes * 60.0
    names = [name for _, name in LATE_BINS] + ["never sent"]
    counts.append(given.missed)
    total = sum(counts)
    colours = [look.BLUE, *[look.ORANGE] * 4, look.INK]
    axes.barh(names, counts, color=colours)
    for place, count in enumerate(counts):
        share = f" ({100 * count / total:.0f} %)" if total >= FEWEST else ""
        axes.text(count, place, f" {count}{share}", va="center", fontsize=look.SMALL)
    axes.set_xlim(0, max(counts) * 1.25 or 1)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    _words(figure, "How late updates were", f"{given.span}, n = {total}", [])
    return look.png(figure)


def phases(given: Statistics) -> bytes:
    """A bar for each incident, the longest above, of how long it was in each phase up to the postmortem."""
    done = sorted((dot for dot in given.dots if "RECOVERY" in dot.phases), key=lambda dot: -sum(dot.phases.values()))
    shown = done[:MOST_BARS]
    height = 2.0 + 0.32 * max(4, len(shown))
    figure = look.canvas(height)
    axes = figure.add_axes((0.17, 1.2 / height, 0.79, 1 - 2.1 / height))
    left = [0.0] * len(shown)
    used = [name for name in look.PHASES if name != "POSTMORTEM"]
    for place, name in enumerate(used):
        widths = [dot.phases.get(name, 0.0) / 3600 for dot in shown]
        axes.barh(
            range(len(shown)), widths, left=left, color=look.PHASES[name], hatch=HATCHES[place], edgecolor="white"
        )
        left = [begin + width for begin, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(shown)), [f"INC-{dot.number}" for dot in shown], fontsize=look.SMALL)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("hours", fontsize=look.SMALL, color=look.GREY)
    handles = [
        Patch(facecolor=look.PHASES[name], hatch=HATCHES[place], edgecolor="white", label=name.capitalize())
        for place, name in enumerate(used)
    ]
    more = f"the longest {len(shown)} of {len(done)}" if len(done) > len(shown) else f"n = {len(done)}"
    _words(figure, "Time in each phase", f"{given.span}, {more}", handles)
    return look.png(figure)


def _contained(dot: Dot) -> float | None:
    return dot.contained


def _recovered(dot: Dot) -> float | None:
    return dot.recovered


def _colour(rank: int) -> str:
    return look.SEVERITIES[min(rank, len(look.SEVERITIES) - 1)]


def _filled(rank: int) -> dict[str, Any]:
    return {"facecolor": _colour(rank), "hatch": HATCHES[rank % len(HATCHES)], "edgecolor": "white"}


def _log_time(axes: Axes, longest: float) -> None:
    axes.set_yscale("log")
    axes.set_yticks(list(TICKS), list(TICKS.values()), fontsize=look.SMALL)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(25, longest * 2)
    axes.grid(axis="y", color=look.PALE)
    axes.set_axisbelow(True)


def _days(axes: Axes) -> None:
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=5))
    axes.xaxis.set_major_formatter(DateFormatter("%d %b"))
    axes.tick_params(axis="x", labelsize=look.SMALL)


def _month(name: str, place: int, count: int) -> str:
    """Every month, or every other where there are many."""
    labels = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return labels[int(name[5:]) - 1] if count <= 12 or place % 2 == 0 else ""


def _words(figure: Figure, title: str, below: str, handles: list[Line2D] | list[Patch]) -> None:
    """Title and what it is of above, the shapes below."""
    headed(figure, title, below)
    if handles:
        figure.legend(
            handles=handles, loc="lower center", ncols=5, frameon=False, fontsize=look.SMALL, handletextpad=0.3
        )


CHARTS: Mapping[Kind, Callable[[Statistics], bytes]] = {
    Kind.DURATIONS: durations,
    Kind.MONTHS: months,
    Kind.LATENESS: lateness,
    Kind.PHASES: phases,
    **LEARNING,
}
"""Every chart of many incidents."""
