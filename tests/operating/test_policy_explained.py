"""`lockstep policy explain`: what it prints of the policy in playbooks/, against rules stated anew, facts combined pairwise."""

from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.decision import Command
from bot.core.delivery import DropDelivery, TryDeliveryAgain
from bot.core.incident import End, Incident, Phase
from bot.core.policy import Policy
from bot.core.refusal import Refusal
from bot.explanation.answers import ATTEMPTS, answers, decided
from bot.explanation.attempt import Asked
from bot.explanation.page import page
from bot.explanation.situations import Situation, incident_in, people, severities
from bot.files import read_policy
from tests.core.test_model import leaves
from tests.operating.explained_rules import RULES, expected, going_on, lacking
from tests.pairs import pairwise

ROOT = Path(__file__).parent.parent.parent
PRESENT = (None, 2, 3)
BY_MACHINES_ONLY = {DropDelivery}
"""Reports that nobody presses a button for: an operator's command line has this one."""
BY_PEOPLE_TOO = {TryDeliveryAgain}
"""Reports for which there is a button."""


@cache
def policy() -> Policy:
    """The policy that Lockstep comes with."""
    return read_policy(ROOT / "playbooks")


@cache
def situations() -> tuple[Situation, ...]:
    """Every two values of two facts together, once for incidents that are open and once for all: what is over hides the rest."""
    facts = {
        "phase": list(Phase),
        "severity": severities(policy()),
        "who": people(policy()),
        "is_known": (False, True),
        "has_roles": (True, False),
        "present": PRESENT,
    }
    rows = [*pairwise(facts), *pairwise({**facts, "end": list(End)})]
    return tuple(Situation(**row) for row in rows)


@cache
def stood() -> list[tuple[Situation, Incident]]:
    """Each of them with the incident that stands so."""
    return [(now, incident_in(now, policy())) for now in situations()]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.what)
def test_the_answer_is_the_one_that_the_rules_give(attempt):
    wrong = [
        (now, said)
        for now, said in answers(attempt, stood(), policy())
        if not said.startswith(expected(attempt.what, now))
    ]
    assert wrong == []


def test_everything_that_is_missing_is_named_at_once():
    go_on = ATTEMPTS[0]
    stuck = [one for one in stood() if one[0].end is None and going_on(one[0]).startswith("*INC-1 stays")]
    assert stuck
    assert [(now, said.count("○")) for now, said in answers(go_on, stuck, policy())] == [
        (now, len(lacking(now))) for now, _ in stuck
    ]


def test_every_attempt_has_a_rule_and_no_rule_is_without_an_attempt():
    assert sorted(attempt.what for attempt in ATTEMPTS) == sorted(RULES)


def test_every_command_that_people_can_give_is_tried():
    tried = {type(attempt.command(_asked(attempt))) for attempt in ATTEMPTS}
    given = {kind for kind in leaves(Command) if issubclass(kind, Command) and not kind.is_report} | BY_PEOPLE_TOO
    assert tried == given - BY_MACHINES_ONLY


def _asked(attempt) -> Asked:
    now, incident = stood()[0]
    asked = Asked(by=now.origin, now=incident, policy=policy())
    return Asked(by=asked.by, now=attempt.where(asked), policy=policy())


def test_every_sentence_that_refuses_is_met():
    met = {
        type(decided(attempt, now, incident, policy())[1].refusal) for attempt in ATTEMPTS for now, incident in stood()
    }
    assert set(Refusal.__args__[0].__args__) <= met


def test_the_page_has_every_attempt_and_every_kind_of_situation():
    written = page(policy())
    usual, *others = written.split("\n## When everything that gates ask for is known\n")
    assert [attempt.what for attempt in ATTEMPTS if attempt.what not in usual] == []
    for title in ("While nobody has a role", "With 3 people or more in the room", "Once it is closed"):
        assert f"\n## {title}\n" in others[0]
    assert "| all but TRIAGE | all " in others[0]
    assert "marked `solo`" in usual and "job of its own" not in usual


def test_the_command_prints_the_page():
    said = CliRunner().invoke(cli, ["policy", "explain", str(ROOT / "playbooks")])
    assert said.exit_code == 0
    assert said.output == page(policy())
