"""What people do in stories, in the words of the page: a few steps that many stories share."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.app import App
from bot.core.decision import Event
from bot.sandbox import Person, Sandbox, Seen
from tests.operating.given import open_by_hand
from tests.running import settled

Kind = TypeVar("Kind", bound=Event)

IMPACT = "Some customers cannot pay by card."

FACTS: dict[str, dict[str, object]] = {
    "Advance to Triage": {"Who cannot do what?": IMPACT},
    "Advance to Containment": {
        "Who is affected?": "Everyone",
        "What can they not do?": "They cannot do something essential",
        "What is affected?": ["Checkout"],
        "What changed in the last 24 hours?": "Nothing found",
        "What you leave empty: why go on without it?": "We are three people",
        "Why go on without?": "We are three people",
    },
    "Advance to Recovery": {
        "What was done to stop the harm?": "Undid the last release",
        "What came of it?": "It worked",
    },
    "Advance to Postmortem": {
        "How do we know it works again?": "Payments are back to normal for 30 minutes",
        "Was data lost or exposed?": "None lost",
    },
    "Close incident": {
        "What will we change?": "Test checkout with every card",
        "Assignee": "@bob",
        "Due date": "2030-01-31",
        "Done when": "A release stops when any card fails",
        "What is it for?": "Prevent it",
        "Which contributing factors does it act on?": ["Test or verification gap"],
        "Why go on without?": "We write it down next week",
    },
}
"""The button of each step, and what its forms ask for in an incident that knows nothing but its commander; nobody takes another
role."""

WRITTEN = {
    "Edit contributing factors": "The form lists both zones without saying which is live. The alert waits ten minutes.",
    "Edit what helped": "The switch that turns the new checkout off.",
    "Edit what hindered": "Two dashboards with different times.",
    "Edit where we got lucky": "It was a quiet hour.",
    "Edit what surprised us": "The old checkout was still warm.",
    "Edit how we worked": "Command was handed over once, in writing.",
}
"""What a postmortem has that the record does not know, by the button that asks for it."""

AGO = timedelta(minutes=15)
"""What stopped the harm is said to have done so then, which is longer ago than any hold."""


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


async def a_room(sandbox: Sandbox, bot: App, *people: Person, severity: str = "sev3") -> str:
    """The room of an incident that all of them are in; the first declared it."""
    room = await declares(sandbox, people[0], f"{severity} Checkout is failing")
    for person in people[1:]:
        await person.joins(room)
    await everything_is_delivered(bot, sandbox)
    return room


async def a_led_room(sandbox: Sandbox, bot: App, *people: Person, severity: str = "sev3", step: str = "") -> str:
    """The same, led by whoever declared it, as far as this step."""
    room = await a_room(sandbox, bot, *people, severity=severity)
    await (walks_to(people[0], room, step) if step else takes_command(people[0], room))
    await everything_is_delivered(bot, sandbox)
    return room


async def takes_command(person: Person, room: str) -> None:
    """Press the button that makes one incident commander."""
    await person.presses("I'm incident commander", in_=room)
    await person.sees("is now incident commander of", in_=room)


async def hands_command(person: Person, to: Person, room: str) -> None:
    """Offer command to somebody, who accepts."""
    await person.types(f"/incident role commander @{to.user.name}", in_=room)
    await to.sees(re.compile(rf"^@{to.user.name}: .* would like you to be incident commander"), in_=room)
    await to.presses("Accept", in_=room)
    await to.sees(f"@{to.user.name} is now incident commander of", in_=room)


async def advances(person: Person, step: str, room: str, **facts: object) -> None:
    """Press a step on the card, fill in what its forms ask for, and send them. Something that worked stopped the harm a while ago,
    unless the facts say that it did not."""
    await person.sees(f"[{step}]", in_=room)
    wanted = FACTS[step] | facts
    came_of = wanted.get("What came of it?")
    if came_of == "It worked":
        await has_contained(person, str(wanted["What was done to stop the harm?"]), room)
    await person.presses(step, in_=room)
    assert person.form is not None, f"{step} opened no form"
    while person.form is not None:
        await person.fills({label: value for label, value in wanted.items() if label in person.form.labels})
        wrong = await person.submits()
        assert wrong == {}, wrong
        if came_of == "It did not help":
            return


async def has_contained(person: Person, what: str, room: str) -> None:
    """Say that this stopped the harm a while ago, so that its hold has passed."""
    now = datetime.fromtimestamp(person.sandbox.workspace.clock.epoch(), ZoneInfo(person.user.tz))
    await person.types(f"/incident contained ~{now - AGO:%Y-%m-%d %H:%M} {what}", in_=room)


async def walks_to(person: Person, room: str, step: str) -> None:
    """Take command and press every step up to and including this one."""
    await takes_command(person, room)
    for each in FACTS:
        await advances(person, each, room)
        if each == step:
            return


async def opens_postmortem(person: Person, room: str) -> None:
    """Open the postmortem's form."""
    await person.types("/incident postmortem", in_=room)
    await person.gets_form("Postmortem")


async def writes(person: Person, button: str, text: str) -> None:
    """Press a section's button in the postmortem's form, and save this."""
    await person.presses(button)
    form = await person.gets_form("Postmortem")
    await person.fills({form.labels[0]: text})
    assert await person.submits() == {}


async def writes_postmortem(person: Person, room: str) -> None:
    """Write every section that the record cannot, and tag two factors."""
    await opens_postmortem(person, room)
    for button, text in WRITTEN.items():
        await writes(person, button, text)
    await person.presses("Tag factors")
    await person.gets_form("Postmortem")
    await person.fills({"What contributed?": ["Interface or prompt unclear", "Detection gap"]})
    assert await person.submits() == {}


async def learns(person: Person, other: Person, room: str) -> None:
    """What the close of a bad incident asks for: one writes the postmortem, another reviews and publishes it, and says what will
    change."""
    await writes_postmortem(person, room)
    await person.presses("Ask for review")
    await person.sees("asked for a review of the postmortem", in_=room)
    await person.closes()
    await other.joins(room)
    await opens_postmortem(other, room)
    for button, said in (("Reviewed", "reviewed the postmortem"), ("Publish", "published the postmortem")):
        await other.presses(button)
        await other.sees(said, in_=room)
    await other.closes()
    await other.presses("Add action item", in_=room)
    mine = FACTS["Close incident"] | {"Assignee": f"@{other.name}"}
    assert other.form is not None
    await other.fills({label: value for label, value in mine.items() if label in other.form.labels})
    assert await other.submits() == {}
    await other.sees("Test checkout with every card", in_=room)


async def everything_is_delivered(bot: App, sandbox: Sandbox) -> None:
    """Wait until Slack shows all that it should."""
    await settled(bot, sandbox)


def updates_in(person: Person, channel: str) -> list[str]:
    """What an audience has been told in the threads of its channel, oldest first."""
    return [message.text for message in person.messages(channel) if message.thread_ts not in (None, message.ts)]


async def asks(person: Person, command: str, *, in_: str) -> str:
    """Type a command, and return what it answered as this person reads it."""
    answer = await person.types(command, in_=in_)
    assert answer is not None, f"{command} answered nothing"
    return next(message.text for message in person.messages(in_) if message.ts == answer.message.ts)


async def kinds_of(bot: App, number: int = 1) -> list[str]:
    """The kinds of all that happened in an incident, oldest first."""
    return [type(one.event).__name__ for one in await bot.service.timeline(number, viewer="")]


async def proposes(person: Person, statement: str, room: str) -> Seen:
    """Propose a hypothesis by the command, and return the message its thread hangs on."""
    await person.types(f"/incident hypothesis {statement}", in_=room)
    return await person.sees(re.compile(rf"^H\d+: {re.escape(statement)}"), in_=room)


PLUS, MINUS = ":heavy_plus_sign:", ":heavy_minus_sign:"
"""What makes a reply evidence, for a hypothesis and against it."""


async def a_thread(sandbox: Sandbox, bot: App, *people: Person) -> tuple[str, Seen]:
    """The room of an incident that all of them are in, and the root of its first hypothesis."""
    room = await a_room(sandbox, bot, *people, severity="sev1")
    root = await proposes(people[0], "The new release", room)
    await everything_is_delivered(bot, sandbox)
    return room, root


FORESEEN = {
    "If it is true, what will we see?": "Errors on every server",
    "And if it is false?": "Errors on some servers only",
    "How do we test it?": "Look at the errors by server",
}
"""What a test needs to be known, by the labels of the form that asks for it."""


async def starts_test(person: Person, room: str) -> None:
    """Press `Start test`, and say what it needs if the form asks for it."""
    await person.presses("Start test", in_=room)
    if person.form is not None:
        await person.fills({label: text for label, text in FORESEEN.items() if label in person.form.labels})
        assert await person.submits() == {}


async def says_what_shows_it(person: Person, why: str) -> None:
    """Fill in the form that confirms or refutes, with all that it asks for."""
    assert person.form is not None
    wanted = {
        "What shows it?": why,
        "What would we have seen if it were true?": "Errors on every server",
        "What would we have seen if it were false?": "Errors on some servers only",
        "How much of what is seen does it explain?": "All of it",
    }
    await person.fills({label: text for label, text in wanted.items() if label in person.form.labels})


async def root_shows(person: Person, room: str, name: str, *wanted: str) -> Seen:
    """Wait until the message of this hypothesis (H1) shows all of this, and return it."""
    all_of_it = "".join(f"(?=.*{re.escape(text)})" for text in wanted)
    return await person.sees(re.compile(f"^{name}: {all_of_it}", re.DOTALL), in_=room)


async def replies(person: Person, text: str, root: Seen, room: str) -> Seen:
    """Reply in the thread of a message, and return the reply."""
    await person.types(text, in_=room, thread=root)
    return await person.sees(text, in_=room)


async def everything_is_heard(bot: App, sandbox: Sandbox) -> None:
    """Wait until the bot has taken every event, and Slack shows all that follows."""
    await sandbox.idle()
    await settled(bot, sandbox)


async def journal(bot: App, kind: type[Kind], number: int = 1) -> list[Kind]:
    """The events of this kind in the journal of an incident, in order."""
    recorded = await bot.service.timeline(number, viewer="")
    return [one.event for one in recorded if isinstance(one.event, kind)]


@contextmanager
def nothing_can_be_recorded(database_url: str) -> Iterator[None]:
    """While somebody else holds the journal, it can be read and not written."""
    with open_by_hand(database_url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE event IN EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("PRAGMA busy_timeout = 30000")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
