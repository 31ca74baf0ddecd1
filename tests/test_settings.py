"""Settings come from the environment and .env; a missing or wrong one is named, with how to mend it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`lockstep run` in an empty folder with only these settings."""
    kept = {name: value for name, value in os.environ.items() if not re.match("SLACK_|DATABASE_|LOCKSTEP_", name)}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN must start with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN must start with xapp-"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is not set"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must start with"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "DATABASE_URL does not work"),
        ({"LOCKSTEP_PORT": "many"}, "LOCKSTEP_PORT"),
        ({"LOCKSTEP_LOG": "loud"}, "LOCKSTEP_LOG"),
        (
            {"LOCKSTEP_PROMETHEUS_URL": "prometheus:9090"},
            "LOCKSTEP_PROMETHEUS_URL: it must be an address such as http://",
        ),
        ({"LOCKSTEP_PLAYBOOKS": "elsewhere", "LOCKSTEP_PORT": "0"}, "LOCKSTEP_PLAYBOOKS names its folder"),
    ],
)
def test_a_missing_or_wrong_setting_is_one_line_and_exit_code_2(tmp_path, changes, says):
    done = run(tmp_path, **(GOOD | changes))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert sum(line.startswith("lockstep: ") for line in done.stderr.splitlines()) == 1


def test_the_env_example_has_a_line_for_every_setting_and_its_defaults_are_the_codes(tmp_path):

    example = Path(".env.example").read_text(encoding="utf-8")
    named = {line.split("=")[0].split("__")[0].lower() for line in example.splitlines() if line.strip()}
    assert named == set(Settings.model_fields) - {"lockstep_clock"}
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    tokens = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    assert read_with(tmp_path / ".env", tokens) == read_with(None, tokens)


def read_with(file: Path | None, given: dict[str, str]) -> Settings:
    """The settings with this .env, and these given otherwise."""
    return Settings(_env_file=file, **given)  # type: ignore[call-arg, arg-type]


def test_secrets_of_playbooks_are_read_by_their_names_and_not_shown(tmp_path):
    tokens = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    (tmp_path / ".env").write_text('LOCKSTEP_SECRET__DEPLOY_TOKEN="qzx"\nLOCKSTEP_SECRET__A__B="y"\n', encoding="utf-8")
    secrets = read_with(tmp_path / ".env", tokens).lockstep_secret
    assert {name: secret.get_secret_value() for name, secret in secrets.items()} == {"deploy_token": "qzx", "a__b": "y"}
    assert "qzx" not in repr(secrets)
