"""An incident as a page of Markdown, for people to read afterwards, raw or rendered: the facts, what happened when, the
hypotheses, the updates that were sent and the action items. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from bot.core.action_item import ActionItem
from bot.core.decision import Event
from bot.core.incident import Hypothesis, Incident, Reply, Side
from bot.core.needs import Need
from bot.core.router.promises import UpdateSent
from bot.core.router.updates import UpdateIssued
from bot.core.severity import initial, peak
from bot.core.tracker.evidence import ReplyKept
from bot.core.tracker.rewriting import ReplyEdited, Saying, sayings
from bot.export.record import Record
from bot.export.runs import playbooks
from bot.export.sentences import OCCASION, Telling, sentence, who
from bot.export.text import about, clock, code, count, day, link, moment, person, plain, typed
from bot.slack.messages.worded import in_lines
from bot.slack.words import ANSWERED, KNOWN, LINK, came_of, ended, phase_name
from bot.store.chain import Entry
from bot.store.times import read_time

Row = tuple[Entry, Event | None]


def as_markdown(record: Record) -> str:
    """The whole page; ends with a line break."""
    telling = Telling.of(record)
    heading = f"# {record.incident.name}: {plain(record.incident.title)}"
    parts = (_origin(record), facts(telling), timeline(record.events, telling), hypotheses(record, telling))
    after = (playbooks(record, telling), updates(record), action_items(record.incident))
    return "\n\n".join([heading, *parts, *after]) + "\n"


def _origin(record: Record) -> str:
    """Where the page comes from, and whether the record it is drawn from is whole."""
    drawn = f"Drawn by Lockstep from the {count(len(record.entries), 'event')} of its record."
    ids = "Times are UTC. People and channels stand here by their Slack ids, such as `U1`: their names are Slack's."
    if fault := record.fault:
        return f"**The record is not as it was written: event {fault.seq} {fault.what}.** {drawn} {ids}"
    return f"{drawn} {ids} Its last line is `Record {len(record.entries)}: {record.entries[-1].hash[:32]}`."


def facts(telling: Telling) -> str:
    """What is known, a line each."""
    incident = telling.incident
    held = incident.contained_by
    facts = {
        **({"Drill": "yes: nothing was wrong"} if incident.is_drill else {}),
        "State": _standing(incident),
        "Severity": _severity(telling),
        "Impact": typed(incident.impact) if incident.impact else "not known",
        "Affected": telling.boundaries(incident.boundaries) if incident.boundaries else "not known",
        "Declared": f"{moment(incident.declared_at)} by {person(incident.declared_by)}",
        "Began": about(incident.started, incident.is_start_estimated) if incident.started else "not known",
        "Noticed": about(incident.detected, incident.is_detection_estimated) if incident.detected else "when declared",
        **({"Other incidents": _links(incident)} if incident.links else {}),
        "Contained": f"{typed(held.action)} on {moment(held.at)}. {came_of(held)}" if held else "no",
        "Recovery verified": typed(incident.recovery) if incident.recovery else "no",
        "Room": f"{code('#' + incident.room.name)} ({code(incident.room.channel)})" if incident.room else "none",
        "Policy": f"{code(incident.policy[:12])}, the beginning of its hash",
    }
    facts |= {ANSWERED[need]: typed(incident.answers[need]) for need in ANSWERED if need in incident.answers}
    let_go = [f"{KNOWN[Need(one.need)]} ({person(one.by)}: {typed(one.reason)})" for one in incident.waivers]
    facts |= {"Went on without": "; ".join(let_go)} if let_go else {}
    seats = [f"{plain(name)} {person(seat.user)}, since {moment(seat.since)}" for name, seat in incident.seats.items()]
    lines = [f"- **{name}:** {fact}" for name, fact in facts.items()]
    return "\n".join([*lines, f"- **Roles:** {'; '.join(seats) or 'nobody had any'}"])


def _standing(incident: Incident) -> str:
    if incident.end and incident.ended_at:
        return f"{ended(incident)} on {moment(incident.ended_at)}"
    return f"open, in {phase_name(incident.phase)} since {moment(incident.phase_since)}"


def _links(incident: Incident) -> str:
    """Other incidents that have to do with it, and what they are to it."""
    return "; ".join(f"{LINK[link.kind].lower()}: INC-{link.other}" for link in incident.links)


def _severity(telling: Telling) -> str:
    """The severity it has, and the first and the worst it had where they differ."""
    incident = telling.incident
    worst = peak(incident, telling.policy) if telling.policy else None
    others = {"first": initial(incident), "worst": worst}
    differ = [f"{which} {plain(name)}" for which, name in others.items() if name and name != incident.severity]
    now = plain(incident.severity) if incident.severity else "not set"
    return f"{now} ({', '.join(differ)})" if differ else now


def timeline(rows: Iterable[Row], telling: Telling) -> str:
    """A line for each event under its day, with its number in the record; the times of a day are in order."""
    parts = ["## Timeline"]
    for named, of_day in groupby(in_order(rows), key=lambda row: day(row[0])):
        parts.append(f"### {named}\n\n" + "\n".join(line(at, row, telling) for at, row in of_day))
    return "\n\n".join(parts)


def in_order(rows: Iterable[Row]) -> list[tuple[datetime, Row]]:
    """By time as it went on: as recorded, but a reply that was read late stands where it was written, and an edit of one where it
    was made."""
    latest, placed = None, []
    for row in rows:
        at = read_time(row[0].at)
        if not isinstance(row[1], ReplyKept | ReplyEdited):
            latest = at = max(at, latest or at)
        placed.append((at, row))
    return sorted(placed, key=lambda place: (place[0], place[1][0].seq))


def line(under: datetime, row: Row, telling: Telling) -> str:
    """One event: when, its number, and who did what."""
    entry, event = row
    time = link(time_of(under, entry), telling.links.get(entry.seq))
    unread = f"{person(entry.actor)} did what cannot be read here ({code(entry.kind)})"
    said = unread if event is None else sentence(event, telling)
    redacted = f" (Redacted: see event {entry.redacted_by}.)" if entry.redacted_by is not None else ""
    return f"- {time} · {entry.seq} · {said}{redacted}"


def time_of(under: datetime, entry: Entry) -> str:
    """When it was. `under`: the time by whose day it stands, which is another one than its own only when the clock was set back."""
    at = read_time(entry.at)
    return clock(at) if day(at) == day(under) else f"{clock(at)} on {day(at)}"


def hypotheses(record: Record, telling: Telling) -> str:
    """Each hypothesis, the refuted ones too, with what was said of it."""
    said = sayings(event for _, event in record.events)
    parts = [_hypothesis(one, telling, said) for one in record.incident.hypotheses]
    return "\n\n".join(["## Hypotheses", *(parts or ["None was written down."])])


def _hypothesis(one: Hypothesis, telling: Telling, said: Mapping[tuple[int, str], Sequence[Saying]]) -> str:
    why = f", shown by {typed(one.why)}" if one.why else ""
    places = [(reply, telling.places.get((one.number, reply.ref))) for reply in one.replies]
    thread = one.thread.permalink if one.thread else None
    lines = [
        f"### {one.name}: {plain(one.statement)}\n",
        f"- {one.status.value.capitalize()} on {moment(one.since)} by {person(one.by)}{why}",
        f"- {link('Proposed', thread)} by {person(one.proposed_by)}{_where(one, telling)}",
        *_stated_anew(one, telling.incident),
        *([f"- Tested by {person(one.assignee)}"] if one.assignee else []),
        *_trial(one),
        *(_reply(reply, said.get((one.number, reply.ref), ()), place) for reply, place in places),
    ]
    return "\n".join(lines)


def _where(one: Hypothesis, telling: Telling) -> str:
    if one.place:
        return f", at {typed(one.place)}, which the map does not have"
    return f", at {telling.boundaries([one.boundary])}" if one.boundary else ""


def _stated_anew(one: Hypothesis, incident: Incident) -> list[str]:
    """What it states anew, and what states it anew."""
    later = ", ".join(other.name for other in incident.revised_by(one.number))
    return [
        *([f"- States H{one.revises} anew"] if one.revises else []),
        *([f"- Stated anew as {later}"] if later else []),
    ]


def _trial(one: Hypothesis) -> list[str]:
    """What it predicted, how it was tested, and how far it reaches."""
    said = one.prediction
    halves = f"if it is true, {typed(said.if_true)}; if it is false, {typed(said.if_false)}" if said else ""
    ways = [*one.tested, *([one.plan.how] if one.plan and one.plan.how not in one.tested else [])]
    return [
        *([f"- Predicts: {halves}"] if halves else []),
        *([f"- Test: {'; then '.join(typed(how) for how in ways)}"] if ways else []),
        *([f"- Explains {one.explains.value}"] if one.explains else []),
        *([f"- The same as H{one.same_as}"] if one.same_as else []),
    ]


def _reply(reply: Reply, said: Sequence[Saying], place: str | None) -> str:
    """What somebody said of a hypothesis, as what it counts, where it stands, and what became of it in Slack."""
    side = {
        frozenset({Side.FOR}): "Evidence for it",
        frozenset({Side.AGAINST}): "Evidence against it",
        frozenset(Side): "Disputed evidence",
    }.get(reply.sides, "Said")
    start = (
        f"- {link(side, place)}, by {person(reply.author)}: {typed(said[-1].text) if said else 'cannot be read here'}"
    )
    return "; ".join([start, *_became(reply, said)])


def _became(reply: Reply, said: Sequence[Saying]) -> list[str]:
    """What a reply said before it was edited, whether that was after it was taken as evidence, and whether it was deleted."""
    before = [typed(one.text) for one in said[:-1]]
    since = ", and was taken as evidence before that" if reply.was_taken_otherwise else ""
    edited = f"edited on {moment(max(reply.edits))}{since}" if reply.edits else ""
    return [
        *([edited] if edited else []),
        *([f"said before: {', then '.join(before)}"] if before else []),
        *(["deleted in Slack"] if reply.is_deleted else []),
    ]


def updates(record: Record) -> str:
    """Each update that was sent, a line each."""
    taken = {event.update: event for _, event in record.events if isinstance(event, UpdateSent)}
    lines = [
        "; ".join(_update(entry.seq, event, taken.get(entry.seq)))
        for entry, event in record.events
        if isinstance(event, UpdateIssued)
    ]
    return "\n".join(["## Updates sent\n", *(lines or ["None."])])


def _update(seq: int, event: UpdateIssued, taken: UpdateSent | None) -> Iterator[str]:
    """All that one update said, and when Slack took it, part by part."""
    whom = f"to **{plain(event.audience)}** by {who(event)} ({OCCASION[event.occasion]})"
    severity = plain(event.severity) if event.severity else "severity not set"
    yield f"- {moment(event.at)} · {seq} · {whom}: {phase_name(event.phase)}, {severity}"
    if event.text:
        yield typed(event.text)
    yield f"impact {typed(event.impact) if event.impact else 'not known'}"
    if event.words:
        yield f"they read {typed(' / '.join(in_lines(event, event.words)))}"
    yield f"next update by {moment(event.promised)}" if event.promised else "no next update promised"
    yield link(f"taken by Slack on {moment(taken.at)}", taken.permalink) if taken else "not recorded that Slack took it"


def action_items(incident: Incident) -> str:
    """What will be changed, or why nothing."""
    lines = ["; ".join(_action(number, item)) for number, item in enumerate(incident.action_items, start=1)]
    none = f"None is needed: {typed(incident.no_action)}." if incident.no_action else "None."
    return "\n".join(["## Action items\n", *(lines or [none])])


def _action(number: int, item: ActionItem) -> Iterator[str]:
    """One of them, part by part: what and by whom, what it is for, how anybody sees that it is done, and where that stands."""
    whose = f"declined by {person(item.assignee)}, nobody has it" if item.is_declined else person(item.assignee)
    day = f"by {item.due.day} {item.due:%B} {item.due.year}"
    moved = f", moved later {'once' if item.slips == 1 else f'{item.slips} times'}" if item.slips else ""
    yield f"- **A{number}** {typed(item.what)}, {whose}, {day}{moved}, {item.state.value}"
    if item.done_when:
        yield f"done when: {typed(item.done_when)}"
    if item.kind:
        yield f"for: {item.kind.value}"
    if item.factors or item.hypothesis:
        idea = [f"H{item.hypothesis}"] if item.hypothesis else []
        yield f"acts on: {', '.join([*(factor.value for factor in item.factors), *idea])}"
    if item.issue:
        yield link(plain(item.issue.key), item.issue.url)
