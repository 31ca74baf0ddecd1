"""The form that takes what somebody typed out of the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.decision import Origin
from bot.core.incident import Incident
from bot.core.redaction import LEAST, RedactText
from bot.slack import words
from bot.slack.blocks import section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.ids import Drawn, Field, Form

_WHAT = (
    "What you choose is taken out of the record for good, and with it whatever repeats it. Who typed it and when stays. "
    "*If it was a password or a key, change it as well*: somebody may have read it."
)


class RedactForm:
    """What goes, and why."""

    @staticmethod
    def view(incident: Incident, choices: Sequence[tuple[str, str]], earlier: int) -> View:
        """Offers entries, the newest first, each by its label and its number; `earlier` are those that there is no room for."""
        newest = f"The newest {len(choices)}; {earlier} earlier ones go by their words." if earlier else ""
        entries = [inputs.several(Field.ENTRIES, "What was typed", choices, hint=newest)] if choices else []
        blocks = [
            section(_WHAT),
            *entries,
            inputs.text(
                Field.WORDS,
                "And everything that says",
                hint=f"The password or the name itself, letter by letter, at least {LEAST} characters. It is kept nowhere.",
                optional=True,
            ),
            inputs.text(
                Field.REASON,
                "Why?",
                example="A password was pasted by mistake",
                hint="Everybody reads this: please do not repeat what is to go.",
            ),
        ]
        return form(Form.REDACT, words.REDACT, words.REDACT, blocks, Drawn.of(incident))

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, groups: Sequence[str]) -> RedactText | FieldErrors:
        """What is to go. `groups` are those of the policy's that whoever sent it belongs to."""
        sent = Sent(view)
        entries, said, reason = sent.choices(Field.ENTRIES), sent.text(Field.WORDS) or "", sent.text(Field.REASON)
        if not entries and not said:
            return FieldErrors.of(Field.WORDS, "Please choose something above, or write what is to go.")
        if said and len(said) < LEAST:
            return FieldErrors.of(Field.WORDS, f"Please write at least {LEAST} characters: fewer stand everywhere.")
        if reason is None:
            return FieldErrors.of(Field.REASON, "Please write why.")
        return RedactText(
            origin=origin, entries=tuple(map(int, entries)), words=said, reason=reason, groups=tuple(groups)
        )
