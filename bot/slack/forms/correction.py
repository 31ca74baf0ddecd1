"""The form that corrects what audiences were told last: by a new update, since nothing that was sent is edited."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.router.corrections import CorrectUpdate
from bot.slack import words
from bot.slack.blocks import context
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form

_LIMIT = 500


class CorrectionForm:
    """What was wrong, and what is right."""

    @staticmethod
    def view(incident: Incident, told: Sequence[str]) -> View:
        """Asks for both, and who should read it: of those who were `told` something."""
        blocks = [
            inputs.text(Field.WRONG, "What did they read that is wrong?", example="Nobody can pay", limit=_LIMIT),
            inputs.text(Field.UPDATE, "What is right?", example="Some cards are refused", limit=_LIMIT),
            inputs.audiences(told, ()),
            context("They read it as a new update, which names the time of the one that it corrects."),
        ]
        return form(Form.CORRECTION, words.CORRECT_UPDATE, "Send correction", blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, names: tuple[str, ...] = ()) -> CorrectUpdate | FieldErrors:
        """The correction; `names` are those of the incident's people."""
        sent = Sent(view)
        wrong, right, audiences = sent.text(Field.WRONG), sent.text(Field.UPDATE), sent.choices(Field.AUDIENCES)
        if not wrong:
            return FieldErrors.of(Field.WRONG, "Please write what was wrong.")
        if not right:
            return FieldErrors.of(Field.UPDATE, "Please write what is right.")
        if not audiences:
            return FieldErrors.of(Field.AUDIENCES, "Please choose at least one.")
        because = sent.text(Field.REASON)
        return CorrectUpdate(origin=origin, audiences=audiences, wrong=wrong, text=right, names=names, because=because)
