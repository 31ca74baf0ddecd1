"""What becomes of a reply in Slack once it was kept: it is edited, or deleted. Each wording stays in the record beside the others,
and what was deleted stays evidence; only redaction takes out what somebody typed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.core.decision import Decision, Event, accept
from bot.core.incident import Incident, Reply
from bot.core.policy import Policy
from bot.core.tracker.evidence import EvidenceWritten, ReplyKept, replied
from bot.core.tracker.hypotheses import OfHypothesis
from bot.core.value import REDACTED, Typed


class EditReply(OfHypothesis):
    """Whoever asks changed this reply, at the time of the command; this is what it says from then on."""

    reply: str
    text: Typed
    permalink: str | None = None


class NoteDeletion(OfHypothesis):
    """This reply is in Slack no more. Slack does not say who deleted it."""

    reply: str


class ReplyEdited(Event):
    """A reply says this from now on. `at` is when it was edited."""

    hypothesis: int
    reply: str
    permalink: str | None
    text: Typed


class ReplyDeleted(Event):
    """A reply is in Slack no more; the record keeps it."""

    hypothesis: int
    reply: str


Saying = ReplyKept | EvidenceWritten | ReplyEdited
"""An event with what a reply says."""


def edit(incident: Incident, command: EditReply, policy: Policy) -> Decision:
    """Keep the new wording of a reply that was kept, once however often we hear of it, and also when we hear late. Of a message
    that was redacted only that it was edited: the new wording may say it again."""
    known = incident.hypothesis(command.hypothesis).reply(command.reply)
    if known is None or command.at in known.edits:
        return accept()
    is_redacted = command.reply in incident.redacted_messages
    return accept(
        ReplyEdited(
            at=command.at,
            actor=command.actor,
            hypothesis=command.hypothesis,
            reply=command.reply,
            permalink=command.permalink,
            text=REDACTED if is_redacted else command.text,
        )
    )


def note_deletion(incident: Incident, command: NoteDeletion, policy: Policy) -> Decision:
    """Keep, once, that a reply which was kept is in Slack no more."""
    known = incident.hypothesis(command.hypothesis).reply(command.reply)
    if known is None or known.is_deleted:
        return accept()
    return accept(ReplyDeleted(at=command.at, actor=command.actor, hypothesis=command.hypothesis, reply=command.reply))


def sayings(events: Iterable[Event | None]) -> Mapping[tuple[int, str], tuple[Saying, ...]]:
    """By hypothesis and name of the reply what each said in turn, the newest wording last."""
    found: dict[tuple[int, str], list[Saying]] = {}
    for event in events:
        if isinstance(event, Saying):
            found.setdefault((event.hypothesis, event.reply), []).append(event)
    return {key: tuple(sorted(said, key=said_at)) for key, said in found.items()}


def said_at(one: Saying) -> datetime:
    """Since when a reply has said this."""
    return one.edited if isinstance(one, ReplyKept) and one.edited else one.at


def _edited(incident: Incident, event: ReplyEdited) -> Incident:
    before = _known(incident, event)
    return replied(incident, event.hypothesis, before.but(edits=(*before.edits, event.at)))


def _deleted(incident: Incident, event: ReplyDeleted) -> Incident:
    return replied(incident, event.hypothesis, _known(incident, event).but(is_deleted=True))


def _known(incident: Incident, event: ReplyEdited | ReplyDeleted) -> Reply:
    reply = incident.hypothesis(event.hypothesis).reply(event.reply)
    assert reply is not None, "only a reply that was kept is followed"
    return reply


DECIDE = {EditReply: edit, NoteDeletion: note_deletion}
EVOLVE = {ReplyEdited: _edited, ReplyDeleted: _deleted}
