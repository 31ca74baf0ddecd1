"""The outbox: carries out every effect exactly once, lane by lane, however often it is interrupted.

A claim is committed before the call. When the outcome of a call is unknown, the gateway is told so and looks before it sends
again. What Slack did and others need to know (the room's channel, when an update was accepted, a refusal for good) is handed
back as a command, under a key of the effect's own, before the effect is marked as done: a crash in between repeats the
command, which is answered as the first time. Knows nothing of Slack.
"""

import asyncio
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.checkpoints import Checkpoint, Step, pass_by
from bot.clock import Clock, elapsed, wire
from bot.core.decision import SYSTEM, Command, Origin
from bot.core.delivery import Hopeless, Moot, Outdated, ReportFailure, RoomGone, TryAgain, TryDeliveryAgain
from bot.core.effects import RewritePosts, SaveHistory
from bot.core.errors import StoreUnavailable
from bot.core.incident import Incident
from bot.core.reports import TYPED, fact
from bot.core.rooms import ReportRoomGone
from bot.core.router.renewals import RenewUpdate
from bot.jobs import ROOM_SECONDS, Gateway, Job, Journal, Receipt
from bot.luck import Luck
from bot.store import lanes, pending
from bot.store.database import Database, Transaction
from bot.store.lanes import Claim
from bot.store.posts import Posts, posts_of

log = structlog.get_logger()

LEASE_SECONDS = 30.0
"""How long a lane stays with a bot that may have died. A delivery that takes two thirds of it is given up, uncertain."""
LONGEST_BACKOFF_SECONDS = 5.0
FINISH_SECONDS = 10.0
"""How long a stop waits for deliveries in flight."""
LOOK_SECONDS = 1.5
"""How long after a call with an unknown outcome we look for what it may have done: Slack's history lags behind a little."""
PAUSE_SECONDS = 0.5
"""Between tries to reach a database that is away."""
COMPLAIN_SECONDS = 10.0
"""An outage is a line in the log this often, not one for every try."""
CLOCK_SET_SECONDS = 2.0
"""A clock that is off by more than this since the last look was set, and does not just run unevenly."""
LOOK_AGAIN_SECONDS = 2.0
"""How often we look on SQLite whether another process (`lockstep outbox retry`) left something to do: there nobody tells us."""
AT_ONCE = 16
"""How many deliveries are in flight at the most."""


def backoff(attempts: int, longest: float = LONGEST_BACKOFF_SECONDS) -> float:
    """Seconds to wait after this many failed attempts: doubling from a quarter of a second, capped, with jitter."""
    return float(min(longest, 0.25 * 2 ** min(attempts, 10)) * random.uniform(0.5, 1.0))


class Outbox:
    """Delivers what waits. `checkpoint` is where crash tests cut."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        journal: Journal,
        clock: Clock,
        *,
        checkpoint: Checkpoint = pass_by,
        lease_seconds: float = LEASE_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        longest_backoff_seconds: float = LONGEST_BACKOFF_SECONDS,
    ) -> None:
        self._lease, self._look, self._longest_backoff = lease_seconds, look_seconds, longest_backoff_seconds
        self._database, self._gateway, self._journal, self._clock = database, gateway, journal, clock
        self._checkpoint = checkpoint
        self._owner = uuid4().hex
        self._wake = asyncio.Event()
        self._stopping = False
        self._in_flight: set[asyncio.Task[None]] = set()
        self._complained = -math.inf
        self._luck = Luck()
        self._offset: float | None = None

    def wake(self) -> None:
        """Something new waits: look now."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until `stop`, and let what is in flight then end. Survives a database that is out of reach."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._follow_clock()
                pause = await self._start_all()
            except (
                Exception
            ) as error:  # whatever it is, the next round tries again: a bot that delivers nothing helps nobody
                log.error("the outbox cannot go on for now", error=repr(error))
                pause = PAUSE_SECONDS
            await self._rest(pause)
        await self._finish()

    def stop(self) -> None:
        """Claim nothing more. `run` returns once what is in flight has ended; the rest waits for the next start."""
        self._stopping = True
        self._wake.set()

    async def is_idle(self) -> bool:
        """True when nothing waits and nothing is in flight."""
        async with self._database.read() as tx:
            return not self._in_flight and (await lanes.counts(tx)).waiting == 0

    async def _follow_clock(self) -> None:
        """Leases and waits were written down by a clock that may have been set since: at the start, and when that is noticed, they
        begin anew. Before anything is claimed, since a lease must not seem to have passed while its holder is calling Slack.
        The only bot on its database need not wait for the leases of the one before."""
        offset = wire() - elapsed()
        if self._offset is not None and abs(offset - self._offset) < CLOCK_SET_SECONDS:
            return
        alone = self._offset is None and not self._database.is_shared
        now = wire()
        async with self._database.write() as tx:
            await lanes.begin_waits_anew(
                tx, held_until=now + (self._look if alone else self._lease), others_until=now + self._look
            )
        if self._offset is not None:
            log.warning("the machine's clock was set", by_seconds=round(offset - self._offset))
        self._offset = offset

    async def _start_all(self) -> float | None:
        """Start what can be started; returns how long to rest, None: until woken."""
        while len(self._in_flight) < AT_ONCE and not self._stopping:
            claim = await self._claim()
            if claim is None:
                return await self._until_next()
            task = asyncio.create_task(self._carry_out(claim), name=f"deliver {claim.lane}")
            self._in_flight.add(task)
            task.add_done_callback(self._landed)
        return None

    async def _finish(self) -> None:
        """Wait for what is in flight, but not for ever: its claim tells whoever comes next that the outcome is uncertain."""
        if self._in_flight:
            _, unfinished = await asyncio.wait(self._in_flight, timeout=FINISH_SECONDS)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    async def _until_next(self) -> float | None:
        """Seconds until a lane can be claimed again; None when nothing waits that could go on by itself."""
        now = wire()
        async with self._database.read() as tx:
            at = await lanes.next_not_before(tx, now)
        return None if at is None else at - now

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("a delivery broke off; it is looked up and repeated after its lease", error=repr(error))

    async def _rest(self, pause: float | None) -> None:
        longest = self._lease if self._database.is_shared else LOOK_AGAIN_SECONDS
        try:
            async with asyncio.timeout(min(longest, pause if pause is not None else longest)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _claim(self) -> Claim | None:
        async with self._database.write() as tx:
            claim = await lanes.claim(tx, self._owner, wire(), self._lease, self._clock.now())
        if claim:
            self._checkpoint(Step.CLAIMED, claim.lane)
        return claim

    async def _carry_out(self, claim: Claim) -> None:
        """Deliver one claimed effect and record the outcome."""
        if isinstance(claim.effect, SaveHistory) and await self._others_wait(claim):
            await self._again(claim, TryAgain("something is still to be said", after=ROOM_SECONDS, fault=False))
            return
        posts = await self._posts(claim)
        if not posts.are_settled:
            await self._again(claim, TryAgain("it is still to be posted", after=ROOM_SECONDS, fault=False))
            return
        try:
            incident, recorded, policy = await self._journal.state_for(claim.team, claim.incident, claim.seq)
        except StoreUnavailable as away:
            await self._again(claim, TryAgain(str(away), after=PAUSE_SECONDS, fault=False))
            return
        await self._deliver(Job(claim, recorded, incident, policy, self._clock.now(), posts.effects))

    async def _deliver(self, job: Job) -> None:
        claim = job.claim
        try:
            async with self._as_long_as_it_may(claim):
                receipt = await self._gateway.deliver(job)
        except TimeoutError:
            await self._again(claim, TryAgain("no answer in time", uncertain=True))
        except TryAgain as reason:
            await self._again(claim, reason)
        except RoomGone as gone:
            await self._tell(ReportRoomGone(origin=self._origin(claim, f" without {gone}"), channel=str(gone)))
            await self._again(claim, TryAgain("the room is gone", after=ROOM_SECONDS, fault=False))
        except Moot:
            await self._put_off(claim, job.incident)
        except Outdated:
            await self._renew(claim)
        except Hopeless as reason:
            await self._give_up(claim, str(reason))
        else:
            self._luck.note(claim.effect_id, went_well=True)
            self._checkpoint(Step.SENT, claim.lane)
            await self._record(claim, job.incident, receipt)

    @asynccontextmanager
    async def _as_long_as_it_may(self, claim: Claim) -> AsyncIterator[None]:
        """A delivery is given up before its lane comes back; for one that takes long the lane is held on to."""
        if not claim.effect.takes_long:
            async with asyncio.timeout(self._lease * 2 / 3):
                yield
            return
        holding = asyncio.create_task(self._hold(claim), name=f"hold {claim.lane}")
        try:
            yield
        finally:
            holding.cancel()

    async def _hold(self, claim: Claim) -> None:
        """Keep the lane until cancelled. While the database is away nobody else can take it either."""
        while True:
            await asyncio.sleep(self._lease / 3)
            with suppress(SQLAlchemyError, OSError):
                async with self._database.write() as tx:
                    await lanes.prolong(tx, claim, wire() + self._lease)

    async def _record(self, claim: Claim, incident: Incident, receipt: Receipt) -> None:
        if known := fact(claim.effect, claim.seq, incident, receipt, self._origin(claim)):
            await self._tell(known)
            self._checkpoint(Step.TOLD, claim.lane)
        kept = {name: value for name, value in receipt.items() if name not in TYPED}
        await self._write(lambda tx: lanes.done(tx, claim, kept))
        self._checkpoint(Step.RECORDED, claim.lane)
        await self._mend(claim, incident)

    async def _mend(self, claim: Claim, incident: Incident) -> None:
        """What shows current state works now: if it was given up before, that is tried again and does not stand there as failed."""
        if claim.effect.living:
            for failure in incident.failures:
                if failure.effect == _name(claim) and failure.effect_id:
                    origin = self._origin(claim, f" mended {claim.position}")
                    await self._tell(TryDeliveryAgain(origin=origin, effect_id=failure.effect_id))

    async def _again(self, claim: Claim, reason: TryAgain) -> None:
        if reason.fault:
            self._luck.note(claim.effect_id, went_well=False)
            if not self._luck.explains(claim.effect_id, claim.attempts + 1):
                await self._give_up(claim, str(reason), uncertain=reason.uncertain)
                return
        wait = reason.after if reason.after is not None else backoff(claim.attempts, self._longest_backoff)
        wait = max(wait, self._look) if reason.uncertain else wait
        if reason.fault and elapsed() - self._complained > COMPLAIN_SECONDS:
            self._complained = elapsed()
            log.warning("to be tried again", lane=claim.lane, incident=claim.incident, reason=str(reason), after=wait)
        uncertain = reason.uncertain or claim.uncertain
        later, why = wire() + wait, str(reason)
        await self._write(lambda tx: lanes.again(tx, claim, later, uncertain, why, counts=reason.fault))

    async def _give_up(self, claim: Claim, reason: str, *, uncertain: bool = False) -> None:
        log.error("Slack refused for good", lane=claim.lane, incident=claim.incident, reason=reason)
        origin = self._origin(claim, f" failed {claim.position}")
        await self._tell(ReportFailure(origin=origin, effect=_name(claim), reason=reason, effect_id=claim.effect_id))
        await self._write(lambda tx: lanes.failed(tx, claim, reason, uncertain=uncertain))

    async def _put_off(self, claim: Claim, incident: Incident) -> None:
        """What it needs is not there. That may still come; if it was given up this is given up with it, and both are tried again
        together: its cause was reported once. Otherwise somebody let it be, or the incident is over and its room closed, and
        this is not needed either, unless that changed since we looked at the incident."""
        its = (claim.team, claim.incident, claim.effect.needs_lane)
        async with self._database.read() as tx:
            coming = await lanes.is_waiting(tx, *its)
            if claim.effect.needs_lane not in claim.receipts:  # it may have come just now
                coming = coming or await pending.has_receipt(tx, *its)
            refused = await pending.is_given_up(tx, *its)
        if refused and not coming:
            await self._write(lambda tx: lanes.failed(tx, claim, lanes.MOOT))
            return
        now, _, _ = await self._journal.state_for(claim.team, claim.incident, claim.seq)
        if coming or now.seq != incident.seq:
            await self._again(claim, TryAgain("what it needs is on its way", after=ROOM_SECONDS, fault=False))
        else:
            await self._write(lambda tx: lanes.done(tx, claim, None))

    async def _renew(self, claim: Claim) -> None:
        """What it says is not true any more: it is issued anew, as an effect of its own that lies behind this one."""
        await self._tell(RenewUpdate(origin=self._origin(claim, " anew"), update=claim.seq))
        await self._write(lambda tx: lanes.done(tx, claim, None))

    async def _posts(self, claim: Claim) -> Posts:
        """What was said of the event, where that is to be rewritten: once all of it stands there, since what is on its way may
        still say what it said before."""
        if not isinstance(claim.effect, RewritePosts):
            return Posts({}, are_settled=True)
        async with self._database.read() as tx:
            return await posts_of(tx, claim.team, claim.incident, claim.effect.event)

    async def _others_wait(self, claim: Claim) -> bool:
        """Whether anything but the end of the room is left to deliver for this incident."""
        async with self._database.read() as tx:
            waiting = await lanes.waiting(tx, claim.team, claim.incident)
        return bool(waiting - {claim.lane, "archive"})

    async def _write(self, result: Callable[[Transaction], Awaitable[bool]]) -> None:
        """Record a result until it is recorded. It counts only while the claim is ours, so that repeating it does no harm."""
        while True:
            try:
                async with self._database.write() as tx:
                    await result(tx)
                return
            except (SQLAlchemyError, OSError) as error:
                log.warning("a delivery could not be recorded yet", error=str(error).splitlines()[0])
                await asyncio.sleep(PAUSE_SECONDS)

    async def _tell(self, fact: Command) -> None:
        """Hand a fact back until it is recorded: while the database is away there is nothing else to do with it."""
        while True:
            try:
                await self._journal.handle(fact)
                return
            except StoreUnavailable:
                await asyncio.sleep(PAUSE_SECONDS)

    def _origin(self, claim: Claim, about: str = "") -> Origin:
        return Origin(
            team=claim.team,
            incident=claim.incident,
            actor=SYSTEM,
            at=self._clock.now(),
            key=f"effect:{claim.effect_id}{about}",
        )


def _name(claim: Claim) -> str:
    """What a failure of this is known by: its kind and lane."""
    return f"{type(claim.effect).__name__} {claim.lane}"
