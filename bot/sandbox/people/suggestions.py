"""What the app offers for what a person types into an external select: asks it, and checks its answer.

From Slack's documentation, "block_suggestion" and "Select menus": options or groups of them, a hundred at most, within
three seconds.
"""

from __future__ import annotations

from bot.sandbox.blocks.elements import Placed
from bot.sandbox.blocks.validation import message_blocks
from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform

EXTERNAL = {"external_select", "multi_external_select"}
MIN_QUERY_LENGTH = 3
"""How much is typed before the app is asked, unless the element says otherwise (from memory)."""
_OFFERS = ("options", "option_groups")


async def ask(platform: Platform, element: Json, payload: Json) -> Json:
    """The `options` or `option_groups` that the app has for a block_suggestion payload; no options while too little is
    typed. NotAcknowledged when it does not answer, or with something that Slack refuses (inferred).
    """
    if len(payload["value"]) < element.get("min_query_length", MIN_QUERY_LENGTH):
        return {"options": []}
    answer = await platform.delivery.deliver("interactive", payload) or {}
    if fault := problem(answer):
        raise NotAcknowledged("dispatch_failed", detail=f"its options are refused: {fault}")
    return {name: answer[name] for name in _OFFERS if name in answer}


def problem(answer: Json) -> str | None:
    """What is wrong with an answer; None when it can be shown. Options are well formed as those of a static select are;
    to have nothing to offer is fine.
    """
    offered = {name: answer[name] for name in _OFFERS if name in answer}
    if len(offered) != 1:
        return "it must hold either `options` or `option_groups`"
    if [] in offered.values():
        return None
    try:
        message_blocks([{"type": "actions", "elements": [{"type": "static_select", "action_id": "a", **offered}]}])
    except SlackError as refusal:
        return str(refusal.fields.get("errors", [refusal.code])[0])
    return None


def with_options(placed: Placed, suggested: Json | None) -> Placed:
    """An external select as its person has it before them: with what was suggested last, if anything was."""
    return placed if suggested is None else Placed(placed.block, placed.element | suggested)
