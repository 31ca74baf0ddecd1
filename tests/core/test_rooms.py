"""The incident's room: bound, lost and replaced, and archived when the policy says so."""

import pytest

from bot.core.decision import SYSTEM, Command
from bot.core.due import falls_due
from bot.core.effects import (
    Announce,
    ArchiveRoom,
    Effect,
    Invite,
    OpenRoom,
    PinCard,
    SaveHistory,
    SetTopic,
    ShowCard,
    ShowHypothesis,
    Tell,
)
from bot.core.incident import Incident, Phase, Room, Side
from bot.core.lifecycle import CloseIncident, DeclareIncident
from bot.core.policy import Policy
from bot.core.roles import TakeRole
from bot.core.rooms import (
    BindRoom,
    ConfirmArchive,
    HistoryKept,
    KeepHistory,
    ReportRoomGone,
    RetireRoom,
    RoomArchived,
    RoomLost,
    RoomOpened,
    RoomRetired,
    retirement_due,
)
from bot.core.severity import SetSeverity
from bot.core.tracker.hypotheses import ProposeHypothesis
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    conclude,
    decided,
    declared,
    ended,
    facts_of,
    in_phase,
    origin,
    policy_with,
    wishes,
)

A_WEEK = policy_with(archive_room_after_days=7)
AT_ONCE = policy_with(archive_room_after_days=0)
DAYS = 24 * 60


def bind(channel: str = "C1") -> BindRoom:
    """Slack opened this channel."""
    return BindRoom(origin=origin(SYSTEM, 1), channel=channel, name=f"inc-1-{channel.lower()}")


def gone(channel: str = "C1") -> ReportRoomGone:
    """This channel is gone."""
    return ReportRoomGone(origin=origin(SYSTEM, 5), channel=channel)


def retire(minutes: float) -> RetireRoom:
    """What was due these minutes after the start comes to pass."""
    return RetireRoom(origin=origin(SYSTEM, minutes), due=at(minutes))


def roomed(incident: Incident | None = None) -> Incident:
    """An incident with the room C1."""
    return decided(incident or declared(), bind())[0]


def over(policy: Policy = A_WEEK) -> Incident:
    """An incident with the room C1 that ended at the start."""
    return ended(roomed(declared(policy=policy)), policy)


def invited(found: list[Effect]) -> set[str]:
    """Everybody who is invited."""
    return {who for effect in found if isinstance(effect, Invite) for who in effect.people}


def test_the_incident_knows_the_channel_that_slack_opened():
    after, decision = decided(declared(), bind())
    assert decision.events == (RoomOpened(at=at(1), actor=SYSTEM, channel="C1", name="inc-1-c1"),)
    assert after.room == Room(channel="C1", name="inc-1-c1") and after.rooms_lost == 0


def test_the_first_room_calls_for_nothing_more_than_the_declaration_did():
    assert wishes(declared("SEV1"), bind()) == []


def test_a_room_that_is_gone_is_done_without():
    after, decision = decided(roomed(), gone())
    assert decision.events == (RoomLost(at=at(5), actor=SYSTEM, channel="C1"),)
    assert after.room is None and after.rooms_lost == 1


def test_a_lost_room_is_opened_anew_and_the_announcement_leads_there():
    assert wishes(roomed(), gone()) == [Announce(), OpenRoom()]


def test_a_loss_that_is_reported_twice_counts_once():
    incident, _ = decided(roomed(), gone())
    after, decision = decided(incident, gone())
    assert decision.events == () and after == incident


def test_the_loss_of_an_earlier_room_says_nothing_of_the_new_one():
    incident, _ = decided(roomed(), gone(), bind("C2"))
    after, decision = decided(incident, gone("C1"))
    assert decision.events == () and after.room == Room(channel="C2", name="inc-1-c2")


def test_the_room_of_an_incident_that_is_over_is_not_replaced():
    decision = decided(over(), gone())[1]
    assert decision.events == () and decision.refusal is None


def test_a_new_room_shows_all_that_the_lost_one_did_and_everybody_with_a_part_in_it_is_invited():
    worked_on: tuple[Command, ...] = (
        TakeRole(origin=origin(BOB), user=BOB),
        TakeRole(origin=origin(ALICE), role="scribe", user=ALICE),
        ProposeHypothesis(origin=origin(CAROL), statement="It is DNS"),
        ProposeHypothesis(origin=origin(BOB), statement="A bad release"),
        conclude(origin=origin("UDAVE"), hypothesis=1, result=Side.AGAINST, why="It resolves"),
        gone(),
    )
    incident, _ = decided(roomed(declared("SEV1")), *worked_on)
    people = (ALICE, BOB, CAROL, "UDAVE", "@incident-leads", "@payments-oncall")
    assert wishes(incident, bind("C2")) == [
        Invite(people=people, lane_of="room 2"),
        ShowCard(),
        SetTopic(),
        PinCard(),
        Announce(),
        Tell(),
        ShowHypothesis(hypothesis=1),
        ShowHypothesis(hypothesis=2),
    ]


def test_a_new_room_brings_back_who_was_invited_at_an_earlier_severity():
    incident, _ = decided(roomed(declared("SEV1")), SetSeverity(origin=origin(), severity="SEV3"), gone())
    assert "@payments-oncall" in invited(wishes(incident, bind("C2")))


def test_each_new_room_has_its_own_invitation():
    incident, _ = decided(roomed(), gone(), bind("C2"), gone("C2"))
    (invite,) = (effect for effect in wishes(incident, bind("C3")) if isinstance(effect, Invite))
    assert invite.lane_of == "room 3"


def test_a_room_that_slack_opens_after_the_end_is_known_all_the_same():
    incident = ended(declared())
    after, decision = decided(incident, bind())
    assert decision.refusal is None and after.room is not None


def test_a_room_stays_unless_the_policy_says_otherwise():
    assert POLICY.archive_room_after_days == "never"
    assert retirement_due(over(POLICY), POLICY) is None


@pytest.mark.parametrize("days", [0, 1, 7])
def test_a_room_is_archived_so_many_days_after_the_end(days):
    policy = policy_with(archive_room_after_days=days)
    incident = over(policy)
    assert retirement_due(incident, policy) == at(days * DAYS)
    assert falls_due(incident, policy)["retire room"] == at(days * DAYS)
    after, decision = decided(incident, retire(days * DAYS), policy=policy)
    assert decision.events == (RoomRetired(at=at(days * DAYS), actor=SYSTEM),)
    assert after.is_room_retired


def test_the_days_are_counted_from_the_end_and_not_from_the_beginning():
    incident = in_phase(Phase.POSTMORTEM, policy=A_WEEK)
    close = CloseIncident(origin=origin(minutes=3 * DAYS), first=facts_of(Phase.POSTMORTEM))
    after, _ = decided(incident, bind(), close, policy=A_WEEK)
    assert retirement_due(after, A_WEEK) == at(10 * DAYS)


def test_what_was_said_is_kept_before_the_room_is_archived():
    assert wishes(over(), retire(7 * DAYS), A_WEEK) == [SaveHistory(), ArchiveRoom()]
    assert ArchiveRoom().needs_lane == SaveHistory().lane


def test_a_room_is_archived_once():
    retired, _ = decided(over(), retire(7 * DAYS), policy=A_WEEK)
    assert "retire room" not in falls_due(retired, A_WEEK)
    assert decided(retired, retire(7 * DAYS), policy=A_WEEK)[1].events == ()


def test_the_room_of_an_open_incident_is_never_archived():
    assert retirement_due(roomed(), AT_ONCE) is None
    assert decided(roomed(), retire(0), policy=AT_ONCE)[1].events == ()


def test_an_incident_without_a_room_has_none_to_archive():
    incident = ended(declared(policy=A_WEEK), A_WEEK)
    assert retirement_due(incident, A_WEEK) is None
    assert retirement_due(roomed(incident), A_WEEK) == at(7 * DAYS)


def test_another_due_time_than_the_one_that_stands_archives_nothing():
    after, decision = decided(over(), retire(6 * DAYS), policy=A_WEEK)
    assert decision.events == () and not after.is_room_retired


def test_what_was_said_in_the_room_is_kept_with_the_number_of_messages():
    keep = KeepHistory(origin=origin(SYSTEM, 9), history='[{"text":"hi"}]', messages=1)
    after, decision = decided(over(), keep, policy=A_WEEK)
    assert decision.events == (HistoryKept(at=at(9), actor=SYSTEM, messages=1, history='[{"text":"hi"}]'),)
    assert after == over().but(seq=after.seq)
    assert wishes(over(), keep) == []


def test_that_slack_archived_it_is_recorded_and_calls_for_nothing():
    confirm = ConfirmArchive(origin=origin(SYSTEM, 9))
    after, decision = decided(over(), confirm, policy=A_WEEK)
    assert decision.events == (RoomArchived(at=at(9), actor=SYSTEM),)
    assert after == over().but(seq=after.seq)
    assert wishes(over(), confirm) == []


def test_a_declaration_opens_the_room_before_anything_is_shown_in_it():
    found = wishes(None, DeclareIncident(origin=origin(), title="x"))
    assert found[0] == OpenRoom()
    assert {effect.needs_lane for effect in found if isinstance(effect, ShowCard | SetTopic | Invite)} == {"room"}
