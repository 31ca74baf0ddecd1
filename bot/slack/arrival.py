"""What the bot does when it comes into a workspace: joins the channels that the policy names, and says what is not as it should
be now rather than in the first incident."""

from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.delivery import Hopeless, TryAgain
from bot.core.policy import Policy
from bot.core.policy_parts import is_person
from bot.slack.directory import Directory
from bot.slack.failures import error_code, judged
from bot.slack.insisting import insist

log = structlog.get_logger()

ARRIVE_SECONDS = 5.0
"""For so long we insist on an answer about one name."""


async def meet(client: AsyncWebClient, directory: Directory, policy: Policy) -> dict[str, str]:
    """Be in every channel we will post to, since looking for what we may have posted needs membership, and know the groups that
    will be invited or may redact, and that whoever is to get direct messages is there. Returns what does not work, by its
    name in the policy, with how to mend it."""
    wrong: dict[str, str] = {}
    for name in policy.channels:
        if reason := await _fault(partial(_join, client, directory, name)):
            wrong[name] = f"{reason}. Invite Lockstep there, or change the channel in policy.yml."
    for who in policy.invited([severity.name for severity in policy.severities]):
        if reason := await _fault(partial(directory.ids, (who,))):
            wrong[who] = f"{reason}. Change whom the severities invite in policy.yml."
    for who in filter(is_person, policy.may_redact):
        if who not in wrong and (reason := await _fault(partial(directory.ids, (who,)))):
            wrong[who] = f"{reason}. Change who may redact in policy.yml."
    wrong |= await _unreachable(directory, policy)
    for name, reason in wrong.items():
        log.warning("the policy names something that does not work", name=name, reason=reason)
    return wrong


async def _unreachable(directory: Directory, policy: Policy) -> dict[str, str]:
    """Of those who are to get direct messages, to whom none can be sent."""
    people = [(who, audience.name) for audience in policy.audiences for who in audience.people]
    found = {who: (await _fault(partial(directory.reached, (who,))), name) for who, name in people}
    return {
        who: f"{reason}. Change the people of {name} in policy.yml." for who, (reason, name) in found.items() if reason
    }


async def _join(client: AsyncWebClient, directory: Directory, name: str) -> None:
    """Join a public channel; a private one can only be entered by invitation, so look whether that has happened."""
    channel = await directory.channel(name)
    try:
        await client.conversations_join(channel=channel)
    except SlackApiError as error:
        if error_code(error) != "method_not_supported_for_channel_type":
            raise
        answer = await client.conversations_info(channel=channel)
        if not answer["channel"]["is_member"]:
            raise Hopeless("it is private, and Lockstep is not in it") from error


async def _fault(attempt: Callable[[], Awaitable[object]]) -> str | None:
    """Why it does not work, in a few words; None when it does, or Slack is unwell: that says nothing of the policy, and whatever
    needs it tries again."""
    try:
        await insist(attempt, within=ARRIVE_SECONDS)
    except Hopeless as error:
        return str(error)
    except (TryAgain, SlackApiError, aiohttp.ClientError, OSError) as error:
        reason = error if isinstance(error, TryAgain) else judged(error)
        return str(reason) if isinstance(reason, Hopeless) else None
    return None
