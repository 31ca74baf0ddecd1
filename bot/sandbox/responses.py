"""What the app sends to a response_url: a message in answer to a command or a press, which it may also replace or
delete.

From Slack's documentation, "Handling user interaction": five uses in thirty minutes, ephemeral unless said otherwise,
also where the bot is not a member.
"""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.arguments import Args, content, has_content
from bot.sandbox.calls import CallJournal, CallRecord
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.triggers import Reply
from bot.sandbox.web_api import drop
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.posting import Author, delete, edit, post, post_ephemeral
from bot.sandbox.workspace.state import Channel


class ResponseUrls:
    """Serves /response/…; each use is recorded among the calls as "response_url"."""

    def __init__(self, platform: Platform, *, faults: Faults, limits: RateLimits, calls: CallJournal) -> None:
        self._platform = platform
        self._faults = faults
        self._limits = limits
        self._calls = calls

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one use with "ok", or with the error as text (from memory: 404 for a used or expired address)."""
        record = self._calls.begin("response_url")
        try:
            return await self._answer(request, record)
        except SlackError as refusal:
            record.outcome = refusal.code
            return web.Response(status=404 if refusal.code.endswith(" url") else 400, text=refusal.code)
        finally:
            self._calls.finish(record)

    async def _answer(self, request: web.Request, record: CallRecord) -> web.Response:
        """Carry one use out. SlackError when Slack would refuse it."""
        key = request.match_info["key"]
        if self._faults.outage:
            record.outcome = "dropped"
            return drop(request)
        record.args = await _body(request)
        if (wait := self._wait(key)) is not None:
            record.outcome = "429"
            return web.Response(status=429, text="rate_limited", headers={"Retry-After": str(wait)})
        respond(self._platform, key, record.args)
        record.outcome = "ok"
        return web.Response(text="ok")

    def _wait(self, key: str) -> int | None:
        """Seconds until an address may post to its channel; None when it may now."""
        reply = self._platform.replies.find(key)
        return None if reply is None else self._limits.wait("response_url", per_minute=None, channel=reply.channel)


async def _body(request: web.Request) -> Json:
    """The JSON object that was sent. SlackError invalid_payload (from memory) for anything else."""
    try:
        body = await request.json()
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    return body


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
    """Post a further message: to everybody when asked, else to the person who acted."""
    said, thread_ts = content(args), _thread_of(channel, reply, args)
    if args.text("response_type") == "in_channel":
        author = Author(user=platform.app.bot_user, by_app=True)
        return post(platform.workspace, channel, author, said, thread_ts=thread_ts)
    return post_ephemeral(platform.workspace, channel, said, viewer=reply.user, thread_ts=thread_ts)


def _thread_of(channel: Channel, reply: Reply, args: Args) -> str | None:
    """The thread that an answer goes to: the one it names, which needs `replace_original` to be false in so many words,
    or that of the ephemeral message it answers.
    """
    if "thread_ts" in args and "replace_original" in args.values and not args.flag("replace_original"):
        return args.text("thread_ts")
    return reply.thread_ts if reply.ephemeral else None
