"""What the app offers for what a person types into an external select: asks it, and checks its answer.

From Slack's documentation, "block_suggestion" and "Select menus": options or groups of them, a hundred at most, within
three seconds.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blocks.composition import OPTIONS
from bot.sandbox.delivery.acknowledgement import NotAcknowledged
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform

MIN_QUERY_LENGTH = 3
"""How much is typed before the app is asked, unless the element says otherwise (from memory)."""


def least(element: Json) -> int:
    """How many characters are typed into an external select before the app is asked."""
    return int(element.get("min_query_length", MIN_QUERY_LENGTH))


async def ask(platform: Platform, element: Json, payload: Json) -> Json:
    """The `options` or `option_groups` that the app has for a block_suggestion payload; no options while too little is
    typed. NotAcknowledged when it does not answer, or with something that Slack refuses (inferred).
    """
    if len(payload["value"]) < least(element):
        return {"options": []}
    answer = await platform.delivery.deliver("interactive", payload)
    if faults := problems(answer):
        raise NotAcknowledged("dispatch_failed", detail=f"its options are refused: {faults[0]}")
    return {name: content for name, content in (answer or {}).items() if name in OPTIONS}


def problems(answer: Any) -> list[str]:
    """What is wrong with an answer; nothing when it can be shown. Having nothing to offer is fine."""
    offered = {name: answer[name] for name in OPTIONS if name in answer} if isinstance(answer, dict) else {}
    if len(offered) != 1:
        return ["it must hold either `options` or `option_groups`"]
    [(name, value)] = offered.items()
    return [] if value == [] else [str(problem) for problem in OPTIONS[name].problems(value, f"/{name}")]
