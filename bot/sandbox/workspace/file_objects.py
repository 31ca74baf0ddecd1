"""How Slack's API shows a file or a canvas; pure, decides no rule. Field names are those of Slack's documentation ("File
object", files.info).
"""

from __future__ import annotations

import mimetypes
import re

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.file_types import filetype, pretty
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.state import Canvas, Channel, File
from bot.sandbox.workspace.workspace import Workspace


def file_json(workspace: Workspace, file: File) -> Json:
    """A file as it appears inside a message: without where it is shared. Of a deleted one only a tombstone [from memory]."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    kind = file.snippet_type or filetype(file.name)
    described = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": "text/plain" if file.snippet_type else mimetypes.guess_type(file.name)[0] or "",
        "filetype": kind,
        "pretty_type": pretty(kind),
        "user": file.user,
        "editable": bool(file.snippet_type),
        "size": file.size,
        "mode": "snippet" if file.snippet_type else "hosted",
        "is_public": any(_is_public(channel) for channel, _ in shared_in(workspace, file)),
    }
    described |= _constants() | addresses(workspace, file.id, file.user, file.name)
    return described | ({"alt_txt": file.alt_txt} if file.alt_txt else {})


def _is_public(channel: Channel) -> bool:
    """Whether everybody may look into a conversation."""
    return channel.kind == "channel" and not channel.is_private


def _constants() -> Json:
    """What is the same for all files here: nothing external, nothing starred, no comments."""
    return {
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "comments_count": 0,
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
    }


def addresses(workspace: Workspace, file_id: str, user: str, name: str) -> Json:
    """Where the app gets the bytes, and where people look at the file. Names in addresses are in lower case, with "_"
    for what is no letter, digit, "." or "-" (seen in answers of Slack: slackapi/python-slack-sdk#1575).
    """
    slug = re.sub(r"[^a-z0-9.-]+", "_", name.lower())
    private = f"{workspace.address}/files-pri/{workspace.team.id}-{file_id}"
    return {
        "url_private": f"{private}/{slug}",
        "url_private_download": f"{private}/download/{slug}",
        "permalink": f"https://{workspace.team.domain}.slack.com/files/{user}/{file_id}/{slug}",
        "permalink_public": f"https://slack-files.com/{workspace.team.id}-{file_id}",
    }


def shared_in(workspace: Workspace, file: File) -> list[tuple[Channel, Message]]:
    """The messages that hold the file now."""
    found = [(workspace.channels.get(channel), ts) for channel, ts in file.shares]
    messages = [(channel, channel.log.find(ts)) for channel, ts in found if channel is not None]
    return [(channel, message) for channel, message in messages if message is not None and file.id in message.files]


def sharing_json(workspace: Workspace, file: File) -> Json:
    """Where a file is shared: what files.info shows beyond `file_json`."""
    shown: Json = {"shares": {}, "channels": [], "groups": [], "ims": []}
    lists = {"channel": "channels", "group": "groups", "mpim": "groups", "im": "ims"}
    for channel, message in shared_in(workspace, file):
        shares = shown["shares"].setdefault("public" if _is_public(channel) else "private", {})
        shares.setdefault(channel.id, []).append(_share_json(workspace, channel, message))
        if channel.id not in shown[lists[channel.type_name]]:
            shown[lists[channel.type_name]].append(channel.id)
    return shown


def _share_json(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """One message that holds a file."""
    shown = {
        "reply_users": list(message.reply_users)[:5],
        "reply_users_count": len(message.reply_users),
        "reply_count": len(message.replies),
        "ts": message.ts,
        "channel_name": channel.name,
        "team_id": workspace.team.id,
        "share_user_id": message.user,
    }
    return shown if message.thread_ts is None else shown | {"thread_ts": message.thread_ts}


def canvas_json(workspace: Workspace, canvas: Canvas) -> Json:
    """A canvas as files.info shows it [its types from memory: a canvas was called quip once]."""
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "name": canvas.title or "Untitled",
        "title": canvas.title or "Untitled",
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "user": canvas.user,
        "editable": True,
        "size": sum(len(section.markdown.encode()) for section in canvas.sections),
        "mode": "quip",
        "is_public": False,
        **_constants(),
        **addresses(workspace, canvas.id, canvas.user, "canvas"),
        "shares": {},
        "channels": [canvas.channel] if canvas.channel else [],
        "groups": [],
        "ims": [],
    }
