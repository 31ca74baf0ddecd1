"""Why a text cannot be read as YAML, in plain words, with what to write instead."""

import re
from collections.abc import Callable
from contextlib import suppress

import yaml

from bot.files.finding import Finding, shown

Words = Callable[[str, yaml.MarkedYAMLError], str]
"""What is said of a fault, from the text that stands at its place and the error."""

_LOADER = yaml.BaseLoader
"""It leaves every word the text it is."""


class _QuickLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The same from libyaml, if there is one. It asks nobody what a word could be, since every word stays text."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: object) -> str:
        """The tag of a node: none, nobody looks at it."""
        return ""


_START = yaml.Mark("", 0, 0, 0, None, 0)
_LAST_CHARACTER = 0x10FFFF
_ALIAS = "a word with * or & in front is taken for an alias. Write it in quotes."
NO_POLICY = 'this is no policy. Write keys and values, the first as `announce_in: "#incidents"`.'
_QUOTE_IT = "Put the text in quotes if it holds signs such as : # [ ] { } * & ! % | >."


def quick_tree(text: str, otherwise: str) -> yaml.MappingNode | Finding:
    """The same as `tree`, from libyaml where there is one: many times as fast, but its marks know no text, and it says of a fault
    no more than that there is one. `otherwise` is said of what is not keys and values."""
    with suppress(yaml.YAMLError, ValueError, OverflowError):
        root = yaml.compose(text, Loader=_QuickLoader)
        if isinstance(root, yaml.MappingNode):
            return root
    return tree(text, otherwise)


def tree(text: str, otherwise: str) -> yaml.MappingNode | Finding:
    """The tree of keys and values that the text is, or why it is none; `otherwise` is said of one that has no keys."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.reader.ReaderError as error:
        return at_index(text, error.position, "a character that cannot be seen stands here. Take it out.")
    except yaml.MarkedYAMLError as error:
        return _unreadable(text, error)
    except RecursionError:
        return Finding(1, 1, "this is nested too deeply. Write it in fewer levels.")
    except (ValueError, OverflowError):
        return _impossible(text)
    if not isinstance(root, yaml.MappingNode):
        return Finding(1, 1, otherwise)
    return root


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> Finding:
    noticed = error.problem_mark or _START
    if opened := _open_quote(text, error, noticed):
        return _at(opened, not_closed(text[opened.index]))
    if comment := _comment_in_list(text, error, noticed):
        return at_index(text, comment.start(1), taken_for_comment(comment[1]))
    for sign, is_at_context, words in _FAULTS:
        if sign in str(error.problem):
            mark = (error.context_mark if is_at_context else None) or noticed
            return _at(mark, words(text[mark.index :], error))
    return _at(noticed, f"this cannot be read as YAML ({shown(str(error.problem))}). {_QUOTE_IT}")


def _impossible(text: str) -> Finding:
    """PyYAML trips over codes of characters that do not exist, and over endless version numbers."""
    codes = re.finditer(r"\\U([0-9A-Fa-f]{8})", text)
    first = next((code for code in codes if int(code[1], 16) > _LAST_CHARACTER), None)
    words = "this is the code of no character. Take it out." if first else "this cannot be read as YAML. Write it anew."
    return at_index(text, first.start() if first else 0, words)


def not_closed(quote: str) -> str:
    """What is said of quoted text that goes on over the end of its line."""
    return f"the quote {quote} that opens here is not closed on its line. Write {quote} at the end of the text."


def taken_for_comment(word: str) -> str:
    """What is said of a word that begins with # and is not in quotes."""
    return f'YAML takes {shown(word)} for a comment. Write it in quotes: `"{shown(word)}"`.'


def at_index(text: str, index: int, words: str) -> Finding:
    """A finding about the character with this index."""
    before = text[:index]
    return Finding(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1, words)


def _at(mark: yaml.Mark, words: str) -> Finding:
    return Finding(mark.line + 1, mark.column + 1, words)


def _open_quote(text: str, error: yaml.MarkedYAMLError, noticed: yaml.Mark) -> yaml.Mark | None:
    """Where the last quote before the fault opens that is not closed on its line. It swallows what follows up to the next quote,
    so that YAML notices far below."""
    if error.context == "while scanning a quoted scalar":
        return error.context_mark if "end of stream" in str(error.problem) else None
    found = None
    with suppress(yaml.YAMLError, ValueError, OverflowError):
        for token in yaml.scan(text, Loader=_LOADER):
            if token.start_mark.index > noticed.index:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                found = token.start_mark if token.end_mark.line > token.start_mark.line else found
    return found


def _comment_in_list(text: str, error: yaml.MarkedYAMLError, noticed: yaml.Mark) -> re.Match[str] | None:
    """The last word before the fault that should be in a list between brackets and is none, since it begins with #."""
    if "flow" not in str(error.context):
        return None
    found = re.finditer(r"^[^#\n]*[\[,{][ \t]*(#[^\s,\]}]+)", text[: noticed.index], re.MULTILINE)
    return max(found, key=re.Match.start, default=None)


def _forbidden_start(rest: str, error: yaml.MarkedYAMLError) -> str:
    if rest.startswith("\t"):
        return "a tab stands here. Write spaces instead."
    word = re.match(r"[^\s,\]}\"']*", rest)
    return f'{shown(rest[0])} cannot begin a word. Write it in quotes: `"{shown(word[0] if word else rest)}"`.'


def _open_bracket(rest: str, error: yaml.MarkedYAMLError) -> str:
    close = "]" if rest.startswith("[") else "}"
    return f"the {rest[0]} that opens here is not closed. Write {close} after its last word."


def _indented(rest: str, error: yaml.MarkedYAMLError) -> str:
    if rest[:1] in ("]", "}"):
        return f"this {rest[0]} closes nothing. Take it out."
    others = "- of its list" if rest[:1] == "-" else "keys of its block"
    return f"this is not indented like what it belongs to. Line it up with the other {others}."


def _says(words: str) -> Words:
    return lambda rest, error: words


_FAULTS: tuple[tuple[str, bool, Words], ...] = (
    ("cannot start any token", False, _forbidden_start),
    ("expected ',' or", True, _open_bracket),
    (
        "mapping values are not allowed here",
        False,
        _says(
            "a colon cannot stand here. Put the text in quotes, or, if this is a key, indent it like the keys around it."
        ),
    ),
    (
        "sequence entries are not allowed here",
        False,
        _says("a list cannot begin here. Write each item on a line of its own, or all in brackets: `[a, b]`."),
    ),
    ("could not find expected ':'", True, _says("this is no `key: value`. Write a colon and a space after the key.")),
    (
        "but found '<scalar>'",
        False,
        _says("the text goes on after it has ended. Put all of it in quotes, and write a single quote in it twice."),
    ),
    ("expected <block end>", False, _indented),
    ("expected '<document start>'", False, _indented),
    ("expected the node content", False, _says("a value is missing here. Write one, or take out the sign before it.")),
    ("undefined alias", False, _says(_ALIAS)),
    ("expected alphabetic or numeric", True, _says(_ALIAS)),
    ("found another document", False, _says("a second document begins here. Take out the line `---`.")),
    ("unknown escape character", False, _says("in double quotes a \\ begins a code. Write it twice: `\\\\`.")),
)
"""By a part of YAML's own message: whether the place is where the thing began (else where YAML noticed), and what is said."""
