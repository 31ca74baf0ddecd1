"""What a policy says about action items, as a section of its page. Pure."""

from bot.core.policy import Policy
from bot.tables import table


def action_items(policy: Policy) -> str:
    """By when they are due, when people are reminded of them, and where they are followed."""
    rows = [
        (one.name, f"{one.high_actions_within_weeks} weeks", f"{one.actions_within_weeks} weeks")
        for one in policy.severities
    ]
    trackers = "; ".join(f"{one.name} ({one.kind}, {one.project} at {one.api})" for one in policy.issue_trackers)
    hours = f"between {policy.work_from_hour}:00 and {policy.work_to_hour}:00 where they are, not on {_days(policy.weekend)}"
    return (
        f"## Action items\n\n{table(('severity', 'high priority within', 'others within'), rows)}\n\n"
        f"A later due date, and more than {policy.actions_at_most} in an incident, is only remarked on. "
        "An action item is verified by somebody else\nthan whoever did it.\n\n"
        f"People are reminded {hours}:\n{_before(policy)}. {_late(policy)}\n\n"
        f"Followed as issues in: {trackers or 'nowhere'}."
    )


def _days(names: tuple[str, ...]) -> str:
    return " or ".join(names) or "any day of rest"


def _before(policy: Policy) -> str:
    if not policy.remind_of_actions_days_before:
        return "never before it is due"
    days = [
        f"{days} days before" if days > 1 else "a day before" for days in policy.remind_of_actions_days_before if days
    ]
    return ", ".join([*days, *(["on the day"] if 0 in policy.remind_of_actions_days_before else [])])


def _late(policy: Policy) -> str:
    leader, others = policy.call_leader_after_days, policy.escalate_actions_after_days
    told = "nobody else hears" if leader == "never" else f"whoever leads hears {leader} days after"
    if others == "never":
        return f"Of what is overdue {told}."
    who = ", ".join(policy.escalate_to) or "whoever leads"
    where = f" in {policy.actions_in}" if policy.actions_in else ""
    return f"Of what is overdue {told}; {who}{where} {others} days after, then every {policy.escalate_actions_every_days} days."
