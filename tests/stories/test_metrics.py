"""What incidents teach: figures for whoever asks, which they can share."""

import re

from bot.app import App
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace.channels import create, join
from bot.sandbox.workspace.state import Channel, File
from tests.stories.steps import asks, declares, everything_is_delivered, walks_to
from tests.stories.test_promises import direct


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
    assert "the chart comes to you as a direct message" in answer
    await bob.presses("Share here", in_="#general")
    await alice.sees(re.compile("Figures of the last 90 days.*Shared by @bob", re.DOTALL), in_="#general")


async def test_a_chart_comes_with_the_figures_to_whoever_asks_alone_and_to_all_once_it_is_shared(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    await asks(bob, "/incident metrics sev1 30d", in_="#general")
    await sandbox.until(lambda: _talks(sandbox, bob))
    (chart,) = await charts_in(sandbox, bob, direct(sandbox, bob))
    assert chart.content is not None and chart.content.startswith(b"\x89PNG")
    assert "1 incident of the last 30 days, only SEV1. Contained: too few to say (0)." in chart.alt_txt
    (comment,) = [message.text for message in bob.messages(direct(sandbox, bob)) if message.raw.get("files")]
    assert "/incident metrics 30d SEV1" in comment
    assert not [message for message in alice.messages("#general") if message.raw.get("files")]
    await bob.presses("Share here", in_="#general")
    assert len(await charts_in(sandbox, alice, "#general")) == 1


async def test_where_lockstep_is_not_the_figures_are_shared_and_whoever_pressed_hears_what_the_chart_needs(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    created = create(sandbox.workspace, "board", bob.id, is_private=True)
    join(sandbox.workspace, created, alice.id)
    board = "#board"
    await asks(bob, "/incident metrics", in_=board)
    await bob.presses("Share here", in_=board)
    await alice.sees(re.compile("Figures of the last 90 days.*Shared by @bob", re.DOTALL), in_=board)
    await bob.sees("Invite me, then press “Share here” once more.", in_=board)
    assert not any("Invite me" in line for line in alice.reads(board))


async def test_whoever_asks_is_told_when_the_chart_cannot_be_sent(sandbox: Sandbox, bot: App, alice: Person):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    sandbox.faults.error("files.completeUploadExternal", "restricted_action")
    assert "1 incident, 1 still open" in await asks(alice, "/incident metrics", in_="#general")
    await alice.sees("The chart could not be drawn or sent this time. The figures stand", in_="#general")


async def charts_in(sandbox: Sandbox, person: Person, channel: Channel | str) -> list[File]:
    """The files that stand there, once there is one."""

    def files() -> list[File]:
        shown = [file for message in person.messages(channel) for file in message.raw.get("files", [])]
        return [sandbox.workspace.files[file["id"]] for file in shown]

    await sandbox.until(lambda: files() or None, within=60.0)
    return files()


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


def _talks(sandbox: Sandbox, person: Person) -> bool:
    """Whether Lockstep and this person have a conversation of their own."""
    return sandbox.workspace.direct(frozenset({person.id, sandbox.workspace.app.bot_user})) is not None
