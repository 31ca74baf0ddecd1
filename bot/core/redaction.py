"""Redaction: what somebody typed is taken out of the record, with everything that repeats it. Who typed when, and in what kind of
event, stays.

What goes is said by entries (the numbers of events), by words, or by both. An entry repeats another when it says all that the
other says: as a whole, or within more when that is long enough not to be a common word. Words that somebody names go wherever
they stand. Letters count as they are written, small or capital; spaces and line breaks do not.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field

from bot.core.containment import ContainmentRecorded, MeasureSettled
from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.facts import ImpactStated, TitleChanged
from bot.core.incident import Incident
from bot.core.learning.action_moves import (
    ActionAssigned,
    ActionChanged,
    ActionDeclined,
    ActionDropped,
    ActionFinished,
    ActionReopened,
    ActionVerified,
)
from bot.core.learning.action_reminders import ActionsEscalated, ActionsReminded
from bot.core.learning.actions import ActionItemAdded
from bot.core.lifecycle import IncidentDeclared
from bot.core.notes import MessagePinned
from bot.core.policy import Policy
from bot.core.proposals import DecisionObjectedTo, DecisionProposed, DecisionStood
from bot.core.questions import QuestionAnswered
from bot.core.refusal import NotAllowed, NothingToRedact, RepeatsIt, SaysNothing
from bot.core.roles import How, RoleOffered, RoleTaken
from bot.core.rooms import HistoryKept, RoomOpened, Said, room_names, silenced
from bot.core.router.updates import Wording
from bot.core.severity import SeverityChanged
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.hypotheses import HypothesisConfirmed, HypothesisProposed, HypothesisRefuted
from bot.core.tracker.rewriting import ReplyEdited
from bot.core.tracker.trials import HypothesesCarriedOver
from bot.core.value import Clean, Typed, Value

LEAST = 4
"""Code points of words that go wherever they stand: fewer would be in half of all sentences."""
LONG = 8
"""Code points from which on an entry repeats another by saying all of it within more."""
SHOWN = 60
"""Code points of a long text by which it is known where it was shown in part."""

_DERIVED = (RoomOpened, HistoryKept)
"""What nobody typed for itself: it goes when what it comes from goes."""
_TITLES = (IncidentDeclared, TitleChanged)
_IN_BRIEF = (ImpactStated, ContainmentRecorded, HypothesisProposed, DecisionProposed)
"""What whoever takes a role over is told."""


_IN_HINTS = (HypothesisProposed, HypothesisRefuted, QuestionAnswered)
"""What hints quote, and what is said of all that goes to the review."""


_ACTIONS = (ActionItemAdded, ActionChanged, ContainmentRecorded)
"""What says how an action item reads; one that undoes a temporary measure says what was done."""
_ABOUT_ACTIONS = (
    *(ActionAssigned, ActionDeclined, ActionFinished, ActionVerified, ActionReopened, ActionDropped),
    *(ActionsReminded, ActionsEscalated),
)
"""Of what people are told with how the action item reads."""


class Written(Value):
    """An event of the record, and by the names of its fields what was typed in it and still stands."""

    seq: int
    event: Event
    texts: Mapping[str, str] = {}


class RedactText(Command):
    """What was typed in these entries goes, and with it all that says `words`, for a reason that does not say it again. `groups`
    are those that the policy names and whoever asks belongs to. `record` is all that happened until now."""

    entries: tuple[int, ...] = ()
    words: Annotated[Clean, Field(repr=False)] = ""
    reason: Typed
    groups: tuple[str, ...] = ()
    record: Annotated[tuple[Written, ...], Field(repr=False)] = ()


class TextRedacted(Event):
    """What was typed in these entries is gone: by their numbers, in which fields. `posts` are other events of which Slack was shown
    it, `messages` the timestamps of people's own messages in which it stands."""

    entries: Mapping[int, tuple[str, ...]]
    posts: tuple[int, ...] = ()
    messages: tuple[str, ...] = ()
    reason: Typed


def may_redact(incident: Incident, actor: str, groups: Iterable[str], policy: Policy) -> bool:
    """Whether the policy lets this person redact: by a role they hold in this incident, by name, or by a group."""
    held = (role for role, seat in incident.seats.items() if seat.user == actor)
    return not {actor, *groups, *held}.isdisjoint(policy.may_redact)


def own_words(one: Written) -> list[str]:
    """What was typed for this very entry, which can be chosen for it: of an update only the text, since it repeats the rest."""
    if isinstance(one.event, _DERIVED):
        return []
    return [text for name, text in one.texts.items() if name == "text" or not isinstance(one.event, Wording)]


def redact(incident: Incident, command: RedactText, policy: Policy) -> Decision:
    """Order the redaction of what was asked for and of all that repeats it. What was said in the room is kept anew without it."""
    if not may_redact(incident, command.actor, command.groups, policy):
        return refuse(command, NotAllowed(allowed=policy.may_redact))
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    chosen = [one for one in command.record if one.seq in command.entries and own_words(one)]
    search = Search(command.words, [words for one in chosen for words in own_words(one)])
    going = {one.seq: one for one in command.record if one in chosen or search.finds(one)}
    if search.is_in(command.reason):
        return refuse(command, RepeatsIt())
    going |= {one.seq: one for one in _named_after(incident, going.values(), command.record)}
    posts = tuple(one.seq for one in command.record if one.seq not in going and _quotes(one, going.values()))
    kept_anew = _kept_anew(going, posts, search, command.record)
    going |= {one.seq: one for one, _ in kept_anew}
    if not going:
        return refuse(command, NothingToRedact())
    ordered = TextRedacted(
        at=command.at,
        actor=command.actor,
        entries={seq: tuple(sorted(going[seq].texts)) for seq in sorted(going)},
        posts=posts,
        messages=tuple(dict.fromkeys(_messages(going.values()))),
        reason=command.reason,
    )
    return accept(ordered, *(history.but(at=command.at) for _, history in kept_anew))


class Search:
    """Finds what repeats these whole texts, or says these words somewhere."""

    def __init__(self, words: str, whole: Iterable[str]) -> None:
        self._whole = {_plain(text) for text in whole}
        self._within = [text for text in self._whole if len(text) >= LONG]
        if len(_plain(words)) >= LEAST:
            self._within.append(_plain(words))

    def is_in(self, text: str) -> bool:
        """Whether a text says it."""
        plain = _plain(text)
        return plain in self._whole or any(words in plain for words in self._within)

    def finds(self, one: Written) -> bool:
        """Whether an entry says it. What was said in the room is not looked at here, but message by message."""
        return not isinstance(one.event, HistoryKept) and any(map(self.is_in, one.texts.values()))


def _plain(text: str) -> str:
    """What counts when texts are compared."""
    return " ".join(text.split())


def _named_after(incident: Incident, going: Iterable[Written], record: Iterable[Written]) -> list[Written]:
    """The rooms that were named after a title that goes."""
    titles = [one.texts["title"] for one in going if isinstance(one.event, _TITLES)]
    names = {name for title in titles for name in room_names(incident.number, title, incident.is_drill)}
    return [one for one in record if isinstance(one.event, RoomOpened) and one.texts.get("name") in names]


def _quotes(one: Written, going: Iterable[Written]) -> bool:
    """Whether Slack was shown something of what goes when this happened: whoever takes over is told where it stands, whoever is
    called what is wrong, and a thread how its hypothesis turned out."""
    before = [other.event for other in going if other.seq < one.seq]
    match one.event:
        case RoleTaken(former=former, how=how):
            return (
                former is not None and how is not How.ACCEPTED and any(isinstance(event, _IN_BRIEF) for event in before)
            )
        case RoleOffered():
            return any(isinstance(event, _IN_BRIEF) for event in before)
        case DecisionObjectedTo(proposal=number) | DecisionStood(proposal=number):
            return any(isinstance(event, DecisionProposed) and event.proposal == number for event in before)
        case SeverityChanged():
            return any(isinstance(event, _TITLES) for event in before)
        case HypothesisConfirmed(hypothesis=number) | HypothesisRefuted(hypothesis=number):
            return any(isinstance(event, HypothesisProposed) and event.hypothesis == number for event in before)
        case MeasureSettled():
            return any(isinstance(event, ContainmentRecorded) for event in before)
        case _ if isinstance(one.event, _ABOUT_ACTIONS):
            return any(isinstance(event, _ACTIONS) for event in before)
        case HintGiven() | HypothesesCarriedOver():
            return any(isinstance(event, _IN_HINTS) for event in before)
    return False


def _messages(going: Iterable[Written]) -> Iterator[str]:
    """The timestamps of the messages that people wrote in Slack and we kept."""
    for one in going:
        if isinstance(one.event, ReplyKept | ReplyEdited):
            yield one.event.reply
        elif isinstance(one.event, MessagePinned):
            yield one.event.ts


def _kept_anew(
    going: Mapping[int, Written], posts: Iterable[int], search: Search, record: Iterable[Written]
) -> list[tuple[Written, HistoryKept]]:
    """The entries that keep what was said in the room, as far as any of it goes, each with what is kept in its place. A message
    goes that says it, that is one of those people wrote, or that showed it, were it only in part."""
    texts = [_plain(text) for one in going.values() for text in one.texts.values()]
    starts = [text[:SHOWN] for text in texts if len(text) >= LONG]
    shown_by, written = {str(seq) for seq in (*going, *posts)}, set(_messages(going.values()))

    def goes(said: Said) -> bool:
        if said.get("ts") in written or _event_of(said) in shown_by:
            return True
        return any(search.is_in(text) or any(start in _plain(text) for start in starts) for text in _texts(said))

    kept = [(one, one.texts["history"]) for one in record if isinstance(one.event, HistoryKept) and one.texts]
    anew = [(one, history, silenced(history, goes)) for one, history in kept]
    return [
        (one, HistoryKept.model_validate({**dict(one.event), "history": new})) for one, old, new in anew if new != old
    ]


def _event_of(said: Said) -> str | None:
    """The number of the event of which one of our own messages told."""
    metadata = said.get("metadata")
    marks = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return marks.get("event") if isinstance(marks, dict) else None


def _texts(said: object) -> Iterator[str]:
    """Every text in a message, without Slack's escaping."""
    if isinstance(said, str):
        yield said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    elif isinstance(said, dict | list):
        for part in said.values() if isinstance(said, dict) else said:
            yield from _texts(part)


def redacted(incident: Incident, event: TextRedacted) -> Incident:
    """What these messages say, and a title in Slack's own notices, is not kept again. The rest follows from the entries, which say
    nothing any more."""
    return incident.but(
        redacted_messages=(*incident.redacted_messages, *event.messages),
        is_title_redacted=incident.is_title_redacted or any("title" in fields for fields in event.entries.values()),
    )


DECIDE = {RedactText: redact}
EVOLVE = {TextRedacted: redacted}
