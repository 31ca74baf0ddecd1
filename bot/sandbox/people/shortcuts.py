"""Shortcuts that people use: global ones anywhere, message shortcuts on a message.

From Slack's documentation, "Implementing shortcuts": a message shortcut works on messages that everybody sees.
"""

from __future__ import annotations

from typing import Literal

from bot.sandbox.delivery import payloads
from bot.sandbox.people.interactions import Refused
from bot.sandbox.platform import Platform
from bot.sandbox.workspace.state import Channel, Shortcut, User


async def use_anywhere(platform: Platform, user: User, callback_id: str) -> None:
    """Use a global shortcut. NotAcknowledged when the app did not take it, Refused when there is no such shortcut."""
    shortcut = _known(platform, "global", callback_id)
    trigger = platform.triggers.issue(user.id)
    payload = payloads.shortcut(platform.workspace, user, shortcut.callback_id, trigger_id=trigger)
    await platform.delivery.deliver("interactive", payload)


async def use_on_message(platform: Platform, user: User, channel: Channel, ts: str, callback_id: str) -> None:
    """Use a message shortcut. NotAcknowledged when the app did not take it, Refused on an ephemeral message. That its
    response_url cannot replace the message is inferred.
    """
    shortcut = _known(platform, "message", callback_id)
    message = channel.log.find(ts)
    if message is None or not channel.visible_to(user.id):
        raise Refused("Shortcuts go on messages that everybody sees, and this is none.")
    payload = payloads.message_shortcut(
        platform.workspace,
        user,
        channel,
        message,
        shortcut.callback_id,
        trigger_id=platform.triggers.issue(user.id, channel.id),
        response_url=platform.reply_url(user=user.id, channel=channel.id),
    )
    await platform.delivery.deliver("interactive", payload)


def _known(platform: Platform, kind: Literal["global", "message"], callback_id: str) -> Shortcut:
    """The app's shortcut of this kind."""
    shortcuts = [shortcut for shortcut in platform.app.shortcuts if shortcut.kind == kind]
    for shortcut in shortcuts:
        if shortcut.callback_id == callback_id:
            return shortcut
    names = ", ".join(shortcut.callback_id for shortcut in shortcuts) or "none"
    raise Refused(f"The app has no {kind} shortcut {callback_id}. There is: {names}.")
