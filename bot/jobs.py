"""What the outbox hands to whoever makes effects come true, and what it asks of those around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.core.decision import Command, Event
from bot.core.effects import Effect
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.store.journal import Recorded
from bot.store.lanes import Claim

ROOM_SECONDS = 1.0
"""How long an effect waits for a room in place of one that is gone."""

Receipt = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One effect to carry out: the event it came from, the incident as it stands now, what its lane and the incident's other
    lanes delivered before, and whether an earlier attempt may have reached Slack. `now` is the domain
    time. `posts`, for RewritePosts, are what was said of the event, by the ids that the messages are marked with."""

    claim: Claim
    recorded: Recorded
    incident: Incident
    policy: Policy
    now: datetime
    posts: Mapping[str, Effect] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        """The event that the effect follows from."""
        return self.recorded.event

    @property
    def effect(self) -> Effect:
        """The wish itself."""
        return self.claim.effect


class Gateway(Protocol):
    """Whatever makes effects come true."""

    async def deliver(self, job: Job) -> Receipt:
        """Carry it out and say what came of it. Raises TryAgain, Hopeless, Moot or Outdated."""


class Journal(Protocol):
    """What the outbox needs of the service."""

    async def handle(self, command: Command) -> object:
        """Record a delivery result."""

    async def state_for(self, team: str, number: int, seq: int) -> tuple[Incident, Recorded, Policy]:
        """The incident as it stands, its event `seq`, and its policy."""
