"""For every error that a method of the sandbox declares, a call that brings it about. Later calls of a method find what
earlier ones left."""

from bot.sandbox.limits import most
from tests.sandbox.content_refusals import CONTENT
from tests.sandbox.given import modal, section
from tests.sandbox.refusing import BROKEN, NOBODY, NOTHING, NOWHERE, Refusals, over
from tests.sandbox.scene import FORM, HOME, LINK, Arguments, Scene

LONG = "x" * 250_001
MANY_FILLED = [section("x" * 3000, block_id=str(number)) for number in range(5)]

MANY_LONG = [section("x" * 3000, block_id=str(number)) for number in range(90)]
LARGE_FORM, LARGE_HOME = modal(*MANY_LONG), {"type": "home", "blocks": MANY_LONG}

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
_TRIGGER: Refusals = {
    "duplicate_external_id": lambda s: {"trigger_id": s.trigger(), "view": _named(s)},
    "exchanged_trigger_id": lambda s: {"trigger_id": s.spent()},
    "expired_trigger_id": lambda s: {"trigger_id": s.expired()},
    "invalid_trigger_id": lambda s: {"trigger_id": "1.2.3"},
    "view_too_large": lambda s: {"trigger_id": s.trigger(), "view": LARGE_FORM},
}


_BOOKMARK: Refusals = {
    "channel_not_found": lambda s: {"channel_id": s.hidden},
    "permission_denied": lambda s: {"channel_id": s.elsewhere},
}


def _named(scene: Scene) -> Arguments:
    """A form whose external_id another open view has."""
    scene.home.definition["external_id"] = "mine"
    return FORM | {"external_id": "mine"}


REFUSALS: dict[str, Refusals] = {
    **CONTENT,
    "bookmarks.add": over(
        lambda s: {**LINK, "channel_id": s.room},
        _BOOKMARK,
        {
            "invalid_bookmark_type": lambda s: {"type": "file"},
            "invalid_emoji": lambda s: {"emoji": "tada"},
            "invalid_link": lambda s: {"link": "ftp://example.com"},
            "too_many_bookmarks": lambda s: {"channel_id": s.bookmarked(most("channel.bookmarks"))},
        },
    ),
    "bookmarks.edit": over(
        lambda s: {"channel_id": s.room, "bookmark_id": s.bookmark},
        _BOOKMARK,
        {
            "invalid_emoji": lambda s: {"emoji": "tada"},
            "invalid_link": lambda s: {"link": "ftp://example.com"},
            "not_found": lambda s: {"bookmark_id": "Bk404"},
        },
    ),
    "bookmarks.remove": over(
        lambda s: {"channel_id": s.room, "bookmark_id": s.bookmark},
        _BOOKMARK,
        {"not_found": lambda s: {"bookmark_id": "Bk404"}},
    ),
    "bookmarks.list": {"channel_not_found": lambda s: {"channel_id": NOWHERE}},
    "bots.info": {"bot_not_found": lambda s: {"bot": "B404"}},
    "chat.delete": over(
        lambda s: {"channel": s.room, "ts": s.root},
        _NO_CHANNEL,
        {
            "cant_delete_message": lambda s: {"ts": s.others},
            "message_not_found": lambda s: {"ts": NOTHING},
        },
    ),
    "chat.getPermalink": over(
        lambda s: {"message_ts": s.root, "channel": s.room},
        _NO_CHANNEL,
        {"message_not_found": lambda s: {"message_ts": "now"}},
    ),
    "chat.postEphemeral": over(
        lambda s: {"user": s.bob},
        _CONTENT,
        {"user_not_in_channel": lambda s: {"channel": s.room, "user": s.alice, "text": "x"}},
    )
    | over(lambda s: {"user": s.bob, "text": "x"}, _PLACE),
    "chat.postMessage": _CONTENT | _METADATA | over(lambda s: {"text": "x"}, _PLACE),
    "chat.update": over(
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
            "streaming_state_conflict": lambda s: {"channel": s.room, "ts": s.stream(), "text": "x"},
            "no_dual_broadcast_content_update": lambda s: {
                "channel": s.room,
                "ts": s.reply,
                "text": "x",
                "reply_broadcast": True,
            },
        },
    ),
    "conversations.archive": _CHANNEL
    | _OUTSIDE
    | {
        "already_archived": lambda s: {"channel": s.archived},
        "cant_archive_general": lambda s: {"channel": s.joined(s.general)},
    },
    "conversations.create": _NAMES,
    "conversations.history": _SELECTION,
    "conversations.info": _NO_CHANNEL,
    "conversations.invite": over(
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
    "conversations.kick": over(
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
    | over(
        lambda s: {"name": "hall"},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"not_authorized": lambda s: {"channel": s.joined(s.general)}},
    ),
    "conversations.replies": over(
        lambda s: {"ts": s.root, "channel": s.room}, _SELECTION, {"thread_not_found": lambda s: {"ts": NOTHING}}
    ),
    "conversations.setPurpose": over(
        lambda s: {"purpose": "x", "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"too_long": lambda s: {"purpose": "x" * 251}},
    ),
    "conversations.setTopic": over(
        lambda s: {"topic": "x", "channel": s.room},
        _CHANNEL,
        _OUTSIDE,
        _ARCHIVED,
        {"too_long": lambda s: {"topic": "x" * 251}},
    ),
    "conversations.unarchive": _CHANNEL
    | {"not_archived": lambda s: {"channel": s.room}, "not_in_channel": lambda s: {"channel": s.archived}},
    "pins.add": over(lambda s: {"timestamp": s.foreign}, _OUTSIDE)
    | _MESSAGE
    | over(
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
    "reactions.add": over(
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
    "reactions.remove": over(
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
    "usergroups.users.list": over(
        lambda s: {"usergroup": "S404"},
        {"no_such_subteam": lambda s: {}, "plan_upgrade_required": lambda s: s.free({})},
    ),
    "users.conversations": _LISTING | {"user_not_found": lambda s: {"user": NOBODY}},
    "users.info": {"user_not_found": lambda s: {"user": NOBODY}},
    "users.list": _PAGES,
    "users.lookupByEmail": {"users_not_found": lambda s: {"email": "nobody@acme.example"}},
    "views.open": over(lambda s: {"view": FORM}, _TRIGGER),
    "views.publish": over(
        lambda s: {"view": HOME, "user_id": s.bob},
        {
            "duplicate_external_id": lambda s: {"view": HOME | {"external_id": _opened(s)}},
            "hash_conflict": lambda s: {"hash": "old"},
            "view_too_large": lambda s: {"view": LARGE_HOME},
            "not_enabled": lambda s: s.app({}, home_tab=False),
        },
    ),
    "views.push": over(
        lambda s: {"view": FORM},
        _TRIGGER,
        {
            "push_limit_reached": lambda s: {"trigger_id": s.stacked()},
            "not_found": lambda s: {"trigger_id": s.closed()},
        },
    ),
    "views.update": over(
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
