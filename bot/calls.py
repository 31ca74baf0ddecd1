"""Makes the calls of playbook runs: the effect that is none of Slack's. What is called is asked of the run when its turn comes, so
that nothing is called that it does not want any more."""

from collections.abc import Awaitable, Callable, Iterable

from bot.calling.caller import Caller
from bot.checkpoints import Checkpoint, Step, pass_by
from bot.core.delivery import TryAgain
from bot.core.effects import MakeCall
from bot.core.hosts import Host
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.playbooks.turns import Call, wishes
from bot.core.runs import is_paused
from bot.jobs import Gateway, Job, Receipt

STOPPED_SECONDS = 2.0
"""How long a call waits until it looks again whether its run goes on."""


class Calls:
    """Makes calls, and hands all else to `others`. `hosts` are those of the policy in force, whatever an incident was declared
    under; `playbook_of` finds what a run goes on from."""

    def __init__(
        self,
        others: Gateway,
        caller: Caller,
        playbook_of: Callable[[Run], Awaitable[Playbook]],
        hosts: Callable[[], Iterable[Host]],
        checkpoint: Checkpoint = pass_by,
    ) -> None:
        self._others, self._caller, self._playbook_of, self._hosts = others, caller, playbook_of, hosts
        self._checkpoint = checkpoint

    async def deliver(self, job: Job) -> Receipt:
        """Carry it out and say what came of it, as a gateway does."""
        effect = job.effect
        return await self._make(job, effect) if isinstance(effect, MakeCall) else await self._others.deliver(job)

    async def _make(self, job: Job, effect: MakeCall) -> Receipt:
        """The receipt says what is known of the call; it is empty when the run does not want it any more. While the run is stopped
        by a criterion it waits."""
        run = job.incident.run(effect.run)
        if run.ended is None and job.incident.is_open and (run.alarm or is_paused(job.incident, effect.run)):
            raise TryAgain("the run is stopped", after=STOPPED_SECONDS, fault=False, uncertain=job.claim.uncertain)
        wanted = wishes(run, await self._playbook_of(run)) if job.incident.is_open else ()
        call = next((wish for wish in wanted if isinstance(wish, Call) and wish.key == effect.key), None)
        if call is None:
            return {}
        self._checkpoint(Step.CALLING, call.call.method)
        came = await self._caller.carry_out(
            call.call, call.known_by, self._hosts(), may_have_arrived=job.claim.uncertain
        )
        self._checkpoint(Step.ANSWERED, call.call.method)
        return {"result": came.result, "note": came.note, "status": came.status, "digest": came.digest}
