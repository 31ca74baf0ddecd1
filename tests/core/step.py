"""One command and what came of it: what invariants are seen to hold across."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.core.decision import AttemptRefused, Command, Decision, Event
from bot.core.effects import Effect
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.vocabulary import decide, evolve
from bot.core.wishes import effects


@dataclass(frozen=True)
class Step:
    """One command and what came of it: decided on the incident `before` (None: it is declared), it led to these states, one
    after each event. `policies` are all there are, by hash."""

    before: Incident | None
    command: Command
    decision: Decision
    policies: Mapping[str, Policy]

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        return self.decision.events

    @cached_property
    def walked(self) -> list[tuple[Event, Incident | None, Incident]]:
        """Each event with the states before and after it."""
        found, state = list[tuple[Event, Incident | None, Incident]](), self.before
        for event in self.events:
            after = evolve(state, event)
            found.append((event, state, after))
            state = after
        return found

    @cached_property
    def was(self) -> Incident:
        """The incident before, where there was one."""
        assert self.before is not None
        return self.before

    @cached_property
    def after(self) -> Incident:
        """The incident afterwards."""
        return self.walked[-1][2] if self.walked else self.was

    @cached_property
    def wished(self) -> list[Effect]:
        """What Slack should come to show because of it."""
        return [
            effect
            for event, before, after in self.walked
            for effect in effects(event, before, after, self.policies[after.policy])
        ]

    @property
    def changes_nothing(self) -> bool:
        """Whether all that happened is that it was refused, if anything did."""
        return all(isinstance(event, AttemptRefused) for event in self.events)

    @property
    def policy(self) -> Policy:
        """The policy that the incident follows afterwards."""
        return self.policies[self.after.policy]


def take(
    before: Incident | None, command: Command, policies: Mapping[str, Policy], first: Policy | None = None
) -> Step:
    """Decide the command by the real rules, under the policy that the incident follows (`first`: is declared under)."""
    policy = policies[before.policy] if before else first
    assert policy is not None
    return Step(before, command, decide(before, command, policy, number=1), policies)
