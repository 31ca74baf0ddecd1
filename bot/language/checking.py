"""Checking a text, and applying what was found."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.language.draft import Draft, plain
from bot.language.english import ENGLISH
from bot.language.finding import Facts, Finding, Hit, Language, Level, Style
from bot.language.german import GERMAN
from bot.language.glossary import Glossary
from bot.language.japanese import JAPANESE
from bot.language.other import OTHER
from bot.language.phrases import touches
from bot.language.rules import RULES, Rule
from bot.language.spanish import SPANISH
from bot.language.tongue import Tongue

TONGUES: Mapping[Language, Tongue] = {
    Language.ENGLISH: ENGLISH,
    Language.GERMAN: GERMAN,
    Language.SPANISH: SPANISH,
    Language.JAPANESE: JAPANESE,
    Language.OTHER: OTHER,
}
_ENGLISH_ONLY = frozenset({"U7", "U8", "U9", "U10", "U11", "U13"})
"""Rules about how English is written, and about English words."""
_KNOWN_ONLY = _ENGLISH_ONLY | {"U6"}
"""Rules that need a language that is known here: which abbreviations everybody knows, and which words may be loud."""
_NO_FACTS, _NO_GLOSSARY = Facts(), Glossary()


def check(
    text: str,
    style: Style,
    facts: Facts = _NO_FACTS,
    names: Collection[str] = (),
    glossary: Glossary = _NO_GLOSSARY,
    language: Language = Language.ENGLISH,
) -> tuple[Finding, ...]:
    """Everything that the rules find in a text for readers of this style, in the order of its places.

    `facts` is what the record knows, `names` are those of the people of the incident, in full as they write them. A word of which
    the glossary knows a plainer one is told once, though it is an unknown abbreviation too.
    """
    draft = Draft(text, plain(text), style, facts, tuple(sorted(set(names))), glossary, language)
    found = [finding for rule in _rules(language) for finding in _findings(rule, draft, TONGUES[language])]
    told = [(one.start, one.end) for one in found if one.rule == "U6"]
    kept = (one for one in found if one.rule != "U7" or not touches((one.start, one.end), told))
    return tuple(sorted(kept, key=lambda one: (one.start, one.end, int(one.rule[1:]))))


def _rules(language: Language) -> list[Rule]:
    """The rules that hold for this language."""
    left_out = {Language.ENGLISH: frozenset[str](), Language.OTHER: _KNOWN_ONLY}.get(language, _ENGLISH_ONLY)
    return [rule for rule in RULES if rule.id not in left_out]


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Those that keep a text from being sent."""
    return tuple(one for one in findings if one.level is Level.ERROR)


def apply(text: str, findings: Sequence[Finding]) -> str:
    """The text with the replacements of these findings in it; of several that touch each other the first. Findings without a
    replacement, and findings about another text, change nothing."""
    done: list[tuple[int, int]] = []
    parts, last = [], 0
    for one in sorted(findings, key=lambda one: (one.start, -one.end)):
        span = (one.start, one.end)
        if one.replacement is not None and text[slice(*span)] == one.found and not touches(span, done):
            parts += [text[last : one.start], one.replacement]
            last = one.end
            done.append(span)
    return "".join([*parts, text[last:]])


def _findings(rule: Rule, draft: Draft, tongue: Tongue) -> Iterator[Finding]:
    level = rule.level(draft.style)
    if level is None:
        return
    eased = Level.WARNING if level is Level.ERROR and rule.is_eased(draft.facts) else level
    for hit in rule.finds(draft, tongue):
        yield _finding(rule, eased, hit, draft)


def _finding(rule: Rule, level: Level, hit: Hit, draft: Draft) -> Finding:
    found = draft.text[hit.start : hit.end]
    return Finding(
        rule.id, level, hit.start, hit.end, found, rule.why, hit.suggestion or rule.suggestion, hit.replacement
    )
