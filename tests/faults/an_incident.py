"""An incident, act by act, by people who go on whatever happens to the bot: who gets no answer looks whether it was recorded, and
does it again if not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.decision import Event
from bot.core.incident import COMMANDER, Incident, Phase, Side, Status
from bot.core.notes import NoteAdded
from bot.core.pictures import PictureAsked
from bot.core.router.updates import UpdateIssued
from bot.core.tracker.evidence import ReplyKept
from bot.sandbox import NotAcknowledged, Person, Sandbox, Seen
from bot.store import journal, lanes
from bot.store.database import Database
from bot.store.timers import due_timers
from tests.running import until
from tests.stories.steps import advances, has_contained, says_what_shows_it, starts_test

TRIES = 20
IDEA = "The release broke checkout"
CLUE = "The first call came before the release."
WORDS = "Payments by card fail. We are switching to the second provider."


class Stage:
    """Where it plays: the workspace, and a look into the journal past the bot."""

    def __init__(self, sandbox: Sandbox, database: Database, number: int = 1) -> None:
        self.sandbox, self._database, self.number = sandbox, database, number

    def person(self, name: str) -> Person:
        """Somebody, with nothing open on the screen that was left there."""
        return self.sandbox.person(name)

    @property
    def room(self) -> str:
        """The incident's room, as people call it."""
        names = (channel.name for channel in self.sandbox.workspace.channels.values())
        return next(f"#{name}" for name in names if name.split("-")[:2] == ["inc", str(self.number)])

    async def record(self) -> "Record":
        """What the journal says now."""
        async with self._database.read() as tx:
            incident = await journal.load(tx, self.sandbox.team_id, self.number)
            recorded = await journal.events(tx, self.sandbox.team_id, self.number)
        return Record(incident, [one.event for one in recorded])

    async def settles(self, within: float = 60.0) -> None:
        """Wait until a bot is there and all that was to be done has been."""
        await until(self._is_quiet, within)
        await self.sandbox.idle()

    async def _is_quiet(self) -> bool:
        if not self.sandbox.hub.open or self.sandbox.hub.unacknowledged or self.sandbox.events.in_flight:
            return False
        async with self._database.read() as tx:
            due = await due_timers(tx, datetime.fromtimestamp(self.sandbox.clock.epoch(), UTC))
            return not due and (await lanes.counts(tx)).waiting == 0


@dataclass(frozen=True)
class Record:
    """What the journal says of the incident."""

    incident: Incident | None
    events: list[Event]

    @property
    def now(self) -> Incident:
        """The state, of an incident that is there."""
        assert self.incident is not None
        return self.incident

    def holds(self, *kinds: type[Event]) -> bool:
        """Whether something of each kind happened."""
        return all(any(isinstance(event, kind) for event in self.events) for kind in kinds)


@dataclass(frozen=True)
class Act:
    """Something somebody does, and how one sees that it was recorded."""

    name: str
    do: Callable[[Stage], Awaitable[object]]
    is_done: Callable[[Record], bool]


async def play(stage: Stage, acts: list[Act]) -> None:
    """Do one after the other, each until it is recorded and all that follows from it has come true."""
    for act in acts:
        stood_in_the_way: set[str] = set()
        for _ in range(TRIES):
            if act.is_done(await stage.record()):
                break
            await until(lambda: asyncio.sleep(0, bool(stage.sandbox.hub.open)), within=30)
            try:
                await act.do(stage)
            except (AssertionError, NotAcknowledged, TimeoutError) as error:
                stood_in_the_way.add(f"{type(error).__name__}: {error}")
            await stage.settles()
            _put_away_forms(stage)
        assert act.is_done(await stage.record()), f"{act.name}: still not recorded, {stood_in_the_way}"
        await stage.settles()


def _put_away_forms(stage: Stage) -> None:
    """A form that was left open by a bot that died is of no use to anybody."""
    for name in ("alice", "bob", "dave", "erin"):
        if stage.person(name).form:
            stage.sandbox.platform.views.clear(stage.person(name).id)


def types(name: str, text: str, *, in_: str | None = None) -> Callable[[Stage], Awaitable[object]]:
    """Somebody types this, in the room unless said otherwise."""
    return lambda stage: stage.person(name).types(text, in_=in_ or stage.room)


def presses(name: str, button: str) -> Callable[[Stage], Awaitable[object]]:
    """Somebody presses this in the room."""
    return lambda stage: stage.person(name).presses(button, in_=stage.room)


def steps(name: str, step: str, **facts: object) -> Callable[[Stage], Awaitable[object]]:
    """Somebody presses a step of the card and fills in what it asks for."""
    return lambda stage: advances(stage.person(name), step, stage.room, **facts)


def contains(name: str) -> Callable[[Stage], Awaitable[object]]:
    """Somebody says what stopped the harm a while ago."""
    return lambda stage: has_contained(stage.person(name), "Undid the last release", stage.room)


async def replies(stage: Stage) -> None:
    """Dave writes in the hypothesis's thread, once: his message stays, whether a bot was there or not."""
    dave = stage.person("dave")
    if not any(CLUE in text for text in dave.reads(stage.room)):
        await dave.types(CLUE, in_=stage.room, thread=await _root(dave, stage))


async def marks(stage: Stage) -> None:
    """Erin marks it as evidence against. If that does not show, she takes it off and puts it there again."""
    erin = stage.person("erin")
    reply = await erin.sees(CLUE, in_=stage.room)
    if reply.raw.get("reactions"):
        await erin.unreacts("heavy_minus_sign", to=reply)
        await stage.settles()
    await erin.reacts("heavy_minus_sign", to=reply)


async def tests_it(stage: Stage) -> None:
    """Bob begins a test, and says what it needs."""
    await starts_test(stage.person("bob"), stage.room)


async def refutes(stage: Stage) -> None:
    """Bob says what came of it."""
    bob = stage.person("bob")
    await bob.presses("Refute", in_=stage.room)
    await says_what_shows_it(bob, "Without the release cards are declined just as often.")
    await bob.submits()


async def tells_everybody(stage: Stage) -> None:
    """Alice writes an update, looks at it, and sends it."""
    alice = stage.person("alice")
    await alice.presses("Send update", in_=stage.room)
    await alice.fills({"What should they read?": WORDS})
    await alice.submits()
    assert await alice.submits() == {}


async def _root(person: Person, stage: Stage) -> Seen:
    return await person.sees(f"H1: {IDEA}", in_=stage.room)


def time_passes(minutes: float) -> Act:
    """Nobody does anything for a while, and updates fall due."""
    passed: list[float] = []

    async def jump(stage: Stage) -> None:
        stage.sandbox.clock.advance(minutes * 60)
        passed.append(minutes)

    return Act(f"{minutes} minutes pass", jump, lambda record: bool(passed))


def declares(text: str = "sev1 Checkout is failing", *, by: str = "alice") -> Act:
    """Somebody declares."""
    return Act(
        "declare",
        types(by, f"/incident declare {text}", in_="#general"),
        lambda record: record.incident is not None and record.incident.room is not None,
    )


def has_an_idea(name: str) -> Act:
    """Somebody proposes the first hypothesis."""
    return Act(
        "idea",
        types(name, f"/incident hypothesis {IDEA}"),
        lambda record: any(one.thread for one in record.now.hypotheses),
    )


def somebody_is(role: str) -> Callable[[Record], bool]:
    """Whether somebody has this role."""
    return lambda record: role in record.now.seats


def from_declare_to_close() -> list[Act]:
    """Every kind of thing that people do in an incident."""
    return [*_gathering(), *_working()]


def _gathering() -> list[Act]:
    """Somebody declares, and people take their places."""
    return [
        declares(),
        Act("command", presses("alice", "I'm incident commander"), somebody_is(COMMANDER)),
        Act("operations", types("alice", "/incident role ops @bob"), somebody_is("operations lead")),
        Act("scribe", types("alice", "/incident role scribe @erin"), somebody_is("scribe")),
        Act("words", types("alice", "/incident role comms @dave"), somebody_is("communications lead")),
        Act(
            "follow",
            lambda stage: stage.person("carol").types(f"/incident subscribe INC-{stage.number}", in_="#general"),
            lambda r: bool(r.now.subscribers),
        ),
    ]


def _working() -> list[Act]:
    """They walk through the phases, with a hypothesis on the way."""

    def stands_after(*phases: Phase) -> Callable[[Record], bool]:
        return lambda record: record.now.phase not in phases

    def idea_is(*statuses: Status) -> Callable[[Record], bool]:
        return lambda record: record.now.hypothesis(1).status in statuses

    early = (Phase.DETECTION, Phase.TRIAGE)
    return [
        Act("triage", steps("alice", "Advance to Triage"), stands_after(Phase.DETECTION)),
        Act(
            "idea", types("bob", f"/incident hypothesis {IDEA}"), lambda r: any(one.thread for one in r.now.hypotheses)
        ),
        Act("reply", replies, lambda r: r.holds(ReplyKept)),
        Act("mark", marks, lambda r: r.now.hypothesis(1).count(Side.AGAINST) == 1),
        Act("containment", steps("alice", "Advance to Containment"), stands_after(*early)),
        Act("test", tests_it, idea_is(Status.TESTING, Status.REFUTED)),
        Act("note", types("dave", "/incident note Fourteen calls so far"), lambda r: r.holds(NoteAdded)),
        Act("map", types("erin", "/incident map"), lambda r: r.holds(PictureAsked)),
        time_passes(16),
        Act("refute", refutes, idea_is(Status.REFUTED)),
        Act(
            "update", tells_everybody, lambda r: any(isinstance(e, UpdateIssued) and e.text == WORDS for e in r.events)
        ),
        Act("contained", contains("alice"), lambda r: r.now.contained_by is not None),
        Act(
            "recovery",
            steps("alice", "Advance to Recovery", **{"What came of it?": None}),
            stands_after(*early, Phase.CONTAINMENT),
        ),
        Act(
            "postmortem",
            steps("alice", "Advance to Postmortem"),
            stands_after(*early, Phase.CONTAINMENT, Phase.RECOVERY),
        ),
        Act("close", steps("alice", "Close incident"), lambda r: not r.now.is_open),
    ]
