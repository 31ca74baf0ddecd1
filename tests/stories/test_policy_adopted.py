"""10. A policy that turns out wrong in the middle of an incident is corrected in its file and adopted in the room."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.adoption import PolicyAdopted
from bot.sandbox import Person, Sandbox
from bot.store.audit import audit, replay
from tests.running import SOON_SAYS_SO, pass_time, running
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    kinds_of,
    nothing_can_be_recorded,
    takes_command,
    updates_in,
    walks_to,
)

POLICY = """
announce_in: "#incidents"
unset_counts_as: SEV2
severities:
  - {name: SEV1, means: Nobody can work, first_update_minutes: 10, then_every_minutes: 30}
  - {name: SEV2, means: Some cannot work, first_update_minutes: 15, then_every_minutes: 60}
boundaries:
  - {id: checkout, name: Checkout}
  - {id: search, name: Search}
audiences:
  - {name: executives, channel: "#exec-updates", hears: [SEV1, SEV2]}
  - {name: support, channel: "#support-updates", hears: [SEV1, SEV2]}
"""
WRONG = POLICY.replace("#exec-updates", "#exec-updatse")


class File:
    """The policy file, as whoever looks after it writes it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "policy.yml"

    def says(self, text: str) -> None:
        """Save it."""
        self.path.write_text(text, encoding="utf-8")


@pytest.fixture
def file(tmp_path: Path) -> File:
    """The file that the bot starts with: executives are to read in a channel that does not exist."""
    file = File(tmp_path)
    file.says(WRONG)
    return file


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, file: File) -> AsyncIterator[App]:
    """Lockstep, under that policy."""
    async with running(sandbox, database_url, lockstep_playbooks=file.folder) as app:
        yield app


async def adopts(person: Person, room: str) -> str:
    """Bring the policy file to the incident; returns the answer."""
    return await asks(person, "/incident policy adopt", in_=room)


async def promised(bot: App, audience: str, number: int = 1) -> float:
    """In how many minutes this audience hears at the latest."""
    at = (await bot.service.incident(number, viewer="")).told[audience].promised
    assert at is not None
    return (at - bot.clock.now()).total_seconds() / 60


async def test_a_wrong_channel_is_told_corrected_adopted_and_executives_read_from_then_on(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    told = await alice.sees("@alice: Slack did not let me show executives where the incident stands", in_=room)
    assert "#exec-updatse" in told.text
    await everything_is_delivered(bot, sandbox)
    assert carol.reads("#exec-updates") == []
    file.says(POLICY)
    answer = await adopts(alice, room)
    assert answer == "INC-1 follows the corrected policy now. Changed: audience executives."
    await alice.sees("@alice brought the corrected policy to INC-1. Changed: audience executives.", in_=room)
    await carol.sees("INC-1: Report received", in_="#exec-updates")
    await pass_time(bot, sandbox, 31)
    await walks_to(alice, room, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    assert [text.splitlines()[0] for text in updates_in(carol, "#exec-updates")] == [
        "Report received",
        "Report received",
        "Problem confirmed",
    ]
    assert len(updates_in(sandbox.person("dave"), "#support-updates")) == 3


async def test_a_channel_that_was_the_wrong_one_says_where_the_incident_is_followed_now(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    file.says(POLICY.replace("#exec-updates", "#product-updates"))
    first = await declares(sandbox, alice, "sev2 Search is slow")
    await adopts(alice, first)
    await everything_is_delivered(bot, sandbox)
    erin = sandbox.person("erin")
    wrongly = updates_in(erin, "#product-updates")
    file.says(POLICY)
    await adopts(alice, first)
    await carol.sees("INC-1: Report received", in_="#exec-updates")
    await erin.sees("INC-1 is now followed in #exec-updates.", in_="#product-updates")
    await walks_to(alice, first, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    assert "Problem confirmed" in updates_in(carol, "#exec-updates")[-1]
    assert updates_in(erin, "#product-updates") == wrongly


async def test_what_slack_refused_is_no_longer_shown_once_it_works(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("⚠ Slack did not let me", in_=room)
    file.says(POLICY)
    await adopts(alice, room)
    await carol.sees("INC-1: Report received", in_="#exec-updates")
    await everything_is_delivered(bot, sandbox)
    card = await alice.sees("we must know:", in_=room)
    assert "⚠ Slack did not let me" not in card.text


async def test_what_is_tried_again_after_the_correction_is_shown_once(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("⚠ Slack did not let me", in_=room)
    await everything_is_delivered(bot, sandbox)
    file.says(POLICY)
    await adopts(alice, room)
    await alice.presses("Try again", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert sum("INC-1: Report received" in text for text in carol.reads("#exec-updates")) == 1
    assert "⚠" not in (await alice.sees("we must know:", in_=room)).text


async def test_a_wrong_channel_for_the_announcement_is_corrected_too(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await carol.sees("INC-1: Checkout is failing", in_="#incidents")
    file.says(POLICY.replace("#incidents", "#incident"))
    await adopts(alice, room)
    await alice.sees("Slack did not let me announce the incident (there is no channel #incident", in_=room)
    file.says(POLICY.replace("#incidents", "#engineering"))
    await adopts(alice, room)
    await alice.sees("INC-1: Checkout is failing", in_="#engineering")
    await carol.sees("INC-1 is now followed in #engineering.", in_="#incidents")


async def test_what_executives_missed_under_the_wrong_policy_they_read_when_it_is_corrected(
    sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await everything_is_delivered(bot, sandbox)
    file.says(POLICY)
    await adopts(alice, room)
    await everything_is_delivered(bot, sandbox)
    status = await carol.sees("INC-1: Limiting the problem", in_="#exec-updates")
    assert "Some customers cannot pay by card. We are working to stop it from getting worse." in status.text
    assert "Next update by" in status.text


async def test_it_is_audited_on_the_timeline_and_the_journal_holds(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    before = (await bot.service.incident(1, viewer="")).policy
    file.says(POLICY)
    await adopts(alice, room)
    assert "corrected policy. Changed: audience executives" in await asks(alice, "/incident timeline", in_=room)
    events = [one.event for one in await bot.service.timeline(1, viewer="") if isinstance(one.event, PolicyAdopted)]
    after = (await bot.service.incident(1, viewer="")).policy
    assert [(event.actor, event.former, event.policy) for event in events] == [(alice.id, before, after)]
    await everything_is_delivered(bot, sandbox)
    async with bot.database.read() as tx:
        compared = await replay(tx, sandbox.team_id, 1)
        assert compared is not None and compared[0] == compared[1]
        assert await audit(tx) == []


async def test_only_the_incident_in_whose_room_it_is_adopted_follows_it(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    one = await declares(sandbox, alice, "sev1 Checkout is failing")
    await declares(sandbox, alice, "sev1 Search is slow")
    file.says(POLICY)
    await adopts(alice, one)
    await declares(sandbox, alice, "sev1 Mail is late")
    first, other, later = [await bot.service.incident(number, viewer="") for number in (1, 2, 3)]
    assert first.policy != other.policy
    assert later.policy == first.policy


async def test_a_policy_without_a_severity_that_the_incident_has_or_had_is_refused(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    room = await declares(sandbox, alice, "sev2 Checkout is failing")
    await alice.types("/incident severity sev1", in_=room)
    before = await bot.service.incident(1, viewer="")
    file.says(POLICY.replace("SEV1", "MAJOR"))
    answer = await adopts(alice, room)
    assert "INC-1 keeps its policy: the file has no severity SEV1 any more" in answer
    await everything_is_delivered(bot, sandbox)
    after = await bot.service.incident(1, viewer="")
    assert (after.policy, after.told.keys()) == (before.policy, before.told.keys())
    assert "PolicyAdopted" not in await kinds_of(bot)
    assert "@alice tried to bring in a corrected policy" in await asks(alice, "/incident timeline", in_=room)
    file.says(POLICY)
    assert "follows the corrected policy" in await adopts(alice, room)


async def test_a_policy_that_is_refused_here_is_not_what_the_next_incident_is_declared_under(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    file.says(POLICY.replace("SEV1", "MAJOR"))
    assert "INC-1 keeps its policy" in await adopts(alice, room)
    await declares(sandbox, alice, "sev1 Search is slow")
    assert (await bot.service.incident(2, viewer="")).severity == "SEV1"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (POLICY.replace("hears: [SEV1, SEV2]}\n  - {name: support", "hears: [SEV9]}\n  - {name: support"), "11:58"),
        (POLICY.replace("severities:", "severities: ["), ""),
        ("", ""),
    ],
)
async def test_a_broken_file_is_answered_with_its_place_and_nothing_changes(
    sandbox: Sandbox, bot: App, file: File, alice: Person, text: str, place: str
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    before, kinds = await bot.service.incident(1, viewer=""), await kinds_of(bot)
    file.says(text)
    answer = await adopts(alice, room)
    assert f"{file.path}:{place}" in answer
    assert answer.split(str(file.path))[1][1:2].isdigit()
    await everything_is_delivered(bot, sandbox)
    assert await bot.service.incident(1, viewer="") == before
    assert await kinds_of(bot) == kinds
    await declares(sandbox, alice, "sev1 Search is slow")
    assert (await bot.service.incident(2, viewer="")).policy == before.policy


async def test_a_file_that_is_gone_is_answered_with_its_name(sandbox: Sandbox, bot: App, file: File, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    file.path.unlink()
    assert str(file.path) in await adopts(alice, room)
    assert "PolicyAdopted" not in await kinds_of(bot)


async def test_a_faster_cadence_moves_the_promise_and_everybody_sees_it(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    dave = sandbox.person("dave")
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    assert 28 < await promised(bot, "support") <= 30
    file.says(POLICY.replace("then_every_minutes: 30", "then_every_minutes: 12"))
    assert "severity SEV1" in await adopts(alice, room)
    assert await promised(bot, "support") <= 12
    await everything_is_delivered(bot, sandbox)
    at = (await bot.service.incident(1, viewer="")).told["support"].promised
    assert at is not None
    status = await dave.sees("INC-1: Report received", in_="#support-updates")
    assert f"Next update by {at.astimezone(dave.reader().zone):%H:%M}" in status.text
    card = await alice.sees("we must know:", in_=room)
    assert re.search(rf"support: \w+ at {at.astimezone(alice.reader().zone):%H:%M}", card.text)
    count = len(updates_in(dave, "#support-updates"))
    await pass_time(bot, sandbox, 13)
    assert len(updates_in(dave, "#support-updates")) == count + 1


async def test_a_slower_cadence_breaks_no_promise_that_was_given(sandbox: Sandbox, bot: App, file: File, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    before = (await bot.service.incident(1, viewer="")).told["support"].promised
    file.says(POLICY.replace("then_every_minutes: 30", "then_every_minutes: 600"))
    await adopts(alice, room)
    assert (await bot.service.incident(1, viewer="")).told["support"].promised == before


async def test_adopting_twice_changes_nothing(sandbox: Sandbox, bot: App, file: File, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    file.says(POLICY)
    await adopts(alice, room)
    await everything_is_delivered(bot, sandbox)
    kinds, read = await kinds_of(bot), carol.reads("#exec-updates")
    file.says("# A remark, which changes nothing.\n" + POLICY)
    assert await adopts(alice, room) == "INC-1 follows the policy as it is in the file. Nothing had changed."
    await everything_is_delivered(bot, sandbox)
    assert (await kinds_of(bot), carol.reads("#exec-updates")) == (kinds, read)
    assert sum("brought the corrected policy" in text for text in alice.reads(room)) == 1


async def test_it_is_adopted_in_the_room_while_the_incident_is_open(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    file.says(POLICY)
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    assert "in the room of the incident" in await adopts(alice, "#general")
    assert "/incident policy adopt brings the policy file" in await asks(alice, "/incident policy", in_=room)
    await walks_to(alice, room, "Close incident")
    assert "INC-1 is closed" in await adopts(alice, room)
    assert "PolicyAdopted" not in await kinds_of(bot)


async def test_new_audiences_hear_and_removed_ones_do_not_from_then_on(
    sandbox: Sandbox, bot: App, file: File, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    text, _, support = POLICY.rpartition("  - {name: support")
    assert support
    file.says(text + '  - {name: product, channel: "#product-updates", hears: [SEV1, SEV2]}\n')
    assert "audience support" in await adopts(alice, room)
    dave, erin = sandbox.person("dave"), sandbox.person("erin")
    count = len(updates_in(dave, "#support-updates"))
    await advances(alice, "Advance to Triage", room)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(dave, "#support-updates")) == count
    assert "Problem confirmed" in updates_in(erin, "#product-updates")[-1]


async def test_an_adoption_that_could_not_be_recorded_leaves_no_trace(sandbox: Sandbox, database_url: str, file: File):
    alice = sandbox.person("alice")
    async with running(sandbox, database_url, SOON_SAYS_SO, lockstep_playbooks=file.folder) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await everything_is_delivered(bot, sandbox)
        file.says(POLICY)
        with nothing_can_be_recorded(database_url):
            assert "follows the corrected policy" not in await adopts(alice, room)
        file.says(WRONG)
        await declares(sandbox, alice, "sev1 Search is slow")
        await everything_is_delivered(bot, sandbox)
    async with running(sandbox, database_url, lockstep_playbooks=file.folder) as bot:
        assert "INC-2" in await asks(alice, "/incident status INC-2", in_="#general")


async def test_what_one_bot_adopts_counts_for_incidents_that_another_one_declares(
    sandbox: Sandbox, postgresql_url: str, file: File
):
    alice = sandbox.person("alice")
    async with (
        running(sandbox, postgresql_url, lockstep_playbooks=file.folder) as one,
        running(sandbox, postgresql_url, lockstep_playbooks=file.folder) as other,
    ):
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        file.says(POLICY)
        await adopts(alice, room)
        corrected = (await one.service.incident(1, viewer="")).policy
        for number in range(2, 8):
            await declares(sandbox, alice, f"sev1 Search is slow {number}")
            assert (await one.service.incident(number, viewer="")).policy == corrected
        for bot in (one, other):
            await everything_is_delivered(bot, sandbox)
