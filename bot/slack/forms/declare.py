"""The form that declares an incident, for who did not type what is wrong after the command."""

from collections.abc import Mapping
from typing import Any

from bot.core.decision import Origin
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import context
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form
from bot.slack.forms.severity import answers, questions
from bot.slack.ids import Field, Form
from bot.slack.text import escape

_PRIVATE = inputs.tick(Field.PRIVATE, "Who may know of it?", "Only those in its room (private)", "private")


class DeclareForm:
    """What is wrong, and what is known already."""

    @staticmethod
    def view(policy: Policy, *, severity: str | None = None) -> View:
        """The empty form. A severity that was typed already counts, unless the two questions are answered."""
        typed = f"You typed {escape(severity)}. It counts unless you answer both questions." if severity else ""
        blocks = [
            inputs.text(
                Field.TITLE,
                "What is wrong?",
                example="Checkout is failing for some customers",
                multiline=False,
            ),
            *([context(typed)] if typed else []),
            *questions(optional=True),
            *([_PRIVATE] if policy.may_be_private else []),
        ]
        view = form(Form.DECLARE, words.DECLARE, "Declare", blocks)
        return view | {"private_metadata": severity} if severity else view

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin, policy: Policy) -> DeclareIncident | FieldErrors:
        """The declaration, with the severity that the answers give, or else the one that was typed; or that it says nothing."""
        sent = Sent(view)
        title, given = sent.text(Field.TITLE), answers(sent)
        if title is None:
            return FieldErrors.of(Field.TITLE, "Please write a few words about what is wrong.")
        if isinstance(given, FieldErrors):
            return given
        severity = policy.assess(*given) if given else view.get("private_metadata") or None
        is_private = bool(sent.choices(Field.PRIVATE))
        return DeclareIncident(origin=origin, title=title, severity=severity, is_private=is_private)
