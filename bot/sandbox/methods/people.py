"""The users.* and usergroups.* methods: people and their groups."""

from __future__ import annotations

from bot.sandbox.errors import SlackError
from bot.sandbox.jsontypes import Json
from bot.sandbox.methods.call import Call, Method, Tier
from bot.sandbox.methods.paging import page
from bot.sandbox.workspace.objects import user_json, usergroup_json
from bot.sandbox.workspace.state import User


def info(call: Call) -> Json:
    """One user."""
    return {"user": _shown(call, call.user()) | call.locale()}


def list_users(call: Call) -> Json:
    """All users."""
    found, metadata = page(call.args, call.workspace.users.values())
    return {
        "members": [_shown(call, user) | call.locale() for user in found],
        "cache_ts": call.workspace.now(),
        "response_metadata": metadata,
    }


def lookup_by_email(call: Call) -> Json:
    """The user with an address, unless the account was switched off (from memory)."""
    user = call.workspace.user_with_email(call.args.text("email"))
    if user is None or user.deleted:
        raise SlackError("users_not_found")
    return {"user": _shown(call, user)}


def _shown(call: Call, user: User) -> Json:
    """A user object, with the address only for an app that may read it."""
    scopes = call.platform.app.scopes
    return user_json(call.workspace, user, email=scopes is None or "users:read.email" in scopes)


def list_groups(call: Call) -> Json:
    """All user groups; those that were switched off on demand."""
    _check_plan(call)
    users, count = call.args.flag("include_users"), call.args.flag("include_count")
    disabled = call.args.flag("include_disabled")
    groups = [group for group in call.workspace.usergroups.values() if disabled or not group.disabled]
    return {"usergroups": [usergroup_json(call.workspace, group, users=users, count=count) for group in groups]}


def _check_plan(call: Call) -> None:
    """User groups are for paid plans. SlackError plan_upgrade_required."""
    if not call.workspace.team.paid:
        raise SlackError("plan_upgrade_required")


def group_members(call: Call) -> Json:
    """The people in one user group; one that was switched off is there on demand only (inferred)."""
    _check_plan(call)
    group = call.workspace.usergroups.get(call.args.text("usergroup"))
    if group is None or (group.disabled and not call.args.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


METHODS = {
    "users.info": Method(
        run=info, scopes=("users:read",), required=("user",), tier=Tier.T4, json=False, errors="user_not_found"
    ),
    "users.list": Method(
        run=list_users,
        scopes=("users:read",),
        tier=Tier.T2,
        json=False,
        errors="invalid_cursor",
        inferred="invalid_limit",
    ),
    "users.lookupByEmail": Method(
        run=lookup_by_email, scopes=("users:read.email",), required=("email",), json=False, errors="users_not_found"
    ),
    "usergroups.list": Method(
        run=list_groups, scopes=("usergroups:read",), tier=Tier.T2, json=False, errors="plan_upgrade_required"
    ),
    "usergroups.users.list": Method(
        run=group_members,
        scopes=("usergroups:read",),
        required=("usergroup",),
        tier=Tier.T2,
        json=False,
        errors="no_such_subteam plan_upgrade_required",
    ),
}
