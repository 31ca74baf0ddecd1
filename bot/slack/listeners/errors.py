"""What a person hears when a listener raised: the sentence of an IncidentError, or that we are sorry. Nothing fails silently, and
what was not recorded is never acknowledged as done."""

from dataclasses import replace

import structlog
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.errors import IncidentError
from bot.slack.forms.modal import FieldErrors, View
from bot.slack.listeners.act import Body
from bot.slack.listeners.reply import reply
from bot.slack.listeners.submissions import Reaction, point_out, say_instead
from bot.slack.messages.answers import SORRY
from bot.slack.messages.message import say
from bot.slack.messages.refusals import with_typed
from bot.slack.text import entered, escape

log = structlog.get_logger()


async def on_error(error: Exception, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> BoltResponse | None:
    """Tell the person, in the way their action can be answered. None, which leaves the payload unacknowledged so that Slack
    sends it again, where no person is waiting."""
    sentence = _sentence(error, body)
    message = say(escape(sentence))
    if "command" in body:
        message = with_typed(replace(message, is_refusal=True), entered(body.get("text") or ""))
        said = {"response_type": "ephemeral", "text": message.text, "blocks": message.blocks}
        return BoltResponse(status=200, body=said)
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body=_in_form(body["view"], sentence))
    if body.get("type") == "block_actions":
        await reply(body, client, respond, message)
        return BoltResponse(status=200, body="")
    return None


def _sentence(error: Exception, body: Body) -> str:
    """What the person is told, as plain text."""
    if isinstance(error, IncidentError):
        log.info("a person was told what stood in the way", sentence=str(error))
        return str(error)
    log.error("a listener failed", payload=body.get("type") or body.get("command"), exc_info=error)
    return SORRY


def _in_form(view: View, sentence: str) -> Reaction:
    """At the first field, so that what was typed stays and can be sent again; in place of a form that has no field."""
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return point_out(FieldErrors({fields[0]: sentence})) if fields else say_instead(say(escape(sentence)))
