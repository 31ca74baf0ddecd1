"""Incidents that have to do with each other: what each is told of the other, once."""

import pytest

from bot.core.effects import Invite
from bot.core.ends import MergeIncident
from bot.core.facts import MarkBoundaries, StateImpact, StateStart
from bot.core.incident import COMMANDER, Incident, Link, LinkKind, Phase, Room, Side
from bot.core.lifecycle import DeclareIncident
from bot.core.links import IncidentLinked, LinkIncident, carried_over, counterparts
from bot.core.roles import HandOver
from bot.core.router.updates import KeepPromise, Occasion, listeners, to_do
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.core.vocabulary import fold
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    closed,
    conclude,
    decided,
    declared,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
    said,
    wishes,
)

OTHER = declared().but(number=7)


def absorb(**known: object) -> LinkIncident:
    """INC-9 was merged into this one."""
    return LinkIncident.model_validate({"origin": origin(BOB, 5), "kind": LinkKind.ABSORBED, "other": 9, **known})


def known_well() -> Incident:
    """INC-7: its room, three ideas of which the second is refuted, a commander and an operations lead, two audiences told."""
    ideas = [ProposeHypothesis(origin=origin(), statement=f"Idea {number}") for number in range(3)]
    refuted = conclude(origin=origin(), hypothesis=2, result=Side.AGAINST, why="No")
    leads_work = HandOver(origin=origin(), role="ops", user=CAROL)
    began = StateStart(origin=origin(minutes=1), started=at(-30), is_estimated=True)
    incident, _ = decided(in_phase(Phase.TRIAGE, "SEV1"), *ideas, refuted, leads_work, began)
    return incident.but(number=7, room=Room(channel="C7", name="inc-7"))


def test_the_survivor_is_told_what_is_open_who_takes_part_who_was_told_and_since_when():
    merged, decision = decided(known_well(), MergeIncident(origin=origin(BOB, 5), into=1, survivor=declared()))
    command = MergeIncident(origin=origin(BOB, 5).but(incident=7), into=1, survivor=declared())
    (told,) = counterparts(merged, decision.events, command)
    assert told.origin.incident == 1 and told.origin.actor == BOB
    assert (told.kind, told.other, told.channel, told.hypotheses) == (LinkKind.ABSORBED, 7, "C7", (1, 3))
    assert told.seats == {COMMANDER: ALICE, "operations lead": CAROL} and told.declared_by == ALICE
    assert (told.started, told.is_estimated, told.told) == (at(-30), True, ("executives", "support"))


def test_a_link_is_kept_once_however_often_it_is_told():
    once, first = decided(declared(), absorb())
    twice, second = decided(once, absorb(hypotheses=(1,)))
    assert kinds(first) == ["IncidentLinked"] and second.events == () and twice == once
    other, _ = decided(once, absorb(kind=LinkKind.RECURRED))
    assert [link.kind for link in other.links] == [LinkKind.ABSORBED, LinkKind.RECURRED]


@pytest.mark.parametrize(
    ("known", "theirs", "after"),
    [(None, None, None), (None, -5, -5), (-5, None, -5), (-5, -30, -30), (-30, -5, -30)],
)
def test_harm_began_when_it_began_first_in_either(known, theirs, after):
    began = [StateStart(origin=origin(), started=at(known))] if known is not None else []
    told = absorb(started=at(theirs) if theirs is not None else None, is_estimated=theirs is not None)
    incident, _ = decided(declared(), *began, told)
    assert incident.started == (at(after) if after is not None else None)
    assert incident.is_start_estimated is (after is not None and after == theirs)


def test_only_of_what_was_merged_the_start_counts_here():
    for kind in set(LinkKind) - {LinkKind.ABSORBED}:
        assert decided(declared(), absorb(kind=kind, started=at(-30)))[0].started is None


def test_who_was_told_of_what_was_merged_hears_of_the_survivor_from_then_on():
    mild = declared("SEV3")
    assert listeners(mild, POLICY) == ["support"]
    followed, _ = decided(mild, absorb(told=("executives", "support", "press")))
    assert listeners(followed, POLICY) == ["support", "executives"]
    due = to_do(followed, POLICY)["executives"]
    keep = KeepPromise(origin=origin("lockstep").but(at=due), audience="executives", due=due)
    assert said(decided(followed, keep)[1]) == {"executives": Occasion.FIRST}


def test_who_was_pointed_to_the_survivor_has_the_last_word_of_it_though_nothing_was_said_in_between():
    followed, _ = decided(declared("SEV3"), absorb(told=("executives",)))
    last = MergeIncident(origin=origin(BOB, 6), into=7, survivor=OTHER)
    merged, decision = decided(followed, last)
    assert said(decision) == {"support": Occasion.MERGE, "executives": Occasion.MERGE}
    (told,) = counterparts(merged, decision.events, last)
    assert told.told == ("executives", "support")


def test_whoever_had_a_part_in_what_was_merged_is_invited_and_of_what_recurs_who_had_a_role():
    seats = {COMMANDER: BOB, "scribe": BOB}
    invited = {
        kind: [
            e.people
            for e in wishes(declared(), absorb(kind=kind, seats=seats, declared_by=CAROL))
            if isinstance(e, Invite)
        ]
        for kind in LinkKind
    }
    assert invited[LinkKind.ABSORBED] == [(BOB, CAROL)] and invited[LinkKind.RECURS] == [(BOB,)]
    assert all(not people for kind, people in invited.items() if kind not in (LinkKind.ABSORBED, LinkKind.RECURS))


def test_who_followed_one_that_was_merged_follows_when_that_is_merged_too():
    theirs = absorb(seats={COMMANDER: CAROL}, declared_by=BOB, along=("UDAVE",))
    followed, _ = decided(known_well(), theirs)
    merge = MergeIncident(origin=origin(BOB, 6).but(incident=7), into=1, survivor=declared())
    merged, decision = decided(followed, merge)
    (told,) = counterparts(merged, decision.events, merge)
    assert set(told.along) == {CAROL, BOB, "UDAVE"}
    survivor = declared().but(room=Room(channel="C1", name="inc-1"))
    (invite,) = (effect for effect in wishes(survivor, told) if isinstance(effect, Invite))
    assert {*invite.people} >= {ALICE, CAROL, BOB, "UDAVE"}


def test_a_link_of_an_earlier_version_brings_nobody_along():
    event = IncidentLinked(at=at(5), actor=BOB, kind=LinkKind.ABSORBED, other=9, seats={COMMANDER: CAROL})
    after = fold(declared(), (event,))
    assert after is not None and after.links == (Link(kind=LinkKind.ABSORBED, other=9),)


def test_nobody_is_invited_into_a_room_that_is_over():
    assert not [e for e in wishes(closed(), absorb(seats={COMMANDER: BOB})) if isinstance(e, Invite)]


# Coming out of another


def follow(kind: LinkKind, title: str = "Mails are late", severity: str | None = None) -> DeclareIncident:
    """Somebody declares what comes out of INC-7."""
    follows = Link(kind=kind, other=7)
    return DeclareIncident(origin=origin(CAROL, 9), title=title, severity=severity, follows=follows)


def come_out(command: DeclareIncident, parent: Incident) -> Incident:
    """The new incident, as it begins."""
    return decided(None, carried_over(command, parent, POLICY))[0]


def test_what_happens_again_begins_anew_with_what_was_known():
    parent = known_well()
    new = come_out(follow(LinkKind.RECURS), parent)
    assert (new.title, new.severity, new.impact, new.boundaries) == (
        parent.title,
        parent.severity,
        parent.impact,
        parent.boundaries,
    )
    assert (new.phase, new.seats, new.hypotheses, new.started) == (Phase.DETECTION, {}, (), None)
    assert new.links == (Link(kind=LinkKind.RECURS, other=7, channel="C7", hypotheses=(1, 3)),)


def test_what_is_split_off_has_its_own_title_and_may_have_its_own_severity():
    new = come_out(follow(LinkKind.SPLIT_FROM, severity="SEV3"), known_well())
    assert (new.title, new.severity, new.declared_by) == ("Mails are late", "SEV3", CAROL)


def test_what_comes_out_of_a_drill_is_one():
    assert come_out(follow(LinkKind.RECURS), known_well().but(is_drill=True)).is_drill
    assert not come_out(follow(LinkKind.RECURS), known_well()).is_drill


def test_a_part_of_the_map_that_is_gone_and_a_severity_that_is_gone_stop_nothing():
    parent, _ = decided(declared("SEV3"), MarkBoundaries(origin=origin(), boundaries=("checkout", "search")))
    corrected = policy_with(boundaries=[{"id": "search", "name": "Search"}])
    lost = carried_over(follow(LinkKind.RECURS), parent.but(number=7, severity="SEV9"), corrected)
    new, decision = decided(None, lost, policy=corrected)
    assert decision.refusal is None
    assert (new.boundaries, new.severity) == (("search",), None)


def test_facts_that_were_not_known_are_not_stated():
    new, decision = decided(None, carried_over(follow(LinkKind.RECURS), OTHER, POLICY))
    assert kinds(decision) == ["IncidentDeclared", "IncidentLinked"] and new.impact is None


@pytest.mark.parametrize(
    ("kind", "mirrored"), [(LinkKind.RECURS, LinkKind.RECURRED), (LinkKind.SPLIT_FROM, LinkKind.SPLIT_OFF)]
)
def test_the_one_it_comes_out_of_is_told_and_that_is_told_no_further(kind, mirrored):
    command = carried_over(follow(kind), known_well(), POLICY)
    new, decision = decided(None, command)
    (told,) = counterparts(new, decision.events, command)
    assert (told.origin.incident, told.kind, told.other) == (7, mirrored, new.number)
    over, answer = decided(closed().but(number=7), told)
    assert only(IncidentLinked, answer).kind is mirrored and not over.is_open
    assert list(counterparts(over, answer.events, told)) == []
    assert over.recurrence == (new.number if kind is LinkKind.RECURS else None)


def test_a_new_impact_in_the_new_one_changes_nothing_in_the_old_one():
    new, decision = decided(declared(), StateImpact(origin=origin(), impact="x"))
    assert list(counterparts(new, decision.events, StateImpact(origin=origin(), impact="x"))) == []
