"""What Slack tests start from: a check of Slack's limits, forms sent as Slack sends them, and incidents full of long texts."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.action_item import ActionItem
from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded, HoldPassed, ImpactReturned, MeasureSettled
from bot.core.decision import AttemptRefused, Event
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.core.ends import IncidentCancelled, IncidentMerged
from bot.core.facts import BoundariesMarked, DetectionStated, ImpactStated, RecoveryVerified, StartStated, TitleChanged
from bot.core.gates import NeedsWaived
from bot.core.incident import (
    COMMANDER,
    Cause,
    Containment,
    ContainmentResult,
    Failure,
    Hypothesis,
    Incident,
    Link,
    LinkKind,
    Mark,
    Phase,
    Proposal,
    Reply,
    Seat,
    Side,
    Status,
    Thread,
    Told,
    Waiver,
)
from bot.core.learning.actions import ActionItemAdded, NoActionNeeded
from bot.core.lifecycle import IncidentClosed, IncidentDeclared, PhaseEntered
from bot.core.links import IncidentLinked
from bot.core.needs import EARLIEST, HELD, Need
from bot.core.notes import MessagePinned, NoteAdded
from bot.core.pictures import PictureAsked
from bot.core.policy import Policy
from bot.core.policy_parts import Loss, Who
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.questions import QUESTIONS, QuestionAnswered
from bot.core.redaction import TextRedacted
from bot.core.refusal import NotInPolicy
from bot.core.roles import RoleTaken, SeatFoundEmpty
from bot.core.rooms import HistoryKept, RoomArchived, RoomLost, RoomOpened, RoomRetired
from bot.core.router.cadence import CadenceStretched
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import PromiseMoved, UpdateSent
from bot.core.router.reminders import LateNoted, RemindersSnoozed, UpdateReminded
from bot.core.router.subscribing import PeopleSubscribed, PeopleUnsubscribed
from bot.core.router.updates import Occasion, UpdateDrafted, UpdateIssued
from bot.core.router.withheld import FactsWithheld
from bot.core.rungs import Step
from bot.core.severity import SeverityChanged
from bot.core.tracker.evidence import EvidenceWritten, MarkWithdrawn, ReplyKept, ReplyMarked
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisPlaced,
    HypothesisPosted,
    HypothesisProposed,
    HypothesisRefuted,
    TestStarted,
)
from bot.core.trial import BoundaryState, Check, Explains, Plan, Prediction
from bot.sandbox.blocks import validation
from bot.sandbox.blocks.elements import chosen, initial_values
from bot.slack.messages.message import Message
from tests.core.action_examples import SAID, action_events
from tests.core.given import in_phase
from tests.core.postmortem_examples import postmortem_events
from tests.core.role_examples import role_events
from tests.core.run_examples import going, offers, run_events
from tests.core.tracker_examples import tracker_events

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NASTY = "<!channel> & <!subteam^S1|x> *bold* `code` https://x.y|z \n> & <@U1> " * 90
"""About 6,000 code points that grow when they are escaped."""
SOMEBODY = "U" * 11
"""A user id of the usual length."""

LARGE_POLICY = Policy.model_validate(
    {
        "announce_in": "#incidents",
        "unset_counts_as": "&" * 60,
        "severities": [
            {
                "name": f"{'&' * 59}{n}" if n else "&" * 60,
                "means": NASTY,
                "first_update_minutes": 1,
                "then_every_minutes": 1,
            }
            for n in range(10)
        ],
        "boundaries": [
            {
                "id": f"b{n}",
                "name": "&" * 60,
                "depends_on": [f"b{other}" for other in range(30) if other != n],
                "team": "&" * 60,
            }
            for n in range(100)
        ],
        "audiences": [
            {
                "name": f"{'a' * 38}{n:02}",
                "channel": f"#{'c' * 78}{n:02}",
                "hears": ["&" * 60],
                "sent_by": "a person" if n % 2 else "lockstep",
            }
            for n in range(100)
        ],
        "gates": [
            {"need": need, "at": ["&" * 60], "can_be_waived": True}
            for need in EARLIEST
            if need not in (Need.COMMANDER, Need.IMPACT, *HELD)
        ],
        "roles": [
            {"name": f"{'&' * 58}{n:02}" if n else COMMANDER, "short": [f"{'&' * 57}{n:02}."], "does": NASTY}
            for n in range(20)
        ],
    }
)
"""The largest policy there can be, full of what grows when it is escaped."""
LONG_NAMES = LARGE_POLICY.but(audiences=LARGE_POLICY.audiences[:20], roles=LARGE_POLICY.roles[:10])
"""A company with many names, all as long as they may be: ten roles and twenty audiences."""


def fits(message: Message) -> Message:
    """The message, which Slack would take: Block Kit's rules, a fallback short enough to edit, and blocks below the cap that
    Slack does not document."""
    validation.message_blocks(message.blocks)
    assert 0 < len(message.text) <= 4000
    assert sum(len(text["text"]) for text in texts(message.blocks)) < 12_000
    return message


def view_fits(view: dict[str, Any]) -> dict[str, Any]:
    """The view, which Slack would take; it asks for three things at most."""
    validation.view(view, "modal")
    assert len([block for block in view["blocks"] if block["type"] == "input"]) <= 3
    return view


def texts(value: Any) -> Iterator[dict[str, Any]]:
    """Every text object in some blocks or a view."""
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts(item)


def shown(message: Message) -> str:
    """All that people see of a message."""
    return "\n".join(text["text"] for text in texts(message.blocks))


def markup(message: Message) -> str:
    """All of a message that Slack reads as markup."""
    return "\n".join([message.text, *(text["text"] for text in texts(message.blocks) if text["type"] == "mrkdwn")])


def buttons(value: Any) -> Iterator[dict[str, Any]]:
    """Every button in some blocks or a view."""
    return _of_type("button", value)


def menus(value: Any) -> Iterator[dict[str, Any]]:
    """Every menu outside of a form's fields, in some blocks or a view."""
    rows = [block for block in value if block["type"] == "actions"]
    return _of_type("static_select", rows)


def _of_type(kind: str, value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _of_type(kind, item)


def labels(message: Message) -> list[str]:
    """What stands on the buttons of a message."""
    return [button["text"]["text"] for button in buttons(message.blocks)]


def pings(message: Message) -> list[str]:
    """What in a message would call a channel or a group, or lead away from Slack, because somebody typed it."""
    return re.findall(r"<(?:!channel|!here|!everyone|!subteam\^S1\||https://x)", markup(message))


def sent(view: dict[str, Any], **filled: Any) -> dict[str, Any]:
    """The view as Slack hands it back when somebody filled in these fields, by block id, and sent it."""
    view_fits(view)
    values = initial_values(view["blocks"])
    for block in view["blocks"]:
        if block["type"] == "input" and block["block_id"] in filled:
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: chosen(element, filled.pop(block["block_id"]))}
    assert not filled, f"the form has no {filled}"
    return view | {"state": {"values": values}}


_SIDES = ((), (Side.FOR,), (Side.AGAINST,), (Side.FOR, Side.AGAINST))
_REPLIES = tuple(
    Reply(
        ref=f"{n}.0",
        author=SOMEBODY,
        marks=tuple(Mark(user=SOMEBODY, side=side, at=NOW) for side in _SIDES[n % 4]),
        edits=(NOW + timedelta(minutes=n % 3),),
        is_deleted=n % 5 == 0,
    )
    for n in range(400)
)


def supposition(number: int, status: Status) -> Hypothesis:
    """A hypothesis in which everything is as long as people can make it, with evidence of every kind."""
    return Hypothesis(
        number=number,
        statement=NASTY,
        boundary=f"b{number}",
        status=status,
        since=NOW,
        by=SOMEBODY,
        proposed_by=SOMEBODY,
        assignee=SOMEBODY,
        why=NASTY,
        thread=Thread(
            channel="C0123456789",
            ts="1795442420.000100",
            permalink=f"https://{'company' * 3}.slack.com/archives/C0123456789/p1795442420000100",
        ),
        replies=_REPLIES,
        likelihood=3,
        prediction=Prediction(if_true=NASTY, if_false=NASTY),
        plan=Plan(how=NASTY, cost=3, changes_production=True, at=NOW, way_back=NASTY),
        allowed_by=SOMEBODY,
        tested=(NASTY, NASTY),
        ends=NOW,
        explains=Explains.PARTLY,
        same_as=number,
        revises=1,
        place=NASTY if number % 2 else None,
    )


_SUPPOSITIONS = tuple(supposition(n + 1, list(Status)[n % len(Status)]) for n in range(60))
_LONG_EFFECT = "PostUpdate updates:" + "&" * 90


def stuffed(phase: Phase, policy: Policy = LARGE_POLICY) -> Incident:
    """An incident in this phase in which everything is as long as people can make it."""
    told = Told(updates=9, last=NOW, promised=NOW + timedelta(days=1))
    return in_phase(phase).but(
        title=NASTY,
        impact=NASTY,
        started=NOW,
        is_start_estimated=True,
        detected=NOW,
        is_detection_estimated=True,
        links=(Link(kind=LinkKind.ABSORBED, other=10**9, channel="C0123456789", hypotheses=tuple(range(1, 99))),) * 9,
        severity="&" * 60,
        severities=("&" * 60,),
        seats={role.name: Seat(user=SOMEBODY, since=NOW) for role in policy.roles},
        hypotheses=_SUPPOSITIONS,
        told={audience.name: told for audience in policy.audiences},
        undrafted_until={audience.name: NOW for audience in policy.audiences if audience.is_drafted},
        runs=(going(NOW, SOMEBODY),),
        boundaries=tuple(boundary.id for boundary in LARGE_POLICY.boundaries),
        working=tuple(boundary.id for boundary in LARGE_POLICY.boundaries),
        answers=dict.fromkeys(QUESTIONS, NASTY),
        waivers=tuple(Waiver(need=need, reason=NASTY, by=SOMEBODY, at=NOW) for need in Need),
        checks={
            boundary.id: Check(state=BoundaryState.AFFECTED, by=SOMEBODY, at=NOW)
            for boundary in LARGE_POLICY.boundaries
        },
        containments=(Containment(action=NASTY, result=ContainmentResult.WORKED, at=NOW, is_temporary=True),) * 9,
        contained_at=NOW,
        relapses=99,
        recovery=NASTY,
        action_items=(ActionItem(what=NASTY, assignee=SOMEBODY, due=date(2026, 12, 1)),) * 9,
        proposals=(Proposal(number=1, text=NASTY, by=SOMEBODY, until=NOW),) * 9,
        failures=(Failure(effect=_LONG_EFFECT, reason="&" * 999, at=NOW, effect_id="e" * 64),) * 9,
    )


PHASES = list(Phase)


def of_every_kind() -> list[Event]:
    """One event of each kind there is, its texts as long as people can make them, as it may happen to a stuffed incident."""
    here: dict[str, Any] = {"at": NOW + timedelta(minutes=5), "actor": SOMEBODY}
    severity, role = "&" * 60, LARGE_POLICY.roles[-1].name
    return [
        IncidentDeclared(**here, team="T1", number=1, title=NASTY, severity=severity, policy="a-policy"),
        AttemptRefused(
            **here, attempt="SetSeverity", refusal=NotInPolicy(what="severity", given=NASTY, known=(NASTY,))
        ),
        PhaseEntered(**here, phase=Phase.CONTAINMENT),
        *_of_ends(here),
        RoomOpened(**here, channel="C1", name="inc-1"),
        RoomLost(**here, channel="C1"),
        RoomRetired(**here),
        HistoryKept(**here, messages=9, history=NASTY),
        RoomArchived(**here),
        RoleTaken(**here, role=role, user=SOMEBODY, former="U" * 10),
        *role_events(here["at"], SOMEBODY, "U" * 10, role, NASTY),
        *run_events(here["at"], SOMEBODY, NASTY),
        offers(here["at"], SOMEBODY, *["&" * 80] * 3),
        SeatFoundEmpty(**here, role=COMMANDER),
        SeverityChanged(**here, severity=severity, who=Who.ALL, loss=Loss.EVERYTHING, is_lowered=True, reason=NASTY),
        PhaseTakesLong(**here, phase=Phase.CONTAINMENT, to="U" * 10),
        PromptsSnoozed(**here, until=NOW),
        TitleChanged(**here, title=NASTY),
        ImpactStated(**here, impact=NASTY),
        StartStated(**here, started=NOW, is_estimated=True),
        DetectionStated(**here, detected=NOW, is_estimated=True),
        BoundariesMarked(**here, boundaries=tuple(boundary.id for boundary in LARGE_POLICY.boundaries)),
        ContainmentRecorded(**here, action=NASTY, result=ContainmentResult.SELF_LIMITED),
        HoldPassed(**here, since=NOW),
        ImpactReturned(**here, relapse=99),
        MeasureSettled(**here, measure=9, assignee=SOMEBODY, due=date(2026, 12, 1)),
        QuestionAnswered(**here, question=Need.DATA, answer=NASTY),
        NeedsWaived(**here, needs=tuple(Need), reason=NASTY),
        RecoveryVerified(**here, how=NASTY),
        *_of_hypotheses(here),
        *_of_learning(here),
        *_of_updates(here),
        PolicyAdopted(**here, policy="b", former="a", changes=(f"severity {severity}",) * 99),
        DeliveryFailed(**here, effect=_LONG_EFFECT, reason="&" * 999, effect_id="e" * 64),
        DeliveryRetried(**here, effect=_LONG_EFFECT, effect_id="e" * 64),
        DeliveryDropped(**here, effect=_LONG_EFFECT, effect_id="e" * 64, reason=NASTY),
        TextRedacted(**here, entries=dict.fromkeys(range(1, 999), ("text",)), posts=(1000,), reason=NASTY),
    ]


_LINK = "https://acme.slack.com/archives/C1/p1795442420000100"


def _of_learning(here: dict[str, Any]) -> list[Event]:
    """What is kept for later, and what is done with it."""
    return [
        NoteAdded(**here, text=NASTY),
        PictureAsked(**here),
        *postmortem_events(here["at"], SOMEBODY, NASTY),
        MessagePinned(**here, ts="1795442420.000100", author=SOMEBODY, posted=NOW, permalink=_LINK, text=NASTY),
        ActionItemAdded(**here, what=NASTY, assignee=SOMEBODY, due=date(2026, 12, 1)),
        ActionItemAdded(**here, what=NASTY, done_when=NASTY, assignee=SOMEBODY, due=date(2026, 12, 1), item=1, **SAID),
        *action_events(here["at"], SOMEBODY, "U" * 10, NASTY),
        NoActionNeeded(**here, reason=NASTY),
    ]


def _of_ends(here: dict[str, Any]) -> list[Event]:
    return [
        IncidentClosed(**here),
        IncidentCancelled(**here, cause=Cause.KNOWN, words=NASTY),
        IncidentMerged(**here, into=7, channel="C0123456789"),
        IncidentLinked(
            **here,
            kind=LinkKind.ABSORBED,
            other=7,
            channel="C0123456789",
            seats={role.name: SOMEBODY for role in LARGE_POLICY.roles},
            hypotheses=tuple(range(1, 99)),
            started=NOW,
            is_estimated=True,
        ),
    ]


def _of_hypotheses(here: dict[str, Any]) -> list[Event]:
    one = here | {"hypothesis": 60}
    on_reply = one | {"reply": "1795442420.000100", "side": Side.FOR}
    return [
        HypothesisProposed(**one, statement=NASTY, boundary="b1"),
        HypothesisProposed(**one, statement=NASTY, boundary=None, place=NASTY, revises=59),
        HypothesisPlaced(**one, boundary="b1"),
        HypothesisPosted(**one, channel="C1", ts="1795442420.000100", permalink=_LINK),
        TestStarted(**one, assignee=SOMEBODY),
        HypothesisParked(**one),
        HypothesisConfirmed(**one, why=NASTY),
        HypothesisRefuted(**one, why=NASTY),
        ReplyKept(**one, reply="1795442420.000100", author=SOMEBODY, permalink=_LINK, text=NASTY),
        ReplyMarked(**on_reply),
        MarkWithdrawn(**on_reply),
        EvidenceWritten(**one, reply="form-1", side=Side.AGAINST, text=NASTY),
        *tracker_events(here["at"], SOMEBODY, "U" * 10, NASTY, one=60, other=59),
    ]


def _of_updates(here: dict[str, Any]) -> list[Event]:
    audience = LARGE_POLICY.audiences[1].name
    wording = here | {"audience": audience, "phase": Phase.TRIAGE, "since": NOW, "severity": "&" * 60, "promised": NOW}
    wording |= {"impact": NASTY, "occasion": Occasion.WRITTEN}
    return [
        UpdateIssued(**wording, text=NASTY, wrong=NASTY, corrects=NOW, to_channel=True),
        UpdateDrafted(**wording, until=NOW + timedelta(days=1)),
        *_of_promises(here, wording, audience),
        PromiseMoved(**here, audience=audience, promised=NOW),
        UpdateSent(**here, audience=audience, update=7, unreached=("U" * 10,) * 20),
    ]


def _of_promises(here: dict[str, Any], wording: dict[str, Any], audience: str) -> list[Event]:
    """Reminders of as many audiences as there can be."""
    names = [one.name for one in LARGE_POLICY.audiences]
    times: dict[str, Any] = dict.fromkeys(names, NOW)
    counts = dict.fromkeys(names, 99)
    told: dict[str, Any] = {"due": times, "nexts": times, "told": counts, "taken": counts, "ladder_of": times}
    return [
        UpdateReminded(
            **wording, **told, step=Step.MISSED, to=("U" * 10,) * 2, calls=("@leads",) * 20, is_unchanged=True
        ),
        LateNoted(**here, audience=audience, due=NOW, last=NOW, taken=9, ladder_of=NOW, to_channel=True, impact=NASTY),
        FactsWithheld(**here, facts=("impact",), audiences=tuple(names), rules=("U2", "U3"), to="U1"),
        FactsWithheld(**here, facts=("size", "workaround"), audiences=tuple(names), rules=("U5",), to="U1"),
        PeopleSubscribed(**here, people=("U" * 10,) * 99, by_rule=True),
        PeopleUnsubscribed(**here, people=("U" * 10,)),
        RulesOverridden(**here, rules=dict.fromkeys(names, ("U2", "U3")), because=NASTY),
        RemindersSnoozed(**here, audiences=tuple(names), until=NOW),
        CadenceStretched(**here, since=NOW, times=10),
    ]
