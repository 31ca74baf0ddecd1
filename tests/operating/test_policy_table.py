"""`lockstep policy`: the policy as a page that people can read, and the page in the docs."""

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import cli
from bot.core.policy import Policy
from bot.policy_table import page
from tests.core.given import POLICY

ROOT = Path(__file__).parent.parent.parent


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without those of its head."""
    lines = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def with_audience(**keys: object) -> Policy:
    """A policy with one audience, of these keys."""
    audience = {"name": "customers", "channel": "#customer-updates", "hears": ["SEV1"], **keys}
    return Policy.model_validate(POLICY.model_dump() | {"audiences": [audience]})


def test_the_page_in_the_docs_is_what_the_command_prints():
    said = CliRunner().invoke(cli, ["policy", str(ROOT / "playbooks")])
    assert said.exit_code == 0
    kept = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    assert said.output == kept, "playbooks/policy.yml has changed. Run: lockstep policy > docs/policy.md"


def test_who_hears_what_and_when_is_one_row_an_audience_and_one_column_a_severity():
    assert rows(page(POLICY), "Who hears what, and when") == [
        [
            "executives",
            "#exec-updates",
            "first 10 min, then every 15 min",
            "first 15 min, then every 30 min",
            "—",
            "Lockstep",
        ],
        [
            "support",
            "#support-updates",
            "first 10 min, then every 15 min",
            "first 15 min, then every 30 min",
            "first 60 min, then every 60 min",
            "Lockstep",
        ],
    ]


def test_an_audience_with_its_own_times_and_a_person_who_sends_is_shown_with_them():
    policy = with_audience(
        hears=["SEV1", "SEV2", "SEV3"],
        sent_by="a person",
        first_update_minutes={"SEV1": 120, "SEV2": "on phase change", "SEV3": "on phase change"},
        then_every_minutes={"SEV1": "on phase change", "SEV2": 4320, "SEV3": "on phase change"},
    )
    assert rows(page(policy), "Who hears what, and when") == [
        [
            "customers",
            "#customer-updates",
            "first 2 h, then on phase change",
            "first on phase change, then every 3 days",
            "on phase change",
            "a person",
        ]
    ]


def test_severities_roles_the_system_map_and_the_rest_have_tables_too():
    text = page(POLICY)
    assert rows(text, "Severities")[0] == ["SEV1", "Core service down", "@incident-leads, @payments-oncall", "5 min"]
    assert rows(text, "Severities")[2] == ["SEV3", "Something minor", "nobody", "5 min"]
    assert rows(text, "What must be known before a phase is left")[2] == ["TRIAGE", "severity", "yes", "yes", "yes"]
    assert rows(text, "Who may do what")[0] == ["advance", "anyone"]
    assert "an incident counts as SEV2." in text
    assert rows(text, "Roles")[0] == ["incident commander", "commander, ic", "leads and decides; does not debug"]
    assert rows(text, "System map") == [["Checkout", "checkout", "—", "—"], ["Search", "search", "—", "—"]]
    assert rows(text, "Rooms and other settings") == [
        ["incidents are announced in", "#incidents"],
        ["the room is asked for an incident commander", "after 2 min without one"],
        ["the room is archived once the incident is over", "never"],
        ["a full postmortem is written at", "SEV1, SEV2"],
        ["wordings that blame somebody", "keep a postmortem from being published until changed or kept for a reason"],
        ["what was typed can be redacted by", "incident commander"],
    ]


def test_when_a_room_is_archived_reads_as_people_say_it():
    for days, said in ((0, "at once"), (1, "after 1 day"), (30, "after 30 days")):
        policy = Policy.model_validate(POLICY.model_dump() | {"archive_room_after_days": days})
        assert ["the room is archived once the incident is over", said] in rows(
            page(policy), "Rooms and other settings"
        )


def test_a_policy_without_audiences_says_that_nobody_is_kept_informed():
    text = page(Policy.model_validate(POLICY.model_dump() | {"audiences": []}))
    assert "Nobody is kept informed: the policy names no audience." in text


def test_signs_that_a_table_would_obey_and_line_breaks_stay_in_their_cell():
    boundaries = [{"id": "a", "name": "Mail | <b>post</b>\nroom"}]
    text = page(Policy.model_validate(POLICY.model_dump() | {"boundaries": boundaries}))
    assert rows(text, "System map") == [["Mail \\| &lt;b>post&lt;/b> room", "a", "—", "—"]]


def test_the_columns_line_up_in_the_raw_text():
    for table in page(POLICY).split("\n\n"):
        lines = [line for line in table.splitlines() if line.startswith("|")]
        assert len({len(line) for line in lines}) <= 1
