"""Reminders of updates that a person must send, step by step up the ladder (`ladder.py`), and what people answer: that nothing has
changed, or not now. Their notes to audiences keep no promise.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Incident, Told
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.promised import Reminder
from bot.core.prompts import prompted
from bot.core.refusal import AlreadyTold, CannotSnooze, HasChanged, NotInPolicy
from bot.core.router.ladder import (
    Next,
    climbed,
    due_times,
    interval,
    is_unchanged,
    latest,
    next_due,
    people,
    promised,
    upcoming,
)
from bot.core.router.updates import Occasion, Wording, issue, listeners, wording
from bot.core.router.wording import holding
from bot.core.rungs import Step
from bot.core.templates import Words
from bot.core.value import Typed


class Remind(Command):
    """The time has come at which somebody is reminded of updates."""

    is_report = True

    due: AwareDatetime


class SayNoChange(Command):
    """A person says that nothing has changed: these audiences read so. `told` is how many updates each had had when that was
    asked, so that two people who say so at the same moment say it once."""

    act = Act.UPDATE

    audiences: tuple[str, ...]
    told: Mapping[str, int] = {}


class SnoozeReminder(Command):
    """Not now: somebody is at it. Reminders of these updates wait a little."""

    audiences: tuple[str, ...]


class UpdateReminded(Wording):
    """These people (none: whoever reads it) were reminded, at this step, of updates that are `due` to these audiences then; the
    first of them is `audience`, and what it would read the draft. `nexts` is what each would be promised, `told` how many updates
    each has had, `calls` who else is brought in. `is_unchanged`: nothing has changed since they were told. `taken` counts the
    steps that were taken for each, of the ladder that goes by the time `ladder_of`."""

    step: Step
    to: tuple[str, ...]
    due: Mapping[str, AwareDatetime]
    nexts: Mapping[str, AwareDatetime | None]
    told: Mapping[str, int]
    taken: Mapping[str, int]
    ladder_of: Mapping[str, AwareDatetime]
    calls: tuple[str, ...] = ()
    is_unchanged: bool = False

    @property
    def audiences(self) -> tuple[str, ...]:
        """All whom it is about."""
        return tuple(self.due)


class LateNoted(Event):
    """The audience reads that the update it was promised, by `due`, is late; what it was told last, at `last`, and of that only
    what came from the record: `impact`, `size`, `workaround`. `taken` counts the steps that were taken, of the ladder that goes by
    the time `ladder_of`. `words` are the sentences in the audience's language; None: the plain English ones that are built in."""

    audience: str
    due: AwareDatetime
    last: AwareDatetime
    taken: int
    ladder_of: AwareDatetime
    to_channel: bool
    impact: Typed | None = None
    size: Typed | None = None
    workaround: Typed | None = None
    words: Words | None = None


class RemindersSnoozed(Event):
    """Nobody is reminded of the updates to these audiences until then."""

    audiences: tuple[str, ...]
    until: AwareDatetime


def remind(incident: Incident, command: Remind, policy: Policy) -> Decision:
    """Take the step that is due for each audience: of several that were not taken in time, the last. What is due for others a
    moment later is taken along."""
    if next_due(incident, policy) != command.due:
        return accept()
    ahead = {name: upcoming(incident, name, policy) for name in due_times(incident, policy)}
    now = {name: latest(incident, name, policy, command.at) for name in ahead}
    taken = {name: step for name, step in now.items() if step}
    soon = command.at + timedelta(minutes=policy.remind_together_within_minutes)
    kinds = {one.step for one in taken.values()}
    together = {
        name: steps[0]
        for name, steps in ahead.items()
        if name not in taken and steps and steps[0].at <= soon and steps[0].step in kinds
    }
    return accept(*_events(incident, taken | together, command, policy))


def _events(incident: Incident, taken: Mapping[str, Next], command: Remind, policy: Policy) -> Iterator[Event]:
    for step in dict.fromkeys(one.step for one in taken.values()):
        numbers = {name: one.number for name, one in taken.items() if one.step is step}
        if step is Step.NOTE:
            yield from (_note(incident, name, number, command, policy) for name, number in numbers.items())
        else:
            yield _reminded(incident, step, numbers, command, policy)


def _note(incident: Incident, audience: str, number: int, command: Remind, policy: Policy) -> LateNoted:
    told = incident.told[audience]
    assert told.promised is not None, "nothing is noted of what was not promised"
    known = told.facts if told.facts and not told.is_written else None
    note = holding(incident, audience, policy)
    return LateNoted(
        at=command.at,
        actor=command.actor,
        audience=audience,
        due=told.promised,
        last=told.last,
        taken=number,
        ladder_of=due_times(incident, policy)[audience],
        to_channel=incident.severity == policy.severities[0].name,
        impact=known.impact if known else None,
        size=known.size if known else None,
        workaround=known.workaround if known else None,
        words=note[0] if note else None,
    )


def _reminded(
    incident: Incident, step: Step, taken: Mapping[str, int], command: Remind, policy: Policy
) -> UpdateReminded:
    names = list(taken)
    dues = {name: at for name, at in due_times(incident, policy).items() if name in names}
    read = {name: promised(incident, name) if step is Step.MISSED else None for name in names}
    told = {name: incident.told.get(name) for name in names}
    drafts = {name: wording(incident, name, _occasion(incident, told[name]), command, policy) for name in names}
    calls_in = step is Step.MISSED and policy.severity(incident.severity).name in policy.escalate_at
    return UpdateReminded(
        **drafts[names[0]],
        step=step,
        to=people(incident, step),
        due={name: read[name] or dues[name] for name in names},
        nexts={name: draft["promised"] for name, draft in drafts.items()},
        told={name: one.updates if one else 0 for name, one in told.items()},
        taken=taken,
        ladder_of={name: dues[name] for name in names},
        calls=policy.escalate_to if calls_in else (),
        is_unchanged=all(is_unchanged(incident, name, policy) for name in names),
    )


def _occasion(incident: Incident, told: Told | None) -> Occasion:
    """On which occasion a draft is for who was told this: of a phase that they have not heard of yet, it says so."""
    if told is None:
        return Occasion.FIRST
    return Occasion.DUE if told.facts and told.facts.phase is incident.phase else Occasion.PHASE


def say_no_change(incident: Incident, command: SayNoChange, policy: Policy) -> Decision:
    """Tell them that nothing has changed, if that is so and nobody else has told them meanwhile."""
    known = listeners(incident, policy)
    for name in command.audiences:
        told = incident.told.get(name)
        if name not in known:
            return refuse(command, NotInPolicy(what="audience", given=name, known=tuple(known)))
        if told and told.updates != command.told.get(name, told.updates):
            return refuse(command, AlreadyTold(audience=name, at=told.last))
        if not is_unchanged(incident, name, policy):
            return refuse(command, HasChanged(audience=name))
    due = Occasion.DUE
    return accept(
        *(issue(incident, name, due, command, policy, by_hand=True) for name in dict.fromkeys(command.audiences))
    )


def snooze(incident: Incident, command: SnoozeReminder, policy: Policy) -> Decision:
    """Let reminders of these updates wait, once a promise, for a share of its interval, and not when the update is overdue."""
    dues = due_times(incident, policy)
    names = [name for name in dict.fromkeys(command.audiences) if name in dues]
    if not names or any(climbed(incident, name, policy).snoozed_until for name in names):
        return refuse(command, CannotSnooze(because="snoozed"))
    if any(dues[name] < command.at for name in names):
        return refuse(command, CannotSnooze(because="overdue"))
    longest = min(interval(incident, name, policy) for name in names) * policy.snooze_percent / 100
    snoozed = RemindersSnoozed(at=command.at, actor=command.actor, audiences=tuple(names), until=command.at + longest)
    return accept(snoozed)


def reminded(incident: Incident, event: UpdateReminded) -> Incident:
    """The step was taken; it counts on the budget of whoever was asked."""
    for name, number in event.taken.items():
        incident = _climbed(incident, name, event.ladder_of[name], number)
    return prompted(incident, event.to[0], event.at)


def noted(incident: Incident, event: LateNoted) -> Incident:
    """The step was taken."""
    return _climbed(incident, event.audience, event.ladder_of, event.taken)


def _climbed(incident: Incident, audience: str, due: datetime, taken: int) -> Incident:
    before = incident.reminders.get(audience)
    kept = before if before and before.due == due else Reminder(due=due)
    return _with(incident, {audience: kept.but(taken=taken)})


def put_off(incident: Incident, event: RemindersSnoozed) -> Incident:
    """Reminders wait. For an audience whose ladder was not climbed yet there is none to put off."""
    known = {
        name: one.but(snoozed_until=event.until) for name, one in incident.reminders.items() if name in event.audiences
    }
    return _with(incident, known)


def _with(incident: Incident, reminders: Mapping[str, Reminder]) -> Incident:
    return incident.but(reminders=dict(sorted({**incident.reminders, **reminders}.items())))


DECIDE = {Remind: remind, SayNoChange: say_no_change, SnoozeReminder: snooze}
EVOLVE = {UpdateReminded: reminded, LateNoted: noted, RemindersSnoozed: put_off}
