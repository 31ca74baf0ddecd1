"""Draws the pictures of this folder that show figures: `python -m docs.pictures`. The incidents are those of the generated year."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from bot.cli.playbooks import read
from bot.core.decision import Command, Event, Origin
from bot.core.incident import Incident, Phase
from bot.core.lifecycle import PhaseEntered
from bot.core.playbooks.acts import Answer, RollBackNow, SayWorse, Tick, UndoDone
from bot.core.playbooks.shelf import Shelf
from bot.core.runs import ActOnRun, ReportOnRun, Shelved, StartPlaybook
from bot.core.vocabulary import decide, fold
from bot.metrics.measured import measure
from bot.pictures.kinds import OF_MANY, Kind
from bot.pictures.process import draw
from bot.pictures.scene import scene
from bot.pictures.statistics import statistics
from tests.core.random_acts import leader
from tests.metrics.a_year import END, a_year, policies

HERE = Path(__file__).parent
RELEASE, NAMES = (read(HERE.parent / "playbooks" / "runbooks" / f"{id}.yml") for id in ("bad-release", "dns-fault"))
SHELF = Shelf(offered={one.id: one for one in (RELEASE, NAMES)})
Does = Callable[[Origin, Incident], Shelved]


def is_telling(events: Sequence[Event]) -> bool:
    """Whether its picture shows something of everything."""
    shown = scene(events, policies(), END)
    stands = {one.stands.value for one in shown.thoughts}
    outcomes = {one.outcome for row in shown.rows for one in row.updates}
    marks = {mark.name for mark in shown.marks}
    return {"contained", "harm back"} <= marks and "confirmed" in stands and len(stands) > 1 and len(outcomes) == 3


def _starts(playbook: str, **inputs: str) -> Does:
    return lambda by, _: StartPlaybook(origin=by, playbook=playbook, inputs=inputs)


def _answers(answer: str, option: str | None = None) -> Does:
    """What somebody says to the step whose turn it is."""

    def act(by: Origin, now: Incident) -> Shelved:
        visit = now.runs[-1].visits[-1]
        said = {"step": visit.step, "visit": visit.entered.visit, "option": option, "note": "https://example.com"}
        return ActOnRun.by(by, len(now.runs), Answer, answer=answer, **said)

    return act


def _undone(by: Origin, now: Incident) -> Shelved:
    undoing = now.runs[-1].undoing
    assert undoing is not None
    return ActOnRun.by(by, len(now.runs), UndoDone, step=undoing.steps[0], is_done=True)


RUNS: tuple[tuple[float, Does], ...] = (
    (2, _starts("bad-release", service="checkout")),
    (6, _answers("done")),
    (12, _answers("done")),
    (15, _answers("choose", "release")),
    (20, _answers("yes")),
    (29, _answers("done")),
    (33, lambda by, now: ActOnRun.by(by, len(now.runs), SayWorse)),
    (37, lambda by, now: ActOnRun.by(by, len(now.runs), RollBackNow)),
    (45, _undone),
    (51, _undone),
    (53, _starts("dns-fault", name="shop.example.com")),
    (58, _answers("done")),
    (64, _answers("done")),
    (68, _answers("choose", "changed")),
    (75, _answers("done")),
    (79, _answers("yes")),
    (81, _answers("choose", "leave")),
    (141, lambda by, now: ReportOnRun(origin=by, run=len(now.runs), does=Tick(at=by.at))),
    (148, _answers("yes")),
    (155, _answers("done")),
)
"""Two playbooks that are run, minutes after CONTAINMENT begins: one makes it worse and is taken back, the other does."""


def with_runs(events: Sequence[Event]) -> list[Event]:
    """The incident with these playbooks run meanwhile, which change nothing else in it. What happens in them comes last, so that
    the numbers by which other events name each other stay."""
    begins = next(one.at for one in events if isinstance(one, PhaseEntered) and one.phase is Phase.CONTAINMENT)
    told = list[Event]()
    for number, (minutes, does) in enumerate(RUNS):
        at = begins + timedelta(minutes=minutes)
        now = fold(None, [*(one for one in events if one.at <= at), *told])
        assert now is not None
        by = Origin(team=now.team, incident=now.number, actor=leader(now), at=at, key=f"run {number}")
        command: Command = does(by, now).but(shelf=SHELF)
        decision = decide(now, command, policies()[now.policy])
        assert decision.refusal is None, decision.refusal
        told += decision.events
    return [*events, *told]


async def main() -> None:
    """One incident with something of everything, and every chart."""
    year = a_year(count=120)
    telling = with_runs(next(filter(is_telling, year)))
    (HERE / "picture-incident.png").write_bytes(await draw(Kind.INCIDENT, scene(telling, policies(), END)))
    found = [measure(events, policies(), END) for events in year]
    for kind in OF_MANY:
        drawn = await draw(kind, statistics(found, 365, ["SEV1", "SEV2", "SEV3"], END))
        (HERE / f"picture-{kind.value}.png").write_bytes(drawn)


if __name__ == "__main__":
    asyncio.run(main())
