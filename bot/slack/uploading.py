"""Puts files into the room, each once: a file cannot carry the id of its effect in metadata, so its name does, and one whose answer
was lost is found again by that. Slack's documentation, "Working with files": ask where to, send the bytes, complete and share.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.core.delivery import TryAgain
from bot.jobs import Job, Receipt
from bot.slack.messages.drill import marked
from bot.slack.messages.message import say
from bot.slack.posting import LOOKED_AT, SKEW, Call, Posting

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, what it is called, and what it shows in words; all but the bytes plain text."""

    png: bytes
    title: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file: its name and bytes, its title, and what the message that shares it says (escaped mrkdwn)."""

    name: str
    content: bytes
    title: str
    comment: str
    alt_text: str = ""


Draw = Callable[[Job], Awaitable[Picture]]
"""Draws what an effect is about. Raises TryAgain when it cannot be drawn for now."""


async def post_picture(job: Job, channel: str, draw: Draw, posting: Posting, client: AsyncWebClient) -> Receipt:
    """Upload the picture and share it in the channel, unless an earlier attempt already did."""
    name = file_name(job)
    if job.claim.uncertain and (there := await shared(job, channel, name, posting)):
        return {"channel": channel, "file": there}
    picture = await draw(job)
    file = Upload(name, picture.png, picture.title, f"{picture.title}.", alt_text=picture.alt_text)
    return await upload(job, channel, file, posting, client)


async def upload(job: Job, channel: str, file: Upload, posting: Posting, client: AsyncWebClient) -> Receipt:
    """Upload a file and share it in the channel."""
    comment = marked(say(file.comment), job.incident.is_drill).text
    id = await send_file(channel, replace(file, comment=comment), posting.call, client, look=posting.insist)
    return {"channel": channel, "file": id}


async def send_file(channel: str, file: Upload, call: Call, client: AsyncWebClient, *, look: Call) -> str:
    """Upload a file and share it in the channel by `call`; `look` may be made twice. Its id. Raises TryAgain when Slack does not
    take the bytes, and what the calls raise."""
    described = {"alt_txt": file.alt_text} if file.alt_text else {}
    announced = await look("files.getUploadURLExternal", filename=file.name, length=len(file.content), **described)
    await _send(client, announced["upload_url"], file.content)
    shared_as = [{"id": announced["file_id"], "title": file.title}]
    await call("files.completeUploadExternal", files=shared_as, channel_id=channel, initial_comment=file.comment)
    return str(announced["file_id"])


def file_name(job: Job, ending: str = ".png") -> str:
    """By which it is known to be ours: the incident and the effect."""
    return f"{job.incident.name}-{job.claim.effect_id[:_SHORT]}{ending}".lower()


async def _send(client: AsyncWebClient, url: str, content: bytes) -> None:
    """Send the bytes. Until the upload is completed nobody sees them: what breaks here is simply tried again."""
    assert client.session is not None, "the composition root gives the client its session"
    async with client.session.post(url, data=content, headers={"Content-Type": "application/octet-stream"}) as answer:
        if answer.status != 200:
            raise TryAgain(f"Slack did not take the file (http {answer.status})")


async def shared(job: Job, channel: str, name: str, posting: Posting) -> str | None:
    """The id of the file that an earlier attempt shared, if it did. As for posts, our clock alone does not say how far to look."""
    oldest, seen = (job.claim.first_tried_at - SKEW).timestamp(), 0
    pages = await posting.insist("conversations.history", channel=channel, limit=200)
    async for page in pages:
        messages = page["messages"]
        for file in (file for message in messages for file in message.get("files", [])):
            if file.get("name") == name:
                return str(file["id"])
        seen += len(messages)
        if seen >= LOOKED_AT and messages and float(messages[-1]["ts"]) < oldest:
            break
    return None
