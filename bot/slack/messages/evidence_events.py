"""What people said of a hypothesis, and what became of it, in words for the timeline. Texts are mrkdwn and escaped."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.decision import Event
from bot.core.tracker.evidence import EvidenceWritten, MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.rewriting import ReplyDeleted, ReplyEdited, Saying, said_at
from bot.slack import words
from bot.slack.messages.telling import Telling, message_link, people, whose
from bot.slack.text import clock_time


def _replied(alike: Sequence[ReplyKept], telling: Telling) -> str:
    first = alike[0]
    if len(alike) == 1:
        verb = message_link(first.permalink, "replied")
        return f"{words.person(first.author)} {verb} in H{first.hypothesis}: {telling.typed(first.text)}"
    until = f", until {clock_time(alike[-1].at)}" if clock_time(alike[-1].at) != clock_time(first.at) else ""
    return f"{len(alike)} replies in H{first.hypothesis} by {people(reply.author for reply in alike)}{until}"


def _reply(event: ReplyMarked | MarkWithdrawn, telling: Telling) -> tuple[str, str]:
    """Whose reply it is, with a link to it; and what it said then."""
    said = telling.replies.get((event.hypothesis, event.reply))
    if not said:
        return f"a reply in H{event.hypothesis}", ""
    then = [one for one in said if said_at(one) <= event.at] or said[:1]
    return _whose_reply(event, said), f": {telling.typed(then[-1].text)}"


def _whose_reply(event: ReplyMarked | MarkWithdrawn | ReplyEdited | ReplyDeleted, said: Sequence[Saying]) -> str:
    """Whose reply in a thread it is, with a link to it."""
    first = next((one for one in said if not isinstance(one, ReplyEdited)), said[0])
    address = first.permalink if isinstance(first, ReplyKept) else None
    return f"{whose(first.actor, event.actor)} {message_link(address, 'reply')} in H{event.hypothesis}"


def _reworded(event: ReplyEdited, telling: Telling) -> str:
    whose = _whose_reply(event, telling.replies.get((event.hypothesis, event.reply)) or [event])
    return f"edited {whose}: {telling.typed(event.text)}"


def _taken_out(event: ReplyDeleted, telling: Telling) -> str:
    """Not what it said: whoever deleted it may have had a reason."""
    said = telling.replies.get((event.hypothesis, event.reply))
    whose = _whose_reply(event, said) if said else f"a reply in H{event.hypothesis}"
    return f"saw that {whose} was deleted in Slack; the record keeps it"


def _taken_as_evidence(alike: Sequence[ReplyMarked], telling: Telling) -> str:
    whose, said = _reply(alike[0], telling)
    return f"{people(mark.actor for mark in alike)} took {whose} as evidence *{alike[0].side.value}* it{said}"


def _withdrawn(event: MarkWithdrawn, telling: Telling) -> str:
    whose, said = _reply(event, telling)
    return f"no longer took {whose} as evidence {event.side.value} it{said}"


def _evidence(event: EvidenceWritten, telling: Telling) -> str:
    return f"added evidence *{event.side.value}* H{event.hypothesis}: {telling.typed(event.text)}"


TOGETHER: dict[type[Event], Callable[[Sequence[Any], Telling], str]] = {
    ReplyKept: _replied,
    ReplyMarked: _taken_as_evidence,
}
"""Events that can share a line: all that follows the time."""
EVIDENCE: dict[type[Event], Callable[[Any, Telling], str]] = {
    MarkWithdrawn: _withdrawn,
    EvidenceWritten: _evidence,
    ReplyEdited: _reworded,
    ReplyDeleted: _taken_out,
}
"""Every other kind of event about evidence, to follow the name of whoever did it."""
