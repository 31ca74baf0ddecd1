"""Forms, drawn and read back: what each asks for, what it leads to, and what it says about a field. Those of updates, roles and
hypotheses have files of their own."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.containment import RecordContainment
from bot.core.facts import CorrectFacts, MarkBoundaries, Retitle, StateImpact, VerifyRecovery
from bot.core.gates import WaiveNeeds
from bot.core.incident import ContainmentResult, Incident, Phase
from bot.core.learning.actions import AddActionItem, NeedNoAction
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.policy_parts import Loss, Who
from bot.core.questions import AnswerQuestion
from bot.core.roles import TakeRole
from bot.core.severity import AssessSeverity
from bot.slack.blocks import section
from bot.slack.forms.advance import AdvanceForm, Filled
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.modal import FieldErrors
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.severity import SeverityForm
from bot.slack.ids import Drawn, Field
from tests.core.given import (
    ALICE,
    BOB,
    POLICY,
    POLICY_WITH_DRAFTS,
    decided,
    declared,
    facts_of,
    in_phase,
    origin,
    policy_with,
)
from tests.slack.given import LARGE_POLICY, PHASES, sent, stuffed, texts, view_fits

HERE = origin()


def labels(view: dict[str, Any]) -> list[str]:
    """The labels of a form's fields."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def words(view: dict[str, Any]) -> str:
    """All that a form says."""
    return "\n".join(text["text"] for text in texts(view["blocks"]))


def test_a_declaration_is_read_back_with_its_facts() -> None:
    answers = {"who": "everyone", "loss": "something essential"}
    view = sent(DeclareForm.view(POLICY), title=" Checkout <fails> ", **answers)
    assert DeclareForm.parse(view, HERE, POLICY) == DeclareIncident(
        origin=HERE,
        title="Checkout <fails>",
        severity="SEV1",
    )


@pytest.mark.parametrize(("answered", "other"), [({"who": "one"}, "loss"), ({"loss": "anything"}, "who")])
def test_one_question_alone_gives_no_severity(answered: dict[str, str], other: str) -> None:
    declare = DeclareForm.parse(sent(DeclareForm.view(POLICY), title="It fails", **answered), HERE, POLICY)
    assert declare == FieldErrors({other: "Please answer both questions, or neither."})
    severity = SeverityForm.parse(sent(SeverityForm.view(declared()), **answered), HERE)
    assert severity == FieldErrors({other: "Please answer both questions, or neither."})


def test_a_declaration_needs_only_what_is_wrong() -> None:
    assert DeclareForm.parse(sent(DeclareForm.view(POLICY), title="It fails"), HERE, POLICY) == DeclareIncident(
        origin=HERE, title="It fails"
    )
    nothing = DeclareForm.parse(sent(DeclareForm.view(POLICY), title="  "), HERE, POLICY)
    assert nothing == FieldErrors({"title": "Please write a few words about what is wrong."})


def test_a_severity_given_with_the_command_counts_unless_the_questions_are_answered() -> None:
    drawn = DeclareForm.view(POLICY, severity="SEV3")
    assert labels(drawn) == labels(DeclareForm.view(POLICY))
    assert "You typed SEV3. It counts unless you answer both questions." in words(drawn)
    typed = DeclareForm.parse(sent(drawn, title="It fails"), HERE, POLICY)
    assert typed == DeclareIncident(origin=HERE, title="It fails", severity="SEV3")
    answers = {"who": "everyone", "loss": "something essential"}
    answered = DeclareForm.parse(sent(drawn, title="It fails", **answers), HERE, POLICY)
    assert answered == DeclareIncident(origin=HERE, title="It fails", severity="SEV1")


FILLED: list[tuple[Phase, list[str], dict[str, Any], Any]] = [
    (
        Phase.DETECTION,
        ["Incident commander", "Who cannot do what?"],
        {"impact": "Some cannot pay."},
        AdvancePhase(
            origin=HERE,
            leaving=Phase.DETECTION,
            to=Phase.TRIAGE,
            first=(TakeRole(origin=HERE, user=BOB), StateImpact(origin=HERE, impact="Some cannot pay.")),
        ),
    ),
    (
        Phase.TRIAGE,
        ["Who is affected?", "What can they not do?", "What is affected?"],
        {"who": "some", "loss": "something essential", "boundaries": ["search", "checkout"]},
        AdvancePhase(
            origin=HERE,
            leaving=Phase.TRIAGE,
            to=Phase.CONTAINMENT,
            first=(
                AssessSeverity(origin=HERE, who=Who.SOME, loss=Loss.CORE),
                MarkBoundaries(origin=HERE, boundaries=("search", "checkout")),
            ),
        ),
    ),
    (
        Phase.CONTAINMENT,
        ["What was done to stop the harm?", "What came of it?"],
        {"containment": "Undid it", "result": "It stopped by itself"},
        AdvancePhase(
            origin=HERE,
            leaving=Phase.CONTAINMENT,
            to=Phase.RECOVERY,
            first=(RecordContainment(origin=HERE, action="Undid it", result=ContainmentResult.SELF_LIMITED),),
        ),
    ),
    (
        Phase.RECOVERY,
        ["How do we know it works again?"],
        {"recovery": "Payments are normal"},
        AdvancePhase(
            origin=HERE,
            leaving=Phase.RECOVERY,
            to=Phase.POSTMORTEM,
            first=(VerifyRecovery(origin=HERE, how="Payments are normal"),),
        ),
    ),
    (
        Phase.POSTMORTEM,
        ["What will we change?", "Assignee", "Due date"],
        {"action_item": "Test cards", "assignee": BOB, "due": "2026-12-01"},
        CloseIncident(
            origin=HERE,
            first=(AddActionItem(origin=HERE, what="Test cards", assignee=BOB, due=date(2026, 12, 1)),),
        ),
    ),
]


@pytest.mark.parametrize(("phase", "asked", "filled", "command"), FILLED)
def test_a_gate_asks_for_exactly_what_it_lacks_and_reads_it_back(
    phase: Phase, asked: list[str], filled: dict[str, Any], command: Any
) -> None:
    view = AdvanceForm.view(in_phase(phase), POLICY, presser=BOB, at=HERE.at)
    assert labels(view) == asked
    assert AdvanceForm.parse(sent(view, **filled), HERE) == Filled(command, without=())


@pytest.mark.parametrize("phase", PHASES)
def test_with_nothing_missing_the_form_asks_once_and_advances(phase: Phase) -> None:
    incident, _ = decided(in_phase(phase), *facts_of(phase))
    view = AdvanceForm.view(incident, POLICY, presser=BOB, at=HERE.at)
    assert labels(view) == []
    filled = AdvanceForm.parse(sent(view), HERE)
    assert isinstance(filled, Filled)
    command = filled.step
    assert isinstance(command, AdvancePhase | CloseIncident) and command.first == ()
    assert not isinstance(command, AdvancePhase) or command.to is phase.next


def test_only_what_is_still_missing_is_asked() -> None:
    assert labels(AdvanceForm.view(in_phase(Phase.TRIAGE, "SEV1"), POLICY, presser=BOB, at=HERE.at)) == [
        "What is affected?"
    ]


MUCH = policy_with(
    gates=[
        *(
            {"need": need}
            for need in ("severity", "boundary", "containment", "hold", "recovery", "data", "action item")
        ),
        *({"need": need, "can_be_waived": True} for need in ("recent changes", "size", "operations lead")),
    ]
)
WAIVER = "What you leave empty: why go on without it?"


def drawn(incident: Incident, policy: Policy = MUCH, **said: Any) -> dict[str, Any]:
    """The form for ALICE, who leads."""
    return view_fits(AdvanceForm.view(incident, policy, presser=ALICE, at=HERE.at, **said))


def test_a_form_asks_three_things_at_most_and_says_all_that_is_missing() -> None:
    view = drawn(in_phase(Phase.TRIAGE))
    assert labels(view) == ["Who is affected?", "What can they not do?", "What is affected?"]
    assert view["submit"]["text"] == "Next"
    assert "*Missing:* how severe it is; what is affected; what changed lately; how many are hit; who is ope" in words(
        view
    )


def test_what_was_left_empty_in_forms_before_is_explained_in_the_last() -> None:
    incident, _ = decided(in_phase(Phase.TRIAGE), *facts_of(Phase.TRIAGE))
    first = drawn(incident)
    assert labels(first) == ["What changed in the last 24 hours?", "How many are hit?", "Operations lead"]
    filled = AdvanceForm.parse(sent(first, size="5%"), HERE)
    assert isinstance(filled, Filled) and filled.without == (Need.CHANGES, Need.OPERATIONS)
    last = drawn(decided(incident, *filled.step.first)[0], without=filled.without)
    assert labels(last) == ["Why go on without?"]
    assert AdvanceForm.parse(sent(last), HERE) == FieldErrors({"waiver": "Please write why, or fill in what is empty."})
    filled = AdvanceForm.parse(sent(last, waiver="Three of us"), HERE)
    assert isinstance(filled, Filled) and filled.without == ()
    assert filled.step.first == (WaiveNeeds(origin=HERE, needs=(Need.CHANGES, Need.OPERATIONS), reason="Three of us"),)


def test_what_somebody_filled_in_meanwhile_needs_no_reason() -> None:
    incident, _ = decided(in_phase(Phase.TRIAGE), *facts_of(Phase.TRIAGE))
    known, _ = decided(incident, AnswerQuestion(origin=HERE, question=Need.SIZE, answer="5%"))
    assert labels(drawn(known, without=(Need.SIZE,))) == [
        "What changed in the last 24 hours?",
        "Operations lead",
        WAIVER,
    ]


def test_with_only_the_hold_missing_there_is_nothing_to_send() -> None:
    contained, _ = decided(in_phase(Phase.CONTAINMENT), *facts_of(Phase.CONTAINMENT))
    view = drawn(contained)
    assert "submit" not in view and "If no new harm is seen until" in words(view)


def test_recovery_that_asks_whether_data_was_lost_keeps_to_one_form() -> None:
    view = drawn(in_phase(Phase.RECOVERY))
    answer = sent(view, recovery="It works", data="Lost or exposed")
    assert AdvanceForm.parse(answer, HERE) == FieldErrors({"data_what": "Please write what was lost or exposed."})
    filled = AdvanceForm.parse(sent(view, recovery="It works", data="Lost or exposed", data_what="Two orders"), HERE)
    assert isinstance(filled, Filled)
    assert filled.step.first[1] == AnswerQuestion(origin=HERE, question=Need.DATA, answer="lost or exposed: Two orders")


def test_the_form_is_labelled_by_the_step_it_takes() -> None:
    for phase, step in [(Phase.DETECTION, "Advance to Triage"), (Phase.POSTMORTEM, "Close incident")]:
        view = view_fits(AdvanceForm.view(in_phase(phase), POLICY, presser=BOB, at=HERE.at))
        assert view["title"]["text"] == view["submit"]["text"] == step
    assert "Everyone who is kept informed will be told at once." in words(
        AdvanceForm.view(in_phase(Phase.RECOVERY), POLICY, presser=BOB, at=HERE.at)
    )


def test_who_gets_a_draft_is_not_said_to_be_told_at_once() -> None:
    said = words(
        AdvanceForm.view(
            in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS), POLICY_WITH_DRAFTS, presser=BOB, at=HERE.at
        )
    )
    assert "Everyone who is kept informed will be told at once." not in said


def test_a_remark_comes_first() -> None:
    view = AdvanceForm.view(declared(), POLICY, presser=BOB, at=HERE.at, remark="Somebody was quicker.")
    assert view["blocks"][0] == section("Somebody was quicker.")


def test_results_stand_in_the_order_of_hope() -> None:
    view = AdvanceForm.view(in_phase(Phase.CONTAINMENT), POLICY, presser=BOB, at=HERE.at)
    options = [option["text"]["text"] for option in view["blocks"][-1]["element"]["options"]]
    assert options == [
        "It worked",
        "It worked for now, and must be undone or replaced",
        "It stopped by itself",
        "It did not help",
    ]


def test_fields_left_empty_are_pointed_out_all_at_once() -> None:
    view = AdvanceForm.view(in_phase(Phase.CONTAINMENT), POLICY, presser=BOB, at=HERE.at)
    assert AdvanceForm.parse(sent(view, containment="  "), HERE) == FieldErrors(
        {"containment": "Please write what was done.", "result": "Please choose one."}
    )


@pytest.mark.parametrize(("days", "passes"), [(-2, False), (0, True), (30, True)])
def test_a_due_date_that_has_passed_everywhere_is_a_field_error(days: int, passes: bool) -> None:
    due = (HERE.at + timedelta(days=days)).date().isoformat()
    view = sent(
        AdvanceForm.view(in_phase(Phase.POSTMORTEM), POLICY, presser=BOB, at=HERE.at),
        action_item="Test",
        assignee=BOB,
        due=due,
    )
    read = AdvanceForm.parse(view, HERE)
    assert isinstance(read, FieldErrors) is not passes
    if isinstance(read, FieldErrors):
        assert read.errors == {"due": "This day has passed. Please choose today or a later day."}


def test_the_severity_form_asks_two_questions_and_why_it_is_lower_once_there_is_a_severity() -> None:
    view = SeverityForm.view(in_phase(Phase.TRIAGE, "SEV3"))
    assert labels(view) == ["Who is affected?", "What can they not do?", "If this lowers it: why?"]
    assert "It is SEV3 now." in words(view)
    read = SeverityForm.parse(sent(view, who="many", loss="something minor", reason="A workaround"), HERE)
    assert read == AssessSeverity(origin=HERE, who=Who.MANY, loss=Loss.SIDE, reason="A workaround")
    unset = SeverityForm.view(declared())
    assert labels(unset) == ["Who is affected?", "What can they not do?"]
    assert SeverityForm.parse(sent(unset), HERE) == FieldErrors(
        {"who": "Please choose one.", "loss": "Please choose one."}
    )


def test_facts_that_nobody_touched_state_nothing() -> None:
    view = FactsForm.view(in_phase(Phase.CONTAINMENT), POLICY)
    assert FactsForm.parse(sent(view), HERE) == CorrectFacts(origin=HERE, facts=())
    untouched = sent(FactsForm.view(stuffed(Phase.TRIAGE), LARGE_POLICY))
    assert FactsForm.parse(untouched, HERE) == CorrectFacts(origin=HERE, facts=())


def test_all_that_was_changed_is_corrected_at_once() -> None:
    view = FactsForm.view(in_phase(Phase.CONTAINMENT), POLICY)
    read = FactsForm.parse(sent(view, title="Search is down", impact="Nobody can search.", boundaries=["search"]), HERE)
    assert read == CorrectFacts(
        origin=HERE,
        facts=(
            Retitle(origin=HERE, title="Search is down"),
            StateImpact(origin=HERE, impact="Nobody can search."),
            MarkBoundaries(origin=HERE, boundaries=("search",)),
        ),
    )
    one = FactsForm.parse(sent(view, impact="Nobody can search."), HERE)
    assert one == CorrectFacts(origin=HERE, facts=(StateImpact(origin=HERE, impact="Nobody can search."),))


def test_what_is_corrected_in_the_form_is_what_is_known_then() -> None:
    command = FactsForm.parse(
        sent(FactsForm.view(in_phase(Phase.RECOVERY), POLICY), title="Search is down", boundaries=["search"]), HERE
    )
    assert isinstance(command, CorrectFacts)
    after, _ = decided(in_phase(Phase.RECOVERY), command)
    assert (after.title, after.impact, after.boundaries) == (
        "Search is down",
        "Some customers cannot pay.",
        ("search",),
    )


def test_boundaries_can_be_taken_back_and_the_impact_cannot() -> None:
    view = FactsForm.view(in_phase(Phase.CONTAINMENT), POLICY)
    taken_back = FactsForm.parse(sent(view, boundaries=[]), HERE)
    assert taken_back == CorrectFacts(origin=HERE, facts=(MarkBoundaries(origin=HERE, boundaries=()),))
    assert FactsForm.parse(sent(view, impact=""), HERE) == FieldErrors(
        {"impact": "What was said cannot be unsaid. Please write what is true now."}
    )
    assert isinstance(FactsForm.parse(sent(view, title=""), HERE), FieldErrors)


def test_an_impact_that_nobody_knows_yet_may_stay_unknown() -> None:
    unknown = FactsForm.parse(sent(FactsForm.view(declared(), POLICY), title="Search is down"), HERE)
    assert unknown == CorrectFacts(origin=HERE, facts=(Retitle(origin=HERE, title="Search is down"),))


def test_the_facts_form_says_how_to_tell_when_it_started() -> None:
    said = words(FactsForm.view(declared(), POLICY))
    assert "When did it start? Type `/incident started 14:05`, or `/incident started about 14:05`" in said


def test_the_reason_for_no_action_is_read_back() -> None:
    view = NoActionForm.view(in_phase(Phase.POSTMORTEM))
    assert NoActionForm.parse(sent(view, reason="A test"), HERE) == NeedNoAction(origin=HERE, reason="A test")
    assert NoActionForm.parse(sent(view, reason=" "), HERE) == FieldErrors({"reason": "Please write why."})


@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_a_form(phase: Phase) -> None:
    full, empty = stuffed(phase), in_phase(phase).but(severity=None)
    for incident in (full, empty):
        view_fits(AdvanceForm.view(incident, LARGE_POLICY, presser=ALICE, at=HERE.at))
        view_fits(FactsForm.view(incident, LARGE_POLICY))
        view_fits(SeverityForm.view(incident))
        view_fits(NoActionForm.view(incident))
    view_fits(DeclareForm.view(LARGE_POLICY))


def test_a_form_carries_the_phase_it_was_drawn_for() -> None:
    view = FactsForm.view(in_phase(Phase.RECOVERY), POLICY)
    assert Drawn.read(view["private_metadata"]) == Drawn(number=1, phase=Phase.RECOVERY)


def test_each_field_is_named_once() -> None:
    for phase in PHASES:
        names = [
            b["block_id"]
            for b in AdvanceForm.view(in_phase(phase), POLICY, presser=ALICE, at=HERE.at)["blocks"]
            if "block_id" in b
        ]
        assert len(names) == len(set(names)) and set(names) <= set(Field)
