"""A form and messages with every element and block that Slack has, as an app would post them."""

from typing import Any

from tests.sandbox.given import actions, button, modal, plain, question, section, select, text_input

Json = dict[str, Any]

CONFIRM: Json = {
    "title": plain("Roll back?"),
    "text": {"type": "mrkdwn", "text": "Version *1.42* goes *everywhere*."},
    "confirm": plain("Roll back"),
    "deny": plain("Leave it"),
    "style": "danger",
}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Rolled back", "style": {"bold": True}},
                {"type": "text", "text": " at once: "},
                {"type": "link", "url": "https://example.com/runbook", "text": "runbook"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Drain"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Restart"}]},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "Who pays?"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "kubectl get pods"}]},
    ],
}


def field(kind: str, **fields: Any) -> Json:
    """An element of this type."""
    return {"type": kind, "action_id": "it", **fields}


def described(*texts: str, kind: str) -> Json:
    """Boxes, each with a description."""
    offered = [
        {"text": plain(text), "value": text.lower(), "description": plain(f"What {text} means")} for text in texts
    ]
    return field(kind, options=offered)


FIELDS: dict[str, tuple[str, Json]] = {
    "text": (
        "Impact",
        text_input("it", multiline=True, min_length=5, max_length=200, placeholder=plain("Who cannot pay")),
    ),
    "rich": ("What happened", field("rich_text_input", placeholder=plain("In a few words"))),
    "number": ("Customers", field("number_input", is_decimal_allowed=False, min_value="1", max_value="500")),
    "email": ("Contact", field("email_text_input", placeholder=plain("name@example.com"))),
    "link": ("Dashboard", field("url_text_input", placeholder=plain("https://"))),
    "day": ("Day", field("datepicker")),
    "time": ("Time", field("timepicker", timezone="Europe/Berlin")),
    "moment": ("Began", field("datetimepicker")),
    "level": ("Severity", select("SEV1", "SEV2", action_id="it", placeholder=plain("Pick one"))),
    "regions": ("Regions", select("Europe", "Asia", "Africa", kind="multi_static_select", action_id="it")),
    "service": ("Service", field("external_select", placeholder=plain("Type a service"))),
    "services": ("Others", field("multi_external_select", min_query_length=1)),
    "lead": ("Lead", field("users_select")),
    "helpers": ("Helpers", field("multi_users_select", max_selected_items=2)),
    "room": ("Room", field("channels_select")),
    "rooms": ("Rooms", field("multi_channels_select")),
    "tell": ("Tell", field("conversations_select", filter={"include": ["public", "im"], "exclude_bot_users": True})),
    "tells": ("Also tell", field("multi_conversations_select")),
    "scope": ("Scope", described("One", "Some", "All", kind="radio_buttons")),
    "checks": ("Checks", described("Logs", "Metrics", kind="checkboxes")),
    "files": ("Evidence", field("file_input", filetypes=["txt", "log"], max_files=2)),
}
"""Every element of an input block: its block_id, its label, the element. All have the action_id "it"."""


def every_field() -> Json:
    """A form with all of them; the first is required."""
    blocks = [question(label, element, block_id) for block_id, (label, element) in FIELDS.items()]
    for block in blocks[1:]:
        block["optional"] = True
    return modal(*blocks, title="Every field")


PRESSED = actions(
    button("Acknowledge", "ack", style="primary", value="1"),
    button("Roll back", "roll", style="danger", confirm=CONFIRM),
    select("Snooze", "Mute", kind="overflow", action_id="more"),
    select("SEV1", "SEV2", action_id="level", placeholder=plain("Severity")),
    {"type": "users_select", "action_id": "lead", "placeholder": plain("Lead")},
    {"type": "datepicker", "action_id": "day"},
    {"type": "external_select", "action_id": "service", "placeholder": plain("Service"), "min_query_length": 2},
)


def feedback() -> Json:
    """Whether an answer was of use, and a way to be rid of it."""
    good, bad = ({"text": plain(text), "value": text.lower()} for text in ("Good", "Bad"))
    return {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "action_id": "rate", "positive_button": good, "negative_button": bad},
            {"type": "icon_button", "action_id": "trash", "icon": "trash", "text": plain("Delete")},
        ],
    }


def usual_blocks() -> list[Json]:
    """A message of the blocks that every workspace has."""
    return [
        {"type": "header", "text": plain("Checkout fails")},
        section("Since *09:41*. See <https://example.com|the dashboard>.", accessory=button("Open", "open")),
        {"type": "section", "fields": [plain("Severity: SEV1"), plain("Phase: Triage")]},
        section("Pick a region", block_id="region", accessory=select("Europe", "Asia", action_id="region")),
        {"type": "divider"},
        RICH,
        PRESSED,
        {"type": "context", "elements": [plain("Updated by Lockstep")]},
    ]


def newer_blocks() -> list[Json]:
    """A message of the blocks that Slack has added of late."""
    words = {"type": "raw_text", "text": "EU"}
    number = {"type": "raw_number", "value": 31.5, "text": "31.5 %"}
    bars = [{"label": "EU", "value": 31}, {"label": "US", "value": 12}]
    card = {
        "type": "card",
        "title": plain("Payments"),
        "subtitle": plain("tier 1"),
        "body": plain("Takes the money."),
        "actions": [button("Page", "page")],
    }
    task = {"type": "task_card", "task_id": "t1", "title": "Drain the queue", "status": "in_progress", "details": RICH}
    return [
        {"type": "alert", "level": "warning", "text": plain("Half of all payments fail.")},
        {
            "type": "markdown",
            "text": "## Next\n1. **Drain**\n2. *Restart* `web`\n\nSee [the runbook](https://example.com).",
        },
        {"type": "table", "rows": [[words, words], [words, number]]},
        {"type": "data_visualization", "title": "Failures", "chart": {"type": "pie", "segments": bars}},
        card,
        {"type": "carousel", "elements": [{**card, "actions": [button("Page", f"p{index}")]} for index in range(4)]},
        {
            "type": "container",
            "title": plain("Log"),
            "is_collapsible": True,
            "child_blocks": [section("One line"), actions(button("Copy", "copy"), block_id="inner")],
        },
        {"type": "plan", "title": "Recovery", "tasks": [task, {**task, "task_id": "t2", "status": "complete"}]},
        {
            "type": "video",
            "title": plain("Replay"),
            "alt_text": "Replay",
            "video_url": "https://example.com/v",
            "thumbnail_url": "https://example.com/v.png",
        },
        feedback(),
    ]
