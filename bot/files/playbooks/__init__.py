"""Reads and checks the playbooks, each from a file of its own in the folder `runbooks` beside the policy: a folder of their own, so
that whatever else comes to lie beside the policy is never taken for one, nor a misspelt policy. A broken file is a finding for that
file alone.

`shapes` says what is wrong with single keys, `flows` with how the steps hang together, `words` with what stands in them, `called`
with their calls, and `families` with how playbooks refer to each other.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from bot.core.errors import PolicyError
from bot.core.playbooks.model import Playbook
from bot.core.policy import Policy
from bot.files.faults import at_index, quick_tree
from bot.files.finding import Finding, at
from bot.files.marked import Reading, value
from bot.files.playbooks.called import uncalled
from bot.files.playbooks.families import Member, member, strangers
from bot.files.playbooks.flows import loose_ends
from bot.files.playbooks.shapes import misshapen
from bot.files.playbooks.words import misnamed

__all__ = ["FOLDER", "CheckedPlaybook", "check_playbook", "check_playbooks", "find_playbooks", "is_playbook"]

FOLDER = "runbooks"
"""The folder of the playbooks, beside the policy."""
_NO_PLAYBOOK = "this is no playbook. Write keys and values, the first as `id: bad-release`."
_SUFFIXES = (".yml", ".yaml")


class CheckedPlaybook(NamedTuple):
    """What a check came to: the playbook, or None when a finding is fatal; and the findings in the order of their places."""

    path: Path
    playbook: Playbook | None
    findings: list[Finding]


class _Parsed(NamedTuple):
    path: Path
    member: Member | None
    findings: list[Finding]


def find_playbooks(folder: Path) -> list[Path]:
    """The files of playbooks in `folder`/runbooks, by name; none when there is no such folder. PolicyError when it cannot be
    read."""
    try:
        return sorted(path for path in (folder / FOLDER).iterdir() if path.suffix in _SUFFIXES and path.is_file())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PolicyError(f"{folder / FOLDER}: cannot be read ({error.strerror}).") from None


def is_playbook(path: Path) -> bool:
    """Whether a file is to be read as a playbook, and not as a policy: it lies in the folder of playbooks, or has steps."""
    if path.suffix not in _SUFFIXES or not path.is_file():
        return False
    return path.parent.name == FOLDER or "\nsteps:" in path.read_text(encoding="utf-8", errors="replace")


def check_playbooks(paths: Iterable[Path], policy: Policy | None, others: Iterable[Path] = ()) -> list[CheckedPlaybook]:
    """Everything that is wrong with these files, each for itself and with each other. `policy` knows roles, boundaries and so on;
    None: it is broken, and nobody knows. `others` are files that are only referred to."""
    parsed = [_parse(path, policy) for path in paths]
    known = {path.stem for path in others} | {one.path.stem for one in parsed}
    strange = strangers([one.member for one in parsed if one.member], known)
    return [_checked(one, strange.get(one.member.playbook.id, []) if one.member else []) for one in parsed]


def check_playbook(name: str, written: bytes, policy: Policy | None) -> tuple[Playbook | None, list[Finding]]:
    """The playbook that these bytes are, from a file of this name without its ending, or None when a finding is fatal; and what is
    wrong with it by itself."""
    checked = _checked(_Parsed(Path(name), *_read(name, written, policy)), [])
    return checked.playbook, checked.findings


def _checked(one: _Parsed, more: Sequence[Finding]) -> CheckedPlaybook:
    found = sorted({*one.findings, *more})
    is_good = not any(finding.is_fatal for finding in found)
    return CheckedPlaybook(one.path, one.member.playbook if one.member and is_good else None, found)


def _parse(path: Path, policy: Policy | None) -> _Parsed:
    try:
        written = path.read_bytes()
    except OSError as error:
        return _Parsed(path, None, [Finding(1, 1, f"this file cannot be read ({error.strerror}).")])
    return _Parsed(path, *_read(path.stem, written, policy))


def _read(name: str, written: bytes, policy: Policy | None) -> tuple[Member | None, list[Finding]]:
    """The playbook, if its keys have the right shape, and what is wrong."""
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = written[: error.start].decode("utf-8")
        return None, [at_index(readable, len(readable), "this is not UTF-8. Save the file in that encoding.")]
    root = quick_tree(text, _NO_PLAYBOOK)
    if isinstance(root, Finding):
        return None, [root]
    reading = Reading()
    data = reading.data(root)
    try:
        playbook = Playbook.model_validate(data)
    except ValidationError as error:
        suspects = {suspect[:2]: suspect for suspect in reading.suspected}
        words = [finding for finding in misshapen(root, error) if finding[:2] not in suspects]
        return None, [*reading.found, *suspects.values(), *words]
    found = [*reading.found, *loose_ends(root, playbook), *misnamed(text, root, playbook, policy)]
    if policy is not None:
        found += uncalled(root, playbook, policy)
    if playbook.id != name:
        wrong = (
            f"the id {playbook.id} is not the name of its file. Write `id: {name}`, or name the file {playbook.id}.yml."
        )
        found.append(at(value(root, "id") or root, wrong))
    return member(root, playbook), found
