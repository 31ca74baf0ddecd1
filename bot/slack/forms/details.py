"""What is said of an action item so that anybody can see whether it is done and what it is good for: the fields, each shared by the
forms that ask for it."""

from collections.abc import Mapping
from typing import Any

from bot.core.action_item import ActionItem, ActionKind, Gap
from bot.core.decision import Origin
from bot.core.factors import Factor
from bot.core.learning.action_checks import LEAST, gaps
from bot.core.learning.action_moves import DetailAction
from bot.slack.blocks import Block
from bot.slack.forms import inputs
from bot.slack.forms.modal import Sent
from bot.slack.ids import Field
from bot.slack.text import sentence_case

KINDS = {
    ActionKind.PREVENT: "Prevent it",
    ActionKind.DETECT: "Notice it sooner",
    ActionKind.MITIGATE: "Contain it faster",
    ActionKind.PROCESS: "Change how we work",
    ActionKind.LEARN: "Find something out",
}
NOT_SEEN = f"Please write how anybody can see that it is done, in {LEAST} characters or more."
DETAILS = (Field.DONE_WHEN, Field.KIND, Field.FACTORS)
"""All that can be missing, but for who does it."""


def done_when(item: ActionItem | None) -> Block:
    """How anybody sees that it is done."""
    return inputs.text(
        Field.DONE_WHEN,
        "Done when",
        initial=item.done_when if item else None,
        example="A release stops when any card fails",
        hint="What anybody can see then.",
        multiline=False,
    )


def kind(item: ActionItem | None) -> Block:
    """What it is for."""
    return inputs.choice(Field.KIND, "What is it for?", options(KINDS), initial=item.kind if item else None)


def factors(item: ActionItem | None) -> Block:
    """What it acts on."""
    return inputs.several(
        Field.FACTORS,
        "Which contributing factors does it act on?",
        [(sentence_case(factor.value), factor.value) for factor in Factor],
        initial=item.factors if item else (),
    )


def options(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    """These values with their labels, as options of a field."""
    return [(label, value.value) for value, label in named.items()]


def lacking(item: ActionItem) -> list[Block]:
    """The fields for what is missing."""
    found = gaps(item)
    return [
        *([done_when(item)] if {Gap.DONE_WHEN, Gap.END} & {*found} else []),
        *([kind(item)] if Gap.KIND in found else []),
        *([factors(item) | {"optional": False}] if Gap.LINK in found else []),
    ]


def read(sent: Sent, origin: Origin) -> DetailAction:
    """What was filled in of them."""
    said = {
        "done_when": sent.text(Field.DONE_WHEN),
        "kind": sent.choice(Field.KIND),
        "factors": sent.choices(Field.FACTORS),
    }
    return DetailAction.model_validate({"origin": origin, "item": sent.drawn.item or 0, **said})
