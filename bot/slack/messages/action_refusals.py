"""Why something may not be done with an action item now, and what to do next: for the person who tried, and for the record."""

from collections.abc import Callable
from typing import Any

from bot.core.action_item import Gap
from bot.core.incident import Incident
from bot.core.learning.action_checks import LEAST
from bot.core.policy import Policy
from bot.core.refusal import ActionOfAnother, ActionStands, KeptPrivate, OwnAction, Unclear
from bot.core.value import Value
from bot.slack import words

_UNTOUCHED = "Nothing was changed."
GAP_ADVICE: dict[Gap, str] = {
    Gap.OWNER: "somebody who takes it",
    Gap.DONE_WHEN: f"how anybody can see that it is done, in {LEAST} characters or more",
    Gap.END: "a verb that ends (add, remove, limit, test, write), or how anybody can see that it is done",
    Gap.KIND: "what it is for",
    Gap.LINK: "which contributing factor or hypothesis it acts on",
}
"""What is missing, to follow "Please add"."""


def _stands(refusal: ActionStands, incident: Incident, policy: Policy) -> str:
    whose = f" It is with {words.person(refusal.assignee)}." if refusal.assignee else " Nobody has it."
    return f"*A{refusal.item}* of {incident.name} is *{refusal.state.value}* by now.{whose} {_UNTOUCHED}"


def _of_another(refusal: ActionOfAnother, incident: Incident, policy: Policy) -> str:
    whose = f"*A{refusal.item}* was proposed to {words.person(refusal.assignee)}, and only they can say whether they take it."
    return f"{whose} If you want it, press `{words.TAKE_ACTION}`."


def _own_work(refusal: OwnAction, incident: Incident, policy: Policy) -> str:
    return f"You did *A{refusal.item}* yourself: somebody else looks whether it is done. {_UNTOUCHED}"


def _unclear(refusal: Unclear, incident: Incident, policy: Policy) -> str:
    asked = "; ".join(GAP_ADVICE[gap] for gap in refusal.gaps)
    return f"Put like this nobody could say when it is done. Please add {asked}. {_UNTOUCHED}"


def _kept_private(refusal: KeptPrivate, incident: Incident, policy: Policy) -> str:
    return f"{incident.name} is private, and others would read *A{refusal.item}* in the tracker. No issue was created."


SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
    ActionStands: _stands,
    ActionOfAnother: _of_another,
    OwnAction: _own_work,
    Unclear: _unclear,
    KeptPrivate: _kept_private,
}
"""What the person is told."""

REASONS: dict[type[Value], Callable[[Any], str]] = {
    ActionStands: lambda refusal: f"A{refusal.item} was {refusal.state.value} by then",
    ActionOfAnother: lambda refusal: f"A{refusal.item} was proposed to somebody else",
    OwnAction: lambda refusal: f"A{refusal.item} was their own work",
    Unclear: lambda refusal: "nobody could have said when it was done",
    KeptPrivate: lambda refusal: "the incident is private, and a tracker is read by others",
}
"""The same for the record, to follow "Refused:"."""
