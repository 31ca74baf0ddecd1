"""What gates ask for, as fields: one entry per need says what is asked, how the answer is read back, and what must not be empty.

The form that leaves a phase and the one that fills in a single need are made of these, so that the two cannot drift apart.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.containment import RecordContainment, SettleMeasure
from bot.core.decision import Command, Origin
from bot.core.facts import MarkBoundaries, StateImpact, VerifyRecovery
from bot.core.gates import WaiveNeeds
from bot.core.incident import ContainmentResult, Incident
from bot.core.learning.action_checks import says_when_done, unclear
from bot.core.learning.actions import AddActionItem
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.policy_parts import Loss, Who
from bot.core.questions import NONE_LOST, UNKNOWN, AnswerQuestion, Source
from bot.core.roles import TakeRole
from bot.core.severity import AssessSeverity
from bot.slack import words
from bot.slack.blocks import Block, button, section
from bot.slack.forms import details, inputs
from bot.slack.forms.modal import Sent
from bot.slack.forms.severity import CHOOSE, questions
from bot.slack.ids import Action, Drawn, Field
from bot.slack.messages.gates import not_taken, waits_for_playbooks
from bot.slack.messages.postmortem import opens, stands
from bot.slack.text import quoted, sentence_case

MOST_FIELDS = 3
"""Of one form: nobody reads more under stress."""
LOST = "lost or exposed"
_UNDONE, _ASSIGNED = "undone", "assigned"
_FOR_NOW = "worked for now"
_FIND_OUT = "Find out whether data was lost or exposed"
_FARTHEST_ZONE = timedelta(hours=12)

_RESULTS = (
    ("It worked", ContainmentResult.WORKED.value),
    ("It worked for now, and must be undone or replaced", _FOR_NOW),
    ("It stopped by itself", ContainmentResult.SELF_LIMITED.value),
    ("It did not help", ContainmentResult.FAILED.value),
)
_SOURCES = tuple((sentence_case(source.value), source.value) for source in Source)
_DATA = (("None lost", NONE_LOST), ("Lost or exposed", LOST), ("Not known yet", UNKNOWN))
_MEASURES = (("It is undone or replaced", _UNDONE), ("Somebody will do that", _ASSIGNED))

EMPTY: dict[Field, str] = {
    Field.COMMANDER: "Please choose somebody.",
    Field.COMMUNICATIONS: "Please choose somebody.",
    Field.OPERATIONS: "Please choose somebody.",
    Field.ASSIGNEE: "Please choose somebody.",
    Field.IMPACT: "Please write who cannot do what.",
    Field.SOURCE: "Please choose one.",
    Field.WHO: CHOOSE,
    Field.LOSS: CHOOSE,
    Field.RESULT: "Please choose one.",
    Field.DATA: "Please choose one.",
    Field.MEASURE: "Please choose one.",
    Field.BOUNDARIES: "Please choose at least one.",
    Field.WORKING: "Please choose at least one.",
    Field.SIZE: "Please write how many, or that you are checking.",
    Field.WORKAROUND: "Please write what they can do, or `nothing known`.",
    Field.CHANGES: "Please write what changed, or `nothing found`.",
    Field.CONTAINMENT: "Please write what was done.",
    Field.RECOVERY: "Please write how we know.",
    Field.DATA_WHAT: "Please write what was lost or exposed.",
    Field.BACKLOG: "Please write what waits, or `nothing`.",
    Field.ACTION_ITEM: "Please write what we will change.",
    Field.DUE: "Please choose a day.",
    Field.DONE_WHEN: details.NOT_SEEN,
    Field.KIND: "Please choose one.",
    Field.FACTORS: "Please choose at least one.",
    Field.WAIVER: "Please write why, or fill in what is empty.",
}
"""What is said at a field that must not be empty."""


@dataclass(frozen=True)
class Asker:
    """For what and for whom a form is drawn: the incident, its policy, and who presses."""

    incident: Incident
    policy: Policy
    presser: str


@dataclass(frozen=True)
class Ask:
    """How one need is asked for: its blocks, the command that its answer is, and the fields that must be filled in (the rest only
    matters with some answers)."""

    blocks: Callable[[Asker], list[Block]]
    read: Callable[[Sent, Origin], Command]
    needed: Callable[[Sent], Sequence[Field]]


def fields_of(blocks: Iterable[Block]) -> list[Field]:
    """The fields among these blocks."""
    return [Field(block["block_id"]) for block in blocks if block["type"] == "input"]


def blocks_of(need: Need, asker: Asker, *, optional: bool = False) -> list[Block]:
    """What is asked for this need; `optional`: it can be left empty, and then somebody must say why."""
    blocks = ASKS[need].blocks(asker)
    return [_optional(block) for block in blocks] if optional else blocks


def one_of(incident: Incident, asked: Iterable[Need]) -> dict[str, int | None]:
    """Which temporary measure and which action item a form that asks for these is about."""
    measure = incident.unsettled[0] if Need.MEASURES in asked else None
    return {"measure": measure, "item": unclear(incident) if Need.CHECKED in asked else None}


def _optional(block: Block) -> Block:
    return block | {"optional": True} if block["type"] == "input" else block


def left_empty(sent: Sent, asked: Iterable[Need]) -> tuple[Need, ...]:
    """The needs that this form let be left empty, and that were."""
    return tuple(need for need in asked if _is_left_empty(sent, ASKS[need].needed(sent)))


def _is_left_empty(sent: Sent, fields: Sequence[Field]) -> bool:
    return all(sent.is_empty(field) and sent.may_be_empty(field) for field in fields)


def errors(sent: Sent, asked: Sequence[Need], now: datetime) -> dict[str, str]:
    """The fields that must hold something and do not, a due date that has passed everywhere on Earth, and an end that nobody could
    see."""
    filled = [need for need in asked if need not in left_empty(sent, asked)]
    needed = [field for need in filled for field in ASKS[need].needed(sent)]
    found = {field.value: EMPTY[field] for field in needed if sent.is_empty(field)}
    due = sent.day(Field.DUE)
    if due and due < (now - _FARTHEST_ZONE).date():
        found[Field.DUE.value] = "This day has passed. Please choose today or a later day."
    if (end := sent.text(Field.DONE_WHEN)) and not says_when_done(end):
        found[Field.DONE_WHEN.value] = EMPTY[Field.DONE_WHEN]
    return found


def facts(sent: Sent, asked: Iterable[Need], origin: Origin) -> tuple[Command, ...]:
    """What was filled in, as commands, in the order in which it was asked for."""
    empty = left_empty(sent, asked := tuple(asked))
    return tuple(ASKS[need].read(sent, origin) for need in asked if need not in empty)


def waiver(sent: Sent, needs: tuple[Need, ...], origin: Origin) -> tuple[Command, ...]:
    """That these are let go, if a reason was given."""
    reason = sent.text(Field.WAIVER)
    return (WaiveNeeds(origin=origin, needs=needs, reason=reason),) if reason and needs else ()


def _always(*fields: Field) -> Callable[[Sent], Sequence[Field]]:
    return lambda sent: fields


def _asked_of(fields: Sequence[Field]) -> Callable[[Sent], Sequence[Field]]:
    """Those of these fields that the form has."""
    return lambda sent: tuple(field for field in fields if sent.has(field))


def _text(field: Field, label: str, *, example: str = "", hint: str = "") -> Callable[[Asker], list[Block]]:
    return lambda asker: [inputs.text(field, label, example=example, hint=hint)]


def _question(need: Need, field: Field, label: str, *, example: str = "", hint: str = "") -> Ask:
    """A question that is answered in a line."""
    return Ask(
        blocks=_text(field, label, example=example, hint=hint),
        read=lambda sent, origin: AnswerQuestion(origin=origin, question=need, answer=sent.text(field) or ""),
        needed=_always(field),
    )


def _role(need: Need, field: Field) -> Ask:
    """Somebody for a role that nobody holds."""
    return Ask(
        blocks=lambda asker: [inputs.person(field, sentence_case(need.value))],
        read=lambda sent, origin: TakeRole(origin=origin, role=need.value, user=sent.user(field) or ""),
        needed=_always(field),
    )


def _contained(sent: Sent, origin: Origin) -> Command:
    result = sent.choice(Field.RESULT)
    return RecordContainment(
        origin=origin,
        action=sent.text(Field.CONTAINMENT) or "",
        result=ContainmentResult.WORKED if result == _FOR_NOW else ContainmentResult(str(result)),
        is_temporary=result == _FOR_NOW,
    )


def _data_blocks(asker: Asker) -> list[Block]:
    """Whether data was lost; once that is not known, who finds out."""
    if Need.DATA in asker.incident.answers:
        start = section("It is not known yet whether data was lost or exposed.")
        return [start, inputs.person(Field.ASSIGNEE, "Who finds out?"), inputs.day(Field.DUE, "Due date")]
    hint = "Only if something was."
    what = inputs.text(Field.DATA_WHAT, "Which data, and whose?", hint=hint, multiline=False, optional=True)
    return [inputs.choice(Field.DATA, "Was data lost or exposed?", _DATA), what]


def _data(sent: Sent, origin: Origin) -> Command:
    if not sent.has(Field.DATA):
        return _action_item(sent, origin, _FIND_OUT, about=Need.DATA)
    answer = str(sent.choice(Field.DATA))
    said = f"{answer}: {sent.text(Field.DATA_WHAT)}" if answer == LOST else answer
    return AnswerQuestion(origin=origin, question=Need.DATA, answer=said)


def _data_needed(sent: Sent) -> Sequence[Field]:
    if not sent.has(Field.DATA):
        return (Field.ASSIGNEE, Field.DUE)
    return (Field.DATA, Field.DATA_WHAT) if sent.choice(Field.DATA) == LOST else (Field.DATA,)


def _measure_blocks(asker: Asker) -> list[Block]:
    number = asker.incident.unsettled[0]
    done = quoted(asker.incident.containments[number - 1].action, 300)
    return [
        section(f"{done} is a temporary measure."),
        inputs.choice(Field.MEASURE, "What becomes of it?", _MEASURES),
        inputs.person(Field.ASSIGNEE, "Who undoes or replaces it?", optional=True),
        inputs.day(Field.DUE, "Due date", optional=True),
    ]


def _measure(sent: Sent, origin: Origin) -> Command:
    is_assigned = sent.choice(Field.MEASURE) == _ASSIGNED
    return SettleMeasure(
        origin=origin,
        measure=sent.drawn.measure or 0,
        assignee=sent.user(Field.ASSIGNEE) if is_assigned else None,
        due=sent.day(Field.DUE) if is_assigned else None,
    )


def _measure_needed(sent: Sent) -> Sequence[Field]:
    more = (Field.ASSIGNEE, Field.DUE) if sent.choice(Field.MEASURE) == _ASSIGNED else ()
    return (Field.MEASURE, *more)


def _playbook_blocks(asker: Asker) -> list[Block]:
    """What runs still have to do here. It cannot be filled in, only let go."""
    return [section(f"{waits_for_playbooks(asker.incident)} To go on without it, please say why.")]


def _not_filled_in(sent: Sent, origin: Origin) -> Command:
    raise LookupError("this is done elsewhere, not in a form")


def _actions_blocks(asker: Asker) -> list[Block]:
    """Who has not taken theirs, with the list in which each can."""
    press = button(words.SHOW_ACTIONS, Action.SHOW_ACTIONS, Drawn.of(asker.incident).write())
    return [section(f"Not taken yet: {not_taken(asker.incident)}.", press)]


def _postmortem_blocks(asker: Asker) -> list[Block]:
    """Where it stands, with the button that opens it."""
    text = f"The postmortem is not published: {stands(asker.incident, asker.policy)}."
    return [section(text, opens(asker.incident))]


def _checked_blocks(asker: Asker) -> list[Block]:
    """What is missing of one action item; or, when they only document or train, the way to add one that does more."""
    number = unclear(asker.incident)
    if number is None:
        press = button(words.ADD_ACTION, Action.ADD_ACTION, Drawn.of(asker.incident).write())
        return [section("All action items only document or train. What else would make it harder to happen?", press)]
    item = asker.incident.action(number)
    return [section(f"*A{number}* {quoted(item.what, 300)}"), *details.lacking(item)]


def _action_item(sent: Sent, origin: Origin, what: str, about: Need | None = None) -> Command:
    assigned = {"assignee": sent.user(Field.ASSIGNEE), "due": sent.day(Field.DUE)}
    return AddActionItem.model_validate({"origin": origin, "what": what, "about": about, **assigned})


ASKS: dict[Need, Ask] = {
    Need.COMMANDER: Ask(
        blocks=lambda asker: [inputs.person(Field.COMMANDER, "Incident commander", initial=asker.presser)],
        read=lambda sent, origin: TakeRole(origin=origin, user=sent.user(Field.COMMANDER) or ""),
        needed=_always(Field.COMMANDER),
    ),
    Need.IMPACT: Ask(
        blocks=_text(
            Field.IMPACT,
            "Who cannot do what?",
            example="Some customers cannot pay by card.",
            hint="Stakeholders read this sentence as you write it.",
        ),
        read=lambda sent, origin: StateImpact(origin=origin, impact=sent.text(Field.IMPACT) or ""),
        needed=_always(Field.IMPACT),
    ),
    Need.SOURCE: Ask(
        blocks=lambda asker: [inputs.choice(Field.SOURCE, "How was it noticed?", _SOURCES)],
        read=lambda sent, origin: AnswerQuestion(
            origin=origin, question=Need.SOURCE, answer=sent.choice(Field.SOURCE) or ""
        ),
        needed=_always(Field.SOURCE),
    ),
    Need.SEVERITY: Ask(
        blocks=lambda asker: questions(),
        read=lambda sent, origin: AssessSeverity(
            origin=origin, who=Who(str(sent.choice(Field.WHO))), loss=Loss(str(sent.choice(Field.LOSS)))
        ),
        needed=_always(Field.WHO, Field.LOSS),
    ),
    Need.BOUNDARY: Ask(
        blocks=lambda asker: [inputs.boundaries(asker.policy)],
        read=lambda sent, origin: MarkBoundaries(origin=origin, boundaries=sent.choices(Field.BOUNDARIES)),
        needed=_always(Field.BOUNDARIES),
    ),
    Need.WORKING: Ask(
        blocks=lambda asker: [inputs.boundaries(asker.policy, field=Field.WORKING, label="What was seen to work?")],
        read=lambda sent, origin: MarkBoundaries(origin=origin, working=sent.choices(Field.WORKING)),
        needed=_always(Field.WORKING),
    ),
    Need.SIZE: _question(
        Need.SIZE, Field.SIZE, "How many are hit?", example="About 5% of payments", hint="Or: unknown, checking."
    ),
    Need.WORKAROUND: _question(
        Need.WORKAROUND,
        Field.WORKAROUND,
        "What can they do meanwhile?",
        example="Pay by invoice.",
        hint="Stakeholders read this as you write it.",
    ),
    Need.CHANGES: _question(
        Need.CHANGES,
        Field.CHANGES,
        "What changed in the last 24 hours?",
        example="A release of checkout at 13:50",
        hint="Write `nothing found` if so.",
    ),
    Need.COMMUNICATIONS: _role(Need.COMMUNICATIONS, Field.COMMUNICATIONS),
    Need.OPERATIONS: _role(Need.OPERATIONS, Field.OPERATIONS),
    Need.CONTAINMENT: Ask(
        blocks=lambda asker: [
            inputs.text(Field.CONTAINMENT, "What was done to stop the harm?", example="Turned the new checkout off"),
            inputs.choice(Field.RESULT, "What came of it?", _RESULTS),
        ],
        read=_contained,
        needed=_always(Field.CONTAINMENT, Field.RESULT),
    ),
    Need.RECOVERY: Ask(
        blocks=_text(
            Field.RECOVERY,
            "How do we know it works again?",
            example="Payments have been at their usual level for 15 minutes",
        ),
        read=lambda sent, origin: VerifyRecovery(origin=origin, how=sent.text(Field.RECOVERY) or ""),
        needed=_always(Field.RECOVERY),
    ),
    Need.DATA: Ask(blocks=_data_blocks, read=_data, needed=_data_needed),
    Need.BACKLOG: _question(
        Need.BACKLOG,
        Field.BACKLOG,
        "What waits to be caught up with?",
        example="1,200 orders are sent again tonight",
        hint="Write `nothing` if so.",
    ),
    Need.MEASURES: Ask(blocks=_measure_blocks, read=_measure, needed=_measure_needed),
    Need.PLAYBOOK: Ask(blocks=_playbook_blocks, read=_not_filled_in, needed=_always()),
    Need.ACCEPTED: Ask(blocks=_actions_blocks, read=_not_filled_in, needed=_always()),
    Need.CHECKED: Ask(blocks=_checked_blocks, read=details.read, needed=_asked_of(details.DETAILS)),
    Need.POSTMORTEM: Ask(blocks=_postmortem_blocks, read=_not_filled_in, needed=_always()),
    Need.ACTION_ITEM: Ask(
        blocks=lambda asker: [
            inputs.text(
                Field.ACTION_ITEM,
                "What will we change?",
                example="Test checkout with every card before a release",
                hint=f"If nothing, press {words.NO_ACTION} on the card instead.",
            ),
            inputs.person(Field.ASSIGNEE, "Assignee"),
            inputs.day(Field.DUE, "Due date"),
        ],
        read=lambda sent, origin: _action_item(sent, origin, sent.text(Field.ACTION_ITEM) or ""),
        needed=_always(Field.ACTION_ITEM, Field.ASSIGNEE, Field.DUE),
    ),
}
"""Every need that a form can ask for: all but the hold, for which one can only wait."""
