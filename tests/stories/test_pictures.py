"""The picture of an incident in its room: a file that says in words what it shows, posted once."""

from dataclasses import replace

from bot.app import App
from bot.core.pictures import PictureAsked, Shows
from bot.sandbox import Person, Sandbox, Seen
from bot.sandbox.workspace.state import File
from tests.running import QUICK, running, until
from tests.stories.steps import asks, declares, everything_is_delivered, journal, proposes, walks_to


def pictures_in(sandbox: Sandbox, person: Person, room: str) -> list[File]:
    """Every file that stands in the room, oldest first."""
    shown = [file for message in person.messages(room) for file in message.raw.get("files", [])]
    return [sandbox.workspace.files[file["id"]] for file in shown]


async def the_picture_is_there(sandbox: Sandbox, bot: App, person: Person, room: str, count: int = 1) -> list[File]:
    """Wait until it is drawn and posted, or so many are."""

    async def is_there() -> bool:
        return len(pictures_in(sandbox, person, room)) >= count and await bot.outbox.is_idle()

    await until(is_there, within=60.0)
    return pictures_in(sandbox, person, room)


async def test_the_room_gets_a_picture_that_says_in_words_what_it_shows(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    answer = await asks(alice, "/incident picture", in_=room)
    assert answer == "The picture is being drawn; the room gets it in a moment."
    (file,) = await the_picture_is_there(sandbox, bot, alice, room)
    assert file.content is not None and file.content.startswith(b"\x89PNG")
    assert file.title == "INC-1 as a picture"
    assert "Phases: Detection " in file.alt_txt and "Recovery " in file.alt_txt and "Severity: SEV1." in file.alt_txt
    assert "Checkout" not in file.alt_txt
    assert len(await journal(bot, PictureAsked)) == 1


async def test_a_picture_whose_answer_was_lost_is_found_and_not_posted_again(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.lose_answer("files.completeUploadExternal")
    await alice.types("/incident picture", in_=room)
    assert len(await the_picture_is_there(sandbox, bot, alice, room)) == 1
    assert not (await bot.service.incident(1, viewer="")).failures


async def test_a_picture_that_slack_did_not_take_is_sent_again(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.fail("files.getUploadURLExternal")
    sandbox.faults.fail("files.completeUploadExternal")
    await alice.types("/incident picture", in_=room)
    assert len(await the_picture_is_there(sandbox, bot, alice, room)) == 1


async def test_two_who_ask_get_two_pictures_and_a_drill_says_that_it_is_one(sandbox: Sandbox, bot: App, alice: Person):
    await alice.types("/incident drill sev1 We practise", in_="#general")
    await everything_is_delivered(bot, sandbox)
    room = next(f"#{one.name}" for one in sandbox.workspace.channels.values() if one.name.startswith("drill-1"))
    for _ in range(2):
        await alice.types("/incident picture", in_=room)

    async def are_there() -> bool:
        return len(pictures_in(sandbox, alice, room)) == 2 and await bot.outbox.is_idle()

    await until(are_there, within=60.0)
    comments = [message.text for message in alice.messages(room) if message.raw.get("files")]
    assert all("DRILL" in comment for comment in comments)


async def test_the_map_comes_into_the_room_as_a_picture_and_to_whoever_asks_as_text(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await proposes(alice, "Payments reject cards", room)
    await alice.types("/incident hypothesis Its certificate has expired, new: Card network", in_=room)
    await alice.presses("Mark the map", on=await map_answered(alice, room))
    await alice.fills({"What is affected?": ["Checkout"], "What was seen to work?": ["Search"]})
    assert await alice.submits() == {}
    assert "The room gets it as a picture in a moment." in await asks(alice, "/incident map", in_=room)
    files = await the_picture_is_there(sandbox, bot, alice, room, count=2)
    assert files[-1].content is not None and files[-1].content.startswith(b"\x89PNG")
    assert files[-1].title == "System map of INC-1"
    said = files[-1].alt_txt
    assert "Affected: Checkout (checked by alice). Not known: " in said and "Payments (1 hypothesis, 1 open)" in said
    assert said.endswith("Working: Search (checked by alice). Not on the map: the place of H2 (1 hypothesis, 1 open).")
    assert "picture" not in await asks(bob, "/incident map INC-1", in_="#general")
    assert [one.shows for one in await journal(bot, PictureAsked)] == [Shows.MAP, Shows.MAP]


async def test_a_map_whose_answer_was_lost_is_not_posted_again(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.lose_answer("files.completeUploadExternal")
    await alice.types("/incident map", in_=room)
    assert len(await the_picture_is_there(sandbox, bot, alice, room)) == 1
    assert not (await bot.service.incident(1, viewer="")).failures


async def test_a_map_that_takes_longer_to_draw_than_an_attempt_may_comes_with_the_next(
    sandbox: Sandbox, sqlite_url: str
):
    alice = sandbox.person("alice")  # and no bot but this one
    hurried = replace(QUICK, lease_seconds=0.9)  # of which an attempt has two thirds: no picture is drawn in that time
    async with running(sandbox, sqlite_url, hurried) as bot:
        room = await declares(sandbox, alice, "Checkout is failing")
        await everything_is_delivered(bot, sandbox)
        await alice.types("/incident map", in_=room)
        assert len(await the_picture_is_there(sandbox, bot, alice, room)) == 1


async def map_answered(person: Person, room: str) -> Seen:
    """Ask for the map, and return the text that answers."""
    await person.types("/incident map", in_=room)
    return await person.sees("System map of INC-1", in_=room)
