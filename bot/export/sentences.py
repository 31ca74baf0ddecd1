"""What happened, in plain words: one sentence for each kind of event, in the past tense, to follow the name of whoever did it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import ran
from bot.core.containment import ContainmentRecorded, MeasureSettled
from bot.core.decision import SYSTEM, AttemptRefused, Event
from bot.core.ends import IncidentCancelled
from bot.core.facts import BoundariesMarked
from bot.core.incident import ContainmentResult, Incident, LinkKind, Phase
from bot.core.learning.actions import ActionItemAdded
from bot.core.lifecycle import IncidentDeclared
from bot.core.links import IncidentLinked
from bot.core.load import RestProposed
from bot.core.needs import Need
from bot.core.notes import MessagePinned
from bot.core.playbooks.acts import Why
from bot.core.policy import Policy
from bot.core.roles import How, RoleTaken
from bot.core.rooms import RoomLost
from bot.core.router.promises import Outcome, UpdateSent
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued
from bot.core.tracker.evidence import EvidenceWritten, MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisPosted,
    HypothesisProposed,
    HypothesisRefuted,
    TestStarted,
)
from bot.export.actions import ACTIONS
from bot.export.record import Record
from bot.export.reviewed import REVIEWED
from bot.export.tested import TESTED
from bot.export.text import about, code, count, link, moment, person, plain, typed
from bot.language import broken, named
from bot.slack.messages.action_refusals import REASONS as OF_ACTIONS
from bot.slack.messages.postmortem import REASONS as UNFINISHED
from bot.slack.messages.timeline import ATTEMPTS
from bot.slack.messages.unready import REASONS as UNREADY
from bot.slack.words import CAUSE, KNOWN, RESULT, effect, facts, phase_name

RUNS = ran.Style(plain, typed, moment)
"""How what happened in the run of a playbook is written."""
_SHORT = 60
"""Code points of a hypothesis's statement where a line only refers to it."""

OCCASION: dict[Occasion, str] = {
    Occasion.FIRST: "first update",
    Occasion.DUE: "update as promised",
    Occasion.PHASE: "new phase",
    Occasion.RETURN: "the problem is back",
    Occasion.WRITTEN: "written by a person",
    Occasion.CLOSE: "it is over",
    Occasion.CANCEL: "it is cancelled",
    Occasion.MERGE: "it goes on elsewhere",
}
"""Why an update went out."""


KEPT: dict[Outcome, str] = {
    Outcome.KEPT: "kept",
    Outcome.LATE: "came late for",
    Outcome.MISSED: "missed",
}
"""What became of a promise, to follow "which"."""


@dataclass(frozen=True)
class Telling:
    """What a sentence needs to know besides its event: the incident, its policy if it is known, under which number of the record
    each reply in a hypothesis's thread is kept, and where it stands in Slack, like other events by their numbers."""

    incident: Incident
    policy: Policy | None
    replies: Mapping[tuple[int, str], int]
    places: Mapping[tuple[int, str], str]
    links: Mapping[int, str]

    @classmethod
    def of(cls, record: Record) -> "Telling":
        """To tell what is in this record."""
        replies = {
            (event.hypothesis, event.reply): entry.seq
            for entry, event in record.events
            if isinstance(event, ReplyKept | EvidenceWritten)
        }
        events = [event for _, event in record.events]
        places = {
            (one.hypothesis, one.reply): one.permalink for one in events if isinstance(one, ReplyKept) and one.permalink
        }
        return cls(record.incident, record.policy, replies, places, record.links)

    def boundaries(self, ids: Iterable[str]) -> str:
        """Parts of the system map by name; one that the map does not have stands for itself."""
        found = [(id, self.policy.boundary(id) if self.policy else None) for id in ids]
        return ", ".join(plain(boundary.name if boundary else id) for id, boundary in found) or "nothing"

    def hypothesis(self, number: int) -> str:
        """A hypothesis by its number, with a link to its thread, and the beginning of what it says."""
        found = next((one for one in self.incident.hypotheses if one.number == number), None)
        if found is None:
            return f"H{number}"
        thread = found.thread.permalink if found.thread else None
        return f"{link(found.name, thread)} {_short(found.statement)}"

    def decision(self, number: int) -> str:
        """A decision by the beginning of what it says."""
        said = next((one.text for one in self.incident.proposals if one.number == number), None)
        return f"the decision {_short(said)}" if said else f"decision {number}"

    def reply(self, hypothesis: int, ref: str) -> str:
        """A reply by the number of the event that kept it, with a link to it."""
        seq = self.replies.get((hypothesis, ref))
        label = link(f"the reply of event {seq}" if seq else "a reply", self.places.get((hypothesis, ref)))
        return f"{label} in H{hypothesis}"


def _short(said: str) -> str:
    return typed(said if len(said) <= _SHORT else said[: _SHORT - 1].rstrip() + "…")


def sentence(event: Event, telling: Telling) -> str:
    """Who did what."""
    return f"{who(event)} {TELL[type(event).__name__](event, telling)}"


def who(event: Event) -> str:
    """Who did it. What was composed from the record is Lockstep's doing, whoever set it off."""
    composed = isinstance(event, UpdateIssued | UpdateDrafted) and event.text is None
    return person(SYSTEM if composed else event.actor)


def _declared(event: IncidentDeclared, telling: Telling) -> str:
    severity = plain(event.severity) if event.severity else "severity not set"
    drill = ", a drill" if event.is_drill else ", private" if event.is_private else ""
    labels = f", the alert says {typed(event.labels)}" if event.labels else ""
    return f"declared INC-{event.number}{drill}: {typed(event.title)}, {severity}{labels}"


def _severity(event: Any, telling: Telling) -> str:
    answers = f" (affected: {event.who}; cannot do or lost: {event.loss})" if event.who and event.loss else ""
    return f"set the severity to {plain(event.severity)}{answers}" + (
        f", lower because {typed(event.reason)}" if event.reason else ""
    )


def _cancelled(event: IncidentCancelled, telling: Telling) -> str:
    return f"**cancelled** the incident ({CAUSE[event.cause].lower()})" + (
        f": {typed(event.words)}" if event.words else ""
    )


def _linked(event: IncidentLinked, telling: Telling) -> str:
    """What another incident is to this one, and what was known of it then."""
    ideas = ", ".join(f"H{number}" for number in event.hypotheses) or "no hypothesis"
    began = f", began on {about(event.started, event.is_estimated)}" if event.started else ""
    return {
        LinkKind.RECURS: "declared this as INC-{} happening again",
        LinkKind.RECURRED: "declared it once more, as INC-{}",
        LinkKind.SPLIT_FROM: "split this from INC-{}",
        LinkKind.SPLIT_OFF: "split INC-{} off this",
        LinkKind.ABSORBED: f"merged INC-{{}} into this one. Open there: {ideas}{began}",
    }[event.kind].format(event.other)


def _room_lost(event: RoomLost, telling: Telling) -> str:
    found = (
        "found that the room {} was deleted or archived" if event.actor == SYSTEM else "deleted or archived the room {}"
    )
    return found.format(code(event.channel))


def _role_taken(event: RoleTaken, telling: Telling) -> str:
    role, holder = plain(event.role), person(event.user)
    as_well = ", leading as well" if event.solo else ""
    if event.actor == event.former:
        return f"handed over to {holder}, now {role}{as_well}"
    instead = f", in place of {person(event.former)}" if event.former else ""
    if event.how is How.EMERGENCY:
        return f"took command at once{instead}: {typed(event.why or '')}"
    how = {How.ACCEPTED: ", as offered", How.CLAIMED: ", who did not answer"}.get(event.how, "") + as_well
    return f"became {role}{instead}{how}" if event.actor == event.user else f"made {holder} {role}{instead}{how}"


def _rest(event: RestProposed, telling: Telling) -> str:
    asked = "told" if event.insists else "asked"
    return f"{asked} {person(event.user)}, {plain(event.role)} since {moment(event.since)}, to hand over"


def _boundaries_marked(event: BoundariesMarked, telling: Telling) -> str:
    working = f"; as working: {telling.boundaries(event.working)}" if event.working else ""
    return f"marked as affected: {telling.boundaries(event.boundaries)}{working}"


def _contained(event: ContainmentRecorded, telling: Telling) -> str:
    came_of = "It worked for now" if event.is_temporary else RESULT[ContainmentResult(event.result)]
    since = f", since {'about ' if event.estimated else ''}{moment(event.since)}" if event.since else ""
    return f"recorded containment{since}: {typed(event.action)}. {came_of}"


def _settled(event: MeasureSettled, telling: Telling) -> str:
    if event.assignee is None or event.due is None:
        return f"undid or replaced temporary measure {event.measure}"
    return f"let {person(event.assignee)} undo or replace temporary measure {event.measure} by {event.due.isoformat()}"


def _needs(needs: Iterable[str]) -> str:
    return "; ".join(KNOWN[Need(need)] for need in needs)


def _proposed(event: HypothesisProposed, telling: Telling) -> str:
    where = f", at {telling.boundaries([event.boundary])}" if event.boundary else ""
    where = f", at {typed(event.place)}, which the map does not have" if event.place else where
    anew = f", which states {telling.hypothesis(event.revises)} anew" if event.revises else ""
    return f"proposed H{event.hypothesis}: {typed(event.statement)}{where}{anew}"


def _posted(event: HypothesisPosted, telling: Telling) -> str:
    return f"showed {telling.hypothesis(event.hypothesis)} in {link('a thread', event.permalink)} of the room"


def _test_started(event: TestStarted, telling: Telling) -> str:
    tester = "" if event.actor == event.assignee else f", by {person(event.assignee)}"
    return (
        f"started the test of {telling.hypothesis(event.hypothesis)}{tester}{', leading as well' if event.solo else ''}"
    )


def _turned_out(event: HypothesisConfirmed | HypothesisRefuted, telling: Telling) -> str:
    how = "confirmed" if isinstance(event, HypothesisConfirmed) else "refuted"
    return f"{how} {telling.hypothesis(event.hypothesis)}, shown by {typed(event.why)}"


def _marked(event: ReplyMarked | MarkWithdrawn, telling: Telling) -> str:
    took = "took" if isinstance(event, ReplyMarked) else "no longer took"
    return f"{took} {telling.reply(event.hypothesis, event.reply)} as evidence {event.side.value} it"


def _pinned(event: MessagePinned, telling: Telling) -> str:
    whose = "their own" if event.author == event.actor else f"{person(event.author)}'s"
    return f"pinned {whose} {link('message', event.permalink)} of {moment(event.posted)}: {typed(event.text)}"


def _action_item(event: ActionItemAdded, telling: Telling) -> str:
    by = f"{event.due.day} {event.due:%B} {event.due.year}"
    return f"added an action item: {typed(event.what)}, for {person(event.assignee)} by {by}"


def _issued(event: UpdateIssued, telling: Telling) -> str:
    said = f": {typed(event.text)}" if event.text else ""
    return f"sent {plain(event.audience)} an update ({OCCASION[event.occasion]}){said}"


def _drafted(event: UpdateDrafted, telling: Telling) -> str:
    return f"drafted an update to {plain(event.audience)} ({OCCASION[event.occasion]}), for a person to send"


def _sent(event: UpdateSent, telling: Telling) -> str:
    kept = f", which {KEPT[event.outcome]} the promise of {moment(event.due)}" if event.outcome and event.due else ""
    which = link(f"the update of event {event.update}", event.permalink)
    return f"had {which} to {plain(event.audience)} taken by Slack{kept}"


def _refused(event: AttemptRefused, telling: Telling) -> str:
    tried = ATTEMPTS.get(event.attempt, f"do something ({plain(event.attempt)})")
    return f"tried to {tried}. Refused: {REASONS[event.why.reason](event.why, telling)}"


def _events(numbers: Sequence[int]) -> str:
    """These events, by their numbers."""
    return f"event {numbers[0]}" if len(numbers) == 1 else f"events {', '.join(map(str, numbers))}"


TELL: dict[str, Callable[[Any, Telling], str]] = (
    {
        "IncidentDeclared": _declared,
        "RoomOpened": lambda event, telling: f"opened the room {code('#' + event.name)} ({code(event.channel)})",
        "RoomLost": _room_lost,
        "RoomRetired": lambda event, telling: "decided to archive the room",
        "HistoryKept": lambda event, telling: f"kept what was said in the room: {count(event.messages, 'message')}",
        "RoomArchived": lambda event, telling: "archived the room",
        "PhaseEntered": lambda event, telling: f"moved on to **{phase_name(event.phase)}**",
        "IncidentClosed": lambda event, telling: "**closed** the incident",
        "IncidentCancelled": _cancelled,
        "IncidentMerged": lambda event, telling: f"**merged** this incident into INC-{event.into}",
        "IncidentLinked": _linked,
        "RoleTaken": _role_taken,
        "SeatFoundEmpty": lambda event, telling: f"asked the room who can be {plain(event.role)}, since nobody was",
        "RoleOffered": lambda event, telling: f"offered {plain(event.role)} to {person(event.to)}",
        "OfferDeclined": lambda event, telling: f"declined to be {plain(event.role)}",
        "OfferWithdrawn": lambda event, telling: f"took the offer of {plain(event.role)} to {person(event.to)} back",
        "OfferExpired": lambda event, telling: (
            f"let the offer of {plain(event.role)} to {person(event.to)} expire, since nobody answered"
        ),
        "RoleClaimed": lambda event, telling: (
            f"claimed {plain(event.role)}, and asked whether {person(event.of)} is there"
        ),
        "ClaimAnswered": lambda event, telling: (
            f"was there and stayed {plain(event.role)}, which {person(event.user)} had claimed"
        ),
        "SpanReached": lambda event, telling: (
            f"told {person(event.user)}, {plain(event.role)}, that {event.reports} people report to them"
        ),
        "RestProposed": _rest,
        "RestSnoozed": lambda event, telling: (
            f"went on as {plain(event.role)}, to be asked again on {moment(event.again)}"
        ),
        "DecisionProposed": lambda event, telling: f"decided, unless somebody objects: {typed(event.text)}",
        "DecisionObjectedTo": lambda event, telling: (
            f"objected to {telling.decision(event.proposal)}: {typed(event.why)}"
        ),
        "DecisionStood": lambda event, telling: f"let {telling.decision(event.proposal)} stand, since nobody objected",
        "SeverityChanged": _severity,
        "PhaseTakesLong": lambda event, telling: f"asked {person(event.to)} what {phase_name(event.phase)} waits for",
        "PromptsSnoozed": lambda event, telling: f"put questions about the phase off until {moment(event.until)}",
        "TitleChanged": lambda event, telling: f"changed the title to {typed(event.title)}",
        "ImpactStated": lambda event, telling: f"stated the impact: {typed(event.impact)}",
        "StartStated": lambda event, telling: f"said that it began on {about(event.started, event.is_estimated)}",
        "DetectionStated": lambda event, telling: (
            f"said that it was noticed on {about(event.detected, event.is_estimated)}"
        ),
        "BoundariesMarked": _boundaries_marked,
        "ContainmentRecorded": _contained,
        "HoldPassed": lambda event, telling: f"saw no new harm since {moment(event.since)}: it is contained",
        "ImpactReturned": lambda event, telling: (
            f"said that **the harm is back**{f', relapse {event.relapse}' if event.relapse else ''}"
        ),
        "MeasureSettled": _settled,
        "QuestionAnswered": lambda event, telling: f"said {KNOWN[Need(event.question)]}: {typed(event.answer)}",
        "NeedsWaived": lambda event, telling: f"went on without knowing {_needs(event.needs)}: {typed(event.reason)}",
        "RecoveryVerified": lambda event, telling: f"recorded how recovery was verified: {typed(event.how)}",
        "HypothesisProposed": _proposed,
        "HypothesisPlaced": lambda event, telling: (
            f"said that {telling.hypothesis(event.hypothesis)} is about {telling.boundaries([event.boundary])}"
        ),
        "HypothesisPosted": _posted,
        "TestStarted": _test_started,
        "HypothesisParked": lambda event, telling: f"parked {telling.hypothesis(event.hypothesis)}",
        "HypothesisConfirmed": _turned_out,
        "HypothesisRefuted": _turned_out,
        "ReplyKept": lambda event, telling: (
            f"{link('replied', event.permalink)} in H{event.hypothesis}: {typed(event.text)}"
        ),
        "ReplyMarked": _marked,
        "MarkWithdrawn": _marked,
        "EvidenceWritten": lambda event, telling: (
            f"added evidence {event.side.value} H{event.hypothesis}: {typed(event.text)}"
        ),
        "NoteAdded": lambda event, telling: f"noted: {typed(event.text)}",
        "PictureAsked": lambda event, telling: f"asked for a picture of the {event.shows.replace('map', 'system map')}",
        "DebateParked": lambda event, telling: f"put off until after the incident: {typed(event.text)}",
        "MessagePinned": _pinned,
        "ActionItemAdded": _action_item,
        "NoActionNeeded": lambda event, telling: f"said why no action is needed: {typed(event.reason)}",
        "UpdateIssued": _issued,
        "UpdateDrafted": _drafted,
        "PromiseMoved": lambda event, telling: (
            f"brought the next update to {plain(event.audience)} forward to {moment(event.promised)}"
        ),
        "UpdateSent": _sent,
        "PolicyAdopted": lambda event, telling: (
            f"brought in a corrected policy. Changed: {plain(', '.join(event.changes)) or 'nothing that counts here'}"
        ),
        "DeliveryFailed": lambda event, telling: f"could not {effect(event.effect)} ({plain(event.reason)})",
        "DeliveryRetried": lambda event, telling: f"let Lockstep try again to {effect(event.effect)}",
        "DeliveryDropped": lambda event, telling: (
            f"decided not to {effect(event.effect)} after all: {typed(event.reason)}"
        ),
        "TextRedacted": lambda event, telling: (
            f"redacted what was typed in {_events(sorted(event.entries))}: {typed(event.reason)}"
        ),
        "UpdateReminded": lambda event, telling: (
            f"reminded {', '.join(map(person, event.to))} of the update to {plain(', '.join(event.audiences))} "
            f"(step: {event.step.value})"
        ),
        "LateNoted": lambda event, telling: (
            f"told {plain(event.audience)} that the update due on {moment(event.due)} is late"
        ),
        "FactsWithheld": lambda event, telling: (
            f"left {facts(event.facts)} as it was typed out of what {plain(', '.join(event.audiences))} read, since it has "
            f"{named(event.rules)}, and told {person(event.to)}"
        ),
        "PeopleSubscribed": lambda event, telling: (
            f"subscribed {', '.join(map(person, event.people))}{' by what they asked for before' if event.by_rule else ''}"
        ),
        "PeopleUnsubscribed": lambda event, telling: f"unsubscribed {', '.join(map(person, event.people))}",
        "RulesOverridden": lambda event, telling: (
            f"sent {plain(', '.join(event.rules))} a text with {named(broken(event.rules.values()))} all the same, "
            f"because {typed(event.because)}"
        ),
        "RemindersSnoozed": lambda event, telling: (
            f"put reminders of the update to {plain(', '.join(event.audiences))} off until {moment(event.until)}"
        ),
        "CadenceStretched": lambda event, telling: (
            f"let audiences hear at intervals {event.times} times as long from {moment(event.since)} on"
        ),
        "AttemptRefused": _refused,
    }
    | TESTED
    | ACTIONS
)
TELL |= {
    "PlaybooksOffered": lambda event, telling: ran.offered(event, RUNS),
    "PlaybookStarted": lambda event, telling: ran.started(event, RUNS),
    "RunAdvanced": lambda event, telling: ran.went_on(event, RUNS),
}
"""Every kind of event."""
TELL |= REVIEWED


def _lacks(refusal: Any, telling: Telling) -> str:
    return f"not known yet: {_needs(refusal.missing)}"


def _not_next(refusal: Any, telling: Telling) -> str:
    return f"it was in {phase_name(Phase(refusal.phase))} since {moment(refusal.since)}, by {person(refusal.by)}"


def _kept_apart(refusal: Any, telling: Telling) -> str:
    other = plain(refusal.role) if refusal.role else f"the test of {telling.hypothesis(refusal.hypothesis)}"
    return f"{person(refusal.user)} led, and {other} was for somebody else"


def _concluded(refusal: Any, telling: Telling) -> str:
    turned_out = f"{refusal.status.value} on {moment(refusal.since)} by {person(refusal.by)}"
    return f"{telling.hypothesis(refusal.hypothesis)} was {turned_out}, which is final"


_UNFIT: dict[str, str] = {
    "itself": "that was this incident itself",
    "over": "INC-{} was over",
    "drill": "one of this and INC-{} was a drill",
}

REASONS: dict[str, Callable[[Any, Telling], str]] = {
    "not next": _not_next,
    "lacks": _lacks,
    "seat taken": lambda refusal, telling: (
        f"{person(refusal.user)} was {plain(refusal.role)} since {moment(refusal.since)}"
    ),
    "has ended": lambda refusal, telling: "the incident was over",
    "not in policy": lambda refusal, telling: f"the policy has no {refusal.what} {typed(refusal.given)}",
    "not plain": lambda refusal, telling: f"the text had {named(broken(refusal.rules.values()))}",
    "says nothing": lambda refusal, telling: f"nothing was written for “{plain(refusal.what)}”",
    "already declared": lambda refusal, telling: f"it was declared already, as INC-{refusal.incident}",
    "concluded": _concluded,
    "already told": lambda refusal, telling: f"{plain(refusal.audience)} had been told on {moment(refusal.at)}",
    "not yet": lambda refusal, telling: f"{moment(refusal.given)} was still to come",
    "not allowed": lambda refusal, telling: f"only these may: {plain(', '.join(refusal.allowed))}",
    "kept apart": _kept_apart,
    "span full": lambda refusal, telling: f"{refusal.reports} people reported to {person(refusal.user)} already",
    "not yours": lambda refusal, telling: (
        f"only {person(refusal.user)} could do that" if refusal.user else "it was nobody's"
    ),
    "no offer": lambda refusal, telling: f"{plain(refusal.role)} was not offered any more",
    "claim waits": lambda refusal, telling: f"{person(refusal.user)} had claimed it before",
    "no claim": lambda refusal, telling: f"nobody claimed {plain(refusal.role)} any more",
    "settled": lambda refusal, telling: (
        f"{telling.decision(refusal.proposal)} {'stood' if refusal.stands else 'had been objected to'} already"
    ),
    "not waivable": lambda refusal, telling: (
        f"the policy does not let it go on without knowing {_needs(refusal.needs)}"
    ),
    "lowered too soon": lambda refusal, telling: (
        f"it had been lowered just before, and not again until {moment(refusal.again)}"
        if refusal.again
        else "it was not known yet how bad it was"
    ),
    "lowered too far": lambda refusal, telling: f"it is lowered one level at a time, to {plain(refusal.next)} next",
    "not contained": lambda refusal, telling: (
        "service was restored by then" if refusal.phase == Phase.POSTMORTEM else "the harm was not contained"
    ),
    "nothing to settle": lambda refusal, telling: "that was settled already",
    "nothing to redact": lambda refusal, telling: "nothing of that was in the record",
    "too late": _not_next,
    "harm fought": lambda refusal, telling: f"something had been done against the harm on {moment(refusal.at)}",
    "cannot merge": lambda refusal, telling: _UNFIT[refusal.because].format(refusal.into),
    "repeats it": lambda refusal, telling: "the reason said it again",
    "not long yet": lambda refusal, telling: f"that was not to be decided before {moment(refusal.again)}",
    "already stretched": lambda refusal, telling: f"it was {'so' if refusal.is_on else 'not so'} already",
    "has changed": lambda refusal, telling: f"something had changed since {plain(refusal.audience)} were told",
    "cannot snooze": lambda refusal, telling: (
        "the update was overdue" if refusal.because == "overdue" else "it had been put off once already"
    ),
    "run refused": lambda refusal, telling: f"{ran.REFUSED[Why(refusal.because)]} ({plain(refusal.title)})",
    "playbook broken": lambda refusal, telling: f"the file of {plain(refusal.playbook)} was broken",
    "policy does not fit": lambda refusal, telling: (
        f"that policy has no {plain(', '.join(refusal.severities))}, which this incident has or had"
    ),
    **{
        str(kind.model_fields["reason"].default): lambda refusal, telling: UNREADY[type(refusal)](refusal)
        for kind in UNREADY
    },
    **{
        str(kind.model_fields["reason"].default): lambda refusal, telling: OF_ACTIONS[type(refusal)](refusal)
        for kind in OF_ACTIONS
    },
    **{
        str(kind.model_fields["reason"].default): lambda refusal, telling: UNFINISHED[type(refusal)](refusal)
        for kind in UNFINISHED
    },
}
"""Every refusal, by its reason."""
