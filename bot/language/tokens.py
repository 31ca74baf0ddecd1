"""U6: abbreviations and code that not every reader knows; U7: words for which the glossary has plainer ones."""

import re
from collections.abc import Iterator

from bot.language.draft import Draft
from bot.language.finding import Hit, Style
from bot.language.glossary import Use
from bot.language.phrases import fitted, touches
from bot.language.tongue import Tongue

_EDGE, _END = r"(?<![A-Za-z0-9_&'/.@#-])", r"(?![A-Za-z0-9_&]|\.\w)"
_TOKEN = re.compile(
    rf"""
    {_EDGE}(?P<ticket>[A-Z][A-Z0-9]{{1,9}}-\d+){_END}
    | {_EDGE}(?P<caps>[A-Z]{{2,6}}\d?s?|[A-Z]\d[A-Z]|[A-Z][a-z][A-Z]s?){_END}
    | {_EDGE}(?P<status>[45]xxs?|[45]\d\ds){_END}
    | {_EDGE}(?P<slowest>[pP](?:50|75|9\d|9\d\d)){_END}
    | \b(?:a|an|HTTP|status|code)\s(?P<code>[45]\d\d)\b(?=\s*(?:[.,;)]|in\b|from\b|on\b|when\b|error|$))
    | (?<![\w.@/])(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+|\w+\(\))(?![\w@])
    """,
    re.VERBOSE,
)
_SHOUTED = re.compile(r"\b[A-Z]{2,}(?:[\s,'\"]+[A-Z]{2,}){2,}\b")
"""Three words in capitals and more are loud, and no abbreviations."""
_A_WORD = 5
"""So many capitals, with more than one vowel, are a word that is loud rather than an abbreviation."""
_OURS = re.compile(r"(?:INC|SEV)-?\d+")
_ARTICLE = re.compile(r"\b(an?)\s+$", re.IGNORECASE)


def unknown(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Each abbreviation that is neither known to all, nor by the team, nor part of a product's name; with plain words if the
    glossary has some."""
    uses = {use.start: use for use in _uses(draft)}
    spared = [*draft.glossary.spared(draft.plain), *(match.span() for match in _SHOUTED.finditer(draft.plain))]
    for match in _TOKEN.finditer(draft.plain):
        start, end = match.span(str(match.lastgroup))
        if not touches((start, end), spared) and not _is_known(draft.plain[start:end], draft, tongue):
            use = uses.get(start)
            yield _plainly(use, draft) if use else Hit(start, end)


def known(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Each word of the glossary."""
    yield from (_plainly(use, draft) for use in _uses(draft))


def _uses(draft: Draft) -> Iterator[Use]:
    is_external = draft.style is Style.EXTERNAL
    yield from (use for use in draft.glossary.uses(draft.plain) if is_external or not use.term.is_external)


def _is_known(token: str, draft: Draft, tongue: Tongue) -> bool:
    one = token.removesuffix("s")
    if len(one) >= _A_WORD and sum(letter in "AEIOU" for letter in one) > 1:
        return True
    is_listed = any(word in known for word in (token, one) for known in (draft.glossary.known, tongue.known))
    return is_listed or token.casefold() in tongue.loud or bool(_OURS.fullmatch(token))


def _plainly(use: Use, draft: Draft) -> Hit:
    """The place, with its article if that changes; and the plain words, to stand there if they fit."""
    plain = use.term.plain
    if not use.term.fits:
        return Hit(use.start, use.end, f"Say what it means here: {plain}.")
    article = _ARTICLE.search(draft.plain, 0, use.start)
    if not article:
        return Hit(use.start, use.end, f"Write “{plain}”.", fitted(plain, draft, use.start))
    right = "an" if plain[0] in "aeiouAEIOU" else "a"
    return Hit(article.start(), use.end, f"Write “{plain}”.", fitted(f"{right} {plain}", draft, article.start()))
