"""23. A real Prometheus watches a service while a playbook is run. Its errors rise: the run stops, the room is told, and the undo
is offered."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.calling.fetching import Fetcher
from bot.core.playbooks.facts import AlarmRaised
from bot.core.playbooks.judging import Verdict
from bot.prometheus import Prometheus
from bot.sandbox import Sandbox
from bot.watching import LOOK_SECONDS
from tests.calling.measured import Exporter, prometheus
from tests.stories.test_playbook_calls import a_bot, begins
from tests.stories.test_playbooks import facts, run_shows

EVERY = 5
"""Seconds between two looks."""
RATIO = "rate(http_errors_total[4s]) / rate(http_requests_total[4s])"
WATCHED = f"""
rollback_when:
  - id: errors-up
    says: One in twenty requests fails
    when: {{kind: metric, query: "{RATIO}", op: ">", threshold: 0.05, every_seconds: {EVERY}, window_minutes: 1}}
start: switch
steps:
  switch: {{kind: manual, title: Switch over, do: Switch., reversible: true, undo: {{do: Switch back.}}, on_success: look}}
  look: {{kind: manual, title: Watch it, do: Watch., timeout_minutes: 60, on_success: good}}
"""


@pytest.mark.timeout(300)
async def test_errors_that_cross_the_threshold_stop_the_run_within_two_looks_and_the_undo_is_offered(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    exporter = Exporter()
    async with prometheus(tmp_path, exporter) as url:
        watching = Prometheus(url, Fetcher())
        async with a_bot(sandbox, sqlite_url, tmp_path, WATCHED, 1, lockstep_prometheus_url=url) as bot:
            async with asyncio.timeout(120):
                while (await watching.now(RATIO, bot.clock.now())).lack:
                    await asyncio.sleep(0.2)
            room, alice, bob = await begins(sandbox, bot)
            await run_shows(alice, room, "● Switch over", title="Ask outside")
            await bob.presses("Done", in_=room)
            await run_shows(alice, room, "● Watch it", title="Ask outside")
            await asyncio.sleep(2 * EVERY)
            assert await facts(bot, AlarmRaised) == []
            exporter.fails(percent=50)
            began = bot.clock.now()
            await run_shows(
                alice, room, "Stopped: One in twenty requests fails", "[Roll back now]", title="Ask outside"
            )
            (alarm,) = await facts(bot, AlarmRaised)
            assert isinstance(alarm, AlarmRaised) and alarm.verdict is Verdict.YES
            assert alarm.at - began <= 2 * timedelta(seconds=EVERY + LOOK_SECONDS)
            await alice.sees("■ Ask outside is stopped: One in twenty requests fails.", in_=room)
            await bob.presses("Roll back now", in_=room)
            await run_shows(alice, room, "Undo: Switch over", "Switch back.", title="Ask outside")
