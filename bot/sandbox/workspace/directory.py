"""What may happen to people and user groups: somebody joins the company, changes their profile, a group is made or
changed. Changes the workspace and announces the events; the fields are those of Slack's event reference, from memory.
"""

from __future__ import annotations

from bot.sandbox.ids import random_id
from bot.sandbox.jsontypes import Json
from bot.sandbox.workspace.objects import user_json, usergroup_json
from bot.sandbox.workspace.state import User, UserGroup
from bot.sandbox.workspace.workspace import Workspace


def hire(workspace: Workspace, name: str, real_name: str, *, title: str = "", tz: str = "Etc/UTC") -> User:
    """A new person in the workspace, in #general as everybody is."""
    user = User(id=random_id("U"), name=name, real_name=real_name, title=title, tz=tz, updated=workspace.now())
    workspace.add_user(user)
    for channel in workspace.channels.values():
        if channel.is_general:
            channel.members[user.id] = None
    workspace.announce({"type": "team_join", "user": user_json(workspace, user)})
    workspace.changed()
    return user


def change_profile(workspace: Workspace, user: User, *, real_name: str | None = None, title: str | None = None) -> None:
    """Change what a person says about themselves; None stays."""
    user.real_name = user.real_name if real_name is None else real_name
    user.title = user.title if title is None else title
    user.updated = workspace.now()
    shown = {"user": user_json(workspace, user), "cache_ts": workspace.now()}
    workspace.announce({"type": "user_change", **shown})
    workspace.announce({"type": "user_profile_changed", **shown})
    workspace.changed()


def create_group(workspace: Workspace, handle: str, name: str, by: str, members: list[str]) -> UserGroup:
    """Make a user group of these people."""
    group = UserGroup(
        id=random_id("S"), handle=handle, name=name, users=list(members), created=workspace.now(), created_by=by
    )
    workspace.add_usergroup(group)
    workspace.announce({"type": "subteam_created", "subteam": _group(workspace, group)})
    workspace.changed()
    return group


def set_members(workspace: Workspace, group: UserGroup, members: list[str]) -> None:
    """Let a user group consist of these people."""
    added = [user for user in members if user not in group.users]
    removed = [user for user in group.users if user not in members]
    if not added and not removed:
        return
    group.users = list(members)
    changed: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": workspace.team.id,
        "date_previous_update": group.created,
        "date_update": workspace.now(),
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    workspace.announce(changed)
    workspace.announce({"type": "subteam_updated", "subteam": _group(workspace, group)})
    workspace.changed()


def rename_group(workspace: Workspace, group: UserGroup, name: str) -> None:
    """Give a user group another name."""
    group.name = name
    workspace.announce({"type": "subteam_updated", "subteam": _group(workspace, group)})
    workspace.changed()


def _group(workspace: Workspace, group: UserGroup) -> Json:
    """A user group as events show it."""
    return usergroup_json(workspace, group, users=True, count=True)
