"""What becomes of text that people type: escaped, with mentions, channels and addresses in Slack's angle brackets.
Reading it back is in render.py.

From Slack's documentation, "Formatting message text" and, for commands, "Implementing slash commands" (escaping of
channels, users and links).
"""

from __future__ import annotations

import re

from bot.sandbox.workspace.workspace import Workspace

_NAME = re.compile(r"(?<![\w@#/&;.])([@#])([\w](?:[\w.-]*\w)?)")
_ADDRESS = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]}])")
_EVERYBODY = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """The three characters that Slack escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(workspace: Workspace, text: str) -> str:
    """Text as Slack's client sends it: escaped, known names turned into mentions, web addresses into links."""
    pieces = _ADDRESS.split(escape(text))
    return "".join(
        f"<{piece}>" if index % 2 else _with_mentions(workspace, piece) for index, piece in enumerate(pieces)
    )


def _with_mentions(workspace: Workspace, text: str) -> str:
    """Escaped text without addresses, its known @names and #channels turned into mentions."""

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        return (_channel(workspace, name) if sign == "#" else _person(workspace, name)) or match.group()

    return _NAME.sub(mention, text)


def _channel(workspace: Workspace, name: str) -> str | None:
    """The mention of a channel; a private one does not tell its name."""
    channel = workspace.channel_named(name)
    return None if channel is None else f"<#{channel.id}|{'' if channel.is_private else channel.name}>"


def _person(workspace: Workspace, name: str) -> str | None:
    """The mention of a person, of a user group or of everybody."""
    if user := workspace.user_named(name):
        return f"<@{user.id}>"
    if group := workspace.usergroup_named(name):
        return f"<!subteam^{group.id}|@{group.handle}>"
    return f"<!{name}>" if name in _EVERYBODY else None
