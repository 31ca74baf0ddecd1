"""Adopting a corrected policy: an incident keeps the one it was declared under until somebody brings it another."""

from bot.core.decision import Command, Decision, Event, accept, refuse
from bot.core.delivery import DeliveryRetried
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import PolicyDoesNotFit
from bot.core.router.following import sooner
from bot.core.router.promises import PromiseMoved


class AdoptPolicy(Command):
    """The incident follows this policy from now on."""

    act = Act.ADOPT

    to: Policy


class PolicyAdopted(Event):
    """The incident follows the policy with this hash, in place of `former`. `changes` names what is different."""

    policy: str
    former: str
    changes: tuple[str, ...]


def adopt(incident: Incident, command: AdoptPolicy, policy: Policy) -> Decision:
    """Follow the policy, unless it lacks a severity that this incident has or had. Whoever hears sooner under it is promised
    that; no promise is put off. What Slack refused is tried again: the policy may have been the reason."""
    if command.to.hash == incident.policy:
        return accept()
    known = {severity.name for severity in command.to.severities}
    lost = tuple(name for name in incident.severities if name is not None and name not in known)
    if lost:
        return refuse(command, PolicyDoesNotFit(severities=tuple(dict.fromkeys(lost))))
    adopted = PolicyAdopted(
        at=command.at,
        actor=command.actor,
        policy=command.to.hash,
        former=incident.policy,
        changes=changes(policy, command.to),
    )
    moved = [
        PromiseMoved(at=command.at, actor=command.actor, audience=audience, promised=at)
        for audience, at in sooner(incident, command.at, command.to).items()
    ]
    again = [
        DeliveryRetried(at=command.at, actor=command.actor, effect=failure.effect, effect_id=failure.effect_id)
        for failure in incident.failures
        if failure.effect_id
    ]
    return accept(adopted, *moved, *again)


def changes(before: Policy, after: Policy) -> tuple[str, ...]:
    """What is different, by name: `audience executives`, `severity SEV1`, `announce_in` and the like."""
    parts = {"severity": "severities", "boundary": "boundaries", "audience": "audiences", "role": "roles"}
    found = [
        f"{what} {name}"
        for what, field in parts.items()
        for name in _different(_by_name(getattr(before, field)), _by_name(getattr(after, field)))
    ]
    plain = [name for name in type(after).model_fields if name not in parts.values()]
    return (*found, *(name for name in plain if getattr(before, name) != getattr(after, name)))


def _by_name(parts: tuple[object, ...]) -> dict[str, object]:
    return {str(getattr(part, "id", None) or getattr(part, "name", "")): part for part in parts}


def _different(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


DECIDE = {AdoptPolicy: adopt}
EVOLVE = {PolicyAdopted: lambda incident, event: incident.but(policy=event.policy)}
