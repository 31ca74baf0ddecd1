"""16. What happens again, what is two in one, and what is only practised: new incidents that say where they come from."""

import re

from bot.app import App
from bot.core.incident import LinkKind, Phase
from bot.core.links import IncidentLinked
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    kinds_of,
    room_of,
    starts_test,
    takes_command,
    updates_in,
    walks_to,
)


async def test_what_happens_again_after_the_close_is_declared_by_one_click_with_what_was_known(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident role ops @bob", in_=room)
    await walks_to(alice, room, "Close incident")
    await everything_is_delivered(bot, sandbox)
    await bob.sees("[It happened again]", in_="#incidents")
    await bob.presses("It happened again", in_="#incidents")
    new_room = await room_of(sandbox, bob, 2)
    await everything_is_delivered(bot, sandbox)

    again, before = [await bot.service.incident(number, viewer="") for number in (2, 1)]
    assert (again.title, again.severity, again.impact) == (before.title, before.severity, before.impact)
    assert again.boundaries == before.boundaries and again.phase is Phase.DETECTION
    assert again.seats == {} and again.containments == ()
    kinds = [(one.kind, one.other) for incident in (again, before) for one in incident.links]
    assert kinds == [(LinkKind.RECURS, 1), (LinkKind.RECURRED, 2)]
    asked = await bob.sees("INC-2 is INC-1 once more.", in_=new_room)
    assert "Last time @alice was incident commander, @bob was operations lead" in asked.text
    assert await room_of(sandbox, alice, 2) == new_room
    await bob.sees(re.compile(rf"Happened before: INC-1 \({room}\)"), in_=new_room)
    await alice.sees("It happened again: @bob declared INC-2.", in_=room)
    await alice.sees("Happened again: INC-2", in_="#incidents")
    await takes_command(alice, new_room)


async def test_who_presses_second_finds_the_one_that_was_declared(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "Checkout is failing")
    await walks_to(alice, room, "Advance to Postmortem")
    await everything_is_delivered(bot, sandbox)
    await alice.sees("[It happened again]", in_=room)
    await alice.presses("It happened again", in_=room)
    await room_of(sandbox, alice, 2)
    await everything_is_delivered(bot, sandbox)
    await bob.presses("It happened again", in_="#incidents")
    await bob.sees("That was declared already, as INC-2 by @alice.", in_="#incidents")
    await bob.presses(
        "Join the room", in_="#incidents", on=await bob.sees("That was declared already", in_="#incidents")
    )
    await room_of(sandbox, bob, 2)
    assert len(await bot.service.open_incidents(viewer="")) == 2
    assert len(await journal(bot, IncidentLinked, 1)) == 1


async def test_two_incidents_in_one_are_split_and_the_new_one_begins_at_the_beginning(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    await advances(alice, "Advance to Triage", room)
    assert "What is wrong there?" in await asks(alice, "/incident split", in_=room)
    assert "INC-2 is declared" in await asks(alice, "/incident split Mails are late", in_=room)
    new_room = await room_of(sandbox, alice, 2)
    await everything_is_delivered(bot, sandbox)
    new, old = [await bot.service.incident(number, viewer="") for number in (2, 1)]
    assert (new.title, new.severity, new.impact, new.phase) == ("Mails are late", "SEV1", IMPACT, Phase.DETECTION)
    assert [(one.kind, one.other) for one in (*new.links, *old.links)] == [
        (LinkKind.SPLIT_FROM, 1),
        (LinkKind.SPLIT_OFF, 2),
    ]
    told = await alice.sees("INC-2 was split from INC-1 by @alice.", in_=new_room)
    assert "@alice is incident commander there, and may be of both." in told.text
    await alice.sees("INC-2 was split off INC-1 by @alice", in_=room)


async def test_a_drill_says_everywhere_that_it_is_one_and_is_otherwise_like_any_other(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    assert "What do you practise?" in await asks(alice, "/incident drill", in_="#general")
    answer = await asks(alice, "/incident drill sev1 Checkout is failing", in_="#general")
    assert "DRILL. Nothing is wrong" in answer and "INC-1 is declared" in answer
    await everything_is_delivered(bot, sandbox)
    assert "DRILL" in (await alice.sees("Its room is open", in_="#general")).text
    room = "#drill-1-checkout-is-failing"
    assert room in alice.channels
    await alice.sees("we must know:", in_=room)
    await takes_command(alice, room)
    assert "DRILL" in (await alice.sees("You are incident commander of INC-1", in_=room)).text
    await alice.types("/incident hypothesis The release", in_=room)
    await alice.sees("[Start test]", in_=room)
    await starts_test(alice, room)
    await alice.presses("Edit facts", in_=room)
    form = await alice.gets_form("Edit facts")
    assert form.text.splitlines()[1].startswith("DRILL. Nothing is wrong")
    await alice.closes()
    await advances(alice, "Advance to Triage", room)
    await pass_time(bot, sandbox, 20)
    for command in ("status", "timeline", "hypotheses", "note x", ""):
        assert "DRILL" in await asks(alice, f"/incident {command}".strip(), in_=room), command
    assert "DRILL · Checkout is failing" in await asks(alice, "/incident list", in_="#general")
    channel = sandbox.workspace.channel_named(room)
    assert channel is not None and channel.topic.value.startswith("DRILL · SEV1")
    await everything_is_delivered(bot, sandbox)
    ours = [
        message
        for where in (room, "#incidents", "#exec-updates", "#support-updates", "#customer-updates")
        for message in sandbox.messages(where)
        if message.get("metadata")
    ]
    assert len(ours) > 12
    for message in ours:
        assert message["text"].startswith("DRILL · ")
        assert "DRILL" in str(message["blocks"][0])
    assert len(updates_in(carol, "#exec-updates")) >= 2


async def test_an_emergency_is_never_taken_for_the_drill_that_was_declared_a_moment_ago(
    sandbox: Sandbox, bot: App, alice: Person
):
    for command in ("drill", "declare"):
        answer = await asks(alice, f"/incident {command} Checkout is failing", in_="#general")
        assert "is declared" in answer
    assert "You declared this a moment ago, as INC-1" in await asks(
        alice, "/incident drill Checkout is failing", in_="#general"
    )
    await alice.presses("Declare another", in_="#general")
    await everything_is_delivered(bot, sandbox)
    drills = [(await bot.service.incident(number, viewer="")).is_drill for number in (1, 2, 3)]
    assert drills == [True, False, True]


async def test_a_drill_stays_apart_from_what_is_real(sandbox: Sandbox, bot: App, alice: Person):
    real = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident drill Checkout is failing badly", in_="#general")
    await everything_is_delivered(bot, sandbox)
    assert "is a drill and the other is not" in await asks(alice, "/incident merge INC-2", in_=real)
    await alice.types("/incident merge", in_=real)
    await alice.sees("No other incident is open that INC-1 could be merged into", in_=real)
    assert "IncidentMerged" not in await kinds_of(bot, 1)


async def test_when_it_was_is_said_in_a_form_exactly_or_by_estimate(sandbox: Sandbox, bot: App, alice: Person):
    sandbox.clock.set_epoch(1804177800)  # 17:30 in Paris, a Thursday
    room = await declares(sandbox, alice, "Checkout is failing")
    await alice.types("/incident started", in_=room)
    form = await alice.gets_form("When was it?")
    assert form.labels == ["When did it start?", "When was it noticed?", "Estimated"]
    await alice.fills({"When did it start?": "soon", "When was it noticed?": "23:59"})
    assert "I cannot read this as a time" in (await alice.submits())["When did it start?"]
    await alice.fills(
        {
            "When did it start?": "14:05",
            "When was it noticed?": "about 14:20",
            "Estimated": ["The start is an estimate"],
        }
    )
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    card = await alice.sees("we must know:", in_=room)
    assert "Started\nabout today at 14:05" in card.text and "Noticed: about today at 14:20" in card.text
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "@alice said that it began at about 14:05" in timeline
    assert "@alice said that it was noticed at about 14:20" in timeline
    await alice.types("/incident detected", in_=room)
    form = await alice.gets_form("When was it?")
    await alice.fills({"Estimated": ["So is when it was noticed"]})
    assert await alice.submits() == {}
    now = await bot.service.incident(1, viewer="")
    assert not now.is_start_estimated and now.is_detection_estimated


async def test_a_start_that_is_estimated_is_so_to_everybody_who_reads_it(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await takes_command(alice, room)
    assert "at about" in await asks(alice, "/incident started ~ 0:05", in_=room)
    await advances(alice, "Advance to Triage", room)
    await carol.sees("Started: about ", in_="#exec-updates")
