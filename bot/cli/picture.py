"""`lockstep picture`: one incident, or a chart of many, as a PNG file; what it shows is printed in words."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import incident_number, opened
from bot.cli.root import cli
from bot.clock import RealClock
from bot.core.errors import IncidentError
from bot.core.value import Value
from bot.measuring import Measuring
from bot.metrics.asked import Asked, days_of
from bot.pictures.kinds import OF_MANY, Kind
from bot.pictures.process import NotDrawn, draw
from bot.pictures.statistics import statistics
from bot.settings import read_storage
from bot.slack.messages.pictures import alt_text
from bot.store import queries

NAMES = ", ".join(kind.value for kind in OF_MANY)


@cli.command()
def picture(
    what: Annotated[str, typer.Argument(help=f"INC-7 or 7, or a chart: {NAMES}.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    since: Annotated[str, typer.Option(help="Of a chart: how far back, 90d or 12w.")] = "90d",
    system_map: Annotated[bool, typer.Option("--map", help="Of an incident: its system map.")] = False,
) -> None:
    """Draw one incident, or a chart of many, as a PNG file, and print what it shows."""
    days = days_of(since)
    if days is None:
        raise IncidentError(f"--since {since} is no time. Write 90d or 12w.")
    chart = next((kind for kind in OF_MANY if kind.value == what.lower()), None)
    try:
        kind, shown, drawn = asyncio.run(_drawn(chart or (Kind.MAP if system_map else Kind.INCIDENT), what, days))
    except NotDrawn as error:
        raise IncidentError(f"The picture could not be drawn: {error}.") from None
    out.write_bytes(drawn)
    print(f"{out} is written: {len(drawn)} bytes. It shows:\n{alt_text(kind, shown)}")


async def _drawn(kind: Kind, what: str, days: int) -> tuple[Kind, Value, bytes]:
    """The picture, and what is on it."""
    number = None if kind in OF_MANY else incident_number(what)
    async with opened(read_storage().database_url, check=False) as database:
        async with database.read() as tx:
            teams = await queries.teams(tx)
        measuring = Measuring(database, RealClock(), teams[0] if teams else "")
        if number is not None and kind is Kind.MAP:
            shown: Value = await measuring.system_map(number, viewer="")
        elif number is not None:
            shown = await measuring.scene(number, viewer="")
        else:
            now = RealClock().now()
            found = await measuring.measured(Asked(days).since(now), viewer="")
            shown = statistics(found, days, measuring.severities, now)
    return kind, shown, await draw(kind, shown)
