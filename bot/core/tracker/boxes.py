"""The time box of a test: when it is over whoever tests is asked what came of it, and a while later whoever leads."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Hypothesis, Incident
from bot.core.policy import Policy
from bot.core.tracker.hypotheses import changed

ASKS = 2
"""So often somebody is asked: whoever tests, then whoever leads."""


class AskAboutTest(Command):
    """The time box of this test is over, or was a while ago."""

    is_report = True

    hypothesis: int
    due: AwareDatetime


class TestOverran(Event):
    """This person was asked about a test whose time box was over: `overrun` 1 whoever tests, 2 whoever leads."""

    __test__ = False

    hypothesis: int
    to: str
    overrun: int


def overruns(incident: Incident, policy: Policy) -> Mapping[str, datetime]:
    """When somebody is asked next about each test that is running, by the number of its hypothesis."""
    if not incident.is_open:
        return {}
    dues = {str(one.number): _due(one, policy) for one in incident.hypotheses if one.is_under_test}
    return {number: due for number, due in dues.items() if due}


def _due(one: Hypothesis, policy: Policy) -> datetime | None:
    if one.ends is None or one.overruns >= ASKS:
        return None
    if one.asked_at is None:
        return one.ends
    return max(one.ends, one.asked_at + timedelta(minutes=policy.prolong_test_by_minutes))


def ask(incident: Incident, command: AskAboutTest, policy: Policy) -> Decision:
    """Ask, if this is still due: first whoever tests, then whoever leads."""
    if overruns(incident, policy).get(str(command.hypothesis)) != command.due:
        return accept()
    one = incident.hypothesis(command.hypothesis)
    leads = incident.commander.user if incident.commander else incident.declared_by
    to = leads if one.overruns else one.assignee or leads
    return accept(
        TestOverran(at=command.at, actor=command.actor, hypothesis=one.number, to=to, overrun=one.overruns + 1)
    )


DECIDE = {AskAboutTest: ask}
EVOLVE = {
    TestOverran: lambda incident, event: changed(incident, event.hypothesis, overruns=event.overrun, asked_at=event.at),
}
