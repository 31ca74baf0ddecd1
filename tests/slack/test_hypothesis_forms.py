"""The forms of the hypothesis tracker: to propose one, to say how it turned out, and to add evidence."""

from typing import Any

import pytest

from bot.core.evidence import MarkReply, WriteEvidence
from bot.core.hypotheses import ConcludeHypothesis, ProposeHypothesis
from bot.core.incident import Phase, Side, Status
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm
from bot.slack.forms.modal import FieldErrors
from bot.slack.messages.hypotheses import reply_label
from tests.core.given import POLICY, declared, origin, supposed
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
