"""The frame of every form, and how its fields are read back. Limits are those of Slack's documentation, "Modals"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.slack.blocks import Block, Element
from bot.slack.ids import Drawn, Field, Form
from bot.slack.messages.drill import banner
from bot.slack.text import plain_text

View = dict[str, Any]

RENEWED = "~"
"""Stands behind the name of a field whose content was put there (`inputs.renewed`)."""

_TITLE_LIMIT = 24
_BLOCKS_LIMIT = 100


@dataclass(frozen=True)
class FieldErrors:
    """What is wrong with which field, by block id, as Slack shows it."""

    errors: dict[str, str]

    @classmethod
    def of(cls, field: Field, sentence: str) -> "FieldErrors":
        """One field is wrong."""
        return cls({field.value: sentence})


def form(
    callback: Form,
    title: str,
    submit: str,
    blocks: Sequence[Block],
    drawn: Drawn | None = None,
    *,
    close: str = "Cancel",
) -> View:
    """A form that can be sent. `drawn` comes back with it. That of a drill says so in its first line."""
    shown = [banner(), *blocks] if drawn and drawn.is_drill else blocks
    view = notice(title, shown, close=close) | {
        "callback_id": callback.value,
        "submit": plain_text(submit, _TITLE_LIMIT),
    }
    return view | {"private_metadata": drawn.write()} if drawn else view


def notice(title: str, blocks: Sequence[Block], close: str = "Close") -> View:
    """A form that only says something."""
    return {
        "type": "modal",
        "title": plain_text(title, _TITLE_LIMIT),
        "close": plain_text(close, _TITLE_LIMIT),
        "blocks": list(blocks)[:_BLOCKS_LIMIT],
    }


class Sent:
    """A form as somebody sent it. Every reader gives None for a field that is not there or was left empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Any] = view["state"]["values"]
        self._blocks: Sequence[Block] = view["blocks"]
        self._metadata: str = view.get("private_metadata") or ""

    @property
    def drawn(self) -> Drawn:
        """What the form was drawn for."""
        return Drawn.read(self._metadata)

    def has(self, field: Field) -> bool:
        """Whether the form asked for this."""
        return self.id(field) in self._values

    def id(self, field: str) -> str:
        """The block id that the field of this name has in this form: its name, with a mark behind it once its content was put
        there."""
        ids = (str(block.get("block_id", "")) for block in self._blocks)
        return next((one for one in ids if one.partition(RENEWED)[0] == field), str(field))

    def is_empty(self, field: Field) -> bool:
        """Whether nothing was filled in there."""
        return not any(read(field) for read in (self.text, self.choice, self.choices, self.user, self.day))

    def may_be_empty(self, field: Field) -> bool:
        """Whether the form lets the field be left empty."""
        return bool(self._block(field).get("optional"))

    def text(self, field: Field) -> str | None:
        """What was typed, without spaces around it."""
        return (self._state(field).get("value") or "").strip() or None

    def choice(self, field: Field) -> str | None:
        """The value of the option chosen."""
        option = self._state(field).get("selected_option")
        return str(option["value"]) if option else None

    def choices(self, field: Field) -> tuple[str, ...]:
        """The values of the options chosen."""
        return tuple(str(option["value"]) for option in self._state(field).get("selected_options") or ())

    def user(self, field: Field) -> str | None:
        """The id of the user chosen."""
        return self._state(field).get("selected_user")

    def day(self, field: Field) -> date | None:
        """The day chosen."""
        chosen = self._state(field).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def named(self, prefix: str) -> dict[str, str]:
        """What was filled in in the fields whose ids begin like this, by the rest of their ids."""
        found = {}
        for id, elements in self._values.items():
            if id.startswith(prefix):
                state = elements.get(id, {})
                answer = state.get("value") or (state.get("selected_option") or {}).get("value") or ""
                found[id.removeprefix(prefix)] = answer.strip()
        return {name: answer for name, answer in found.items() if answer}

    def drawn_choices(self, field: Field) -> tuple[str, ...]:
        """The values of the options that were chosen when the form was drawn."""
        return tuple(str(option["value"]) for option in self._element(field).get("initial_options", ()))

    def was_changed(self, field: Field) -> bool:
        """Whether the field differs from how it was drawn. What nobody touched states nothing, and may be out of date."""
        element = self._element(field)
        if RENEWED in self.id(field):
            return True
        if "initial_options" in element or element.get("type") == "multi_static_select":
            return set(self.drawn_choices(field)) != set(self.choices(field))
        return (element.get("initial_value") or "").strip() != (self.text(field) or "")

    def _state(self, field: Field) -> Mapping[str, Any]:
        state: Mapping[str, Any] = self._values.get(self.id(field), {}).get(field.value, {})
        return state

    def _element(self, field: Field) -> Element:
        element: Element = self._block(field).get("element", {})
        return element

    def _block(self, field: Field) -> Block:
        return next((block for block in self._blocks if block.get("block_id") == self.id(field)), {})
