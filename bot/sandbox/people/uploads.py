"""Files that people put into forms."""

from __future__ import annotations

from typing import Any

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace import files
from bot.sandbox.workspace.file_objects import file_json
from bot.sandbox.workspace.state import User
from bot.sandbox.workspace.workspace import Workspace


def upload(workspace: Workspace, user: User, name: str, content: bytes) -> Json:
    """Keep a file of this person, which the app may read at once, and return it as Slack shows it. That the app may read
    it before the form is sent is the sandbox's simplification.
    """
    kept = files.add(workspace, user.id, name, content, readers=[workspace.app.bot_user])
    return file_json(workspace, kept)


def uploaded(workspace: Workspace, user: User, file: Any) -> Json:
    """The file meant: a (name, bytes) pair is uploaded first, anything else is one of this person's by its id. ValueError
    in words for that person when there is none.
    """
    if isinstance(file, tuple):
        name, content = file
        return upload(workspace, user, name, content)
    known = workspace.files.get(str(file.get("id"))) if isinstance(file, dict) else None
    if known is None or known.user != user.id:
        raise ValueError("This file is not there. Please choose it again.")
    return file_json(workspace, known)
