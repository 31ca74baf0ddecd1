"""The response_urls that a form brings along: one for each conversation that was chosen in a select that asks for it.

From Slack's documentation, "Modals": only for a conversations or channels select in an input block with
response_url_enabled.
"""

from __future__ import annotations

from bot.sandbox.blocks.elements import interactive
from bot.sandbox.jsontypes import Json
from bot.sandbox.platform import Platform
from bot.sandbox.views import View

_CHOSEN = {"conversations_select": "selected_conversation", "channels_select": "selected_channel"}


def response_urls(platform: Platform, view: View) -> list[Json]:
    """The response_urls of a submission, each with the select and the conversation it is for."""
    found: list[Json] = []
    for placed in interactive(view.blocks):
        key = _CHOSEN.get(placed.element["type"])
        if key is None or placed.block["type"] != "input" or not placed.element.get("response_url_enabled"):
            continue
        if channel := view.values[placed.block_id][placed.action_id][key]:
            found.append(
                {
                    "block_id": placed.block_id,
                    "action_id": placed.action_id,
                    "channel_id": channel,
                    "response_url": platform.reply_url(user=view.user, channel=channel),
                }
            )
    return found
