"""The part of the page about a policy that tells of promises: how they are kept, and who is reminded when. Pure."""

from datetime import timedelta

from bot.core.policy import Policy
from bot.core.rungs import Rung, Step
from bot.tables import span, table

_STEPS: dict[Step, str] = {
    Step.DRAFT: "whoever sees to communications gets the draft, in a direct message",
    Step.ROOM: "the room sees it, and whoever sees to communications is mentioned",
    Step.LEADER: "whoever leads and the deputy are mentioned",
    Step.NOTE: "the audience reads a note that its update is late",
    Step.MISSED: "it counts as missed",
}


def promises(policy: Policy) -> str:
    """What every audience can rely on, and how people are reminded of what they must send."""
    rows = [(_when(rung), _what(rung, policy)) for rung in policy.ladder]
    steps = table(("when", "what"), rows) if rows else "Nobody is reminded."
    return (
        f"## What is promised\n\n{table(('what', 'how'), _rules(policy))}\n\n"
        f"### When a person must send an update\n\n{steps}\n\n"
        "Shares are of the interval. Audiences that are due together are one reminder."
    )


def _when(rung: Rung) -> str:
    if rung.step is Step.DRAFT:
        return f"{rung.percent}% before it is due, at most {rung.minutes} min"
    if not rung.percent and not rung.minutes:
        return "when it is due"
    least = f", at least {rung.minutes} min" if rung.minutes else ""
    return f"{rung.percent}% after it is due{least}"


def _what(rung: Rung, policy: Policy) -> str:
    calls = ", ".join(policy.escalate_to)
    if rung.step is Step.MISSED and calls and policy.escalate_at:
        return f"{_STEPS[rung.step]}; at {', '.join(policy.escalate_at)} {calls} is called"
    return _STEPS[rung.step]


def _rules(policy: Policy) -> list[tuple[str, str]]:
    phases = ", ".join(f"{one.phase.value}: {one.times} times as long" for one in policy.slower_in)
    return [
        ("intervals in some phases", phases or "as everywhere"),
        (
            "intervals of an incident that lasts",
            f"up to {policy.stretch_times} times as long from {_minutes(policy.stretch_after_minutes)} on, decided after "
            f"{_minutes(policy.stretch_not_before_minutes)} at the earliest",
        ),
        ("an update is on time", f"up to {policy.grace_minutes} min or {policy.grace_percent}% of the interval late"),
        ("a person tells of a new phase", f"within {_minutes(policy.tell_new_phase_within_minutes)}"),
        ("notes in a row that an update is late", f"{policy.notes_in_a_row} at most"),
        ("an update that cannot be delivered goes to", policy.undelivered_to or "nobody else"),
        ("a reminder can be put off", f"once, by {policy.snooze_percent}% of the interval"),
    ]


def _minutes(minutes: int) -> str:
    return span(timedelta(minutes=minutes))
