"""auth.revoke: the end of the app's token."""

from __future__ import annotations

from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method


def revoke(call: Call) -> Json:
    """Revoke the token of this call: from now on it answers token_revoked, the bot's user is deactivated and has left
    every channel (Slack's documentation, auth.revoke). With `test` nothing of this happens.
    """
    if call.args.flag("test"):
        return {"revoked": False}
    call.platform.tokens.revoke(call.token)
    call.bot.deleted = True
    for channel in call.workspace.channels.values():
        if channel.kind == "channel":
            channel.members.pop(call.bot.id, None)
    call.workspace.announce({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [call.bot.id]}})
    call.workspace.changed()
    return {"revoked": True}


METHODS = {"auth.revoke": Method(run=revoke, json=False)}
