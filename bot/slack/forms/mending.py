"""A form as somebody filled it in, with what the rules found in its fields: each remark under its field, with the button that mends
it. What was typed stays; only a field that was mended has other content."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.language import Finding, errors
from bot.slack.blocks import Block, context
from bot.slack.forms import inputs
from bot.slack.forms.modal import RENEWED, Sent, View
from bot.slack.ids import Action, Drawn, Field
from bot.slack.messages.plain import REMARK, WHY, is_remark, remarks

_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata")
"""What a view may be drawn with again, besides its blocks; the rest is Slack's."""

_LONGEST_WHY, _ON_TIMELINE = 300, "The timeline shows it, with what was sent."

Found = Mapping[Field, Sequence[Finding]]
"""What was found, by the field in which it stands."""


def marked(view: Mapping[str, Any], found: Found, drawn: Drawn, *, asks_why: bool = False) -> View:
    """The form with these remarks in it, in place of those that it had. `drawn` is what it carries from now on. `asks_why`: what
    keeps it from being sent can be overridden, with a reason."""
    shown: list[Block] = []
    for block in view["blocks"]:
        field = str(block.get("block_id", "")).partition(RENEWED)[0]
        if is_remark(block) or field == Field.REASON:
            continue
        shown.append(block)
        if field in list(Field) and (findings := found.get(Field(field), ())):
            carried = Drawn(number=drawn.number, phase=drawn.phase, is_drill=drawn.is_drill, field=Field(field))
            shown += remarks(findings, Action.MEND, carried, about=field)
    if asks_why and any(errors(findings) for findings in found.values()):
        shown.append(why())
    kept = {name: view[name] for name in _KEPT if view.get(name)}
    return kept | {"blocks": shown, "private_metadata": drawn.write()}


def noted(view: View, sentence: str) -> View:
    """The same with a line before its first remark: escaped mrkdwn."""
    place = next((number for number, block in enumerate(view["blocks"]) if is_remark(block)), len(view["blocks"]))
    line = context(sentence) | {"block_id": f"{REMARK}-note"}
    return view | {"blocks": [*view["blocks"][:place], line, *view["blocks"][place:]]}


def why() -> Block:
    """The field that says why a text has to go out although rules speak against it."""
    return inputs.text(Field.REASON, WHY, hint=_ON_TIMELINE, optional=True, multiline=False, limit=_LONGEST_WHY)


def mended(view: Mapping[str, Any], field: Field, content: str) -> View:
    """The form with this content in a field."""
    block_id = Sent(view).id(field)
    blocks = [
        inputs.renewed(block, content) if block.get("block_id") == block_id else block for block in view["blocks"]
    ]
    return {**view, "blocks": blocks}
