"""What Prometheus reads at `/metrics`."""

from collections.abc import Mapping

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App
from bot.sandbox import Sandbox
from tests.running import pass_time, running, settled

Labels = tuple[tuple[str, str], ...]


async def read(app: App) -> dict[tuple[str, Labels], float]:
    """Every sample by its name and labels."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{app.web.port}/metrics") as answer:
        assert answer.status == 200 and answer.content_type == "text/plain"
        families = text_string_to_metric_families(await answer.text())
        return {(one.name, _sorted(one.labels)): one.value for family in families for one in family.samples}


def _sorted(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted(labels.items()))


async def test_it_counts_incidents_commits_and_parts_and_names_nobody(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        alice = sandbox.person("alice")
        await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
        await alice.types("/incident drill sev2 We practise", in_="#general")
        await settled(app, sandbox)
        found = await read(app)
        assert found["lockstep_ready", ()] == 1
        assert (
            found["lockstep_part_up", (("part", "database"),)] == found["lockstep_part_up", (("part", "slack"),)] == 1
        )
        open_one = (("drill", "false"), ("phase", "DETECTION"), ("severity", "SEV1"))
        assert found["lockstep_incidents_open", open_one] == 1
        assert found["lockstep_incidents_declared_total", (("drill", "true"),)] == 1
        assert found["lockstep_commits_total", ()] >= 4 and found["lockstep_commits_failed_total", ()] == 0
        assert found["lockstep_outbox_waiting", ()] == found["lockstep_outbox_given_up", ()] == 0
        assert found["lockstep_outbox_oldest_seconds", ()] == 0
        assert found["process_resident_memory_bytes", ()] > 10_000_000
        said = {value for _, labels in found for _, value in labels}
        assert not any("Checkout" in value or alice.id in value or "INC-" in value for value in said)


async def test_what_waits_in_the_outbox_is_told(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        await sandbox.person("alice").types("/incident declare sev1 Checkout is failing", in_="#general")
        await settled(app, sandbox)
        sandbox.faults.fail("chat.postMessage", times=None)
        await sandbox.person("alice").types("/incident note We look", in_=_room(sandbox))
        found = await read(app)
        assert found["lockstep_outbox_waiting", ()] >= 1
        assert found["lockstep_outbox_oldest_seconds", ()] > 0
        await sandbox.faults.clear()
        await settled(app, sandbox)
        assert (await read(app))["lockstep_outbox_waiting", ()] == 0


def _room(sandbox: Sandbox) -> str:
    return next(f"#{one.name}" for one in sandbox.workspace.channels.values() if one.name.startswith("inc-1"))


async def test_a_drafted_update_that_nobody_sends_is_overdue(sandbox: Sandbox, database_url: str):
    async with running(sandbox, database_url) as app:
        await sandbox.person("alice").types("/incident declare sev1 Checkout is failing", in_="#general")
        drafted = [one.name for one in app.service.policy.audiences if one.is_drafted]
        await pass_time(app, sandbox, minutes=60)
        found = await read(app)
        late = {dict(labels)["audience"] for (name, labels), _ in found.items() if name == "lockstep_updates_overdue"}
        assert late == set(drafted)
        assert (found["lockstep_updates_overdue_seconds", ()] > 0) is bool(drafted)
