"""The same as refusals.py for what grows or is uploaded: streams, files and canvases."""

from bot.sandbox.limits import most
from tests.sandbox.given import section
from tests.sandbox.refusing import BROKEN, NOBODY, NOTHING, NOWHERE, Refusals, over
from tests.sandbox.scene import MARKDOWN

_NOT_MARKDOWN = {"type": "markdown", "markdown": "> - a list in a quotation"}
_TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
_LONG = [section("x" * 3000, block_id=str(number)) for number in range(5)]
_MANY = [section("x", block_id=str(number)) for number in range(51)]
_PIECES = [{"type": "blocks", "blocks": _MANY[start : start + 26]} for start in (0, 26)]

_PLACE: Refusals = {
    "channel_not_found": lambda s: {"channel": s.hidden},
    "invalid_attachments": lambda s: {"chunks": [{"type": "blocks", "blocks": [_TABLE, _TABLE]}]},
    "invalid_blocks": lambda s: {"chunks": [{"type": "blocks", "blocks": [section("")]}]},
    "invalid_chunks": lambda s: {"chunks": BROKEN},
    "is_archived": lambda s: {"channel": s.archived},
    "messages_tab_disabled": lambda s: s.app({"channel": s.direct}, messages_tab=False),
    "msg_blocks_too_long": lambda s: {"chunks": [{"type": "blocks", "blocks": _LONG}]},
    "msg_blocks_too_many": lambda s: {"chunks": _PIECES},
    "msg_too_long": lambda s: {"markdown_text": "x" * (most("markdown_text") + 1)},
    "not_in_channel": lambda s: {"channel": s.elsewhere},
}
_OPEN: Refusals = {
    "message_not_found": lambda s: {"ts": NOTHING},
    "message_not_in_streaming_state": lambda s: {"ts": s.root},
    "message_not_owned_by_app": lambda s: {"ts": s.others},
}
_MIXED: Refusals = {
    "streaming_mode_mismatch": lambda s: {
        "ts": s.stream("Some text"),
        "chunks": [{"type": "markdown_text", "text": "x"}],
    }
}
_CANVAS_OF_CHANNEL: Refusals = {
    "canvas_creation_failed": lambda s: {"channel_id": s.room, "document_content": _NOT_MARKDOWN},
    "channel_not_found": lambda s: {"channel_id": s.hidden},
    "restricted_action": lambda s: {"channel_id": s.elsewhere},
}

STREAMS: dict[str, Refusals] = {
    "chat.startStream": over(
        lambda s: {
            "channel": s.room,
            "thread_ts": s.root,
            "recipient_team_id": s.sandbox.team_id,
            "recipient_user_id": s.bob,
        },
        _PLACE,
        {
            "invalid_thread_ts": lambda s: {"thread_ts": s.reply},
            "missing_recipient_team_id": lambda s: {"recipient_team_id": ""},
            "missing_recipient_user_id": lambda s: {"recipient_user_id": ""},
            "team_not_found": lambda s: {"recipient_team_id": "T404"},
            "user_not_found": lambda s: {"recipient_user_id": NOBODY},
        },
    ),
    "chat.appendStream": over(
        lambda s: {"channel": s.room, "ts": s.stream()}, _PLACE, _OPEN, _MIXED, {"no_text": lambda s: {}}
    ),
    "chat.stopStream": over(
        lambda s: {"channel": s.room, "ts": s.stream()},
        _PLACE,
        _OPEN,
        _MIXED,
        {
            "invalid_blocks_format": lambda s: {"blocks": BROKEN},
            "invalid_metadata_format": lambda s: {"metadata": BROKEN},
            "invalid_metadata_schema": lambda s: {"metadata": {"event_type": "x"}},
            "metadata_too_large": lambda s: {"metadata": {"event_type": "x", "event_payload": {"x": "x" * 9000}}},
        },
    ),
}

FILES: dict[str, Refusals] = {
    "files.getUploadURLExternal": over(
        lambda s: {"filename": "log.txt", "length": "5"},
        {
            "alt_txt_too_large": lambda s: {"alt_txt": "x" * (most("file.alt_text") + 1)},
            "file_upload_size_restricted": lambda s: {"length": most("file.size") + 1},
            "missing_argument": lambda s: {"length": ""},
            "snippet_too_large": lambda s: {"length": most("snippet.size") + 1, "snippet_type": "python"},
            "unknown_snippet_type": lambda s: {"snippet_type": "klingon"},
        },
    ),
    "files.completeUploadExternal": over(
        lambda s: {"files": [{"id": s.uploaded()}]},
        {
            "access_denied": lambda s: {"files": [{"id": s.file(s.alice)}]},
            "channel_not_found": lambda s: {"channel_id": s.hidden},
            "channels_limit_exceeded": lambda s: {"channels": ",".join(f"C{number}" for number in range(101))},
            "file_not_found": lambda s: {"files": [{"id": "F404"}]},
            "invalid_blocks": lambda s: {"channel_id": s.room, "blocks": BROKEN},
            "invalid_channel": lambda s: {"channels": NOWHERE},
            "not_in_channel": lambda s: {"channel_id": s.elsewhere},
            "posting_to_channel_denied": lambda s: {"channel_id": s.archived},
        },
    ),
    "files.delete": {
        "cant_delete_file": lambda s: {"file": s.file(s.alice)},
        "file_deleted": lambda s: {"file": s.file(s.bot, deleted=True)},
        "file_not_found": lambda s: {"file": "F404"},
    },
    "files.info": {
        "file_deleted": lambda s: {"file": s.canvas(deleted=True)},
        "file_not_found": lambda s: {"file": "F404"},
        "not_visible": lambda s: {"file": s.file(s.alice)},
    },
}

CANVASES: dict[str, Refusals] = {
    "canvases.create": _CANVAS_OF_CHANNEL | {"free_teams_cannot_create_standalone_canvases": lambda s: s.free({})},
    "canvases.edit": over(
        lambda s: {
            "canvas_id": s.canvas(),
            "changes": [{"operation": "insert_at_end", "document_content": MARKDOWN}],
        },
        {
            "canvas_editing_failed": lambda s: {
                "changes": [{"operation": "insert_at_end", "document_content": _NOT_MARKDOWN}]
            },
            "canvas_not_found": lambda s: {"canvas_id": "F404"},
            "canvas_too_large": lambda s: {"canvas_id": s.canvas(markdown="x" * most("canvas.size"))},
            "free_teams_cannot_edit_standalone_canvases": lambda s: s.free({}),
        },
    ),
    "canvases.delete": {
        "canvas_not_found": lambda s: {"canvas_id": "F404"},
        "restricted_action": lambda s: {"canvas_id": s.canvas(user=s.alice)},
    },
    "canvases.access.set": over(
        lambda s: {"canvas_id": s.canvas(), "access_level": "read", "user_ids": s.bob},
        {
            "canvas_not_found": lambda s: {"canvas_id": "F404"},
            "channel_not_found": lambda s: {"user_ids": "", "channel_ids": s.hidden},
            "invalid_parameters": lambda s: {"user_ids": ""},
            "restricted_action": lambda s: {"canvas_id": s.canvas(user=s.alice)},
            "user_not_found": lambda s: {"user_ids": NOBODY},
        },
    ),
    "canvases.sections.lookup": over(
        lambda s: {"criteria": {"contains_text": "Time"}},
        {
            "canvas_deleted": lambda s: {"canvas_id": s.canvas(deleted=True)},
            "canvas_not_found": lambda s: {"canvas_id": "F404"},
        },
    ),
    "conversations.canvases.create": _CANVAS_OF_CHANNEL
    | {
        "channel_canvas_creation_failed": lambda s: {"channel_id": s.archived},
        "channel_canvas_already_exists": lambda s: {"channel_id": s.with_canvas()},
    },
}

CONTENT = STREAMS | FILES | CANVASES
