"""What the app sends to a response_url: a message in answer to a command or a press, which it may also replace or
delete.

From Slack's documentation, "Handling user interaction": five uses in thirty minutes, ephemeral unless said otherwise,
also where the bot is not a member.
"""

from __future__ import annotations

from bot.sandbox.arguments import Args, content, has_content
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform
from bot.sandbox.triggers import Reply
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.posting import Author, delete, edit, post, post_ephemeral
from bot.sandbox.workspace.state import Channel


def respond(platform: Platform, key: str, body: Json) -> None:
    """Carry out one use of a response_url. SlackError "Expired url", "Used url", no_text, invalid_blocks and the like."""
    reply = platform.replies.use(key)
    if reply is None or reply.channel not in platform.workspace.channels:
        raise SlackError("Unknown url")
    channel = platform.workspace.channels[reply.channel]
    args = Args(body)
    original = channel.log.find(reply.message_ts, viewer=reply.user) if reply.message_ts is not None else None
    if args.flag("delete_original"):
        if original is not None:
            delete(platform.workspace, channel, original)
    elif not has_content(args):
        raise SlackError("no_text")
    elif args.flag("replace_original") and original is not None:
        edit(platform.workspace, channel, original, content(args), editor=platform.app.bot_user)
    else:
        _say(platform, channel, reply, args)


def _say(platform: Platform, channel: Channel, reply: Reply, args: Args) -> Message:
    """Post a further message: to everybody when asked and possible, else to the person who acted."""
    said = content(args)
    thread_ts = args.text("thread_ts") or (reply.thread_ts if reply.ephemeral else None)
    if args.text("response_type") == "in_channel":
        author = Author(user=platform.app.bot_user, by_app=True)
        return post(platform.workspace, channel, author, said, thread_ts=thread_ts)
    return post_ephemeral(platform.workspace, channel, said, viewer=reply.user, thread_ts=thread_ts)
