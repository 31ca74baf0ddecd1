"""App Home: one's own open action items, what one is asked to look at, and the incidents one has a part in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Block, actions, button, context, header, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.actions import Shown, blocks_of
from bot.slack.text import channel_link, escape_within, one_line

MOST = 20
"""So many action items and incidents are shown: Slack takes a hundred blocks."""


def home(
    viewer: str, mine: Sequence[Shown], total: int, incidents: Sequence[tuple[Incident, Policy]], at: datetime
) -> dict[str, Any]:
    """The page of this person; `total` are all of their action items, of which `mine` are the first."""
    blocks: list[Block] = [header("Your action items")]
    for one in mine[:MOST]:
        blocks += blocks_of(one, viewer, at, "home")
    if not mine:
        blocks.append(section("You have no open action item."))
    if total > len(mine[:MOST]):
        blocks.append(context(f"and {total - len(mine[:MOST])} more: `{COMMAND} {Verb.ACTIONS} mine`"))
    blocks.append(header("Your incidents"))
    blocks += [_incident(incident, policy, viewer) for incident, policy in incidents[:MOST]]
    if not incidents:
        blocks.append(section("You have no part in an open incident."))
    declare = button("Declare an incident", Action.DECLARE, danger=True)
    return {"type": "home", "blocks": [*blocks, *actions([declare])]}


def _incident(incident: Incident, policy: Policy, viewer: str) -> Block:
    """Where it stands, what one is in it, and the way into its room."""
    roles = [escape_within(role, 60) for role, seat in incident.seats.items() if seat.user == viewer]
    part = f" · you are {', '.join(roles)}" if roles else ""
    room = f" · {channel_link(incident.room.channel)}" if incident.room else ""
    title = escape_within(one_line(incident.title), 200)
    text = f"*{incident.name}* {title}\n{words.severity(incident, policy)} · {words.standing(incident)}{part}{room}"
    return section(text, button("Join the room", Action.JOIN_ROOM, Drawn.of(incident).write()))
