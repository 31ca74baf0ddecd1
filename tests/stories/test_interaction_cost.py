"""What it costs people to use the forms under stress, counted on the forms themselves."""

from pathlib import Path

import pytest

from bot.core.incident import Phase, Seat
from bot.core.lifecycle import PhaseEntered
from bot.core.vocabulary import evolve
from bot.files import read_policy
from bot.slack.forms.advance import AdvanceForm
from tests.core.given import ALICE, BOB, declared, origin

POLICY = read_policy(Path(__file__).parent.parent.parent / "playbooks")
HERE = origin()


@pytest.mark.parametrize("presser", [ALICE, BOB])
@pytest.mark.parametrize("severity", [None, "SEV1", "SEV2", "SEV3", "SEV4"])
@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.TRIAGE])
def test_no_step_before_containment_asks_for_more_than_three_things_at_once(
    phase: Phase, severity: str | None, presser: str
) -> None:
    incident = evolve(declared(severity, POLICY), PhaseEntered(at=HERE.at, actor=ALICE, phase=phase))
    for seats in ({}, {"incident commander": Seat(user=ALICE, since=HERE.at)}):
        view = AdvanceForm.view(incident.but(seats=seats), POLICY, presser=presser, at=HERE.at)
        assert 1 <= sum(block["type"] == "input" for block in view["blocks"]) <= 3
