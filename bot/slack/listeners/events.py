"""What happens in Slack without a command: replies in hypothesis threads, reactions, rooms that are archived or deleted.

Slack sends every message of every channel we are in. Kept are replies in the threads of hypotheses, what becomes of them, and what
somebody pins; all else is ignored.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.core.decision import SYSTEM, Origin
from bot.core.incident import Hypothesis, Incident, Thread
from bot.core.notes import PinMessage
from bot.core.rooms import ReportRoomGone
from bot.core.tracker.evidence import MarkReply, WithdrawMark
from bot.slack.history import Said, message_at
from bot.slack.insisting import insist
from bot.slack.listeners.act import Act
from bot.slack.listeners.actions import home_opened
from bot.slack.replies import (
    PIN,
    SIDES,
    author,
    deleted,
    edited,
    edited_at,
    is_written_reply,
    kept,
    posted_at,
    said,
)
from bot.slack.text import permalink

Happen = Callable[[Act], Awaitable[None]]


async def message(act: Act) -> None:
    """A message, or Slack's notice that one was edited or deleted: a reply in the thread of a hypothesis is kept and followed."""
    event = act.body["event"]
    follow = _FOLLOWED.get(event.get("subtype"))
    written = event if follow is None else event.get("previous_message") or {}
    if not is_written_reply(written) or author(written) == act.workspace.us:
        return
    channel = event["channel"]
    incident = await _open_incident(act, channel)
    if incident and (found := _hypothesis_of(incident, channel, written["thread_ts"])):
        if found[0].reply(written["ts"]) is None:
            await _keep(act, written, incident, *found)
        if follow is not None:
            await follow(act, event, incident, *found)


async def _edited(act: Act, event: Said, incident: Incident, one: Hypothesis, thread: Thread) -> None:
    """A reply was edited. What Slack itself adds, such as the preview of a link, is no edit."""
    now = event["message"]
    if said(now) != said(event["previous_message"]):
        at = edited_at(now) or posted_at(event["event_ts"])
        await act.service.handle(edited(now, incident, one.number, thread, act.workspace.url, at))


async def _deleted(act: Act, event: Said, incident: Incident, one: Hypothesis, thread: Thread) -> None:
    """A reply was deleted."""
    at = posted_at(event["event_ts"])
    await act.service.handle(deleted(event["deleted_ts"], incident, one.number, thread.channel, at))


_FOLLOWED = {"message_changed": _edited, "message_deleted": _deleted}
"""What becomes of a message, by Slack's name for the notice of it."""


async def reaction_added(act: Act) -> None:
    """A reaction: plus and minus make a kept reply evidence, a pushpin puts a message on the timeline."""
    channel, ts, name = _marked(act)
    if name not in (*SIDES, PIN) or (incident := await _open_incident(act, channel)) is None:
        return
    if name == PIN:
        await _pin(act, incident, channel, ts)
        return
    one = _replied(incident, ts) or await _late_reply(act, incident, channel, ts)
    if one:
        await act.service.handle(
            MarkReply(origin=_origin(act, incident), hypothesis=one.number, reply=ts, side=SIDES[name])
        )


async def reaction_removed(act: Act) -> None:
    """A reaction taken off: it is evidence no more, as far as this person goes."""
    channel, ts, name = _marked(act)
    if name not in SIDES or (incident := await _open_incident(act, channel)) is None:
        return
    if one := _replied(incident, ts):
        command = WithdrawMark(origin=_origin(act, incident), hypothesis=one.number, reply=ts, side=SIDES[name])
        await act.service.handle(command)


async def room_gone(act: Act) -> None:
    """A channel was archived or deleted: an open incident gets a new room."""
    event = act.body["event"]
    if incident := await _open_incident(act, event["channel"]):
        await act.service.handle(ReportRoomGone(origin=_origin(act, incident), channel=event["channel"]))


async def _keep(act: Act, message: Said, incident: Incident, one: Hypothesis, thread: Thread) -> None:
    await act.service.handle(kept(message, incident, one.number, thread, act.workspace.url))


async def _pin(act: Act, incident: Incident, channel: str, ts: str) -> None:
    """Put the message on the timeline, once, whoever pins it again."""
    found = await message_at(_calling(act), channel, ts)
    if found is None:
        return
    await act.service.handle(
        PinMessage(
            origin=_origin(act, incident).but(key=f"pin:{channel}:{ts}"),
            ts=ts,
            author=author(found),
            posted=posted_at(ts),
            text=said(found),
            permalink=permalink(act.workspace.url, channel, ts, found.get("thread_ts")),
        )
    )


async def _late_reply(act: Act, incident: Incident, channel: str, ts: str) -> Hypothesis | None:
    """The hypothesis in whose thread this message is, which we had not heard of: Slack promises no order. It is kept first."""
    if not incident.hypotheses:
        return None
    found = await message_at(_calling(act), channel, ts)
    if found is None or not is_written_reply(found) or author(found) == act.workspace.us:
        return None
    place = _hypothesis_of(incident, channel, found["thread_ts"])
    if place:
        await _keep(act, found, incident, *place)
    return place[0] if place else None


def _marked(act: Act) -> tuple[str, str, str]:
    """Channel and timestamp of the message that was reacted to, and the reaction without its skin tone."""
    event: dict[str, Any] = act.body["event"]
    item = event["item"]
    return item.get("channel", ""), item.get("ts", ""), event["reaction"].partition("::")[0]


async def _open_incident(act: Act, channel: str) -> Incident | None:
    found = await act.service.incident_in_room(channel, viewer="") if channel else None
    return found if found and found.is_open else None


def _hypothesis_of(incident: Incident, channel: str, thread: str) -> tuple[Hypothesis, Thread] | None:
    """The hypothesis whose thread this is."""
    places = ((one, one.thread) for one in incident.hypotheses if one.thread)
    return next(((one, place) for one, place in places if (place.channel, place.ts) == (channel, thread)), None)


def _replied(incident: Incident, ts: str) -> Hypothesis | None:
    """The hypothesis that has this reply."""
    return next((one for one in incident.hypotheses if one.reply(ts)), None)


def _origin(act: Act, incident: Incident) -> Origin:
    """When it happened, by Slack's clock, and by whom. An event that Slack sends again has the same id, so the same key."""
    event = act.body["event"]
    actor = event.get("user") or event.get("actor_id") or SYSTEM
    origin = act.service.origin(actor=actor, key=act.body["event_id"], incident=incident.number)
    return origin.but(at=posted_at(event["event_ts"]))


def _calling(act: Act) -> Callable[..., Awaitable[Any]]:
    """How to read in Slack. Made again while Slack waits, since it sends an event only a few times."""

    async def call(method: str, **arguments: Any) -> Any:
        return await insist(lambda: getattr(act.client, method.replace(".", "_"))(**arguments))

    return call


EVENTS: dict[str, Happen] = {
    "app_home_opened": home_opened,
    "message": message,
    "reaction_added": reaction_added,
    "reaction_removed": reaction_removed,
    "channel_archive": room_gone,
    "channel_deleted": room_gone,
    "group_archive": room_gone,
    "group_deleted": room_gone,
}
"""Every event that is listened to, by its type."""
