"""What a builder returns. Knows nothing of who sends it where."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.slack.blocks import Block, Element, actions, paragraphs, section
from bot.slack.text import SECTION_LIMIT


@dataclass(frozen=True)
class Message:
    """A message: `blocks` are what people see, `text` is what notifications and screen readers get. Both are escaped mrkdwn
    and within Slack's limits. `is_refusal`: it answers an attempt of which nothing came."""

    text: str
    blocks: list[Block]
    is_refusal: bool = False


def say(text: str) -> Message:
    """A message of one paragraph, at most 3000 code points of escaped mrkdwn."""
    return Message(text=text, blocks=[section(text)])


def say_lines(lines: Sequence[str], buttons: Sequence[Element] = ()) -> Message:
    """A message of many lines, each at most 3000 code points of escaped mrkdwn. The text has as many of them as fit."""
    text = lines[0]
    for line in lines[1:]:
        if len(text) + 1 + len(line) > SECTION_LIMIT:
            break
        text += f"\n{line}"
    return Message(text=text, blocks=[*paragraphs(lines), *actions(buttons)])
