"""What people can try with the postmortem: write, tag, keep a wording, and bring it to another stage."""

from bot.core.decision import Command
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.postmortem import EditSection, KeepFinding, MovePostmortem, TagFactors
from bot.core.review import Postmortem, Section, SectionText, Stage
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import ANOTHER, EARLIER


def _at(stage: Stage, **more: object) -> Postmortem:
    return Postmortem(stage=stage, by=ANOTHER, at=EARLIER).but(**more)


def _draft(asked: Asked) -> Incident:
    return asked.now.but(postmortem=Postmortem())


def _own(asked: Asked) -> Incident:
    return asked.now.but(postmortem=_at(Stage.IN_REVIEW, asked_by=ANOTHER, authors=(asked.who,)))


def _reviewed(asked: Asked) -> Incident:
    return asked.now.but(postmortem=_at(Stage.REVIEWED))


def _published(asked: Asked) -> Incident:
    return asked.now.but(postmortem=_at(Stage.PUBLISHED))


def _written(asked: Asked) -> Incident:
    text = SectionText(text="The switch", version=2, by=ANOTHER, at=EARLIER, authors=(ANOTHER,))
    return asked.now.but(postmortem=Postmortem(sections={Section.HELPED: text}))


def _edit(asked: Asked) -> Command:
    return EditSection(origin=asked.by, section=Section.HELPED, text="The note", seen=0)


def _keep(asked: Asked) -> Command:
    return KeepFinding(origin=asked.by, section=Section.HELPED, rule="B4", found="human error", reason="A quotation")


def _move(asked: Asked, to: Stage, leaving: Stage, findings: tuple[Section, ...] = ()) -> Command:
    return MovePostmortem(origin=asked.by, to=to, leaving=leaving, seen=0, findings=findings)


POSTMORTEM = (
    Attempt("The postmortem", "write in the postmortem", _edit, _draft),
    Attempt("The postmortem", "write a section that somebody has changed meanwhile", _edit, _written),
    Attempt("The postmortem", "write in one that is published", _edit, _published),
    Attempt(
        "The postmortem",
        "tag what contributed",
        lambda asked: TagFactors(origin=asked.by, factors=(Factor.DETECTION,)),
        _draft,
    ),
    Attempt("The postmortem", "keep a wording that was found", _keep, _draft),
    Attempt(
        "The postmortem",
        "ask for a review before it is finished",
        lambda asked: _move(asked, Stage.IN_REVIEW, Stage.DRAFT),
        _draft,
    ),
    Attempt(
        "The postmortem",
        "review one that they wrote",
        lambda asked: _move(asked, Stage.REVIEWED, Stage.IN_REVIEW),
        _own,
    ),
    Attempt(
        "The postmortem",
        "publish one that is reviewed",
        lambda asked: _move(asked, Stage.PUBLISHED, Stage.REVIEWED),
        _reviewed,
    ),
    Attempt(
        "The postmortem",
        "publish one with open wordings",
        lambda asked: _move(asked, Stage.PUBLISHED, Stage.REVIEWED, (Section.HELPED,)),
        _reviewed,
    ),
)
