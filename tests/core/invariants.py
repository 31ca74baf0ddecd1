"""What must hold whatever people, machines and the clock do: across any one command, and in any state. Each is a function whose
first sentence says it. `test_random_commands.py` holds it up to long random sequences, `model.py` to every state within bounds.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from bot.core.action_item import ActionState
from bot.core.adoption import AdoptPolicy
from bot.core.claims import SettleClaim
from bot.core.containment import EndHold, HoldPassed, ImpactReturned
from bot.core.decision import SYSTEM, AttemptRefused, Command, Event
from bot.core.due import falls_due
from bot.core.effects import Effect
from bot.core.ends import IncidentCancelled, IncidentMerged, MergeIncident
from bot.core.facts import CorrectFacts
from bot.core.gates import NeedsWaived
from bot.core.incident import COMMANDER, Hypothesis, Incident, Mark, Phase, Side, Status
from bot.core.learning.action_moves import ActionVerified, DueDateMoved
from bot.core.learning.action_reminders import (
    ActionRemindersWait,
    ActionsEscalated,
    ActionsReminded,
    EscalateActions,
    RemindOfActions,
)
from bot.core.learning.actions import ActionAccepted
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident, IncidentClosed, PhaseEntered
from bot.core.links import LinkIncident
from bot.core.load import ProposeRest, RestProposed, SpanReached, WarnOfSpan
from bot.core.offers import AcceptRole, LetOfferExpire, OfferExpired
from bot.core.policy_parts import SUBSCRIBERS, Act
from bot.core.prompts import PhaseTakesLong
from bot.core.proposals import DecisionStood, LetDecisionStand
from bot.core.redaction import RedactText
from bot.core.refusal import HasEnded, NotNext
from bot.core.roles import AskForCommander, HandOver, RoleTaken, SeatFoundEmpty, TakeCommand
from bot.core.rooms import RetireRoom, RoomRetired
from bot.core.router.ladder import PROMPTS, due_times, next_due
from bot.core.router.promises import PromiseMoved
from bot.core.router.reminders import LateNoted, Remind, RemindersSnoozed, SayNoChange, UpdateReminded
from bot.core.router.updates import (
    KeepPromise,
    UpdateDrafted,
    UpdateIssued,
    Wording,
    is_drafted,
    is_last_word,
    owed,
    to_do,
)
from bot.core.router.wording import facts
from bot.core.severity import AssessSeverity, SetSeverity, SeverityChanged
from bot.core.tracker.boxes import AskAboutTest, TestOverran
from bot.core.tracker.evidence import MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.hints import GiveHint, HintGiven
from bot.core.tracker.hypotheses import (
    ConcludeHypothesis,
    HypothesisConfirmed,
    HypothesisRefuted,
    StartTest,
    TestStarted,
)
from bot.core.tracker.trials import HypothesesCarriedOver, HypothesisAssigned
from bot.core.vocabulary import read_effect, read_event, write_effect, write_event
from bot.slack.messages import updates
from bot.slack.messages.refusals import refused
from tests.core.run_invariants import OF_RUNS
from tests.core.step import Step, take

KNOWN_BEFORE: dict[Phase, Callable[[Incident], bool]] = {
    Phase.DETECTION: lambda incident: bool(incident.commander and incident.impact),
    Phase.TRIAGE: lambda incident: bool(incident.severity and incident.boundaries),
    Phase.CONTAINMENT: lambda incident: any(
        done.result != "failed" and not done.has_lapsed for done in incident.containments
    ),
    Phase.RECOVERY: lambda incident: bool(incident.recovery and (incident.contained_at or not incident.relapses)),
    Phase.POSTMORTEM: lambda incident: bool(incident.action_items or incident.no_action),
}
"""What is known of an incident that leaves this phase, in words other than the rule's own: whoever takes something out of a gate
takes it out here as well, or is found."""


AFTERWARDS = ("retire room", "actions", "overdue actions")
"""What may fall due once an incident is over: its room is archived, and people are reminded of what they took on."""


# Phases


def phases_go_forward_one_at_a_time(step: Step) -> None:
    """One command enters one phase after the other, no farther than it says, and nothing else than that changes the phase."""
    entered = [event.phase for event in step.events if isinstance(event, PhaseEntered)]
    phases = list(Phase)
    start = phases.index(step.was.phase) + 1
    assert entered == phases[start : start + len(entered)]
    assert step.after.phase is (entered[-1] if entered else step.was.phase)
    assert not entered or (
        isinstance(step.command, AdvancePhase) and entered[-1] in phases[: phases.index(step.command.to) + 1]
    )


def no_phase_is_left_with_its_gate_unsatisfied(step: Step) -> None:
    """At the very moment at which a phase is left, or the incident closed, all that its gate asks for is known."""
    for event, before, _ in step.walked:
        if isinstance(event, PhaseEntered | IncidentClosed):
            assert before is not None
            assert KNOWN_BEFORE[before.phase](before), f"{before.phase} was left too early"


def it_ends_once_and_only_where_it_may(step: Step) -> None:
    """An incident ends once: closed from POSTMORTEM, merged before that, or cancelled before anything was done to any system."""
    ended = [event for event in step.events if isinstance(event, IncidentClosed | IncidentCancelled | IncidentMerged)]
    assert len(ended) == (step.was.is_open and not step.after.is_open)
    for event in ended:
        early = step.was.phase in (Phase.DETECTION, Phase.TRIAGE)
        assert isinstance(event, IncidentClosed) is (step.was.phase is Phase.POSTMORTEM)
        assert not isinstance(event, IncidentCancelled) or (early and not step.was.containments)


def only_who_may_cancels_and_it_goes_on_only_in_another_that_is_open(step: Step) -> None:
    """Somebody who neither leads nor declared it cancels it only while nobody leads; what it is merged into is another one, open,
    and a drill only if it is one."""
    for event in step.events:
        if isinstance(event, IncidentCancelled) and step.was.commander:
            assert event.actor in (step.was.commander.user, step.was.declared_by)
        if isinstance(event, IncidentMerged):
            assert isinstance(step.command, MergeIncident) and step.command.survivor
            there = step.command.survivor
            assert there.is_open and there.number == event.into != step.was.number
            assert there.is_drill is step.was.is_drill


def another_incident_is_linked_once_and_no_earlier_start_is_lost(step: Step) -> None:
    """Links are there once and stay; harm is never said to have begun later because of one."""
    before, after = step.was.links, step.after.links
    assert after[: len(before)] == before
    assert len({(one.kind, one.other) for one in after}) == len(after)
    if isinstance(step.command, LinkIncident) and step.was.started:
        assert step.after.started and step.after.started <= step.was.started


def whoever_was_told_has_the_last_word(step: Step) -> None:
    """When it ends, each audience that was told and still exists reads so, or has a draft waiting that says so; unless somebody
    writes to them in the very same moment."""
    wordings = [event for event in step.events if isinstance(event, Wording)]
    if not step.was.is_open or step.after.is_open or any(event.text is not None for event in wordings):
        return
    told = {event.audience for event in wordings if event.occasion.is_last}
    assert told >= {name for name in step.was.told if step.policy.audience(name)}
    afterwards = {name for name in falls_due(step.after, step.policy) if name.partition(":")[0] in AFTERWARDS}
    assert falls_due(step.after, step.policy).keys() == afterwards


def nothing_leads_out_of_closed(step: Step) -> None:
    """What is over stays so, and only reports, the last word to an audience that waits for one, redactions, and what becomes of
    action items change anything in it."""
    if step.was.is_open:
        return
    assert (step.after.end, step.after.ended_at) == (step.was.end, step.was.ended_at)
    may_follow = step.command.is_report or is_last_word(step.was, step.command) or isinstance(step.command, RedactText)
    if step.command.follows_up:
        assert step.after.but(seq=0, action_items=()) == step.was.but(seq=0, action_items=())
        return
    assert may_follow or step.after.but(seq=step.was.seq) == step.was


def nothing_is_contained_before_its_hold_has_passed(step: Step) -> None:
    """For as long as the policy wants no harm was seen when an incident counts as contained, and where its gates ask for that no
    earlier is it left."""
    for event, before, _ in step.walked:
        if isinstance(event, HoldPassed):
            assert before is not None and before.contained_at == event.since
            assert event.at - event.since >= _hold(before, step)
        if isinstance(event, PhaseEntered) and event.phase is Phase.RECOVERY and _asks_for_hold(step):
            assert before is not None and before.contained_at and before.held_at


def _hold(incident: Incident, step: Step) -> timedelta:
    return timedelta(minutes=step.policies[incident.policy].severity(incident.severity).hold_minutes)


def _asks_for_hold(step: Step) -> bool:
    return any(guard.need == "hold" and not guard.at for guard in step.policies[step.was.policy].gates)


def what_came_back_holds_no_more(step: Step) -> None:
    """Once the harm is back nothing counts as having stopped it, and recovery must be shown anew."""
    for event, before, after in step.walked:
        if isinstance(event, ImpactReturned):
            assert before is not None and before.contained_at
            assert after.contained_by is None and after.contained_at is None and after.held_at is None
            assert after.recovery is None and after.phase is before.phase
            assert after.relapses - before.relapses == (before.phase is Phase.RECOVERY)


def only_who_may_does_what_speaks_for_all(step: Step) -> None:
    """Phases are left, and needs waived, by those whom the policy names, as long as anybody has one of their roles."""
    for event, before, _ in step.walked:
        act = _SPEAKS.get(type(event))
        if before is None or act is None or event.actor == SYSTEM:
            continue
        named = step.policies[before.policy].may_do(act)
        holders = {seat.user for role, seat in before.seats.items() if role in named}
        assert "anyone" in named or not holders or event.actor in holders


_SPEAKS: dict[type[Event], Act] = {PhaseEntered: Act.ADVANCE, IncidentClosed: Act.ADVANCE, NeedsWaived: Act.WAIVE}


# Refusals


def a_refusal_changes_nothing(step: Step) -> None:
    """What is refused leaves one AttemptRefused and nothing else; of several facts those before it stand."""
    refusal, attempts = step.decision.refusal, [one for one in step.walked if isinstance(one[0], AttemptRefused)]
    assert [event.why for event, _, _ in attempts if isinstance(event, AttemptRefused)] == (
        [refusal] if refusal else []
    )
    for _, before, after in attempts:
        assert before is not None
        assert after == before.but(seq=before.seq + 1)
    if refusal and (isinstance(refusal, HasEnded | NotNext) or not _has_parts(step.command)):
        assert len(step.events) == 1


def _has_parts(command: Command) -> bool:
    parts = AdvancePhase | CloseIncident | CorrectFacts | DeclareIncident | StartTest | ConcludeHypothesis
    return isinstance(command, parts)


def every_refusal_can_be_explained(step: Step) -> None:
    """For whatever is refused there are words that say so."""
    if step.decision.refusal and (step.before or step.events):
        message = refused(step.decision.refusal, step.after, step.policy)
        assert message.text
        assert "None" not in message.text


# Roles


def a_role_has_one_holder(step: Step) -> None:
    """Each role has one holder, who came after the one before, and only a hand-over unseats anybody."""
    seats = {role: seat.user for role, seat in step.was.seats.items()}
    for event in step.events:
        if isinstance(event, RoleTaken):
            assert event.former == seats.get(event.role) != event.user
            assert event.former is None or isinstance(step.command, HandOver | AcceptRole | SettleClaim | TakeCommand)
            seats[event.role] = event.user
    assert {role: seat.user for role, seat in step.after.seats.items()} == seats
    assert set(seats) <= {role.name for policy in step.policies.values() for role in policy.roles}


def what_is_to_be_accepted_passes_in_no_other_way(step: Step) -> None:
    """Command goes from one person to another because they accept what the holder offered them, because the holder did not answer
    in time, or in an emergency and for a reason; and nobody is given it by somebody else."""
    for event, before, _ in step.walked:
        if not isinstance(event, RoleTaken) or not event.former or event.role not in step.policy.hand_over_is_accepted:
            continue
        assert before is not None
        offer, claim = before.offers.get(event.role), before.claims.get(event.role)
        ways = {
            AcceptRole: offer is not None and offer.to == event.user == step.command.actor,
            SettleClaim: claim is not None and (claim.user, claim.of) == (event.user, event.former),
            TakeCommand: bool(event.why) and event.user == step.command.actor,
        }
        assert ways[type(step.command)]
        assert type(step.command) is not SettleClaim or step.command.at >= (claim.until if claim else step.command.at)


def offers_and_claims_are_about_whoever_has_the_role_now(step: Step) -> None:
    """What is offered or claimed is somebody's, is not offered to or claimed by themselves, and a claim is of whoever has it."""
    for role, offer in step.after.offers.items():
        assert offer.to != step.after.seats[role].user
    for role, claim in step.after.claims.items():
        assert claim.user != step.after.seats[role].user == claim.of


def leading_is_a_job_of_its_own_where_others_can_do_the_rest(step: Step) -> None:
    """With enough people there nobody begins to test something, or gets another role, while they lead at a severity that is strict;
    and wherever both come together, the event says so."""
    for event, before, after in step.walked:
        if not isinstance(event, RoleTaken | TestStarted) or _is_over_at_once(event, step):
            continue
        who = event.user if isinstance(event, RoleTaken) else event.assignee
        does_more = any(seat.user == who for role, seat in after.seats.items() if role != COMMANDER)
        does_more |= any(one.assignee == who for one in after.hypotheses if one.status is Status.TESTING)
        both = after.commander is not None and after.commander.user == who and does_more
        assert event.solo is both
        many = (getattr(step.command, "present", None) or 0) >= step.policy.responders_before_refusing
        is_command = isinstance(event, RoleTaken) and event.role == COMMANDER
        if before and both and many and not is_command:
            assert (before.severity or step.policy.unset_counts_as) not in step.policy.strict_at


def _is_over_at_once(event: Event, step: Step) -> bool:
    """Whether a test begins and ends in one command: to say what was found is not to look for it."""
    return isinstance(event, TestStarted) and isinstance(step.command, ConcludeHypothesis)


def what_nobody_objected_to_stands(step: Step) -> None:
    """A decision stands when its time has passed without an objection, and from then on; it never stands against one."""
    for was, now in zip(step.was.proposals, step.after.proposals, strict=False):
        assert now.stands or not was.stands
        assert not (now.stands and now.objections)
        assert now.objections[: len(was.objections)] == was.objections
        if now.stands and not was.stands:
            assert step.command.at >= was.until
    assert len(step.after.proposals) >= len(step.was.proposals)


# Hypotheses


def hypotheses_stay_and_what_has_turned_out_is_final(step: Step) -> None:
    """They are numbered from 1 on, none goes away, what has turned out stays as it is, and no reply is lost."""
    before, after = step.was.hypotheses, step.after.hypotheses
    assert [one.number for one in after] == list(range(1, len(after) + 1))
    assert len(after) >= len(before)
    for was, now in zip(before, after, strict=False):
        if not was.status.is_open:
            assert (now.status, now.since, now.by, now.why) == (was.status, was.since, was.by, was.why)
        kept = {event.reply for event in step.events if isinstance(event, ReplyKept) and event.hypothesis == was.number}
        assert not any(was.reply(ref) for ref in kept)
        assert [reply.ref for reply in now.replies][: len(was.replies)] == [reply.ref for reply in was.replies]
    for one in after:
        assert len({reply.ref for reply in one.replies}) == len(one.replies)
        assert one.count() + one.count(Side.FOR) + one.count(Side.AGAINST) + one.count(*Side) == len(one.replies)


LEGAL: dict[Status, tuple[Status, ...]] = {
    Status.PROPOSED: (Status.READY, Status.PARKED, Status.DUPLICATE, Status.CARRIED_OVER),
    Status.READY: (Status.TESTING, Status.PARKED, Status.DUPLICATE, Status.CARRIED_OVER),
    Status.TESTING: (Status.CONFIRMED, Status.REFUTED, Status.INCONCLUSIVE, Status.CARRIED_OVER),
    Status.INCONCLUSIVE: (Status.READY, Status.PARKED, Status.CARRIED_OVER),
    Status.PARKED: (Status.READY, Status.CARRIED_OVER),
}
"""From which status a hypothesis may come to which, in words other than the rule's own."""


def a_hypothesis_moves_only_as_listed_and_is_carried_over_only_into_the_review(step: Step) -> None:
    """Every single event moves a hypothesis along one of the listed moves, or not at all."""
    for event, before, after in step.walked:
        for was, now in zip(before.hypotheses if before else (), after.hypotheses, strict=False):
            assert now.status is was.status or now.status in LEGAL[was.status], (was.status, now.status)
            if now.status is Status.CARRIED_OVER is not was.status:
                assert isinstance(event, HypothesesCarriedOver) and after.phase is Phase.POSTMORTEM
    if step.before and step.was.phase is not Phase.POSTMORTEM and step.after.phase is Phase.POSTMORTEM:
        assert not step.after.open_hypotheses


def a_test_is_fair_and_what_it_shows_is_there(step: Step) -> None:
    """A test begins with both halves of a prediction, which stay from then on; it is confirmed with evidence for it and without an
    unanswered one against it, and refuted with one against it; and is not tested twice in one way."""
    for event, before, after in step.walked:
        if isinstance(event, TestStarted):
            one = after.hypothesis(event.hypothesis)
            assert one.prediction and one.prediction.if_true and one.prediction.if_false and one.plan and one.plan.how
            assert not one.plan.changes_production or (one.plan.way_back and one.allowed_by)
            assert len(set(one.tested)) == len(one.tested)
        if isinstance(event, HypothesisConfirmed):
            one = after.hypothesis(event.hypothesis)
            assert one.count(Side.FOR) and not one.contradictions and one.explains
        if isinstance(event, HypothesisRefuted):
            assert after.hypothesis(event.hypothesis).count(Side.AGAINST)
        for was, now in zip(before.hypotheses if before else (), after.hypotheses, strict=False):
            assert not was.tested or (now.prediction == was.prediction and now.tested[: len(was.tested)] == was.tested)


def few_are_tested_at_once(step: Step) -> None:
    """One test a person, as many in all as the policy says, and one that changes production."""
    running = [one for one in step.after.hypotheses if one.status is Status.TESTING]
    if step.after.policy == step.was.policy:
        begun = any(isinstance(event, TestStarted | HypothesisAssigned) for event in step.events)
        assert not begun or len({one.assignee for one in running}) == len(running)
        assert not begun or len(running) <= step.policy.tests_at_once
    assert sum(one.plan is not None and one.plan.changes_production for one in running) <= 1


def nobodys_word_on_a_reply_is_lost(step: Step) -> None:
    """A mark changes only by a later word of the same person."""
    for was, now in zip(step.was.hypotheses, step.after.hypotheses, strict=False):
        before, after = marks(was), marks(now)
        said = {
            (event.reply, event.actor, event.side): isinstance(event, ReplyMarked)
            for event in step.events
            if isinstance(event, ReplyMarked | MarkWithdrawn) and event.hypothesis == was.number
        }
        assert set(before) <= set(after)
        for whose, mark in before.items():
            assert after[whose].is_on is said.get(whose, mark.is_on)
            assert after[whose].at > mark.at if whose in said else after[whose] == mark


def what_became_of_a_reply_stays(step: Step) -> None:
    """Each edit is kept once, a reply that was deleted stays so, and it is what it was evidence of."""
    for event, before, after in step.walked:
        for was, now in zip(before.hypotheses if before else (), after.hypotheses, strict=False):
            for old in was.replies:
                new = now.reply(old.ref)
                assert new and new.edits[: len(old.edits)] == old.edits and new.is_deleted >= old.is_deleted
                assert len(set(new.edits)) == len(new.edits)
                assert new.marks == old.marks or isinstance(event, ReplyMarked | MarkWithdrawn)


def marks(one: Hypothesis) -> dict[tuple[str, str, Side], Mark]:
    """The last word of each person on each reply and side."""
    return {(reply.ref, mark.user, mark.side): mark for reply in one.replies for mark in reply.marks}


# Updates and promises


def an_audience_is_told_or_promised_once(step: Step) -> None:
    """One command tells an audience at most once, and moves no promise of one that it tells."""
    told = [event.audience for event in step.events if isinstance(event, UpdateIssued | UpdateDrafted)]
    moved = [event.audience for event in step.events if isinstance(event, PromiseMoved)]
    assert len(told + moved) == len({*told, *moved})


def a_promise_is_kept_or_comes_sooner(step: Step) -> None:
    """A promise goes away only by an update to its audience, or with the last subscriber; otherwise it stands, or comes sooner."""
    told = [event.audience for event in step.events if isinstance(event, UpdateIssued)]
    moved = {event.audience: event.promised for event in step.events if isinstance(event, PromiseMoved)}
    for name, was in step.was.told.items():
        if name in moved:
            assert was.promised is None or moved[name] < was.promised
        if name == SUBSCRIBERS and not step.after.subscribers:
            assert name not in step.after.told and name not in step.after.promises
        elif name not in told:
            assert step.after.told[name] == was.but(promised=moved.get(name, was.promised))


def a_worse_severity_brings_the_next_update_within_its_cadence(step: Step) -> None:
    """Whoever was told hears again as soon as the severity that was raised would have it, counted from now."""
    command, after = step.command, step.after
    if (
        not isinstance(command, SetSeverity | AssessSeverity)
        or step.changes_nothing
        or not _goes_on(after)
        or after.severity is None
    ):
        return
    for name in after.told if step.policy.is_raise(step.was.severity, after.severity) else ():
        every = step.policy.cadence(name, after.severity).every
        promised = after.told[name].promised
        assert not every or not step.policy.audience(name) or (promised and promised <= command.at + every)


def what_is_owed_is_what_was_promised(step: Step) -> None:
    """As long as updates go on, each audience is due when it was promised: it hears by itself, or whoever sends its updates is
    reminded."""
    if step.changes_nothing:
        return
    due, after = owed(step.after, step.policy), step.after
    for name, now in after.told.items():
        if _goes_on(after) and now.promised and step.policy.audience(name):
            assert due[name] == now.promised
            if is_drafted(name, step.policy):
                assert due_times(after, step.policy)[name] <= now.promised
                assert next_due(after, step.policy)
            else:
                assert to_do(after, step.policy)[name] == now.promised


def no_reminder_moves_anything_but_the_ladder(step: Step) -> None:
    """Whoever is reminded, put off or noted as late: no update went out, no promise moved, and what people are asked counts on the
    budget: nobody is asked twice in five minutes."""
    for event, before, after in step.walked:
        if isinstance(event, UpdateReminded | LateNoted | RemindersSnoozed) and before is not None:
            climbed = {"seq", "reminders", "prompts"}
            assert before.model_dump(exclude=climbed) == after.model_dump(exclude=climbed)
        if isinstance(event, UpdateReminded) and before is not None and event.step in PROMPTS:
            assert all(event.at >= one.at + timedelta(minutes=5) for one in before.prompts if one.to == event.to[0])


def a_late_note_says_what_was_promised_and_is_late(step: Step) -> None:
    """An audience reads that its update is late only of one that it was promised, for a time that has passed, and no more often in
    a row than the policy says."""
    for event, before, _ in step.walked:
        if isinstance(event, LateNoted) and before is not None:
            told = before.told[event.audience]
            assert told.promised == event.due <= event.at and told.last == event.last


def what_is_said_to_be_unchanged_is(step: Step) -> None:
    """Nobody reads that nothing has changed, at the hands of a person, when something has."""
    if isinstance(step.command, SayNoChange) and not step.decision.refusal:
        for name in step.command.audiences:
            assert step.was.told[name].facts == facts(step.was, step.policy, name)


def nothing_is_promised_once_service_is_restored(step: Step) -> None:
    """From POSTMORTEM on nothing is owed to anybody, and no update promises another one."""
    assert _goes_on(step.after) or not owed(step.after, step.policy)
    for event, _, after in step.walked:
        if isinstance(event, Wording | PromiseMoved):
            assert _goes_on(after) or event.promised is None


def _goes_on(incident: Incident) -> bool:
    return incident.is_open and incident.phase is not Phase.POSTMORTEM


def no_update_states_a_cause_before_the_harm_is_contained(step: Step) -> None:
    """Until CONTAINMENT is left, what is composed for an audience would be the same if nobody had had an idea of the cause or
    tried anything against it."""
    composed = _composed(step.events)
    if composed and step.before:
        unsuspecting = take(_without_a_cause(step.before), step.command, step.policies).events
        assert composed == _composed(unsuspecting)
        for name in step.after.told:
            shown = updates.status(step.after, name, step.policy)
            assert shown == updates.status(_without_a_cause(step.after), name, step.policy)


def _composed(events: tuple[Event, ...]) -> list[Wording]:
    wordings = (event for event in events if isinstance(event, Wording) and event.text is None)
    return [event for event in wordings if event.phase in (Phase.DETECTION, Phase.TRIAGE, Phase.CONTAINMENT)]


def _without_a_cause(incident: Incident) -> Incident:
    return incident.but(hypotheses=(), containments=())


def what_falls_due_is_done_once_if_it_still_stands(step: Step) -> None:
    """What falls due is done if it still stands, and otherwise nothing is; done on time, it is due again only later."""
    command = step.command
    if type(command) not in DUE:
        return
    name, done = named_due(step.command)
    due = getattr(step.command, "due", None)
    if falls_due(step.was, step.policy).get(name) != due:
        assert not step.events
        return
    assert any(isinstance(event, done) for event in step.events)
    again = falls_due(step.after, step.policy).get(name)
    assert due is None or again is None or step.command.at < due or again > due


DUE: dict[type[Command], tuple[str, type[Event] | tuple[type[Event], ...]]] = {
    KeepPromise: ("update:{audience}", Wording),
    Remind: ("reminder", (UpdateReminded, LateNoted)),
    LetOfferExpire: ("offer:{role}", OfferExpired),
    SettleClaim: ("claim:{role}", RoleTaken),
    WarnOfSpan: ("span:{role}", SpanReached),
    ProposeRest: ("rest:{role}", RestProposed),
    LetDecisionStand: ("decision:{proposal}", DecisionStood),
    AskForCommander: ("commander", SeatFoundEmpty),
    RetireRoom: ("retire room", RoomRetired),
    EndHold: ("hold", HoldPassed),
    AskAboutTest: ("test:{hypothesis}", TestOverran),
    GiveHint: ("hint", HintGiven),
    RemindOfActions: ("actions:{user}", (ActionsReminded, ActionRemindersWait)),
    EscalateActions: ("overdue actions", ActionsEscalated),
}
"""Under which name each command falls due, and the kinds of event that it leads to then."""


def named_due(command: Command) -> tuple[str, type[Event] | tuple[type[Event], ...]]:
    """The name under which this command falls due, and the kind of event that it leads to then."""
    name, done = DUE[type(command)]
    return name.format(**dict(command)), done


# What is written down


def every_event_can_be_read_back(step: Step) -> None:
    """Each event, written down for the journal and read back, is the same."""
    for event in step.events:
        assert _read_back(event.at, event.actor, *write_event(event)) == event, event


@lru_cache(maxsize=100_000)
def _read_back(at: datetime, actor: str, kind: str, data: str, text: str) -> Event:
    return read_event(kind, at, actor, data, text)


def every_effect_can_be_read_back(step: Step) -> None:
    """Whatever an event calls for, written down for the outbox and read back, is the same."""
    for effect in step.wished:
        assert _is_wish(effect), effect


@lru_cache(maxsize=100_000)
def _is_wish(effect: Effect) -> bool:
    return read_effect(*write_effect(effect)) == effect


def a_severity_is_lowered_slowly_and_by_whom_the_policy_lets(step: Step) -> None:
    """What is milder than before says so and has a reason, came after DETECTION, one level down, and not twice in a short time."""
    for event, before, _ in step.walked:
        if not isinstance(event, SeverityChanged) or before is None or before.severity is None:
            continue
        policy = step.policies[before.policy]
        lower = policy.rank(event.severity) > policy.rank(before.severity)
        assert event.is_lowered == lower and bool(event.reason) == lower
        if lower:
            pause = timedelta(minutes=policy.lower_once_in_minutes)
            assert before.phase is not Phase.DETECTION
            assert not pause or policy.rank(event.severity) == policy.rank(before.severity) + 1
            assert before.lowered_at is None or event.at >= before.lowered_at + pause


def nobody_is_asked_too_often_and_asking_moves_nothing(step: Step) -> None:
    """A question about the phase leaves all as it was but that it was asked: not twice in five minutes, nor while it is put off."""
    for event, before, after in step.walked:
        if isinstance(event, PhaseTakesLong | HintGiven) and before is not None:
            asked = {"seq", "prompts", "asked_at" if isinstance(event, PhaseTakesLong) else "hints"}
            assert before.model_dump(exclude=asked) == after.model_dump(exclude=asked)
            people = (event.to,) if isinstance(event.to, str) else event.to
            assert all(event.at >= one.at + timedelta(minutes=5) for one in before.prompts if one.to in people)
        if isinstance(event, PhaseTakesLong) and before is not None:
            assert before.snoozed_until is None or event.at >= before.snoozed_until


def action_items_stay_and_nobody_verifies_their_own(step: Step) -> None:
    """No action item is ever gone. What is verified was done, and is verified by somebody who neither has it nor said so; each
    time it was moved to a later day is counted, with a reason; nobody accepts for somebody else."""
    was, now = step.was.action_items, step.after.action_items
    assert len(now) >= len(was)
    for event, before, after in step.walked:
        if isinstance(event, ActionVerified) and before is not None:
            item = before.action(event.item)
            assert item.state is ActionState.DONE and event.actor not in (item.assignee, item.finished_by)
        if isinstance(event, ActionAccepted):
            assert event.actor == after.action(event.item).assignee
        if isinstance(event, DueDateMoved) and before is not None:
            late = event.due > before.action(event.item).due
            assert after.action(event.item).slips == before.action(event.item).slips + late
            assert event.why or not late


def nobody_is_reminded_of_what_is_not_theirs_or_is_done(step: Step) -> None:
    """Whoever is reminded has each of the action items, and has not finished it; and a reminder changes only that it was given."""
    for event, before, after in step.walked:
        if isinstance(event, ActionsReminded) and before is not None:
            items = [before.action(number) for number in event.items]
            assert items and all(item.is_owed and item.assignee == event.to for item in items)
            untouched = {"seq", "prompts", "action_items"}
            assert before.model_dump(exclude=untouched) == after.model_dump(exclude=untouched)


def the_policy_is_one_that_is_kept(step: Step) -> None:
    """The incident follows the policy it was declared under, or another one from when somebody adopts it, never by itself."""
    assert step.after.policy == step.was.policy or isinstance(step.command, AdoptPolicy)
    severities = {severity.name for severity in step.policy.severities}
    assert {name for name in step.after.severities if name} <= severities


WRITTEN = (every_refusal_can_be_explained, every_event_can_be_read_back, every_effect_can_be_read_back)
"""What holds for a declaration as well."""
INVARIANTS = (
    phases_go_forward_one_at_a_time,
    no_phase_is_left_with_its_gate_unsatisfied,
    it_ends_once_and_only_where_it_may,
    only_who_may_cancels_and_it_goes_on_only_in_another_that_is_open,
    another_incident_is_linked_once_and_no_earlier_start_is_lost,
    whoever_was_told_has_the_last_word,
    nothing_leads_out_of_closed,
    nothing_is_contained_before_its_hold_has_passed,
    what_came_back_holds_no_more,
    only_who_may_does_what_speaks_for_all,
    a_refusal_changes_nothing,
    a_role_has_one_holder,
    what_is_to_be_accepted_passes_in_no_other_way,
    offers_and_claims_are_about_whoever_has_the_role_now,
    leading_is_a_job_of_its_own_where_others_can_do_the_rest,
    what_nobody_objected_to_stands,
    hypotheses_stay_and_what_has_turned_out_is_final,
    nobodys_word_on_a_reply_is_lost,
    what_became_of_a_reply_stays,
    a_hypothesis_moves_only_as_listed_and_is_carried_over_only_into_the_review,
    a_test_is_fair_and_what_it_shows_is_there,
    few_are_tested_at_once,
    an_audience_is_told_or_promised_once,
    a_promise_is_kept_or_comes_sooner,
    a_worse_severity_brings_the_next_update_within_its_cadence,
    what_is_owed_is_what_was_promised,
    no_reminder_moves_anything_but_the_ladder,
    a_late_note_says_what_was_promised_and_is_late,
    what_is_said_to_be_unchanged_is,
    nothing_is_promised_once_service_is_restored,
    no_update_states_a_cause_before_the_harm_is_contained,
    what_falls_due_is_done_once_if_it_still_stands,
    the_policy_is_one_that_is_kept,
    a_severity_is_lowered_slowly_and_by_whom_the_policy_lets,
    nobody_is_asked_too_often_and_asking_moves_nothing,
    action_items_stay_and_nobody_verifies_their_own,
    nobody_is_reminded_of_what_is_not_theirs_or_is_done,
    *OF_RUNS,
    *WRITTEN,
)
"""What holds across any one command."""


def hold(step: Step) -> None:
    """See that every invariant holds across this step. AssertionError where one does not."""
    for holds in INVARIANTS if step.before else WRITTEN:
        holds(step)


def is_kept_whole(incident: Incident) -> bool:
    """Whether the state, written as a snapshot and read back, is the same byte for byte."""
    written = incident.canonical()
    read = Incident.model_validate_json(written)
    return read == incident and read.canonical() == written
