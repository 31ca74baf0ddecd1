"""What a delivery can come to: done, to be tried again, or refused for good. Nothing fails silently."""

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.incident import Failure, Incident
from bot.core.policy import Policy
from bot.core.refusal import SaysNothing
from bot.core.value import Typed


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


class Outdated(Exception):
    """An update that waited says what is not true any more. It is issued anew, and this one is not needed."""


class RoomGone(Exception):
    """The incident's room was deleted or archived: its channel, `str(error)`, cannot be posted to. It is reported, and the effect
    waits for the new room."""


class ReportFailure(Command):
    """Slack will not do `effect` (its kind and lane), for this reason (Slack's error)."""

    is_report = True

    effect: str
    reason: str
    effect_id: str | None = None


class TryDeliveryAgain(Command):
    """What Slack refused may work now. `effect_id` names one that failed; None: all of them. `effect`, its kind and lane, is
    given for one that the outbox gave up and the journal does not know as failed."""

    is_report = True

    effect_id: str | None = None
    effect: str | None = None


class DropDelivery(Command):
    """This will not be tried again, for this reason. `effect` as for TryDeliveryAgain."""

    is_report = True

    effect_id: str
    reason: Typed
    effect: str | None = None


class DeliveryFailed(Event):
    """This effect will not come true unless somebody acts."""

    effect: str
    reason: str
    effect_id: str | None = None


class DeliveryRetried(Event):
    """Somebody has it tried again."""

    effect: str
    effect_id: str


class DeliveryDropped(Event):
    """Somebody decided that it is not needed."""

    effect: str
    effect_id: str
    reason: Typed


CALLED_FOR_BY_FAILURE = ("ShowCard", "Announce", "Tell")
"""The kinds of effects by which a failure is made known."""


def report(incident: Incident, command: ReportFailure, policy: Policy) -> Decision:
    """Record it. When the failure is that of making failures known, and is known already, it is not recorded again: it would
    report itself for ever."""
    known = any((one.effect, one.reason) == (command.effect, command.reason) for one in incident.failures)
    if known and command.effect.partition(" ")[0] in CALLED_FOR_BY_FAILURE:
        return accept()
    return accept(
        DeliveryFailed(
            at=command.at,
            actor=command.actor,
            effect=command.effect,
            reason=command.reason,
            effect_id=command.effect_id,
        )
    )


def try_again(incident: Incident, command: TryDeliveryAgain, policy: Policy) -> Decision:
    """Let what failed be tried again, as far as it still stands there as failed."""
    return accept(
        *(
            DeliveryRetried(at=command.at, actor=command.actor, effect=effect, effect_id=effect_id)
            for effect_id, effect in _meant(incident, command).items()
        )
    )


def drop(incident: Incident, command: DropDelivery, policy: Policy) -> Decision:
    """Let it be, for a stated reason, if it stands there as failed."""
    if not command.reason:
        return refuse(command, SaysNothing(what="reason"))
    return accept(
        *(
            DeliveryDropped(
                at=command.at, actor=command.actor, effect=effect, effect_id=effect_id, reason=command.reason
            )
            for effect_id, effect in _meant(incident, command).items()
        )
    )


def _meant(incident: Incident, command: TryDeliveryAgain | DropDelivery) -> dict[str, str]:
    """The failures that a command means: by its id, what each effect is."""
    known = {one.effect_id: one.effect for one in incident.failures if one.effect_id}
    if command.effect_id is None:
        return known
    effect = known.get(command.effect_id, command.effect)
    return {command.effect_id: effect} if effect else {}


def failed(incident: Incident, event: DeliveryFailed) -> Incident:
    """One more thing that did not work."""
    failure = Failure(effect=event.effect, reason=event.reason, at=event.at, effect_id=event.effect_id)
    return incident.but(failures=(*incident.failures, failure))


def settled(incident: Incident, event: DeliveryRetried | DeliveryDropped) -> Incident:
    """It does not stand there as failed any more."""
    return incident.but(failures=tuple(one for one in incident.failures if one.effect_id != event.effect_id))


DECIDE = {ReportFailure: report, TryDeliveryAgain: try_again, DropDelivery: drop}
EVOLVE = {DeliveryFailed: failed, DeliveryRetried: settled, DeliveryDropped: settled}
