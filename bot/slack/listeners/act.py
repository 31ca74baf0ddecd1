"""What somebody did in Slack: a command typed, a button pressed, a form sent. Every listener gets one, and returns its answer.

The shapes are those of Slack's documentation, "Slash commands", "block_actions payload" and "view_submission payload".
"""

import asyncio
import re
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.decision import Origin
from bot.core.duties import is_strict, leads
from bot.core.errors import UnknownIncident
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.privacy import sees
from bot.service import Service
from bot.slack.directory import Directory
from bot.slack.forms.modal import Sent
from bot.slack.ids import Drawn

Body = dict[str, Any]

_NUMBER = re.compile(r"(?:inc-?)?(\d{1,9})", re.IGNORECASE)


class Background:
    """Work that goes on after the acknowledgement. Holds its tasks, since the event loop alone would let them be collected."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this meanwhile."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is still going on."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True)
class Workspace:
    """Where we are: the names of things, the bot's own user id, and the workspace's address, ending in a slash."""

    directory: Directory
    us: str
    url: str


@dataclass(frozen=True)
class Act:
    """What somebody did: Slack's payload, and what is needed to handle and answer it."""

    body: Body
    service: Service
    client: AsyncWebClient
    respond: AsyncRespond
    background: Background
    workspace: Workspace

    @property
    def person(self) -> str:
        """The id of whoever did it."""
        return str(self.body["user"]["id"] if "user" in self.body else self.body["user_id"])

    @property
    def pressed(self) -> Drawn:
        """What the button that was pressed was drawn for."""
        return Drawn.read(self.body["actions"][0]["value"])

    @property
    def sent(self) -> Sent:
        """The form that was sent."""
        return Sent(self.body["view"])

    @property
    def is_at_home(self) -> bool:
        """Whether it was done in App Home, which is no form."""
        return bool(self.body.get("view", {}).get("type") == "home")

    @property
    def is_of_drill(self) -> bool:
        """Whether it was done to a message or in a form of a drill, as that was drawn."""
        carried = self.body["view"].get("private_metadata") if "view" in self.body else None
        value = carried or self.body.get("actions", [{}])[0].get("value") or ""
        return value.startswith("{") and Drawn.read(value).is_drill

    def origin(self, incident: int = 0) -> Origin:
        """Where a command comes from that this calls for. A redelivered payload has the same trigger, so the same key."""
        return self.service.origin(actor=self.person, key=self.body["trigger_id"], incident=incident)

    async def zone(self) -> ZoneInfo:
        """The time zone of whoever did it; UTC when Slack does not say in time."""
        return await self.workspace.directory.zone(self.person)

    async def present(self, now: Incident, policy: Policy, user: str) -> int | None:
        """How many people are in the room, if a rule asks for that: when this person leads, where leading is a job of its own. None
        when no rule does, or Slack does not say."""
        if now.room is None or not (leads(now, user) and is_strict(now, policy)):
            return None
        return await self.workspace.directory.count_people(now.room.channel, policy.responders_before_refusing)

    async def names(self, now: Incident) -> tuple[str, ...]:
        """How the people of the incident are written: those in its room, with a role, or who declared it."""
        people = [now.declared_by, *(seat.user for seat in now.seats.values())]
        return await self.workspace.directory.written_names(now.room.channel if now.room else None, people)

    async def incident(self, number: int) -> Incident:
        """The incident as it stands, if this person may see it. Raises UnknownIncident."""
        return await self.service.incident(number, viewer=self.person)

    async def looked_up(self, number: int) -> Incident:
        """The incident of a number that somebody typed. A private one is as good as none outside of its room, but for its insiders.
        Raises UnknownIncident."""
        found = await self.incident(number)
        is_here = found.room is not None and found.room.channel == self.body.get("channel_id")
        if not is_here and not sees(found, self.person):
            raise UnknownIncident(number)
        return found


def incident_number(text: str) -> int | None:
    """The number in `INC-7`, `inc-7` or `7`; None when it is none."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None
