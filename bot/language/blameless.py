"""Blameless language: what is said of an incident afterwards describes what people saw and did, and what made it likely. The rules
B1 to B15 find what judges instead. They flag and suggest; nothing is ever rewritten, and whoever writes may keep a wording, for a
reason.

False alarms kill trust in a check, so that a rule rather misses something than flags what is none. English only.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from bot.language import people
from bot.language.draft import Draft, plain
from bot.language.english import ENGLISH
from bot.language.english.blameless import BLAMELESS
from bot.language.finding import Facts, Finding, Hit, Language, Level, Style
from bot.language.glossary import Glossary
from bot.language.phrases import matches

_MENTION = re.compile(r"<@[UW]\w+(?:\|[^>\n]*)?>")


class Part(StrEnum):
    """Which part of a postmortem a text stands in, where that counts: some wordings are out of place in some parts only, and people
    may be named where roles are listed."""

    TEXT = "text"
    TIMELINE = "timeline"
    ACTIONS = "actions"
    ROLES = "roles"


class BlameRule(NamedTuple):
    """One rule. `why` and `suggestion` are sentences for authors; `parts` are those it holds in (none: in all)."""

    id: str
    level: Level
    why: str
    suggestion: str
    parts: tuple[Part, ...] = ()


_E, _W, _H = Level.ERROR, Level.WARNING, Level.HINT
_NOT_ROLES = (Part.TEXT, Part.TIMELINE, Part.ACTIONS)

RULES: tuple[BlameRule, ...] = (
    BlameRule(
        "B1",
        _E,
        "It tells what did not happen, and explains nothing.",
        "Say what was seen and done, and what the tool did not show: “At that time the on-call engineer saw … and did …”.",
    ),
    BlameRule(
        "B2",
        _E,
        "Only hindsight knows this. It hides why what was done made sense.",
        "Ask what made it look right at that time, and write that.",
    ),
    BlameRule(
        "B3",
        _W,
        "This is another course of events, not the one that was.",
        "Move it to the action items: what will be changed, so that it is caught.",
    ),
    BlameRule(
        "B4",
        _E,
        "It ends the search where it should begin.",
        "Name what made it likely: a missing check, an unclear prompt, a late page.",
    ),
    BlameRule(
        "B5", _E, "It judges people instead of describing.", "Leave the judgement out, and describe what happened."
    ),
    BlameRule("B6", _E, "Blame makes people keep to themselves what they know.", "Say what contributed to it."),
    BlameRule(
        "B7",
        _E,
        "It is a verdict that is known only since it went wrong.",
        "Say which step led to what, and that nothing stopped it.",
    ),
    BlameRule(
        "B8", _E, "Who it was explains nothing: the next one can be anybody.", "Ask what allowed it, and write that."
    ),
    BlameRule(
        "B9",
        _E,
        "A name tells readers whom to blame.",
        "Say it by role, such as “the on-call engineer”. Names stand under Roles.",
        _NOT_ROLES,
    ),
    BlameRule("B10", _W, "It was not so clear to those who were there.", "Leave the word out."),
    BlameRule(
        "B11",
        _W,
        "Incidents have several factors. One cause ends the search early.",
        "Write “contributing factors include …”.",
    ),
    BlameRule(
        "B12",
        _W,
        "More care lasts for a week.",
        "Ask for a change of a tool, a process or a design.",
        (Part.ACTIONS,),
    ),
    BlameRule(
        "B13",
        _W,
        "A timeline says what was, not what was too little of it.",
        "Say what there was, and move the judgement to the contributing factors.",
        (Part.TIMELINE,),
    ),
    BlameRule(
        "B14",
        _E,
        "It holds a norm against people without saying how work is really done.",
        "Write how the written step and the usual practice differ.",
    ),
    BlameRule(
        "B15",
        _E,
        "It asks for a justification, and gets one.",
        "Ask how it looked at that time, or what was expected.",
    ),
)


_NO_WORD = re.compile(r"\w{50,}")
"""No language has words this long; the rules would look at each of their letters anew."""


def review(text: str, part: Part = Part.TEXT, names: Collection[str] = ()) -> tuple[Finding, ...]:
    """Everything that the rules find in a text that stands in this part of a postmortem, in the order of its places. `names` are
    those of the people of the incident, in full as they write them."""
    draft = Draft(
        text,
        _with_mentions(text),
        Style.INTERNAL,
        Facts(),
        tuple(sorted(set(names))),
        Glossary(),
        Language.ENGLISH,
    )
    found = [finding for rule in RULES if not rule.parts or part in rule.parts for finding in _findings(rule, draft)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end, int(one.rule[1:]))))


def _with_mentions(text: str) -> str:
    """The text with what is no prose blotted out, but mentions, which are people: they stand there as `@@`."""
    written = _NO_WORD.sub(lambda found: "." * len(found[0]), plain(text))
    for mention in _MENTION.finditer(text):
        written = written[: mention.start()] + "@" * len(mention[0]) + written[mention.end() :]
    return written


def _findings(rule: BlameRule, draft: Draft) -> Iterator[Finding]:
    for hit in _hits(rule, draft):
        found = draft.text[hit.start : hit.end]
        yield Finding(rule.id, rule.level, hit.start, hit.end, found, rule.why, hit.suggestion or rule.suggestion)


def _hits(rule: BlameRule, draft: Draft) -> Iterator[Hit]:
    return people.find(draft, ENGLISH) if rule.id == "B9" else matches(BLAMELESS[rule.id], draft)
