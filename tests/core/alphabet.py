"""Everything that two people, machines and the clock may try in a given state, as a finite list: what `model.py` explores with.

Of each kind of command there are those that may be given and those that may not: buttons drawn for another phase, names that no
policy knows, empty texts, times that have not come, word that arrives late.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.adoption import AdoptPolicy
from bot.core.claims import AnswerClaim, ClaimRole, SettleClaim
from bot.core.containment import EndHold, RecordContainment, ReportReturn, SettleMeasure
from bot.core.decision import SYSTEM, Command, Origin
from bot.core.delivery import DropDelivery, ReportFailure, TryDeliveryAgain
from bot.core.due import falls_due, when_due
from bot.core.duties import OPERATIONS
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.facts import (
    CorrectFacts,
    MarkBoundaries,
    Retitle,
    StateDetection,
    StateImpact,
    StateStart,
    VerifyRecovery,
)
from bot.core.gates import WaiveNeeds
from bot.core.incident import COMMANDER, Cause, ContainmentResult, End, Incident, LinkKind, Phase, Side
from bot.core.learning.action_moves import ChangeAction, DropAction, FinishAction, MoveDueDate, ReopenAction
from bot.core.learning.action_reminders import RemindOfActions, reminder_times
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.learning.issues import FollowElsewhere
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident, IncidentDeclared
from bot.core.links import LinkIncident
from bot.core.load import ProposeRest, SnoozeRest, WarnOfSpan
from bot.core.needs import Need
from bot.core.notes import AddNote, ParkDebate, PinMessage
from bot.core.offers import AcceptRole, DeclineRole, LetOfferExpire, WithdrawOffer
from bot.core.pictures import AskForPicture
from bot.core.playbooks.acts import Answer as Does
from bot.core.playbooks.acts import ByPerson, CallOff, Hold, Override, Report, RollBackNow, SayWorse, Settle, UndoDone
from bot.core.policy import Policy
from bot.core.policy_parts import GATES, ON_PHASE_CHANGE, Loss, Who
from bot.core.prompts import AskAboutPhase, SnoozePrompts
from bot.core.proposals import LetDecisionStand, ObjectToDecision, ProposeDecision
from bot.core.questions import UNKNOWN, AnswerQuestion
from bot.core.redaction import RedactText, Written
from bot.core.roles import NOBODY, AskForCommander, HandOver, TakeCommand, TakeRole
from bot.core.rooms import BindRoom, ConfirmArchive, KeepHistory, ReportRoomGone, RetireRoom, RoomOpened, room_names
from bot.core.router.cadence import StretchCadence
from bot.core.router.corrections import CorrectUpdate
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.reminders import Remind, SayNoChange, SnoozeReminder
from bot.core.router.renewals import RenewUpdate
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.router.updates import KeepPromise, SendUpdate
from bot.core.run_offers import OfferPlaybooks
from bot.core.runs import ActOnRun, ReportOnRun, StartPlaybook
from bot.core.severity import AssessSeverity, SetSeverity
from bot.core.tracker.boxes import AskAboutTest
from bot.core.tracker.evidence import AnswerEvidence, KeepReply, MarkReply, WithdrawMark, WriteEvidence
from bot.core.tracker.hints import AnswerHint, GiveHint
from bot.core.tracker.hypotheses import (
    BindThread,
    ConcludeHypothesis,
    MarkRevision,
    ParkHypothesis,
    PlaceHypothesis,
    ProposeHypothesis,
    StartTest,
)
from bot.core.tracker.predictions import AllowChange, PlanTest, StatePrediction
from bot.core.tracker.rewriting import EditReply, NoteDeletion
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive, ExtendTest, MarkDuplicate
from bot.core.trial import Answer, Explains
from tests.core.action_examples import action_commands
from tests.core.given import ALICE, BOB, CAROL, facts_of, policy_with, predicted
from tests.core.postmortem_examples import writing_up, written_up
from tests.core.random_acts import leader, step_onward
from tests.core.run_examples import FITTING, SHELF, shelved

ACTORS = (ALICE, BOB)
START = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""When it is declared: a whole minute, so that promises, which are whole minutes, lie whole minutes ahead."""
STEP = timedelta(minutes=10)
"""Every cadence is one step or two, so that all times lie whole steps apart and few distances are ever seen."""

_SEV1 = {"name": "SEV1", "means": "Bad", "first_update_minutes": 10, "then_every_minutes": 10, "invite": ["@leads"]}
_SEV2 = {"name": "SEV2", "means": "Less bad", "first_update_minutes": 20, "then_every_minutes": 20}
_EXECUTIVES = {"name": "executives", "channel": "#exec-updates", "hears": ["SEV1"]}
_CUSTOMERS = {"name": "customers", "channel": "#status-page", "hears": ["SEV1", "SEV2"], "sent_by": "a person"}
_SUPPORT = {
    "name": "support",
    "channel": "#support",
    "hears": ["SEV1", "SEV2"],
    "then_every_minutes": {"SEV2": ON_PHASE_CHANGE},
}

QUIET = policy_with(
    severities=[_SEV1, _SEV2],
    audiences=[],
    ask_for_commander_after_minutes=10,
    archive_room_after_days=0,
    offer_expires_after_minutes=10,
    claim_passes_after_minutes=10,
    object_within_seconds=600,
    rest_after_minutes="never",
    stretch_not_before_minutes=10,
    stretch_after_minutes=20,
    overtaken_after_minutes=10,
    ladder=[
        {"step": "draft", "percent": 0},
        {"step": "note", "percent": 0, "minutes": 10},
        {"step": "missed", "percent": 0, "minutes": 20},
    ],
    notes_in_a_row=1,
    undelivered_to="#incidents",
    snooze_percent=100,
    test_minutes=[10, 10, 10],
    prolong_test_by_minutes=10,
    remind_of_actions_days_before=[],
    call_leader_after_days="never",
    escalate_actions_after_days="never",
    may_call=[{"host": "api.github.com", "secrets": ["TOKEN"]}],
    issue_trackers=[
        {"name": "github", "kind": "github", "api": "https://api.github.com", "project": "a/b", "token": "TOKEN"}
    ],
)
LOADED = policy_with(
    QUIET,
    strict_at=["SEV1"],
    reports_before_warning=1,
    reports_before_refusing=1,
    rest_after_minutes=10,
    insist_on_rest_after_minutes=20,
    ask_for_rest_again_after_minutes=10,
)
"""One person who reports to the commander is as many as they can lead, and a step is long for anybody to have a role."""
REMINDING = policy_with(
    QUIET,
    remind_of_actions_days_before=[1, 0],
    call_leader_after_days=3,
    escalate_actions_after_days=7,
    escalate_actions_every_days=7,
    actions_in="#actions",
)
"""People are reminded of action items, and others hear of those that are overdue."""
TIRELESS = policy_with(LOADED, rest_after_minutes="never")
"""The same for people who need no rest: how long each has which role is not to be told apart."""
FOLLOWED = policy_with(QUIET, audiences=[_EXECUTIVES, _CUSTOMERS])
CORRECTED = policy_with(FOLLOWED, audiences=[_SUPPORT, {**_CUSTOMERS, "sent_by": "lockstep"}])
NARROW = policy_with(FOLLOWED, severities=[_SEV1], unset_counts_as="SEV1", audiences=[_EXECUTIVES])
CORRECTIONS = (QUIET, FOLLOWED, CORRECTED, NARROW)
GUARDED = policy_with(
    QUIET,
    severities=[{**_SEV1, "hold_minutes": 10}, {**_SEV2, "hold_minutes": 20}],
    gates=[
        *({"need": need} for need in ("severity", "boundary", "containment", "hold", "recovery", "temporary measures")),
        {"need": "recent changes", "can_be_waived": True},
        {"need": "data", "at": ["SEV1"], "can_be_waived": True},
        {"need": "action item"},
    ],
    may=[{"act": "advance", "who": ["incident commander", "deputy"]}, {"act": "waive", "who": ["incident commander"]}],
)
HURRIED = policy_with(
    QUIET,
    severities=[_SEV1, _SEV2, {**_SEV2, "name": "SEV3"}],
    paces=[
        {"phase": "TRIAGE", "after_minutes": 10, "then_every_minutes": 10},
        {"phase": "DETECTION", "after_minutes": 20},
    ],
    may=[{"act": "lower severity", "who": ["incident commander"]}],
)
_LEARNING = ("accepted actions", "checked actions", "published postmortem")
BRIEF = policy_with(
    QUIET, full_postmortem_at=[], gates=[*GATES, *({"need": need, "can_be_waived": True} for need in _LEARNING)]
)
"""A postmortem is short, and the close waits for it, and for action items that people have taken."""
TRYING = policy_with(QUIET, tests_at_once=2, may=[{"act": "advance", "who": ["anyone"]}])
HINTING = policy_with(
    QUIET, hints=[{"hint": "no prediction", "after_minutes": 10}, {"hint": "nothing is tested", "after_minutes": 10}]
)
POLICIES = {
    policy.hash: policy
    for policy in (*CORRECTIONS, LOADED, TIRELESS, REMINDING, GUARDED, HURRIED, TRYING, HINTING, BRIEF)
}
"""What it may be declared under, without audiences and with two, and what it may be brought to follow: corrected audiences, or
not every severity; one whose gates ask for a hold and let something be waived, and that lets only some people advance; one where
two tests are as many as there can be; and one that gives hints."""

Moves = Callable[[Incident, datetime], Iterator[Command]]


def origin(actor: str, at: datetime) -> Origin:
    """Where a command of this actor comes from at this moment."""
    return Origin(team="T1", incident=1, actor=actor, at=at, key="key")


def given(commands: tuple[Command, ...], actor: str, at: datetime) -> tuple[Command, ...]:
    """The commands as this actor gives them; who takes a role takes it for themselves."""
    by = origin(actor, at)
    return tuple(
        one.but(origin=by, user=actor) if isinstance(one, TakeRole) else one.but(origin=by) for one in commands
    )


def declarations() -> Iterator[Command]:
    """Without a severity, with one, with one that there is not, with facts, and the same once more."""
    by = origin(ALICE, START)
    for severity in (None, "sev1", "nonsense"):
        yield DeclareIncident(origin=by, title="Checkout fails", severity=severity)
    facts = given((*facts_of(Phase.DETECTION), SetSeverity(origin=by, severity="SEV2")), BOB, START)
    yield DeclareIncident(origin=by, title="Checkout fails", then=facts)
    yield DeclareIncident(origin=by, title="", then=(SetSeverity(origin=by, severity="nonsense"),))
    yield DeclareIncident(origin=by, title="Checkout fails", earlier=1)
    yield DeclareIncident(origin=by, title="Checkout fails", earlier=1, again=True)


def hidden() -> Iterator[Command]:
    """A private one, in which something is to be changed."""
    change = AddActionItem(origin=origin(ALICE, START), what="Add a check", assignee=BOB, due=date(2026, 12, 1))
    yield DeclareIncident(origin=origin(ALICE, START), title="Checkout fails", is_private=True, then=(change,))


def learnt() -> Iterator[Command]:
    """The same, and some of which the postmortem is finished, in review, and reviewed."""
    yield from declarations()
    by = origin(ALICE, START)
    facts = {phase: given(facts_of(phase), ALICE, START) for phase in Phase}
    declared = DeclareIncident(origin=by, title="Checkout fails", severity="SEV1")
    yield from written_up(declared, by, origin(BOB, START), facts)


def drills() -> Iterator[Command]:
    """Without a severity and with one; a drill; and one that comes out of another."""
    by = origin(ALICE, START)
    yield DeclareIncident(origin=by, title="Checkout fails")
    yield DeclareIncident(origin=by, title="Checkout fails", severity="SEV1", is_drill=True)
    link = LinkIncident(origin=by, kind=LinkKind.RECURS, other=5, seats={COMMANDER: BOB})
    yield DeclareIncident(origin=by, title="Checkout fails", severity="SEV1", then=(link,))


def suspicions() -> Iterator[Command]:
    """The same, and one where somebody has an idea at once, and somebody a word on it."""
    yield from declarations()
    idea = ProposeHypothesis(origin=origin(ALICE, START), statement="It is Checkout")
    word = KeepReply(origin=origin(SYSTEM, START), hypothesis=1, reply="1.2", author=BOB, text="It waits")
    yield DeclareIncident(origin=origin(ALICE, START), title="Checkout fails", then=(idea, word))


def commanded() -> Iterator[Command]:
    """The same, and one where somebody has been in command for a while."""
    yield from declarations()
    taken = TakeRole(origin=origin(ALICE, START - STEP), user=ALICE)
    yield DeclareIncident(origin=origin(ALICE, START), title="Checkout fails", then=(taken,))


def busy() -> Iterator[Command]:
    """The same, and some where several ideas are ready or being tested: as many as can be, and two that change production; and one
    where one of two was refuted."""
    yield from suspicions()
    alice, bob, carol = (origin(actor, START) for actor in (ALICE, BOB, CAROL))
    ideas = [ProposeHypothesis(origin=alice, statement=f"It is {what}") for what in ("Checkout", "DNS", "a disk")]
    known = [one for number in (1, 2, 3) for one in predicted(alice, number)]
    running = [StartTest(origin=bob, hypothesis=1), StartTest(origin=carol, hypothesis=2)]
    yield DeclareIncident(origin=alice, title="Checkout fails", then=(*ideas, *known, *running))
    change: dict[str, Any] = {"how": "Restart one", "changes_production": True, "way_back": "Start it again"}
    changes = [PlanTest(origin=alice, hypothesis=number, **change) for number in (1, 2)]
    allowed = [AllowChange(origin=alice, hypothesis=number) for number in (1, 2)]
    then = (*ideas[:2], *known[:4], *changes, *allowed, running[0])
    yield DeclareIncident(origin=alice, title="Checkout fails", then=then)
    against = WriteEvidence(origin=bob, hypothesis=1, side=Side.AGAINST, text="Idle")
    nothing = CallInconclusive(origin=bob, hypothesis=1, why="No log")
    waiting = AssignHypothesis(origin=bob, hypothesis=1, user=BOB)
    for last in ((running[0], against), (running[0], nothing), (changes[0],), (waiting,)):
        yield DeclareIncident(origin=alice, title="Checkout fails", then=(ideas[0], *known[:2], *last))
    refuted = ConcludeHypothesis(origin=bob, hypothesis=1, result=Side.AGAINST, why="Idle")
    yield DeclareIncident(origin=alice, title="Checkout fails", then=(*ideas[:2], *known[:2], running[0], refuted))


def decided() -> Iterator[Command]:
    """The same, and one where a decision is before the room at once."""
    yield from declarations()
    by = origin(ALICE, START)
    yield DeclareIncident(origin=by, title="Checkout fails", then=(ProposeDecision(origin=by, text="We roll back"),))


def everything() -> Iterator[Command]:
    """All of these."""
    yield from dict.fromkeys([*suspicions(), *commanded(), *decided()])


def stepping(incident: Incident, at: datetime) -> Iterator[Command]:
    """With the facts and without: the next phase, any other, as from a button that was drawn before or never; the close."""
    for actor in ACTORS:
        by = origin(actor, at)
        yield _walk(incident, actor, at)
        for phase in Phase:
            yield AdvancePhase(origin=by, to=phase)
        yield CloseIncident(origin=by)
    yield AdvancePhase(origin=origin(BOB, at), to=Phase.TRIAGE, first=given(facts_of(Phase.DETECTION), BOB, at))
    yield CloseIncident(origin=origin(BOB, at), first=given(facts_of(Phase.POSTMORTEM), BOB, at))


def walking(incident: Incident, at: datetime) -> Iterator[Command]:
    """The next phase, and in the end the close, by whoever may, with all that the gate asks for."""
    yield _walk(incident, leader(incident), at)


def _walk(incident: Incident, actor: str, at: datetime) -> Command:
    onward = step_onward(incident, POLICIES[incident.policy], at)
    return onward.but(origin=origin(actor, at), first=given(onward.first, actor, at))


def stating(incident: Incident, at: datetime) -> Iterator[Command]:
    """What gates ask for, piece by piece, and empty."""
    by = origin(ALICE, at)
    for phase in Phase:
        yield from given(facts_of(phase), BOB, at)
    for result in (ContainmentResult.SELF_LIMITED, ContainmentResult.FAILED):
        yield RecordContainment(origin=by, action="Undid it", result=result)
    for boundaries in ((), ("search",), ("moon",)):
        yield MarkBoundaries(origin=by, boundaries=boundaries)
    yield NeedNoAction(origin=by, reason="It was the drill")
    yield StateImpact(origin=by, impact="")
    yield VerifyRecovery(origin=by, how="")
    yield RecordContainment(origin=by, action="", result=ContainmentResult.WORKED)
    yield AddActionItem(origin=by, what="", assignee=BOB, due=date(2026, 12, 1))
    yield NeedNoAction(origin=by, reason="")
    facts = given(facts_of(Phase.DETECTION), ALICE, at)
    yield CorrectFacts(origin=by, facts=(*facts, MarkBoundaries(origin=by, boundaries=("search",))))
    yield CorrectFacts(origin=by, facts=(*facts, SetSeverity(origin=by, severity="nonsense"), *facts))


def containing(incident: Incident, at: datetime) -> Iterator[Command]:
    """What stops the harm, now or since a while ago, for good or for now, or does not; the harm that comes back; what becomes of a
    temporary measure; a hold that does not stand any more."""
    by = origin(ALICE, at)
    for since in (None, at - STEP, at + STEP):
        yield RecordContainment(origin=by, action="Undid it", result=ContainmentResult.WORKED, since=since)
    yield RecordContainment(origin=by, action="Undid it", result=ContainmentResult.FAILED)
    if not incident.containments:
        yield RecordContainment(origin=by, action="Undid it", result=ContainmentResult.WORKED, is_temporary=True)
    yield ReportReturn(origin=origin(BOB, at))
    yield SettleMeasure(origin=by, measure=1)
    yield SettleMeasure(origin=by, measure=1, assignee=BOB, due=date(2026, 12, 1))
    yield EndHold(origin=origin(SYSTEM, at), due=at - STEP / 2)


def answering(incident: Incident, at: datetime) -> Iterator[Command]:
    """What gates ask in a line, answered, and let go by whoever may and whoever may not."""
    by = origin(BOB, at)
    for answer in (UNKNOWN, "none lost", ""):
        yield AnswerQuestion(origin=by, question=Need.DATA, answer=answer)
    yield AddActionItem(origin=by, what="Find out", assignee=BOB, due=date(2026, 12, 1), about=Need.DATA)
    yield AnswerQuestion(origin=by, question=Need.CHANGES, answer="Nothing found")
    for actor in ACTORS:
        for needs, reason in (
            ((Need.CHANGES,), "Nobody knows"),
            ((Need.DATA,), ""),
            ((Need.SEVERITY,), "Nobody knows"),
        ):
            yield WaiveNeeds(origin=origin(actor, at), needs=needs, reason=reason)


def following_up(incident: Incident, at: datetime) -> Iterator[Command]:
    """What becomes of an action item, by whoever has it and by somebody else, with a reason and without, also once it is over."""
    by = origin(ALICE, at)
    new = AddActionItem(origin=by, what="Add a check", assignee=BOB, due=date(2026, 12, 1))
    vague = (("Consider a check", None), ("Add a check", "Soon"), ("Add a check", None))
    for what, done_when in vague:
        yield new.but(what=what, done_when=done_when)
    for actor in ACTORS:
        commands = action_commands(origin(actor, at), actor)
        yield from (one for one in commands if incident.action_items or "item" not in type(one).model_fields)
    if not incident.action_items:
        return
    for what, done_when in vague:
        yield ChangeAction(origin=by, item=1, what=what, done_when=done_when)
    for kind in (ReopenAction, DropAction):
        yield kind(origin=by, item=1, why="")
    yield MoveDueDate(origin=by, item=1, due=date(2026, 12, 8))
    yield FollowElsewhere(origin=by, item=1, tracker="moon")


def proposing_actions(incident: Incident, at: datetime) -> Iterator[Command]:
    """Action items for either, accepted and done by Bob; a reminder that comes when Lockstep was away until the evening."""
    for user in ACTORS:
        yield AddActionItem(origin=origin(ALICE, at), what="Add a check", assignee=user, due=date(2026, 11, 27))
    if incident.action_items:
        yield FinishAction(origin=origin(BOB, at), item=1)
    for user, due in reminder_times(incident, POLICIES[incident.policy]).items():
        yield RemindOfActions(origin=origin(SYSTEM, max(at, due + timedelta(hours=12))), user=user, due=due)


def leading(incident: Incident, at: datetime) -> Iterator[Command]:
    """Two people who take command, or stand in."""
    for actor in ACTORS:
        for role in (COMMANDER, "deputy"):
            yield TakeRole(origin=origin(actor, at), role=role, user=actor)


def describing(incident: Incident, at: datetime) -> Iterator[Command]:
    """What it is called, and since when there is harm."""
    by = origin(ALICE, at)
    for title in ("Nobody can pay", ""):
        yield Retitle(origin=by, title=title)
    for started in (START - STEP, at + STEP):
        yield StateStart(origin=by, started=started)
        yield StateDetection(origin=by, detected=started, is_estimated=True)
    yield StateStart(origin=by, started=START - STEP, is_estimated=True)


def cancelling(incident: Incident, at: datetime) -> Iterator[Command]:
    """Whoever declared it cancels it: the shortest way to its end."""
    yield CancelIncident(origin=origin(ALICE, at), cause=Cause.FALSE_ALARM)


def seating(incident: Incident, at: datetime) -> Iterator[Command]:
    """Command taken and handed over, also by somebody who saw another holder; the time at which a commander is asked for."""
    for actor, other in (ACTORS, ACTORS[::-1]):
        by = origin(actor, at)
        for role in (COMMANDER, "astrologer"):
            yield TakeRole(origin=by, role=role, user=actor)
        for former in (None, NOBODY, ALICE):
            yield HandOver(origin=by, role="ic", user=other, instead_of=former)
        yield HandOver(origin=by, role="ic", user=actor)
    yield HandOver(origin=origin(ALICE, at), role="astrologer", user=BOB)
    yield AskForCommander(origin=origin(SYSTEM, at), due=at - STEP / 2)


def scribing(incident: Incident, at: datetime) -> Iterator[Command]:
    """A role that passes at once, taken and given away by either."""
    for actor, other in (ACTORS, ACTORS[::-1]):
        yield TakeRole(origin=origin(actor, at), role="scribe", user=actor)
        yield HandOver(origin=origin(actor, at), role="scribe", user=other)


def passing(incident: Incident, at: datetime) -> Iterator[Command]:
    """Command accepted, declined, kept, claimed and defended, by either; taken at once, with a reason and without; what fell due
    before."""
    for actor in ACTORS:
        by = origin(actor, at)
        for kind in (AcceptRole, DeclineRole, WithdrawOffer, ClaimRole, AnswerClaim):
            yield kind(origin=by, role=COMMANDER)
    yield ClaimRole(origin=origin(BOB, at), role="astrologer")
    yield ClaimRole(origin=origin(CAROL, at), role=COMMANDER)
    for why in ("Nobody decides", ""):
        yield TakeCommand(origin=origin(BOB, at), why=why)
    then = {"then_test": 1} if incident.hypotheses else {"then_role": "scribe"}
    yield HandOver.model_validate({"origin": origin(ALICE, at), "role": COMMANDER, "user": BOB, **then})
    for report in (LetOfferExpire, SettleClaim):
        yield report(origin=origin(SYSTEM, at), role=COMMANDER, due=at - STEP / 2)


def burdening(incident: Incident, at: datetime) -> Iterator[Command]:
    """Tests and roles for whoever leads and for others, with few people there and with many."""
    for actor in ACTORS:
        by = origin(actor, at)
        for present in (None, 3):
            yield TakeRole(origin=by, role="scribe", user=actor, present=present)
            for number in range(1, len(incident.hypotheses) + 1):
                yield StartTest(origin=by, hypothesis=number, present=present, first=predicted(by, number))
        yield TakeRole(origin=by, user=actor)
    for role in ("deputy", OPERATIONS):
        yield HandOver(origin=origin(ALICE, at), role=role, user=CAROL)
    yield WarnOfSpan(origin=origin(SYSTEM, at), role=COMMANDER, due=at - STEP / 2)


def resting(incident: Incident, at: datetime) -> Iterator[Command]:
    """Two who have roles for long, and go on although they are tired."""
    yield TakeRole(origin=origin(ALICE, at), user=ALICE)
    yield TakeRole(origin=origin(BOB, at), role="scribe", user=BOB)
    for actor in ACTORS:
        yield SnoozeRest(origin=origin(actor, at), role=COMMANDER)
    yield SnoozeRest(origin=origin(BOB, at), role="scribe")
    yield ProposeRest(origin=origin(SYSTEM, at), role=COMMANDER, due=at - STEP / 2)


def deciding(incident: Incident, at: datetime) -> Iterator[Command]:
    """Decisions put to the room, and objections of either, also late and without a word."""
    by = origin(ALICE, at)
    for text in ("We roll back", ""):
        yield ProposeDecision(origin=by, text=text)
    for number in range(1, len(incident.proposals) + 1):
        for actor in ACTORS:
            yield ObjectToDecision(origin=origin(actor, at), proposal=number, why="It logs people out")
        yield ObjectToDecision(origin=by, proposal=number, why="")
    yield LetDecisionStand(origin=origin(SYSTEM, at), proposal=1, due=at - STEP / 2)


def commanding(incident: Incident, at: datetime) -> Iterator[Command]:
    """Either takes command."""
    for actor in ACTORS:
        yield TakeRole(origin=origin(actor, at), user=actor)


def grading(incident: Incident, at: datetime) -> Iterator[Command]:
    """Each severity, and one that there is not."""
    for severity in ("SEV1", "sev2", "nonsense"):
        yield SetSeverity(origin=origin(BOB, at), severity=severity)


def assessing(incident: Incident, at: datetime) -> Iterator[Command]:
    """Severities by the two questions and by name, with a reason and without; and questions about the phase put off."""
    for actor in ACTORS:
        by = origin(actor, at)
        for who, why in ((Who.ALL, None), (Who.ONE, None), (Who.ONE, "A workaround")):
            yield AssessSeverity(origin=by, who=who, loss=Loss.CORE, reason=why)
        yield SnoozePrompts(origin=by)
    yield AskAboutPhase(origin=origin(SYSTEM, at), due=at - STEP / 2)


def speaking(incident: Incident, at: datetime) -> Iterator[Command]:
    """Updates that people write, for all or for one audience, also from a draft that is not the latest, or along with a step;
    promises that do not stand any more."""
    told = incident.told.get("customers")
    updates = told.updates if told else 0
    for actor in ACTORS:
        yield SendUpdate(origin=origin(actor, at), text="We are on it", audiences=("customers",), updates=updates)
    by = origin(BOB, at)
    yield SendUpdate(origin=by, text="We are on it", audiences=("customers",), updates=updates + 1)
    yield SendUpdate(origin=by, text="We are on it", audiences=("press",))
    yield SendUpdate(origin=by, text="We are on it")
    yield SendUpdate(origin=by, text="")
    yield StateImpact(origin=by, impact="@carol cannot pay")
    for because in (None, "it is true"):
        yield SendUpdate(origin=by, text="@carol broke it", audiences=("customers",), because=because)
    for audience, wrong in (("executives", "All fail"), ("press", "All fail"), ("executives", "")):
        yield CorrectUpdate(origin=by, audiences=(audience,), wrong=wrong, text="Some fail")
    yield CorrectUpdate(origin=by, audiences=("executives",), wrong="@carol broke it", text="Some fail")
    onward = step_onward(incident, POLICIES[incident.policy], at)
    written = SendUpdate(origin=by, text="We are on it", audiences=("customers",))
    yield onward.but(origin=by, first=(*given(onward.first, BOB, at), written))
    for audience in ("customers", "press"):
        yield KeepPromise(origin=origin(SYSTEM, at), audience=audience, due=at - STEP / 2)
    yield ConfirmUpdate(origin=origin(SYSTEM, at), audience="customers", update=1)
    composed = [one.update for one in incident.unsent if one.audience == "executives" and not one.is_written]
    for update in (1, *composed[:1]):
        yield RenewUpdate(origin=origin(SYSTEM, at), update=update)


def reminding(incident: Incident, at: datetime) -> Iterator[Command]:
    """What people answer when they are reminded of an update: nothing has changed, also when they say so late, or not now; a
    reminder that does not stand any more; and audiences that hear less often."""
    told = incident.told.get("customers")
    updates = told.updates if told else 0
    for actor in ACTORS:
        by = origin(actor, at)
        yield SayNoChange(origin=by, audiences=("customers",), told={"customers": updates})
    by = origin(BOB, at)
    yield SayNoChange(origin=by, audiences=("customers",), told={"customers": updates + 1})
    yield SayNoChange(origin=by, audiences=("press",))
    if incident.number == 1 and incident.phase is Phase.DETECTION:
        yield Subscribe(origin=by, people=(BOB,))
        yield Unsubscribe(origin=by, person=BOB)
    yield SnoozeReminder(origin=by, audiences=("customers",))
    yield Remind(origin=origin(SYSTEM, at), due=at - STEP / 2)
    for is_on in (True, False):
        yield StretchCadence(origin=by, is_on=is_on)


def supposing(incident: Incident, at: datetime) -> Iterator[Command]:
    """Ideas of the cause, at a boundary that there is and at one that there is not, and none."""
    by = origin(ALICE, at)
    yield ProposeHypothesis(origin=by, statement="It is Checkout")
    yield ProposeHypothesis(origin=by, statement="It is DNS", boundary="moon")
    yield ProposeHypothesis(origin=by, statement="")
    yield ProposeHypothesis(origin=by, statement="Bob Tanaka did it", names=("Bob Tanaka",))
    if incident.hypotheses:
        yield ProposeHypothesis(origin=by, statement="It is Checkout again", place="The moon", revises=1)
        yield MarkRevision(origin=by, hypothesis=1, of=1)


def testing(incident: Incident, at: datetime) -> Iterator[Command]:
    """What becomes of each idea, at the hands of either."""
    for number in range(1, len(incident.hypotheses) + 1):
        for actor in ACTORS:
            by = origin(actor, at)
            yield StartTest(origin=by, hypothesis=number, first=predicted(by, number))
            yield ParkHypothesis(origin=by, hypothesis=number)
            for side in Side:
                yield turned_out(by, number, side)
        yield ConcludeHypothesis(origin=origin(ALICE, at), hypothesis=number, result=Side.FOR, why="")


def placing(incident: Incident, at: datetime) -> Iterator[Command]:
    """Where each idea is thought to lie, and where its thread is."""
    for number in range(1, len(incident.hypotheses) + 1):
        for boundary in ("search", "moon"):
            yield PlaceHypothesis(origin=origin(ALICE, at), hypothesis=number, boundary=boundary)
        yield BindThread(origin=origin(SYSTEM, at), hypothesis=number, channel="C1", ts="1.1")


def concluding(incident: Incident, at: datetime) -> Iterator[Command]:
    """The first idea is confirmed."""
    if incident.hypotheses:
        yield turned_out(origin(ALICE, at), 1, Side.FOR)


def turned_out(by: Origin, number: int, side: Side) -> Command:
    """It is confirmed or refuted, with all that this needs."""
    first = predicted(by, number)
    explains = Explains.PARTLY if side is Side.FOR else None
    return ConcludeHypothesis(origin=by, hypothesis=number, result=side, why="It waits", explains=explains, first=first)


def planning(incident: Incident, at: datetime) -> Iterator[Command]:
    """What each idea predicts and how it is tested: with one half, another way, by a change with and without a way back, and who
    lets that be."""
    for number in range(1, len(incident.hypotheses) + 1):
        about: dict[str, Any] = {"origin": origin(BOB, at), "hypothesis": number}
        for if_false in ("Connections are free", "The queue is short", ""):
            yield StatePrediction(**about, if_true="Connections wait", if_false=if_false)
        yield PlanTest(**about, how="Count the connections")
        yield PlanTest(**about, how="Restart one", changes_production=True, assignee=BOB)
        yield PlanTest(**about, how="Restart one", changes_production=True, way_back="Start it again")
        yield PlanTest(**about, how="")
        for actor in ACTORS:
            yield AllowChange(origin=origin(actor, at), hypothesis=number)


def trying(incident: Incident, at: datetime) -> Iterator[Command]:
    """Tests begun with what is known, ended without a result, prolonged, handed on; ideas that are the same as another or as
    themselves; conclusions before their time; answers to what speaks against an idea."""
    for number in range(1, len(incident.hypotheses) + 1):
        about: dict[str, Any] = {"origin": origin(ALICE, at), "hypothesis": number}
        for actor in ACTORS:
            yield StartTest(origin=origin(actor, at), hypothesis=number)
        for why in ("No log", ""):
            yield CallInconclusive(**about, why=why)
        yield ExtendTest(**about)
        yield AssignHypothesis(**about, user=CAROL)
        yield MarkDuplicate(**about, of=1)
        for other in {1, number}:
            yield MarkRevision(**about, of=other)
        yield ConcludeHypothesis(**about, result=Side.FOR, why="It waits")
        for text in ("Another system", ""):
            yield AnswerEvidence(**about, text=text)
        yield AskAboutTest(origin=origin(SYSTEM, at), hypothesis=number, due=at - STEP / 2)


def hinting(incident: Incident, at: datetime) -> Iterator[Command]:
    """What becomes of a hint, and one that does not stand any more."""
    for number in range(1, len(incident.hints) + 1):
        for answer in Answer:
            yield AnswerHint(origin=origin(BOB, at), hint=number, answer=answer)
    yield GiveHint(origin=origin(SYSTEM, at), due=at - STEP / 2)


def showing(incident: Incident, at: datetime) -> Iterator[Command]:
    """Replies and marks on the first idea, word of them now and as it was a step ago; evidence from a form."""
    if not incident.hypotheses:
        return
    yield KeepReply(origin=origin(SYSTEM, at), hypothesis=1, reply="1.2", author=BOB, text="It waits")
    for actor, side, when in ((ALICE, Side.FOR, at), (ALICE, Side.FOR, at - STEP), (BOB, Side.AGAINST, at)):
        yield MarkReply(origin=origin(actor, when), hypothesis=1, reply="1.2", side=side)
        yield WithdrawMark(origin=origin(actor, when), hypothesis=1, reply="1.2", side=side)
    yield MarkReply(origin=origin(BOB, at), hypothesis=1, reply="9.9", side=Side.FOR)
    for when in (at, at - STEP) if len(_edits(incident)) < 2 else ():
        yield EditReply(origin=origin(BOB, when), hypothesis=1, reply="1.2", text="It waited")
    yield EditReply(origin=origin(BOB, at), hypothesis=1, reply="9.9", text="It waited")
    yield NoteDeletion(origin=origin(SYSTEM, at), hypothesis=1, reply="1.2")
    for text in ("Idle", ""):
        yield WriteEvidence(origin=origin(BOB, at), hypothesis=1, side=Side.AGAINST, text=text)


def _edits(incident: Incident) -> list[datetime]:
    """When the replies to the first idea were edited."""
    return [at for reply in incident.hypotheses[0].replies for at in reply.edits]


def housing(incident: Incident, at: datetime) -> Iterator[Command]:
    """The room opened, lost, kept and archived, and the same of another room."""
    by = origin(SYSTEM, at)
    for channel in ("C1", "C2"):
        yield BindRoom(origin=by, channel=channel, name="inc-1")
        yield ReportRoomGone(origin=by, channel=channel)
    yield RetireRoom(origin=by, due=at - STEP / 2)
    yield KeepHistory(origin=by, history="[]", messages=0)
    yield ConfirmArchive(origin=by)


def delivering(incident: Incident, at: datetime) -> Iterator[Command]:
    """What Slack refused: of a notice, which would report itself, and of an update; tried again, one or all; dropped."""
    by = origin(SYSTEM, at)
    yield ReportFailure(origin=by, effect="Tell notices", reason="is_archived", effect_id="e1")
    yield ReportFailure(origin=by, effect="PostUpdate updates:customers", reason="is_archived", effect_id="e2")
    for effect_id in ("e1", "e2", None):
        yield TryDeliveryAgain(origin=origin(ALICE, at), effect_id=effect_id)
    yield DropDelivery(origin=origin(ALICE, at), effect_id="e2", reason="They know")
    yield DropDelivery(origin=origin(ALICE, at), effect_id="e2", reason="")


def failing(incident: Incident, at: datetime) -> Iterator[Command]:
    """What Slack refused that a corrected policy may mend."""
    if not incident.failures:
        yield ReportFailure(origin=origin(SYSTEM, at), effect="PostUpdate", reason="is_archived", effect_id="e2")


def correcting(incident: Incident, at: datetime) -> Iterator[Command]:
    """Each policy adopted, the one it follows included."""
    for policy in CORRECTIONS:
        yield AdoptPolicy(origin=origin(BOB, at), to=policy)


def noting(incident: Incident, at: datetime) -> Iterator[Command]:
    """Lines for the timeline."""
    for text in ("A note", ""):
        yield AddNote(origin=origin(ALICE, at), text=text)
        yield ParkDebate(origin=origin(ALICE, at), text=text)
    yield AskForPicture(origin=origin(ALICE, at))
    yield PinMessage(origin=origin(ALICE, at), ts="1.1", author=BOB, posted=at, text="Look")


def reviewing(incident: Incident, at: datetime) -> Iterator[Command]:
    """The postmortem written, tagged and moved by either."""
    yield from writing_up(incident, at, (origin(ALICE, at), origin(BOB, at)))


def redacting(incident: Incident, at: datetime) -> Iterator[Command]:
    """The title, and with it the room that is named after it, redacted by whoever may, with and without a reason, one that says it
    again, and what is not there."""
    title = IncidentDeclared(at=at, actor=ALICE, team="T1", number=1, title=incident.title, severity=None, policy="")
    name = next(room_names(1, incident.title))
    record = (
        Written(seq=1, event=title, texts={"title": incident.title}),
        Written(seq=2, event=RoomOpened(at=at, actor=SYSTEM, channel="C1", name=name), texts={"name": name}),
    )
    for actor in ACTORS:
        for entries, reason in (((1,), "A name"), ((1,), ""), ((1,), incident.title), ((3,), "A name")):
            yield RedactText(origin=origin(actor, at), entries=entries, reason=reason, record=record)


def ending(incident: Incident, at: datetime) -> Iterator[Command]:
    """Cancelled and merged, by either: into one that is open, into one that is over, into itself, and into a drill; and what is in
    the way of that."""
    yield RecordContainment(origin=origin(BOB, at), action="Undid it", result=ContainmentResult.FAILED)
    for actor in ACTORS:
        by = origin(actor, at)
        yield CancelIncident(origin=by, cause=Cause.FALSE_ALARM)
        yield MergeIncident(origin=by, into=7, survivor=OTHER)
    by = origin(BOB, at)
    yield CancelIncident(origin=by, cause=Cause.DUPLICATE, words="See INC-7")
    yield MergeIncident(origin=by, into=7, survivor=OTHER.but(end=End.CLOSED))
    yield MergeIncident(origin=by, into=7, survivor=OTHER.but(is_drill=True))
    yield MergeIncident(origin=by, into=1, survivor=incident)


def linking(incident: Incident, at: datetime) -> Iterator[Command]:
    """Others that have to do with it: each kind, and one of which other audiences were told, with harm that began earlier."""
    by = origin(ALICE, at)
    yield LinkIncident(origin=by, kind=LinkKind.RECURRED, other=8)
    yield LinkIncident(
        origin=by,
        kind=LinkKind.ABSORBED,
        other=7,
        seats={COMMANDER: BOB},
        declared_by=ALICE,
        started=START - STEP,
        is_estimated=True,
        told=("executives", "press"),
    )


def running(incident: Incident, at: datetime) -> Iterator[Command]:
    """Playbooks that are started, one that there is not, one that is broken, and one beside itself; everything that can be done to
    the first run, by either, also to a step that is over, and without a word where one is needed."""
    for name in ("small", "torn", "moon"):
        yield StartPlaybook(origin=origin(ALICE, at), playbook=name, shelf=SHELF)
    if not incident.runs:
        return
    visit = incident.run(1).visits[-1]
    step: dict[str, Any] = {"step": visit.step, "visit": visit.entered.visit}
    for actor in ACTORS:
        for answer in ("done", "yes", "no"):
            yield _on_run(actor, at, Does, **step, answer=answer)
        yield _on_run(actor, at, RollBackNow)
        yield _on_run(actor, at, UndoDone, step="do", is_done=True)
        yield _on_run(actor, at, Hold, why="Not yet")
    yield _on_run(BOB, at, SayWorse)
    yield _on_run(ALICE, at, Does, step="do", visit=1, answer="skip")
    yield _on_run(ALICE, at, UndoDone, step="do", is_done=False)
    yield _on_run(ALICE, at, Override, why="It is not")
    for why in ("It is over", ""):
        yield _on_run(ALICE, at, CallOff, why=why)
    for result in ("success", "unknown"):
        came = Report.model_validate({"at": at, **step, "result": result})
        yield ReportOnRun(origin=origin(SYSTEM, at), run=1, does=came, shelf=SHELF)
    for arrived in (True, False):
        yield _on_run(ALICE, at, Settle, **step, arrived=arrived)


def offering(incident: Incident, at: datetime) -> Iterator[Command]:
    """A playbook that fits is offered when that is due, and when it is not; somebody starts it."""
    for due in (incident.phase_since, incident.phase_since - STEP):
        yield OfferPlaybooks(origin=origin(SYSTEM, at), due=due, shelf=FITTING)
    yield StartPlaybook(origin=origin(ALICE, at), playbook="small", shelf=SHELF)


def _on_run(actor: str, at: datetime, kind: type[ByPerson], **what: Any) -> Command:
    return ActOnRun.by(origin(actor, at), 1, kind, **what).but(shelf=SHELF)


def run_already() -> Iterator[Command]:
    """The same, one where a playbook has been started at once, and one where it has come far."""
    yield from declarations()
    by = origin(ALICE, START)
    started = (TakeRole(origin=by, user=ALICE), StartPlaybook(origin=by, playbook="small", shelf=SHELF))
    done = _on_run(ALICE, START, Does, step="do", visit=1, answer="done")
    agreed = _on_run(ALICE, START, Does, step="agree", visit=1, answer="yes")
    for acts in (started, (*started, done, agreed)):
        yield DeclareIncident(origin=by, title="Checkout fails", then=acts)


def firing(incident: Incident, at: datetime) -> Iterator[Command]:
    """All that is due, each on time, or late when its time has passed."""
    for name, due in sorted(falls_due(incident, POLICIES[incident.policy]).items()):
        yield shelved(when_due(name, due, origin(SYSTEM, max(at, due))))


OTHER = Incident(
    team="T1",
    number=7,
    seq=1,
    title="Payments fail",
    policy=QUIET.hash,
    declared_by=ALICE,
    declared_at=START,
    phase=Phase.TRIAGE,
    phase_since=START,
    phase_by=ALICE,
)
"""Another incident, which is open."""


@dataclass(frozen=True, eq=False)
class Scope:
    """A part of the alphabet that is explored together, small enough that every state can be reached: its moves, the policy that
    incidents are declared under, whether time passes without anybody doing anything, and how it begins."""

    name: str
    moves: tuple[Moves, ...]
    policy: Policy = QUIET
    time_passes: bool = False
    begins: Callable[[], Iterator[Command]] = declarations

    @property
    def walks(self) -> bool:
        """Whether its moves lead through all phases to the close. If not, the phases do not matter for what it explores, and from
        each of its states the close is looked for apart."""
        return walking in self.moves or stepping in self.moves


SCOPES = (
    Scope("gates", (stepping, stating)),
    Scope("roles", (cancelling, firing, seating, passing), time_passes=True, begins=commanded),
    Scope("a role that passes at once", (walking, commanding, scribing)),
    Scope("duties", (cancelling, firing, grading, burdening), TIRELESS, begins=suspicions),
    Scope("rest", (cancelling, firing, resting), LOADED, time_passes=True),
    Scope("decisions", (walking, firing, deciding), time_passes=True, begins=decided),
    Scope("containment", (walking, firing, containing), GUARDED, time_passes=True),
    Scope("severity and pace", (walking, firing, commanding, assessing), HURRIED, time_passes=True),
    Scope("permissions", (stepping, leading, answering), GUARDED),
    Scope("promises", (walking, firing, grading, speaking), FOLLOWED, time_passes=True),
    Scope("reminders", (walking, firing, reminding), FOLLOWED, time_passes=True),
    Scope("corrected policies", (walking, grading, speaking, failing, correcting), FOLLOWED),
    Scope("hypotheses", (stepping, supposing, testing, placing), begins=suspicions),
    Scope("tests", (walking, firing, planning, trying), TRYING, time_passes=True, begins=busy),
    Scope("hints", (walking, firing, concluding, hinting), HINTING, time_passes=True, begins=suspicions),
    Scope("evidence", (walking, supposing, concluding, showing), time_passes=True, begins=suspicions),
    Scope("rooms, deliveries and notes", (walking, firing, housing, delivering, noting)),
    Scope("postmortem", (walking, reviewing), BRIEF, begins=learnt),
    Scope("redaction", (walking, housing, redacting)),
    Scope("playbooks", (walking, firing, running), time_passes=True, begins=run_already),
    Scope("offers of playbooks", (walking, offering)),
    Scope("ends and links", (walking, commanding, ending, linking), FOLLOWED, begins=drills),
    Scope("action items", (cancelling, following_up), BRIEF),
    Scope("action items of a private incident", (cancelling, following_up), begins=hidden),
    Scope("reminders of action items", (cancelling, firing, proposing_actions), REMINDING),
)
EVERYTHING = Scope(
    "everything",
    (
        *(passing, scribing, burdening, resting, deciding, assessing, cancelling, planning, trying, hinting),
        *(
            stepping,
            firing,
            stating,
            describing,
            seating,
            grading,
            speaking,
            reminding,
            supposing,
            testing,
            placing,
            showing,
        ),
        *(
            following_up,
            housing,
            delivering,
            correcting,
            noting,
            reviewing,
            redacting,
            ending,
            linking,
            containing,
            answering,
            running,
        ),
    ),
    FOLLOWED,
    time_passes=True,
    begins=everything,
)
LEFT_OUT: dict[type[Command], str] = {
    AnswerHint: "is explored in the scope of hints: under the policies of the other scopes none is given",
    ActOnRun: "is explored in the scope of playbooks: all that can be done to a run would drown the rest",
    ReportOnRun: "is explored in the scope of playbooks, like what people do to a run",
    OfferPlaybooks: "is explored in a scope of its own: in the others no playbook fits",
}
"""Kinds of commands that are not explored, each with the reason."""
