"""What things are called when people read them: phases, needs, results, people, effects. Used by messages and forms alike.

Plain words, the same everywhere; texts are mrkdwn and escaped.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.decision import OPERATOR, SYSTEM
from bot.core.incident import (
    Cause,
    Containment,
    ContainmentResult,
    End,
    Hypothesis,
    Incident,
    Link,
    LinkKind,
    Phase,
    Side,
    Status,
)
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.policy_parts import Act, Loss, Who
from bot.core.severity import peak
from bot.slack.text import channel_link, day_and_time, escape, escape_within, mention, one_line, sentence_case

PURPOSE: dict[Phase, str] = {
    Phase.DETECTION: "finding out whether something is wrong and who is in command",
    Phase.TRIAGE: "finding out how bad it is and what is affected",
    Phase.CONTAINMENT: "stopping the harm from growing. The cause can wait",
    Phase.RECOVERY: "bringing service back to normal, and proving it",
    Phase.POSTMORTEM: "learning from it, and agreeing what to change",
}
"""What a phase is for, to follow "<Phase> is for"."""

KNOWN: dict[Need, str] = {
    Need.COMMANDER: "who is incident commander",
    Need.IMPACT: "who cannot do what",
    Need.SOURCE: "how it was noticed",
    Need.SEVERITY: "how severe it is",
    Need.BOUNDARY: "what is affected",
    Need.WORKING: "what still works",
    Need.SIZE: "how many are hit",
    Need.WORKAROUND: "what they can do meanwhile",
    Need.CHANGES: "what changed lately",
    Need.COMMUNICATIONS: "who is communications lead",
    Need.OPERATIONS: "who is operations lead",
    Need.CONTAINMENT: "what was done that stopped the harm from growing",
    Need.HOLD: "that the harm stays away",
    Need.PLAYBOOK: "that what the playbook asks for is done",
    Need.RECOVERY: "how we know that it works again",
    Need.DATA: "whether data was lost or exposed",
    Need.BACKLOG: "what waits to be caught up with",
    Need.MEASURES: "who undoes each temporary measure, and by when",
    Need.ACTION_ITEM: "what we will change, who does it and by when, or why nothing",
    Need.ACCEPTED: "that everybody who has an action item takes it",
    Need.CHECKED: "of each action item what it is for, what it acts on, and how we see that it is done",
    Need.POSTMORTEM: "that the postmortem is published",
}
"""What a gate asks for, to follow "we must know"."""

RESULT: dict[ContainmentResult, str] = {
    ContainmentResult.WORKED: "It worked",
    ContainmentResult.SELF_LIMITED: "It stopped by itself",
    ContainmentResult.FAILED: "It did not help",
}
"""What came of a containment action."""

ANSWERED: dict[Need, str] = {
    Need.SOURCE: "Noticed by",
    Need.SIZE: "Size",
    Need.WORKAROUND: "Meanwhile",
    Need.CHANGES: "What changed lately",
    Need.DATA: "Data",
    Need.BACKLOG: "Backlog",
}
"""What the answer to a question is called on the card."""

ACT: dict[Act, str] = {
    Act.ADVANCE: "move it on or close it",
    Act.WAIVE: "go on without something that a gate asks for",
    Act.RAISE: "raise the severity",
    Act.LOWER: "lower the severity",
    Act.UPDATE: "send updates",
    Act.CANCEL: "cancel it",
    Act.MERGE: "merge it into another",
    Act.ADOPT: "bring in a corrected policy",
    Act.STRETCH: "change how often audiences hear",
    Act.CHANGE: "let a test change production",
    Act.PLAYBOOK: "start a playbook",
}
"""What a policy may let only some people do, to follow "may"."""

WHO: dict[Who, str] = {
    Who.ALL: "Everyone",
    Who.MANY: "Many people",
    Who.SOME: "Some people",
    Who.ONE: "One person or customer",
    Who.NOBODY: "Nobody, as far as we can see",
}
"""Who is affected: the answers to the first question that gives a severity."""

LOSS: dict[Loss, str] = {
    Loss.DATA: "Data was lost or exposed",
    Loss.EVERYTHING: "They cannot do anything",
    Loss.CORE: "They cannot do something essential",
    Loss.SIDE: "They cannot do something minor",
    Loss.SLOW: "It is slower than usual",
    Loss.NOTHING: "Nothing that they would notice",
}
"""What they cannot do: the answers to the second question."""

_LOST_BY: dict[Loss, str] = {
    Loss.DATA: "data of {} was lost or exposed",
    Loss.EVERYTHING: "{} cannot do anything",
    Loss.CORE: "{} cannot do something essential",
    Loss.SIDE: "{} cannot do something minor",
    Loss.SLOW: "it is slower than usual for {}",
    Loss.NOTHING: "it is there for {}, but they notice nothing",
}
_UNSEEN: dict[Loss, str] = {
    Loss.DATA: "data was lost or exposed",
    Loss.EVERYTHING: "nothing works",
    Loss.CORE: "something essential does not work",
    Loss.SIDE: "something minor does not work",
    Loss.SLOW: "it is slower than usual",
    Loss.NOTHING: "nothing is lost",
}

STATUS: dict[Status, str] = {
    Status.PROPOSED: "○ Proposed",
    Status.READY: "◔ Ready",
    Status.TESTING: "● Testing",
    Status.INCONCLUSIVE: "◌ No result",
    Status.PARKED: "‖ Parked",
    Status.CONFIRMED: "✓ Confirmed",
    Status.REFUTED: "✗ Refuted",
    Status.DUPLICATE: "= Duplicate",
    Status.CARRIED_OVER: "→ Carried over",
}
"""Where a hypothesis stands, by shape and word."""

CAUSE: dict[Cause, str] = {
    Cause.FALSE_ALARM: "False alarm",
    Cause.DUPLICATE: "Duplicate of another incident",
    Cause.SUPERSEDED: "Superseded by another incident",
    Cause.KNOWN: "Known already, or not ours",
    Cause.MISTAKE: "Declared by mistake",
}
"""Why an incident is cancelled."""

LINK: dict[LinkKind, str] = {
    LinkKind.RECURS: "Happened before",
    LinkKind.RECURRED: "Happened again",
    LinkKind.SPLIT_FROM: "Split from",
    LinkKind.SPLIT_OFF: "Split off",
    LinkKind.ABSORBED: "Merged into this one",
}
"""What another incident is to this one."""

TAKE_COMMAND = "I'm incident commander"
SEND_UPDATE = "Send update"
SET_SEVERITY = "Set severity"
EDIT_FACTS = "Edit facts"
ROLES = "Roles"
HAND_OVER = "Hand over"
HAND_OVER_FIRST = "Hand over command first"
ACCEPT = "Accept"
DECLINE = "Decline"
TAKE_BACK = "Take it back"
I_AM_HERE = "I am here"
ASK_LATER = "Ask me later"
OBJECT = "Object"
ADD_HYPOTHESIS = "Add hypothesis"
START_TEST = "Start test"
CONFIRM = "Confirm"
REFUTE = "Refute"
PARK = "Park"
TRY_AGAIN = "Try again"
PREDICT = "Predict"
PLAN_TEST = "Plan test"
ALLOW_CHANGE = "Allow this change"
NO_RESULT = "No result"
HAND_TEST = "Hand over"
DUPLICATE = "Same as …"
ANSWER_AGAINST = "Answer it"
MARK_MAP = "Mark the map"
ADD_EVIDENCE = "Add evidence"
SEND_DRAFT = "Send"
EDIT_DRAFT = "Edit"
NO_CHANGE = "No change"
CORRECT_UPDATE = "Correct an update"
NO_ACTION = "No action needed"
FILL_IN = "Fill in"
IMPACT_BACK = "Impact is back"
CLOSE = "Close incident"
DECLARE = "Declare an incident"
REDACT = "Redact"
WHO_IS_AFFECTED = "Who is affected?"
WHAT_IS_LOST = "What can they not do?"
HAPPENED_AGAIN = "It happened again"
CANCEL = "Cancel this incident"
MERGE = "Merge into another"
TIMES = "When was it?"
ADD_ACTION = "Add action item"
SHOW_ACTIONS = "Action items"
ACCEPT_ACTION = "I'll do it"
DECLINE_ACTION = "Not me"
TAKE_ACTION = "I take it"
START_ACTION = "Start"
FINISH_ACTION = "Done"
VERIFY_ACTION = "It is done"
REOPEN_ACTION = "Not done"
DROP_ACTION = "Drop"
MOVE_DUE_DATE = "Move date"
CHANGE_ACTION = "Change"
CREATE_ISSUE = "Create issue"

NAMELESS: dict[str, str] = {SYSTEM: "Lockstep", OPERATOR: "An operator"}
"""What actors are called whom Slack does not know. All that an operator does is told in a sentence that begins with them."""

_SHOWN_IDEAS = 10

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")

_SETTING: dict[str, str] = {
    "announce_in": "the announcement channel",
    "unset_counts_as": "what counts while no severity is set",
    "assessments": "which answers give which severity",
    "lower_once_in_minutes": "how fast the severity is lowered",
    "paces": "how long a phase may take before somebody is asked",
    "slower_in": "in which phases audiences hear less often",
    "grace_minutes": "how late an update may be and still count as on time",
    "grace_percent": "how late an update may be and still count as on time, as a share",
    "overtaken_after_minutes": "when an update that waits is overtaken by the next",
    "tell_new_phase_within_minutes": "how soon a person tells of a new phase",
    "ladder": "how people are reminded of an update",
    "remind_together_within_minutes": "which reminders are one",
    "notes_in_a_row": "how often an audience reads that its update is late",
    "snooze_percent": "how long a reminder of an update is put off",
    "escalate_to": "who is called when an update was missed",
    "escalate_at": "where somebody is called when an update was missed",
    "stretch_not_before_minutes": "when one may decide that audiences hear less often",
    "stretch_after_minutes": "from when on audiences may hear less often",
    "stretch_times": "how much less often audiences may hear",
    "undelivered_to": "where updates go that cannot be delivered",
    "snooze_minutes": "how long a question about a phase is put off",
    "ask_for_commander_after_minutes": "when the room is asked for a commander",
    "hand_over_is_accepted": "which roles pass only when accepted",
    "offer_expires_after_minutes": "how long an offer of a role stands",
    "claim_passes_after_minutes": "when a silent commander is replaced",
    "strict_at": "where leading is a job of its own",
    "responders_before_refusing": "from how many people on that is enforced",
    "reports_before_warning": "how many report to one person",
    "reports_before_refusing": "how many may report to one person",
    "rest_after_minutes": "when a hand-over is proposed",
    "insist_on_rest_after_minutes": "when a hand-over is urged",
    "ask_for_rest_again_after_minutes": "how often a hand-over is urged",
    "object_within_seconds": "how long one may object to a decision",
    "archive_room_after_days": "when rooms are archived",
    "subscribers_style": "what subscribers read",
    "subscribers_language": "in which language subscribers read",
    "weekly": "who reads a weekly summary",
    "monthly": "who reads how action items stand",
    "may_be_private": "whether incidents may be private",
    "test_minutes": "how long a test may take",
    "prolong_test_by_minutes": "by how much a test is prolonged",
    "tests_at_once": "how many tests run at once",
    "hints": "what is said about how hypotheses are tested",
    "full_postmortem_at": "which incidents need a full postmortem",
    "findings_keep_from_publishing": "whether open wordings keep a postmortem from being published",
    "may_redact": "who may redact",
    "work_from_hour": "when people begin to work",
    "work_to_hour": "when people stop working",
    "weekend": "on which days nobody works",
    "actions_at_most": "how many action items are many",
    "remind_of_actions_days_before": "when people are reminded of action items",
    "call_leader_after_days": "when whoever leads hears of overdue action items",
    "escalate_actions_after_days": "when others hear of overdue action items",
    "escalate_actions_every_days": "how often others hear of overdue action items",
    "actions_in": "where overdue action items are told",
    "issue_trackers": "where action items are followed as issues",
    "may_call": "which systems playbooks may call",
    "gates": "what gates ask for",
    "may": "who may do what",
    "wording": "the sentences of updates",
    "glossary": "plain words for others",
}
"""What the settings of a policy are called."""

_EFFECT: dict[str, str] = {
    "OpenRoom": "open the incident's room",
    "SetTopic": "set the room's topic",
    "ShowCard": "show the room card",
    "PinCard": "pin the room card",
    "Announce": "announce the incident",
    "Tell": "post a notice in the room",
    "Mention": "call the responders into the room",
    "ShowHypothesis": "show a hypothesis in the room",
    "ShowRun": "show a playbook in the room",
    "TellRun": "say below a playbook who is asked",
    "MakeCall": "call another system for a playbook",
    "SayStep": "say in the room what a playbook has to say",
    "TellThread": "post into the thread of a hypothesis",
    "RenameRoom": "rename the room, whose name has what was redacted",
    "RewritePosts": "take what was redacted out of my own messages",
    "PostPicture": "show a picture in the room",
    "ShowCanvas": "show the postmortem in the room's canvas",
    "PostDocument": "post the postmortem as a file in the room",
    "SaveHistory": "read what was said in the room, which is therefore not archived",
    "ArchiveRoom": "archive the room",
    "Whisper": "tell somebody in a direct message",
    "TellTeam": "tell of overdue action items",
    "CreateIssue": "create the issue of an action item",
}


_FACT = {"impact": "the impact", "size": "how many are hit", "workaround": "what people can do meanwhile"}


def facts(names: Sequence[str]) -> str:
    """The facts that updates say as they were typed, by their names: the impact and how many are hit."""
    told = [_FACT[name] for name in names]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def count(number: int, one: str, many: str) -> str:
    """1 entry, 2 entries."""
    return f"{number} {one if number == 1 else many}"


def phase_name(phase: Phase) -> str:
    """Triage, not TRIAGE."""
    return phase.value.title()


def ended(incident: Incident) -> str:
    """How an incident ended that is over, to follow "is" or a name: closed, cancelled, merged into INC-3."""
    if incident.end is End.CANCELLED:
        return f"cancelled ({CAUSE[incident.cause].lower()})" if incident.cause else "cancelled"
    return f"merged into INC-{incident.into}" if incident.end is End.MERGED else "closed"


def standing(incident: Incident) -> str:
    """Where an incident stands: its phase, or how it ended."""
    return phase_name(incident.phase) if incident.is_open else sentence_case(ended(incident))


def moment(at: datetime, is_estimated: bool) -> str:
    """Day and time, in each reader's zone, with `about` before one that was estimated."""
    return f"about {day_and_time(at)}" if is_estimated else day_and_time(at)


def linked(link: Link) -> str:
    """Another incident that has to do with this one, with its room if there is one, and its ideas that were open then."""
    room = f" ({channel_link(link.channel)})" if link.channel else ""
    open_ideas = ", ".join(f"H{number}" for number in link.hypotheses[:_SHOWN_IDEAS])
    more = " …" if len(link.hypotheses) > _SHOWN_IDEAS else ""
    ideas = f", where {open_ideas}{more} stood open" if open_ideas and link.kind is LinkKind.ABSORBED else ""
    return f"*{LINK[link.kind]}:* INC-{link.other}{room}{ideas}"


def step(phase: Phase) -> str:
    """The label of what leaves this phase: "Advance to Triage", and from the last one "Close incident"."""
    return f"Advance to {phase_name(phase.next)}" if phase.next else CLOSE


def before_what(phase: Phase) -> str:
    """What comes after this phase, to follow "before"."""
    return phase_name(phase.next) if phase.next else "the close"


def person(actor: str) -> str:
    """A mention of whoever did something; for those whom Slack does not know, the words of `NAMELESS`."""
    return NAMELESS.get(actor) or (mention(actor) if _PERSON.fullmatch(actor) else escape(actor))


def severity(incident: Incident, policy: Policy) -> str:
    """The severity, or that it is not set and what it is treated as."""
    return escape(incident.severity or f"not set, treated as {policy.unset_counts_as}")


def assessed(who: Who, loss: Loss) -> str:
    """What the two answers say together, to follow "SEV2:"."""
    if who is Who.NOBODY:
        return f"nobody is visibly affected, and {_UNSEEN[loss]}"
    return _LOST_BY[loss].format(WHO[who].lower())


def severity_and_peak(incident: Incident, policy: Policy) -> str:
    """The severity, and the worst it was if that was worse."""
    worst = peak(incident, policy)
    was = f" (was {escape(worst)})" if worst and incident.severity and worst != incident.severity else ""
    return f"{severity(incident, policy)}{was}"


def boundaries(incident: Incident, policy: Policy, limit: int = 800) -> str:
    """The names of the affected boundaries, in the map's order."""
    return boundary_names(incident.boundaries, policy, limit)


def boundary_names(ids: tuple[str, ...], policy: Policy, limit: int) -> str:
    """The names of these boundaries; an id that the map does not have stands for itself."""
    found = [policy.boundary(id) for id in ids]
    names = [boundary.name if boundary else id for id, boundary in zip(ids, found, strict=True)]
    return escape_within(one_line(", ".join(names)), limit)


def called(role: str) -> str:
    """A role in a sentence."""
    return escape_within(role, 60)


def seats(incident: Incident, policy: Policy, *, but: str = "", empty_too: bool = False) -> list[str]:
    """A line for each role that somebody holds, in the policy's order, and after them those that it does not have any more;
    with those that nobody holds if wanted. `but` is left out."""
    names = dict.fromkeys([*(role.name for role in policy.roles), *incident.seats])
    held = {name: incident.seats.get(name) for name in names if name != but}
    return [
        f"*{escape_within(sentence_case(name), 60)}:* {person(seat.user) if seat else 'nobody yet'}"
        for name, seat in held.items()
        if seat or empty_too
    ]


def came_of(done: Containment) -> str:
    """What came of a containment action, as far as is known now."""
    if done.has_lapsed:
        return "It did not last"
    if done.is_temporary and not done.is_settled:
        return "It worked for now, and must be undone or replaced"
    return RESULT[done.result]


def boundary(one: Hypothesis, policy: Policy) -> str:
    """Where the fault would be."""
    return boundary_names((one.boundary,), policy, 100) if one.boundary else "not set"


def evidence(one: Hypothesis) -> str:
    """What speaks for it and against: "2 for · 1 against", and what is disputed, if anything."""
    said = f"{one.count(Side.FOR)} for · {one.count(Side.AGAINST)} against"
    disputed = one.count(Side.FOR, Side.AGAINST)
    return f"{said} · {disputed} disputed" if disputed else said


def by_whom(audience: str, policy: Policy) -> str:
    """To follow a time by which an audience hears next: that a person must see to it, if so."""
    known = policy.audience(audience)
    return ", by one of you" if known and known.is_drafted else ""


def policy_part(part: str) -> str:
    """A part of the policy that was changed, as `audience executives` or the name of a setting: plain text."""
    return _SETTING.get(part, part)


def knows_effect(kind: str) -> bool:
    """Whether there are words for effects of this kind."""
    return kind in _EFFECT or kind in ("PostUpdate", "SendDirect", "PostNote", "PostFallback", "ShowStatus", "Invite")


def did_not(kind_and_lane: str) -> str:
    """That an effect, given as its kind and lane, did not come true."""
    who = "The issue tracker" if kind_and_lane.startswith("CreateIssue ") else "Slack"
    return f"{who} did not let me {effect(kind_and_lane)}"


def effect(effect: str) -> str:
    """What an effect, given as its kind and lane, was to do: to follow "Slack did not let me"."""
    kind, _, lane = effect.partition(" ")
    _, _, about = lane.partition(":")
    name = escape_within(about, 60)
    if kind == "SendDirect":
        return f"send *{name}* a direct message"
    if kind == "PostUpdate":
        return f"send the update to *{name}*"
    if kind == "PostFallback":
        return f"post the update to *{name}* in the channel for what cannot be delivered"
    if kind == "PostNote":
        return f"tell *{name}* that their update is late"
    if kind == "ShowStatus":
        return f"show *{name}* where the incident stands"
    if kind == "Invite":
        return "invite people into the room" if about != "declarer" else "invite whoever declared it into the room"
    return _EFFECT.get(kind, "do something")
