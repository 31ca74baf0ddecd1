"""How easy a text is to read: long sentences (U10), the grade of Flesch and Kincaid (U11), and the length of the whole (U12).

The grade is a hint only: abbreviations look easy to it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import pyphen

from bot.language.draft import Draft, Sentence, sentences, words
from bot.language.finding import Hit, Style
from bot.language.tongue import Tongue

_LONGEST_SENTENCE = 25
"""Words. So many are the most in the style guides of the British and the Australian government."""
_GRADED_FROM = 20
"""Words. Of fewer the grade says nothing."""
_GRADE = {Style.INTERNAL: 10.0, Style.EXTERNAL: 8.0, Style.ENGINEERING: 10.0}
_SHORTEST = 8
"""Words. Fewer cannot say what is affected and what is being done."""
_NO_LETTER = re.compile(r"[\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxzcg]es$")


def long_sentences(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Sentences of more words than most people keep in mind."""
    for sentence in sentences(draft):
        count = len(sentence.words)
        if count > _LONGEST_SENTENCE:
            yield Hit(
                sentence.start, sentence.end, f"It has {count} words. Make two of it, of at most {_LONGEST_SENTENCE}."
            )


def hard(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """The text as a whole, if its grade is above that of its style."""
    level = grade(sentences(draft))
    if level is not None and level > _GRADE[draft.style]:
        yield Hit(0, 0, f"It reads like a text for grade {level:.0f}. Try shorter sentences and shorter words.")


def length(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """The text as a whole, if it is too long for its audience or too short to say anything."""
    count, most = len(words(draft.plain)), draft.facts.most_words
    if most is not None and tongue.has_blanks and count > most:
        yield Hit(0, 0, f"It has {count} words, and {most} are enough here. Leave out what readers cannot act on.")
    if tongue.has_blanks and 0 < count < _SHORTEST:
        yield Hit(
            0, 0, f"It has {count} {'word' if count == 1 else 'words'}. Say who cannot do what, and what is being done."
        )


def grade(of: list[Sentence]) -> float | None:
    """The grade in a US school whose pupils can read this, by Flesch and Kincaid; None where the words are too few to tell."""
    spoken = [word for sentence in of for word in sentence.words]
    if len(spoken) < _GRADED_FROM:
        return None
    per_word = sum(map(syllables, spoken)) / len(spoken)
    return 0.39 * len(spoken) / len(of) + 11.8 * per_word - 15.59


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """How many syllables an English word has, about; digits have none."""
    return sum(_of_part(part.casefold()) for part in _NO_LETTER.split(_POSSESSIVE.sub("", word)) if part)


def _of_part(part: str) -> int:
    """The more of two counts that are both too low at times: by where a word could be hyphenated, and by its groups of vowels."""
    by_vowels = len(_VOWELS.findall(part)) - bool(_SILENT.search(part))
    return max(1, by_vowels, len(_hyphens().positions(part)) + 1)


@lru_cache(maxsize=1)
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US", left=2, right=2)
