"""What one person is told: refusals, the state of things, the list, help and the timeline."""

from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import pytest

from bot.core import actions, facts, lifecycle, roles, severity, updates
from bot.core.decision import (
    AlreadyDeclared,
    AttemptRefused,
    Event,
    HasEnded,
    Lacks,
    NotInPolicy,
    NotNext,
    Refusal,
    SaysNothing,
    SeatTaken,
)
from bot.core.facts import BoundariesMarked, ContainmentRecorded, ImpactStated
from bot.core.incident import ContainmentResult, End, Incident, Phase, Role, Room
from bot.core.lifecycle import AdvancePhase, DeclareIncident, Need
from bot.core.updates import UpdateIssued, owed
from bot.core.vocabulary import EVENTS, decide, fold
from bot.slack.ids import Drawn, Verb
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale
from bot.slack.messages.timeline import ATTEMPTS, PAGE, TELL, happened, timeline
from tests.core.given import ALICE, BOB, POLICY, START, closed, declared, facts_of, in_phase, origin
from tests.slack.given import LARGE_POLICY, NASTY, NOW, PHASES, buttons, fits, labels, markup, shown, stuffed

CONCERNS = (lifecycle, roles, severity, facts, actions, updates)
REFUSALS: list[tuple[Refusal, str]] = [
    (
        NotNext(phase=Phase.TRIAGE, since=START, by=BOB),
        "INC-1 has been in *Triage* since <!date^1795442420^{time}|14:00 UTC>, by <@UBOB>. Phases come one after the other, "
        "so the phase was not changed. What comes next is `Advance to Containment`.",
    ),
    (
        Lacks(missing=(Need.COMMANDER, Need.IMPACT)),
        "*INC-1 stays in Triage for now.* What was filled in is kept. Before Containment we must know:\n"
        "○ who is incident commander: press `I'm incident commander`\n"
        "○ who cannot do what: press `Edit facts`",
    ),
    (
        SeatTaken(role=Role.INCIDENT_COMMANDER, user=BOB, since=START),
        "<@UBOB> has been incident commander since <!date^1795442420^{time}|14:00 UTC>. "
        "Please help them, or talk to them if you should take over.",
    ),
    (
        HasEnded(end=End.CLOSED),
        "*INC-1 is closed*, and nothing in it can change any more. If the trouble is back, declare a new incident with "
        "`/incident declare`.",
    ),
    (
        NotInPolicy(what="severity", given="sev9 <!here>", known=("SEV1", "SEV2")),
        "The policy has no severity “sev9 &lt;!here&gt;”. It has: SEV1, SEV2.",
    ),
    (SaysNothing(what="impact"), "Nothing was written for “impact”. Please write a few words."),
    (
        AlreadyDeclared(incident=1),
        "You declared this a moment ago, as *INC-1*. Its room is <#C1>. If this is something else, declare another one.",
    ),
]


@dataclass(frozen=True)
class Listed:
    """One line of the list of incidents."""

    number: int
    title: str = "Checkout <!channel>"
    phase: str = "TRIAGE"
    severity: str | None = None
    room_channel: str | None = "C1"


@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
def test_a_refusal_says_what_is_true_and_what_to_do(refusal: Refusal, said: str) -> None:
    incident = in_phase(Phase.TRIAGE).but(room=Room(channel="C1", name="inc-1"))
    assert fits(refused(refusal, incident, POLICY)).text == said


def test_every_refusal_has_its_sentence() -> None:
    union = get_args(get_args(Refusal)[0])
    assert {type(refusal) for refusal, _ in REFUSALS} == set(union)


@pytest.mark.parametrize("phase", PHASES)
def test_what_a_gate_lacks_can_all_be_said(phase: Phase) -> None:
    fits(refused(Lacks(missing=tuple(Need)), stuffed(phase), LARGE_POLICY))
    fits(refused(NotInPolicy(what="boundary", given=NASTY, known=(NASTY,) * 9), stuffed(phase), LARGE_POLICY))


def test_who_declared_twice_may_declare_another() -> None:
    message = refused(AlreadyDeclared(incident=1), declared(), POLICY)
    assert labels(message) == ["Declare another"]
    assert "Its room is being opened." in message.text


def test_a_stale_button_says_what_is_true_now() -> None:
    said = stale(in_phase(Phase.TRIAGE), Phase.DETECTION).text
    assert said.startswith("That button was for Detection. INC-1 has been in *Triage* since <!date^")
    assert "Nothing was changed." in said
    assert stale(closed(), Phase.POSTMORTEM).text.startswith("*INC-1 is closed*")


def doing(incident: Incident) -> Message:
    """What `/incident` alone answers in the room of this incident."""
    return fits(answers.needs_doing(incident, POLICY, owed(incident, POLICY)))


def test_what_needs_doing_is_the_gate_with_its_buttons() -> None:
    message = doing(in_phase(Phase.CONTAINMENT))
    assert "*INC-1* is in *Containment* since" in shown(message)
    assert "○ what was done that stopped the harm from growing (_missing_)" in shown(message)
    assert labels(message)[0] == "Advance to Recovery"
    assert labels(doing(closed())) == []


@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_an_answer(phase: Phase) -> None:
    incident, due = stuffed(phase), {audience.name: NOW for audience in LARGE_POLICY.audiences}
    fits(answers.needs_doing(incident, LARGE_POLICY, due))
    fits(answers.status(incident, LARGE_POLICY, due))
    fits(answers.nobody_hears(incident, LARGE_POLICY))
    fits(answers.severity_set(incident))


def test_the_list_shows_each_open_incident_with_its_room() -> None:
    message = fits(answers.open_incidents([Listed(7, severity="SEV1"), Listed(6, room_channel=None)]))
    assert "2 incidents are open:" in shown(message)
    assert "• *INC-7* Checkout &lt;!channel&gt; · Triage · SEV1 · <#C1>" in shown(message)
    assert "• *INC-6* Checkout &lt;!channel&gt; · Triage · severity not set · room being opened" in shown(message)
    assert labels(message) == ["Declare an incident"]


def test_a_list_of_any_length_fits() -> None:
    many = [Listed(number, title=NASTY, severity="&" * 60) for number in range(500)]
    assert "and 470 more" in shown(fits(answers.open_incidents(many)))
    fits(answers.needs_room(many))
    fits(answers.which_incident(Verb.STATUS, many))


def test_with_nothing_open_the_list_offers_to_declare() -> None:
    assert labels(fits(answers.open_incidents([]))) == ["Declare an incident"]
    assert "declare what is wrong" in answers.needs_room([]).text
    assert "`/incident status INC-7`" in answers.which_incident(Verb.STATUS, []).text


def test_help_names_every_command() -> None:
    assert set(answers.HELP) == set(Verb)
    assert all(f"`/incident {verb}" in fits(answers.help_text()).text for verb in Verb)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("decalre", "Did you mean `/incident declare`?"),
        ("TIMELNE", "Did you mean `/incident timeline`?"),
        ("xyz`<!channel>", "I do not know `/incident xyz&lt;!channel&gt;`. Is something wrong? Declare it with"),
        (NASTY, "I do not know"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest_one(typed: str, said: str) -> None:
    assert said in fits(answers.unknown_command(typed)).text


def story() -> list[Event]:
    """Every event of an incident from declare to close, with one refused attempt."""
    commands = [DeclareIncident(origin=origin(), title="Checkout <!channel>")]
    incident, events = None, list[Event]()
    wanted = [*commands, AdvancePhase(origin=origin(BOB), to=Phase.TRIAGE)]
    for phase in list(Phase)[1:]:
        first = facts_of(list(Phase)[list(Phase).index(phase) - 1])
        wanted.append(AdvancePhase(origin=origin(), to=phase, first=first))
    for command in wanted:
        decision = decide(incident, command, POLICY, number=1)
        events += decision.events
        incident = fold(incident, decision.events)
    return events


def test_the_timeline_tells_what_happened_a_line_an_event_and_one_for_an_update_to_several_audiences() -> None:
    events = story()
    seen = shown(fits(timeline(closed(), POLICY, events)))
    updates = [event for event in events if isinstance(event, UpdateIssued)]
    assert len(seen.splitlines()) == 1 + len(events) - len(updates) // 2
    assert seen.count("told executives, support of the new phase") == 4
    assert "<@UALICE> declared INC-1: “Checkout &lt;!channel&gt;”, severity not set" in seen
    assert "<@UBOB> tried to move to the next phase; not done: still to be known: who is incident commander" in seen
    assert "<@UALICE> moved on to *Triage*" in seen
    assert "<@UALICE> recorded containment: “Undid the release”. It worked" in seen
    assert "|2026-11-23 14:00:20 UTC> · " in seen


def test_a_long_timeline_shows_the_newest_page_and_the_way_to_earlier_ones() -> None:
    events: list[Event] = [
        ImpactStated(at=START + timedelta(minutes=minute), actor=ALICE, impact=f"number {minute}")
        for minute in range(100)
    ]
    newest = fits(timeline(declared(), POLICY, events))
    assert "61 to 100 of 100" in newest.text
    assert "“number 99”" in shown(newest) and "“number 59”" not in shown(newest)
    button = next(iter(buttons(newest.blocks)))
    before = Drawn.read(button["value"]).before
    middle = timeline(declared(), POLICY, events, before)
    assert "21 to 60 of 100" in middle.text
    first = timeline(declared(), POLICY, events, 20)
    assert "1 to 20 of 100" in first.text
    assert labels(first) == []


def test_a_page_of_the_longest_lines_fits() -> None:
    ids = tuple(boundary.id for boundary in LARGE_POLICY.boundaries)
    longest: list[Event] = [
        ContainmentRecorded(at=NOW, actor="U1234567890", action=NASTY, result=ContainmentResult.SELF_LIMITED),
        BoundariesMarked(at=NOW, actor="U1234567890", boundaries=ids),
        AttemptRefused(at=NOW, actor="U1234567890", attempt="CloseIncident", refusal=Lacks(missing=tuple(Need)[:2])),
        AttemptRefused(
            at=NOW,
            actor="U1234567890",
            attempt="SetSeverity",
            refusal=NotInPolicy(what="severity", given=NASTY, known=(NASTY,)),
        ),
    ]
    for event in longest:
        assert "<!channel>" not in markup(fits(timeline(stuffed(Phase.TRIAGE), LARGE_POLICY, [event] * PAGE)))


@pytest.mark.parametrize("refusal", [refusal for refusal, _ in REFUSALS])
def test_every_refused_attempt_has_its_line(refusal: Refusal) -> None:
    event = AttemptRefused(at=NOW, actor=BOB, attempt="AdvancePhase", refusal=refusal)
    assert happened(event, POLICY).startswith("tried to move to the next phase; not done: ")


def test_every_kind_of_event_has_its_words() -> None:
    assert set(TELL) == set(EVENTS.values())


def test_every_command_that_a_person_can_give_has_its_words() -> None:
    commands = {command.__name__ for concern in CONCERNS for command in concern.DECIDE}
    assert set(ATTEMPTS) == commands - {"BindRoom", "ConfirmUpdate", "KeepPromise"}
