"""What Slack refused for good: it stands there until it works after all, or somebody lets it be."""

import pytest

from bot.core.decision import OPERATOR, SYSTEM
from bot.core.delivery import (
    DeliveryDropped,
    DeliveryFailed,
    DeliveryRetried,
    DropDelivery,
    ReportFailure,
    TryDeliveryAgain,
)
from bot.core.effects import Announce, ShowCard, Tell
from bot.core.incident import Failure, Incident
from bot.core.refusal import SaysNothing
from tests.core.given import BOB, at, decided, declared, kinds, origin, wishes


def report(effect_id: str | None = "e1", effect: str = "PostUpdate updates:support") -> ReportFailure:
    """Slack refused this effect after a minute."""
    return ReportFailure(origin=origin(SYSTEM, 1), effect=effect, reason="is_archived", effect_id=effect_id)


def again(effect_id: str | None = None) -> TryDeliveryAgain:
    """BOB has it tried again; without an id, all of it."""
    return TryDeliveryAgain(origin=origin(BOB, 5), effect_id=effect_id)


def drop(effect_id: str = "e1", reason: str = "They were called") -> DropDelivery:
    """BOB lets it be."""
    return DropDelivery(origin=origin(BOB, 5), effect_id=effect_id, reason=reason)


def failing() -> Incident:
    """An incident with three failures, of which the last is from a version that did not name the effect."""
    return decided(declared(), report("e1"), report("e2", "Invite invite:scribe"), report(None, "Invite invite:x"))[0]


def standing(incident: Incident) -> list[str | None]:
    """The ids of what stands there as failed."""
    return [failure.effect_id for failure in incident.failures]


def test_a_failure_says_what_failed_when_and_why():
    after, decision = decided(declared(), report())
    said = {"effect": "PostUpdate updates:support", "reason": "is_archived", "effect_id": "e1"}
    assert decision.events == (DeliveryFailed(at=at(1), actor=SYSTEM, **said),)
    assert after.failures == (Failure(at=at(1), **said),)


def test_what_is_tried_again_does_not_stand_there_as_failed_any_more():
    after, decision = decided(failing(), again("e2"))
    assert decision.events == (DeliveryRetried(at=at(5), actor=BOB, effect="Invite invite:scribe", effect_id="e2"),)
    assert standing(after) == ["e1", None]


def test_of_two_effects_of_the_same_lane_only_the_one_that_is_meant_is_tried_again():
    incident, _ = decided(declared(), report("e1"), report("e2"))
    assert standing(decided(incident, again("e1"))[0]) == ["e2"]


def test_everything_that_can_be_tried_again_is_tried_at_once():
    after, decision = decided(failing(), again())
    assert [event.effect_id for event in decision.events if isinstance(event, DeliveryRetried)] == ["e1", "e2"]
    assert standing(after) == [None]


def test_what_is_tried_already_or_never_failed_is_not_tried_once_more():
    incident, _ = decided(failing(), again("e1"))
    for effect_id in ("e1", "e9"):
        after, decision = decided(incident, again(effect_id))
        assert decision.events == () and decision.refusal is None and after == incident


def test_what_fails_once_more_stands_there_again():
    after, decision = decided(failing(), again("e1"), report("e1"))
    assert kinds(decision) == ["DeliveryFailed"]
    assert standing(after) == ["e2", None, "e1"]


def test_a_failure_that_would_report_itself_for_ever_is_reported_once():
    incident, _ = decided(declared(), report("e1", "Tell notices"))
    assert decided(incident, report("e2", "Tell notices"))[1].events == ()
    again_in_thread, _ = decided(declared(), report("e1", "TellThread thread:1"), report("e2", "TellThread thread:1"))
    assert standing(again_in_thread) == ["e1", "e2"]


def test_what_is_let_be_does_not_stand_there_any_more_and_the_reason_is_kept():
    after, decision = decided(failing(), drop())
    dropped = DeliveryDropped(
        at=at(5), actor=BOB, effect="PostUpdate updates:support", effect_id="e1", reason="They were called"
    )
    assert decision.events == (dropped,) and standing(after) == ["e2", None]


@pytest.mark.parametrize("reason", ["", " \x00"])
def test_nothing_is_let_be_without_a_reason(reason):
    after, decision = decided(failing(), drop(reason=reason))
    assert decision.refusal == SaysNothing(what="reason") and standing(after) == standing(failing())


def test_what_did_not_fail_cannot_be_let_be():
    after, decision = decided(failing(), drop("e9"))
    assert decision.events == () and decision.refusal is None and after == failing()


def test_what_only_the_outbox_knows_of_is_tried_again_or_let_be_under_the_name_it_gives():
    lane = "Tell notices"
    retried = TryDeliveryAgain(origin=origin(OPERATOR, 5), effect_id="e9", effect=lane)
    dropped = DropDelivery(origin=origin(OPERATOR, 5), effect_id="e9", effect=lane, reason="They know")
    after, decision = decided(failing(), retried)
    assert decision.events == (DeliveryRetried(at=at(5), actor=OPERATOR, effect=lane, effect_id="e9"),)
    assert standing(after) == standing(failing())
    after, decision = decided(failing(), dropped)
    said = DeliveryDropped(at=at(5), actor=OPERATOR, effect=lane, effect_id="e9", reason="They know")
    assert decision.events == (said,) and standing(after) == standing(failing())


def test_what_the_journal_knows_of_keeps_the_name_that_the_journal_gives_it():
    _, decision = decided(failing(), TryDeliveryAgain(origin=origin(OPERATOR, 5), effect_id="e2", effect="Tell x"))
    assert [event.effect for event in decision.events if isinstance(event, DeliveryRetried)] == ["Invite invite:scribe"]


def test_the_room_is_told_of_a_failure_and_sees_on_the_card_what_became_of_it():
    assert wishes(declared(), report()) == [ShowCard(), Announce(), Tell()]
    assert wishes(failing(), again("e1")) == [ShowCard(), Announce()]
    assert wishes(failing(), drop()) == [ShowCard(), Announce()]
