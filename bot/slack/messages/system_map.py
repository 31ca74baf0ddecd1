"""The system map of an incident as text: what is known of each part, by shape and in words; by whom and since when; what it hangs
on; and how many hypotheses are about it.
"""

from collections.abc import Sequence

from bot.core.incident import Hypothesis, Incident
from bot.core.policy import Policy
from bot.core.policy_parts import Boundary
from bot.core.tracker.boundaries import off_the_map, state_of, thought_of
from bot.core.trial import BoundaryState
from bot.slack import words
from bot.slack.blocks import Element, button
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message, say_lines
from bot.slack.messages.unready import names
from bot.slack.text import clock_time, escape_within, one_line

STATE: dict[BoundaryState, str] = {
    BoundaryState.AFFECTED: "▲ Affected",
    BoundaryState.UNKNOWN: "? Not known",
    BoundaryState.WORKING: "✓ Working",
}
"""What is known of a part, by shape and word: what hurts first."""
_SHOWN = 50


def system_map(incident: Incident, policy: Policy, *, is_drawn: bool = False) -> Message:
    """Every part of the map, what is affected first; with the button that says more. `is_drawn`: the room gets a picture of it."""
    lines = [f"*System map of {incident.name}*"]
    for state in STATE:
        parts = [one for one in policy.boundaries if state_of(incident, one.id) is state]
        if parts:
            lines += [f"\n*{STATE[state]}*", *(_line(one, incident, policy) for one in parts[:_SHOWN])]
            lines += [f"and {len(parts) - _SHOWN} more"] if len(parts) > _SHOWN else []
    lines += _elsewhere(incident)
    picture = ["\nThe room gets it as a picture in a moment."] if is_drawn else []
    return say_lines([*_within(lines), *picture], _mark(incident))


def _elsewhere(incident: Incident) -> list[str]:
    """Where faults are thought to lie that the map does not have, each place once, with the hypotheses that the picture names it
    by."""
    places = off_the_map(incident)
    return [
        *(["\n*Not on the map*"] if places else []),
        *(
            f"• *{escape_within(one_line(ideas[0].place or ''), 60)}* · {_counted(ideas)}: "
            f"{names([idea.number for idea in ideas])}"
            for ideas in places[:_SHOWN]
        ),
        *([f"and {len(places) - _SHOWN} more"] if len(places) > _SHOWN else []),
    ]


def _within(lines: list[str]) -> list[str]:
    """As many lines as one message holds."""
    room, kept = 9000, list[str]()
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return [*kept, f"and {len(lines) - len(kept)} more lines"]
        kept.append(line)
    return kept


def _mark(incident: Incident) -> list[Element]:
    drawn = Drawn.of(incident).write()
    return [button(words.MARK_MAP, Action.MARK_MAP, drawn, primary=True)] if incident.is_open else []


def _line(one: Boundary, incident: Incident, policy: Policy) -> str:
    parts = [f"• *{escape_within(one.name, 60)}*", *_checked(one, incident), *_ideas(one, incident)]
    if one.team:
        parts.append(f"team {escape_within(one.team, 60)}")
    if one.depends_on:
        parts.append(f"needs {words.boundary_names(one.depends_on, policy, 200)}")
    return " · ".join(parts)


def _checked(one: Boundary, incident: Incident) -> list[str]:
    check = incident.checks.get(one.id)
    return [f"by {words.person(check.by)} {clock_time(check.at)}"] if check else []


def _ideas(one: Boundary, incident: Incident) -> list[str]:
    ideas = thought_of(incident, one.id)
    return [_counted(ideas)] if ideas else []


def _counted(ideas: Sequence[Hypothesis]) -> str:
    still = sum(idea.status.is_open for idea in ideas)
    return f"{words.count(len(ideas), 'hypothesis', 'hypotheses')}, {still} open"
