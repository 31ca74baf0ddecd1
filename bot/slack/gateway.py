"""Makes effects come true in Slack: effect and current incident in, Web API calls, receipt out.

Every post carries the effect's id in its metadata, so that one whose answer was lost is found again instead of repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import wire
from bot.core.delivery import Hopeless, Moot, TryAgain
from bot.core.effects import (
    Announce,
    Effect,
    Invite,
    Mention,
    OpenRoom,
    PinCard,
    PostUpdate,
    SetTopic,
    ShowCard,
    ShowStatus,
    Tell,
)
from bot.core.updates import UpdateIssued, owed
from bot.outbox import Job, Receipt
from bot.slack.directory import Directory
from bot.slack.failures import error_code, judged, retry_after
from bot.slack.messages.announcement import announcement, topic
from bot.slack.messages.card import room_card
from bot.slack.messages.message import Message
from bot.slack.messages.notices import mentions, told
from bot.slack.messages.updates import status, update
from bot.slack.rooms import room_names

METADATA = "lockstep_effect"
SKEW = timedelta(minutes=10)
"""How far Slack's clock and ours may differ when we look for what we may have done."""
INVITE_AT_ONCE = 100


class SlackGateway:
    """Delivers to one workspace. `pace` says how many seconds a post to a channel must wait (0: go); `is_bound` whether an
    incident already has a channel as its room; `us` is the bot's user id."""

    def __init__(
        self,
        client: AsyncWebClient,
        directory: Directory,
        us: str,
        *,
        pace: Callable[[str], Awaitable[float]],
        is_bound: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._client, self._directory, self._us = client, directory, us
        self._pace, self._is_bound = pace, is_bound
        self._closed_until: dict[str, float] = {}
        self._deliver: dict[type[Effect], Callable[[Job, Any], Awaitable[Receipt]]] = {
            OpenRoom: self._open_room,
            Invite: self._invite,
            SetTopic: self._set_topic,
            ShowCard: self._show_card,
            PinCard: self._pin_card,
            Announce: self._announce,
            Tell: self._tell,
            Mention: self._mention,
            ShowStatus: self._show_status,
            PostUpdate: self._post_update,
        }

    async def deliver(self, job: Job) -> Receipt:
        """Carry out one effect. Raises TryAgain, Hopeless or Moot."""
        try:
            return await self._deliver[type(job.effect)](job, job.effect)
        except (TryAgain, Hopeless, Moot):
            raise
        except Exception as error:
            raise judged(error) from error

    # The room

    async def _open_room(self, job: Job, effect: OpenRoom) -> Receipt:
        if room := job.incident.room:  # known since an attempt that was cut off after it was recorded
            return {"channel": room.channel, "name": room.name}
        if job.claim.uncertain and (ours := await self._find_room(job)):
            return ours
        receipt, _ = await asyncio.gather(self._create_room(job), self._look_up_responders(job))
        return receipt

    async def _create_room(self, job: Job) -> Receipt:
        for name in room_names(job.incident.number, job.incident.title):
            try:
                answer = await self._call("conversations.create", name=name)
            except SlackApiError as error:
                if error_code(error) != "name_taken":
                    raise
                continue
            return {"channel": answer["channel"]["id"], "name": answer["channel"]["name"]}
        raise Hopeless("name_taken")

    async def _look_up_responders(self, job: Job) -> None:
        """Meanwhile: who will be invited next, so that it is known by then. What fails here is met again there, and reported."""
        with suppress(SlackApiError, aiohttp.ClientError, OSError, Hopeless):
            await self._directory.users(job.policy.invited([job.incident.severity]))

    async def _find_room(self, job: Job) -> Receipt | None:
        """The channel that an earlier attempt of ours opened: ours, young enough, and no other incident's room."""
        names = set(room_names(job.incident.number, job.incident.title))
        earliest = _earliest(job.claim.first_tried_at).timestamp()
        pages = await self._call("users.conversations", types="public_channel", exclude_archived=True, limit=999)
        async for page in pages:
            for channel in page["channels"]:
                ours = channel["creator"] == self._us and channel["created"] >= earliest
                if channel["name"] in names and ours and not await self._is_bound(channel["id"]):
                    return {"channel": channel["id"], "name": channel["name"]}
        return None

    async def _invite(self, job: Job, effect: Invite) -> Receipt:
        users = [user for user in await self._directory.users(effect.people) if user != self._us]
        for start in range(0, len(users), INVITE_AT_ONCE):
            some = users[start : start + INVITE_AT_ONCE]
            try:
                await self._call("conversations.invite", channel=_room(job), users=some, force=True)
            except SlackApiError as error:
                _raise_unless_all_are_in(error)
        return {"users": users}

    async def _set_topic(self, job: Job, effect: SetTopic) -> Receipt:
        wanted, room = topic(job.incident, job.policy), _room(job)
        if job.claim.uncertain:
            answer = await self._call("conversations.info", channel=room)
            if answer["channel"]["topic"]["value"] == wanted:
                return {"topic": wanted}
        await self._call("conversations.setTopic", channel=room, topic=wanted)
        return {"topic": wanted}

    async def _show_card(self, job: Job, effect: ShowCard) -> Receipt:
        card = room_card(job.incident, job.policy, owed(job.incident, job.policy))
        return await self._show(job, _room(job), card)

    async def _pin_card(self, job: Job, effect: PinCard) -> Receipt:
        card = _shown(job, "card")
        try:
            await self._call("pins.add", channel=card["channel"], timestamp=card["ts"])
        except SlackApiError as error:
            if error_code(error) != "already_pinned":
                raise
        return card

    async def _tell(self, job: Job, effect: Tell) -> Receipt:
        return await self._say(job, _room(job), told(job.event, job.incident))

    async def _mention(self, job: Job, effect: Mention) -> Receipt:
        ids = await self._directory.ids(effect.people)
        users, groups = [id for id in ids if not id.startswith("S")], [id for id in ids if id.startswith("S")]
        return await self._say(job, _room(job), mentions(job.incident, users, groups))

    # Those outside the room

    async def _announce(self, job: Job, effect: Announce) -> Receipt:
        channel = await self._directory.channel(job.policy.announce_in)
        return await self._show(job, channel, announcement(job.incident, job.policy))

    async def _show_status(self, job: Job, effect: ShowStatus) -> Receipt:
        channel = await self._audience_channel(job, effect.audience)
        return await self._show(job, channel, status(job.incident, effect.audience))

    async def _post_update(self, job: Job, effect: PostUpdate) -> Receipt:
        assert isinstance(job.event, UpdateIssued)
        root = _shown(job, f"status:{effect.audience}")
        return await self._say(
            job, root["channel"], update(job.event), thread_ts=root["ts"], reply_broadcast=job.event.to_channel
        )

    async def _audience_channel(self, job: Job, name: str) -> str:
        audience = job.policy.audience(name)
        if audience is None:
            raise Hopeless(f"the policy has no audience {name}")
        return await self._directory.channel(audience.channel)

    # Posting

    async def _show(self, job: Job, channel: str, message: Message) -> Receipt:
        """Post a living message once; from then on edit it in place. One that somebody deleted is posted anew."""
        if job.claim.receipt:
            try:
                await self._edit(job.claim.receipt, message)
                return job.claim.receipt
            except SlackApiError as error:
                if error_code(error) != "message_not_found":
                    raise
        return await self._say(job, channel, message)

    async def _edit(self, receipt: Receipt, message: Message) -> None:
        await self._call(
            "chat.update",
            channel=receipt["channel"],
            ts=receipt["ts"],
            text=message.text,
            blocks=message.blocks,
            parse="none",
        )

    async def _say(self, job: Job, channel: str, message: Message, **thread: Any) -> Receipt:
        """Post a message, unless an earlier attempt already did."""
        if job.claim.uncertain and (ts := await self._find_post(job, channel, thread.get("thread_ts"))):
            return {"channel": channel, "ts": ts}
        if (wait := await self._pace(channel)) > 0:
            raise TryAgain("not its turn", after=wait, fault=False)
        answer = await self._call(
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

    async def _find_post(self, job: Job, channel: str, thread: str | None) -> str | None:
        """The ts of the message that an earlier attempt posted, if it did."""
        oldest = f"{_earliest(job.claim.first_tried_at).timestamp():.6f}"
        where = {"ts": thread} if thread else {}
        method = "conversations.replies" if thread else "conversations.history"
        pages = await self._call(method, channel=channel, oldest=oldest, include_all_metadata=True, limit=200, **where)
        async for page in pages:
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == METADATA and _is_same(job, metadata.get("event_payload", {})):
                    return str(message["ts"])
        return None

    async def _call(self, method: str, **args: Any) -> Any:
        """Call a Web API method, unless Slack has asked us to leave it alone for now. Joins a public channel on first need."""
        if (until := self._closed_until.get(method, 0.0)) > wire():
            raise TryAgain("rate limited", after=until - wire(), fault=False)
        call = getattr(self._client, method.replace(".", "_"))
        try:
            return await call(**args)
        except SlackApiError as error:
            if error_code(error) == "not_in_channel" and method.startswith("chat.") and "channel" in args:
                await self._client.conversations_join(channel=args["channel"])
                return await call(**args)
            if getattr(error.response, "status_code", 200) == 429:
                self._closed_until[method] = wire() + retry_after(error)
            raise


def _room(job: Job) -> str:
    if job.incident.room is None:
        raise Moot
    return job.incident.room.channel


def _shown(job: Job, lane: str) -> Receipt:
    """Where the message of another lane is."""
    if lane not in job.claim.receipts:
        raise Moot
    return job.claim.receipts[lane]


def _earliest(first_tried_at: datetime | None) -> datetime:
    return (first_tried_at or datetime.max) - SKEW


def _marks(job: Job) -> dict[str, str]:
    """By what a message is known to be ours: the effect, and the lane for those messages that are one living thing."""
    return {"effect": job.claim.effect_id, "incident": job.incident.name, "lane": job.claim.lane}


def _is_same(job: Job, marks: dict[str, str]) -> bool:
    ours = _marks(job)
    names = ("incident", "lane") if job.effect.living else ("effect",)
    return all(marks.get(name) == ours[name] for name in names)


def _raise_unless_all_are_in(error: SlackApiError) -> None:
    """An invitation fails as a whole for one of many: "already in" is what we wanted."""
    response = error.response.data if hasattr(error.response, "data") else {}
    codes = {one.get("error") for one in response.get("errors", [])} or {error_code(error)}
    if not codes <= {"already_in_channel", "cant_invite_self"}:
        raise error
