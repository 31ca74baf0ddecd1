"""Whatever people try, in whatever order: only the listed transitions happen, nothing that was said is lost, and the journal
rebuilds the state."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.decision import Command, Event
from bot.core.due import falls_due
from bot.core.evidence import MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.incident import Hypothesis, Incident, Mark, Phase, Side
from bot.core.lifecycle import DeclareIncident, PhaseEntered
from bot.core.policy import Policy
from bot.core.roles import AskForCommander, HandOver, RoleTaken, SeatFoundEmpty
from bot.core.rooms import RetireRoom, RoomRetired
from bot.core.updates import KeepPromise, PromiseMoved, UpdateDrafted, UpdateIssued, Wording, is_last_word, owed, to_do
from bot.core.vocabulary import decide, evolve, fold, read_effect, read_event, write_effect, write_event
from bot.core.wishes import effects
from tests.core.given import POLICY, origin
from tests.core.random_acts import ENDING, POLICIES, Act, acts, aimed, many, proposing, thoughts


def check_phases(before: Incident, after: Incident, events: Sequence[Event], command: Command) -> None:
    """Only the next phase is entered, and nothing people want happens once it is over."""
    entered = [event.phase for event in events if isinstance(event, PhaseEntered)]
    assert entered in ([], [before.phase.next])
    assert after.phase is (entered[0] if entered else before.phase)
    if not after.is_open and before.is_open:
        assert before.phase is Phase.POSTMORTEM
    if not before.is_open:
        assert (after.end, after.ended_at) == (before.end, before.ended_at)
        may_follow = command.is_report or is_last_word(before, command)
        assert may_follow or after.but(seq=before.seq) == before


def check_roles(before: Incident, after: Incident, events: Sequence[Event], command: Command) -> None:
    """Each role has one holder, who came after the one before, and only a hand-over unseats anybody."""
    seats = {role: seat.user for role, seat in before.seats.items()}
    for event in events:
        if isinstance(event, RoleTaken):
            assert event.former == seats.get(event.role) != event.user
            assert event.former is None or isinstance(command, HandOver)
            seats[event.role] = event.user
    assert {role: seat.user for role, seat in after.seats.items()} == seats
    assert set(seats) <= {role.name for role in POLICY.roles}


def check_hypotheses(before: Incident, after: Incident, events: Sequence[Event]) -> None:
    """They are numbered from 1 on, none goes away, what has turned out stays as it is, and no reply or mark is lost."""
    assert [one.number for one in after.hypotheses] == list(range(1, len(after.hypotheses) + 1))
    assert len(after.hypotheses) >= len(before.hypotheses)
    for was, now in zip(before.hypotheses, after.hypotheses, strict=False):
        if not was.status.is_open:
            assert (now.status, now.since, now.by, now.why) == (was.status, was.since, was.by, was.why)
        check_marks(was, now, events)
        kept = {event.reply for event in events if isinstance(event, ReplyKept) and event.hypothesis == was.number}
        assert not any(was.reply(ref) for ref in kept)
        assert [reply.ref for reply in now.replies][: len(was.replies)] == [reply.ref for reply in was.replies]
    for one in after.hypotheses:
        assert len({reply.ref for reply in one.replies}) == len(one.replies)
        assert one.count() + one.count(Side.FOR) + one.count(Side.AGAINST) + one.count(*Side) == len(one.replies)


def check_marks(was: Hypothesis, now: Hypothesis, events: Sequence[Event]) -> None:
    """Nobody's word on a reply is lost; it changes only by a later one of theirs."""
    before, after = marks(was), marks(now)
    said = {
        (event.reply, event.actor, event.side): isinstance(event, ReplyMarked)
        for event in events
        if isinstance(event, ReplyMarked | MarkWithdrawn) and event.hypothesis == was.number
    }
    assert set(before) <= set(after)
    for whose, mark in before.items():
        assert after[whose].is_on is said.get(whose, mark.is_on)
        assert after[whose].at > mark.at if whose in said else after[whose] == mark


def marks(one: Hypothesis) -> dict[tuple[str, str, Side], Mark]:
    """The last word of each person on each reply and side."""
    return {(reply.ref, mark.user, mark.side): mark for reply in one.replies for mark in reply.marks}


def check_promises(before: Incident, after: Incident, events: Sequence[Event], policy: Policy) -> None:
    """Each audience is told at most once, a promise is replaced by an update or comes sooner, and is owed as it was given."""
    told = [event.audience for event in events if isinstance(event, UpdateIssued | UpdateDrafted)]
    assert len(told) == len(set(told))
    moved = {event.audience: event.promised for event in events if isinstance(event, PromiseMoved)}
    assert not set(moved) & set(told)
    for name, was in before.told.items():
        if name in moved:
            assert was.promised is None or moved[name] < was.promised
        if name not in told:
            assert after.told[name] == was.but(promised=moved.get(name, was.promised))
    due, goes_on = owed(after, policy), after.is_open and after.phase is not Phase.POSTMORTEM
    assert goes_on or not due
    for name, now in after.told.items():
        if goes_on and now.promised and policy.audience(name):
            assert due[name] == now.promised <= to_do(after, policy)[name]


def named_due(command: KeepPromise | AskForCommander | RetireRoom) -> tuple[str, type[Event]]:
    """The name under which a command falls due, and the kind of event that it leads to then."""
    if isinstance(command, KeepPromise):
        return f"update:{command.audience}", Wording
    return ("commander", SeatFoundEmpty) if isinstance(command, AskForCommander) else ("retire room", RoomRetired)


def check_due(before: Incident, after: Incident, events: Sequence[Event], command: Command) -> None:
    """What falls due is done if it still stands, and otherwise nothing is; done on time, it is due again only later."""
    if not isinstance(command, KeepPromise | AskForCommander | RetireRoom):
        return
    name, done = named_due(command)
    if falls_due(before, POLICIES[before.policy]).get(name) != command.due:
        assert not events
        return
    assert any(isinstance(event, done) for event in events)
    again = falls_due(after, POLICIES[after.policy]).get(name)
    assert again is None or command.at < command.due or again > command.due


def check_effects(before: Incident, events: Sequence[Event]) -> None:
    """What each event calls for can be kept and read back."""
    state = before
    for event in events:
        after = evolve(state, event)
        for effect in effects(event, state, after, POLICIES[after.policy]):
            assert read_effect(*write_effect(effect)) == effect
        state = after


def taken_by(before: Incident, command: Command) -> tuple[Incident, tuple[Event, ...]]:
    """The incident after a command, and the events it led to, once all that must hold across any one command was seen to hold."""
    events = decide(before, command, POLICIES[before.policy]).events
    after = fold(before, events)
    assert after is not None
    check_phases(before, after, events, command)
    check_roles(before, after, events, command)
    check_hypotheses(before, after, events)
    check_promises(before, after, events, POLICIES[after.policy])
    check_due(before, after, events, command)
    check_effects(before, events)
    return after, events


def check_record(journal: Sequence[Event], incident: Incident) -> None:
    """The journal, written down and read back, gives the same state byte for byte, and so does the state itself."""
    written = [(event.at, event.actor, *write_event(event)) for event in journal]
    replayed = fold(None, [read_event(kind, at, actor, data, text) for at, actor, kind, data, text in written])
    assert replayed is not None
    assert replayed.canonical() == incident.canonical()
    assert Incident.model_validate_json(incident.canonical()) == incident
    redacted = fold(None, [read_event(kind, at, actor, data, None) for at, actor, kind, data, _ in written])
    assert redacted is not None and structure(redacted) == structure(incident)


def structure(incident: Incident) -> object:
    """What nobody typed: it is the same when all that was typed is redacted."""
    typed = {"title", "impact", "recovery", "no_action", "room", "hypotheses", "containments", "action_items"}
    thoughts = [one.but(statement="", why=None) for one in incident.hypotheses]
    done = [(one.result, one.at) for one in incident.containments]
    items = [(one.assignee, one.due) for one in incident.action_items]
    return incident.model_dump(exclude=typed), thoughts, done, items


def play(sequence: Sequence[Act], policy: Policy, severity: str | None) -> None:
    """Declare an incident and do all that to it, seeing after each act and at the end that all is as it must be."""
    decision = decide(None, DeclareIncident(origin=origin(), title="x", severity=severity), policy, number=1)
    journal, incident = list(decision.events), fold(None, decision.events)
    for act in sequence:
        assert incident is not None
        if command := aimed(act, incident, POLICIES[incident.policy]):
            incident, events = taken_by(incident, command)
            journal += events
    assert incident is not None
    check_record(journal, incident)


@settings(max_examples=250, deadline=None)
@given(
    many(acts),
    st.sampled_from([(), ENDING]),
    st.sampled_from(list(POLICIES.values())),
    st.sampled_from([None, "SEV1", "SEV3"]),
)
def test_no_sequence_of_commands_makes_a_transition_that_is_not_listed(sequence, ending, policy, severity):
    play((*sequence, *ending), policy, severity)


@settings(max_examples=150, deadline=None)
@given(proposing, many(thoughts))
def test_no_sequence_of_thoughts_loses_a_word_or_moves_what_has_turned_out(first, sequence):
    play((first, *sequence), POLICY, None)
