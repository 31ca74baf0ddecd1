"""Facts: when the harm began, and several facts corrected at once."""

import pytest

from bot.core.containment import RecordContainment
from bot.core.decision import Command
from bot.core.effects import Announce, SetTopic, ShowCard, Tell
from bot.core.facts import CorrectFacts, MarkBoundaries, Retitle, StartStated, StateImpact, StateStart, VerifyRecovery
from bot.core.incident import ContainmentResult, End, Phase
from bot.core.refusal import HasEnded, NotInPolicy, NotYet, SaysNothing
from bot.core.router.updates import SendUpdate, UpdateIssued
from bot.core.severity import SetSeverity
from tests.core.given import ALICE, BOB, at, closed, decided, declared, in_phase, kinds, only, origin, wishes


def start(minutes: float, *, said: float = 10) -> StateStart:
    """BOB says after so many minutes that it began then."""
    return StateStart(origin=origin(BOB, said), started=at(minutes))


def correct(*facts: Command) -> CorrectFacts:
    """BOB corrects these."""
    return CorrectFacts(origin=origin(BOB, 10), facts=facts)


def impact(words: str) -> StateImpact:
    """BOB says who cannot do what."""
    return StateImpact(origin=origin(BOB, 10), impact=words)


def title(words: str) -> Retitle:
    """BOB calls it this."""
    return Retitle(origin=origin(BOB, 10), title=words)


def test_when_the_harm_began_is_not_known_until_somebody_says_so():
    assert declared().started is None
    after, decision = decided(declared(), start(-30))
    assert decision.events == (StartStated(at=at(10), actor=BOB, started=at(-30)),)
    assert after.started == at(-30) and after.declared_at == at(0)


@pytest.mark.parametrize("minutes", [-10_000, 0, 5, 10])
def test_the_harm_may_have_begun_at_any_time_up_to_now(minutes):
    assert decided(declared(), start(minutes))[0].started == at(minutes)


@pytest.mark.parametrize("minutes", [10.02, 60])
def test_a_time_that_has_not_come_yet_is_refused(minutes):
    after, decision = decided(declared(), start(minutes))
    assert decision.refusal == NotYet(given=at(minutes)) and after.started is None


def test_the_start_can_be_corrected_and_said_twice_without_effect():
    incident, _ = decided(declared(), start(-30))
    assert decided(incident, start(-30, said=12))[1].events == ()
    assert decided(incident, start(-45))[0].started == at(-45)


@pytest.mark.parametrize("phase", list(Phase))
def test_facts_can_be_corrected_in_every_phase(phase):
    wrong = in_phase(phase)
    right, decision = decided(wrong, correct(title("Search is down"), impact("Nobody finds anything"), start(-5)))
    assert kinds(decision) == ["TitleChanged", "ImpactStated", "StartStated"]
    assert (right.title, right.impact, right.started) == ("Search is down", "Nobody finds anything", at(-5))
    assert right.phase is phase


def test_facts_that_stand_already_are_not_recorded_again():
    incident, _ = decided(declared(), impact("Nobody can pay"))
    after, decision = decided(incident, correct(title("Checkout is failing"), impact("Nobody can pay")))
    assert decision.events == () and decision.refusal is None and after == incident


def test_of_several_facts_only_those_that_changed_are_recorded():
    decision = decided(declared(), correct(title("Checkout is failing"), impact("Nobody can pay")))[1]
    assert kinds(decision) == ["ImpactStated"]


def test_the_first_fact_that_is_refused_ends_it_and_those_before_it_stand():
    after, decision = decided(declared(), correct(title("Search is down"), start(20), impact("Never read")))
    assert decision.refusal == NotYet(given=at(20))
    assert kinds(decision) == ["TitleChanged", "AttemptRefused"]
    assert (after.title, after.impact) == ("Search is down", None)


def test_a_correction_of_nothing_changes_nothing():
    assert decided(declared(), correct())[1].events == ()


def test_nothing_is_corrected_once_it_is_over_not_even_in_part():
    decision = decided(closed(), correct(title("Search is down"), impact("Nobody finds anything")))[1]
    assert decision.refusal == HasEnded(end=End.CLOSED) and kinds(decision) == ["AttemptRefused"]


def test_a_severity_among_the_corrections_is_told_to_each_audience_once():
    severity = SetSeverity(origin=origin(BOB, 10), severity="SEV1")
    after, decision = decided(declared(), correct(severity, impact("Nobody can pay")))
    told = [(event.audience, event.impact) for event in decision.events if isinstance(event, UpdateIssued)]
    assert told == [("executives", "Nobody can pay"), ("support", "Nobody can pay")]
    assert after.severity == "SEV1"


def test_the_next_update_says_what_is_true_now():
    incident, _ = decided(declared("SEV3"), impact("Nobody can pay"), impact("Nobody can pay by card"), start(-5))
    decision = decided(incident, SendUpdate(origin=origin(), text="We are on it."))[1]
    update = only(UpdateIssued, decision)
    assert (update.impact, update.started) == ("Nobody can pay by card", at(-5))


def test_a_correction_of_facts_is_told_to_no_stakeholder_by_itself():
    decision = decided(declared("SEV1"), correct(title("Search is down"), impact("Nobody pays"), start(-5)))[1]
    assert not [event for event in decision.events if isinstance(event, UpdateIssued)]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (title(" "), SaysNothing(what="title")),
        (impact(""), SaysNothing(what="impact")),
        (
            RecordContainment(origin=origin(), action="", result=ContainmentResult.WORKED),
            SaysNothing(what="containment action"),
        ),
        (VerifyRecovery(origin=origin(), how="\x00"), SaysNothing(what="how recovery was verified")),
        (
            MarkBoundaries(origin=origin(), boundaries=("search", "moon")),
            NotInPolicy(what="boundary", given="moon", known=("checkout", "search")),
        ),
    ],
)
def test_a_fact_that_is_refused_leaves_everything_as_it_was(command, refusal):
    before = declared()
    after, decision = decided(before, command)
    assert decision.refusal == refusal and kinds(decision) == ["AttemptRefused"]
    assert after == before.but(seq=after.seq)


@pytest.mark.parametrize(
    "command",
    [
        title("Search is down"),
        impact("Nobody can pay"),
        start(-30),
        MarkBoundaries(origin=origin(), boundaries=("search",)),
        VerifyRecovery(origin=origin(), how="The graph is flat"),
    ],
    ids=["title", "impact", "start", "boundaries", "recovery"],
)
def test_a_fact_that_stands_already_changes_nothing(command):
    incident, _ = decided(declared(), command)
    after, decision = decided(incident, command)
    assert decision.events == () and after == incident


def test_boundaries_can_be_taken_back_altogether():
    marked, _ = decided(declared(), MarkBoundaries(origin=origin(), boundaries=("search", "checkout")))
    assert decided(marked, MarkBoundaries(origin=origin(), boundaries=()))[0].boundaries == ()


def test_the_same_containment_can_be_tried_again_and_the_newest_that_held_counts():
    def tried(action: str, result: ContainmentResult) -> RecordContainment:
        return RecordContainment(origin=origin(ALICE), action=action, result=result)

    incident, _ = decided(
        declared(),
        tried("Restarted it", ContainmentResult.WORKED),
        tried("Undid the release", ContainmentResult.SELF_LIMITED),
        tried("Restarted it", ContainmentResult.FAILED),
    )
    assert len(incident.containments) == 3
    assert incident.contained_by is not None and incident.contained_by.action == "Undid the release"


@pytest.mark.parametrize(
    "command",
    [start(-30), impact("x"), VerifyRecovery(origin=origin(), how="x")],
    ids=["start", "impact", "recovery"],
)
def test_facts_are_shown_on_the_card(command):
    assert wishes(declared(), command) == [ShowCard()]


def test_a_title_is_shown_wherever_it_stood_and_a_containment_is_told():
    assert wishes(declared(), title("x")) == [ShowCard(), SetTopic(), Announce()]
    contained = RecordContainment(origin=origin(), action="Undid it", result=ContainmentResult.FAILED)
    assert wishes(declared(), contained) == [ShowCard(), Tell()]
