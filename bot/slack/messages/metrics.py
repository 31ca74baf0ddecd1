"""What `/incident metrics` answers: a table that fits a phone, and beside it what is a share or a count. Never about a person.

Durations are few and skewed: medians and ninth deciles with how many they stand for, no number below five, no comparison below
twenty on each side (domain rules, "Caveats"). Each group of lines says from when it counts, since others count from elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from bot.metrics.asked import BY_CHANGE, Asked, NotUnderstood
from bot.metrics.measured import Standing
from bot.metrics.summary import FEWEST, Share, Spread, Summary, comparable
from bot.slack.blocks import actions, button, context, section
from bot.slack.ids import COMMAND, Action, Verb
from bot.slack.messages.message import Message, say
from bot.slack.text import escape, escape_within

WIDTH = 36
"""Characters of a line that a phone shows without breaking it."""

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Since the harm began": {
        "TTD": "until noticed",
        "uncontrolled impact": "until contained",
        "restore": "until recovered",
    },
    "Since it was noticed": {"TTA": "until accepted", "TTC": "until contained", "TTR": "until recovered"},
    "Since it was accepted": {"TT-triage": "until triaged"},
    "Since it was declared": {"first update": "until 1st update"},
    "Since it was resolved": {"postmortem": "until published"},
}
"""The durations, by what they count from, as the table calls them."""

_LEFT_OUT = {
    Standing.DRILL: ("drill", "drills"),
    Standing.CANCELLED: ("cancelled", "cancelled"),
    Standing.MERGED: ("merged", "merged"),
    Standing.CONTRADICTORY: ("with times that contradict each other", "with times that contradict each other"),
}
COUNTING = say("I am counting; the figures follow here in a moment.")
NO_CHART = say("The chart could not be drawn or sent this time. The figures stand; ask again for the chart.")
NOT_HERE = say(
    "The chart could not be shown here: I am not in this conversation. Invite me, then press “Share here” once more."
)
"""Why there is no chart beside the figures."""
_CHART = "Each incident as a dot: the chart comes to you as a direct message."


def figures(asked: Asked, summary: Summary, before: Summary, *, shared_by: str | None = None) -> Message:
    """The table. `before` is as long a time before; `shared_by` is who shows it to all, who else can be offered to."""
    title = f"*Figures of the last {asked.days} days*{_narrowed(asked)}"
    if not summary.incidents:
        return say(
            f"{title}\nNo incident that counts{_left_out(summary)}. A longer time is `{COMMAND} {Verb.METRICS} 365d`."
        )
    blocks = [
        section(f"{title}\n{counts(summary)}"),
        section("```" + escape(table(summary)) + "```"),
        section("\n".join(f"• {line}" for line in lines(summary))),
        context(compared(summary, before)),
    ]
    share = button("Share here", Action.SHARE_METRICS, asked.written())
    tail = [context(f"Shared by {shared_by}")] if shared_by else [context(_CHART), *actions([share])]
    return Message(text=f"{title}: {counts(summary)}", blocks=[*blocks, *tail])


def not_understood(found: NotUnderstood) -> Message:
    """A word that means nothing here."""
    known = " or ".join(
        filter(None, (_examples("a severity", found.severities), _examples("a boundary", found.boundaries)))
    )
    return say(
        f"I do not know “{escape_within(found.word, 100)}”. Write how many days, like `90d`, and {known}, "
        f"or `{BY_CHANGE}` for those to which a change contributed: `{COMMAND} {Verb.METRICS} 90d {found.severities[0]}`."
    )


def counts(summary: Summary) -> str:
    """How many there are, and what is left out."""
    incidents = "1 incident" if summary.incidents == 1 else f"{summary.incidents} incidents"
    still = f", {summary.open} still open" if summary.open else ""
    return f"{incidents}{still}{_left_out(summary)}."


def table(summary: Summary) -> str:
    """The durations, at most 36 characters wide: half took no longer than the first figure, nine of ten than the second; `n` is how
    many there are, and ~ says that some rest on an estimate."""
    out = [f"{'':18}{'half':>6}{'9 of 10':>8}{'n':>4}"]
    for start, names in GROUPS.items():
        out.append(start)
        out += [_line(label, summary.durations[name]) for name, label in names.items()]
    return "\n".join(out)


def lines(summary: Summary) -> Iterator[str]:
    """What is a share or a count, each with what it stands for."""
    late = f"; nine of ten at most {span(summary.lateness.p90)} late" if summary.lateness.p90 is not None else ""
    yield f"Updates in time: {share(summary.promises)}{late}"
    if summary.silence:
        yield f"Longest silence for an audience: {span(summary.silence)}"
    yield f"Harm came back after it was contained: {share(summary.relapses)}"
    yield f"Happened again within 30 days: {share(summary.recurrences)}"
    yield f"Noticed by customers first: {share(summary.customers_first)}"
    took = f"; half within {span(summary.results.median)}" if summary.results.median is not None else ""
    yield f"Tests of hypotheses with a clear result: {share(summary.tests)}{took}"
    yield from _actions(summary)
    yield (
        f"Lockstep in the way: {summary.refused} steps refused, {summary.waived} needs waived, {summary.prompts} prompts, "
        f"{summary.answered} answered and {summary.snoozed} put off"
    )


def _actions(summary: Summary) -> Iterator[str]:
    """What became of action items, if there are any."""
    found = summary.actions
    if found.items:
        longest = f", the longest for {found.longest.days} days" if found.longest else ""
        yield (
            f"Action items verified by their due date: {share(summary.actions_in_time)}; {found.overdue} overdue{longest}, "
            f"{found.slips} times moved later, {found.dropped} dropped"
        )


def compared(summary: Summary, before: Summary) -> str:
    """How it was in as long a time before, if there are enough on both sides to say so."""
    now, then = summary.durations["TTC"], before.durations["TTC"]
    if not comparable(now, then):
        return (
            f"Compared with as long a time before: too few to compare ({now.n} and {then.n} contained, 20 each needed)."
        )
    assert then.median is not None and then.p90 is not None
    was = f"half within {span(then.median)}, nine of ten within {span(then.p90)} (n = {then.n})"
    return f"As long a time before, from noticed until contained: {was}. Durations say little of reliability; read the stories."


def share(one: Share) -> str:
    """96 % (of 210), or that there are too few."""
    return f"too few to say ({one.of})" if one.value is None else f"{100 * one.value:.0f} % (of {one.of})"


def span(took: timedelta | None) -> str:
    """A span in at most six characters: 40s, 41m, 2h10m, 3d4h; – for none."""
    if took is None:
        return "–"
    seconds = round(took.total_seconds())
    if seconds < 60:
        return f"{seconds}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}m"
    hours = round(minutes / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02}m"
    return f"{hours // 24}d{hours % 24}h"


def _line(label: str, one: Spread) -> str:
    about = "~" if one.estimated else " "
    if one.n < FEWEST:
        return f" {label:17}{'too few':>14}{one.n:>4}"
    return f" {label:17}{about + span(one.median):>6}{span(one.p90):>8}{one.n:>4}"


def _narrowed(asked: Asked) -> str:
    return escape(f", {asked.narrowed}" if asked.narrowed else "")


def _left_out(summary: Summary) -> str:
    some = [f"{count} {_LEFT_OUT[why][count > 1]}" for why in _LEFT_OUT if (count := summary.left_out.get(why, 0))]
    return f"; left out: {', '.join(some)}" if some else ""


def _examples(what: str, names: Iterable[str]) -> str:
    some = ", ".join(f"`{escape(name)}`" for name in list(names)[:8])
    return f"{what} ({some})" if some else ""
