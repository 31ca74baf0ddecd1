"""What must hold in Slack whatever happened on the way: nothing lost, nothing doubled, each lane in its order."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from bot.sandbox import Sandbox
from bot.slack.posting import METADATA
from bot.store import tables
from tests.operating.given import open_by_hand

_SAID = (
    "Tell",
    "Mention",
    "TellThread",
    "PostUpdate",
    "PostFallback",
    "Whisper",
    "PostPicture",
    "TellRun",
    "SayStep",
)
"""The kinds of effects that are a message of their own; of `SendDirect` each of its people has one."""
_PICTURE = re.compile(r"(?:inc|drill)-(\d+)-([0-9a-f-]+)\.png")
"""The name of a picture's file: the number of its incident, and how its effect's id begins."""
_SHOWN = ("ShowCard", "Announce", "ShowHypothesis", "ShowStatus", "ShowRun")
"""The kinds that are one message for all their effects."""

Post = dict[str, Any]


def broken_promises(sandbox: Sandbox, database_url: str) -> list[str]:
    """What Slack lacks, shows twice or in another order than the outbox says; what was given up is left out, since people were
    told of it, and so are updates that were overtaken before they were sent, and incidents that lost a room, and all that was in
    it. Call it when nothing waits."""
    event, incident = tables.event.c, tables.incident.c
    with open_by_hand(database_url) as connection:
        lost = set(connection.scalars(select(event.incident).where(event.kind == "RoomLost")))
        rooms = connection.execute(select(incident.number, incident.room_channel)).all()
        lost |= {number for number, room in rooms if room and room not in sandbox.workspace.channels}
        issued = connection.execute(select(event.incident, event.data).where(event.kind == "UpdateIssued")).all()
        effects = connection.execute(select(tables.effect).where(tables.effect.c.incident.not_in(lost))).all()
    posts = [*_posts(sandbox), *_pictures(sandbox, [row.id for row in effects if row.kind == "PostPicture"])]
    posts = [post for post in posts if post["number"] not in lost]
    given_up = {row.id for row in effects if row.failure is not None}
    overtaken = {(number, seq) for number, data in issued for seq in json.loads(data).get("overtakes", ())}
    said = {row.id: row for row in effects if row.kind in _SAID and row.id not in given_up}
    said = {id: row for id, row in said.items() if row.kind != "PostUpdate" or (row.incident, row.seq) not in overtaken}
    shown = {(row.incident, row.lane) for row in effects if row.kind in _SHOWN and row.failure is None}
    times_said = Counter(post["effect"] for post in posts if post["effect"] in said)
    times_shown = Counter((post["number"], post["lane"]) for post in posts)
    known = {row.id for row in effects}
    wrong = [
        f"{said[id].lane} of INC-{said[id].incident}: said {n} times" for id, n in _other_than_once(said, times_said)
    ]
    wrong += [f"{lane} of INC-{number}: shown {n} times" for (number, lane), n in _other_than_once(shown, times_shown)]
    wrong += _told_directly(
        sandbox, [row for row in effects if row.kind == "SendDirect" and row.id not in given_up], posts
    )
    wrong += [
        f"{post['lane']} of INC-{post['number']}: nothing asked for it" for post in posts if post["effect"] not in known
    ]
    return wrong + _out_of_order(posts, {row.id: row.position for row in said.values()})


def _other_than_once(wanted: Iterable[Any], times: Counter[Any]) -> list[tuple[Any, int]]:
    return [(one, times[one]) for one in wanted if times[one] != 1]


def _told_directly(sandbox: Sandbox, direct: list[Any], posts: list[Post]) -> list[str]:
    """Which direct message somebody has read twice, and which of those meant for them alone they have not read, nor anything as
    one of another audience."""
    us, channels = sandbox.workspace.app.bot_user, sandbox.workspace.channels.values()
    person = {channel.id: who for channel in channels if channel.kind == "im" for who in channel.members if who != us}
    read = Counter((post["effect"], person.get(post["channel"])) for post in posts)
    wrong = [(row, who, n) for row in direct for (id, who), n in read.items() if id == row.id and n > 1]
    for row in direct:
        for who in json.loads(row.data).get("only", ()):
            elsewhere = [one.id for one in direct if one.incident == row.incident and one.lane != row.lane]
            if not any(read[id, who] for id in (row.id, *elsewhere)):
                wrong.append((row, who, 0))
    return [f"{row.lane} of INC-{row.incident}: {who} read it {n} times" for row, who, n in wrong]


def _posts(sandbox: Sandbox) -> Iterator[Post]:
    """Every message of the bot's that is an effect come true, in the order of each channel."""
    for channel in sandbox.workspace.channels.values():
        for message in sandbox.messages(channel.id):
            marks = message.get("metadata") or {}
            if marks.get("event_type") == METADATA and message.get("subtype") != "tombstone":
                payload = marks["event_payload"]
                number = int(payload["incident"].removeprefix("INC-"))
                yield {"effect": payload["effect"], "lane": payload["lane"], "number": number, "channel": channel.id}


def _pictures(sandbox: Sandbox, ids: list[str]) -> Iterator[Post]:
    """Every picture that stands in a channel. A file cannot be marked with the whole id of its effect; its name begins with it."""
    for channel in sandbox.workspace.channels.values():
        for message in sandbox.messages(channel.id):
            for name in (file.get("name") or "" for file in message.get("files") or ()):
                if found := _PICTURE.fullmatch(name):
                    effect = next((id for id in ids if id.startswith(found[2])), name)
                    yield {"effect": effect, "lane": "picture", "number": int(found[1]), "channel": channel.id}


def _out_of_order(posts: list[Post], positions: dict[str, int]) -> list[str]:
    by_lane: dict[tuple[int, str], list[int]] = defaultdict(list)
    for post in posts:
        if post["effect"] in positions:
            by_lane[post["number"], post["lane"]].append(positions[post["effect"]])
    return [
        f"{lane} of INC-{number} was said in the order {order}"
        for (number, lane), order in by_lane.items()
        if order != sorted(order)
    ]
