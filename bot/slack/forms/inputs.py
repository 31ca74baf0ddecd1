"""The fields that forms are made of. Each is labelled, named by its `Field`, and within Slack's limits."""

import hashlib
from collections.abc import Sequence
from datetime import date

from bot.core.policy import Policy
from bot.slack.blocks import Block, Element, section
from bot.slack.forms.modal import RENEWED
from bot.slack.ids import Field
from bot.slack.text import one_line, plain_text, sentence_case, shorten

LONG = 3000
"""Code points a field takes at most (Slack's Block Kit reference, "Plain-text input")."""

_LABEL_LIMIT = 150
_OPTION_LIMIT = 75
_PLACEHOLDER_LIMIT = 150
OPTIONS_LIMIT = 100
"""Options that one field offers at most."""

TICKED = (Field.PRIVATE,)
"""Fields whose ticks Slack tells of before the form is sent."""

MOST_AUDIENCES = 20
"""Of an update that a person sends: their names must fit into what the preview carries."""

Option = dict[str, object]


def text(
    field: Field,
    label: str,
    *,
    initial: str | None = None,
    example: str = "",
    hint: str = "",
    optional: bool = False,
    multiline: bool = True,
    limit: int = LONG,
) -> Block:
    """A field for text of at most `limit` code points."""
    element: Element = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    if initial:
        element["initial_value"] = shorten(initial, limit)
    if example:
        element["placeholder"] = plain_text(example, _PLACEHOLDER_LIMIT)
    return _input(field, label, element, hint=hint, optional=optional)


def renewed(block: Block, content: str) -> Block:
    """The field with this content in it, whatever was typed there: under another block id, since Slack keeps what was typed under
    the same one (slack, "Modals", "Updating"). `Sent` reads both."""
    field = str(block["block_id"]).partition(RENEWED)[0]
    mark = hashlib.sha256(content.encode()).hexdigest()[:8]
    return block | {"block_id": f"{field}{RENEWED}{mark}", "element": block["element"] | {"initial_value": content}}


def person(field: Field, label: str, *, initial: str | None = None, hint: str = "", optional: bool = False) -> Block:
    """A field for one person."""
    element: Element = {"type": "users_select"}
    element |= {"initial_user": initial} if initial else {}
    return _input(field, label, element, hint=hint, optional=optional)


def day(field: Field, label: str, *, initial: date | None = None, optional: bool = False) -> Block:
    """A field for a day."""
    element: Element = {"type": "datepicker"}
    element |= {"initial_date": initial.isoformat()} if initial else {}
    return _input(field, label, element, optional=optional)


def boundaries(
    policy: Policy,
    *,
    field: Field = Field.BOUNDARIES,
    label: str = "What is affected?",
    initial: Sequence[str] = (),
    optional: bool = False,
) -> Block:
    """A field for any number of parts of the system map."""
    options = [_option(one.name, one.id) for one in policy.boundaries]
    chosen = [option for option in options if option["value"] in initial]
    element: Element = {"type": "multi_static_select", "options": options}
    element |= {"initial_options": chosen} if chosen else {}
    return _input(field, label, element, optional=optional)


def role(policy: Policy, *, initial: str | None = None) -> Block:
    """A field for one of the policy's roles, each with what its holder does."""
    options = [_option(sentence_case(one.name), one.name, one.does) for one in policy.roles]
    chosen = [option for option in options if option["value"] == initial]
    element: Element = {"type": "static_select", "options": options}
    return _input(Field.ROLE, "Role", element | ({"initial_option": chosen[0]} if chosen else {}))


def audiences(names: Sequence[str], chosen: Sequence[str]) -> Block:
    """A field for some of these audiences."""
    options = [_option(name, name) for name in names[:OPTIONS_LIMIT]]
    initial = [option for option in options if option["value"] in chosen]
    element: Element = {"type": "multi_static_select", "options": options, "max_selected_items": MOST_AUDIENCES}
    element |= {"initial_options": initial[:MOST_AUDIENCES]} if initial else {}
    return _input(Field.AUDIENCES, "Who should read it?", element)


def choice(
    field: Field,
    label: str,
    options: Sequence[tuple[str, str]],
    *,
    initial: str | None = None,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A field for one of these options, each a label and its value."""
    shown = [_option(one_line(name), value) for name, value in options[:OPTIONS_LIMIT]]
    chosen = [option for option in shown if option["value"] == initial]
    element: Element = {"type": "static_select", "options": shown}
    element |= {"initial_option": chosen[0]} if chosen else {}
    return _input(field, label, element, hint=hint, optional=optional)


def several(
    field: Field, label: str, options: Sequence[tuple[str, str]], *, hint: str = "", initial: Sequence[str] = ()
) -> Block:
    """A field for any number of these options, each a label and its value; `initial` are the values of those chosen already."""
    shown = [_option(one_line(name), value) for name, value in options[:OPTIONS_LIMIT]]
    chosen = [option for option in shown if option["value"] in initial]
    element: Element = {"type": "multi_static_select", "options": shown}
    element |= {"initial_options": chosen} if chosen else {}
    return _input(field, label, element, hint=hint, optional=True)


def tags(
    field: Field, label: str, options: Sequence[tuple[str, str]], *, initial: Sequence[str] = (), hint: str = ""
) -> Block:
    """A field for any number of these options, each a label and its value; `initial` are the values chosen already."""
    shown = [_option(name, value) for name, value in options]
    chosen = [option for option in shown if option["value"] in initial]
    element: Element = {"type": "multi_static_select", "options": shown}
    return _input(field, label, element | ({"initial_options": chosen} if chosen else {}), hint=hint, optional=True)


def ticks(field: Field, label: str, options: Sequence[tuple[str, str]], *, initial: Sequence[str] = ()) -> Block:
    """Boxes to tick, each a label and its value; `initial` are the values of those that are ticked already."""
    shown = [_option(name, value) for name, value in options]
    chosen = [option for option in shown if option["value"] in initial]
    element: Element = {"type": "checkboxes", "options": shown}
    return _input(field, label, element | ({"initial_options": chosen} if chosen else {}), optional=True)


def tick(field: Field, text: str, label: str, value: str) -> Block:
    """A box to tick beside a line of text, escaped: for what nobody needs to read to go on. What is ticked is sent with the form,
    as of any other field; Slack tells of each tick besides, which is acknowledged (`TICKED`)."""
    element: Element = {"type": "checkboxes", "action_id": field.value, "options": [_option(label, value)]}
    return section(text) | {"block_id": field.value, "accessory": element}


def _option(label: str, value: str, description: str = "") -> Option:
    option: Option = {"text": plain_text(label, _OPTION_LIMIT), "value": value}
    return option | {"description": plain_text(description, _OPTION_LIMIT)} if description else option


def _input(field: Field, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.value,
        "label": plain_text(label, _LABEL_LIMIT),
        "element": element | {"action_id": field.value},
        "optional": optional,
    }
    return block | {"hint": plain_text(hint, _LABEL_LIMIT)} if hint else block
