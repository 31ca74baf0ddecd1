"""How events and effects are kept: read back as written, with what people typed apart from the rest."""

import json
from datetime import date
from typing import Any

import pytest

from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, MeasureSettled
from bot.core.decision import AttemptRefused, Event, refuse
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.core.effects import EFFECTS, Effect
from bot.core.ends import IncidentCancelled, IncidentMerged
from bot.core.facts import BoundariesMarked, DetectionStated, ImpactStated, RecoveryVerified, StartStated, TitleChanged
from bot.core.gates import NeedsWaived
from bot.core.incident import Cause, ContainmentResult, End, LinkKind, Phase, Side, Status
from bot.core.learning.actions import ActionItemAdded, NoActionNeeded
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.needs import Need
from bot.core.notes import MessagePinned, NoteAdded
from bot.core.pictures import PictureAsked
from bot.core.policy_parts import Act, Loss, Who
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.questions import QuestionAnswered
from bot.core.redaction import TextRedacted
from bot.core.refusal import (
    AlreadyDeclared,
    AlreadyStretched,
    AlreadyTold,
    CannotMerge,
    CannotSnooze,
    Concluded,
    HarmFought,
    HasChanged,
    HasEnded,
    Lacks,
    LoweredTooFar,
    LoweredTooSoon,
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
    PolicyDoesNotFit,
    Refusal,
    RepeatsIt,
    SaysNothing,
    SeatTaken,
    TooLate,
)
from bot.core.roles import RoleTaken, SeatFoundEmpty
from bot.core.rooms import HistoryKept, RoomArchived, RoomLost, RoomOpened, RoomRetired
from bot.core.router.cadence import CadenceStretched
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import Outcome, PromiseMoved, UpdateSent
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.subscribing import PeopleSubscribed, PeopleUnsubscribed
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued
from bot.core.router.withheld import FactsWithheld
from bot.core.rungs import Step
from bot.core.severity import SetSeverity, SeverityChanged
from bot.core.tracker.evidence import EvidenceWritten, MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisPlaced,
    HypothesisPosted,
    HypothesisProposed,
    HypothesisRefuted,
    TestStarted,
)
from bot.core.value import REDACTED, canonical
from bot.core.vocabulary import EVENTS, read_effect, read_event, write_effect, write_event
from tests.core.action_examples import SAID, action_events, action_refusals
from tests.core.given import ALICE, BOB, at, origin
from tests.core.postmortem_examples import postmortem_events, postmortem_refusals
from tests.core.role_examples import role_events, role_refusals
from tests.core.run_examples import offers, run_events, run_refusals
from tests.core.tracker_examples import tracker_events, tracker_refusals

NOW: dict[str, Any] = {"at": at(1), "actor": ALICE}
H1: dict[str, Any] = {**NOW, "hypothesis": 1}
TYPED = 'typed by hand: 🔥 "naïve"'
WORDING: dict[str, Any] = {
    **NOW,
    "audience": "customers",
    "occasion": Occasion.DUE,
    "phase": Phase.TRIAGE,
    "since": at(0),
    "severity": "SEV1",
    "promised": at(30),
    "started": at(-30),
    "impact": TYPED,
}

EXAMPLES: tuple[Event, ...] = (
    IncidentDeclared(**NOW, team="T1", number=1, title=TYPED, severity=None, policy="abc"),
    PhaseEntered(**NOW, phase=Phase.TRIAGE),
    IncidentClosed(**NOW, due=4, kept=3),
    IncidentCancelled(**NOW, cause=Cause.DUPLICATE, words=TYPED),
    IncidentMerged(**NOW, into=7, channel="C7"),
    IncidentLinked(
        **NOW,
        kind=LinkKind.ABSORBED,
        other=7,
        channel="C7",
        seats={"scribe": BOB},
        declared_by=ALICE,
        hypotheses=(1, 3),
        started=at(-30),
        is_estimated=True,
        told=("support",),
    ),
    RoomOpened(**NOW, channel="C1", name="inc-1"),
    RoomLost(**NOW, channel="C1"),
    RoomRetired(**NOW),
    HistoryKept(**NOW, messages=2, history=TYPED),
    RoomArchived(**NOW),
    RoleTaken(**NOW, role="scribe", user=BOB, former=ALICE),
    *role_events(at(1), ALICE, BOB, "scribe", TYPED),
    SeatFoundEmpty(**NOW, role="scribe"),
    SeverityChanged(**NOW, severity="SEV2", who=Who.SOME, loss=Loss.CORE, is_lowered=True, reason=TYPED),
    PhaseTakesLong(**NOW, phase=Phase.TRIAGE, to=BOB),
    PromptsSnoozed(**NOW, until=at(10)),
    PictureAsked(**NOW),
    *postmortem_events(at(1), ALICE, TYPED),
    TitleChanged(**NOW, title=TYPED),
    ImpactStated(**NOW, impact=TYPED),
    StartStated(**NOW, started=at(-30), is_estimated=True),
    DetectionStated(**NOW, detected=at(-3), is_estimated=True),
    BoundariesMarked(**NOW, boundaries=("checkout", "search")),
    ContainmentRecorded(**NOW, action=TYPED, result=ContainmentResult.FAILED),
    ContainmentRecorded(
        **NOW, action=TYPED, result=ContainmentResult.WORKED, since=at(-5), estimated=True, is_temporary=True
    ),
    HoldPassed(**NOW, since=at(-5)),
    ImpactReturned(**NOW, relapse=1),
    MeasureSettled(**NOW, measure=1, assignee=BOB, due=date(2026, 12, 1)),
    QuestionAnswered(**NOW, question=Need.DATA, answer=TYPED),
    NeedsWaived(**NOW, needs=(Need.CHANGES,), reason=TYPED),
    RecoveryVerified(**NOW, how=TYPED),
    HypothesisProposed(**H1, statement=TYPED, boundary=None),
    HypothesisPlaced(**H1, boundary="search"),
    HypothesisPosted(**H1, channel="C1", ts="1.1", permalink="https://x/p1"),
    TestStarted(**H1, assignee=BOB),
    HypothesisParked(**H1),
    HypothesisConfirmed(**H1, why=TYPED),
    HypothesisRefuted(**H1, why=TYPED),
    ReplyKept(**H1, reply="1.1", author=BOB, permalink=None, text=TYPED),
    ReplyMarked(**H1, reply="1.1", side=Side.FOR),
    MarkWithdrawn(**H1, reply="1.1", side=Side.AGAINST),
    EvidenceWritten(**H1, reply="form-1", side=Side.AGAINST, text=TYPED),
    *tracker_events(at(1), ALICE, BOB, TYPED),
    *run_events(at(1), ALICE, TYPED),
    offers(at(1), ALICE, "One", is_first=True),
    NoteAdded(**NOW, text=TYPED),
    MessagePinned(**NOW, ts="1.1", author=BOB, posted=at(0), permalink=None, text=TYPED),
    ActionItemAdded(**NOW, what=TYPED, assignee=BOB, due=date(2026, 12, 1)),
    ActionItemAdded(**NOW, what=TYPED, assignee=BOB, due=date(2026, 12, 1), done_when=TYPED, item=2, **SAID),
    *action_events(at(1), ALICE, BOB, TYPED),
    NoActionNeeded(**NOW, reason=TYPED),
    UpdateIssued(**WORDING, text=TYPED, to_channel=True, overtakes=(7, 8), by_hand=True),
    UpdateIssued(**WORDING, text=TYPED, wrong=TYPED, corrects=at(0), to_channel=True),
    UpdateIssued(**{**WORDING, "impact": None, "started": None, "promised": None}, to_channel=False),
    UpdateDrafted(**WORDING, until=at(31), due=at(11)),
    PromiseMoved(**NOW, audience="support", promised=at(5)),
    UpdateSent(
        **NOW, audience="support", update=3, made=at(0), due=at(15), outcome=Outcome.LATE, by=BOB, unreached=(BOB,)
    ),
    UpdateReminded(
        **WORDING,
        step=Step.ROOM,
        to=(ALICE, BOB),
        due={"customers": at(30)},
        nexts={"customers": at(60)},
        told={"customers": 2},
        taken={"customers": 2},
        ladder_of={"customers": at(30)},
        calls=("@incident-leads",),
        is_unchanged=True,
    ),
    LateNoted(
        **NOW, audience="customers", due=at(30), last=at(0), taken=3, ladder_of=at(30), to_channel=True, impact=TYPED
    ),
    FactsWithheld(**NOW, facts=("impact", "size"), audiences=("support",), rules=("U2", "U3"), to=ALICE),
    PeopleSubscribed(**NOW, people=(BOB,), by_rule=True),
    PeopleUnsubscribed(**NOW, people=(BOB,)),
    RulesOverridden(**NOW, rules={"customers": ("U2", "U3"), "support": ("U3",)}, because=TYPED),
    RemindersSnoozed(**NOW, audiences=("customers",), until=at(9)),
    CadenceStretched(**NOW, since=at(120), times=2),
    PolicyAdopted(**NOW, policy="abc", former="def", changes=("audience support", "announce_in")),
    DeliveryFailed(**NOW, effect="Tell notices", reason="is_archived", effect_id="e1"),
    DeliveryRetried(**NOW, effect="Tell notices", effect_id="e1"),
    DeliveryDropped(**NOW, effect="Tell notices", effect_id="e1", reason=TYPED),
    TextRedacted(**NOW, entries={1: ("title",), 12: ("impact", "text")}, posts=(13,), messages=("1.2",), reason=TYPED),
    AttemptRefused(**NOW, attempt="StartTest", refusal=HasEnded(end=End.CLOSED)),
)

REFUSALS: tuple[Refusal, ...] = (
    NotNext(phase=Phase.TRIAGE, since=at(0), by=BOB),
    Lacks(missing=("impact", "commander")),
    SeatTaken(role="scribe", user=BOB, since=at(0)),
    HasEnded(end=End.CLOSED),
    NotInPolicy(what="role", given="astrologer", known=("scribe",)),
    SaysNothing(what="note"),
    NotPlain(rules={"customers": ("U2", "U3")}),
    AlreadyDeclared(incident=1),
    Concluded(hypothesis=1, status=Status.REFUTED, since=at(0), by=BOB),
    NotYet(given=at(5)),
    AlreadyTold(audience="customers", at=at(0)),
    PolicyDoesNotFit(severities=("SEV1", "SEV2")),
    NotAllowed(act=Act.ADVANCE, allowed=("incident commander", "@security")),
    NotWaivable(needs=("containment",)),
    NotContained(phase=Phase.RECOVERY),
    LoweredTooSoon(again=at(10)),
    LoweredTooFar(next="SEV2"),
    NothingToSettle(),
    *role_refusals(at(0), BOB, "scribe"),
    *tracker_refusals(),
    *action_refusals(BOB),
    *postmortem_refusals(at(0), BOB),
    *run_refusals(),
    NothingToRedact(),
    RepeatsIt(),
    TooLate(phase=Phase.RECOVERY, since=at(0), by=BOB),
    HarmFought(at=at(0)),
    CannotMerge(into=7, because="over"),
    NotLongYet(again=at(60)),
    AlreadyStretched(is_on=True),
    HasChanged(audience="customers"),
    CannotSnooze(because="overdue"),
)


def kind(value: object) -> str:
    """The kind of an event, a refusal or an effect."""
    return type(value).__name__


def test_every_kind_of_event_is_among_the_examples():
    assert {type(event) for event in EXAMPLES} == set(EVENTS.values())


@pytest.mark.parametrize("event", EXAMPLES, ids=kind)
def test_an_event_is_read_back_as_it_was_written(event):
    name, data, text = write_event(event)
    assert read_event(name, event.at, event.actor, data, text) == event


@pytest.mark.parametrize("event", EXAMPLES, ids=kind)
def test_what_people_typed_is_kept_apart_and_nothing_else_is(event):
    _, data, text = write_event(event)
    typed = [name for name, value in event.model_dump().items() if value == TYPED]
    assert "naïve" not in data
    assert all(f'"{name}":' in text for name in typed) and text.count("naïve") == len(typed)


@pytest.mark.parametrize("event", EXAMPLES, ids=kind)
def test_an_event_whose_text_was_redacted_is_read_as_one_that_says_so_and_keeps_the_rest(event):
    name, data, text = write_event(event)
    typed = {field: value for field, value in json.loads(text).items() if value}
    assert read_event(name, event.at, event.actor, data, None, list(typed)) == event.but(
        **dict.fromkeys(typed, REDACTED)
    )
    assert all(getattr(read_event(name, event.at, event.actor, data, None), field) == REDACTED for field in typed)


def test_what_was_typed_and_refused_is_kept_apart_and_an_attempt_of_an_earlier_version_is_still_read():
    refusal = NotInPolicy(what="severity", given="hunter2", known=("SEV1",))
    (tried,) = refuse(SetSeverity(origin=origin(), severity="hunter2"), refusal).events
    assert isinstance(tried, AttemptRefused)
    _, data, text = write_event(tried)
    assert "hunter2" not in data and "hunter2" in text
    assert tried.why == refusal
    old = {"attempt": "SetSeverity", "refusal": refusal.model_dump(mode="json")}
    read = read_event("AttemptRefused", tried.at, tried.actor, canonical(old), "{}")
    assert isinstance(read, AttemptRefused) and read.why == refusal


@pytest.mark.parametrize("refusal", REFUSALS, ids=kind)
def test_every_refusal_is_read_back_from_the_attempt_that_it_ended(refusal):
    event = AttemptRefused(**NOW, attempt="Whatever", refusal=refusal)
    name, data, text = write_event(event)
    assert read_event(name, event.at, event.actor, data, text) == event


def test_every_refusal_there_is_has_a_reason_of_its_own():
    union = Refusal.__origin__  # type: ignore[attr-defined]
    assert {type(refusal) for refusal in REFUSALS} == set(union.__args__)
    assert len({refusal.reason for refusal in REFUSALS}) == len(REFUSALS)


def example(effect: type[Effect]) -> Effect:
    """An effect of this kind, with something in each of its fields."""
    fields: dict[str, Any] = {
        "people": (ALICE, "@incident-leads"),
        "lane_of": "scribe",
        "audience": "support",
        "hypothesis": 2,
        "to_room": True,
        "event": 12,
        "to": BOB,
        "item": 3,
        "tracker": "github",
        "run": 2,
        "only": (BOB,),
        "is_update": False,
        "key": "T1/INC-1/R2:call:1:1",
    }
    return effect(**{name: fields[name] for name in effect.model_fields})


@pytest.mark.parametrize("effect", [example(one) for one in EFFECTS], ids=kind)
def test_an_effect_is_read_back_as_it_was_written(effect):
    assert read_effect(*write_effect(effect)) == effect


def test_a_lane_that_is_waited_for_is_one_that_something_lies_in():
    effects = [example(one) for one in EFFECTS]
    lanes = {effect.lane for effect in effects}
    assert {effect.needs_lane for effect in effects} - {None} <= lanes


def test_nothing_waits_for_its_own_lane():
    assert not [effect for effect in map(example, EFFECTS) if effect.needs_lane == effect.lane]


def test_only_what_opens_the_room_or_speaks_to_others_can_come_true_outside_it():
    outside = {kind(effect) for effect in map(example, EFFECTS) if not effect.in_room}
    assert outside == {
        "OpenRoom",
        "Announce",
        "ShowStatus",
        "PostUpdate",
        "PostNote",
        "PostFallback",
        "SendDirect",
        "Whisper",
        "TellTeam",
        "CreateIssue",
        "RewritePosts",
        "MakeCall",
    }


def test_an_event_of_a_kind_that_this_version_does_not_know_is_not_guessed_at():
    with pytest.raises(KeyError):
        read_event("SomethingNew", at(0), ALICE, "{}", "{}")
