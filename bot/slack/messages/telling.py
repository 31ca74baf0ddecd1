"""How the lines of a timeline are told: how much of what was typed they have, and how they call people, hypotheses and replies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import ran
from bot.core.decision import Event
from bot.core.policy import Policy
from bot.core.proposals import DecisionProposed
from bot.core.tracker.hypotheses import HypothesisPosted, HypothesisProposed
from bot.core.tracker.rewriting import Saying, sayings
from bot.slack import words
from bot.slack.text import escape_within, link, one_line, quoted, time_from

FOLDED = 100
"""Code points of a typed text, or of a list of names, on a line that is folded."""

WHOLE = 7000
"""The same on a line that is shown in full. Longer than anything a form takes; with a list of names beside it, and all that
stands around them, still one message."""

_STATEMENT = 60
NAMES = 3900
"""Code points of a list of names, at most."""
_ADDRESS = 300
MANY = 5
"""So many people or hypotheses are named on one line."""


@dataclass(frozen=True)
class Telling:
    """How lines are told: with the policy's names, with at most `limit` code points of what was typed, and with what the other
    events say of hypotheses and replies that a line only refers to."""

    policy: Policy
    limit: int = FOLDED
    statements: Mapping[int, str] = field(default_factory=dict)
    threads: Mapping[int, str | None] = field(default_factory=dict)
    replies: Mapping[tuple[int, str], Sequence[Saying]] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Sequence[Event], policy: Policy, limit: int) -> "Telling":
        """Told with all that these events, those of one incident, know of each other."""
        statements, threads = dict[int, str](), dict[int, str | None]()
        decisions = {event.proposal: event.text for event in events if isinstance(event, DecisionProposed)}
        for event in events:
            if isinstance(event, HypothesisProposed):
                statements[event.hypothesis] = event.statement
            elif isinstance(event, HypothesisPosted):
                threads[event.hypothesis] = event.permalink
        return cls(policy, limit, statements, threads, sayings(events), decisions)

    def typed(self, text: str) -> str:
        """What somebody typed, in quotation marks."""
        return quoted(text, self.limit)

    def names(self, names: Iterable[str]) -> str:
        """Names with commas between them."""
        return escape_within(one_line(", ".join(names)), min(self.limit, NAMES))

    def hypothesis(self, number: int) -> str:
        """A hypothesis by its number, and what it says, in short."""
        said = self.statements.get(number)
        return f"H{number} {quoted(said, _STATEMENT)}" if said else f"H{number}"

    def style(self, at: datetime) -> ran.Style:
        """How what happened in a run is written, at this time."""
        return ran.Style(lambda text: f"*{escape_within(text, 300)}*", self.typed, lambda moment: time_from(at, moment))

    def decision(self, number: int) -> str:
        """A decision by what it says, in short."""
        said = self.decisions.get(number)
        return f"the decision {quoted(said, _STATEMENT)}" if said else f"decision {number}"


def people(users: Iterable[str]) -> str:
    """Everybody once, and no more than a few by name."""
    known = list(dict.fromkeys(users))
    shown = ", ".join(words.person(user) for user in known[:MANY])
    rest = len(known) - MANY
    return f"{shown} and {count(rest, 'other')}" if rest > 0 else shown


def whose(owner: str, actor: str) -> str:
    return "their own" if owner == actor else f"{words.person(owner)}'s"


def count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def message_link(url: str | None, label: str) -> str:
    """A link to a message, unless the address is none or too long to be one of Slack's."""
    return link(url, label) if url and len(url) <= _ADDRESS else label
