"""Blocks and views that tests start from: valid, and as small as can be."""

from typing import Any


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def section(text: str, **fields: Any) -> dict[str, Any]:
    """A section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **fields}


def button(text: str, action_id: str = "press", **fields: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain(text), **fields}


def actions(*elements: dict[str, Any], block_id: str = "actions") -> dict[str, Any]:
    """An actions block."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def select(*options: str, kind: str = "static_select", action_id: str = "pick", **fields: Any) -> dict[str, Any]:
    """A menu of options whose values are their texts in lower case."""
    offered = [{"text": plain(text), "value": text.lower()} for text in options]
    return {"type": kind, "action_id": action_id, "options": offered, **fields}


def text_input(action_id: str = "text", **fields: Any) -> dict[str, Any]:
    """A text input."""
    return {"type": "plain_text_input", "action_id": action_id, **fields}


def question(label: str, element: dict[str, Any], block_id: str, **fields: Any) -> dict[str, Any]:
    """An input block."""
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **fields}


def modal(*blocks: dict[str, Any], title: str = "Form", **fields: Any) -> dict[str, Any]:
    """A form with a submit button."""
    return {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks), **fields}
