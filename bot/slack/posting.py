"""Posts and edits messages, each once: a post carries the id of its effect in Slack's message metadata, so that one whose answer
was lost is found again instead of repeated. Waits where Slack asks us to.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkpoints import Checkpoint, Step, pass_by
from bot.clock import elapsed
from bot.core.delivery import TryAgain
from bot.jobs import Job, Receipt
from bot.slack.failures import error_code, retry_after
from bot.slack.insisting import insist
from bot.slack.messages.drill import marked
from bot.slack.messages.message import Message, say
from bot.slack.text import channel_link

METADATA = "lockstep_effect"
INSIST_SECONDS = 1.0
"""For so long a call that is not all there is to an effect is made again at once."""
SKEW = timedelta(minutes=10)
"""How far Slack's clock and ours may differ when we look for what we may have done."""
LOOKED_AT = 1000
"""So many messages of a channel are looked at, whatever our clock says."""
NO_CHANNEL = {"channel_not_found", "is_archived", "is_inactive"}
"""What Slack says when a channel is gone, or closed to everybody."""

FORMER = "former"
"""Where a receipt of a living message has the ts of those that it replaces, since somebody deleted them."""

DELETED = {"message_not_found", "cant_update_message"}
"""What Slack says when a message of ours was deleted; of one with replies there remains what nobody can edit."""

THREAD_GONE = {"thread_not_found", "message_not_found", "cannot_reply_to_message"}
"""What Slack says when the message that a thread hangs on was deleted."""

ONLY_MEMBERS = ("chat.", "conversations.history", "conversations.replies")
"""What Slack lets members of a channel do: say something there, and look whether it was said."""

Call = Callable[..., Awaitable[Any]]
Pace = Callable[[str], Awaitable[float]]
"""Says how many seconds something must wait; 0 also takes its turn."""


class Posting:
    """Speaks to Slack's Web API. `pace` says how long a post to a channel must wait; `checkpoint` is where crash tests cut."""

    def __init__(self, client: AsyncWebClient, pace: Pace, checkpoint: Checkpoint = pass_by) -> None:
        self._client, self._pace, self._checkpoint = client, pace, checkpoint
        self._closed_until: dict[str, float] = {}

    async def show(self, job: Job, channel: str, message: Message) -> Receipt:
        """Post a living message once; from then on edit it in place. One that somebody deleted is posted anew, and so is one
        that belongs into another channel by now: the one before then says so. The receipt names those that were deleted: what
        was said in their threads still stands there."""
        shown, there, former = marked(message, job.incident.is_drill), job.claim.receipt, Receipt()
        if there and there["channel"] != channel:
            moved = say(f"{job.incident.name} is now followed in {channel_link(channel)}.")
            await self._edited(there, marked(moved, job.incident.is_drill), DELETED | NO_CHANNEL, self.insist)
        elif there:
            if await self._edited(there, shown, DELETED):
                return there
            former = {FORMER: [*there.get(FORMER, ()), there["ts"]]}
        # What an earlier attempt posted shows what was true then.
        there = await self.said_before(job, channel, None)
        if there and await self._edited(there, shown, DELETED, self.insist):
            return there | former
        return await self._post(job, channel, message) | former

    async def _edited(self, receipt: Receipt, message: Message, gone: set[str], call: Call | None = None) -> bool:
        """Edit a message; False when Slack says in one of these ways that it is gone."""
        try:
            await self._edit(receipt, message, call or self.call)
        except SlackApiError as error:
            if error_code(error) not in gone:
                raise
            return False
        return True

    async def _edit(self, receipt: Receipt, message: Message, call: Call) -> None:
        await call(
            "chat.update",
            channel=receipt["channel"],
            ts=receipt["ts"],
            text=message.text,
            blocks=message.blocks,
            parse="none",
        )

    async def say(self, job: Job, channel: str, message: Message) -> Receipt:
        """Post a message, unless an earlier attempt already did."""
        return await self.said_before(job, channel, None) or await self._post(job, channel, message)

    async def reply(self, job: Job, root: Receipt, message: Message, *, to_channel: bool = False) -> Receipt:
        """Post a message in the thread of `root`, and in the channel too if wanted, unless an earlier attempt already did."""
        if there := await self.replied_before(job, root):
            return there
        thread = {"thread_ts": root["ts"], "reply_broadcast": to_channel}
        return await self._post(job, root["channel"], message, **thread)

    async def replied_before(self, job: Job, root: Receipt) -> Receipt | None:
        """Where an earlier attempt posted the reply, if one did: in this thread, or in that of a root that was deleted since."""
        for ts in (root["ts"], *root.get(FORMER, ())):
            try:
                if there := await self.said_before(job, root["channel"], ts):
                    return there
            except SlackApiError as error:
                if ts == root["ts"] or error_code(error) not in THREAD_GONE:
                    raise
        return None

    async def _post(self, job: Job, channel: str, message: Message, **thread: Any) -> Receipt:
        """Post a message, when it is its turn."""
        if (wait := await self._pace(channel)) > 0:
            raise TryAgain("not its turn", after=wait, fault=False)
        message = marked(message, job.incident.is_drill)
        answer = await self.call(
            "chat.postMessage",
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": METADATA, "event_payload": _marks(job)},
            unfurl_links=False,
            unfurl_media=False,
            **thread,
        )
        return {"channel": channel, "ts": answer["ts"]}

    async def said_before(self, job: Job, channel: str, thread: str | None) -> Receipt | None:
        """Where an earlier attempt posted the message, if one did."""
        if job.claim.uncertain and (ts := await self._find_post(job, channel, thread)):
            return {"channel": channel, "ts": ts}
        return None

    async def _find_post(self, job: Job, channel: str, thread: str | None) -> str | None:
        """The ts of the message that an earlier attempt posted, if it did."""
        async for message, marks in self._ours(channel, thread, job.claim.first_tried_at):
            if _is_same(job, marks):
                return str(message["ts"])
        return None

    async def _ours(
        self, channel: str, thread: str | None, since: datetime
    ) -> AsyncIterator[tuple[dict[str, Any], dict[str, str]]]:
        """Our own messages of a channel, or of a thread in it, each with the marks it carries. Since when to look is not left to
        our clock alone, which may have been set: however old that makes them, the newest messages of the channel are looked at,
        and the whole thread."""
        oldest = (since - SKEW).timestamp()
        where = {"ts": thread} if thread else {}
        method = "conversations.replies" if thread else "conversations.history"
        pages = await self.insist(method, channel=channel, include_all_metadata=True, limit=200, **where)
        seen = 0
        async for page in pages:
            messages = page["messages"]
            for message in messages:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == METADATA:
                    yield message, metadata.get("event_payload", {})
            seen += len(messages)
            if not thread and seen >= LOOKED_AT and messages and float(messages[-1]["ts"]) < oldest:
                break

    async def rewrite(
        self, channel: str, thread: str | None, since: datetime, anew: Callable[[str], Awaitable[Message | None]]
    ) -> None:
        """Edit those of our own messages there for whose effect, given by its id, `anew` has a message. One that is gone by then is
        none any more."""
        async for message, marks in self._ours(channel, thread, since):
            shown = await anew(marks.get("effect", ""))
            if shown is None:
                continue
            try:
                await self._edit({"channel": channel, "ts": message["ts"]}, shown, self.insist)
            except SlackApiError as error:
                if error_code(error) not in DELETED:
                    raise

    async def insist(self, method: str, **args: Any) -> Any:
        """Call a method that does no harm when it is called twice, again for a moment when it fails. Where one must look before
        sending again, each try would else need two calls in a row to go well, and what needs more luck than others counts as what
        does not work."""
        return await insist(lambda: self.call(method, **args), INSIST_SECONDS)

    async def call(self, method: str, **args: Any) -> Any:
        """Call a Web API method, unless Slack has asked us to leave it alone for now. Joins a public channel on first need."""
        limited = _limited_together(method, args)
        if (until := self._closed_until.get(limited, -math.inf)) > elapsed():
            raise TryAgain("rate limited", after=until - elapsed(), fault=False)
        try:
            return await self._call(method, args)
        except SlackApiError as error:
            if error_code(error) == "not_in_channel" and method.startswith(ONLY_MEMBERS):
                await self._call("conversations.join", {"channel": args["channel"]})
                return await self._call(method, args)
            if getattr(error.response, "status_code", 200) == 429:
                self._closed_until[limited] = elapsed() + retry_after(error)
            raise

    async def _call(self, method: str, args: dict[str, Any]) -> Any:
        self._checkpoint(Step.CALLING, method)
        answer = await getattr(self._client, method.replace(".", "_"))(**args)
        self._checkpoint(Step.ANSWERED, method)
        return answer


def _limited_together(method: str, args: dict[str, Any]) -> str:
    """What Slack closes when it answers 429: the method, and of posts, whose pace it counts by channel, those to this one. When all
    posts are meant, each channel's next one learns so."""
    return f"{method} {args['channel']}" if method == "chat.postMessage" else method


def _marks(job: Job) -> dict[str, str]:
    """By what a message is known to be ours: the effect, the lane for those messages that are one living thing, and the number of
    the event that it puts into words."""
    return {
        "effect": job.claim.effect_id,
        "incident": job.incident.name,
        "lane": job.claim.lane,
        "event": str(job.recorded.seq),
    }


def _is_same(job: Job, marks: dict[str, str]) -> bool:
    ours = _marks(job)
    names = ("incident", "lane") if job.effect.living else ("effect",)
    return all(marks.get(name) == ours[name] for name in names)
