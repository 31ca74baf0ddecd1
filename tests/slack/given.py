"""What Slack tests start from: a check of Slack's limits, forms sent as Slack sends them, and incidents full of long texts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from bot.core.incident import (
    ActionItem,
    Containment,
    ContainmentResult,
    Failure,
    Incident,
    Phase,
)
from bot.core.policy import Policy
from bot.sandbox.blocks import validation
from bot.sandbox.blocks.elements import chosen, initial_values
from bot.slack.messages.message import Message
from tests.core.given import in_phase

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NASTY = "<!channel> & <!subteam^S1|x> *bold* `code` https://x.y|z \n> & <@U1> " * 90
"""About 6,000 code points that grow when they are escaped."""

LARGE_POLICY = Policy.model_validate(
    {
        "announce_in": "#incidents",
        "unset_counts_as": "&" * 60,
        "severities": [
            {
                "name": f"{'&' * 59}{n}" if n else "&" * 60,
                "means": NASTY,
                "first_update_minutes": 1,
                "then_every_minutes": 1,
            }
            for n in range(10)
        ],
        "boundaries": [{"id": f"b{n}", "name": "&" * 60} for n in range(100)],
        "audiences": [
            {"name": f"{'a' * 37}{n}", "channel": f"#{'c' * 70}{n}", "hears": ["&" * 60]} for n in range(100)
        ],
    }
)
"""The largest policy there can be, full of what grows when it is escaped."""


def fits(message: Message) -> Message:
    """The message, which Slack would take: Block Kit's rules, a fallback short enough to edit, and blocks below the cap that
    Slack does not document."""
    validation.message_blocks(message.blocks)
    assert 0 < len(message.text) <= 4000
    assert sum(len(text["text"]) for text in texts(message.blocks)) < 12_000
    return message


def view_fits(view: dict[str, Any]) -> dict[str, Any]:
    """The view, which Slack would take; it asks for three things at most."""
    validation.view(view, "modal")
    assert len([block for block in view["blocks"] if block["type"] == "input"]) <= 3
    return view


def texts(value: Any) -> Iterator[dict[str, Any]]:
    """Every text object in some blocks or a view."""
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)


def shown(message: Message) -> str:
    """All that people see of a message."""
    return "\n".join(text["text"] for text in texts(message.blocks))


def markup(message: Message) -> str:
    """All of a message that Slack reads as markup."""
    return "\n".join([message.text, *(text["text"] for text in texts(message.blocks) if text["type"] == "mrkdwn")])


def buttons(value: Any) -> Iterator[dict[str, Any]]:
    """Every button in some blocks or a view."""
    if isinstance(value, dict):
        if value.get("type") == "button":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from buttons(item)


def labels(message: Message) -> list[str]:
    """What stands on the buttons of a message."""
    return [button["text"]["text"] for button in buttons(message.blocks)]


def sent(view: dict[str, Any], **filled: Any) -> dict[str, Any]:
    """The view as Slack hands it back when somebody filled in these fields, by block id, and sent it."""
    view_fits(view)
    values = initial_values(view["blocks"])
    for block in view["blocks"]:
        if block["type"] == "input" and block["block_id"] in filled:
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: chosen(element, filled.pop(block["block_id"]))}
    assert not filled, f"the form has no {filled}"
    return view | {"state": {"values": values}}


def stuffed(phase: Phase) -> Incident:
    """An incident in this phase in which everything is as long as people can make it."""
    return in_phase(phase).but(
        title=NASTY,
        impact=NASTY,
        severity="&" * 60,
        boundaries=tuple(boundary.id for boundary in LARGE_POLICY.boundaries),
        containments=(Containment(action=NASTY, result=ContainmentResult.WORKED, at=NOW),) * 9,
        recovery=NASTY,
        action_items=(ActionItem(what=NASTY, assignee="U" * 11, due=date(2026, 12, 1)),) * 9,
        failures=(Failure(effect="PostUpdate updates:" + "&" * 90, reason="&" * 999, at=NOW),) * 9,
    )


PHASES = list(Phase)
