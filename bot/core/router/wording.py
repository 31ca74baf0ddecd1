"""What an update says of the record: which facts, whether anything has changed since the last one, and in which sentences.
Everything comes from the record, so that it is right with nobody writing, and nothing of a cause is among it."""

from collections.abc import Iterator
from datetime import datetime

from bot.core.incident import Cause, End, Facts, Incident, Phase
from bot.core.needs import Need
from bot.core.plain import stated, withheld
from bot.core.policy import Policy
from bot.core.questions import NONE_LOST
from bot.core.templates import (
    REPEATABLE,
    Group,
    Language,
    Situation,
    Trend,
    Words,
    late,
    only_how_far,
    status,
    words,
    written,
)

_PHASES: dict[Phase, Situation] = {
    Phase.DETECTION: Situation.DETECTION,
    Phase.TRIAGE: Situation.TRIAGE,
    Phase.CONTAINMENT: Situation.CONTAINMENT,
    Phase.RECOVERY: Situation.RECOVERY,
    Phase.POSTMORTEM: Situation.RESTORED,
}


def facts(incident: Incident, policy: Policy, audience: str) -> Facts:
    """What an update can tell this audience of the record as it stands. What breaks a rule as it was typed is withheld."""
    kept_back = withheld(incident, audience, policy)
    said = {fact: text for fact, text in stated(incident).items() if fact not in kept_back}
    parts = (policy.boundary(id) for id in incident.boundaries)
    return Facts(
        phase=incident.phase,
        severity=incident.severity,
        is_contained=incident.contained_at is not None,
        is_held=incident.held_at is not None,
        is_back=incident.is_back,
        impact=said.get("impact"),
        size=said.get("size"),
        workaround=said.get("workaround"),
        is_data_safe=(incident.answers.get(Need.DATA) or "").casefold() == NONE_LOST,
        parts=tuple(part.name for part in parts if part),
        started=incident.started,
        is_start_estimated=incident.is_start_estimated,
        withheld=kept_back,
    )


def situation(known: Facts, end: End | None = None, cause: Cause | None = None) -> Situation:
    """How what is known sounds outside. What has stopped the harm counts once its hold has passed; until then it is watched."""
    if end is End.CANCELLED:
        return Situation((cause or Cause.MISTAKE).value)
    if end:
        return Situation.MERGED if end is End.MERGED else Situation.CLOSED
    if known.phase is Phase.DETECTION and known.impact is None and "impact" not in known.withheld:
        return Situation.REPORT
    if known.phase is Phase.CONTAINMENT and known.is_contained:
        return Situation.CONTAINED if known.is_held else Situation.HOLD
    return Situation.RETURNED if known.is_back else _PHASES[known.phase]


def trend(before: Facts | None, now: Facts, policy: Policy) -> Trend | None:
    """What has become of the harm since an update that told these facts, as far as the record says; None when there was none."""
    if before is None:
        return None
    steps = (now.is_back < before.is_back, now.is_contained > before.is_contained, now.is_held > before.is_held)
    back = (now.is_back > before.is_back, now.is_contained < before.is_contained)
    moved = _moved(before.severity, now.severity, policy)
    if moved is Trend.WORSE or any(back):
        return Trend.WORSE
    return Trend.BETTER if moved is Trend.BETTER or any(steps) else Trend.SAME


def _moved(before: str | None, now: str | None, policy: Policy) -> Trend:
    """Whether the severity was raised or lowered; one that the policy has no more tells nothing, nor does one that was not set."""
    known = [one.name for one in policy.severities]
    if before not in known or now not in known or before == now:
        return Trend.SAME
    return Trend.WORSE if known.index(now) < known.index(before) else Trend.BETTER


def composed(
    incident: Incident, audience: str, policy: Policy, promised: datetime | None, *, is_due: bool
) -> Words | None:
    """What this audience reads with nobody writing. `is_due`: nothing but the time calls for it, so that it may be that nothing has
    changed. None: the audience has no style, and reads the plain sentences that are built in."""
    language, style = _voice(audience, policy)
    if language is None:
        return None
    now, told = facts(incident, policy, audience), incident.told.get(audience)
    before = told.facts if told else None
    here = situation(now, incident.end, incident.cause)
    is_unchanged = is_due and here.group is Group.OPEN and before == now
    return words(
        language,
        style,
        here,
        set(_known(incident, now, promised, told.last if told else None)),
        is_still=before is not None and situation(before) is here,
        is_unchanged=is_unchanged,
        is_data_safe=now.is_data_safe,
        trend=None if is_unchanged else trend(before, now, policy),
        withheld=now.withheld,
    )


def framed(
    incident: Incident, audience: str, policy: Policy, promised: datetime | None, *, corrects: bool = False
) -> Words | None:
    """What stands around a text that a person wrote for this audience. `corrects`: the text corrects their last update."""
    language, _ = _voice(audience, policy)
    if language is None:
        return None
    now, told = facts(incident, policy, audience), incident.told.get(audience)
    here = situation(now, incident.end, incident.cause)
    known = set(_known(incident, now, promised, told.last if told else None))
    return written(language, here, known, corrects=corrects)


def holding(incident: Incident, audience: str, policy: Policy) -> tuple[Words, Facts] | None:
    """The note that holds the place of an update that is late, and the facts of the last one, which are all that it may tell: none
    but how far it was, if a person wrote that. None for an audience that has no style or was told nothing yet."""
    language, _ = _voice(audience, policy)
    told = incident.told.get(audience)
    if language is None or told is None or told.facts is None:
        return None
    known = {"last"} if told.is_written else set(_known(incident, told.facts, None, told.last)) & set(REPEATABLE)
    return late(language, situation(told.facts), known), told.facts


def shown(incident: Incident, audience: str, policy: Policy) -> Words | None:
    """What the one message says that this audience's channel has for the incident. Where a person must send what they read, it says
    no more than how far it is."""
    language, style = _voice(audience, policy)
    if language is None:
        return None
    now, told = facts(incident, policy, audience), incident.told.get(audience)
    here = situation(now, incident.end, incident.cause)
    known = set(_known(incident, now, told.promised if told else None, told.last if told else None))
    spoken_for = policy.audience(audience)
    if spoken_for and spoken_for.is_drafted:
        return only_how_far(language, here, known)
    return status(language, style, here, known, is_data_safe=now.is_data_safe, withheld=now.withheld)


def _voice(audience: str, policy: Policy) -> tuple[Language | None, str]:
    known = policy.audience(audience)
    if known is None or known.style is None:
        return None, ""
    return policy.wording.get(known.language), known.style


def _known(incident: Incident, now: Facts, promised: datetime | None, last: datetime | None) -> Iterator[str]:
    """The variables of which something is known."""
    yield "reported"
    values = {
        "impact": now.impact,
        "size": now.size,
        "workaround": now.workaround,
        "severity": now.severity,
        "parts": now.parts,
        "started": now.started,
        "into": incident.into,
        "next": promised,
        "last": last,
    }
    yield from (name for name, value in values.items() if value)
