"""The forms of the postmortem: the document with its sections, one section with what the rules find in it, the tags, and the two
that ask why. Each takes the place of the one before it, so that nobody gets lost in a pile of forms.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.factors import Factor
from bot.core.incident import Incident
from bot.core.learning.drafting import QUESTIONS, factors_needed, lacks_factors, text_of, unwritten
from bot.core.learning.postmortem import EditSection, KeepFinding, MovePostmortem, TagFactors, may_review
from bot.core.policy import Policy
from bot.core.review import LONGEST, Section, Stage, Strength
from bot.language.finding import Finding, Level
from bot.slack import words
from bot.slack.blocks import Block, actions, button, context, section
from bot.slack.findings import Findings
from bot.slack.forms import inputs
from bot.slack.forms.inputs import LONG
from bot.slack.forms.modal import FieldErrors, Sent, View, form, notice
from bot.slack.ids import Action, Drawn, Field, Form
from bot.slack.messages.drill import banner
from bot.slack.messages.postmortem import MOVE, OPEN
from bot.slack.text import clock_time, escape_within, one_line, quoted, sentence_case

TITLE = "Postmortem"
EDIT, KEEP, TAGS = "Edit", "Keep", "Tag factors"
TEXTS = (Field.TEXT, Field.TEXT_2, Field.TEXT_3, Field.TEXT_4, Field.TEXT_5)
"""Slack's fields take 3,000 code points; a longer section has several."""
_ROOM = 1000
"""Code points that are free in the last field; with fewer there is one more."""
_PREVIEW = 160
_SHOWN_FINDINGS = 8
_MARK = {Level.ERROR: "●", Level.WARNING: "○", Level.HINT: "·"}


class PostmortemForm:
    """The document: what each section says, and what comes next. It is not sent; its buttons lead on."""

    @staticmethod
    def view(incident: Incident, policy: Policy, found: Findings, person: str, remark: str = "") -> View:
        """As it stands, for this person. `found` are the open findings, `remark` is said first: escaped mrkdwn."""
        blocks = [
            *([section(remark)] if remark else []),
            section(_stands(incident, policy, found, person)),
            *_moves(incident),
            *(_section(incident, policy, one, found) for one in Section),
        ]
        at = list(Section).index(Section.FACTORS) + 1 + len(blocks) - len(Section)
        blocks.insert(at, _tags(incident))
        shown = [banner(), *blocks] if incident.is_drill else blocks
        return notice(TITLE, shown) | {"private_metadata": Drawn.of(incident).write()}


def _stands(incident: Incident, policy: Policy, found: Findings, person: str) -> str:
    """The stage it is at, and what is missing for the next one."""
    now = incident.postmortem
    by = f" since {clock_time(now.at)}, by {words.person(now.by)}" if now.at and now.by and now.stage.next else ""
    is_draft = now.stage is Stage.DRAFT
    stage = "a *draft*" if is_draft else f"*{now.stage.value}*{by}"
    lines = [f"The postmortem of *{incident.name}* is {stage}."]
    if is_draft:
        empty = [f"*{sentence_case(one.value)}*" for one in unwritten(incident, policy)]
        lines += [f"To write before its review: {', '.join(empty)}."] if empty else []
        if lacks_factors(incident, policy):
            many = words.count(factors_needed(incident, policy), "contributing factor", "contributing factors")
            lines.append(f"Please tag at least {many}; one alone seldom explains an incident.")
    if now.stage is Stage.IN_REVIEW and not may_review(incident, person):
        lines.append("Somebody else reviews it: you wrote it or asked for the review.")
    if count := sum(map(len, found.values())):
        lines.append(f"⚠ {words.count(count, 'wording', 'wordings')} to look at. Change each, or keep it and say why.")
    return "\n".join(lines)


def _moves(incident: Incident) -> list[Block]:
    """The buttons that bring it to another stage."""
    now = incident.postmortem
    drawn = Drawn.of(incident).but(seen=now.edits)
    row = []
    if following := now.stage.next:
        row.append(button(MOVE[following], Action.MOVE_POSTMORTEM, drawn.but(stage=following).write(), primary=True))
    if now.stage is not Stage.DRAFT:
        row.append(button(MOVE[Stage.DRAFT], Action.BACK_TO_DRAFT, drawn.but(stage=now.stage).write()))
    return actions(row)


def _section(incident: Incident, policy: Policy, one: Section, found: Findings) -> Block:
    """One section: its beginning, who wrote it, and what leads to it."""
    written, text = incident.postmortem.sections.get(one), text_of(incident, policy, one)
    if written:
        stands = f"version {written.version}, {words.person(written.by)}"
    else:
        stands = "drafted from the record" if text else "nothing yet"
    some = found.get(one, ())
    warns = f" · ⚠ {words.count(len(some), 'wording', 'wordings')}" if some else ""
    says = escape_within(one_line(text), _PREVIEW) if text else f"_{QUESTIONS[one]}_"
    mark = "✓" if written else "✎" if text else "○"
    drawn = Drawn.of(incident).but(section=one)
    label = f"{mark} *{sentence_case(one.value)}* · {stands}{warns}\n{says}"
    return section(label, button(f"{EDIT} {one.value}", Action.EDIT_SECTION, drawn.write()))


def _tags(incident: Incident) -> Block:
    now = incident.postmortem
    tags = ", ".join(one.value for one in now.factors) or "none yet"
    right = ", ".join(one.value for one in now.strengths)
    said = f"*Tags:* {tags}" + (f"\n*Went right:* {right}" if right else "")
    return section(said, button(TAGS, Action.TAG_FACTORS, Drawn.of(incident).write()))


class SectionForm:
    """One section, and what the rules find in it."""

    @staticmethod
    def view(
        incident: Incident,
        policy: Policy,
        one: Section,
        findings: Sequence[Finding],
        *,
        text: str | None = None,
        remark: str = "",
        theirs: str = "",
    ) -> View:
        """The section as it stands, or with the text that somebody has just typed. `theirs` is what somebody else wrote meanwhile,
        shown above so that both can be joined."""
        shown = text if text is not None else text_of(incident, policy, one)
        parts = split(shown)
        many = len(parts) + (1 if len(parts[-1]) > LONG - _ROOM and len(parts) < len(TEXTS) else 0)
        fields = [
            inputs.text(
                field,
                sentence_case(one.value) if place == 0 else f"{sentence_case(one.value)}, part {place + 1}",
                initial=parts[place] if place < len(parts) else None,
                hint=QUESTIONS[one] if place == 0 else "",
                optional=place > 0,
            )
            for place, field in enumerate(TEXTS[:many])
        ]
        blocks = [
            *([section(remark)] if remark else []),
            *([section("*What stands there now:*"), *_whole(theirs)] if theirs else []),
            *_found(incident, one, findings),
            *fields,
            *actions([button(OPEN, Action.POSTMORTEM, Drawn.of(incident).write())]),
        ]
        drawn = Drawn.of(incident).but(section=one, seen=incident.postmortem.version(one))
        return form(Form.SECTION, TITLE, "Save", blocks, drawn, close="Close")

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> EditSection | FieldErrors:
        """The section as it was written."""
        text, drawn = written(view), Sent(view).drawn
        assert drawn.section is not None, "the form is drawn for a section"
        if len(text) > LONGEST:
            last = next(field for field in reversed(TEXTS) if Sent(view).text(field))
            most = f"A section takes {LONGEST:,} characters, and this has {len(text):,}."
            return FieldErrors.of(last, f"{most} Please shorten it, or link to the details.")
        return EditSection(origin=origin, section=drawn.section, text=text, seen=drawn.seen)


def written(view: Mapping[str, Any]) -> str:
    """What stands in the fields of a section's form."""
    sent = Sent(view)
    return "\n\n".join(part for field in TEXTS if (part := sent.text(field)))


def split(text: str) -> list[str]:
    """A text in parts that a field takes, at the ends of paragraphs, else of lines, else of words."""
    parts, rest = list[str](), text
    while len(rest) > LONG and len(parts) < len(TEXTS) - 1:
        at = next((at for sign in ("\n\n", "\n", " ") if (at := rest.rfind(sign, 0, LONG)) > 0), LONG)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest]


def _whole(text: str) -> list[Block]:
    return [section(f">>> {escape_within(part, 2900)}") for part in split(text)]


def _found(incident: Incident, one: Section, findings: Sequence[Finding]) -> list[Block]:
    """Each finding with why it matters, what to do, and the button that keeps it."""
    blocks = []
    for finding in findings[:_SHOWN_FINDINGS]:
        said = (
            f"{_MARK[finding.level]} {quoted(finding.found, 150)} ({finding.rule}). {finding.why} {finding.suggestion}"
        )
        drawn = Drawn.of(incident).but(section=one, rule=finding.rule, text=finding.found)
        blocks.append(section(said, button(KEEP, Action.KEEP_WORDING, drawn.write())))
    rest = len(findings) - len(blocks)
    more = [context(f"and {rest} more, once these are settled")] if rest > 0 else []
    return [*blocks, *more]


class FactorsForm:
    """What contributed, and what went right: any number of tags each."""

    @staticmethod
    def view(incident: Incident) -> View:
        """With what is tagged."""
        now = incident.postmortem
        blocks = [
            inputs.tags(
                Field.FACTORS,
                "What contributed?",
                [(sentence_case(one.value), one.value) for one in Factor],
                initial=[one.value for one in now.factors],
                hint="Choose all that apply. Incidents have several factors, and no single cause.",
            ),
            inputs.tags(
                Field.STRENGTHS,
                "What went right?",
                [(sentence_case(one.value), one.value) for one in Strength],
                initial=[one.value for one in now.strengths],
            ),
        ]
        return form(Form.FACTORS, TITLE, "Save", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> TagFactors:
        """What was chosen."""
        sent = Sent(view)
        return TagFactors(
            origin=origin,
            factors=tuple(map(Factor, sent.choices(Field.FACTORS))),
            strengths=tuple(map(Strength, sent.choices(Field.STRENGTHS))),
        )


class KeepForm:
    """Why a wording stays."""

    @staticmethod
    def view(incident: Incident, drawn: Drawn) -> View:
        """Asks for the reason."""
        shown = quoted(drawn.text or "", 150)
        blocks = [
            section(f"{shown} stays, although {drawn.rule} found it."),
            inputs.text(
                Field.REASON,
                "Keep, because …",
                example="It quotes what the supplier wrote",
                hint="Whoever reviews it reads this.",
                multiline=False,
                limit=300,
            ),
        ]
        back = Drawn.of(incident).but(section=drawn.section, rule=drawn.rule, text=drawn.text)
        return form(Form.KEEP, TITLE, KEEP, blocks, back)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> KeepFinding | FieldErrors:
        """The wording and the reason."""
        sent = Sent(view)
        reason, drawn = sent.text(Field.REASON), sent.drawn
        if reason is None:
            return FieldErrors.of(Field.REASON, "Please write why it stays.")
        return KeepFinding.model_validate(
            {"origin": origin, "section": drawn.section, "rule": drawn.rule, "found": drawn.text, "reason": reason}
        )


class BackForm:
    """Why it goes back to being a draft."""

    @staticmethod
    def view(incident: Incident) -> View:
        """Asks for the reason."""
        now = incident.postmortem
        blocks = [inputs.text(Field.REASON, "What is to be changed?", hint="The room reads this.")]
        drawn = Drawn.of(incident).but(stage=now.stage, seen=now.edits)
        return form(Form.BACK_TO_DRAFT, TITLE, MOVE[Stage.DRAFT], blocks, drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> MovePostmortem | FieldErrors:
        """Back, and why."""
        sent = Sent(view)
        if (reason := sent.text(Field.REASON)) is None:
            return FieldErrors.of(Field.REASON, "Please write what is to be changed.")
        drawn = sent.drawn
        return MovePostmortem(
            origin=origin, to=Stage.DRAFT, leaving=drawn.stage or Stage.DRAFT, seen=drawn.seen, reason=reason
        )
