"""What one person is told who asked or acted: short sentences that only they see, each with what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Protocol

from bot.core.containment import hold_due
from bot.core.ends import can_be_merged
from bot.core.incident import Incident, Phase, Room
from bot.core.policy import Policy
from bot.slack import words
from bot.slack.blocks import Element, actions, button, context, fields, paragraphs, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages import card
from bot.slack.messages.announcement import JOIN
from bot.slack.messages.drill import DRILL
from bot.slack.messages.gates import gate
from bot.slack.messages.message import Message, say, say_lines
from bot.slack.text import (
    channel_link,
    clock_time,
    ended,
    escape,
    escape_within,
    one_line,
    quoted,
    utc_time,
)

_SHOWN_INCIDENTS = 30
_SHOWN_TYPED = 2000
"""Characters of what somebody typed."""

HELP: dict[Verb, tuple[str, str]] = {
    Verb.DECLARE: ("[severity] what is wrong", "declares an incident; without words it opens a form"),
    Verb.LIST: ("", "shows the open incidents"),
    Verb.STATUS: ("[INC-7]", "shows where an incident stands"),
    Verb.TIMELINE: ("[INC-7]", "shows what happened"),
    Verb.COMMANDER: ("", "makes you incident commander, or asks whoever is"),
    Verb.TAKE_COMMAND: ("why", "takes command at once, in an emergency"),
    Verb.ROLE: ("[commander @bob]", "hands or offers a role to somebody; alone it shows who has which"),
    Verb.ADVANCE: ("[recovery]", "moves on to the next phase, or as far as you say"),
    Verb.CONTAINED: ("[14:05] what was done", "says what stopped the harm; with ~14:05 since about then"),
    Verb.SEVERITY: (
        "[severity [why]]",
        "sets it, with a reason when it is lower; alone it asks two questions",
    ),
    Verb.UPDATE: ("[text]", "writes an update to stakeholders"),
    Verb.CORRECT: ("", "sends a correction of what was told last"),
    Verb.SLOWER: ("[off]", "lets audiences hear less often, once an incident lasts"),
    Verb.SUBSCRIBE: ("[INC-7, sev1 or checkout]", "tells you in direct messages what stakeholders read"),
    Verb.UNSUBSCRIBE: ("[the same]", "ends that"),
    Verb.SUBSCRIPTIONS: ("", "shows what you are told"),
    Verb.ANSWER: (
        "data none lost",
        "answers or corrects source, size, workaround, changes, data or backlog",
    ),
    Verb.IMPACT: ("who cannot do what", "corrects the impact"),
    Verb.TITLE: ("what is wrong", "corrects the title"),
    Verb.STARTED: ("[about] 14:05", "says when it began, in your time zone"),
    Verb.DETECTED: ("[about] 14:05", "says when it was noticed, if not when it was declared"),
    Verb.HYPOTHESIS: ("[revises H2] what may be wrong", "proposes a hypothesis; alone it opens a form"),
    Verb.HYPOTHESES: ("[INC-7]", "shows the hypotheses, what to test first at the top"),
    Verb.PLAYBOOK: ("[name]", "shows playbooks that fit, or starts one"),
    Verb.MAP: ("[INC-7]", "shows which parts are affected"),
    Verb.DECIDE: ("what is decided", "asks the room for objections; without one it stands"),
    Verb.PARK: ("text", "puts a debate off until the postmortem"),
    Verb.NOTE: ("text", "puts a line on the timeline; so does :pushpin: on a message"),
    Verb.CANCEL: ("", "ends what was no incident"),
    Verb.MERGE: ("[INC-7]", "ends this incident; the other one goes on"),
    Verb.SPLIT: ("what is wrong", "declares a second incident from this one"),
    Verb.DRILL: ("[severity] what is wrong", "declares an incident that is none, to practise"),
    Verb.REDACT: ("[INC-7]", "takes what was typed out of the record"),
    Verb.POLICY: ("adopt", "brings in the corrected policy"),
    Verb.ACTIONS: ("[mine|team|overdue|all]", "shows action items"),
    Verb.METRICS: ("[90d] [severity] [boundary]", "shows figures of many incidents"),
    Verb.PICTURE: ("", "shows the incident as a picture in the room"),
    Verb.POSTMORTEM: ("", "opens the postmortem"),
    Verb.HELP: ("", "shows this"),
}
"""What may stand after each verb, and what the verb does."""


def nothing_to_correct(incident: Incident) -> Message:
    """Nobody was told anything yet."""
    return say(f"Nobody has been told of {incident.name} yet, so there is nothing to correct.")


def no_change_sent(audiences: Sequence[str]) -> Message:
    """They read that nothing has changed."""
    return say(f"Sent to {escape_within(', '.join(audiences), 800)}: nothing has changed. The next update is promised.")


def reminders_put_off() -> Message:
    """Nobody is reminded for a while; the room is told as well."""
    return say("Thank you. I ask again a little later.")


def slower(is_on: bool) -> Message:
    """How often audiences hear from now on; the room is told as well."""
    return say(
        "Audiences hear less often from then on. The room is told." if is_on else "Audiences hear as usual again."
    )


SORRY = "Sorry, that did not work, and it is not your fault. It is in my log. Please try once more."
"""When something failed that nobody foresaw: plain text."""


NO_BOT = "I keep the record, and cannot hold a role. Please choose a person."
"""When the bot itself was to hold a role: plain text."""


NO_ASSIGNEE = "I keep the record, and cannot change anything else. Please choose a person."
"""When the bot itself was to carry an action item out: plain text."""


class Listed(Protocol):
    """One line of the list of incidents."""

    @property
    def number(self) -> int:
        """The number of the incident."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def phase(self) -> str:
        """Its phase."""

    @property
    def severity(self) -> str | None:
        """Its severity, if set."""

    @property
    def room_channel(self) -> str | None:
        """The id of its room, if open."""

    @property
    def is_drill(self) -> bool:
        """Whether it is a drill."""

    @property
    def is_private(self) -> bool:
        """Whether it is private."""


def declared(number: int) -> Message:
    """The incident exists; the link to its room follows."""
    return say(f"*INC-{number} is declared.* I am opening its room and will invite you; the link follows here.")


def room_link(number: int, room: Room) -> Message:
    """The room is open."""
    return say(f"*INC-{number} is declared.* Its room is open: {channel_link(room.channel)}")


def happens_already(incident: Incident) -> Message:
    """What was to be declared once more has been, by somebody who was faster."""
    where = f" Its room is {channel_link(incident.room.channel)}." if incident.room else ""
    text = f"That was declared already, as *{incident.name}* by {words.person(incident.declared_by)}.{where}"
    join = button(JOIN, Action.JOIN_ROOM, Drawn.of(incident).write())
    return Message(text=text, blocks=[section(text), *actions([join])])


def merged(incident: Incident) -> Message:
    """It goes on elsewhere."""
    return say(f"{incident.name} is {words.ended(incident)}. Its room says where to go.")


def nothing_to_merge_into(incident: Incident) -> Message:
    """No other incident is open, or this one is past that."""
    if not can_be_merged(incident):
        phase = words.phase_name(incident.phase)
        return say(f"{incident.name} is in *{phase}*: it is not merged any more, and walks on to its close.")
    return say(
        f"No other incident is open that {incident.name} could be merged into. `{COMMAND} {Verb.LIST}` shows all."
    )


def which_goes_on(listed: Sequence[Listed]) -> Message:
    """The number of the other incident could not be read."""
    start = f"Which one goes on? Please give its number, like `{COMMAND} {Verb.MERGE} INC-{listed[0].number if listed else 7}`."
    return _listing(start, listed)


def what_is_split() -> Message:
    """Words are missing."""
    return say(f"What is wrong there? Write it like `{COMMAND} {Verb.SPLIT} Search is slow`.")


def what_is_practised() -> Message:
    """Words are missing."""
    return say(f"What do you practise? Write it like `{COMMAND} {Verb.DRILL} Checkout is failing`.")


def no_room_yet(number: int) -> Message:
    """The room is not there yet."""
    return say(f"The room of INC-{number} is still being opened. Please try again in a moment.")


def joined(number: int, room: Room) -> Message:
    """The person was brought into the room."""
    return say(f"You are in the room of INC-{number}: {channel_link(room.channel)}")


def cannot_join(number: int, room: Room) -> Message:
    """Slack would not invite the person."""
    return say(
        f"Slack did not let me invite you. The room of INC-{number} is {channel_link(room.channel)}; you can join it there."
    )


def put_to_the_room(incident: Incident, policy: Policy) -> Message:
    """The decision waits for objections."""
    return say(
        f"I asked the room of {incident.name}. Without an objection it stands in {policy.object_within_seconds} seconds."
    )


def put_off(incident: Incident) -> Message:
    """A debate is kept for later."""
    return say(f"Kept for the postmortem of {incident.name}.")


def severity_set(incident: Incident) -> Message:
    """The severity is what the person asked for."""
    return say(f"The severity of {incident.name} is {escape(incident.severity or 'not set')}.")


def fact_kept(what: str, wrong: str = "") -> Message:
    """A fact was corrected. `what` is escaped mrkdwn, and so is `wrong`: why others do not read it like this."""
    return say(f"Recorded: {ended(what)}{wrong or ' The next update says what is true now.'}")


def renamed(incident: Incident, title: str) -> Message:
    """The incident has another title. Stakeholders never read it."""
    return say(f"Recorded: {ended(f'{incident.name} is called {quoted(title)}')}")


def _ended(text: str) -> str:
    """Escaped mrkdwn that ends like a sentence, also when it ends with a quotation that does."""
    return text if text.rstrip("”").endswith((".", "!", "?", "…")) else f"{text}."


def contained(incident: Incident, policy: Policy, zone: tzinfo) -> Message:
    """Since when it is contained, and what comes now."""
    since = incident.contained_at
    if since is None:
        return fact_kept(f"what was done in {incident.name}")
    start = (
        f"Recorded: {incident.name} is contained since *{since.astimezone(zone):%H:%M}* ({zone}, {utc_time(since)})."
    )
    due = hold_due(incident, policy)
    return say(f"{start} {f'If no new harm is seen until *{clock_time(due)}*, it can move on.' if due else ''}".strip())


def which_question() -> Message:
    """No such question."""
    known = ", ".join(f"`{need.value.split()[-1]}`" for need in words.ANSWERED)
    return say(f"Please say what you answer, like `{COMMAND} {Verb.ANSWER} data none lost`. There is: {known}.")


def known_by_now(incident: Incident) -> Message:
    """What a button was to fill in is known."""
    return say(f"That is known by now. The pinned card of {incident.name} shows what is still missing.")


def unknown_phase(given: str, incident: Incident) -> Message:
    """No phase is called so, or it lies behind."""
    phases = list(Phase)[list(Phase).index(incident.phase) + 1 :]
    ahead = ", ".join(f"`{phase.value.casefold()}`" for phase in phases)
    stands = f"{incident.name} is in *{words.phase_name(incident.phase)}*."
    return say(
        f"{stands} {quoted(given, 60)} does not come after that. {f'What does: {ahead}.' if ahead else ''}".strip()
    )


def started(incident: Incident, at: datetime, zone: tzinfo, is_estimated: bool = False) -> Message:
    """When it began, said back with date and zone, so that a mistake is seen."""
    return fact_kept(f"{incident.name} started {_on(at, zone, is_estimated)}")


def detected(incident: Incident, at: datetime, zone: tzinfo, is_estimated: bool = False) -> Message:
    """When it was noticed, said back in the same way. Stakeholders do not read it."""
    return say(f"Recorded: {incident.name} was noticed {_on(at, zone, is_estimated)}.")


def _on(at: datetime, zone: tzinfo, is_estimated: bool) -> str:
    """On a day at a time in this zone and in UTC, or at about that time."""
    local = at.astimezone(zone)
    said = f"{local:%A} {local.day} {local:%B} {local.year} at {'about ' if is_estimated else ''}{local:%H:%M}"
    return f"on *{said}* ({zone}, {utc_time(at)})"


def unreadable_time(given: str, verb: Verb = Verb.STARTED) -> Message:
    """No time could be read."""
    return say(
        f"I cannot read {quoted(given, 60)} as a time. Write it like `{COMMAND} {verb} 14:05`, or with a day like "
        f"`{COMMAND} {verb} 2026-11-23 23:50`. It is read in your time zone."
    )


def tried_again(count: int) -> Message:
    """What failed is on its way once more."""
    if not count:
        return say("Nothing is left to be tried again: it was done already.")
    what = "it" if count == 1 else f"{count} things"
    return say(f"I am trying {what} again. If Slack still refuses, you will hear of it in the room.")


def noted(incident: Incident) -> Message:
    """The note is on the timeline."""
    return say(f"Noted on the timeline of {incident.name}.")


def hypothesis_kept(incident: Incident, number: int) -> Message:
    """It was proposed; its thread is being opened."""
    one = incident.hypothesis(number)
    where = f" {quoted(one.place, 100)} is kept as a place that the map does not have." if one.place else ""
    anew = f", and states *H{one.revises}* anew" if one.revises else ""
    thread = "Its thread in the room collects what speaks for and against it."
    return say(f"*H{number}* of {incident.name} is proposed{anew}.{where} {thread}")


def no_such_hypothesis(incident: Incident, number: int) -> Message:
    """There is none of this number."""
    known = f"`{COMMAND} {Verb.HYPOTHESES}` lists those it has."
    return replace(say(f"{incident.name} has no H{number}. {known} Nothing was proposed."), is_refusal=True)


def policy_followed(incident: Incident, changes: Sequence[str]) -> Message:
    """The incident follows the policy as its file has it now."""
    if not changes:
        return say(f"{incident.name} follows the policy as it is in the file. Nothing had changed.")
    changed = escape_within(", ".join(map(words.policy_part, changes)), 1000)
    return say(f"{incident.name} follows the corrected policy now. Changed: {changed}.")


def what_about_policy() -> Message:
    """Only adopting is known."""
    return say(f"`{COMMAND} {Verb.POLICY} adopt` brings the policy file, as it is now, to this incident.")


def nobody_hears(incident: Incident, policy: Policy) -> Message:
    """There is nobody to write an update to."""
    severity = words.severity(incident, policy)
    return say(
        f"No audience in the policy hears of this severity ({severity}), so nobody would read an update of {incident.name}."
    )


def needs_room(listed: Sequence[Listed]) -> Message:
    """This can only be done in an incident's room; here are the rooms."""
    start = "Please do this in the room of the incident."
    answer = _listing(start, listed) if listed else say(f"{start} No incident is open. {_how_to_declare()}")
    return replace(answer, is_refusal=True)


def which_incident(verb: Verb, listed: Sequence[Listed]) -> Message:
    """A number is needed here."""
    number = listed[0].number if listed else 7
    start = f"Which incident? Outside its room please give the number, like `{COMMAND} {verb} INC-{number}`."
    return _listing(start, listed) if listed else say(f"{start} No incident is open now.")


def open_incidents(listed: Sequence[Listed]) -> Message:
    """The open incidents with their rooms, and the way to declare one."""
    if not listed:
        text = "No incident is open. If something is wrong, declare it: better once too often."
        return Message(text=text, blocks=[section(text), *actions([declare_button()])])
    some = "1 incident is open:" if len(listed) == 1 else f"{len(listed)} incidents are open:"
    return _listing(some, listed)


def needs_doing(incident: Incident, policy: Policy, due: Mapping[str, datetime]) -> Message:
    """What comes next in this incident, with its buttons."""
    if not incident.is_open:
        return status(incident, policy, due)
    phase = words.phase_name(incident.phase)
    stands = f"*{incident.name}* is in *{phase}* since {clock_time(incident.phase_since)}."
    start = f"{stands} {phase} is for {words.PURPOSE[incident.phase]}."
    first = min(due, key=lambda audience: due[audience], default=None)
    next_up = f"Next update: {escape(first)}, {clock_time(due[first])}{words.by_whom(first, policy)}." if first else ""
    promise = [context(next_up)] if first else []
    blocks = [section(start), *gate(incident, policy), *card.next_steps(incident, policy), *promise]
    return Message(text=card.summary(incident, policy), blocks=blocks)


def status(incident: Incident, policy: Policy, due: Mapping[str, datetime]) -> Message:
    """Where the incident stands."""
    room = f" · {channel_link(incident.room.channel)}" if incident.room else ""
    blocks = [
        section(f"*{escape_within(card.title(incident), 500)}*{room}\n{card.progress(incident)}"),
        fields(*card.facts(incident, policy, due)),
        *paragraphs(card.findings(incident, policy)),
        *gate(incident, policy),
        *card.failures(incident),
    ]
    return Message(text=card.summary(incident, policy), blocks=blocks)


def help_text() -> Message:
    """Every command there is, in a line each."""
    lines = ["*Lockstep runs incidents.* In an incident's room these mean that incident:"]
    for verb, (argument, does) in HELP.items():
        lines.append(f"• `{f'{COMMAND} {verb} {argument}'.strip()}` {does}")
    lines.append(f"• `{COMMAND}` alone shows what needs doing now, with its buttons")
    return say("\n".join(lines))


def unknown_command(typed: str) -> Message:
    """A first word that is no command: the same with the nearest one, and the way to declare, in case that was meant."""
    word, _, rest = typed.replace("`", "").partition(" ")
    near = get_close_matches(word.casefold(), list(Verb), n=1)
    meant = f"{near[0]} {escape_within(rest, _SHOWN_TYPED)}".strip() if near else ""
    guess = f"Did you mean `{COMMAND} {meant}`?" if meant else f"Is something wrong? {_how_to_declare()}"
    unknown = f"I do not know `{COMMAND} {escape_within(word, 60)}`."
    text = f"{unknown} {guess} `{COMMAND} {Verb.HELP}` lists what I know."
    return Message(text, [section(text), *actions([] if near else [declare_button()])], is_refusal=not near)


def declare_button() -> Element:
    """Opens the form that declares an incident."""
    return button(words.DECLARE, Action.DECLARE)


def _how_to_declare() -> str:
    return f"Declare it with `{COMMAND} {Verb.DECLARE} what is wrong`."


def _listing(start: str, listed: Sequence[Listed]) -> Message:
    lines = [_line(one) for one in listed[:_SHOWN_INCIDENTS]]
    rest = len(listed) - len(lines)
    more = [f"and {rest} more"] if rest > 0 else []
    return say_lines([start, *lines, *more], [declare_button()])


def _line(one: Listed) -> str:
    room = channel_link(one.room_channel) if one.room_channel else "room being opened"
    severity = escape_within(one.severity or "severity not set", 60)
    title = escape_within(one_line(one.title), 150)
    drill = f"{DRILL} · " if one.is_drill else "private · " if one.is_private else ""
    return f"• *INC-{one.number}* {drill}{title} · {str(one.phase).title()} · {severity} · {room}"
