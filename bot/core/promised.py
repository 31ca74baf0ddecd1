"""What an incident remembers of its promises: those that stand, the updates on their way, and how far people were reminded. Knows
no rule.
"""

from pydantic import AwareDatetime

from bot.core.value import Value


class Promise(Value):
    """The next update as an audience has read of it: `made` when Slack accepted the update that says so, and when it is `due`."""

    made: AwareDatetime
    due: AwareDatetime


class Unsent(Value):
    """An update that Slack has not accepted yet: the number of its event, for whom, on which occasion, since when it waits, who
    sends it, whether a person wrote it, and when it promises the next one."""

    update: int
    audience: str
    occasion: str
    at: AwareDatetime
    by: str
    is_written: bool
    promised: AwareDatetime | None


class Reminder(Value):
    """How far people were reminded of an update that is `due` then: how many steps were `taken`, and until when no other is."""

    due: AwareDatetime
    taken: int = 0
    snoozed_until: AwareDatetime | None = None


class Tally(Value):
    """How many promises came due, and how many of them were kept."""

    due: int = 0
    kept: int = 0


class Stretch(Value):
    """Since when audiences hear less often, and at intervals how many times as long."""

    since: AwareDatetime
    times: int
