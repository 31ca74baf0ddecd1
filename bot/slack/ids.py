"""Every name under which Slack hands something back: commands, buttons, forms, fields, and what buttons and forms carry.

They are spelled here and nowhere else. A name that is in use may not change: old messages keep their buttons for ever.
"""

from enum import StrEnum

from bot.core.incident import Incident, Phase
from bot.core.value import Value

COMMAND = "/incident"
"""The one slash command."""


class Verb(StrEnum):
    """The first word after the command."""

    DECLARE = "declare"
    STATUS = "status"
    TIMELINE = "timeline"
    LIST = "list"
    COMMANDER = "commander"
    ADVANCE = "advance"
    SEVERITY = "severity"
    UPDATE = "update"
    HELP = "help"


class Action(StrEnum):
    """The action ids of buttons."""

    TAKE_COMMAND = "take_command"
    ADVANCE = "advance"
    SEND_UPDATE = "send_update"
    SET_SEVERITY = "set_severity"
    EDIT_FACTS = "edit_facts"
    NO_ACTION = "no_action"
    JOIN_ROOM = "join_room"
    DECLARE = "declare"
    DECLARE_ANOTHER = "declare_another"
    SHOW_EARLIER = "show_earlier"


class Form(StrEnum):
    """The callback ids of forms that can be sent."""

    DECLARE = "declare_form"
    ADVANCE = "advance_form"
    SEVERITY = "severity_form"
    FACTS = "facts_form"
    UPDATE = "update_form"
    UPDATE_PREVIEW = "update_preview"
    NO_ACTION = "no_action_form"


class Field(StrEnum):
    """The fields of forms: each is the block id and the action id of its input."""

    TITLE = "title"
    SEVERITY = "severity"
    IMPACT = "impact"
    COMMANDER = "commander"
    BOUNDARIES = "boundaries"
    CONTAINMENT = "containment"
    RESULT = "result"
    RECOVERY = "recovery"
    ACTION_ITEM = "action_item"
    ASSIGNEE = "assignee"
    DUE = "due"
    UPDATE = "update"
    REASON = "reason"


class Drawn(Value):
    """What a button or form was drawn for: the incident, and the phase it was in. `text` is what a preview is about to send,
    `before` the place in the timeline that a page ends at. Small: Slack takes 2000 characters for a button, 3000 for a form."""

    number: int
    phase: Phase
    text: str | None = None
    before: int | None = None

    @classmethod
    def of(cls, incident: Incident) -> "Drawn":
        """This incident as it stands."""
        return cls(number=incident.number, phase=incident.phase)

    @classmethod
    def read(cls, written: str) -> "Drawn":
        """What `write` wrote."""
        return cls.model_validate_json(written)

    def write(self) -> str:
        """As Slack keeps it for us."""
        return self.model_dump_json(exclude_none=True)
