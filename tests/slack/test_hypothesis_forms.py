"""The forms of the hypothesis tracker: to propose one, to say how it turned out, and to add evidence."""

from typing import Any

import pytest

from bot.core.incident import Phase, Side, Status
from bot.core.tracker.evidence import MarkReply, WriteEvidence
from bot.core.tracker.hypotheses import ConcludeHypothesis, ProposeHypothesis
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm, Idea
from bot.slack.forms.modal import FieldErrors
from bot.slack.listeners.hypotheses import read_idea
from bot.slack.messages.hypotheses import reply_label
from tests.core.given import POLICY, decided, declared, origin, supposed
from tests.slack.given import LARGE_POLICY, NASTY, sent, stuffed, texts, view_fits

HERE = origin()


def test_a_hypothesis_is_read_back_with_its_place() -> None:
    view = HypothesisForm.view(declared(), POLICY)
    assert HypothesisForm.parse(sent(view, statement=" The <pool> is empty ", boundary="Search"), HERE) == (
        ProposeHypothesis(origin=HERE, statement="The <pool> is empty", boundary="search")
    )
    assert HypothesisForm.parse(sent(view, statement="x"), HERE) == ProposeHypothesis(origin=HERE, statement="x")
    nothing = HypothesisForm.parse(sent(view, statement="  "), HERE)
    assert nothing == FieldErrors({"statement": "Please write what may be wrong."})


def test_a_place_that_the_map_does_not_have_is_read_back_unless_there_is_a_part_of_the_map_as_well() -> None:
    view = HypothesisForm.view(declared(), POLICY, Idea(place="Bank"))
    assert HypothesisForm.parse(sent(view, statement="x", place=" Card network "), HERE) == (
        ProposeHypothesis(origin=HERE, statement="x", place="Card network")
    )
    both = HypothesisForm.parse(sent(view, statement="x", place="Card network", boundary="Search"), HERE)
    assert isinstance(both, FieldErrors) and list(both.errors) == ["place"]


def test_places_that_others_named_are_offered_behind_the_parts_of_the_map() -> None:
    incident, _ = decided(
        declared(),
        *(ProposeHypothesis(origin=HERE, statement="x", place=place) for place in ("Card  network", "card network")),
        ProposeHypothesis(origin=HERE, statement="x", place="y" * 101),
    )
    view = view_fits(HypothesisForm.view(incident, POLICY, Idea(place="CARD network")))
    options = view["blocks"][1]["element"]["options"]
    assert [one["text"]["text"] for one in options[len(POLICY.boundaries) :]] == ["Card network (not on the map)"]
    assert view["blocks"][1]["element"]["initial_option"] == options[-1]
    assert "initial_value" not in view["blocks"][2]["element"], "it is chosen already"
    assert HypothesisForm.parse(sent(view, statement="x", boundary="Card network (not on the map)"), HERE) == (
        ProposeHypothesis(origin=HERE, statement="x", place="Card network")
    )
    assert view_fits(HypothesisForm.view(stuffed(Phase.TRIAGE), LARGE_POLICY))


@pytest.mark.parametrize("long", ["statement", "place"])
def test_what_no_field_holds_stands_below_it(long: str) -> None:
    typed = "<" * 2990 + "0123456789" + "&" * 7000
    view = view_fits(HypothesisForm.view(declared(), POLICY, Idea.model_validate({long: typed}), "It is too long"))
    (field,) = [block["element"] for block in view["blocks"] if block.get("block_id") == long]
    assert field["initial_value"] == typed[:3000]
    shown = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert "".join(shown) == "&amp;" * 7000


def test_what_was_typed_stands_in_the_form_in_full_with_what_is_to_be_mended() -> None:
    idea = Idea(statement="It is idle. " * 20, boundary="search", place=NASTY)
    view = view_fits(HypothesisForm.view(declared(), POLICY, idea, "It has 240 <characters>"))
    statement, remark, where, place = view["blocks"][:4]
    assert statement["element"]["initial_value"] == idea.statement
    assert where["element"]["initial_option"]["value"] == "search" and place["element"]["initial_value"]
    assert remark["elements"][0]["text"] == "*To mend:* It has 240 &lt;characters&gt;"


def test_the_form_that_states_one_anew_says_what_had_turned_out_and_is_read_back_with_it() -> None:
    view = view_fits(HypothesisForm.view(supposed(Status.REFUTED), POLICY, Idea(statement="It is idle", revises=1)))
    assert view["title"]["text"] == "H1 stated anew"
    assert view["blocks"][0]["text"]["text"] == "*H1* was refuted: “The pool is exhausted”"
    assert HypothesisForm.parse(sent(view, statement="It is full at night"), HERE) == (
        ProposeHypothesis(origin=HERE, statement="It is full at night", revises=1)
    )


@pytest.mark.parametrize(
    ("typed", "idea"),
    [
        ("The pool is full", Idea(statement="The pool is full")),
        ("revises H2 The pool is full", Idea(statement="The pool is full", revises=2)),
        ("Revises 12: the pool", Idea(statement="the pool", revises=12)),
        ("revises H2", Idea(revises=2)),
        ("It waits, new: Card network", Idea(statement="It waits", place="Card network")),
        ("It waits at new: Card network", Idea(statement="It waits", place="Card network")),
        ("revises H2 it waits; New:Card", Idea(statement="it waits", place="Card", revises=2)),
        ("new: Card network", Idea(place="Card network")),
        ("The revises of H2 are new", Idea(statement="The revises of H2 are new")),
        ("The renewal: it failed", Idea(statement="The renewal: it failed")),
        ("Nothing new: it waits", Idea(statement="Nothing new: it waits")),
        ("It waits, new:", Idea(statement="It waits, new:")),
    ],
)
def test_one_line_says_what_is_thought_where_and_what_it_states_anew(typed: str, idea: Idea) -> None:
    assert read_idea(typed) == idea


@pytest.mark.parametrize(("side", "label"), [(Side.FOR, "Confirm"), (Side.AGAINST, "Refute")])
def test_how_it_turned_out_is_read_back_with_what_shows_it(side: Side, label: str) -> None:
    incident = supposed(Status.TESTING)
    view = view_fits(ConclusionForm.view(incident, incident.hypothesis(1), side))
    assert (view["title"]["text"], view["submit"]["text"]) == (f"{label} H1", label)
    assert view["blocks"][0]["text"]["text"] == "*H1* “The pool is exhausted”"
    read = ConclusionForm.parse(sent(view, why=" It waits "), HERE)
    assert read == ConcludeHypothesis(origin=HERE, hypothesis=1, result=side, why="It waits")
    assert ConclusionForm.parse(sent(view, why=" "), HERE) == FieldErrors({"why": "Please write what shows it."})


REPLIES = [("It was on", "1.2"), ("It was off", "1.1")]


@pytest.mark.parametrize(
    ("replies", "filled", "read"),
    [
        (
            REPLIES,
            {"side": "It speaks for it", "reply": "It was off"},
            MarkReply(origin=HERE, hypothesis=1, reply="1.1", side=Side.FOR, by_form=True),
        ),
        (
            REPLIES,
            {"side": "It speaks against it", "evidence": " New "},
            WriteEvidence(origin=HERE, hypothesis=1, side=Side.AGAINST, text="New"),
        ),
        ([], {"side": "for", "evidence": "New"}, WriteEvidence(origin=HERE, hypothesis=1, side=Side.FOR, text="New")),
        (REPLIES, {"evidence": "New"}, FieldErrors({"side": "Please choose one."})),
        (REPLIES, {"side": "for"}, FieldErrors({"evidence": "Please write what you saw."})),
        ([], {"side": "for", "evidence": " "}, FieldErrors({"evidence": "Please write what you saw."})),
        (
            REPLIES,
            {"side": "for", "reply": "It was on", "evidence": "New"},
            FieldErrors({"evidence": "Please choose a reply or write something new, not both."}),
        ),
    ],
)
def test_evidence_is_a_reply_of_the_thread_or_something_new(
    replies: list[tuple[str, str]], filled: dict[str, Any], read: Any
) -> None:
    view = EvidenceForm.view(supposed(), supposed().hypothesis(1), replies)
    assert EvidenceForm.parse(sent(view, **filled), HERE) == read


def test_what_a_field_may_be_left_empty_depends_on_what_can_be_chosen() -> None:
    def asked(replies: list[tuple[str, str]]) -> dict[str, bool]:
        view = EvidenceForm.view(supposed(), supposed().hypothesis(1), replies)
        return {block["label"]["text"]: block["optional"] for block in view["blocks"] if block["type"] == "input"}

    assert asked(REPLIES) == {"Which way does it speak?": False, "Which reply?": True, "Or something new?": True}
    assert asked([]) == {"Which way does it speak?": False, "What did you see?": False}


@pytest.mark.parametrize("number", [1, 60])
def test_no_text_of_any_length_breaks_a_form(number: int) -> None:
    incident = stuffed(Phase.TRIAGE)
    one = incident.hypothesis(number)
    replies = [(reply_label(NASTY), f"1795442420.{n:06}") for n in range(200)]
    for view in (
        HypothesisForm.view(incident, LARGE_POLICY),
        ConclusionForm.view(incident.but(number=10**9 - 1), one.but(number=10**6), Side.AGAINST),
        EvidenceForm.view(incident, one, replies),
    ):
        for text in texts(view_fits(view)["blocks"]):
            assert text["type"] == "plain_text" or "<!channel>" not in text["text"]
