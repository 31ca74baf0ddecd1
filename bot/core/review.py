"""What a postmortem is made of: its sections, the stages of its review, contributing factors as tags, and wordings that were kept
for a reason. There is no field for a root cause: incidents have several factors.

Sections that people write begin as a draft from the record (`drafting.py`). All else, such as the timeline, is drawn from the
record whenever the document is read, and is edited nowhere.
"""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.factors import Factor
from bot.core.value import Value

LONGEST = 12_000
"""Code points of a section. Longer ones are not read."""


class Stage(StrEnum):
    """Where the document stands, in the order in which it gets there."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    REVIEWED = "reviewed"
    PUBLISHED = "published"

    @property
    def next(self) -> "Stage | None":
        """The stage after this one; None after the last."""
        stages = list(Stage)
        place = stages.index(self) + 1
        return stages[place] if place < len(stages) else None


class Section(StrEnum):
    """The sections that people write, in the order of the document."""

    SUMMARY = "summary"
    IMPACT = "impact"
    DETECTION = "detection"
    RESPONSE = "triage and containment"
    FACTORS = "contributing factors"
    HELPED = "what helped"
    HINDERED = "what hindered"
    LUCK = "where we got lucky"
    SURPRISES = "what surprised us"
    PROCESS = "how we worked"
    EXTERNAL = "external text"
    TERMS = "terms"


LIGHT = (Section.SUMMARY, Section.IMPACT, Section.FACTORS)
"""The sections that no postmortem can do without."""
FULL = tuple(section for section in Section if section not in (Section.EXTERNAL, Section.TERMS))
"""Those that a full one needs."""
FACTORS_OF_FULL, FACTORS_OF_LIGHT = 2, 1
"""How many factors must be tagged: one alone would be a root cause by another name."""


class Strength(StrEnum):
    """What can go right."""

    DEFENCE = "a defence that held"
    KNOWLEDGE = "what somebody knew"
    TOOL = "a tool"
    PRACTICE = "a practice"


class SectionText(Value):
    """What a section says: its version, counted from 1, who wrote that and when, and everybody who ever wrote it."""

    text: str
    version: int
    by: str
    at: AwareDatetime
    authors: tuple[str, ...]


class Keep(Value):
    """A wording that a rule about blame found, and that stays, for a reason."""

    section: Section
    rule: str
    found: str
    reason: str
    by: str


class Postmortem(Value):
    """The document as far as people made it. `edits` counts all changes of what it says. `authors` are those who had written when
    review was asked for, by `asked_by`, and who changed it after it was reviewed: none of them can review it."""

    sections: Mapping[Section, SectionText] = {}
    factors: tuple[Factor, ...] = ()
    strengths: tuple[Strength, ...] = ()
    keeps: tuple[Keep, ...] = ()
    edits: int = 0
    stage: Stage = Stage.DRAFT
    by: str | None = None
    at: AwareDatetime | None = None
    asked_by: str | None = None
    reviewed_by: str | None = None
    authors: tuple[str, ...] = ()

    @property
    def writers(self) -> tuple[str, ...]:
        """Everybody who wrote any of it."""
        return tuple(dict.fromkeys(who for text in self.sections.values() for who in text.authors))

    def version(self, section: Section) -> int:
        """How often this section was written."""
        return self.sections[section].version if section in self.sections else 0

    def is_kept(self, section: Section, rule: str, found: str) -> bool:
        """Whether somebody said why this wording stays there."""
        return any((one.section, one.rule, one.found) == (section, rule, found) for one in self.keeps)
