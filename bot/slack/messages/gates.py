"""A gate in words: what is known, what is missing and what fills it in, what was let go, and until when there is only to wait."""

from collections.abc import Sequence

from bot.core.action_item import ActionItem
from bot.core.containment import hold_due
from bot.core.gates import can_be_filled_in, guards, meets, missing, passes, unsettled_steps, waiver
from bot.core.incident import Incident
from bot.core.learning.action_checks import untaken
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Block, Element, button, paragraphs, section
from bot.slack.ids import Action, Drawn
from bot.slack.messages.postmortem import opens, stands
from bot.slack.text import clock_time, day_and_time, escape_within, one_line, quoted

_MOST_NAMED = 5
_MOST_BUTTONS = 3
"""The next one to three things to do: more at once helps nobody."""
WATCHED = (Need.HOLD, Need.PLAYBOOK)
"""What no button beside it can bring about."""


def gate(incident: Incident, policy: Policy) -> list[Block]:
    """What must be known before the phase is left: first the first few missing things, each with the button that fills it in, then
    the others, ticked when they are known. Nothing once the incident is over."""
    if not incident.is_open:
        return []
    lacking = missing(incident, policy)
    to_do = [need for need in lacking if need not in WATCHED][:_MOST_BUTTONS]
    others = [guard for guard in guards(incident, policy) if guard.need not in (*to_do, *_of_nothing(incident))]
    before = words.before_what(incident.phase)
    heading = f"*Before {before} we must know:*{'' if lacking else ' nothing more'}"
    lines = [
        _line(incident, policy, guard.need, is_met=passes(incident, guard))
        for guard in sorted(others, key=lambda guard: guard.need not in lacking)
    ]
    if not to_do:
        return paragraphs([heading, *lines])
    return [
        section(heading),
        *(section(_line(incident, policy, need, is_met=False), fills_in(incident, need)) for need in to_do),
        *paragraphs(lines),
    ]


def _of_nothing(incident: Incident) -> tuple[Need, ...]:
    """What is asked of action items, while there are none: a tick there would say nothing."""
    return () if incident.action_items else (Need.CHECKED, Need.ACCEPTED)


def fills_in(incident: Incident, need: Need) -> Element:
    """The button beside something missing."""
    drawn = Drawn.of(incident)
    if need is Need.COMMANDER:
        return button(words.TAKE_COMMAND, Action.TAKE_COMMAND, drawn.write(), primary=True)
    if need is Need.ACCEPTED:
        return button(words.SHOW_ACTIONS, Action.SHOW_ACTIONS, drawn.write())
    if need is Need.CHECKED and not can_be_filled_in(incident, need):
        return button(words.ADD_ACTION, Action.ADD_ACTION, drawn.write())
    if need is Need.POSTMORTEM:
        return opens(incident)
    return button(words.FILL_IN, Action.FILL_IN, drawn.but(need=need).write())


def _line(incident: Incident, policy: Policy, need: Need, *, is_met: bool) -> str:
    """One thing that the gate asks for, by shape and word."""
    if meets(incident, need):
        return f"✓ {words.KNOWN[need]}"
    let_go = waiver(incident, need)
    if is_met and let_go:
        reason = escape_within(one_line(let_go.reason), 100)
        return f"– {words.KNOWN[need]} (_{words.person(let_go.by)} goes on without: {reason}_)"
    if need is Need.POSTMORTEM:
        return f"○ {words.KNOWN[need]} (_{stands(incident, policy)}_)"
    if need is Need.ACCEPTED:
        return f"○ {words.KNOWN[need]} (_waits for {not_taken(incident)}_)"
    if need is Need.PLAYBOOK:
        return f"○ {words.KNOWN[need]} (_see its message_)"
    return f"○ {words.KNOWN[need]} (_{until(incident, policy) if need is Need.HOLD else 'missing'}_)"


def until(incident: Incident, policy: Policy) -> str:
    """How long the hold still takes: to follow what it is for."""
    due = hold_due(incident, policy)
    if due:
        return f"until {clock_time(due)}"
    minutes = policy.severity(incident.severity).hold_minutes
    return f"for {words.count(minutes, 'minute', 'minutes')} after that"


def not_taken(incident: Incident) -> str:
    """Which action items nobody has taken yet, and who was asked."""
    waiting = [(number, incident.action(number)) for number in untaken(incident)]
    names = [f"A{number} ({_whose(item)})" for number, item in waiting[:_MOST_NAMED]]
    rest = len(waiting) - len(names)
    return ", ".join([*names, *([f"and {rest} more"] if rest > 0 else [])])


def _whose(item: ActionItem) -> str:
    return f"{words.person(item.assignee)} declined it" if item.is_declined else words.person(item.assignee)


def waits_for_playbooks(incident: Incident) -> str:
    """Which playbooks have something to do before the phase is left."""
    runs = dict.fromkeys(number for number, _ in unsettled_steps(incident))
    titles = ", ".join(f"*{escape_within(incident.run(number).started.title, 80)}*" for number in runs)
    return f"Something that must be done before {words.before_what(incident.phase)} is not done yet in: {titles}."


def waits(incident: Incident, policy: Policy) -> str:
    """When nothing can be done here: the hold must pass, or a playbook goes on."""
    lacking = missing(incident, policy)
    if Need.PLAYBOOK in lacking:
        return waits_for_playbooks(incident)
    due = hold_due(incident, policy)
    if due is None or incident.contained_at is None:
        return f"{incident.name} waits for the harm to be contained."
    since = day_and_time(incident.contained_at)
    back = f"If it comes back, press `{words.IMPACT_BACK}` on the card."
    return (
        f"*{incident.name} is contained since {since}.* If no new harm is seen until *{clock_time(due)}*, it can move on; I "
        f"will say so in the room. There is nothing to do for that. {back}"
    )


def tried(incident: Incident) -> str:
    """What was tried last against the harm and did not help, if anything: nothing that was typed is lost."""
    if not incident.containments:
        return ""
    last = incident.containments[-1]
    return f"{quoted(last.action, 200)} is recorded. {words.came_of(last)}."


def all_missing(lacking: Sequence[Need]) -> list[str]:
    """Everything that is missing in one line, when it is more than one thing."""
    if len(lacking) < 2:
        return []
    return [f"*Missing:* {'; '.join(words.KNOWN[need] for need in lacking)}."]
