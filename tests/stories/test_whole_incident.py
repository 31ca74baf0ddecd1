"""One incident from declare to close, as a night goes, and what is left of it afterwards."""

import pytest

from bot.app import App
from bot.sandbox import Person, Sandbox, round_trips
from bot.store.audit import audit, replay
from tests.running import pass_time
from tests.stories.steps import (
    FACTS,
    IMPACT,
    advances,
    declares,
    everything_is_delivered,
    room_of,
    takes_command,
    updates_in,
)


async def test_one_incident_from_declare_to_close(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, carol: Person, dave: Person
):
    room = await declares(sandbox, dave, "Customers call: card payments fail")
    assert await room_of(sandbox, alice, 1) == room
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    await carol.sees(IMPACT, in_="#exec-updates")
    await bob.presses("Join the room", in_="#incidents")
    await room_of(sandbox, bob, 1)
    await advances(alice, "Advance to Containment", room)
    await pass_time(bot, sandbox, 31)
    await carol.sees("We are still working to stop it from getting worse.", in_="#exec-updates")
    await advances(alice, "Advance to Recovery", room)
    for _ in range(2):
        await pass_time(bot, sandbox, 31)
    await advances(alice, "Advance to Postmortem", room)
    await dave.sees("Service is back to normal", in_="#support-updates")
    await pass_time(bot, sandbox, 600)
    await advances(alice, "Close incident", room)
    await everything_is_delivered(bot, sandbox)

    start, end = ["confirmed", "Limiting", "Limiting", "Recovering", "Recovering"], ["restored", "Closed"]
    # While service comes back, executives hear once an hour and support every half an hour.
    executives, support = [*start, *end], [*start, "Recovering", *end]
    for person, channel, occasions in ((carol, "#exec-updates", executives), (dave, "#support-updates", support)):
        told = updates_in(person, channel)
        assert [word in text for word, text in zip(occasions, told, strict=True)] == [True] * len(occasions)
    async with bot.database.read() as tx:
        compared = await replay(tx, sandbox.team_id, 1)
        assert compared is not None and compared[0] == compared[1]
        assert await audit(tx) == []


async def test_everything_said_in_slack_was_said_once(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    for step in FACTS:
        await advances(alice, step, room)
    await everything_is_delivered(bot, sandbox)
    marks = [
        message["metadata"]["event_payload"]["effect"]
        for channel in (room, "#incidents", "#exec-updates", "#support-updates")
        for message in sandbox.messages(channel)
        if message.get("metadata")
    ]
    assert len(marks) == len(set(marks))


@pytest.mark.fair_weather("it counts how often Slack is called")
async def test_a_declaration_takes_three_sequential_round_trips_to_its_last_call(
    sandbox: Sandbox, bot: App, alice: Person
):
    sandbox.faults.delay(0.3)
    sandbox.calls.clear()
    await alice.types("/incident declare sev1 Checkout is failing", in_="#general")
    await everything_is_delivered(bot, sandbox)
    # The link that the declarer gets at the response_url waits for nothing and nothing waits for it.
    assert round_trips(call for call in sandbox.calls if call.method != "response_url") <= 3
