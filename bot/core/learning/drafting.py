"""The draft of a postmortem's sections, from the record alone: the same record always gives the same draft. A section of which the
record knows nothing is empty, and its question says what to write."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.core.incident import Containment, ContainmentResult, Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.review import FACTORS_OF_FULL, FACTORS_OF_LIGHT, FULL, LIGHT, Section
from bot.core.severity import peak

QUESTIONS: Mapping[Section, str] = {
    Section.SUMMARY: "What happened, in two or three plain sentences?",
    Section.IMPACT: "Who could not do what, how many, for how long? Money, tickets, data?",
    Section.DETECTION: "How was it noticed? What would have to change to notice it in half the time?",
    Section.RESPONSE: "What was tried, and what limited the effect?",
    Section.FACTORS: "What made it possible, and what made it worse? Describe how each factor contributed.",
    Section.HELPED: "What helped: a defence, a tool, a practice, what somebody knew?",
    Section.HINDERED: "What got in the way of noticing, deciding or acting?",
    Section.LUCK: "Where did luck keep it from getting worse?",
    Section.SURPRISES: "What surprised those who were there?",
    Section.PROCESS: "How did the response itself go: roles, hand-overs, decisions, updates?",
    Section.EXTERNAL: "What do people outside read about it?",
    Section.TERMS: "Which terms do not all readers know?",
}
"""What each section is to answer."""

_RESULT = {
    ContainmentResult.WORKED: "it worked",
    ContainmentResult.SELF_LIMITED: "the harm stopped by itself",
    ContainmentResult.FAILED: "it did not help",
}


def drafted(incident: Incident, policy: Policy, section: Section) -> str:
    """What the record has to say there, as plain text; empty where it has nothing."""
    write = _WRITE.get(section)
    return write(incident, policy) if write else ""


def text_of(incident: Incident, policy: Policy, section: Section) -> str:
    """What the section says: what people wrote, else the draft."""
    written = incident.postmortem.sections.get(section)
    return written.text if written else drafted(incident, policy, section)


def is_full(incident: Incident, policy: Policy) -> bool:
    """Whether the worst severity it had needs a full postmortem."""
    return policy.severity(peak(incident, policy)).name in policy.full_postmortem_at


def factors_needed(incident: Incident, policy: Policy) -> int:
    """How many factors must be tagged."""
    return FACTORS_OF_FULL if is_full(incident, policy) else FACTORS_OF_LIGHT


def unwritten(incident: Incident, policy: Policy) -> tuple[Section, ...]:
    """The sections that are needed and say nothing yet."""
    needed = FULL if is_full(incident, policy) else LIGHT
    return tuple(section for section in needed if not text_of(incident, policy, section))


def lacks_factors(incident: Incident, policy: Policy) -> bool:
    """Whether fewer factors are tagged than must be."""
    return len(incident.postmortem.factors) < factors_needed(incident, policy)


def _summary(incident: Incident, policy: Policy) -> str:
    said = [
        _sentence(incident.impact or incident.title),
        *_when(incident),
        *([f"What stopped it: {_sentence(incident.contained_by.action)}"] if incident.contained_by else []),
    ]
    return " ".join(said)


def _when(incident: Incident) -> list[str]:
    """When what happened, with the day where it is another one than before."""
    noticed, is_guess = incident.detected or incident.declared_at, incident.detected and incident.is_detection_estimated
    known = (
        ("began", incident.started, incident.is_start_estimated),
        ("was noticed", noticed, bool(is_guess)),
        ("was contained", incident.contained_at, False),
        ("was over", incident.phase_since if incident.phase is Phase.POSTMORTEM else None, False),
    )
    steps, day = list[str](), None
    for what, at, is_estimated in known:
        if at is not None:
            steps.append(f"{what} {'about' if is_estimated else 'at'} {_clock(at) if _day(at) == day else _moment(at)}")
            day = _day(at)
    return [f"It {_listed(steps)}."]


def _impact(incident: Incident, policy: Policy) -> str:
    if incident.impact is None:
        return ""
    answered = [
        f"{name}: {_sentence(incident.answers[need])}"
        for need, name in ((Need.SIZE, "How many"), (Need.DATA, "Data lost"), (Need.WORKAROUND, "Meanwhile"))
        if need in incident.answers
    ]
    parts = ", ".join(_name(id, policy) for id in incident.boundaries)
    lasted = _lasted(incident)
    more = [
        *([f"Affected: {parts}."] if parts else []),
        *answered,
        *([f"The harm lasted {lasted}."] if lasted else []),
        *([f"It came back {_times(incident.relapses)} during Recovery."] if incident.relapses else []),
    ]
    return "\n\n".join(filter(None, (_sentence(incident.impact), _points(more))))


def _detection(incident: Incident, policy: Policy) -> str:
    noticed = incident.detected or incident.declared_at
    source = incident.answers.get(Need.SOURCE)
    by = f", by {source}" if source else ""
    after = f", {_span(noticed - incident.started)} after it began" if incident.started else ""
    waited = incident.declared_at - noticed
    declared = f"declared {_span(waited)} later" if waited >= timedelta(minutes=1) else "declared at once"
    return f"It was noticed at {_moment(noticed)}{by}{after}, and {declared}."


def _response(incident: Incident, policy: Policy) -> str:
    changes = incident.answers.get(Need.CHANGES)
    lines = [f"What had changed lately: {_sentence(changes)}"] if changes else []
    lines += [_tried(done) for done in incident.containments]
    lines += [f"Verified: {_sentence(incident.recovery)}"] if incident.recovery else []
    return _points(lines)


def _tried(done: Containment) -> str:
    lapsed = ", and the harm came back" if done.has_lapsed else ""
    return f"{_clock(done.at)}: {done.action.rstrip('.')}: {_RESULT[done.result]}{lapsed}."


_WRITE: Mapping[Section, Callable[[Incident, Policy], str]] = {
    Section.SUMMARY: _summary,
    Section.IMPACT: _impact,
    Section.DETECTION: _detection,
    Section.RESPONSE: _response,
}
"""The sections about which the record knows something."""


def _lasted(incident: Incident) -> str:
    if incident.contained_at is None:
        return ""
    since = incident.started or incident.detected or incident.declared_at
    return _span(incident.contained_at - since)


def _name(boundary: str, policy: Policy) -> str:
    found = policy.boundary(boundary)
    return found.name if found else boundary


def _points(lines: list[str]) -> str:
    """A list, which is one in plain text and in Markdown."""
    return "\n".join(f"- {line}" for line in lines)


def _sentence(said: str) -> str:
    """On one line, with an end."""
    line = " ".join(said.split())
    return line if line[-1:] in (".", "!", "?", "…") else f"{line}."


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _moment(at: datetime) -> str:
    return f"{_clock(at)} on {_day(at)}"


def _day(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B} {at.year}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M} UTC"


def _span(span: timedelta) -> str:
    minutes = max(0, round(span.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return "less than a minute"
    if not hours:
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
