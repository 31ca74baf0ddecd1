"""Charts of what many incidents taught, and of what stood in the way. Runs in the process that draws. Where there are too few to
say anything, that is said; nothing ranks people or teams."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter, date2num
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from bot.metrics.follow_up import COHORTS
from bot.metrics.summary import FEWEST
from bot.pictures import look
from bot.pictures.kinds import Kind
from bot.pictures.statistics import Statistics
from bot.pictures.words import TICKS, headed

LINES = (("-", look.INK), ("--", look.BLUE), ("-.", look.RED), (":", look.GREEN))
"""Strokes and colours of quarters, the newest first: either tells them apart."""
MOST_ROWS = 12


def quarters(given: Statistics) -> bytes:
    """For each quarter a line: what share of incidents was contained within a time."""
    figure = look.canvas(6.2)
    axes = figure.add_axes((0.13, 0.24, 0.84, 0.58))
    by_quarter: dict[str, list[float]] = {}
    for dot in sorted(given.dots, key=lambda dot: dot.declared, reverse=True):
        if dot.contained is not None:
            by_quarter.setdefault(dot.quarter, []).append(max(dot.contained, 30))
    shown = {name: sorted(took) for name, took in by_quarter.items() if len(took) >= FEWEST}
    for (name, took), (stroke, colour) in zip(shown.items(), LINES, strict=False):
        shares = [0.0, *((place + 1) / len(took) for place in range(len(took)))]
        label = f"{name} (n = {len(took)})"
        axes.step([took[0], *took], shares, where="post", linestyle=stroke, color=colour, linewidth=2.4, label=label)
    axes.set_xscale("log")
    axes.set_xticks(list(TICKS), list(TICKS.values()), fontsize=look.SMALL)
    axes.minorticks_off()
    axes.set_xlim(25, max((max(took) for took in shown.values()), default=3600.0) * 1.5)
    _shares(axes)
    if shown:
        figure.legend(loc="lower center", ncols=2, frameon=False, fontsize=look.SMALL)
    few = [f"{name} ({len(took)})" for name, took in by_quarter.items() if len(took) < FEWEST]
    more = f"; too few to say: {', '.join(few[:3])}" if few else ""
    headed(figure, "Contained within", f"from noticed, {given.span}, log scale{more}")
    return look.png(figure)


def actions(given: Statistics) -> bytes:
    """Above how many action items were added and verified over time; below how many of those old enough were verified in time."""
    figure = look.canvas(8.4)
    kept = [item for item in given.items if not item.is_dropped]
    above = figure.add_axes((0.11, 0.5, 0.66, 0.36))
    _climbs(above, [item.added for item in kept], "added", look.ORANGE, "--", given.at)
    _climbs(above, [item.verified for item in kept if item.verified], "verified", look.BLUE, "-", given.at)
    above.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    above.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=5))
    above.xaxis.set_major_formatter(DateFormatter("%d %b"))
    above.tick_params(labelsize=look.SMALL)
    above.set_ylim(bottom=0)
    below = figure.add_axes((0.27, 0.06, 0.5, 0.27))
    _share_bars(below, [(f"within {days} days", *given.verified_within(days)) for days in COHORTS])
    below.set_title("Verified, of those as old", loc="left", fontsize=look.TEXT)
    dropped = len(given.items) - len(kept)
    headed(figure, "Action items", f"{given.span}, n = {len(kept)}, and {dropped} dropped")
    return look.png(figure)


def sources(given: Statistics) -> bytes:
    """By whom incidents were noticed, as shares of those of which somebody said so."""
    counted = Counter(dot.source for dot in given.dots if dot.source)
    return _counts(
        "How incidents were noticed",
        f"{given.span}, of {{n}} of which somebody said",
        counted.most_common(),
        sum(counted.values()),
    )


def factors(given: Statistics) -> bytes:
    """Which factors contributed, the most frequent above. An incident has several, so that shares add up to more than all."""
    tagged = [dot for dot in given.dots if dot.factors]
    counted = Counter(factor for dot in tagged for factor in dot.factors)
    below = f"{given.span}, several each, of {{n}} that were tagged"
    return _counts("What contributed", below, counted.most_common(), len(tagged))


def friction(given: Statistics) -> bytes:
    """What gates asked for when a step was refused, and what was waived: where Lockstep may be in the way."""
    needs = sorted(
        {*given.lacked, *given.waived}, key=lambda need: -given.lacked.get(need, 0) - given.waived.get(need, 0)
    )
    shown = needs[:MOST_ROWS]
    height = 2.4 + 0.62 * max(3, len(shown))
    figure = look.canvas(height)
    axes = figure.add_axes((0.33, 0.75 / height, 0.6, 1 - 1.75 / height))
    for offset, (counts, colour, hatch) in zip(
        (-0.2, 0.2), ((given.lacked, look.ORANGE, ""), (given.waived, look.BLUE, "//")), strict=True
    ):
        for place, need in enumerate(shown):
            count = counts.get(need, 0)
            axes.barh(place + offset, count, height=0.36, color=colour, hatch=hatch, edgecolor="white")
            axes.text(count, place + offset, f" {count}", va="center", fontsize=look.SMALL)
    _rows(axes, shown, max([*given.lacked.values(), *given.waived.values()], default=0))
    handles = [
        Patch(facecolor=look.ORANGE, edgecolor="white", label="missing when a step was refused"),
        Patch(facecolor=look.BLUE, hatch="//", edgecolor="white", label="waived"),
    ]
    figure.legend(handles=handles, loc="lower center", ncols=2, frameon=False, fontsize=look.SMALL)
    more = f", the first {len(shown)} of {len(needs)}" if len(needs) > len(shown) else ""
    headed(figure, "What gates asked for in vain", f"{given.span}, {len(given.dots)} incidents{more}")
    return look.png(figure)


def _counts(title: str, below: str, rows: Sequence[tuple[str, int]], of: int) -> bytes:
    """A bar for each of these, with how many they are and, unless there are too few, which share."""
    shown = rows[:MOST_ROWS]
    height = 1.6 + 0.5 * max(4, len(shown))
    figure = look.canvas(height)
    axes = figure.add_axes((0.48, 0.2 / height, 0.5, 1 - 1.25 / height))
    axes.barh(range(len(shown)), [count for _, count in shown], color=look.BLUE, height=0.66)
    for place, (_, count) in enumerate(shown):
        share = f" ({100 * count / of:.0f} %)" if of >= FEWEST else ""
        axes.text(count, place, f" {count}{share}", va="center", fontsize=look.SMALL)
    _rows(axes, [name for name, _ in shown], max((count for _, count in shown), default=0))
    headed(figure, title, below.format(n=of))
    return look.png(figure)


def _rows(axes: Axes, names: Sequence[str], most: int) -> None:
    """Names at the left, no scale: each bar says its number."""
    axes.set_yticks(range(len(names)), list(names), fontsize=look.SMALL)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.set_xlim(0, most * 1.5 or 1)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _share_bars(axes: Axes, shares: Sequence[tuple[str, int, int]]) -> None:
    """A bar from nothing to all for each share; one of too few is none."""
    for place, (_, part, of) in enumerate(shares):
        axes.barh(place, 1, color=look.PALE, height=0.6)
        if of >= FEWEST:
            axes.barh(place, part / of, color=look.BLUE, height=0.6)
        said = f" {100 * part / of:.0f} % of {of}" if of >= FEWEST else f" too few ({of})"
        axes.text(1, place, said, va="center", fontsize=look.SMALL)
    _rows(axes, [name for name, _, _ in shares], 1)
    axes.set_xlim(0, 1)


def _climbs(axes: Axes, times: Sequence[datetime], name: str, colour: str, stroke: str, until: datetime) -> None:
    """A line that climbs by one at each of these times, with its name and number at its end."""
    days = [date2num(at) for at in sorted(times)]
    heights = [*range(1, len(days) + 1)]
    if not days:
        return
    axes.step(
        [*days, date2num(until)], [*heights, len(days)], where="post", color=colour, linestyle=stroke, linewidth=2.4
    )
    axes.text(date2num(until), len(days), f" {len(days)} {name}", va="center", fontsize=look.SMALL)


def _shares(axes: Axes) -> None:
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(labelsize=look.SMALL)
    axes.grid(color=look.PALE)
    axes.set_axisbelow(True)


LEARNING: Mapping[Kind, Callable[[Statistics], bytes]] = {
    Kind.QUARTERS: quarters,
    Kind.ACTIONS: actions,
    Kind.SOURCES: sources,
    Kind.FACTORS: factors,
    Kind.FRICTION: friction,
}
"""Every chart of this kind."""
