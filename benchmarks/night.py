"""The incident on which interaction costs are counted: what people do under stress, each once in every way there is."""

from benchmarks.counting import Ledger
from benchmarks.present import Night, night
from benchmarks.suspicion import suspicion
from tests.stories.steps import WRITTEN, has_contained, opens_postmortem, room_of, takes_command, writes
from tests.stories.test_promises import direct

UPDATE = "Some customers cannot pay by card. We are undoing a change."

SEVERAL = "go on with five things missing, and fill in all"
"""Five acts rather than one: a form asks at most three things."""


async def counted(database_url: str) -> Ledger:
    """Live through the incident, and return what it cost."""
    async with night(database_url) as now:
        for part in (detection, triage, roles, suspicion, containment, recovery, changes, learning, ends):
            await part(now)
            await now.settles()
        return now.ledger


async def detection(now: Night) -> None:
    """It is declared, somebody leads, others come."""
    counted, alice, bob, dave = now.ledger.counted, now.alice, now.bob, now.dave
    async with counted(alice, "declare", "command") as hand:
        await hand.types("/incident declare sev1 Checkout is failing", in_="#general")
    now.room = await room_of(now.sandbox, alice, 1)
    async with counted(alice, "take command", "button") as hand:
        await hand.presses("I'm incident commander", in_=now.room)
    await now.settles()
    async with counted(bob, "join the room", "button") as hand:
        await hand.presses("Join the room", in_="#incidents")
    await dave.joins(now.room)
    async with counted(alice, "fill in one thing that is missing", "button") as hand:
        await hand.presses("Fill in", in_=now.room)
        await hand.submits({"Who cannot do what?": "Some customers cannot pay."})
    async with counted(bob, "say who cannot do what", "command") as hand:
        await hand.types("/incident impact Some customers cannot pay by card.", in_=now.room)
    await now.settles()
    async with counted(alice, "go on with a full gate", "button") as hand:
        await hand.presses("Advance to Triage", in_=now.room)
        await hand.submits()


async def triage(now: Night) -> None:
    """How bad it is, what is affected, who does what, and who is told."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    async with counted(bob, "raise the severity", "command") as hand:
        await hand.types("/incident severity sev1", in_=room)
    async with counted(bob, "raise the severity", "button") as hand:
        await hand.presses("Set severity", in_=room)
        await hand.submits(
            {"Who is affected?": "Everyone", "What can they not do?": "They cannot do something essential"}
        )
    async with counted(bob, "correct the facts", "button") as hand:
        await hand.presses("Edit facts", in_=room)
        await hand.submits({"What is affected?": ["Checkout"]})
    async with counted(alice, "write an update", "command") as hand:
        await hand.types(f"/incident update {UPDATE}", in_=room)
        await hand.submits()
        await hand.submits()
    async with counted(alice, "write an update", "button") as hand:
        await hand.presses("Send update", in_=room)
        await hand.submits({"What should they read?": UPDATE})
        await hand.submits()
    await now.settles()
    async with counted(alice, "send a draft", "button") as hand:
        await hand.presses("Send", in_=room)
        await hand.submits()
    async with counted(alice, "correct an update", "command") as hand:
        await hand.types("/incident correct", in_=room)
        await hand.submits(
            {"What did they read that is wrong?": "Some", "What is right?": "Most", "Who should read it?": ["support"]}
        )
    async with counted(bob, "ask for a picture", "command") as hand:
        await hand.types("/incident picture", in_=room)
    await now.settles(16)
    async with counted(alice, "snooze a question", "button") as hand:
        await hand.presses("Snooze 10 minutes", in_=room)
    async with counted(bob, "put a decision to the room", "command") as hand:
        await hand.types("/incident decide We roll back", in_=room)
    await alice.sees("We roll back", in_=room)
    async with counted(alice, "object to a decision", "button") as hand:
        await hand.presses("Object", in_=room)
        await hand.submits({"Why not?": "It logs everybody out"})
    async with counted(bob, "write a note", "command") as hand:
        await hand.types("/incident note The graph is flat", in_=room)
    async with counted(bob, "see how it stands", "command") as hand:
        await hand.types("/incident", in_=room)


async def roles(now: Night) -> None:
    """Roles are given, offered, taken back, accepted, claimed, kept, and taken at once; then the step with all that is missing."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    async with counted(alice, "give a role", "command") as hand:
        await hand.types("/incident role comms @dave", in_=room)
    async with counted(alice, "give a role", "button") as hand:
        await hand.presses("Roles", in_=room)
        await hand.submits({"Role": "scribe", "Who takes it?": "@dave"})
    async with counted(alice, "hand command over", "command") as hand:
        await hand.types("/incident role commander @bob", in_=room)
    await bob.sees("would like you to be incident commander", in_=room)
    async with counted(alice, "take an offer back", "button") as hand:
        await hand.presses("Take it back", in_=room)
    await alice.types("/incident role commander @bob", in_=room)
    await now.settles()
    async with counted(bob, "accept command", "button") as hand:
        await hand.presses("Accept", in_=room)
    await now.settles(3)
    async with counted(alice, "claim command when nobody answers", "command") as hand:
        await hand.types("/incident commander", in_=room)
    await bob.sees("are you there?", in_=room)
    async with counted(bob, "say that one is there", "button") as hand:
        await hand.presses("I am here", in_=room)
    async with counted(alice, "take command at once", "command") as hand:
        await hand.types("/incident take-command Bob must test", in_=room)
    await now.settles()
    async with counted(alice, "go on without what is missing", "button") as hand:
        await hand.presses("Advance to Containment", in_=room)
        await hand.submits({"What you leave empty: why go on without it?": "We are three people"})


async def containment(now: Night) -> None:
    """The harm is stopped, comes back, and is stopped again."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    await now.settles()
    card = await bob.sees("Before Recovery we must know:", in_=room)
    async with counted(bob, "say what stopped the harm", "button") as hand:
        await hand.presses("Fill in", on=card)
        await hand.submits(
            {
                "What was done to stop the harm?": "Sent payments through the other provider",
                "What came of it?": "It worked for now, and must be undone or replaced",
            }
        )
    await bob.sees("[Impact is back]", in_=room)
    async with counted(bob, "say that the impact is back", "button") as hand:
        await hand.presses("Impact is back", in_=room)
    async with counted(bob, "say what stopped the harm", "command") as hand:
        await hand.types("/incident contained Turned the other provider on", in_=room)
    await now.settles()
    await has_contained(alice, "Turned the other provider on", room)
    await now.settles(11)
    async with counted(alice, "go on with a full gate", "button, after the hold") as hand:
        await hand.presses("Advance to Recovery", in_=room)
        await hand.submits()


async def recovery(now: Night) -> None:
    """Service is restored."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    await now.settles()
    card = await bob.sees("Before Postmortem we must know:", in_=room)
    async with counted(bob, "say how we know that it works again", "button") as hand:
        await hand.presses("Fill in", on=card)
        await hand.submits({"How do we know it works again?": "Payments are as before"})
    await bob.sees("✓ how we know that it works again", in_=room)
    async with counted(bob, "settle a temporary measure", "button") as hand:
        await hand.presses("Fill in", on=card)
        await hand.submits({"What becomes of it?": "It is undone or replaced"})
    await now.settles()
    async with counted(alice, "go on with one thing missing", "button") as hand:
        await hand.presses("Advance to Postmortem", in_=room)
        await hand.submits({"Was data lost or exposed?": "None lost"})
    await now.settles()


async def changes(now: Night) -> None:
    """What will be changed is said and taken."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    card = await alice.sees("Before the close we must know:", in_=room)
    async with counted(alice, "say what will be changed", "button") as hand:
        await hand.presses("Fill in", on=card)
        await hand.submits({"What will we change?": "Watch both", "Assignee": "@bob", "Due date": "2030-01-31"})
    await now.settles()
    card = await alice.sees("Before the close we must know:", in_=room)
    async with counted(alice, "say how anybody sees that it is done", "button") as hand:
        await hand.presses("Fill in", on=card)
        await hand.submits(
            {
                "Done when": "An alert rings for either provider",
                "What is it for?": "Notice it sooner",
                "Which contributing factors does it act on?": ["Detection gap"],
            }
        )
    await now.settles()
    async with counted(bob, "take an action item", "button") as hand:
        await hand.presses("I'll do it", in_=direct(now.sandbox, bob))
    await now.settles()


async def learning(now: Night) -> None:
    """The postmortem is written, reviewed and published; then the incident is closed."""
    counted, alice, bob, room = now.ledger.counted, now.alice, now.bob, now.room
    async with counted(alice, "open the postmortem", "command") as hand:
        await hand.types("/incident postmortem", in_=room)
    await alice.closes()
    async with counted(alice, "open the postmortem", "button") as hand:
        await hand.presses("Open postmortem", in_=room)
    for section, text in WRITTEN.items():
        if section == "Edit what helped":
            async with counted(alice, "write a section of the postmortem", "button, in the postmortem") as hand:
                await hand.presses(section)
                await hand.submits({"What helped": text})
        else:
            await writes(alice, section, text)
    async with counted(alice, "tag what contributed", "button, in the postmortem") as hand:
        await hand.presses("Tag factors")
        await hand.submits({"What contributed?": ["Interface or prompt unclear", "Detection gap"]})
    async with counted(alice, "ask for a review", "button, in the postmortem") as hand:
        await hand.presses("Ask for review")
    await opens_postmortem(bob, room)
    async with counted(bob, "say that it is reviewed", "button, in the postmortem") as hand:
        await hand.presses("Reviewed")
    async with counted(bob, "publish it", "button, in the postmortem") as hand:
        await hand.presses("Publish")
    await now.settles()
    async with counted(alice, "close", "button") as hand:
        await hand.presses("Close incident", in_=room)
        await hand.submits()


async def ends(now: Night) -> None:
    """It happens again; another is cancelled, and one is merged."""
    counted, alice = now.ledger.counted, now.alice
    await now.settles()
    async with counted(alice, "declare that it happened again", "button") as hand:
        await hand.presses("It happened again", in_=now.room)
    again = await room_of(now.sandbox, alice, 2)
    async with counted(alice, "split", "command") as hand:
        await hand.types("/incident split Search is slow", in_=again)
    third = await room_of(now.sandbox, alice, 3)
    await alice.types("/incident split Sign-in is slow", in_=again)
    fourth = await room_of(now.sandbox, alice, 4)
    async with counted(alice, "merge", "command") as hand:
        await hand.types("/incident merge INC-2", in_=third)
    await now.settles()
    async with counted(alice, "cancel", "command") as hand:
        await hand.types("/incident cancel", in_=fourth)
        await hand.submits({"Why?": "Declared by mistake"})
    async with counted(alice, "cancel", "menu") as hand:
        await hand.chooses("more", "Cancel this incident", in_=again)
        await hand.submits({"Why?": "Declared by mistake"})
    async with counted(alice, "declare", "form") as hand:
        await hand.types("/incident declare", in_="#general")
        await hand.submits({"What is wrong?": "Email is late"})
    await everything_at_once(now, await room_of(now.sandbox, alice, 5))


async def everything_at_once(now: Night, room: str) -> None:
    """A step of which nothing is known yet, filled in form by form."""
    alice = now.alice
    await takes_command(alice, room)
    await now.settles()
    async with now.ledger.counted(alice, "go on with one thing missing", "button, before TRIAGE") as hand:
        await hand.presses("Advance to Triage", in_=room)
        await hand.submits({"Who cannot do what?": "Some customers wait."})
    await now.settles()
    async with now.ledger.counted(alice, SEVERAL, "button, before CONTAINMENT") as hand:
        await hand.presses("Advance to Containment", in_=room)
        await hand.submits(
            {
                "Who is affected?": "Everyone",
                "What can they not do?": "They cannot do anything",
                "What is affected?": ["Search"],
            }
        )
        await hand.submits(
            {
                "What changed in the last 24 hours?": "Nothing found",
                "Communications lead": "@dave",
                "Operations lead": "@bob",
            }
        )
    await now.settles()
