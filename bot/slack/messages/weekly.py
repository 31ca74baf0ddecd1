"""The weekly summary as a channel reads it: in plain words, and with nothing that anybody typed, since a redaction reaches only
messages of an incident."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.weeks import Weekly
from bot.metrics.week import Week
from bot.slack import words
from bot.slack.blocks import paragraphs
from bot.slack.messages.message import Message
from bot.slack.text import escape_within

_MOST = 30


def weekly(week: Week, plan: Weekly) -> Message:
    """How many incidents began, by severity; which are open still; and whether people heard when they had been told they would."""
    zone = ZoneInfo(plan.zone)
    head = f"The week from {_day(week.since, zone)} to {_day(week.until, zone)}"
    lines = [_began(week), *_open(week), *_promises(week)]
    return Message(text=f"{head}: {' '.join(lines)}", blocks=paragraphs([f"*{head}*", *lines]))


def _began(week: Week) -> str:
    total = sum(week.began.values())
    if not total:
        return "No incident began this week."
    by_severity = sorted(week.began.items(), key=lambda one: (one[0] is None, one[0] or ""))
    named = [f"{number} at {escape_within(name, 60) if name else 'no severity'}" for name, number in by_severity]
    return f"{words.count(total, 'incident', 'incidents')} began: {', '.join(named)}."


def _open(week: Week) -> list[str]:
    if not week.still_open:
        return ["None is open now."] if week.began else []
    names = [f"INC-{number}" for number in week.still_open[:_MOST]]
    rest = len(week.still_open) - len(names)
    more = [f"{rest} more"] if rest else []
    return [f"Still open: {', '.join([*names, *more])}."]


def _promises(week: Week) -> list[str]:
    if not week.promised:
        return []
    start = f"{week.kept} of {words.count(week.promised, 'promised update was', 'promised updates were')} on time."
    late = [f"{words.count(week.late, 'came', 'came')} late"] if week.late else []
    missed = [f"{words.count(week.missed, 'did not come', 'did not come')}"] if week.missed else []
    rest = " and ".join([*late, *missed])
    return [f"{start} {rest[:1].upper()}{rest[1:]}." if rest else start]


def _day(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return f"{here:%A} {here.day} {here:%B}"
