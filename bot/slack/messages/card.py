"""The room card: one pinned message that shows how an incident stands and what comes next. Drawn from state alone.

`/incident` and `/incident status` are drawn from the same parts.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.core.action_item import ActionItem
from bot.core.ends import can_be_cancelled, can_be_merged
from bot.core.gates import can_be_filled_in, meets, missing
from bot.core.incident import COMMANDER, End, Incident, Phase, Status
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.router.ladder import due_times, is_overdue
from bot.slack import words
from bot.slack.blocks import Block, Element, actions, button, context, fields, header, overflow, paragraphs, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.gates import gate
from bot.slack.messages.message import Message
from bot.slack.messages.postmortem import opens
from bot.slack.text import day_and_time, escape, escape_within, one_line, quoted

_SHOWN_AUDIENCES = 12
_SHOWN_ITEMS = 5
_SHOWN_HYPOTHESES = 3
_SHOWN_FAILURES = 3
_SHOWN_LINKS = 5


def room_card(incident: Incident, policy: Policy, due: Mapping[str, datetime]) -> Message:
    """The card as the incident stands. `due` is when each audience hears from us next."""
    blocks = [
        header(title(incident)),
        section(progress(incident)),
        *gate(incident, policy),
        *next_steps(incident, policy),
        fields(*facts(incident, policy, due)),
        *paragraphs(findings(incident, policy)),
        *failures(incident),
        *corrections(incident),
    ]
    return Message(text=summary(incident, policy), blocks=blocks)


def title(incident: Incident) -> str:
    """INC-7 and what is wrong: plain text, not escaped."""
    return f"{incident.name}: {one_line(incident.title)}"


def summary(incident: Incident, policy: Policy) -> str:
    """One line that says where the incident stands: escaped, at most about 600 code points."""
    stands = words.phase_name(incident.phase) if incident.is_open else words.ended(incident)
    return f"{escape_within(title(incident), 400)} · {stands} · severity {words.severity(incident, policy)}"


def progress(incident: Incident) -> str:
    """The five phases in a line, or those it came to before it ended. Shape and words say which is which, not colour: ✓ done,
    ● now, ○ to come. A shape stays with its word where the line breaks on a phone."""
    reached = list(Phase)[: list(Phase).index(incident.phase) + 1]
    steps = " › ".join(_step(incident, phase) for phase in (Phase if incident.is_open else reached))
    return steps if incident.is_open else f"{steps} › ●\u00a0*{words.standing(incident)}*"


def _step(incident: Incident, phase: Phase) -> str:
    name, phases = words.phase_name(phase), list(Phase)
    if not incident.is_open or phases.index(phase) < phases.index(incident.phase):
        return f"✓\u00a0{name}"
    if phase is not incident.phase:
        return f"○\u00a0{name}"
    again = f", relapse {incident.relapses}" if incident.relapses and phase is Phase.RECOVERY else ""
    return f"●\u00a0*{name}* (now{again})"


def facts(incident: Incident, policy: Policy, due: Mapping[str, datetime]) -> list[str]:
    """The short facts: severity, commander, since when, and when each audience hears next."""
    seat = incident.commander
    return [
        f"*Severity*\n{words.severity_and_peak(incident, policy)}",
        f"*Incident commander*\n{words.person(seat.user) if seat else 'nobody yet'}",
        f"*Started*\n{words.moment(incident.started, incident.is_start_estimated)}"
        if incident.started
        else f"*Since*\n{day_and_time(incident.declared_at)}",
        f"*Next update*\n{_promises(incident, policy, due)}",
    ]


def _promises(incident: Incident, policy: Policy, due: Mapping[str, datetime]) -> str:
    if not due:
        if incident.end not in (None, End.CLOSED):
            return f"none: it is {words.ended(incident)}"
        ended = not incident.is_open or incident.phase is Phase.POSTMORTEM
        return "none: service is restored" if ended else "none: nobody is owed one by a certain time"
    owed = due_times(incident, policy)  # by a person, who may owe word of something new sooner than it was promised
    times = {name: min(at, owed.get(name, at)) for name, at in due.items()}
    lines = [_promise(incident, name, at, policy) for name, at in sorted(times.items(), key=lambda item: item[1])]
    rest = len(lines) - _SHOWN_AUDIENCES
    return "\n".join([*lines[:_SHOWN_AUDIENCES], *([f"and {rest} more"] if rest > 0 else [])])


def _promise(incident: Incident, audience: str, at: datetime, policy: Policy) -> str:
    overdue = ", *overdue*" if is_overdue(incident, audience, policy) else ""
    return f"{escape(audience)}: {day_and_time(at)}{overdue}{words.by_whom(audience, policy)}"


def findings(incident: Incident, policy: Policy) -> list[str]:
    """What is known: impact, what is affected, and what was done, as far as there is anything to say."""
    impact = escape_within(one_line(incident.impact), 800) if incident.impact else "not known yet"
    affected = words.boundaries(incident, policy) or "not known yet"
    roles = words.seats(incident, policy, but=COMMANDER)
    lines = [*roles, f"*Impact:* {impact}", f"*Affected:* {affected}", *_noticed(incident), *_answers(incident, policy)]
    lines += [*_hypotheses(incident), *_containment(incident)]
    if incident.recovery:
        lines.append(f"*Recovery:* {escape_within(one_line(incident.recovery), 300)}")
    return [*lines, *_action_items(incident), *links(incident)]


def _noticed(incident: Incident) -> list[str]:
    """When it was noticed, if somebody said so."""
    if incident.detected is None:
        return []
    return [f"*Noticed:* {words.moment(incident.detected, incident.is_detection_estimated)}"]


def links(incident: Incident) -> list[str]:
    """Other incidents that have to do with this one, the newest last, and first of all the one it was merged into."""
    lines = [words.linked(link) for link in incident.links[-_SHOWN_LINKS:]]
    rest = len(incident.links) - len(lines)
    into = [f"*It goes on as INC-{incident.into}.*"] if incident.into else []
    return [*into, *([f"and {rest} other incidents before"] if rest > 0 else []), *lines]


def _answers(incident: Incident, policy: Policy) -> list[str]:
    """What works all the same, and what else was asked and answered."""
    working = words.boundary_names(incident.working, policy, 400)
    said = [
        f"*{name}:* {escape_within(one_line(incident.answers[need]), 200)}"
        for need, name in words.ANSWERED.items()
        if need in incident.answers
    ]
    return [*([f"*Working:* {working}"] if working else []), *said]


def _containment(incident: Incident) -> list[str]:
    """What holds the harm back and since when, or what was tried last."""
    if not incident.containments:
        return []
    done = incident.contained_by or incident.containments[-1]
    holds = incident.contained_at and incident.contained_by
    since = f", since {day_and_time(incident.contained_at)}" if holds and incident.contained_at else ""
    return [f"*Containment:* {quoted(done.action, 300)}{since}. {words.came_of(done)}."]


def _hypotheses(incident: Incident) -> list[str]:
    """The hypotheses that are worked on, those under test first, and what was found."""
    lines = [
        f"*{one.name}* {words.STATUS[one.status]}: {quoted(one.statement, 120)}"
        for one in incident.open_hypotheses[:_SHOWN_HYPOTHESES]
    ]
    rest = len(incident.open_hypotheses) - len(lines)
    found = [one for one in incident.hypotheses if one.status is Status.CONFIRMED]
    lines += [f"and {rest} more open: `{COMMAND} {Verb.HYPOTHESES}`"] if rest > 0 else []
    return [*lines, *(f"*{one.name}* {words.STATUS[one.status]}: {quoted(one.statement, 120)}" for one in found[-1:])]


def _action_items(incident: Incident) -> list[str]:
    """The newest action items with assignee, due date and how they stand, or why there are none."""
    items = list(enumerate(incident.action_items, start=1))
    lines = [
        f"*A{number}* {quoted(item.what, 120)}, {words.person(item.assignee)}, by {item.due.isoformat()}, {_state(item)}"
        for number, item in items[-_SHOWN_ITEMS:]
    ]
    if incident.no_action and not lines:
        lines.append(f"*No action needed:* {escape_within(one_line(incident.no_action), 300)}")
    return lines


def _state(item: ActionItem) -> str:
    return "declined" if item.is_declined and item.state.is_owed else item.state.value


def follow_up(incident: Incident) -> list[Element]:
    """The buttons of what is done afterwards: in the review, and once it is over."""
    if incident.is_open and incident.phase is not Phase.POSTMORTEM:
        return []
    drawn = Drawn.of(incident).write()
    shown = [button(words.SHOW_ACTIONS, Action.SHOW_ACTIONS, drawn)] if incident.action_items else []
    adds = incident.end in (None, End.CLOSED)
    return [*([button(words.ADD_ACTION, Action.ADD_ACTION, drawn)] if adds else []), *shown]


def failures(incident: Incident) -> list[Block]:
    """What Slack refused for good, the newest last; nothing when all went well."""
    lines = [
        f"⚠ {words.did_not(failure.effect)} ({escape_within(failure.reason, 100)})."
        for failure in incident.failures[-_SHOWN_FAILURES:]
    ]
    earlier = len(incident.failures) - len(lines)
    if not lines:
        return []
    shown = context("\n".join([*lines, *([f"and {earlier} more before"] if earlier else [])]))
    again = button(words.TRY_AGAIN, Action.TRY_AGAIN, Drawn.of(incident).write())
    return [shown, *actions([again])]


def next_steps(incident: Incident, policy: Policy) -> list[Block]:
    """What a person can do now, what is needed most first; once the incident is over only that it happened again. It stands above
    the facts, where a phone shows it without scrolling."""
    if not incident.is_open:
        return actions([*again(incident), *follow_up(incident)])
    drawn = Drawn.of(incident).write()
    lacking = missing(incident, policy)
    helps = incident.commander is not None and any(can_be_filled_in(incident, need) for need in lacking)
    can_go_on = helps or not lacking
    row = [
        button(words.step(incident.phase), Action.ADVANCE, drawn, primary=can_go_on),
        button(words.SEND_UPDATE, Action.SEND_UPDATE, drawn),
        button(words.ADD_HYPOTHESIS, Action.ADD_HYPOTHESIS, drawn),
    ]
    if incident.commander is None and incident.phase is not Phase.DETECTION:  # there it stands beside the need
        row.insert(0, button(words.TAKE_COMMAND, Action.TAKE_COMMAND, drawn, primary=True))
    if incident.phase is Phase.POSTMORTEM and not meets(incident, Need.ACTION_ITEM):
        row.insert(1, button(words.NO_ACTION, Action.NO_ACTION, drawn))
    if incident.phase is Phase.POSTMORTEM and Need.POSTMORTEM not in lacking:  # else it stands beside the need
        row.append(opens(incident))
    if incident.contained_at and incident.phase in (Phase.CONTAINMENT, Phase.RECOVERY):
        row.append(button(words.IMPACT_BACK, Action.IMPACT_BACK, drawn, danger=True))
    return actions(row)


def corrections(incident: Incident) -> list[Block]:
    """What corrects the facts above, and behind three dots what ends it before its time: nothing once the incident is over."""
    if not incident.is_open:
        return []
    drawn = Drawn.of(incident).write()
    return actions(
        [
            button(words.SET_SEVERITY, Action.SET_SEVERITY, drawn),
            button(words.EDIT_FACTS, Action.EDIT_FACTS, drawn),
            button(words.ROLES, Action.ASSIGN_ROLES, drawn),
            *again(incident),
            *follow_up(incident),
            *_more(incident),
        ]
    )


def again(incident: Incident) -> list[Element]:
    """The button that declares it once more, where service had been restored."""
    if incident.end is not End.CLOSED and not (incident.is_open and incident.phase is Phase.POSTMORTEM):
        return []
    return [button(words.HAPPENED_AGAIN, Action.HAPPENED_AGAIN, Drawn.of(incident).write())]


def _more(incident: Incident) -> list[Element]:
    """What ends it before its time, behind three dots. Each option's value says what, and of which incident."""
    options = [
        *([(words.CANCEL, f"{Verb.CANCEL}:{incident.number}")] if can_be_cancelled(incident) else []),
        *([(words.MERGE, f"{Verb.MERGE}:{incident.number}")] if can_be_merged(incident) else []),
    ]
    return [overflow(Action.MORE, options)] if options else []
