"""The system map as a picture: what it shows, where its parts and arrows lie, and that it can be read on a phone."""

import itertools
import random
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.core.decision import Origin
from bot.core.facts import MarkBoundaries
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.tracker.boundaries import drawn_needs
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.core.trial import BoundaryState
from bot.core.vocabulary import decide, fold
from bot.pictures import look
from bot.pictures.kinds import Kind
from bot.pictures.map_layout import TRUNK, Plan, planned
from bot.pictures.map_scene import MapScene, Outside, Part, map_scene
from bot.pictures.process import draw
from bot.pictures.system_map import (
    BOX,
    EDGE,
    GAP,
    LEGENDS,
    LETTERS,
    LINE,
    MARKS,
    MOST_OUTSIDE,
    NAME_LINES,
    PAD,
    WIDE,
    Ruler,
    _lines,
    _shelf,
    chosen,
)
from bot.slack.messages.pictures import ALT_LIMIT, alt_text
from tests.core.given import ALICE, START, decided, declared, origin, policy_with

FEW = {
    "website": ("sign-in", "checkout", "cloud"),
    "app": ("sign-in", "checkout"),
    "sign-in": ("cloud",),
    "checkout": ("payments", "orders"),
    "payments": ("cloud",),
    "orders": ("cloud",),
    "email": ("cloud",),
    "cloud": (),
}
CIRCLE = {"front": ("middle",), "middle": ("back", "front"), "back": ("front", "ground"), "ground": (), "alone": ()}


def mapped(needs: dict[str, tuple[str, ...]]) -> Policy:
    """A policy with this system map."""
    parts = [{"id": id, "name": id.capitalize(), "depends_on": list(others)} for id, others in needs.items()]
    return policy_with(boundaries=parts)


def incident_with(policy: Policy, *, affected: tuple[str, ...] = (), working: tuple[str, ...] = ()) -> Incident:
    """An incident in which this is known of the map, ten minutes after it began."""
    incident = declared(policy=policy)
    origin = Origin(team=incident.team, incident=1, actor=ALICE, at=START + timedelta(minutes=10), key="map")
    marked = decide(incident, MarkBoundaries(origin=origin, boundaries=affected, working=working), policy)
    known = fold(incident, marked.events)
    assert known is not None
    return known


def big(count: int = 40, seed: int = 0) -> MapScene:
    """A map of so many parts in four layers, each of which needs a few of the next, and many a common one."""
    draws = random.Random(seed)
    layers = [[f"part-{layer}-{place}" for place in range(count // 4)] for layer in range(4)]
    needs: dict[str, tuple[str, ...]] = {}
    for upper, lower in itertools.pairwise(layers):
        needs |= {name: (*draws.sample(lower, draws.randint(0, min(3, len(lower)))), layers[-1][0]) for name in upper}
    needs |= dict.fromkeys(layers[-1], ())
    policy = mapped({name: tuple(dict.fromkeys(others)) for name, others in needs.items()})
    names = [one.id for one in policy.boundaries]
    quarter = count // 4
    affected, working = names[quarter : quarter + 4], names[2 * quarter : 2 * quarter + 9]
    incident = incident_with(policy, affected=tuple(affected), working=tuple(working))
    return map_scene(incident, policy, START + timedelta(minutes=20))


def reaches(needs: dict[str, tuple[str, ...]], one: str) -> set[str]:
    """All that a part depends on, directly or through others."""
    found, waiting = set[str](), [one]
    while waiting:
        for other in needs[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def leads(plan: Plan, parts: list[Part] | tuple[Part, ...]) -> set[tuple[str, str]]:
    """Which part each arrow comes from and which it leads to, as somebody reads the lines."""
    after: dict[str, list[str]] = {}
    for upper, lower in plan.wires:
        after.setdefault(upper, []).append(lower)
    found = set()
    for part in parts:
        waiting = [(part.id, lower, (part.id, lower)) for lower in after.get(part.id, [])]
        while waiting:
            first, name, line = waiting.pop()
            if ">" in name:
                waiting += [(first, lower, (name, lower)) for lower in after[name]]
            else:
                found |= {(first, name)} if line in plan.down else set()
    return found


@pytest.mark.parametrize("needs", [FEW, CIRCLE, {"a": ("b", "c"), "b": ("c",), "c": ("b",)}])
def test_what_is_left_out_is_needed_through_another_anyway(needs):
    drawn = {id: tuple(others) for id, others in drawn_needs(mapped(needs)).items()}
    assert all(set(drawn[id]) <= set(needs[id]) for id in needs)
    assert all(reaches(drawn, id) == reaches(needs, id) for id in needs)


def test_what_is_needed_directly_only_stays():
    assert drawn_needs(mapped(FEW))["website"] == ("sign-in", "checkout")


@pytest.mark.parametrize("beside", [3, 2, 1])
def test_arrows_lead_down_to_what_is_needed_and_boxes_stand_apart(beside):
    policy = mapped(FEW)
    parts = map_scene(incident_with(policy), policy, START).parts
    plan = planned(parts, beside, 310, 16, 1040)
    assert plan is not None
    row = {name: number for number, names in enumerate(plan.rows) for name in names}
    assert {name for name in row if ">" not in name} == set(FEW)
    assert all(sum(">" not in name for name in names) <= beside for names in plan.rows)
    assert all(row[lower] == row[upper] + 1 for upper, lower in plan.wires)
    assert leads(plan, parts) == {(one.id, need) for one in parts for need in one.needs}
    assert not plan.up


def test_in_a_circle_one_arrow_points_up():
    policy = mapped(CIRCLE)
    parts = map_scene(incident_with(policy), policy, START).parts
    plan = planned(parts, 3, 310, 16, 1040)
    assert plan is not None and len(plan.up) == 2
    assert leads(plan, parts) == {("front", "middle"), ("middle", "back"), ("back", "ground")}
    assert {upper for upper, _ in plan.up} == {"front"}


@pytest.mark.parametrize("seed", range(20))
def test_of_forty_parts_none_touches_another_nor_an_arrow_that_passes(seed):
    shown = big(seed=seed)
    plan, legend = chosen(shown.parts)
    assert legend in LEGENDS[:2], "at least the arrows to what is affected"
    assert {name for row in plan.rows for name in row if ">" not in name} == {one.id for one in shown.parts}
    for row in plan.rows:
        wide = [TRUNK if ">" in name else BOX for name in row]
        for (left, a), (right, b) in itertools.pairwise(zip(row, wide, strict=True)):
            assert plan.middles[right] - b / 2 - (plan.middles[left] + a / 2) >= GAP - 0.01
        assert plan.middles[row[0]] - wide[0] / 2 >= -0.01
        assert plan.middles[row[-1]] + wide[-1] / 2 <= WIDE - 2 * EDGE + 0.01


def test_letters_are_eleven_pixels_high_on_a_phone_and_all_words_fit_into_their_box():
    assert LETTERS / 72 * look.DOTS * 360 / WIDE >= 11
    ruler, inside = Ruler(), BOX - 20
    for mark in MARKS.values():
        when = "" if mark is MARKS[BoundaryState.UNKNOWN] else " 23:58"
        assert ruler.width(f"{mark.shape} {mark.word}{when}") <= inside
    assert ruler.width("12 ideas, 12 open") <= inside
    for name in ("Recommendations", "Customer accounts database", "x" * 60, "Donaudampfschifffahrtsgesellschaft"):
        lines = ruler.lines(name, inside, NAME_LINES, bold=True)
        assert 1 <= len(lines) <= NAME_LINES
        assert all(ruler.width(line, bold=True) <= inside for line in lines)
    assert ruler.lines("Customer accounts database", inside, NAME_LINES, bold=True) == [
        "Customer",
        "accounts",
        "database",
    ]


def test_what_is_known_has_a_shape_and_a_word_of_its_own():
    assert set(MARKS) == set(BoundaryState)
    for taken in (lambda mark: mark.shape, lambda mark: mark.word, lambda mark: (mark.line, mark.thick)):
        assert len({taken(mark) for mark in MARKS.values()}) == len(MARKS)


def test_in_words_it_says_what_is_affected_and_how_many_hypotheses_there_are():
    policy = mapped(FEW)
    incident = incident_with(policy, affected=("checkout", "payments"), working=("email",))
    origin = Origin(team=incident.team, incident=1, actor=ALICE, at=START, key="idea")
    idea = decide(incident, ProposeHypothesis(origin=origin, statement="A cable", boundary="payments"), policy)
    known = fold(incident, idea.events)
    assert known is not None
    said = alt_text(Kind.MAP, map_scene(known, policy, START + timedelta(minutes=12)))
    assert "UTC on 23 November 2026. Affected: Checkout, Payments (1 hypothesis, 1 open). Not known: Website" in said
    assert said.endswith("Working: Email.")
    assert "cable" not in said and ALICE not in said
    assert "cable" not in map_scene(known, policy, START).canonical()
    assert len(alt_text(Kind.MAP, big(100))) <= ALT_LIMIT


@pytest.mark.parametrize(
    "shown", [lambda: big(4), big, lambda: map_scene(incident_with(mapped(CIRCLE)), mapped(CIRCLE), START)]
)
async def test_it_is_as_wide_as_a_phone_shows_and_has_something_on_it(shown):
    picture = Image.open(BytesIO(await draw(Kind.MAP, shown())))
    assert picture.width == 1080 and picture.height < 6000
    assert len(set(picture.convert("L").tobytes())) > 20


def test_it_says_who_looked_last_at_what_is_known():
    policy = mapped(FEW)
    incident = incident_with(policy, affected=("checkout",), working=("email",))
    scene = map_scene(incident, policy, START, {ALICE: "Alice Martin-Lefebvre of Payments"})
    assert {part.id for part in scene.parts if part.by} == {"checkout", "email"}
    ruler = Ruler()
    lines = {part.id: [line for line, _ in _lines(part, scene, BOX - 20, ruler)] for part in scene.parts}
    assert lines["checkout"][-1].startswith("by Alice") and ruler.width(lines["checkout"][-1]) <= BOX - 20
    assert not any(line.startswith("by ") for line in lines["website"])
    said = alt_text(Kind.MAP, scene)
    assert "Affected: Checkout (checked by Alice Martin-Lefebvre of Payments)." in said
    assert all(part.by is None for part in map_scene(incident, policy, START).parts), "nobody's id is shown"


def test_places_off_the_map_stand_below_it_by_their_hypotheses_and_nothing_typed_is_drawn():
    policy = mapped(FEW)
    incident, _ = decided(incident_with(policy), *off_the_map(11), policy=policy)
    scene = map_scene(incident, policy, START)
    assert scene.outside[0] == Outside(ideas=(1, 12), open_ideas=2) and len(scene.outside) == 11
    assert "Bank" not in scene.canonical()
    said = alt_text(Kind.MAP, scene)
    assert "Not on the map: the place of H1 and H12 (2 hypotheses, 2 open), the place of H2 (1 hypothesis" in said
    assert "Bank" not in said
    shelf = _shelf(scene.outside[:MOST_OUTSIDE], 500, Ruler())
    assert [line for line, _ in shelf[0][1]] == ["H1, H12", "2 ideas, 2 open"]
    crowd = Outside(ideas=tuple(range(100, 160)), open_ideas=60)
    ((_, lines),) = _shelf([crowd], 500, Ruler())
    assert " ".join(line for line, _ in lines) == "H100, H101, H102, H103, H104 +55 60 ideas, 60 open"
    for (spot, lines), (other, _) in itertools.combinations(shelf, 2):
        assert spot.low - spot.top == len(lines) * LINE + 2 * PAD
        assert abs(spot.x - other.x) >= BOX + GAP or other.top >= spot.low + GAP
    assert all(BOX / 2 <= spot.x <= WIDE - BOX / 2 for spot, _ in shelf)


async def test_the_picture_grows_by_the_places_off_the_map():
    policy = mapped(FEW)
    before = incident_with(policy)
    heights = []
    for places in (0, 1, 3, 4, 20):
        incident, _ = decided(before, *off_the_map(places), policy=policy)
        drawn = await draw(Kind.MAP, map_scene(incident, policy, START))
        heights.append(Image.open(BytesIO(drawn)).height)
    assert heights[0] < heights[1] <= heights[2] < heights[3] < heights[4]


def off_the_map(places: int) -> list[ProposeHypothesis]:
    """So many ideas, each about a place of its own that no map has, and one more about the first."""
    numbers = [*range(places), *([0] if places else [])]
    return [ProposeHypothesis(origin=origin(), statement="It is idle", place=f"Bank {number}") for number in numbers]


async def test_the_same_map_gives_the_same_picture():
    assert await draw(Kind.MAP, big(12)) == await draw(Kind.MAP, big(12))
