"""What commands on a journal begin with: the database that DATABASE_URL names, and the incident that somebody typed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import IncidentError, SettingsError
from bot.store.database import Database, Transaction


@asynccontextmanager
async def opened(url: str, *, check: bool) -> AsyncIterator[Database]:
    """The database at this address. SettingsError when there is none or it cannot be opened, TriggerMissing if it is to be
    checked and is not protected; exit code 1 when what is in it cannot even be read."""
    try:
        _must_exist(url)
        database = await Database.open(url, check=check)
    except (SQLAlchemyError, OSError) as error:
        raise SettingsError(f"DATABASE_URL does not work: {str(error).splitlines()[0]}") from None
    try:
        yield database
    except SQLAlchemyError as error:
        print(f"The journal cannot be read: {str(error).splitlines()[0]}")
        raise typer.Exit(1) from None
    finally:
        await database.close()


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[Transaction]:
    """The same, to be read in one transaction, unprotected as it may be."""
    async with opened(url, check=False) as database, database.read() as tx:
        yield tx


def incident_number(text: str) -> int:
    """7 for INC-7 or 7. IncidentError for anything else."""
    plain = text.upper().removeprefix("INC-")
    if not plain.isdecimal():
        raise IncidentError(f"{text} is not an incident. Write INC-1 or 1.")
    return int(plain)


def _must_exist(url: str) -> None:
    """SQLite would make a file that is not there, and find nothing wrong in it."""
    if url.startswith("sqlite:") and not Path(make_url(url).database or "").is_file():
        raise SettingsError(f"DATABASE_URL is {url}, and there is no such file here.")
