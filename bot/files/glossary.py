"""Reads and checks `playbooks/glossary.yml`: the words that not everybody knows, with plain ones. Every finding names its place and
says what to write."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from bot.core.errors import PolicyError
from bot.files.faults import at_index, quick_tree
from bot.files.finding import Finding, at, nearest, shown
from bot.files.marked import Reading, is_nothing, items, pairs, value, word, words
from bot.language import Glossary, Term
from bot.language.glossary import LONGEST, split

FILE = "glossary.yml"
_LISTS = ("known", "products", "addresses")
_KEYS = (*_LISTS, "terms")
_TERM_KEYS = ("words", "plain", "fits", "external")
_YES_OR_NO = {"true": True, "false": False, "yes": True, "no": False}
_EXAMPLE = "{words: [failover], plain: switch to the backup}"
_LONGEST_PLAIN = 80


class CheckedGlossary(NamedTuple):
    """What a check came to: the glossary, or None when a finding is fatal; and the findings by place."""

    path: Path
    glossary: Glossary | None
    findings: list[Finding]


def read_glossary(playbooks: Path) -> Glossary:
    """The glossary in this folder; an empty one if there is none. PolicyError says in one line where it is wrong first."""
    path, glossary, findings = check_glossary(playbooks)
    if glossary is None:
        first, *others = [finding for finding in findings if finding.is_fatal]
        raise PolicyError(f"{path}:{first}" + (f" ({len(others)} more)" if others else ""))
    return glossary


def check_glossary(playbooks: Path) -> CheckedGlossary:
    """Everything that is wrong with the glossary in this folder, or in that of this file. A team need not have one."""
    path = (playbooks if playbooks.is_dir() else playbooks.parent) / FILE
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return CheckedGlossary(path, Glossary(), [])
    except OSError as error:
        raise PolicyError(f"{path}: cannot be read ({error.strerror}).") from None
    return CheckedGlossary(path, *check_text(written))


def check_text(written: bytes) -> tuple[Glossary | None, list[Finding]]:
    """The glossary that these bytes are, or None when a finding is fatal; and all findings, by place."""
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = written[: error.start].decode("utf-8")
        return None, [at_index(readable, len(readable), "this is not UTF-8. Save the file in that encoding.")]
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return Glossary(), []
    root = quick_tree(text, f"this is no glossary. Write `terms:`, and below it `- {_EXAMPLE}`.")
    if isinstance(root, Finding):
        return None, [root]
    reading = Reading()
    reading.data(root)
    found = sorted({*reading.found, *_misfits(root)})
    return (None if any(finding.is_fatal for finding in found) else _glossary(root)), found


def _misfits(root: yaml.Node) -> Iterator[Finding]:
    yield from _unknown(root, _KEYS, "the glossary")
    for key in _LISTS:
        yield from _list(value(root, key), key, "[SKU]" if key == "known" else "[GitHub]")
    terms = value(root, "terms")
    if terms is not None and not is_nothing(terms) and not isinstance(terms, yaml.SequenceNode):
        yield at(terms, f"terms takes a list. Write `- {_EXAMPLE}`.")
    for term in items(terms):
        yield from _term(term)
    yield from _twins([written for term in items(terms) for written in words(value(term, "words"))])
    yield from _own_jargon(root)


def _unknown(block: yaml.Node, known: Sequence[str], what: str) -> Iterator[Finding]:
    for key, _ in pairs(block):
        if key.value not in known:
            meant = nearest(key.value, known)
            advice = f"Did you mean {meant}?" if meant else f"Take it out, or write one of: {', '.join(known)}."
            yield at(key, f"{shown(key.value)} is not a key of {what}. {advice}")


def _list(node: yaml.Node | None, key: str, example: str) -> Iterator[Finding]:
    if node is None or is_nothing(node):
        return
    if not isinstance(node, yaml.SequenceNode):
        yield at(node, f"{key} takes a list. Write `{key}: {example}`.")
    for item in items(node):
        if not isinstance(item, yaml.ScalarNode) or is_nothing(item):
            yield at(item, f"{key} takes words. Write `{key}: {example}`.")


def _term(term: yaml.Node) -> Iterator[Finding]:
    if not isinstance(term, yaml.MappingNode):
        yield at(term, f"this is not a block of keys. Write `- {_EXAMPLE}`.")
        return
    yield from _unknown(term, _TERM_KEYS, "a term")
    yield from _words(term)
    yield from _plain(term)
    for key in ("fits", "external"):
        answer = value(term, key)
        if answer is not None and str(answer.value).casefold() not in _YES_OR_NO:
            yield at(answer, f"{key} takes yes or no. Write `{key}: true` or `{key}: false`.")


def _words(term: yaml.Node) -> Iterator[Finding]:
    yield from _list(value(term, "words"), "words", "[failover]")
    written = words(value(term, "words"))
    if not written:
        yield at(term, "a term needs words that it is found by. Add `words: [failover]`.")
    for one in written:
        if not 0 < len(split(one.value)) <= LONGEST:
            yield at(one, f"{shown(one.value)} is not 1 to {LONGEST} words. Write it otherwise.")


def _plain(term: yaml.Node) -> Iterator[Finding]:
    plain = word(term, "plain")
    if plain is None:
        yield at(term, "a term needs plain words. Add `plain: switch to the backup`.")
    elif len(plain.value) > _LONGEST_PLAIN:
        yield at(plain, f"this has {len(plain.value)} characters, and {_LONGEST_PLAIN} are the most. Say it shorter.")


def _twins(written: Sequence[yaml.ScalarNode]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, one in enumerate(written):
        before = first.setdefault(" ".join(split(one.value)).casefold(), number)
        if before != number:
            line = written[before].start_mark.line + 1
            yield at(one, f"{shown(one.value)} stands there twice, first in line {line}. Leave one of them.")


def _own_jargon(root: yaml.Node) -> Iterator[Finding]:
    """Plain words that the glossary itself says not everybody knows."""
    glossary = _glossary(root)
    for plain in filter(None, (word(term, "plain") for term in items(value(root, "terms")))):
        for use in glossary.uses(plain.value):
            told = shown(plain.value[use.start : use.end])
            yield at(plain, f"{told} is itself one of the words of this glossary. Say it otherwise.", is_fatal=False)


def _glossary(root: yaml.Node) -> Glossary:
    """The glossary, of what has the right shape."""
    lists = {key: tuple(item.value for item in words(value(root, key))) for key in _LISTS}
    return Glossary(tuple(filter(None, map(_as_term, items(value(root, "terms"))))), **lists)


def _as_term(term: yaml.Node) -> Term | None:
    plain = word(term, "plain")
    if plain is None:
        return None
    written = tuple(one.value for one in words(value(term, "words")))
    return Term(written, plain.value, fits=_says(term, "fits", True), is_external=_says(term, "external", False))


def _says(term: yaml.Node, key: str, otherwise: bool) -> bool:
    answer = word(term, key)
    return _YES_OR_NO.get(answer.value.casefold(), otherwise) if answer else otherwise
