"""What incidents teach: figures for whoever asks, which they can share."""

import re

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.stories.steps import asks, declares, everything_is_delivered, walks_to


async def test_figures_are_for_whoever_asks_until_they_share_them(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    answer = await asks(bob, "/incident metrics", in_="#general")
    assert "Figures of the last 90 days" in answer
    assert "1 incident." in answer and "too few" in answer
    assert not any("Figures of" in line for line in alice.reads("#general"))
    await bob.presses("Share here", in_="#general")
    await alice.sees(re.compile("Figures of the last 90 days.*Shared by @bob", re.DOTALL), in_="#general")


async def test_a_drill_does_not_count(sandbox: Sandbox, bot: App, alice: Person):
    await alice.types("/incident drill sev1 Checkout is failing", in_="#general")
    await everything_is_delivered(bot, sandbox)
    answer = await asks(alice, "/incident metrics 30d", in_="#general")
    assert "No incident that counts; left out: 1 drill." in answer


async def test_figures_can_be_narrowed_and_a_word_that_means_nothing_is_explained(
    sandbox: Sandbox, bot: App, alice: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    assert "1 incident, 1 still open" in await asks(alice, "/incident metrics sev1 7d", in_="#general")
    assert "No incident that counts" in await asks(alice, "/incident metrics SEV3", in_="#general")
    assert "I do not know “yesterday”." in await asks(alice, "/incident metrics yesterday", in_="#general")
