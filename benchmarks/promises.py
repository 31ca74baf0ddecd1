"""What becomes of promised updates in a day of incidents: `python -m benchmarks.promises [--incidents 40]`.

Incidents of all severities are declared through the sandbox one after the other, several are open at a time, and five audiences
are told of them, one of them (customers) by a person, who is quick in two of three incidents and silent in the third. Time is
stepped: it jumps to the next due time once everything has come true, and runs as in real life in between, so that lateness is real
seconds. Slack's limits and the bot's pace are in force, thirty times as fast as in real life. Prints the report of
`lockstep promises`, and how late the latest update was that Lockstep sent by itself.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
import yaml

from bot.app import App
from bot.cli.promises import account_for
from bot.core.router.accounts import Account
from bot.core.router.promises import Outcome
from bot.core.router.reminders import UpdateReminded
from bot.promise_report import as_text
from bot.sandbox import Person, Sandbox
from bot.store import queries, timers
from bot.store.database import Database
from tests.running import HURRY, PLAYBOOKS, running, settled, until, workspace
from tests.stories.steps import declares, walks_to

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
LIVES = {"SEV1": 95, "SEV2": 125, "SEV3": 190, "SEV4": 60}
"""How many minutes an incident of each severity lasts."""
EVERY_MINUTES = 25
"""So long after one incident the next is declared."""
FIFTH = {"name": "engineering", "channel": "#general", "hears": list(SEVERITIES)}


@dataclass
class Running:
    """An incident that is open: its room, when it ends (in domain minutes from the start), and how many reminders were answered."""

    number: int
    room: str
    ends: float
    is_answered: bool
    answered: int = 0


@dataclass
class Day:
    """What came of it: every promise with its incident, and how many incidents there were."""

    kept: list[tuple[str, Account]] = field(default_factory=list)
    incidents: int = 0

    @property
    def by_itself(self) -> list[Account]:
        """The promises that Lockstep itself was to keep and that fell due."""
        return [one for _, one in self.kept if one.audience != "customers" and one.outcome]

    @property
    def latest(self) -> timedelta:
        """How late the latest of them was."""
        return max((one.late or timedelta() for one in self.by_itself), default=timedelta())


def playbooks(folder: Path) -> Path:
    """The policy that Lockstep comes with, with a fifth audience."""
    shutil.copytree(PLAYBOOKS / "updates", folder / "updates")
    policy = yaml.safe_load((PLAYBOOKS / "policy.yml").read_text(encoding="utf-8"))
    policy["audiences"].append(FIFTH)
    (folder / "policy.yml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    return folder


async def a_day(database_url: str, folder: Path, incidents: int) -> Day:
    """Live through it, and account for every promise."""
    async with workspace() as sandbox:
        sandbox.limits.enabled, sandbox.limits.speed = True, HURRY
        async with running(sandbox, database_url, lockstep_playbooks=playbooks(folder)) as bot:
            database = await Database.open(database_url)
            try:
                await _live(sandbox, bot, database, incidents)
                return await _account(database, bot)
            finally:
                await database.close()


async def _live(sandbox: Sandbox, bot: App, database: Database, incidents: int) -> None:
    """Declare one after the other, step from due time to due time, and end each when its time has come."""
    start, number, open_ones = bot.clock.now(), 0, list[Running]()

    def passed() -> float:
        return (bot.clock.now() - start) / timedelta(minutes=1)

    while number < incidents or open_ones:
        if number < incidents and passed() >= number * EVERY_MINUTES:
            number += 1
            open_ones.append(await _declare(sandbox, bot, number, passed()))
        for one in [one for one in open_ones if passed() >= one.ends]:
            await _restore(sandbox, bot, one)
            open_ones.remove(one)
        await _answer(sandbox, bot, open_ones)
        upcoming = [one.ends for one in open_ones]
        upcoming += [number * EVERY_MINUTES] if number < incidents else []
        if upcoming:
            await _step(sandbox, bot, database, at_most=(min(upcoming) - passed()) * 60)


async def _declare(sandbox: Sandbox, bot: App, number: int, now: float) -> Running:
    """An incident of the next severity, in which BOB sees to communications; customers are told at once if anybody hears of it."""
    severity = SEVERITIES[number % len(SEVERITIES)]
    alice = sandbox.person("alice")
    room = await declares(sandbox, alice, f"{severity} Number {number} fails")
    await alice.types("/incident role comms @bob", in_=room)
    await settled(bot, sandbox, within=60)
    await _send_draft(sandbox, room)
    return Running(number, room, now + LIVES[severity], is_answered=number % 3 != 0)


async def _restore(sandbox: Sandbox, bot: App, one: Running) -> None:
    """Service is back. Customers are told so at once, but where BOB is silent."""
    await walks_to(sandbox.person("alice"), one.room, "Advance to Postmortem")
    await settled(bot, sandbox, within=60)
    if one.is_answered:
        await _send_draft(sandbox, one.room)


async def _send_draft(sandbox: Sandbox, room: str) -> None:
    """BOB sends the newest draft for customers in a room, if there is one."""
    bob = sandbox.person("bob")
    drafts = [message for message in bob.messages(room) if "ere is a draft for customers" in message.text]
    if drafts and "[Send]" in drafts[-1].text:
        await bob.presses("Send", on=drafts[-1], in_=room)
        await bob.submits()


async def _answer(sandbox: Sandbox, bot: App, open_ones: Sequence[Running]) -> None:
    """BOB says that nothing has changed wherever he was reminded, but in those incidents in which he is silent."""
    await settled(bot, sandbox, within=60)
    bob = sandbox.person("bob")
    for one in open_ones:
        events = await bot.service.timeline(one.number, viewer="")
        reminders = sum(isinstance(recorded.event, UpdateReminded) for recorded in events)
        if one.is_answered and reminders > one.answered:
            await _say_no_change(sandbox, bob, one)
        one.answered = reminders


async def _say_no_change(sandbox: Sandbox, bob: Person, one: Running) -> None:
    direct = sandbox.workspace.direct(frozenset({bob.id, sandbox.workspace.app.bot_user}))
    said = [message for message in bob.messages(direct) if f"of INC-{one.number} to" in message.text] if direct else []
    if said and "[No change]" in said[-1].text:
        await bob.presses("No change", on=said[-1])


async def _step(sandbox: Sandbox, bot: App, database: Database, *, at_most: float) -> None:
    """Jump to the next due time, by no more than so many seconds, and let everything happen that is due."""
    await settled(bot, sandbox, within=60)
    async with database.read() as tx:
        due = await timers.next_due(tx)
    wait = (due - bot.clock.now()).total_seconds() if due else at_most
    target = bot.clock.now() + timedelta(seconds=max(0.0, min(wait, at_most)))
    sandbox.clock.advance(max(0.0, (target - bot.clock.now()).total_seconds()))

    async def reached() -> bool:
        async with database.read() as tx:
            return bot.clock.now() >= target and not await timers.due_timers(tx, target)

    await until(reached, within=60)
    await settled(bot, sandbox, within=60)


async def _account(database: Database, bot: App) -> Day:
    day = Day()
    async with database.read() as tx:
        for team in await queries.teams(tx):
            for number in await queries.numbers(tx, team):
                day.incidents += 1
                found = await account_for(tx, team, number, bot.clock.now())
                day.kept += [(f"INC-{number}", one) for one in found]
    return day


def main(incidents: Annotated[int, typer.Option(help="How many incidents there are.")] = 40) -> None:
    """Live through the day, and print what came of every promise."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'b.db'}"
        day = asyncio.run(a_day(url, Path(folder), incidents))
    print(as_text(day.kept, max(one.due for _, one in day.kept)))
    lates = sorted((one.late or timedelta()).total_seconds() for one in day.by_itself)
    on_time, late = sum(one.outcome is Outcome.KEPT for one in day.by_itself), sum(late > 1 for late in lates)
    print(
        f"{day.incidents} incidents, {len(day.kept)} promises. Lockstep was to keep {len(lates)}, and kept {on_time}."
    )
    print(
        f"Half of these late by {lates[len(lates) // 2]:.2f} s or less, the latest by {lates[-1]:.2f} s; {late} by more than 1 s."
    )


if __name__ == "__main__":
    typer.run(main)
