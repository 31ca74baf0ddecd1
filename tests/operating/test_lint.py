"""`lockstep lint`: a good policy, and where a bad one is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.errors import PolicyError

SHIPPED = Path(__file__).parent.parent.parent / "playbooks"


def test_the_policy_we_ship_is_good():
    said = CliRunner().invoke(cli, ["lint", str(SHIPPED)])
    assert said.exit_code == 0
    assert said.output == f"{SHIPPED / 'policy.yml'} is good: SEV1, SEV2, SEV3, SEV4; 2 audiences.\n"


def test_a_bad_one_is_named_with_line_and_column(tmp_path: Path):
    text = (SHIPPED / "policy.yml").read_text(encoding="utf-8")
    (tmp_path / "policy.yml").write_text(text.replace("hears: [SEV1, SEV2]", "hears: [SEV1, SEV9]"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policy\.yml:\d+:19: SEV9 is not one of the severities") as error:
        CliRunner().invoke(cli, ["lint", str(tmp_path)], catch_exceptions=False)
    assert "\n" not in str(error.value)
