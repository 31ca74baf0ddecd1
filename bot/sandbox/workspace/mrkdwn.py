"""What becomes of text that people type or apps send: escaped, with mentions, channels and addresses in Slack's angle brackets.
Reading it back is in render.py.

From Slack's documentation, "Formatting message text" and, for commands, "Implementing slash commands" (escaping of
channels, users and links).
"""

from __future__ import annotations

import re

from bot.sandbox.workspace.workspace import Workspace

_NAME = re.compile(r"(?<![\w@#/&;.])([@#])([\w](?:[\w.-]*\w)?)")
_ADDRESS = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]}])")
_TOKEN = re.compile(r"(<[^<>]*>)")
_RAW_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_EVERYBODY = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """The three characters that Slack escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_once(text: str) -> str:
    """Text of an app, which may have escaped it already, as Slack gives a topic back."""
    return _RAW_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def linked(text: str) -> str:
    """Text of an app with its bare web addresses turned into links."""
    pieces = _TOKEN.split(text)
    return "".join(piece if index % 2 else _ADDRESS.sub(r"<\1>", piece) for index, piece in enumerate(pieces))


def with_names(workspace: Workspace, text: str, *, people: bool) -> str:
    """Text of an app with known #channels, @groups, @here and the like turned into mentions; `people` too on demand."""
    pieces = _TOKEN.split(text)
    return "".join(
        piece if index % 2 else _with_mentions(workspace, piece, people=people) for index, piece in enumerate(pieces)
    )


def typed(workspace: Workspace, text: str) -> str:
    """Text as Slack's client sends it: escaped, known names turned into mentions, web addresses into links."""
    pieces = _ADDRESS.split(escape(text))
    return "".join(
        f"<{piece}>" if index % 2 else _with_mentions(workspace, piece) for index, piece in enumerate(pieces)
    )


def _with_mentions(workspace: Workspace, text: str, *, people: bool = True) -> str:
    """Escaped text without addresses, its known @names and #channels turned into mentions."""

    def mention(match: re.Match[str]) -> str:
        sign, name = match.groups()
        found = _channel(workspace, name) if sign == "#" else _named(workspace, name, people=people)
        return found or match.group()

    return _NAME.sub(mention, text)


def _channel(workspace: Workspace, name: str) -> str | None:
    """The mention of a channel; a private one does not tell its name."""
    channel = workspace.channel_named(name)
    return None if channel is None else f"<#{channel.id}|{'' if channel.is_private else channel.name}>"


def _named(workspace: Workspace, name: str, *, people: bool) -> str | None:
    """The mention of a person, of a user group or of everybody."""
    if people and (user := workspace.user_named(name)):
        return f"<@{user.id}>"
    if group := workspace.usergroup_named(name):
        return f"<!subteam^{group.id}|@{group.handle}>"
    return f"<!{name}>" if name in _EVERYBODY else None
