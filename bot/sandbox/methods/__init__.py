"""The Web API methods that the sandbox carries out, by name. Each module holds one family and its own table."""

from __future__ import annotations

from bot.sandbox.methods import (
    auth,
    bookmarks,
    canvases,
    chat,
    conversations,
    files,
    forms,
    history,
    listings,
    marks,
    people,
    streaming,
    tokens,
)
from bot.sandbox.methods.call import Call, Method, Tier

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **bookmarks.METHODS,
    **canvases.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **forms.METHODS,
    **history.METHODS,
    **listings.METHODS,
    **marks.METHODS,
    **people.METHODS,
    **streaming.METHODS,
    **tokens.METHODS,
}

__all__ = ["METHODS", "Call", "Method", "Tier"]
