"""Files that people put into forms. The file belongs to the person until the app has read it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.ids import random_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import User
from bot.sandbox.workspace.workspace import Workspace


def upload(workspace: Workspace, user: User, name: str, content: bytes) -> Json:
    """Keep a file of this person, and return it as Slack shows it."""
    now = workspace.now()
    shown: Json = {
        "id": random_id("F"),
        "created": now,
        "timestamp": now,
        "name": name,
        "title": name,
        "filetype": name.rpartition(".")[2].lower() if "." in name else "",
        "user": user.id,
        "mode": "hosted",
        "size": len(content),
    }
    workspace.uploads[shown["id"]] = (shown, content)
    return shown


def uploaded(workspace: Workspace, user: User, file: Any) -> Json:
    """The file meant: a (name, bytes) pair is uploaded first, anything else is one of this person's by its id. ValueError
    in words for that person when there is none.
    """
    if isinstance(file, tuple):
        name, content = file
        return upload(workspace, user, name, content)
    known = workspace.uploads.get(str(file.get("id"))) if isinstance(file, dict) else None
    if known is None or known[0]["user"] != user.id:
        raise ValueError("This file is not there. Please choose it again.")
    return known[0]
