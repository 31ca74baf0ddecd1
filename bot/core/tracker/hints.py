"""Hints: Lockstep says, once and to whom it concerns, what people overlook while they look for the cause. Within the budget of all
prompts, so that it does not become noise; each can be put off, and it is kept how each was answered. A hint never moves anything.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.hint_rules import Hint, HintRule
from bot.core.incident import Incident, Phase
from bot.core.policy import Policy
from bot.core.prompts import prompted, within_budget
from bot.core.tracker.conditions import CONDITIONS, Seen
from bot.core.trial import Answer, Given

APART = timedelta(minutes=1)
"""Two hints are never closer to each other than this."""
ROOM = "room"
"""Whose budget it counts on when a hint is for everybody."""
_ORDER = list(Hint)


class GiveHint(Command):
    """The time has come for a hint."""

    is_report = True

    due: AwareDatetime


class AnswerHint(Command):
    """Whoever asks says what becomes of this hint, by its number."""

    hint: int
    answer: Answer


class HintGiven(Event):
    """These people (none named: the room) were told this, under a number."""

    number: int
    hint: Hint
    about: str
    to: tuple[str, ...] = ()
    hypothesis: int | None = None
    other: int | None = None
    boundaries: tuple[str, ...] = ()
    user: str | None = None


class HintAnswered(Event):
    """What somebody said to a hint; `until`: it is not given again before."""

    number: int
    hint: Hint
    answer: Answer
    until: AwareDatetime | None = None


def _wanted(incident: Incident, policy: Policy) -> Iterator[tuple[datetime, Seen]]:
    """All that there is to say, and when it can be."""
    if not incident.is_open or incident.phase is Phase.POSTMORTEM:
        return
    given = {one.key: one for one in incident.hints}
    for rule in policy.hints:
        for seen in CONDITIONS[rule.hint](incident, policy, rule):
            last = given.get(seen.key)
            if last is None:
                yield _in_turn(incident, seen, seen.since + _after(incident, rule)), seen
            elif last.until is not None:
                yield _in_turn(incident, seen, max(last.until, seen.since + _after(incident, rule))), seen


def _after(incident: Incident, rule: HintRule) -> timedelta:
    contained = rule.contained_after_minutes if incident.contained_at else None
    return timedelta(minutes=rule.after_minutes if contained is None else contained)


def _in_turn(incident: Incident, seen: Seen, due: datetime) -> datetime:
    """The first time from then on that is within everybody's budget, and not at once after another hint."""
    if incident.hints:
        due = max(due, incident.hints[-1].at + APART)
    return max(within_budget(incident, person, due) for person in seen.to or (ROOM,))


def hint_due(incident: Incident, policy: Policy) -> datetime | None:
    """When the next hint is given; None when there is nothing to say."""
    return min((due for due, _ in _wanted(incident, policy)), default=None)


def give(incident: Incident, command: GiveHint, policy: Policy) -> Decision:
    """Say what matters most of all that could be said by now, if this is still due."""
    if hint_due(incident, policy) != command.due:
        return accept()
    now = [(due, seen) for due, seen in _wanted(incident, policy) if due <= max(command.at, command.due)]
    _, seen = min(now, key=lambda one: (_ORDER.index(one[1].hint), one[0]))
    return accept(
        HintGiven(
            at=command.at,
            actor=command.actor,
            number=len(incident.hints) + 1,
            **{name: value for name, value in seen if name != "since"},
        )
    )


def answer(incident: Incident, command: AnswerHint, policy: Policy) -> Decision:
    """Keep what was said; put off, it comes again if it is still so. LookupError for a hint that was not given."""
    if not 1 <= command.hint <= len(incident.hints):
        raise LookupError(f"{incident.name} has no hint {command.hint}")
    one = incident.hints[command.hint - 1]
    if one.answer is command.answer:
        return accept()
    later = command.at + timedelta(minutes=policy.snooze_minutes)
    return accept(
        HintAnswered(
            at=command.at,
            actor=command.actor,
            number=one.number,
            hint=Hint(one.key.partition(":")[0]),
            answer=command.answer,
            until=later if command.answer is Answer.LATER else None,
        )
    )


def given(incident: Incident, event: HintGiven) -> Incident:
    """It was said, and counts on the budget."""
    for person in event.to or (ROOM,):
        incident = prompted(incident, person, event.at)
    one = Given(number=event.number, key=f"{event.hint}:{event.about}", to=event.to, at=event.at)
    return incident.but(hints=(*incident.hints, one))


def answered(incident: Incident, event: HintAnswered) -> Incident:
    """It was answered like this."""
    hints = list(incident.hints)
    hints[event.number - 1] = hints[event.number - 1].but(answer=event.answer, until=event.until)
    return incident.but(hints=tuple(hints))


DECIDE = {GiveHint: give, AnswerHint: answer}
EVOLVE = {HintGiven: given, HintAnswered: answered}
