"""The rules, as a table: how much each weighs for whom, why it is there, what to do, and what finds it.

Where a rule has no level for a style it does not hold for it. Rules that hang on what the words of a language are hold for English
only; the others for every language, as far as its tables go.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.language import internals, people, reading, record, times, tokens
from bot.language.draft import Draft
from bot.language.finding import Facts, Hit, Level, Style
from bot.language.phrases import Phrases, matches
from bot.language.tongue import Tongue

Finds = Callable[[Draft, Tongue], Iterable[Hit]]


class Rule(NamedTuple):
    """One rule. `why` and `suggestion` are sentences for authors; `is_eased` says when an error is only a warning. For engineers
    those hold that name a level for them."""

    id: str
    internal: Level | None
    external: Level | None
    finds: Finds
    why: str
    suggestion: str = ""
    is_eased: Callable[[Facts], bool] = lambda facts: False
    engineering: Level | None = None

    def level(self, style: Style) -> Level | None:
        """How much it weighs for these readers; None: it does not hold for them."""
        return {Style.EXTERNAL: self.external, Style.INTERNAL: self.internal}.get(style, self.engineering)


def _table(of: Callable[[Tongue], Phrases]) -> Finds:
    return lambda draft, tongue: matches(of(tongue), draft)


def _tone(draft: Draft, tongue: Tongue) -> Iterator[Hit]:
    """Wordings beside the point; and the word for a total failure, unless this is one."""
    yield from matches(tongue.tone, draft)
    if not draft.facts.is_total:
        yield from matches(tongue.outage, draft)


def _may_name_cause(facts: Facts) -> bool:
    return facts.is_contained and facts.is_cause_confirmed


_E, _W, _H = Level.ERROR, Level.WARNING, Level.HINT

RULES: tuple[Rule, ...] = (
    Rule("U1", _E, _E, record.missing, "An update says what is affected, and when the next word comes."),
    Rule(
        "U2",
        _E,
        _E,
        people.find,
        "An update names nobody: a name tells readers whom to blame, or whom to call.",
        "Say it by role, such as “the engineer on duty” or “our payments team”.",
    ),
    Rule(
        "U3",
        _E,
        _E,
        _table(lambda tongue: tongue.causes),
        "Readers keep the first cause they hear. It is named once the harm has stopped and a test has confirmed it.",
        "Say what readers notice, and what is being done against it.",
        _may_name_cause,
    ),
    Rule(
        "U4",
        _E,
        _E,
        _table(lambda tongue: tongue.blame),
        "Blame makes people keep to themselves what they know.",
        "Say what happened, and what made it possible.",
        engineering=_E,
    ),
    Rule(
        "U5",
        _E,
        _E,
        internals.find,
        "This means something only inside, and tells strangers how the systems are built.",
        "Say what it does for readers.",
    ),
    Rule(
        "U6",
        _W,
        _E,
        tokens.unknown,
        "Not every reader knows this abbreviation or code.",
        "Write it in plain words. If all readers know it, add it to `known` in glossary.yml.",
    ),
    Rule("U7", _W, _W, tokens.known, "There are words for it that everybody knows."),
    Rule(
        "U8",
        _W,
        _W,
        _table(lambda tongue: tongue.speculation),
        "A guess is read as a fact.",
        "Say what is known, and that the rest is not known yet.",
    ),
    Rule(
        "U9",
        None,
        _E,
        _table(lambda tongue: tongue.promises),
        "Nobody can know this yet, and readers plan by it.",
        "Say what is being done, and when you will write again.",
    ),
    Rule("U10", _W, _W, reading.long_sentences, "Long sentences are read twice, or not to the end."),
    Rule("U11", _H, _H, reading.hard, "People under stress read worse than usual."),
    Rule("U12", _W, _W, reading.length, "Readers want to know in a few seconds whether it concerns them."),
    Rule(
        "U13",
        _W,
        _W,
        _table(lambda tongue: tongue.passive),
        "It does not say who is doing it.",
        "Begin with “we”: “We are checking …”, “We undid …”.",
    ),
    Rule("U14", _W, _W, record.contradictions, "What is said should be new, and agree with the record."),
    Rule("U15", None, _W, _tone, "It puts readers off, or says more than is so."),
    Rule(
        "U16",
        _E,
        _E,
        times.find,
        "Readers live in other time zones, and read it later than you write it.",
        "Write the time with its zone, such as “14:05 UTC”.",
    ),
    Rule("U17", _W, _W, _table(lambda tongue: tongue.preambles), "What is read first should be what matters most."),
)

CALLED = {
    "U1": "what every update has to say",
    "U2": "names of people",
    "U3": "a cause",
    "U4": "blame",
    "U5": "what means something only inside",
    "U6": "abbreviations or codes",
    "U9": "promises that nobody can make yet",
    "U16": "times without a zone",
}
"""What the rules find that can keep a text from being sent, in words (domain, 4.3)."""


def named(rules: Iterable[str]) -> str:
    """What these rules found: a cause; names of people, a cause and blame."""
    told = [CALLED.get(rule, f"what rule {rule} finds") for rule in rules]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def broken(rules: Iterable[Sequence[str]]) -> list[str]:
    """The rules of several audiences, each once, in their order."""
    return sorted({rule for of_one in rules for rule in of_one}, key=lambda rule: int(rule[1:]))
