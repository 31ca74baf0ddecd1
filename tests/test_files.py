"""A policy that cannot be used says where and why."""

import textwrap
from pathlib import Path

import pytest

from bot.core.errors import PolicyError
from bot.files import read_policy

GOOD = """
    announce_in: "#incidents"
    unset_counts_as: SEV1
    severities:
      - name: SEV1
        means: Core service down
        first_update_minutes: 10
        then_every_minutes: 15
    boundaries:
      - {id: checkout, name: Checkout}
    audiences:
      - name: executives
        channel: "#exec-updates"
        hears: [SEV1]
"""


def written(folder: Path, text: str) -> Path:
    """A playbooks folder with this policy."""
    (folder / "policy.yml").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def test_a_good_policy_is_read(tmp_path):
    assert read_policy(written(tmp_path, GOOD)).severity("SEV1").means == "Core service down"


def test_comments_and_layout_do_not_change_its_hash(tmp_path):
    first = read_policy(written(tmp_path, GOOD)).hash
    assert read_policy(written(tmp_path, "# a comment\n" + textwrap.dedent(GOOD))).hash == first
    assert read_policy(written(tmp_path, GOOD.replace("15", "20"))).hash != first


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("then_every_minutes: 15", "then_every_minutes: soon", "8:25", "valid integer"),
        ("then_every_minutes: 15", "then_every_minutes: 0", "8:25", "greater than 0"),
        ("hears: [SEV1]", "hears: [SEV7]", "14:13", "SEV7 is not one of the severities SEV1"),
        ('channel: "#exec-updates"', 'channel: "exec updates"', "13:14", "should match pattern"),
        ("hears: [SEV1]", "hear: [SEV1]", "12:5", "Field required"),
        ("boundaries:", "bounds:", "2:1", "Field required"),
        ("- {id: checkout, name: Checkout}", "- {id: checkout", "11:10", "not readable as YAML"),
    ],
)
def test_a_bad_policy_names_file_line_and_column(tmp_path, old, new, where, what):
    with pytest.raises(PolicyError) as error:
        read_policy(written(tmp_path, GOOD.replace(old, new)))
    assert f"policy.yml:{where}: " in str(error.value)
    assert what in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_policy_says_which_setting_names_its_folder(tmp_path):
    with pytest.raises(PolicyError, match="LOCKSTEP_PLAYBOOKS"):
        read_policy(tmp_path)


def test_names_that_stand_there_twice_are_refused(tmp_path):
    twice = GOOD.replace("- {id: checkout, name: Checkout}", "- {id: a, name: A}\n      - {id: a, name: B}")
    with pytest.raises(PolicyError, match="the boundary a stands there twice"):
        read_policy(written(tmp_path, twice))


def test_the_policy_we_ship_is_good():
    policy = read_policy(Path("playbooks"))
    assert [severity.name for severity in policy.severities] == ["SEV1", "SEV2", "SEV3", "SEV4"]
    assert {audience.name for audience in policy.audiences} >= {"executives", "support"}
