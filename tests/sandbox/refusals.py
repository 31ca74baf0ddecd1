"""For every error that a method of the sandbox declares, a call that brings it about. Later calls of a method find what
earlier ones left."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.limits import most
from tests.sandbox.given import modal, section
from tests.sandbox.scene import FORM, HOME, LINK, PLAN, Arguments, Scene, inserted

Refusals = dict[str, Callable[[Scene], Arguments]]

NOBODY, NOWHERE, NOTHING = "U404", "C404", "1.000001"
BROKEN = "{not json"
LONG = "x" * 250_001
MANY_FILLED = [section("x" * 3000, block_id=str(number)) for number in range(5)]

MANY_LONG = [section("x" * 3000, block_id=str(number)) for number in range(90)]
LARGE_FORM, LARGE_HOME = modal(*MANY_LONG), {"type": "home", "blocks": MANY_LONG}

QUOTED_LIST = {"type": "markdown", "markdown": "> - x"}
_TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

_NO_CHANNEL: Refusals = {"channel_not_found": lambda s: {"channel": s.hidden}}
_CHANNEL: Refusals = _NO_CHANNEL | {"method_not_supported_for_channel_type": lambda s: {"channel": s.direct}}
_ARCHIVED: Refusals = {"is_archived": lambda s: {"channel": s.archived}}
_OUTSIDE: Refusals = {"not_in_channel": lambda s: {"channel": s.elsewhere}}
_NAMES: Refusals = {
    "invalid_name_required": lambda s: {"channel": s.room},
    "invalid_name_maxlength": lambda s: {"channel": s.room, "name": "x" * 81},
    "invalid_name_punctuation": lambda s: {"channel": s.room, "name": "--"},
    "invalid_name_specials": lambda s: {"channel": s.room, "name": "Room"},
    "name_taken": lambda s: {"channel": s.room, "name": "archived"},
}
_PAGES: Refusals = {
    "invalid_cursor": lambda s: {"channel": s.room, "cursor": "x"},
    "invalid_limit": lambda s: {"channel": s.room, "limit": 1001},
}
_SELECTION: Refusals = (
    _NO_CHANNEL
    | _OUTSIDE
    | _PAGES
    | {
        "invalid_ts_latest": lambda s: {"channel": s.room, "latest": "now"},
        "invalid_ts_oldest": lambda s: {"channel": s.room, "oldest": "then"},
    }
)
_LISTING: Refusals = _PAGES | {"invalid_types": lambda s: {"types": "public"}}
_MESSAGE: Refusals = _NO_CHANNEL | {
    "bad_timestamp": lambda s: {"channel": s.room, "timestamp": "now"},
    "message_not_found": lambda s: {"channel": s.room, "timestamp": NOTHING},
    "no_item_specified": lambda s: {"channel": s.room},
}
_CONTENT: Refusals = {
    "as_user_not_supported": lambda s: {"channel": s.room, "text": "x", "as_user": True},
    "invalid_attachments": lambda s: {"channel": s.room, "attachments": BROKEN},
    "invalid_blocks": lambda s: {"channel": s.room, "blocks": [section("")]},
    "invalid_blocks_format": lambda s: {"channel": s.room, "blocks": BROKEN},
    "markdown_text_conflict": lambda s: {"channel": s.room, "text": "x", "markdown_text": "x"},
    "msg_blocks_too_long": lambda s: {"channel": s.room, "blocks": MANY_FILLED},
    "msg_too_long": lambda s: {"channel": s.room, "markdown_text": "x" * 12_001},
    "no_text": lambda s: {"channel": s.room},
    "too_many_attachments": lambda s: {"channel": s.room, "attachments": [{"text": "x"}] * 101},
}
_METADATA: Refusals = {
    "invalid_metadata_format": lambda s: {"channel": s.room, "text": "x", "metadata": BROKEN},
    "invalid_metadata_schema": lambda s: {"channel": s.room, "text": "x", "metadata": {"event_type": "x"}},
    "metadata_too_large": lambda s: {
        "channel": s.room,
        "text": "x",
        "metadata": {"event_type": "x", "event_payload": {"x": LONG}},
    },
}
_PLACE: Refusals = (
    _NO_CHANNEL
    | _ARCHIVED
    | {
        "cannot_reply_to_message": lambda s: {"channel": s.room, "thread_ts": s.reply},
        "messages_tab_disabled": lambda s: s.app({"channel": s.direct}, messages_tab=False),
        "not_in_channel": lambda s: s.app({"channel": s.elsewhere}, scopes=frozenset({"chat:write"})),
    }
)
_BOOKMARK: Refusals = {
    "channel_not_found": lambda s: {"channel_id": s.hidden},
    "permission_denied": lambda s: {"channel_id": s.elsewhere},
}
_BOOKMARKED: Refusals = {
    "invalid_emoji": lambda s: {"emoji": "tada"},
    "invalid_link": lambda s: {"link": "ftp://example.com"},
}
_CANVAS: Refusals = {"canvas_not_found": lambda s: {"canvas_id": s.torn()}}
_STREAM: Refusals = (
    _NO_CHANNEL
    | _ARCHIVED
    | _OUTSIDE
    | {
        "invalid_attachments": lambda s: _streamed(s, _TABLE, _TABLE),
        "invalid_blocks": lambda s: _streamed(s, section("")),
        "invalid_chunks": lambda s: {"channel": s.room, "chunks": BROKEN},
        "msg_blocks_too_long": lambda s: _streamed(s, *MANY_FILLED),
        "msg_blocks_too_many": lambda s: {"channel": s.room, "chunks": [_chunk(section("x")) for _ in range(51)]},
        "msg_too_long": lambda s: {"channel": s.room, "markdown_text": "x" * 12_001},
        "messages_tab_disabled": lambda s: s.app({"channel": s.direct}, messages_tab=False),
    }
)
_STREAMED: Refusals = {
    "message_not_found": lambda s: {"channel": s.room, "ts": NOTHING},
    "message_not_in_streaming_state": lambda s: {"channel": s.room, "ts": s.root},
    "message_not_owned_by_app": lambda s: {"channel": s.room, "ts": s.others},
    "streaming_mode_mismatch": lambda s: {"channel": s.room, "ts": s.stream("chunks"), "markdown_text": "x"},
}
_TRIGGER: Refusals = {
    "duplicate_external_id": lambda s: {"trigger_id": s.trigger(), "view": _named(s)},
    "exchanged_trigger_id": lambda s: {"trigger_id": s.spent()},
    "expired_trigger_id": lambda s: {"trigger_id": s.expired()},
    "invalid_trigger_id": lambda s: {"trigger_id": "1.2.3"},
    "view_too_large": lambda s: {"trigger_id": s.trigger(), "view": LARGE_FORM},
}


def _named(scene: Scene) -> Arguments:
    """A form whose external_id another open view has."""
    scene.home.definition["external_id"] = "mine"
    return FORM | {"external_id": "mine"}


def _chunk(*blocks: Any) -> Arguments:
    """A piece of a stream that consists of blocks."""
    return {"type": "blocks", "blocks": list(blocks)}


def _streamed(scene: Scene, *blocks: Any) -> Arguments:
    """Blocks that are streamed into the room."""
    return {"channel": scene.room, "chunks": [_chunk(*blocks)]}


def _with(common: Callable[[Scene], Arguments], *tables: Refusals) -> Refusals:
    """Refusals whose arguments go over those that would be fine."""
    joined: Refusals = {}
    for table in tables:
        for error, arguments in table.items():
            joined[error] = lambda scene, arguments=arguments: {**common(scene), **arguments(scene)}  # type: ignore[misc]
    return joined


REFUSALS: dict[str, Refusals] = {
    "bookmarks.add": _with(
        lambda s: {**LINK, "channel_id": s.room},
        _BOOKMARK,
        _BOOKMARKED,
        {
            "invalid_bookmark_type": lambda s: {"type": "file"},
            "too_many_bookmarks": lambda s: {"channel_id": s.bookmarked(most("channel.bookmarks"))},
        },
    ),
    "bookmarks.edit": _with(
        lambda s: {"channel_id": s.room, "bookmark_id": s.bookmark},
        _BOOKMARK,
        _BOOKMARKED,
        {"not_found": lambda s: {"bookmark_id": "Bk404"}},
    ),
    "bookmarks.list": {"channel_not_found": lambda s: {"channel_id": NOWHERE}},
    "bookmarks.remove": _with(
        lambda s: {"channel_id": s.room}, _BOOKMARK, {"not_found": lambda s: {"bookmark_id": "Bk404"}}
    ),
    "bots.info": {"bot_not_found": lambda s: {"bot": "B404"}},
    "canvases.access.set": _with(
        lambda s: {"access_level": "read", "user_ids": [s.bob]},
        _CANVAS,
        {
            "channel_not_found": lambda s: {"canvas_id": s.canvas(), "user_ids": "", "channel_ids": [s.hidden]},
            "invalid_parameters": lambda s: {"canvas_id": s.canvas(), "channel_ids": [s.room]},
            "restricted_action": lambda s: {"canvas_id": s.canvas(of=s.alice)},
            "user_not_found": lambda s: {"canvas_id": s.canvas(), "user_ids": [NOBODY]},
        },
    ),
    "canvases.create": {
        "canvas_creation_failed": lambda s: {"document_content": QUOTED_LIST},
        "channel_not_found": lambda s: {"channel_id": s.hidden},
        "free_teams_cannot_create_standalone_canvases": lambda s: s.free({}),
        "restricted_action": lambda s: {"channel_id": s.elsewhere},
    },
    "canvases.delete": _CANVAS | {"restricted_action": lambda s: {"canvas_id": s.canvas(of=s.alice)}},
    "canvases.edit": _with(
        lambda s: {"changes": [inserted(PLAN)]},
        _CANVAS,
        {
            "canvas_editing_failed": lambda s: {"canvas_id": s.canvas(), "changes": [inserted(QUOTED_LIST)]},
            "canvas_too_large": lambda s: {"canvas_id": s.canvas("x" * most("canvas.size"))},
            "free_teams_cannot_edit_standalone_canvases": lambda s: s.free({"canvas_id": s.canvas()}),
        },
    ),
    "canvases.sections.lookup": _with(
        lambda s: {"criteria": {"contains_text": "x"}},
        {
            "canvas_deleted": lambda s: {"canvas_id": s.torn()},
            "canvas_not_found": lambda s: {"canvas_id": "F404"},
        },
    ),
    "chat.appendStream": _with(
        lambda s: {"ts": s.stream()}, _STREAM, _STREAMED, {"no_text": lambda s: {"channel": s.room}}
    ),
    "chat.delete": _with(
        lambda s: {"channel": s.room, "ts": s.root},
        _NO_CHANNEL,
        {
            "cant_delete_message": lambda s: {"ts": s.others},
            "message_not_found": lambda s: {"ts": NOTHING},
        },
    ),
    "chat.getPermalink": _with(
        lambda s: {"message_ts": s.root, "channel": s.room},
        _NO_CHANNEL,
        {"message_not_found": lambda s: {"message_ts": "now"}},
    ),
    "chat.postEphemeral": _with(
        lambda s: {"user": s.bob},
        _CONTENT,
        {"user_not_in_channel": lambda s: {"channel": s.room, "user": s.alice, "text": "x"}},
    )
    | _with(lambda s: {"user": s.bob, "text": "x"}, _PLACE),
    "chat.postMessage": _CONTENT | _METADATA | _with(lambda s: {"text": "x"}, _PLACE),
    "chat.startStream": _with(
        lambda s: {
            "thread_ts": s.root,
            "recipient_team_id": s.sandbox.team_id,
            "recipient_user_id": s.bob,
        },
        _STREAM,
        _with(
            lambda s: {"channel": s.room},
            {
                "invalid_thread_ts": lambda s: {"thread_ts": s.reply},
                "missing_recipient_team_id": lambda s: {"recipient_team_id": ""},
                "missing_recipient_user_id": lambda s: {"recipient_user_id": ""},
                "team_not_found": lambda s: {"recipient_team_id": "T404"},
                "user_not_found": lambda s: {"recipient_user_id": NOBODY},
            },
        ),
    ),
    "chat.stopStream": _with(
        lambda s: {"ts": s.stream()},
        _STREAM,
        _STREAMED,
        _METADATA,
        {"invalid_blocks_format": lambda s: {"channel": s.room, "blocks": BROKEN}},
    ),
    "chat.update": _with(
        lambda s: {"ts": s.root},
        _CONTENT,
        _METADATA,
        {
            "cant_broadcast_message": lambda s: {"channel": s.room, "reply_broadcast": True},
            "cant_update_message": lambda s: {"channel": s.room, "ts": s.others, "text": "x"},
            "channel_not_found": lambda s: {"channel": s.bob, "text": "x"},
            "is_inactive": lambda s: {"channel": s.archived, "ts": s.lost, "text": "x"},
            "message_not_found": lambda s: {"channel": s.room, "ts": "now", "text": "x"},
            "msg_too_long": lambda s: {"channel": s.room, "text": "x" * 4001},
            "no_dual_broadcast_content_update": lambda s: {
                "channel": s.room,
                "ts": s.reply,
                "text": "x",
                "reply_broadcast": True,
            },
            "streaming_state_conflict": lambda s: {"channel": s.room, "ts": s.stream(), "text": "x"},
        },
    ),
    "conversations.archive": _CHANNEL
    | _OUTSIDE
    | {
        "already_archived": lambda s: {"channel": s.archived},
        "cant_archive_general": lambda s: {"channel": s.joined(s.general)},
    },
    "conversations.canvases.create": _with(
        lambda s: {"document_content": PLAN},
        {
            "canvas_creation_failed": lambda s: {"channel_id": s.room, "document_content": QUOTED_LIST},
            "channel_canvas_already_exists": lambda s: {"channel_id": s.tab()},
            "channel_canvas_creation_failed": lambda s: {"channel_id": s.archived},
            "channel_not_found": lambda s: {"channel_id": s.hidden},
            "restricted_action": lambda s: {"channel_id": s.elsewhere},
        },
    ),
    "conversations.create": _NAMES,
    "conversations.history": _SELECTION,
    "conversations.info": _NO_CHANNEL,
    "conversations.invite": _with(
        lambda s: {"users": s.alice, "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {
            "already_in_channel": lambda s: {"users": s.bob},
            "cant_invite": lambda s: {"users": s.person(s.erin, deleted=True)},
            "cant_invite_self": lambda s: {"users": s.bot},
            "no_user": lambda s: {"users": ""},
            "user_not_found": lambda s: {"users": f"{s.alice},{NOBODY}"},
        },
    ),
    "conversations.join": _CHANNEL | _ARCHIVED,
    "conversations.kick": _with(
        lambda s: {"user": s.bob, "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        {
            "cant_kick_from_general": lambda s: {"channel": s.joined(s.general)},
            "cant_kick_self": lambda s: {"user": s.bot},
            "user_not_found": lambda s: {"user": NOBODY},
        },
    ),
    "conversations.leave": _CHANNEL
    | _ARCHIVED
    | {
        "cant_leave_general": lambda s: {"channel": s.joined(s.general)},
        "last_member": lambda s: {"channel": s.alone()},
    },
    "conversations.list": _LISTING,
    "conversations.members": _NO_CHANNEL | _PAGES,
    "conversations.open": {
        "channel_not_found": lambda s: {"users": s.alice, "prevent_creation": True},
        "method_not_supported_for_channel_type": lambda s: {"channel": s.room},
        "not_enough_users": lambda s: {"users": s.bot},
        "too_many_users": lambda s: {"users": ",".join(f"U{number}" for number in range(9))},
        "user_disabled": lambda s: {"users": s.person(s.erin, deleted=True)},
        "user_not_found": lambda s: {"users": NOBODY},
        "users_list_not_supplied": lambda s: {},
    },
    "conversations.rename": _NAMES
    | _with(
        lambda s: {"name": "hall"},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"not_authorized": lambda s: {"channel": s.joined(s.general)}},
    ),
    "conversations.replies": _with(
        lambda s: {"ts": s.root, "channel": s.room}, _SELECTION, {"thread_not_found": lambda s: {"ts": NOTHING}}
    ),
    "conversations.setPurpose": _with(
        lambda s: {"purpose": "x", "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"too_long": lambda s: {"purpose": "x" * 251}},
    ),
    "conversations.setTopic": _with(
        lambda s: {"topic": "x", "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"too_long": lambda s: {"topic": "x" * 251}},
    ),
    "conversations.unarchive": _CHANNEL
    | {"not_archived": lambda s: {"channel": s.room}, "not_in_channel": lambda s: {"channel": s.archived}},
    "files.completeUploadExternal": _with(
        lambda s: {"files": [{"id": s.file()}]},
        {
            "access_denied": lambda s: {"files": [{"id": s.file(of=s.alice)}]},
            "channel_not_found": lambda s: {"channel_id": s.hidden},
            "channels_limit_exceeded": lambda s: {"channels": ",".join(f"C{number}" for number in range(101))},
            "file_not_found": lambda s: {"files": [{"id": s.complete()}]},
            "invalid_blocks": lambda s: {"blocks": BROKEN, "channel_id": s.room},
            "invalid_channel": lambda s: {"channels": s.hidden},
            "not_in_channel": lambda s: {"channel_id": s.elsewhere},
            "posting_to_channel_denied": lambda s: {"channel_id": s.archived},
        },
    ),
    "files.getUploadURLExternal": _with(
        lambda s: {"filename": "report.csv", "length": 4},
        {
            "alt_txt_too_large": lambda s: {"alt_txt": "x" * 1001},
            "file_upload_size_restricted": lambda s: {"length": most("file.size") + 1},
            "missing_argument": lambda s: {"filename": ""},
            "snippet_too_large": lambda s: {"snippet_type": "python", "length": most("snippet.size") + 1},
            "unknown_snippet_type": lambda s: {"snippet_type": "prose"},
        },
    ),
    "files.info": {
        "file_deleted": lambda s: {"file": s.torn()},
        "file_not_found": lambda s: {"file": s.file()},
        "not_visible": lambda s: {"file": s.complete(of=s.alice)},
    },
    "pins.add": _with(lambda s: {"timestamp": s.foreign}, _OUTSIDE)
    | _MESSAGE
    | _with(
        lambda s: {"channel": s.room},
        {
            "already_pinned": lambda s: {"timestamp": s.marked},
            "not_pinnable": lambda s: {"timestamp": s.gone},
            "too_many_pins": lambda s: {"channel": s.pinned(most("channel.pins")), "timestamp": s.root},
        },
    ),
    "pins.list": _NO_CHANNEL,
    "pins.remove": _MESSAGE
    | {
        "no_pin": lambda s: {"channel": s.room, "timestamp": s.root},
        "not_in_channel": lambda s: {"channel": s.elsewhere, "timestamp": s.foreign},
    },
    "reactions.add": _with(
        lambda s: {"channel": s.room, "timestamp": s.root, "name": "eyes"},
        _MESSAGE,
        {
            "already_reacted": lambda s: {"timestamp": s.marked},
            "invalid_name": lambda s: {"name": ":eyes:"},
            "is_archived": lambda s: {"channel": s.archived, "timestamp": s.lost},
            "no_access": lambda s: {"channel": s.elsewhere, "timestamp": s.foreign},
            "no_item_specified": lambda s: {"timestamp": ""},
            "not_reactable": lambda s: {"timestamp": s.gone},
            "too_many_emoji": lambda s: {"timestamp": s.reacted(most("message.emoji_of_one_user"))},
        },
    ),
    "reactions.get": _MESSAGE,
    "reactions.remove": _with(
        lambda s: {"name": "eyes"},
        _MESSAGE,
        {
            "invalid_name": lambda s: {"name": "Eyes!", "channel": s.room, "timestamp": s.root},
            "no_access": lambda s: {"channel": s.elsewhere, "timestamp": s.foreign},
            "no_item_specified": lambda s: {},
            "no_reaction": lambda s: {"channel": s.room, "timestamp": s.root},
        },
    ),
    "team.info": {"team_not_found": lambda s: {"team": "T404"}},
    "usergroups.list": {"plan_upgrade_required": lambda s: s.free({})},
    "usergroups.users.list": _with(
        lambda s: {"usergroup": "S404"},
        {"no_such_subteam": lambda s: {}, "plan_upgrade_required": lambda s: s.free({})},
    ),
    "users.conversations": _LISTING | {"user_not_found": lambda s: {"user": NOBODY}},
    "users.info": {"user_not_found": lambda s: {"user": NOBODY}},
    "users.list": _PAGES,
    "users.lookupByEmail": {"users_not_found": lambda s: {"email": "nobody@acme.example"}},
    "views.open": _with(lambda s: {"view": FORM}, _TRIGGER),
    "views.publish": _with(
        lambda s: {"view": HOME, "user_id": s.bob},
        {
            "duplicate_external_id": lambda s: {"view": HOME | {"external_id": _opened(s)}},
            "hash_conflict": lambda s: {"hash": "old"},
            "view_too_large": lambda s: {"view": LARGE_HOME},
            "not_enabled": lambda s: s.app({}, home_tab=False),
        },
    ),
    "views.push": _with(
        lambda s: {"view": FORM},
        _TRIGGER,
        {
            "push_limit_reached": lambda s: {"trigger_id": s.stacked()},
            "not_found": lambda s: {"trigger_id": s.closed()},
        },
    ),
    "views.update": _with(
        lambda s: {"view": FORM, "view_id": s.view.id},
        {
            "duplicate_external_id": lambda s: {"view": _named(s)},
            "hash_conflict": lambda s: {"hash": "old"},
            "not_found": lambda s: {"view_id": "V404"},
            "view_too_large": lambda s: {"view": LARGE_FORM},
        },
    ),
}


def _opened(scene: Scene) -> str:
    """The external_id that an open form has."""
    scene.view.definition["external_id"] = "form"
    return "form"
