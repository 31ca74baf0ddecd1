"""What happened, in words: the line that an event gets on the timeline, or several events that belong together. Plain words, in
the past tense, to follow the name of whoever did it. Texts are mrkdwn and escaped.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from bot import ran
from bot.core.adoption import PolicyAdopted
from bot.core.claims import ClaimAnswered, RoleClaimed
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, MeasureSettled
from bot.core.decision import SYSTEM, Event
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.core.ends import IncidentCancelled, IncidentMerged
from bot.core.facts import BoundariesMarked, DetectionStated, ImpactStated, RecoveryVerified, StartStated, TitleChanged
from bot.core.gates import NeedsWaived
from bot.core.incident import LinkKind
from bot.core.learning.actions import ActionItemAdded, NoActionNeeded
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.load import RestProposed, RestSnoozed, SpanReached
from bot.core.notes import DebateParked, MessagePinned, NoteAdded
from bot.core.offers import OfferDeclined, OfferExpired, OfferWithdrawn
from bot.core.pictures import PictureAsked
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.proposals import DecisionObjectedTo, DecisionProposed, DecisionStood
from bot.core.questions import QuestionAnswered
from bot.core.redaction import TextRedacted
from bot.core.roles import How, RoleOffered, RoleTaken, SeatFoundEmpty
from bot.core.rooms import HistoryKept, RoomArchived, RoomLost, RoomOpened
from bot.core.router.cadence import CadenceStretched
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import PromiseMoved
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.subscribing import PeopleSubscribed, PeopleUnsubscribed
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued, Wording
from bot.core.router.withheld import FactsWithheld
from bot.core.run_offers import PlaybooksOffered
from bot.core.rungs import Step
from bot.core.runs import PlaybookStarted, RunAdvanced
from bot.core.severity import SeverityChanged
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisPlaced,
    HypothesisProposed,
    HypothesisRefuted,
    HypothesisRevised,
    TestStarted,
)
from bot.language import broken, named
from bot.slack import words
from bot.slack.messages.action_events import ACTIONS
from bot.slack.messages.evidence_events import EVIDENCE
from bot.slack.messages.evidence_events import TOGETHER as OF_EVIDENCE
from bot.slack.messages.postmortem import TELL as REVIEWED
from bot.slack.messages.telling import MANY, NAMES, Telling, count, message_link, people, whose
from bot.slack.messages.tested import TESTED
from bot.slack.text import channel_link, escape_within, time_from

_UPDATE: dict[Occasion, str] = {
    Occasion.FIRST: "gave {} their first update",
    Occasion.DUE: "gave {} the update they were promised",
    Occasion.PHASE: "told {} of the new phase",
    Occasion.RETURN: "told {} that the problem was back",
    Occasion.WRITTEN: "told {}",
    Occasion.CLOSE: "told {} that it was over",
    Occasion.CANCEL: "told {} that it was cancelled",
    Occasion.MERGE: "told {} where it goes on",
}


def happened(alike: Sequence[Event], telling: Telling) -> str:
    """Who did what. `alike` is one event, or several that share a line."""
    event = alike[0]
    if several := TOGETHER.get(type(event)):
        return several(alike, telling)
    return f"{words.person(event.actor)} {TELL[type(event)](event, telling)}"


def _role(role: str) -> str:
    return escape_within(role, 60)


def _subscribed(event: PeopleSubscribed, telling: Telling) -> str:
    if event.by_rule:
        return f"told {people(event.people)} of it, who subscribe to such incidents"
    return "subscribed"


def _declared(event: IncidentDeclared, telling: Telling) -> str:
    severity = escape_within(event.severity, 60) if event.severity else "severity not set"
    drill = ", a *drill*" if event.is_drill else ", *private*" if event.is_private else ""
    labels = f", the alert says {telling.typed(event.labels)}" if event.labels else ""
    return f"*declared INC-{event.number}*{drill}: {telling.typed(event.title)}, {severity}{labels}"


def _severity(event: SeverityChanged, telling: Telling) -> str:
    answers = f": {words.assessed(event.who, event.loss)}" if event.who and event.loss else ""
    why = f", lower because {telling.typed(event.reason)}" if event.reason else ""
    return f"set the severity to {escape_within(event.severity, 60)}{answers}{why}"


def _cancelled(event: IncidentCancelled, telling: Telling) -> str:
    why = words.CAUSE[event.cause].lower()
    return f"cancelled the incident ({why}){f': {telling.typed(event.words)}' if event.words else ''}"


def _linked(event: IncidentLinked, telling: Telling) -> str:
    other = f"INC-{event.other}"
    ideas = ", ".join(f"H{number}" for number in event.hypotheses[:MANY])
    rest = len(event.hypotheses) - MANY
    more = f" and {rest} more" if rest > 0 else ""
    began = f", began at {_about(event.at, event.started, event.is_estimated)}" if event.started else ""
    return {
        LinkKind.RECURS: f"declared this as {other} happening again",
        LinkKind.RECURRED: f"declared it once more, as {other}",
        LinkKind.SPLIT_FROM: f"split this from {other}",
        LinkKind.SPLIT_OFF: f"split {other} off this",
        LinkKind.ABSORBED: f"merged {other} into this one. Open there: {f'{ideas}{more}' if ideas else 'no hypothesis'}{began}",
    }[event.kind]


def _about(read_at: datetime, at: datetime, is_estimated: bool) -> str:
    return f"about {time_from(read_at, at)}" if is_estimated else time_from(read_at, at)


def _role_taken(event: RoleTaken, telling: Telling) -> str:
    role, holder = _role(event.role), words.person(event.user)
    as_well = ", leading as well" if event.solo else ""
    if event.actor == event.former:
        return f"handed over to {holder}, now {role}{as_well}"
    instead = f", in place of {words.person(event.former)}" if event.former else ""
    if event.how is How.EMERGENCY:
        return f"*took command at once*{instead}: {telling.typed(event.why or '')}"
    how = {How.ACCEPTED: ", as offered", How.CLAIMED: ", who did not answer"}.get(event.how, "") + as_well
    return f"became {role}{instead}{how}" if event.actor == event.user else f"made {holder} {role}{instead}{how}"


def _rest(event: RestProposed, telling: Telling) -> str:
    asked = "told" if event.insists else "asked"
    return f"{asked} {words.person(event.user)}, {_role(event.role)} since {time_from(event.at, event.since)}, to hand over"


def _room_lost(alike: Sequence[RoomLost], telling: Telling) -> str:
    by = alike[0].actor
    return f"The room was deleted or archived{'' if by == SYSTEM else f' by {words.person(by)}'}"


def _contained(event: ContainmentRecorded, telling: Telling) -> str:
    came_of = "It worked for now" if event.is_temporary else words.RESULT[event.result]
    about = "about " if event.estimated else ""
    since = f", since {about}{time_from(event.at, event.since)}" if event.since else ""
    return f"recorded containment{since}: {telling.typed(event.action)}. *{came_of}*"


def _settled(event: MeasureSettled, telling: Telling) -> str:
    if event.assignee is None or event.due is None:
        return f"undid or replaced temporary measure {event.measure}"
    return f"let {words.person(event.assignee)} undo or replace temporary measure {event.measure} by {_day(event.due)}"


def _waived(event: NeedsWaived, telling: Telling) -> str:
    needs = "; ".join(words.KNOWN[need] for need in event.needs)
    return f"went on without knowing {needs}: {telling.typed(event.reason)}"


def _marked(event: BoundariesMarked, telling: Telling) -> str:
    limit = min(telling.limit, NAMES // 2)
    names = words.boundary_names(event.boundaries, telling.policy, limit)
    working = words.boundary_names(event.working, telling.policy, limit)
    return f"marked as affected: {names or 'nothing'}{f'; as working: {working}' if working else ''}"


def _proposed(event: HypothesisProposed, telling: Telling) -> str:
    name = message_link(telling.threads.get(event.hypothesis), f"H{event.hypothesis}")
    where = f", at {words.boundary_names((event.boundary,), telling.policy, 60)}" if event.boundary else ""
    where = f", at {telling.typed(event.place)}, which the map does not have" if event.place else where
    anew = f", which states {telling.hypothesis(event.revises)} anew" if event.revises else ""
    return f"proposed {name}: {telling.typed(event.statement)}{where}{anew}"


def _placed(event: HypothesisPlaced, telling: Telling) -> str:
    where = words.boundary_names((event.boundary,), telling.policy, 60)
    return f"said that {telling.hypothesis(event.hypothesis)} is about {where}"


def _test_started(event: TestStarted, telling: Telling) -> str:
    one = telling.hypothesis(event.hypothesis)
    as_well = ", leading as well" if event.solo else ""
    if event.actor == event.assignee:
        return f"started testing {one}{as_well}"
    return f"let {words.person(event.assignee)} test {one}{as_well}"


def _turned_out(event: HypothesisConfirmed | HypothesisRefuted, telling: Telling) -> str:
    how = "confirmed" if isinstance(event, HypothesisConfirmed) else "refuted"
    return f"*{how}* {telling.hypothesis(event.hypothesis)}, shown by {telling.typed(event.why)}"


def _pinned(event: MessagePinned, telling: Telling) -> str:
    message = f"{message_link(event.permalink, 'message')} of {time_from(event.at, event.posted)}"
    return f"pinned {whose(event.author, event.actor)} {message}: {telling.typed(event.text)}"


def _action_item(event: ActionItemAdded, telling: Telling) -> str:
    return f"added an action item: {telling.typed(event.what)}, for {words.person(event.assignee)} by {_day(event.due)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _told(alike: Sequence[Wording], telling: Telling) -> str:
    """Updates that went out, and those that were drafted beside them. What was composed is Lockstep's doing, whoever set it off."""
    event = alike[0]
    issued = telling.names(one.audience for one in alike if isinstance(one, UpdateIssued))
    drafted = telling.names(one.audience for one in alike if isinstance(one, UpdateDrafted))
    who = words.person(event.actor if event.text else SYSTEM)
    if not issued:
        return f"{who} drafted an update to {drafted}, for a person to send"
    beside = f", and drafted an update to {drafted}" if drafted else ""
    return f"{who} {_UPDATE[event.occasion].format(issued)}{f': {telling.typed(event.text)}' if event.text else ''}{beside}"


def _moved(alike: Sequence[PromiseMoved], telling: Telling) -> str:
    event = alike[0]
    names = telling.names(one.audience for one in alike)
    return f"{words.person(SYSTEM)} brought the next update to {names} forward to {time_from(event.at, event.promised)}"


def _reminded(event: UpdateReminded, telling: Telling) -> str:
    missed = ", which was missed" if event.step is Step.MISSED else ""
    due = time_from(event.at, min(event.due.values()))
    return f"reminded {people(event.to)} of the update to {telling.names(event.audiences)}, due {due}{missed}"


def _withheld(event: FactsWithheld, telling: Telling) -> str:
    what, names = named(event.rules), telling.names(event.audiences)
    left_out = f"left {words.facts(event.facts)} as it was typed out of what {names} read"
    return f"{left_out}, since it has {what}, and told {words.person(event.to)}"


def _overridden(event: RulesOverridden, telling: Telling) -> str:
    what, names = named(broken(event.rules.values())), telling.names(event.rules)
    return f"sent {names} a text with {what} all the same, because {telling.typed(event.because)}"


def _stretched(event: CadenceStretched, telling: Telling) -> str:
    since = time_from(event.at, event.since)
    if event.times == 1:
        return f"let audiences hear as often as usual again from {since} on"
    return f"let audiences hear at intervals {event.times} times as long from {since} on"


def _adopted(event: PolicyAdopted, telling: Telling) -> str:
    return f"brought in a corrected policy. Changed: {telling.names(event.changes) or 'nothing that counts here'}"


def _dropped(event: DeliveryDropped, telling: Telling) -> str:
    return f"decided not to {words.effect(event.effect)} after all: {telling.typed(event.reason)}"


TOGETHER: dict[type[Event], Callable[[Sequence[Any], Telling], str]] = {
    RoomLost: _room_lost,
    UpdateIssued: _told,
    UpdateDrafted: _told,
    PromiseMoved: _moved,
}
"""Events that can share a line, or name who did it themselves: all that follows the time."""
TOGETHER |= OF_EVIDENCE

TELL: dict[type[Event], Callable[[Any, Telling], str]] = {
    IncidentDeclared: _declared,
    RoomOpened: lambda event, telling: f"opened the room {channel_link(event.channel)}",
    HistoryKept: lambda event, telling: f"kept what was said in the room: {count(event.messages, 'message')}",
    RoomArchived: lambda event, telling: "archived the room",
    PhaseEntered: lambda event, telling: f"moved on to {words.phase_name(event.phase)}",
    IncidentClosed: lambda event, telling: "closed the incident",
    IncidentCancelled: _cancelled,
    IncidentMerged: lambda event, telling: f"merged this incident into INC-{event.into}",
    IncidentLinked: _linked,
    RoleTaken: _role_taken,
    SeatFoundEmpty: lambda event, telling: f"asked the room who can be {_role(event.role)}, since nobody was",
    RoleOffered: lambda event, telling: f"offered {_role(event.role)} to {words.person(event.to)}",
    OfferDeclined: lambda event, telling: f"declined to be {_role(event.role)}",
    OfferWithdrawn: lambda event, telling: f"took the offer of {_role(event.role)} to {words.person(event.to)} back",
    OfferExpired: lambda event, telling: (
        f"let the offer of {_role(event.role)} to {words.person(event.to)} expire, since nobody answered"
    ),
    RoleClaimed: lambda event, telling: (
        f"claimed {_role(event.role)}, and asked whether {words.person(event.of)} is there"
    ),
    ClaimAnswered: lambda event, telling: (
        f"was there and stayed {_role(event.role)}, which {words.person(event.user)} had claimed"
    ),
    SpanReached: lambda event, telling: (
        f"told {words.person(event.user)}, {_role(event.role)}, that {event.reports} people report to them"
    ),
    RestProposed: _rest,
    RestSnoozed: lambda event, telling: (
        f"went on as {_role(event.role)}, to be asked again at {time_from(event.at, event.again)}"
    ),
    DecisionProposed: lambda event, telling: f"decided, unless somebody objects: {telling.typed(event.text)}",
    DecisionObjectedTo: lambda event, telling: (
        f"*objected* to {telling.decision(event.proposal)}: {telling.typed(event.why)}"
    ),
    DecisionStood: lambda event, telling: f"let {telling.decision(event.proposal)} stand, since nobody objected",
    SeverityChanged: _severity,
    PhaseTakesLong: lambda event, telling: (
        f"asked {words.person(event.to)} what {words.phase_name(event.phase)} waits for"
    ),
    PromptsSnoozed: lambda event, telling: (
        f"put questions about the phase off until {time_from(event.at, event.until)}"
    ),
    TitleChanged: lambda event, telling: f"changed the title to {telling.typed(event.title)}",
    ImpactStated: lambda event, telling: f"stated the impact: {telling.typed(event.impact)}",
    StartStated: lambda event, telling: f"said that it began at {_about(event.at, event.started, event.is_estimated)}",
    DetectionStated: lambda event, telling: (
        f"said that it was noticed at {_about(event.at, event.detected, event.is_estimated)}"
    ),
    BoundariesMarked: _marked,
    ContainmentRecorded: _contained,
    HoldPassed: lambda event, telling: f"saw no new harm since {time_from(event.at, event.since)}: it is contained",
    ImpactReturned: lambda event, telling: (
        f"said that *the harm is back*{f', relapse {event.relapse}' if event.relapse else ''}"
    ),
    MeasureSettled: _settled,
    QuestionAnswered: lambda event, telling: f"said {words.KNOWN[event.question]}: {telling.typed(event.answer)}",
    NeedsWaived: _waived,
    RecoveryVerified: lambda event, telling: f"recorded how recovery was verified: {telling.typed(event.how)}",
    HypothesisProposed: _proposed,
    HypothesisPlaced: _placed,
    HypothesisRevised: lambda event, telling: (
        f"said that {telling.hypothesis(event.hypothesis)} states {telling.hypothesis(event.of)} anew"
    ),
    TestStarted: _test_started,
    HypothesisParked: lambda event, telling: f"parked {telling.hypothesis(event.hypothesis)}",
    HypothesisConfirmed: _turned_out,
    HypothesisRefuted: _turned_out,
    NoteAdded: lambda event, telling: f"noted: {telling.typed(event.text)}",
    PictureAsked: lambda event, telling: f"asked for a picture of the {event.shows.replace('map', 'system map')}",
    DebateParked: lambda event, telling: f"put off until after the incident: {telling.typed(event.text)}",
    MessagePinned: _pinned,
    ActionItemAdded: _action_item,
    NoActionNeeded: lambda event, telling: f"said why no action is needed: {telling.typed(event.reason)}",
    UpdateReminded: _reminded,
    LateNoted: lambda event, telling: f"told {telling.names([event.audience])} that their update is late",
    RulesOverridden: _overridden,
    FactsWithheld: _withheld,
    RemindersSnoozed: lambda event, telling: (
        f"put reminders of the update to {telling.names(event.audiences)} off until {time_from(event.at, event.until)}"
    ),
    CadenceStretched: _stretched,
    PeopleSubscribed: _subscribed,
    PeopleUnsubscribed: lambda event, telling: "unsubscribed",
    PolicyAdopted: _adopted,
    DeliveryFailed: lambda event, telling: (
        f"could not {words.effect(event.effect)} ({escape_within(event.reason, 60)})"
    ),
    DeliveryRetried: lambda event, telling: f"let Lockstep try again to {words.effect(event.effect)}",
    DeliveryDropped: _dropped,
    TextRedacted: lambda event, telling: (
        f"redacted what was typed in {words.count(len(event.entries), 'entry', 'entries')}: {telling.typed(event.reason)}"
    ),
}
TELL |= TESTED | EVIDENCE | ACTIONS | REVIEWED
TELL |= {
    PlaybooksOffered: lambda event, telling: ran.offered(event, telling.style(event.at)),
    PlaybookStarted: lambda event, telling: ran.started(event, telling.style(event.at)),
    RunAdvanced: lambda event, telling: ran.went_on(event, telling.style(event.at)),
}
"""Every other kind of event, to follow the name of whoever did it."""
