"""Makes the effects of playbook runs come true in Slack: their messages, what is said below them, and what their steps say."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.core.delivery import Moot, TryAgain
from bot.core.effects import Effect, SayStep, ShowRun, TellRun
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.jobs import ROOM_SECONDS, Job, Receipt
from bot.slack.failures import error_code
from bot.slack.messages.run_news import said_by_step, told_of_run
from bot.slack.messages.runs import run_message
from bot.slack.posting import THREAD_GONE, Pace, Posting


class Running:
    """`playbook_of` finds what a run goes on from; `pace_edits` as for the gateway."""

    def __init__(self, posting: Posting, playbook_of: Callable[[Run], Awaitable[Playbook]], pace_edits: Pace) -> None:
        self._posting, self._playbook_of, self._pace_edits = posting, playbook_of, pace_edits
        self.deliver: dict[type[Effect], Callable[[Job, Any], Awaitable[Receipt]]] = {
            ShowRun: self._show,
            TellRun: self._tell,
            SayStep: self._say,
        }

    async def _show(self, job: Job, effect: ShowRun) -> Receipt:
        room = _room(job)
        if job.claim.receipt and (wait := await self._pace_edits(f"{room} {job.claim.lane}")) > 0:
            raise TryAgain("not its turn", after=wait, fault=False)
        playbook = await self._playbook_of(job.incident.run(effect.run))
        return await self._posting.show(job, room, run_message(effect.run, job.incident, playbook))

    async def _tell(self, job: Job, effect: TellRun) -> Receipt:
        root = job.claim.receipts.get(f"run:{effect.run}")
        if root is None:
            raise Moot
        if root["channel"] != _room(job):
            raise TryAgain("the thread is not there yet", after=ROOM_SECONDS, fault=False)
        message = told_of_run(job.event, effect.run, job.incident)
        try:
            return await self._posting.reply(job, root, message, to_channel=effect.to_room)
        except SlackApiError as error:
            if error_code(error) in THREAD_GONE:  # it is posted anew
                raise TryAgain("the thread is gone", after=ROOM_SECONDS, fault=False) from error
            raise

    async def _say(self, job: Job, effect: SayStep) -> Receipt:
        return await self._posting.say(job, _room(job), said_by_step(job.event, job.incident))


def _room(job: Job) -> str:
    if job.incident.room is None:
        raise Moot
    return job.incident.room.channel
