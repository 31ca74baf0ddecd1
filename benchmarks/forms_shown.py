"""How many fields each form has before CONTAINMENT at most: every form there is, in every state in which it can be opened there,
with the policy that Lockstep comes with and with one whose gates ask for all that they can."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import cache
from pathlib import Path

from bot.bookcase import read_shelf
from bot.core.gates import missing, waivable
from bot.core.incident import Hypothesis, Incident, Phase, Proposal, Side
from bot.core.learning.action_checks import may_be_detailed
from bot.core.needs import ALWAYS, EARLIEST, Need
from bot.core.playbooks.facts import RunStarted
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.policy import Policy
from bot.core.review import Section
from bot.core.router.updates import listeners
from bot.core.tracker.similar import repeated
from bot.explanation.situations import NOW, PROPOSED, Situation, incident_in, people, severities
from bot.files import read_policy
from bot.slack.forms.action import ActionForm, DueDateForm, WhyForm
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.correction import CorrectionForm
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.duplicate import DuplicateForm
from bot.slack.forms.ends import CancelForm, MergeForm
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.fill_in import FillInForm
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm, Idea
from bot.slack.forms.modal import View
from bot.slack.forms.needs import ASKS
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.objection import ObjectionForm
from bot.slack.forms.postmortem import BackForm, FactorsForm, KeepForm, SectionForm
from bot.slack.forms.redact import RedactForm
from bot.slack.forms.role import RoleForm, SuccessorForm
from bot.slack.forms.run import ASKED_ABOUT, RunWordForm, StartRunForm
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
from bot.slack.ids import Drawn, Form

BEFORE = (Phase.DETECTION, Phase.TRIAGE)
PLAYBOOKS = Path(__file__).parent.parent / "playbooks"
_SOME = [("one", "1"), ("another", "2")]


def policies() -> tuple[Policy, ...]:
    """The policy that Lockstep comes with, and one whose gates ask for everything as early as they can and let all be waived."""
    usual = read_policy(PLAYBOOKS)
    always = {need for needs in ALWAYS.values() for need in needs}
    all_of_it = [{"need": need, "can_be_waived": True} for need in EARLIEST if need not in always]
    return usual, Policy.model_validate({**usual.model_dump(exclude_unset=True), "gates": all_of_it})


def situations(policy: Policy) -> Iterator[Situation]:
    """Every way in which an incident can stand before CONTAINMENT when somebody opens a form."""
    for phase in BEFORE:
        for severity in severities(policy):
            for who in people(policy):
                for is_known in (False, True):
                    for has_roles in (False, True):
                        yield Situation(phase=phase, severity=severity, who=who, is_known=is_known, has_roles=has_roles)


def most_fields() -> dict[Form, int]:
    """How many fields each form has at most, and which forms there are."""
    most = dict[Form, int]()
    for policy in policies():
        for now in situations(policy):
            for view in opened(incident_in(now, policy), policy, now.who):
                which = Form(view["callback_id"])
                fields = sum(block["type"] == "input" for block in view["blocks"])
                most[which] = max(most.get(which, 0), fields)
    return most


def opened(incident: Incident, policy: Policy, who: str) -> Iterator[View]:
    """Every form that this person can open in this incident."""
    yield DeclareForm.view(policy)
    yield DeclareForm.view(policy, severity=policy.severities[0].name)
    yield from _of_gates(incident, policy, who)
    yield from _of_facts(incident, policy)
    yield from _of_roles(incident, policy)
    yield from _of_hypotheses(incident, policy)
    for one in incident.hypotheses:
        yield from _of_tests(incident, one, who)
    names = listeners(incident, policy)
    yield UpdateForm.view(incident, "We are on it", names, names)
    yield UpdatePreview.view(incident, Written("We are on it", tuple(names)), [])
    yield CorrectionForm.view(incident, names)
    yield RedactForm.view(incident, _SOME, 0)
    yield from _of_actions(incident)
    yield CancelForm.view(incident)
    yield MergeForm.view(incident, [("INC-7: Search fails", 7)])
    yield from _of_postmortem(incident, policy)
    yield from _of_playbooks(incident, policy)


def _of_actions(incident: Incident) -> Iterator[View]:
    """The forms of action items: those of each that there is, and what is asked once the work on the fault is done."""
    if may_be_detailed(incident):
        yield ActionForm.view(incident)
    for number in range(1, len(incident.action_items) + 1):
        if may_be_detailed(incident):
            yield ActionForm.view(incident, number)
        yield DueDateForm.view(incident, number)
        for why in (Form.DECLINE_ACTION, Form.REOPEN_ACTION, Form.DROP_ACTION):
            yield WhyForm.view(incident, number, why)


def _of_gates(incident: Incident, policy: Policy, who: str) -> Iterator[View]:
    """The forms that leave the phase, one after the other as each thing is left empty, and those that fill in one thing."""
    skipped = list[Need]()
    for need in (None, *waivable(incident, policy)):
        skipped += [need] if need else []
        view = AdvanceForm.view(incident, policy, presser=who, at=NOW, without=tuple(skipped))
        if "callback_id" in view:
            yield view
    for need in missing(incident, policy):
        if need in ASKS:
            yield FillInForm.view(incident, policy, need, presser=who)


def _of_postmortem(incident: Incident, policy: Policy) -> Iterator[View]:
    yield SectionForm.view(incident, policy, Section.HELPED, ())
    yield FactorsForm.view(incident)
    yield KeepForm.view(incident, Drawn.of(incident).but(section=Section.HELPED, rule="B4", text="human error"))
    yield BackForm.view(incident)


def _of_facts(incident: Incident, policy: Policy) -> Iterator[View]:
    yield FactsForm.view(incident, policy)
    yield MapForm.view(incident, policy)
    yield SeverityForm.view(incident)
    yield TimesForm.view(incident, UTC)
    yield NoActionForm.view(incident)


def _of_roles(incident: Incident, policy: Policy) -> Iterator[View]:
    yield RoleForm.view(incident, policy)
    yield SuccessorForm.view(incident, Drawn.of(incident).but(hypothesis=PROPOSED))
    one = Proposal(number=1, text="We roll back", by="somebody", until=NOW)
    yield ObjectionForm.view(incident, one)


def _of_hypotheses(incident: Incident, policy: Policy) -> Iterator[View]:
    one = incident.hypothesis(PROPOSED)
    yield HypothesisForm.view(incident, policy)
    yield HypothesisForm.view(incident, policy, Idea(statement=one.statement, revises=PROPOSED), "It names a person.")
    for replies in ([], _SOME):
        yield EvidenceForm.view(incident, one, replies)


def _of_playbooks(incident: Incident, policy: Policy) -> Iterator[View]:
    """What the playbooks that Lockstep comes with ask before they start, and a word about a step."""
    for one in _playbooks().values():
        if one.inputs:
            yield StartRunForm.view(incident, one, {})
    started = RunStarted(at=NOW, run="R1", playbook="any", hash="", title="Any")
    for action in ASKED_ABOUT:
        yield RunWordForm.view(incident, Drawn.of(incident).but(run=1), action, Run(started=started), None)


@cache
def _playbooks() -> Mapping[str, Playbook]:
    return read_shelf(PLAYBOOKS, policies()[0]).offered


def _of_tests(incident: Incident, one: Hypothesis, who: str) -> Iterator[View]:
    """The forms that bring a hypothesis to its result."""
    yield PredictionForm.view(incident, one)
    yield PlanForm.view(incident, one, presser=who)
    yield WayBackForm.view(incident, one)
    yield StartForm.view(incident, one)
    yield NoResultForm.view(incident, one)
    yield HandTestForm.view(incident, one)
    yield DuplicateForm.view(incident, one, repeated(incident, one))
    yield AnswerForm.view(incident, one, ("It is slow without it too",))
    yield from (ConclusionForm.view(incident, one, side) for side in Side)
