"""Whatever happens to the bots, in whatever order: each said effect is settled once and in order, a living one never goes back."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.core.effects import Mention, OpenRoom, ShowCard
from bot.store import lanes, tables
from bot.store.database import Database
from bot.store.lanes import Claim
from tests.store.given import NOW, begin, claim, deliver_all, wish

steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.just(0)),
        st.tuples(st.just("show"), st.just(0)),
        st.tuples(st.just("claim"), st.sampled_from(["one bot", "another"])),
        st.tuples(st.sampled_from(["done", "failed", "again", "unsure", "forget"]), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.floats(1, 40)),
    ),
    max_size=40,
)


@dataclass
class History:
    """What has happened so far, and what must hold of it."""

    now: float = NOW
    said: int = 0
    shown: int = 0
    held: list[Claim] = field(default_factory=list)
    ends: dict[str, float] = field(default_factory=dict)
    unsure: dict[str, bool] = field(default_factory=dict)
    settled: list[Claim] = field(default_factory=list)

    def take(self, taken: Claim) -> None:
        """A lane is claimed only when nobody's lease on it lasts, and the claim knows what is uncertain."""
        assert self.ends.get(taken.lane, 0.0) <= self.now
        left_behind = any(one.lane == taken.lane for one in self.held)
        self.unsure[taken.lane] = self.unsure.get(taken.lane, False) or left_behind
        assert taken.uncertain == self.unsure[taken.lane]
        self.held = [one for one in self.held if one.lane != taken.lane] + [taken]
        self.ends[taken.lane] = self.now + 30.0

    def release(self, taken: Claim) -> None:
        """The claim has its result."""
        self.held.remove(taken)
        self.ends[taken.lane] = 0.0

    def settle(self, taken: Claim) -> None:
        """The effect is off the lane."""
        self.release(taken)
        self.settled.append(taken)
        self.unsure[taken.lane] = False


async def step(database: Database, history: History, what: str, how: int | float | str) -> None:
    """Do one thing."""
    if what == "say":
        history.said += 1
        await wish(database, Mention(people=(f"U{history.said}",)))
    elif what == "show":
        history.shown += 1
        await wish(database, ShowCard())
    elif what == "wait":
        history.now += float(how)
    elif what == "claim":
        if taken := await claim(database, str(how), history.now):
            history.take(taken)
    elif history.held:
        await end(database, history, what, history.held[int(how) % len(history.held)])


async def end(database: Database, history: History, what: str, taken: Claim) -> None:
    """Give a claim its result, or none."""
    async with database.write() as tx:
        if what == "done":
            assert await lanes.done(tx, taken, None)
            history.settle(taken)
        elif what == "failed":
            assert await lanes.failed(tx, taken, "a reason")
            history.settle(taken)
        elif what in ("again", "unsure"):
            assert await lanes.again(tx, taken, history.now, what == "unsure", "a reason")
            history.release(taken)
            history.unsure[taken.lane] = history.unsure[taken.lane] or what == "unsure"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=steps)
async def test_each_said_effect_is_settled_once_and_in_order(database, sequence):
    async with database.write() as tx:
        for table in (tables.effect, tables.lane):
            await tx.execute(delete(table))
        exists = (await tx.execute(tables.incident.select())).first()
    if not exists:
        await begin(database)
    await wish(database, OpenRoom())
    await deliver_all(database)
    history = History()
    for what, how in sequence:
        await step(database, history, what, how)
    rest = await deliver_all(database, now=history.now + 30.0)
    said = [taken.effect for taken in [*history.settled, *rest] if taken.lane == "notices"]
    assert said == [Mention(people=(f"U{n}",)) for n in range(1, history.said + 1)]
    shown = [taken.position for taken in [*history.settled, *rest] if taken.lane == "card"]
    assert shown == sorted(set(shown))
    assert not shown or shown[-1] == history.shown
    async with database.read() as tx:
        assert (await lanes.counts(tx)).waiting == 0
