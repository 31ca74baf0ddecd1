"""The postmortem in words: what happened to it, for the room and the timeline; why something cannot be done to it now; and how its
stages and sections are called. Texts are mrkdwn and escaped.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.decision import Event
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.drafting import factors_needed, lacks_factors, unwritten
from bot.core.learning.postmortem import FactorsTagged, FindingKept, PostmortemMoved, SectionEdited
from bot.core.policy import Policy
from bot.core.refusal import NotFinished, NotThere, OwnWork, SectionChanged
from bot.core.review import Section, Stage, Strength
from bot.core.value import Value
from bot.slack import words
from bot.slack.blocks import Element, actions, button, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message
from bot.slack.text import clock_time, quoted, sentence_case

OPEN = "Open postmortem"

MOVE: dict[Stage, str] = {
    Stage.IN_REVIEW: "Ask for review",
    Stage.REVIEWED: "Reviewed",
    Stage.PUBLISHED: "Publish",
    Stage.DRAFT: "Back to draft",
}
"""The label of what brings it to a stage."""

_DONE: dict[Stage, str] = {
    Stage.IN_REVIEW: "asked for a review of the postmortem",
    Stage.REVIEWED: "reviewed the postmortem",
    Stage.PUBLISHED: "published the postmortem",
    Stage.DRAFT: "took the postmortem back to being a draft",
}


def opens(incident: Incident, *, primary: bool = False) -> Element:
    """The button that opens the postmortem's form."""
    return button(OPEN, Action.POSTMORTEM, Drawn.of(incident).write(), primary=primary)


def stands(incident: Incident, policy: Policy) -> str:
    """At which stage it is, and what is missing for the next one: for a line on the card."""
    stage = incident.postmortem.stage
    if stage is not Stage.DRAFT:
        return f"it is {stage.value}"
    empty = len(unwritten(incident, policy))
    lacks = [words.count(empty, "section", "sections")] if empty else []
    lacks += ["tags of factors"] if lacks_factors(incident, policy) else []
    return f"it is a draft; to write: {' and '.join(lacks)}" if lacks else "it is a draft, ready for its review"


def named(sections: Sequence[Section]) -> str:
    """Sections by name: Summary, Impact and What helped."""
    names = [f"*{sentence_case(section.value)}*" for section in sections]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def moved(event: PostmortemMoved, incident: Incident, policy: Policy) -> Message:
    """That it is at another stage, and who does what next, with the button for that."""
    done = f"{words.person(event.actor)} {_DONE[event.to]} of {incident.name}"
    next_step = {
        Stage.IN_REVIEW: "Somebody who did not write it reads it, and presses `Reviewed` or `Back to draft`.",
        Stage.REVIEWED: "It can be published.",
        Stage.PUBLISHED: "The file above is the whole of it." if incident.room else "",
        Stage.DRAFT: "",
    }[event.to]
    why = f": {quoted(event.reason, 1500)}" if event.reason else "."
    text = f"{done}{why} {next_step}".strip()
    is_last = event.to is Stage.PUBLISHED
    return Message(text=text, blocks=[section(text), *([] if is_last else actions([opens(incident)]))])


def not_yet(incident: Incident) -> str:
    """That there is none to work on before RECOVERY was left."""
    return f"The postmortem of {incident.name} can be written once Recovery is left. Until then use notes and 📌."


def _tagged(event: FactorsTagged, telling: Any) -> str:
    went_right = f"; what went right: {_listed(event.strengths)}" if event.strengths else ""
    return f"tagged what contributed: {_listed(event.factors) or 'nothing'}{went_right}"


def _listed(tags: Sequence[Factor | Strength]) -> str:
    return ", ".join(tag.value for tag in tags)


def _moved(event: PostmortemMoved, telling: Any) -> str:
    return f"{_DONE[event.to]}{f': {telling.typed(event.reason)}' if event.reason else ''}"


TELL: dict[type[Event], Callable[[Any, Any], str]] = {
    SectionEdited: lambda event, telling: (
        f"wrote *{sentence_case(event.section.value)}* in the postmortem, version {event.version}"
    ),
    FactorsTagged: _tagged,
    FindingKept: lambda event, telling: (
        f"kept {quoted(event.found, 150)} in the postmortem ({event.rule}), because {telling.typed(event.reason)}"
    ),
    PostmortemMoved: _moved,
}
"""Every kind of event about it, to follow the name of whoever did it."""

TRIED: dict[str, str] = {
    "EditSection": "write in the postmortem",
    "TagFactors": "tag what contributed",
    "KeepFinding": "keep a wording in the postmortem",
    "MovePostmortem": "move the postmortem to another stage",
}
"""What a refused command about it wanted, to follow "tried to"."""


def _not_there(refusal: NotThere, incident: Incident, policy: Policy) -> str:
    if not refusal.is_writable and incident.is_open:
        return not_yet(incident)
    stands = f"The postmortem of {incident.name} is *{refusal.stage.value}*"
    if refusal.stage is Stage.PUBLISHED:
        return f"{stands}. To change it, press `{MOVE[Stage.DRAFT]}` first and say why."
    return (
        f"{stands} by now; somebody may have been faster than you. `{COMMAND} {Verb.POSTMORTEM}` shows what comes next."
    )


def _section_changed(refusal: SectionChanged, incident: Incident, policy: Policy) -> str:
    what = named([refusal.section]) if refusal.section else "The postmortem"
    who = f" by {words.person(refusal.by)}" if refusal.by else ""
    when = f" at {clock_time(refusal.at)}" if refusal.at else ""
    return f"{what} was changed{who}{when}, while you had it open. Nothing was overwritten. Please look at it again."


def _not_finished(refusal: NotFinished, incident: Incident, policy: Policy) -> str:
    if refusal.are_findings:
        return f"There are wordings to look at in {named(refusal.sections)}. Change each, or press `Keep` and say why it stays."
    lines = [f"○ {named([one])} says nothing yet" for one in refusal.sections]
    if refusal.lacks_factors:
        many = words.count(factors_needed(incident, policy), "contributing factor", "contributing factors")
        lines.append(f"○ at least {many} must be tagged")
    return "\n".join(["Before its review the postmortem needs:", *lines])


SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
    NotThere: _not_there,
    SectionChanged: _section_changed,
    NotFinished: _not_finished,
    OwnWork: lambda refusal, incident, policy: (
        "You wrote it or asked for its review, so somebody else reviews it: who was not there sees what is missing."
    ),
}
"""What the person is told."""

REASONS: dict[type[Value], Callable[[Any], str]] = {
    NotThere: lambda refusal: (
        f"the postmortem was {refusal.stage.value}" if refusal.is_writable else "there was no postmortem to work on"
    ),
    SectionChanged: lambda refusal: "somebody had written it meanwhile",
    NotFinished: lambda refusal: "wordings were open" if refusal.are_findings else "the postmortem was not finished",
    OwnWork: lambda refusal: "whoever wrote it does not review it",
}
"""The same for the record, to follow "Refused:"."""
