"""Which effects each event calls for."""

from collections.abc import Iterable

from bot.core.adoption import PolicyAdopted
from bot.core.claims import ClaimAnswered, RoleClaimed
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, MeasureSettled
from bot.core.decision import Event
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.core.effects import (
    Announce,
    ArchiveRoom,
    Effect,
    Invite,
    Mention,
    OpenRoom,
    PinCard,
    PostFallback,
    PostNote,
    PostPicture,
    PostUpdate,
    RenameRoom,
    RewritePosts,
    SaveHistory,
    SendDirect,
    SetTopic,
    ShowCard,
    ShowHypothesis,
    ShowRun,
    ShowStatus,
    Tell,
    Whisper,
)
from bot.core.ends import ENDS
from bot.core.facts import BoundariesMarked, DetectionStated, ImpactStated, RecoveryVerified, StartStated, TitleChanged
from bot.core.gates import NeedsWaived
from bot.core.incident import Incident, LinkKind
from bot.core.learning.action_moves import ON_ACTION
from bot.core.learning.actions import ActionItemAdded, NoActionNeeded
from bot.core.learning.issues import IssueOpened
from bot.core.lifecycle import IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.load import RestProposed, SpanReached
from bot.core.notes import DebateParked, NoteAdded
from bot.core.offers import OfferDeclined, OfferExpired, OfferWithdrawn
from bot.core.pictures import PictureAsked
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.proposals import DecisionObjectedTo, DecisionProposed, DecisionStood
from bot.core.questions import QuestionAnswered
from bot.core.redaction import TextRedacted
from bot.core.roles import RoleOffered, RoleTaken, SeatFoundEmpty
from bot.core.rooms import RoomLost, RoomOpened, RoomRetired
from bot.core.router.cadence import CadenceStretched
from bot.core.router.promises import PromiseMoved, UpdateSent
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.subscribing import PeopleSubscribed
from bot.core.router.updates import UpdateDrafted, UpdateIssued
from bot.core.router.withheld import FactsWithheld
from bot.core.run_offers import PlaybooksOffered
from bot.core.rungs import Step
from bot.core.severity import SeverityChanged
from bot.core.tracker.hypotheses import HypothesisProposed
from bot.core.tracker.trials import HypothesesCarriedOver
from bot.core.wishes.actions import on_action
from bot.core.wishes.postmortem import on_postmortem
from bot.core.wishes.runs import on_run
from bot.core.wishes.tracker import MOVES, on_hypothesis

_DELIVERIES = (DeliveryFailed, DeliveryRetried, DeliveryDropped)
_ON_CARD: tuple[type[Event], ...] = (
    PhaseEntered,
    RoleTaken,
    SeverityChanged,
    TitleChanged,
    ImpactStated,
    StartStated,
    DetectionStated,
    BoundariesMarked,
    HypothesisProposed,
    *MOVES,
    HypothesesCarriedOver,
    ContainmentRecorded,
    HoldPassed,
    ImpactReturned,
    MeasureSettled,
    QuestionAnswered,
    NeedsWaived,
    RecoveryVerified,
    ActionItemAdded,
    *ON_ACTION,
    IssueOpened,
    NoActionNeeded,
    UpdateIssued,
    UpdateDrafted,
    PromiseMoved,
    *ENDS,
    IncidentLinked,
    PolicyAdopted,
    TextRedacted,
    *_DELIVERIES,
)
_IN_TOPIC: tuple[type[Event], ...] = (PhaseEntered, RoleTaken, SeverityChanged, TitleChanged, *ENDS, PolicyAdopted)
_ANNOUNCED: tuple[type[Event], ...] = (*_IN_TOPIC, IncidentLinked, RoomLost, *_DELIVERIES)
_ON_ROLES = (
    *(RoleOffered, OfferDeclined, OfferWithdrawn, OfferExpired),
    *(RoleClaimed, ClaimAnswered, SpanReached, RestProposed),
)
_ON_PROMISES = (CadenceStretched, FactsWithheld, LateNoted, RemindersSnoozed)
_ON_DECISIONS = (DecisionProposed, DecisionObjectedTo, DecisionStood)
_TOLD: tuple[type[Event], ...] = (
    PhaseEntered,
    RoleTaken,
    *_ON_ROLES,
    *_ON_DECISIONS,
    DebateParked,
    SeatFoundEmpty,
    PhaseTakesLong,
    PromptsSnoozed,
    PlaybooksOffered,
    SeverityChanged,
    HypothesesCarriedOver,
    ContainmentRecorded,
    HoldPassed,
    ImpactReturned,
    NeedsWaived,
    NoteAdded,
    UpdateDrafted,
    *_ON_PROMISES,
    *ENDS,
    IncidentLinked,
    PolicyAdopted,
    TextRedacted,
    DeliveryFailed,
)


def effects(event: Event, before: Incident | None, after: Incident, policy: Policy) -> list[Effect]:
    """What Slack should come to show because of this event. `before` is None for the first; `policy` is the one that `after`
    follows."""
    wishes: list[Effect] = []
    if isinstance(event, IncidentDeclared):
        wishes += _on_declare(after, policy)
    if isinstance(event, RoomOpened) and after.rooms_lost:
        wishes += _on_new_room(after, policy)
    if isinstance(event, _ON_CARD):
        wishes.append(ShowCard())
    if isinstance(event, _IN_TOPIC):
        wishes.append(SetTopic())
    if isinstance(event, _ANNOUNCED):
        wishes += _announced(after)
    if isinstance(event, _TOLD):
        wishes.append(Tell())
    if isinstance(event, PictureAsked):
        wishes.append(PostPicture())
    if isinstance(event, ENDS):  # nothing can be pressed on them any more
        pressed = (one for one in after.hypotheses if one.status.is_open or one.status.has_answer)
        wishes += [ShowHypothesis(hypothesis=one.number) for one in pressed]
    return [
        *wishes,
        *_on_people(event, before, after, policy),
        *on_hypothesis(event),
        *on_postmortem(event, after),
        *on_run(event, after),
        *on_action(event, after, policy),
        *_on_update(event, before, after, policy),
        *_on_readers(event, before),
        *_on_redaction(event, after, policy),
    ]


def _announced(incident: Incident) -> list[Effect]:
    """Everybody sees that there is an incident, unless it is private."""
    return [] if incident.is_private else [Announce()]


def _on_people(event: Event, before: Incident | None, after: Incident, policy: Policy) -> list[Effect]:
    """Whom the event brings into the room, and what becomes of the room itself."""
    if isinstance(event, RoleTaken) and event.user != event.actor:
        return [Invite(people=(event.user,), lane_of=event.role)]
    if isinstance(event, RoleOffered):
        return [Invite(people=(event.to,), lane_of=event.role)]
    if isinstance(event, IncidentLinked) and after.is_open:
        return _on_link(event)
    if isinstance(event, SeverityChanged) and before is not None:
        return _on_severity(before, event.severity, policy)
    if isinstance(event, PolicyAdopted) and (invited := policy.invited(after.severities)):
        return [Invite(people=invited, lane_of="policy")]
    if isinstance(event, RoomLost):
        return [OpenRoom()]
    if isinstance(event, RoomRetired):
        return [SaveHistory(), ArchiveRoom()]
    return []


def _on_update(event: Event, before: Incident | None, after: Incident, policy: Policy) -> list[Effect]:
    match event:
        case UpdateIssued():
            first = before is None or all(told.last != event.at for told in before.told.values())
            return [
                *([Tell()] if event.text is not None and first else []),  # once, however many read it
                *_to_audience(event.audience, after, policy),
            ]
        case PromiseMoved() if event.audience in after.told:
            return _statuses([event.audience], policy)
        case UpdateReminded(step=Step.DRAFT):
            return [Whisper(to=event.to[0])]
        case UpdateReminded():
            calls = event.calls
            called = [Invite(people=calls, lane_of="escalation"), Mention(people=calls)] if calls else []
            return [ShowCard(), *called, Tell()]
        case LateNoted():
            if _is_direct(event.audience, policy):
                return [SendDirect(audience=event.audience, is_update=False)]
            return [PostNote(audience=event.audience)]
        case DeliveryFailed() if policy.undelivered_to and not after.is_private:
            return _on_undelivered(event, after)
        case PolicyAdopted():
            return _statuses(after.told, policy)
    return []


def _on_readers(event: Event, before: Incident | None) -> list[Effect]:
    """Whoever subscribes later than the first hears where the incident stands; the room hears once of whoever cannot be reached."""
    if isinstance(event, PeopleSubscribed) and before is not None and SUBSCRIBERS in before.told:
        return [SendDirect(audience=SUBSCRIBERS, only=event.people, is_update=False)]
    if isinstance(event, UpdateSent) and set(event.unreached) - set(before.unreached if before else ()):
        return [Tell()]
    return []


def _to_audience(name: str, incident: Incident, policy: Policy) -> list[Effect]:
    """An update reaches this audience: in its channel, where one message shows how things stand, or each of its people; of
    subscribers those who are it now, since whoever comes later hears by a message of their own."""
    if _is_direct(name, policy):
        return [SendDirect(audience=name, only=incident.subscribers if name == SUBSCRIBERS else ())]
    return [ShowStatus(audience=name), PostUpdate(audience=name)]


def _statuses(names: Iterable[str], policy: Policy) -> list[Effect]:
    """The message in the channel of each of these that shows how things stand. People have none: what they read stays as it is."""
    return [ShowStatus(audience=name) for name in names if policy.audience(name) and not _is_direct(name, policy)]


def _is_direct(name: str, policy: Policy) -> bool:
    audience = policy.audience(name)
    return audience is not None and audience.is_direct


def _on_undelivered(event: DeliveryFailed, incident: Incident) -> list[Effect]:
    """The newest update to an audience that cannot be reached goes to the channel that the policy has for that."""
    kind, _, lane = event.effect.partition(" ")
    audience = lane.partition(":")[2]
    waiting = [one.update for one in incident.unsent if one.audience == audience]
    is_update = kind in (ShowStatus.__name__, PostUpdate.__name__, SendDirect.__name__)
    return [PostFallback(audience=audience, event=waiting[-1])] if is_update and waiting else []


_ON_MESSAGE = {"statement", "why", "if_true", "if_false", "how", "way_back"}
"""The fields of what was typed that the message of a hypothesis shows."""


def _on_redaction(event: Event, after: Incident, policy: Policy) -> list[Effect]:
    """Everything that shows what is gone now, drawn anew or rewritten."""
    if not isinstance(event, TextRedacted):
        return []
    fields = {name for names in event.entries.values() for name in names}
    told = [name for name in after.told if policy.audience(name)] if fields & {"impact", "answer"} else []
    hypotheses = after.hypotheses if fields & _ON_MESSAGE else ()
    runs = range(1, len(after.runs) + 1) if fields & {"inputs", "said"} else ()
    return [
        *([SetTopic(), *_announced(after)] if "title" in fields else []),
        *([RenameRoom()] if "name" in fields else []),
        *_statuses(told, policy),
        *(ShowHypothesis(hypothesis=one.number) for one in hypotheses),
        *(ShowRun(run=number) for number in runs),
        *(RewritePosts(event=seq) for seq in sorted({*event.entries, *event.posts})),
    ]


def _on_declare(incident: Incident, policy: Policy) -> list[Effect]:
    responders = policy.invited([incident.severity])
    return [
        OpenRoom(),
        Invite(people=(incident.declared_by,), lane_of="declarer"),
        ShowCard(),
        *_announced(incident),
        SetTopic(),
        PinCard(),
        *_bring_in(responders, "responders"),
    ]


def _on_new_room(incident: Incident, policy: Policy) -> list[Effect]:
    """Everything that the lost room showed, and everybody who had a part in it."""
    holders = (seat.user for seat in incident.seats.values())
    thinkers = (user for one in incident.hypotheses for user in (one.proposed_by, one.assignee) if user)
    people = tuple(dict.fromkeys([incident.declared_by, *holders, *thinkers, *policy.invited(incident.severities)]))
    return [
        Invite(people=people, lane_of=f"room {incident.rooms_lost + 1}"),
        ShowCard(),
        SetTopic(),
        PinCard(),
        *_announced(incident),
        Tell(),
        *(ShowHypothesis(hypothesis=one.number) for one in incident.hypotheses),
        *(ShowRun(run=number) for number in range(1, len(incident.runs) + 1)),
    ]


def _on_severity(before: Incident, severity: str, policy: Policy) -> list[Effect]:
    """Whom this severity invites and none before did. Nobody is ever removed."""
    already = policy.invited(before.severities)
    return _bring_in(tuple(who for who in policy.invited([severity]) if who not in already), severity)


def _on_link(event: IncidentLinked) -> list[Effect]:
    """Whom another incident brings in: of one that was merged into this one whoever had a part in it; of one that happens again
    those who had a role then, which they are offered."""
    brings = {LinkKind.ABSORBED: event.people, LinkKind.RECURS: tuple(dict.fromkeys(event.seats.values()))}
    people = brings.get(event.kind, ())
    return [Invite(people=people, lane_of=f"INC-{event.other}")] if people else []


def _bring_in(people: tuple[str, ...], lane_of: str) -> list[Effect]:
    return [Invite(people=people, lane_of=lane_of), Mention(people=people)] if people else []
