"""What people can try who look for the cause: hypotheses, their predictions, tests and evidence, and hints."""

from typing import Any

from bot.core.decision import Command
from bot.core.hint_rules import Hint
from bot.core.incident import Incident, Mark, Side, Status
from bot.core.tracker.evidence import AnswerEvidence, KeepReply, MarkReply, WithdrawMark, WriteEvidence
from bot.core.tracker.hints import AnswerHint
from bot.core.tracker.hypotheses import (
    ConcludeHypothesis,
    MarkRevision,
    ParkHypothesis,
    PlaceHypothesis,
    ProposeHypothesis,
    StartTest,
    changed,
)
from bot.core.tracker.predictions import AllowChange, PlanTest, StatePrediction
from bot.core.tracker.rewriting import EditReply, NoteDeletion
from bot.core.tracker.trials import AssignHypothesis, CallInconclusive, ExtendTest, MarkDuplicate
from bot.core.trial import Answer, Explains, Given
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import (
    ANOTHER,
    EARLIER,
    LEADER,
    PLAN,
    PREDICTION,
    PROPOSED,
    TURNED_OUT,
    UNDER_TEST,
    with_testers,
)

_CHANGES = PLAN.but(how="Switch the flag off", changes_production=True, way_back="Switch it on again")
"""A test that changes production, with all that it needs but the go."""


def _predict(asked: Asked, number: int, if_true: str = PREDICTION.if_true) -> StatePrediction:
    return StatePrediction(origin=asked.by, hypothesis=number, if_true=if_true, if_false=PREDICTION.if_false)


def _plan(asked: Asked, number: int, how: str = PLAN.how) -> PlanTest:
    return PlanTest(origin=asked.by, hypothesis=number, how=how, cost=PLAN.cost)


def _known(asked: Asked) -> tuple[Command, ...]:
    """What must be known of the one that is proposed before it is tested."""
    return _predict(asked, PROPOSED), _plan(asked, PROPOSED)


def _test(asked: Asked, number: int, *first: Command) -> StartTest:
    return StartTest(origin=asked.by, hypothesis=number, present=asked.present, first=first)


def _anew(asked: Asked, number: int) -> ProposeHypothesis:
    return ProposeHypothesis(origin=asked.by, statement="It waits for another lock", revises=number)


def _conclude(asked: Asked, number: int, *first: Command, explains: Explains | None = Explains.ALL) -> Command:
    return ConcludeHypothesis(
        origin=asked.by, hypothesis=number, result=Side.FOR, why="It waits", explains=explains, first=first
    )


def _give(asked: Asked, number: int, user: str) -> AssignHypothesis:
    return AssignHypothesis(origin=asked.by, hypothesis=number, user=user, present=asked.present)


def _proposed(asked: Asked, **changes: Any) -> Incident:
    return changed(asked.now, PROPOSED, **changes)


def _under_test(asked: Asked, **changes: Any) -> Incident:
    return changed(asked.now, UNDER_TEST, **changes)


def _changing(asked: Asked) -> Incident:
    """The one that is proposed is tested by a change of production, which nobody has allowed yet."""
    return _proposed(asked, prediction=PREDICTION, plan=_CHANGES)


def _no_way_back(asked: Asked) -> Incident:
    """The same, and nobody has said how it is undone."""
    return _proposed(asked, prediction=PREDICTION, plan=_CHANGES.but(way_back=None))


def _both_change(asked: Asked) -> Incident:
    """The one that is proposed may change production, and the one under test does."""
    both = changed(_changing(asked), PROPOSED, allowed_by=LEADER)
    return changed(both, UNDER_TEST, plan=_CHANGES, allowed_by=LEADER)


def _without_result(asked: Asked) -> Incident:
    """The test that was running has shown nothing."""
    return _under_test(asked, status=Status.INCONCLUSIVE, plan=None, ends=None)


def _contradicted(asked: Asked) -> Incident:
    """The reply in the thread of the one under test speaks against it."""
    reply = asked.now.hypothesis(UNDER_TEST).replies[0]
    mark = Mark(user=ANOTHER, side=Side.AGAINST, at=EARLIER)
    return _under_test(asked, replies=(reply.but(marks=(mark,)),))


def _marked(asked: Asked) -> Incident:
    """The reply counts as evidence for, by the word of whoever asks."""
    reply = asked.now.hypothesis(PROPOSED).replies[0]
    return _proposed(asked, replies=(reply.but(marks=(Mark(user=asked.who, side=Side.FOR, at=EARLIER),)),))


def _testing(asked: Asked, many: int) -> Incident:
    return with_testers(asked.now, many)


def _hinted(asked: Asked) -> Incident:
    """Whoever leads was given a hint."""
    return asked.now.but(hints=(Given(number=1, key=f"{next(iter(Hint))}:", to=(LEADER,), at=EARLIER),))


PREPARING = (
    Attempt("Hypotheses", "propose one", lambda asked: ProposeHypothesis(origin=asked.by, statement="It is DNS")),
    Attempt(
        "Hypotheses",
        "say where one lies",
        lambda asked: PlaceHypothesis(origin=asked.by, hypothesis=PROPOSED, boundary=asked.policy.boundaries[0].id),
    ),
    Attempt("Hypotheses", "say what one predicts", lambda asked: _predict(asked, PROPOSED)),
    Attempt(
        "Hypotheses",
        "say something else once its test has begun",
        lambda asked: _predict(asked, UNDER_TEST, "Something else"),
    ),
    Attempt("Hypotheses", "say how one is tested", lambda asked: _plan(asked, PROPOSED)),
    Attempt("Hypotheses", "plan another test while one runs", lambda asked: _plan(asked, UNDER_TEST, "Ask around")),
    Attempt(
        "Hypotheses",
        "plan a test again that showed nothing",
        lambda asked: _plan(asked, UNDER_TEST),
        _without_result,
    ),
    Attempt("Hypotheses", "give one to somebody to test", lambda asked: _give(asked, PROPOSED, ANOTHER)),
    Attempt("Hypotheses", "give a running test to whoever leads", lambda asked: _give(asked, UNDER_TEST, LEADER)),
    Attempt(
        "Hypotheses",
        "give a running test to somebody who tests another",
        lambda asked: _give(asked, UNDER_TEST, "tester 3"),
        lambda asked: _testing(asked, 2),
    ),
    Attempt(
        "Hypotheses",
        "say that one is a duplicate",
        lambda asked: MarkDuplicate(origin=asked.by, hypothesis=PROPOSED, of=UNDER_TEST),
    ),
    Attempt(
        "Hypotheses",
        "say that one is a duplicate of itself",
        lambda asked: MarkDuplicate(origin=asked.by, hypothesis=PROPOSED, of=PROPOSED),
    ),
    Attempt(
        "Hypotheses",
        "say that one under test is a duplicate",
        lambda asked: MarkDuplicate(origin=asked.by, hypothesis=UNDER_TEST, of=PROPOSED),
    ),
)
TESTS = (
    Attempt("Hypotheses", "test one", lambda asked: _test(asked, PROPOSED, *_known(asked))),
    Attempt("Hypotheses", "test one of which only the idea is known", lambda asked: _test(asked, PROPOSED)),
    Attempt("Hypotheses", "take over the test of somebody else", lambda asked: _test(asked, UNDER_TEST)),
    Attempt(
        "Hypotheses",
        "test one besides another",
        lambda asked: _test(asked, PROPOSED, *_known(asked)),
        lambda asked: _under_test(asked, assignee=asked.who),
    ),
    Attempt(
        "Hypotheses",
        "test one while as many are tested as can be",
        lambda asked: _test(asked, PROPOSED, *_known(asked)),
        lambda asked: _testing(asked, asked.policy.tests_at_once),
    ),
    Attempt(
        "Hypotheses",
        "let a test change production",
        lambda asked: AllowChange(origin=asked.by, hypothesis=PROPOSED),
        _changing,
    ),
    Attempt(
        "Hypotheses",
        "let a test change production that knows no way back",
        lambda asked: AllowChange(origin=asked.by, hypothesis=PROPOSED),
        _no_way_back,
    ),
    Attempt(
        "Hypotheses",
        "begin a change of production that nobody has allowed",
        lambda asked: _test(asked, PROPOSED),
        _changing,
    ),
    Attempt(
        "Hypotheses",
        "begin a change of production while another test changes it",
        lambda asked: _test(asked, PROPOSED),
        _both_change,
    ),
    Attempt("Hypotheses", "give a test more time", lambda asked: ExtendTest(origin=asked.by, hypothesis=UNDER_TEST)),
    Attempt(
        "Hypotheses",
        "give a test more time once more",
        lambda asked: ExtendTest(origin=asked.by, hypothesis=UNDER_TEST),
        lambda asked: _under_test(asked, is_extended=True),
    ),
    Attempt(
        "Hypotheses",
        "give one more time that nobody tests",
        lambda asked: ExtendTest(origin=asked.by, hypothesis=PROPOSED),
    ),
    Attempt(
        "Hypotheses",
        "say that a test showed nothing",
        lambda asked: CallInconclusive(origin=asked.by, hypothesis=UNDER_TEST, why="The log was gone"),
    ),
    Attempt("Hypotheses", "test one that has turned out", lambda asked: _test(asked, TURNED_OUT)),
)
RESULTS = (
    Attempt("Hypotheses", "park one", lambda asked: ParkHypothesis(origin=asked.by, hypothesis=UNDER_TEST)),
    Attempt("Hypotheses", "confirm or refute one under test", lambda asked: _conclude(asked, UNDER_TEST)),
    Attempt(
        "Hypotheses",
        "confirm one without saying how much it explains",
        lambda asked: _conclude(asked, UNDER_TEST, explains=None),
    ),
    Attempt(
        "Hypotheses",
        "confirm one that evidence speaks against",
        lambda asked: _conclude(asked, UNDER_TEST),
        _contradicted,
    ),
    Attempt(
        "Hypotheses",
        "say why it is true all the same",
        lambda asked: AnswerEvidence(origin=asked.by, hypothesis=UNDER_TEST, text="That was the test system"),
        _contradicted,
    ),
    Attempt(
        "Hypotheses",
        "confirm or refute one that nobody tests",
        lambda asked: _conclude(asked, PROPOSED, *_known(asked)),
    ),
    Attempt("Hypotheses", "confirm or refute one that has turned out", lambda asked: _conclude(asked, TURNED_OUT)),
    Attempt("Hypotheses", "state one that has turned out anew", lambda asked: _anew(asked, TURNED_OUT)),
    Attempt("Hypotheses", "state one anew that is open", lambda asked: _anew(asked, PROPOSED)),
    Attempt(
        "Hypotheses",
        "say that one states anew what had turned out",
        lambda asked: MarkRevision(origin=asked.by, hypothesis=PROPOSED, of=TURNED_OUT),
    ),
    Attempt(
        "Hypotheses",
        "propose one that names a person",
        lambda asked: ProposeHypothesis(origin=asked.by, statement="Robin Meyer undid it", names=("Robin Meyer",)),
    ),
    Attempt(
        "Hypotheses",
        "propose one that is longer than a line",
        lambda asked: ProposeHypothesis(origin=asked.by, statement="It waits. " * 20),
    ),
    Attempt(
        "Hypotheses",
        "park one that has turned out",
        lambda asked: ParkHypothesis(origin=asked.by, hypothesis=TURNED_OUT),
    ),
)
EVIDENCE = (
    Attempt(
        "Hypotheses",
        "reply in its thread",
        lambda asked: KeepReply(
            origin=asked.by, hypothesis=PROPOSED, reply="1.3", author=asked.who, text="It waits for a lock"
        ),
    ),
    Attempt(
        "Hypotheses",
        "mark a reply as evidence",
        lambda asked: MarkReply(origin=asked.by, hypothesis=PROPOSED, reply="1.2", side=Side.FOR),
    ),
    Attempt(
        "Hypotheses",
        "take such a mark back",
        lambda asked: WithdrawMark(origin=asked.by, hypothesis=PROPOSED, reply="1.2", side=Side.FOR),
        _marked,
    ),
    Attempt(
        "Hypotheses",
        "edit a reply",
        lambda asked: EditReply(origin=asked.by, hypothesis=PROPOSED, reply="1.2", text="It waited"),
    ),
    Attempt(
        "Hypotheses",
        "delete a reply",
        lambda asked: NoteDeletion(origin=asked.by, hypothesis=PROPOSED, reply="1.2"),
    ),
    Attempt(
        "Hypotheses",
        "write evidence in a form",
        lambda asked: WriteEvidence(origin=asked.by, hypothesis=PROPOSED, side=Side.FOR, text="It waits"),
    ),
    Attempt(
        "Hypotheses",
        "answer a hint",
        lambda asked: AnswerHint(origin=asked.by, hint=1, answer=Answer.DONE),
        _hinted,
    ),
)
HYPOTHESES = (*PREPARING, *TESTS, *RESULTS, *EVIDENCE)
