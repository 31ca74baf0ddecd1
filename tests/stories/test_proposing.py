"""6. One line proposes a hypothesis; what has to be mended stands in a form, and what has turned out is stated anew beside it."""

import pytest

from bot.app import App
from bot.core.tracker.hypotheses import HypothesisProposed
from bot.sandbox import Person, Sandbox
from tests.stories.steps import (
    a_room,
    asks,
    journal,
    proposes,
    root_shows,
    says_what_shows_it,
)

WHAT, PLACE = "What may be wrong?", "Or a place that the map does not have"


async def refuted(person: Person, statement: str, room: str) -> None:
    """The first hypothesis, which has turned out to be wrong."""
    await proposes(person, statement, room)
    await person.presses("Refute", in_=room)
    await says_what_shows_it(person, "It is idle")
    assert await person.submits() == {}
    await root_shows(person, room, "H1", "✗ Refuted")


@pytest.mark.parametrize("named", ["Bob", "Bob Tanaka", "@bob"])
async def test_a_hypothesis_that_names_a_person_is_mended_in_the_form_without_typing_it_again(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, named: str
):
    room = await a_room(sandbox, bot, alice, bob)
    await alice.types(f"/incident hypothesis {named} broke the card token", in_=room)
    form = await alice.gets_form("Add hypothesis")
    assert "names a person. Say which thing is at fault." in form.text
    assert await journal(bot, HypothesisProposed) == []
    await alice.fills({WHAT: "The change by Bob broke the card token"})
    assert "“Bob” names a person." in (await alice.submits())[WHAT]
    await alice.fills({WHAT: "The last change broke the card token"})
    assert await alice.submits() == {}
    await alice.sees("H1: The last change broke the card token", in_=room)
    told = await asks(alice, "/incident timeline", in_=room)
    assert told.count("tried to propose a hypothesis. Refused: it named a person") == 2


async def test_a_hypothesis_that_is_longer_than_a_line_stands_in_the_form_to_be_shortened(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice)
    long = "The pool of connections is exhausted since the release, " * 3
    await alice.types(f"/incident hypothesis {long}new: Card network", in_=room)
    form = await alice.gets_form("Add hypothesis")
    assert "It has 166 characters and 140 fit: please leave out 26." in form.text
    assert form.values[WHAT] == long.strip(" ,") and form.values[PLACE] == "Card network"
    assert "166 characters" in (await alice.submits())[WHAT]
    await alice.fills({WHAT: "The pool of connections is exhausted since the release"})
    assert await alice.submits() == {}
    root = await alice.sees("H1: The pool of connections is exhausted", in_=room)
    assert "Boundary: Card network (not on the map)" in root.text


async def test_a_place_that_the_map_does_not_have_is_proposed_in_one_line_and_the_map_says_so(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await a_room(sandbox, bot, alice)
    answer = await asks(alice, "/incident hypothesis Its certificate has expired, new: Card network", in_=room)
    assert "H1 of INC-1 is proposed. “Card network” is kept as a place that the map does not have." in answer
    root = await alice.sees("H1: Its certificate has expired", in_=room)
    assert "Boundary: Card network (not on the map)" in root.text
    assert "Not on the map\n• Card network · 1 hypothesis, 1 open: H1" in await asks(alice, "/incident map", in_=room)
    assert "Card network (not on the map)" in await asks(alice, "/incident hypotheses", in_=room)
    told = await asks(alice, "/incident timeline", in_=room)
    assert "proposed H1: “Its certificate has expired”, at “Card network”, which the map does not have" in told


async def test_the_form_takes_a_place_that_the_map_does_not_have_and_offers_it_to_whoever_proposes_next(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await a_room(sandbox, bot, alice, bob)
    await alice.presses("Add hypothesis", in_=room)
    await alice.fills({WHAT: "Its certificate has expired", PLACE: "Card network"})
    assert await alice.submits() == {}
    await bob.sees("Boundary: Card network (not on the map)", in_=room)
    await bob.types("/incident hypothesis", in_=room)
    await bob.fills({WHAT: "It limits our calls", "Where?": "Card network (not on the map)", PLACE: "The bank"})
    assert list(await bob.submits()) == [PLACE]
    await bob.fills({PLACE: ""})
    assert await bob.submits() == {}
    await alice.sees("H2: It limits our calls", in_=room)
    assert [one.place for one in await journal(bot, HypothesisProposed)] == ["Card network", "Card network"]
    told = await asks(alice, "/incident map", in_=room)
    assert "Not on the map\n• Card network · 2 hypotheses, 2 open: H1 and H2" in told


async def test_of_a_text_that_no_field_holds_the_rest_stands_below_it(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice)
    words = [f"word{number:04}" for number in range(700)]
    await alice.types(f"/incident hypothesis {' '.join(words)}", in_=room)
    form = await alice.gets_form("Add hypothesis")
    assert "The field holds 3000 characters. The rest of what you wrote:" in form.text
    assert len(form.values[WHAT]) == 3000 and "…" not in form.text
    shown = f"{form.values[WHAT]}{form.text}"
    assert all(word in shown for word in words if words.index(word) != 333), "that one is divided"
    await alice.fills({WHAT: "It is idle"})
    assert await alice.submits() == {}


async def test_what_was_refuted_is_stated_anew_and_both_say_so(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice)
    await refuted(alice, "The pool is exhausted", room)
    await alice.presses("State it anew", in_=room)
    form = await alice.gets_form("H1 stated anew")
    assert "H1 was refuted: “The pool is exhausted”" in form.text
    await alice.fills({WHAT: "The pool is exhausted at night"})
    assert await alice.submits() == {}
    await root_shows(alice, room, "H2", "States anew H1 “The pool is exhausted”, which was refuted")
    await root_shows(alice, room, "H1", "✗ Refuted", "Stated anew as H2")
    board = await asks(alice, "/incident hypotheses", in_=room)
    assert "states H1 anew" in board and "stated anew as H2" in board


async def test_one_line_states_anew_what_has_turned_out_and_nothing_else(sandbox: Sandbox, bot: App, alice: Person):
    room = await a_room(sandbox, bot, alice)
    await refuted(alice, "The pool is exhausted", room)
    told = await asks(alice, "/incident hypothesis revises H1 The pool is exhausted at night", in_=room)
    assert "H2 of INC-1 is proposed, and states H1 anew." in told
    assert "INC-1 has no H9." in await asks(alice, "/incident hypothesis revises H9 It is DNS", in_=room)
    still = await asks(alice, "/incident hypothesis revises H2 It is DNS", in_=room)
    assert "H2 has not turned out yet, so it cannot be stated anew." in still
    assert [one.revises for one in await journal(bot, HypothesisProposed)] == [None, 1]
