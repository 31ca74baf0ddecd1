"""What a person is answered when the room is busy, or Slack is unwell: it takes one message a second in a channel, whoever it is
for, and connections end at any moment."""

import asyncio

import pytest

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.running import until
from tests.stories.steps import declares, everything_is_delivered, takes_command


@pytest.mark.fair_weather("it makes the weather itself")
async def test_an_answer_that_came_too_soon_for_slack_is_given_a_moment_later(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    announced = await bob.sees("[Join the room]", in_="#incidents")
    await everything_is_delivered(bot, sandbox)
    sandbox.limits.enabled, sandbox.limits.speed = True, 1
    sandbox.calls.clear()
    for _ in range(4):
        await bob.presses("Join the room", on=announced)

    def answers() -> list[str]:
        return [call.outcome for call in sandbox.calls if call.method == "response_url"]

    await sandbox.until(lambda: answers().count("ok") == 4 or None, within=15)
    assert "429" in answers()


async def test_an_answer_is_given_though_the_connection_by_which_the_question_came_has_ended(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.delay(0.5, "views.open", times=1)

    async def is_working() -> bool:
        return sandbox.calls.in_flight > 0

    pressing = asyncio.create_task(alice.presses("Advance to Triage", in_=room))
    await until(is_working)
    sandbox.faults.refuse("apps.connections.open", times=4)
    await sandbox.hub.close()
    await pressing
    await alice.gets_form("Advance to Triage")


@pytest.mark.fair_weather("it makes the weather itself")
@pytest.mark.parametrize("harm", ["fail", "refuse", "lose_answer", "limit"])
async def test_one_who_wants_into_the_room_is_brought_there_though_slack_fails_at_first(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, harm: str
):
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await everything_is_delivered(bot, sandbox)
    getattr(sandbox.faults, harm)("conversations.invite")
    await bob.presses("Join the room", in_="#incidents")
    await bob.sees("You are in the room of INC-1", in_="#incidents")
    assert room in bob.channels
