"""Words for whatever can happen: every kind of event, every refused attempt, every refusal."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Any, get_args

import pytest

from bot.core import refusal
from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, MeasureSettled
from bot.core.decision import OPERATOR, SYSTEM, AttemptRefused, Command, Event
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.core.ends import IncidentCancelled, IncidentMerged
from bot.core.factors import Factor
from bot.core.facts import BoundariesMarked, DetectionStated, ImpactStated, RecoveryVerified, StartStated, TitleChanged
from bot.core.gates import NeedsWaived
from bot.core.incident import Cause, ContainmentResult, End, LinkKind, Phase, Side, Status
from bot.core.learning.actions import ActionItemAdded, NoActionNeeded
from bot.core.learning.postmortem import FactorsTagged, FindingKept, PostmortemMoved, SectionEdited
from bot.core.lifecycle import DeclareIncident, IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.needs import Need
from bot.core.notes import MessagePinned, NoteAdded
from bot.core.pictures import PictureAsked
from bot.core.policy import Policy
from bot.core.policy_parts import Loss, Who
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.proposals import DecisionProposed
from bot.core.questions import QuestionAnswered
from bot.core.redaction import TextRedacted
from bot.core.refusal import Refusal
from bot.core.review import Section, Stage, Strength
from bot.core.roles import How, RoleTaken, SeatFoundEmpty
from bot.core.rooms import HistoryKept, RoomArchived, RoomLost, RoomOpened, RoomRetired
from bot.core.router.cadence import CadenceStretched
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import PromiseMoved, UpdateSent
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.subscribing import PeopleSubscribed, PeopleUnsubscribed
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued
from bot.core.router.withheld import FactsWithheld
from bot.core.rungs import Step
from bot.core.severity import SeverityChanged
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
from bot.core.vocabulary import EVENTS
from bot.slack.messages.happened import TELL, TOGETHER, happened
from bot.slack.messages.telling import FOLDED, Telling
from bot.slack.messages.timeline import ATTEMPTS, HIDDEN, PAGE, REASONS, refused, timeline
from bot.slack.text import clock_time
from tests.core.action_examples import action_events, action_refusals
from tests.core.given import ALICE, BOB, POLICY, START, declared
from tests.core.postmortem_examples import postmortem_refusals
from tests.core.role_examples import role_events
from tests.core.run_examples import offers, run_events, run_refusals
from tests.core.tracker_examples import tracker_events, tracker_refusals
from tests.slack.given import LARGE_POLICY, NASTY, NOW, fits, markup, shown, stuffed

ROOM = "https://acme.slack.com/archives/C7"


def event(kind: type[Event], /, **fields: Any) -> Event:
    """ALICE did this just now."""
    return kind(at=NOW, actor=fields.pop("actor", ALICE), **fields)


def wording(kind: type[Event], occasion: Occasion = Occasion.DUE, text: str | None = None, **fields: Any) -> Event:
    """An update or draft."""
    known = {"audience": "support", "occasion": occasion, "phase": Phase.TRIAGE, "since": NOW, "severity": None}
    return event(kind, promised=None, text=text, **known, **fields)


OWN_REPLY = ReplyKept(
    at=NOW, actor=BOB, hypothesis=1, reply="9.9", author=BOB, permalink=f"{ROOM}/p99", text="No errors"
)
KNOWN = [
    event(HypothesisProposed, hypothesis=1, statement="The release", boundary=None),
    event(DecisionProposed, proposal=1, text="Roll back", until=NOW),
    OWN_REPLY,
]
OF_ROLES = (
    "<@UALICE> *took command at once*, in place of <@UBOB>: “x &lt;!here&gt;”",
    "<@UALICE> offered scribe to <@UBOB>",
    "<@UALICE> declined to be scribe",
    "<@UALICE> took the offer of scribe to <@UBOB> back",
    "<@UALICE> let the offer of scribe to <@UBOB> expire, since nobody answered",
    "<@UALICE> claimed scribe, and asked whether <@UBOB> is there",
    "<@UALICE> was there and stayed scribe, which <@UBOB> had claimed",
    "<@UALICE> told <@UBOB>, scribe, that 6 people report to them",
    f"<@UALICE> told <@UBOB>, scribe since {clock_time(NOW)}, to hand over",
    f"<@UALICE> went on as scribe, to be asked again at {clock_time(NOW)}",
    "<@UALICE> decided, unless somebody objects: “x &lt;!here&gt;”",
    "<@UALICE> *objected* to the decision “Roll back”: “x &lt;!here&gt;”",
    "<@UALICE> let the decision “Roll back” stand, since nobody objected",
    "<@UALICE> put off until after the incident: “x &lt;!here&gt;”",
)
"""What is said of `role_events`, in their order."""
OF_TESTS = (
    "<@UALICE> said of H1 “The release”, likely: if it is true we will see “x &lt;!here&gt;”, if not “x &lt;!here&gt;”",
    "<@UALICE> planned how to test H1 “The release”: “x &lt;!here&gt;”, longer, which *changes production*; "
    "the way back: “x &lt;!here&gt;”",
    "<@UALICE> let the test of H1 “The release” change production",
    "<@UALICE> ended the test of H1 “The release” without a result: “x &lt;!here&gt;”",
    "<@UALICE> said that H1 “The release” is the same as H2",
    "<@UALICE> let <@UBOB> test H1 “The release”",
    f"<@UALICE> gave the test of H1 “The release” until {clock_time(NOW)}",
    "<@UALICE> left to the review what was still open: H1 and H2",
    "<@UALICE> answered 1 piece of evidence against H1 “The release”: “x &lt;!here&gt;”",
    "<@UALICE> asked <@UBOB> what came of the test of H1 “The release”",
    "<@UALICE> gave <@UBOB> a hint: refuted before, about H1",
    f"<@UALICE> answered the hint “refuted before”: put off until {clock_time(NOW)}",
    f"<@UALICE> edited <@UBOB>'s <{ROOM}/p99|reply> in H1: “x &lt;!here&gt;”",
    f"<@UALICE> saw that <@UBOB>'s <{ROOM}/p99|reply> in H1 was deleted in Slack; the record keeps it",
    "<@UALICE> said that H1 “The release” states H2 anew",
)
"""What is said of `tracker_events`, in their order."""
REFUSED_TESTS = (
    "it was not known yet of H1 what we will see if it is true, and what if it is false; how it is tested",
    "as many as can be were being tested: H1 and H2",
    "a test of H1 had begun",
    "H1 had been tested like that, without a result",
    "evidence against H1 had no answer",
    "nobody was testing H1",
    "somebody had worked on H1",
    "it named a person",
    "H2 was still open",
)
"""The same of `tracker_refusals`."""
HAPPENED_TO_ACTIONS = (
    "<@UALICE> took A1",
    "<@UALICE> declined A1: “A check”",
    "<@UALICE> gave A1 to <@UBOB>",
    "<@UALICE> began to work on A1",
    "<@UALICE> said that A1 is done",
    "<@UALICE> verified that A1 is done",
    "<@UALICE> opened A1 again: “A check”",
    "<@UALICE> dropped A1: “A check”",
    "<@UALICE> moved A1 from 1 December 2026 to 8 December 2026: “A check”",
    "<@UALICE> reworded A1: “A check”",
    "<@UALICE> reminded <@UBOB> of A1, and told <@UALICE>",
    f"<@UALICE> waits until <@UBOB> is at work, at {clock_time(NOW)}, to remind them",
    "<@UALICE> told others that A1 is long overdue",
    "<@UALICE> wanted A1 as an issue in github",
    "<@UALICE> made A1 an issue: <https://github.example/shop/checkout/issues/12|shop/checkout#12>",
)
REFUSED_REVIEWS = (
    "the postmortem was published",
    "somebody had written it meanwhile",
    "the postmortem was not finished",
    "whoever wrote it does not review it",
)
"""The same of `postmortem_refusals`."""
IN_RUNS = (
    "came to *Do it*, earlier than it is meant for",
    "approved *Do it*: “x”",
    "said yes to *Do it*, as the first of two",
    "did not learn whether the call of *Do it* arrived",
    "said that the call of *Do it* did not arrive: it was made again",
    "kept what came of *Do it*, while it was stopped",
    "decided at *Do it*: *Turn the flag off*, since nobody chose in time: “x”",
    "stopped it: *Errors are up*, as far as anybody can tell without data",
    "had no data to tell whether this is so: *Errors are up*",
    "held the undo: “x”",
    "let it go on all the same: “x”",
    "began to undo *do*",
    "came to the undo of *Do it*",
    "let the undo go on",
    "did not learn whether the call arrived that undoes *Do it*",
    "said that *Do it* is not undone: the call was made again",
    "undid *Do it*: “x”",
    "ended the playbook, which is done: “x”. *It is good.* Not undone: *do*",
)
"""What is said of each kind of fact of a run."""
HAPPENED: list[tuple[Event, str]] = [
    (
        event(IncidentDeclared, team="T1", number=7, title="No <!here>", severity="SEV1", policy="x"),
        "<@UALICE> *declared INC-7*: “No &lt;!here&gt;”, SEV1",
    ),
    (event(RoomOpened, actor=SYSTEM, channel="C7", name="inc-7"), "Lockstep opened the room <#C7>"),
    (event(RoomLost, channel="C7"), "The room was deleted or archived by <@UALICE>"),
    (event(RoomLost, actor=SYSTEM, channel="C7"), "The room was deleted or archived"),
    (event(HistoryKept, actor=SYSTEM, messages=2, history="x"), "Lockstep kept what was said in the room: 2 messages"),
    (event(RoomArchived, actor=SYSTEM), "Lockstep archived the room"),
    (event(PhaseEntered, phase=Phase.TRIAGE), "<@UALICE> moved on to Triage"),
    (event(IncidentClosed), "<@UALICE> closed the incident"),
    (event(IncidentCancelled, cause=Cause.FALSE_ALARM), "<@UALICE> cancelled the incident (false alarm)"),
    (
        event(IncidentCancelled, cause=Cause.DUPLICATE, words="See <!here>"),
        "<@UALICE> cancelled the incident (duplicate of another incident): “See &lt;!here&gt;”",
    ),
    (event(IncidentMerged, into=3, channel="C3"), "<@UALICE> merged this incident into INC-3"),
    (event(IncidentLinked, kind=LinkKind.RECURS, other=3), "<@UALICE> declared this as INC-3 happening again"),
    (event(IncidentLinked, kind=LinkKind.RECURRED, other=3), "<@UALICE> declared it once more, as INC-3"),
    (event(IncidentLinked, kind=LinkKind.SPLIT_FROM, other=3), "<@UALICE> split this from INC-3"),
    (event(IncidentLinked, kind=LinkKind.SPLIT_OFF, other=3), "<@UALICE> split INC-3 off this"),
    (
        event(IncidentLinked, kind=LinkKind.ABSORBED, other=3),
        "<@UALICE> merged INC-3 into this one. Open there: no hypothesis",
    ),
    (
        event(
            IncidentLinked,
            kind=LinkKind.ABSORBED,
            other=3,
            hypotheses=(1, 2, 4, 5, 6, 7, 8),
            started=NOW,
            is_estimated=True,
        ),
        "<@UALICE> merged INC-3 into this one. Open there: H1, H2, H4, H5, H6 and 2 more, began at about "
        f"{clock_time(NOW)}",
    ),
    (
        event(ContainmentRecorded, action="Off", result=ContainmentResult.WORKED, is_temporary=True),
        "<@UALICE> recorded containment: “Off”. *It worked for now*",
    ),
    (
        event(HoldPassed, actor=SYSTEM, since=START),
        "Lockstep saw no new harm since <!date^1795442420^{time}|14:00 UTC>: it is contained",
    ),
    (event(ImpactReturned, relapse=0), "<@UALICE> said that *the harm is back*"),
    (event(ImpactReturned, relapse=2), "<@UALICE> said that *the harm is back*, relapse 2"),
    (event(MeasureSettled, measure=1), "<@UALICE> undid or replaced temporary measure 1"),
    (
        event(MeasureSettled, measure=1, assignee=BOB, due=date(2026, 12, 1)),
        "<@UALICE> let <@UBOB> undo or replace temporary measure 1 by 1 December 2026",
    ),
    (event(QuestionAnswered, question=Need.SIZE, answer="5%"), "<@UALICE> said how many are hit: “5%”"),
    (
        event(NeedsWaived, needs=(Need.CHANGES, Need.OPERATIONS), reason="Three of us"),
        "<@UALICE> went on without knowing what changed lately; who is operations lead: “Three of us”",
    ),
    (event(RoleTaken, role="scribe", user=ALICE), "<@UALICE> became scribe"),
    (event(RoleTaken, role="scribe", user=BOB), "<@UALICE> made <@UBOB> scribe"),
    (event(RoleTaken, role="scribe", user=ALICE, former=BOB), "<@UALICE> became scribe, in place of <@UBOB>"),
    (event(RoleTaken, role="scribe", user=BOB, former=ALICE), "<@UALICE> handed over to <@UBOB>, now scribe"),
    *zip(role_events(NOW, ALICE, BOB, "scribe", "x <!here>"), OF_ROLES, strict=True),
    *zip(
        (it for it in tracker_events(NOW, ALICE, BOB, "x <!here>") if not isinstance(it, HIDDEN)), OF_TESTS, strict=True
    ),
    (event(RoleTaken, role="scribe", user=ALICE, solo=True), "<@UALICE> became scribe, leading as well"),
    (
        event(RoleTaken, role="scribe", user=ALICE, former=BOB, how=How.ACCEPTED),
        "<@UALICE> became scribe, in place of <@UBOB>, as offered",
    ),
    (
        event(RoleTaken, role="scribe", user=ALICE, former=BOB, how=How.CLAIMED),
        "<@UALICE> became scribe, in place of <@UBOB>, who did not answer",
    ),
    (
        event(TestStarted, hypothesis=1, assignee=ALICE, solo=True),
        "<@UALICE> started testing H1 “The release”, leading as well",
    ),
    (event(SeatFoundEmpty, role="scribe"), "<@UALICE> asked the room who can be scribe, since nobody was"),
    (event(SeverityChanged, severity="SEV1"), "<@UALICE> set the severity to SEV1"),
    (
        event(SeverityChanged, severity="SEV2", who=Who.MANY, loss=Loss.CORE, is_lowered=True, reason="A workaround"),
        "<@UALICE> set the severity to SEV2: many people cannot do something essential, lower because “A workaround”",
    ),
    (event(PhaseTakesLong, phase=Phase.TRIAGE, to=BOB), "<@UALICE> asked <@UBOB> what Triage waits for"),
    (
        wording(
            UpdateReminded,
            actor=SYSTEM,
            step=Step.MISSED,
            to=(ALICE, BOB),
            due={"support": NOW, "board": NOW},
            nexts={},
            told={},
            taken={},
            ladder_of={},
        ),
        "Lockstep reminded <@UALICE>, <@UBOB> of the update to support, board, due "
        f"{clock_time(NOW)}, which was missed",
    ),
    (
        event(
            LateNoted,
            actor=SYSTEM,
            audience="support",
            due=NOW,
            last=NOW,
            taken=4,
            ladder_of=NOW,
            to_channel=False,
        ),
        "Lockstep told support that their update is late",
    ),
    (event(PeopleSubscribed, people=("UALICE",)), "<@UALICE> subscribed"),
    (
        event(PeopleSubscribed, actor=SYSTEM, people=("UBOB",), by_rule=True),
        "Lockstep told <@UBOB> of it, who subscribe to such incidents",
    ),
    (event(PeopleUnsubscribed, people=("UALICE",)), "<@UALICE> unsubscribed"),
    (
        event(FactsWithheld, facts=("impact", "size"), audiences=("support",), rules=("U2", "U3"), to=BOB),
        "<@UALICE> left the impact and how many are hit as it was typed out of what support read, since it has names of people and "
        "a cause, and told <@UBOB>",
    ),
    (
        event(RulesOverridden, rules={"support": ("U3",), "customers": ("U2", "U3")}, because="<It> must"),
        "<@UALICE> sent support, customers a text with names of people and a cause all the same, because “&lt;It&gt; must”",
    ),
    (
        event(RemindersSnoozed, audiences=("support",), until=NOW),
        f"<@UALICE> put reminders of the update to support off until {clock_time(NOW)}",
    ),
    (
        event(CadenceStretched, since=NOW, times=2),
        f"<@UALICE> let audiences hear at intervals 2 times as long from {clock_time(NOW)} on",
    ),
    (
        event(CadenceStretched, since=NOW, times=1),
        f"<@UALICE> let audiences hear as often as usual again from {clock_time(NOW)} on",
    ),
    (event(PromptsSnoozed, until=NOW), f"<@UALICE> put questions about the phase off until {clock_time(NOW)}"),
    (event(TitleChanged, title="No *search*"), "<@UALICE> changed the title to “No *search*”"),
    (event(ImpactStated, impact="None can pay"), "<@UALICE> stated the impact: “None can pay”"),
    (event(StartStated, started=NOW), f"<@UALICE> said that it began at {clock_time(NOW)}"),
    (
        event(StartStated, started=NOW, is_estimated=True),
        f"<@UALICE> said that it began at about {clock_time(NOW)}",
    ),
    (event(DetectionStated, detected=NOW), f"<@UALICE> said that it was noticed at {clock_time(NOW)}"),
    (event(BoundariesMarked, boundaries=("search", "moon")), "<@UALICE> marked as affected: Search, moon"),
    (event(BoundariesMarked, boundaries=()), "<@UALICE> marked as affected: nothing"),
    (
        event(ContainmentRecorded, action="Undid it", result=ContainmentResult.SELF_LIMITED),
        "<@UALICE> recorded containment: “Undid it”. *It stopped by itself*",
    ),
    (event(RecoveryVerified, how="All is well"), "<@UALICE> recorded how recovery was verified: “All is well”"),
    (
        event(HypothesisProposed, hypothesis=2, statement="The disk", boundary="search"),
        "<@UALICE> proposed H2: “The disk”, at Search",
    ),
    (event(HypothesisPlaced, hypothesis=1, boundary="search"), "<@UALICE> said that H1 “The release” is about Search"),
    (event(TestStarted, hypothesis=1, assignee=ALICE), "<@UALICE> started testing H1 “The release”"),
    (event(TestStarted, hypothesis=2, assignee=BOB), "<@UALICE> let <@UBOB> test H2"),
    (event(HypothesisParked, hypothesis=1), "<@UALICE> parked H1 “The release”"),
    (event(HypothesisConfirmed, hypothesis=1, why="a"), "<@UALICE> *confirmed* H1 “The release”, shown by “a”"),
    (event(HypothesisRefuted, hypothesis=1, why="b"), "<@UALICE> *refuted* H1 “The release”, shown by “b”"),
    (OWN_REPLY, f"<@UBOB> <{ROOM}/p99|replied> in H1: “No errors”"),
    (
        event(ReplyMarked, hypothesis=1, reply="9.9", side=Side.FOR),
        f"<@UALICE> took <@UBOB>'s <{ROOM}/p99|reply> in H1 as evidence *for* it: “No errors”",
    ),
    (
        event(MarkWithdrawn, hypothesis=2, reply="9.9", side=Side.AGAINST),
        "<@UALICE> no longer took a reply in H2 as evidence against it",
    ),
    (
        event(EvidenceWritten, hypothesis=1, reply="form-1", side=Side.AGAINST, text="Graph"),
        "<@UALICE> added evidence *against* H1: “Graph”",
    ),
    (event(PictureAsked), "<@UALICE> asked for a picture of the incident"),
    (
        event(SectionEdited, section=Section.HELPED, version=2, text="The switch"),
        "<@UALICE> wrote *What helped* in the postmortem, version 2",
    ),
    (
        event(FactorsTagged, factors=(Factor.DETECTION, Factor.NOISE), strengths=(Strength.TOOL,)),
        "<@UALICE> tagged what contributed: detection gap, alert noise; what went right: a tool",
    ),
    (
        event(FindingKept, section=Section.HELPED, rule="B4", found="human error", reason="A quotation"),
        "<@UALICE> kept “human error” in the postmortem (B4), because “A quotation”",
    ),
    (event(PostmortemMoved, to=Stage.REVIEWED), "<@UALICE> reviewed the postmortem"),
    (
        event(PostmortemMoved, to=Stage.DRAFT, reason="Too long"),
        "<@UALICE> took the postmortem back to being a draft: “Too long”",
    ),
    (event(NoteAdded, text="Look\nhere"), "<@UALICE> noted: “Look here”"),
    (
        event(MessagePinned, ts="1.1", author=BOB, posted=NOW, permalink=f"{ROOM}/p11?a=1&b=2", text="Off"),
        f"<@UALICE> pinned <@UBOB>'s <{ROOM}/p11?a=1&amp;b=2|message> of {clock_time(NOW)}: “Off”",
    ),
    (
        event(ActionItemAdded, what="A check", assignee=BOB, due=date(2026, 12, 1)),
        "<@UALICE> added an action item: “A check”, for <@UBOB> by 1 December 2026",
    ),
    *zip(
        action_events(NOW, ALICE, BOB, "A check")[:13] + action_events(NOW, ALICE, BOB, "A check")[14:],
        HAPPENED_TO_ACTIONS,
        strict=True,
    ),
    (event(NoActionNeeded, reason="A test"), "<@UALICE> said why no action is needed: “A test”"),
    (wording(UpdateIssued, Occasion.FIRST, to_channel=True), "Lockstep gave support their first update"),
    (wording(UpdateIssued, Occasion.WRITTEN, "Hi", to_channel=True), "<@UALICE> told support: “Hi”"),
    (wording(UpdateDrafted, until=NOW), "Lockstep drafted an update to support, for a person to send"),
    (
        event(PromiseMoved, audience="support", promised=NOW),
        f"Lockstep brought the next update to support forward to {clock_time(NOW)}",
    ),
    (
        event(PolicyAdopted, policy="a", former="b", changes=("announce_in", "severity SEV1")),
        "<@UALICE> brought in a corrected policy. Changed: announce_in, severity SEV1",
    ),
    (
        event(DeliveryFailed, actor=SYSTEM, effect="Announce announcement", reason="not_in_channel"),
        "Lockstep could not announce the incident (not_in_channel)",
    ),
    (
        event(DeliveryRetried, effect="Announce announcement", effect_id="x"),
        "<@UALICE> let Lockstep try again to announce the incident",
    ),
    (
        event(DeliveryDropped, effect="Announce announcement", effect_id="x", reason="Told them by phone"),
        "<@UALICE> decided not to announce the incident after all: “Told them by phone”",
    ),
    (
        event(TextRedacted, entries={3: ("text",), 9: ("impact",)}, reason="A <password>"),
        "<@UALICE> redacted what was typed in 2 entries: “A &lt;password&gt;”",
    ),
]
HAPPENED += [
    (offers(NOW, SYSTEM, "One & all"), "Lockstep offered the playbook *One &amp; all*"),
    (offers(NOW, SYSTEM, "One", "Two"), "Lockstep offered the playbooks *One*, *Two*"),
]
HAPPENED += [
    (one, f"<@UALICE> {said}")
    for one, said in zip(
        run_events(NOW, ALICE, "x", 1),
        [
            "started the playbook *A small playbook* as a step of another, earlier than it is meant for, beside another that "
            "touches the same part, with “x”",
            *(f"{said} (*A small playbook*)" for said in IN_RUNS),
        ],
        strict=True,
    )
]
REFUSED: list[tuple[Refusal, str]] = [
    *zip(
        action_refusals(BOB),
        (
            "A1 was verified by then",
            "A1 was proposed to somebody else",
            "A1 was their own work",
            "nobody could have said when it was done",
            "the incident is private, and a tracker is read by others",
        ),
        strict=True,
    ),
    (run_refusals()[0], "the file of torn was broken"),
    (run_refusals()[1], "it was for somebody else to do (A small playbook)"),
    (refusal.NotNext(phase=Phase.TRIAGE, since=NOW, by=BOB), f"it was in Triage since {clock_time(NOW)}, by <@UBOB>"),
    (
        refusal.Lacks(missing=(Need.COMMANDER, Need.IMPACT)),
        "it was not known yet who is incident commander; who cannot do what",
    ),
    (
        refusal.NotWaivable(needs=(Need.CONTAINMENT,)),
        "the policy does not let it go on without knowing what was done that stopped the harm from growing",
    ),
    (refusal.NotContained(phase=Phase.TRIAGE), "the harm was not contained"),
    (refusal.LoweredTooSoon(), "it was not known yet how bad it was"),
    (
        refusal.LoweredTooSoon(again=NOW),
        f"it had been lowered just before, and not again until {clock_time(NOW)}",
    ),
    (refusal.LoweredTooFar(next="SEV2"), "it is lowered one level at a time, to SEV2 next"),
    (refusal.NothingToSettle(), "that was settled already"),
    (refusal.SeatTaken(role="scribe", user=BOB, since=NOW), f"<@UBOB> was scribe since {clock_time(NOW)}"),
    (refusal.HasEnded(end=End.CLOSED), "the incident was over"),
    (refusal.NotInPolicy(what="role", given="<!here>", known=()), "the policy has no role “&lt;!here&gt;”"),
    (refusal.SaysNothing(what="note"), "nothing was written for “note”"),
    (refusal.AlreadyDeclared(incident=3), "it was declared already, as INC-3"),
    (
        refusal.Concluded(hypothesis=1, status=Status.REFUTED, since=NOW, by=BOB),
        f"H1 “The release” was refuted at {clock_time(NOW)} by <@UBOB>, which is final",
    ),
    (refusal.AlreadyTold(audience="customers", at=NOW), f"customers had been told at {clock_time(NOW)}"),
    (refusal.NotYet(given=NOW), f"{clock_time(NOW)} was still to come"),
    (refusal.PolicyDoesNotFit(severities=("SEV1",)), "that policy has no SEV1, which this incident has or had"),
    (refusal.NotAllowed(allowed=("deputy", "@a&b")), "only these may: deputy, @a&amp;b"),
    (refusal.KeptApart(user=BOB, role="scribe"), "<@UBOB> led, and scribe was for somebody else"),
    (
        refusal.KeptApart(user=BOB, hypothesis=1),
        "<@UBOB> led, and the test of H1 “The release” was for somebody else",
    ),
    (refusal.SpanFull(user=BOB, reports=8), "8 people reported to <@UBOB> already"),
    (refusal.NotYours(what="offer", role="scribe", user=BOB), "only <@UBOB> could do that"),
    (refusal.NoOffer(role="scribe", user=BOB), "scribe was not offered any more"),
    (refusal.ClaimWaits(role="scribe", user=BOB, until=NOW), "<@UBOB> had claimed it before"),
    (refusal.NoClaim(role="scribe", user=BOB), "nobody claimed scribe any more"),
    (refusal.Settled(proposal=1, stands=True, until=NOW), "the decision “Roll back” stood already"),
    (refusal.NothingToRedact(), "nothing of that was in the record"),
    (refusal.RepeatsIt(), "the reason said it again"),
    (
        refusal.TooLate(phase=Phase.RECOVERY, since=NOW, by=BOB),
        f"it was in Recovery since {clock_time(NOW)}, by <@UBOB>",
    ),
    (refusal.HarmFought(at=NOW), f"something had been done against the harm at {clock_time(NOW)}"),
    (refusal.CannotMerge(into=3, because="over"), "INC-3 was over"),
    (refusal.NotLongYet(again=NOW), f"that was not to be decided before {clock_time(NOW)}"),
    (refusal.AlreadyStretched(is_on=True), "it was so already"),
    (refusal.AlreadyStretched(is_on=False), "it was not so already"),
    (refusal.HasChanged(audience="a & b"), "something had changed since a &amp; b were told"),
    (
        refusal.NotPlain(rules={"a": ("U3", "U16"), "b": ("U2",)}),
        "the text had names of people, a cause and times without a zone",
    ),
    (refusal.CannotSnooze(because="overdue"), "the update was overdue"),
    (refusal.CannotSnooze(because="snoozed"), "it had been put off once already"),
    *zip(tracker_refusals(), REFUSED_TESTS, strict=True),
    *zip(postmortem_refusals(NOW, BOB), REFUSED_REVIEWS, strict=True),
    (refusal.CannotMerge(into=1, because="itself"), "that was this incident itself"),
    (refusal.CannotMerge(into=3, because="drill"), "one of this and INC-3 was a drill"),
]
TYPED = {
    "title",
    "impact",
    "action",
    "how",
    "statement",
    "why",
    "text",
    "what",
    "reason",
    "given",
    "effect",
    "severity",
    "words",
    "if_true",
    "if_false",
    "way_back",
    "found",
}


@pytest.mark.parametrize(("it", "said"), HAPPENED)
def test_what_happened_is_said_in_one_plain_sentence(it: Event, said: str) -> None:
    assert happened([it], Telling.of(KNOWN, POLICY, FOLDED)) == said


def test_what_an_operator_did_from_the_command_line_is_said_to_be_an_operators_doing() -> None:
    again = event(DeliveryRetried, actor=OPERATOR, effect="Announce announcement", effect_id="x")
    dropped = event(DeliveryDropped, actor=OPERATOR, effect="Announce announcement", effect_id="x", reason="By phone")
    without_a_word = refusal.SaysNothing(what="reason")
    tried = AttemptRefused(at=NOW, actor=OPERATOR, attempt="DropDelivery", refusal=without_a_word)
    telling = Telling.of(KNOWN, POLICY, FOLDED)
    assert happened([again], telling) == "An operator let Lockstep try again to announce the incident"
    assert happened([dropped], telling) == "An operator decided not to announce the incident after all: “By phone”"
    assert refused(tried, 1, telling).startswith("An operator tried to drop what Slack had refused. *Refused:*")


def test_every_kind_of_event_has_its_words_or_a_reason_to_be_left_out() -> None:
    worded: list[type[Event]] = [*TELL, *TOGETHER, AttemptRefused]
    assert sorted(kind.__name__ for kind in (*worded, *HIDDEN)) == sorted(EVENTS)
    assert {type(it) for it, _ in HAPPENED} == set(worded) - {AttemptRefused}


@pytest.mark.parametrize(
    "unsaid",
    [
        event(UpdateSent, audience="support", update=3),
        event(HypothesisPosted, hypothesis=1, channel="C7", ts="1.1"),
        event(RoomRetired),
    ],
)
def test_what_another_line_says_has_none(unsaid: Event) -> None:
    assert "lines 1 to 1 of 1" in timeline(declared(), POLICY, [event(NoteAdded, text="x"), unsaid], UTC).text


@pytest.mark.parametrize(("refusal", "why"), REFUSED)
def test_a_refused_attempt_says_what_was_tried_and_why_not(refusal: Refusal, why: str) -> None:
    tried = AttemptRefused(at=NOW, actor=BOB, attempt="AdvancePhase", refusal=refusal)
    said = refused(tried, 1, Telling.of(KNOWN, POLICY, FOLDED))
    assert said == f"<@UBOB> tried to move to the next phase. *Refused:* {why}"


def test_every_refusal_has_its_words() -> None:
    assert set(REASONS) == {type(refusal) for refusal, _ in REFUSED} == set(get_args(get_args(Refusal)[0]))


def leaves(kind: type[Command]) -> Iterator[type[Command]]:
    """The commands of the core that this kind stands for."""
    if not kind.__subclasses__() and kind.__module__.startswith("bot."):
        yield kind
    for one in kind.__subclasses__():
        yield from leaves(one)


NEVER_REFUSED = {
    *("BindRoom", "ReportRoomGone", "RetireRoom", "KeepHistory", "ConfirmArchive", "BindThread"),
    *("LetOfferExpire", "SettleClaim", "WarnOfSpan", "ProposeRest", "LetDecisionStand", "EndHold"),
    *(
        "LinkIncident",
        "RemindOfActions",
        "EscalateActions",
        "LearnZone",
        "ConfirmIssue",
        "AskForCommander",
        "AskAboutPhase",
        "AskAboutTest",
        "GiveHint",
        "OfferPlaybooks",
        "KeepPromise",
        "Remind",
        "RenewUpdate",
        "ConfirmUpdate",
        "ReportOnRun",
        "ReportFailure",
        "TryDeliveryAgain",
    ),
}
"""Commands that say what a machine did, or that change nothing when they come too late."""


def test_every_command_that_can_be_refused_in_an_incident_has_its_words() -> None:
    commands = {kind.__name__ for kind in leaves(Command) if kind is not DeclareIncident}
    assert set(ATTEMPTS) == commands - NEVER_REFUSED


def stuff(it: Any, policy: Policy) -> Any:
    """The event or refusal with everything in it as long as it can be."""
    long: dict[str, Any] = {
        name: NASTY for name in TYPED & set(type(it).model_fields) if isinstance(getattr(it, name), str)
    }
    if "boundaries" in type(it).model_fields:
        long["boundaries"] = tuple(boundary.id for boundary in policy.boundaries)
    if "refusal" in type(it).model_fields:
        long["refusal"] = stuff(it.refusal, policy)
    lists = {
        "severities": (NASTY,) * 9,
        "changes": (NASTY,) * 9,
        "missing": tuple(Need),
        "permalink": f"{ROOM}/{'&' * 250}",
        "allowed": (NASTY,) * 9,
    }
    return it.but(**long, **{name: value for name, value in lists.items() if name in type(it).model_fields})


@pytest.mark.parametrize("in_full", [False, True])
@pytest.mark.parametrize(
    "it",
    [it for it, _ in HAPPENED] + [event(AttemptRefused, attempt="WithdrawMark", refusal=one) for one, _ in REFUSED],
)
def test_a_page_of_the_longest_lines_fits_and_mentions_nobody_it_should_not(it: Event, in_full: bool) -> None:
    known = [*(stuff(one, LARGE_POLICY) for one in KNOWN), event(NoteAdded, text="x")]
    longest, incident = stuff(it, LARGE_POLICY), stuffed(Phase.TRIAGE)
    apart = [longest.but(at=NOW + timedelta(minutes=2 * n)) for n in range(PAGE)]
    message = fits(timeline(incident, LARGE_POLICY, [*known, *apart], UTC, None, in_full))
    assert "<!channel>" not in markup(message) and "<!subteam" not in markup(message)


def test_one_update_to_the_most_audiences_fits_in_full() -> None:
    issued = [
        UpdateIssued.model_validate(
            {**wording(UpdateIssued, Occasion.WRITTEN, NASTY, to_channel=True).model_dump(), "audience": one.name}
        )
        for one in LARGE_POLICY.audiences
    ]
    assert "“&lt;!channel&gt;" in shown(fits(timeline(declared(), LARGE_POLICY, issued, UTC, None, True)))
