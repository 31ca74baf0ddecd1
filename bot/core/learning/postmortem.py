"""The postmortem's review: sections are written one by one, factors tagged, wordings that were found kept for a reason, and the
document goes from draft by way of a review to being published. Whoever wrote it does not review it.

It can be written from the moment RECOVERY is left until it is published, and taken back to being a draft, with a reason, until the
incident is closed. Which wordings are found is not known here: whoever publishes says which are open.
"""

from collections.abc import Callable

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.factors import Factor
from bot.core.incident import Incident, Phase
from bot.core.learning.drafting import lacks_factors, unwritten
from bot.core.policy import Policy
from bot.core.refusal import NotFinished, NotThere, OwnWork, Refusal, SaysNothing, SectionChanged
from bot.core.review import Keep, Postmortem, Section, SectionText, Stage, Strength
from bot.core.value import Typed


class EditSection(Command):
    """The section says this; `seen` is the version of it that whoever writes had before them (0: the draft)."""

    section: Section
    text: Typed
    seen: int


class TagFactors(Command):
    """These contributed, and these went right. Replaces what was tagged before."""

    factors: tuple[Factor, ...]
    strengths: tuple[Strength, ...] = ()


class KeepFinding(Command):
    """What this rule found in the section stays, for this reason."""

    section: Section
    rule: str
    found: Typed
    reason: Typed


class MovePostmortem(Command):
    """It goes on to the next stage, or back to being a draft for this reason. `leaving` is the stage and `seen` the number of edits
    that whoever asks had before them; `findings` are the sections with open findings that keep it from being published."""

    to: Stage
    leaving: Stage
    seen: int
    reason: Typed = ""
    findings: tuple[Section, ...] = ()


class SectionEdited(Event):
    """Somebody wrote a section anew: its text, and which version that is."""

    section: Section
    version: int
    text: Typed


class FactorsTagged(Event):
    """What contributed, and what went right."""

    factors: tuple[Factor, ...]
    strengths: tuple[Strength, ...] = ()


class FindingKept(Event):
    """A wording stays, and why."""

    section: Section
    rule: str
    found: Typed
    reason: Typed


class PostmortemMoved(Event):
    """The document is at this stage now; why, if it went back."""

    to: Stage
    reason: Typed | None = None


def edit(incident: Incident, command: EditSection, policy: Policy) -> Decision:
    """Keep it as the next version, unless somebody else wrote the section meanwhile: then nothing is overwritten."""
    standing = incident.postmortem.sections.get(command.section)
    if barred := _closed_for(incident):
        return refuse(command, barred)
    if not command.text:
        return refuse(command, SaysNothing(what="section"))
    if standing and standing.text == command.text:
        return accept()
    if standing and standing.version != command.seen:
        return refuse(command, SectionChanged(section=command.section, by=standing.by, at=standing.at))
    version = incident.postmortem.version(command.section) + 1
    return accept(
        SectionEdited(at=command.at, actor=command.actor, section=command.section, version=version, text=command.text)
    )


def tag(incident: Incident, command: TagFactors, policy: Policy) -> Decision:
    """Keep what is tagged, if it is another thing than before."""
    if barred := _closed_for(incident):
        return refuse(command, barred)
    now = incident.postmortem
    factors = tuple(one for one in Factor if one in command.factors)
    strengths = tuple(one for one in Strength if one in command.strengths)
    if (factors, strengths) == (now.factors, now.strengths):
        return accept()
    return accept(FactorsTagged(at=command.at, actor=command.actor, factors=factors, strengths=strengths))


def keep(incident: Incident, command: KeepFinding, policy: Policy) -> Decision:
    """Keep the wording when there is a reason."""
    if barred := _closed_for(incident):
        return refuse(command, barred)
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    if incident.postmortem.is_kept(command.section, command.rule, command.found):
        return accept()
    return accept(
        FindingKept(
            at=command.at,
            actor=command.actor,
            section=command.section,
            rule=command.rule,
            found=command.found,
            reason=command.reason,
        )
    )


def move(incident: Incident, command: MovePostmortem, policy: Policy) -> Decision:
    """Move it one stage on, or back to being a draft."""
    if refusal := _barred(incident, command, policy):
        return refuse(command, refusal)
    reason = command.reason or None
    return accept(PostmortemMoved(at=command.at, actor=command.actor, to=command.to, reason=reason))


def _barred(incident: Incident, command: MovePostmortem, policy: Policy) -> Refusal | None:
    now = incident.postmortem
    goes_back = command.to is Stage.DRAFT
    if not is_writable(incident) or now.stage is not command.leaving or (goes_back and now.stage is Stage.DRAFT):
        return NotThere(stage=now.stage, is_writable=is_writable(incident))
    if goes_back:
        return None if command.reason else SaysNothing(what="reason")
    if command.to is not now.stage.next:
        return NotThere(stage=now.stage, is_writable=True)
    if command.seen != now.edits:
        return SectionChanged(section=None, by=now.by, at=now.at)
    return _GUARDS[command.to](incident, command, policy)


def _complete(incident: Incident, command: MovePostmortem, policy: Policy) -> Refusal | None:
    empty, few = unwritten(incident, policy), lacks_factors(incident, policy)
    return NotFinished(sections=empty, lacks_factors=few) if empty or few else None


def _somebody_else(incident: Incident, command: MovePostmortem, policy: Policy) -> Refusal | None:
    return None if may_review(incident, command.actor) else OwnWork()


def _without_findings(incident: Incident, command: MovePostmortem, policy: Policy) -> Refusal | None:
    blocks = command.findings and policy.findings_keep_from_publishing
    return NotFinished(sections=command.findings, are_findings=True) if blocks else None


_GUARDS: dict[Stage, Callable[[Incident, MovePostmortem, Policy], Refusal | None]] = {
    Stage.IN_REVIEW: _complete,
    Stage.REVIEWED: _somebody_else,
    Stage.PUBLISHED: _without_findings,
}
"""What must hold before each stage."""


def may_review(incident: Incident, user: str) -> bool:
    """Whether this person can say that it is reviewed: not who asked for the review, not its authors, and not its only editor."""
    now = incident.postmortem
    return user != now.asked_by and user not in now.authors and now.writers != (user,)


def is_writable(incident: Incident) -> bool:
    """Whether there is a postmortem to work on: from the moment RECOVERY is left until the incident is closed."""
    return incident.is_open and incident.phase is Phase.POSTMORTEM


def _closed_for(incident: Incident) -> Refusal | None:
    """Why nobody can write in it now, if so."""
    if is_writable(incident) and incident.postmortem.stage is not Stage.PUBLISHED:
        return None
    return NotThere(stage=incident.postmortem.stage, is_writable=is_writable(incident))


def _changed(incident: Incident, event: Event, **changes: object) -> Incident:
    """After a change of what the document says: what was reviewed is to be reviewed again, by somebody else than who changed it."""
    now = incident.postmortem
    changes |= {"edits": now.edits + 1, "by": event.actor, "at": event.at}
    if now.stage is Stage.REVIEWED:
        authors = tuple(dict.fromkeys((*now.authors, event.actor)))
        changes |= {"stage": Stage.IN_REVIEW, "reviewed_by": None, "authors": authors}
    return incident.but(postmortem=now.but(**changes))


def edited(incident: Incident, event: SectionEdited) -> Incident:
    """It says this from now on; wordings that are not in it any more need no reason."""
    now = incident.postmortem
    before = now.sections[event.section].authors if event.section in now.sections else ()
    text = SectionText(
        text=event.text,
        version=event.version,
        by=event.actor,
        at=event.at,
        authors=tuple(dict.fromkeys((*before, event.actor))),
    )
    keeps = tuple(one for one in now.keeps if one.section is not event.section or one.found in event.text)
    return _changed(incident, event, sections={**now.sections, event.section: text}, keeps=keeps)


def kept(incident: Incident, event: FindingKept) -> Incident:
    """One more wording stays for a reason."""
    one = Keep(section=event.section, rule=event.rule, found=event.found, reason=event.reason, by=event.actor)
    return incident.but(postmortem=incident.postmortem.but(keeps=(*incident.postmortem.keeps, one)))


def moved(incident: Incident, event: PostmortemMoved) -> Incident:
    """It is at another stage."""
    now = incident.postmortem
    after: Postmortem = now.but(stage=event.to, by=event.actor, at=event.at)
    if event.to is Stage.IN_REVIEW:
        after = after.but(asked_by=event.actor, authors=now.writers)
    if event.to is Stage.REVIEWED:
        after = after.but(reviewed_by=event.actor)
    if event.to is Stage.DRAFT:
        after = after.but(asked_by=None, reviewed_by=None, authors=())
    return incident.but(postmortem=after)


DECIDE = {EditSection: edit, TagFactors: tag, KeepFinding: keep, MovePostmortem: move}
EVOLVE = {
    SectionEdited: edited,
    FactorsTagged: lambda incident, event: _changed(incident, event, factors=event.factors, strengths=event.strengths),
    FindingKept: kept,
    PostmortemMoved: moved,
}
