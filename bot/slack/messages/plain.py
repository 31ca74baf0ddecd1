"""What people are told of the words that they wrote for others: what stands there, what to do about it and why, with the button
that does it. Nothing is changed unless it is pressed."""

from collections.abc import Sequence

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.refusal import NotPlain
from bot.core.router.withheld import FactsWithheld
from bot.language import Finding, Level, broken, errors, named
from bot.slack import words
from bot.slack.blocks import Block, Element, actions, button, context, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message
from bot.slack.text import escape, escape_within, quoted

MOST = 10
"""So many findings are shown at once; the others come when these are settled."""
ALL = "all"
"""Stands for every finding that has a suggestion."""
REMARK = "remark"
"""How the ids of blocks begin that say what was found: what is shown anew takes their place."""
INSIST = "You can save it as it is. Until it is mended, updates say a general sentence in its place, or leave it out."
WHY = "Or send it as it is, because"
MEND_OR_SAY_WHY = "Please mend what is marked, or write why it has to go out as it is."

_WEIGHT = {Level.ERROR: "To mend", Level.WARNING: "Could be plainer", Level.HINT: "A hint"}


def key(finding: Finding) -> str:
    """By which a button says which finding it is about."""
    return f"{finding.rule}:{finding.start}:{finding.end}"


def remarks(findings: Sequence[Finding], action: Action, drawn: Drawn, *, about: str = "") -> list[Block]:
    """Each finding with its button, the weightiest first; a button for all suggestions if there are several. `drawn` is what the
    buttons carry, `about` keeps the blocks of one field from those of another."""
    ordered = sorted(findings, key=lambda one: (list(Level).index(one.level), one.start))
    shown = [
        section(_said(one), _press(one, action, drawn)) | {"block_id": f"{REMARK}-{about}-{place}"}
        for place, one in enumerate(ordered[:MOST])
    ]
    more = len(ordered) - MOST
    rest = [context(f"And {words.count(more, 'more remark', 'more remarks')}.")] if more > 0 else []
    can_be_used = sum(one.replacement is not None for one in findings)
    every = button(f"Use all {can_be_used} suggestions", action, drawn.but(finding=ALL).write())
    row = actions([every]) if can_be_used > 1 else []
    more_of_it = enumerate([*rest, *row])
    return [*shown, *(block | {"block_id": f"{REMARK}-{about}-more-{place}"} for place, block in more_of_it)]


def is_remark(block: Block) -> bool:
    """Whether a block says what was found."""
    return str(block.get("block_id", "")).startswith(REMARK)


def _said(one: Finding) -> str:
    found = f" {quoted(one.found, 120)}" if one.found else ""
    advice = " ".join(filter(None, (one.suggestion, one.why)))
    return f"*{_WEIGHT[one.level]}*{found}: {escape_within(advice, 800)}"


def _press(one: Finding, action: Action, drawn: Drawn) -> Element | None:
    if one.replacement is None:
        return None
    label = f"Use “{one.replacement}”" if one.replacement.strip(" .") else "Use it"
    return button(label, action, drawn.but(finding=key(one)).write())


def blocked(findings: Sequence[Finding]) -> str:
    """What stands above the remarks: whether it can be sent as it is."""
    if not errors(findings):
        return "You can send it as it is. It would be plainer like this:"
    return "*This does not go out yet.* Please mend it, or say below why it has to go out as it is."


def withheld(event: FactsWithheld, incident: Incident, policy: Policy) -> Message:
    """What others do not read as it was typed, why, and how to mend it, to whoever leads."""
    what = words.facts(event.facts)
    names = ", ".join(f"*{escape(name)}*" for name in event.audiences[:20])
    start = f"{words.person(event.to)}: updates of {incident.name} to {names} do not say {what} as it was typed, since it has "
    if "impact" in event.facts:
        instead = f"They say in a general sentence that there is a problem. `{words.EDIT_FACTS}` shows what to mend."
        press = [button(words.EDIT_FACTS, Action.EDIT_FACTS, Drawn.of(incident).write())]
    else:
        instead, press = f"`{COMMAND} {Verb.ANSWER} {event.facts[0]}` says it anew.", []
    text = f"{start}{named(event.rules)}. {instead}"
    return Message(text=text, blocks=[section(text), *actions(press)])


def kept(findings: Sequence[Finding], what: str) -> str:
    """What follows the answer to a fact that was recorded and breaks rules; nothing where not. `what`: how to say it anew."""
    found = errors(findings)
    if not found:
        return ""
    names = named(broken([[one.rule for one in found]]))
    first = next(
        (f" For {quoted(one.found, 60)}: {escape_within(one.suggestion, 300)}" for one in found if one.found), ""
    )
    return f" It has {names}, so that updates do not say it like this.{first} {what}"


def not_plain(refusal: NotPlain, incident: Incident, policy: Policy) -> str:
    """For whom it may not go out, and what is to be taken out of it."""
    names = ", ".join(f"*{escape(name)}*" for name in refusal.rules)
    what = named(broken(refusal.rules.values()))
    return f"Nothing was sent: the text for {names} has {what}. Please mend it, or say why it has to go out as it is."
