"""What the answers of the Web API consist of: the field names of Slack's documentation and recorded answers, in a small
notation (`name`, `name?` may be missing, `name{fields}`, `name[]{fields}`), and how an answer is held against them."""

import re
from collections.abc import Iterator
from typing import Any

_TOPIC = "value, creator, last_set"
CHANNEL = (
    "id, name, name_normalized, is_channel, is_group, is_im, is_mpim, is_private, created, creator, updated,"
    " is_archived, is_general, is_member, is_shared, is_ext_shared, is_org_shared, is_pending_ext_shared,"
    " pending_shared, pending_connected_team_ids, shared_team_ids, context_team_id, unlinked, last_read,"
    f" topic{{{_TOPIC}}}, purpose{{{_TOPIC}}}, previous_names, parent_conversation, properties, num_members?, locale?"
)
_ICONS = "image_36, image_48, image_72"
BOT_MESSAGE = (
    "type, subtype?, text, user, bot_id, app_id, team, ts,"
    f" bot_profile{{id, deleted, name, updated, app_id, icons{{{_ICONS}}}, team_id}},"
    " blocks?, attachments?, thread_ts?, parent_user_id?, metadata?, username?, icons?, edited?"
)
MESSAGE = (
    "type, subtype?, text, user, team, ts, bot_id?, app_id?, bot_profile?, blocks?, attachments?, thread_ts?,"
    " parent_user_id?, metadata?, edited?, client_msg_id?, inviter?, reactions?, reply_count?, reply_users_count?,"
    " latest_reply?, reply_users?, subscribed?"
)
VIEW = (
    "id, team_id, type, title, submit, close, blocks, private_metadata, callback_id, external_id, state{values}, hash,"
    " clear_on_close, notify_on_close, root_view_id, previous_view_id, app_id, bot_id, app_installed_team_id?"
)
USER = (
    "id, team_id, name, deleted, color, real_name, tz, tz_label, tz_offset,"
    " profile{real_name, real_name_normalized, display_name, display_name_normalized, email?, image_24, image_32,"
    " image_48, image_72, image_192, image_512, status_text, status_emoji, title, phone, team, bot_id?, api_app_id?},"
    " is_admin, is_owner, is_primary_owner, is_restricted, is_ultra_restricted, is_bot, is_app_user, updated, has_2fa,"
    " locale?"
)
BOOKMARK = (
    "id, channel_id, title, link, emoji, icon_url, entity_id, type, date_created, date_updated, rank,"
    " last_updated_by_user_id, last_updated_by_team_id, shortcut_id, app_id"
)
FILE = (
    "id, created, timestamp, name, title, mimetype, filetype, pretty_type, user, editable, size, mode, is_external,"
    " external_type, is_public, public_url_shared, display_as_bot, username, url_private, url_private_download,"
    " permalink, permalink_public, comments_count, is_starred, has_rich_preview, file_access, shares, channels, groups,"
    " ims, alt_txt?"
)
USERGROUP = (
    "id, team_id, is_usergroup, is_subteam, name, description, handle, is_external, date_create, date_update,"
    " date_delete, auto_type, created_by, updated_by, deleted_by, prefs{channels, groups}, users?, user_count?"
)
NEXT = "response_metadata{next_cursor}"

_TOKEN = re.compile(r"\s*([\w]+)(\?)?(\[\])?(\{)?|\s*([},])")


def notation(text: str) -> dict[str, tuple[bool, Any]]:
    """By name: whether a field must be there, and the fields inside it (None: anything)."""
    return _fields(_TOKEN.finditer(text))


def _fields(tokens: Iterator[re.Match[str]]) -> dict[str, tuple[bool, Any]]:
    fields: dict[str, tuple[bool, Any]] = {}
    for token in tokens:
        name, optional, _, opened, mark = token.groups()
        if mark == "}":
            break
        if name is not None:
            fields[name] = (optional is None, _fields(tokens) if opened else None)
    return fields


def differences(value: Any, fields: dict[str, tuple[bool, Any]], at: str = "") -> Iterator[str]:
    """Where an answer lacks a field or has one too many. A list must show at least one item to be compared."""
    if isinstance(value, list):
        if not value:
            yield f"{at} is empty"
        for index, item in enumerate(value):
            yield from differences(item, fields, f"{at}[{index}]")
        return
    yield from (f"{at}.{name} is missing" for name, (needed, _) in fields.items() if needed and name not in value)
    yield from (f"{at}.{name} is not Slack's" for name in value if name not in fields)
    for name, (_, inside) in fields.items():
        if inside is not None and name in value:
            yield from differences(value[name], inside, f"{at}.{name}")


def shape(value: Any) -> Any:
    """The names in an answer without its values."""
    if isinstance(value, dict):
        return {name: shape(content) for name, content in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else type(value).__name__
