"""Once a week a channel reads what the week came to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.core.weeks import Weekday
from bot.sandbox import Sandbox
from tests.faults.truth import broken_promises
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running, settled
from tests.stories.steps import declares, everything_is_delivered, walks_to
from tests.stories.test_action_items import CHECK

WEEKLY = '\nweekly:\n  - {{channel: "#general", day: {day}, hour: {hour}, zone: UTC}}\n'


@asynccontextmanager
async def summing_up(sandbox: Sandbox, database_url: str, folder: Path) -> AsyncIterator[App]:
    """Lockstep, whose next summary is due within the next two hours of the sandbox's clock."""
    soon = datetime.fromtimestamp(sandbox.clock.epoch(), UTC).replace(minute=0) + timedelta(hours=2)
    weekly = WEEKLY.format(day=list(Weekday)[soon.weekday()], hour=soon.hour)
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8") + weekly
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(policy, folder)) as app:
        yield app
        await settled(app, sandbox)


def summaries(sandbox: Sandbox) -> list[str]:
    """The summaries that the channel has read."""
    return [text for text in sandbox.person("alice").reads("#general") if "The week from" in text]


async def test_a_channel_reads_once_a_week_what_the_week_came_to(sandbox: Sandbox, database_url: str, tmp_path: Path):
    alice = sandbox.person("alice")
    async with summing_up(sandbox, database_url, tmp_path) as bot:
        await pass_time(bot, sandbox, 0)
        assert summaries(sandbox) == []  # the one of last week is older than Lockstep is here
        await declares(sandbox, alice, "sev1 Checkout is failing")
        await declares(sandbox, alice, "sev3 Search is slow")
        await alice.types("/incident drill sev1 Something else", in_="#general")
        await everything_is_delivered(bot, sandbox)
        await pass_time(bot, sandbox, 120)
        (first,) = summaries(sandbox)
        assert "2 incidents began: 1 at SEV1, 1 at SEV3." in first and "Still open: INC-1, INC-2." in first
        assert "promised updates were on time" in first
        assert "Checkout" not in first
    async with summing_up_again(sandbox, database_url, tmp_path) as bot:
        await pass_time(bot, sandbox, 60)
        assert len(summaries(sandbox)) == 1
        await pass_time(bot, sandbox, 7 * 24 * 60)
        assert len(summaries(sandbox)) == 2 and "No incident began this week." in summaries(sandbox)[1]
    assert broken_promises(sandbox, database_url) == []


@asynccontextmanager
async def summing_up_again(sandbox: Sandbox, database_url: str, folder: Path) -> AsyncIterator[App]:
    """The same Lockstep, started once more."""
    async with running(sandbox, database_url, lockstep_playbooks=folder) as app:
        yield app
        await settled(app, sandbox)


async def test_a_summary_whose_answer_was_lost_is_not_posted_twice(sandbox: Sandbox, database_url: str, tmp_path: Path):
    async with summing_up(sandbox, database_url, tmp_path) as bot:
        await pass_time(bot, sandbox, 0)
        sandbox.faults.lose_answer("chat.postMessage", channel=sandbox.channel("#general").id)
        sandbox.clock.advance(120 * 60)
        await sandbox.until(lambda: summaries(sandbox), within=60)
    async with summing_up_again(sandbox, database_url, tmp_path) as bot:
        await pass_time(bot, sandbox, 1)
        assert len(summaries(sandbox)) == 1


MONTHLY = '\nmonthly:\n  - {{channel: "#general", team: "@payments-oncall", day: {day}, hour: 0, zone: UTC}}\n'


def digests(sandbox: Sandbox) -> list[str]:
    """The digests that the channel has read."""
    return [text for text in sandbox.person("alice").reads("#general") if text.startswith("Action items of")]


async def test_a_team_reads_once_a_month_how_its_action_items_stand(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    alice = sandbox.person("alice")
    due = datetime.fromtimestamp(sandbox.clock.epoch(), UTC) + timedelta(days=8)
    due = due if due.day <= 28 else due + timedelta(days=5)
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8") + MONTHLY.format(day=due.day)
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(policy, tmp_path)) as bot:
        room = await declares(sandbox, alice, "sev3 Search is slow")
        await walks_to(alice, room, "Advance to Postmortem")
        for name, days in (("@bob", 3), ("@carol", 3)):
            await alice.presses("Add action item", in_=room)
            day = datetime.fromtimestamp(sandbox.clock.epoch(), UTC) + timedelta(days=days)
            await alice.fills(CHECK | {"Assignee": name, "Due date": f"{day:%Y-%m-%d}"})
            assert await alice.submits() == {}
        await everything_is_delivered(bot, sandbox)
        assert digests(sandbox) == []
        await pass_time(bot, sandbox, (due - bot.clock.now()).total_seconds() / 60)
        await sandbox.until(lambda: digests(sandbox), within=60)
        await settled(bot, sandbox)
        (said,) = digests(sandbox)
        assert "1 is open, 1 of them overdue." in said and "The oldest, A1 of INC-1, has been open for" in said
        assert "Test checkout" not in said and "bob" not in said
