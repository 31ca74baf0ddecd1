"""What apps are told about the metadata of messages: that it came, changed or went. The fields are from memory; that a
message which loses its metadata counts as deleted is inferred.

From Slack's documentation, "Message metadata".
"""

from __future__ import annotations

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.state import Channel
from bot.sandbox.workspace.workspace import Workspace


def announce_metadata(workspace: Workspace, channel: Channel, message: Message, *, before: Json | None) -> None:
    """Announce what became of the metadata `before`, given how the message is now. Ephemeral messages are not told of."""
    after = message.metadata
    if after == before or message.visible_to is not None:
        return
    kind = "posted" if before is None else "deleted" if after is None else "updated"
    event: Json = {
        "type": f"message_metadata_{kind}",
        "app_id": workspace.app.id if message.by_app else None,
        "bot_id": workspace.app.bot_id if message.by_app else None,
        "user_id": message.user,
        "team_id": workspace.team.id,
        "channel_id": channel.id,
        "message_ts": message.ts,
    }
    if kind == "deleted":
        event["deleted_ts"] = message.ts
    event |= {name: value for name, value in (("metadata", after), ("previous_metadata", before)) if value is not None}
    workspace.announce(event, channel)
