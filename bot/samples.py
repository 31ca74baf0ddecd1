"""Every update that can come of the sentences of a language, as a page of Markdown that people can read from top to bottom: each
style in each situation, with sample facts, put together by the rules that write real ones. Pure."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bot.core.decision import Origin
from bot.core.incident import Cause, End, Incident, Phase, Told
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.questions import NONE_LOST
from bot.core.router.updates import Occasion, SendUpdate, UpdateIssued, issue
from bot.core.router.wording import facts, framed, holding
from bot.core.templates import Group, Language, Situation
from bot.slack.messages.worded import in_lines

AT = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)
"""When every sample is sent."""
_DECLARED, _BEGAN, _BEFORE = AT - timedelta(minutes=40), AT - timedelta(minutes=48), AT - timedelta(minutes=15)
_ORIGIN = Origin(team="T1", incident=1, actor="U1", at=AT, key="sample")
_PARTS = ({"id": "checkout", "name": "Checkout"}, {"id": "payments", "name": "Payments"})
_EVERYBODY = "Every style"
_ORIGINAL = (
    "<!-- Printed by `lockstep updates`. Change the files in playbooks/updates, not this page, and print it again. -->"
)
_UNREVIEWED = "**Not reviewed by a native speaker.** "


class Sample(NamedTuple):
    """One update: what it is a sample of, and the event that would be recorded."""

    case: str
    event: UpdateIssued


def page(languages: Mapping[str, Language]) -> str:
    """The whole page. Its first line says in a comment where it comes from; it ends with a line break."""
    intro = (
        "What each audience reads when nobody writes anything, line by line, with sample facts and times in UTC; in Slack each\n"
        "reader sees times in their own zone. What nobody knows is left out."
    )
    parts = [part for code, language in languages.items() for part in _language(code, language)]
    return "\n\n".join([_ORIGINAL, "# What stakeholders read", intro, *parts]) + "\n"


def samples(code: str, language: Language, style: str) -> Iterator[Sample]:
    """Every update that this style can read in this language: by situation, then when nothing has changed, then what stands around
    what people write, and the note in place of one that is late."""
    policy, sample = _policy(code, language, style), language.sample
    stood = {situation: _stands(situation, policy, sample) for situation in Situation}
    for situation, incident in stood.items():
        yield Sample(situation.value, _issued(incident, Occasion.PHASE, policy))
    for situation, incident in stood.items():
        if situation.group is Group.OPEN:
            yield Sample(f"{situation}, nothing has changed", _issued(_told(incident, policy), Occasion.DUE, policy))
    told = _told(stood[Situation.CONTAINMENT], policy)
    text = sample.get("text", "…")
    yield Sample("written by a person", _issued(told, Occasion.WRITTEN, policy, text))
    corrected = _issued(told, Occasion.WRITTEN, policy, text)
    words = framed(told, style, policy, corrected.promised, corrects=True)
    yield Sample("a correction", corrected.but(words=words))
    if held := holding(told, style, policy):
        yield Sample("a note in place of one that is late", corrected.but(text=None, promised=None, words=held[0]))


def _policy(code: str, language: Language, style: str) -> Policy:
    """One audience, called like its style, that hears of everything."""
    severity = {"name": "SEV1", "means": "Bad", "first_update_minutes": 10, "then_every_minutes": 30}
    audience = {"name": style, "channel": "#updates", "hears": ["SEV1"], "style": style, "language": code}
    return Policy.model_validate(
        {
            "announce_in": "#incidents",
            "unset_counts_as": "SEV1",
            "severities": [severity],
            "boundaries": _PARTS,
            "audiences": [audience],
            "wording": {code: language.only([style])},
        }
    )


_STANDS: dict[Situation, dict[str, Any]] = {
    Situation.REPORT: {"phase": Phase.DETECTION, "impact": None, "started": None, "boundaries": (), "answers": {}},
    Situation.DETECTION: {"phase": Phase.DETECTION, "started": None, "boundaries": (), "answers": {}},
    Situation.TRIAGE: {"phase": Phase.TRIAGE, "is_start_estimated": True, "answers": {}},
    Situation.CONTAINMENT: {"phase": Phase.CONTAINMENT},
    Situation.HOLD: {"phase": Phase.CONTAINMENT, "contained_at": _BEFORE},
    Situation.CONTAINED: {"phase": Phase.CONTAINMENT, "contained_at": _BEFORE, "held_at": AT},
    Situation.RECOVERY: {"phase": Phase.RECOVERY, "contained_at": _BEFORE, "held_at": AT},
    Situation.RETURNED: {"phase": Phase.RECOVERY, "relapses": 1},
    Situation.RESTORED: {"phase": Phase.POSTMORTEM},
    Situation.CLOSED: {"phase": Phase.POSTMORTEM, "end": End.CLOSED},
    Situation.MERGED: {"phase": Phase.TRIAGE, "end": End.MERGED, "into": 7},
    **{Situation(cause.value): {"phase": Phase.TRIAGE, "end": End.CANCELLED, "cause": cause} for cause in Cause},
}
"""What the record says in each situation, besides the sample's facts."""


def _stands(situation: Situation, policy: Policy, sample: Mapping[str, str]) -> Incident:
    """An incident as it stands in this situation."""
    answers = {Need.SIZE: sample.get("size", "…"), Need.WORKAROUND: sample.get("workaround", "…"), Need.DATA: NONE_LOST}
    known: dict[str, Any] = {
        "team": "T1",
        "number": 1,
        "seq": 1,
        "title": "",
        "policy": policy.hash,
        "declared_by": "U1",
        "declared_at": _DECLARED,
        "phase_since": _BEFORE,
        "phase_by": "U1",
        "severity": "SEV1",
        "impact": sample.get("impact", "…"),
        "started": _BEGAN,
        "boundaries": ("checkout", "payments"),
        "answers": {need.value: answer for need, answer in answers.items()},
    }
    return Incident.model_validate(known | _STANDS[situation])


def _told(incident: Incident, policy: Policy) -> Incident:
    """The same, of which its audience was told a while ago."""
    told = Told(updates=1, last=_BEFORE, promised=AT, facts=facts(incident, policy, policy.audiences[0].name))
    return incident.but(told={policy.audiences[0].name: told})


def _issued(incident: Incident, occasion: Occasion, policy: Policy, text: str | None = None) -> UpdateIssued:
    command = SendUpdate(origin=_ORIGIN, text=text or "")
    return issue(incident, policy.audiences[0].name, occasion, command, policy, text=text)


def _language(code: str, language: Language) -> Iterator[str]:
    """The parts of the page about one language. What all styles read alike is shown once."""
    said = {style: dict(_shown(samples(code, language, style))) for style in language.styles}
    first, *others = said.values()
    alike = {case: text for case, text in first.items() if all(other[case] == text for other in others)}
    yield f"## {language.language}\n\n{'' if language.is_reviewed else _UNREVIEWED}The file is `playbooks/updates/{code}.yml`."
    yield from _cases(language, _EVERYBODY, alike)
    for style, cases in said.items():
        yield from _cases(language, style, {case: text for case, text in cases.items() if case not in alike})


def _shown(of: Iterable[Sample]) -> Iterator[tuple[str, str]]:
    for case, event in of:
        assert event.words is not None, "the style has words"
        yield case, "\n".join(in_lines(event, event.words))


def _cases(language: Language, style: str, cases: Mapping[str, str]) -> Iterator[str]:
    yield f"### {language.language}: {style}"
    for case, text in cases.items():
        yield f"*{case}*\n\n{textwrap.indent(text, '    ')}"
