"""What happened to the postmortem, a sentence for each kind of event: part of `sentences.py`."""

from collections.abc import Callable
from typing import Any

from bot.core.learning.postmortem import FactorsTagged, FindingKept, PostmortemMoved, SectionEdited
from bot.core.review import Stage
from bot.export.text import typed

_DONE = {
    Stage.IN_REVIEW: "asked for a review of the postmortem",
    Stage.REVIEWED: "reviewed the postmortem",
    Stage.PUBLISHED: "published the postmortem",
    Stage.DRAFT: "took the postmortem back to being a draft",
}


def _edited(event: SectionEdited, telling: Any) -> str:
    return f"wrote version {event.version} of “{event.section.value}” in the postmortem: {typed(event.text)}"


def _tagged(event: FactorsTagged, telling: Any) -> str:
    factors = ", ".join(one.value for one in event.factors) or "nothing"
    right = ", ".join(one.value for one in event.strengths)
    return f"tagged what contributed: {factors}" + (f"; what went right: {right}" if right else "")


def _kept(event: FindingKept, telling: Any) -> str:
    where = f"in “{event.section.value}” of the postmortem"
    return f"kept {typed(event.found)} {where}, which {event.rule} found, because {typed(event.reason)}"


def _moved(event: PostmortemMoved, telling: Any) -> str:
    return _DONE[event.to] + (f": {typed(event.reason)}" if event.reason else "")


REVIEWED: dict[str, Callable[[Any, Any], str]] = {
    "SectionEdited": _edited,
    "FactorsTagged": _tagged,
    "FindingKept": _kept,
    "PostmortemMoved": _moved,
}
"""Every kind of event about it."""
