"""The file that a backup is: lines of JSON that are whole or refused. Knows nothing of what the lines say.

It is one line of text, which names the format and the SHA-256 of all that follows, and then the lines, gzipped. Any change of
any byte is noticed before a line is read. That is no protection from somebody who makes an archive of their own.
"""

import gzip
import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bot.core.errors import IncidentError
from bot.core.value import canonical

FORMAT = 1
"""Count up when the file is written in another way."""

_FIRST = re.compile(rb"lockstep backup (\d{1,9}) ([0-9a-f]{64})\n")
_GZIP = 16 + zlib.MAX_WBITS


class Writer:
    """An archive that is being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash, self._zip = file, hashlib.sha256(), zlib.compressobj(wbits=_GZIP)
        self._begin()

    def add(self, line: Any) -> None:
        """Write one line more."""
        self._put(self._zip.compress((canonical(line) + "\n").encode()))

    def end(self) -> None:
        """Write what is left, and the checksum, and wait until it is on the disk."""
        self._put(self._zip.flush())
        self._file.seek(0)
        self._begin()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _begin(self) -> None:
        """The first line, which is as long before the checksum is known as after."""
        self._file.write(f"lockstep backup {FORMAT} {self._hash.hexdigest()}\n".encode())

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


@contextmanager
def create(target: Path) -> Iterator[Writer]:
    """An archive to write. It stands at `target` once it is whole and on the disk, and not at all when anything fails. Raises
    IncidentError when something is there already or it cannot be written. Only its owner may read it."""
    if target.exists():
        raise IncidentError(f"{target} is there already, and nothing is written over it. Give another name.")
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            yield from _filled(Path(file.name), file, target)
    except OSError as error:
        raise IncidentError(f"{target} cannot be written: {error.strerror or error}.") from None


def _filled(path: Path, file: Any, target: Path) -> Iterator[Writer]:
    try:
        writer = Writer(file)
        yield writer
        writer.end()
        target.open("xb").close()  # fails if somebody else was faster: a rename would write over theirs
        path.replace(target)
        _keep_names(target.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _keep_names(folder: Path) -> None:
    """Wait until the names of the files in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def opened(source: Path) -> Iterator[Iterator[Any]]:
    """The lines of an archive. IncidentError when it cannot be read, is none, or is not byte for byte as it was written."""
    try:
        file = source.open("rb")
    except OSError as error:
        raise IncidentError(f"{source} cannot be read: {error.strerror}.") from None
    with file:
        first = file.readline(200)
        found = _FIRST.fullmatch(first)
        if found is None:
            raise IncidentError(f"{source} is not a backup of Lockstep, or its first line was changed.")
        if int(found[1]) != FORMAT:
            raise IncidentError(
                f"{source} has format {int(found[1])}, and this version of Lockstep reads {FORMAT} only."
            )
        if hashlib.file_digest(file, "sha256").hexdigest() != found[2].decode():
            raise IncidentError(f"{source} is damaged: it is not as it was written. Take another backup.")
        file.seek(len(first))
        with gzip.open(file) as unzipped:
            yield map(json.loads, unzipped)
