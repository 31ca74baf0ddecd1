"""What a person chooses in an element, wherever it stands: which people and conversations it offers, what the app offers
for it, which files go in. Decides what may be chosen; changes nothing but what was offered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.blocks.elements import EXTERNAL, STATEFUL, Placed, chosen, options_of
from bot.sandbox.jsontypes import Json
from bot.sandbox.people.suggestions import ask, least
from bot.sandbox.people.uploads import uploaded
from bot.sandbox.platform import Platform
from bot.sandbox.workspace.state import Channel, User
from bot.sandbox.workspace.workspace import Workspace


class Refused(Exception):
    """Something a person cannot do, in a sentence for that person."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An element in front of a person. `suggestion` makes the block_suggestion payload for a text typed into it;
    `suggested` are the options that the app has offered there, by value.
    """

    user: User
    placed: Placed
    suggestion: Callable[[str], Json]
    suggested: dict[str, Json]

    @property
    def element(self) -> Json:
        """The element itself."""
        return self.placed.element


async def suggestions(platform: Platform, spot: Spot, text: str) -> Json:
    """What the app offers for a text typed into an external select. NotAcknowledged when it does not answer."""
    answer = await ask(platform, spot.element, spot.suggestion(text))
    spot.suggested.update({option["value"]: option for option in options_of(answer)})
    return answer


async def look_up(platform: Platform, spot: Spot, choice: Any) -> None:
    """Type each wanted choice into an external select, unless it is in sight. Refused when it is too short to be asked
    for; NotAcknowledged when the app does not answer.
    """
    if spot.element["type"] not in EXTERNAL:
        return
    for wanted in choice if isinstance(choice, list) else [choice]:
        in_sight = {name for value, option in spot.suggested.items() for name in (value, option["text"]["text"])}
        if isinstance(wanted, str) and wanted and wanted not in in_sight:
            if len(wanted) < least(spot.element):
                raise Refused(f"Type at least {least(spot.element)} characters.")
            await suggestions(platform, spot, wanted)


def choose(workspace: Workspace, spot: Spot, choice: Any) -> Json | None:
    """The state that a choice puts an element into; None for an element without state. Refused when it is not offered."""
    if spot.element["type"] not in STATEFUL:
        return None
    try:
        state = chosen(_with_suggested(spot), _files(workspace, spot, choice))
    except (ValueError, TypeError) as mistake:
        raise Refused(str(mistake)) from None
    for name in _ids(spot.element, state):
        if not _offers(workspace, spot.user, spot.element, name):
            raise Refused(f"{workspace.name_of(name) or name} cannot be chosen here.")
    return state


def _with_suggested(spot: Spot) -> Json:
    """The element with its options: for an external select those it starts with and those the app has offered."""
    if spot.element["type"] not in EXTERNAL:
        return spot.element
    initial = spot.element.get("initial_options", [spot.element.get("initial_option")])
    return {**spot.element, "options": [*filter(None, initial), *spot.suggested.values()]}


def _files(workspace: Workspace, spot: Spot, choice: Any) -> Any:
    """The choice, with the files that are meant in place of what names them."""
    if spot.element["type"] != "file_input" or not choice:
        return choice
    named = choice.get("files", [choice]) if isinstance(choice, dict) else choice
    return [uploaded(workspace, spot.user, file) for file in (named if isinstance(named, list) else [named])]


def _ids(element: Json, state: Json) -> list[str]:
    """The people or conversations that a state holds."""
    if not element["type"].endswith(("users_select", "channels_select", "conversations_select")):
        return []
    value = state[STATEFUL[element["type"]].key]
    return value if isinstance(value, list) else [value] if value else []


def _offers(workspace: Workspace, user: User, element: Json, name: str) -> bool:
    """Whether a select of people or conversations has this one for this person."""
    if element["type"].endswith("users_select"):
        return name in workspace.users and not workspace.users[name].deleted
    channel = workspace.channels.get(name)
    if channel is None or channel.is_archived or not channel.visible_to(user.id):
        return False
    if element["type"].endswith("channels_select"):
        return kind_of(channel) == "public"
    return _passes(workspace, element.get("filter", {}), channel)


def kind_of(channel: Channel) -> str:
    """What the filter of a conversations select calls a conversation: im, mpim, private or public."""
    if channel.kind != "channel":
        return channel.kind
    return "private" if channel.is_private else "public"


def _passes(workspace: Workspace, wanted: Json, channel: Channel) -> bool:
    """Whether a conversation passes the filter of a select."""
    if kind_of(channel) not in wanted.get("include", ("im", "mpim", "private", "public")):
        return False
    with_bot = channel.kind == "im" and any(workspace.users[member].is_bot for member in channel.members)
    return not (wanted.get("exclude_bot_users") and with_bot)
