"""The objects that blocks and elements are composed of: texts, options, confirm dialogs, filters, pictures. Decides what is
well formed, not where it may stand.

From Slack's documentation, "Composition objects".
"""

from __future__ import annotations

import re

from bot.sandbox.blocks.bounded import items, string
from bot.sandbox.blocks.schema import Alternatives, Bool, ByType, Check, OneOf, Problem, Problems, Rule, Shape, Str
from bot.sandbox.jsontypes import Json

URL = re.compile(r"https?://\S+")
LINK = re.compile(r"(https?://|mailto:)\S+")
_UNREACHABLE = re.compile(
    r"https?://(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[|[^./:]+([:/]|$))", re.IGNORECASE
)


def type_of(name: str) -> Rule:
    """The `type` field of one kind of object."""
    return OneOf((name,))


def plain(limit: str) -> Shape:
    """A plain_text object; it takes no `verbatim`."""
    return Shape({"type": type_of("plain_text"), "text": string(limit), "emoji": Bool()}, ("type", "text"))


def mrkdwn(limit: str) -> Shape:
    """A mrkdwn object; unlike plain text it takes no `emoji` (from memory)."""
    return Shape({"type": type_of("mrkdwn"), "text": string(limit), "verbatim": Bool()}, ("type", "text"))


def text(limit: str) -> Rule:
    """A text object of either kind."""
    return Alternatives(ByType({"plain_text": plain(limit), "mrkdwn": mrkdwn(limit)}))


def either(*names: str) -> Check:
    """A check that exactly one of these fields is given."""
    quoted = " or ".join(f"`{name}`" for name in names)

    def check(value: Json, at: str) -> Problems:
        if sum(name in value for name in names) != 1:
            yield Problem(f"must define either {quoted}", f"{at}/type")

    return check


def any_of(*names: str) -> Check:
    """A check that at least one of these fields is given."""
    quoted = " or ".join(f"`{name}`" for name in names)

    def check(value: Json, at: str) -> Problems:
        if not any(name in value for name in names):
            yield Problem(f"must define either {quoted}", f"{at}/type")

    return check


def offered(initial: str) -> Check:
    """A check that the initial choice is among the options, equal in every field (from memory, wording included)."""

    def check(value: Json, at: str) -> Problems:
        if initial not in value:
            return
        grouped = [option for group in value.get("option_groups", ()) for option in group["options"]]
        options = [*value.get("options", ()), *grouped]
        wanted = value[initial] if isinstance(value[initial], list) else [value[initial]]
        if any(option not in options for option in wanted):
            yield Problem("must be one of the provided options", f"{at}/{initial}")

    return check


def ordered(least: str, most: str) -> Check:
    """A check that one bound does not exceed the other (wording inferred). Bounds may be numbers or numbers in strings."""

    def check(value: Json, at: str) -> Problems:
        if least in value and most in value and float(value[least]) > float(value[most]):
            yield Problem(f"must be less than or equal to {most}", f"{at}/{least}")

    return check


def _fetchable(value: Json, at: str) -> Problems:
    """Slack downloads a picture when it is posted, so it cannot be at an address of this machine or network (which ones
    is inferred).
    """
    if _UNREACHABLE.match(value.get("image_url", "")):
        yield Problem("downloading image failed", f"{at}/image_url")


_SLACK_FILE = Shape({"id": Str(min=1), "url": Str(pattern=URL)}, (), (either("id", "url"),))


def picture(limits: str) -> tuple[dict[str, Rule], tuple[Check, ...]]:
    """The fields of a picture, whose limits are named so, and the checks across them."""
    fields: dict[str, Rule] = {
        "image_url": string(f"{limits}.image_url", URL),
        "slack_file": _SLACK_FILE,
        "alt_text": string(f"{limits}.alt_text"),
    }
    return fields, (either("image_url", "slack_file"), _fetchable)


_picture_fields, _picture_checks = picture("image_element")
IMAGE_ELEMENT = Shape({"type": type_of("image"), **_picture_fields}, ("type", "alt_text"), _picture_checks)

COLOR_SCHEME = OneOf(("primary", "danger"))
CONFIRM = Shape(
    {
        "title": plain("confirm.title"),
        "text": text("confirm.text"),
        "confirm": plain("confirm.confirm"),
        "deny": plain("confirm.deny"),
        "style": COLOR_SCHEME,
    },
    ("title", "text", "confirm", "deny"),
)


def _option(name: Rule, description: Rule, **more: Rule) -> Shape:
    """An option of a select, overflow menu, checkbox or radio group."""
    fields = {"text": name, "value": string("option.value"), "description": description}
    return Shape(fields | more, ("text", "value"))


OPTION = _option(plain("option.text"), plain("option.description"))
RICH_OPTION = _option(text("option.text"), text("option.description"))
OVERFLOW_OPTION = _option(plain("option.text"), plain("option.description"), url=string("option.url", LINK))
_OPTION_GROUP = Shape(
    {"label": plain("option_group.label"), "options": items("option_group.options", OPTION)}, ("label", "options")
)
OPTIONS: dict[str, Rule] = {
    "options": items("select.options", OPTION),
    "option_groups": items("select.option_groups", _OPTION_GROUP),
}
"""What a select menu offers, one way or the other; also what an app answers to block_suggestion."""

DISPATCH = Shape(
    {
        "trigger_actions_on": items(
            "dispatch_action_config.trigger_actions_on", OneOf(("on_enter_pressed", "on_character_entered"))
        )
    },
    ("trigger_actions_on",),
)
FILTER = Shape(
    {
        "include": items("filter.include", OneOf(("im", "mpim", "private", "public"))),
        "exclude_bot_users": Bool(),
        "exclude_external_shared_channels": Bool(),
    },
    (),
    (any_of("include", "exclude_bot_users", "exclude_external_shared_channels"),),
)
