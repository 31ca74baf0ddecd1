"""Which playbooks fit an incident, and why: by what people say of it, the labels of its alerts, the parts of the system it touches,
and its severity. That none fits is an answer too: a bad hint costs more than none."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from bot.core.phases import Phase
from bot.core.playbooks.model import Playbook
from bot.core.value import Value

MOST = 3
"""So many are offered."""
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "y", "e")
_SHORTEST = 3
_SAYS_NOTHING = """
    a an and are as at be by did do does for from has have in into is it its many more not of on or our out somebody something than
    that the their there they this to too was we were what when which who whom with
"""
_EMPTY = frozenset(_SAYS_NOTHING.split())
"""Words that say nothing about a fault."""


class Situation(Value):
    """What is known of an incident. `text` is all that people and alerts have said; a severity or phase of None is not known."""

    text: str = ""
    boundaries: tuple[str, ...] = ()
    severity: str | None = None
    labels: Mapping[str, str] = {}
    phase: Phase | None = None


class Weights(Value):
    """What each kind of evidence is worth, and what a playbook needs in order to be offered. A symptom counts by the share of its
    words that were said, if it is more than `share`; words that few playbooks have weigh more."""

    label: float = 5
    symptom: float = 4
    boundary: float = 1.5
    severity: float = 0.5
    share: float = 0.5
    least: float = 2


class Reason(Value):
    """One thing that speaks for a playbook: the symptom, label, boundary or severity as the playbook has it."""

    kind: Literal["label", "symptom", "boundary", "severity"]
    what: str


class Fit(Value):
    """A playbook that fits, how well, and why, the strongest reason first; with its title, summary and minutes as its file has
    them."""

    playbook: str
    title: str
    summary: str
    takes_minutes: int
    score: float
    reasons: tuple[Reason, ...]


def best(playbooks: Iterable[Playbook], situation: Situation, weights: Weights = Weights()) -> tuple[Fit, ...]:  # noqa: B008 (frozen)
    """The best three, the best first; fewer, or none, when no more fit."""
    offered = [one for one in playbooks if _is_offered(one, situation)]
    rarity = _rarity(offered)
    fits = [fit for one in offered if (fit := _fit(one, situation, weights, rarity)).score >= weights.least]
    return tuple(sorted(fits, key=lambda fit: (-fit.score, fit.playbook))[:MOST])


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without their endings."""
    return frozenset(_stem(word) for word in _WORD.findall(text.casefold()) if word not in _EMPTY)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word


def _is_offered(playbook: Playbook, situation: Situation) -> bool:
    """Not a draft, not for other severities, and not for phases that are over. What is meant for a later one may begin early."""
    severities = playbook.applies_to.severities
    if playbook.status != "active" or (situation.severity and severities and situation.severity not in severities):
        return False
    phases = list(Phase)
    latest = max(phases.index(phase) for phase in playbook.phases)
    return situation.phase is None or phases.index(situation.phase) <= latest


def _rarity(playbooks: Iterable[Playbook]) -> Mapping[str, float]:
    """How much each word of a symptom says: one divided by the number of playbooks that have it."""
    count: Counter[str] = Counter()
    for playbook in playbooks:
        count.update(stems(" ".join(playbook.applies_to.symptoms)))
    return {word: 1 / number for word, number in count.items()}


def _fit(playbook: Playbook, situation: Situation, weights: Weights, rarity: Mapping[str, float]) -> Fit:
    applies = playbook.applies_to
    found: list[tuple[float, Reason]] = []
    for name, values in applies.alert_labels.items():
        if situation.labels.get(name) in values:
            found.append((weights.label, Reason(kind="label", what=f"{name} = {situation.labels[name]}")))
    if symptom := _symptom(playbook, stems(situation.text), weights, rarity):
        found.append(symptom)
    shared = [name for name in situation.boundaries if name in applies.boundaries]
    if shared:
        found.append((weights.boundary, Reason(kind="boundary", what=", ".join(shared))))
    if situation.severity is not None and situation.severity in applies.severities:
        found.append((weights.severity, Reason(kind="severity", what=situation.severity)))
    found.sort(key=lambda one: -one[0])
    score = round(sum(worth for worth, _ in found), 3)
    is_told = any(reason.kind in ("label", "symptom") for _, reason in found)
    return Fit(
        playbook=playbook.id,
        title=playbook.title,
        summary=playbook.summary,
        takes_minutes=playbook.takes_minutes,
        score=score if is_told or len(shared) > 1 else 0,
        reasons=tuple(reason for _, reason in found),
    )


def _symptom(
    playbook: Playbook, said: frozenset[str], weights: Weights, rarity: Mapping[str, float]
) -> tuple[float, Reason] | None:
    """The symptom of which most was said, if it was enough."""
    shares = []
    for symptom in playbook.applies_to.symptoms:
        words = {word: rarity.get(word, 1) for word in stems(symptom)}
        whole = sum(words.values())
        shares.append((sum(worth for word, worth in words.items() if word in said) / whole if whole else 0.0, symptom))
    share, symptom = max(shares, key=lambda one: one[0], default=(0.0, ""))
    return (weights.symptom * share, Reason(kind="symptom", what=symptom)) if share > weights.share else None
