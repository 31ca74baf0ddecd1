"""What may be done to files: announce an upload, take its bytes, complete it, share it. Changes the workspace and tells
of it; knows nothing of HTTP.

From Slack's documentation, "Working with files": until an upload is completed the file does not exist for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.sandbox.ids import random_id, secret
from bot.sandbox.workspace.file_objects import shared_in
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.posting import Author, Content, post
from bot.sandbox.workspace.state import Channel, File
from bot.sandbox.workspace.workspace import Workspace


def announce_upload(
    workspace: Workspace, user: str, name: str, size: int, *, snippet_type: str = "", alt_txt: str = ""
) -> File:
    """A file whose `size` bytes are yet to come, under its ticket."""
    file = File(
        id=random_id("F"),
        name=name,
        title=name,
        user=user,
        created=workspace.now(),
        size=size,
        ticket=secret(),
        snippet_type=snippet_type,
        alt_txt=alt_txt,
    )
    workspace.files[file.id] = file
    return file


def add(workspace: Workspace, user: str, name: str, content: bytes, *, readers: Iterable[str] = ()) -> File:
    """A complete file that a person put in, such as one chosen in a form; `readers` are who else may read it at once."""
    file = announce_upload(workspace, user, name, len(content))
    file.content = content
    file.readers.extend(readers)
    complete(workspace, file, name)
    return file


def awaited(workspace: Workspace, ticket: str) -> File | None:
    """The file whose bytes are awaited under this ticket."""
    return next((file for file in workspace.files.values() if ticket and file.ticket == ticket), None)


def complete(workspace: Workspace, file: File, title: str) -> None:
    """Let the file exist, under this title; its upload address is spent."""
    file.ticket = ""
    file.title = title
    workspace.changed()


def delete(workspace: Workspace, file: File) -> None:
    """Take the file and its bytes away, and tell of it. The messages that hold it stay, with a tombstone."""
    file.deleted, file.content, file.name, file.title, file.alt_txt = True, None, "", "", ""
    for channel, _ in shared_in(workspace, file):
        workspace.announce({"type": "file_deleted", "file_id": file.id, "channel_ids": [channel.id]}, channel)
    workspace.changed()


def share(
    workspace: Workspace,
    channel: Channel,
    files: Sequence[File],
    author: Author,
    content: Content,
    *,
    thread_ts: str | None = None,
) -> Message:
    """Put files into one new message, and tell of it and of each file."""
    content = replace(content, files=tuple(file.id for file in files))
    message = post(workspace, channel, author, content, thread_ts=thread_ts)
    for file in files:
        file.shares.append((channel.id, message.ts))
        shared = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": author.user}
        workspace.announce({**shared, "file": {"id": file.id}}, channel)
    workspace.changed()
    return message


def may_read(workspace: Workspace, file: File, user: str) -> bool:
    """Whether the file exists for this user: as its owner or a reader, or by a message that this user can see."""
    if file.ticket:
        return False
    own = user == file.user or user in file.readers
    return own or any(channel.visible_to(user) for channel, _ in shared_in(workspace, file))
