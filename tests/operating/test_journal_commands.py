"""`lockstep replay`, `audit` and `manifest`: what they say, and with which exit code."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Row, select, text, update
from typer.testing import CliRunner

from bot.cli import cli
from bot.store import tables
from bot.store.triggers import TRIGGERS
from tests.operating.given import by_hand, keep_an_incident
from tests.operating.process import ended

ROOT = Path(__file__).parent.parent.parent
EVENT = tables.event
ROUNDS = 3
"""How often every column is changed: each time in another event and at another place."""

Lockstep = Callable[..., Result]


@pytest.fixture
def journal(database_url: str) -> str:
    """The address of a database in which INC-1 went all the way."""
    keep_an_incident(database_url)
    return database_url


@pytest.fixture
def lockstep(journal: str) -> Lockstep:
    """`lockstep …` on this journal, within this process."""
    return lambda *arguments: CliRunner().invoke(cli, arguments, env={"DATABASE_URL": journal})


@pytest.mark.parametrize("name", ["INC-1", "inc-1", "1"])
def test_replay_says_that_the_rebuilt_state_equals_the_stored_one(lockstep: Lockstep, name: str):
    said = lockstep("replay", name)
    assert (said.exit_code, said.output) == (0, "INC-1: the rebuilt state equals the stored one, byte for byte.\n")


def test_audit_says_that_all_is_well(lockstep: Lockstep):
    said = lockstep("audit")
    assert said.exit_code == 0
    assert said.output.startswith("1 incidents: every chain, stored state and trigger is whole.")


def changed(value: str | int | None, dice: random.Random) -> str | int:
    """The value with one character or bit of it changed."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(5, 10))  # to a number that no other event has
    place = dice.randrange(len(value))
    return value[:place] + dice.choice([char for char in "0aZ{é" if char != value[place]]) + value[place + 1 :]


@pytest.mark.parametrize("column", [column.name for column in EVENT.columns])
def test_whatever_is_changed_in_an_event_by_hand_audit_names_it(journal: str, lockstep: Lockstep, column: str):
    dice = random.Random(column)
    with by_hand(journal) as connection:
        events = connection.execute(select(EVENT).order_by(EVENT.c.seq)).all()
    for event in dice.sample(events, ROUNDS):
        value = changed(getattr(event, column), dice)
        where = [each == kept for each, kept in zip(EVENT.primary_key.columns, key_of(event), strict=True)]
        with by_hand(journal) as connection:
            assert connection.execute(update(EVENT).where(*where).values({column: value})).rowcount == 1
        said = lockstep("audit")
        assert said.exit_code == 1, f"event {event.seq}: {getattr(event, column)!r} became {value!r}"
        assert f"INC-1, event {event.seq}, " in said.output
        restore(journal, events)
    assert lockstep("audit").exit_code == 0


def key_of(event: Row[tuple[object, ...]]) -> tuple[object, object, object]:
    """What an event is found by."""
    return event.team, event.incident, event.seq


def restore(journal: str, events: list[Row[tuple[object, ...]]]) -> None:
    """Put the whole journal back as it was."""
    with by_hand(journal) as connection:
        connection.execute(EVENT.delete())
        connection.execute(EVENT.insert(), [event._asdict() for event in events])


def test_audit_names_every_trigger_that_is_gone(journal: str, lockstep: Lockstep):
    is_postgresql = journal.startswith("postgresql")
    for count, name in enumerate(names := TRIGGERS["postgresql" if is_postgresql else "sqlite"], start=1):
        with by_hand_for_good(journal) as connection:
            connection.execute(text(f"DROP TRIGGER {name}" + (" ON event" if is_postgresql else "")))
        said = lockstep("audit")
        assert said.exit_code == 1
        gone = [f"The journal is not protected: the trigger {each} is missing." for each in names[:count]]
        assert said.output.splitlines() == gone
