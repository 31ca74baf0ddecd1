"""The form that leaves a phase: it says all that the gate still lacks, asks for as much of it as fits, and goes on in further forms
of its kind; the last one moves the incident on. With nothing missing it only asks whether to go on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from bot.core.containment import standing
from bot.core.decision import Command, Origin
from bot.core.gates import can_be_filled_in, missing, waivable
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.needs import Need
from bot.core.onward import within_reach
from bot.core.permissions import barred
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.slack import words
from bot.slack.blocks import Block, section
from bot.slack.forms import inputs
from bot.slack.forms.modal import FieldErrors, Sent, View, form, notice
from bot.slack.forms.needs import (
    ASKS,
    EMPTY,
    MOST_FIELDS,
    Asker,
    blocks_of,
    errors,
    facts,
    fields_of,
    left_empty,
    one_of,
    waiver,
)
from bot.slack.ids import Drawn, Field, Form
from bot.slack.messages import gates
from bot.slack.messages.refusals import who_may

NEXT = "Next"


class Filled(NamedTuple):
    """What came back: the step that was asked for, with the facts that were filled in, and what was left empty without a word so
    far."""

    step: AdvancePhase | CloseIncident
    without: tuple[Need, ...]


class AdvanceForm:
    """Leaves the phase for the next one, or for one farther on; from the last phase it closes the incident."""

    @staticmethod
    def view(
        incident: Incident,
        policy: Policy,
        *,
        presser: str,
        at: datetime,
        goal: Phase | None = None,
        without: tuple[Need, ...] = (),
        remark: str = "",
    ) -> View:
        """The form for the phase the incident is in at this time. `goal` is the phase to be reached (None: the next), `without`
        what was left empty in the forms before this one. `remark` is said first: escaped mrkdwn."""
        now = standing(incident, at, policy)
        lacking = missing(now, policy)
        without = tuple(need for need in without if need in lacking)
        asker = Asker(now, policy, presser)
        may_waive = _may_waive(asker)
        open_ = [need for need in lacking if need in ASKS and need not in without]
        can_ask = [need for need in open_ if need in may_waive or can_be_filled_in(now, need)]
        if lacking and not can_ask and not without:
            return notice(words.step(now.phase), _waits(asker, lacking))
        blocks = _fitting(can_ask, asker, may_waive)
        asked, rest = tuple(blocks), [need for need in can_ask if need not in blocks]
        fields = [block for need in asked for block in blocks[need]]
        fields += _reason(fields, (*without, *(need for need in asked if need in may_waive)), bool(rest))
        fields += _how_far(now, policy, goal) if not lacking else []
        said = [remark, _not_yours(asker), _introduction(now, policy, lacking)]
        is_last = not rest and not (without and Field.WAIVER not in fields_of(fields))
        step = words.step(now.phase)
        drawn = Drawn.of(now).but(asked=asked, without=without, goal=goal, **one_of(now, asked))
        submit = step if is_last and {*lacking} <= {*asked, *without} else NEXT
        return form(Form.ADVANCE, step, submit, [*(section(text) for text in said if text), *fields], drawn)

    @staticmethod
    def parse(view: Mapping[str, Any], origin: Origin) -> Filled | FieldErrors:
        """The step for which the form was drawn, with what was filled in; or what is wrong with that."""
        sent = Sent(view)
        drawn = sent.drawn
        empty = (*drawn.without, *left_empty(sent, drawn.asked))
        wrong = errors(sent, drawn.asked, origin.at)
        if empty and sent.has(Field.WAIVER) and sent.is_empty(Field.WAIVER):
            wrong |= {Field.WAIVER.value: EMPTY[Field.WAIVER]}
        if wrong:
            return FieldErrors(wrong)
        let_go = waiver(sent, empty, origin)
        first = (*facts(sent, drawn.asked, origin), *let_go)
        return Filled(_step(sent, origin, first), () if let_go else empty)


def _step(sent: Sent, origin: Origin, first: tuple[Command, ...]) -> AdvancePhase | CloseIncident:
    leaving = sent.drawn.phase
    chosen = sent.choice(Field.GOAL)
    to = Phase(chosen) if chosen else sent.drawn.goal or leaving.next
    if to is None:
        return CloseIncident(origin=origin, first=first)
    return AdvancePhase(origin=origin, leaving=leaving, to=to, first=first)


def _may_waive(asker: Asker) -> tuple[Need, ...]:
    """What may be left empty by whoever presses, with a reason."""
    if barred(asker.incident, asker.presser, Act.WAIVE, asker.policy):
        return ()
    return waivable(asker.incident, asker.policy)


def _fitting(needs: Iterable[Need], asker: Asker, may_waive: Iterable[Need]) -> dict[Need, list[Block]]:
    """The blocks of the first needs that fit into one form; what can only be let go needs room for the reason."""
    found, room = dict[Need, list[Block]](), MOST_FIELDS
    for need in needs:
        blocks = blocks_of(need, asker, optional=need in may_waive)
        if (len(fields_of(blocks)) or 1) <= room:
            found[need] = blocks
            room -= len(fields_of(blocks))
    return found


def _reason(fields: list[Block], can_go: tuple[Need, ...], more_follows: bool) -> list[Block]:
    """The field that says why to go on without what is left empty, once, in the last form that has room for it."""
    if not can_go or more_follows or len(fields_of(fields)) == MOST_FIELDS:
        return []
    if not fields_of(fields):
        names = "; ".join(words.KNOWN[need] for need in can_go)
        return [inputs.text(Field.WAIVER, "Why go on without?", hint=f"Not known: {names}.")]
    return [
        inputs.text(
            Field.WAIVER,
            "What you leave empty: why go on without it?",
            example="We are three people",
            hint="The review will show it.",
            optional=True,
        )
    ]


def _how_far(incident: Incident, policy: Policy, goal: Phase | None) -> list[Block]:
    """The choice of how far to go, when gates farther on ask for nothing more either."""
    phases = within_reach(incident, policy)
    if len(phases) < 2:
        return []
    options = [(words.phase_name(phase), phase.value) for phase in phases]
    initial = goal if goal in phases else phases[0]
    hint = "Everything that must be known up to there is known."
    return [inputs.choice(Field.GOAL, "How far?", options, initial=initial.value, hint=hint)]


def _waits(asker: Asker, lacking: tuple[Need, ...]) -> list[Block]:
    """What there is to wait for, each with what shows how far it is."""
    if Need.HOLD in lacking or Need.PLAYBOOK in lacking:
        return [section(gates.waits(asker.incident, asker.policy))]
    return [block for need in lacking for block in blocks_of(need, asker)]


def _not_yours(asker: Asker) -> str:
    """That what is filled in here counts, but somebody else must move the incident on; nothing if whoever presses may."""
    refusal = barred(asker.incident, asker.presser, Act.ADVANCE, asker.policy)
    return f"{who_may(refusal, asker.incident)} What you fill in here is kept." if refusal else ""


def _introduction(incident: Incident, policy: Policy, lacking: tuple[Need, ...]) -> str:
    """What happens when the form is sent, and all that is missing when it is more than the form can ask for."""
    start = "" if lacking else "Everything that must be known is known. "
    tried = gates.tried(incident) if Need.CONTAINMENT in lacking else ""
    return "\n".join(filter(None, [tried, f"{start}{_what_follows(incident, policy)}", *gates.all_missing(lacking)]))


def _what_follows(incident: Incident, policy: Policy) -> str:
    following = incident.phase.next
    if following is None:
        told = "Everyone who was told before gets one last message. A closed incident cannot be opened again."
        return f"This closes {incident.name}. {told}"
    told = "Everyone who is kept informed will be told at once."
    if any(audience.is_drafted for audience in policy.audiences):
        told = "Stakeholders are told at once; where a person must send it, you get a draft here."
    return f"*{words.phase_name(following)}* is for {words.PURPOSE[following]}. {told}"
