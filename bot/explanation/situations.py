"""What may matter for whether somebody may do something, and the incident that stands so: every role is held by a person called
like it, one hypothesis is proposed, one is under test and one has turned out.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.action_item import ActionItem, ActionKind, ActionState
from bot.core.decision import Origin
from bot.core.factors import Factor
from bot.core.incident import (
    COMMANDER,
    Containment,
    ContainmentResult,
    End,
    Hypothesis,
    Incident,
    Phase,
    Reply,
    Room,
    Seat,
    Status,
)
from bot.core.lifecycle import DeclareIncident
from bot.core.policy import Policy
from bot.core.questions import QUESTIONS
from bot.core.review import Postmortem, Stage
from bot.core.trial import Plan, Prediction
from bot.core.value import Value
from bot.core.vocabulary import decide, fold

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
"""Since when everything is as it is."""
TO_COME = NOW + timedelta(hours=1)
"""What is still to come."""
NO_ROLE = "somebody without a role"
"""Who asks besides those who have a role; also whoever declared it."""
LEADER = f"the {COMMANDER}"
"""Who leads, unless nobody has a role."""
ANOTHER = "somebody else"
"""Whom others mean: to whom something is offered, whose claim waits, who tests."""
PROPOSED, UNDER_TEST, TURNED_OUT = 1, 2, 3
"""The numbers of the hypotheses."""
PREDICTION = Prediction(if_true="Orders wait for a lock", if_false="They wait for nothing")
"""What a hypothesis predicts that is tested."""
PLAN = Plan(how="Look at the locks", cost=1, changes_production=False, at=EARLIER)
"""How it is tested."""


class Situation(Value):
    """How things stand when `who` asks. `is_known`: everything that gates ask for but the severity. `has_roles`: each has its
    holder, otherwise nobody has any. `present` is how many people are in the room (None: not known)."""

    phase: Phase
    severity: str | None
    who: str
    is_known: bool = False
    has_roles: bool = True
    present: int | None = None
    end: End | None = None

    @property
    def origin(self) -> Origin:
        """Where a command of whoever asks comes from."""
        return by(self.who)


def by(actor: str) -> Origin:
    """Where a command of this person comes from."""
    return Origin(team="T1", incident=1, actor=actor, at=NOW, key="key")


def holder(role: str) -> str:
    """Who has this role: called like it, and not by its very name, which stands for a role where a policy names people too."""
    return f"the {role}"


def people(policy: Policy) -> tuple[str, ...]:
    """Everybody who may ask: the holder of each role, and somebody without."""
    return (*(holder(role.name) for role in policy.roles), NO_ROLE)


def severities(policy: Policy) -> tuple[str | None, ...]:
    """Every severity, and none."""
    return (None, *(one.name for one in policy.severities))


def everywhere(policy: Policy, like: Situation) -> Iterator[Situation]:
    """Every phase, severity and person, with everything else as in this one."""
    for phase in Phase:
        for severity in severities(policy):
            for who in people(policy):
                yield like.but(phase=phase, severity=severity, who=who)


def incident_in(situation: Situation, policy: Policy) -> Incident:
    """The incident that stands so. Whoever asks does not change it."""
    declaration = DeclareIncident(origin=by(NO_ROLE).but(at=EARLIER), title="Down", severity=situation.severity)
    incident = fold(None, decide(None, declaration, policy, number=1).events)
    assert incident is not None
    seats = {role.name: Seat(user=holder(role.name), since=EARLIER) for role in policy.roles}
    standing = incident.but(
        seats=seats if situation.has_roles else {},
        room=Room(channel="C1", name="inc-1"),
        hypotheses=_hypotheses(policy),
        phase=situation.phase,
        phase_since=EARLIER,
        phase_by=LEADER,
        end=situation.end,
        ended_at=NOW if situation.end else None,
        into=7 if situation.end is End.MERGED else None,
    )
    return with_all(standing, policy) if situation.is_known else standing


def with_all(incident: Incident, policy: Policy) -> Incident:
    """With everything known that gates ask for, but for severity and roles."""
    boundaries = [boundary.id for boundary in policy.boundaries]
    return incident.but(
        impact="Nobody can pay",
        boundaries=tuple(boundaries[:1]),
        working=tuple(boundaries[1:]) or tuple(boundaries),
        answers={need.value: "none" for need in sorted(QUESTIONS)},
        containments=(done(),),
        contained_at=EARLIER,
        held_at=EARLIER,
        recovery="Payments are as before",
        action_items=(CHANGE,),
        postmortem=Postmortem(stage=Stage.PUBLISHED),
    )


CHANGE = ActionItem(
    what="Add a check",
    done_when="A release stops without it",
    assignee=LEADER,
    due=NOW.date(),
    kind=ActionKind.PREVENT,
    factors=(Factor.TESTING,),
    state=ActionState.ACCEPTED,
)
"""What will change: all is said of it, and somebody has taken it."""


def done(*, is_temporary: bool = False) -> Containment:
    """What stopped the harm."""
    return Containment(action="Rolled back", result=ContainmentResult.WORKED, at=EARLIER, is_temporary=is_temporary)


def with_testers(incident: Incident, many: int) -> Incident:
    """So many others test something each, besides the hypothesis that is proposed."""
    first, like = incident.hypothesis(PROPOSED), incident.hypothesis(UNDER_TEST)
    testers = (like.but(number=number, assignee=f"tester {number}") for number in range(UNDER_TEST, UNDER_TEST + many))
    return incident.but(hypotheses=(first, *testers))


def _hypotheses(policy: Policy) -> tuple[Hypothesis, ...]:
    """One proposed, of which nothing else is known but a reply in its thread; one under test; one that has turned out."""
    statuses = (Status.PROPOSED, Status.TESTING, Status.CONFIRMED)
    return tuple(_hypothesis(number, status) for number, status in enumerate(statuses, start=1))


def _hypothesis(number: int, status: Status) -> Hypothesis:
    return Hypothesis(
        number=number,
        statement="It is the release",
        boundary=None,
        status=status,
        since=EARLIER,
        by=ANOTHER,
        proposed_by=ANOTHER,
        replies=(Reply(ref="1.2", author=ANOTHER),),
        **(_tested() if status is not Status.PROPOSED else {}),
    )


def _tested() -> dict[str, Any]:
    """What is known of one whose test has begun."""
    return {"assignee": ANOTHER, "prediction": PREDICTION, "plan": PLAN, "tested": (PLAN.how,), "ends": TO_COME}
