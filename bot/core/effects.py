"""What Slack should come to show after an event: wishes, which the outbox keeps until each has come true exactly once.

An effect names things by meaning ("this incident's room"); ids are found at delivery. Each lies in a *lane*: effects of one
lane are delivered one at a time and in order, lanes run side by side, and a lane may need another to have delivered first.
A *living* effect shows current state, so that of several waiting ones only the last is carried out; a *said* one is an event
put into words, and none may be dropped.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from bot.core.actions import ActionItemAdded, NoActionNeeded
from bot.core.decision import Event
from bot.core.delivery import DeliveryFailed
from bot.core.facts import (
    BoundariesMarked,
    ContainmentRecorded,
    ImpactStated,
    RecoveryVerified,
    TitleChanged,
)
from bot.core.incident import Incident
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.policy import Policy
from bot.core.roles import RoleTaken
from bot.core.severity import SeverityChanged
from bot.core.updates import Occasion, PromiseMoved, UpdateIssued, listeners
from bot.core.value import Value


class Effect(Value, ABC):
    """A wish. `living` is explained above; `lane` and `needs` (another lane, or None) say when its turn comes."""

    living: ClassVar[bool] = False
    needs: ClassVar[str | None] = "room"

    @property
    @abstractmethod
    def lane(self) -> str:
        """The lane it waits in."""

    @property
    def needs_lane(self) -> str | None:
        """The lane that must have delivered before this effect's lane starts."""
        return self.needs


class OpenRoom(Effect):
    """The incident has a channel of its own."""

    needs = None

    @property
    def lane(self) -> str:
        return "room"


class Invite(Effect):
    """These people (ids, or `@handle` of a user group) are in the room."""

    people: tuple[str, ...]
    lane_of: str

    @property
    def lane(self) -> str:
        return f"invite:{self.lane_of}"


class SetTopic(Effect):
    """The room's topic says what the incident is."""

    living = True

    @property
    def lane(self) -> str:
        return "topic"


class ShowCard(Effect):
    """The room card shows the incident as it stands."""

    living = True

    @property
    def lane(self) -> str:
        return "card"


class PinCard(Effect):
    """The room card is pinned."""

    needs = "card"

    @property
    def lane(self) -> str:
        return "pin"


class Announce(Effect):
    """The announcement channel shows that the incident exists and where it stands."""

    living = True

    @property
    def lane(self) -> str:
        return "announcement"


class Tell(Effect):
    """The room is told of the event."""

    @property
    def lane(self) -> str:
        return "notices"


class Mention(Effect):
    """These people are mentioned in the room, once, so that Slack notifies them."""

    people: tuple[str, ...]

    @property
    def lane(self) -> str:
        return "notices"


class ShowStatus(Effect):
    """The audience's channel has one message for the incident that shows where it stands."""

    living = True
    needs = None
    audience: str

    @property
    def lane(self) -> str:
        return f"status:{self.audience}"


class PostUpdate(Effect):
    """The audience reads the update, as a reply to its status message."""

    audience: str

    @property
    def lane(self) -> str:
        return f"updates:{self.audience}"

    @property
    def needs_lane(self) -> str | None:
        return f"status:{self.audience}"


EFFECTS: tuple[type[Effect], ...] = (
    OpenRoom,
    Invite,
    SetTopic,
    ShowCard,
    PinCard,
    Announce,
    Tell,
    Mention,
    ShowStatus,
    PostUpdate,
)

_ON_CARD = (
    PhaseEntered,
    RoleTaken,
    SeverityChanged,
    TitleChanged,
    ImpactStated,
    BoundariesMarked,
    ContainmentRecorded,
    RecoveryVerified,
    ActionItemAdded,
    NoActionNeeded,
    UpdateIssued,
    PromiseMoved,
    IncidentClosed,
    DeliveryFailed,
)
_IN_TOPIC = (PhaseEntered, RoleTaken, SeverityChanged, TitleChanged, IncidentClosed)
_ANNOUNCED = (PhaseEntered, RoleTaken, SeverityChanged, TitleChanged, IncidentClosed, DeliveryFailed)
_TOLD = (PhaseEntered, RoleTaken, SeverityChanged, ContainmentRecorded, IncidentClosed, DeliveryFailed)


def effects(event: Event, before: Incident | None, after: Incident, policy: Policy) -> list[Effect]:
    """What Slack should come to show because of this event. `before` is None for the first."""
    wishes: list[Effect] = []
    if isinstance(event, IncidentDeclared):
        wishes += _on_declare(after, policy)
    if isinstance(event, _ON_CARD):
        wishes.append(ShowCard())
    if isinstance(event, _IN_TOPIC):
        wishes.append(SetTopic())
    if isinstance(event, _ANNOUNCED):
        wishes.append(Announce())
    if isinstance(event, _TOLD):
        wishes.append(Tell())
    if isinstance(event, SeverityChanged) and before is not None:
        wishes += _on_severity(before, event.severity, policy)
    if isinstance(event, UpdateIssued) and event.occasion is Occasion.WRITTEN:
        wishes += [Tell()] if event.audience == listeners(after, policy)[0] else []  # once, however many read it
    if isinstance(event, UpdateIssued):
        wishes += [ShowStatus(audience=event.audience), PostUpdate(audience=event.audience)]
    if isinstance(event, PromiseMoved):
        wishes.append(ShowStatus(audience=event.audience))
    return wishes


def _on_declare(incident: Incident, policy: Policy) -> list[Effect]:
    responders = policy.invited([incident.severity])
    return [
        OpenRoom(),
        Invite(people=(incident.declared_by,), lane_of="declarer"),
        ShowCard(),
        Announce(),
        SetTopic(),
        PinCard(),
        *_bring_in(responders, "responders"),
    ]


def _on_severity(before: Incident, severity: str, policy: Policy) -> list[Effect]:
    """Whom this severity invites and none before did. Nobody is ever removed."""
    already = policy.invited(before.severities)
    return _bring_in(tuple(who for who in policy.invited([severity]) if who not in already), severity)


def _bring_in(people: tuple[str, ...], lane_of: str) -> list[Effect]:
    return [Invite(people=people, lane_of=lane_of), Mention(people=people)] if people else []
