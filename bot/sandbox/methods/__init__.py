"""The Web API methods that the sandbox carries out, by name. Each module holds one family and its own table."""

from __future__ import annotations

from bot.sandbox.methods import auth, chat, conversations, forms, history, listings, marks, people
from bot.sandbox.methods.call import Call, Method, Tier

METHODS: dict[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **forms.METHODS,
    **history.METHODS,
    **listings.METHODS,
    **marks.METHODS,
    **people.METHODS,
}

__all__ = ["METHODS", "Call", "Method", "Tier"]
