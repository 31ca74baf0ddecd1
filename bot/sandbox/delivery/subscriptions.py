"""Which events there are, the scopes they need, and whether an app that subscribed may hear of one. Pure.

From Slack's documentation, the reference of event types; that an event without its scope is never sent is inferred from
it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.state import App, Channel

SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "file_shared": ("files:read",),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "message_metadata_deleted": ("metadata.message:read",),
    "message_metadata_posted": ("metadata.message:read",),
    "message_metadata_updated": ("metadata.message:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
}
"""Every subscription that the sandbox can serve, with the scopes of which it needs one. Those of the channel_archive
family are from memory."""

ALL_EVENTS = frozenset(SCOPES)
"""Every subscription that the sandbox can serve."""

DEFAULT_EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "channel_archive",
        "channel_deleted",
        "channel_rename",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "pin_added",
        "reaction_added",
        "reaction_removed",
    }
)
"""What the app is subscribed to unless its manifest says otherwise."""

_ABOUT_PUBLIC_CHANNELS = {
    "channel_archive",
    "channel_created",
    "channel_deleted",
    "channel_rename",
    "channel_unarchive",
}
_MESSAGE_FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
ANY = "*"


def checked(events: Iterable[str]) -> frozenset[str]:
    """These subscriptions. ValueError when the sandbox cannot serve one of them."""
    subscriptions = frozenset(events)
    if unknown := subscriptions - ALL_EVENTS:
        raise ValueError(f"The sandbox has no events {', '.join(sorted(unknown))}.")
    return subscriptions


def subscription(event: Json) -> str:
    """The name in the app's manifest that subscribes to this event."""
    if event["type"] == "message":
        return f"message.{_MESSAGE_FAMILY[event['channel_type']]}"
    return str(event["type"])


def hears(app: App, event: Json, channel: Channel | None) -> bool:
    """Whether the app is to be told of an inner event in this conversation."""
    name = subscription(event)
    return (
        name in app.events
        and (not SCOPES[name] or app.scopes is None or not app.scopes.isdisjoint(SCOPES[name]))
        and _may_see(app, event, channel)
        and (not name.startswith("message_metadata_") or _wants_metadata(app, event))
        and (app.urls is None or app.urls.verified)
    )


def _may_see(app: App, event: Json, channel: Channel | None) -> bool:
    """Whether the app's bot may hear of something in this conversation."""
    if channel is None or app.bot_user in channel.members:
        return True
    return event["type"] in _ABOUT_PUBLIC_CHANNELS and not channel.is_private


def _wants_metadata(app: App, event: Json) -> bool:
    """Whether one of the app's metadata subscriptions names who posted it and its type."""
    kind = (event.get("metadata") or event["previous_metadata"])["event_type"]
    return any(
        one.app_id in (ANY, event["app_id"]) and one.event_type in (ANY, kind) for one in app.metadata_subscriptions
    )
