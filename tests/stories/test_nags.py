"""When a phase takes long, whoever leads is asked what it waits for, with the button for that; nothing moves on by itself."""

from bot.app import App
from bot.core.incident import Phase
from bot.core.prompts import PhaseTakesLong
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import declares, journal, walks_to

WAYS = "Which of these have you not tried: roll back, switch off, drain, block, add capacity, isolate?"


async def test_the_declarer_is_asked_in_detection_and_nothing_moves(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await pass_time(bot, sandbox, 5)
    asked = await alice.sees("@alice: INC-1 has been in Detection for 5 minutes.", in_=room)
    assert "Next we must know who is incident commander." in asked.text
    assert "[I'm incident commander]" in asked.text and "[Snooze 10 minutes]" in asked.text
    assert (await bot.service.incident(1, viewer="")).phase is Phase.DETECTION
    await pass_time(bot, sandbox, 30)
    assert len(await journal(bot, PhaseTakesLong)) == 1


async def test_triage_is_asked_about_and_the_button_fills_in_what_is_next(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await pass_time(bot, sandbox, 10)
    await pass_time(bot, sandbox, 7)
    asked = await alice.sees("INC-1 has been in Triage for", in_=room)
    assert "@alice: " in asked.text and "Next we must know what is affected." in asked.text


async def test_in_containment_the_ways_that_need_no_cause_are_named(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Containment")
    await pass_time(bot, sandbox, 21)
    await pass_time(bot, sandbox, 11)
    await alice.sees(WAYS, in_=room)


async def test_a_question_is_put_off_by_a_click(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev3 Search is slow")
    await walks_to(alice, room, "Advance to Recovery")
    await pass_time(bot, sandbox, 30)
    await pass_time(bot, sandbox, 32)
    await alice.sees("INC-1 has been in Recovery for", in_=room)
    await alice.presses("Snooze 10 minutes", in_=room)
    await alice.sees("@alice knows. I do not ask about the phase again before", in_=room)
    await pass_time(bot, sandbox, 61)
    assert [one.phase for one in await journal(bot, PhaseTakesLong)] == [Phase.RECOVERY, Phase.RECOVERY]
