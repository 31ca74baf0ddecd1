"""`lockstep backup` and `lockstep restore`: the whole database as one file, and back, on either kind of database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.root import cli
from bot.settings import read_storage
from bot.store import backup as backups


@cli.command()
def backup(to: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")]) -> None:
    """Copy the database into a file while the bot goes on: one moment of it, whole. Restore it with `lockstep restore`."""
    rows = asyncio.run(backups.backup(read_storage().database_url, to))
    print(f"{to} is written: {rows.get('incident', 0)} incidents, {rows.get('event', 0)} events.")


@cli.command()
def restore(source: Annotated[Path, typer.Argument(help="What `lockstep backup` wrote.")]) -> None:
    """Fill the empty database that DATABASE_URL names from a backup, of either kind, and audit it. Stop the bot first."""
    restored = asyncio.run(backups.restore(source, read_storage().database_url))
    for finding in restored.findings:
        print(finding)
    counted = f"{restored.rows.get('incident', 0)} incidents, {restored.rows.get('event', 0)} events"
    print(f"{source} is restored: {counted}.")
    if restored.findings:
        raise typer.Exit(1)
