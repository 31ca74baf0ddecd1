"""`lockstep backup`, `restore` and `export`, as an operator types them."""

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.errors import IncidentError
from tests.operating.given import keep_an_incident


def run(url: str, *command: str, code: int = 0) -> str:
    """What the command prints."""
    done = CliRunner().invoke(cli, command, env={"DATABASE_URL": url}, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A database with one incident that went all the way."""
    url = f"sqlite:///{tmp_path / 'lockstep.db'}"
    keep_an_incident(url)
    return url


def test_a_backup_restores_into_an_empty_database_and_passes_the_audit(kept: str, tmp_path: Path):
    file, other = tmp_path / "night.backup", f"sqlite:///{tmp_path / 'other.db'}"
    assert "1 incidents" in run(kept, "backup", str(file))
    assert "is restored: 1 incidents" in run(other, "restore", str(file))
    assert "is whole" in run(other, "audit")
    assert "byte for byte" in run(other, "replay", "INC-1")
    with pytest.raises(IncidentError):
        run(other, "restore", str(file))
    with pytest.raises(IncidentError):
        run(kept, "backup", str(file))


def test_an_incident_is_exported_in_each_form(kept: str, tmp_path: Path):
    assert '"IncidentDeclared"' in run(kept, "export", "INC-1")
    assert run(kept, "export", "1", "--form", "markdown").startswith("# INC-1")
    bundle = tmp_path / "INC-1.zip"
    run(kept, "export", "INC-1", "--form", "bundle", "--to", str(bundle))
    assert "INC-1/verify.py" in zipfile.ZipFile(bundle).namelist()
    with pytest.raises(IncidentError, match="--to"):
        run(kept, "export", "INC-1", "--form", "bundle")
    with pytest.raises(IncidentError, match="no INC-2"):
        run(kept, "export", "INC-2")
