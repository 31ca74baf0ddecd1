"""What people do in stories, in the words of the page: a few steps that many stories share."""

import re

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.running import settled

IMPACT = "Some customers cannot pay by card."

FACTS: dict[str, dict[str, object]] = {
    "Advance to Triage": {"Who cannot do what?": IMPACT},
    "Advance to Containment": {"Severity": "SEV1", "What is affected?": ["Checkout"]},
    "Advance to Recovery": {
        "What was done to stop the harm?": "Undid the last release",
        "What came of it?": "It worked",
    },
    "Advance to Postmortem": {"How do we know it works again?": "Payments are back to normal for 30 minutes"},
    "Close incident": {
        "What will we change?": "Test checkout with every card",
        "Assignee": "@bob",
        "Due date": "2030-01-31",
    },
}
"""The button of each step, and what its form asks for in an incident that knows nothing but its commander."""


async def declares(sandbox: Sandbox, person: Person, text: str, *, in_: str = "#general") -> str:
    """Declare an incident, and return the name of its room once the person is in it."""
    answer = await person.types(f"/incident declare {text}", in_=in_)
    assert answer is not None
    number = re.search(r"INC-(\d+)", answer.text)
    assert number, answer.text
    return await room_of(sandbox, person, int(number[1]))


async def room_of(sandbox: Sandbox, person: Person, number: int) -> str:
    """The room of an incident, once this person is in it and its card is there."""
    prefix = f"inc-{number}"

    def mine() -> str | None:
        names = (name.removeprefix("#") for name in person.channels)
        return next((name for name in names if name == prefix or name.startswith(f"{prefix}-")), None)

    await sandbox.until(lambda: mine() is not None)
    room = f"#{mine()}"
    await person.sees("we must know:", in_=room)
    return room


async def takes_command(person: Person, room: str) -> None:
    """Press the button that makes one incident commander."""
    await person.presses("I'm incident commander", in_=room)
    await person.sees("is now incident commander of", in_=room)


async def advances(person: Person, step: str, room: str, **facts: object) -> None:
    """Press a step on the card, fill in what its form asks for, and send it."""
    await person.sees(f"[{step}]", in_=room)
    await person.presses(step, in_=room)
    assert person.form is not None, f"{step} opened no form"
    wanted = FACTS[step] | facts
    await person.fills({label: value for label, value in wanted.items() if label in person.form.labels})
    assert await person.submits() == {}


async def walks_to(person: Person, room: str, step: str) -> None:
    """Take command and press every step up to and including this one."""
    await takes_command(person, room)
    for each in FACTS:
        await advances(person, each, room)
        if each == step:
            return


async def everything_is_delivered(bot: App, sandbox: Sandbox) -> None:
    """Wait until Slack shows all that it should."""
    await settled(bot, sandbox)


def updates_in(person: Person, channel: str) -> list[str]:
    """What an audience has been told in the threads of its channel, oldest first."""
    return [message.text for message in person.messages(channel) if message.thread_ts not in (None, message.ts)]
