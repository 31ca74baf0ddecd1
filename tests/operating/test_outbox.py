"""`lockstep outbox`: an operator sees what is stuck, has it tried again, or lets it be, while the bot runs."""

import re
from pathlib import Path

import pytest

from bot.app import App
from bot.core.decision import OPERATOR
from bot.core.delivery import DeliveryDropped, DeliveryFailed, DeliveryRetried
from bot.sandbox import Person, Sandbox
from tests.operating.process import ended
from tests.running import running
from tests.stories.steps import asks, declares, everything_is_delivered, journal

QUIET = "Nothing waits, nothing was given up."
PATIENCE = 20.0
"""Seconds in which what a command set off has come true, also where many tests run at once."""


class Operator:
    """Somebody with a shell on the machine, who knows nothing but DATABASE_URL."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url

    async def types(self, *arguments: str) -> tuple[int, str]:
        """`lockstep outbox` with these arguments: exit code and words."""
        return await ended("outbox", *arguments, folder=self._folder, DATABASE_URL=self._url)

    async def finds(self, what: str) -> str:
        """The id under which this is listed as given up."""
        code, said = await self.types()
        assert code == 1, said
        found = re.search(rf"^INC-1  ([0-9a-f]{{6}})  {re.escape(what)}$", said, re.MULTILINE)
        assert found, said
        return found[1]


@pytest.fixture
def operator(tmp_path: Path, database_url: str) -> Operator:
    """The operator of the bot on this database."""
    return Operator(tmp_path, database_url)


def refuse_posts(sandbox: Sandbox, channel: str) -> None:
    """From now on Slack refuses whatever is posted into this channel."""
    sandbox.faults.error("chat.postMessage", "restricted_action", times=None, channel=sandbox.channel(channel).id)


async def declared(sandbox: Sandbox, bot: App, person: Person) -> str:
    """Declare INC-1, and wait until all is shown or given up."""
    room = await declares(sandbox, person, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    return room


async def test_a_stuck_delivery_is_listed_tried_again_and_comes_true(
    sandbox: Sandbox, database_url: str, operator: Operator
):
    alice, carol = sandbox.person("alice"), sandbox.person("carol")
    assert await operator.types() == (0, QUIET)
    refuse_posts(sandbox, "#exec-updates")
    async with running(sandbox, database_url) as bot:
        room = await declared(sandbox, bot, alice)
        code, said = await operator.types()
        assert code == 1, said
        assert "Given up: 1\n" in said and "Waiting" not in said
        assert "show executives where the incident stands\n" in said and ": restricted_action\n" in said
        assert "and with it: send the update to executives\n" in said
        await sandbox.faults.clear()
        id = await operator.finds("show executives where the incident stands")
        code, said = await operator.types("retry", "INC-1", id)
        assert (code, said.splitlines()[0]) == (
            0,
            f"INC-1 {id}: to be tried again: show executives where the incident stands (and 1 with it).",
        )
        await carol.sees("INC-1: Report received", in_="#exec-updates", within=PATIENCE)
        await carol.sees("We are looking into a report", in_="#exec-updates", within=PATIENCE)
        await everything_is_delivered(bot, sandbox)
        assert await operator.types() == (0, QUIET)
        assert [one.actor for one in await journal(bot, DeliveryRetried)] == [OPERATOR]
        assert "⚠" not in (await alice.sees("we must know:", in_=room)).text
        told = await asks(alice, "/incident timeline", in_=room)
        assert "An operator let Lockstep try again to show executives where the incident stands" in told


async def test_what_is_dropped_is_gone_from_the_list_and_the_card_and_its_reason_is_on_the_timeline(
    sandbox: Sandbox, database_url: str, operator: Operator
):
    alice = sandbox.person("alice")
    refuse_posts(sandbox, "#exec-updates")
    async with running(sandbox, database_url) as bot:
        room = await declared(sandbox, bot, alice)
        await alice.sees("⚠ Slack did not let me show executives", in_=room)
        id = await operator.finds("show executives where the incident stands")
        code, said = await operator.types("drop", "1", id, "--reason", "They were called by phone")
        assert (code, said) == (
            0,
            f"INC-1 {id}: dropped: show executives where the incident stands (and 1 with it).",
        )
        assert (await operator.types())[0] == 0

        def card_is_clean() -> bool:
            return not any("⚠" in text for text in alice.reads(room))

        await sandbox.until(card_is_clean, within=PATIENCE)
        await everything_is_delivered(bot, sandbox)
        assert await operator.types() == (0, QUIET)
        (dropped,) = await journal(bot, DeliveryDropped)
        assert (dropped.actor, dropped.reason) == (OPERATOR, "They were called by phone")
        line = "An operator decided not to show executives where the incident stands after all: “They were called by phone”"
        assert line in await asks(alice, "/incident timeline", in_=room)
    code, exported = await ended("export", "1", "--form", "markdown", folder=Path.cwd(), DATABASE_URL=database_url)
    assert code == 0 and line.replace("executives", "*executives*") in exported


async def test_everything_is_tried_again_at_once_and_what_was_refused_many_times_is_shown_once(
    sandbox: Sandbox, database_url: str, operator: Operator
):
    alice, carol = sandbox.person("alice"), sandbox.person("carol")
    refuse_posts(sandbox, "#incidents")
    refuse_posts(sandbox, "#exec-updates")
    async with running(sandbox, database_url) as bot:
        answer = await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
        assert answer is not None
        await everything_is_delivered(bot, sandbox)
        assert (
            len(await journal(bot, DeliveryFailed)) == 3
        )  # the update for executives is not taken in #incidents either
        code, said = await operator.types()
        assert code == 1 and "Given up: 3\n" in said and "announce the incident" in said
        await sandbox.faults.clear()
        code, said = await operator.types("retry")
        assert code == 0 and said.count("to be tried again") == 3
        await carol.sees("INC-1: Checkout is failing", in_="#incidents", within=PATIENCE)
        await carol.sees("INC-1: Report received", in_="#exec-updates", within=PATIENCE)
        await everything_is_delivered(bot, sandbox)
        assert await operator.types() == (0, QUIET)
        assert sum("INC-1: Checkout is failing" in text for text in carol.reads("#incidents")) == 1
        assert await operator.types("retry") == (0, "Nothing was given up.")
        assert await operator.types("retry", "INC-1") == (0, "INC-1: nothing was given up.")


async def test_what_waits_says_for_what_and_is_nothing_to_worry_a_monitor(
    sandbox: Sandbox, database_url: str, operator: Operator
):
    sandbox.faults.limit("conversations.create", times=None, retry_after=2)
    async with running(sandbox, database_url) as bot:
        await sandbox.person("alice").types("/incident declare sev1 Checkout is failing", in_="#general")
        await sandbox.until(lambda: bool(sandbox.calls.of("conversations.create")))
        code, said = await operator.types()
        assert code == 0, said
        assert re.search(r"  open the incident's room\n.*\n +put off, .*: rate ?limited", said), said
        assert re.search(r"  show the room card\n.*\n +waits until this is done: open the incident's room", said)
        room = re.search(r"([0-9a-f]{6})  open the incident's room", said)
        assert room
        code, said = await operator.types("retry", room[1])
        assert (code, said) == (2, f"lockstep: {room[1]} was not given up: it waits, and is tried again by itself.")
        await sandbox.faults.clear()
        await everything_is_delivered(bot, sandbox)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("retry", "INC-7", "abcdef"), "Nothing that was given up is called abcdef there."),
        (("retry", "abcdef"), "Nothing that was given up is called abcdef there."),
        (("drop", "7", "abcdef", "--reason", "x"), "Nothing that was given up is called abcdef there."),
        (("drop", "many", "abcdef", "--reason", "x"), "many is not an incident. Write INC-1 or 1."),
    ],
)
async def test_what_was_not_given_up_is_one_line_and_exit_code_2(
    sqlite_url: str, tmp_path: Path, arguments: tuple[str, ...], says: str
):
    code, said = await Operator(tmp_path, sqlite_url).types(*arguments)
    assert code == 2 and said.startswith(f"lockstep: {says}") and "\n" not in said


async def test_nothing_is_dropped_without_a_reason(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    operator = Operator(tmp_path, sqlite_url)
    refuse_posts(sandbox, "#exec-updates")
    async with running(sandbox, sqlite_url) as bot:
        await declared(sandbox, bot, sandbox.person("alice"))
    id = await operator.finds("show executives where the incident stands")
    assert await operator.types("drop", "INC-1", id, "--reason", " ") == (
        2,
        'lockstep: Say why it is not needed: --reason "…".',
    )
    assert await operator.finds("show executives where the incident stands") == id
