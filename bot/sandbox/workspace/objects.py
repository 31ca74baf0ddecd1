"""How Slack's API shows an object of the workspace; pure, decides no rule. Field names are those of Slack's
documentation (method pages, object types).
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.file_objects import file_json
from bot.sandbox.workspace.message_log import Message
from bot.sandbox.workspace.state import Channel, Note, User, UserGroup
from bot.sandbox.workspace.workspace import Workspace

_ICON = "https://a.slack-edge.com/80588/img/plugins/app/bot_{size}.png"
_AVATAR = "https://ca.slack-edge.com/{team}-{user}-{size}"
_AVATAR_SIZES = (24, 32, 48, 72, 192, 512)
_ICONS = {f"image_{size}": _ICON.format(size=size) for size in (36, 48, 72)}


def note_json(note: Note) -> Json:
    """A topic or a purpose."""
    return {"value": note.value, "creator": note.creator, "last_set": note.last_set}


def channel_json(workspace: Workspace, channel: Channel, *, viewer: str, num_members: bool = False) -> Json:
    """A conversation object for the user `viewer`; the number of its members on demand."""
    if channel.kind == "im":
        return _direct_json(workspace, channel, viewer)
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": False,
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "updated": channel.updated,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_member": viewer in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": [workspace.team.id],
        "context_team_id": workspace.team.id,
        "unlinked": 0,
        "last_read": channel.last_read.get(viewer, "0000000000.000000"),
        "topic": note_json(channel.topic),
        "purpose": note_json(channel.purpose),
        "previous_names": list(channel.previous_names),
        "parent_conversation": None,
        "properties": _properties_json(workspace, channel),
    }
    if num_members:
        shown["num_members"] = len(channel.members)
    return shown


def _properties_json(workspace: Workspace, channel: Channel) -> Json:
    """The properties of a channel: its canvas, if it has one [from memory]."""
    if channel.canvas is None:
        return {}
    return {"canvas": {"file_id": channel.canvas, "is_empty": not workspace.canvases[channel.canvas].sections}}


def _direct_json(workspace: Workspace, channel: Channel, viewer: str) -> Json:
    """A direct message conversation for one of its two people."""
    other = next((member for member in channel.members if member != viewer), viewer)
    newest = channel.log.newest_ts()
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
        "updated": channel.updated,
        "user": other,
        "is_user_deleted": workspace.users[other].deleted,
        "is_open": True,
        "last_read": channel.last_read.get(viewer, "0000000000.000000"),
        "latest": None if newest is None else message_json(workspace, channel.log.messages[newest]),
        "priority": 0,
    }


def bot_json(workspace: Workspace) -> Json:
    """The app's bot, as bots.info shows it."""
    app = workspace.app
    return {
        "id": app.bot_id,
        "deleted": False,
        "name": app.name,
        "updated": workspace.bot.updated,
        "app_id": app.id,
        "user_id": app.bot_user,
        "icons": _ICONS,
    }


def bot_profile_json(workspace: Workspace) -> Json:
    """The bot_profile inside a message."""
    profile = bot_json(workspace)
    del profile["user_id"]
    return {**profile, "team_id": workspace.team.id}


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """A message. Its metadata appears in full when `metadata`, else only as its event_type (Slack's documentation,
    message metadata).
    """
    shown: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": workspace.team.id,
    }
    if message.subtype is not None:
        shown["subtype"] = message.subtype
    if message.by_app:
        app = workspace.app
        shown |= {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": bot_profile_json(workspace)}
    optional = {
        "client_msg_id": message.client_msg_id,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
    }
    shown |= {key: value for key, value in optional.items() if value is not None}
    shown |= message.extra
    if message.files:
        files = [file_json(workspace, workspace.files[file]) for file in message.files]
        shown |= {"files": files, "upload": False, "display_as_bot": False}
    if message.replies:
        shown |= thread_json(workspace, message)
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.metadata is not None:
        shown["metadata"] = message.metadata if metadata else {"event_type": message.metadata["event_type"]}
    return shown


def thread_json(workspace: Workspace, root: Message) -> Json:
    """The fields that tell of a message's thread."""
    return {
        "thread_ts": root.ts,
        "reply_count": len(root.replies),
        "reply_users_count": len(root.reply_users),
        "latest_reply": root.replies[-1],
        "reply_users": list(root.reply_users)[:5],
        "subscribed": root.user == workspace.app.bot_user,
    }


def permalink(workspace: Workspace, channel: Channel, message: Message) -> str:
    """The address of a message (Slack's documentation, chat.getPermalink)."""
    address = f"https://{workspace.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return f"{address}?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else address


def user_json(workspace: Workspace, user: User, *, email: bool = True) -> Json:
    """A user object; the address only for apps that may read it."""
    moment = datetime.fromtimestamp(workspace.now(), ZoneInfo(user.tz))
    offset = moment.utcoffset()
    return {
        "id": user.id,
        "team_id": workspace.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": moment.tzname() or user.tz,
        "tz_offset": 0 if offset is None else int(offset.total_seconds()),
        "profile": _profile_json(workspace, user, email=email),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "has_2fa": False,
    }


def _profile_json(workspace: Workspace, user: User, *, email: bool) -> Json:
    """The profile inside a user object."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        **{f"image_{size}": _AVATAR.format(team=workspace.team.id, user=user.id, size=size) for size in _AVATAR_SIZES},
        "status_text": "",
        "status_emoji": "",
        "title": user.title,
        "phone": "",
        "team": workspace.team.id,
    }
    if user.bot_id is not None:
        profile |= {"bot_id": user.bot_id, "api_app_id": workspace.app.id}
    if email and user.email:
        profile["email"] = user.email
    return profile


def usergroup_json(workspace: Workspace, group: UserGroup, *, users: bool, count: bool) -> Json:
    """A user group (subteam); its members and their number on demand."""
    shown: Json = {
        "id": group.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.created,
        "date_delete": group.disabled,
        "auto_type": None,
        "created_by": group.created_by,
        "updated_by": group.created_by,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if users:
        shown["users"] = list(group.users)
    if count:
        shown["user_count"] = len(group.users)
    return shown
