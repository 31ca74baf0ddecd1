"""Which effects the events of the hypothesis tracker call for."""

from bot.core.decision import Event
from bot.core.effects import Effect, ShowHypothesis, Tell, TellThread
from bot.core.hint_rules import Hint
from bot.core.tracker.boxes import TestOverran
from bot.core.tracker.evidence import EvidenceAnswered, EvidenceWritten, MarkWithdrawn, ReplyMarked
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.hypotheses import (
    HypothesisConfirmed,
    HypothesisParked,
    HypothesisPlaced,
    HypothesisProposed,
    HypothesisRefuted,
    HypothesisRevised,
    TestStarted,
)
from bot.core.tracker.predictions import ChangeAllowed, HypothesisReady, PredictionStated, TestPlanned
from bot.core.tracker.rewriting import ReplyDeleted, ReplyEdited
from bot.core.tracker.trials import (
    HypothesesCarriedOver,
    HypothesisAssigned,
    HypothesisDuplicate,
    HypothesisInconclusive,
    TestExtended,
)

MOVES = (
    HypothesisReady,
    TestStarted,
    HypothesisInconclusive,
    HypothesisParked,
    HypothesisConfirmed,
    HypothesisRefuted,
    HypothesisDuplicate,
)
"""What gives a hypothesis another status."""
_ON_HYPOTHESIS = (
    *(HypothesisProposed, HypothesisPlaced, *MOVES, ReplyMarked, MarkWithdrawn, EvidenceWritten, EvidenceAnswered),
    *(PredictionStated, TestPlanned, ChangeAllowed, HypothesisAssigned, TestExtended, TestOverran),
    *(ReplyEdited, ReplyDeleted),
)
_IN_THREAD = (
    *(
        TestStarted,
        HypothesisInconclusive,
        HypothesisParked,
        HypothesisConfirmed,
        HypothesisRefuted,
        HypothesisDuplicate,
    ),
    *(EvidenceWritten, EvidenceAnswered, TestPlanned, ChangeAllowed, HypothesisAssigned, TestOverran),
)
IN_ITS_THREAD = (Hint.ALIKE, Hint.REFUTED_BEFORE, Hint.UNANSWERED, Hint.NO_PREDICTION)
"""The hints that whoever is concerned reads in the thread of the hypothesis, not in the room."""
_TURNED_OUT = (HypothesisConfirmed, HypothesisRefuted)


def on_hypothesis(event: Event) -> list[Effect]:
    """What the messages of hypotheses, their threads and the room come to show."""
    if isinstance(event, HypothesesCarriedOver):
        return [ShowHypothesis(hypothesis=number) for number in event.hypotheses]
    if isinstance(event, HintGiven):
        if event.hint not in IN_ITS_THREAD or event.hypothesis is None:
            return [Tell()]
        return [ShowHypothesis(hypothesis=event.hypothesis), TellThread(hypothesis=event.hypothesis)]
    if isinstance(event, HypothesisRevised):
        return [ShowHypothesis(hypothesis=number) for number in (event.hypothesis, event.of)]
    if isinstance(event, HypothesisProposed) and event.revises:
        return [ShowHypothesis(hypothesis=number) for number in (event.hypothesis, event.revises)]
    if not isinstance(event, _ON_HYPOTHESIS):
        return []
    said = isinstance(event, _IN_THREAD) and not _is_shown_only(event)
    thread = [TellThread(hypothesis=event.hypothesis, to_room=isinstance(event, _TURNED_OUT))] if said else []
    return [ShowHypothesis(hypothesis=event.hypothesis), *thread]


def _is_shown_only(event: Event) -> bool:
    """Whether the next event tells the thread of it, or its message shows all there is to say."""
    match event:
        case EvidenceWritten():
            return event.concludes
        case TestPlanned():
            return event.asks is None
        case HypothesisInconclusive():
            return event.why is None
    return False
