"""What a check of a text is given and what it says: how strict it is, what the record knows, and what was found where."""

from enum import StrEnum
from typing import NamedTuple


class Style(StrEnum):
    """For whom a text is meant: people of the company, people outside it, or engineers, to whom only blame is not said."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    ENGINEERING = "engineering"


class Level(StrEnum):
    """How much a finding weighs: an error keeps a text from being sent, a warning is for its author to judge, a hint is no more
    than that."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Language(StrEnum):
    """The languages that a text can be checked in, by their ISO 639-1 code. `OTHER` is every language that has no wordings here."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    JAPANESE = "ja"
    OTHER = "other"

    @classmethod
    def of(cls, code: str) -> "Language":
        """The language of a code such as `de` or `de-AT`."""
        main = code.split("-")[0].casefold()
        return cls(main) if main in list(cls) else cls.OTHER


class NextUpdate(NamedTuple):
    """The next update as this one names it: in how many minutes (None: it names no time), and in how many at most."""

    in_minutes: int | None
    at_most: int | None = None


class Facts(NamedTuple):
    """What the record knows that a text is held against. What is None is not known here, and is not checked.

    `is_contained`: the harm has stopped; only then, and only if `is_cause_confirmed`, may a text name a cause. `is_total`: nothing
    works for anybody, so that it may be called an outage. `has_impact`: it is known who cannot do what. `most_words`: how long a
    text for this audience may be. `previous`: what the audience read last. `severity`: the name of the one it is now, `severities`
    of all there are; `percent` of the customers are affected; `started` is when the harm began, as `HH:MM`.
    """

    is_contained: bool = False
    is_cause_confirmed: bool = False
    is_total: bool = False
    has_impact: bool | None = None
    next_update: NextUpdate | None = None
    most_words: int | None = None
    previous: str | None = None
    severity: str | None = None
    severities: tuple[str, ...] = ()
    percent: float | None = None
    started: str | None = None


class Hit(NamedTuple):
    """A place that a rule found, as offsets into the text (both 0: the text as a whole); what to do about it and what could stand
    there instead, if that is more exact than what the rule says of all its places."""

    start: int
    end: int
    suggestion: str | None = None
    replacement: str | None = None


class Finding(NamedTuple):
    """One thing about one place of a text. `start` and `end` are offsets into it (both 0: about the whole), `found` is what stands
    there, `why` and `suggestion` are sentences for its author, `replacement` what could stand there instead."""

    rule: str
    level: Level
    start: int
    end: int
    found: str
    why: str
    suggestion: str
    replacement: str | None = None
