"""`lockstep postmortem`: the document of an incident, as it stands."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import incident_number, reading
from bot.cli.root import cli
from bot.core.errors import IncidentError, UnknownIncident
from bot.export.postmortem import as_postmortem
from bot.export.record import read
from bot.settings import read_storage
from bot.store import queries


@cli.command()
def postmortem(
    incident: Annotated[str, typer.Argument(help="INC-7 or 7")],
    to: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
) -> None:
    """Print the postmortem of an incident as Markdown: what people wrote, else the draft from its record."""
    written = asyncio.run(_written(incident_number(incident)))
    if to is None:
        print(written, end="")
    else:
        to.write_text(written, encoding="utf-8")
        print(f"{to} is written: {len(written.encode())} bytes.")


async def _written(number: int) -> str:
    async with reading(read_storage().database_url) as tx:
        for team in await queries.teams(tx):
            try:
                return as_postmortem(await read(tx, team, number))
            except UnknownIncident:
                continue
            except ValueError as error:
                raise IncidentError(f"{error}. Run: lockstep audit") from None
    raise UnknownIncident(number)
