"""Everything that can be pressed or sent has a listener, and every listener something that leads to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.core.facts import ImpactStated
from bot.core.incident import Phase
from bot.core.policy import Policy
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.severity import SeverityForm
from bot.slack.forms.update import UpdateForm, UpdatePreview
from bot.slack.ids import Action, Form, Verb
from bot.slack.listeners.act import incident_number
from bot.slack.listeners.buttons import BUTTONS
from bot.slack.listeners.commands import VERBS, split_severity
from bot.slack.listeners.submissions import FORMS
from bot.slack.messages import answers
from bot.slack.messages.announcement import announcement
from bot.slack.messages.card import room_card
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import already_declared
from bot.slack.messages.timeline import timeline
from tests.core.given import ALICE, POLICY, declared, in_phase
from tests.slack.given import NOW, PHASES, buttons


def drawn_messages() -> Iterator[Message]:
    """Every message that has buttons."""
    for phase in PHASES:
        incident = in_phase(phase)
        yield room_card(incident, POLICY, {})
        yield answers.needs_doing(incident, POLICY, {})
    yield announcement(declared(), POLICY)
    yield already_declared(declared())
    yield answers.open_incidents([])
    yield answers.unknown_command("help me")
    yield timeline(declared(), POLICY, [ImpactStated(at=NOW, actor=ALICE, impact="x")] * 100)


def drawn_forms() -> Iterator[dict[str, Any]]:
    """Every form that can be sent."""
    incident = in_phase(Phase.POSTMORTEM)
    yield DeclareForm.view(POLICY)
    yield AdvanceForm.view(incident, POLICY, presser=ALICE)
    yield FactsForm.view(incident, POLICY)
    yield SeverityForm.view(incident, POLICY)
    yield UpdateForm.view(incident, "x")
    yield UpdatePreview.view(incident, "x", [])
    yield NoActionForm.view(incident)


def test_every_button_has_a_listener_and_every_listener_a_button() -> None:
    pressed = {button["action_id"] for message in drawn_messages() for button in buttons(message.blocks)}
    assert pressed == set(BUTTONS) == set(Action)


def test_every_form_has_a_listener_and_every_listener_a_form() -> None:
    assert {form["callback_id"] for form in drawn_forms()} == set(FORMS) == set(Form)


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
        POLICY.model_dump()
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
