"""What people read of promises: who is reminded of an update and with which buttons, what an audience reads whose update is late,
and why something about them may not be done now.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.core.decision import Event
from bot.core.incident import Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.refusal import AlreadyStretched, CannotSnooze, HasChanged, NotLongYet
from bot.core.router.cadence import CadenceStretched
from bot.core.router.promises import UpdateSent
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.updates import Occasion, UpdateIssued, Wording
from bot.core.router.withheld import FactsWithheld
from bot.core.rungs import Step
from bot.slack import words
from bot.slack.blocks import Block, Element, actions, button, context, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message, say
from bot.slack.messages.plain import withheld
from bot.slack.messages.updates import update
from bot.slack.messages.worded import worded
from bot.slack.text import clock_time, escape, escape_within, quoted, time_from, utc_time

SNOOZE = "Not now"

_MOST = 5
"""So many drafts stand in one reminder; the others are named."""


def late_note(event: LateNoted) -> Message:
    """What an audience reads whose update is late: only what it has been told already, and when; in its language."""
    if event.words:
        return worded(_told_last(event), event.words)
    said, fallback = clock_time(event.last), utc_time(event.last)
    start = "Automatic note: our next update is late."
    known = f" Last confirmed: {quoted(event.impact, 1000)}" if event.impact else ""
    told = " Our last update is of {}." if not known else " That was at {}."
    end = " The team that works on it has been alerted."
    text = f"{start}{known}{told.format(said)}{end}"
    return Message(text=f"{start}{known}{told.format(fallback)}{end}", blocks=[section(text)])


def _told_last(event: LateNoted) -> Wording:
    """An update that says no more than they have read. How far it was then stands in its words."""
    return Wording(
        at=event.at,
        actor=event.actor,
        audience=event.audience,
        occasion=Occasion.DUE,
        phase=Phase.DETECTION,
        since=event.last,
        severity=None,
        promised=None,
        impact=event.impact,
        size=event.size,
        workaround=event.workaround,
        last=event.last,
    )


def undelivered(event: UpdateIssued, incident: Incident) -> Message:
    """An update whose audience cannot be reached, where somebody else can read it and pass it on."""
    name = f"*{escape_within(event.audience, 60)}*"
    start = f"{incident.name}: this update did not reach {name}. Please pass it on; the incident's room says how to mend it."
    shown = update(event)
    return Message(text=f"{start} {shown.text}", blocks=[section(start), *shown.blocks])


def reminder(event: UpdateReminded, incident: Incident, policy: Policy) -> Message:
    """Who is reminded of which updates, each draft with the buttons that send and edit it, and below them the one that says that
    nothing has changed. Without buttons once they have been told."""
    waits = all(_waits(name, event, incident) for name in event.audiences)
    blocks: list[Block] = [section(asks(event, incident))]
    for name in event.audiences[:_MOST]:
        blocks += [context(f"Draft for *{escape(name)}*"), *_draft(event, name), *_row(event, name, incident)]
    row = [*_no_change(event, incident), *_snooze(event, incident)] if waits else []
    return Message(text=asks(event, incident), blocks=[*blocks, *actions(row)])


def asks(event: UpdateReminded, incident: Incident) -> str:
    """Whom it is for, what is due, and what they can do."""
    whom = " ".join(map(words.person, event.to))
    names = _names(event.audiences)
    if event.step is Step.MISSED:
        return f"{whom}: {names} were promised an update of {incident.name} by {_by(event)}, and none was sent. {_lead(incident)}"
    when = f"by {_by(event)}" if event.step is Step.DRAFT else f"since {_by(event)}"
    start = f"{whom}: an update of {incident.name} to {names} is due {when}."
    if event.step is Step.LEADER:
        return f"{start} Nobody has sent it. Any of you may, if you lead or see to communications."
    return f"{start} It goes out only if you send it."


def _lead(incident: Incident) -> str:
    if Need.COMMUNICATIONS.value in incident.seats:
        return "Please send it now."
    return f"Please send it now, and say who is communications lead: `{COMMAND} {Verb.ROLE} comms @somebody`."


def _by(event: UpdateReminded) -> str:
    return time_from(event.at, min(event.due.values()))


def _names(audiences: tuple[str, ...]) -> str:
    shown = [f"*{escape_within(name, 60)}*" for name in audiences[:20]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _waits(name: str, event: UpdateReminded, incident: Incident) -> bool:
    told = incident.told.get(name)
    return incident.is_open and (told.updates if told else 0) == event.told[name]


def _draft(event: UpdateReminded, name: str) -> list[Block]:
    return update(event.but(audience=name, promised=event.nexts[name])).blocks


def _row(event: UpdateReminded, name: str, incident: Incident) -> list[Block]:
    if not _waits(name, event, incident):
        return [context("They have been told since.")]
    drawn = Drawn.of(incident).but(audiences=(name,)).write()
    row = [
        button(words.SEND_DRAFT, Action.SEND_DRAFT, drawn, primary=True),
        button(words.EDIT_DRAFT, Action.EDIT_DRAFT, drawn),
    ]
    return actions(row)


def _no_change(event: UpdateReminded, incident: Incident) -> list[Element]:
    if not event.is_unchanged:
        return []
    drawn = Drawn.of(incident).but(audiences=event.audiences[:_MOST], told=dict(event.told))
    return [button(words.NO_CHANGE, Action.NO_CHANGE, drawn.write())]


def _snooze(event: UpdateReminded, incident: Incident) -> list[Element]:
    if event.step is not Step.DRAFT:
        return []
    drawn = Drawn.of(incident).but(audiences=event.audiences[:_MOST])
    return [button(SNOOZE, Action.SNOOZE_UPDATES, drawn.write())]


def _noted(event: LateNoted, incident: Incident, policy: Policy) -> Message:
    name = f"*{escape_within(event.audience, 60)}*"
    return say(f"{name} were promised an update by {time_from(event.at, event.due)}. I told them that it is late.")


def _not_reached(event: UpdateSent, incident: Incident, policy: Policy) -> Message:
    who = " ".join(map(words.person, event.unreached))
    name = f"*{escape_within(event.audience, 60)}*"
    return say(
        f"Slack did not let me send {who} the update to {name}. Please tell them, and correct the people of the policy."
    )


def _snoozed(event: RemindersSnoozed, incident: Incident, policy: Policy) -> Message:
    until = clock_time(event.until)
    return say(f"{words.person(event.actor)} is at the update to {_names(event.audiences)}. I ask again at {until}.")


def _stretched(event: CadenceStretched, incident: Incident, policy: Policy) -> Message:
    who = words.person(event.actor)
    if event.times == 1:
        return say(f"{who} lets audiences hear as often as usual again. What they were promised stands.")
    longer = "half as often" if event.times == 2 else f"at intervals {event.times} times as long"
    return say(f"{who} lets audiences hear {longer} from {clock_time(event.since)} on. What they were promised stands.")


def kept_line(due: int, kept: int) -> str:
    """How many of the promises that came due were kept."""
    return f"{kept} of {words.count(due, 'promised update was', 'promised updates were')} on time."


def not_long_yet(refusal: NotLongYet, incident: Incident, policy: Policy) -> str:
    """From when on that can be decided."""
    young = timedelta(minutes=policy.stretch_not_before_minutes) // timedelta(minutes=1)
    return (
        f"{incident.name} is younger than {words.count(young, 'minute', 'minutes')}: people who hear less often now start to ask. "
        f"You can do this from {clock_time(refusal.again)} on."
    )


def already_stretched(refusal: AlreadyStretched, incident: Incident, policy: Policy) -> str:
    """How often they hear as it is."""
    if refusal.is_on:
        return f"Audiences hear less often already. `{COMMAND} {Verb.SLOWER} off` goes back to the usual."
    return f"Audiences hear as often as usual. `{COMMAND} {Verb.SLOWER}` makes it less often once the incident lasts."


def has_changed(refusal: HasChanged, incident: Incident, policy: Policy) -> str:
    """Why "no change" would not be true, and what to send instead."""
    name = f"*{escape_within(refusal.audience, 60)}*"
    why = f"Something has changed since {name} were told, so “no change” is not true."
    return f"{why} Nothing was sent. Please press `{words.SEND_DRAFT}`, which says what is true now."


def cannot_snooze(refusal: CannotSnooze, incident: Incident, policy: Policy) -> str:
    """Why it is not put off."""
    if refusal.because == "overdue":
        return f"That update is overdue, so it is not put off any more. If nothing is new, press `{words.NO_CHANGE}`."
    return f"That was put off once already, or is sent by now. If nothing is new, press `{words.NO_CHANGE}`."


PROMISES: dict[type[Event], Callable[[Any, Incident, Policy], Message]] = {
    UpdateReminded: reminder,
    LateNoted: _noted,
    UpdateSent: _not_reached,
    RemindersSnoozed: _snoozed,
    CadenceStretched: _stretched,
    FactsWithheld: withheld,
}
SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
    NotLongYet: not_long_yet,
    AlreadyStretched: already_stretched,
    HasChanged: has_changed,
    CannotSnooze: cannot_snooze,
}
