"""The timeline: what happened, one line an event, refused attempts included. Drawn for one reader, a page at a time. Decides what
stands on a line, on a page and in which order; the words for each kind of event are in `happened.py`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from bot import ran
from bot.core.decision import AttemptRefused, Event
from bot.core.ends import ENDS
from bot.core.incident import Incident, Phase
from bot.core.learning.action_reminders import ZoneLearnt
from bot.core.lifecycle import PhaseEntered
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.refusal import (
    AlreadyDeclared,
    AlreadyStretched,
    AlreadyTold,
    CannotMerge,
    CannotSnooze,
    ClaimWaits,
    Concluded,
    HarmFought,
    HasChanged,
    HasEnded,
    KeptApart,
    Lacks,
    LoweredTooFar,
    LoweredTooSoon,
    NoClaim,
    NoOffer,
    NotAllowed,
    NotContained,
    NothingToRedact,
    NothingToSettle,
    NotInPolicy,
    NotLongYet,
    NotNext,
    NotPlain,
    NotWaivable,
    NotYet,
    NotYours,
    PlaybookBroken,
    PolicyDoesNotFit,
    Refusal,
    RepeatsIt,
    RunRefused,
    SaysNothing,
    SeatTaken,
    Settled,
    SpanFull,
    TooLate,
)
from bot.core.rooms import RoomRetired
from bot.core.router.promises import PromiseMoved, UpdateSent
from bot.core.router.updates import UpdateDrafted, UpdateIssued, Wording
from bot.core.tracker.evidence import EvidenceWritten, ReplyKept, ReplyMarked
from bot.core.tracker.hypotheses import HypothesisPosted
from bot.core.tracker.predictions import HypothesisReady
from bot.core.tracker.rewriting import ReplyEdited
from bot.language import broken, named
from bot.slack import words
from bot.slack.blocks import button
from bot.slack.ids import Action, Drawn
from bot.slack.messages.action_events import TRIED as TRIED_WITH_ACTIONS
from bot.slack.messages.action_refusals import REASONS as OF_ACTIONS
from bot.slack.messages.action_refusals import SENTENCES as ACTION_SENTENCES
from bot.slack.messages.happened import happened
from bot.slack.messages.message import Message, say_lines
from bot.slack.messages.postmortem import REASONS as UNFINISHED
from bot.slack.messages.postmortem import SENTENCES as OF_POSTMORTEM
from bot.slack.messages.postmortem import TRIED as REVIEWING
from bot.slack.messages.telling import FOLDED, WHOLE, Telling
from bot.slack.messages.tested import TRIED
from bot.slack.messages.unready import REASONS as UNREADY
from bot.slack.messages.unready import SENTENCES
from bot.slack.text import SECTION_LIMIT, clock_time, escape, escape_within, in_parts, quoted, time_from

PAGE = 40
"""Lines on one page, at most."""

ROOM = 11_500
"""Code points for the lines of one page: with the heading and the buttons under the 12,000 that Slack takes."""

_DAY_HEADING = 50

SHOW_EARLIER = "Show earlier"
SHOW_IN_FULL = "Show in full"

HIDDEN: tuple[type[Event], ...] = (UpdateSent, HypothesisPosted, HypothesisReady, RoomRetired, ZoneLearnt)
"""What has no line, since another line says it: that Slack took an update or shows a hypothesis, that all is known that a test
needs, that a room will be archived; or since it tells nobody anything, as in which time zone somebody is."""

MILESTONES: tuple[type[Event], ...] = (PhaseEntered, *ENDS)
"""What divides the timeline: these lines stand out."""

ATTEMPTS: dict[str, str] = (
    {
        "AdvancePhase": "move to the next phase",
        "CloseIncident": "close the incident",
        "CancelIncident": "cancel the incident",
        "MergeIncident": "merge the incident into another",
        "TakeRole": "take command",
        "HandOver": "hand over a role",
        "AcceptRole": "accept a role",
        "DeclineRole": "decline a role",
        "WithdrawOffer": "take an offer back",
        "ClaimRole": "take command",
        "AnswerClaim": "say that they are there",
        "TakeCommand": "take command at once",
        "SnoozeRest": "be asked later to hand over",
        "ProposeDecision": "decide something",
        "ObjectToDecision": "object to a decision",
        "ParkDebate": "put something off until after the incident",
        "SetSeverity": "set the severity",
        "AssessSeverity": "set the severity",
        "SnoozePrompts": "be asked later about the phase",
        "CorrectFacts": "correct the facts",
        "Retitle": "change the title",
        "StateImpact": "state the impact",
        "StateStart": "say when it started",
        "StateDetection": "say when it was noticed",
        "MarkBoundaries": "say what is affected",
        "RecordContainment": "record a containment action",
        "ReportReturn": "say that the harm is back",
        "SettleMeasure": "say what becomes of a temporary measure",
        "AnswerQuestion": "answer what a gate asks",
        "WaiveNeeds": "go on without something that a gate asks for",
        "VerifyRecovery": "record how recovery was verified",
        "ProposeHypothesis": "propose a hypothesis",
        "PlaceHypothesis": "say what a hypothesis is about",
        "StartTest": "test a hypothesis",
        "ParkHypothesis": "park a hypothesis",
        "ConcludeHypothesis": "say how a hypothesis turned out",
        "KeepReply": "reply to a hypothesis",
        "MarkReply": "take a reply as evidence",
        "EditReply": "edit a reply",
        "NoteDeletion": "note that a reply was deleted",
        "WithdrawMark": "take back what they said of a reply",
        "WriteEvidence": "add evidence to a hypothesis",
        "AddNote": "add a note",
        "StartPlaybook": "start a playbook",
        "ActOnRun": "go on in a playbook",
        "AskForPicture": "have a picture of the incident",
        "PinMessage": "pin a message",
        "AddActionItem": "add an action item",
        "NeedNoAction": "say that no action is needed",
        "SendUpdate": "send an update",
        "CorrectUpdate": "correct an update",
        "SayNoChange": "say that nothing has changed",
        "Subscribe": "subscribe to updates",
        "Unsubscribe": "end a subscription",
        "SnoozeReminder": "be reminded later of an update",
        "StretchCadence": "change how often audiences hear",
        "AdoptPolicy": "bring in a corrected policy",
        "DropDelivery": "drop what Slack had refused",
        "RedactText": "redact what was typed",
    }
    | TRIED
    | TRIED_WITH_ACTIONS
)
"""What a refused command wanted, to follow "tried to"."""
ATTEMPTS |= REVIEWING

_MAY_DIFFER: dict[type[Event], tuple[str, ...]] = {
    PromiseMoved: ("audience",),
    ReplyKept: ("at", "actor", "author", "reply", "permalink", "text", "edited"),
    ReplyMarked: ("at", "actor"),
    AttemptRefused: ("at",),
}
"""In what neighbours of one kind may differ that share a line."""

_HEARD_LATE = (ReplyKept, ReplyEdited)
"""What we may hear of long after it happened."""

_UPDATES = (UpdateIssued, UpdateDrafted)
_AT_ONCE = timedelta(minutes=1)
"""Updates and drafts for several audiences no further apart than this are one."""

Place = tuple[datetime, int]
"""Where an event stands: by time, and at one time by its number in the journal, from 0."""


@dataclass(frozen=True)
class Line:
    """Events that share a line, and the place of the first."""

    place: Place
    events: tuple[Event, ...]

    @property
    def first(self) -> Event:
        """The event that the line begins with."""
        return self.events[0]


def timeline(
    incident: Incident,
    policy: Policy,
    events: Sequence[Event],
    zone: tzinfo,
    before: int | None = None,
    in_full: bool = False,
) -> Message:
    """A page of lines: the newest ones, or those before the event of number `before` (from 0). `in_full`: typed texts are whole,
    and each reply has its line. Days are those of `zone`, the reader's.

    A page ends at an event and not at the number of a line: so nothing is lost or shown twice when events come in between two
    pages, or when what shares a line on one page does not on the next.
    """
    short, whole = (Telling.of(events, policy, limit) for limit in (FOLDED, WHOLE))
    telling = whole if in_full else short
    lines = _lines(events, in_full)
    end = len(lines) if before is None else bisect_left(lines, _place_of(events, before), key=lambda line: line.place)
    start = end - _how_many_fit(lines[:end], telling, zone)
    page = lines[start:end]
    heading = f"*Timeline of {incident.name}*, lines {start + 1} to {end} of {len(lines)}"
    drawn, buttons = Drawn.of(incident), []
    if start:
        earlier = drawn.but(before=page[0].place[1], in_full=in_full)
        buttons.append(button(SHOW_EARLIER, Action.SHOW_EARLIER, earlier.write()))
    if not in_full and any(_is_folded(line, short, whole) for line in page):
        same = drawn.but(before=before, in_full=True)
        buttons.append(button(SHOW_IN_FULL, Action.SHOW_IN_FULL, same.write()))
    return say_lines([heading, *_under_days(page, _phase_after(lines[:start]), telling, zone)], buttons)


def _places(events: Sequence[Event]) -> list[Place]:
    """Where each event stands: in the order of the journal, but a reply that was read late where it was written, and an edit of one
    where it was made."""
    latest, places = events[0].at, list[Place]()
    for number, event in enumerate(events):
        if not isinstance(event, _HEARD_LATE):
            latest = max(latest, event.at)
        places.append((event.at if isinstance(event, _HEARD_LATE) else latest, number))
    return places


def _place_of(events: Sequence[Event], number: int) -> Place:
    places = _places(events)
    return places[number] if 0 <= number < len(places) else (max(places)[0], len(places))


def _lines(events: Sequence[Event], in_full: bool) -> list[Line]:
    """What stands on one line, in order."""
    lines: list[Line] = []
    for place in sorted(_places(events)):
        event = events[place[1]]
        if isinstance(event, HIDDEN) or ran.is_quiet(event) or (isinstance(event, EvidenceWritten) and event.concludes):
            continue
        if lines and _shares(lines[-1], event, in_full):
            lines[-1] = Line(lines[-1].place, (*lines[-1].events, event))
        else:
            lines.append(Line(place, (event,)))
    return lines


def _shares(line: Line, event: Event, in_full: bool) -> bool:
    """Whether the event stands on this line too."""
    first, may_differ = line.first, _MAY_DIFFER.get(type(event))
    if isinstance(first, _UPDATES) and isinstance(event, _UPDATES):
        return _is_same_update(first, event) and all(
            getattr(one, "audience", "") != event.audience for one in line.events
        )
    if may_differ is None or type(first) is not type(event) or (in_full and isinstance(event, ReplyKept)):
        return False
    return first.but(**{name: getattr(event, name) for name in may_differ}) == event


def _is_same_update(one: Wording, other: Wording) -> bool:
    """Whether these are one update to two audiences, or its draft for one of them."""
    same = (one.actor, one.occasion, one.text) == (other.actor, other.occasion, other.text)
    return same and other.at - one.at <= _AT_ONCE


def _how_many_fit(lines: Sequence[Line], telling: Telling, zone: tzinfo) -> int:
    """How many of the newest of these lines one page holds: one at least."""
    room, day = ROOM, None
    for taken, line in enumerate(reversed(lines)):
        room -= len(_draw(line, telling)) + len("\n\n")
        if day != (day := _day(line, zone)):
            room -= _DAY_HEADING
        if taken == PAGE or (taken and room < 0):
            return taken
    return len(lines)


def _under_days(page: Sequence[Line], phase: str, telling: Telling, zone: tzinfo) -> Iterator[str]:
    """The lines under their days, each with the phase it begins in; a blank line before each day and each milestone. `phase` is
    the one in which the page begins."""
    day = None
    for line in page:
        is_milestone = isinstance(line.first, MILESTONES)
        gap = "\n" if is_milestone else ""
        if day != (day := _day(line, zone)):
            standing = f", in {phase}" if phase and not is_milestone else ""
            yield f"\n*{day:%A} {day.day} {day:%B}*{standing}"
            gap = ""
        yield from in_parts(gap + _draw(line, telling), SECTION_LIMIT)
        phase = _phase_after([line], phase)


def _day(line: Line, zone: tzinfo) -> date:
    return line.first.at.astimezone(zone).date()


def _phase_after(lines: Sequence[Line], before: str = words.phase_name(Phase.DETECTION)) -> str:
    """The phase that stands after these lines; none after the close."""
    for line in reversed(lines):
        if isinstance(line.first, ENDS):
            return ""
        if isinstance(line.first, PhaseEntered):
            return words.phase_name(line.first.phase)
    return before


def _is_folded(line: Line, short: Telling, whole: Telling) -> bool:
    """Whether there is more to it than the line says."""
    hides_replies = len(line.events) > 1 and isinstance(line.first, ReplyKept)
    return hides_replies or _draw(line, short) != _draw(line, whole)


def _draw(line: Line, telling: Telling) -> str:
    """Time, who and what."""
    first, often = line.first, len(line.events)
    said = refused(first, often, telling) if isinstance(first, AttemptRefused) else happened(line.events, telling)
    text = f"{clock_time(first.at)} · {said}"
    return f"*{text}*" if isinstance(first, MILESTONES) else text


def refused(event: AttemptRefused, often: int, telling: Telling) -> str:
    """Who tried what, how often in a row, and why it was not done, as things stood then."""
    tried = f"{words.person(event.actor)} tried to {ATTEMPTS[event.attempt]}"
    times = f", {often} times" if often > 1 else ""
    return f"{tried}{times}. *Refused:* {REASONS[type(event.why)](event.why, event.at, telling)}"


def _not_next(refusal: NotNext, at: datetime, telling: Telling) -> str:
    since = f"since {time_from(at, refusal.since)}, by {words.person(refusal.by)}"
    return f"it was in {words.phase_name(refusal.phase)} {since}"


def _lacks(refusal: Lacks, at: datetime, telling: Telling) -> str:
    return "it was not known yet " + "; ".join(words.KNOWN[Need(need)] for need in refusal.missing)


def _seat_taken(refusal: SeatTaken, at: datetime, telling: Telling) -> str:
    role = escape_within(refusal.role, 60)
    return f"{words.person(refusal.user)} was {role} since {time_from(at, refusal.since)}"


def _kept_apart(refusal: KeptApart, at: datetime, telling: Telling) -> str:
    other = (
        escape_within(refusal.role, 60)
        if refusal.role
        else f"the test of {telling.hypothesis(refusal.hypothesis or 0)}"
    )
    return f"{words.person(refusal.user)} led, and {other} was for somebody else"


def _not_yours(refusal: NotYours, at: datetime, telling: Telling) -> str:
    return f"only {words.person(refusal.user)} could do that" if refusal.user else "it was nobody's"


def _settled(refusal: Settled, at: datetime, telling: Telling) -> str:
    return f"{telling.decision(refusal.proposal)} {'stood' if refusal.stands else 'had been objected to'} already"


def _concluded(refusal: Concluded, at: datetime, telling: Telling) -> str:
    turned_out = f"{refusal.status.value} at {time_from(at, refusal.since)} by {words.person(refusal.by)}"
    return f"{telling.hypothesis(refusal.hypothesis)} was {turned_out}, which is final"


def _does_not_fit(refusal: PolicyDoesNotFit, at: datetime, telling: Telling) -> str:
    return f"that policy has no {telling.names(refusal.severities)}, which this incident has or had"


_UNFIT: dict[str, str] = {
    "itself": "that was this incident itself",
    "over": "INC-{} was over",
    "drill": "one of this and INC-{} was a drill",
    "private": "one of this and INC-{} was private",
}

REASONS: dict[type[Refusal], Callable[[Any, datetime, Telling], str]] = {
    NotNext: _not_next,
    Lacks: _lacks,
    SeatTaken: _seat_taken,
    HasEnded: lambda refusal, at, telling: "the incident was over",
    NotInPolicy: lambda refusal, at, telling: f"the policy has no {escape(refusal.what)} {quoted(refusal.given, 60)}",
    SaysNothing: lambda refusal, at, telling: f"nothing was written for “{escape_within(refusal.what, 60)}”",
    AlreadyDeclared: lambda refusal, at, telling: f"it was declared already, as INC-{refusal.incident}",
    Concluded: _concluded,
    AlreadyTold: lambda refusal, at, telling: (
        f"{escape(refusal.audience)} had been told at {time_from(at, refusal.at)}"
    ),
    NotYet: lambda refusal, at, telling: f"{time_from(at, refusal.given)} was still to come",
    PolicyDoesNotFit: _does_not_fit,
    NotAllowed: lambda refusal, at, telling: f"only these may: {telling.names(refusal.allowed)}",
    KeptApart: _kept_apart,
    SpanFull: lambda refusal, at, telling: f"{refusal.reports} people reported to {words.person(refusal.user)} already",
    NotYours: _not_yours,
    NoOffer: lambda refusal, at, telling: f"{escape_within(refusal.role, 60)} was not offered any more",
    ClaimWaits: lambda refusal, at, telling: f"{words.person(refusal.user)} had claimed it before",
    NoClaim: lambda refusal, at, telling: f"nobody claimed {escape_within(refusal.role, 60)} any more",
    Settled: _settled,
    NotWaivable: lambda refusal, at, telling: (
        "the policy does not let it go on without knowing " + "; ".join(words.KNOWN[Need(one)] for one in refusal.needs)
    ),
    LoweredTooSoon: lambda refusal, at, telling: (
        f"it had been lowered just before, and not again until {time_from(at, refusal.again)}"
        if refusal.again
        else "it was not known yet how bad it was"
    ),
    LoweredTooFar: lambda refusal, at, telling: (
        f"it is lowered one level at a time, to {escape_within(refusal.next, 60)} next"
    ),
    NotContained: lambda refusal, at, telling: (
        "service was restored by then" if refusal.phase is Phase.POSTMORTEM else "the harm was not contained"
    ),
    NothingToSettle: lambda refusal, at, telling: "that was settled already",
    NothingToRedact: lambda refusal, at, telling: "nothing of that was in the record",
    RepeatsIt: lambda refusal, at, telling: "the reason said it again",
    TooLate: lambda refusal, at, telling: (
        f"it was in {words.phase_name(refusal.phase)} since {time_from(at, refusal.since)}, by {words.person(refusal.by)}"
    ),
    HarmFought: lambda refusal, at, telling: f"something had been done against the harm at {time_from(at, refusal.at)}",
    CannotMerge: lambda refusal, at, telling: _UNFIT[refusal.because].format(refusal.into),
    NotLongYet: lambda refusal, at, telling: f"that was not to be decided before {time_from(at, refusal.again)}",
    AlreadyStretched: lambda refusal, at, telling: f"it was {'so' if refusal.is_on else 'not so'} already",
    HasChanged: lambda refusal, at, telling: f"something had changed since {escape(refusal.audience)} were told",
    CannotSnooze: lambda refusal, at, telling: (
        "the update was overdue" if refusal.because == "overdue" else "it had been put off once already"
    ),
    RunRefused: lambda refusal, at, telling: f"{ran.REFUSED[refusal.because]} ({escape_within(refusal.title, 80)})",
    PlaybookBroken: lambda refusal, at, telling: f"the file of {escape_within(refusal.playbook, 60)} was broken",
    NotPlain: lambda refusal, at, telling: f"the text had {named(broken(refusal.rules.values()))}",
    **dict.fromkeys(SENTENCES, lambda refusal, at, telling: UNREADY[type(refusal)](refusal)),
    **dict.fromkeys(ACTION_SENTENCES, lambda refusal, at, telling: OF_ACTIONS[type(refusal)](refusal)),
    **dict.fromkeys(OF_POSTMORTEM, lambda refusal, at, telling: UNFINISHED[type(refusal)](refusal)),
}
"""Every refusal in words, given when it was tried."""
