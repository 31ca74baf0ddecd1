"""Reads and checks `playbooks/`: every finding names file, line and column, and says what to write. Decides nothing about what the
policy means.

`faults` reads YAML or says why it cannot be read, `marked` keeps the place of every word, `shape` and `keys` what each key takes,
`names` how the words of a policy fit each other; `sentences` is for what stakeholders read, `languages` for which of it a policy
needs.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import ValidationError

from bot.core.errors import PolicyError
from bot.core.glossary import PinnedGlossary
from bot.core.policy import Policy
from bot.files.faults import NO_POLICY, at_index, quick_tree, tree
from bot.files.finding import Finding
from bot.files.glossary import check_glossary, read_glossary
from bot.files.languages import NONE, Languages, read_languages, spoken, unspoken
from bot.files.marked import Reading
from bot.files.names import misfits, warnings
from bot.files.shape import misshapen
from bot.language import Glossary

__all__ = ["Checked", "Finding", "check_policy", "check_text", "read_policy"]


class Checked(NamedTuple):
    """What a check came to: the policy, or None when a finding is fatal; the findings in the order of their places; and the
    sentences beside it, with what is wrong in theirs."""

    path: Path
    policy: Policy | None
    findings: list[Finding]
    languages: Languages = NONE

    def lines(self) -> Iterator[tuple[Path, Finding]]:
        """Every finding with the file that it is about, those of the policy first."""
        yield from ((self.path, finding) for finding in self.findings)
        yield from ((path, finding) for path, found in self.languages.findings.items() for finding in found)


def read_policy(playbooks: Path) -> Policy:
    """The policy in `playbooks`/policy.yml, or in the file of that name, with the glossary beside it. PolicyError says in one line
    where one of them is wrong first, what to write there, and how much more there is."""
    checked = check_policy(playbooks)
    if checked.policy is None:
        first, *others = [finding for finding in checked.findings if finding.is_fatal]
        raise PolicyError(f"{checked.path}:{first}" + (f" ({len(others)} more)" if others else ""))
    read_glossary(playbooks)
    return checked.policy


def check_policy(playbooks: Path) -> Checked:
    """Everything that is wrong with the policy in `playbooks`/policy.yml, or in the file of that name. Raises PolicyError when it
    cannot be read at all."""
    path = playbooks if playbooks.suffix in (".yml", ".yaml") and not playbooks.is_dir() else playbooks / "policy.yml"
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        raise PolicyError(f"{path}: there is no such file. LOCKSTEP_PLAYBOOKS names its folder.") from None
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror}). LOCKSTEP_PLAYBOOKS names its folder.") from None
    languages = read_languages(path.parent)
    glossary = check_glossary(path.parent).glossary or Glossary()
    return Checked(path, *check_text(written, languages, glossary), languages)


def check_text(
    written: bytes, languages: Languages = NONE, glossary: Glossary | None = None
) -> tuple[Policy | None, list[Finding]]:
    """The policy that these bytes are, with the sentences of these languages that it needs and this glossary, or None when a
    finding is fatal; and all findings, by place."""
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = written[: error.start].decode("utf-8")
        return None, [at_index(readable, len(readable), "this is not UTF-8. Save the file in that encoding.")]
    policy, found = None, [Finding(1, 1, NO_POLICY)]
    for read in (quick_tree, tree):  # what is quick knows no comments, which findings quote
        root = read(text, NO_POLICY)
        if isinstance(root, Finding):
            return None, [root]
        policy, found = _check(root, languages, PinnedGlossary.of(glossary or Glossary()))
        if policy is not None:
            break
    return (None if any(finding.is_fatal for finding in found) else policy), sorted(set(found))


def _check(root: yaml.Node, languages: Languages, glossary: PinnedGlossary) -> tuple[Policy | None, list[Finding]]:
    """The policy, if its words have the right shape and fit each other; and what is wrong with it, in no order."""
    reading = Reading()
    data = reading.data(root)
    found = [*reading.found, *warnings(root), *unspoken(root, languages)]
    beside = {"wording": spoken(data, languages), "glossary": glossary}
    whole = data | beside if isinstance(data, dict) else data
    try:
        return Policy.model_validate(whole), found
    except ValidationError as error:
        suspects = {suspect[:2]: suspect for suspect in reading.suspected}
        words = [*found, *misshapen(root, error), *misfits(root)]
        return None, [*suspects.values(), *(finding for finding in words if finding[:2] not in suspects)]
