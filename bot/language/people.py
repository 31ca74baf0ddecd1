"""U2: an update names nobody. Names are those of the people of the incident, as they write them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.language.draft import Draft
from bot.language.finding import Hit
from bot.language.phrases import touches
from bot.language.tongue import Tongue

_MENTION = re.compile(r"<@[UW]\w+(?:\|[^>\n]*)?>")
_HANDLE = re.compile(r"(?<![\w@.])@[a-zA-Z][\w.-]*\w")
_EVERYBODY = frozenset({"@here", "@channel", "@everyone"})
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr)\.?|[A-Z]\.)\s?"
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
"""One that belongs to the word beside it, as Japanese signs do not."""
_NOTHING = re.compile(r"(?!)")


def find(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Mentions, handles and names."""
    taken = [match.span() for match in _MENTION.finditer(draft.text)]
    handles = (match for match in _HANDLE.finditer(draft.plain) if _is_persons(match[0], draft))
    taken += [match.span() for match in handles]
    names = (match.span() for match in _pattern(draft.names, tongue.words).finditer(draft.plain))
    yield from (Hit(*span) for span in [*taken, *(span for span in names if not touches(span, taken))])


def _is_persons(handle: str, draft: Draft) -> bool:
    return handle.casefold() not in _EVERYBODY and handle.casefold() not in draft.glossary.addresses


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...], words: frozenset[str]) -> re.Pattern[str]:
    forms = {form for name in names for form in _forms(name, words)}
    if not forms:
        return _NOTHING
    listed = "|".join(sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<!{_LETTER})(?<!-)(?:{listed})(?!{_LETTER}|-|\.\w)")


def _forms(name: str, words: frozenset[str]) -> Iterable[str]:
    """How a person may be named: in full; by the first name, unless that is a word too or begins a longer name; and by title or
    initial and surname."""
    parts = name.split()
    if len(parts) > 1:
        yield r"\s".join(map(re.escape, parts))
        yield _TITLE + re.escape(parts[-1])
    if parts and parts[0].casefold() not in words and len(parts[0]) > 1:
        ends = r"(?!\s[A-Z][a-z])" if len(parts) > 1 else ""
        yield re.escape(parts[0]) + ends
