"""`lockstep metrics` and `lockstep picture`: figures and pictures for who has a terminal, from either database."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.clock import RealClock
from bot.core.errors import IncidentError
from bot.metrics.written import MEAN
from bot.store import documents, journal
from bot.store.database import Database
from tests.metrics.a_year import END, a_year, policies

Lockstep = Callable[..., Result]
DAYS_SINCE = f"{(RealClock().now() - END).days + 400}d"
"""Far enough back for every incident of the generated year."""


@pytest.fixture
def lockstep(database_url: str) -> Lockstep:
    """`lockstep …` on a database with thirty incidents, within this process."""
    asyncio.run(_keep(database_url))
    return lambda *arguments: CliRunner().invoke(cli, arguments, env={"DATABASE_URL": database_url})


async def _keep(url: str) -> None:
    database = await Database.open(url)
    async with database.write() as tx:
        for hash, policy in policies().items():
            await documents.keep_document(tx, "T1", "policy", hash, policy.canonical())
        for events in a_year(count=30):
            await journal.append(tx, None, events, events[-1].at)
    await database.close()


def test_the_table_the_csv_and_the_json_say_the_same(lockstep: Lockstep):
    said = lockstep("metrics", "--since", DAYS_SINCE)
    assert said.exit_code == 0, said.output
    rows = list(csv.DictReader(io.StringIO(lockstep("metrics", "--since", DAYS_SINCE, "--csv").output)))
    written = json.loads(lockstep("metrics", "--since", DAYS_SINCE, "--json").output)
    assert len(rows) == len(written["incidents"]) == 30
    counted = [row for row in rows if row["counts"] == "counted"]
    assert said.output.startswith(f"{len(counted)} incidents") and written["summary"]["incidents"] == len(counted)
    contained = [float(row["ttc_seconds"]) for row in counted if row["ttc_seconds"]]
    headline = written["summary"]["durations"]["TTC"]
    assert headline["n"] == len(contained) and headline[MEAN] == pytest.approx(sum(contained) / len(contained))
    assert "UALICE" not in str(written) and "Trouble" not in str(written)


def test_they_can_be_narrowed(lockstep: Lockstep):
    rows = list(
        csv.DictReader(io.StringIO(lockstep("metrics", "--since", DAYS_SINCE, "--severity", "SEV1", "--csv").output))
    )
    assert 0 < len(rows) < 30 and {row["severity"] for row in rows} == {"SEV1"}
    assert lockstep("metrics", "--since", DAYS_SINCE, "--boundary", "moon").output.startswith("0 incidents")


@pytest.mark.parametrize("since", ["yesterday", "0d", "90"])
def test_a_time_that_is_none_is_answered_with_what_to_write(lockstep: Lockstep, since: str):
    said = lockstep("metrics", "--since", since)
    assert isinstance(said.exception, IncidentError) and "Write 90d, 12w" in str(said.exception)


@pytest.mark.parametrize("what", ["INC-1", "durations", "months", "lateness", "phases"])
def test_a_picture_is_written_and_said_in_words(lockstep: Lockstep, tmp_path: Path, what: str):
    said = lockstep("picture", what, "--out", str(tmp_path / "p.png"), "--since", DAYS_SINCE)
    assert said.exit_code == 0, said.output
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert "It shows:" in said.output and ("INC-1 from" in said.output or "incidents of the last" in said.output)


def test_there_is_no_picture_of_an_incident_that_is_not_there(lockstep: Lockstep, tmp_path: Path):
    said = lockstep("picture", "INC-99", "--out", str(tmp_path / "p.png"))
    assert isinstance(said.exception, IncidentError) and not (tmp_path / "p.png").exists()
