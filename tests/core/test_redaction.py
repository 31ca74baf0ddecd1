"""Redaction: who may, what goes with what, and what Slack must show anew."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from bot.core.decision import SYSTEM, Command, Decision
from bot.core.effects import RenameRoom, RewritePosts, SetTopic, ShowHypothesis, ShowStatus
from bot.core.facts import Retitle, StateImpact
from bot.core.incident import COMMANDER, Incident, Side
from bot.core.lifecycle import DeclareIncident
from bot.core.needs import Need
from bot.core.notes import AddNote, PinMessage
from bot.core.offers import AcceptRole
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.redaction import RedactText, TextRedacted, Written, may_redact, own_words
from bot.core.refusal import NotAllowed, NothingToRedact, RepeatsIt, SaysNothing
from bot.core.roles import HandOver, TakeCommand, TakeRole
from bot.core.rooms import BindRoom, HistoryKept, KeepHistory
from bot.core.router.updates import SendUpdate
from bot.core.severity import SetSeverity
from bot.core.tracker.evidence import KeepReply
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.core.value import REDACTED
from bot.core.vocabulary import decide, fold, write_event
from bot.core.wishes import effects
from tests.core.given import ALICE, BOB, CAROL, POLICY, at, closed, conclude, decided, kinds, only, origin, policy_with

SECRET = "hunter2-Geheim"
DECLARED = DeclareIncident(origin=origin(), title="Checkout is failing", severity="SEV2")


def recorded(*commands: Command) -> tuple[Incident, tuple[Written, ...]]:
    """The incident after these commands, ALICE in command, and its record."""
    incident, record = None, list[Written]()
    for command in (DECLARED, TakeRole(origin=origin(), user=ALICE), *commands):
        for event in decide(incident, command, POLICY, number=1).events:
            incident = fold(incident, [event])
            texts = {name: text for name, text in json.loads(write_event(event)[2]).items() if text}
            record.append(Written(seq=len(record) + 1, event=event, texts=texts))
    assert incident is not None
    return incident, tuple(record)


def redacting(*commands: Command, entries: Iterable[str] = (), words: str = "", reason: str = "Pasted") -> Decision:
    """What a redaction by ALICE comes to after these commands. `entries` are words by which those that are picked are known."""
    incident, record = recorded(*commands)
    picked = tuple(one.seq for one in record if any(said in own_words(one) for said in entries))
    asked = RedactText(origin=origin(minutes=9), entries=picked, words=words, reason=reason, record=record)
    return decide(incident, asked, POLICY)


def gone(decision: Decision, *commands: Command) -> list[str]:
    """The kinds of the entries that a redaction names."""
    _, record = recorded(*commands)
    return [type(record[seq - 1].event).__name__ for seq in only(TextRedacted, decision).entries]


def note(text: str) -> AddNote:
    return AddNote(origin=origin(BOB), text=text)


# Who may


@pytest.mark.parametrize(
    ("allowed", "actor", "groups", "may"),
    [
        ((COMMANDER,), ALICE, (), True),
        ((COMMANDER,), BOB, (), False),
        (("deputy", "@security"), ALICE, (), False),
        (("deputy", "@security"), BOB, ("@security",), True),
        (("deputy", "@security"), BOB, ("@elsewhere",), False),
        (("U0000CAROL",), "U0000CAROL", (), True),
    ],
)
def test_who_may_redact_is_said_by_the_policy(allowed, actor, groups, may):
    incident, _ = recorded()
    assert may_redact(incident, actor, groups, policy_with(may_redact=allowed)) is may


def test_who_may_not_is_told_who_may_and_that_they_tried_is_recorded_without_what_they_typed():
    incident, record = recorded(note(SECRET))
    asked = RedactText(origin=origin(BOB), entries=(3,), words=SECRET, reason=SECRET, record=record)
    decision = decide(incident, asked, POLICY)
    assert decision.refusal == NotAllowed(allowed=(COMMANDER,))
    assert kinds(decision) == ["AttemptRefused"]
    assert SECRET not in decision.model_dump_json() and SECRET not in "".join(write_event(decision.events[0]))


def test_whoever_held_the_role_at_the_end_may_still_redact_when_it_is_over_and_nobody_else():
    record = (Written(seq=1, event=DECLARED_EVENT, texts={"title": "Checkout is failing"}),)
    asked = RedactText(origin=origin(), entries=(1,), reason="A name", record=record)
    assert kinds(decided(closed(), asked)[1]) == ["TextRedacted"]
    assert isinstance(decided(closed(), asked.but(origin=origin(CAROL)))[1].refusal, NotAllowed)


DECLARED_EVENT = decide(None, DECLARED, POLICY, number=1).events[0]


@pytest.mark.parametrize("wrong", ["astrologer", "security", "Incident Commander"])
def test_a_policy_names_roles_it_has_or_people(wrong):
    with pytest.raises(ValueError, match="neither a role nor a handle or an id"):
        policy_with(may_redact=[wrong])


def test_a_policy_of_an_earlier_version_lets_the_commander_redact():
    assert Policy.model_validate(POLICY.model_dump(exclude={"may_redact"})).may_redact == (COMMANDER,)


# What goes


def test_an_entry_goes_and_the_order_says_which_fields_had_text():
    commands = (note(SECRET), note("Something else"))
    decision, (_, record) = redacting(*commands, entries=[SECRET]), recorded(*commands)
    (seq,) = (one.seq for one in record if one.texts.get("text") == SECRET)
    assert only(TextRedacted, decision).entries == {seq: ("text",)}
    assert kinds(decision) == ["TextRedacted"]


@pytest.mark.parametrize(
    ("picked", "other", "goes"),
    [
        (SECRET, SECRET, True),
        (SECRET, f"It says {SECRET} in the log", True),
        (SECRET, SECRET.lower(), False),
        (SECRET, SECRET[:-1], False),
        ("two\nlines  of it", "It said: two lines of it", True),
        ("down", "down", True),
        ("down", "Payments are down", False),
        ("1234567", "number 1234567", False),
        ("12345678", "number 12345678", True),
    ],
)
def test_what_repeats_an_entry_goes_with_it(picked, other, goes):
    commands = (note(picked), note(other), note("Something else"))
    decision = redacting(*commands, entries=[picked])
    assert len(only(TextRedacted, decision).entries) == (2 if goes else 1)


def test_words_go_wherever_they_stand():
    commands = (
        note(f"The password is {SECRET}."),
        StateImpact(origin=origin(), impact=f"Nobody but {SECRET} can log in."),
        SendUpdate(origin=origin(), text="We are on it."),
        SetSeverity(origin=origin(), severity=SECRET),
        note("Something else"),
    )
    decision = redacting(*commands, words=SECRET)
    assert gone(decision, *commands) == ["NoteAdded", "ImpactStated", "UpdateIssued", "UpdateIssued", "AttemptRefused"]


def test_an_update_repeats_the_impact_and_goes_with_it_but_does_not_take_it_along():
    commands = (
        StateImpact(origin=origin(), impact="Ann Doe cannot pay."),
        SendUpdate(origin=origin(), text="Ask Ann Doe."),
    )
    assert gone(redacting(*commands, entries=["Ann Doe cannot pay."]), *commands) == [
        "ImpactStated",
        "UpdateIssued",
        "UpdateIssued",
    ]
    assert gone(redacting(*commands, entries=["Ask Ann Doe."]), *commands) == ["UpdateIssued", "UpdateIssued"]


def test_an_update_repeats_what_they_can_do_meanwhile_and_goes_with_it():
    way = AnswerQuestion(origin=origin(), question=Need.WORKAROUND, answer="Ask Ann.")
    commands = (way, SendUpdate(origin=origin(), text="We are on it.", audiences=("support",)))
    decision = redacting(*commands, entries=["Ask Ann."])
    assert gone(decision, *commands) == ["QuestionAnswered", "UpdateIssued"]
    incident, _ = recorded(*commands)
    ordered = only(TextRedacted, decision)
    after = fold(incident, [ordered])
    assert after is not None
    wished = effects(ordered, incident, after, POLICY)
    assert ShowStatus(audience="support") in wished


@pytest.mark.parametrize("words", ["", "abc", "never said"])
def test_where_nothing_is_found_nothing_is_redacted(words):
    assert redacting(note("abc"), words=words).refusal == NothingToRedact()


def test_what_is_redacted_already_is_nothing_to_redact():
    incident, record = recorded(note(SECRET))
    again = tuple(one.but(texts={}) if one.texts.get("text") else one for one in record)
    asked = RedactText(origin=origin(), entries=(len(record),), words=SECRET, reason="Pasted", record=again)
    assert decide(incident, asked, POLICY).refusal == NothingToRedact()


def test_a_reason_is_asked_for_that_does_not_say_it_again():
    assert redacting(note(SECRET), entries=[SECRET], reason="").refusal == SaysNothing(what="reason")
    said_again = redacting(note(SECRET), words=SECRET, reason=f"{SECRET} was pasted")
    assert said_again.refusal == RepeatsIt()
    assert SECRET not in "".join(write_event(said_again.events[0]))


def test_the_reason_of_a_redaction_can_be_redacted():
    incident, record = recorded(note("A password"))
    asked = RedactText(origin=origin(), entries=(len(record),), reason="Ann Doe asked", record=record)
    (order,) = decide(incident, asked, POLICY).events
    record = (*record, Written(seq=len(record) + 1, event=order, texts={"reason": "Ann Doe asked"}))
    again = RedactText(origin=origin(), words="Ann Doe", reason="A name", record=record)
    assert only(TextRedacted, decide(incident, again, POLICY)).entries == {len(record): ("reason",)}


def test_what_only_repeats_cannot_be_chosen_for_itself():
    _, record = recorded(
        BindRoom(origin=origin(SYSTEM), channel="C1", name="inc-1-checkout-is-failing"),
        StateImpact(origin=origin(), impact="Nobody can pay."),
        SendUpdate(origin=origin(), text="We are on it."),
        KeepHistory(origin=origin(SYSTEM), history="[]", messages=0),
    )
    chosen = [type(one.event).__name__ for one in record if own_words(one)]
    assert chosen == ["IncidentDeclared", "ImpactStated", "UpdateIssued", "UpdateIssued"]


# Rooms, and what was said in them


@pytest.mark.parametrize("name", ["inc-1-ann-doe-cannot-pay", "inc-1-ann-doe-cannot-pay-2"])
def test_a_room_that_was_named_after_a_title_goes_with_it_and_is_renamed(name):
    commands = (
        Retitle(origin=origin(), title="Ann Doe cannot pay"),
        BindRoom(origin=origin(SYSTEM), channel="C1", name=name),
    )
    decision = redacting(*commands, entries=["Ann Doe cannot pay"])
    assert gone(decision, *commands) == ["TitleChanged", "RoomOpened"]
    assert RenameRoom() in wished(decision, *commands)
    other = redacting(*commands, entries=["Checkout is failing"])
    assert gone(other, *commands) == ["IncidentDeclared"]


def say(ts: str, text: str, **fields: Any) -> dict[str, Any]:
    """A message as Slack gives it."""
    return {"type": "message", "ts": ts, "user": BOB, "text": text, **fields}


def history(*messages: dict[str, Any]) -> KeepHistory:
    return KeepHistory(origin=origin(SYSTEM), history=json.dumps(messages), messages=len(messages))


def test_what_was_said_in_the_room_is_kept_anew_without_the_messages_that_say_it():
    ours = {"event_type": "lockstep_effect", "event_payload": {"event": "6"}}
    long = f"{'x' * 100} {SECRET}"
    commands: tuple[Command, ...] = (
        ProposeHypothesis(origin=origin(), statement="The pool"),
        note(SECRET),
        note(long),
        KeepReply(origin=origin(), hypothesis=1, reply="1.3", author=BOB, text=f"see {SECRET}"),
        history(
            say("1.1", "Good morning"),
            say("1.2", f"x &amp; {SECRET}", blocks=[{"elements": [{"text": SECRET}]}]),
            say("1.3", "as Slack writes <https://it|it>"),
            say("1.4", "said of the redacted event", metadata=ours),
            say("1.5", f"“{'x' * 80}…”"),
            say("1.6", "in a block", blocks=[{"text": {"text": f"a\n{SECRET}"}}], thread_ts="1.2"),
        ),
    )
    decision = redacting(*commands, words=SECRET)
    order, anew = decision.events
    assert isinstance(order, TextRedacted) and isinstance(anew, HistoryKept)
    assert gone(decision, *commands)[-1] == "HistoryKept" and order.messages == ("1.3",)
    kept = json.loads(anew.history)
    assert [one["text"] for one in kept] == ["Good morning", *[REDACTED] * 5]
    assert kept[5] == {"type": "message", "ts": "1.6", "thread_ts": "1.2", "user": BOB, "text": REDACTED}
    assert anew.messages == 6 and anew.actor == SYSTEM


def test_what_was_said_in_the_room_stays_as_it_is_when_nobody_said_it_there():
    assert kinds(redacting(note(SECRET), history(say("1.1", "Good morning")), words=SECRET)) == ["TextRedacted"]


def test_a_message_that_was_redacted_is_not_kept_again_with_all_that_was_said_in_the_room():
    pinned = PinMessage(origin=origin(), ts="1.2", author=BOB, posted=at(0), text=SECRET)
    incident, record = recorded(pinned)
    asked = RedactText(origin=origin(), words=SECRET, reason="Pasted", record=record)
    incident, _ = decided(incident, asked)
    said = history(say("1.1", "Good morning"), say("1.2", SECRET))
    assert SECRET not in only(HistoryKept, decided(incident, said)[1]).history


def test_slacks_notices_of_a_title_that_was_redacted_are_not_kept_with_what_was_said_in_the_room():
    notices = [say("1.1", SECRET, subtype="channel_topic"), say("1.2", SECRET, subtype="channel_name")]
    incident, record = recorded(Retitle(origin=origin(), title=SECRET))
    asked = RedactText(origin=origin(), words=SECRET, reason="Pasted", record=record)
    after, _ = decided(incident, asked)
    assert SECRET not in only(HistoryKept, decided(after, history(*notices))[1]).history
    assert SECRET in only(HistoryKept, decided(incident, history(*notices))[1]).history


# What Slack shows


def wished(decision: Decision, *commands: Command) -> list[Any]:
    """What Slack should come to show because of a redaction."""
    incident, _ = recorded(*commands)
    order = only(TextRedacted, decision)
    return effects(order, incident, fold(incident, [order]) or incident, POLICY)


def test_what_shows_it_is_drawn_anew_and_nothing_else():
    proposed = ProposeHypothesis(origin=origin(), statement=f"{SECRET} leaked")
    commands = (proposed, note(SECRET), StateImpact(origin=origin(), impact="Nobody can pay."))
    drawn = wished(redacting(*commands, entries=[SECRET]), *commands)
    assert ShowHypothesis(hypothesis=1) in drawn
    assert not [one for one in drawn if isinstance(one, SetTopic | ShowStatus | RenameRoom)]
    drawn = wished(redacting(*commands, entries=["Nobody can pay."]), *commands)
    assert ShowStatus(audience="support") in drawn and ShowHypothesis(hypothesis=1) not in drawn
    assert SetTopic() in wished(redacting(entries=["Checkout is failing"]))


def test_posts_that_showed_it_beside_other_things_are_rewritten_too():
    commands = (
        ProposeHypothesis(origin=origin(), statement=SECRET),
        HandOver(origin=origin(), role=COMMANDER, user=BOB),
        conclude(origin=origin(), hypothesis=1, result=Side.FOR, why="Seen"),
        AcceptRole(origin=origin(BOB), role=COMMANDER),
        TakeCommand(origin=origin(), why="Bob is gone"),
        HandOver(origin=origin(), role="scribe", user=CAROL),
    )
    _, record = recorded(*commands)
    decision = redacting(*commands, entries=[SECRET])
    shown = [type(record[seq - 1].event).__name__ for seq in only(TextRedacted, decision).posts]
    assert shown == ["RoleOffered", "HypothesisConfirmed", "RoleTaken"]
    rewritten = {one.event for one in wished(decision, *commands) if isinstance(one, RewritePosts)}
    order = only(TextRedacted, decision)
    assert rewritten == {*order.entries, *order.posts}


def test_who_was_called_by_a_higher_severity_read_the_title():
    commands = (SetSeverity(origin=origin(), severity="SEV1"),)
    _, record = recorded(*commands)
    order = only(TextRedacted, redacting(*commands, entries=["Checkout is failing"]))
    assert [type(record[seq - 1].event).__name__ for seq in order.posts] == ["SeverityChanged"]
