"""13. Redaction: somebody pasted a password, or a customer's name. It goes from everywhere that Lockstep can reach, and whoever
redacts is told what it cannot."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, text

from bot import export
from bot.app import App
from bot.core.decision import AttemptRefused
from bot.core.redaction import TextRedacted
from bot.core.refusal import NotAllowed
from bot.core.rooms import HistoryKept, RoomArchived
from bot.core.value import REDACTED
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace.objects import message_json
from bot.store.audit import audit, replay
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running
from tests.stories.steps import (
    FACTS,
    advances,
    asks,
    declares,
    everything_is_delivered,
    everything_is_heard,
    hands_command,
    journal,
    proposes,
    replies,
    takes_command,
    walks_to,
)

SECRET = "hunter2-Geheim"


async def redacts(
    person: Person,
    room: str,
    *,
    chosen: tuple[str, ...] = (),
    words: str = "",
    reason: str = "Pasted by mistake",
    number: int | None = None,
) -> str:
    """Redact by the form, and return what it says afterwards. `chosen`: words on the entries that are picked."""
    await person.types(f"/incident redact {number or ''}".strip(), in_=room)
    assert person.form is not None
    options = offered(person)
    picked = [option for option in options if any(said in option for said in chosen)]
    assert len(picked) >= len(chosen), options
    await person.fills({"What was typed": picked, "And everything that says": words, "Why?": reason})
    assert await person.submits() == {}
    assert person.form is not None
    return person.form.text


def offered(person: Person) -> list[str]:
    """The entries that the form offers, in order."""
    assert person.form is not None
    element = person.form.find("What was typed", None).element
    return [option["text"]["text"] for option in element["options"]]


async def stored(bot: App) -> str:
    """Every value of every column of every table of the database, whatever tables there are."""
    async with bot.database.read() as tx:
        tables = await tx.run_sync(lambda connection: inspect(connection).get_table_names())
        assert {"event", "incident", "command", "effect", "lane"} <= set(tables)
        rows = [row for table in tables for row in (await tx.execute(text(f'SELECT * FROM "{table}"'))).all()]
    return "\n".join(str(value) for row in rows for value in row)


async def exported(bot: App) -> str:
    """INC-1 in every form in which it can be written down."""
    async with bot.database.read() as tx:
        record = await export.read(tx, bot.service.team, 1)
    assert record.fault is None
    return export.as_json(record) + export.as_markdown(record) + export.bundle(record).decode(errors="replace")


def of_the_bot(sandbox: Sandbox) -> str:
    """All that Lockstep's own messages say, with names and topics of the channels."""
    workspace = sandbox.workspace
    said = [
        json.dumps(message_json(workspace, message, metadata=True), ensure_ascii=False)
        for channel in workspace.channels.values()
        for message in channel.log.messages.values()
        if message.by_app and message.visible_to is None
    ]
    return "\n".join([*said, *(f"{one.name} {one.topic.value}" for one in workspace.channels.values())])


def nowhere(words: str, *places: str) -> bool:
    """Whether none of these says it, in capital or small letters: the name of a room has small ones."""
    return not any(words.casefold() in place.casefold() for place in places)


async def is_whole(bot: App) -> bool:
    """Whether the audit finds nothing, and a replay gives what is stored."""
    async with bot.database.read() as tx:
        rebuilt, kept = await replay(tx, bot.service.team, 1) or ("", None)
        return await audit(tx) == [] and rebuilt == kept


async def test_a_password_goes_from_everywhere_that_lockstep_can_reach(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, capfd: pytest.CaptureFixture[str]
):
    room = await declares(sandbox, alice, f"sev1 Checkout is failing since {SECRET}")
    await takes_command(alice, room)
    await bob.joins(room)
    await bob.types(f"/incident note The password is {SECRET}, try it", in_=room)
    await bob.types(f"/incident severity {SECRET}", in_=room)
    await bob.types(f"/incident role {SECRET} @alice", in_=room)
    root = await proposes(bob, f"Somebody uses {SECRET}", room)
    reply = await replies(bob, f"I logged in with {SECRET}", root, room)
    await everything_is_heard(bot, sandbox)
    await alice.reacts("heavy_plus_sign", to=reply)
    await advances(alice, "Advance to Triage", room, **{"Who cannot do what?": f"Nobody can log in but {SECRET}"})
    await hands_command(alice, bob, room)
    await everything_is_heard(bot, sandbox)
    everywhere = (await stored(bot), of_the_bot(sandbox), await exported(bot))
    assert all(place.count(SECRET) > 3 for place in everywhere), "the test can fail"

    told = await redacts(bob, room, words=SECRET)
    await everything_is_delivered(bot, sandbox)
    order = (await journal(bot, TextRedacted))[0]
    assert f"what was typed in {len(order.entries)} entries of INC-1" in told and len(order.entries) > 10
    assert "what people wrote in Slack themselves: message 1, and wherever else it stands" in told
    assert "Slack's own notices in the room of its topic and its name" in told
    assert nowhere(SECRET, await stored(bot), of_the_bot(sandbox), await exported(bot), *capfd.readouterr())
    assert SECRET in next(message.text for message in bob.messages("#inc-1-redacted") if message.ts == reply.ts)
    assert await is_whole(bot)


async def test_what_is_chosen_goes_and_the_room_and_the_timeline_say_so_without_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await bob.types(f"/incident note {SECRET}", in_=room)
    await bob.types(f"/incident note It is {SECRET}, I think", in_=room)
    await bob.types("/incident note The bank is fine", in_=room)
    await alice.types("/incident redact", in_=room)
    names = [re.sub(r"^\d+ \w+ \d\d:\d\d ", "", option) for option in offered(alice)]
    assert names == [
        "bob: The bank is fine",
        f"bob: It is {SECRET}, I think",
        f"bob: {SECRET}",
        "alice: Checkout is failing",
    ]
    told = await redacts(alice, room, chosen=(f"bob: {SECRET}",), reason="A password & <more>")
    assert "Redacted: what was typed in 2 entries of INC-1." in told
    await everything_is_delivered(bot, sandbox)
    said = "@alice redacted what was typed in 2 entries of the record of INC-1: “A password & <more>”"
    await bob.sees(said, in_=room)
    assert sum("@bob noted: “[redacted]”" in line for line in bob.reads(room)) == 2
    assert sum("@bob noted: “The bank is fine”" in line for line in bob.reads(room)) == 1
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "@alice redacted what was typed in 2 entries: “A password & <more>”" in timeline
    assert timeline.count("@bob noted: “[redacted]”") == 2
    assert nowhere(SECRET, of_the_bot(sandbox), await stored(bot)) and await is_whole(bot)
    await alice.types("/incident redact", in_=room)
    assert not [option for option in offered(alice) if "redacted" in option]


async def test_updates_that_went_out_to_audiences_are_rewritten_and_so_are_drafts_and_briefs(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person
):
    name = "Ann Doe of Example Ltd"
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types(f"/incident impact {name} cannot pay.", in_=room)
    await advances(alice, "Advance to Triage", room)
    await everything_is_delivered(bot, sandbox)
    await hands_command(alice, bob, room)
    await advances(bob, "Advance to Containment", room)
    await everything_is_delivered(bot, sandbox)
    assert of_the_bot(sandbox).count(name) > 8
    await redacts(bob, room, chosen=(f"{name} cannot pay.",), reason="A customer's name")
    await everything_is_delivered(bot, sandbox)
    assert name not in of_the_bot(sandbox) + await stored(bot)
    assert any(
        "SEV1: [redacted]." in text and "We are working to stop it" in text for text in carol.reads("#exec-updates")
    )
    assert any("Where it stood then is not shown any more" in line for line in bob.reads(room))
    assert await is_whole(bot)


# Who may


async def test_who_may_not_is_told_who_may_and_that_they_tried_is_recorded(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await dave.joins(room)
    answer = await asks(dave, "/incident redact", in_=room)
    assert answer.startswith(
        "In INC-1 only these may redact: the incident commander (@alice), deputy and @incident-leads."
    )
    assert dave.form is None
    (tried,) = await journal(bot, AttemptRefused)
    assert (tried.actor, tried.attempt, type(tried.refusal)) == (dave.id, "RedactText", NotAllowed)
    assert "@dave tried to redact what was typed. Refused: only these may" in await asks(
        alice, "/incident timeline", in_=room
    )


async def test_whoever_lost_the_role_while_the_form_was_open_may_not_any_more(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, f"sev1 {SECRET}")
    await bob.joins(room)
    await takes_command(bob, room)
    await bob.types("/incident redact", in_=room)
    await alice.types("/incident take-command Bob went to bed", in_=room)
    assert bob.form is not None
    await bob.fills({"And everything that says": SECRET, "Why?": "Pasted"})
    assert await bob.submits() == {}
    assert bob.form is not None and "only these may redact" in bob.form.text
    await everything_is_delivered(bot, sandbox)
    assert await journal(bot, TextRedacted) == [] and SECRET in await stored(bot)


async def test_a_secret_that_is_found_months_after_the_close_can_be_redacted_by_a_group_and_from_anywhere(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, f"sev1 {SECRET} is in the log")
    await walks_to(alice, room, "Close incident")
    await pass_time(bot, sandbox, 90 * 24 * 60)
    erin = sandbox.person("erin")
    assert "only these may redact" in await asks(carol, "/incident redact INC-1", in_="#general")
    await erin.types("/incident redact INC-1", in_="#general")
    await erin.fills({"And everything that says": SECRET, "Why?": "Found by the scan"})
    assert await erin.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert nowhere(SECRET, await stored(bot), await exported(bot), of_the_bot(sandbox))
    assert await is_whole(bot) and not (await bot.service.incident(1, viewer="")).is_open


async def test_a_group_that_may_redact_and_is_not_there_is_said_at_the_start(
    sandbox: Sandbox, sqlite_url: str, tmp_path: Path
):
    policy = (PLAYBOOKS / "policy.yml").read_text()
    folder = playbooks_with(policy.replace('deputy, "@incident-leads"]', 'deputy, "@security"]'), tmp_path)
    async with running(sandbox, sqlite_url, lockstep_playbooks=folder) as bot:
        said = "there is no user group @security. Change who may redact in policy.yml."
        assert bot.health.warnings == {"@security": said}
        room = await declares(sandbox, sandbox.person("alice"), "sev1 Checkout is failing")
        answer = await asks(sandbox.person("alice"), "/incident redact", in_=room)
        assert answer.startswith("In INC-1 only these may redact: incident commander, deputy and @security.")


# What is wrong with the form


async def test_the_form_says_at_its_fields_what_is_missing_and_records_nothing(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, f"sev1 {SECRET}")
    await takes_command(alice, room)
    await alice.types("/incident redact", in_=room)
    wrong = {
        ("", "Pasted"): "Please choose something above",
        ("abc", "Pasted"): "Please write at least 4 characters",
        ("never said", "Pasted"): "Nothing in the record says that",
        (SECRET, f"It was {SECRET}"): "This says what is to be redacted",
    }
    for (said, reason), answer in wrong.items():
        await alice.fills({"And everything that says": said, "Why?": reason})
        assert answer in str(await alice.submits())
    assert await journal(bot, TextRedacted) == []
    assert f"It was {SECRET}" not in await stored(bot) and "never said" not in await stored(bot)


# When Slack is slow, away, or has archived the room


async def test_what_is_still_to_be_posted_comes_out_redacted(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    away = sandbox.faults.limit("chat.postMessage", times=None)
    await alice.types(f"/incident note {SECRET}", in_=room)
    await advances(alice, "Advance to Triage", room, **{"Who cannot do what?": f"{SECRET} leaked"})
    await redacts(alice, room, words=SECRET)
    assert nowhere(SECRET, await stored(bot))
    away.times = 0
    await everything_is_delivered(bot, sandbox)
    assert nowhere(SECRET, of_the_bot(sandbox))
    assert any("@alice noted: “[redacted]”" in line for line in alice.reads(room))


async def test_a_post_that_was_on_its_way_is_rewritten_once_it_is_there(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.delay(2.0, "chat.postMessage", times=1)
    await alice.types(f"/incident note {SECRET}", in_=room)
    await redacts(alice, room, words=SECRET)
    assert nowhere(SECRET, of_the_bot(sandbox)), "it is still on its way"
    await everything_is_delivered(bot, sandbox)
    assert nowhere(SECRET, of_the_bot(sandbox))
    assert sum("@alice noted: “[redacted]”" in line for line in alice.reads(room)) == 1


async def test_more_posts_than_slack_gives_at_once_are_all_looked_through(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types(f"/incident note {SECRET}", in_=room)
    await everything_is_delivered(bot, sandbox)
    for number in range(210):
        await alice.types(f"message {number}", in_=room)
    await redacts(alice, room, words=SECRET)
    await everything_is_delivered(bot, sandbox)
    assert nowhere(SECRET, of_the_bot(sandbox))


async def test_posts_that_slack_will_not_let_us_edit_are_given_up_visibly_and_can_be_tried_again(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types(f"/incident note {SECRET}", in_=room)
    await everything_is_delivered(bot, sandbox)
    (ts,) = [message.ts for message in alice.messages(room) if f"noted: “{SECRET}”" in message.text]
    sandbox.faults.error("conversations.history", "missing_scope", channel=sandbox.channel(room).id)
    await redacts(alice, room, words=SECRET)
    await everything_is_delivered(bot, sandbox)
    await alice.sees("Slack did not let me take what was redacted out of my own messages (missing_scope)", in_=room)
    await alice.presses("Try again", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert nowhere(SECRET, of_the_bot(sandbox)) and ts in {message.ts for message in alice.messages(room)}


async def test_what_was_said_in_an_archived_room_is_kept_without_it(sandbox: Sandbox, sqlite_url: str, tmp_path: Path):
    policy = (PLAYBOOKS / "policy.yml").read_text()
    folder = playbooks_with(policy.replace("archive_room_after_days: never", "archive_room_after_days: 1"), tmp_path)
    async with running(sandbox, sqlite_url, lockstep_playbooks=folder) as bot:
        alice, bob = sandbox.person("alice"), sandbox.person("bob")
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await bob.joins(room)
        root = await proposes(bob, "The pool is exhausted", room)
        await replies(bob, f"I logged in with {SECRET}", root, room)
        await bob.types("Ask Ann Doe", in_=room)
        await takes_command(alice, room)
        await everything_is_heard(bot, sandbox)
        await redacts(alice, room, words=SECRET)
        for step in FACTS:
            await advances(alice, step, room)
        await pass_time(bot, sandbox, 2 * 24 * 60)
        assert len(await journal(bot, RoomArchived)) == 1
        (history,) = await journal(bot, HistoryKept)
        assert SECRET not in history.history and "Ann Doe" in history.history
        told = await redacts(alice, "#general", words="Ann Doe", reason="A name", number=1)
        assert "the room, which is archived: nothing in it can be changed" in told
        await everything_is_delivered(bot, sandbox)
        first, second = await journal(bot, HistoryKept)
        assert first.history == REDACTED and "The pool is exhausted" in second.history
        assert "Ann Doe" not in await stored(bot) + await exported(bot) and SECRET not in await stored(bot)
        assert await is_whole(bot)


async def test_what_was_redacted_is_overwritten_in_the_file(sandbox: Sandbox, sqlite_url: str):
    async with running(sandbox, sqlite_url) as bot:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, f"sev1 {SECRET} is in the log")
        await takes_command(alice, room)
        await alice.types(f"/incident note {SECRET} {'x' * 2000}", in_=room)
        await everything_is_delivered(bot, sandbox)
        await redacts(alice, room, words=SECRET)
        await everything_is_delivered(bot, sandbox)
    folder = Path(make_url(sqlite_url).database or "").parent
    assert not [file.name for file in folder.iterdir() if SECRET.encode() in file.read_bytes()]
