"""The monthly digest of a team's action items as a channel reads it: numbers, and nothing that anybody typed, since a redaction
reaches only messages of an incident."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.months import Monthly
from bot.metrics.month import Month
from bot.slack import words
from bot.slack.blocks import paragraphs
from bot.slack.ids import COMMAND, Verb
from bot.slack.messages.message import Message
from bot.slack.text import escape, group_mention


def monthly(month: Month, plan: Monthly) -> Message:
    """How many are open, overdue and verified, and which is the oldest."""
    zone = ZoneInfo(plan.zone)
    head = f"Action items{_whose(plan)}, {_day(month.since, zone)} to {_day(month.until, zone)}"
    lines = [_open(month), *_oldest(month), _verified(month), *([_where()] if month.open else [])]
    return Message(text=f"{head}: {' '.join(lines)}", blocks=paragraphs([f"*{head}*", *lines]))


def _whose(plan: Monthly) -> str:
    """The team by its handle, which calls nobody; by an id Slack shows its name."""
    if plan.team is None:
        return ""
    return f" of {escape(plan.team) if plan.team.startswith('@') else group_mention(plan.team)}"


def _open(month: Month) -> str:
    if not month.open:
        return "None is open."
    late = f"{month.overdue} of them overdue" if month.overdue else "none of them overdue"
    return f"{words.count(month.open, 'is', 'are')} open, {late}."


def _oldest(month: Month) -> list[str]:
    if month.oldest is None:
        return []
    days = max(0, (month.until - month.oldest.since).days)
    since = words.count(days, "day", "days")
    return [f"The oldest, *A{month.oldest.number}* of {month.oldest.incident}, has been open for {since}."]


def _verified(month: Month) -> str:
    return f"{words.count(month.verified, 'was', 'were')} verified." if month.verified else "None was verified."


def _where() -> str:
    return f"`{COMMAND} {Verb.ACTIONS} team` shows them."


def _day(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return f"{here.day} {here:%B}"
