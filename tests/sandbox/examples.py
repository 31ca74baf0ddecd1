"""One call of every method the sandbox supports, and what its answer consists of. A new method is one line here and one
in `bot/sandbox/README.md`."""

from collections.abc import Callable

from tests.sandbox.answers import BOOKMARK, BOT_MESSAGE, CHANNEL, FILE, MESSAGE, NEXT, USER, USERGROUP, VIEW
from tests.sandbox.scene import FORM, HOME, LINK, MARKDOWN, Arguments, Scene

Example = tuple[Callable[[Scene], Arguments], str]

EXAMPLES: dict[str, Example] = {
    "apps.connections.open": (lambda s: {"app_token": s.sandbox.app_token}, "url"),
    "auth.test": (lambda s: {}, "url, team, user, team_id, user_id, bot_id, is_enterprise_install"),
    "auth.revoke": (lambda s: {"test": True}, "revoked"),
    "bookmarks.add": (lambda s: {**LINK, "channel_id": s.room}, f"bookmark{{{BOOKMARK}}}"),
    "bookmarks.edit": (
        lambda s: {"channel_id": s.room, "bookmark_id": s.bookmark, "title": "All of it"},
        f"bookmark{{{BOOKMARK}}}",
    ),
    "bookmarks.list": (lambda s: {"channel_id": s.room}, "bookmarks"),
    "bookmarks.remove": (lambda s: {"channel_id": s.room, "bookmark_id": s.bookmark}, ""),
    "bots.info": (lambda s: {}, "bot{id, deleted, name, updated, app_id, user_id, icons}"),
    "canvases.access.set": (
        lambda s: {"canvas_id": s.canvas(), "access_level": "read", "user_ids": [s.bob]},
        "",
    ),
    "canvases.create": (lambda s: {"title": "Timeline", "document_content": MARKDOWN}, "canvas_id"),
    "canvases.delete": (lambda s: {"canvas_id": s.canvas()}, ""),
    "canvases.edit": (
        lambda s: {
            "canvas_id": s.canvas(),
            "changes": [{"operation": "insert_at_end", "document_content": MARKDOWN}],
        },
        "",
    ),
    "canvases.sections.lookup": (
        lambda s: {"canvas_id": s.canvas(), "criteria": {"section_types": ["h1"]}},
        "sections[]{id}",
    ),
    "chat.appendStream": (
        lambda s: {"channel": s.room, "ts": s.stream("It "), "markdown_text": "grows"},
        "channel, ts",
    ),
    "chat.delete": (lambda s: {"channel": s.room, "ts": s.marked}, "channel, ts"),
    "chat.getPermalink": (lambda s: {"channel": s.room, "message_ts": s.root}, "channel, permalink"),
    "chat.postEphemeral": (lambda s: {"channel": s.room, "user": s.bob, "text": "For you"}, "message_ts"),
    "chat.postMessage": (
        lambda s: {"channel": s.room, "text": "Hello", "thread_ts": s.root},
        f"channel, ts, message{{{BOT_MESSAGE}}}",
    ),
    "chat.startStream": (
        lambda s: {
            "channel": s.room,
            "thread_ts": s.root,
            "recipient_team_id": s.sandbox.team_id,
            "recipient_user_id": s.bob,
            "markdown_text": "It ",
        },
        "channel, ts",
    ),
    "chat.stopStream": (
        lambda s: {"channel": s.room, "ts": s.stream("It grew")},
        f"channel, ts, message{{{BOT_MESSAGE}}}",
    ),
    "chat.update": (
        lambda s: {"channel": s.room, "ts": s.marked, "text": "Hello again"},
        f"channel, ts, text, message{{{BOT_MESSAGE}, reactions?}}",
    ),
    "conversations.archive": (lambda s: {"channel": s.room}, ""),
    "conversations.canvases.create": (lambda s: {"channel_id": s.room, "document_content": MARKDOWN}, "canvas_id"),
    "conversations.create": (lambda s: {"name": "new"}, f"channel{{{CHANNEL}}}"),
    "conversations.history": (
        lambda s: {"channel": s.room},
        f"messages[]{{{MESSAGE}}}, has_more, pin_count, channel_actions_ts, channel_actions_count",
    ),
    "conversations.info": (lambda s: {"channel": s.room, "include_num_members": True}, f"channel{{{CHANNEL}}}"),
    "conversations.invite": (lambda s: {"channel": s.room, "users": [s.alice, s.erin]}, f"channel{{{CHANNEL}}}"),
    "conversations.join": (
        lambda s: {"channel": s.room},
        f"channel{{{CHANNEL}}}, warning, response_metadata{{warnings}}",
    ),
    "conversations.kick": (lambda s: {"channel": s.room, "user": s.bob}, ""),
    "conversations.leave": (lambda s: {"channel": s.room}, ""),
    "conversations.list": (lambda s: {"limit": 3}, f"channels[]{{{CHANNEL}}}, {NEXT}"),
    "conversations.members": (lambda s: {"channel": s.room}, f"members, {NEXT}"),
    "conversations.open": (
        lambda s: {"users": [s.bob], "return_im": True},
        "no_op, already_open, channel{id, created, is_archived, is_im, is_org_shared, context_team_id, updated, user,"
        " is_user_deleted, is_open, last_read, latest, priority}",
    ),
    "conversations.rename": (lambda s: {"channel": s.room, "name": "hall"}, f"channel{{{CHANNEL}}}"),
    "conversations.replies": (
        lambda s: {"channel": s.room, "ts": s.root},
        f"messages[]{{{MESSAGE}}}, has_more",
    ),
    "conversations.setPurpose": (lambda s: {"channel": s.room, "purpose": "Work"}, f"channel{{{CHANNEL}}}"),
    "conversations.setTopic": (lambda s: {"channel": s.room, "topic": "Now"}, f"channel{{{CHANNEL}}}"),
    "conversations.unarchive": (lambda s: {"channel": s.archived}, "error"),
    "files.completeUploadExternal": (
        lambda s: {"files": [{"id": s.uploaded(), "title": "The log"}], "channel_id": s.room},
        f"files[]{{{FILE}}}",
    ),
    "files.getUploadURLExternal": (lambda s: {"filename": "log.txt", "length": 5}, "upload_url, file_id"),
    "files.delete": (lambda s: {"file": s.file(s.bot)}, ""),
    "files.info": (lambda s: {"file": s.file(s.bot)}, f"file{{{FILE}}}, comments, {NEXT}"),
    "pins.add": (lambda s: {"channel": s.room, "timestamp": s.root}, ""),
    "pins.list": (
        lambda s: {"channel": s.room},
        f"items[]{{type, channel, created, created_by, message{{{MESSAGE}, pinned_to, permalink}}}}",
    ),
    "pins.remove": (lambda s: {"channel": s.room, "timestamp": s.marked}, ""),
    "reactions.add": (lambda s: {"channel": s.room, "timestamp": s.root, "name": "eyes"}, ""),
    "reactions.get": (
        lambda s: {"channel": s.room, "timestamp": s.marked},
        f"type, channel, message{{{MESSAGE}, permalink}}",
    ),
    "reactions.remove": (lambda s: {"channel": s.room, "timestamp": s.marked, "name": "eyes"}, ""),
    "team.info": (lambda s: {}, "team{id, name, domain, email_domain, icon}"),
    "usergroups.list": (lambda s: {"include_users": True, "include_count": True}, f"usergroups[]{{{USERGROUP}}}"),
    "usergroups.users.list": (lambda s: {"usergroup": next(iter(s.sandbox.workspace.usergroups))}, "users"),
    "users.conversations": (lambda s: {"user": s.bob, "limit": 1}, f"channels[]{{{CHANNEL}}}, {NEXT}"),
    "users.info": (lambda s: {"user": s.bob, "include_locale": True}, f"user{{{USER}}}"),
    "users.list": (lambda s: {"limit": 100}, f"members[]{{{USER}}}, cache_ts, {NEXT}"),
    "users.lookupByEmail": (lambda s: {"email": "bob@acme.example"}, f"user{{{USER}}}"),
    "views.open": (lambda s: {"trigger_id": s.trigger(), "view": FORM}, f"view{{{VIEW}}}"),
    "views.publish": (lambda s: {"user_id": s.bob, "view": HOME}, f"view{{{VIEW}}}"),
    "views.push": (lambda s: {"trigger_id": s.trigger(), "view": FORM}, f"view{{{VIEW}}}"),
    "views.update": (lambda s: {"view_id": s.view.id, "hash": s.view.hash, "view": FORM}, f"view{{{VIEW}}}"),
}
