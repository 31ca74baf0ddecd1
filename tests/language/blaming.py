"""The sentences of postmortems that a rule about blame should find, and those that look like them. `corpus` was at hand while the
rules were written; `held_out` was written at the same time, and rules are not changed for its sake."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.language.blameless import Part, review

HERE = Path(__file__).parent / "blameless"
CORPUS, HELD_OUT = HERE / "corpus", HERE / "held_out"


class Blaming(NamedTuple):
    """What is said of one rule in one folder, and where it stands in a postmortem."""

    rule: str
    part: Part
    names: tuple[str, ...]
    found: tuple[str, ...]
    harmless: tuple[str, ...]

    def is_found(self, sentence: str) -> bool:
        """Whether the rule finds anything in it."""
        return any(finding.rule == self.rule for finding in review(sentence, self.part, self.names))

    @property
    def missed(self) -> list[str]:
        """Those that the rule should find and does not."""
        return [sentence for sentence in self.found if not self.is_found(sentence)]

    @property
    def false_alarms(self) -> list[str]:
        """Those that the rule finds and should not."""
        return [sentence for sentence in self.harmless if self.is_found(sentence)]


def read_blaming(folder: Path) -> Mapping[str, Blaming]:
    """All sentences of a folder, by rule."""
    files = sorted(folder.glob("*.yml"), key=lambda file: int(file.stem[1:]))
    return {file.stem: _one(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def _one(rule: str, written: Mapping[str, list[str]]) -> Blaming:
    part = Part(str(written.get("section", Part.TEXT)))
    return Blaming(rule, part, tuple(written.get("names", ())), tuple(written["found"]), tuple(written["harmless"]))
