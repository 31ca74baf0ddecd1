"""The communication router's rules: who is owed an update, when, and what it says. The sentences are drawn elsewhere.

A promise is the "next update by" time an audience was given. Severity says how soon the first update is owed and how often the
next ones, unless the audience has a cadence of its own; a phase change, a severity that becomes known and the close are told at
once. One command sends at most one update to an audience. An audience whose updates a person must send gets them as drafts,
which the room is shown.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from bot.core.decision import AlreadyTold, Command, Decision, Event, NotInPolicy, SaysNothing, accept, refuse
from bot.core.incident import Cause, End, Facts, Incident, Phase, Told
from bot.core.policy import Act, Policy
from bot.core.templates import Words
from bot.core.value import Typed
from bot.core.wording import composed, facts, framed


class Occasion(StrEnum):
    """Why an update goes out."""

    FIRST = "first"
    DUE = "due"
    PHASE = "phase"
    RETURN = "return"
    WRITTEN = "written"
    CLOSE = "close"
    CANCEL = "cancel"
    MERGE = "merge"

    @property
    def is_last(self) -> bool:
        """Whether it is the last word, since the incident is over."""
        return self in _LAST.values()


_LAST: dict[End, Occasion] = {
    End.CLOSED: Occasion.CLOSE,
    End.CANCELLED: Occasion.CANCEL,
    End.MERGED: Occasion.MERGE,
}


class SendUpdate(Command):
    """A person tells these audiences this; without any named, all but those whose updates are drafted. `updates` is how many the
    one audience of a draft had had when it was shown: two people who send it at the same moment tell them once."""

    act = Act.UPDATE

    text: Typed
    audiences: tuple[str, ...] = ()
    updates: int | None = None


class KeepPromise(Command):
    """The time has come at which this audience was to hear from us."""

    is_report = True

    audience: str
    due: AwareDatetime


class ConfirmUpdate(Command):
    """Slack accepted an update for the audience; `at` is when."""

    is_report = True

    audience: str
    update: int


class Wording(Event):
    """All that an update to one audience says: the phase, the impact as known, since when (`since`: it was declared, `started`:
    the harm began, if known, perhaps by estimate), the words a person wrote (None: composed from the record), and the promise of
    the next. `is_back`: in RECOVERY the harm has come back, and is not contained again. Of the last word to them `cause` says why
    it was cancelled, `into` where it is followed from now on. `last` is when they had heard before, and what else the record said
    is as in `Facts`. `words` are the sentences, chosen when it was issued, so that they never change; None: the plain ones that
    are built in."""

    audience: str
    occasion: Occasion
    phase: Phase
    since: AwareDatetime
    severity: str | None
    promised: AwareDatetime | None
    started: AwareDatetime | None = None
    is_start_estimated: bool = False
    cause: Cause | None = None
    into: int | None = None
    impact: Typed | None = None
    text: Typed | None = None
    is_back: bool = False
    is_contained: bool = False
    is_held: bool = False
    size: Typed | None = None
    workaround: Typed | None = None
    is_data_safe: bool = False
    parts: tuple[str, ...] = ()
    last: AwareDatetime | None = None
    words: Words | None = None

    @property
    def facts(self) -> Facts:
        """What the record said."""
        return Facts.model_validate({name: getattr(self, name) for name in Facts.model_fields})


class UpdateIssued(Wording):
    """An update goes out. `to_channel`: shown in the channel too, not only in the thread."""

    to_channel: bool


class UpdateDrafted(Wording):
    """An update is offered to the room, for a person to send. No other draft is offered `until` then."""

    until: AwareDatetime


class PromiseMoved(Event):
    """The severity was raised, or the policy corrected: this audience hears sooner than it was told."""

    audience: str
    promised: AwareDatetime


class UpdateSent(Event):
    """Slack accepted the update that event `update` issued; `at` is when. Lateness is measured by it."""

    audience: str
    update: int


def owed(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """When each audience is to hear from us next. Empty once service is restored or the incident is over; without those that
    hear only of phase changes."""
    if not incident.is_open or incident.phase is Phase.POSTMORTEM:
        return {}
    due = {audience: _next(incident, audience, policy) for audience in listeners(incident, policy)}
    return {audience: at for audience, at in due.items() if at}


def _next(incident: Incident, audience: str, policy: Policy) -> datetime | None:
    if told := incident.told.get(audience):
        return told.promised
    first = policy.cadence(audience, incident.severity).first
    return incident.declared_at + first if first else None


def to_do(incident: Incident, policy: Policy) -> dict[str, datetime]:
    """When each audience gets its next update by itself, or the room its next draft for it: what is owed, but while a draft waits
    no other one for a while."""
    waits = incident.undrafted_until
    return {audience: max(at, waits.get(audience, at)) for audience, at in owed(incident, policy).items()}


def listeners(incident: Incident, policy: Policy) -> list[str]:
    """Every audience that hears of this incident: those of its severity, those that were told before, and those that were told of
    one that was merged into it."""
    told = (audience for audience in (*incident.told, *incident.followers) if policy.audience(audience))
    return list(dict.fromkeys([*policy.hearing(incident.severity), *told]))


def addressed(incident: Incident, policy: Policy) -> list[str]:
    """Whom an update reaches unless somebody says otherwise: who listens, but for those whose updates are drafted."""
    return [name for name in listeners(incident, policy) if not _is_drafted(name, policy)]


def send(incident: Incident, command: SendUpdate, policy: Policy) -> Decision:
    """Tell them what the person wrote, and reset the clock."""
    if not command.text:
        return refuse(command, SaysNothing(what="update"))
    known = listeners(incident, policy)
    for given in command.audiences:
        if given not in known:
            return refuse(command, NotInPolicy(what="audience", given=given, known=tuple(known)))
    audiences = list(dict.fromkeys(command.audiences or addressed(incident, policy)))
    if (
        command.updates is not None
        and audiences
        and (told := incident.told.get(audiences[0]))
        and told.updates != command.updates
    ):
        return refuse(command, AlreadyTold(audience=audiences[0], at=told.last))
    return accept(*(issue(incident, name, by_hand(incident), command, policy, text=command.text) for name in audiences))


def by_hand(incident: Incident) -> Occasion:
    """The occasion of an update that a person sends: after the end it is the last one."""
    return _LAST[incident.end] if incident.end else Occasion.WRITTEN


def is_last_word(incident: Incident, command: Command) -> bool:
    """Whether this sends drafts that still wait when the incident is over: the last message those audiences were promised."""
    return isinstance(command, SendUpdate) and bool(command.audiences) and waiting(incident, command.audiences)


def waiting(incident: Incident, audiences: Sequence[str]) -> bool:
    """Whether drafts for all of these audiences wait to be sent."""
    return set(audiences) <= set(incident.undrafted_until)


def keep_promise(incident: Incident, command: KeepPromise, policy: Policy) -> Decision:
    """Send what the record says, if this promise still stands; it may have been kept or moved in the meantime."""
    if to_do(incident, policy).get(command.audience) != command.due:
        return accept()
    occasion = Occasion.DUE if command.audience in incident.told else Occasion.FIRST
    return accept(_speak(incident, command.audience, occasion, command, policy))


def confirm(incident: Incident, command: ConfirmUpdate, policy: Policy) -> Decision:
    """Record when Slack accepted it."""
    return accept(UpdateSent(at=command.at, actor=command.actor, audience=command.audience, update=command.update))


def follow(
    before: Incident | None, after: Incident, events: Sequence[Event], command: Command, policy: Policy
) -> list[Event]:
    """The updates, drafts and promises that a command's events entail, after all of them."""
    if any(isinstance(event, Wording) for event in events):
        return []
    if after.end:
        ended_now = before is not None and before.is_open
        pointed_here = dict.fromkeys([*after.told, *after.followers])
        told = [name for name in pointed_here if policy.audience(name)] if ended_now else []
        return [_speak(after, name, _LAST[after.end], command, policy) for name in told]
    if before is not None and before.phase is not after.phase:
        return [_speak(after, name, Occasion.PHASE, command, policy) for name in listeners(after, policy)]
    if before is not None and before.relapses < after.relapses:
        return [_speak(after, name, Occasion.RETURN, command, policy) for name in listeners(after, policy)]
    return _on_severity(before, after, command, policy)


def _on_severity(before: Incident | None, after: Incident, command: Command, policy: Policy) -> list[Event]:
    """A severity that became known or changed: who was not told yet hears at once, who was hears sooner when it is worse."""
    if after.severity is None or (before is not None and before.severity == after.severity):
        return []
    new = [name for name in policy.hearing(after.severity) if name not in after.told]
    waits = after.undrafted_until
    at_once = [
        name for name in new if policy.cadence(name, after.severity).first and waits.get(name, command.at) <= command.at
    ]
    raised = before is not None and policy.is_raise(before.severity, after.severity)
    return [
        *(_speak(after, name, Occasion.FIRST, command, policy) for name in at_once),
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
    every = {name: policy.cadence(name, incident.severity).every for name in listeners(incident, policy)}
    promised = {name: told.promised for name, told in incident.told.items()}
    return {
        name: at + step
        for name, step in every.items()
        if step and name in promised and (promised[name] or datetime.max.replace(tzinfo=UTC)) > at + step
    }


def _speak(incident: Incident, audience: str, occasion: Occasion, command: Command, policy: Policy) -> Wording:
    """The update goes out by itself, or is drafted for a person to send."""
    if not _is_drafted(audience, policy):
        return issue(incident, audience, occasion, command, policy)
    until = command.at + (policy.cadence(audience, incident.severity).every or timedelta(days=1))
    return UpdateDrafted(until=until, **_wording(incident, audience, occasion, command, policy, None))


def issue(
    incident: Incident, audience: str, occasion: Occasion, command: Command, policy: Policy, text: str | None = None
) -> UpdateIssued:
    """The update this audience gets now, as the record stands. No next time is promised once service is restored."""
    changes = occasion in (Occasion.PHASE, Occasion.RETURN) or occasion.is_last
    loud = changes or incident.severity == policy.severities[0].name
    return UpdateIssued(to_channel=loud, **_wording(incident, audience, occasion, command, policy, text))


def _wording(
    incident: Incident, audience: str, occasion: Occasion, command: Command, policy: Policy, text: str | None
) -> dict[str, Any]:
    goes_on = incident.is_open and incident.phase is not Phase.POSTMORTEM
    every = policy.cadence(audience, incident.severity).every
    promised = whole_minute(command.at + every) if goes_on and every else None
    told = incident.told.get(audience)
    return {
        "at": command.at,
        "actor": command.actor,
        "audience": audience,
        "occasion": occasion,
        "since": incident.declared_at,
        "cause": incident.cause,
        "into": incident.into,
        "promised": promised,
        "text": text,
        "last": told.last if told else None,
        "words": composed(incident, audience, policy, promised, is_due=occasion is Occasion.DUE)
        if text is None
        else framed(incident, audience, policy, promised),
        **dict(facts(incident, policy)),
    }


def _is_drafted(audience: str, policy: Policy) -> bool:
    known = policy.audience(audience)
    return known is not None and known.is_drafted


def whole_minute(at: datetime) -> datetime:
    """The full minute before a time: what people read as 14:05 is kept by 14:05:00."""
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)


def issued(incident: Incident, event: UpdateIssued) -> Incident:
    """The audience was told, and has a promise; a draft that waited is overtaken."""
    updates = incident.told[event.audience].updates if event.audience in incident.told else 0
    waiting = {name: until for name, until in incident.undrafted_until.items() if name != event.audience}
    told = Told(
        updates=updates + 1,
        last=event.at,
        promised=event.promised,
        facts=event.facts,
        is_written=event.text is not None,
    )
    return _tell(incident.but(undrafted_until=waiting), event.audience, told)


def drafted(incident: Incident, event: UpdateDrafted) -> Incident:
    """No other draft is offered for a while."""
    return incident.but(undrafted_until={**incident.undrafted_until, event.audience: event.until})


def moved(incident: Incident, event: PromiseMoved) -> Incident:
    """The audience hears sooner, and so does whoever sends its draft."""
    waits = {
        name: min(until, event.promised) if name == event.audience else until
        for name, until in incident.undrafted_until.items()
    }
    return _tell(
        incident.but(undrafted_until=waits), event.audience, incident.told[event.audience].but(promised=event.promised)
    )


def _tell(incident: Incident, audience: str, told: Told) -> Incident:
    """By name, so that the order is the same whether the state was folded or read from a snapshot."""
    return incident.but(told=dict(sorted({**incident.told, audience: told}.items())))


DECIDE = {SendUpdate: send, KeepPromise: keep_promise, ConfirmUpdate: confirm}
EVOLVE = {
    UpdateIssued: issued,
    UpdateDrafted: drafted,
    PromiseMoved: moved,
    UpdateSent: lambda incident, event: incident,
}
