"""What pictures show, said in words, and that they can be drawn."""

import re
import struct
from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from bot.core.decision import AttemptRefused, Event
from bot.core.gates import NeedsWaived
from bot.core.incident import Incident, Status
from bot.core.needs import Need
from bot.core.refusal import Lacks
from bot.core.router.updates import UpdateIssued
from bot.core.value import Value
from bot.core.vocabulary import fold
from bot.metrics.measured import Standing, measure
from bot.pictures.kinds import OF_MANY, Kind
from bot.pictures.process import NotDrawn, draw
from bot.pictures.scene import MOST_HYPOTHESES, Outcome, Scene, scene
from bot.pictures.statistics import Item, Statistics, statistics
from bot.pictures.swimlane import STANDS
from bot.slack.messages.charts import TITLES
from bot.slack.messages.pictures import ALT_LIMIT, alt_text
from docs.pictures import is_telling, with_runs
from tests.core.given import POLICY, at
from tests.core.run_examples import two_runs
from tests.metrics.a_year import END, NEW_YEAR, a_year, policies


@cache
def year() -> list[list[Event]]:
    """Some incidents."""
    return a_year(count=120)


@cache
def telling() -> list[Event]:
    """One with something of everything."""
    return next(filter(is_telling, year()))


@cache
def many() -> Statistics:
    """Figures of all."""
    return statistics([measure(events, policies(), END) for events in year()], 365, ["SEV1", "SEV2", "SEV3"], END)


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_the_incident_in_the_documents_has_a_playbook_that_was_rolled_back_and_one_that_did():
    shown = scene(with_runs(telling()), policies(), END)
    assert [(one.name, one.end) for one in shown.routines] == [("bad-release", "rolled back"), ("dns-fault", "done")]
    assert {span.name for one in shown.routines for span in one.spans} == {"goes on", "stopped", "rolled back"}
    assert shown.but(routines=()) == scene(telling(), policies(), END)


def test_a_scene_says_of_each_update_what_became_of_it():
    shown = scene(telling(), policies(), END)
    outcomes = [one.outcome for row in shown.rows for one in row.updates]
    assert set(outcomes) <= set(Outcome) and outcomes.count(Outcome.IN_TIME) > 5
    assert [span.name for span in shown.phases][:2] == ["DETECTION", "TRIAGE"]
    assert "POSTMORTEM" not in {span.name for span in shown.phases}
    assert all(shown.begin <= span.begin <= span.end <= shown.end for span in (*shown.phases, *shown.severities))
    assert {"contained", "harm back"} <= {mark.name for mark in shown.marks}
    assert "confirmed" in {one.stands.value for one in shown.thoughts}


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_nothing_that_anybody_typed_or_did_is_in_a_picture(number):
    events = year()[number]
    written = scene(events, policies(), END).canonical() + alt_text(Kind.INCIDENT, scene(events, policies(), END))
    for typed in ("Trouble", "We are on it", "cannot pay", "Undid", "It is 0.", "UALICE", "UBOB"):
        assert typed not in written


def test_in_words_it_says_the_same_within_the_limit():
    said = alt_text(Kind.INCIDENT, scene(telling(), policies(), END))
    assert "Phases: Detection " in said and "Updates for support: " in said and "H1 " in said and "harm back " in said
    assert all(len(alt_text(Kind.INCIDENT, scene(one, policies(), END))) <= ALT_LIMIT for one in year())


def test_an_incident_of_a_minute_ago_has_a_picture_too():
    events = year()[0][:1]
    shown = scene(events, policies(), events[0].at)
    assert (shown.rows, shown.thoughts, shown.marks) == ((), (), ())
    assert shown.end - shown.begin == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (Kind.INCIDENT, lambda: scene(telling(), policies(), END)),
        (Kind.INCIDENT, lambda: scene(two_runs(), {POLICY.hash: POLICY}, at(20))),
        (Kind.INCIDENT, lambda: scene(year()[0][:1], policies(), year()[0][0].at)),
        *((kind, many) for kind in OF_MANY),
        *((kind, lambda: statistics([], 90, ["SEV1"], END)) for kind in OF_MANY),
    ],
)
async def test_every_picture_is_as_wide_as_a_phone_shows(kind, what):
    drawn = await draw(kind, what())
    width, height = size(drawn)
    assert width == 1080 and 400 < height < 2400


def test_playbooks_have_a_row_each_that_says_when_they_were_stopped_and_rolled_back():
    shown = scene(two_runs(), {POLICY.hash: POLICY}, at(20))
    first, second = shown.routines
    assert [span.name for span in first.spans] == ["goes on", "stopped", "rolled back"]
    assert (first.name, first.end, second.end) == ("small", "rolled back", "stopped")
    assert "Playbooks: small rolled back, 1 stop, small stopped." in alt_text(Kind.INCIDENT, shown)
    going = scene(two_runs()[:-3], {POLICY.hash: POLICY}, at(20)).routines[1]
    assert going.end is None and going.spans[-1].end == at(20)


def counted() -> list[tuple[list[Event], Incident]]:
    """The incidents that count, each with how it stands."""
    folded = [(events, fold(None, events)) for events in year()]
    standing = [measure(events, policies(), END).standing for events in year()]
    return [
        (events, now) for (events, now), one in zip(folded, standing, strict=True) if one is Standing.COUNTED and now
    ]


def test_what_contributed_and_how_it_was_noticed_is_what_people_said():
    tagged = Counter(factor.value for _, now in counted() for factor in now.postmortem.factors)
    assert Counter(factor for dot in many().dots for factor in dot.factors) == tagged and len(tagged) > 5
    said = Counter(now.answers[Need.SOURCE] for _, now in counted() if Need.SOURCE in now.answers)
    assert Counter(dot.source for dot in many().dots if dot.source) == said and len(said) > 3
    (often, times), *_ = tagged.most_common()
    assert f"several each: {often} {times}" in alt_text(Kind.FACTORS, many())


def test_what_gates_asked_for_in_vain_is_what_was_refused_and_waived():
    refused, waived = Counter[str](), Counter[str]()
    for events, _ in counted():
        for event in events:
            if isinstance(event, NeedsWaived):
                waived.update(need.value for need in event.needs)
            if isinstance(event, AttemptRefused) and isinstance(event.refusal, Lacks):
                refused.update(event.refusal.missing)
    assert (Counter(many().lacked), Counter(many().waived)) == (refused, waived)
    assert refused and waived


def test_action_items_count_once_they_are_old_enough_and_dropped_ones_not_at_all():
    def item(days_ago: int, took: int | None = None, *, is_dropped: bool = False) -> Item:
        added = END - timedelta(days=days_ago)
        verified = None if took is None else added + timedelta(days=took)
        return Item(added=added, verified=verified, is_dropped=is_dropped)

    items = (item(40, 10), item(40, 35), item(40), item(10, 5), item(40, is_dropped=True), item(90, 31))
    shown = many().but(items=items)
    assert shown.verified_within(30) == (1, 4)
    assert shown.verified_within(60) == (1, 1)
    said = alt_text(Kind.ACTIONS, shown)
    assert "5 added, 4 of them verified, and 1 dropped." in said
    assert "Verified within 30 days: too few to say (4)." in said


@pytest.mark.parametrize("kind", OF_MANY)
def test_every_chart_is_said_in_words_with_its_numbers(kind):
    said = alt_text(kind, many())
    assert said.startswith(TITLES[kind]) and len(said) <= ALT_LIMIT
    assert len(said) > len(TITLES[kind]) + 60 and re.search(r"days\. .*\d", said)
    for person in ("UALICE", "UBOB", "Trouble"):
        assert person not in said


async def test_what_cannot_be_drawn_is_said():
    with pytest.raises(NotDrawn):
        await draw(Kind.MONTHS, scene(year()[0], policies(), END))


def test_every_status_that_a_hypothesis_can_have_has_a_shape_of_its_own():
    assert set(STANDS) == {status.value for status in Status}
    assert len({shape for shape, _ in STANDS.values()}) == len(STANDS)


def test_of_many_hypotheses_the_rest_is_counted():
    shown = scene(telling(), policies(), END)
    assert len(shown.thoughts) <= MOST_HYPOTHESES and shown.more_thoughts == 0


def test_an_update_that_was_issued_and_never_taken_was_never_sent():
    events = [event for event in telling() if type(event).__name__ != "UpdateSent"]
    shown = scene(events, policies(), END)
    outcomes = {one.outcome for row in shown.rows for one in row.updates}
    assert any(isinstance(event, UpdateIssued) for event in events) and outcomes == {Outcome.MISSED}
    assert isinstance(shown, Scene) and isinstance(shown, Value) and shown.begin >= NEW_YEAR - timedelta(days=1)
