"""The sentences that the audiences of a policy read: which files there are in `updates/` beside it, which of them it needs, and
what is said of an audience for which there are none."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.core.templates import TIMES, VARIABLES, Group, Language, Situation, Trend, count_words, fill, words
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import items, pairs, value, word
from bot.files.sentences import check_sentences

FOLDER = "updates"
_BESIDE = {"wording": f"sentences stand in {FOLDER}/", "glossary": "its words stand in glossary.yml"}
"""What is pinned with the policy and stands in files of its own."""
ENGLISH = "en"
"""The language of an audience that names none."""


class Languages(NamedTuple):
    """The sentences by the code of their language, and what is wrong with each file. A language whose file cannot be used is among
    the findings only."""

    known: Mapping[str, Language]
    findings: Mapping[Path, tuple[Finding, ...]]

    def file(self, code: str) -> Path | None:
        """The file of a language, if there is one."""
        return next((path for path in self.findings if path.stem == code), None)


NONE = Languages({}, {})
"""Where there is no such folder."""


def read_languages(playbooks: Path) -> Languages:
    """Every language in `updates/` in this folder. A file that cannot be read has a finding that says why."""
    paths = sorted((playbooks / FOLDER).glob("*.yml"))
    checked = {path: _checked(path) for path in paths}
    known = {path.stem: language for path, (language, _) in checked.items() if language}
    return Languages(known, {path: found for path, (_, found) in checked.items()})


def _checked(path: Path) -> tuple[Language | None, tuple[Finding, ...]]:
    try:
        return check_sentences(path.read_bytes())
    except OSError as error:
        return None, (Finding(1, 1, f"this cannot be read ({error.strerror}). Let Lockstep read it."),)


def spoken(data: Any, languages: Languages) -> dict[str, Language]:
    """What a policy that says this needs of them: the languages and styles of its audiences."""
    audiences = data.get("audiences") if isinstance(data, dict) else None
    wanted: dict[str, set[str]] = {}
    for one in audiences if isinstance(audiences, list) else ():
        if isinstance(one, dict) and isinstance(style := one.get("style"), str):
            wanted.setdefault(str(one.get("language") or ENGLISH), set()).add(style)
    if isinstance(data, dict) and isinstance(style := data.get("subscribers_style"), str):
        wanted.setdefault(str(data.get("subscribers_language") or ENGLISH), set()).add(style)
    known = languages.known
    return {code: known[code].only(styles) for code, styles in wanted.items() if code in known}


def unspoken(root: yaml.Node, languages: Languages) -> Iterator[Finding]:
    """Audiences whose style or language there are no sentences for, and sentences where they do not belong."""
    for name, _ in pairs(root):
        if name.value in _BESIDE:
            yield at(name, f"{name.value} is not a key of the policy. Take it out; {_BESIDE[name.value]}.")
    for audience in items(value(root, "audiences")):
        yield from _unspoken(
            word(audience, "style"), word(audience, "language"), word(audience, "max_words"), languages
        )
    yield from _unspoken(word(root, "subscribers_style"), word(root, "subscribers_language"), None, languages)


def _unspoken(
    style: yaml.ScalarNode | None,
    language: yaml.ScalarNode | None,
    most: yaml.ScalarNode | None,
    languages: Languages,
) -> Iterator[Finding]:
    """What is wrong with the style and language of one audience, and with its most words."""
    if style is None:
        return
    code = language.value if language else ENGLISH
    found = languages.known.get(code)
    if found is None:
        yield at(language or style, _no_language(code, languages))
    elif style.value not in found.styles:
        yield at(style, _no_style(style.value, code, found))
    elif most and most.value.isdecimal():
        yield from _too_long(most, found, style.value, code)


def _too_long(most: yaml.ScalarNode, language: Language, style: str, code: str) -> Iterator[Finding]:
    """What Lockstep composes itself and is longer than the audience wants to read, with the facts of the sample."""
    lengths = {situation: _length(language, style, situation) for situation in Situation}
    longest = max(lengths, key=lengths.__getitem__)
    if lengths[longest] > int(most.value):
        what = f"`{longest}` in the style {shown(style)} comes to {lengths[longest]} words"
        advice = f"Write at least that, or fewer words in {FOLDER}/{code}.yml."
        yield at(most, f"{what} with the facts of `sample`. {advice}", is_fatal=False)


def _length(language: Language, style: str, situation: Situation) -> int:
    """How many words an update has when everything is known, whether something has changed or nothing has."""
    changed = words(language, style, situation, VARIABLES, is_data_safe=True, trend=Trend.SAME)
    same = words(language, style, situation, VARIABLES, is_data_safe=True, is_unchanged=situation.group is Group.OPEN)
    values = {**dict.fromkeys(VARIABLES, "INC-12"), **dict.fromkeys(TIMES, "14:05 UTC"), **language.sample}
    lines = [(said.state, *said.lines, *said.closing) for said in (changed, same)]
    return max(count_words(" ".join(fill(line, values) for line in said)) for said in lines)


def _no_language(code: str, languages: Languages) -> str:
    if path := languages.file(code):
        return f"the sentences in {FOLDER}/{path.name} cannot be used. Mend them first."
    there = ", ".join(languages.known) or "none"
    return f"there is no file {FOLDER}/{shown(code)}.yml. Write it, or choose a language that there is: {there}."


def _no_style(style: str, code: str, language: Language) -> str:
    known = list(language.styles)
    meant = nearest(style, known)
    advice = f"Did you mean {meant}?" if meant else f"Write one of: {', '.join(known)}, or add it there."
    return f"{shown(style)} is not a style in {FOLDER}/{code}.yml. {advice}"
