"""The communication router's rules: who is owed an update, when, and what it says. The sentences are drawn elsewhere.

A promise is the "next update by" time an audience was given. Severity says how soon the first update is owed and how often the
next ones, unless the audience has a cadence of its own; a phase change, a severity that becomes known and the close are told at
once. One command sends at most one update to an audience. An audience whose updates a person must send gets them as drafts,
which the room is shown.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Cause, End, Facts, Incident, Phase, Told
from bot.core.plain import objections
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS, Act
from bot.core.promised import Unsent
from bot.core.refusal import AlreadyTold, NotInPolicy, NotPlain, SaysNothing
from bot.core.router import promises
from bot.core.router.cadence import every
from bot.core.router.overrides import overridden
from bot.core.router.promises import PromiseMoved, stale
from bot.core.router.wording import composed, facts, framed
from bot.core.templates import Words
from bot.core.value import Typed


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
    def is_news(self) -> bool:
        """Whether it says for the first time what the audience did not know."""
        return self in (Occasion.FIRST, Occasion.PHASE, Occasion.RETURN)

    @property
    def is_last(self) -> bool:
        """Whether it is the last word, since the incident is over."""
        return self in LAST.values()


LAST: dict[End, Occasion] = {
    End.CLOSED: Occasion.CLOSE,
    End.CANCELLED: Occasion.CANCEL,
    End.MERGED: Occasion.MERGE,
}


class SendUpdate(Command):
    """A person tells these audiences this; without any named, all but those whose updates are drafted. `updates` is how many the
    one audience of a draft had had when it was shown: two people who send it at the same moment tell them once. `names` are those
    of the incident's people, whom an update does not name; `because` is why it has to go out although rules speak against it."""

    act = Act.UPDATE

    text: Typed
    audiences: tuple[str, ...] = ()
    updates: int | None = None
    names: tuple[str, ...] = ()
    because: Typed | None = None


class KeepPromise(Command):
    """The time has come at which this audience was to hear from us."""

    is_report = True

    audience: str
    due: AwareDatetime


class Wording(Event):
    """All that an update to one audience says: the phase, the impact as known, since when (`since`: it was declared, `started`:
    the harm began, if known, perhaps by estimate), the words a person wrote (None: composed from the record), and the promise of
    the next. A correction `corrects` the update of that time, and says what was `wrong` in it. `is_back`: in RECOVERY the harm has
    come back, and is not contained again. Of the last word to them `cause` says why it was cancelled, `into` where it is followed
    from now on. `last` is when they had heard before, and what else the record said is as in `Facts`. `words` are the sentences,
    chosen when it was issued, so that they never change; None: the plain ones that are built in."""

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
    corrects: AwareDatetime | None = None
    wrong: Typed | None = None
    is_contained: bool = False
    is_held: bool = False
    size: Typed | None = None
    workaround: Typed | None = None
    is_data_safe: bool = False
    parts: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    last: AwareDatetime | None = None
    words: Words | None = None

    @property
    def facts(self) -> Facts:
        """What the record said."""
        return Facts.model_validate({name: getattr(self, name) for name in Facts.model_fields})


class UpdateIssued(Wording):
    """An update goes out. `to_channel`: shown in the channel too, not only in the thread. It takes the place of those it
    `overtakes`, by the numbers of their events, which Slack has not accepted and nobody reads any more. `by_hand`: a person
    had it sent."""

    to_channel: bool
    overtakes: tuple[int, ...] = ()
    by_hand: bool = False

    @property
    def is_written(self) -> bool:
        """Whether a person worded it, also when the words were redacted."""
        return self.occasion is Occasion.WRITTEN or (self.by_hand and self.occasion is not Occasion.DUE)


class UpdateDrafted(Wording):
    """An update is offered to the room, for a person to send. No other draft is offered `until` then. One that tells of something
    new is to be sent by `due`."""

    until: AwareDatetime
    due: AwareDatetime | None = None


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
    """When each audience gets its next update by itself. Whoever sends the others is reminded by `ladder.py`."""
    return {name: at for name, at in owed(incident, policy).items() if not is_drafted(name, policy)}


def listeners(incident: Incident, policy: Policy) -> list[str]:
    """Every audience that hears of this incident: those of its severity and phase, those that were told before, those that were
    told of one that was merged into it, and its subscribers. Of a private one only those hear whom the policy names for that."""
    subscribers = [SUBSCRIBERS] if incident.subscribers else []
    named = [*hearing(incident, policy), *incident.told, *incident.followers, *subscribers]
    return [name for name in dict.fromkeys(named) if may_hear(incident, name, policy)]


def hearing(incident: Incident, policy: Policy) -> list[str]:
    """The audiences that begin to hear of this incident at the latest now."""
    named = policy.hearing(incident.severity, incident.phase)
    return [name for name in named if may_hear(incident, name, policy)]


def may_hear(incident: Incident, name: str, policy: Policy) -> bool:
    """Whether there is such an audience, and it may know of this incident."""
    audience = policy.audience(name)
    return audience is not None and (audience.hear_private or not incident.is_private)


def addressed(incident: Incident, policy: Policy) -> list[str]:
    """Whom an update reaches unless somebody says otherwise: who listens, but for those whose updates are drafted."""
    return [name for name in listeners(incident, policy) if not is_drafted(name, policy)]


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
    against = objections(incident, audiences, [command.text], policy, command.names)
    if against and not command.because:
        return refuse(command, NotPlain(rules=against))
    occasion = by_hand(incident)
    words = command.text
    sent = (issue(incident, name, occasion, command, policy, text=words, by_hand=True) for name in audiences)
    return accept(*overridden(command, against, command.because), *sent)


def by_hand(incident: Incident) -> Occasion:
    """The occasion of an update that a person sends: after the end it is the last one."""
    return LAST[incident.end] if incident.end else Occasion.WRITTEN


def is_last_word(incident: Incident, command: Command) -> bool:
    """Whether this sends drafts that still wait when the incident is over: the last message those audiences were promised."""
    return isinstance(command, SendUpdate) and bool(command.audiences) and are_waiting(incident, command.audiences)


def are_waiting(incident: Incident, audiences: Sequence[str]) -> bool:
    """Whether drafts for all of these audiences wait to be sent."""
    return set(audiences) <= set(incident.undrafted_until)


def keep_promise(incident: Incident, command: KeepPromise, policy: Policy) -> Decision:
    """Send what the record says, if this promise still stands; it may have been kept or moved in the meantime."""
    if to_do(incident, policy).get(command.audience) != command.due:
        return accept()
    return accept(speak(incident, command.audience, on_time(incident, command.audience), command, policy))


def on_time(incident: Incident, audience: str) -> Occasion:
    """The occasion of an update for which nothing but the time calls."""
    return Occasion.DUE if audience in incident.told else Occasion.FIRST


def speak(incident: Incident, audience: str, occasion: Occasion, command: Command, policy: Policy) -> Wording:
    """The update goes out by itself, or is drafted for a person to send."""
    if not is_drafted(audience, policy):
        return issue(incident, audience, occasion, command, policy)
    until = command.at + (every(incident, audience, policy, command.at) or timedelta(days=1))
    is_new = occasion in (Occasion.PHASE, Occasion.RETURN) and incident.phase is not Phase.POSTMORTEM
    due = command.at + timedelta(minutes=policy.tell_new_phase_within_minutes) if is_new else None
    return UpdateDrafted(until=until, due=due, **wording(incident, audience, occasion, command, policy))


def issue(
    incident: Incident,
    audience: str,
    occasion: Occasion,
    command: Command,
    policy: Policy,
    text: str | None = None,
    *,
    by_hand: bool = False,
    corrects: bool = False,
    instead_of: Sequence[Unsent] = (),
) -> UpdateIssued:
    """The update this audience gets now, as the record stands. No next time is promised once service is restored."""
    overtaken = list(dict.fromkeys([*instead_of, *stale(incident, audience, command.at, policy)]))
    if occasion is Occasion.DUE and overtaken:  # what was new then is still new to them
        occasion = next((one for one in map(Occasion, (one.occasion for one in overtaken)) if one.is_news), occasion)
    changes = occasion in (Occasion.PHASE, Occasion.RETURN) or occasion.is_last
    loud = changes or incident.severity == policy.severities[0].name
    said = wording(incident, audience, occasion, command, policy, text, corrects=corrects)
    numbers = tuple(one.update for one in overtaken)
    return UpdateIssued(to_channel=loud, overtakes=numbers, by_hand=by_hand, **said)


def wording(
    incident: Incident,
    audience: str,
    occasion: Occasion,
    command: Command,
    policy: Policy,
    text: str | None = None,
    *,
    corrects: bool = False,
) -> dict[str, Any]:
    """The fields of a `Wording` for this audience, as the record stands, around this text if a person wrote one."""
    goes_on = incident.is_open and incident.phase is not Phase.POSTMORTEM
    step = every(incident, audience, policy, command.at)
    promised = whole_minute(command.at + step) if goes_on and step else None
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
        else framed(incident, audience, policy, promised, corrects=corrects),
        **dict(facts(incident, policy, audience)),
    }


def is_drafted(audience: str, policy: Policy) -> bool:
    """Whether a person must send what this audience reads."""
    known = policy.audience(audience)
    return known is not None and known.is_drafted


def whole_minute(at: datetime) -> datetime:
    """The full minute before a time: what people read as 14:05 is kept by 14:05:00."""
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)


def issued(incident: Incident, event: UpdateIssued) -> Incident:
    """The audience was told, and has a promise; a draft that waited is overtaken."""
    updates = incident.told[event.audience].updates if event.audience in incident.told else 0
    waiting = {name: until for name, until in incident.undrafted_until.items() if name != event.audience}
    drafts_due = {name: due for name, due in incident.drafts_due.items() if name != event.audience}
    reminders = {name: one for name, one in incident.reminders.items() if name != event.audience}
    told = Told(
        updates=updates + 1,
        last=event.at,
        promised=event.promised,
        facts=event.facts,
        is_written=event.is_written,
    )
    unsent = Unsent(
        update=incident.seq + 1,
        audience=event.audience,
        occasion=event.occasion,
        at=event.at,
        by=promises.sender(event.actor, by_hand=event.by_hand or event.is_written),
        is_written=event.is_written,
        promised=event.promised,
    )
    on_its_way = promises.issued(
        incident.but(undrafted_until=waiting, drafts_due=drafts_due, reminders=reminders), unsent, event.overtakes
    )
    return _tell(on_its_way, event.audience, told)


def drafted(incident: Incident, event: UpdateDrafted) -> Incident:
    """It waits to be sent."""
    due = {**incident.drafts_due, event.audience: event.due} if event.due else incident.drafts_due
    return incident.but(undrafted_until={**incident.undrafted_until, event.audience: event.until}, drafts_due=due)


def moved(incident: Incident, event: PromiseMoved) -> Incident:
    """The audience hears sooner, and so does whoever sends its draft."""
    waits = {
        name: min(until, event.promised) if name == event.audience else until
        for name, until in incident.undrafted_until.items()
    }
    told = incident.told[event.audience].but(promised=event.promised)
    return _tell(promises.moved(incident.but(undrafted_until=waits), event), event.audience, told)


def _tell(incident: Incident, audience: str, told: Told) -> Incident:
    """By name, so that the order is the same whether the state was folded or read from a snapshot."""
    return incident.but(told=dict(sorted({**incident.told, audience: told}.items())))


DECIDE = {SendUpdate: send, KeepPromise: keep_promise}
EVOLVE = {
    UpdateIssued: issued,
    UpdateDrafted: drafted,
    PromiseMoved: moved,
}
