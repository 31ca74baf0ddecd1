"""What the rules about blame find in a postmortem, section by section, but for the wordings that somebody kept for a reason."""

from collections.abc import Collection, Iterable, Mapping

from bot.core.incident import Incident
from bot.core.learning.drafting import text_of
from bot.core.policy import Policy
from bot.core.review import Section
from bot.language.blameless import Part, review
from bot.language.finding import Finding, Level

Findings = Mapping[Section, tuple[Finding, ...]]

_PART = {Section.RESPONSE: Part.TIMELINE}
"""What tells a sequence of events; all else is prose."""


def people_of(incident: Incident) -> frozenset[str]:
    """The ids of everybody who had a part in it, whose names belong nowhere but among the roles."""
    tested = (user for one in incident.hypotheses for user in (one.proposed_by, one.assignee, one.by) if user)
    held = (seat.user for seat in incident.seats.values())
    assigned = (item.assignee for item in incident.action_items)
    return frozenset({incident.declared_by, *held, *tested, *assigned, *incident.postmortem.writers})


def spelled(names: Iterable[str]) -> frozenset[str]:
    """Names as they stand in sentences too: many people write their own in small letters."""
    return frozenset(form for name in names for form in (name, name[:1].upper() + name[1:]))


def open_findings(incident: Incident, policy: Policy, names: Collection[str]) -> Findings:
    """What is found and was not kept. `names` are those of people, in full as they write them."""
    found = {section: findings_in(incident, policy, section, names) for section in Section}
    return {section: findings for section, findings in found.items() if findings}


def findings_in(incident: Incident, policy: Policy, section: Section, names: Collection[str]) -> tuple[Finding, ...]:
    """The same of one section; of a wording that stands there several times once."""
    text = text_of(incident, policy, section)
    first = {(one.rule, one.found): one for one in reversed(review(text, _PART.get(section, Part.TEXT), names))}
    kept = incident.postmortem.is_kept
    return tuple(one for one in reversed(first.values()) if not kept(section, one.rule, one.found))


def blocking(found: Findings) -> tuple[Section, ...]:
    """The sections with findings of level error."""
    return tuple(section for section, some in found.items() if any(one.level is Level.ERROR for one in some))
