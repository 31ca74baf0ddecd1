"""The shapes of what Slack sends to an app: event callbacks, slash commands, interactions. Pure; sends nothing.

From Slack's documentation: "The Events API", "Implementing slash commands", "block_actions payload", "view_submission
payload".
"""

from __future__ import annotations

from collections.abc import Sequence

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


def app_rate_limited(workspace: Workspace, minute: int) -> Json:
    """Word of a minute, given by its first epoch second, in which there were more events than the app is sent."""
    return {
        "token": VERIFICATION_TOKEN,
        "type": "app_rate_limited",
        "team_id": workspace.team.id,
        "minute_rate_limited": minute,
        "api_app_id": workspace.app.id,
    }


def url_verification(challenge: str) -> Json:
    """The question that an app answers with the challenge before Slack sends events to its address."""
    return {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}


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
    """A slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command.command,
        "text": text,
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def channel_name(channel: Channel) -> str:
    """What payloads call a conversation: only public channels have their name told (from memory)."""
    names = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}
    return names.get(channel.type_name, channel.name)


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
        "channel": {"id": channel.id, "name": channel_name(channel)},
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
        "channel": {"id": channel.id, "name": channel_name(channel)},
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


def shortcut(workspace: Workspace, user: User, callback_id: str, *, trigger_id: str) -> Json:
    """A global shortcut, which knows no channel."""
    return _interaction(workspace, "shortcut", user) | {
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": _action_ts(workspace),
    }


def message_shortcut(
    workspace: Workspace,
    user: User,
    channel: Channel,
    message: Message,
    callback_id: str,
    *,
    trigger_id: str,
    response_url: str,
) -> Json:
    """A shortcut used on a message."""
    return _interaction(workspace, "message_action", user) | {
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "action_ts": _action_ts(workspace),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message_json(workspace, message),
        "response_url": response_url,
    }


def _action_ts(workspace: Workspace) -> str:
    """When somebody does something."""
    return f"{workspace.clock.epoch():.6f}"


def view_actions(workspace: Workspace, user: User, view: Json, *, action: Json, trigger_id: str) -> Json:
    """A press on an element of a form or of the Home tab."""
    return _interaction(workspace, "block_actions", user) | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": trigger_id,
        "view": view,
        "actions": [action],
    }


def view_submission(
    workspace: Workspace, user: User, view: Json, *, trigger_id: str, response_urls: Sequence[Json] = ()
) -> Json:
    """A form sent; `response_urls` are those of its selects that ask for one."""
    return _interaction(workspace, "view_submission", user) | {
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": list(response_urls),
    }


def view_closed(workspace: Workspace, user: User, view: Json, *, is_cleared: bool) -> Json:
    """A form dismissed; it carries no input values."""
    return _interaction(workspace, "view_closed", user) | {
        "view": view | {"state": {"values": {}}},
        "is_cleared": is_cleared,
    }
