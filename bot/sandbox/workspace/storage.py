"""Keeps a workspace in a JSON file between two runs, and brings it back. Open forms, triggers, sockets and ephemeral
messages are of one run only and stay out.

What is read back must have been written here: a file of another format is refused, never half loaded.
"""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.message_log import Message, MessageLog
from bot.sandbox.workspace.state import Canvas, Channel, File, Note, Pin, Section, User, UserGroup
from bot.sandbox.workspace.workspace import Workspace

FORMAT = 1


def save(workspace: Workspace, path: Path) -> None:
    """Write the workspace, in one step: a crash leaves the old file or the new one."""
    kept = {
        "format": FORMAT,
        "epoch": workspace.clock.epoch(),
        "users": [asdict(user) for user in workspace.users.values()],
        "usergroups": [asdict(group) for group in workspace.usergroups.values()],
        "channels": [_channel_out(channel) for channel in workspace.channels.values()],
        "files": [_file_out(file) for file in workspace.files.values()],
        "canvases": [asdict(canvas) for canvas in workspace.canvases.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(kept, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load(workspace: Workspace, path: Path) -> None:
    """Bring a kept workspace back, if the file exists. The clock goes on where it stopped, or at the present if that is
    later. ValueError for other files.
    """
    if not path.exists():
        return
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept.get("format") != FORMAT:
            raise ValueError("unknown format")
        channels = [_channel_in(channel) for channel in kept["channels"]]
        users = [User(**user) for user in kept["users"]]
        groups = [UserGroup(**group) for group in kept["usergroups"]]
        files = [_file_in(file) for file in kept.get("files", ())]
        canvases = [_canvas_in(canvas) for canvas in kept.get("canvases", ())]
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ValueError(
            f"{path} does not hold a workspace kept by this sandbox ({fault}). Move it away to start afresh."
        ) from fault
    workspace.restore(users=users, usergroups=groups, channels=channels, files=files, canvases=canvases)
    workspace.clock.set_epoch(max(float(kept["epoch"]), time.time()))


def _channel_out(channel: Channel) -> Json:
    """A conversation with all its messages as JSON."""
    fields = {
        name: getattr(channel, name)
        for name in Channel.__dataclass_fields__
        if name not in ("log", "topic", "purpose", "members", "pins")
    }
    return {
        **fields,
        "topic": asdict(channel.topic),
        "purpose": asdict(channel.purpose),
        "members": list(channel.members),
        "pins": {ts: asdict(pin) for ts, pin in channel.pins.items()},
        "messages": [asdict(message) for message in channel.log.messages.values()],
        "last": channel.log.last,
    }


def _channel_in(kept: Json) -> Channel:
    """A conversation from its JSON."""
    log = MessageLog()
    kept.pop("ephemerals", None)  # kept by earlier versions; they do not outlive a reload
    for fields in kept.pop("messages"):
        log.append(Message(**(fields | {"replies": [], "reply_users": {}})))
    log.last = max(log.last, kept.pop("last"))
    return Channel(
        **(
            kept
            | {
                "topic": Note(**kept["topic"]),
                "purpose": Note(**kept["purpose"]),
                "members": dict.fromkeys(kept["members"]),
                "pins": {ts: Pin(**pin) for ts, pin in kept["pins"].items()},
                "log": log,
            }
        )
    )


def _file_out(file: File) -> Json:
    """A file as JSON, its bytes in base64."""
    content = None if file.content is None else base64.b64encode(file.content).decode("ascii")
    return asdict(file) | {"content": content}


def _file_in(kept: Json) -> File:
    """A file from its JSON."""
    content = None if kept["content"] is None else base64.b64decode(kept["content"])
    return File(**(kept | {"content": content, "shares": [(channel, ts) for channel, ts in kept["shares"]]}))


def _canvas_in(kept: Json) -> Canvas:
    """A canvas from its JSON."""
    return Canvas(**(kept | {"sections": [Section(**section) for section in kept["sections"]]}))
