"""Every state that two people can bring an incident into, enumerated: `python -m tests.core.model`.

Breadth first, through the rules themselves (`vocabulary.decide` and `fold`; there is no model of its own here), with every command
of `alphabet.py` tried in every state, also those that may not be given. Each invariant of `invariants.py` is seen to hold across
every transition, and that the incident can still be closed from every state that is open.

States are told apart by `seen_as`, which leaves out what no rule reads, and has each time as its distance from now. That nothing
else is lost by it is not taken on trust: where two ways lead to one state, the second is followed a step as well, and every
command must come to the same there (`Explored.compared` counts that).
"""

import gc
import sys
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.core.action_item import ActionItem
from bot.core.decision import Command
from bot.core.incident import ContainmentResult, End, Hypothesis, Incident, Told
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.playbooks.run import Run
from bot.core.review import Postmortem
from tests.core.alphabet import EVERYTHING, POLICIES, SCOPES, START, STEP, Scope
from tests.core.invariants import INVARIANTS, hold, is_kept_whole
from tests.core.random_acts import leader, step_onward
from tests.core.step import Step, take

FAILED = ContainmentResult.FAILED
PACED = {hash for hash, policy in POLICIES.items() if policy.paces}
"""The policies under which it matters how long a phase takes."""
HINTED = {hash for hash, policy in POLICIES.items() if policy.hints}
"""The policies under which it matters for how long things have been as they are."""
REMINDED = {hash for hash, policy in POLICIES.items() if policy.remind_of_actions_days_before}
"""The policies under which people are reminded of action items, so that the day and the time of day matter."""
_WEEKS = timedelta(weeks=6)
"""What is longer ago than this is simply past where people are reminded of action items."""
PAST = 2 * STEP
"""What is longer ago than this is simply past: word comes at most one step late."""
LONG = 4 * STEP
"""Longer than any hold: by then what was done has held."""
FIRST = 2 * STEP
"""The longest time after the declaration at which anything falls due because of it."""


def distance(at: datetime | None, now: datetime, past: timedelta = PAST) -> timedelta | None:
    """How far away a time is; what is past for long is so at one distance."""
    return None if at is None else max(at - now, -past)


def _reviewed(now: Postmortem) -> Hashable:
    """What tells the states of a postmortem apart; who wrote what when is only shown."""
    texts = tuple((section, one.text, one.version, one.authors) for section, one in now.sections.items())
    keeps = frozenset((one.section, one.rule, one.found) for one in now.keeps)
    people = (now.asked_by, frozenset(now.authors), now.reviewed_by)
    return texts, now.factors, now.strengths, keeps, now.edits, now.stage, people


def where_it_stood(told: Told) -> Hashable:
    """What an audience was told last of where the incident stands."""
    return told.facts


def _thought(one: Hypothesis, now: datetime) -> Hashable:
    replies = tuple(
        (
            reply.ref,
            reply.is_answered,
            reply.is_deleted,
            frozenset(distance(at, now) for at in reply.edits),
            frozenset((mark.user, mark.side, mark.is_on, mark.by_form, distance(mark.at, now)) for mark in reply.marks),
        )
        for reply in one.replies
    )
    where = (one.boundary, one.place)
    return (one.statement, where, one.revises, one.status, one.assignee, one.thread, replies, _tried(one, now))


def _tried(one: Hypothesis, now: datetime) -> Hashable:
    """What tells the states of its test apart."""
    plan = one.plan and (one.plan.how, one.plan.cost, one.plan.changes_production, one.plan.way_back)
    box = (distance(one.ends, now), one.is_extended, one.overruns, distance(one.asked_at, now))
    likely = (one.likelihood, one.likely_because)
    return likely, one.prediction, plan, one.allowed_by, one.tested, box, one.same_as


def _asked(incident: Incident, now: datetime) -> Hashable:
    """Who was asked when, as long as the budget counts it: what is past keeps nobody from being asked. In their order, since the
    first is forgotten first."""
    return tuple((one.to, one.at - now) for one in incident.prompts if one.at > now - PAST)


def _to_do(item: ActionItem, now: datetime, incident: Incident) -> Hashable:
    """What tells the states of an action item apart: its times only where somebody is reminded of it."""
    said = (item.what, item.done_when, item.kind, item.strength, item.priority, item.factors, item.hypothesis)
    whose = (item.assignee, item.is_declined, item.finished_by, item.added_by, item.about, item.measure)
    where = (item.tracker, item.issue)
    if incident.policy not in REMINDED:
        return said, whose, where, item.state, item.due
    times = tuple(distance(at, now, _WEEKS) for at in (item.due_since, item.reminded_at, item.escalated_at))
    days = max(item.due - now.date(), -_WEEKS)
    return said, whose, where, item.state, days, (now.weekday(), now.time()), times


def _run(run: Run, now: datetime) -> Hashable:
    """What tells the states of a run apart."""
    visits = tuple(
        (
            one.step,
            one.locks,
            tuple(sorted(one.opened_by.items())),
            one.first_yes,
            one.result and one.result.outcome,
            one.ended and one.ended.outcome,
            one.is_undone,
            None if one.ended else distance(one.until, now),
        )
        for one in run.visits
    )
    alarm = run.alarm and (run.alarm.criterion, distance(run.alarm.begins_at, now), distance(run.alarm.until, now))
    undoing = run.undoing and (
        run.undoing.steps,
        run.undoing.by is None,
        run.undoing.is_open,
        distance(run.undoing.until, now),
    )
    end = run.ended and run.ended.end
    return visits, alarm, run.is_held, undoing, run.overridden, run.missed, end, distance(run.due, now)


def _hinted(incident: Incident, now: datetime) -> Hashable:
    """What hints hang on besides, where there are any."""
    if incident.policy not in HINTED:
        return None
    ideas = tuple((distance(one.since, now), one.proposed_by) for one in incident.hypotheses)
    checks = frozenset((id, one.state, distance(one.at, now)) for id, one in incident.checks.items())
    read = (incident.changes_known_at, incident.tested_since, incident.test_ended_at, incident.recovered_at)
    times = tuple(distance(one, now) for one in read)
    return ideas, checks, times, distance(incident.declared_at, now), distance(incident.phase_since, now)


SEEN: dict[str, Callable[[Incident, datetime], Hashable]] = {
    "title": lambda incident, now: incident.title,
    "naming": lambda incident, now: incident.naming,
    "withheld_told": lambda incident, now: incident.withheld_told,
    "subscribers": lambda incident, now: frozenset(incident.subscribers),
    "unsubscribed": lambda incident, now: frozenset(incident.unsubscribed),
    "policy": lambda incident, now: incident.policy,
    "phase": lambda incident, now: incident.phase,
    "end": lambda incident, now: incident.end,
    "severity": lambda incident, now: incident.severity,
    "severities": lambda incident, now: frozenset(incident.severities),
    "lowered_at": lambda incident, now: distance(incident.lowered_at, now),
    "prompts": lambda incident, now: _asked(incident, now),
    "asked_at": lambda incident, now: distance(incident.asked_at, now),
    "snoozed_until": lambda incident, now: distance(incident.snoozed_until, now),
    "phase_since": lambda incident, now: (
        distance(incident.phase_since, now, LONG) if incident.policy in PACED else None
    ),
    "room": lambda incident, now: incident.room,
    "rooms_lost": lambda incident, now: incident.rooms_lost > 0,
    "is_room_retired": lambda incident, now: incident.is_room_retired,
    "seats": lambda incident, now: frozenset(
        (role, seat.user, distance(seat.since, now), distance(seat.ask_again, now))
        for role, seat in incident.seats.items()
    ),
    "offers": lambda incident, now: frozenset(
        (role, offer.to, offer.then_test, offer.then_role, distance(offer.until, now))
        for role, offer in incident.offers.items()
    ),
    "claims": lambda incident, now: frozenset(
        (role, claim.user, claim.of, distance(claim.until, now)) for role, claim in incident.claims.items()
    ),
    "spans_told": lambda incident, now: frozenset(incident.spans_told),
    "proposals": lambda incident, now: tuple(
        (one.stands, distance(one.until, now), frozenset(objection.user for objection in one.objections))
        for one in incident.proposals
    ),
    "reminded_of": lambda incident, now: incident.reminded_of,
    "impact": lambda incident, now: incident.impact,
    "started": lambda incident, now: incident.started,
    "is_start_estimated": lambda incident, now: incident.is_start_estimated,
    "detected": lambda incident, now: incident.detected,
    "is_detection_estimated": lambda incident, now: incident.is_detection_estimated,
    "is_drill": lambda incident, now: incident.is_drill,
    "links": lambda incident, now: frozenset((link.kind, link.other, link.people) for link in incident.links),
    "followers": lambda incident, now: incident.followers,
    "cause": lambda incident, now: incident.cause,
    "into": lambda incident, now: incident.into,
    "declared_by": lambda incident, now: incident.declared_by,
    "boundaries": lambda incident, now: incident.boundaries,
    "runs": lambda incident, now: tuple(_run(one, now) for one in incident.runs),
    "playbooks_offered": lambda incident, now: frozenset(incident.playbooks_offered),
    "hypotheses": lambda incident, now: tuple(_thought(one, now) for one in incident.hypotheses),
    "working": lambda incident, now: incident.working,
    "answers": lambda incident, now: tuple(sorted(incident.answers.items())),
    "waivers": lambda incident, now: frozenset(one.need for one in incident.waivers),
    "containments": lambda incident, now: (
        frozenset((done.result is FAILED, done.has_lapsed) for done in incident.containments),
        incident.unsettled,
    ),
    "contained_at": lambda incident, now: distance(incident.contained_at, now),
    "held_at": lambda incident, now: incident.held_at is not None,
    "returned_at": lambda incident, now: distance(incident.returned_at, now),
    "relapses": lambda incident, now: incident.relapses > 0,
    "recovery": lambda incident, now: incident.recovery,
    "action_items": lambda incident, now: tuple(_to_do(item, now, incident) for item in incident.action_items),
    "no_action": lambda incident, now: incident.no_action,
    "quiet_until": lambda incident, now: frozenset(
        (user, distance(until, now)) for user, until in incident.quiet_until.items()
    ),
    "zones": lambda incident, now: frozenset(incident.zones.items()),
    "told": lambda incident, now: tuple(
        (name, distance(told.promised, now), where_it_stood(told)) for name, told in sorted(incident.told.items())
    ),
    "undrafted_until": lambda incident, now: frozenset(
        (name, distance(until, now)) for name, until in incident.undrafted_until.items()
    ),
    "drafts_due": lambda incident, now: frozenset(
        (name, distance(due, now)) for name, due in incident.drafts_due.items()
    ),
    "reminders": lambda incident, now: frozenset(
        (name, distance(one.due, now), one.taken, distance(one.snoozed_until, now))
        for name, one in incident.reminders.items()
    ),
    "unsent": lambda incident, now: frozenset(
        (one.audience, distance(one.at, now, STEP)) for one in incident.unsent if not one.is_written
    ),
    "stretch": lambda incident, now: (
        incident.stretch and (incident.stretch.times, distance(incident.stretch.since, now))
    ),
    "failures": lambda incident, now: tuple(sorted((one.effect, one.effect_id or "") for one in incident.failures)),
    "hints": lambda incident, now: (
        tuple((one.key, one.answer, distance(one.until, now), distance(one.at, now)) for one in incident.hints),
        _hinted(incident, now),
    ),
    "postmortem": lambda incident, now: _reviewed(incident.postmortem),
    "redacted_messages": lambda incident, now: frozenset(incident.redacted_messages),
    "is_title_redacted": lambda incident, now: incident.is_title_redacted,
    "declared_at": lambda incident, now: distance(incident.declared_at, now, FIRST + PAST),
    "ended_at": lambda incident, now: distance(incident.ended_at, now),
}
"""What a state is told apart by, by field. Where no rule counts, it counts only whether there are any; of a set the order does not
matter. Left out is how many updates an audience had, since a draft is compared with the state that it
is shown in, and what is only shown: who said something and when. No rule is asked here, or a broken one could have two states taken
for one and not be found."""

UNSEEN: dict[str, str] = {
    "team": "is one team's, always the same",
    "number": "is always the same",
    "seq": "numbers the events; no rule reads it",
    "labels": "say which playbooks fit, and never change",
    "checks": "is seen with the hints, which alone read it",
    "changes_known_at": "is seen with the hints, which alone read it",
    "tested_since": "is seen with the hints, which alone read it",
    "test_ended_at": "is seen with the hints, which alone read it",
    "recovered_at": "is seen with the hints, which alone read it",
    "phase_by": "is told in refusals and on the card only",
    "promises": "say what comes of an update that is sent; no rule reads them otherwise",
    "kept": "is counted, and told at the close",
    "unreached": "says of whom the room was told; no rule reads it",
    "is_private": "is settled at the declaration, and the same in all that is explored together",
}
"""Fields that no rule reads, and why each does not matter."""


def seen_as(incident: Incident, now: datetime) -> Hashable:
    """What tells this state from others. Two states that are seen as one are met by every rule in the same way: no rule reads
    what is left out, and each compares times with each other or with now, never with the calendar."""
    return tuple(see(incident, now) for see in SEEN.values())


def is_within(incident: Incident) -> bool:
    """Whether it is followed further: with two edits of the postmortem, one hypothesis, two replies in its thread, one decision,
    one action item, two hints and two failures at most."""
    if len(incident.hints) > 2 or len(incident.action_items) > 1 or incident.postmortem.edits > 2:
        return False
    few = len(incident.failures) <= 2 and len(incident.proposals) <= 1
    few_replies = all(len(one.replies) <= 2 for one in incident.hypotheses)
    return len(incident.hypotheses) <= 1 and few and few_replies


Node = tuple[Incident, datetime]
"""An incident, and what time it is."""


class Wrong(AssertionError):
    """An invariant does not hold; the message has the commands that led there."""


class Explored:
    """What was found in one scope: every state with how it was first reached, and which states follow from which.

    `is_whole`: nothing is left to follow. `compared` counts the states to which a second way was followed as well. `kinds` are
    the names of all commands, events, refusals and effects that occurred.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope, self.states, self.transitions, self.compared = scope, list[Node](), 0, 0
        self.kinds = set[str]()
        self.is_whole = False
        self._ids: dict[Hashable, int] = {}
        self._seen: list[Hashable] = []
        self._level: list[int] = []
        self._by: list[tuple[int, Command | None]] = []
        self._following: list[set[int]] = []
        self._outcomes: dict[int, int] = {}
        self._second: dict[int, Node] = {}
        self._closing: dict[Hashable, bool] = {}

    def explore(self, depth: int | None = None) -> "Explored":
        """Follow every command from every state, as far as `depth` (None: until nothing new is found): so many commands deep, not
        counting those that walk the incident on to its end, with all that the gates ask for."""
        frontier = deque(self._begin())
        while frontier and (depth is None or self._level[frontier[0]] < depth):
            number = frontier.popleft()
            if number not in self._outcomes:
                for found in self._follow(number):
                    is_onward = self._level[found] == self._level[number]
                    frontier.insert(0 if is_onward else len(frontier), found)
        edge = {number for number in frontier if number not in self._outcomes}
        self.is_whole = not edge
        self._compare()
        self._see_that_all_can_be_closed(edge if self.scope.walks else {*range(len(self.states))})
        return self

    def _begin(self) -> Iterator[int]:
        for declaration in self.scope.begins():
            step = take(None, declaration, POLICIES, self.scope.policy)
            self._check(-1, step)
            if step.events:
                yield from self._reached(-1, declaration, (step.after, START), seen_as(step.after, START))

    def _follow(self, number: int) -> Iterator[int]:
        """Take every command in this state; the states that are new, or nearer than was known."""
        outcomes = list[Hashable]()
        for command, after, step in self._moves(self.states[number]):
            self.transitions += 1
            if step:
                self._check(number, step)
            seen = self._seen[number] if step and step.changes_nothing else seen_as(*after)
            outcomes.append(_outcome(step, seen))
            if is_within(after[0]) or (command and _is_onward(command, self.states[number][0])):
                yield from self._reached(number, command, after, seen)
        self._outcomes[number] = hash(tuple(outcomes))

    def _moves(self, node: Node) -> Iterator[tuple[Command | None, Node, Step | None]]:
        """Each command with what it leads to; the last is none: time passes, and nobody does anything."""
        incident, now = node
        for moves in self.scope.moves:
            for command in moves(incident, now):
                step = take(incident, command, POLICIES)
                yield command, (step.after, max(now, command.at)), step
        if self.scope.time_passes:
            yield None, (incident, now + STEP), None

    def _reached(self, number: int, command: Command | None, node: Node, seen: Hashable) -> Iterator[int]:
        """Note where a command led to; its number if it is new."""
        found = self._ids.setdefault(seen, len(self.states))
        level = 0
        if number >= 0:
            self._following[number].add(found)
            level = self._level[number] + (command is None or not _is_onward(command, self.states[number][0]))
        if found < len(self.states):
            if found not in self._second and node[0].but(seq=0) != self.states[found][0].but(seq=0):
                self._second[found] = node
            if level < self._level[found]:
                self._level[found] = level
                yield found
            return
        self._level.append(level)
        self.states.append(node)
        self._seen.append(seen)
        self._by.append((number, command))
        self._following.append(set())
        if not is_kept_whole(node[0]):
            raise Wrong(self._told(found, "the snapshot is another when it is read back"))
        yield found

    def _compare(self) -> None:
        """Follow the second way into each state as well: every command must come to the same there."""
        for number, node in self._second.items():
            if number in self._outcomes:
                outcomes = (_outcome(step, seen_as(*after)) for _, after, step in self._moves(node))
                if hash(tuple(outcomes)) != self._outcomes[number]:
                    raise Wrong(self._told(number, f"and this is seen as the same state, but is not: {node!r}"))
                self.compared += 1

    def _check(self, number: int, step: Step) -> None:
        """See that every invariant holds, and note what occurs."""
        try:
            hold(step)
        except (AssertionError, LookupError, ValueError) as error:
            raise Wrong(self._told(number, f"{step.command!r}: {error!r}")) from error
        self.kinds |= {type(step.command).__name__, type(step.decision.refusal).__name__}
        self.kinds |= {type(event).__name__ for event in step.events}
        self.kinds |= {type(effect).__name__ for effect in step.wished}

    def _told(self, number: int, what: str) -> str:
        """What is wrong, and the commands that lead there, first to last."""
        path = list[str]()
        while number >= 0:
            number, command = self._by[number]
            path.append(repr(command) if command else "time passes")
        return "\n".join([*reversed(path), what])

    def _see_that_all_can_be_closed(self, edge: set[int]) -> None:
        """From every open state a closed one is reached: along what was explored, and from its edge on step by step. Where nobody
        walks, all of it is edge."""
        leading = [list[int]() for _ in self.states]
        for number, following in enumerate(self._following):
            for found in following:
                leading[found].append(number)
        reached = {number for number, (incident, _) in enumerate(self.states) if incident.end is End.CLOSED}
        reached |= {number for number in edge if self._closes(self.states[number])}
        waiting = list(reached)
        while waiting:
            new = set(leading[waiting.pop()]) - reached
            reached |= new
            waiting += new
        early = {
            number for number, (incident, _) in enumerate(self.states) if incident.end in (End.CANCELLED, End.MERGED)
        }
        for number in {*range(len(self.states))} - reached - early:
            raise Wrong(self._told(number, "and it can never be closed"))

    def _closes(self, node: Node) -> bool:
        """Whether one step after the other, each with the facts it asks for, leads to the end."""
        incident, now = node
        seen = seen_as(incident, now)
        if seen not in self._closing:
            policy = POLICIES[incident.policy]
            step = take(incident, step_onward(incident, policy, now + LONG), POLICIES)
            is_over = not step.after.is_open
            self._closing[seen] = is_over or (
                step.after.phase is not incident.phase and self._closes((step.after, now))
            )
        return self._closing[seen]


def _outcome(step: Step | None, seen: Hashable) -> Hashable:
    """What a command comes to, as far as anybody can tell."""
    if step is None:
        return seen
    kinds = tuple(type(event).__name__ for event in step.events)
    return type(step.command).__name__, kinds, type(step.decision.refusal).__name__, seen


def _is_onward(command: Command, incident: Incident) -> bool:
    """Whether it is one of the commands that walk an incident to its end."""
    is_step = isinstance(command, AdvancePhase | CloseIncident) and bool(command.first)
    return is_step and command.actor == leader(incident)


def main(
    depth: Annotated[int, typer.Option(help="How many commands deep all kinds of commands are tried together.")] = 2,
    scopes: Annotated[bool, typer.Option(help="Explore each part of the alphabet until nothing new is found.")] = True,
) -> None:
    """Explore, and say how much was found; exit code 1 with the commands that led there when an invariant does not hold."""
    gc.disable()  # nothing here goes in circles, and looking for what does takes half of the time
    parts: Sequence[tuple[Scope, int | None]] = [(scope, None) for scope in SCOPES] if scopes else []
    try:
        for scope, limit in [*parts, (EVERYTHING, depth)]:
            started = time.monotonic()
            found = Explored(scope).explore(limit)
            how_far = "to the last one" if found.is_whole else f"{depth} commands deep"
            print(
                f"{scope.name}, {how_far}: {len(found.states)} states, {found.transitions} transitions, "
                f"{len(INVARIANTS)} invariants hold, {found.compared} states reached in two ways are one "
                f"({time.monotonic() - started:.0f} s)",
                flush=True,
            )
    except Wrong as wrong:
        sys.exit(f"WRONG after:\n{wrong}")


if __name__ == "__main__":
    typer.run(main)
