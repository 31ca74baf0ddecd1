"""The one way in: `handle` decides a command and records what it leads to, in one database transaction. Around it the reads that
listeners need, which raise StoreUnavailable like `handle`. Knows the core and the store; nothing of Slack's API."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.bookcase import Bookcase
from bot.checkpoints import Checkpoint, Step, pass_by
from bot.clock import Clock
from bot.core.adoption import AdoptPolicy
from bot.core.decision import SYSTEM, Command, Event, Origin
from bot.core.delivery import DeliveryDropped, DeliveryRetried
from bot.core.due import falls_due
from bot.core.effects import Effect, PostFallback, RewritePosts
from bot.core.ends import MergeIncident
from bot.core.errors import StoreUnavailable, UnknownIncident
from bot.core.incident import Incident, Room
from bot.core.lifecycle import DeclareIncident
from bot.core.links import carried_over, counterparts
from bot.core.plain import findings, in_fact, together
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.playbooks.shelf import Shelf
from bot.core.policy import Policy
from bot.core.redaction import RedactText, TextRedacted, Written
from bot.core.refusal import NotInPolicy, Refusal
from bot.core.roles import RoleTaken
from bot.core.router.subscribing import Subscribe
from bot.core.router.updates import SendUpdate, UpdateIssued, addressed, by_hand, issue, on_time
from bot.core.runs import PlaybookStarted, Shelved
from bot.core.standing import Standing
from bot.core.tracker.hypotheses import HypothesisPosted, HypothesisProposed, TestStarted
from bot.core.tracker.rewriting import sayings
from bot.core.value import REDACTED, Value
from bot.core.vocabulary import decide, evolve
from bot.core.wishes import effects
from bot.files import read_policy
from bot.follow_ups import FollowUps
from bot.language import Finding
from bot.measuring import Measuring
from bot.related import asked_for, declared_already, held, with_survivor
from bot.store import commands, documents, journal, lanes, posts, queries, subscriptions
from bot.store import timers as due_times
from bot.store.database import Database, Transaction
from bot.store.journal import Recorded
from bot.store.queries import Listed
from bot.store.signals import signal
from bot.summarizing import Summaries

log = structlog.get_logger()

COMMIT_SECONDS = 2.0
"""A person waits three seconds for Slack; after two without a commit they are told that nothing was recorded."""
POLICY = "policy"


class Outcome(Value):
    """What a command came to: the kinds of events it led to, the number of the hypothesis it proposed, if it did, that of the
    event by which it ordered a redaction, the number of the run that it began, and whether leading and another duty came together
    in somebody. Kept under its key: the same command delivered again is answered from here."""

    incident: int | None
    refusal: Refusal | None
    events: tuple[str, ...] = ()
    hypothesis: int | None = None
    redaction: int | None = None
    run: int | None = None
    solo: bool = False


class Service:
    """Handles commands for one workspace. `policy` is what incidents are declared under, from the folder `playbooks`. `on_commit`
    is called after each command: new effects and timers may wait."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        team: str,
        policy: Policy,
        playbooks: Path,
        on_commit: Callable[[], None] = lambda: None,
        *,
        shelf: Shelf = Shelf(),  # noqa: B008 (frozen)
        checkpoint: Checkpoint = pass_by,
        commit_seconds: float = COMMIT_SECONDS,
    ) -> None:
        self.team, self.clock, self.policy = team, clock, policy
        self.on_thread: Callable[[], None] = lambda: None
        """Called when a hypothesis got its thread: somebody may have replied before we knew."""
        self.on_commit = on_commit
        self._database, self._playbooks, self._checkpoint = database, playbooks, checkpoint
        self._commit_seconds = commit_seconds
        self._policies = {policy.hash: policy}
        self._bookcase = Bookcase(team, shelf)
        self._changed = asyncio.Event()
        self.commits = self.commits_failed = 0
        """How many commands this process has recorded, and how many it could not."""
        self.measuring = Measuring(database, clock, team)
        self.follow_ups = FollowUps(self._read, self._policy, clock, team)
        self.summaries = Summaries(database, clock, team, self.measuring, self.follow_ups)

    def origin(self, *, actor: str, key: str, incident: int = 0) -> Origin:
        """Where a command that a person gives now comes from."""
        return Origin(team=self.team, incident=incident, actor=actor, at=self.clock.now(), key=key)

    async def handle(self, command: Command) -> Outcome:
        """Decide and record. Raises UnknownIncident, and StoreUnavailable when it could not be recorded in time."""
        try:
            async with asyncio.timeout(self._commit_seconds), self._database.write() as tx:
                outcome = await self._handle(tx, command)
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            self.commits_failed += 1
            log.error("not recorded", command=type(command).__name__, error=_first_line(error))
            raise StoreUnavailable from error
        self.commits += 1
        self._checkpoint(Step.COMMITTED, type(command).__name__)
        if isinstance(command, AdoptPolicy) and not outcome.refusal:
            self._policies[command.to.hash] = self.policy = command.to
        if HypothesisPosted.__name__ in outcome.events:
            self.on_thread()
        self.on_commit()
        self.notice()
        return outcome

    def notice(self) -> None:
        """Something was committed, here or by another bot: whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _handle(self, tx: Transaction, command: Command) -> Outcome:
        origin = command.origin
        if kept := await commands.outcome(tx, origin.team, origin.key):
            return Outcome.model_validate_json(kept)
        if isinstance(command, DeclareIncident):
            outcome = await self._declare(tx, command)
        else:
            outcome = await self._change(tx, command)
        await commands.keep_outcome(tx, origin.team, origin.key, outcome.incident, outcome.canonical(), command.at)
        return outcome

    async def _declare(self, tx: Transaction, command: DeclareIncident) -> Outcome:
        await journal.hold_numbers(tx, self.team)
        policy = await self._policy_in_force(tx)
        parent = await held(tx, self.team, command.follows.other) if command.follows else None
        earlier = await declared_already(tx, command, parent)
        command = command.but(earlier=earlier)
        number = earlier if earlier and not command.again else await journal.next_number(tx, self.team)
        decision = decide(None, carried_over(command, parent, policy) if parent else command, policy, number=number)
        if not decision.events:
            reason = decision.refusal and decision.refusal.reason
            log.info("refused", command=type(command).__name__, actor=command.actor, reason=reason)
            return Outcome(incident=earlier, refusal=decision.refusal)
        await self._record(tx, None, decision.events, command)
        return Outcome(incident=number, refusal=decision.refusal, events=_kinds(decision.events))

    async def _change(self, tx: Transaction, command: Command) -> Outcome:
        number = command.origin.incident
        if isinstance(command, MergeIncident):
            command = await with_survivor(tx, command)
        incident = await held(tx, command.origin.team, number)
        policy = await self._policy(tx, incident.policy)
        if isinstance(command, RedactText):
            command = command.but(record=await journal.written(tx, self.team, number))
            policy = await self._policy_in_force(tx)
        if isinstance(command, Shelved):
            command = command.but(shelf=await self._bookcase.shelf(tx, incident))
        decision = decide(incident, command, policy)
        if isinstance(command, AdoptPolicy) and decision.events and not decision.refusal:
            await self._keep_policy(tx, command.to)
        await self._record(tx, incident, decision.events, command)
        new = next((event.hypothesis for event in decision.events if isinstance(event, HypothesisProposed)), None)
        order = incident.seq + 1 if any(isinstance(event, TextRedacted) for event in decision.events) else None
        kinds = _kinds(decision.events)
        run = next((event.run for event in decision.events if isinstance(event, PlaybookStarted)), None)
        solo = any(isinstance(event, RoleTaken | TestStarted) and event.solo for event in decision.events)
        return Outcome(
            incident=number,
            refusal=decision.refusal,
            events=kinds,
            hypothesis=new,
            redaction=order,
            run=run,
            solo=solo,
        )

    async def _record(
        self, tx: Transaction, before: Incident | None, events: tuple[Event, ...], command: Command
    ) -> None:
        """Append the events, and with them the effects they call for and the times at which something falls due."""
        wishes: list[tuple[int, Effect]] = []
        state = before
        for event in events:
            after = evolve(state, event)
            policy = await self._policy(tx, after.policy)
            wishes += [(_about(effect, after.seq), effect) for effect in effects(event, state, after, policy)]
            state = after
        if events:
            await self._bookcase.pin(tx, events)
            await journal.append(tx, before, events, self.clock.now())
        assert state is not None
        if events and isinstance(events[0], TextRedacted):
            await self._redact(tx, state, state.seq - len(events) + 1, events[0])
        await lanes.enqueue(tx, state.team, state.number, wishes, command.at)
        await self._settle_failures(tx, state, events, command)
        due = falls_due(state, await self._policy(tx, state.policy), self.shelf)
        await due_times.set_timers(tx, state.team, state.number, due)
        if people := await asked_for(tx, state, events, await self._policy(tx, state.policy)):
            wanted = Subscribe(
                origin=command.origin.but(actor=SYSTEM, incident=state.number), people=people, by_rule=True
            )
            decision = decide(state, wanted, await self._policy(tx, state.policy))
            await self._record(tx, state, decision.events, wanted)
        for entailed in counterparts(state, events, command):
            there = await held(tx, self.team, entailed.origin.incident)
            decision = decide(there, entailed, await self._policy(tx, there.policy))
            await self._record(tx, there, decision.events, entailed)
        await signal(tx)

    async def _settle_failures(
        self, tx: Transaction, state: Incident, events: tuple[Event, ...], command: Command
    ) -> None:
        """Let the outbox try again, or let be, what these events say of deliveries that were given up."""
        standing = {failure.effect_id for failure in state.failures}
        for event in events:
            if isinstance(event, DeliveryRetried):
                await lanes.enqueue_again(tx, state.team, state.number, event.effect_id, command.at, standing)
            elif isinstance(event, DeliveryDropped):
                await lanes.let_be(tx, state.team, state.number, event.effect_id, standing)

    async def _redact(self, tx: Transaction, state: Incident, order: int, event: TextRedacted) -> None:
        """Clear what the event says is redacted, wherever it is kept."""
        await journal.redact(tx, state.team, state.number, order, event.entries)
        await commands.rewrite_outcomes(tx, state.team, state.number, _without_words)
        await posts.forget_names(tx, state.team, state.number)

    async def _policy_in_force(self, tx: Transaction) -> Policy:
        """The policy that incidents are declared under now, and that says who may redact, in an old incident too."""
        current = await documents.adopted(tx, self.team, POLICY)
        return await self._policy(tx, current) if current else self.policy

    async def _keep_policy(self, tx: Transaction, policy: Policy) -> None:
        """Keep the policy for good, and let it be the one that incidents are declared under from now on."""
        await documents.keep_document(tx, self.team, POLICY, policy.hash, policy.canonical())
        await documents.adopt(tx, self.team, POLICY, policy.hash, self.clock.now())

    async def ask_for(self, asked: Standing) -> None:
        """Let somebody hear of every incident of a kind from now on. Raises StoreUnavailable."""
        async with self._writing() as tx:
            await subscriptions.add(tx, self.team, asked, self.clock.now())

    async def ask_no_more(self, asked: Standing) -> bool:
        """Let them not; whether they did. Raises StoreUnavailable."""
        async with self._writing() as tx:
            return await subscriptions.remove(tx, self.team, asked)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Transaction]:
        """A change that concerns no incident. Raises StoreUnavailable when it is not recorded in time."""
        try:
            async with asyncio.timeout(self._commit_seconds), self._database.write() as tx:
                yield tx
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            log.error("not recorded", error=_first_line(error))
            raise StoreUnavailable from error

    # Reads

    async def asked_for(self, person: str) -> list[Standing]:
        """The kinds of incidents that this person wants to hear of."""
        async with self._read() as tx:
            return await subscriptions.all_of(tx, self.team, person)

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[Transaction]:
        """A look into the record, for which somebody waits. Raises StoreUnavailable when it is not to be had in time."""
        try:
            async with asyncio.timeout(self._commit_seconds), self._database.read() as tx:
                yield tx
        except (TimeoutError, SQLAlchemyError, OSError) as error:
            log.error("not read", error=_first_line(error))
            raise StoreUnavailable from error

    async def incident(self, number: int, *, viewer: str) -> Incident:
        """The incident as it stands. Raises UnknownIncident."""
        async with self._read() as tx:
            incident = await journal.load(tx, self.team, number)
        if incident is None:
            raise UnknownIncident(number)
        return incident

    async def incident_in_room(self, channel: str, *, viewer: str) -> Incident | None:
        """The incident whose room this channel is, if it is one."""
        async with self._read() as tx:
            number = await queries.incident_of_room(tx, self.team, channel)
            return await journal.load(tx, self.team, number) if number is not None else None

    async def open_incidents(self, *, viewer: str) -> list[Listed]:
        """All that are open, the newest first."""
        async with self._read() as tx:
            return await queries.open_incidents(tx, self.team, viewer)

    async def timeline(self, number: int, *, viewer: str) -> list[Recorded]:
        """Every event of the incident, in order. Raises UnknownIncident."""
        async with self._read() as tx:
            events = await journal.events(tx, self.team, number)
        if not events:
            raise UnknownIncident(number)
        return events

    async def written(self, number: int, *, viewer: str) -> tuple[Written, ...]:
        """Every event of the incident, with what was typed in it and still stands."""
        async with self._read() as tx:
            return await journal.written(tx, self.team, number)

    async def reply_texts(self, number: int, hypothesis: int) -> dict[str, str]:
        """What the replies kept in a hypothesis thread say now, by the name each is known by, oldest first."""
        async with self._read() as tx:
            recorded = await journal.events(tx, self.team, number)
        said = sayings(one.event for one in recorded)
        return {ref: versions[-1].text for (about, ref), versions in said.items() if about == hypothesis}

    async def state_for(self, team: str, number: int, seq: int) -> tuple[Incident, Recorded, Policy]:
        """The incident as it stands, its event `seq`, and the policy it follows: what a delivery is drawn from."""
        async with self._read() as tx:
            incident = await journal.load(tx, team, number)
            assert incident is not None, f"an effect of {number}, which does not exist"
            recorded = await journal.events(tx, team, number, after=seq - 1)
            return incident, recorded[0], await self._policy(tx, incident.policy)

    async def policy_of(self, incident: Incident) -> Policy:
        """The policy that this incident follows."""
        async with self._read() as tx:
            return await self._policy(tx, incident.policy)

    async def playbook_of(self, run: Run) -> Playbook:
        """The playbook that this run goes on from."""
        async with self._read() as tx:
            return await self._bookcase.of(tx, run)

    @property
    def shelf(self) -> Shelf:
        """The playbooks of the files, as they were at the start."""
        return self._bookcase.files

    async def preview(
        self, incident: Incident, text: str, audiences: Sequence[str] = (), *, is_due: bool = False
    ) -> list[UpdateIssued]:
        """What each of these audiences (none named: all whose updates are not drafted) would read if this text were sent now; an
        empty text: what is composed from the record, as it would be at its time if it `is_due`. Records nothing."""
        policy = await self.policy_of(incident)
        asked = SendUpdate(origin=self.origin(actor=SYSTEM, key="preview", incident=incident.number), text=text)
        told = audiences or addressed(incident, policy)
        at_its_time = is_due and incident.is_open
        return [
            issue(
                incident,
                name,
                on_time(incident, name) if at_its_time else by_hand(incident),
                asked,
                policy,
                text=asked.text or None,
            )
            for name in told
        ]

    async def findings(
        self, incident: Incident, text: str, audiences: Sequence[str], names: Sequence[str] = ()
    ) -> tuple[Finding, ...]:
        """What the rules of plain language find in a text that a person wrote for these audiences: each thing once, with the most
        weight that it has for any of them."""
        policy = await self.policy_of(incident)
        events = (one.event for one in await self.timeline(incident.number, viewer=""))
        last = {event.audience: event.text for event in events if isinstance(event, UpdateIssued)}
        return together(
            findings(incident, name, text, policy, names=names, previous=last.get(name)) for name in audiences
        )

    async def fact_findings(self, incident: Incident, text: str, names: Sequence[str] = ()) -> tuple[Finding, ...]:
        """What the rules find in a fact as somebody typed it, for those who would read it in updates."""
        policy = await self.policy_of(incident)
        hear = dict.fromkeys([*policy.hearing(incident.severity), *incident.told])
        return together(in_fact(incident, name, text, policy, names) for name in hear)

    async def corrected_policy(self) -> Policy:
        """The policy as its file has it now. Raises PolicyError when it cannot be used."""
        return await asyncio.to_thread(read_policy, self._playbooks)

    async def room_opened(self, number: int) -> Room:
        """Wait until the incident has its room. The caller says how long."""
        while True:
            changed = self._changed
            incident = await self.incident(number, viewer="")
            if incident.room:
                return incident.room
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await changed.wait()

    async def _policy(self, tx: Transaction, hash: str) -> Policy:
        if hash not in self._policies:
            content = await documents.document(tx, self.team, hash)
            assert content is not None, f"the policy {hash} is not in the journal"
            self._policies[hash] = Policy.model_validate_json(content)
        return self._policies[hash]


def _about(effect: Effect, seq: int) -> int:
    """The number of the event that an effect puts into words: of the one that called for it, or of an earlier one."""
    return effect.event if isinstance(effect, RewritePosts | PostFallback) else seq


def _without_words(outcome: str) -> str:
    """An outcome without what was typed in the command."""
    kept = Outcome.model_validate_json(outcome)
    if not isinstance(kept.refusal, NotInPolicy):
        return outcome
    return kept.but(refusal=kept.refusal.but(given=REDACTED)).canonical()


def _kinds(events: tuple[Event, ...]) -> tuple[str, ...]:
    return tuple(type(event).__name__ for event in events)


def _first_line(error: BaseException) -> str:
    """What went wrong, for the log: the other lines may have what somebody typed."""
    return ": ".join((type(error).__name__, *str(error).splitlines()[:1]))
