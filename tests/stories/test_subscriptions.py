"""Direct messages: to the people of an audience, and to whoever subscribed; each of them once."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import App
from bot.core.router.promises import Outcome, UpdateSent
from bot.core.router.subscribing import PeopleSubscribed
from bot.sandbox import Person, Sandbox
from tests.faults.truth import broken_promises
from tests.running import PLAYBOOKS, pass_time, playbooks_with, running, settled
from tests.stories.steps import (
    IMPACT,
    asks,
    declares,
    everything_is_delivered,
    journal,
    takes_command,
    walks_to,
)

PEOPLE = ["carol@acme.example", "@incident-leads"]
NOBODY = "U0NOBODY00"


def direct(sandbox: Sandbox, person: Person) -> list[str]:
    """What the bot has said to this person alone, oldest first."""
    found = sandbox.workspace.direct(frozenset({person.id, sandbox.workspace.app.bot_user}))
    return person.reads(found) if found else []


def opened(sandbox: Sandbox) -> int:
    """How often the bot asked for a conversation."""
    return [call.method for call in sandbox.calls].count("conversations.open")


async def test_whoever_subscribes_to_an_incident_hears_of_it_until_they_end_that(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await alice.types(f"/incident impact {IMPACT}", in_=room)
    assert "From now on you get updates about INC-1" in await asks(bob, "/incident subscribe INC-1", in_="#general")
    await everything_is_delivered(bot, sandbox)
    first = direct(sandbox, bob)
    assert len(first) == 1 and "INC-1" in first[0] and IMPACT in first[0] and "Next update by" in first[0]
    assert "SEV1" not in first[0]
    assert "You get already" in await asks(bob, "/incident subscribe INC-1", in_="#general")
    await pass_time(bot, sandbox, 15)
    assert len(direct(sandbox, bob)) == 2
    sent = [one for one in await journal(bot, UpdateSent) if one.audience == "subscribers"]
    assert sent[-1].outcome is Outcome.KEPT
    assert "INC-1" in await asks(bob, "/incident subscriptions", in_="#general")
    assert "no more updates about INC-1" in await asks(bob, "/incident unsubscribe INC-1", in_="#general")
    await pass_time(bot, sandbox, 15)
    assert len(direct(sandbox, bob)) == 2
    await everything_is_delivered(bot, sandbox)
    assert [one.audience for one in await journal(bot, UpdateSent)].count("subscribers") == 2


async def test_the_second_subscriber_hears_at_once_and_disturbs_nobody(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await asks(bob, "/incident subscribe INC-1", in_="#general")
    await everything_is_delivered(bot, sandbox)
    await alice.types(f"/incident impact {IMPACT}", in_=room)
    await asks(dave, "/incident subscribe INC-1", in_="#general")
    await everything_is_delivered(bot, sandbox)
    assert len(direct(sandbox, bob)) == 1 and len(direct(sandbox, dave)) == 1
    assert IMPACT in direct(sandbox, dave)[0]


async def test_a_subscription_to_a_severity_becomes_a_fact_when_an_incident_reaches_it_and_is_one_message_a_person(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    assert "incidents at SEV2 and worse" in await asks(bob, "/incident subscribe sev2", in_="#general")
    assert "that affect Checkout" in await asks(bob, "/incident subscribe checkout", in_="#general")
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await everything_is_delivered(bot, sandbox)
    assert direct(sandbox, bob) == []
    await alice.types("/incident severity sev1", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(direct(sandbox, bob)) == 1
    (fact,) = await journal(bot, PeopleSubscribed)
    assert fact.people == (bob.id,) and fact.by_rule
    await walks_to(alice, room, "Advance to Recovery")  # TRIAGE asks what is affected: Checkout
    await everything_is_delivered(bot, sandbox)
    assert len(await journal(bot, PeopleSubscribed)) == 1
    told = direct(sandbox, bob)
    assert len(told) == len(set(told)), "nothing is said twice"
    listed = await asks(bob, "/incident subscriptions", in_="#general")
    assert "SEV2 and worse" in listed and "Checkout" in listed and "INC-1" in listed
    await asks(bob, "/incident unsubscribe sev2", in_="#general")
    assert "SEV2" not in await asks(bob, "/incident subscriptions", in_="#general")


async def test_whoever_left_an_incident_is_not_brought_back_by_a_rule(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await asks(bob, "/incident subscribe sev2", in_="#general")
    room = await declares(sandbox, alice, "sev2 Checkout is failing")
    await asks(bob, "/incident unsubscribe INC-1", in_="#general")
    await alice.types("/incident severity sev1", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert len(direct(sandbox, bob)) <= 1
    assert len(await journal(bot, PeopleSubscribed)) == 1


async def test_subscribers_of_what_is_merged_hear_of_what_goes_on(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    other = await declares(sandbox, alice, "sev1 Nobody can pay")
    await asks(bob, "/incident subscribe INC-2", in_="#general")
    await everything_is_delivered(bot, sandbox)
    await alice.types("/incident merge INC-1", in_=other)
    await everything_is_delivered(bot, sandbox)
    assert bob.id in (await bot.service.incident(1, viewer="")).subscribers
    await pass_time(bot, sandbox, 15)
    told = direct(sandbox, bob)
    assert any("you read about it under INC-1" in text for text in told)
    assert "INC-1" in told[-1]


async def test_what_cannot_be_subscribed_to_is_answered_with_what_can(sandbox: Sandbox, bot: App, bob: Person):
    assert "/incident subscribe SEV1" in await asks(bob, "/incident subscribe", in_="#general")
    assert "I do not know what" in await asks(bob, "/incident subscribe the moon", in_="#general")
    assert "not" in await asks(bob, "/incident unsubscribe sev1", in_="#general")
    assert "subscribed to nothing" in await asks(bob, "/incident subscriptions", in_="#general")


@asynccontextmanager
async def directing(sandbox: Sandbox, database_url: str, folder: Path, people: list[str]) -> AsyncIterator[App]:
    """Lockstep with an audience of these people."""
    audience = f"audiences:\n  - {{name: directors, people: {json.dumps(people)}, hears: [SEV1, SEV2]}}\n"
    policy = (PLAYBOOKS / "policy.yml").read_text(encoding="utf-8").replace("audiences:\n", audience, 1)
    async with running(sandbox, database_url, lockstep_playbooks=playbooks_with(policy, folder)) as app:
        yield app
        await settled(app, sandbox)
    assert broken_promises(sandbox, database_url) == []


async def test_an_audience_of_people_reads_in_direct_messages_each_once_also_if_they_subscribe(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    alice, carol = sandbox.person("alice"), sandbox.person("carol")
    async with directing(sandbox, database_url, tmp_path, PEOPLE) as bot:
        await declares(sandbox, alice, "sev1 Checkout is failing")
        await everything_is_delivered(bot, sandbox)
        assert len(direct(sandbox, carol)) == 1 and "Report received" in direct(sandbox, carol)[0]
        await asks(carol, "/incident subscribe INC-1", in_="#general")
        await pass_time(bot, sandbox, 15)
        assert len(direct(sandbox, carol)) == 2
        sent = [one for one in await journal(bot, UpdateSent) if one.audience == "directors"]
        assert [one.outcome for one in sent] == [None, Outcome.KEPT] and not sent[-1].unreached


@pytest.mark.fair_weather("it counts how often Slack is called")
async def test_a_conversation_is_opened_once(sandbox: Sandbox, database_url: str, tmp_path: Path):
    alice = sandbox.person("alice")
    async with directing(sandbox, database_url, tmp_path, PEOPLE) as bot:
        await declares(sandbox, alice, "sev1 Checkout is failing")
        await pass_time(bot, sandbox, 15)
        people = {call.args["users"] for call in sandbox.calls.of("conversations.open")}
        assert opened(sandbox) == len(people) > 1


async def test_whoever_cannot_be_reached_is_told_of_in_the_room_once_and_the_others_read_on(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    alice, carol = sandbox.person("alice"), sandbox.person("carol")
    people = [*PEOPLE, NOBODY, "nobody@acme.example"]
    async with directing(sandbox, database_url, tmp_path, people) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await pass_time(bot, sandbox, 0)
        await pass_time(bot, sandbox, 15)
        told = [text for text in alice.reads(room) if "Slack did not let me send" in text]
        assert len(told) == 1 and "nobody@acme.example" in told[0]
        assert len(direct(sandbox, carol)) == 2
        sent = [one for one in await journal(bot, UpdateSent) if one.audience == "directors"]
        assert [set(one.unreached) for one in sent] == [{NOBODY, "nobody@acme.example"}] * 2


async def test_an_audience_of_nobody_who_can_be_reached_is_a_failure_that_the_commander_is_told_of(
    sandbox: Sandbox, database_url: str, tmp_path: Path
):
    alice = sandbox.person("alice")
    async with directing(sandbox, database_url, tmp_path, [NOBODY]) as bot:
        room = await declares(sandbox, alice, "sev1 Checkout is failing")
        await pass_time(bot, sandbox, 0)
        await alice.sees("Slack did not let me send directors a direct message", in_=room)
        await alice.sees("this update did not reach directors", in_="#incidents")


async def test_a_direct_message_whose_answer_was_lost_is_not_sent_twice(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person, dave: Person
):
    await declares(sandbox, alice, "sev1 Checkout is failing")
    await asks(bob, "/incident subscribe INC-1", in_="#general")
    await asks(dave, "/incident subscribe INC-1", in_="#general")
    await everything_is_delivered(bot, sandbox)
    found = sandbox.workspace.direct(frozenset({bob.id, sandbox.workspace.app.bot_user}))
    assert found
    sandbox.faults.lose_answer("chat.postMessage", channel=found.id)
    await pass_time(bot, sandbox, 15)
    for person in (bob, dave):
        assert len(direct(sandbox, person)) == 2
