"""`lockstep outbox`: what waits and what was given up, and what the operator decides about it. Decisions are commands like any
other, so that they are events in the journal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from bot import logs
from bot.cli.listing import SHORTEST, length_of_ids, page, what
from bot.cli.opening import incident_number, opened, reading
from bot.cli.root import cli
from bot.clock import RealClock, wire
from bot.core.decision import OPERATOR, Command, Origin
from bot.core.delivery import DropDelivery, TryDeliveryAgain
from bot.core.errors import IncidentError
from bot.core.policy import Policy
from bot.service import Outcome, Service
from bot.settings import read_storage
from bot.store import documents, journal, pending
from bot.store.database import Database
from bot.store.pending import GivenUp, Waiting

outbox = typer.Typer()
cli.add_typer(outbox, name="outbox")


@outbox.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """List what waits to be sent and what was given up. Exit code 1 if anything was given up."""
    if context.invoked_subcommand is None:
        asyncio.run(_show())


@outbox.command()
def retry(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[INC-7] [ID]...", help="One incident's, or these; none: all.")
    ] = None,
) -> None:
    """Have what was given up tried again, and with it what hangs on it. A bot that runs begins at once."""
    logs.configure("console")
    asyncio.run(_retry(names or []))


@outbox.command()
def drop(
    incident: Annotated[str, typer.Argument(help="INC-7 or 7")],
    id: Annotated[str, typer.Argument(metavar="ID", help="As `lockstep outbox` lists it.")],
    reason: Annotated[str, typer.Option(help="Why it is not needed; it goes on the timeline.")],
) -> None:
    """Decide that something that was given up is not needed."""
    logs.configure("console")
    asyncio.run(_drop(incident_number(incident), id, reason))


async def _show() -> None:
    async with reading(read_storage().database_url) as tx:
        given_up, waiting = await pending.given_up(tx), await pending.waiting(tx)
    print(page(given_up, waiting, RealClock().now(), wire()))
    if given_up:
        raise typer.Exit(1)


async def _retry(names: Sequence[str]) -> None:
    number = incident_number(names[0]) if names and _is_incident(names[0]) else None
    async with opened(read_storage().database_url, check=True) as database:
        found, waiting = await _pending(database, number)
        ids = names if number is None else names[1:]
        chosen = [_chosen(found, waiting, id) for id in ids] if ids else found
        if not chosen:
            print("Nothing was given up." if number is None else f"INC-{number}: nothing was given up.")
        for one in chosen:
            again = TryDeliveryAgain(origin=_origin(one), effect_id=one.effect_id, effect=one.effect)
            outcome = await _handle(database, one, again)
            print(_said(one, "to be tried again", outcome))
    if chosen:
        print("A bot that runs tries now; `lockstep outbox` shows what comes of it.")


async def _drop(number: int, id: str, reason: str) -> None:
    async with opened(read_storage().database_url, check=True) as database:
        one = _chosen(*await _pending(database, number), id)
        decided = DropDelivery(origin=_origin(one), effect_id=one.effect_id, effect=one.effect, reason=reason)
        outcome = await _handle(database, one, decided)
    if outcome.refusal:
        raise IncidentError('Say why it is not needed: --reason "…".')
    print(_said(one, "dropped", outcome))


async def _pending(database: Database, number: int | None) -> tuple[list[GivenUp], list[Waiting]]:
    """What was given up and what waits, of one incident or of all."""
    async with database.read() as tx:
        given_up, waiting = await pending.given_up(tx), await pending.waiting(tx)
    if number is None:
        return given_up, waiting
    return [one for one in given_up if one.incident == number], [one for one in waiting if one.incident == number]


def _chosen(given_up: Sequence[GivenUp], waiting: Sequence[Waiting], id: str) -> GivenUp:
    """What this id, or the beginning of one, names. IncidentError says why it names nothing."""
    meant = [one for one in given_up if one.effect_id.startswith(id.lower())]
    if len(meant) == 1:
        return meant[0]
    if meant:
        length = length_of_ids(one.effect_id for one in meant)
        raise IncidentError(f"{id} could be {' or '.join(one.effect_id[:length] for one in meant)}. Write one of them.")
    if any(one.effect_id.startswith(id.lower()) for one in waiting):
        raise IncidentError(f"{id} was not given up: it waits, and is tried again by itself.")
    raise IncidentError(f"Nothing that was given up is called {id} there. `lockstep outbox` lists what there is.")


def _is_incident(name: str) -> bool:
    return name.upper().startswith("INC-") or (name.isdecimal() and len(name) < SHORTEST)


def _origin(one: GivenUp) -> Origin:
    return Origin(
        team=one.team, incident=one.incident, actor=OPERATOR, at=RealClock().now(), key=f"operator:{uuid4().hex}"
    )


async def _handle(database: Database, one: GivenUp, command: Command) -> Outcome:
    """Have the command decided and recorded, as one that comes from Slack is. IncidentError when this version cannot read the
    incident."""
    try:
        async with database.read() as tx:
            incident = await journal.load(tx, one.team, one.incident)
            content = await documents.document(tx, one.team, incident.policy) if incident else None
        policy = Policy.model_validate_json(content or "")
        service = Service(database, RealClock(), one.team, policy, Path())
        return await service.handle(command)
    except (LookupError, ValueError) as error:
        raise IncidentError(f"INC-{one.incident} cannot be read: {error!r}. Run: lockstep audit") from None


def _said(one: GivenUp, done: str, outcome: Outcome) -> str:
    """What came of a decision about this."""
    if not outcome.events:
        return f"INC-{one.incident} {one.effect_id[:SHORTEST]}: somebody else has seen to it meanwhile."
    along = f" (and {len(one.along)} with it)" if one.along else ""
    return f"INC-{one.incident} {one.effect_id[:SHORTEST]}: {done}: {what(one.effect)}{along}."
