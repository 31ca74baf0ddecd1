"""The hypothesis tracker: `/incident hypothesis …`, and the buttons on a hypothesis in the room."""

import re

from bot.core.incident import Incident
from bot.core.plain import people_named
from bot.core.policy import Policy
from bot.core.refusal import Unfit
from bot.core.tracker.hypotheses import MarkRevision, ParkHypothesis, PlaceHypothesis, ProposeHypothesis
from bot.slack.forms.hypothesis import EvidenceForm, HypothesisForm, Idea
from bot.slack.forms.modal import View
from bot.slack.listeners.act import Act
from bot.slack.listeners.trials import closed, done, meant
from bot.slack.messages import answers
from bot.slack.messages.board import hypotheses
from bot.slack.messages.hypotheses import reply_label
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused
from bot.slack.messages.unready import unfit

Answer = Message | View | None
"""What the person gets; None when the room shows it already."""

_REVISES = re.compile(r"revises\s+h?(\d{1,6})\b[\s:,]*", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|[,;]\s*|\bat\s+)new:\s*(\S.*)$", re.IGNORECASE | re.DOTALL)

_CHOICES = 25
"""Replies that the form for evidence offers, the newest first."""


async def propose(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident hypothesis [revises H2] what may be wrong[, new: a place that the map does not have]`: at once; without words by a
    form. What has to be mended stands in the form, so that nobody types it again."""
    idea = read_idea(rest)
    if idea.revises and idea.revises > len(found.hypotheses):
        return answers.no_such_hypothesis(found, idea.revises)
    if not idea.statement:
        return HypothesisForm.view(found, policy, idea)
    names = await act.names(found)
    command = ProposeHypothesis(origin=act.origin(found.number), names=names, **dict(idea))
    outcome = await act.service.handle(command)
    now = await act.incident(found.number)
    if isinstance(outcome.refusal, Unfit):
        return HypothesisForm.view(now, policy, idea, unfit(outcome.refusal, named_in(command)))
    if outcome.refusal:
        return refused(outcome.refusal, now, policy)
    return answers.hypothesis_kept(now, outcome.hypothesis or 0)


def read_idea(typed: str) -> Idea:
    """What was typed after the command: the hypothesis that is stated anew, what is thought, and a place that the map does not
    have."""
    revises = _REVISES.match(typed)
    rest = typed[revises.end() :] if revises else typed
    place = _PLACE.search(rest)
    return Idea(
        statement=(rest[: place.start()] if place else rest).strip(" ,;"),
        place=place[1].strip() if place else None,
        revises=int(revises[1]) if revises else None,
    )


def named_in(command: ProposeHypothesis) -> tuple[str, ...]:
    """The words in it that name somebody."""
    return people_named(f"{command.statement}\n{command.place or ''}", command.names)


async def state_anew(act: Act) -> Answer:
    """`State it anew`: the form, about one that has turned out."""
    now, one, policy = await meant(act)
    if not now.is_open:
        return closed(now, one, policy)
    idea = Idea(statement=one.statement, boundary=one.boundary, place=one.place, revises=one.number)
    return HypothesisForm.view(now, policy, idea)


async def revises(act: Act) -> Answer:
    """`It revises H1`: what was proposed says better what was meant there."""
    drawn = act.pressed
    origin = act.origin(drawn.number)
    return await done(act, MarkRevision(origin=origin, hypothesis=drawn.hypothesis or 0, of=drawn.other or 0))


async def listed(act: Act, found: Incident, policy: Policy) -> Message:
    """`/incident hypotheses`."""
    return hypotheses(found, policy)


async def add(act: Act, now: Incident, policy: Policy) -> Message | View:
    """`Add hypothesis`: the form."""
    return HypothesisForm.view(now, policy)


async def park(act: Act) -> Answer:
    """`Park`."""
    drawn = act.pressed
    return await done(act, ParkHypothesis(origin=act.origin(drawn.number), hypothesis=drawn.hypothesis or 0))


async def place(act: Act) -> Answer:
    """The menu `Where?`: sets the boundary."""
    number, hypothesis, boundary = act.body["actions"][0]["selected_option"]["value"].split(":", 2)
    origin = act.origin(int(number))
    return await done(act, PlaceHypothesis(origin=origin, hypothesis=int(hypothesis), boundary=boundary))


async def add_evidence(act: Act) -> Answer:
    """`Add evidence`: the form that takes a reply of the thread, or something new."""
    now, one, policy = await meant(act)
    if over := closed(now, one, policy):
        return over
    texts = await act.service.reply_texts(now.number, one.number)
    there = [reply.ref for reply in reversed(one.replies) if reply.ref in texts and not reply.is_deleted]
    return EvidenceForm.view(now, one, [(reply_label(texts[ref]), ref) for ref in there[:_CHOICES]])
