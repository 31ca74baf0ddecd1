"""Why something may not be done now: what is true, what is missing, and with which button to fill it in. Never an error code."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.core.duties import OPERATIONS
from bot.core.incident import COMMANDER, End, Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.policy_parts import DECLARER
from bot.core.refusal import (
    AlreadyDeclared,
    AlreadyTold,
    CannotMerge,
    ClaimWaits,
    Concluded,
    HarmFought,
    HasEnded,
    KeptApart,
    Lacks,
    LoweredTooFar,
    LoweredTooSoon,
    NoClaim,
    NoOffer,
    NotAllowed,
    NotContained,
    NothingToRedact,
    NothingToSettle,
    NotInPolicy,
    NotNext,
    NotPlain,
    NotWaivable,
    NotYet,
    NotYours,
    PolicyDoesNotFit,
    Refusal,
    RepeatsIt,
    SaysNothing,
    SeatTaken,
    Settled,
    SpanFull,
    TooLate,
)
from bot.core.severity import WHY_LOWER
from bot.core.tracker.conclusions import EXPLAINS
from bot.slack import words
from bot.slack.blocks import actions, button, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.action_refusals import SENTENCES as OF_ACTIONS
from bot.slack.messages.gates import until
from bot.slack.messages.message import Message, say
from bot.slack.messages.plain import not_plain
from bot.slack.messages.postmortem import OPEN
from bot.slack.messages.postmortem import SENTENCES as OF_POSTMORTEM
from bot.slack.messages.promises import SENTENCES as OF_PROMISES
from bot.slack.messages.redactions import NOTHING, REPEATED
from bot.slack.messages.run_refusals import SENTENCES as OF_RUNS
from bot.slack.messages.unready import SENTENCES
from bot.slack.text import channel_link, clock_time, day_and_time, escape, escape_within, one_line, quoted

DECLARE_ANOTHER = "Declare another"

_UNCHANGED = "Nothing was changed."
_WORTH_KEEPING = 3
"""Words: who typed fewer types them again sooner than they would copy them."""
_KEPT = 2900
"""Characters of mrkdwn, which leave room for the command."""


def refused(refusal: Refusal, incident: Incident, policy: Policy) -> Message:
    """What the person is told. `incident` is the one they meant as it stands now; for AlreadyDeclared the earlier one."""
    if isinstance(refusal, AlreadyDeclared):
        return already_declared(incident)
    return replace(_told(refusal, incident, policy), is_refusal=True)


def with_typed(answer: Message, typed: str) -> Message:
    """A refusal of a command with what the person typed: Slack has taken it from their field, and it may have been long."""
    if not answer.is_refusal or len(typed.split()) < _WORTH_KEEPING:
        return answer
    kept = escape_within(typed.replace("`", "'"), _KEPT)
    return replace(answer, blocks=[*answer.blocks, section(f"You typed: `{COMMAND} {kept}`")])


def _told(refusal: Refusal, incident: Incident, policy: Policy) -> Message:
    if isinstance(refusal, KeptApart):
        return kept_apart(refusal, incident, policy)
    if isinstance(refusal, NotAllowed):
        return not_allowed(refusal, incident)
    return say(_SENTENCES[type(refusal)](refusal, incident, policy))


def stale(incident: Incident, drawn_for: Phase) -> Message:
    """What is true now, for a button that was drawn in an earlier phase."""
    if not incident.is_open:
        return say(_ended(incident))
    was = words.phase_name(drawn_for)
    return say(
        f"That button was for {was}. {_stands(incident)} Nothing was changed. The pinned card shows what comes next."
    )


def already_declared(incident: Incident) -> Message:
    """The incident that the same person declared with the same words a moment ago, and the way to declare another."""
    where = f" Its room is {channel_link(incident.room.channel)}." if incident.room else " Its room is being opened."
    text = (
        f"You declared this a moment ago, as *{incident.name}*.{where} If this is something else, declare another one."
    )
    again = button(DECLARE_ANOTHER, Action.DECLARE_ANOTHER, Drawn.of(incident).write())
    return Message(text=text, blocks=[section(text), *actions([again])])


def kept_apart(refusal: KeptApart, incident: Incident, policy: Policy) -> Message:
    """That leading is a job of its own here, and the way to the other one: command goes to somebody else first."""
    what = f"be {words.called(refusal.role)}" if refusal.role else f"test *H{refusal.hypothesis}*"
    severity = escape(policy.severity(incident.severity).name)
    leads = f"{words.person(refusal.user)} leads {incident.name}, which is a job of its own at {severity}."
    text = f"{leads} Please let somebody else {what}, or hand over command first."
    drawn = Drawn.of(incident).but(role=refusal.role, hypothesis=refusal.hypothesis)
    press = button(words.HAND_OVER_FIRST, Action.HAND_OVER_FIRST, drawn.write())
    return Message(text=text, blocks=[section(text), *actions([press])])


def seat_taken(refusal: SeatTaken) -> str:
    """Who took the seat, and when."""
    return f"{words.person(refusal.user)} has been {escape(refusal.role)} since {clock_time(refusal.since)}."


def missing(needs: tuple[str, ...], incident: Incident, policy: Policy) -> list[str]:
    """Each missing thing on a line, with the button that fills it in."""
    return [f"○ {words.KNOWN[Need(need)]}{_filled_in(Need(need), incident, policy)}" for need in needs]


def _filled_in(need: Need, incident: Incident, policy: Policy) -> str:
    if need is Need.HOLD:
        return f" {until(incident, policy)}"
    if need is Need.PLAYBOOK:
        return ": see the playbook's message"
    if need is Need.ACCEPTED:
        return f": press `{words.SHOW_ACTIONS}`"
    if need is Need.POSTMORTEM:
        return f": press `{OPEN}`"
    return f": press `{words.TAKE_COMMAND if need is Need.COMMANDER else words.FILL_IN}`"


def who_may(refusal: NotAllowed, incident: Incident) -> str:
    """Who may do what somebody tried: roles with those who hold them, and people."""
    allowed = [_holder(name, incident) for name in refusal.allowed]
    names = f"{', '.join(allowed[:-1])} and {allowed[-1]}" if len(allowed) > 1 else allowed[0]
    return f"In {incident.name} only these may {words.ACT[refusal.act] if refusal.act else 'redact'}: {names}."


def _holder(name: str, incident: Incident) -> str:
    if name == DECLARER:
        return f"whoever declared it ({words.person(incident.declared_by)})"
    seat = incident.seats.get(name)
    return f"the {escape_within(name, 60)} ({words.person(seat.user)})" if seat else escape_within(name, 60)


def not_allowed(refusal: NotAllowed, incident: Incident) -> Message:
    """Who may, and the one-click way there: command, when nobody has it, or else whom to ask."""
    can_take = incident.is_open and incident.commander is None and COMMANDER in refusal.allowed
    then = f"Nobody leads yet: press `{words.TAKE_COMMAND}`." if can_take else "Please ask one of them."
    text = f"{who_may(refusal, incident)} {then} Nothing else was changed."
    take = button(words.TAKE_COMMAND, Action.TAKE_COMMAND, Drawn.of(incident).write(), primary=True)
    return Message(text=text, blocks=[section(text), *actions([take] if can_take else [])])


def _stands(incident: Incident) -> str:
    since, by = clock_time(incident.phase_since), words.person(incident.phase_by)
    return f"{incident.name} has been in *{words.phase_name(incident.phase)}* since {since}, by {by}."


def _ended(incident: Incident) -> str:
    again = f"If the trouble is back, declare a new incident with `{COMMAND} {Verb.DECLARE}`."
    if incident.end is End.CLOSED:
        again = f"If the trouble is back, press `{words.HAPPENED_AGAIN}`, or declare a new one with `{COMMAND} {Verb.DECLARE}`."
    if incident.end is End.MERGED:
        again = f"Please go on in INC-{incident.into}. `{COMMAND} {Verb.STATUS} INC-{incident.into}` shows where that stands."
    return f"*{incident.name} is {words.ended(incident)}*, and nothing in it can change any more. {again}"


def _not_next(refusal: NotNext, incident: Incident, policy: Policy) -> str:
    since, by = clock_time(refusal.since), words.person(refusal.by)
    stood = f"{incident.name} has been in *{words.phase_name(refusal.phase)}* since {since}, by {by}."
    why = "Phases come one after the other, so the phase was not changed."
    return f"{stood} {why} What comes next is `{words.step(refusal.phase)}`."


def _lacks(refusal: Lacks, incident: Incident, policy: Policy) -> str:
    start = f"*{incident.name} stays in {words.phase_name(incident.phase)} for now.* {_kept(refusal, incident)}"
    return "\n".join(
        [
            f"{start} Before {words.before_what(incident.phase)} we must know:",
            *missing(refusal.missing, incident, policy),
        ]
    )


def _kept(refusal: Lacks, incident: Incident) -> str:
    """That nothing typed is lost, not even a containment action that did not help."""
    if Need.CONTAINMENT not in refusal.missing or not incident.containments:
        return "What was filled in is kept."
    return f"{quoted(incident.containments[-1].action, 200)} is recorded. It did not help."


def _seat_taken(refusal: SeatTaken, incident: Incident, policy: Policy) -> str:
    return f"{seat_taken(refusal)} Please help them. {_to_take_over(refusal.role, policy)}"


def _to_take_over(role: str, policy: Policy) -> str:
    """How somebody comes to a role that another has."""
    if role not in policy.hand_over_is_accepted:
        return f"To take over, talk to them and then use `{COMMAND} {Verb.ROLE}`."
    if role == COMMANDER:
        at_once = f"in an emergency `{COMMAND} {Verb.TAKE_COMMAND} why` takes it at once"
        return f"If they do not answer, `{COMMAND} {Verb.COMMANDER}` asks whether they are there; {at_once}."
    known = policy.role(role)
    short = escape_within(known.short[0] if known else role, 60)
    return f"If they do not answer, `{COMMAND} {Verb.ROLE} {short} @yourself` asks whether they are there."


def _not_yours(refusal: NotYours, incident: Incident, policy: Policy) -> str:
    whose, role = words.person(refusal.user or ""), f"*{words.called(refusal.role)}*"
    return {
        "hand-over": f"{role} is with {whose}, so only they can hand it over. {_to_take_over(refusal.role, policy)}",
        "offer": f"{role} is offered to {whose}, and only they can answer.",
        "withdrawal": f"{role} is with {whose}, and only they can take the offer back.",
        "claim": f"This asks {whose} whether they are there, and only they can answer.",
        "reminder": f"{role} is with {whose or 'nobody'} now, and only they can say that they go on.",
    }[refusal.what]


def _has_it(role: str, user: str | None) -> str:
    return f"*{words.called(role)}* is with {words.person(user) if user else 'nobody'}."


def _claim_waits(refusal: ClaimWaits, incident: Incident, policy: Policy) -> str:
    seat = incident.seats.get(refusal.role)
    unless = f", unless {words.person(seat.user)} answers" if seat else ""
    gets = f"gets *{words.called(refusal.role)}* at {clock_time(refusal.until)}{unless}"
    return f"{words.person(refusal.user)} asked before you, and {gets}. Please help them."


def _settled(refusal: Settled, incident: Incident, policy: Policy) -> str:
    how = "stands" if refusal.stands else "was objected to already"
    return f"That decision {how}. If another one is better, put it to the room with `{COMMAND} {Verb.DECIDE}`."


def _span_full(refusal: SpanFull, incident: Incident, policy: Policy) -> str:
    many = f"{refusal.reports} people report to {words.person(refusal.user)} already, as many as one person can lead."
    return f"{many} Please make somebody *{OPERATIONS}* first, with `{words.ROLES}` on the card; then go on."


def _has_ended(refusal: HasEnded, incident: Incident, policy: Policy) -> str:
    return _ended(incident)


def _not_in_policy(refusal: NotInPolicy, incident: Incident, policy: Policy) -> str:
    known = escape_within(one_line(", ".join(refusal.known)), 1000)
    if refusal.what == "audience":
        return f"{quoted(refusal.given, 100)} does not hear of {incident.name}. Those who do: {known or 'nobody'}."
    if refusal.what == "playbook":
        there = f"There are: {known}" if known else "There are none"
        return (
            f"There is no playbook {quoted(refusal.given, 100)}. {there}. `{COMMAND} {Verb.PLAYBOOK}` shows which fit."
        )
    return f"The policy has no {escape(refusal.what)} {quoted(refusal.given, 100)}. It has: {known or 'none'}."


def _says_nothing(refusal: SaysNothing, incident: Incident, policy: Policy) -> str:
    if refusal.what == WHY_LOWER:
        how = f"`{COMMAND} {Verb.SEVERITY} name why`, or `{words.SET_SEVERITY}` on the card"
        return f"That would lower the severity, which needs a reason: {how}. {_UNCHANGED}"
    if refusal.what == EXPLAINS:
        return f"Please say whether it explains all that is seen or a part: press `{words.CONFIRM}` on the hypothesis."
    return f"Nothing was written for “{escape(refusal.what)}”. Please write a few words."


def _lowered_too_soon(refusal: LoweredTooSoon, incident: Incident, policy: Policy) -> str:
    if refusal.again is None:
        why = f"In {words.phase_name(Phase.DETECTION)} nobody knows yet how bad it is, so the severity is only raised."
        return f"{why} It can be lowered after `{words.step(Phase.DETECTION)}`. {_UNCHANGED}"
    again = f"It can be lowered once more from {clock_time(refusal.again)} on, and raised at any time"
    return f"The severity of {incident.name} was lowered a moment ago: {words.severity(incident, policy)}. {again}."


def _lowered_too_far(refusal: LoweredTooFar, incident: Incident, policy: Policy) -> str:
    next_one = escape_within(refusal.next, 60)
    how = f"Next is {next_one}: `{COMMAND} {Verb.SEVERITY} {next_one} why`"
    return f"The severity is lowered one level at a time, so that nobody is sent home too early. {how}. {_UNCHANGED}"


def _concluded(refusal: Concluded, incident: Incident, policy: Policy) -> str:
    how = f"*H{refusal.hypothesis}* was {refusal.status.value} {day_and_time(refusal.since)}"
    again = "That is final. If you see it differently, propose it anew as another hypothesis."
    return f"{how} by {words.person(refusal.by)}. {again}"


def _not_yet(refusal: NotYet, incident: Incident, policy: Policy) -> str:
    return f"{day_and_time(refusal.given)} has not come yet. Please give a time that has passed."


def _already_told(refusal: AlreadyTold, incident: Incident, policy: Policy) -> str:
    when = f"*{escape(refusal.audience)}* were told at {clock_time(refusal.at)}, by somebody who was faster."
    return f"{when} Nothing was sent twice. If there is more to say, press `{words.SEND_UPDATE}`."


def _policy_does_not_fit(refusal: PolicyDoesNotFit, incident: Incident, policy: Policy) -> str:
    lost = escape_within(", ".join(refusal.severities), 500)
    return (
        f"{incident.name} keeps its policy: the file has no severity {lost} any more, which this incident has or had. "
        "Put it back into policy.yml and adopt again."
    )


def _too_late(refusal: TooLate, incident: Incident, policy: Policy) -> str:
    since, by = clock_time(refusal.since), words.person(refusal.by)
    stood = f"{incident.name} has been in *{words.phase_name(refusal.phase)}* since {since}, by {by}."
    return f"{stood} From there an incident walks on to its close; that it was none is said in its review. {_UNCHANGED}"


def _harm_fought(refusal: HarmFought, incident: Incident, policy: Policy) -> str:
    done = f"Something was done against the harm at {clock_time(refusal.at)}, so {incident.name} is not cancelled any more."
    return f"{done} It walks on to its close; that it was none is said in its review. {_UNCHANGED}"


def _cannot_merge(refusal: CannotMerge, incident: Incident, policy: Policy) -> str:
    other = f"INC-{refusal.into}"
    why = {
        "itself": f"{incident.name} cannot be merged into itself, nor into what was merged into it.",
        "over": f"{other} is over. An incident is merged into one that is still open.",
        "drill": f"One of {incident.name} and {other} is a drill and the other is not. They stay apart.",
        "private": f"One of {incident.name} and {other} is private and the other is not. They stay apart.",
    }[refusal.because]
    return f"{why} `{COMMAND} {Verb.LIST}` shows the open incidents. {_UNCHANGED}"


def _not_waivable(refusal: NotWaivable, incident: Incident, policy: Policy) -> str:
    needs = "; ".join(words.KNOWN[Need(need)] for need in refusal.needs)
    return (
        f"The policy does not let {incident.name} go on without knowing {needs}. Press `{words.FILL_IN}` on the card."
    )


def _not_contained(refusal: NotContained, incident: Incident, policy: Policy) -> str:
    if refusal.phase is Phase.POSTMORTEM:
        again = f"press `{words.HAPPENED_AGAIN}` on the card"
        return f"Service was restored in {incident.name}. If the harm is back, {again}."
    return f"{incident.name} is not contained, so the harm is known to go on. Somebody may have been faster than you."


_SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = (
    SENTENCES
    | OF_ACTIONS
    | {
        NotNext: _not_next,
        Lacks: _lacks,
        SeatTaken: _seat_taken,
        HasEnded: _has_ended,
        NotInPolicy: _not_in_policy,
        SaysNothing: _says_nothing,
        Concluded: _concluded,
        NotYet: _not_yet,
        AlreadyTold: _already_told,
        PolicyDoesNotFit: _policy_does_not_fit,
        SpanFull: _span_full,
        NotYours: _not_yours,
        NoOffer: lambda refusal, incident, policy: (
            f"That offer does not stand any more. {_has_it(refusal.role, refusal.user)}"
        ),
        ClaimWaits: _claim_waits,
        NoClaim: lambda refusal, incident, policy: f"That is settled already. {_has_it(refusal.role, refusal.user)}",
        Settled: _settled,
        NotWaivable: _not_waivable,
        LoweredTooSoon: _lowered_too_soon,
        LoweredTooFar: _lowered_too_far,
        NotContained: _not_contained,
        NothingToSettle: lambda refusal, incident, policy: (
            "That measure is settled by now. The pinned card shows what is still missing."
        ),
        NothingToRedact: lambda refusal, incident, policy: NOTHING,
        RepeatsIt: lambda refusal, incident, policy: REPEATED,
        TooLate: _too_late,
        HarmFought: _harm_fought,
        CannotMerge: _cannot_merge,
        NotPlain: not_plain,
        **OF_PROMISES,
        **OF_POSTMORTEM,
        **OF_RUNS,
    }
)
