"""The sentences of stakeholder updates, as teams write them in files: one set a language, with lines of its own for each style of
audience. Decides which lines are said when; knows nothing of incidents but where they can stand.

A line may hold variables in braces, such as `{impact}`, and alternatives divided by ` | `. The first alternative of which all is
known is said, and a line without any is left out: so nothing is ever said of what nobody knows.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from bot.core.incident import Cause
from bot.core.value import Value


class Group(StrEnum):
    """What situations have in common, and what a style has lines for unless it has some for the very situation."""

    OPEN = "open"
    RESTORED = "restored"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Situation(StrEnum):
    """Where an incident stands, as far as stakeholders are told. `report`: DETECTION, and nobody knows who is affected; `hold`: the
    harm has stopped growing, and is watched; `contained`: it has held; `returned`: it is back in RECOVERY."""

    REPORT = "report"
    DETECTION = "detection"
    TRIAGE = "triage"
    CONTAINMENT = "containment"
    HOLD = "hold"
    CONTAINED = "contained"
    RECOVERY = "recovery"
    RETURNED = "returned"
    RESTORED = "restored"
    CLOSED = "closed"
    MERGED = "merged"
    FALSE_ALARM = Cause.FALSE_ALARM.value
    DUPLICATE = Cause.DUPLICATE.value
    SUPERSEDED = Cause.SUPERSEDED.value
    KNOWN = Cause.KNOWN.value
    MISTAKE = Cause.MISTAKE.value

    @property
    def group(self) -> Group:
        """The group it belongs to."""
        if self.value in list(Cause):
            return Group.CANCELLED
        return Group(self.value) if self.value in list(Group) else Group.OPEN


class Trend(StrEnum):
    """What has become of the harm since the last update."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


STYLES = ("customers", "support", "executives", "product", "engineering")
"""The styles that Lockstep comes with. A team may have others."""

IN_WORDS = ("doing", "trend", "data")
"""Variables that stand for other sentences of the same language: filled in when the lines are chosen."""
TYPED = ("impact", "size", "workaround", "text")
"""Variables that stand for what a person typed."""
TIMES = ("started", "reported", "next", "last")
"""Variables that stand for a time, which each reader sees in their own zone."""
NAMED = ("severity", "parts", "into")
"""Variables that stand for a severity, for affected parts of the system map, and for another incident."""
REPEATABLE = ("impact", "size", "workaround", "last")
"""Variables of the note in place of an update that is late: what was said before, and when."""
VARIABLES = (*TYPED, *TIMES, *NAMED, *IN_WORDS)

OR = " | "
WITHHELD = "A problem affects {parts}. | A problem affects our service."
"""What is said in place of an impact that may not be read, in a language that says nothing of it."""
NEVER = "never"
"""The key under which a style lists variables that it must not use."""

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
"""The scripts of Japanese and Chinese."""

Lines = tuple[str, ...]


class Stage(Value):
    """How a situation sounds: the word for it, what we do, and what we still do when it was so last time (None: the same)."""

    state: str
    doing: str
    still: str | None = None


class Times(Value):
    """How times are said: with an estimate, `{time}` in it, and with a day, `{date}` and `{time}` in it."""

    about: str
    day: str


class Language(Value):
    """All sentences of one language. `is_reviewed`: a native speaker has read them. `since` and `closing["status"]` are for the one
    message that a channel has for an incident; `closing` says by group when the next update comes. `usual` are the lines of every
    style, by group or situation, where a style has none. `withheld` stands for an impact that may not be
    read as it was typed. `sample` are facts in this language to show the sentences with."""

    language: str
    is_reviewed: bool = False
    times: Times
    trend: Mapping[Trend, str]
    data: str
    no_change: str
    withheld: str = WITHHELD
    late: Lines
    correction: str
    since: str
    closing: Mapping[str, str]
    stages: Mapping[Situation, Stage]
    usual: Mapping[str, Lines]
    styles: Mapping[str, Mapping[str, Lines]]
    sample: Mapping[str, str] = {}

    def only(self, styles: Collection[str]) -> "Language":
        """The language with these styles alone, and without samples: what an incident keeps of it."""
        kept = {name: lines for name, lines in self.styles.items() if name in styles}
        return self.but(styles=kept, sample={})

    def lines(self, style: str, situation: Situation) -> Lines:
        """The lines of a style in a situation: those of the situation before the group's, and its own before the usual ones."""
        own = self.styles.get(style, {})
        keys = (situation.value, situation.group.value)
        return next((written[key] for key in keys for written in (own, self.usual) if key in written), ())


class Words(Value):
    """The sentences of one update, with variables for what is filled in when it is shown: typed text, names and times."""

    about: str
    day: str
    state: str
    lines: Lines
    closing: Lines


def variables(line: str) -> list[str]:
    """The names of the variables in a line, in order."""
    return _VARIABLE.findall(line)


def alternatives(line: str) -> list[str]:
    """The alternatives of a line, best first."""
    return line.split(OR)


def fill(line: str, values: Mapping[str, str]) -> str:
    """The line with these variables filled in; others stay."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), line)


def count_words(text: str) -> int:
    """How long a text is, in words. Where they are not divided by spaces, five characters count as two words."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + (2 * unspaced + 4) // 5


def chosen(lines: Iterable[str], known: Collection[str], sentences: Mapping[str, str]) -> Lines:
    """Of each line the first alternative of which all is known, with these sentences in it."""
    return tuple(said for line in lines for said in _first(line, known, sentences))


def _first(line: str, known: Collection[str], sentences: Mapping[str, str]) -> Iterator[str]:
    for said in alternatives(line):
        whole = fill(said, sentences)
        if all(name in known for name in variables(whole)):
            yield whole
            return


def words(
    language: Language,
    style: str,
    situation: Situation,
    known: Collection[str],
    *,
    is_still: bool = False,
    is_unchanged: bool = False,
    is_data_safe: bool = False,
    trend: Trend | None = None,
    withheld: Collection[str] = (),
) -> Words:
    """What an audience of this style reads in this situation, when these variables are known. `is_still`: the situation is that of
    the last update; `is_unchanged`: so is all else, which is said first. What is `withheld` is known, and may not be said: a fixed
    sentence takes the place of an impact, and lines about anything else are left out, since they would say that it is not known."""
    stage = language.stages[situation]
    sentences = {
        "doing": (stage.still if is_still else None) or stage.doing,
        **({"trend": language.trend[trend]} if trend else {}),
        **({"data": language.data} if is_data_safe else {}),
        **({"impact": _in_place(language, style, known)} if "impact" in withheld else {}),
    }
    first = (language.no_change,) if is_unchanged else ()
    left_out = {name for name in withheld if name != "impact"}
    lines = (line for line in language.lines(style, situation) if not left_out & set(variables(line)))
    return _words(language, situation, (*first, *lines), known, sentences)


def _in_place(language: Language, style: str, known: Collection[str]) -> str:
    """What is said in place of an impact that may not be read: which parts are affected, if that is known and the style says so."""
    never = language.styles.get(style, {}).get(NEVER, ())
    return " ".join(chosen([language.withheld], [name for name in known if name not in never], {}))


def written(language: Language, situation: Situation, known: Collection[str], *, corrects: bool = False) -> Words:
    """What frames a text that a person wrote. `corrects`: it corrects the update before, of which `{last}` is the time."""
    first = (language.correction,) if corrects else ()
    return _words(language, situation, (*first, "{text}"), {*known, "text"}, {})


def late(language: Language, situation: Situation, known: Collection[str]) -> Words:
    """The note that holds the place of an update that is late. It may say only what the last one said, and promises no other."""
    return _words(language, situation, language.late, known, {}).but(closing=())


def status(
    language: Language,
    style: str,
    situation: Situation,
    known: Collection[str],
    *,
    is_data_safe: bool = False,
    withheld: Collection[str] = (),
) -> Words:
    """What the one message says that a channel has for an incident: the same, and where the next update will stand."""
    said = words(language, style, situation, known, is_data_safe=is_data_safe, withheld=withheld)
    closing = language.closing["status"] if situation.group is Group.OPEN else language.closing[situation.group]
    return said.but(closing=chosen([closing], known, {}))


def only_how_far(language: Language, situation: Situation, known: Collection[str]) -> Words:
    """The same where only a person may say more: how far it is, since when, and when the next update comes."""
    said = _words(language, situation, (), known, {})
    closing = [language.since, *([language.closing["status"]] if situation.group is Group.OPEN else [])]
    return said.but(closing=chosen(closing, known, {}))


def _words(
    language: Language,
    situation: Situation,
    lines: Iterable[str],
    known: Collection[str],
    sentences: Mapping[str, str],
) -> Words:
    return Words(
        about=language.times.about,
        day=language.times.day,
        state=fill(language.stages[situation].state, sentences),
        lines=chosen(lines, known, sentences),
        closing=chosen([language.closing[situation.group]], known, sentences),
    )
