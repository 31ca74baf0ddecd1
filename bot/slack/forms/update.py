"""The two forms of a written update: one to write it, one that shows exactly what each audience will read."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.router.updates import SendUpdate
from bot.language import Finding, errors
from bot.slack import words
from bot.slack.blocks import Block, context, section
from bot.slack.forms import inputs
from bot.slack.forms.mending import why
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Action, Drawn, Field, Form
from bot.slack.messages.plain import blocked, remarks
from bot.slack.text import shorten

LIMIT = 1000
"""Code points of an update. Twice that, which is what quotes and line breaks can make of it, and the names of its audiences fit
into what a form carries."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

Reading = tuple[str, Sequence[Block]]
"""To whom (escaped mrkdwn), and the blocks they will see."""


def worded(text: str) -> str:
    """A text as an update may carry it: without control characters, and not too long."""
    return shorten(_CONTROL.sub("", text).strip(), LIMIT)


class Written(NamedTuple):
    """What a person wrote, and the names of the audiences it is for; or what was composed for one of them (`is_composed`), which
    had so many `updates` by then."""

    text: str
    audiences: tuple[str, ...]
    updates: int | None = None
    is_composed: bool = False

    @property
    def fingerprint(self) -> str:
        """By which it is seen that a composed text is another one by now."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class UpdateForm:
    """Writes an update."""

    @staticmethod
    def view(
        incident: Incident, body: str, listening: Sequence[str], chosen: Sequence[str], *, anew: bool = False
    ) -> View:
        """The form, filled in with what the record says (plain prose) or what the person typed already. `listening` are the
        audiences there are, `chosen` those it goes to unless the person says otherwise. `anew`: the text takes the place of what
        stands in the form."""
        text = inputs.text(
            Field.UPDATE,
            "What should they read?",
            initial=body,
            hint="Who is affected, and what we are doing. Short sentences, no causes, no names. The times are added.",
            limit=LIMIT,
        )
        blocks: list[Block] = [inputs.renewed(text, body) if anew else text, inputs.audiences(listening, chosen)]
        if len(chosen) > inputs.MOST_AUDIENCES:
            most = inputs.MOST_AUDIENCES
            blocks.append(context(f"One update goes to at most {most} audiences. Please send the others a second one."))
        return form(Form.UPDATE, words.SEND_UPDATE, "Preview", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any]) -> Written | FieldErrors:
        """What was written, without control characters, and to whom."""
        sent = Sent(view)
        text = worded(sent.text(Field.UPDATE) or "")
        if not text:
            return FieldErrors.of(Field.UPDATE, "Please write what they should know.")
        if not (audiences := sent.choices(Field.AUDIENCES)):
            return FieldErrors.of(Field.AUDIENCES, "Please choose at least one.")
        return Written(text, audiences)


class UpdatePreview:
    """Shows an update before it is sent."""

    @staticmethod
    def view(
        incident: Incident,
        written: Written,
        readings: Sequence[Reading],
        *,
        remark: str = "",
        findings: Sequence[Finding] = (),
    ) -> View:
        """What each audience will read, and the button that sends it. `remark` is said first: escaped mrkdwn. What the rules found
        stands beside what could stand there instead; if it keeps the text from being sent, the form asks why it has to be."""
        blocks: list[Block] = [section(remark)] if remark else []
        if findings:
            blocks += [section(blocked(findings)), *remarks(findings, Action.USE_PLAIN, Drawn.of(incident))]
        if errors(findings):
            blocks.append(why())
        for whom, shown in readings:
            blocks += [context(f"What {whom} will read:"), *shown, {"type": "divider"}]
        blocks.append(context("The times count from when you send it."))
        drawn = Drawn.of(incident).but(audiences=written.audiences, updates=written.updates)
        said = {"shown": written.fingerprint} if written.is_composed else {"text": written.text}
        return form(Form.UPDATE_PREVIEW, words.SEND_UPDATE, "Send update", blocks, drawn.but(**said), close="Back")

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, composed: str = "", names: tuple[str, ...] = ()) -> SendUpdate:
        """The update that was shown; `composed` is what the record says, for a draft that nobody edited, and `names` are those of
        the incident's people."""
        sent = Sent(view)
        drawn = sent.drawn
        text, because = composed if drawn.text is None else drawn.text, sent.text(Field.REASON)
        return SendUpdate(
            origin=origin, text=text, audiences=drawn.audiences, updates=drawn.updates, names=names, because=because
        )
