"""`lockstep promises`: what came of every promised update."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.opening import incident_number, reading
from bot.cli.root import cli
from bot.core.errors import UnknownIncident
from bot.core.policy import Policy
from bot.core.router.accounts import Account, accounts
from bot.promise_report import as_json, as_text
from bot.settings import read_storage
from bot.store import documents, journal, queries
from bot.store.database import Transaction


@cli.command()
def promises(
    incident: Annotated[str | None, typer.Option(help="INC-1 or 1; without it every incident.")] = None,
    json: Annotated[bool, typer.Option("--json", help="For programs: one line of JSON.")] = False,
) -> None:
    """Print what was promised to each audience, what was sent when and by whom, and how late."""
    number = incident_number(incident) if incident else None
    print(asyncio.run(_report(number, json)), end="")


async def _report(number: int | None, json: bool) -> str:
    now = datetime.now(UTC)
    async with reading(read_storage().database_url) as tx:
        teams = await queries.teams(tx)
        found = [(team, each) for team in teams for each in await queries.numbers(tx, team) if number in (None, each)]
        if number is not None and not found:
            raise UnknownIncident(number)
        kept = [(f"INC-{each}", one) for team, each in found for one in await account_for(tx, team, each, now)]
    return as_json(kept, now) if json else as_text(kept, now)


async def account_for(tx: Transaction, team: str, number: int, now: datetime) -> list[Account]:
    """Every promise of one incident. A promise that is still open is judged by the policy that the incident follows."""
    incident = await journal.load(tx, team, number)
    assert incident is not None
    content = await documents.document(tx, team, incident.policy)
    assert content is not None, f"the policy {incident.policy} is not in the journal"
    events = [one.event for one in await journal.events(tx, team, number)]
    return accounts(incident, events, Policy.model_validate_json(content), now)
