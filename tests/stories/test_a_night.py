"""A whole night, as it goes: about sixty acts of five people, from the first call to the close, and the timeline they leave."""

from bot.app import App
from bot.sandbox import Person, Sandbox
from bot.store.audit import audit, replay
from tests.running import pass_time
from tests.stories.steps import (
    advances,
    asks,
    declares,
    everything_is_delivered,
    hands_command,
    room_of,
    says_what_shows_it,
    starts_test,
    updates_in,
)

RELEASE = "The 01:50 release broke the card form at checkout"
PROVIDER = "Our card provider declines everybody"
POOL = "The orders database has no free connections"


async def test_a_night_from_the_first_call_to_the_close(sandbox: Sandbox, bot: App):
    room = await the_first_half(sandbox, bot)
    await the_second_half(sandbox, bot, room)
    await everything_is_delivered(bot, sandbox)

    await _the_record_is_whole(sandbox, bot)
    told = updates_in(sandbox.person("carol"), "#exec-updates")
    assert any("Started: " in text for text in told) and "Closed" in told[-1]
    customers = updates_in(sandbox.person("dave"), "#customer-updates")
    assert len(customers) == 2 and "restored" in customers[1]
    await _a_newcomer_follows_the_timeline(sandbox.person("carol"))


async def the_first_half(sandbox: Sandbox, bot: App) -> str:
    """Until the release is known to be innocent and there are other ideas. Returns the room."""
    room = await customers_call(sandbox, bot)
    await the_release_is_not_guilty(sandbox, bot, room)
    await other_ideas(sandbox, room)
    return room


async def customers_call(sandbox: Sandbox, bot: App) -> str:
    """Dave declares, nobody leads for two minutes, and it is found out how bad it is. Returns the room."""
    alice, bob, carol, dave, erin = map(sandbox.person, ("alice", "bob", "carol", "dave", "erin"))
    room = await declares(sandbox, dave, "Customers call: card payments fail")
    await dave.types("Fourteen calls in ten minutes, all at the last step.", in_=room)
    await pass_time(bot, sandbox, 2.1)
    await alice.sees("Nobody is incident commander of INC-1 yet", in_=room)
    await alice.presses("I'm incident commander", in_=room)
    await dave.types("/incident impact Some customers cannot pay by card.", in_=room)
    await dave.types("/incident role scribe @erin", in_=room)
    await alice.types("/incident role ops @bob", in_=room)
    await dave.types("/incident role comms @dave", in_=room)
    await room_of(sandbox, bob, 1)
    calls = await bob.sees("Fourteen calls", in_=room)
    await erin.reacts("pushpin", to=calls)
    await advances(alice, "Advance to Triage", room)

    # How bad is it? Carol reads, and asks nobody.
    await carol.sees("Some customers cannot pay by card.", in_="#exec-updates")
    await alice.types("/incident severity sev2", in_=room)
    await alice.types("/incident title Card payments fail at checkout", in_=room)
    await bob.types("/incident hypothesis " + RELEASE, in_=room)
    await bob.sees(f"H1: {RELEASE}", in_=room)
    await advances(alice, "Advance to Containment", room)
    await dave.presses("Send", in_=room)
    await dave.gets_form()
    assert await dave.submits() == {}

    return room


async def the_release_is_not_guilty(sandbox: Sandbox, bot: App, room: str) -> None:
    """It is suspected and undone, and cards are declined all the same."""
    alice, bob, dave, erin = map(sandbox.person, ("alice", "bob", "dave", "erin"))
    first = await bob.sees(f"H1: {RELEASE}", in_=room)
    await starts_test(bob, room)
    await bob.types("It went out at 01:50. I am undoing it now.", in_=room, thread=first)
    await dave.types("The first call came at 01:38.", in_=room, thread=first)
    early = await bob.sees("came at 01:38", in_=room)
    await erin.reacts("heavy_minus_sign", to=early)
    await alice.reacts("heavy_plus_sign", to=early)
    await alice.unreacts("heavy_plus_sign", to=early)
    await pass_time(bot, sandbox, 6)
    await bob.types("It is undone everywhere, and cards are still declined.", in_=room, thread=first)
    await advances(
        alice,
        "Advance to Recovery",
        room,
        **{"What was done to stop the harm?": "Undid the 01:50 release", "What came of it?": "It did not help"},
    )
    await alice.closes()
    await bob.presses("Refute", in_=room)
    await says_what_shows_it(bob, "Without the release cards are declined just as often.")
    await bob.submits()
    await alice.sees("@bob refuted H1", in_=room)


async def other_ideas(sandbox: Sandbox, room: str) -> None:
    """Two more; one is parked."""
    alice, bob, carol, dave, erin = map(sandbox.person, ("alice", "bob", "carol", "dave", "erin"))
    await alice.types("/incident hypothesis " + PROVIDER, in_=room)
    await alice.sees(f"H2: {PROVIDER}", in_=room)
    await erin.presses("Add hypothesis", in_=room)
    await erin.fills({"What may be wrong?": POOL, "Where?": "Orders database"})
    await erin.submits()
    await erin.sees(f"H3: {POOL}", in_=room)
    await erin.presses("Park", in_=room)
    second = await bob.sees(f"H2: {PROVIDER}", in_=room)
    await bob.types("/incident note Their status page turned red at 01:38", in_=room)
    await bob.types("Every declined card goes through them, none of the others.", in_=room, thread=second)
    said = await bob.sees("Every declined card", in_=room)
    await dave.reacts("heavy_plus_sign", to=said)
    await alice.types("/incident started 01:38", in_=room)
    await carol.sees("Limiting the problem", in_="#exec-updates")


async def the_second_half(sandbox: Sandbox, bot: App, room: str) -> None:
    """From the time when nothing is heard for a while to the close."""
    alice, bob, carol, dave, erin = map(sandbox.person, ("alice", "bob", "carol", "dave", "erin"))
    second = await bob.sees(f"H2: {PROVIDER}", in_=room)
    await pass_time(bot, sandbox, 16)

    # Alice hands over for the second half of the night.
    await hands_command(alice, erin, room)
    brief = await erin.sees("would like you to be incident commander", in_=room)
    for line in ("Phase: Containment", "Severity: SEV2", "Impact: Some customers", "H2", "Next update: "):
        assert line in brief.text
    await alice.types("Thank you. Good night.", in_=room)
    await erin.types("/incident severity sev1", in_=room)
    await erin.types("/incident impact Customers cannot pay by card.", in_=room)
    await erin.presses("Send update", in_=room)
    await erin.fills({"What should they read?": "Customers cannot pay by card. We are switching to another provider."})
    await erin.submits()
    assert await erin.submits() == {}
    await carol.sees("switching to another provider", in_="#exec-updates")

    # The second provider takes over; it holds.
    await bob.types("The second provider takes cards now. Watching.", in_=room)
    await pass_time(bot, sandbox, 11)
    await advances(
        erin,
        "Advance to Recovery",
        room,
        **{"What was done to stop the harm?": "Sent cards through the second provider"},
    )
    await erin.sees("is now in Recovery", in_=room)
    await bob.types("The provider says it is back.", in_=room, thread=second)
    await bob.presses("Confirm", on=second)
    await says_what_shows_it(bob, "With the other provider every card works.")
    await bob.submits()
    await pass_time(bot, sandbox, 31)
    await erin.types("/incident hypotheses", in_=room)
    await advances(erin, "Advance to Postmortem", room)
    await dave.presses("Send", in_=room)
    assert await dave.submits() == {}
    await pass_time(bot, sandbox, 600)
    await advances(erin, "Close incident", room)


async def _the_record_is_whole(sandbox: Sandbox, bot: App) -> None:
    async with bot.database.read() as tx:
        compared = await replay(tx, sandbox.team_id, 1)
        assert compared is not None and compared[0] == compared[1]
        assert await audit(tx) == []


async def _a_newcomer_follows_the_timeline(newcomer: Person) -> None:
    """Page by page from the first line to the last, with what carried the night in its order."""
    text = await asks(newcomer, "/incident timeline INC-1", in_="#general")
    page = text
    while "[Show earlier]" in page:
        await newcomer.presses("Show earlier", in_="#general")
        page = newcomer.reads("#general")[-1]
        text = f"{page}\n{text}"
    order = [
        "declared INC-1",
        "became incident commander",
        "moved on to Triage",
        "proposed H1",
        "moved on to Containment",
        "refuted H1",
        "proposed H2",
        "@erin became incident commander, in place of @alice, as offered",
        "moved on to Recovery",
        "confirmed H2",
        "moved on to Postmortem",
        "closed the incident",
    ]
    places = [text.find(each) for each in order]
    assert -1 not in places and places == sorted(places), list(zip(order, places, strict=True))
