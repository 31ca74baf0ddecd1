"""Makes effects come true in Slack: effect and current incident in, Web API calls, receipt out. `posting.py` posts and edits."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.checkpoints import Checkpoint, pass_by
from bot.core.delivery import Hopeless, Moot, Outdated, RoomGone, TryAgain
from bot.core.effects import (
    Announce,
    ArchiveRoom,
    Effect,
    Invite,
    Mention,
    OpenRoom,
    PinCard,
    PostDocument,
    PostFallback,
    PostNote,
    PostPicture,
    PostUpdate,
    RenameRoom,
    RewritePosts,
    SaveHistory,
    SendDirect,
    SetTopic,
    ShowCanvas,
    ShowCard,
    ShowHypothesis,
    ShowStatus,
    Tell,
    TellTeam,
    TellThread,
    Whisper,
)
from bot.core.ends import ENDS
from bot.core.learning.action_reminders import ActionsEscalated
from bot.core.lifecycle import PhaseEntered
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.reports import HISTORY, PERMALINK, ZONE
from bot.core.rooms import room_names, room_prefix
from bot.core.router.promises import waiting
from bot.core.router.reminders import LateNoted, UpdateReminded
from bot.core.router.renewals import is_outdated
from bot.core.router.updates import UpdateIssued, owed
from bot.core.value import canonical
from bot.jobs import ROOM_SECONDS, Job, Receipt
from bot.slack.direct import Direct, told_directly
from bot.slack.directory import Directory
from bot.slack.documents import Write, post_document, show_canvas
from bot.slack.failures import error_code, judged
from bot.slack.history import Said, history_of
from bot.slack.messages.actions import calling, direct, escalated
from bot.slack.messages.announcement import announcement, topic
from bot.slack.messages.card import room_card
from bot.slack.messages.hypotheses import hypothesis, told_in_thread
from bot.slack.messages.message import Message
from bot.slack.messages.notices import told, with_head
from bot.slack.messages.promises import late_note, reminder, undelivered
from bot.slack.messages.updates import status, update
from bot.slack.posting import METADATA, NO_CHANNEL, THREAD_GONE, Pace, Posting
from bot.slack.rewriting import called, rewrite_posts
from bot.slack.running import Running
from bot.slack.text import permalink
from bot.slack.uploading import Draw, post_picture

INVITE_AT_ONCE = 100


class SlackGateway:
    """Delivers to one workspace. `pace` says how many seconds a post to a channel must wait (0: go), `pace_edits` the same of an
    edit of one message; `is_bound` whether an incident already has a channel as its room; `playbook_of` what a run goes
    on from; `draw` draws, `write` writes postmortems; `us` is the bot's user id, `workspace` the workspace's
    address."""

    def __init__(
        self,
        client: AsyncWebClient,
        directory: Directory,
        us: str,
        workspace: str,
        *,
        pace: Pace,
        pace_edits: Pace,
        is_bound: Callable[[str], Awaitable[bool]],
        playbook_of: Callable[[Run], Awaitable[Playbook]],
        draw: Draw,
        write: Write,
        checkpoint: Checkpoint = pass_by,
    ) -> None:
        self._posting = Posting(client, pace, checkpoint)
        self._direct = Direct(self._posting, directory)
        self._threads: dict[str, dict[str, list[Said]]] = {}
        self._directory, self._us, self._workspace = directory, us, workspace
        self._pace_edits, self._is_bound = pace_edits, is_bound
        self._deliver: dict[type[Effect], Callable[[Job, Any], Awaitable[Receipt]]] = {
            OpenRoom: self._open_room,
            Invite: self._invite,
            SetTopic: self._set_topic,
            ShowCard: self._show_card,
            PinCard: self._pin_card,
            Announce: self._announce,
            Tell: self._tell,
            Mention: self._mention,
            ShowHypothesis: self._show_hypothesis,
            TellThread: self._tell_thread,
            RenameRoom: self._rename_room,
            RewritePosts: self._rewrite_posts,
            SaveHistory: self._save_history,
            ArchiveRoom: self._archive_room,
            ShowStatus: self._show_status,
            PostUpdate: self._post_update,
            PostNote: self._post_note,
            SendDirect: self._send_direct,
            PostFallback: self._post_fallback,
            Whisper: self._whisper,
            TellTeam: self._tell_team,
            **Running(self._posting, playbook_of, pace_edits).deliver,
            PostPicture: lambda job, effect: post_picture(job, _room(job), draw, self._posting, client),
            PostDocument: lambda job, effect: post_document(job, _room(job), write, self._posting, client),
            ShowCanvas: lambda job, effect: show_canvas(job, _room(job), write, self._posting),
        }

    async def deliver(self, job: Job) -> Receipt:
        """Carry out one effect. Raises TryAgain, Hopeless, Moot, Outdated or RoomGone."""
        try:
            return await self._deliver[type(job.effect)](job, job.effect)
        except (TryAgain, Hopeless, Moot, Outdated):
            raise
        except SlackApiError as error:
            if job.effect.in_room and job.incident.room and error_code(error) in NO_CHANNEL:
                raise (RoomGone(job.incident.room.channel) if job.incident.is_open else Moot()) from error
            raise judged(error) from error
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
        return await self._named(job, "conversations.create", is_private=job.incident.is_private)

    async def _named(self, job: Job, method: str, **room: Any) -> Receipt:
        """Give a new room, or one that is there, the first name that is not taken."""
        for name in _names(job):
            try:
                answer = await self._posting.call(method, name=name, **room)
            except SlackApiError as error:
                if error_code(error) != "name_taken":
                    raise
                continue
            return {"channel": answer["channel"]["id"], "name": answer["channel"]["name"]}
        raise Hopeless("name_taken")

    async def _rename_room(self, job: Job, effect: RenameRoom) -> Receipt:
        """Unless it is called so already, or people gave it another name."""
        room, prefix = _room(job), _prefix(job)
        named = (await self._posting.insist("conversations.info", channel=room))["channel"]["name"]
        if named not in _names(job) and named.startswith(prefix):
            await self._named(job, "conversations.rename", channel=room)
        return {}

    async def _look_up_responders(self, job: Job) -> None:
        """Meanwhile: who will be invited next, so that it is known by then. What fails here is met again there, and reported."""
        with suppress(SlackApiError, aiohttp.ClientError, OSError, Hopeless):
            await self._directory.users(job.policy.invited([job.incident.severity]))

    async def _find_room(self, job: Job) -> Receipt | None:
        """The channel that an earlier attempt of ours opened: ours, no other incident's room, and since we have said nothing in it
        yet, not one from the time of another database either. One that is called after another title, which was changed or
        redacted since, is renamed."""
        names, prefix = set(_names(job)), _prefix(job)
        pages = await self._posting.insist("users.conversations", types=_kind(job), exclude_archived=True, limit=999)
        async for page in pages:
            for channel in page["channels"]:
                ours = channel["creator"] == self._us and f"{channel['name']}-".startswith(prefix)
                if ours and not await self._is_bound(channel["id"]) and await self._is_fresh(channel["id"]):
                    if channel["name"] in names:
                        return {"channel": channel["id"], "name": channel["name"]}
                    return await self._named(job, "conversations.rename", channel=channel["id"])
        return None

    async def _is_fresh(self, channel: str) -> bool:
        """Whether we have said nothing in it yet. What else there is are a few words of Slack's own about its beginning."""
        answer = await self._posting.insist(
            "conversations.history", channel=channel, include_all_metadata=True, limit=200
        )
        return not any((one.get("metadata") or {}).get("event_type") == METADATA for one in answer["messages"])

    async def _invite(self, job: Job, effect: Invite) -> Receipt:
        users = [user for user in await self._directory.users(effect.people) if user != self._us]
        for start in range(0, len(users), INVITE_AT_ONCE):
            some = users[start : start + INVITE_AT_ONCE]
            try:
                await self._posting.call("conversations.invite", channel=_room(job), users=some, force=True)
            except SlackApiError as error:
                _raise_unless_all_are_in(error)
        return {"users": users}

    async def _set_topic(self, job: Job, effect: SetTopic) -> Receipt:
        wanted, room = topic(job.incident, job.policy), _room(job)
        if job.claim.uncertain:
            answer = await self._posting.insist("conversations.info", channel=room)
            if answer["channel"]["topic"]["value"] == wanted:
                return {}
        await self._posting.call("conversations.setTopic", channel=room, topic=wanted)
        return {}

    async def _show_card(self, job: Job, effect: ShowCard) -> Receipt:
        card = room_card(job.incident, job.policy, owed(job.incident, job.policy))
        return await self._posting.show(job, _room(job), card)

    async def _pin_card(self, job: Job, effect: PinCard) -> Receipt:
        card = _shown(job, "card")
        if card["channel"] != _room(job):  # that of a room that is gone; the new one is on its way
            raise TryAgain("the card is not there yet", after=ROOM_SECONDS, fault=False)
        try:
            await self._posting.call("pins.add", channel=card["channel"], timestamp=card["ts"])
        except SlackApiError as error:
            if error_code(error) != "already_pinned":
                raise
        return card

    async def _tell(self, job: Job, effect: Tell) -> Receipt:
        message = told(job.event, job.incident, job.policy)
        if isinstance(job.event, (PhaseEntered, *ENDS)):
            message = with_head(message, job.recorded.seq, job.recorded.hash)
        return self._standing(await self._posting.say(job, _room(job), message))

    async def _mention(self, job: Job, effect: Mention) -> Receipt:
        message = await called(job, effect.people, self._directory)
        return await self._posting.say(job, _room(job), message)

    async def _rewrite_posts(self, job: Job, effect: RewritePosts) -> Receipt:
        await rewrite_posts(job, self._posting, self._directory, self._direct)
        return {}

    async def _show_hypothesis(self, job: Job, effect: ShowHypothesis) -> Receipt:
        one = job.incident.hypothesis(effect.hypothesis)
        is_edit = job.claim.receipt or job.claim.uncertain  # one that was posted already is found, and edited
        if is_edit and (wait := await self._pace_edits(f"{_room(job)} {job.claim.lane}")) > 0:
            raise TryAgain("not its turn", after=wait, fault=False)
        shown = await self._posting.show(job, _room(job), hypothesis(one, job.incident, job.policy))
        return self._standing(shown)

    def _standing(self, said: Receipt, thread: str | None = None) -> Receipt:
        """With the address of the message."""
        return said | {PERMALINK: permalink(self._workspace, said["channel"], said["ts"], thread)}

    async def _tell_thread(self, job: Job, effect: TellThread) -> Receipt:
        root = _shown(job, f"hypothesis:{effect.hypothesis}")
        if root["channel"] != _room(job):
            raise TryAgain("the thread is not there yet", after=ROOM_SECONDS, fault=False)
        message = told_in_thread(job.event, job.incident, job.policy)
        try:
            said = await self._posting.reply(job, root, message, to_channel=effect.to_room)
            return self._standing(said, root["ts"])
        except SlackApiError as error:
            if error_code(error) in THREAD_GONE:  # it is posted anew
                raise TryAgain("the thread is gone", after=ROOM_SECONDS, fault=False) from error
            raise

    async def _save_history(self, job: Job, effect: SaveHistory) -> Receipt:
        messages = await history_of(self._posting.call, _room(job), self._threads.setdefault(_room(job), {}))
        return {HISTORY: canonical(messages), "messages": len(messages)}

    async def _archive_room(self, job: Job, effect: ArchiveRoom) -> Receipt:
        """Archiving puts us out of the channel, so that nothing can be read any more: not before its history is kept."""
        _shown(job, "history")
        try:
            await self._posting.call("conversations.archive", channel=_room(job))
        except SlackApiError as error:
            if error_code(error) != "already_archived":
                raise
        return {"channel": _room(job)}

    # Those outside the room

    async def _announce(self, job: Job, effect: Announce) -> Receipt:
        channel = await self._directory.channel(job.policy.announce_in)
        return await self._posting.show(job, channel, announcement(job.incident, job.policy))

    async def _show_status(self, job: Job, effect: ShowStatus) -> Receipt:
        channel = await self._audience_channel(job, effect.audience)
        return await self._posting.show(job, channel, status(job.incident, effect.audience, job.policy))

    async def _post_update(self, job: Job, effect: PostUpdate) -> Receipt:
        """Unless another one has taken its place meanwhile, or it is not true any more: nobody reads what was true once."""
        assert isinstance(job.event, UpdateIssued)
        said = await self._reply(
            job, effect.audience, update(job.event), job.event.to_channel, instead=_no_longer(job, effect.audience)
        )
        return self._standing(said, _shown(job, f"status:{effect.audience}")["ts"])

    async def _post_note(self, job: Job, effect: PostNote) -> Receipt:
        """Unless they have been told meanwhile."""
        assert isinstance(job.event, LateNoted)
        instead = _no_longer(job, effect.audience)
        return await self._reply(job, effect.audience, late_note(job.event), job.event.to_channel, instead=instead)

    async def _reply(
        self, job: Job, audience: str, message: Message, to_channel: bool, instead: Exception | None = None
    ) -> Receipt:
        """Post a reply to the audience's status message. `instead`: it is not to be posted any more; raised, unless it was posted
        before that was so."""
        root = _shown(job, f"status:{audience}")
        if instead is None:
            return await self._posting.reply(job, root, message, to_channel=to_channel)
        if there := await self._posting.replied_before(job, root):
            return there
        raise instead

    async def _post_fallback(self, job: Job, effect: PostFallback) -> Receipt:
        """Moot when the policy has no channel for it any more, or the audience has read the update meanwhile."""
        assert isinstance(job.event, UpdateIssued)
        if job.policy.undelivered_to is None or waiting(job.incident, job.recorded.seq) is None:
            raise Moot
        channel = await self._directory.channel(job.policy.undelivered_to)
        return await self._posting.say(job, channel, undelivered(job.event, job.incident))

    async def _whisper(self, job: Job, effect: Whisper) -> Receipt:
        """Of action items with the time zone of whoever reads it, by which they are reminded of them later."""
        if isinstance(job.event, UpdateReminded):
            return await self._posting.say(
                job, await self._direct.conversation(effect.to), reminder(job.event, job.incident, job.policy)
            )
        zone, channel = await asyncio.gather(self._directory.zone_name(effect.to), self._direct.conversation(effect.to))
        said = await self._posting.say(job, channel, direct(job.event, job.incident, job.policy, effect.to))
        return said | ({ZONE: zone} if zone else {})

    async def _tell_team(self, job: Job, effect: TellTeam) -> Receipt:
        """Moot when the policy has no channel for it any more."""
        if job.policy.actions_in is None:
            raise Moot
        assert isinstance(job.event, ActionsEscalated)
        channel = await self._directory.channel(job.policy.actions_in)
        ids = await self._directory.ids(job.event.to)
        message = escalated(job.event, job.incident, job.policy)
        return await self._posting.say(job, channel, calling(message, ids))

    async def _send_direct(self, job: Job, effect: SendDirect) -> Receipt:
        return await self._direct.send(job, effect, told_directly(job), instead=_no_longer(job, effect.audience))

    async def _audience_channel(self, job: Job, name: str) -> str:
        audience = job.policy.audience(name)
        if audience is None or audience.channel is None:
            raise Hopeless(f"the policy has no channel for {name}")
        return await self._directory.channel(audience.channel)


def _no_longer(job: Job, audience: str) -> Exception | None:
    """Why what the event says to an audience is not to be posted any more: an update that was overtaken or is not true by now, a
    note that an update is late after one was sent; None when it is."""
    if isinstance(job.event, LateNoted):
        told = job.incident.told.get(audience)
        is_late = job.incident.is_open and told is not None and told.last == job.event.last
        return None if is_late else Moot()
    if not isinstance(job.event, UpdateIssued):
        return None
    if waiting(job.incident, job.recorded.seq) is None:
        return Moot()
    return Outdated() if is_outdated(job.incident, job.event, job.now, job.policy) else None


def _kind(job: Job) -> str:
    """What Slack calls the kind of channel that the room is."""
    return "private_channel" if job.incident.is_private else "public_channel"


def _names(job: Job) -> Iterator[str]:
    """What the room may be called, best first."""
    return room_names(job.incident.number, job.incident.title, job.incident.is_drill)


def _prefix(job: Job) -> str:
    """How the name of the room begins as long as it is one of ours."""
    return f"{room_prefix(job.incident.number, job.incident.is_drill)}-"


def _room(job: Job) -> str:
    if job.incident.room is None:
        raise Moot
    return job.incident.room.channel


def _shown(job: Job, lane: str) -> Receipt:
    """Where the message of another lane is."""
    if lane not in job.claim.receipts:
        raise Moot
    return job.claim.receipts[lane]


def _raise_unless_all_are_in(error: SlackApiError) -> None:
    """An invitation fails as a whole for one of many: "already in" is what we wanted."""
    data = getattr(error.response, "data", None)
    response = data if isinstance(data, dict) else {}
    codes = {one.get("error") for one in response.get("errors", [])} or {error_code(error)}
    if not codes <= {"already_in_channel", "cant_invite_self"}:
        raise error
