"""What tests of faults share: how long they are, and what Slack shows in the end."""

import os
import re

from bot.sandbox import Sandbox

EACH = os.environ.get("LOCKSTEP_FAULTS") == "each"
"""Between the two: the bot is killed at every kind of step, at its first time, and not at each time it comes up again."""
LONG = os.environ.get("LOCKSTEP_FAULTS") == "long"
"""The long form: `make faults LONG=1`. The short one, which CI runs, takes samples of what the long one does in full."""

DATABASES = ["sqlite", "postgresql"] if LONG or EACH else ["sqlite"]
"""On which of them those tests run that stay on one in the short form: what they are about is the same on both."""

SLOW = 1e-3
"""Seconds of the incident that pass in a second, but for jumps: however long a run takes, all falls due in the same order."""

_CHANNELS = ("#incidents", "#exec-updates", "#support-updates", "#product-updates")
_VARYING = re.compile(
    r"'block_id': '\w+'|Record \d+: [0-9a-f]{32}|<!date\^\d+\^[^>]*>|C[A-Z0-9]{8,}|\d{2}:\d{2}|\d+ \w+ \d{4}"
    r"|\d+ of \d+ promised updates were"
)


def shown(sandbox: Sandbox, *, topics_between: bool = True) -> dict[str, object]:
    """All that Slack shows of its incidents, but for times, ids, and how many updates were on time, which differ from run to run.
    Without `topics_between` also but for topics that were changed again soon: where people do not wait, some are never set."""
    rooms = sorted(channel.name for channel in sandbox.workspace.channels.values() if channel.name.startswith("inc-"))
    people: dict[str, object] = {}
    for name in rooms:
        room = sandbox.channel(f"#{name}")
        people[name] = (sorted(room.members), room.topic.value, len(room.pins))
    kinds = ("thread_broadcast", "channel_topic") if topics_between else ("thread_broadcast",)
    said = {
        channel: sorted(_said(sandbox, channel, kinds)) for channel in (*_CHANNELS, *(f"#{name}" for name in rooms))
    }
    return {"rooms": rooms, "people": people, "said": said}


def _said(sandbox: Sandbox, channel: str, kinds: tuple[str, ...]) -> list[str]:
    return [
        _VARYING.sub("…", str(message.get("blocks") or message["text"]))
        for message in sandbox.messages(channel)
        if not message.get("subtype") or message["subtype"] in kinds
    ]
