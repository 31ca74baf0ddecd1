"""The hypothesis tracker in Slack: the message a thread hangs on, what the thread is told, and the list."""

from typing import Any

import pytest

from bot.core.effects import ShowHypothesis, TellThread
from bot.core.incident import Incident, Phase, Side, Status
from bot.core.policy import Policy
from bot.core.tracker.evidence import EvidenceWritten, KeepReply, MarkReply
from bot.core.tracker.hypotheses import (
    BindThread,
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisRefuted,
    ProposeHypothesis,
    TestStarted,
)
from bot.core.wishes import effects
from bot.slack import words
from bot.slack.ids import Action, Drawn
from bot.slack.messages.board import PAGE, hypotheses
from bot.slack.messages.hypotheses import hypothesis, reply_label, told_in_thread
from bot.slack.messages.message import Message
from bot.slack.text import clock_time
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    closed,
    conclude,
    decided,
    declared,
    origin,
    start_test,
    supposed,
)
from tests.slack.given import (
    LARGE_POLICY,
    NOW,
    buttons,
    fits,
    labels,
    menus,
    of_every_kind,
    pings,
    shown,
    stuffed,
)

HERE = origin()
HOW = "Reply in the thread with what you see. On a reply :heavy_plus_sign: makes it evidence for, :heavy_minus_sign: against."
FORESEEN = "Prediction, possible: if it is true: “Connections wait” · if not: “Connections are free”"
TRIAL = f"{FORESEEN}\nTest: “Count the connections”, at most ten minutes"
ENDED = {"end": closed().end}


def root(incident: Incident, number: int = 1, policy: Policy = POLICY) -> Message:
    """The message that the thread of a hypothesis hangs on."""
    return fits(hypothesis(incident.hypothesis(number), incident, policy))


# The message in the room


@pytest.mark.parametrize(
    ("status", "said", "row"),
    [
        (
            Status.PROPOSED,
            "○ Proposed · Boundary: Checkout · Proposed by <@UALICE>\nEvidence: 0 for · 0 against\n"
            f"_Next: what would we see if it were true, and what if it were false?_\n{HOW}",
            ["Predict", "Start test", "Confirm", "Refute", "Park", "Add evidence"],
        ),
        (
            Status.READY,
            f"◔ Ready · Boundary: Checkout · Assignee: <@UBOB>\nEvidence: 0 for · 0 against\n{TRIAL}\n{HOW}",
            ["Start test", "Confirm", "Refute", "Park", "Add evidence"],
        ),
        (
            Status.TESTING,
            f"● Testing · Boundary: Checkout · Assignee: <@UBOB> · until {clock_time(at(10))}\n"
            f"Evidence: 0 for · 0 against\n{TRIAL}\n{HOW}",
            ["No result", "Confirm", "Refute", "Park", "Add evidence"],
        ),
        (
            Status.INCONCLUSIVE,
            f"◌ No result · Boundary: Checkout · Assignee: <@UBOB>\nEvidence: 0 for · 0 against\n{FORESEEN}\n"
            f"_Next: how is it tested another way?_\n<@UBOB>: “The log was gone”\n{HOW}",
            ["Plan test", "Start test", "Confirm", "Refute", "Park", "Add evidence"],
        ),
        (
            Status.PARKED,
            f"‖ Parked · Boundary: Checkout · Proposed by <@UALICE>\nEvidence: 0 for · 0 against\n{HOW}",
            ["Predict", "Start test", "Confirm", "Refute", "Add evidence"],
        ),
        (
            Status.CONFIRMED,
            "✓ Confirmed · Boundary: Checkout · Assignee: <@UBOB>\nEvidence: 1 for · 0 against\n"
            f"{TRIAL}\n<@UBOB>: “Waits”",
            ["State it anew"],
        ),
        (
            Status.REFUTED,
            "✗ Refuted · Boundary: Checkout · Assignee: <@UBOB>\nEvidence: 0 for · 1 against\n"
            f"{TRIAL}\n<@UBOB>: “Idle”",
            ["State it anew"],
        ),
        (
            Status.DUPLICATE,
            "= Duplicate · Boundary: Checkout · Proposed by <@UALICE>\nEvidence: 0 for · 0 against\nGoes on in *H2*",
            [],
        ),
        (
            Status.CARRIED_OVER,
            "→ Carried over · Boundary: Checkout · Proposed by <@UALICE>\nEvidence: 0 for · 0 against",
            [],
        ),
    ],
)
def test_it_says_where_it_stands_and_offers_what_makes_sense_then(status: Status, said: str, row: list[str]) -> None:
    message = root(supposed(status))
    name = f"*H1: The pool is exhausted*\n{said}"
    assert [line for line in shown(message).splitlines() if line not in row] == name.splitlines()
    assert labels(message) == row
    assert message.text == f"INC-1 H1, {status.value}: The pool is exhausted"


def test_every_status_has_its_words_and_shape() -> None:
    assert set(words.STATUS) == set(Status)
    assert len({said[0] for said in words.STATUS.values()}) == len(Status)


def test_its_buttons_carry_its_number() -> None:
    incident, _ = decided(supposed(), ProposeHypothesis(origin=origin(), statement="Another"))
    drawn = {Drawn.read(button["value"]).hypothesis for button in buttons(root(incident, 2).blocks)}
    assert drawn == {2}


def test_what_is_not_placed_yet_can_be_placed_where_it_stands() -> None:
    incident, _ = decided(declared(), ProposeHypothesis(origin=origin(), statement="Something with disks"))
    message = root(incident)
    assert "Boundary: not set" in shown(message)
    (menu,) = menus(message.blocks)
    assert (menu["placeholder"]["text"], menu["action_id"]) == ("Where?", Action.PLACE)
    assert [(one["text"]["text"], one["value"]) for one in menu["options"]] == [
        ("Checkout", "1:1:checkout"),
        ("Search", "1:1:search"),
    ]
    assert list(menus(root(supposed()).blocks)) == []


def with_marks(*marks: tuple[str, Side]) -> Incident:
    """An incident with one hypothesis, and one reply on which people put these marks."""
    kept = KeepReply(origin=origin(CAROL), hypothesis=1, reply="1.0", author=CAROL, text="x")
    said = [MarkReply(origin=origin(who), hypothesis=1, reply="1.0", side=side) for who, side in marks]
    return decided(supposed(), kept, *said)[0]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([], "Evidence: 0 for · 0 against"),
        ([(ALICE, Side.FOR), (BOB, Side.FOR)], "Evidence: 1 for · 0 against"),
        ([(BOB, Side.AGAINST)], "Evidence: 0 for · 1 against"),
        ([(ALICE, Side.FOR), (BOB, Side.AGAINST)], "Evidence: 0 for · 0 against · 1 disputed"),
    ],
)
def test_a_reply_counts_once_and_one_that_people_see_differently_is_disputed(
    marks: list[tuple[str, Side]], said: str
) -> None:
    assert said in shown(root(with_marks(*marks))).splitlines()


def test_when_the_incident_is_over_nothing_can_be_pressed() -> None:
    message = root(supposed().but(**ENDED))
    assert labels(message) == []
    assert HOW not in shown(message)


def test_what_is_typed_in_a_hypothesis_calls_nobody() -> None:
    one = supposed().hypothesis(1).but(statement="<!channel> & <@U1>\nis <https://x|y>")
    message = root(supposed().but(hypotheses=(one,)))
    assert "*H1: &lt;!channel&gt; &amp; <@U1> is &lt;https://x|y&gt;*" in shown(message)
    assert pings(message) == []


@pytest.mark.parametrize("number", range(1, 6))
def test_no_text_of_any_length_breaks_it(number: int) -> None:
    incident = stuffed(Phase.TRIAGE)
    unplaced = incident.but(hypotheses=tuple(one.but(boundary=None) for one in incident.hypotheses))
    for each in (incident, unplaced, incident.but(**ENDED)):
        assert pings(root(each, number, LARGE_POLICY)) == []


# What its thread is told


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (TestStarted(at=NOW, actor=BOB, hypothesis=1, assignee=BOB), "<@UBOB> is testing it now."),
        (HypothesisParked(at=NOW, actor=BOB, hypothesis=1), "<@UBOB> parked it for now."),
        (
            HypothesisConfirmed(at=NOW, actor=BOB, hypothesis=1, why="It <waits>"),
            "<@UBOB> confirmed *H1* “The pool is exhausted”\n“It &lt;waits&gt;”",
        ),
        (
            HypothesisRefuted(at=NOW, actor=BOB, hypothesis=1, why="Idle"),
            "<@UBOB> refuted *H1* “The pool is exhausted”\n“Idle”",
        ),
        (
            EvidenceWritten(at=NOW, actor=BOB, hypothesis=1, reply="form-1", side=Side.AGAINST, text="Q&A"),
            "<@UBOB> added evidence *against* it: “Q&amp;A”",
        ),
        (
            EvidenceWritten(at=NOW, actor=BOB, hypothesis=1, reply="form-1", side=Side.FOR, text="x"),
            "<@UBOB> added evidence *for* it: “x”",
        ),
    ],
)
def test_its_thread_is_told_in_plain_words(event: Any, said: str) -> None:
    assert fits(told_in_thread(event, supposed(), POLICY)).text == said


@pytest.mark.parametrize("event", of_every_kind(), ids=lambda event: type(event).__name__)
def test_its_thread_is_told_of_what_the_core_wants_it_to_know_and_of_nothing_else(event: Any) -> None:
    incident = stuffed(Phase.TRIAGE)
    wanted = effects(event, incident, incident, LARGE_POLICY)
    if not any(isinstance(effect, TellThread) for effect in wanted):
        with pytest.raises(ValueError, match=type(event).__name__):
            told_in_thread(event, incident, LARGE_POLICY)
        return
    assert any(isinstance(effect, ShowHypothesis) for effect in wanted)
    assert pings(fits(told_in_thread(event, incident, LARGE_POLICY))) == []


# The list


def test_the_list_has_open_ones_first_and_the_way_to_each_thread() -> None:
    proposed = [ProposeHypothesis(origin=origin(), statement=f"Idea <{n}>") for n in range(1, 4)]
    incident, _ = decided(
        declared(),
        *proposed,
        BindThread(origin=origin(), hypothesis=2, channel="C1", ts="1.2", permalink="https://acme.slack.com/x?a=1&b=2"),
        conclude(origin=origin(BOB), hypothesis=1, result=Side.AGAINST, why="It was on"),
        start_test(origin=origin(BOB, 5), hypothesis=3),
    )
    since = f"since {clock_time(at(0))}"
    assert shown(fits(hypotheses(incident, POLICY))).splitlines() == [
        "*Hypotheses of INC-1:* 2 open, 1 concluded",
        "*To be tested first*",
        "*H2* “Idea &lt;2&gt;”",
        f"○ Proposed {since} · 0 for · 0 against · 4 of 9 · <https://acme.slack.com/x?a=1&amp;b=2|thread>",
        "*H3* “Idea &lt;3&gt;”",
        f"● Testing since {clock_time(at(5))} · <@UBOB> · until {clock_time(at(15))} · 0 for · 0 against · 4 of 9",
        "› If true: “Connections wait” · if not: “Connections are free”",
        "› Test: “Count the connections”",
        "*H1* “Idea &lt;1&gt;”",
        f"✗ Refuted {since} · <@UBOB> · 0 for · 1 against",
    ]


def test_with_none_yet_the_list_offers_to_add_one_while_the_incident_is_open() -> None:
    message = fits(hypotheses(declared(), POLICY))
    assert message.text == "INC-1 has no hypotheses yet."
    assert labels(message) == ["Add hypothesis"]
    assert labels(fits(hypotheses(closed(), POLICY))) == []


def test_a_page_of_any_texts_fits() -> None:
    incident = stuffed(Phase.TRIAGE)
    for page in range(5):
        assert pings(fits(hypotheses(incident, LARGE_POLICY, page))) == []


def test_every_hypothesis_of_a_long_night_stands_on_one_page_of_the_board() -> None:
    """Nothing extreme: sixty, each a sentence with a place, an assignee and a thread."""
    incident = stuffed(Phase.TRIAGE)
    said = "The release of this afternoon drops the card token of customers who pay in instalments"
    usual = tuple(one.but(statement=said, boundary="checkout") for one in incident.hypotheses)
    night = incident.but(hypotheses=usual)
    pages = [fits(hypotheses(night, POLICY, page)) for page in range(60 // PAGE)]
    listed = [line.split("*")[1] for page in pages for line in shown(page).splitlines() if line.startswith("*H")]
    names = [name for name in listed if not name.startswith("Hypotheses")]
    assert sorted(names) == sorted(one.name for one in usual)
    assert [labels(page) for page in pages] == [["Next page"], *[["Page before", "Next page"]] * 2, ["Page before"]]
    assert shown(fits(hypotheses(night, POLICY, 99))) == shown(pages[-1])


def test_a_reply_is_called_by_how_it_begins() -> None:
    assert reply_label("It was on\n\n  since  noon") == "It was on since noon"
    assert reply_label("") == "a reply without text"
    long = reply_label("word " * 99)
    assert len(long) <= 70 and long.endswith("…")


def test_where_no_name_can_be_shown_a_reply_is_called_without_ids() -> None:
    assert reply_label("<@U123> saw it in <#C123>") == "@someone saw it in #channel"
