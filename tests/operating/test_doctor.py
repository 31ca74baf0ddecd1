"""`lockstep doctor` finds what would keep Lockstep from working, and says how to mend it."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from bot.doctor import connections, examine
from bot.sandbox import Sandbox
from bot.slack.manifest import manifest
from tests.calling.servers import says, serving
from tests.running import PLAYBOOKS, playbooks_with, settings_for


async def said(sandbox: Sandbox, url: str, bots: int = 1, **changes: object) -> list[str]:
    """What is not well, each with how to mend it."""
    symptoms = [symptom async for symptom in examine(settings_for(sandbox, url, **changes), bots)]
    return [str(symptom) for symptom in symptoms if symptom.mend]


async def test_a_workspace_as_it_should_be_has_no_symptoms(sandbox: Sandbox, database_url: str):
    symptoms = [symptom async for symptom in examine(settings_for(sandbox, database_url))]
    assert [str(one) for one in symptoms if one.mend] == []
    assert any("#exec-updates is there" in str(one) for one in symptoms)


async def test_a_token_that_slack_refuses_is_named(sandbox: Sandbox, sqlite_url: str):
    [symptom] = await said(sandbox, sqlite_url, slack_bot_token="xoxb-wrong")
    assert symptom.startswith("✗ Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy the bot token")
    [symptom] = await said(sandbox, sqlite_url, slack_app_token="xapp-wrong")
    assert "SLACK_APP_TOKEN" in symptom and "connections:write" in symptom


async def test_a_permission_that_was_not_granted_is_named_with_what_needs_it(sqlite_url: str):
    granted = frozenset(manifest()["oauth_config"]["scopes"]["bot"]) - {"reactions:read"}
    async with Sandbox(scopes=granted) as sandbox:
        [symptom] = await said(sandbox, sqlite_url)
    assert "reactions:read is missing, for the event reaction_added, the event reaction_removed" in symptom


async def test_channels_that_do_not_work_are_named(sandbox: Sandbox, sqlite_url: str):
    await sandbox.person("alice").archives("#exec-updates")
    await sandbox.person("dave").deletes("#support-updates")
    wrong = await said(sandbox, sqlite_url)
    assert len(wrong) == 2
    assert "#exec-updates" in wrong[0] and "policy.yml" in wrong[0]
    assert "#support-updates" in wrong[1] and "policy.yml" in wrong[1]


async def test_a_policy_that_cannot_be_used_and_a_database_that_cannot_be_opened(sandbox: Sandbox, tmp_path: Path):
    nowhere = f"sqlite:///{tmp_path / 'no' / 'folder' / 'x.db'}"
    wrong = await said(sandbox, nowhere, lockstep_playbooks=tmp_path)
    assert any("policy.yml: there is no such file" in symptom for symptom in wrong)
    assert any("Check DATABASE_URL" in symptom for symptom in wrong)


async def test_a_database_that_a_newer_version_has_changed(sandbox: Sandbox, sqlite_url: str):
    with sqlite3.connect(make_url(sqlite_url).database or "") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    wrong = await said(sandbox, sqlite_url)
    assert any("The database has tables of revision 9999" in symptom for symptom in wrong)


@pytest.mark.parametrize(("bots", "each", "well"), [(1, 2, True), (2, 2, True), (3, 2, False), (5, 1, True)])
def test_slack_lets_so_many_connect(sandbox_settings, bots: int, each: int, well: bool):
    found = connections(bots, sandbox_settings(each))
    assert (found.mend is None) is well


@pytest.fixture
def sandbox_settings(sandbox: Sandbox, sqlite_url: str):
    """Settings with so many connections."""
    return lambda each: settings_for(sandbox, sqlite_url, lockstep_connections=each)


async def test_several_bots_need_postgresql(sandbox: Sandbox, sqlite_url: str):
    wrong = await said(sandbox, sqlite_url, bots=2)
    assert any("2 bots cannot share SQLite" in symptom for symptom in wrong)


async def test_what_playbooks_call_and_ask_is_looked_at(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    hosts = [
        "{host: 127.0.0.1, internal: true, secrets: [SET, MISSING]}",
        "{host: 10.0.0.1}",
        "{host: no-such-host.invalid}",
    ]
    lines = "".join(f"\n  - {host}" for host in hosts)
    folder = playbooks_with(
        (PLAYBOOKS / "policy.yml").read_text().replace("may_call: []", f"may_call:{lines}"), tmp_path
    )
    given: dict[str, Any] = {"lockstep_playbooks": folder, "lockstep_secret": {"set": "qzx"}}
    async with serving(
        says(200, b'{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"1"]}]}}')
    ) as asked:
        url = f"http://127.0.0.1:{asked.port}"
        wrong = await said(sandbox, sqlite_url, **given, lockstep_prometheus_url=url)
    assert [one.split(". ")[0] for one in wrong] == [
        "✗ The secret MISSING, for 127.0.0.1, is not set",
        "✗ Playbooks cannot call 10.0.0.1: 10.0.0.1 leads to 10.0.0.1, which must not be called",
        "✗ Playbooks cannot call no-such-host.invalid: no-such-host.invalid has no address",
    ]
    assert "LOCKSTEP_SECRET__MISSING" in wrong[0] and "qzx" not in str(wrong)
    (*_, away) = await said(sandbox, sqlite_url, **given, lockstep_prometheus_url=url)
    assert away.startswith("✗ Prometheus cannot be asked. Check LOCKSTEP_PROMETHEUS_URL")
