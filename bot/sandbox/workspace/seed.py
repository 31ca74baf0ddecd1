"""The workspace that a fresh sandbox starts with: Acme, its people, user groups and channels. Data only."""

from __future__ import annotations

from bot.sandbox.clock import SandboxClock
from bot.sandbox.ids import fixed_id
from bot.sandbox.workspace.state import App, Channel, Command, Note, Team, User, UserGroup
from bot.sandbox.workspace.workspace import Workspace

_PEOPLE = (
    ("alice", "Alice Moreau", "Europe/Paris", "Engineering Manager", "e8543f"),
    ("bob", "Bob Tanaka", "Asia/Tokyo", "Payments Engineer", "2f7fd1"),
    ("carol", "Carol Diaz", "America/New_York", "Chief Executive Officer", "8a4fbf"),
    ("dave", "Dave Okafor", "Africa/Lagos", "Head of Support", "1f8f5f"),
    ("erin", "Erin Novak", "Europe/Prague", "Product Lead", "c2851c"),
)
_GROUPS = (
    ("incident-leads", "Incident leads", ("alice", "erin")),
    ("payments-oncall", "Payments on call", ("bob",)),
)
_EVERYBODY = tuple(name for name, *_ in _PEOPLE)
_CHANNELS = (
    ("general", _EVERYBODY, "Company-wide announcements"),
    ("incidents", _EVERYBODY, "Incidents, announced here first"),
    ("exec-updates", ("carol", "alice"), "What executives need to know"),
    ("support-updates", ("dave", "alice"), "What support tells customers"),
    ("product-updates", ("erin",), "What product needs to know"),
    ("customer-updates", ("dave", "erin"), "What customers are told"),
    ("engineering", ("alice", "bob", "erin"), "Engineering"),
)
_INCIDENT = Command(
    command="/incident", description="Declare an incident or work on one", usage_hint="declare [what is wrong]"
)


def new_workspace(
    clock: SandboxClock, *, seed: bool, events: frozenset[str], scopes: frozenset[str] | None
) -> Workspace:
    """The workspace Acme with the app installed; with people and channels when `seed`."""
    app = App(
        id=fixed_id("A", "lockstep"),
        name="Lockstep",
        bot_id=fixed_id("B", "lockstep"),
        bot_user=fixed_id("U", "lockstep"),
        commands=(_INCIDENT,),
        scopes=scopes,
        events=events,
    )
    workspace = Workspace(team=Team(id=fixed_id("T", "acme"), name="Acme", domain="acme"), app=app, clock=clock)
    if seed:
        _add_people(workspace)
    workspace.add_user(
        User(
            id=app.bot_user,
            name="lockstep",
            real_name="Lockstep",
            bot_id=app.bot_id,
            color="4a5568",
            updated=workspace.now(),
        )
    )
    workspace.add_user(User(id="USLACKBOT", name="slackbot", real_name="Slackbot", bot_id="B01", color="757575"))
    if seed:
        _add_channels(workspace)
    return workspace


def _add_people(workspace: Workspace) -> None:
    """The people and their user groups."""
    now = workspace.now()
    for name, real_name, zone, title, color in _PEOPLE:
        workspace.add_user(
            User(
                id=fixed_id("U", name),
                name=name,
                real_name=real_name,
                email=f"{name}@acme.example",
                tz=zone,
                title=title,
                color=color,
                updated=now,
            )
        )
    for handle, title, members in _GROUPS:
        users = [fixed_id("U", name) for name in members]
        workspace.add_usergroup(
            UserGroup(
                id=fixed_id("S", handle),
                handle=handle,
                name=title,
                users=users,
                created=now,
                created_by=fixed_id("U", "alice"),
            )
        )


def _add_channels(workspace: Workspace) -> None:
    """The channels, made by Alice before anybody looked: no system messages in them."""
    now = workspace.clock.epoch()
    alice = fixed_id("U", "alice")
    for name, members, purpose in _CHANNELS:
        workspace.add_channel(
            Channel(
                id=fixed_id("C", name),
                name=name,
                creator=alice,
                created=int(now),
                updated=int(now * 1000),
                is_general=name == "general",
                purpose=Note(value=purpose, creator=alice, last_set=int(now)),
                members={fixed_id("U", member): None for member in members},
            )
        )
