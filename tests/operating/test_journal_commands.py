"""`lockstep replay`, `audit` and `manifest`: what they say, and with which exit code."""

import os
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, make_url, select, update
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.store import tables
from bot.store.triggers import TRIGGERS
from tests.operating.given import by_hand, keep_an_incident, open_by_hand
from tests.operating.process import ended

MANIFEST = Path(__file__).parent.parent.parent / "manifest.yml"
EVENT = tables.event
ROUNDS = 3
"""How often each column is changed, in one event or another."""

Event = Mapping[str, Any]
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


@pytest.mark.parametrize("name", ["INC-1", "1"])
def test_replay_says_that_the_rebuilt_state_equals_the_stored_one(lockstep: Lockstep, name: str):
    said = lockstep("replay", name)
    assert (said.exit_code, said.output) == (0, "INC-1: the rebuilt state equals the stored one, byte for byte.\n")


def test_audit_says_that_all_is_well(lockstep: Lockstep):
    said = lockstep("audit")
    assert said.exit_code == 0
    assert said.output.startswith("1 incident: every chain, stored state and trigger is whole.")


def test_whatever_is_changed_in_any_event_by_hand_audit_names_it(journal: str, lockstep: Lockstep):
    dice = random.Random(1)
    events = read(journal)
    for column in [column.name for column in EVENT.columns] * ROUNDS:
        event = dice.choice(events)
        value = changed(event[column], dice)
        write(journal, event, {column: value})
        said = lockstep("audit")
        assert said.exit_code == 1, f"event {event['seq']}: {event[column]!r} became {value!r}"
        assert f"INC-1, event {event['seq']}, " in said.output
        restore(journal, events)
    assert lockstep("audit").exit_code == 0


def read(journal: str) -> Sequence[Event]:
    """Every row of the journal."""
    with by_hand(journal) as connection:
        return [row._asdict() for row in connection.execute(select(EVENT).order_by(EVENT.c.seq))]


def write(journal: str, event: Event, values: Event) -> None:
    """Change an event."""
    this = [column == event[column.name] for column in EVENT.primary_key.columns]
    with by_hand(journal) as connection:
        assert connection.execute(update(EVENT).where(*this).values(values)).rowcount == 1


def restore(journal: str, events: Sequence[Event]) -> None:
    """Put every row back as it was."""
    with by_hand(journal) as connection:
        connection.execute(EVENT.delete())
        connection.execute(insert(EVENT), list(events))


def changed(value: str | int | None, dice: random.Random) -> str | int:
    """The value with one character or bit of it changed."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(5, 10))  # to a number that no other event has
    place = dice.randrange(len(value))
    return value[:place] + dice.choice([char for char in "0aZ{é" if char != value[place]]) + value[place + 1 :]


@pytest.mark.parametrize("column", ["actor", "data", "text", "at", "hash"])
def test_audit_names_an_event_that_is_not_even_text_any_more(sqlite_url: str, column: str):
    keep_an_incident(sqlite_url)
    with by_hand(sqlite_url) as connection:
        connection.exec_driver_sql(f"UPDATE event SET {column} = CAST(X'55FF' AS TEXT) WHERE seq = 3")
    said = CliRunner().invoke(cli, ["audit"], env={"DATABASE_URL": sqlite_url})
    assert said.exit_code == 1
    assert "INC-1, event 3, " in said.output


def test_audit_names_every_trigger_that_is_gone(journal: str, lockstep: Lockstep):
    dialect = make_url(journal).get_backend_name()
    with open_by_hand(journal) as connection:
        for name in TRIGGERS[dialect]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}" + (" ON event" if dialect == "postgresql" else ""))
    said = lockstep("audit")
    assert said.exit_code == 1
    assert said.output.splitlines() == [
        f"The journal is not protected: the trigger {name} is missing." for name in TRIGGERS[dialect]
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("snapshot = replace(snapshot, 'UALICE', 'UMALLET')", "INC-1 has another snapshot than its events add up to."),
        ("title = 'Nothing happened'", "INC-1 is listed with another title than its events add up to."),
        ("severity = NULL", "INC-1 is listed with another severity than its events add up to."),
    ],
)
def test_audit_names_an_incident_whose_stored_state_was_changed(
    journal: str, lockstep: Lockstep, change: str, says: str
):
    with open_by_hand(journal) as connection:
        connection.exec_driver_sql(f"UPDATE incident SET {change}")
    said = lockstep("audit")
    assert (said.exit_code, said.output.splitlines()) == (1, [says])


def test_replay_says_when_the_stored_state_is_not_the_rebuilt_one(journal: str, lockstep: Lockstep):
    with open_by_hand(journal) as connection:
        connection.exec_driver_sql("UPDATE incident SET snapshot = replace(snapshot, 'UALICE', 'UMALLET')")
    said = lockstep("replay", "1")
    assert said.exit_code == 1
    assert "differs from the stored one" in said.output


def test_replay_rebuilds_an_incident_whose_stored_state_is_of_another_version(journal: str, lockstep: Lockstep):
    with open_by_hand(journal) as connection:
        connection.exec_driver_sql("UPDATE incident SET snapshot = '{}', snapshot_version = snapshot_version - 1")
    said = lockstep("replay", "1")
    assert (said.exit_code, said.output.count("\n")) == (0, 1)
    assert said.output.startswith("INC-1: rebuilt. The stored state was written by another version of Lockstep")


def test_replay_says_when_the_journal_cannot_be_replayed(journal: str, lockstep: Lockstep):
    with by_hand(journal) as connection:
        connection.exec_driver_sql("UPDATE event SET data = 'not JSON' WHERE seq = 3")
    said = lockstep("replay", "1")
    assert said.exit_code == 1
    assert said.output.startswith("INC-1: the journal cannot be replayed: ") and said.output.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("INC-7", "lockstep: There is no INC-7 here. `/incident list` shows the open ones."),
        ("everything", "lockstep: everything is not an incident. Write INC-1 or 1."),
    ],
)
async def test_replay_of_what_there_is_not_is_one_line_and_exit_code_2(
    sqlite_url: str, tmp_path: Path, name: str, says: str
):
    assert await ended("replay", name, folder=tmp_path, DATABASE_URL=sqlite_url) == (2, says)


@pytest.mark.parametrize(
    ("command", "url", "says"),
    [
        ("audit", "", "lockstep: DATABASE_URL is sqlite:///lockstep.db, and there is no such file here."),
        ("audit", "postgresql://127.0.0.1:1/x", "lockstep: DATABASE_URL does not work: "),
        ("replay 1", "mysql://x", "lockstep: DATABASE_URL must start with sqlite:/// or postgresql://"),
    ],
)
async def test_a_journal_that_is_not_there_is_one_line_and_exit_code_2_and_none_is_made(
    tmp_path: Path, command: str, url: str, says: str
):
    code, words = await ended(*command.split(), folder=tmp_path, DATABASE_URL=url)
    assert code == 2
    assert words.startswith(says) and "\n" not in words
    assert os.listdir(tmp_path) == []


async def test_manifest_prints_the_file_that_is_in_the_repository(tmp_path: Path):
    code, words = await ended("manifest", folder=tmp_path)
    assert (code, words + "\n") == (0, MANIFEST.read_text(encoding="utf-8"))
