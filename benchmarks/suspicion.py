"""The part of the counted incident in which people look for the cause."""

import re

from benchmarks.present import Night
from tests.stories.steps import replies

SHOWS = {
    "If it is true, what will we see?": "Without it cards are taken",
    "And if it is false?": "Cards are declined without it too",
}
HOW = {"How do we test it?": "Undo it on one server"}
H1, H2 = "The 13:50 release broke it", "The provider declines every card"
H3, H4 = "A certificate has expired", "The new flag is to blame"


async def suspicion(now: Night) -> None:
    """Hypotheses, their tests and their evidence."""
    counted, bob, room = now.ledger.counted, now.bob, now.room
    async with counted(bob, "log a hypothesis", "command") as hand:
        await hand.types(f"/incident hypothesis {H1}", in_=room)
    root = await bob.sees(re.compile("^H1: "), in_=room)
    async with counted(bob, "log a hypothesis", "button") as hand:
        await hand.presses("Add hypothesis", in_=room)
        await hand.submits({"What may be wrong?": H2})
    other = await bob.sees(re.compile("^H2: "), in_=room)
    async with counted(bob, "start a test", "button, of which only the idea is known") as hand:
        await hand.presses("Start test", on=root)
        await hand.submits(SHOWS | HOW)
    await now.settles()
    said = await replies(bob, "Undone on every server, cards are still declined", root, room)
    await now.settles()
    async with counted(bob, "mark evidence", "reaction") as hand:
        await hand.reacts("heavy_minus_sign", to=said)
    await now.settles()
    async with counted(bob, "mark evidence", "button") as hand:
        await hand.presses("Add evidence", on=root)
        await hand.submits(
            {"Which way does it speak?": "It speaks against it", "Or something new?": "Errors began before"}
        )
    async with counted(bob, "refute a hypothesis", "button") as hand:
        await hand.presses("Refute", on=root)
        await hand.submits({"What shows it?": "Without the release it is as before"})
    async with counted(bob, "park a hypothesis", "button") as hand:
        await hand.presses("Park", on=other)
    await now.settles()
    async with counted(bob, "confirm a hypothesis", "button, of one that nobody has tested") as hand:
        await hand.presses("Confirm", on=other)
        await hand.submits(
            {
                "What shows it?": "Their status page is red",
                "What would we have seen if it were false?": "It would be green",
                "How much of what is seen does it explain?": "All of it",
            }
        )
    await now.settles()
    await planned(now)
    await now.settles()
    await changes_production(now)


async def planned(now: Night) -> None:
    """A test that is planned before somebody begins it shows nothing; another one, by somebody else, shows it."""
    counted, bob, dave, room = now.ledger.counted, now.bob, now.dave, now.room
    await bob.types(f"/incident hypothesis {H3}", in_=room)
    root = await bob.sees(re.compile("^H3: "), in_=room)
    async with counted(bob, "say what a hypothesis predicts", "button") as hand:
        await hand.presses("Predict", on=root)
        await hand.submits(SHOWS)
    async with counted(bob, "plan a test", "the form that follows the prediction") as hand:
        await hand.submits(HOW)
    await now.settles()
    async with counted(bob, "start a test", "button, of which all is known") as hand:
        await hand.presses("Start test", on=root)
    await now.settles()
    async with counted(bob, "say that a test showed nothing", "button") as hand:
        await hand.presses("No result", on=root)
        await hand.submits({"Why does it show nothing?": "That server was off"})
    await now.settles()
    async with counted(bob, "plan a test", "button") as hand:
        await hand.presses("Plan test", on=root)
        await hand.submits({"How do we test it?": "Read its dates", "Who tests it?": "@dave"})
    await now.settles()
    await dave.presses("Start test", on=root)
    await now.settles()
    async with counted(dave, "confirm a hypothesis", "button, of one under test") as hand:
        await hand.presses("Confirm", on=root)
        await hand.submits(
            {"What shows it?": "It ended today", "How much of what is seen does it explain?": "A part of it"}
        )


async def changes_production(now: Night) -> None:
    """A test that needs a way back and a go."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    await bob.types(f"/incident hypothesis {H4}", in_=room)
    root = await bob.sees(re.compile("^H4: "), in_=room)
    await bob.presses("Predict", on=root)
    await bob.fills(SHOWS)
    await bob.submits()
    async with counted(bob, "plan a test that changes production", "the forms that follow the prediction") as hand:
        await hand.submits(HOW | {"What does it take?": "It changes production"})
        await hand.submits({"How do we go back if it does harm?": "Switch it on again"})
    asked = await alice.sees("this test changes production", in_=room)
    async with counted(alice, "let a test change production", "button") as hand:
        await hand.presses("Allow this change", on=asked)
