"""What stakeholders read: the impact as a person stated it, what is done about it, and when the next update comes. Audiences with a
style read the sentences of that (`worded.py`); those without, the plain ones here.

Written for people outside the response: no severity codes, no cause, no estimate of when it will be mended, nobody's name,
never the incident's title. The same record always gives the same words.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.decision import SYSTEM
from bot.core.incident import Cause, End, Facts, Incident, Phase
from bot.core.policy import Policy
from bot.core.router.updates import Occasion, Wording
from bot.core.router.wording import facts, shown
from bot.slack import words
from bot.slack.blocks import context, section
from bot.slack.messages.message import Message
from bot.slack.messages.worded import prose, worded
from bot.slack.text import (
    day_and_time,
    escape,
    escape_within,
    one_line,
    sentence,
    shorten,
    time_from,
    utc_day_and_time,
    utc_time,
    utc_time_from,
)

UNKNOWN = "We are looking into a report. We do not know yet who is affected."

WITHHELD = "A problem affects our service."
"""Stands for an impact that may not be read as it was typed."""

MOVED_ON = "The incident has moved on since. This is what they would read now."

_IMPACT_LIMIT = 1000
_BODY_LIMIT = 2400
_STATUS_BODY_LIMIT = 1500


@dataclass(frozen=True)
class Stage:
    """How a phase sounds outside: a headline, what we do, and what we still do when the phase has not changed since."""

    headline: str
    doing: str
    still: str


STAGES: dict[Phase, Stage] = {
    Phase.DETECTION: Stage(
        headline="Report received",
        doing="We are looking into it.",
        still="We are still looking into it.",
    ),
    Phase.TRIAGE: Stage(
        headline="Problem confirmed",
        doing="We are finding out how far it reaches.",
        still="We are still finding out how far it reaches.",
    ),
    Phase.CONTAINMENT: Stage(
        headline="Limiting the problem",
        doing="We are working to stop it from getting worse.",
        still="We are still working to stop it from getting worse.",
    ),
    Phase.RECOVERY: Stage(
        headline="Recovering",
        doing="It is no longer getting worse. We are bringing service back to normal.",
        still="It is no longer getting worse. We are still bringing service back to normal.",
    ),
    Phase.POSTMORTEM: Stage(
        headline="Service is restored",
        doing="Service is back to normal. We are now reviewing what happened.",
        still="Service is back to normal. We are still reviewing what happened.",
    ),
}


def _final(headline: str, said: str) -> Stage:
    """How it sounds that it is over: one sentence, which stays."""
    return Stage(headline=headline, doing=said, still=said)


CLOSED = _final("Closed", "Service is back to normal, and our review is done.")
CANCELLED: dict[Cause, Stage] = {
    Cause.FALSE_ALARM: _final(
        "No problem found", "We looked into a report and found no effect on customers. No action is needed."
    ),
    Cause.DUPLICATE: _final(
        "Already being handled",
        "This report is about a problem that we already handle under another number. No action is needed here.",
    ),
    Cause.SUPERSEDED: _final(
        "Replaced by another report", "Another report has taken the place of this one. No action is needed here."
    ),
    Cause.KNOWN: _final(
        "Nothing for us to do",
        "What was reported was known before, or lies outside of our service. No action is needed.",
    ),
    Cause.MISTAKE: _final(
        "Reported by mistake", "This report was sent by mistake. There is no problem. No action is needed."
    ),
}
"""How it sounds outside that an incident is cancelled, by the reason for that."""
RETURNED = Stage(
    headline="The problem is back",
    doing="The problem has come back. We are working to limit it again.",
    still="The problem has come back. We are still working to limit it again.",
)
"""After a return in RECOVERY, until it is contained again."""
_ONE_MORE = "There are no more regular updates. You will get one last message when our review is done."
_ON_CHANGE = "The next update comes when this changes."
_LAST = "This was the last message about it."


def update(event: Wording) -> Message:
    """The update as its audience reads it. Blocks give times in each reader's zone, the fallback text in UTC."""
    if event.words:
        return worded(event, event.words)
    said = escape_within(body(event), _BODY_LIMIT)
    headline = _stage(event).headline
    began, since = ("Started", event.started) if event.started else ("First reported", event.since)
    is_estimated = event.started is not None and event.is_start_estimated
    times = f"{began}: {words.moment(since, is_estimated)}"
    fallback = f"{began}: {'about ' if is_estimated else ''}{utc_day_and_time(since)}."
    if event.promised:
        times += f"\nNext update by *{time_from(event.at, event.promised)}*"
        fallback += f" Next update by {utc_time_from(event.at, event.promised)}."
    else:
        times += f"\n{_afterwards(event)}"
        fallback += f" {_afterwards(event)}"
    return Message(text=f"{headline}. {said} {fallback}", blocks=[section(f"*{headline}*\n{said}\n{times}")])


def named(message: Message, incident: Incident) -> Message:
    """The message where people hear of several incidents one after the other: it says first which one it is about."""
    start = f"{incident.name}"
    return Message(text=f"{start}: {message.text}", blocks=[context(start), *message.blocks])


def body(event: Wording) -> str:
    """What the update says, as plain prose without the times: what a person wrote, or what the record says."""
    if event.corrects and event.wrong is not None:
        return correction(event.corrects, event.wrong, event.text or "")
    if event.text is not None:
        return event.text
    if event.words:
        return prose(event, event.words)
    still, impact = event.occasion is Occasion.DUE, _impact(event.facts)
    if event.occasion.is_last:
        return _last_word(_stage(event), impact, is_cancelled=event.occasion is Occasion.CANCEL)
    stage = _stage(event)
    if event.phase is Phase.DETECTION and impact is None:
        return UNKNOWN
    return compose(stage.still if still else stage.doing, impact, over=event.phase is Phase.POSTMORTEM)


def _impact(known: Facts) -> str | None:
    """The impact as it is said: as it was typed, or in a fixed sentence if that may not be read."""
    return WITHHELD if known.impact is None and "impact" in known.withheld else known.impact


def correction(corrects: datetime, wrong: str, right: str) -> str:
    """What was wrong in an earlier update, and what is right: plain prose."""
    return f"Correction to our {utc_time(corrects)} update: {one_line(wrong)} → {one_line(right)}"


def _last_word(stage: Stage, impact: str | None, *, is_cancelled: bool) -> str:
    """What is said when it is over. What was reported and turned out to be none is not called a problem."""
    if is_cancelled and impact is not None:
        return f"{stage.doing} The report was: {sentence(shorten(one_line(impact), _IMPACT_LIMIT))}"
    return compose(stage.doing, impact, over=True)


def compose(doing: str, impact: str | None, *, over: bool) -> str:
    """The impact sentence, and what we do about it; once it is over the other way round. Plain prose."""
    if impact is None:
        return doing if over else f"{doing} We do not know yet who is affected."
    stated = sentence(shorten(one_line(impact), _IMPACT_LIMIT))
    return f"{doing} The problem was: {stated}" if over else f"{stated} {doing}"


def status(incident: Incident, audience: str, policy: Policy) -> Message:
    """The one message an audience's channel has for the incident: where it stands, edited in place, with the updates in its
    thread. Where only a person may write, it does not say more than how far we are."""
    if words_of_style := shown(incident, audience, policy):
        return worded(_as_it_stands(incident, audience, policy), words_of_style, name=incident.name)
    if incident.end:
        stage = _last(incident.end, incident.cause, incident.into)
    else:
        stage = RETURNED if incident.is_back else STAGES[incident.phase]
    over = not incident.is_open or incident.phase is Phase.POSTMORTEM
    known = policy.audience(audience)
    impact = _impact(facts(incident, policy, audience))
    unknown = impact is None and incident.phase is Phase.DETECTION
    said = UNKNOWN if unknown else compose(stage.doing, impact, over=over)
    if incident.end:
        said = _last_word(stage, impact, is_cancelled=incident.end is End.CANCELLED)
    lines = [
        f"*{incident.name}: {stage.headline}*",
        *([] if known and known.is_drafted else [escape_within(said, _STATUS_BODY_LIMIT)]),
        f"Started: {words.moment(incident.started, incident.is_start_estimated)}"
        if incident.started
        else f"First reported: {day_and_time(incident.declared_at)}",
    ]
    told = incident.told.get(audience)
    if told and told.promised and not over:
        lines.append(f"Next update by *{time_from(told.last, told.promised)}*, in this thread")
    return Message(text=f"{incident.name}: {escape(stage.headline)}", blocks=[section("\n".join(lines))])


def _as_it_stands(incident: Incident, audience: str, policy: Policy) -> Wording:
    """What an update would be made of that said where it stands, with the promise that was made last."""
    told = incident.told.get(audience)
    return Wording(
        at=told.last if told else incident.declared_at,
        actor=SYSTEM,
        audience=audience,
        occasion=Occasion.DUE,
        since=incident.declared_at,
        promised=told.promised if told else None,
        last=told.last if told else None,
        cause=incident.cause,
        into=incident.into,
        **dict(facts(incident, policy, audience)),
    )


def _stage(event: Wording) -> Stage:
    ends = {Occasion.CLOSE: End.CLOSED, Occasion.CANCEL: End.CANCELLED, Occasion.MERGE: End.MERGED}
    end = ends.get(event.occasion)
    if end:
        return _last(end, event.cause, event.into)
    return RETURNED if event.is_back else STAGES[event.phase]


def _last(end: End, cause: Cause | None, into: int | None) -> Stage:
    """How it sounds that it is over."""
    if end is End.CANCELLED:
        return CANCELLED[cause or Cause.MISTAKE]
    return _merged(into or 0) if end is End.MERGED else CLOSED


def _merged(into: int) -> Stage:
    """That it goes on under another number."""
    said = f"This is the same problem as INC-{into}. From now on, you read about it under INC-{into}."
    return _final(f"Handled together with INC-{into}", said)


def _afterwards(event: Wording) -> str:
    if event.occasion is Occasion.MERGE:
        return f"This was the last message under this number. The next ones come under INC-{event.into}."
    if event.occasion.is_last:
        return _LAST
    return _ONE_MORE if event.phase is Phase.POSTMORTEM else _ON_CHANGE
