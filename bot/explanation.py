"""Who may do what when, as a page of Markdown: each command is put to the real rules in small incidents. Pure.

Every role is held by a person of its own, called like the role, and nothing that a gate asks for is known yet but who leads.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from bot.core.containment import RecordContainment, ReportReturn
from bot.core.decision import Command, Origin
from bot.core.gates import WaiveNeeds
from bot.core.hypotheses import ProposeHypothesis
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase, Seat
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.roles import HandOver, TakeCommand, TakeRole
from bot.core.severity import SetSeverity
from bot.core.vocabulary import decide, fold
from bot.slack.messages.refusals import refused
from bot.tables import table

_AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_NO_ROLE = "somebody without a role"
_ALLOWED = "allowed"
_TIME = re.compile(r"<!date\^[^|>]*\|([^>]*)>")

Row = tuple[str, str, str, str]
"""Phase, severity, who, and the answer: allowed, or the sentence that refuses."""


def page(policy: Policy) -> str:
    """The whole page, a table for each command. It ends with a line break."""
    intro = "Every role is held by a person of its own, called like the role. Nothing else that a gate asks for is known yet."
    parts = (f"## {what}\n\n{_folded(what, policy)}" for what in _commands(policy))
    return "\n\n".join(["# What is allowed, and what is said when it is not", intro, *parts]) + "\n"


def rows(what: str, policy: Policy) -> list[Row]:
    """The answer to one command for every phase, severity and role, unfolded."""
    actors = [*(role.name for role in policy.roles), _NO_ROLE]
    severities = [None, *(one.name for one in policy.severities)]
    return [
        (phase.value, severity or "unset", actor, _answer(what, phase, severity, actor, policy))
        for phase in Phase
        for severity in severities
        for actor in actors
    ]


def _commands(policy: Policy) -> dict[str, Callable[[Origin, Incident], Command]]:
    names = [one.name for one in policy.severities]
    worked = ContainmentResult.WORKED
    return {
        "go on to the next phase": lambda by, now: (
            AdvancePhase(origin=by, to=now.phase.next) if now.phase.next else CloseIncident(origin=by)
        ),
        "close": lambda by, now: CloseIncident(origin=by),
        "waive everything that can be known": lambda by, now: WaiveNeeds(origin=by, needs=tuple(Need), reason="Later"),
        "set the worst severity": lambda by, now: SetSeverity(origin=by, severity=names[0]),
        "lower the severity to the mildest": lambda by, now: SetSeverity(
            origin=by, severity=names[-1], reason="One customer"
        ),
        "take command by the button": lambda by, now: TakeRole(origin=by, user=by.actor),
        "take command in an emergency": lambda by, now: TakeCommand(origin=by, why="No answer"),
        "hand command over": lambda by, now: HandOver(origin=by, role=COMMANDER, user="somebody else"),
        "say what was done against the harm": lambda by, now: RecordContainment(
            origin=by, action="Rolled back", result=worked
        ),
        "say that the impact is back": lambda by, now: ReportReturn(origin=by),
        "propose a hypothesis": lambda by, now: ProposeHypothesis(origin=by, statement="It is the database"),
    }


def _answer(what: str, phase: Phase, severity: str | None, actor: str, policy: Policy) -> str:
    incident = _incident(phase, severity, policy)
    command = _commands(policy)[what](_origin(actor), incident)
    refusal = decide(incident, command, policy).refusal
    return _plain(refused(refusal, incident, policy).text) if refusal else _ALLOWED


def _incident(phase: Phase, severity: str | None, policy: Policy) -> Incident:
    """Declared at this severity, by somebody without a role, and in this phase; every role is held by a person of its name."""
    begun = decide(None, DeclareIncident(origin=_origin(_NO_ROLE), title="Down", severity=severity), policy, number=1)
    incident = fold(None, begun.events)
    assert incident is not None
    seats = {role.name: Seat(user=role.name, since=_AT) for role in policy.roles}
    return incident.but(seats=seats, phase=phase, phase_since=_AT, phase_by=COMMANDER)


def _origin(actor: str) -> Origin:
    return Origin(team="T1", incident=1, actor=actor, at=_AT, key="key")


def _plain(text: str) -> str:
    """A sentence without what only Slack reads: people are called as they are here, and times as people read them."""
    return _TIME.sub(r"\1", text).replace("<@", "").replace(">", "")


def _folded(what: str, policy: Policy) -> str:
    """Equal answers in one row: over who asks, then over severities, then over phases."""
    found: list[Row] = rows(what, policy)
    for column, everything in ((2, "anybody"), (1, "all"), (0, "all")):
        found = _fold(found, column, everything)
    return table(("phase", "severity", "who", "answer"), found)


def _fold(found: Iterable[Row], column: int, everything: str) -> list[Row]:
    """Rows that differ in this column only become one, which says `everything` when all values are in it."""
    values = dict.fromkeys(row[column] for row in found)
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in found:
        groups.setdefault((*row[:column], *row[column + 1 :]), []).append(row[column])
    joined = ((key, everything if len(names) == len(values) else ", ".join(names)) for key, names in groups.items())
    return [_row((*key[:column], name, *key[column:])) for key, name in joined]


def _row(cells: tuple[str, ...]) -> Row:
    phase, severity, who, answer = cells
    return phase, severity, who, answer
