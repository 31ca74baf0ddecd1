"""`/incident redact` and its form. Whoever may not is told at once, and that they tried is recorded."""

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.delivery import Hopeless
from bot.core.incident import Incident
from bot.core.policy_parts import is_person
from bot.core.redaction import RedactText, TextRedacted, may_redact, own_words
from bot.core.refusal import NothingToRedact, RepeatsIt
from bot.slack.forms.inputs import OPTIONS_LIMIT
from bot.slack.forms.modal import FieldErrors, View
from bot.slack.forms.redact import RedactForm
from bot.slack.ids import Field
from bot.slack.listeners.act import Act
from bot.slack.messages.message import Message
from bot.slack.messages.redactions import NOTHING, REPEATED, author, label, redacted
from bot.slack.messages.refusals import refused

GROUP_SECONDS = 1.0
"""How long we ask Slack who belongs to the groups that may redact: whoever asks waits meanwhile."""


async def open_form(act: Act, found: Incident) -> Message | View:
    """The form with the entries of this incident, the newest first; or why not."""
    groups, policy = await _groups(act, found), act.service.policy
    if not may_redact(found, act.person, groups, policy):
        outcome = await act.service.handle(RedactText(origin=act.origin(found.number), reason="", groups=groups))
        assert outcome.refusal is not None, "a redaction of nothing is always refused"
        return refused(outcome.refusal, found, policy)
    record, zone = await asyncio.gather(act.service.written(found.number, viewer=act.person), act.zone())
    choices = [one for one in reversed(record) if own_words(one)]
    shown = choices[:OPTIONS_LIMIT]
    names = await act.workspace.directory.names({author(one.event) for one in shown})
    options = [(label(one, names, zone), str(one.seq)) for one in shown]
    return RedactForm.view(found, options, earlier=len(choices) - len(shown))


async def redact(act: Act) -> Message | FieldErrors:
    """The form sent: what is gone and what cannot be reached, or what is wrong with a field."""
    number = act.sent.drawn.number
    groups = await _groups(act, await act.incident(number))
    command = RedactForm.parse(act.body["view"], act.origin(number), groups)
    if isinstance(command, FieldErrors):
        return command
    outcome = await act.service.handle(command)
    now = await act.incident(number)
    if isinstance(outcome.refusal, NothingToRedact):
        return FieldErrors.of(Field.WORDS, NOTHING)
    if isinstance(outcome.refusal, RepeatsIt):
        return FieldErrors.of(Field.REASON, REPEATED)
    if outcome.refusal or outcome.redaction is None:
        return refused(outcome.refusal or NothingToRedact(), now, act.service.policy)
    recorded = {one.seq: one.event for one in await act.service.timeline(number, viewer=act.person)}
    ordered = recorded[outcome.redaction]
    assert isinstance(ordered, TextRedacted)
    return redacted(now, ordered, [recorded[seq] for seq in ordered.entries])


async def _groups(act: Act, incident: Incident) -> tuple[str, ...]:
    """The groups of which the policy says that they may redact, and that the person belongs to, as far as that matters and Slack
    says so in time."""
    policy = act.service.policy
    if may_redact(incident, act.person, (), policy):
        return ()
    named = [who for who in policy.may_redact if is_person(who)]
    belongs = await asyncio.gather(*(_belongs(act, who) for who in named))
    return tuple(who for who, does in zip(named, belongs, strict=True) if does)


async def _belongs(act: Act, group: str) -> bool:
    try:
        async with asyncio.timeout(GROUP_SECONDS):
            return act.person in await act.workspace.directory.users((group,))
    except (Hopeless, SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
        return False
