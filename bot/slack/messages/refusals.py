"""Why something may not be done now: what is true, what is missing, and with which button to fill it in. Never an error code."""

from collections.abc import Callable
from typing import Any

from bot.core.decision import (
    AlreadyDeclared,
    AlreadyTold,
    Concluded,
    HasEnded,
    Lacks,
    NotAllowed,
    NotContained,
    NothingToRedact,
    NothingToSettle,
    NotInPolicy,
    NotNext,
    NotWaivable,
    NotYet,
    PolicyDoesNotFit,
    Refusal,
    RepeatsIt,
    SaysNothing,
    SeatTaken,
)
from bot.core.incident import COMMANDER, Incident, Phase
from bot.core.needs import Need
from bot.core.policy import DECLARER, Policy
from bot.slack import words
from bot.slack.blocks import actions, button, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.gates import until
from bot.slack.messages.message import Message, say
from bot.slack.messages.redactions import NOTHING, REPEATED
from bot.slack.text import channel_link, clock_time, day_and_time, escape, escape_within, one_line, quoted

DECLARE_ANOTHER = "Declare another"


def refused(refusal: Refusal, incident: Incident, policy: Policy) -> Message:
    """What the person is told. `incident` is the one they meant as it stands now; for AlreadyDeclared the earlier one."""
    if isinstance(refusal, AlreadyDeclared):
        return already_declared(incident)
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


def seat_taken(refusal: SeatTaken) -> str:
    """Who took the seat, and when."""
    return f"{words.person(refusal.user)} has been {escape(refusal.role)} since {clock_time(refusal.since)}."


def missing(needs: tuple[str, ...], incident: Incident, policy: Policy) -> list[str]:
    """Each missing thing on a line, with the button that fills it in."""
    return [f"○ {words.KNOWN[Need(need)]}{_filled_in(Need(need), incident, policy)}" for need in needs]


def _filled_in(need: Need, incident: Incident, policy: Policy) -> str:
    if need is Need.HOLD:
        return f" {until(incident, policy)}"
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
    return f"*{incident.name} is closed*, and nothing in it can change any more. {again}"


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
    return f"{seat_taken(refusal)} Please help them. To take over, talk to them and then use `{COMMAND} {Verb.ROLE}`."


def _has_ended(refusal: HasEnded, incident: Incident, policy: Policy) -> str:
    return _ended(incident)


def _not_in_policy(refusal: NotInPolicy, incident: Incident, policy: Policy) -> str:
    known = escape_within(one_line(", ".join(refusal.known)), 1000)
    if refusal.what == "audience":
        return f"{quoted(refusal.given, 100)} does not hear of {incident.name}. Those who do: {known or 'nobody'}."
    return f"The policy has no {escape(refusal.what)} {quoted(refusal.given, 100)}. It has: {known}."


def _says_nothing(refusal: SaysNothing, incident: Incident, policy: Policy) -> str:
    return f"Nothing was written for “{escape(refusal.what)}”. Please write a few words."


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


def _not_waivable(refusal: NotWaivable, incident: Incident, policy: Policy) -> str:
    needs = "; ".join(words.KNOWN[Need(need)] for need in refusal.needs)
    return (
        f"The policy does not let {incident.name} go on without knowing {needs}. Press `{words.FILL_IN}` on the card."
    )


def _not_contained(refusal: NotContained, incident: Incident, policy: Policy) -> str:
    if refusal.phase is Phase.POSTMORTEM:
        again = f"declare a new incident with `{COMMAND} {Verb.DECLARE}`"
        return f"Service was restored in {incident.name}. If the harm is back, {again}."
    return f"{incident.name} is not contained, so the harm is known to go on. Somebody may have been faster than you."


_SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
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
    NotWaivable: _not_waivable,
    NotContained: _not_contained,
    NothingToSettle: lambda refusal, incident, policy: (
        "That measure is settled by now. The pinned card shows what is still missing."
    ),
    NothingToRedact: lambda refusal, incident, policy: NOTHING,
    RepeatsIt: lambda refusal, incident, policy: REPEATED,
}
