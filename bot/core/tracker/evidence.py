"""What speaks for a hypothesis or against it: the replies in its thread, the marks people put on them, and what they write in a
form. A reply that one person takes as evidence for and another as evidence against is disputed, and counts for neither. What
becomes of a reply in Slack is followed by `rewriting.py`.
"""

from pydantic import AwareDatetime

from bot.core.decision import Decision, Event, accept, refuse
from bot.core.incident import Incident, Mark, Reply, Side
from bot.core.policy import Policy
from bot.core.refusal import SaysNothing
from bot.core.tracker.hypotheses import OfHypothesis, changed, concluded
from bot.core.value import Typed


class KeepReply(OfHypothesis):
    """`author` wrote this in its thread, at `reply`, a Slack timestamp. `edited`: when it was last edited, before we read it."""

    reply: str
    author: str
    text: Typed
    permalink: str | None = None
    edited: AwareDatetime | None = None


class MarkReply(OfHypothesis):
    """Whoever asks says that this reply is evidence for or against, by a reaction or by a form."""

    reply: str
    side: Side
    by_form: bool = False


class WithdrawMark(OfHypothesis):
    """Whoever asks says so no more."""

    reply: str
    side: Side


class WriteEvidence(OfHypothesis):
    """Evidence that is no reply in the thread, for or against."""

    side: Side
    text: Typed


class AnswerEvidence(OfHypothesis):
    """It stands in spite of this evidence against it, for this reason. `replies`: which; none named, all that has no answer yet."""

    text: Typed
    replies: tuple[str, ...] = ()


class EvidenceAnswered(Event):
    """Whoever acted says why it stands in spite of this evidence."""

    hypothesis: int
    replies: tuple[str, ...]
    text: Typed


class ReplyKept(Event):
    """Somebody wrote this in its thread. `at` is when; `edited`: it was edited since, the last time then, and nobody knows what it
    said before."""

    hypothesis: int
    reply: str
    author: str
    permalink: str | None
    text: Typed
    edited: AwareDatetime | None = None


class ReplyMarked(Event):
    """Whoever acted says that this reply is evidence for or against."""

    hypothesis: int
    reply: str
    side: Side
    by_form: bool = False


class MarkWithdrawn(Event):
    """Whoever acted says so no more."""

    hypothesis: int
    reply: str
    side: Side


class EvidenceWritten(Event):
    """Evidence from a form, for or against; `reply` is the name it is known by. `concludes`: it shows how the test came out, which
    the next event says."""

    hypothesis: int
    reply: str
    side: Side
    text: Typed
    concludes: bool = False


def keep_reply(incident: Incident, command: KeepReply, policy: Policy) -> Decision:
    """Keep it, once."""
    if incident.hypothesis(command.hypothesis).reply(command.reply):
        return accept()
    return accept(
        ReplyKept(
            at=command.at,
            actor=command.author,
            hypothesis=command.hypothesis,
            reply=command.reply,
            author=command.author,
            permalink=command.permalink,
            text=command.text,
            edited=command.edited,
        )
    )


def mark(incident: Incident, command: MarkReply, policy: Policy) -> Decision:
    """Take the reply as evidence, once for each person and side. A reply that was not kept cannot be any."""
    if not _is_news(incident, command, on=True):
        return accept()
    return accept(
        ReplyMarked(
            at=command.at,
            actor=command.actor,
            hypothesis=command.hypothesis,
            reply=command.reply,
            side=command.side,
            by_form=command.by_form,
        )
    )


def withdraw(incident: Incident, command: WithdrawMark, policy: Policy) -> Decision:
    """Take the person's word back. Also when they are not known to have given it: word of that may still be on its way."""
    if not _is_news(incident, command, on=False):
        return accept()
    withdrawn = MarkWithdrawn(
        at=command.at, actor=command.actor, hypothesis=command.hypothesis, reply=command.reply, side=command.side
    )
    return accept(withdrawn)


def _is_news(incident: Incident, command: MarkReply | WithdrawMark, *, on: bool) -> bool:
    """Whether this changes the person's last word on a reply that is kept, and is later than it."""
    reply = incident.hypothesis(command.hypothesis).reply(command.reply)
    if reply is None:
        return False
    last = reply.mark(command.actor, command.side)
    return last is None or (last.is_on is not on and last.at < command.at)


def write_evidence(incident: Incident, command: WriteEvidence, policy: Policy) -> Decision:
    """Keep evidence from a form, with the mark of whoever wrote it."""
    one = incident.hypothesis(command.hypothesis)
    if not command.text:
        return refuse(command, SaysNothing(what="evidence"))
    if not one.status.is_open:
        return refuse(command, concluded(one))
    return accept(
        EvidenceWritten(
            at=command.at,
            actor=command.actor,
            hypothesis=one.number,
            reply=f"form-{len(one.replies) + 1}",
            side=command.side,
            text=command.text,
        )
    )


def answer(incident: Incident, command: AnswerEvidence, policy: Policy) -> Decision:
    """Keep the answer, to evidence against it that has none yet."""
    one = incident.hypothesis(command.hypothesis)
    if not command.text:
        return refuse(command, SaysNothing(what="answer"))
    if not one.status.is_open:
        return refuse(command, concluded(one))
    meant = tuple(reply.ref for reply in one.contradictions if not command.replies or reply.ref in command.replies)
    if not meant:
        return accept()
    return accept(
        EvidenceAnswered(at=command.at, actor=command.actor, hypothesis=one.number, replies=meant, text=command.text)
    )


def answered(incident: Incident, event: EvidenceAnswered) -> Incident:
    """These count no more as what it has no answer to."""
    for ref in event.replies:
        reply = incident.hypothesis(event.hypothesis).reply(ref)
        assert reply is not None, "only evidence that was kept is answered"
        incident = replied(incident, event.hypothesis, reply.but(is_answered=True))
    return incident


def _kept(incident: Incident, event: ReplyKept) -> Incident:
    edits = (event.edited,) if event.edited else ()
    return replied(incident, event.hypothesis, Reply(ref=event.reply, author=event.author, edits=edits))


def replied(incident: Incident, number: int, reply: Reply) -> Incident:
    """The hypothesis has this reply, as a new one or in place of the one known by the same name."""
    replies = incident.hypothesis(number).replies
    if any(one.ref == reply.ref for one in replies):
        return changed(incident, number, replies=tuple(reply if one.ref == reply.ref else one for one in replies))
    return changed(incident, number, replies=(*replies, reply))


def _marked(incident: Incident, event: ReplyMarked | MarkWithdrawn) -> Incident:
    reply = incident.hypothesis(event.hypothesis).reply(event.reply)
    assert reply is not None, "only a reply that was kept is marked"
    is_on = isinstance(event, ReplyMarked)
    by_form = isinstance(event, ReplyMarked) and event.by_form
    new = Mark(user=event.actor, side=event.side, at=event.at, is_on=is_on, by_form=by_form)
    others = tuple(one for one in reply.marks if (one.user, one.side) != (new.user, new.side))
    return replied(incident, event.hypothesis, reply.but(marks=(*others, new)))


def _written(incident: Incident, event: EvidenceWritten) -> Incident:
    marks = (Mark(user=event.actor, side=event.side, at=event.at, by_form=True),)
    return replied(incident, event.hypothesis, Reply(ref=event.reply, author=event.actor, marks=marks))


DECIDE = {
    KeepReply: keep_reply,
    MarkReply: mark,
    WithdrawMark: withdraw,
    WriteEvidence: write_evidence,
    AnswerEvidence: answer,
}
EVOLVE = {
    ReplyKept: _kept,
    ReplyMarked: _marked,
    MarkWithdrawn: _marked,
    EvidenceWritten: _written,
    EvidenceAnswered: answered,
}
