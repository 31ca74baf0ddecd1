"""What a command entails for those who are kept informed: the updates, drafts and promises that follow from its events."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.decision import Command, Event
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.router.cadence import every
from bot.core.router.promises import PromiseMoved
from bot.core.router.updates import LAST, Occasion, Wording, hearing, listeners, may_hear, speak


def follow(
    before: Incident | None, after: Incident, events: Sequence[Event], command: Command, policy: Policy
) -> list[Event]:
    """The updates, drafts and promises that a command's events entail, after all of them."""
    if any(isinstance(event, Wording) for event in events):
        return []
    if after.end:
        ended_now = before is not None and before.is_open
        pointed_here = dict.fromkeys([*after.told, *after.followers])
        told = [name for name in pointed_here if may_hear(after, name, policy)] if ended_now else []
        return [speak(after, name, LAST[after.end], command, policy) for name in told]
    if before is not None and before.phase is not after.phase:
        return [speak(after, name, Occasion.PHASE, command, policy) for name in listeners(after, policy)]
    if before is not None and before.relapses < after.relapses:
        return [speak(after, name, Occasion.RETURN, command, policy) for name in listeners(after, policy)]
    return _on_severity(before, after, command, policy)


def _on_severity(before: Incident | None, after: Incident, command: Command, policy: Policy) -> list[Event]:
    """A severity that became known or changed: who was not told yet hears at once, who was hears sooner when it is worse."""
    if after.severity is None or (before is not None and before.severity == after.severity):
        return []
    new = [name for name in hearing(after, policy) if name not in after.told]
    waits = after.undrafted_until
    at_once = [
        name for name in new if policy.cadence(name, after.severity).first and waits.get(name, command.at) <= command.at
    ]
    raised = before is not None and policy.is_raise(before.severity, after.severity)
    return [
        *(speak(after, name, Occasion.FIRST, command, policy) for name in at_once),
        *(
            PromiseMoved(at=command.at, actor=command.actor, audience=name, promised=at)
            for name, at in (sooner(after, command.at, policy) if raised else {}).items()
        ),
    ]


def sooner(incident: Incident, at: datetime, policy: Policy) -> dict[str, datetime]:
    """Who was told and hears later than their cadence would have it if they were told now, or has no promise at all; and when they
    hear instead."""
    if not incident.is_open or incident.phase is Phase.POSTMORTEM:
        return {}
    steps = {name: every(incident, name, policy, at) for name in listeners(incident, policy)}
    promised = {name: told.promised for name, told in incident.told.items()}
    return {
        name: at + step
        for name, step in steps.items()
        if step and name in promised and (promised[name] or datetime.max.replace(tzinfo=UTC)) > at + step
    }
