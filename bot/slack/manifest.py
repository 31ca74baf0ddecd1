"""The app manifest, drawn from what the code uses: its command, and the permissions that the methods it calls need."""

from typing import Any

import yaml

from bot.slack.ids import COMMAND

SCOPES: dict[str, tuple[str, ...]] = {
    "apps.connections.open": (),
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "canvases.edit": ("canvases:write",),
    "canvases.sections.lookup": ("canvases:read",),
    "conversations.canvases.create": ("canvases:write",),
    "conversations.archive": ("channels:manage", "groups:write"),
    "conversations.create": ("channels:manage", "groups:write"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.invite": ("channels:manage", "groups:write"),
    "conversations.join": ("channels:join",),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.rename": ("channels:manage", "groups:write"),
    "conversations.replies": ("channels:history", "groups:history"),
    "conversations.setTopic": ("channels:manage", "groups:write"),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "pins.add": ("pins:write",),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("channels:read", "groups:read"),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
"""Every Web API method Lockstep calls, and the bot scopes it needs (Slack's documentation of each method). Those of private
channels (groups:…) are there because incidents can be private and audiences may read in one, those of direct messages (im:…)
because people may: a post whose answer was lost is looked up there."""

EVENTS: dict[str, str] = {
    "app_home_opened": "",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}
"""The events Lockstep subscribes to, each with the scope it needs, if any (Slack's documentation of each event). Of messages
only the replies in the threads of hypotheses are kept, with what becomes of them: Slack tells of edits and deletions as messages of
the subtypes message_changed and message_deleted, in the same subscription."""

_COMMENT = (
    "# What `lockstep manifest` prints. Do not edit: change bot/slack/manifest.py, and a test will ask for this file.\n"
)


def manifest() -> dict[str, Any]:
    """The manifest of an app that runs in Socket Mode (Slack's documentation, "App manifest reference")."""
    scopes = sorted(
        {"commands", *filter(None, EVENTS.values()), *(scope for needed in SCOPES.values() for scope in needed)}
    )
    settings: dict[str, Any] = {
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
        "event_subscriptions": {"bot_events": list(EVENTS)},
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Lockstep",
            "description": "Runs incidents step by step.",
            "background_color": "#2d3748",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Lockstep", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": "Declare an incident, or work on one",
                    "usage_hint": "declare what is wrong, or help",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": settings,
    }


def to_yaml() -> str:
    """The manifest as YAML, as it is pasted into Slack."""
    return _COMMENT + yaml.safe_dump(manifest(), sort_keys=False, allow_unicode=True)
