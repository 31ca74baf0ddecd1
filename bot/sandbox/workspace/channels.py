"""What may be done to conversations: create, join, invite, leave, topic, rename, archive. Changes the workspace, writes
Slack's system messages and announces the events; who may ask for what is checked by the caller.
"""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.limits import most
from bot.sandbox.workspace.posting import post_system
from bot.sandbox.workspace.state import Channel, Note
from bot.sandbox.workspace.workspace import Workspace

_WHY = {
    "invalid_name_required": "A name is required.",
    "invalid_name_maxlength": f"The name is longer than {most('channel.name')} characters.",
    "invalid_name_punctuation": "The name is punctuation only.",
    "invalid_name_specials": "A name has lower-case letters, digits, hyphens and underscores only.",
    "name_taken": "Another channel has this name.",
}
"""The `detail` of a refused name. That there is one is verified, its wording is the sandbox's own."""


def check_spelling(name: str) -> None:
    """Refuse what is no channel name by the rules of conversations.create. SlackError invalid_name_…"""
    if code := _misspelt(name):
        raise SlackError(code, detail=_WHY[code])


def _misspelt(name: str) -> str | None:
    """What is wrong with the spelling of a name. Lower-case letters of any script count as letters (from memory)."""
    if not name:
        return "invalid_name_required"
    if len(name) > most("channel.name"):
        return "invalid_name_maxlength"
    if all(character in "-_" for character in name):
        return "invalid_name_punctuation"
    if not all(character in "-_" or (character.isalnum() and character == character.lower()) for character in name):
        return "invalid_name_specials"
    return None


def check_name(workspace: Workspace, name: str) -> None:
    """Refuse a name that is misspelt or taken; archived channels keep theirs. SlackError invalid_name_…, name_taken."""
    check_spelling(name)
    if workspace.channel_named(name) is not None:
        raise SlackError("name_taken", detail=_WHY["name_taken"])


def create(workspace: Workspace, name: str, creator: str, *, is_private: bool = False) -> Channel:
    """Make a channel; its creator, and nobody else, is a member."""
    check_name(workspace, name)
    channel = workspace.add_channel(workspace.new_channel(name, creator, is_private=is_private))
    described = {
        "id": channel.id,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
        "creator": creator,
        "is_channel": True,
    }
    if not is_private:
        workspace.announce({"type": "channel_created", "channel": described | {"context_team_id": workspace.team.id}})
    join(workspace, channel, creator)
    return channel


def join(workspace: Workspace, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    """Make the user a member, with the message and the event that go with it."""
    channel.members[user] = None
    by = {} if inviter is None else {"inviter": inviter}
    post_system(workspace, channel, user, "channel_join", f"<@{user}> has joined the channel", **by)
    workspace.announce(
        {"type": "member_joined_channel", "user": user, **_membership(workspace, channel), **by}, channel
    )


def leave(workspace: Workspace, channel: Channel, user: str) -> None:
    """End the user's membership, with the message and the event that go with it."""
    post_system(workspace, channel, user, "channel_leave", f"<@{user}> has left the channel")
    workspace.announce({"type": "member_left_channel", "user": user, **_membership(workspace, channel)}, channel)
    del channel.members[user]
    workspace.changed()


def _membership(workspace: Workspace, channel: Channel) -> dict[str, str]:
    """The fields that say which channel was joined or left."""
    return {"channel": channel.id, "channel_type": "G" if channel.is_private else "C", "team": workspace.team.id}


def set_topic(workspace: Workspace, channel: Channel, user: str, value: str) -> None:
    """Change the topic, whose length the caller has checked."""
    if value != channel.topic.value:
        channel.topic = Note(value=value, creator=user, last_set=workspace.now())
        _touch(workspace, channel)
        post_system(workspace, channel, user, "channel_topic", f"<@{user}> set the channel topic: {value}", topic=value)


def set_purpose(workspace: Workspace, channel: Channel, user: str, value: str) -> None:
    """Change the purpose, whose length the caller has checked."""
    if value != channel.purpose.value:
        channel.purpose = Note(value=value, creator=user, last_set=workspace.now())
        _touch(workspace, channel)
        post_system(
            workspace, channel, user, "channel_purpose", f"<@{user}> set the channel purpose: {value}", purpose=value
        )


def check_note(value: str) -> None:
    """Refuse a topic or purpose that is too long. SlackError too_long."""
    if len(value) > most("channel.topic"):
        raise SlackError("too_long")


def rename(workspace: Workspace, channel: Channel, user: str, name: str) -> None:
    """Give the channel another name. SlackError as for a new channel."""
    check_name(workspace, name)
    old = channel.name
    workspace.rename_channel(channel, name)
    _touch(workspace, channel)
    post_system(
        workspace,
        channel,
        user,
        "channel_name",
        f'<@{user}> has renamed the channel from "{old}" to "{name}"',
        old_name=old,
        name=name,
    )
    described = {
        "id": channel.id,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
        "is_channel": True,
        "is_mpim": False,
    }
    workspace.announce(
        {"type": "group_rename" if channel.is_private else "channel_rename", "channel": described}, channel
    )


def check_archivable(channel: Channel) -> None:
    """Refuse what cannot be archived. SlackError already_archived, cant_archive_general."""
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")


def archive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Archive the channel. The bot loses its membership; people keep theirs. SlackError as of `check_archivable`."""
    check_archivable(channel)
    post_system(workspace, channel, user, "channel_archive", f"<@{user}> archived the channel")
    channel.is_archived = True
    _touch(workspace, channel)
    kind = "group_archive" if channel.is_private else "channel_archive"
    workspace.announce({"type": kind, "channel": channel.id, "user": user}, channel)
    channel.members.pop(workspace.app.bot_user, None)
    workspace.changed()


def unarchive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Bring an archived channel back. SlackError not_archived."""
    if not channel.is_archived:
        raise SlackError("not_archived")
    channel.is_archived = False
    _touch(workspace, channel)
    post_system(workspace, channel, user, "channel_unarchive", f"<@{user}> un-archived the channel")
    kind = "group_unarchive" if channel.is_private else "channel_unarchive"
    workspace.announce({"type": kind, "channel": channel.id, "user": user}, channel)


def delete(workspace: Workspace, channel: Channel, user: str) -> None:
    """Remove the channel for good, as only people can."""
    kind = "group_deleted" if channel.is_private else "channel_deleted"
    workspace.announce({"type": kind, "channel": channel.id, "actor_id": user}, channel)
    workspace.remove_channel(channel)
    workspace.changed()


def open_direct(workspace: Workspace, users: frozenset[str], creator: str) -> Channel:
    """The direct conversation of these users, opened now if it was not yet."""
    if found := workspace.direct(users):
        return found
    kind = "im" if len(users) <= 2 else "mpim"
    name = "" if kind == "im" else "mpdm-" + "--".join(sorted(workspace.users[user].name for user in users)) + "-1"
    channel = workspace.new_channel(name, creator, kind="im" if kind == "im" else "mpim", is_private=kind == "mpim")
    channel.members = dict.fromkeys(sorted(users))
    workspace.add_channel(channel)
    workspace.changed()
    return channel


def _touch(workspace: Workspace, channel: Channel) -> None:
    """Date the latest change of the channel."""
    channel.updated = int(workspace.clock.epoch() * 1000)
