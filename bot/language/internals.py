"""U5: what only means something inside: names of machines, addresses, paths, commits, errors of programs; and what nobody may read,
passwords and keys. The same in every language."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.language.draft import Draft
from bot.language.finding import Hit
from bot.language.phrases import touches
from bot.language.tongue import Tongue, listed

_SECRET = "This looks like a password or a key. Take it out, and have it replaced: whoever read it can use it."
_MACHINE = "Say what it does for readers, such as “our payment system” or “a server”."
_PROGRAM = "Say what readers notice, such as “payments fail with an error page”."
_CHANGE = "Say “the last change”, or leave it out."
_LINK = "Leave the link out, or add its host to `addresses` in glossary.yml if everybody may open it."


class _Inside(NamedTuple):
    pattern: re.Pattern[str]
    suggestion: str


def _inside(pattern: str, suggestion: str, flags: re.RegexFlag = re.NOFLAG) -> _Inside:
    return _Inside(re.compile(pattern, flags | re.ASCII), suggestion)


_CODE = "py|go|java|rb|js|ts|tsx|kt|rs|php|cpp|cs|scala|sh|sql|tf|ya?ml|toml|ini|conf|cfg|env|log|lock|jar|so|dll|exe"
_DATABASE = "postgres(?:ql)?|mysql|mongodb(?:\\+srv)?|redis|amqps?|jdbc:\\w+"
_NO_MACHINE = "|".join(
    sorted(
        listed(
            """
            all pre post non late early since sub plus euro radio formula channel cup
            level tier phase step part wave week day top covid utf sev inc iso sha http under over catch mid form model series class
            type page row seat gate room line zone group area stage round grade size age windows ps usb vitamin mach route bus tram
            version plan option chapter section article figure table track lane floor platform terminal hall bay dock trip unit
            batch january february march april may june july august september october november
            december jan feb mar apr jun jul aug sep oct nov dec
            """
        )
    )
)
"""What may have a number behind a hyphen and is no machine."""

_INTERNALS = (
    _inside(
        r"\b(?:xox[a-z]-[\w-]{10,}|AKIA[0-9A-Z]{12,}|gh[pousr]_\w{20,}|[sr]k_(?:live|test)_\w{10,}|AIza[\w-]{20,})",
        _SECRET,
    ),
    _inside(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bBearer [\w.~+/-]{16,}", _SECRET),
    _inside(
        r"\b(?:password|passwd|pwd|secret|token|api[_ -]?key)s?\s?[=:]\s?(?=\S*[\d!$%&#])[^\s,;]{6,}",
        _SECRET,
        re.IGNORECASE,
    ),
    _inside(rf"\b(?:{_DATABASE})://\S+", _SECRET, re.IGNORECASE),
    _inside(r"Traceback \(most recent call last\):?|^\s*File \"[^\"\n]+\", line \d+.*$", _PROGRAM, re.MULTILINE),
    _inside(r"\bat [\w$.]+\([\w$]+\.\w+:\d+\)", _PROGRAM),
    _inside(r"\b(?:[a-z]\w*\.)*(?:[A-Z][a-z0-9]+){1,}(?:Exception|Error)\b", _PROGRAM),
    _inside(
        r"(?<![\w.:])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?::\d+|/\d+)?(?![\w.]*\d)",
        _MACHINE,
    ),
    _inside(
        r"(?<![\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b",
        _MACHINE,
        re.IGNORECASE,
    ),
    _inside(r"\b[a-z0-9][\w.-]*\.(?:internal|local|localdomain|lan|corp|intra|intranet|svc)\b(?:\.[\w.-]+)?", _MACHINE),
    _inside(r"(?<![\w/.-])/(?:var|etc|usr|opt|home|srv|tmp|mnt|data|root|proc|dev|app|bin|lib)(?:/[\w.-]+)+", _MACHINE),
    _inside(r"\\\\[\w.-]+\\[\w\\.$-]+|\b[A-Z]:\\[\w\\. -]*\w", _MACHINE),
    _inside(rf"(?<![\w/@])[\w-]+(?:[/.][\w-]+)*\.(?:{_CODE})\b(?!\.\w)", _MACHINE),
    _inside(r"\b(?:[a-z]{2}-[a-z]+-\d[a-z]?)\b", _MACHINE),
    _inside(
        rf"(?<![\w.#-])(?!(?:{_NO_MACHINE})s?-|[a-z-]+-(?:19|20)\d\d\b)[a-z][a-z0-9]*(?:-[a-z0-9]+)*-[a-z0-9]*\d[a-z0-9]*(?:\.[\w.-]+)?\b(?!-[a-z])",
        _MACHINE,
    ),
    _inside(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", _PROGRAM, re.IGNORECASE),
    _inside(
        r"(?<![\w.#-])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])(?:[0-9a-f]{7,12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![\w-])",
        _CHANGE,
    ),
)
"""From the worst to the least: of several that touch each other the first is told."""

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w")
_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]]", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]*).*", re.IGNORECASE | re.DOTALL)
_VERSION = re.compile(r"\b(?:versions?|releases?|updates?|v)\s?$|^\s(?:update|version|release)", re.IGNORECASE)


def find(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Everything internal, each place once."""
    taken = [*draft.glossary.spared(draft.plain), *(match.span() for match in _EMAIL.finditer(draft.text))]
    for link in _URL.finditer(draft.text):
        taken.append(link.span())
        if not _may_be_read(link[0], draft):
            yield Hit(*link.span(), _LINK)
    for pattern, suggestion in _INTERNALS:
        for match in pattern.finditer(draft.text):
            if not touches(match.span(), taken) and not _is_version(draft.text, match):
                taken.append(match.span())
                yield Hit(*match.span(), suggestion)


def _may_be_read(link: str, draft: Draft) -> bool:
    """Whether the host, or one that it belongs to, is in the glossary."""
    host = _HOST.sub(r"\1", link).casefold().split(".")
    return any(".".join(host[part:]) in draft.glossary.addresses for part in range(len(host)))


def _is_version(text: str, match: re.Match[str]) -> bool:
    """Whether this is the number of a version: it looks like an address of the internet."""
    is_number = match[0].replace(".", "").isdigit()
    around = (text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12])
    return is_number and any(_VERSION.search(one) for one in around)
