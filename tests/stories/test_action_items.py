"""Action items from the review to long after: taken, done, verified by somebody else, moved, declined, opened again and dropped."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.app import App
from bot.core.learning.action_moves import ActionReopened, ActionVerified, DueDateMoved
from bot.core.learning.action_reminders import ActionsReminded
from bot.core.learning.actions import ActionAccepted, ActionItemAdded
from bot.sandbox import Person, Sandbox
from bot.store.timers import next_due
from tests.running import pass_time
from tests.stories.steps import asks, declares, everything_is_delivered, journal, kinds_of, walks_to
from tests.stories.test_promises import direct

CHECK = {
    "What will we change?": "Test checkout with every card before a release",
    "Done when": "A release stops when any card fails",
    "Assignee": "@bob",
    "Due date": "2030-01-31",
    "What is it for?": "Prevent it",
    "Which contributing factors does it act on?": ["Test or verification gap"],
}


async def in_review(sandbox: Sandbox, person: Person) -> str:
    """An incident whose service is restored, and its room."""
    room = await declares(sandbox, person, "sev1 Checkout is failing")
    await walks_to(person, room, "Advance to Postmortem")
    await person.sees("[Add action item]", in_=room)
    return room


async def adds(person: Person, room: str, **changes: object) -> None:
    """Add an action item with the button on the card."""
    await person.presses("Add action item", in_=room)
    await person.fills(CHECK | changes)
    assert await person.submits() == {}


async def is_told(bot: App, sandbox: Sandbox, person: Person, text: str) -> None:
    """Wait until somebody has read this in their direct messages."""
    await everything_is_delivered(bot, sandbox)
    await person.sees(text, in_=direct(sandbox, person))


async def test_whoever_it_is_for_takes_it_and_somebody_else_verifies_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_review(sandbox, alice)
    await adds(alice, room)
    await is_told(bot, sandbox, bob, "proposes an action item to you")
    await bob.presses("I'll do it", in_=direct(sandbox, bob))
    await everything_is_delivered(bot, sandbox)
    assert [one.actor for one in await journal(bot, ActionAccepted)] == [bob.id]
    assert (await bot.service.incident(1, viewer="")).zones == {bob.id: bob.user.tz}
    await bob.presses("Done", in_=direct(sandbox, bob))
    await is_told(bot, sandbox, alice, "says that this is done. Please look whether it is")
    await alice.presses("It is done", in_=direct(sandbox, alice))
    await is_told(bot, sandbox, bob, "has seen that this is done")
    assert [one.actor for one in await journal(bot, ActionVerified)] == [alice.id]


async def test_what_nobody_could_ever_finish_is_refused_at_the_field(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_review(sandbox, alice)
    await alice.presses("Add action item", in_=room)
    await alice.fills(CHECK | {"What will we change?": "Monitor checkout", "Done when": "Soon"})
    wrong = await alice.submits()
    assert list(wrong.values()) == ["Please write how anybody can see that it is done, in 15 characters or more."]
    await alice.fills({"Done when": "An alert rings within 2 minutes of a failed payment"})
    assert await alice.submits() == {}
    assert [one.what for one in await journal(bot, ActionItemAdded)] == ["Monitor checkout"]


async def test_after_the_close_it_is_moved_with_a_reason_declined_and_added(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Close incident")
    await alice.sees(re.compile("closed", re.IGNORECASE), in_=room)
    await is_told(bot, sandbox, bob, "proposes an action item to you")
    await bob.presses("Move date", in_=direct(sandbox, bob))
    await bob.fills({"Due date": "2030-03-01"})
    assert list((await bob.submits()).values()) == ["Please write why it is later."]
    await bob.fills({"Why is it later?": "The payment team is away"})
    assert await bob.submits() == {}
    (moved,) = await journal(bot, DueDateMoved)
    assert (moved.slips, moved.why) == (True, "The payment team is away")
    await bob.presses("Not me", in_=direct(sandbox, bob))
    assert await bob.submits() == {}
    await is_told(bot, sandbox, alice, "does not take this action item")
    await adds(alice, room, Assignee="@alice")
    await everything_is_delivered(bot, sandbox)
    kinds = await kinds_of(bot)
    assert kinds.index("IncidentClosed") < kinds.index("DueDateMoved") < kinds.index("ActionDeclined")
    assert kinds.count("ActionItemAdded") == 2
    assert kinds.count("AttemptRefused") == 1, "only the later day without a reason"


async def test_lists_reach_across_incidents_and_each_item_has_its_buttons(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    for title in ("sev1 Checkout is failing", "sev2 Search is slow"):
        room = await declares(sandbox, alice, title)
        await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    mine = await asks(bob, "/incident actions mine", in_="#general")
    assert "A1 of INC-1" in mine and "A1 of INC-2" in mine
    assert "You have no open action item." in await asks(alice, "/incident actions mine", in_="#general")
    assert "INC-2" in await asks(alice, "/incident actions all", in_="#general")
    assert "No action item is overdue." in await asks(alice, "/incident actions overdue", in_="#general")
    assert "I do not know that list" in await asks(alice, "/incident actions everything", in_="#general")


async def test_home_shows_what_is_ones_own_and_changes_with_what_one_does(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_review(sandbox, alice)
    await adds(alice, room)
    await everything_is_delivered(bot, sandbox)
    await bob.opens_home()
    await bob.sees_home("Test checkout with every card")
    await bob.presses("I'll do it", in_="home")
    await bob.sees_home("accepted")
    await alice.opens_home()
    await alice.sees_home("Checkout is failing")


async def test_what_turns_out_not_to_be_done_is_opened_again_for_a_reason(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_review(sandbox, alice)
    await adds(alice, room)
    await is_told(bot, sandbox, bob, "proposes an action item to you")
    await bob.presses("I'll do it", in_=direct(sandbox, bob))
    await bob.presses("Done", in_=direct(sandbox, bob))
    await is_told(bot, sandbox, alice, "says that this is done")
    await alice.presses("Not done", in_=direct(sandbox, alice))
    await alice.fills({"What is still to be done?": "Two cards are missing"})
    assert await alice.submits() == {}
    await is_told(bot, sandbox, bob, "opened this again: “Two cards are missing”")
    assert [one.why for one in await journal(bot, ActionReopened)] == ["Two cards are missing"]


async def test_everybody_is_reminded_in_their_working_hours_where_they_are_over_a_change_of_the_clocks(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    """In Paris the clocks are set ahead on 28 March 2027, in New York they were on 14 March, in Tokyo never."""
    room = await in_review(sandbox, alice)
    for name in ("@alice", "@bob", "@carol"):
        await adds(alice, room, Assignee=name, **{"Due date": "2027-03-29"})
    await everything_is_delivered(bot, sandbox)
    end = datetime(2027, 3, 30, tzinfo=UTC)
    while (due := await next_time(bot)) and due <= end:
        await pass_time(bot, sandbox, (due - bot.clock.now()).total_seconds() / 60)
    told = await journal(bot, ActionsReminded)
    for person, hours in ((alice, [9, 9, 9]), (bob, [9, 9, 9]), (carol, [9, 9, 9])):
        there = [one.at.astimezone(ZoneInfo(person.user.tz)) for one in told if one.to == person.id]
        assert [at.hour for at in there] == hours, there
        assert [(at.month, at.day) for at in there] == [(3, 22), (3, 26), (3, 29)]
        assert sum("A reminder of" in text for text in person.reads(direct(sandbox, person))) == 3


async def next_time(bot: App) -> datetime | None:
    """When something falls due next."""
    async with bot.database.read() as tx:
        return await next_due(tx)
