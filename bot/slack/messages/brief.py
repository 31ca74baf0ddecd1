"""What whoever takes over must know: a line for each thing, also when there is nothing to say of it (R5 of incident command)."""

from datetime import datetime

from bot.core.incident import Hypothesis, Incident, Status
from bot.core.policy import Policy
from bot.core.router.updates import owed
from bot.slack import words
from bot.slack.text import clock_time, escape, escape_within, one_line, quoted, time_from

_SHOWN = 5
_SHOWN_AUDIENCES = 12


def brief(at: datetime, incident: Incident, policy: Policy) -> list[str]:
    """Where the incident stands at this time."""
    minutes = max(0, int((at - incident.phase_since).total_seconds() // 60))
    containment = incident.contained_by
    in_force = f"{quoted(containment.action, 300)} ({words.came_of(containment)})" if containment else "none"
    pending = [f"{quoted(one.text, 120)}, until {clock_time(one.until)}" for one in incident.pending]
    refuted = [f"{one.name} {quoted(one.statement, 80)}" for one in incident.hypotheses if one.status is Status.REFUTED]
    return [
        f"• *Phase:* {words.phase_name(incident.phase)}, for {span(minutes)}",
        f"• *Severity:* {words.severity(incident, policy)}",
        f"• *Impact:* {escape_within(one_line(incident.impact), 800) if incident.impact else 'not known yet'}",
        f"• *Containment in force:* {in_force}",
        f"• *Open hypotheses:* {_some([_hypothesis(one) for one in incident.open_hypotheses], _SHOWN)}",
        f"• *Ruled out:* {_some(refuted, _SHOWN)}",
        f"• *Decisions pending:* {_some(pending, _SHOWN)}",
        f"• *Next update:* {_some(_updates(at, incident, policy), _SHOWN_AUDIENCES, nothing='none is due')}",
    ]


def span(minutes: int) -> str:
    """So many minutes, as people say it."""
    if minutes < 60:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} h {minutes % 60} min"


def _hypothesis(one: Hypothesis) -> str:
    by = f", by {words.person(one.assignee)}" if one.assignee and one.status is Status.TESTING else ""
    return f"{one.name} {words.STATUS[one.status]} {quoted(one.statement, 80)}{by}"


def _updates(at: datetime, incident: Incident, policy: Policy) -> list[str]:
    due = sorted(owed(incident, policy).items(), key=lambda item: item[1])
    return [f"{escape(name)} {time_from(at, when)}{words.by_whom(name, policy)}" for name, when in due]


def _some(items: list[str], most: int, nothing: str = "none") -> str:
    """The first of them, and how many more there are."""
    rest = len(items) - most
    return ", ".join([*items[:most], *([f"and {rest} more"] if rest > 0 else [])]) or nothing
