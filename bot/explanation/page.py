"""The answers as a page of Markdown: a section for how things usually stand, and one for each that differs, with what differs."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.core.incident import End, Phase
from bot.core.policy import Policy
from bot.explanation.answers import ATTEMPTS, Answers, answers
from bot.explanation.attempt import Attempt
from bot.explanation.situations import NO_ROLE, Situation, everywhere, incident_in
from bot.tables import table

Row = tuple[str, str, str, str]
"""Phase, severity, who, and the answer."""
Told = list[tuple[Attempt, tuple[Row, ...]]]

USUAL = Situation(phase=Phase.DETECTION, severity=None, who=NO_ROLE)
_EVERYTHING = ("all", "all", "anybody")
_INTRO = """# What is allowed, and what is said when it is not

Every role is held by a person of its own, called like the role; whoever declared the incident has none. It is not known how many
people are in the room, the incident is open, and nothing that a gate asks for is known yet but who has which role."""


def page(policy: Policy) -> str:
    """The whole page. It ends with a line break."""
    usual = _told(USUAL, policy)
    parts = [_INTRO, *_by_topic(usual)]
    for title, situation in _others(policy):
        parts += _section(title, _told(situation, policy), usual)
    return "\n\n".join(parts) + "\n"


def _others(policy: Policy) -> Iterator[tuple[str, Situation]]:
    """What may be different, and how it is called."""
    many = policy.responders_before_refusing
    yield "When everything that gates ask for is known", USUAL.but(is_known=True)
    yield "While nobody has a role", USUAL.but(has_roles=False)
    yield f"With {many} people or more in the room", USUAL.but(present=many)
    yield f"With fewer than {many}", USUAL.but(present=many - 1)
    yield "Once it is closed", USUAL.but(end=End.CLOSED)
    yield "Once it is cancelled", USUAL.but(end=End.CANCELLED)
    yield "Once it is merged into another", USUAL.but(end=End.MERGED)


def _told(like: Situation, policy: Policy) -> Told:
    stood = [(situation, incident_in(situation, policy)) for situation in everywhere(policy, like)]
    return [(attempt, tuple(folded(answers(attempt, stood, policy), policy))) for attempt in ATTEMPTS]


def _section(title: str, told: Told, usual: Told) -> Iterator[str]:
    """What is answered in another way than usual; when that is nearly everything, what is common is said once."""
    differ = [one for one, as_usual in zip(told, usual, strict=True) if one[1] != as_usual[1]]
    yield f"## {title}"
    if not differ:
        yield "Everything is answered as above."
        return
    yield from _tables(differ)
    if len(differ) < len(told):
        yield "Everything else is answered as above."


def _by_topic(told: Told) -> Iterator[str]:
    for about, found in groupby(told, key=lambda one: one[0].about):
        yield f"## {about}"
        yield from _tables(list(found))


def _tables(told: Told) -> Iterator[str]:
    """First what is answered to anybody alike, in one table; then one table for each that hangs on more."""
    alike = {rows[0][3]: "" for _, rows in told if _is_alike(rows)}
    for answer in alike:
        alike[answer] = "; ".join(attempt.what for attempt, rows in told if _is_alike(rows) and rows[0][3] == answer)
    if alike:
        yield table(("to anybody, in any phase, at any severity", "what is tried"), list(alike.items()))
    hangs = dict.fromkeys(rows for _, rows in told if not _is_alike(rows))
    for rows in hangs:
        yield f"**{'; '.join(attempt.what for attempt, own in told if own == rows)}**"
        yield table(("phase", "severity", "who", "answer"), rows)


def _is_alike(rows: tuple[Row, ...]) -> bool:
    return len(rows) == 1 and rows[0][:3] == _EVERYTHING


def folded(given: Answers, policy: Policy) -> list[Row]:
    """Equal answers in one row: over who asks, then over severities, then over phases. First what holds in all phases."""
    rows: list[Row] = [
        (one.phase.value, one.severity or "unset", one.who.removeprefix("the "), answer) for one, answer in given
    ]
    for column, everything in ((2, "anybody"), (1, "all"), (0, "all")):
        rows = _fold(rows, column, everything)
    return sorted(rows, key=lambda row: row[0] != "all")


def _fold(rows: Iterable[Row], column: int, everything: str) -> list[Row]:
    """Rows that differ in this column only become one, which says `everything` when all values are in it, and else names them; or
    those that are not in it when that is one of many."""
    rows = list(rows)
    values = dict.fromkeys(name for row in rows for name in [row[column]])
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        groups.setdefault((*row[:column], *row[column + 1 :]), []).append(row[column])
    return [
        _row((*key[:column], _names(names, list(values), everything), *key[column:])) for key, names in groups.items()
    ]


def _names(names: list[str], values: list[str], everything: str) -> str:
    missing = [value for value in values if value not in names]
    if not missing:
        return everything
    return f"{everything} but {missing[0]}" if len(missing) == 1 and len(values) > 2 else ", ".join(names)


def _row(cells: tuple[str, ...]) -> Row:
    phase, severity, who, answer = cells
    return phase, severity, who, answer
