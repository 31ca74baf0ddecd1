"""Direct messages to the people of an audience: to each of them once, whether they read as one of the audience, as a subscriber, or
as both. One effect is a message to each; what of it came true is looked up before any of it is tried again.
"""

import asyncio
from collections.abc import Iterator, Sequence

from bot.core.delivery import Hopeless, TryAgain
from bot.core.effects import SendDirect
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.policy_parts import SUBSCRIBERS
from bot.core.router.reminders import LateNoted
from bot.core.router.updates import UpdateIssued, listeners
from bot.jobs import Job, Receipt
from bot.slack.directory import Directory
from bot.slack.failures import judged
from bot.slack.messages.message import Message
from bot.slack.messages.promises import late_note
from bot.slack.messages.updates import named, status, update
from bot.slack.posting import Posting

UNREACHED = "unreached"
"""In the receipt of direct messages: the ids of those to whom Slack lets nothing be sent."""
AT_ONCE = 10


class Direct:
    """Sends direct messages in one workspace. A conversation is opened once and remembered."""

    def __init__(self, posting: Posting, directory: Directory) -> None:
        self._posting, self._directory = posting, directory
        self._conversations: dict[str, str] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def conversation(self, person: str) -> str:
        """The channel in which this person alone reads us."""
        if person not in self._conversations:
            answer = await self._posting.call("conversations.open", users=person)
            self._conversations[person] = str(answer["channel"]["id"])
        return self._conversations[person]

    async def send(self, job: Job, effect: SendDirect, message: Message, instead: Exception | None = None) -> Receipt:
        """Send it to everybody whose it is. `instead`: it is not to be sent any more; raised, unless somebody has it already.
        Raises Hopeless only when it reaches nobody; who is not reached is in the receipt."""
        people, lost = await self.readers(job, effect)
        if instead and not await self._anybody_has(job, people):
            raise instead
        found = await asyncio.gather(*(self._one(job, who, message) for who in people)) if not instead else []
        waits = [one for one in found if isinstance(one, TryAgain)]
        if waits:  # whoever has it is passed over when it is tried again
            raise _together(waits, any(one is None for one in found)) from waits[0]
        lost |= {who: one for who, one in zip(people, found, strict=False) if isinstance(one, Hopeless)}
        if lost and not any(one is None for one in found):
            raise next(iter(lost.values()))
        return {UNREACHED: sorted(lost)}

    async def _one(self, job: Job, person: str, message: Message) -> TryAgain | Hopeless | None:
        """Send it to one person; what was in the way of that."""
        try:
            async with self._turns:
                await self._posting.say(job, await self.conversation(person), message)
        except (TryAgain, Hopeless) as error:
            return error
        except Exception as error:
            found = judged(error)
            if isinstance(found, TryAgain | Hopeless):
                return found
            raise
        return None

    async def _anybody_has(self, job: Job, people: Sequence[str]) -> bool:
        """Whether an earlier attempt got it to anybody."""
        for who in people if job.claim.uncertain else ():
            if await self._posting.said_before(job, await self.conversation(who), None):
                return True
        return False

    async def readers(self, job: Job, effect: SendDirect) -> tuple[list[str], dict[str, Hopeless]]:
        """Whose this message is: the audience's people, but for those who read the same as people of another one, which comes first
        in the policy; subscribers come last. And who of them is not to be found, with why."""
        people = people_of(effect.audience, job.incident, job.policy)
        own, lost = await self._found([who for who in people if who in effect.only] if effect.only else people)
        others = set[str]()
        for name in _before(job, effect.audience):
            others.update((await self._found(people_of(name, job.incident, job.policy)))[0])
        return [who for who in own if who not in others], lost

    async def _found(self, people: Sequence[str]) -> tuple[list[str], dict[str, Hopeless]]:
        """The ids of all of these that there are, each once; of the others why there are not."""
        found, lost = dict[str, None](), dict[str, Hopeless]()
        for who in people:
            try:
                found |= dict.fromkeys(await self._directory.users((who,)))
            except Hopeless as error:
                lost[who] = error
        return list(found), lost

    async def conversations(self, job: Job, effect: SendDirect) -> list[str]:
        """Where anything of this effect may stand."""
        left = job.incident.unsubscribed if effect.audience == SUBSCRIBERS else ()
        people = (*effect.only, *people_of(effect.audience, job.incident, job.policy), *left)
        return [await self.conversation(who) for who in (await self._found(tuple(dict.fromkeys(people))))[0]]


def told_directly(job: Job) -> Message:
    """What a direct message about the job's event says: an update as it was issued, a note that one is late, or where things stand.
    It names the incident, since no other message around it does."""
    match job.event:
        case UpdateIssued():
            return named(update(job.event), job.incident)
        case LateNoted():
            return named(late_note(job.event), job.incident)
        case _:
            return status(job.incident, SUBSCRIBERS, job.policy)


def people_of(name: str, incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Who is in this audience: as the policy names them, or the incident's subscribers."""
    audience = policy.audience(name)
    return incident.subscribers if name == SUBSCRIBERS else audience.people if audience else ()


def _before(job: Job, name: str) -> Iterator[str]:
    """The audiences of people that hear of the incident and come before this one. A person may have written to this one alone."""
    hear, event = listeners(job.incident, job.policy), job.event
    order = [one.name for one in job.policy.audiences if one.people]
    for other in order[: order.index(name)] if name in order else order:
        told = job.incident.told.get(other)
        alone = isinstance(event, UpdateIssued) and event.is_written and (told is None or told.last < event.at)
        if other in hear and not alone:
            yield other


def _together(waits: Sequence[TryAgain], somebody_has: bool) -> TryAgain:
    """Why it is tried again, all in one."""
    after = max((one.after for one in waits if one.after is not None), default=None)
    uncertain = somebody_has or any(one.uncertain for one in waits)
    return TryAgain(str(waits[0]), after=after, uncertain=uncertain, fault=any(one.fault for one in waits))
