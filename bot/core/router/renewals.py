"""Updates that wait while Slack is away, and say by then what is not true any more: they are issued anew."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.decision import Command, Decision, Event, accept
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.router import promises
from bot.core.router.updates import Occasion, UpdateIssued, issue
from bot.core.router.wording import facts


class RenewUpdate(Command):
    """The update that event `update` issued has waited, and says what is not true any more."""

    is_report = True

    update: int


def is_outdated(incident: Incident, event: UpdateIssued, at: datetime, policy: Policy) -> bool:
    """Whether an update that was composed a while ago would say something else if it were composed now."""
    waited = event.at <= at - timedelta(minutes=policy.overtaken_after_minutes)
    return waited and event.text is None and event.facts != facts(incident, policy, event.audience)


def renew(incident: Incident, command: RenewUpdate, policy: Policy) -> Decision:
    """Issue it anew, as the record stands, in the place of all that were composed for this audience and wait; unless it was sent or
    overtaken meanwhile."""
    update = promises.waiting(incident, command.update)
    if update is None or update.is_written:
        return accept()
    waiting = [one for one in incident.unsent if one.audience == update.audience and not one.is_written]
    occasion = Occasion(waiting[-1].occasion)
    return accept(issue(incident, update.audience, occasion, command, policy, instead_of=waiting))


DECIDE = {RenewUpdate: renew}
EVOLVE: dict[type[Event], Callable[[Incident, Event], Incident]] = {}
