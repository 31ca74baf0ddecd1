"""4. Stakeholder updates: on time, in plain words, with nobody writing them."""

from datetime import timedelta

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import (
    IMPACT,
    advances,
    declares,
    everything_is_delivered,
    takes_command,
    updates_in,
    walks_to,
)

UNKNOWN = "We are looking into a report.\nWe do not know yet who is affected."


def roots_in(person: Person, channel: str) -> list[str]:
    """The messages of a channel itself, without what is in threads and without who joined."""
    return [
        message.text
        for message in person.messages(channel)
        if message.thread_ts in (None, message.ts) and "joined" not in message.text
    ]


async def test_a_known_severity_is_told_at_once_in_words_that_name_no_title(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    await declares(sandbox, alice, "sev1 pod crashloop in eu-1")
    await everything_is_delivered(bot, sandbox)
    assert any(UNKNOWN in text for text in updates_in(carol, "#exec-updates"))
    assert not any("crashloop" in text for text in carol.reads("#exec-updates"))


async def test_without_a_severity_the_first_update_goes_out_at_the_deadline_of_sev2(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    await declares(sandbox, alice, "Something is odd")
    await pass_time(bot, sandbox, 14)
    assert updates_in(carol, "#exec-updates") == []
    await pass_time(bot, sandbox, 2)
    assert len(updates_in(carol, "#exec-updates")) == 1


async def test_at_every_cadence_an_update_goes_out_with_nobody_writing_it(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    for _ in range(3):
        await pass_time(bot, sandbox, 30)
    told = updates_in(carol, "#exec-updates")
    assert len(told) == 5
    assert all(IMPACT in text for text in told[1:])
    assert "still finding out" in told[-1]
    incident = await bot.service.incident(1, viewer=alice.id)
    promised = incident.told["executives"].promised
    assert promised is not None and timedelta(0) < promised - bot.clock.now() <= timedelta(minutes=30)


async def test_a_bot_that_was_down_over_several_due_times_sends_what_is_true_now_once(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    before = len(updates_in(carol, "#exec-updates"))
    await pass_time(bot, sandbox, 50)
    assert len(updates_in(carol, "#exec-updates")) == before + 1


async def test_every_update_is_a_reply_to_one_message_that_is_edited_in_place(
    sandbox: Sandbox, bot: App, alice: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev2 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await everything_is_delivered(bot, sandbox)
    roots = [m for m in dave.messages("#support-updates") if m.thread_ts in (None, m.ts) and "INC-1" in m.text]
    assert len(roots) == 1
    assert IMPACT in roots[0].text and "Next update by" in roots[0].text
    replies = [m for m in dave.messages("#support-updates") if m.thread_ts == roots[0].ts and m.ts != roots[0].ts]
    assert len(replies) == 2
    assert [m.raw.get("subtype") == "thread_broadcast" for m in replies] == [False, True]


async def test_at_sev1_every_update_is_shown_in_the_channel_too(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    await pass_time(bot, sandbox, 31)
    replies = [m for m in carol.messages("#exec-updates") if m.thread_ts not in (None, m.ts)]
    assert len(replies) == 2 and all(m.raw.get("subtype") == "thread_broadcast" for m in replies)


async def test_a_written_update_is_shown_as_each_audience_will_read_it_then_sent_and_resets_the_clock(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    await pass_time(bot, sandbox, 10)
    await alice.presses("Send update", in_=room)
    form = await alice.gets_form()
    assert form.values["What should they read?"] == UNKNOWN.replace("We are looking", "We are still looking")
    await alice.fills({"What should they read?": "Payments by card fail. Invoices <work> & are safe."})
    assert await alice.submits() == {}
    preview = await alice.gets_form()
    assert "executives" in preview.text and "#support-updates" in preview.text
    assert "Payments by card fail. Invoices <work> & are safe." in preview.text
    assert preview.submit == "Send update"
    assert not any("Invoices" in text for text in carol.reads("#exec-updates"))
    assert await alice.submits() == {}
    assert alice.form is None
    await alice.sees("@alice sent an update to executives, product, support: “Payments by card fail.", in_=room)
    assert sum("sent an update" in text for text in alice.reads(room)) == 1
    for person, channel in ((carol, "#exec-updates"), (dave, "#support-updates")):
        await person.sees("Payments by card fail. Invoices <work> & are safe.", in_=channel)
    told = len(updates_in(carol, "#exec-updates"))
    await pass_time(bot, sandbox, 28)
    assert len(updates_in(carol, "#exec-updates")) == told
    await pass_time(bot, sandbox, 3)
    assert len(updates_in(carol, "#exec-updates")) == told + 1


async def test_restored_service_stops_the_clock_and_the_close_is_one_last_message(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Postmortem")
    await everything_is_delivered(bot, sandbox)
    restored = await carol.sees("Service is back to normal", in_="#exec-updates")
    assert "Next update by" not in restored.text
    count = len(carol.reads("#exec-updates"))
    await pass_time(bot, sandbox, 24 * 60)
    assert len(carol.reads("#exec-updates")) == count
    await advances(alice, "Close incident", room)
    await everything_is_delivered(bot, sandbox)
    assert len(carol.reads("#exec-updates")) == count + 1
    assert "last message" in carol.reads("#exec-updates")[-1]


async def test_a_raise_tells_those_who_did_not_hear_yet(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await everything_is_delivered(bot, sandbox)
    assert updates_in(carol, "#exec-updates") == []
    await alice.types("/incident severity sev1", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(carol, "#exec-updates")) == 1


async def test_corrected_facts_are_in_the_next_update(sandbox: Sandbox, bot: App, alice: Person, carol: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.presses("Edit facts", in_=room)
    await alice.fills({"Who cannot do what?": "Nobody can pay at all."})
    assert await alice.submits() == {}
    await pass_time(bot, sandbox, 31)
    assert "Nobody can pay at all." in updates_in(carol, "#exec-updates")[-1]


async def test_a_phase_that_is_told_names_the_phase_that_was_entered_once_per_audience(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(carol, "#exec-updates")) == 2
    assert all(IMPACT in text for text in updates_in(carol, "#exec-updates"))
    assert len(roots_in(carol, "#exec-updates")) == 1
