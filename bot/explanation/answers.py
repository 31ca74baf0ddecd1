"""What becomes of an attempt in a situation: the real rules are asked, and the real sentence is read."""

import re
from collections.abc import Iterable

from bot.core.decision import Command, Decision
from bot.core.incident import Incident
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.vocabulary import decide
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.leading import LEADING
from bot.explanation.reviewing import POSTMORTEM
from bot.explanation.situations import Situation
from bot.explanation.working import WORKING
from bot.slack.messages.refusals import refused

ATTEMPTS = (*LEADING, *WORKING, *POSTMORTEM)
"""Everything that people can try, in the order in which it is told."""
ALLOWED = "allowed"
SOLO = "allowed, and marked `solo`: whoever leads does something else besides"
NOTHING = "changes nothing: it is so already, or there is nothing to do"
_TWICE = re.compile(r"the ([^()]+) \(the \1\)")
_TIME = re.compile(r"<!date\^[^|>]*\|([^>]*)>")

Answers = list[tuple[Situation, str]]


def answers(attempt: Attempt, stood: Iterable[tuple[Situation, Incident]], policy: Policy) -> Answers:
    """What becomes of it in each of these situations, with the incident as it stands there."""
    return [(situation, _answer(attempt, situation, incident, policy)) for situation, incident in stood]


def decided(attempt: Attempt, situation: Situation, incident: Incident, policy: Policy) -> tuple[Incident, Decision]:
    """The incident as the attempt finds it, and what the rules say."""
    asked = Asked(by=situation.origin, now=incident, policy=policy, present=situation.present)
    found = attempt.where(asked)
    command = attempt.command(Asked(by=asked.by, now=found, policy=policy, present=asked.present))
    return found, _decide(found, command, policy)


def _decide(incident: Incident, command: Command, policy: Policy) -> Decision:
    if isinstance(command, DeclareIncident):
        return decide(None, command, policy, number=incident.number + 1)
    return decide(incident, command, policy)


def _answer(attempt: Attempt, situation: Situation, incident: Incident, policy: Policy) -> str:
    found, decision = decided(attempt, situation, incident, policy)
    if decision.refusal:
        return _plain(refused(decision.refusal, found, policy).text)
    if any(getattr(event, "solo", False) for event in decision.events):
        return SOLO
    return ALLOWED if decision.events else NOTHING


def _plain(text: str) -> str:
    """A sentence without what only Slack reads: people are called as they are here, and times as people read them."""
    read = _TIME.sub(r"\1", text).replace("<#C1>", "#inc-1").replace("<@", "").replace(">", "")
    return _TWICE.sub(r"the \1", read)
