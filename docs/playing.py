"""An incident that the pictures of the documentation are taken of: Alice, Bob and Dave lead it from the first call to the close, in
a sandbox of their own, always at the same hour of the same day, so that new pictures can be compared with old ones.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.cli import installed
from bot.sandbox import Person, Sandbox
from bot.settings import GivenSettings

START = datetime(2026, 11, 24, 13, 2, 10, tzinfo=UTC)
ROOM = "#inc-1-card-payments-fail-at-checkout"
ANSWER_SECONDS = 120.0
NO_HELP = {"What came of it?": "It did not help"}
REPORT = "14 calls in ten minutes: Visa and Mastercard are declined at the last step."
UPDATE = (
    "Some customers cannot pay with Visa or Mastercard. Our first step did not help. "
    "We are now sending card payments through our second provider."
)


@dataclass(frozen=True)
class Stage:
    """The workspace and the bot in it."""

    sandbox: Sandbox
    bot: App

    async def passes(self, minutes: float = 0) -> None:
        """Wait until everything is delivered, then let time pass."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while not await self.bot.is_idle():
                await asyncio.sleep(0.02)
            await self.sandbox.idle()
            then = self.bot.clock.now() + timedelta(minutes=minutes)
            self.sandbox.clock.advance(minutes * 60)
            while self.bot.clock.now() < then:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A workspace at `START` and the bot in it, on a database that goes with them."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        async with installed(start=START.timestamp()) as sandbox:
            settings = GivenSettings.model_validate(
                {
                    "slack_bot_token": sandbox.bot_token,
                    "slack_app_token": sandbox.app_token,
                    "slack_api_url": sandbox.api_url,
                    "database_url": f"sqlite:///{folder}/lockstep.db",
                    "lockstep_playbooks": Path(__file__).parents[1] / "playbooks",
                    "lockstep_clock": sandbox.clock_url,
                    "lockstep_port": 0,
                }
            )
            async with App(settings) as bot:
                yield Stage(sandbox, bot)


async def play(stage: Stage) -> AsyncIterator[str]:
    """The whole incident, which stops at each moment of which there are pictures: the name of each phase while people are in it,
    "followed", when the first hypothesis is refuted and the second is under test, "told", when audiences have read what is going
    on, and "closed".
    """
    await _report(stage)
    yield "detection"
    await _assess(stage)
    yield "triage"
    await _go_on(stage)
    yield "containment"
    await _follow(stage)
    yield "followed"
    await stage.passes(25.5)
    yield "told"
    await _contain(stage)
    yield "recovery"
    await _recover(stage)
    yield "postmortem"
    await _close(stage)
    yield "closed"


async def _report(stage: Stage) -> None:
    """The first report, a commander, and two people who join."""
    alice, bob, dave = (stage.sandbox.person(name) for name in ("alice", "bob", "dave"))
    await alice.types("/incident declare Card payments fail at checkout", in_="#general")
    await alice.sees("we must know:", in_=ROOM)
    await stage.passes(1)
    await alice.presses("I'm incident commander", in_=ROOM)
    await stage.passes(1)
    await dave.presses("Join the room", in_="#incidents")
    await bob.presses("Join the room", in_="#incidents")
    await stage.passes()
    await dave.types(REPORT, in_=ROOM)
    await stage.passes(1)


async def _assess(stage: Stage) -> None:
    """Who cannot do what, and who does what about it."""
    alice = stage.sandbox.person("alice")
    await _advance(
        alice, "Advance to Triage", {"Who cannot do what?": "Some customers cannot pay with Visa or Mastercard."}
    )
    await stage.passes(2)
    await alice.types("/incident role ops @bob", in_=ROOM)
    await alice.types("/incident role comms @dave", in_=ROOM)
    await stage.passes()


async def _go_on(stage: Stage) -> None:
    """How bad it is, and what changed."""
    known: dict[str, object] = {
        "Who is affected?": "Some people",
        "What can they not do?": "They cannot do something essential",
        "What is affected?": ["Checkout", "Payments"],
        "What changed in the last 24 hours?": "The 13:50 release",
    }
    await _advance(stage.sandbox.person("alice"), "Advance to Containment", known)
    await stage.passes(1)


async def _follow(stage: Stage) -> None:
    """A first guess that is refuted, an update by hand, and a second guess under test."""
    alice, bob, dave = (stage.sandbox.person(name) for name in ("alice", "bob", "dave"))
    await bob.types("/incident hypothesis The 13:50 release broke the checkout form", in_=ROOM)
    first = await bob.sees("H1: The 13:50 release", in_=ROOM)
    await _tests(bob, "Cards go through where the release is undone", "They are declined there as well")
    await stage.passes(5)
    await bob.types("It is undone on every server, and cards are still declined.", in_=ROOM, thread=first)
    said = await bob.sees("still declined", in_=ROOM)
    await alice.reacts("heavy_minus_sign", to=said)
    await _advance(
        alice, "Advance to Recovery", {"What was done to stop the harm?": "Undid the 13:50 release"} | NO_HELP
    )
    await alice.closes()
    await bob.presses("Refute", in_=ROOM)
    await bob.fills({"What shows it?": "Without the release cards are declined just as often."})
    await bob.submits()
    await stage.passes(1)
    await alice.types("/incident hypothesis Our first payment provider declines every card", in_=ROOM)
    second = await alice.sees("H2: Our first payment provider", in_=ROOM)
    await _tests(bob, "Cards of the other provider go through", "All cards are declined")
    await alice.presses("Send update", in_=ROOM)
    await alice.fills({"What should they read?": UPDATE})
    await alice.submits()
    await alice.submits()
    await stage.passes(4)
    await dave.types("Two callers got through with another card company.", in_=ROOM, thread=second)
    await bob.types(
        "Their status page turned red at 13:38. The release has nothing to do with it.", in_=ROOM, thread=second
    )
    red = await bob.sees("turned red", in_=ROOM)
    await dave.reacts("heavy_plus_sign", to=red)
    await alice.reacts("heavy_plus_sign", to=await alice.sees("Two callers", in_=ROOM))
    await stage.passes(1)


async def _tests(person: Person, if_true: str, if_false: str) -> None:
    """Begin the test of the newest hypothesis, and say what it needs."""
    await person.presses("Start test", in_=ROOM)
    said = {"If it is true, what will we see?": if_true, "And if it is false?": if_false}
    await person.fills(said | {"How do we test it?": "Try cards by hand"})
    await person.submits()


async def _contain(stage: Stage) -> None:
    """What stops the harm, and that it stays stopped."""
    alice, bob = stage.sandbox.person("alice"), stage.sandbox.person("bob")
    done: dict[str, object] = {
        "What was done to stop the harm?": "Sent all card payments through our second provider",
        "What came of it?": "It worked",
    }
    await _advance(alice, "Advance to Recovery", done)
    await stage.passes(11)
    await _advance(alice, "Advance to Recovery", {})
    await bob.presses("Confirm", in_=ROOM)
    await bob.fills({"What shows it?": "Cards of the second provider go through, all others are declined."})
    await bob.submits()
    await stage.passes(1)


async def _recover(stage: Stage) -> None:
    """That it works as before."""
    mended: dict[str, object] = {
        "How do we know it works again?": "Card payments are back to their usual number for 30 minutes",
        "Was data lost or exposed?": "None lost",
    }
    await _advance(stage.sandbox.person("alice"), "Advance to Postmortem", mended)
    await stage.passes(1)


LEARNT = {
    "Edit contributing factors": "Card payments go to one provider unless somebody switches. Its status page is not watched.",
    "Edit what helped": "The second provider was ready, and the switch to it takes a minute.",
    "Edit what hindered": "A release at nearly the same time drew the first look.",
    "Edit where we got lucky": "The second provider had room for all payments.",
    "Edit what surprised us": "The first provider declines cards when it is down, rather than giving an error.",
    "Edit how we worked": "Two tests in a row, each with a prediction, took twelve minutes.",
}
CHANGE: dict[str, object] = {
    "What will we change?": "Try both providers before a payment is declined",
    "Done when": "A payment goes through with either provider off",
    "Assignee": "@bob",
    "Due date": "2026-12-15",
    "What is it for?": "Prevent it",
    "Which contributing factors does it act on?": ["Dependency or supplier"],
}


async def _close(stage: Stage) -> None:
    """What was learnt is written, read by somebody else and published; what is to change is taken."""
    alice, bob = stage.sandbox.person("alice"), stage.sandbox.person("bob")
    await alice.presses("Open postmortem", in_=ROOM)
    for button, text in LEARNT.items():
        await alice.presses(button)
        await alice.fills({alice.form.labels[0]: text} if alice.form else {})
        await alice.submits()
    await alice.presses("Tag factors")
    await alice.fills({"What contributed?": ["Dependency or supplier", "Detection gap"]})
    await alice.submits()
    await alice.presses("Ask for review")
    await alice.closes()
    await bob.types("/incident postmortem", in_=ROOM)
    await bob.presses("Reviewed")
    await bob.presses("Publish")
    await bob.closes()
    await stage.passes()
    await bob.presses("Add action item", in_=ROOM)
    await bob.fills(CHANGE)
    await bob.submits()
    await stage.passes(1)
    await _advance(alice, "Close incident", {})
    await stage.passes()


async def _advance(person: Person, step: str, facts: Mapping[str, object]) -> None:
    """Press this step on the card, and send its forms, until one only says something."""
    await person.presses(step, in_=ROOM)
    while person.form is not None and person.form.submit:
        asked = person.form.labels
        await person.fills({label: value for label, value in facts.items() if label in asked})
        if wrong := await person.submits():
            raise ValueError(f"{step}: {wrong}")
        if facts.items() >= NO_HELP.items():  # then the form says that it stays where it is
            return
