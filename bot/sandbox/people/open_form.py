"""A form, or a Home tab, as a person reads it: title, labels, values and errors, found by the words on it. Changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.blocks.elements import PRESSED, STATEFUL, Placed, feedback_texts, interactive, is_empty
from bot.sandbox.blocks.render import blocks_text, label, state_text
from bot.sandbox.blocks.words import Reader
from bot.sandbox.jsontypes import Json
from bot.sandbox.views import View
from bot.sandbox.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Form:
    """An open view and who reads it."""

    workspace: Workspace
    view: View
    reader: Reader

    @property
    def title(self) -> str:
        """Its title; empty for a Home tab."""
        return self._plain("title")

    @property
    def submit(self) -> str:
        """What its submit button says; empty when it has none."""
        return self._plain("submit")

    def _plain(self, field: str) -> str:
        """The text of a plain_text field of the view."""
        return str((self.view.definition.get(field) or {}).get("text", ""))

    @property
    def labels(self) -> list[str]:
        """The labels of its inputs, in order."""
        return [
            placed.block["label"]["text"] for placed in interactive(self.view.blocks) if placed.block["type"] == "input"
        ]

    @property
    def text(self) -> str:
        """All that can be read in it: title, error, blocks with what is filled in, errors under inputs, submit and
        close buttons.
        """
        errors = [f"{self.label_of(block_id)}: {text}" for block_id, text in self.view.errors.items()]
        buttons = " ".join(f"[{text}]" for text in (self._plain("close"), self.submit) if text)
        body = blocks_text(self.view.blocks, self.reader, self.view.values)
        return "\n".join(line for line in (self.title, self.view.error or "", body, *errors, buttons) if line)

    @property
    def values(self) -> dict[str, str]:
        """What each input shows as chosen or typed, by label; empty when nothing is."""
        shown: dict[str, str] = {}
        for placed in interactive(self.view.blocks):
            if placed.element["type"] in STATEFUL:
                state: Json = self.view.values[placed.block_id][placed.action_id]
                shown[names_of(placed)[0]] = "" if is_empty(state) else state_text(placed.element, state, self.reader)
        return shown

    @property
    def errors(self) -> dict[str, str]:
        """The errors shown under its inputs, by label."""
        return {self.label_of(block_id): text for block_id, text in self.view.errors.items()}

    def label_of(self, block_id: str) -> str:
        """The label of the input block with this id."""
        return next(str(block["label"]["text"]) for block in self.view.blocks if block.get("block_id") == block_id)

    def find(self, name: str, kinds: frozenset[str] | None) -> Placed:
        """The element known by this label, text or placeholder. AssertionError listing those that are there."""
        offered = [
            placed for placed in interactive(self.view.blocks) if kinds is None or placed.element["type"] in kinds
        ]
        for placed in offered:
            if name in names_of(placed):
                return placed
        there = ", ".join(names_of(placed)[0] for placed in offered) or "nothing"
        raise AssertionError(f"The form {self.title!r} has no {name!r}. There is: {there}.")


_BY_ID = ("users_select", "channels_select", "conversations_select")


def choice_in(workspace: Workspace, placed: Placed, choice: Any) -> Any:
    """A choice in the words of a test, in the terms of the element: @names and #channels become ids where it wants ids."""
    kind = STATEFUL.get(placed.element["type"])
    if kind is None or not placed.element["type"].endswith(_BY_ID):
        return choice
    return [_id_of(workspace, one) for one in choice] if isinstance(choice, list) else _id_of(workspace, choice)


def _id_of(workspace: Workspace, name: Any) -> Any:
    """The id behind @name or #channel; anything else as it is."""
    if isinstance(name, str) and name.startswith("@") and (user := workspace.user_named(name)) is not None:
        return user.id
    if isinstance(name, str) and name.startswith("#") and (channel := workspace.channel_named(name)) is not None:
        return channel.id
    return name


def names_of(placed: Placed) -> list[str]:
    """The names by which a person may mean an element: the label of its input or the text beside it, what it says, its
    placeholder.
    """
    if placed.element["type"] == "feedback_buttons":
        return feedback_texts(placed.element)
    beside = (placed.block.get("label") or placed.block.get("text") or {}).get("text", "")
    own = label(placed.element)
    ordered = (own, beside) if placed.element["type"] in PRESSED or placed.block["type"] == "actions" else (beside, own)
    return [name for name in ordered if name] or [placed.action_id]
