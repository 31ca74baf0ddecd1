"""Commands and events of the postmortem, one of each kind and more: for the tests that go through all kinds."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.core.decision import Command, Event, Origin
from bot.core.factors import Factor
from bot.core.incident import Incident, Phase
from bot.core.learning.postmortem import (
    EditSection,
    FactorsTagged,
    FindingKept,
    KeepFinding,
    MovePostmortem,
    PostmortemMoved,
    SectionEdited,
    TagFactors,
)
from bot.core.lifecycle import AdvancePhase
from bot.core.refusal import NotFinished, NotThere, OwnWork, Refusal, SectionChanged
from bot.core.review import Section, Stage, Strength

TEXTS = ("The alert waits.", "It was human error.")


def postmortem_commands(origin: Origin) -> list[Command]:
    """One of each kind."""
    return [
        EditSection(origin=origin, section=Section.HELPED, text=TEXTS[0], seen=0),
        TagFactors(origin=origin, factors=(Factor.DETECTION,), strengths=(Strength.TOOL,)),
        KeepFinding(origin=origin, section=Section.HELPED, rule="B4", found="human error", reason="A quotation"),
        MovePostmortem(origin=origin, to=Stage.IN_REVIEW, leaving=Stage.DRAFT, seen=0),
    ]


def postmortem_events(at: datetime, actor: str, typed: str) -> list[Event]:
    """One of each kind, and a move with a reason."""
    return [
        SectionEdited(at=at, actor=actor, section=Section.HELPED, version=2, text=typed),
        FactorsTagged(at=at, actor=actor, factors=(Factor.DETECTION, Factor.TESTING), strengths=(Strength.TOOL,)),
        FindingKept(at=at, actor=actor, section=Section.HELPED, rule="B4", found=typed, reason=typed),
        PostmortemMoved(at=at, actor=actor, to=Stage.IN_REVIEW),
        PostmortemMoved(at=at, actor=actor, to=Stage.DRAFT, reason=typed),
    ]


def writing_up(incident: Incident, at: datetime, origins: tuple[Origin, Origin]) -> Iterator[Command]:
    """Either writes the factors, with what was there before them and without, tags them, keeps a wording, and moves the document,
    also from where it is not."""
    now = incident.postmortem
    for by, text in zip(origins, TEXTS, strict=True):
        version = now.version(Section.FACTORS)
        for seen in {version, 0}:
            yield EditSection(origin=by, section=Section.FACTORS, text=text, seen=seen)
        for to in Stage:
            for leaving in Stage:
                yield MovePostmortem(origin=by, to=to, leaving=leaving, seen=now.edits, reason="Too long")
    by = origins[0]
    yield EditSection(origin=by, section=Section.FACTORS, text="", seen=0)
    yield MovePostmortem(origin=by, to=Stage.DRAFT, leaving=now.stage, seen=now.edits)
    yield MovePostmortem(origin=by, to=Stage.IN_REVIEW, leaving=now.stage, seen=now.edits + 1)
    for findings in ((), (Section.FACTORS,)):
        yield MovePostmortem(origin=by, to=Stage.PUBLISHED, leaving=Stage.REVIEWED, seen=now.edits, findings=findings)
    yield TagFactors(origin=by, factors=(Factor.DETECTION,))
    for reason in ("A quotation", ""):
        yield KeepFinding(origin=by, section=Section.FACTORS, rule="B4", found="human error", reason=reason)


def postmortem_refusals(at: datetime, user: str) -> tuple[Refusal, ...]:
    """One refusal of each kind."""
    return (
        NotThere(stage=Stage.PUBLISHED, is_writable=True),
        SectionChanged(section=Section.HELPED, by=user, at=at),
        NotFinished(sections=(Section.HELPED, Section.LUCK), lacks_factors=True),
        OwnWork(),
    )


def written_up(
    declared: Command, by: Origin, other: Origin, facts: Mapping[Phase, tuple[Command, ...]]
) -> Iterator[Command]:
    """The declaration with all that leads into POSTMORTEM, where the document is finished, in review, and reviewed."""
    walk = [
        one for phase in list(Phase)[:-1] for one in (*facts[phase], AdvancePhase(origin=by, to=phase.next or phase))
    ]
    written = [
        EditSection(origin=by, section=Section.FACTORS, text=TEXTS[1], seen=0),
        TagFactors(origin=by, factors=(Factor.DETECTION,)),
    ]
    moves = [
        MovePostmortem(origin=who, to=to, leaving=leaving, seen=2)
        for who, leaving, to in ((by, Stage.DRAFT, Stage.IN_REVIEW), (other, Stage.IN_REVIEW, Stage.REVIEWED))
    ]
    for many in range(len(moves) + 1):
        yield declared.but(then=(*walk, *written, *moves[:many]))
