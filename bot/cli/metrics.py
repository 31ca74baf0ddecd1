"""`lockstep metrics`: the figures of many incidents, for people, a spreadsheet or another program."""

import asyncio
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Annotated

import typer

from bot.cli.opening import opened
from bot.cli.root import cli
from bot.clock import RealClock
from bot.core.errors import IncidentError
from bot.measuring import Measuring
from bot.metrics.asked import Asked, days_of
from bot.metrics.measured import Measured
from bot.metrics.summary import Summary, summarize
from bot.metrics.written import to_csv, to_json
from bot.settings import read_storage
from bot.slack.messages.metrics import counts, lines, table
from bot.store import queries

_EVER = datetime.max.replace(tzinfo=UTC)


@cli.command()
def metrics(
    since: Annotated[str, typer.Option(help="90d, 12w, or a day: 2026-01-31.")] = "90d",
    severity: Annotated[str | None, typer.Option(help="Only those of this severity.")] = None,
    boundary: Annotated[str | None, typer.Option(help="Only those that hit this boundary, by its id.")] = None,
    change: Annotated[bool, typer.Option("--change", help="Only those to which a change contributed.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A line for each incident.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The sums, and each incident.")] = False,
) -> None:
    """Print the figures of the incidents declared since then: medians and ninth deciles with how many they stand for."""
    now = RealClock().now()
    asked = Asked(_days(since, now), severity, boundary, change)
    summary, found = asyncio.run(_measured(asked, now))
    if as_csv:
        print(to_csv(found), end="")
    elif as_json:
        print(to_json(summary, found), end="")
    else:
        print(f"{counts(summary)}\n\n{table(summary)}\n")
        print("\n".join(lines(summary)))


def _days(since: str, now: datetime) -> int:
    """How many days ago that is. IncidentError when it cannot be read."""
    if (days := days_of(since)) is not None:
        return days
    try:
        begin = datetime.fromisoformat(since).replace(tzinfo=UTC)
    except ValueError:
        raise IncidentError(f"--since {since} is no time. Write 90d, 12w, or a day like 2026-01-31.") from None
    return max(1, ceil((now - begin) / timedelta(days=1)))


async def _measured(asked: Asked, now: datetime) -> tuple[Summary, list[Measured]]:
    """All that is asked about. IncidentError when there is more than one workspace in the database."""
    async with opened(read_storage().database_url, check=False) as database:
        async with database.read() as tx:
            teams = await queries.teams(tx)
        if len(teams) > 1:
            raise IncidentError(f"{len(teams)} workspaces are in this database; figures are for one at a time.")
        measuring = Measuring(database, RealClock(), teams[0] if teams else "")
        there = await measuring.measured(asked.since(now), viewer="")
        found = asked.chosen(there, asked.since(now), _EVER)
        return summarize(found, await measuring.ended(there, viewer="")), found
