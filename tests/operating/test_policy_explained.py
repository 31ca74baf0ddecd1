"""`lockstep policy explain`: what it prints of the policy in playbooks/, against rules that are stated here anew."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.policy import Policy
from bot.explanation import rows
from bot.files import read_policy

ROOT = Path(__file__).parent.parent.parent
LEADS = {"incident commander"}
STEERS = {"incident commander", "deputy"}
SET = {"SEV1", "SEV2", "SEV3", "SEV4"}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy that Lockstep comes with."""
    return read_policy(ROOT / "playbooks")


def expected(what: str, phase: str, severity: str, who: str) -> str:
    """How the answer begins, by rules of this table alone."""
    only = "In INC-1 only these may"
    match what:
        case "go on to the next phase":
            return f"*INC-1 stays in {phase.capitalize()} for now.*" if who in STEERS else only
        case "close" if phase != "POSTMORTEM":
            return f"INC-1 has been in *{phase.capitalize()}*"
        case "close":
            return "*INC-1 stays in Postmortem for now.*" if who in STEERS else only
        case "waive everything that can be known":
            return "The policy does not let INC-1" if who in LEADS else only
        case "lower the severity to the mildest" if severity in SET - {"SEV4"}:
            return only if who not in LEADS else lowered(phase, severity)
        case "take command by the button" if who not in LEADS:
            return "incident commander has been incident commander"
        case "hand command over" if who not in LEADS:
            return "*incident commander* is with incident commander"
        case "say that the impact is back":
            return "Service was restored" if phase == "POSTMORTEM" else "INC-1 is not contained"
        case _:
            return "allowed"


def lowered(phase: str, severity: str) -> str:
    """How the answer begins when whoever leads lowers a severity: not in DETECTION, and one level at a time."""
    if phase == "DETECTION":
        return "In Detection nobody knows yet how bad it is"
    return "allowed" if severity == "SEV3" else "The severity is lowered one level at a time"


@pytest.mark.parametrize(
    "what",
    [
        "go on to the next phase",
        "close",
        "waive everything that can be known",
        "set the worst severity",
        "lower the severity to the mildest",
        "take command by the button",
        "take command in an emergency",
        "hand command over",
        "say what was done against the harm",
        "say that the impact is back",
        "propose a hypothesis",
    ],
)
def test_every_phase_severity_and_role_gets_the_answer_that_the_rules_give(what: str, policy: Policy):
    answers = rows(what, policy)
    assert len(answers) == 5 * 5 * 6
    wrong = [row for row in answers if not row[3].startswith(expected(what, *row[:3]))]
    assert wrong == []


def test_the_command_prints_a_table_for_each_command_with_equal_rows_folded():
    said = CliRunner().invoke(cli, ["policy", "explain", str(ROOT / "playbooks")])
    assert said.exit_code == 0
    assert said.output.count("## ") == 11
    assert len(said.output.splitlines()) < 120
