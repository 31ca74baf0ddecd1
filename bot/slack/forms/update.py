"""The two forms of a written update: one to write it, one that shows exactly what each audience will read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.updates import SendUpdate
from bot.slack import words
from bot.slack.blocks import Block, context, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form

LIMIT = 1200
"""Code points of an update. Twice that, which is what quotes and line breaks can make of it, fits into what a form carries."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

Reading = tuple[str, Sequence[Block]]
"""To whom (escaped mrkdwn), and the blocks they will see."""


class UpdateForm:
    """Writes an update."""

    @staticmethod
    def view(incident: Incident, body: str) -> View:
        """The form, filled in with what the record says (plain prose) or what the person typed already."""
        text = inputs.text(
            Field.UPDATE,
            "What should they read?",
            initial=body,
            hint="Who is affected, and what we are doing. Short sentences, no causes, no names. The times are added.",
            limit=LIMIT,
        )
        return form(Form.UPDATE, words.SEND_UPDATE, "Preview", [text], Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any]) -> str | FieldErrors:
        """What was written, without control characters."""
        text = _CONTROL.sub("", Sent(view).text(Field.UPDATE) or "").strip()
        return text or FieldErrors.of(Field.UPDATE, "Please write what they should know.")


class UpdatePreview:
    """Shows an update before it is sent."""

    @staticmethod
    def view(incident: Incident, text: str, readings: Sequence[Reading], *, remark: str = "") -> View:
        """What each audience will read, and the button that sends it. `remark` is said first: escaped mrkdwn."""
        blocks: list[Block] = [section(remark)] if remark else []
        for whom, shown in readings:
            blocks += [context(f"What {whom} will read:"), *shown, {"type": "divider"}]
        blocks.append(context("The times count from when you send it."))
        drawn = Drawn.of(incident).but(text=text)
        return form(Form.UPDATE_PREVIEW, words.SEND_UPDATE, "Send update", blocks, drawn, close="Back")

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> SendUpdate:
        """The update that was shown."""
        return SendUpdate(origin=origin, text=Sent(view).drawn.text or "")
