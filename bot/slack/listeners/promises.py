"""`No change`, `Not now`, `/incident slower`, `/incident correct`: what people do about promised updates besides sending them."""

from bot.core.decision import Command
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.router.cadence import StretchCadence
from bot.core.router.reminders import SayNoChange, SnoozeReminder
from bot.slack.forms.correction import CorrectionForm
from bot.slack.forms.modal import View
from bot.slack.listeners.act import Act
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused


async def no_change(act: Act) -> Message:
    """`No change`: the audiences of a reminder read so at once, if it is true."""
    drawn = act.pressed
    command = SayNoChange(origin=act.origin(drawn.number), audiences=drawn.audiences, told=drawn.told)
    return await _settle(act, command, answers.no_change_sent(drawn.audiences))


async def snooze(act: Act) -> Message:
    """`Not now`: whoever was reminded is at it."""
    drawn = act.pressed
    command = SnoozeReminder(origin=act.origin(drawn.number), audiences=drawn.audiences)
    return await _settle(act, command, answers.reminders_put_off())


async def slower(act: Act, rest: str, found: Incident, policy: Policy) -> Message:
    """`/incident slower [off]`: audiences hear less often, or as often as before."""
    is_on = rest.casefold() != "off"
    return await _settle(act, StretchCadence(origin=act.origin(found.number), is_on=is_on), answers.slower(is_on))


async def correct(act: Act, rest: str, found: Incident, policy: Policy) -> Message | View:
    """`/incident correct`: the form that sends a correction of what audiences were told last."""
    told = [name for name in found.told if policy.audience(name)]
    return CorrectionForm.view(found, told) if told else answers.nothing_to_correct(found)


async def _settle(act: Act, command: Command, answer: Message) -> Message:
    """Handle it, and give the answer; or say why not."""
    outcome = await act.service.handle(command)
    if outcome.refusal is None:
        return answer
    now = await act.incident(command.origin.incident)
    return refused(outcome.refusal, now, await act.service.policy_of(now))
