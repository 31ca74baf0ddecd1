"""7. Facts: corrected at any time by a form or in a line, each correction an event; the next update says what is true now."""

import re
from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.core.facts import BoundariesMarked, ImpactStated, StartStated, TitleChanged
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    kinds_of,
    takes_command,
    updates_in,
    walks_to,
)

NOW = datetime(2027, 3, 4, 16, 30, tzinfo=UTC)
"""A Thursday: 17:30 in Paris and Lagos, 11:30 in New York, and 01:30 on Friday in Tokyo."""


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    """A workspace in which it is NOW."""
    sandbox.clock.set_epoch(NOW.timestamp())
    return sandbox


async def started(bot: App) -> datetime | None:
    """When the harm began, as recorded."""
    return (await bot.service.incident(1, viewer="")).started


async def test_one_form_corrects_several_facts_in_one_commit(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    before = len(await bot.service.timeline(1, viewer=""))
    await alice.presses("Edit facts", in_=room)
    form = await alice.gets_form()
    assert form.values["What is wrong?"] == "Checkout is failing" and form.values["Who cannot do what?"] == ""
    await alice.fills(
        {
            "What is wrong?": "Card payments fail",
            "Who cannot do what?": IMPACT,
            "What is affected?": ["Payments", "Checkout"],
        }
    )
    assert await alice.submits() == {} and alice.form is None
    new = (await bot.service.timeline(1, viewer=""))[before:]
    assert [type(one.event) for one in new] == [TitleChanged, ImpactStated, BoundariesMarked]
    assert len({one.recorded_at for one in new}) == 1 and {one.event.actor for one in new} == {alice.id}
    await everything_is_delivered(bot, sandbox)
    card = await alice.sees("we must know:", in_=room)
    assert "INC-1: Card payments fail" in card.text and f"Impact: {IMPACT}" in card.text
    assert "Checkout, Payments" in card.text or "Payments, Checkout" in card.text
    await carol.sees("INC-1: Card payments fail", in_="#incidents")
    assert sandbox.channel(room).topic.value.endswith("Card payments fail")


async def test_a_form_states_only_what_was_changed_in_it(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await bob.sees("[Edit facts]", in_=room)
    await bob.presses("Edit facts", in_=room)
    await alice.types("/incident impact Nobody can pay at all.", in_=room)
    await alice.types("/incident title All payments fail", in_=room)
    await bob.fills({"What is affected?": ["Checkout"]})
    assert await bob.submits() == {}
    incident = await bot.service.incident(1, viewer="")
    assert (incident.impact, incident.title) == ("Nobody can pay at all.", "All payments fail")
    assert incident.boundaries == ("checkout",)
    await everything_is_delivered(bot, sandbox)
    count = len(await kinds_of(bot))
    await bob.presses("Edit facts", in_=room)
    assert await bob.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert len(await kinds_of(bot)) == count


async def test_what_was_said_cannot_be_emptied(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    for label in ("Who cannot do what?", "What is wrong?"):
        await alice.presses("Edit facts", in_=room)
        await alice.fills({label: "  "})
        assert list(await alice.submits()) == [label]
        await alice.closes()
    incident = await bot.service.incident(1, viewer="")
    assert (incident.impact, incident.title) == (IMPACT, "Checkout is failing")


async def test_a_fact_that_was_marked_by_mistake_can_be_taken_back(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"What is affected?": ["Search"]})
    assert await alice.submits() == {}
    await alice.sees("Affected: Search", in_=room)
    assert (await bot.service.incident(1, viewer="")).boundaries == ("search",)


async def test_the_next_update_says_what_is_true_now(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    count = len(updates_in(carol, "#exec-updates"))
    answer = await asks(alice, "/incident impact Nobody can pay at all.", in_=room)
    assert "“Nobody can pay at all.”" in answer and "The next update says what is true now." in answer
    await alice.types("/incident started 15:10", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(carol, "#exec-updates")) == count
    promised = (await bot.service.incident(1, viewer="")).told["executives"].promised
    assert promised is not None
    await pass_time(bot, sandbox, (promised - bot.clock.now()).total_seconds() / 60)
    told = updates_in(carol, "#exec-updates")
    assert len(told) == count + 1
    assert "Nobody can pay at all." in told[-1] and IMPACT not in told[-1]
    assert "Started: 09:10." in told[-1]
    shown = next(message.text for message in carol.messages("#exec-updates") if "INC-1:" in message.text)
    assert "Nobody can pay at all." in shown and IMPACT not in shown


async def test_each_correction_is_an_event_and_the_old_words_stay_on_the_timeline(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    for command in (
        "impact Some cannot pay.",
        "impact Nobody can pay.",
        "impact Nobody can pay.",
        "title Payments fail",
        "started 17:05",
        "started 17:10",
    ):
        await alice.types(f"/incident {command}", in_=room)
    kinds = await kinds_of(bot)
    assert [kinds.count(kind.__name__) for kind in (ImpactStated, TitleChanged, StartStated)] == [2, 1, 2]
    timeline = await asks(bob, "/incident timeline INC-1", in_="#general")
    for words in ("“Some cannot pay.”", "“Nobody can pay.”", "“Payments fail”", "at 01:05", "at 01:10"):
        assert words in timeline


@pytest.mark.parametrize(
    ("name", "typed", "at", "answer"),
    [
        ("alice", "14:05", (4, 13, 5), "Thursday 4 March 2027 at 14:05 (Europe/Paris, 13:05 UTC)"),
        ("bob", "23:50", (4, 14, 50), "Thursday 4 March 2027 at 23:50 (Asia/Tokyo, 14:50 UTC)"),
        ("bob", "1:20", (4, 16, 20), "Friday 5 March 2027 at 01:20 (Asia/Tokyo, 16:20 UTC)"),
        ("alice", "17:31", (3, 16, 31), "Wednesday 3 March 2027 at 17:31 (Europe/Paris, 16:31 UTC)"),
        ("alice", "17:30", (4, 16, 30), "Thursday 4 March 2027 at 17:30"),
        ("erin", "2:05 pm", (4, 13, 5), "Thursday 4 March 2027 at 14:05 (Europe/Prague, 13:05 UTC)"),
        ("alice", "2027-03-02 23:50", (2, 22, 50), "Tuesday 2 March 2027 at 23:50"),
    ],
)
async def test_when_it_started_is_read_in_the_zone_of_whoever_types_it_and_said_back_in_full(
    sandbox: Sandbox, bot: App, name: str, typed: str, at: tuple[int, int, int], answer: str
):
    person = sandbox.person(name)
    room = await declares(sandbox, person, "Checkout is failing")
    day, hour, minute = at
    assert answer in await asks(person, f"/incident started {typed}", in_=room)
    assert await started(bot) == datetime(2027, 3, day, hour, minute, tzinfo=UTC)


async def test_everybody_sees_on_the_card_when_it_started_in_their_own_zone(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident started 14:05", in_=room)
    await alice.sees("Started\ntoday at 14:05", in_=room)
    await bob.joins(room)
    await bob.sees("Started\nyesterday at 22:05", in_=room)


async def test_whoever_moved_to_another_zone_is_read_in_that_one(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    assert "Europe/Paris" in await asks(alice, "/incident started 14:05", in_=room)
    alice.user.tz = "America/New_York"
    await pass_time(bot, sandbox, 24 * 60)
    assert "(America/New_York, 14:05 UTC)" in await asks(alice, "/incident started 9:05", in_=room)


@pytest.mark.parametrize(
    "typed",
    ["yesterday", "25:00", "14:60", "14:05 tomorrow", "2027-02-30 14:05", "0001-01-01 00:00", "9999-12-31 23:59"],
)
async def test_a_time_that_cannot_be_meant_is_answered_with_how_to_write_one(
    sandbox: Sandbox, bot: App, bob: Person, typed: str
):
    room = await declares(sandbox, bob, "Checkout is failing")
    for person in (bob, sandbox.person("carol")):
        await person.joins(room)
        answer = await asks(person, f"/incident started {typed}", in_=room)
        assert "/incident started 14:05" in answer or "Please give a time that has passed" in answer
        assert await started(bot) is None


async def test_a_day_to_come_is_refused_and_the_refusal_stands_on_the_timeline(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    answer = await asks(alice, "/incident started 2027-03-05 09:00", in_=room)
    assert "tomorrow at 09:00 has not come yet. Please give a time that has passed." in answer
    assert await started(bot) is None
    assert "@alice tried to say when it started. Refused:" in await asks(alice, "/incident timeline", in_=room)


async def test_without_words_the_line_opens_the_form(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    for verb in ("impact", "title"):
        assert await alice.types(f"/incident {verb}", in_=room) is None
        assert "Who cannot do what?" in (await alice.gets_form("Edit facts")).labels
        await alice.closes()


async def test_what_people_type_is_shown_as_typed_and_calls_nobody(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    typed = "*Nobody* <can> pay & all know"
    await alice.types(f"/incident impact {typed} @channel", in_=room)
    assert (await bot.service.incident(1, viewer="")).impact == f"{typed} @channel"
    card = await alice.sees(re.compile(r"we must know:.*<can> pay & all know @channel", re.DOTALL), in_=room)
    assert "<!channel" not in str(card.raw)
    await alice.types(f"/incident impact {typed}", in_=room)
    await advances(alice, "Advance to Triage", room)
    await everything_is_delivered(bot, sandbox)
    read = [message.text for message in carol.messages("#exec-updates")]
    assert any("<can> pay & all know" in text for text in read) and not any("@channel" in text for text in read)


async def test_corrections_belong_into_the_room_and_end_with_the_incident(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    for command in ("impact Nobody can pay.", "title Payments fail", "started 14:05"):
        assert "in the room of the incident" in await asks(alice, f"/incident {command}", in_="#general")
    await walks_to(alice, room, "Close incident")
    count = len(await kinds_of(bot))
    for command in ("impact Nobody can pay.", "title Payments fail", "started 14:05"):
        assert "INC-1 is closed" in await asks(alice, f"/incident {command}", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert set((await kinds_of(bot))[count:]) <= {"UpdateSent", "ZoneLearnt"}
