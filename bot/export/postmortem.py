"""The postmortem as a document of Markdown: what people wrote, where they wrote nothing the draft, and between that what the record
says by itself, with the hypotheses that were refuted, the promises that were missed, and what was tried and refused. Pure: the same
record always gives the same document.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.core.decision import AttemptRefused, Event
from bot.core.factors import Factor
from bot.core.gates import NeedsWaived
from bot.core.incident import Incident
from bot.core.learning.drafting import QUESTIONS, text_of
from bot.core.learning.postmortem import FactorsTagged, FindingKept, PostmortemMoved, SectionEdited
from bot.core.notes import DebateParked
from bot.core.policy import Policy
from bot.core.review import Section, Stage, Strength
from bot.core.roles import How, RoleTaken
from bot.core.router.accounts import Account, accounts
from bot.core.router.cadence import CadenceStretched
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import Outcome
from bot.export.course import course
from bot.export.markdown import Row, action_items, facts, hypotheses, updates
from bot.export.record import Record
from bot.export.runs import playbooks
from bot.export.sentences import Telling, sentence
from bot.export.text import code, count, link, moment, person, plain, typed
from bot.slack.text import sentence_case
from bot.store.times import read_time

_OWN = (SectionEdited, FactorsTagged, FindingKept, PostmortemMoved)
"""What happened to the document itself: its versions tell of that, not its timeline."""
_STARTS = re.compile(r"^(\s*)([#>])")
_PERSON = re.compile(r"`([UW][A-Z0-9]{2,})`")


def as_postmortem(record: Record, names: Mapping[str, str] | None = None) -> str:
    """The whole document; ends with a line break. `names` are people's, by Slack's id; without it ids stand there. ValueError when
    the policy that the incident follows is not kept."""
    if record.policy is None:
        raise ValueError(f"{record.incident.name} follows a policy that was not kept")
    telling = Telling.of(record)
    parts = [
        f"# Postmortem of {record.incident.name}: {plain(record.incident.title)}",
        _stands(record.incident),
        *_told(record, telling, record.policy),
        course([row for row in record.events if not isinstance(row[1], _OWN)], telling),
        updates(record),
        *_written(record.incident, record.policy, (Section.EXTERNAL, Section.TERMS)),
        _versions(record.incident),
    ]
    return _with_names("\n\n".join(parts) + "\n", names or {})


def _told(record: Record, telling: Telling, policy: Policy) -> list[str]:
    """Everything between the heading and the timeline."""
    incident = record.incident
    first = (Section.SUMMARY, Section.IMPACT)
    second = (Section.DETECTION, Section.RESPONSE)
    third = (Section.FACTORS, Section.HELPED, Section.HINDERED, Section.LUCK, Section.SURPRISES, Section.PROCESS)
    return [
        *_written(incident, policy, first),
        f"## Facts\n\n{facts(telling)}",
        *_written(incident, policy, second),
        *_written(incident, policy, third),
        action_items(incident),
        _punctuality(record, policy),
        hypotheses(record, telling),
        playbooks(record, telling),
        _let_go(record, telling),
        *_parked(record.events),
    ]


def _stands(incident: Incident) -> str:
    """Which stage it is at, and who brought it there."""
    now = incident.postmortem
    writers = ", ".join(map(person, now.writers)) or "nobody yet: it is drawn from the record"
    lines = [f"- **Stage:** {now.stage.value}", f"- **Written by:** {writers}"]
    if now.reviewed_by:
        lines.append(f"- **Reviewed by:** {person(now.reviewed_by)}")
    times = (
        "Times are UTC. What has a link stands in Slack; the number behind a time is that of the event in the record."
    )
    return "\n".join([*lines, f"- {times}"])


def _written(incident: Incident, policy: Policy, sections: Sequence[Section]) -> Iterator[str]:
    """These sections: what they say, or what they are to answer, as long as anybody is still to write that."""
    now = incident.postmortem
    tagged: dict[Section, Sequence[Factor | Strength]] = {
        Section.FACTORS: now.factors,
        Section.HELPED: now.strengths,
    }
    for one in sections:
        text = text_of(incident, policy, one)
        tags = "\n".join(f"- {tag.value}" for tag in tagged.get(one, ()))
        is_final = now.stage in (Stage.REVIEWED, Stage.PUBLISHED)
        says = paragraphs(text) if text else "" if is_final else f"_{QUESTIONS[one]}_"
        if tags or says:
            yield "\n\n".join(filter(None, [f"## {sentence_case(one.value)}", tags, says]))


def paragraphs(text: str) -> str:
    """What people wrote, line by line: lists stay lists, and nothing else is markup."""
    lines = [_STARTS.sub(r"\1\\\2", plain(line)) for line in text.splitlines()]
    return "\n".join(lines)


def _punctuality(record: Record, policy: Policy) -> str:
    """How many promises of updates were kept, and each that was not. Those that are open are judged by when the record ends."""
    events = [event for _, event in record.events if event is not None]
    promised = accounts(record.incident, events, policy, read_time(record.entries[-1].at))
    due = [one for one in promised if one.outcome]
    kept = sum(one.outcome is Outcome.KEPT for one in due)
    start = f"{kept} of {count(len(due), 'promised update')} came in time." if due else "No update fell due."
    lines = [f"- {_not_kept(one)}" for one in due if one.outcome is not Outcome.KEPT]
    return "\n".join(["## Promises of updates\n", start, *lines])


def _not_kept(one: Account) -> str:
    whom = f"to **{plain(one.audience)}**, promised for {moment(one.due)}"
    if one.sent is None:
        return f"{whom}: never sent"
    return f"{whom}: {'late' if one.outcome is Outcome.LATE else 'missed'}, sent on {moment(one.sent)}"


def _let_go(record: Record, telling: Telling) -> str:
    """What was gone on without, tried and refused, or done in spite of a rule, each with its number in the record."""
    rows = [(entry, event) for entry, event in record.events if event is not None and _is_exception(event)]
    lines = [
        f"- {link(moment(read_time(entry.at)), telling.links.get(entry.seq))} · {entry.seq} · {sentence(event, telling)}"
        for entry, event in rows
    ]
    kept = [
        f"- In “{one.section.value}”, {typed(one.found)} stays although {one.rule} found it: {typed(one.reason)}, "
        f"{person(one.by)}"
        for one in record.incident.postmortem.keeps
    ]
    return "\n".join(["## Waivers, refused attempts and overrides\n", *(lines + kept or ["None."])])


def _is_exception(event: Event) -> bool:
    if isinstance(event, RoleTaken):
        return event.how is How.EMERGENCY
    return isinstance(event, NeedsWaived | CadenceStretched | RulesOverridden) or (
        isinstance(event, AttemptRefused) and event.attempt not in _OWN_ATTEMPTS
    )


_OWN_ATTEMPTS = ("EditSection", "TagFactors", "KeepFinding", "MovePostmortem")


def _parked(rows: Sequence[Row]) -> list[str]:
    """What was put off until after the incident; nothing when nothing was."""
    lines = [f"- {typed(event.text)}, {person(event.actor)}" for _, event in rows if isinstance(event, DebateParked)]
    return ["\n".join(["## Put off until now\n", *lines])] if lines else []


def _versions(incident: Incident) -> str:
    lines = [
        f"- {sentence_case(one.value)}: version {text.version}, by {', '.join(map(person, text.authors))}, last on "
        f"{moment(text.at)}"
        for one in Section
        if (text := incident.postmortem.sections.get(one))
    ]
    return "\n".join(["## Versions\n", *(lines or ["Nobody has written in it yet."])])


def _with_names(text: str, names: Mapping[str, str]) -> str:
    return _PERSON.sub(lambda found: plain(names[found[1]]) if found[1] in names else code(found[1]), text)


def people_in(text: str) -> frozenset[str]:
    """The ids of everybody whom a document names."""
    return frozenset(_PERSON.findall(text))
