"""Puts the postmortem into the room: as a file, of which there is one, and as the room's canvas where the workspace has canvases.
Slack's documentation: "Working with files", conversations.canvases.create, canvases.edit."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.delivery import TryAgain
from bot.jobs import Job, Receipt
from bot.slack.failures import error_code
from bot.slack.posting import Posting
from bot.slack.uploading import Upload, file_name, shared, upload

CANVAS_BYTES = 1_000_000
"""What a canvas takes, a little less than Slack's 1 MiB."""
_CUT = "\n\n*The rest is in the file in this room.*\n"
_NO_CANVASES = {
    "canvas_disabled_user_team",
    "canvas_globally_disabled",
    "team_tier_cannot_create_channel_canvases",
    "restricted_action",
    "missing_scope",
    "not_allowed_token_type",
}
"""What Slack says where there are no canvases for us: the file has everything."""
_IS_THERE = {"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"}
_GONE = {"canvas_not_found", "canvas_deleted"}

Write = Callable[[Job], Awaitable[str]]
"""Writes the document that an effect is about, as Markdown."""


async def post_document(job: Job, channel: str, write: Write, posting: Posting, client: AsyncWebClient) -> Receipt:
    """Share the document as it stands, unless an earlier attempt of this effect did; then delete the one shared before."""
    name = file_name(job, "-postmortem.md")
    there = await shared(job, channel, name, posting) if job.claim.uncertain else None
    if there is None:
        text = await write(job)
        title = f"Postmortem of {job.incident.name}"
        comment = f"{title}: {job.incident.postmortem.stage.value}."
        file = Upload(name, text.encode(), title, comment)
        there = str((await upload(job, channel, file, posting, client))["file"])
    before = (job.claim.receipt or {}).get("file")
    if before and before != there:
        await _delete(before, posting)
    return {"channel": channel, "file": there}


async def _delete(file: str, posting: Posting) -> None:
    """One that is gone already is deleted."""
    try:
        await posting.insist("files.delete", file=file)
    except SlackApiError as error:
        if error_code(error) not in ("file_deleted", "file_not_found"):
            raise


async def show_canvas(job: Job, channel: str, write: Write, posting: Posting) -> Receipt:
    """The room's canvas is the document as it stands. A canvas that people made there is left alone; one that is there already may
    be our own, from an attempt of which we never heard."""
    text = _fitting(await write(job))
    canvas = (job.claim.receipt or {}).get("canvas")
    if canvas and await _edited(canvas, text, posting):
        return {"canvas": canvas}
    try:
        answer = await posting.call(
            "conversations.canvases.create", channel_id=channel, document_content=_content(text)
        )
    except SlackApiError as error:
        if error_code(error) in _NO_CANVASES:
            return {}
        if error_code(error) not in _IS_THERE:
            raise
        ours = await _ours(job, channel, posting)
        return {"canvas": ours} if ours and await _edited(ours, text, posting) else {}
    return {"canvas": answer["canvas_id"]}


async def _edited(canvas: str, text: str, posting: Posting) -> bool:
    """Whether the canvas says this now; False when it is gone, or nobody can have one any more."""
    change = {"operation": "replace", "document_content": _content(text)}
    try:
        await posting.insist("canvases.edit", canvas_id=canvas, changes=[change])
    except SlackApiError as error:
        if error_code(error) == "canvas_editing_locked":
            raise TryAgain("somebody is editing the canvas", fault=False, after=5.0) from error
        if error_code(error) in _GONE | _NO_CANVASES:
            return False
        raise
    return True


async def _ours(job: Job, channel: str, posting: Posting) -> str | None:
    """The room's canvas, if it has our heading."""
    room = (await posting.insist("conversations.info", channel=channel))["channel"]
    canvas = (room.get("properties") or {}).get("canvas") or {}
    if not canvas.get("file_id"):
        return None
    wanted = {"section_types": ["h1"], "contains_text": f"Postmortem of {job.incident.name}"}
    try:
        found = await posting.insist("canvases.sections.lookup", canvas_id=canvas["file_id"], criteria=wanted)
    except SlackApiError as error:
        if error_code(error) in _GONE | _NO_CANVASES:
            return None
        raise
    return str(canvas["file_id"]) if found["sections"] else None


def _content(text: str) -> dict[str, Any]:
    return {"type": "markdown", "markdown": text}


def _fitting(text: str) -> str:
    """As much of it as a canvas takes, up to the end of a line."""
    if len(text.encode()) <= CANVAS_BYTES:
        return text
    cut = text.encode()[: CANVAS_BYTES - len(_CUT)].decode(errors="ignore")
    return cut[: cut.rfind("\n")] + _CUT
