"""Creates the issue of an action item, once: one whose answer was lost is looked for by its marker before it is created again."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from bot.calling.fetching import NotSent, Refused, Unanswered
from bot.checkpoints import Checkpoint, Step, pass_by
from bot.clock import wire
from bot.core.action_item import ActionItem
from bot.core.delivery import Hopeless, Moot, TryAgain
from bot.core.effects import CreateIssue
from bot.core.hosts import Host
from bot.core.incident import Incident
from bot.issues.calls import Answer, Call, Caller
from bot.issues.trackers import PAGE, Found, Tracker, Wanted, tracker
from bot.jobs import Gateway, Job, Receipt

MOST_PAGES = 10
"""So many pages of issues are looked through."""
_TITLE = 200


class IssueGateway:
    """Delivers issues, and leaves everything else to `otherwise`. `hosts` are those that may be called now."""

    def __init__(
        self,
        otherwise: Gateway,
        caller: Caller,
        hosts: Callable[[], Iterable[Host]],
        checkpoint: Checkpoint = pass_by,
    ) -> None:
        self._otherwise, self._caller, self._hosts, self._checkpoint = otherwise, caller, hosts, checkpoint

    async def deliver(self, job: Job) -> Receipt:
        """Carry out one effect. Raises TryAgain, Hopeless, Moot, Outdated or RoomGone."""
        if not isinstance(job.effect, CreateIssue):
            return await self._otherwise.deliver(job)
        item = job.incident.action(job.effect.item)
        if item.issue:  # known since an attempt that was cut off after it was recorded
            return {"key": item.issue.key, "url": item.issue.url}
        spec = job.policy.tracker(job.effect.tracker)
        if spec is None:
            raise Moot
        try:
            token = self._caller.token(spec.token, spec.api, self._hosts())
        except Refused as refused:
            raise Hopeless(f"not called: {refused}") from refused
        wanted = _wanted(job, item)
        found = await self._once(tracker(spec), wanted, token, look=job.claim.uncertain)
        return {"key": found.key, "url": found.url}

    async def _once(self, there: Tracker, wanted: Wanted, token: str, *, look: bool) -> Found:
        if look and (known := await self._find(there, wanted, token)):
            return known
        answer = await self._ask(there, there.create(wanted), token)
        try:
            return there.found(answer.said)
        except (KeyError, TypeError) as error:  # it said 201, and not which issue that is
            raise TryAgain("the answer could not be read", uncertain=True) from error

    async def _find(self, there: Tracker, wanted: Wanted, token: str) -> Found | None:
        """The issue that an earlier attempt created, if it did."""
        for page in range(1, MOST_PAGES + 1):
            answer = await self._ask(there, there.look(wanted, page), token)
            try:
                issues = there.listed(answer.said)
            except (KeyError, TypeError) as error:
                raise TryAgain("the list of issues could not be read", uncertain=True) from error
            if known := there.among(issues, wanted.marker):
                return known
            if len(issues) < PAGE:
                break
        return None

    async def _ask(self, there: Tracker, call: Call, token: str) -> Answer:
        """Make the call. What may have been carried out although no good answer came is uncertain."""
        self._checkpoint(Step.CALLING, call.url)
        try:
            answer = await self._caller.make(call, there.headers(token), self._hosts())
        except Refused as refused:
            raise Hopeless(f"not called: {refused}") from refused
        except NotSent as error:
            raise TryAgain(f"not sent: {error}") from error
        except Unanswered as error:
            raise TryAgain(f"the answer was lost: {error}", uncertain=True) from error
        self._checkpoint(Step.ANSWERED, call.url)
        if (wait := there.wait(answer)) is not None:
            raise TryAgain("rate limited", after=wait, fault=False)
        if answer.status >= 500 or answer.status == 408:
            raise TryAgain(f"http {answer.status}", uncertain=True)
        if not 200 <= answer.status < 300:
            raise Hopeless(f"the tracker answered http {answer.status}")
        return answer


def _wanted(job: Job, item: ActionItem) -> Wanted:
    return Wanted(
        title=" ".join(item.what.split())[:_TITLE],
        text=_text(job.incident, item),
        marker=f"lockstep-{job.claim.effect_id}",
        since=min(job.claim.first_tried_at, datetime.fromtimestamp(wire(), UTC)),
    )


def _text(incident: Incident, item: ActionItem) -> str:
    """What the issue says: what is to be seen when it is done, what it is for, and where it comes from."""
    lines = [
        item.what,
        f"Done when: {item.done_when}" if item.done_when else "",
        f"Due: {item.due.isoformat()}",
        f"For: {item.kind.value}" if item.kind else "",
        f"Acts on: {', '.join(item.factors)}" if item.factors else "",
        f"An action item of {incident.name}, which Lockstep follows.",
    ]
    return "\n\n".join(line for line in lines if line)
