"""What a person is answered when the room is busy: Slack takes one message a second in a channel, whoever it is for."""

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.stories.steps import declares, everything_is_delivered


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
