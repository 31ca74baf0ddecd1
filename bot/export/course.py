"""The timeline for those who want to know how it went: what only tells that Slack took something is left out, since the line that
says so leads there, and updates of one moment that say the same are one line. `markdown.py` has the one with every event. Pure.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from bot.core.learning.action_reminders import ZoneLearnt
from bot.core.router.promises import UpdateSent
from bot.core.router.updates import UpdateIssued
from bot.core.tracker.hypotheses import HypothesisPosted
from bot.export.markdown import Row, in_order, line, time_of
from bot.export.sentences import OCCASION, Telling, who
from bot.export.text import clock, day, link, plain, typed

Placed = tuple[datetime, Row]

_RECEIPTS = (UpdateSent, HypothesisPosted, ZoneLearnt)
"""What tells nothing but that something arrived, or what Slack says of people."""


def course(rows: Sequence[Row], telling: Telling) -> str:
    """A line for each thing that happened, under its day."""
    taken = {event.update: event.permalink for _, event in rows if isinstance(event, UpdateSent) and event.permalink}
    telling = replace(telling, links={**telling.links, **taken})
    kept = in_order(row for row in rows if not isinstance(row[1], _RECEIPTS))
    parts = ["## Timeline"]
    for named, of_day in groupby(kept, key=lambda placed: day(placed[0])):
        lines = (_together(list(same), telling) for _, same in groupby(of_day, key=_said))
        parts.append(f"### {named}\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _said(placed: Placed) -> Hashable:
    """What those rows have in common that become one line."""
    at, (entry, event) = placed
    if isinstance(event, UpdateIssued) and entry.redacted_by is None:
        return clock(at), event.actor, event.occasion, event.text
    return entry.seq


def _together(same: Sequence[Placed], telling: Telling) -> str:
    """One line for all of these. Each audience leads to what it read."""
    under, row = same[0]
    entry, event = row
    if not isinstance(event, UpdateIssued) or entry.redacted_by is not None:
        return line(under, row, telling)
    issued = [(one, said) for _, (one, said) in same if isinstance(said, UpdateIssued)]
    numbers = ", ".join(str(one.seq) for one, _ in issued)
    heard = _listed([link(plain(said.audience), telling.links.get(one.seq)) for one, said in issued])
    text = f": {typed(event.text)}" if event.text else ""
    return f"- {time_of(under, entry)} · {numbers} · {who(event)} sent {heard} an update ({OCCASION[event.occasion]}){text}"


def _listed(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last
