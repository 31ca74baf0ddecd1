"""When people are reminded of updates that they must send: a ladder for each promise (domain, 4.6). What is said is `reminders.py`.

Before the time that was promised whoever sees to communications gets the draft alone; then the room sees it, then whoever leads is
called; then the audience reads a truthful note that its update is late, which keeps no promise; one interval after its time the
promise counts as missed, and somebody else is called. After that whoever leads is called once an interval. How far apart the steps
are is the policy's. Audiences that are due together are one reminder. Of steps that went by unnoticed only the latest is taken.

Reminders count on the budget of what people are asked (`prompts.py`), and wait for it; notes to audiences do not.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from bot.core.incident import COMMANDER, Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.promised import Reminder
from bot.core.prompts import asked, within_budget
from bot.core.router.cadence import every
from bot.core.router.updates import is_drafted, listeners, owed
from bot.core.router.wording import facts
from bot.core.rungs import Rung, Step
from bot.core.value import REDACTED

DEPUTY = "deputy"
PROMPTS = (Step.DRAFT, Step.ROOM, Step.LEADER)
"""The steps that ask somebody for something."""
PUBLIC = (Step.NOTE, Step.MISSED)
"""The steps of a promise that its audience has read."""


class Next(NamedTuple):
    """A step that is to come for an audience: how many it is, which, and when."""

    number: int
    step: Step
    at: datetime


def due_times(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """By when a person is to send each audience its next update, of those whose updates a person must send: when it was promised,
    or sooner when it has to hear of something new. Once service is restored only what was promised before is due."""
    if not incident.is_open:
        return {}
    if incident.phase is Phase.POSTMORTEM:
        read = {name: promised(incident, name) for name in incident.told if is_drafted(name, policy)}
        return {name: at for name, at in read.items() if at}
    times = owed(incident, policy)
    found = {
        name: [at for at in (times.get(name), incident.drafts_due.get(name)) if at]
        for name in listeners(incident, policy)
        if is_drafted(name, policy)
    }
    return {name: min(ats) for name, ats in found.items() if ats}


def interval(incident: Incident, audience: str, policy: Policy) -> timedelta:
    """What the steps are measured by: the audience's cadence, or how soon it hears of a new phase if it has none."""
    due = due_times(incident, policy)[audience]
    return every(incident, audience, policy, due) or timedelta(minutes=policy.tell_new_phase_within_minutes)


def rungs(
    incident: Incident, audience: str, policy: Policy, *, at_least: int, until: datetime | None = None
) -> list[tuple[Step, datetime]]:
    """The steps for this audience in their order, and after the last of the policy's as many calls, one each interval, as there
    must be for so many in all, and `until` then. What an audience was promised is noted and missed by the time that it has read."""
    due, span = due_times(incident, policy)[audience], interval(incident, audience, policy)
    read = promised(incident, audience)
    bases = [(rung, read if rung.step in PUBLIC else due) for rung in policy.ladder]
    steps = [(rung.step, _when(rung, base, span)) for rung, base in bases if base]
    noted = next((at for step, at in steps if step is Step.NOTE), None)
    if noted:
        steps += [(Step.NOTE, noted + span * again) for again in range(1, policy.notes_in_a_row)]
    steps.sort(key=lambda one: one[1])
    last = max([due + span, *(at for _, at in steps)])
    passed = (until - last) // span if until else 0
    more = max(0, at_least - len(steps), passed) if steps else 0
    return [*steps, *((Step.LEADER, last + span * again) for again in range(1, more + 1))]


def promised(incident: Incident, audience: str) -> datetime | None:
    """The time that the audience has read, if it was promised any."""
    told = incident.told.get(audience)
    return told.promised if told else None


def _when(rung: Rung, due: datetime, span: timedelta) -> datetime:
    """Drafts come before the time, at most so long; the rest after it, at least so long."""
    share, limit = span * rung.percent / 100, timedelta(minutes=rung.minutes)
    return due - min(share, limit) if rung.step is Step.DRAFT else due + max(share, limit)


def latest(incident: Incident, audience: str, policy: Policy, at: datetime) -> Next | None:
    """Of the steps for this audience whose time has passed and that were not taken, the last, so that people read one message that
    is true now. That somebody else is called is not passed over by the calls that come after it."""
    passed = [one for one in upcoming(incident, audience, policy, at) if one.at <= at]
    missed = next((one for one in passed if one.step is Step.MISSED), None)
    return (missed or passed[-1])._replace(number=passed[-1].number) if passed else None


def upcoming(incident: Incident, audience: str, policy: Policy, until: datetime | None = None) -> list[Next]:
    """The steps for this audience that were not taken yet, each with when it is to be taken: the next one at least, and all that
    fall before `until`."""
    reminder = climbed(incident, audience, policy)
    steps = rungs(incident, audience, policy, at_least=reminder.taken + 1, until=until)
    return [
        Next(number, step, _not_before(incident, step, at, reminder, policy))
        for number, (step, at) in enumerate(steps, start=1)
        if number > reminder.taken
    ]


def climbed(incident: Incident, audience: str, policy: Policy) -> Reminder:
    """How far the ladder was climbed for what is due now; from the beginning when something else is."""
    due, reminder = due_times(incident, policy)[audience], incident.reminders.get(audience)
    return reminder if reminder and reminder.due == due else Reminder(due=due)


def is_overdue(incident: Incident, audience: str, policy: Policy) -> bool:
    """Whether people were reminded, since its time has passed, of an update that one of them is to send to this audience."""
    if audience not in due_times(incident, policy):
        return False
    taken = climbed(incident, audience, policy).taken
    steps = rungs(incident, audience, policy, at_least=taken)
    return taken > 0 and steps[taken - 1][0] is not Step.DRAFT


def _not_before(incident: Incident, step: Step, at: datetime, reminder: Reminder, policy: Policy) -> datetime:
    """What asks somebody for something waits until they may be asked, and while it is put off."""
    if step not in PROMPTS:
        return at
    at = max(at, reminder.snoozed_until) if reminder.snoozed_until else at
    return within_budget(incident, people(incident, step)[0], at)


def next_due(incident: Incident, policy: Policy) -> datetime | None:
    """When somebody is reminded next; None when never."""
    times = [one.at for name in due_times(incident, policy) for one in upcoming(incident, name, policy)]
    return min(times, default=None)


def people(incident: Incident, step: Step) -> tuple[str, ...]:
    """Who is reminded: whoever sees to communications, or, from then on, whoever leads and their deputy."""
    seat = incident.seats.get(Need.COMMUNICATIONS.value)
    if step in (Step.DRAFT, Step.ROOM):
        return (seat.user if seat else asked(incident),)
    leaders = [incident.seats[role].user for role in (COMMANDER, DEPUTY) if role in incident.seats]
    return tuple(dict.fromkeys(leaders)) or (incident.declared_by,)


def is_unchanged(incident: Incident, audience: str, policy: Policy) -> bool:
    """Whether the record says what it said when this audience was told last. Of what was redacted nobody can tell."""
    told = incident.told.get(audience)
    if told is None or told.facts is None or REDACTED in (told.facts.impact, told.facts.size, told.facts.workaround):
        return False
    return told.facts == facts(incident, policy, audience)
