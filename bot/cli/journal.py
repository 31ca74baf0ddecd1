"""`lockstep replay`, `audit` and `export`: what the journal says, and whether it can be trusted."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import export as exports
from bot.cli import heads
from bot.cli.opening import incident_number, reading
from bot.cli.root import cli
from bot.core.errors import IncidentError, UnknownIncident
from bot.settings import read_slack_access, read_storage
from bot.store import queries
from bot.store.audit import audit as audit_journal
from bot.store.audit import replay as replay_journal


class Form(StrEnum):
    """What an incident is exported as."""

    JSON = "json"
    MARKDOWN = "markdown"
    BUNDLE = "bundle"


@cli.command()
def replay(incident: Annotated[str, typer.Argument(help="INC-1 or 1")]) -> None:
    """Rebuild an incident from its journal and compare the result with the stored state, byte for byte."""
    asyncio.run(_replay(incident_number(incident)))


@cli.command()
def audit(
    slack: Annotated[
        bool, typer.Option("--slack", help="Compare the heads that were posted in Slack as well.")
    ] = False,
) -> None:
    """Verify every incident's chain of events, its stored state and the triggers that keep the journal append-only."""
    asyncio.run(_audit(slack))


@cli.command()
def export(
    incident: Annotated[str, typer.Argument(help="INC-1 or 1")],
    form: Annotated[Form, typer.Option(help="bundle: a .zip that anybody can verify, see docs/record.md.")] = Form.JSON,
    to: Annotated[Path | None, typer.Option(help="The file to write; a bundle needs one.")] = None,
) -> None:
    """Write an incident down: as JSON, as Markdown, or as a bundle that a third party can verify."""
    if form is Form.BUNDLE and to is None:
        raise IncidentError("A bundle is a file. Say which with --to INC-1.zip.")
    written = asyncio.run(_export(incident_number(incident), form))
    if to is None:
        print(written.decode("utf-8"), end="")
    else:
        to.write_bytes(written)
        print(f"{to} is written: {len(written)} bytes.")


async def _replay(number: int) -> None:
    async with reading(read_storage().database_url) as tx:
        try:
            compared = [await replay_journal(tx, team, number) for team in await queries.teams(tx)]
        except (LookupError, ValueError) as error:
            print(f"INC-{number}: the journal cannot be replayed: {error!r}. Run: lockstep audit")
            raise typer.Exit(1) from None
    found = [pair for pair in compared if pair is not None]
    if not found:
        raise UnknownIncident(number)
    if any(stored not in (rebuilt, None) for rebuilt, stored in found):
        print(f"INC-{number}: the state rebuilt from the journal differs from the stored one. Run: lockstep audit")
        raise typer.Exit(1)
    if any(stored is None for _, stored in found):
        print(
            f"INC-{number}: rebuilt. The stored state was written by another version of Lockstep, and nobody reads it."
        )
        return
    print(f"INC-{number}: the rebuilt state equals the stored one, byte for byte.")


async def _audit(slack: bool) -> None:
    seen = await heads.look(read_slack_access()) if slack else None
    async with reading(read_storage().database_url) as tx:
        findings = await audit_journal(tx)
        report = await heads.compare(tx, seen) if seen else heads.Report()
        incidents = sum([len(await queries.numbers(tx, team)) for team in await queries.teams(tx)])
    findings += report.findings
    for line in (*report.lines, *findings):
        print(line)
    if findings:
        raise typer.Exit(1)
    compared = f"{report.compared} posted heads compared" if slack else "Posted heads not checked"
    counted = "1 incident" if incidents == 1 else f"{incidents} incidents"
    print(f"{counted}: every chain, stored state and trigger is whole. {compared}.")


async def _export(number: int, form: Form) -> bytes:
    async with reading(read_storage().database_url) as tx:
        for team in await queries.teams(tx):
            if number in await queries.numbers(tx, team):
                record = await exports.read(tx, team, number)
                break
        else:
            raise UnknownIncident(number)
    if form is Form.BUNDLE:
        return exports.bundle(record)
    return (exports.as_json(record) if form is Form.JSON else exports.as_markdown(record)).encode()
