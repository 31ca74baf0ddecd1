"""Slack's own limits hold: one message a second in a channel after a burst of three."""

from dataclasses import replace

import pytest

from bot.sandbox import Sandbox
from tests.running import QUICK, running, settled
from tests.stories.steps import advances, declares, takes_command

AS_IN_PRODUCTION = replace(QUICK, post_interval_seconds=1.0)


@pytest.mark.fair_weather("it counts what a Slack that is well refuses")
async def test_with_slacks_limits_on_a_channel_gets_no_more_than_it_may_and_all_of_it(
    sandbox: Sandbox, sqlite_url: str
):
    sandbox.limits.speed = 1
    async with running(sandbox, sqlite_url, AS_IN_PRODUCTION) as app:
        alice = sandbox.person("alice")
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await takes_command(alice, room)
        for step in ("Advance to Triage", "Advance to Containment"):
            await advances(alice, step, room)
        await settled(app, sandbox, within=30)
    posts = sandbox.calls.of("chat.postMessage")
    for channel in {post.channel for post in posts}:
        times = [post.started for post in posts if post.channel == channel]
        assert all(later - first > 0.9 for first, later in zip(times, times[3:], strict=False))
    # Answers to buttons go to the room past the outbox, so that now and then one of its posts has to wait for Slack.
    assert sum(post.outcome != "ok" for post in posts) <= 2
    said = [text for text in alice.reads(room) if "INC-1 is now in" in text]
    assert len(said) == 2
