"""The banner of a drill: on every message, form and answer that belongs to one, so that nobody takes it for real."""

from dataclasses import replace

from bot.slack.blocks import Block, context
from bot.slack.messages.message import Message

DRILL = "DRILL"
"""Stands before everything that a drill says, plain text and mrkdwn alike."""

_BANNER = f"*{DRILL}. Nothing is wrong:* we practise with this one."


def banner() -> Block:
    """The line that a message or form of a drill begins with."""
    return context(_BANNER)


def marked(message: Message, is_drill: bool) -> Message:
    """The message as it is shown: that of a drill says so, in its notification too."""
    if not is_drill:
        return message
    return replace(message, text=f"{DRILL} · {message.text}", blocks=[banner(), *message.blocks])
