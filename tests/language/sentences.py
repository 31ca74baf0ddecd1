"""The sentences that a rule should find, and those that look like them. `corpus` was at hand while the rules were written;
`held_out` was written at the same time, and rules are not changed for its sake. `later` has what was found out on updates that
others had written."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

import yaml

from bot.language import Language, Style, check

HERE = Path(__file__).parent
CORPUS, HELD_OUT, LATER = HERE / "corpus", HERE / "held_out", HERE / "later"


class Sentences(NamedTuple):
    """What is said of one rule in one folder."""

    rule: str
    style: Style
    names: tuple[str, ...]
    found: tuple[str, ...]
    harmless: tuple[str, ...]

    def is_found(self, sentence: str) -> bool:
        """Whether the rule finds anything in it."""
        findings = check(sentence, self.style, names=self.names, language=Language.ENGLISH)
        return any(finding.rule == self.rule for finding in findings)

    @property
    def missed(self) -> list[str]:
        """Those that the rule should find and does not."""
        return [sentence for sentence in self.found if not self.is_found(sentence)]

    @property
    def false_alarms(self) -> list[str]:
        """Those that the rule finds and should not."""
        return [sentence for sentence in self.harmless if self.is_found(sentence)]


class Scored(Protocol):
    """Sentences of which it is known how a rule does on them."""

    @property
    def found(self) -> tuple[str, ...]: ...
    @property
    def missed(self) -> list[str]: ...
    @property
    def false_alarms(self) -> list[str]: ...


class Score(NamedTuple):
    """How well a rule does: of what it found so much was to be found, of what was to be found so much was."""

    precision: float
    recall: float


def read(folder: Path) -> Mapping[str, Sentences]:
    """All sentences of a folder, by rule."""
    files = sorted(folder.glob("*.yml"), key=lambda file: int(file.stem[1:]))
    return {file.stem: _one(file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files}


def _one(rule: str, written: Mapping[str, list[str]]) -> Sentences:
    style = Style(str(written.get("style", Style.INTERNAL)))
    return Sentences(rule, style, tuple(written.get("names", ())), tuple(written["found"]), tuple(written["harmless"]))


def score(of: Scored) -> Score:
    """Precision and recall."""
    right, wrong = len(of.found) - len(of.missed), len(of.false_alarms)
    return Score(right / (right + wrong) if right + wrong else 0.0, right / len(of.found))
