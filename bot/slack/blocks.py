"""The pieces of Block Kit that messages and forms are made of, within Slack's limits. Knows nothing of incidents."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.slack.ids import Action
from bot.slack.text import SECTION_LIMIT, mrkdwn, plain_text, unnamed

Block = dict[str, Any]
Element = dict[str, Any]

_FIELD_LIMIT = 2000
_HEADER_LIMIT = 150
_BUTTON_LIMIT = 75


def header(text: str) -> Block:
    """A heading of plain text, shortened to 150 code points."""
    return {"type": "header", "text": plain_text(unnamed(text), _HEADER_LIMIT)}


def section(text: str, accessory: Element | None = None) -> Block:
    """A paragraph of escaped mrkdwn, at most 3000 code points, with a button beside it if wanted."""
    assert len(text) <= SECTION_LIMIT, "shorten what people typed before it is escaped"
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def fields(*texts: str) -> Block:
    """Short paragraphs in two columns: at most 10, each at most 2000 code points of escaped mrkdwn."""
    assert len(texts) <= 10 and all(len(text) <= _FIELD_LIMIT for text in texts)
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Lines of escaped mrkdwn in as few sections as hold them. No line may be longer than a section."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= SECTION_LIMIT:
            texts[-1] += "\n" + line
        else:
            texts.append(line)
    return [section(text) for text in texts]


def context(text: str) -> Block:
    """A small grey line of escaped mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def menu(placeholder: str, action: Action, options: Iterable[tuple[str, str]]) -> Element:
    """A menu in which one option, a label and its value, is chosen at once."""
    shown = [{"text": plain_text(label, _BUTTON_LIMIT), "value": value} for label, value in options]
    return {
        "type": "static_select",
        "action_id": action.value,
        "placeholder": plain_text(placeholder, _BUTTON_LIMIT),
        "options": shown,
    }


def overflow(action: Action, options: Iterable[tuple[str, str]]) -> Element:
    """Three dots behind which one to five options stand, each a label and its value."""
    shown = [{"text": plain_text(label, _BUTTON_LIMIT), "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action.value, "options": shown}


def actions(buttons: Sequence[Element]) -> list[Block]:
    """A row of buttons; nothing when there are none."""
    return [{"type": "actions", "elements": list(buttons)}] if buttons else []


def button(label: str, action: Action, value: str = "", *, primary: bool = False, danger: bool = False) -> Element:
    """A button; `value` comes back when it is pressed. Primary is what comes next, danger what has consequences at once."""
    element: Element = {"type": "button", "text": plain_text(label, _BUTTON_LIMIT), "action_id": action.value}
    if value:
        element["value"] = value
    style = "primary" if primary else "danger" if danger else None
    return element | {"style": style} if style else element
