"""Reads what was said: a whole channel before it is archived, a thread after a gap, one message that somebody marked."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.failures import error_code

Call = Callable[..., Awaitable[Any]]
"""Calls a Web API method by its name."""
Said = dict[str, Any]
"""A message as Slack gives it."""

PAGE = 200


async def history_of(call: Call, channel: str, read: dict[str, list[Said]]) -> list[Said]:
    """Every message of the channel with the replies in its threads, oldest first. Threads that were read go into `read`, so that
    one who had to stop goes on from there. Raises SlackApiError."""
    said: dict[str, Said] = {}  # by timestamp, since a reply may be shown in the channel too
    pages = await call("conversations.history", channel=channel, limit=PAGE, include_all_metadata=True)
    async for page in pages:
        for message in page["messages"]:
            root = str(message["ts"])
            if message.get("reply_count") and root not in read:
                read[root] = await replies_of(call, channel, root)
            said |= {str(one["ts"]): one for one in (message, *read.get(root, ()))}
    return [said[ts] for ts in sorted(said)]


async def replies_of(call: Call, channel: str, thread: str, oldest: str = "0") -> list[Said]:
    """The replies in a thread that are newer than `oldest`, without the message they hang on. Raises SlackApiError."""
    replies: list[Said] = []
    pages = await call(
        "conversations.replies", channel=channel, ts=thread, oldest=oldest, limit=PAGE, include_all_metadata=True
    )
    async for page in pages:
        replies += [message for message in page["messages"] if message["ts"] != thread]
    return replies


async def message_at(call: Call, channel: str, ts: str) -> Said | None:
    """The message with this timestamp, in the channel or in one of its threads; None when there is none."""
    try:
        answer = await call(
            "conversations.replies", channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=10
        )
    except SlackApiError as error:
        if error_code(error) in {"thread_not_found", "message_not_found"}:
            return None
        raise
    return next((message for message in answer["messages"] if message["ts"] == ts), None)
