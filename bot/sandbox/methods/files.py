"""The files.* methods: an upload in its two calls around the POST of the bytes, and what a file is."""

from __future__ import annotations

import re

from bot.sandbox.arguments import Args, content
from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.jsontypes import Json
from bot.sandbox.limits import most
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.workspace.file_objects import canvas_json, file_json, sharing_json
from bot.sandbox.workspace.file_types import SNIPPETS
from bot.sandbox.workspace.files import announce_upload, complete, delete, may_read, share
from bot.sandbox.workspace.pictures import check_message
from bot.sandbox.workspace.posting import Author, Content
from bot.sandbox.workspace.state import Channel, File

_CHANNEL = re.compile(r"[CGDZ][A-Z0-9]{8,}")
_NOT_YET_KNOWN = {"mimetype": "", "filetype": "", "pretty_type": ""}
"""Slack looks at the bytes, and shares the file, after it has answered (slackapi/python-slack-sdk#1575)."""


def get_upload_url(call: Call) -> Json:
    """Where to send the bytes of a file."""
    length = _length(call.args)
    alt_txt, snippet_type = call.args.text("alt_txt"), call.args.text("snippet_type")
    if len(alt_txt) > most("file.alt_text"):
        raise SlackError("alt_txt_too_large")
    if snippet_type and snippet_type not in SNIPPETS:
        raise SlackError("unknown_snippet_type")
    if snippet_type and length > most("snippet.size"):
        raise SlackError("snippet_too_large")
    if length > most("file.size"):
        raise SlackError("file_upload_size_restricted")
    name = call.args.text("filename")
    file = announce_upload(call.workspace, call.bot.id, name, length, snippet_type=snippet_type, alt_txt=alt_txt)
    return {"upload_url": f"{call.platform.url}/upload/v1/{file.ticket}", "file_id": file.id}


def _length(args: Args) -> int:
    """The size that is announced. SlackError missing_argument for none at all or 0, invalid_arguments."""
    if "length" not in args or "filename" not in args:
        raise SlackError("missing_argument")
    try:
        length = int(args.text("length"))
    except ValueError:
        raise invalid_arguments("must be an integer [json-pointer:/length]") from None
    if length < 0:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    if not length:
        raise SlackError("missing_argument")
    return length


def complete_upload(call: Call) -> Json:
    """Let uploaded files exist, and share them in one message a channel if channels are named."""
    wanted = _wanted(call.args)
    channels = _channels(call)
    files = {_uploaded(call, file_id): title for file_id, title in wanted.items()}
    thread_ts = _checked(call, channels)
    said = _said(call)
    found = [call.workspace.files[file_id] for file_id in files]
    for file in found:
        complete(call.workspace, file, files[file.id] or file.name)
    shown = [_shown(call, file) | _NOT_YET_KNOWN for file in found]
    author = Author(user=call.bot.id, by_app=True)
    for channel in channels:
        share(call.workspace, channel, found, author, said, thread_ts=thread_ts)
    return {"files": shown}


def _wanted(args: Args) -> dict[str, str]:
    """The ids of the files and their titles ("" for none). SlackError invalid_arguments."""
    wrong = invalid_arguments("must provide an array of objects with an id [json-pointer:/files]")
    items = args.nested("files", error=wrong)
    if not isinstance(items, list) or not items:
        raise wrong
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in items):
        raise wrong
    return {item["id"]: str(item.get("title") or "") for item in items}


def _channels(call: Call) -> list[Channel]:
    """The channels of `channel_id` and `channels`, each once. SlackError invalid_arguments, channels_limit_exceeded,
    channel_not_found, invalid_channel.
    """
    one, many = call.args.text("channel_id"), call.args.names("channels")
    if one and not _CHANNEL.fullmatch(one):
        pattern = f"input must match regex pattern: ^{_CHANNEL.pattern}$"
        raise invalid_arguments(f"{pattern} [json-pointer:/channel_id]")
    if len(many) > most("file.channels"):
        raise SlackError("channels_limit_exceeded")
    names = {**({one: "channel_not_found"} if one else {}), **dict.fromkeys(many, "invalid_channel")}
    return [_visible(call, name, error) for name, error in names.items()]


def _visible(call: Call, name: str, error: str) -> Channel:
    """A conversation that the bot may know of. SlackError `error`."""
    channel = call.workspace.channels.get(name)
    if channel is None or not channel.visible_to(call.bot.id):
        raise SlackError(error)
    return channel


def _uploaded(call: Call, file_id: str) -> str:
    """The id of a file of the bot's whose bytes came and which is not complete. SlackError file_not_found (also for
    one completed before: its ticket is spent [inferred]), access_denied for another's.
    """
    file = call.workspace.files.get(file_id)
    if file is not None and file.user != call.bot.id:
        raise SlackError("access_denied")
    if file is None or not file.ticket or file.content is None:
        raise SlackError("file_not_found")
    return file.id


def _checked(call: Call, channels: list[Channel]) -> str | None:
    """The root of the thread to answer in, if any, once the bot may post to each channel. SlackError
    posting_to_channel_denied for an archived one [inferred], not_in_channel; invalid_arguments for a thread that is not
    there or not in the one channel [inferred].
    """
    for channel in channels:
        if channel.is_archived:
            raise SlackError("posting_to_channel_denied")
        if call.bot.id not in channel.members:
            raise SlackError("not_in_channel")
    if "thread_ts" not in call.args:
        return None
    root = channels[0].log.find(call.args.text("thread_ts")) if len(channels) == 1 else None
    if root is None or root.is_reply:
        raise invalid_arguments("must be the parent message of one channel [json-pointer:/thread_ts]")
    return root.ts


def _said(call: Call) -> Content:
    """What the message says besides: the comment, else the blocks. SlackError invalid_blocks."""
    if "initial_comment" in call.args:
        return Content(text=call.args.text("initial_comment"))
    try:
        said = content(Args({"blocks": call.args.values.get("blocks")}))
        check_message(call.workspace, said.blocks)
        return said
    except SlackError as refusal:
        raise SlackError("invalid_blocks", **refusal.fields) from refusal


def _shown(call: Call, file: File) -> Json:
    """A file, with where it is shared."""
    return file_json(call.workspace, file) | sharing_json(call.workspace, file)


def info(call: Call) -> Json:
    """What a file, or a canvas, is and where it is shared. SlackError file_not_found, file_deleted, not_visible."""
    file_id = call.args.text("file")
    canvas, file = call.workspace.canvases.get(file_id), call.workspace.files.get(file_id)
    if canvas is not None and canvas.deleted:
        raise SlackError("file_deleted")
    if canvas is not None:
        return _described(canvas_json(call.workspace, canvas))
    if file is None or file.ticket:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    if not may_read(call.workspace, file, call.bot.id):
        raise SlackError("not_visible")
    return _described(_shown(call, file))


def remove(call: Call) -> Json:
    """Delete a file of the bot's. SlackError file_not_found, file_deleted, cant_delete_file for another's [from memory]."""
    file = call.workspace.files.get(call.args.text("file"))
    if file is None or file.ticket:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    if file.user != call.bot.id:
        raise SlackError("cant_delete_file")
    delete(call.workspace, file)
    return {}


def _described(file: Json) -> Json:
    """The answer about one file; nobody can comment on files here."""
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}


_WRITE = ("files:write",)
METHODS = {
    "files.getUploadURLExternal": Method(
        run=get_upload_url,
        scopes=_WRITE,
        tier=Tier.T4,
        json=False,
        errors="alt_txt_too_large file_upload_size_restricted missing_argument snippet_too_large unknown_snippet_type",
    ),
    "files.completeUploadExternal": Method(
        run=complete_upload,
        scopes=_WRITE,
        required=("files",),
        tier=Tier.T4,
        errors="access_denied channel_not_found channels_limit_exceeded file_not_found invalid_blocks invalid_channel"
        " not_in_channel posting_to_channel_denied",
    ),
    "files.delete": Method(
        run=remove,
        scopes=_WRITE,
        required=("file",),
        tier=Tier.T3,
        errors="cant_delete_file file_deleted file_not_found",
    ),
    "files.info": Method(
        run=info,
        scopes=("files:read",),
        required=("file",),
        tier=Tier.T4,
        json=False,
        errors="file_deleted file_not_found not_visible",
    ),
}
