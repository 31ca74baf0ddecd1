"""What a delivery can come to: done, to be tried again, or refused for good. Nothing fails silently."""

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Failure, Incident
from bot.core.policy import Policy


class TryAgain(Exception):
    """Not done yet. `after` seconds of wire time (None: the outbox backs off); `uncertain` when it may have been carried out,
    so that one looks before sending again; `fault` is False when nothing went wrong and it was only not its turn."""

    def __init__(self, reason: str, *, after: float | None = None, uncertain: bool = False, fault: bool = True) -> None:
        super().__init__(reason)
        self.after, self.uncertain, self.fault = after, uncertain, fault


class Hopeless(Exception):
    """Refused for good: `str(error)` is Slack's reason. Sending it again would change nothing."""


class Moot(Exception):
    """Nothing to be done: what it needs was refused for good, and that has been reported."""


class ReportFailure(Command):
    """Slack will not do `effect` (its kind and lane), for this reason (Slack's error)."""

    is_report = True

    effect: str
    reason: str


class DeliveryFailed(Event):
    """This effect will not come true unless somebody acts."""

    effect: str
    reason: str


CALLED_FOR_BY_FAILURE = ("ShowCard", "Announce", "Tell")
"""The kinds of effects by which a failure is made known."""


def report(incident: Incident, command: ReportFailure, policy: Policy) -> Decision:
    """Record it. When the failure is that of making failures known, and is known already, it is not recorded again: it would
    report itself for ever."""
    known = any((one.effect, one.reason) == (command.effect, command.reason) for one in incident.failures)
    if known and command.effect.startswith(CALLED_FOR_BY_FAILURE):
        return accept()
    return accept(DeliveryFailed(at=command.at, actor=command.actor, effect=command.effect, reason=command.reason))


def failed(incident: Incident, event: DeliveryFailed) -> Incident:
    """One more thing that did not work."""
    failure = Failure(effect=event.effect, reason=event.reason, at=event.at)
    return incident.but(failures=(*incident.failures, failure))


DECIDE = {ReportFailure: report}
EVOLVE = {DeliveryFailed: failed}
