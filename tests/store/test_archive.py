"""The file that a backup is: it gives back what was written, and is refused when anything in it was changed."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import IncidentError
from bot.store import archive
from bot.store.backup import backup, restore
from tests.store.given import begin


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a backup is to stand, in a folder of its own."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "lockstep.backup"


async def test_an_archive_with_any_byte_changed_is_refused_before_anything_is_written(database, database_url, target):
    await begin(database)
    await backup(database_url, target)
    whole = target.read_bytes()
    new = target.with_name("new.db")
    for place in range(len(whole)):
        changed = bytes([whole[place] ^ 1])
        target.write_bytes(whole[:place] + changed + whole[place + 1 :])
        with pytest.raises(IncidentError):
            await restore(target, f"sqlite:///{new}")
    assert not new.exists()


async def test_an_archive_with_a_piece_missing_or_added_is_refused_before_anything_is_written(
    database, database_url, target
):
    await begin(database)
    await backup(database_url, target)
    whole = target.read_bytes()
    new = target.with_name("new.db")
    for broken in [whole + b"\0", *(whole[:length] for length in range(len(whole)))]:
        target.write_bytes(broken)
        with pytest.raises(IncidentError, match=r"damaged|is not a backup of Lockstep"):
            await restore(target, f"sqlite:///{new}")
    assert not new.exists()


async def test_a_file_that_is_not_there_is_named(target, sqlite_url):
    with pytest.raises(IncidentError, match=re.escape(f"{target} cannot be read: No such file or directory.")):
        await restore(target, sqlite_url)


async def test_an_archive_of_another_format_is_refused(target, sqlite_url):
    target.write_text(f"lockstep backup 2 {'0' * 64}\n")
    with pytest.raises(IncidentError, match="has format 2, and this version of Lockstep reads 1 only"):
        await restore(target, sqlite_url)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text(st.characters(codec="utf-8")),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
        )
    )
)
def test_an_archive_gives_back_the_lines_that_were_written(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("archive") / "x"
    with archive.create(path) as writer:
        for line in lines:
            writer.add(line)
    with archive.opened(path) as found:
        assert list(found) == lines
