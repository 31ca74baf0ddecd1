"""Severity: two questions give it, anybody raises it, and only whoever leads lowers it, slowly and with a reason."""

import re

from bot.app import App
from bot.core.severity import SeverityChanged
from bot.sandbox import Person, Sandbox
from tests.running import pass_time
from tests.stories.steps import asks, declares, journal, walks_to

WHO, LOSS, WHY = "Who is affected?", "What can they not do?", "If this lowers it: why?"
ESSENTIAL = "They cannot do something essential"


async def in_triage(sandbox: Sandbox, alice: Person, severity: str) -> str:
    """The room of an incident of this severity in TRIAGE, led by alice."""
    room = await declares(sandbox, alice, f"{severity} Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.sees("[Advance to Containment]", in_=room)
    return room


async def test_two_answers_give_the_severity_and_the_room_reads_them(sandbox: Sandbox, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "Checkout is failing")
    await bob.sees("[Set severity]", in_=room)
    await bob.presses("Set severity", in_=room)
    assert (await bob.gets_form("Set severity")).labels == [WHO, LOSS]
    await bob.fills({WHO: "Some people", LOSS: ESSENTIAL})
    assert await bob.submits() == {}
    said = "@bob set the severity of INC-1 to SEV2: some people cannot do something essential."
    await alice.sees(said, in_=room)


async def test_the_form_asks_for_the_reason_when_the_answers_lower_it(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_triage(sandbox, alice, "sev1")
    await alice.presses("Set severity", in_=room)
    assert (await alice.gets_form("Set severity")).labels == [WHO, LOSS, WHY]
    await alice.fills({WHO: "Some people", LOSS: ESSENTIAL})
    assert list(await alice.submits()) == [WHY]
    await alice.fills({WHY: "One region only"})
    assert await alice.submits() == {}
    await alice.sees("It is lower because: “One region only”", in_=room)
    await alice.sees(re.compile(r"^INC-1: .*Severity\nSEV2 \(was SEV1\)", re.DOTALL), in_=room)
    (changed,) = await journal(bot, SeverityChanged)
    assert changed.is_lowered and changed.reason == "One region only"


async def test_it_is_lowered_by_name_one_level_at_a_time_and_not_at_once_again(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_triage(sandbox, alice, "sev1")
    assert "needs a reason" in await asks(alice, "/incident severity sev2", in_=room)
    assert "Next is SEV2" in await asks(alice, "/incident severity sev3 one customer is hit", in_=room)
    answer = await asks(bob, "/incident severity sev2 one customer is hit", in_=room)
    assert "only these may lower the severity" in answer
    assert "INC-1 is SEV2" in await asks(alice, "/incident severity sev2 one customer is hit", in_=room)
    assert "was lowered a moment ago" in await asks(alice, "/incident severity sev3 nobody is hit", in_=room)
    await pass_time(bot, sandbox, 10)
    assert "INC-1 is SEV3" in await asks(alice, "/incident severity sev3 nobody is hit", in_=room)
    assert "INC-1 is SEV1" in await asks(bob, "/incident severity sev1", in_=room)
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "set the severity to SEV2, lower because “one customer is hit”" in timeline


async def test_in_detection_it_only_rises(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev2 Checkout is failing")
    answer = await asks(alice, "/incident severity sev3 few are hit", in_=room)
    assert "In Detection nobody knows yet how bad it is" in answer
    assert "INC-1 is SEV1" in await asks(alice, "/incident severity sev1", in_=room)
