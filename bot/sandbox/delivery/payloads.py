"""The shapes of what Slack sends to an app: event callbacks, slash commands, interactions. Pure; sends nothing.

From Slack's documentation: "The Events API", "Implementing slash commands", "block_actions payload", "view_submission
payload".
"""

from __future__ import annotations

from bot.sandbox.ids import random_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.objects import message_json
from bot.sandbox.workspace.state import Channel, Command, User
from bot.sandbox.workspace.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"


def event_callback(workspace: Workspace, event: Json) -> Json:
    """The outer event around one inner event."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team.id,
        "user_id": workspace.app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team.id,
        "context_team_id": workspace.team.id,
        "context_enterprise_id": None,
        "api_app_id": workspace.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(float(event["event_ts"])),
        "event_context": random_id("EC"),
        "is_ext_shared_channel": False,
        "authorizations": [authorization],
    }


def slash_command(
    workspace: Workspace,
    user: User,
    channel: Channel,
    command: Command,
    text: str,
    *,
    trigger_id: str,
    response_url: str,
) -> Json:
    """A slash command, with the fields that Socket Mode gives it."""
    names = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.type_name, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": command.command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def _interaction(workspace: Workspace, kind: str, user: User) -> Json:
    """What every interaction payload carries."""
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.team.id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_actions(
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    *,
    action: Json,
    values: Json,
    trigger_id: str,
    response_url: str,
) -> Json:
    """A press on an element of a message."""
    return _interaction(workspace, "block_actions", user) | {
        "container": _message_container(channel, message),
        "trigger_id": trigger_id,
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        "message": message_json(workspace, message),
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action],
    }


def _message_container(channel: Channel, message: Message) -> Json:
    """Where an element of a message stands."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.visible_to is not None,
    }
    return container if message.thread_ts is None else {**container, "thread_ts": message.thread_ts}


def message_suggestion(
    workspace: Workspace, user: User, channel: Channel, message: Message, *, block_id: str, action_id: str, value: str
) -> Json:
    """What a person typed into an external select of a message."""
    return _interaction(workspace, "block_suggestion", user) | {
        "container": _message_container(channel, message),
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        "message": message_json(workspace, message),
        "block_id": block_id,
        "action_id": action_id,
        "value": value,
    }


def view_suggestion(workspace: Workspace, user: User, view: Json, *, block_id: str, action_id: str, value: str) -> Json:
    """What a person typed into an external select of a form or of the Home tab."""
    return _interaction(workspace, "block_suggestion", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "block_id": block_id,
        "action_id": action_id,
        "value": value,
    }


def view_actions(workspace: Workspace, user: User, view: Json, *, action: Json, trigger_id: str) -> Json:
    """A press on an element of a form or of the Home tab."""
    return _interaction(workspace, "block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": view,
        "actions": [action],
    }


def view_submission(workspace: Workspace, user: User, view: Json, *, trigger_id: str) -> Json:
    """A form sent."""
    return _interaction(workspace, "view_submission", user) | {
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }


def view_closed(workspace: Workspace, user: User, view: Json, *, is_cleared: bool) -> Json:
    """A form dismissed; it carries no input values."""
    return _interaction(workspace, "view_closed", user) | {
        "view": view | {"state": {"values": {}}},
        "is_cleared": is_cleared,
    }
