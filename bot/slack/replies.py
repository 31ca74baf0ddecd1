"""Replies in hypothesis threads, as Slack gives them: which count, and the commands they become."""

from datetime import UTC, datetime
from typing import Any

from bot.core.decision import SYSTEM, Origin
from bot.core.incident import Incident, Side, Thread
from bot.core.tracker.evidence import KeepReply
from bot.core.tracker.rewriting import EditReply, NoteDeletion
from bot.slack.text import entered, permalink

SIDES = {"heavy_plus_sign": Side.FOR, "heavy_minus_sign": Side.AGAINST}
"""The reactions that make a reply evidence. A tick would not do: in most teams it means "seen"."""
PIN = "pushpin"
"""The reaction that puts a message on the timeline."""

_WRITTEN = {None, "thread_broadcast", "file_share", "bot_message", "me_message"}
"""The subtypes of messages that somebody wrote; the others are Slack's notices of changes."""

Said = dict[str, Any]


def is_written_reply(message: Said) -> bool:
    """Whether this is a reply that somebody wrote in a thread."""
    thread = message.get("thread_ts")
    return bool(thread) and thread != message.get("ts") and message.get("subtype") in _WRITTEN


def author(message: Said) -> str:
    """The id of whoever wrote it, a person or a bot."""
    return str(message.get("user") or message.get("bot_id") or "unknown")


def said(message: Said) -> str:
    """What it says as plain text, with the names of its files and where they are: we keep no copy of them."""
    return " ".join([entered(message.get("text") or ""), *map(_file, message.get("files") or ())]).strip()


def _file(file: Said) -> str:
    """A file by its name and its address, or by its id where Slack says no more: of one from elsewhere, or deleted since."""
    address = file.get("permalink") or file.get("id")
    return f"[file: {file.get('name') or 'without a name'}]{f' ({address})' if address else ''}"


def posted_at(ts: str) -> datetime:
    """When a message with this timestamp was written."""
    return datetime.fromtimestamp(float(ts), UTC)


def kept(message: Said, incident: Incident, hypothesis: int, thread: Thread, workspace: str) -> KeepReply:
    """The command that keeps this reply. Its key is the message's own, so that it is kept once, however we hear of it."""
    origin = Origin(
        team=incident.team,
        incident=incident.number,
        actor=author(message),
        at=posted_at(message["ts"]),
        key=f"reply:{thread.channel}:{message['ts']}",
    )
    return KeepReply(
        origin=origin,
        hypothesis=hypothesis,
        reply=message["ts"],
        author=author(message),
        text=said(message),
        permalink=permalink(workspace, thread.channel, message["ts"], thread.ts),
        edited=edited_at(message),
    )


def edited_at(message: Said) -> datetime | None:
    """When it was last edited by somebody; None when nobody did."""
    edited = message.get("edited") or {}
    return posted_at(edited["ts"]) if edited.get("ts") else None


def edited(
    message: Said, incident: Incident, hypothesis: int, thread: Thread, workspace: str, at: datetime
) -> EditReply:
    """The command that keeps what this reply says since it was edited. Its key is that of the edit."""
    origin = Origin(
        team=incident.team,
        incident=incident.number,
        actor=str((message.get("edited") or {}).get("user") or author(message)),
        at=at,
        key=f"edit:{thread.channel}:{message['ts']}:{at.timestamp():.6f}",
    )
    return EditReply(
        origin=origin,
        hypothesis=hypothesis,
        reply=message["ts"],
        text=said(message),
        permalink=permalink(workspace, thread.channel, message["ts"], thread.ts),
    )


def deleted(ts: str, incident: Incident, hypothesis: int, channel: str, at: datetime) -> NoteDeletion:
    """The command that keeps that this reply is there no more, once however we learn of it."""
    key = f"deleted:{channel}:{ts}"
    origin = Origin(team=incident.team, incident=incident.number, actor=SYSTEM, at=at, key=key)
    return NoteDeletion(origin=origin, hypothesis=hypothesis, reply=ts)
