"""For each limit of bot/sandbox/limits.py that is none of Block Kit how to reach it: a call in which the limited thing
counts `n`. Each is sent in a scene of its own.
"""

from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.workspace import directory
from tests.sandbox.limit_payloads import Case, url, words
from tests.sandbox.scene import LINK, Arguments, Scene, form

GROWTH = {"operation": "insert_at_end", "document_content": {"type": "markdown", "markdown": "x"}}


def called(method: str, arguments: Callable[[Scene, int], Arguments], pointer: str = "") -> Case:
    """A limit of a method."""

    async def send(client: AsyncWebClient, sandbox: Sandbox, n: int) -> object:
        async with Sandbox() as own:
            client = AsyncWebClient(token=own.bot_token, base_url=own.api_url)
            return await client.api_call(method, data=form(arguments(Scene(own), n)))

    return Case(send, pointer)


def metadata(n: int) -> Arguments:
    """Metadata whose JSON has `n` bytes."""
    empty = '{"event_type": "x", "event_payload": {"x": ""}}'
    return {"event_type": "x", "event_payload": {"x": "x" * (n - len(empty))}}


def task(n: int) -> Arguments:
    """A piece of a stream: a task with a title of `n` characters."""
    return {"type": "task_update", "id": "1", "title": words(n), "status": "pending"}


def people(scene: Scene, n: int) -> str:
    """`n` people who are new."""
    return ",".join(directory.hire(scene.sandbox.workspace, f"new{index}", "New").id for index in range(n))


CALLS = {
    "markdown_text": called("chat.postMessage", lambda s, n: {"channel": s.room, "markdown_text": words(n)}),
    "ephemeral.text": called("chat.postEphemeral", lambda s, n: {"channel": s.room, "user": s.bob, "text": words(n)}),
    "update.text": called("chat.update", lambda s, n: {"channel": s.room, "ts": s.root, "text": words(n)}),
    "metadata": called("chat.postMessage", lambda s, n: {"channel": s.room, "text": "x", "metadata": metadata(n)}),
    "stream.title": called(
        "chat.appendStream", lambda s, n: {"channel": s.room, "ts": s.stream(), "chunks": [task(n)]}
    ),
    "message.emoji_of_one_user": called(
        "reactions.add", lambda s, n: {"channel": s.room, "timestamp": s.reacted(n - 1), "name": "tada"}
    ),
    "channel.name": called("conversations.create", lambda s, n: {"name": "x" * n}),
    "channel.topic": called("conversations.setTopic", lambda s, n: {"channel": s.room, "topic": words(n)}),
    "channel.invited": called(
        "conversations.invite", lambda s, n: {"channel": s.room, "users": people(s, n)}, "/users"
    ),
    "channel.pins": called("pins.add", lambda s, n: {"channel": s.pinned(n - 1), "timestamp": s.root}),
    "channel.bookmarks": called("bookmarks.add", lambda s, n: LINK | {"channel_id": s.bookmarked(n - 1)}),
    "bookmark.title": called("bookmarks.add", lambda s, n: {**LINK, "channel_id": s.room, "title": words(n)}, "/title"),
    "bookmark.link": called("bookmarks.add", lambda s, n: {**LINK, "channel_id": s.room, "link": url(n)}),
    "direct.users": called("conversations.open", lambda s, n: {"users": people(s, n)}),
    "page.limit": called("conversations.history", lambda s, n: {"channel": s.room, "limit": n}),
    "replies.limit": called("conversations.replies", lambda s, n: {"channel": s.room, "ts": s.root, "limit": n}),
    "file.size": called("files.getUploadURLExternal", lambda s, n: {"filename": "x", "length": n}),
    "file.alt_text": called(
        "files.getUploadURLExternal", lambda s, n: {"filename": "x", "length": 1, "alt_txt": words(n)}
    ),
    "file.channels": called(
        "files.completeUploadExternal", lambda s, n: {"files": [{"id": s.uploaded()}], "channels": s.rooms(n)}
    ),
    "snippet.size": called(
        "files.getUploadURLExternal", lambda s, n: {"filename": "x", "length": n, "snippet_type": "python"}
    ),
    "canvas.size": called(
        "canvases.edit", lambda s, n: {"canvas_id": s.canvas(markdown="x" * (n - 1)), "changes": [GROWTH]}
    ),
    "canvas.section_types": called(
        "canvases.sections.lookup",
        lambda s, n: {"canvas_id": s.canvas(), "criteria": {"section_types": (["h1", "h2", "h3"] * n)[:n]}},
        "/criteria/section_types",
    ),
}
