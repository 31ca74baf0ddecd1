"""Plain language in what audiences read: which rules hold for whom, what the record says that a text is held against, and what they
find in it. The rules are those of `bot.language`, which knows nothing of incidents.

All of it is a function of the state, the pinned policy and what the command carries, so that a command decided again is decided
alike. That the next update is named, and in time (U1), holds by construction: a promise is never a person's to write.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.core.incident import Incident, Phase, Status
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.policy_parts import Audience
from bot.language import Facts, Finding, Glossary, Language, Level, Style, check, errors, share

CUSTOMERS, ENGINEERING = "customers", "engineering"
"""The styles of audiences that stand outside the company, and of those that know its inside as well as whoever writes."""
SAID_AGAIN = frozenset({"U2", "U4", "U5"})
"""What a correction may not repeat of the update it corrects: names, blame, and what nobody may read."""

ASKED = {Need.SIZE: "size", Need.WORKAROUND: "workaround"}
"""The questions whose answers updates say, and what they are called in `Facts`."""
_IN_FACTS = frozenset({"U2", "U3", "U4", "U5", "U6", "U7", "U8", "U9", "U10", "U15", "U16"})
"""The rules that find wordings; the others are about a text as a whole."""
_IN_ANY_LANGUAGE = frozenset({"U3", "U4"})
"""Causes and blame: a fact is typed in one language, whatever those read who are told of it."""
_NO_WORDS = Glossary()


def readers(audience: Audience) -> Style:
    """How strict the rules are for what they read. Who gets nothing that a person has not sent stands outside."""
    if audience.style == ENGINEERING:
        return Style.ENGINEERING
    return Style.EXTERNAL if audience.is_drafted or audience.style == CUSTOMERS else Style.INTERNAL


def may_speak_of_cause(incident: Incident) -> bool:
    """Whether the harm has stopped, as far as that goes for naming a cause: CONTAINMENT is left, and it is not back."""
    return incident.phase in (Phase.RECOVERY, Phase.POSTMORTEM) and not incident.is_back


def record(incident: Incident, audience: Audience, policy: Policy, previous: str | None = None) -> Facts:
    """What a text for this audience is held against. `previous` is what a person wrote to them last, if that is known here."""
    exact = incident.started if not incident.is_start_estimated else None
    return Facts(
        is_contained=may_speak_of_cause(incident),
        is_cause_confirmed=_is_cause_confirmed(incident),
        most_words=audience.max_words,
        previous=previous,
        severity=incident.severity,
        severities=tuple(one.name for one in policy.severities),
        percent=share(incident.answers.get(Need.SIZE) or ""),
        started=f"{exact:%H:%M}" if exact else None,
    )


def findings(
    incident: Incident,
    name: str,
    text: str,
    policy: Policy,
    *,
    names: Sequence[str] = (),
    previous: str | None = None,
) -> tuple[Finding, ...]:
    """Everything that the rules find in this text for the audience of this name; `names` are those of the incident's people."""
    audience = policy.audience(name)
    if audience is None:
        return ()
    known = record(incident, audience, policy, previous)
    language = Language.of(audience.language)
    return _checked(text, readers(audience), known, tuple(names), policy.glossary.words, language)


def objections(
    incident: Incident, audiences: Iterable[str], texts: Sequence[str], policy: Policy, names: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """By audience the rules, each once and in their order, of which the texts have an error; without those that have none. Of
    several texts only the first is held against all rules, and the others against those about what may not be said again."""
    found = {name: tuple(_rules(incident, name, texts, policy, names)) for name in audiences}
    return {name: rules for name, rules in found.items() if rules}


def stated(incident: Incident) -> dict[str, str]:
    """The facts that updates say as somebody typed them, by their names in `Facts`; without those that nobody has stated."""
    said = {"impact": incident.impact, **{fact: incident.answers.get(need) for need, fact in ASKED.items()}}
    return {fact: text for fact, text in said.items() if text}


def anew(incident: Incident, fact: str, *, is_naming: bool) -> Incident:
    """The fact is stated in other words: whether they name somebody, and nobody was told of them yet."""
    others = [one for one in incident.naming if one != fact]
    naming = tuple(sorted([*others, fact] if is_naming else others))
    return incident.but(naming=naming, withheld_told=tuple(one for one in incident.withheld_told if one != fact))


def in_fact(incident: Incident, name: str, text: str, policy: Policy, names: Sequence[str] = ()) -> tuple[Finding, ...]:
    """What the rules about wordings find in a typed fact for the audience of this name; the others are about a whole text. Nobody
    says in which language it is typed: causes and blame are looked for in all that audiences read, and in English."""
    audience = policy.audience(name)
    if audience is None:
        return ()
    known = Facts(is_contained=may_speak_of_cause(incident), is_cause_confirmed=_is_cause_confirmed(incident))
    own, glossary = Language.of(audience.language), policy.glossary.words
    spoken = dict.fromkeys([own, Language.ENGLISH, *(Language.of(one.language) for one in policy.audiences)])
    found = {one: _checked(text, readers(audience), known, tuple(names), glossary, one) for one in spoken}
    rules = {one: _IN_FACTS if one is own else _IN_ANY_LANGUAGE for one in spoken}
    return together(tuple(hit for hit in hits if hit.rule in rules[one]) for one, hits in found.items())


def names_somebody(text: str, names: Sequence[str]) -> bool:
    """Whether a fact names one of these people, which can be told only while their names are at hand."""
    return any(
        one.rule == "U2" for one in _checked(text, Style.INTERNAL, Facts(), tuple(names), _NO_WORDS, Language.OTHER)
    )


def broken_by(incident: Incident, name: str, fact: str, policy: Policy) -> tuple[str, ...]:
    """The rules that keep a fact, as it was typed, from the audience of this name; none when it can be said."""
    audience, text = policy.audience(name), stated(incident).get(fact)
    if audience is None or text is None or not says(audience, fact, policy):
        return ()
    rules = {one.rule for one in errors(in_fact(incident, name, text, policy))}
    if fact in incident.naming and readers(audience) is not Style.ENGINEERING:
        rules.add("U2")
    return tuple(sorted(rules, key=lambda rule: int(rule[1:])))


def withheld(incident: Incident, name: str, policy: Policy) -> tuple[str, ...]:
    """The facts that are not said to this audience as they were typed."""
    return tuple(fact for fact in stated(incident) if broken_by(incident, name, fact, policy))


def says(audience: Audience, fact: str, policy: Policy) -> bool:
    """Whether updates to this audience ever say this fact."""
    language = policy.wording.get(audience.language)
    if language is None or audience.style is None:
        return fact == "impact"
    lines = (*language.usual.values(), *language.styles.get(audience.style, {}).values())
    return any(f"{{{fact}}}" in line for of_one in lines for line in of_one)


def together(found: Iterable[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """What was found for several audiences in one text, each thing once and with the most weight that it has for any of them."""
    weight = list(Level)
    heaviest: dict[tuple[int, int, int], Finding] = {}
    for one in (finding for findings in found for finding in findings):
        key = (one.start, one.end, int(one.rule[1:]))
        before = heaviest.get(key)
        if before is None or weight.index(one.level) < weight.index(before.level):
            heaviest[key] = one
    return tuple(heaviest[key] for key in sorted(heaviest))


def _is_cause_confirmed(incident: Incident) -> bool:
    return any(one.status is Status.CONFIRMED for one in incident.hypotheses)


def _rules(incident: Incident, name: str, texts: Sequence[str], policy: Policy, names: Sequence[str]) -> Iterable[str]:
    first, *others = (errors(findings(incident, name, text, policy, names=names)) for text in texts)
    again = (one for found in others for one in found if one.rule in SAID_AGAIN)
    return sorted({one.rule for one in (*first, *again)}, key=lambda rule: int(rule[1:]))


@lru_cache(maxsize=512)
def _checked(
    text: str, style: Style, known: Facts, names: tuple[str, ...], glossary: Glossary, language: Language
) -> tuple[Finding, ...]:
    """The same text is asked about again and again: when it is shown, when it is sent, and for each audience."""
    return check(text, style, known, names, glossary, language)
