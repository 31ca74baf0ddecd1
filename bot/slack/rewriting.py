"""What was posted of an event, found in Slack by the marks it carries and drawn anew, once something it says was redacted."""

from slack_sdk.errors import SlackApiError

from bot.core.effects import (
    Effect,
    Mention,
    PostFallback,
    PostNote,
    PostUpdate,
    SayStep,
    SendDirect,
    Tell,
    TellRun,
    TellTeam,
    TellThread,
    Whisper,
)
from bot.core.learning.action_reminders import ActionsEscalated
from bot.core.router.reminders import LateNoted, UpdateReminded
from bot.core.router.updates import UpdateIssued
from bot.jobs import Job
from bot.slack.direct import Direct, told_directly
from bot.slack.directory import Directory
from bot.slack.failures import error_code
from bot.slack.messages.actions import calling, direct, escalated, is_about_actions
from bot.slack.messages.drill import marked
from bot.slack.messages.hypotheses import told_in_thread
from bot.slack.messages.message import Message
from bot.slack.messages.notices import mentions, retold
from bot.slack.messages.promises import late_note, reminder, undelivered
from bot.slack.messages.run_news import said_by_step, told_of_run
from bot.slack.messages.updates import update
from bot.slack.posting import SKEW, Posting

Place = tuple[str, str | None]
"""A channel, or a thread in it."""


async def rewrite_posts(job: Job, posting: Posting, directory: Directory, direct: Direct) -> None:
    """Edit every message that was posted of the job's event, wherever that can be done; then raise the first SlackApiError, if
    there was any. A thread that is gone has nothing left to edit."""

    async def anew(effect_id: str) -> Message | None:
        message = await _drawn_anew(job, job.posts.get(effect_id), directory)
        return marked(message, job.incident.is_drill) if message else None

    faults = []
    for channel, thread in dict.fromkeys(
        [place for one in job.posts.values() for place in await _places(job, one, direct)]
    ):
        try:
            await posting.rewrite(channel, thread, job.event.at - SKEW, anew)
        except SlackApiError as error:
            if error_code(error) != "thread_not_found":
                faults.append(error)
    if faults:
        raise faults[0]


async def called(job: Job, people: tuple[str, ...], directory: Directory) -> Message:
    """The message that calls these people into the room."""
    ids = await directory.ids(people)
    users, groups = [id for id in ids if not id.startswith("S")], [id for id in ids if id.startswith("S")]
    return mentions(job.incident, users, groups)


async def _places(job: Job, effect: Effect, direct: Direct) -> list[Place]:
    """Where messages of an effect stand, as far as that is known."""
    if isinstance(effect, SendDirect):
        return [(channel, None) for channel in await direct.conversations(job, effect)]
    place = _place(job, effect)
    return [place] if place else []


def _place(job: Job, effect: Effect) -> Place | None:
    """Where an effect's message stands, if that is known. A reply that the channel sees too is one message: it is found in its
    thread."""
    match effect:
        case TellThread(hypothesis=number):
            root = job.claim.receipts.get(f"hypothesis:{number}")
        case TellRun(run=number):
            root = job.claim.receipts.get(f"run:{number}")
        case PostUpdate(audience=audience) | PostNote(audience=audience):
            root = job.claim.receipts.get(f"status:{audience}")
        case Whisper() | PostFallback() | TellTeam():
            said = job.claim.receipts.get(effect.lane)
            return (said["channel"], None) if said else None
        case _:
            return (job.incident.room.channel, None) if job.incident.room else None
    return (root["channel"], root["ts"]) if root else None


async def _drawn_anew(job: Job, effect: Effect | None, directory: Directory) -> Message | None:
    """What the message of an effect says now; None for a message of another event."""
    match effect:
        case Tell():
            return retold(job.event, job.incident, job.policy)
        case Mention(people=people):
            return await called(job, people, directory)
        case TellThread():
            return told_in_thread(job.event, job.incident, job.policy)
        case TellRun() | SayStep():
            return _of_run(job, effect)
        case PostUpdate() | PostFallback() if isinstance(job.event, UpdateIssued):
            return update(job.event) if isinstance(effect, PostUpdate) else undelivered(job.event, job.incident)
        case SendDirect():
            return told_directly(job)
        case PostNote() if isinstance(job.event, LateNoted):
            return late_note(job.event)
        case Whisper(to=user):
            return _whispered(job, user)
        case TellTeam():
            return await _told_team(job, directory)
    return None


def _whispered(job: Job, user: str) -> Message | None:
    if isinstance(job.event, UpdateReminded):
        return reminder(job.event, job.incident, job.policy)
    return direct(job.event, job.incident, job.policy, user) if is_about_actions(job.event) else None


async def _told_team(job: Job, directory: Directory) -> Message | None:
    if not isinstance(job.event, ActionsEscalated):
        return None
    ids = await directory.ids(job.event.to)
    return calling(escalated(job.event, job.incident, job.policy), ids)


def _of_run(job: Job, effect: TellRun | SayStep) -> Message:
    if isinstance(effect, SayStep):
        return said_by_step(job.event, job.incident)
    return told_of_run(job.event, effect.run, job.incident)
