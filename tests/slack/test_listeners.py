"""Everything that can be pressed or sent has a listener, and every listener something that leads to it."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import pytest

from bot.core.action_item import ActionItem, ActionState
from bot.core.claims import RoleClaimed
from bot.core.containment import RecordContainment
from bot.core.decision import SYSTEM
from bot.core.delivery import DeliveryFailed
from bot.core.facts import ImpactStated
from bot.core.hint_rules import Hint
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase, Proposal, Side, Status
from bot.core.load import RestProposed
from bot.core.needs import Need
from bot.core.playbooks.model import Input
from bot.core.policy import Policy
from bot.core.prompts import PhaseTakesLong
from bot.core.proposals import DecisionProposed
from bot.core.refusal import KeptApart
from bot.core.review import Postmortem, Section, Stage
from bot.core.roles import RoleOffered, SeatFoundEmpty
from bot.core.router.reminders import UpdateReminded
from bot.core.router.updates import UpdateDrafted
from bot.core.rungs import Step
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.core.tracker.predictions import PlanTest
from bot.core.vocabulary import evolve
from bot.language import Style, check
from bot.language.blameless import review
from bot.metrics.asked import Asked
from bot.slack import words
from bot.slack.forms.action import ActionForm, DueDateForm, WhyForm
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.correction import CorrectionForm
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.duplicate import DuplicateForm
from bot.slack.forms.ends import CancelForm, MergeForm
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.fill_in import FillInForm
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm, Idea
from bot.slack.forms.mending import marked
from bot.slack.forms.needs import ASKS
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.objection import ObjectionForm
from bot.slack.forms.postmortem import BackForm, FactorsForm, KeepForm, PostmortemForm, SectionForm
from bot.slack.forms.redact import RedactForm
from bot.slack.forms.role import RoleForm, SuccessorForm
from bot.slack.forms.run import ASKED, ASKED_ABOUT, RunWordForm, StartRunForm
from bot.slack.forms.severity import SeverityForm
from bot.slack.forms.system_map import MapForm
from bot.slack.forms.times import TimesForm
from bot.slack.forms.trial import (
    AnswerForm,
    HandTestForm,
    NoResultForm,
    PlanForm,
    PredictionForm,
    StartForm,
    WayBackForm,
)
from bot.slack.forms.update import UpdateForm, UpdatePreview, Written
from bot.slack.ids import Action, Drawn, Field, Form, Verb
from bot.slack.listeners.act import incident_number
from bot.slack.listeners.buttons import BUTTONS
from bot.slack.listeners.commands import VERBS
from bot.slack.listeners.declaring import split_severity
from bot.slack.listeners.events import EVENTS
from bot.slack.listeners.submissions import FORMS
from bot.slack.manifest import manifest
from bot.slack.messages import answers
from bot.slack.messages.actions import Shown, listed
from bot.slack.messages.announcement import announcement
from bot.slack.messages.board import PAGE, hypotheses
from bot.slack.messages.card import room_card
from bot.slack.messages.hints import hint
from bot.slack.messages.hypotheses import hypothesis, told_in_thread
from bot.slack.messages.message import Message
from bot.slack.messages.metrics import figures
from bot.slack.messages.notices import told
from bot.slack.messages.refusals import already_declared, refused
from bot.slack.messages.system_map import system_map
from bot.slack.messages.timeline import timeline
from tests.core.given import (
    ALICE,
    BOB,
    POLICY,
    commanded,
    decided,
    declared,
    facts_of,
    in_phase,
    origin,
    policy_with,
    predicted,
    supposed,
)
from tests.core.run_examples import SMALL, going
from tests.metrics.given import of_one_incident
from tests.slack.given import NASTY, NOW, PHASES, buttons, menus, of_every_kind
from tests.slack.run_messages import run_messages


def drawn_messages() -> Iterator[Message]:
    """Every message that has buttons or menus."""
    for phase in PHASES:
        incident = in_phase(phase)
        yield room_card(incident, POLICY, {})
        yield answers.needs_doing(incident, POLICY, {})
    for status in Status:
        yield hypothesis(supposed(status).hypothesis(1), supposed(status), POLICY)
    twice, _ = decided(supposed(), ProposeHypothesis(origin=origin(), statement="The pool"))
    yield hypothesis(twice.hypothesis(2), twice, POLICY)
    unplaced = decided(declared(), ProposeHypothesis(origin=origin(), statement="x"))[0]
    yield hypothesis(unplaced.hypothesis(1), unplaced, POLICY)
    yield hypotheses(declared(), POLICY)
    yield told(SeatFoundEmpty(at=NOW, actor=SYSTEM, role=COMMANDER), declared(), POLICY)
    with_buttons = (UpdateDrafted, DeliveryFailed)
    for event in of_every_kind():
        if isinstance(event, with_buttons):
            waits = {event.audience: NOW} if isinstance(event, UpdateDrafted) else {}
            yield told(event, declared().but(undrafted_until=waits), POLICY)
    yield from about_promises()
    yield from about_tests()
    yield from about_roles()
    yield from about_actions()
    yield announcement(declared(), POLICY)
    yield already_declared(declared())
    yield answers.open_incidents([])
    yield answers.unknown_command("help me")
    events = [ImpactStated(at=NOW, actor=ALICE, impact=f"x{number} {NASTY}") for number in range(100)]
    yield timeline(declared(), POLICY, events, UTC)
    yield from run_messages()
    yield figures(Asked(), of_one_incident(), of_one_incident())


def about_promises() -> Iterator[Message]:
    """A reminder of an update to an audience that has not been told yet."""
    for event in of_every_kind():
        if isinstance(event, UpdateReminded):
            names = event.audiences[:1]
            one = event.but(due={names[0]: NOW}, told={names[0]: 0}, step=Step.DRAFT)
            yield told(one, declared(), POLICY)


def about_tests() -> Iterator[Message]:
    """What brings a hypothesis to its test, asks what came of it, and hints; the pages of the board, and the map."""
    for known in ((), predicted(origin(), 1)[:1], predicted(origin(), 1)):
        incident, _ = decided(supposed(), *known)
        yield hypothesis(incident.hypothesis(1), incident, POLICY)
    change = PlanTest(origin=origin(), hypothesis=1, how="x", changes_production=True, way_back="y", assignee=BOB)
    incident, _ = decided(supposed(), predicted(origin(), 1)[0], change)
    yield hypothesis(incident.hypothesis(1), incident, POLICY)
    yield told_in_thread(
        TestOverran(at=NOW, actor=SYSTEM, hypothesis=1, to=BOB, overrun=1), supposed(Status.TESTING), POLICY
    )
    many, _ = decided(declared(), *(ProposeHypothesis(origin=origin(), statement=f"x{n}") for n in range(2 * PAGE)))
    yield hypotheses(many, POLICY)
    yield hypotheses(many, POLICY, 1)
    yield system_map(declared(), POLICY)
    for rule in Hint:
        given = HintGiven(at=NOW, actor=SYSTEM, number=1, hint=rule, about="", to=(BOB,), hypothesis=2, other=1)
        yield hint(given, many, POLICY)


def about_roles() -> Iterator[Message]:
    """What the room is told of roles and decisions while there is something to answer, and who is kept from a role."""
    decision = DecisionProposed(at=NOW, actor=ALICE, proposal=1, text="x", until=NOW)
    resting = RestProposed(at=NOW, actor=SYSTEM, role=COMMANDER, user=ALICE, since=NOW, again=NOW, insists=False)
    for event in (
        PhaseTakesLong(at=NOW, actor=SYSTEM, phase=commanded().phase, to=ALICE),
        RoleOffered(at=NOW, actor=ALICE, role=COMMANDER, to=BOB, until=NOW),
        RoleClaimed(at=NOW, actor=BOB, role=COMMANDER, user=BOB, of=ALICE, until=NOW),
        decision,
        resting,
    ):
        yield told(event, evolve(commanded(), event), POLICY)
    yield refused(KeptApart(user=ALICE, role="scribe"), commanded(), POLICY)


def with_items() -> Incident:
    """One action item in each state, Bob's, and one that nobody has; the policy has a tracker."""
    item = ActionItem(what=NASTY, assignee=BOB, due=date(2026, 12, 1), done_when=NASTY, added_by=ALICE, added_at=NOW)
    items = [item.but(state=state, finished_by=BOB if state is ActionState.DONE else None) for state in ActionState]
    reviewed = in_phase(Phase.POSTMORTEM).but(hypotheses=supposed().hypotheses)
    return reviewed.but(action_items=(*items, item.but(is_declined=True)))


TRACKING = policy_with(
    may_call=[{"host": "api.github.com", "secrets": ["TOKEN"]}],
    issue_trackers=[
        {"name": "github", "kind": "github", "api": "https://api.github.com", "project": "a/b", "token": "TOKEN"}
    ],
)


def about_actions() -> Iterator[Message]:
    """Action items in every state, seen by whoever has them and by others; pages of lists."""
    incident = with_items()
    of = [Shown(incident, number, TRACKING) for number in range(1, len(incident.action_items) + 1)]
    for viewer in (ALICE, BOB):
        yield listed("mine", of, viewer, NOW, page=1, pages=3, add=Drawn.of(incident))
    yield room_card(incident, POLICY, {})
    for need in (Need.ACCEPTED, Need.CHECKED):
        yield room_card(incident, policy_with(gates=[{"need": need.value}]), {})


def forms_of_actions() -> Iterator[dict[str, Any]]:
    """The forms of action items."""
    incident = with_items()
    for number in (None, 1):
        yield ActionForm.view(incident, number)
    yield DueDateForm.view(incident, 1)
    for why in (Form.DECLINE_ACTION, Form.REOPEN_ACTION, Form.DROP_ACTION):
        yield WhyForm.view(incident, 1, why)


def postmortem_forms(incident: Incident) -> Iterator[dict[str, Any]]:
    """The forms of the postmortem, one with a text as long as it may be."""
    yield SectionForm.view(incident, POLICY, Section.HELPED, (), text="Word. " * 2000)
    yield FactorsForm.view(incident)
    yield KeepForm.view(incident, Drawn.of(incident).but(section=Section.HELPED, rule="B4", text="human error"))
    yield BackForm.view(incident)


NOT_ALONE = (Need.MEASURES, Need.PLAYBOOK)
"""What only a form about that very incident asks for."""


def drawn_forms() -> Iterator[dict[str, Any]]:
    """Every form that can be sent."""
    incident, one = in_phase(Phase.POSTMORTEM), supposed().hypothesis(1)
    yield DeclareForm.view(POLICY)
    yield DeclareForm.view(POLICY, severity="SEV1")
    yield AdvanceForm.view(incident, POLICY, presser=ALICE, at=NOW)
    yield from (FillInForm.view(incident, POLICY, need, presser=ALICE) for need in ASKS if need not in NOT_ALONE)
    yield FactsForm.view(incident, POLICY)
    yield SeverityForm.view(incident)
    yield CorrectionForm.view(incident, ["support"])
    correction = {**CorrectionForm.view(incident, ["support"]), "state": {"values": {}}}
    yield marked(correction, {Field.UPDATE: check("Soon!", Style.EXTERNAL)}, Drawn.of(incident), asks_why=True)
    yield UpdateForm.view(incident, "x", ["support"], ["support"])
    yield UpdatePreview.view(incident, Written("x", ("support",)), [])
    yield UpdatePreview.view(incident, Written("Soon!", ("support",)), [], findings=check("Soon!", Style.EXTERNAL))
    yield NoActionForm.view(incident)
    yield from postmortem_forms(incident)
    yield RoleForm.view(incident, POLICY)
    yield SuccessorForm.view(incident, Drawn.of(incident).but(role="scribe"))
    yield ObjectionForm.view(incident, Proposal(number=1, text="x", by=ALICE, until=NOW))
    yield HypothesisForm.view(incident, POLICY)
    yield HypothesisForm.view(incident, POLICY, Idea(statement="x" * 200, place="y"), "It is too long.")
    yield ConclusionForm.view(incident, one, Side.AGAINST)
    yield ConclusionForm.view(incident, one, Side.FOR)
    yield EvidenceForm.view(incident, one, [("x", "1.2")])
    yield PredictionForm.view(incident, one)
    yield PlanForm.view(incident, one, presser=ALICE)
    yield WayBackForm.view(incident, one)
    yield StartForm.view(incident, one)
    yield NoResultForm.view(incident, one)
    yield HandTestForm.view(incident, one)
    yield DuplicateForm.view(incident, one, [one.but(number=2)])
    yield AnswerForm.view(incident, one, ("x",))
    yield MapForm.view(incident, POLICY)
    yield RedactForm.view(incident, [("x", "3")], 0)
    yield CancelForm.view(incident)
    yield MergeForm.view(incident, [("INC-7: x", 7)])
    yield TimesForm.view(incident, UTC)
    yield from forms_of_actions()
    asking = SMALL.but(
        inputs=(Input(name="service", asks="Which?"), Input(name="sure", asks="Sure?", type="yes or no"))
    )
    yield StartRunForm.view(incident, asking, {})
    run = going(NOW, ALICE)
    for action in ASKED_ABOUT:
        yield RunWordForm.view(incident, Drawn.of(incident).but(run=1, step="do"), action, run, SMALL.steps["do"])


def pressable(value: Any) -> set[str]:
    """The action ids of all buttons and menus in some blocks."""
    dots = (
        element
        for block in value
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "overflow"
    )
    return {element["action_id"] for element in (*buttons(value), *menus(value), *dots)}


def test_every_button_and_menu_has_a_listener_and_every_listener_something_to_press() -> None:
    incident = in_phase(Phase.POSTMORTEM)
    reviewed = incident.but(postmortem=Postmortem(stage=Stage.REVIEWED))
    documents = [PostmortemForm.view(one, POLICY, {}, ALICE) for one in (incident, reviewed)]
    found = SectionForm.view(incident, POLICY, Section.HELPED, review("It was human error."))
    drawn = [message.blocks for message in drawn_messages()] + [form["blocks"] for form in (*documents, found)]
    pressed = {action for blocks in drawn for action in pressable(blocks)}
    pressed |= {action for form in drawn_forms() for action in pressable(form["blocks"])}
    assert pressed == set(BUTTONS) == set(Action)


def test_every_form_has_a_listener_and_every_listener_a_form() -> None:
    assert {form["callback_id"] for form in drawn_forms()} == set(FORMS) == set(Form)


def test_every_field_is_asked_for_somewhere() -> None:
    forms = [*drawn_forms(), *(AdvanceForm.view(in_phase(phase), POLICY, presser=ALICE, at=NOW) for phase in PHASES)]
    early, _ = decided(declared("SEV3"), *facts_of(Phase.DETECTION), *facts_of(Phase.TRIAGE)[1:])
    forms.append(AdvanceForm.view(early, POLICY, presser=ALICE, at=NOW))
    for_now = RecordContainment(origin=origin(), action="Off", result=ContainmentResult.WORKED, is_temporary=True)
    measures, _ = decided(in_phase(Phase.RECOVERY), for_now)
    forms.append(FillInForm.view(measures, POLICY, Need.MEASURES, presser=ALICE))
    waivable = policy_with(gates=[{"need": "size", "can_be_waived": True}])
    forms.append(FillInForm.view(in_phase(Phase.TRIAGE), waivable, Need.SIZE, presser=ALICE))
    asked = {block["block_id"] for form in forms for block in form["blocks"] if block["type"] == "input"}
    asked |= {
        block["block_id"] for form in forms for block in form["blocks"] if "checkboxes" in str(block.get("accessory"))
    }
    assert {id for id in asked if not id.startswith(ASKED)} == set(Field)


def test_a_form_opened_by_a_button_says_on_its_title_what_the_button_said() -> None:
    """So that whoever is tired sees that it is the right one."""
    titles = {form["callback_id"]: form["title"]["text"] for form in drawn_forms()}
    for form, label in {
        Form.SEVERITY: words.SET_SEVERITY,
        Form.FACTS: words.EDIT_FACTS,
        Form.UPDATE: words.SEND_UPDATE,
        Form.CORRECTION: words.CORRECT_UPDATE,
        Form.ROLE: words.ROLES,
        Form.HYPOTHESIS: words.ADD_HYPOTHESIS,
        Form.EVIDENCE: words.ADD_EVIDENCE,
        Form.NO_ACTION: words.NO_ACTION,
    }.items():
        assert titles[form] == label
    assert titles[Form.CONCLUSION] == f"{words.CONFIRM} H1"


def test_every_event_that_is_listened_to_is_subscribed_to_and_every_other_way_round() -> None:
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in subscribed} == set(EVENTS)
    assert len(subscribed) == len(set(subscribed))


def test_every_verb_is_carried_out() -> None:
    assert set(VERBS) == set(Verb)


@pytest.mark.parametrize(
    ("typed", "severity", "title"),
    [
        ("sev1 Checkout is failing", "SEV1", "Checkout is failing"),
        ("SEV2: Checkout is failing", "SEV2", "Checkout is failing"),
        ("Sev3", "SEV3", ""),
        ("sev9 Checkout is failing", None, "sev9 Checkout is failing"),
        ("Checkout is failing sev1", None, "Checkout is failing sev1"),
        ("", None, ""),
    ],
)
def test_a_first_word_that_names_a_severity_sets_it(typed: str, severity: str | None, title: str) -> None:
    assert split_severity(typed, POLICY) == (severity, title)


def test_severities_are_whatever_the_policy_calls_them() -> None:
    named = Policy.model_validate(
        POLICY.model_dump(exclude_unset=True)
        | {
            "severities": [{"name": "Major", "means": "x", "first_update_minutes": 1, "then_every_minutes": 1}],
            "unset_counts_as": "Major",
            "audiences": [],
        }
    )
    assert split_severity("major it fails", named) == ("Major", "it fails")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("INC-7", 7),
        ("inc-7", 7),
        ("inc7", 7),
        ("7", 7),
        (" 7 ", 7),
        ("seven", None),
        ("7 8", None),
        ("-7", None),
        ("9" * 30, None),
    ],
)
def test_an_incident_is_named_by_its_number_in_any_way(typed: str, number: int | None) -> None:
    assert incident_number(typed) == number
