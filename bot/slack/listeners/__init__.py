"""What happens when people act in Slack. Each listener reads, handles and returns its answer; what may happen is decided elsewhere.

The command, the buttons, the forms and the events are registered here from their tables, and nowhere else.
"""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.service import Service
from bot.slack.forms.inputs import TICKED
from bot.slack.forms.modal import notice
from bot.slack.ids import COMMAND
from bot.slack.listeners.act import Act, Background, Body, Workspace
from bot.slack.listeners.buttons import BUTTONS, Press
from bot.slack.listeners.commands import incident
from bot.slack.listeners.errors import on_error
from bot.slack.listeners.events import EVENTS, Happen
from bot.slack.listeners.reply import TITLE, reply
from bot.slack.listeners.submissions import FORMS, Submit
from bot.slack.messages.drill import banner, marked
from bot.slack.messages.message import Message


def register(app: AsyncApp, service: Service, workspace: Workspace) -> Background:
    """Connect the listeners to `app`, which must have been built with `process_before_response`: what is acknowledged is in the
    journal. Close what is returned when the app stops."""
    background = Background()

    async def provide(
        body: Body,
        client: AsyncWebClient,
        respond: AsyncRespond,
        context: AsyncBoltContext,
        next_: Callable[[], Awaitable[None]],
    ) -> None:
        context["act"] = Act(body, service, client, respond, background, workspace)
        await next_()

    app.middleware(provide)
    app.error(on_error)
    app.command(COMMAND)(typed)
    for action, press in BUTTONS.items():
        app.action(action.value)(pressed(press))
    for field in TICKED:
        app.action(field.value)(ignored)
    for form, submit in FORMS.items():
        app.view(form.value)(sent(submit))
    for kind, happen in EVENTS.items():
        app.event(kind)(happened(happen))
    app.event(re.compile(""))(ignored)
    return background


async def typed(ack: AsyncAck, act: Act) -> None:
    """A command: what is said goes into the acknowledgement."""
    answer = await incident(act)
    if isinstance(answer, Message):
        await ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")
    else:
        await act.client.views_open(trigger_id=act.body["trigger_id"], view=answer)
        await ack()


def pressed(press: Press) -> Callable[..., Awaitable[None]]:
    """A button: what is said goes to whoever pressed it."""

    async def listener(ack: AsyncAck, act: Act) -> None:
        answer = await press(act)
        if isinstance(answer, Message) and act.is_at_home:
            answer = notice(TITLE, answer.blocks)
        if isinstance(answer, Message):
            said = marked(answer, act.is_of_drill)
            await reply(act.body, act.client, act.respond, said, background=act.background)
        elif answer and "view" in act.body and not act.is_at_home:  # pressed in a form: in its place
            await act.client.views_update(view_id=act.body["view"]["id"], view=answer)
        elif answer:
            await act.client.views_open(trigger_id=act.body["trigger_id"], view=answer)
        await ack()

    return listener


def sent(submit: Submit) -> Callable[..., Awaitable[None]]:
    """A form: the reaction is the acknowledgement, an empty one closes the form."""

    async def listener(ack: AsyncAck, act: Act) -> None:
        reaction = await submit(act)
        if "errors" in reaction:
            reaction["errors"] = {act.sent.id(name): said for name, said in reaction["errors"].items()}
        if act.is_of_drill and "view" in reaction and banner() not in reaction["view"]["blocks"]:
            reaction["view"]["blocks"].insert(0, banner())
        await (ack(reaction) if reaction else ack())

    return listener


def happened(happen: Happen) -> Callable[..., Awaitable[None]]:
    """Something that happened: nobody waits for an answer, but Slack sends it again until it is acknowledged."""

    async def listener(ack: AsyncAck, act: Act) -> None:
        await happen(act)
        await ack()

    return listener


async def ignored(ack: AsyncAck) -> None:
    """A tick in a form that is still open, or an event that nobody here listens to, in case the app is subscribed to more than its
    manifest asks for: acknowledged, or Slack would show a fault or send it again and again."""
    await ack()
