"""`/incident playbook`: which playbooks fit, and why, and all the others; and what the room is told of those that fit."""

from collections.abc import Iterable, Sequence

from bot.core.incident import Incident
from bot.core.playbooks.matching import Fit, Reason
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.shelf import Shelf
from bot.core.policy import Policy
from bot.core.run_offers import PlaybooksOffered
from bot.slack.blocks import Block, button, paragraphs, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message
from bot.slack.text import escape, escape_within, quoted

_OTHERS = 50
_WHY = {"label": "the alert says", "symptom": "it sounds like", "boundary": "it touches", "severity": "it is for"}


def playbook_list(incident: Incident, shelf: Shelf, found: Sequence[Fit]) -> Message:
    """Those that fit with why, each with its button; then the names of the others, and of those whose file is broken."""
    start = (
        "*These playbooks fit best:*" if found else "*No playbook fits what is known so far.* That is an answer, too."
    )
    others = [
        one
        for one in shelf.offered.values()
        if one.status != "retired" and one.id not in {fit.playbook for fit in found}
    ]
    blocks: list[Block] = [section(start), *_fitting(incident, found)]
    if others:
        blocks += paragraphs([f"Others, started with `{COMMAND} {Verb.PLAYBOOK} NAME`:", *_lines(others)])
    if shelf.broken:
        names = ", ".join(escape_within(name, 60) for name in sorted(shelf.broken)[:_OTHERS])
        blocks += paragraphs([f"Out of use, since their files are broken: {names}"])
    if not shelf.offered and not shelf.broken:
        blocks = [section("There are no playbooks here. `docs/playbooks.md` says how one is written.")]
    return Message(text=start.replace("*", ""), blocks=blocks)


def offered(event: PlaybooksOffered, incident: Incident, policy: Policy) -> Message:
    """What the room is told of those that fit: the best, or what fits besides by what has become known since."""
    more = "this fits" if len(event.fits) == 1 else "these fit"
    these = "These playbooks fit what is known." if event.is_first else f"By what is known now, {more} as well."
    start = f"*{these}* Nothing starts by itself."
    return Message(text=start.replace("*", ""), blocks=[section(start), *_fitting(incident, event.fits)])


def _fitting(incident: Incident, found: Iterable[Fit]) -> list[Block]:
    """A paragraph for each that fits, with why, and the button that starts it."""
    return [_fit(incident, fit) for fit in found]


def _fit(incident: Incident, fit: Fit) -> Block:
    why = "; ".join(because(one) for one in fit.reasons)
    text = f"*{escape(fit.title)}* (`{fit.playbook}`, {fit.takes_minutes} min)\n{escape(fit.summary)}\n_Why: {why}._"
    return section(text, start_button(incident, fit.playbook)) if incident.is_open else section(text)


def start_button(incident: Incident, playbook: str, label: str = "Start") -> dict[str, object]:
    """The button that starts a playbook, or asks first what it needs to know."""
    return button(label, Action.RUN_START, Drawn.of(incident).but(playbook=playbook).write())


def because(reason: Reason) -> str:
    """One thing that speaks for it."""
    what = quoted(reason.what, 120) if reason.kind == "symptom" else escape_within(reason.what, 120)
    return f"{_WHY[reason.kind]} {what}"


def _lines(playbooks: Sequence[Playbook]) -> list[str]:
    shown = sorted(playbooks, key=lambda one: one.id)[:_OTHERS]
    rest = len(playbooks) - len(shown)
    drafts = {one.id for one in shown if one.status == "draft"}
    lines = [f"• `{one.id}` {escape(one.title)}{' (a draft)' if one.id in drafts else ''}" for one in shown]
    return [*lines, *([f"and {rest} more"] if rest else [])]
