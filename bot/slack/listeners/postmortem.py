"""`/incident postmortem`, `Open postmortem` and the forms behind it: sections, tags, wordings that are kept, and stages."""

from collections.abc import Mapping
from typing import Any

from bot.core.incident import Incident
from bot.core.learning.drafting import text_of
from bot.core.learning.postmortem import EditSection, MovePostmortem, is_writable
from bot.core.policy import Policy
from bot.core.refusal import Refusal, SectionChanged
from bot.core.review import Section, Stage
from bot.slack.findings import blocking, findings_in, open_findings, people_of, spelled
from bot.slack.forms.modal import FieldErrors, Sent, View
from bot.slack.forms.postmortem import BackForm, FactorsForm, KeepForm, PostmortemForm, SectionForm, written
from bot.slack.listeners.act import Act
from bot.slack.messages.message import Message, say
from bot.slack.messages.postmortem import not_yet
from bot.slack.messages.refusals import refused, stale

Answer = Message | View | None
Done = View | FieldErrors
"""What comes of a form that was sent: another in its place, or what is wrong with a field."""


async def postmortem(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident postmortem`: the document's form."""
    return await _document(act, found, policy) if is_writable(found) else say(not_yet(found))


async def open_document(act: Act) -> Answer:
    """`Open postmortem`: the document's form, also in place of one of its sections."""
    now = await act.incident(act.pressed.number)
    if not is_writable(now):
        return stale(now, act.pressed.phase)
    return await _document(act, now, await act.service.policy_of(now))


async def edit_section(act: Act) -> Answer:
    """`Edit`: the section's form, with what is found in it."""
    now = await act.incident(act.pressed.number)
    if not is_writable(now) or act.pressed.section is None:
        return stale(now, act.pressed.phase)
    return await _section(act, now, act.pressed.section)


async def tag_factors(act: Act) -> Answer:
    """`Tag`: the form with the factors."""
    now = await act.incident(act.pressed.number)
    return FactorsForm.view(now) if is_writable(now) else stale(now, act.pressed.phase)


async def keep_wording(act: Act) -> Answer:
    """`Keep`: asks why. What was typed into the section's form meanwhile is saved first."""
    now = await act.incident(act.pressed.number)
    if not is_writable(now):
        return stale(now, act.pressed.phase)
    view = act.body["view"]
    if (text := written(view)) and act.pressed.section:
        refusal = (await act.service.handle(_edit(act, view, text))).refusal
        if refusal:
            return await _again(act, act.pressed.section, text, refusal)
    return KeepForm.view(await act.incident(now.number), act.pressed)


def _edit(act: Act, view: Mapping[str, Any], text: str) -> EditSection:
    drawn = Sent(view).drawn
    assert drawn.section is not None, "the form is drawn for a section"
    return EditSection(origin=act.origin(drawn.number), section=drawn.section, text=text, seen=drawn.seen)


async def move(act: Act) -> Answer:
    """`Ask for review`, `Reviewed`, `Publish`: at once, with the document as it stands then, or why not."""
    drawn = act.pressed
    now = await act.incident(drawn.number)
    policy, names = await act.service.policy_of(now), await _names(act, now)
    to = drawn.stage or Stage.IN_REVIEW
    command = MovePostmortem(
        origin=act.origin(drawn.number),
        to=to,
        leaving=list(Stage)[list(Stage).index(to) - 1],
        seen=drawn.seen,
        findings=blocking(open_findings(now, policy, names)) if to is Stage.PUBLISHED else (),
    )
    outcome = await act.service.handle(command)
    after = await act.incident(drawn.number)
    return await _document(act, after, policy, _why_not(outcome.refusal, after, policy))


async def back_to_draft(act: Act) -> Answer:
    """`Back to draft`: asks why."""
    now = await act.incident(act.pressed.number)
    return BackForm.view(now) if is_writable(now) else stale(now, act.pressed.phase)


async def section_sent(act: Act) -> Done:
    """A section was written: the document, or the section again with what is found in it; or with what somebody else wrote
    meanwhile beside what was typed."""
    command = SectionForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return command
    refusal = (await act.service.handle(command)).refusal
    if refusal:
        return await _again(act, command.section, command.text, refusal)
    now = await act.incident(command.origin.incident)
    policy = await act.service.policy_of(now)
    if findings_in(now, policy, command.section, await _names(act, now)):
        return await _section(act, now, command.section, remark=f"Saved. {_LOOK}")
    return await _document(act, now, policy)


async def factors_sent(act: Act) -> Done:
    """Tags were chosen."""
    command = FactorsForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    return await _then_document(act, (await act.service.handle(command)).refusal)


async def keep_sent(act: Act) -> Done:
    """A wording is kept: the next one, if there is any, else the document."""
    command = KeepForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return command
    refusal = (await act.service.handle(command)).refusal
    now = await act.incident(command.origin.incident)
    policy = await act.service.policy_of(now)
    if not refusal and findings_in(now, policy, command.section, await _names(act, now)):
        return await _section(act, now, command.section, remark=f"Kept. {_LOOK}")
    return await _then_document(act, refusal)


async def back_sent(act: Act) -> Done:
    """It goes back to being a draft."""
    command = BackForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return command
    return await _then_document(act, (await act.service.handle(command)).refusal)


_LOOK = "Please look at these wordings: change each, or keep it and say why."


async def _again(act: Act, section: Section, text: str, refusal: Refusal) -> View:
    """The section's form once more: nothing that was typed is lost, and nothing that somebody else wrote is overwritten."""
    drawn = Sent(act.body["view"]).drawn
    now = await act.incident(drawn.number)
    policy = await act.service.policy_of(now)
    theirs = text_of(now, policy, section) if isinstance(refusal, SectionChanged) else ""
    return SectionForm.view(now, policy, section, (), text=text, remark=_why_not(refusal, now, policy), theirs=theirs)


async def _then_document(act: Act, refusal: Refusal | None) -> View:
    now = await act.incident(act.sent.drawn.number)
    policy = await act.service.policy_of(now)
    return await _document(act, now, policy, _why_not(refusal, now, policy))


async def _document(act: Act, now: Incident, policy: Policy, remark: str = "") -> View:
    return PostmortemForm.view(now, policy, open_findings(now, policy, await _names(act, now)), act.person, remark)


async def _section(act: Act, now: Incident, section: Section, remark: str = "") -> View:
    policy = await act.service.policy_of(now)
    found = findings_in(now, policy, section, await _names(act, now))
    return SectionForm.view(now, policy, section, found, remark=remark)


async def _names(act: Act, now: Incident) -> frozenset[str]:
    """What people call themselves who had a part in it."""
    return spelled((await act.workspace.directory.names(people_of(now))).values())


def _why_not(refusal: Refusal | None, now: Incident, policy: Policy) -> str:
    """Why something was not done; nothing when it was."""
    if refusal is None:
        return ""
    return refused(refusal, now, policy).text
