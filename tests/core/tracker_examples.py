"""One of each kind of event, refusal and command by which a hypothesis gets to its test and its result, and of hints."""

from datetime import datetime
from typing import Any

from bot.core.decision import Command, Event, Origin
from bot.core.hint_rules import Hint
from bot.core.incident import Status
from bot.core.refusal import (
    Contradicted,
    Frozen,
    NoDuplicate,
    NoRevision,
    NotReady,
    NotUnderTest,
    Refusal,
    SameTest,
    TestsFull,
    Unfit,
)
from bot.core.tracker.boxes import AskAboutTest, TestOverran
from bot.core.tracker.evidence import AnswerEvidence, EvidenceAnswered
from bot.core.tracker.hints import AnswerHint, GiveHint, HintAnswered, HintGiven
from bot.core.tracker.hypotheses import HypothesisRevised, MarkRevision
from bot.core.tracker.predictions import (
    AllowChange,
    ChangeAllowed,
    HypothesisReady,
    PlanTest,
    PredictionStated,
    StatePrediction,
    TestPlanned,
)
from bot.core.tracker.rewriting import EditReply, NoteDeletion, ReplyDeleted, ReplyEdited
from bot.core.tracker.trials import (
    AssignHypothesis,
    CallInconclusive,
    ExtendTest,
    HypothesesCarriedOver,
    HypothesisAssigned,
    HypothesisDuplicate,
    HypothesisInconclusive,
    MarkDuplicate,
    TestExtended,
)
from bot.core.trial import Answer


def tracker_events(
    at: datetime, actor: str, user: str, text: str, *, one: int = 1, other: int = 2
) -> tuple[Event, ...]:
    """One event of each kind, about this person and these hypotheses, with this text where somebody types one."""
    here: dict[str, Any] = {"at": at, "actor": actor}
    about = here | {"hypothesis": one}
    return (
        PredictionStated(**about, if_true=text, if_false=text, likelihood=3),
        TestPlanned(**about, how=text, cost=3, changes_production=True, way_back=text, assignee=user, asks=user),
        HypothesisReady(**about, assignee=user),
        ChangeAllowed(**about),
        HypothesisInconclusive(**about, why=text),
        HypothesisDuplicate(**about, of=other),
        HypothesisAssigned(**about, assignee=user, ends=at),
        TestExtended(**about, ends=at),
        HypothesesCarriedOver(**here, hypotheses=(one, other)),
        EvidenceAnswered(**about, replies=("1.1",), text=text),
        TestOverran(**about, to=user, overrun=2),
        HintGiven(**here, number=1, hint=Hint.REFUTED_BEFORE, about="2 1", to=(user,), hypothesis=one, other=other),
        HintAnswered(**here, number=1, hint=Hint.REFUTED_BEFORE, answer=Answer.LATER, until=at),
        ReplyEdited(**about, reply="9.9", permalink=None, text=text),
        ReplyDeleted(**about, reply="9.9"),
        HypothesisRevised(**about, of=other),
    )


def tracker_refusals() -> tuple[Refusal, ...]:
    """One refusal of each kind."""
    return (
        NotReady(hypothesis=1, lacks=("prediction", "test")),
        TestsFull(hypotheses=(1, 2), because="all"),
        Frozen(hypothesis=1, what="prediction"),
        SameTest(hypothesis=1),
        Contradicted(hypothesis=1, open=2),
        NotUnderTest(hypothesis=1, status=Status.PARKED),
        NoDuplicate(hypothesis=1, of=2, because="tested"),
        Unfit(names_somebody=True, length=150, most=140),
        NoRevision(of=2, because="open"),
    )


def tracker_commands(by: Origin) -> tuple[Command, ...]:
    """One command of each kind, about H1."""
    about: dict[str, Any] = {"origin": by, "hypothesis": 1}
    return (
        StatePrediction(**about, if_true="Full", if_false="Free"),
        PlanTest(**about, how="Look"),
        AllowChange(**about),
        CallInconclusive(**about, why="No log"),
        MarkDuplicate(**about, of=1),
        AssignHypothesis(**about, user="UCAROL"),
        ExtendTest(**about),
        AnswerEvidence(**about, text="Another system"),
        AnswerHint(origin=by, hint=1, answer=Answer.DONE),
        AskAboutTest(**about, due=by.at),
        GiveHint(origin=by, due=by.at),
        EditReply(**about, reply="1.1", text="Seen twice"),
        NoteDeletion(**about, reply="1.1"),
        MarkRevision(**about, of=1),
    )
