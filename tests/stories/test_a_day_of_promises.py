"""A day of incidents in short: what `python -m benchmarks.promises` does with forty of them."""

from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.promises import a_day
from bot.core.router.promises import Outcome

SECONDS = 5.0
"""How late the latest update may be here: seconds of this machine, which does other things as well. The benchmark prints the
figures."""
USUAL = 1.0
"""How late half of them may be."""


async def test_in_a_day_of_four_incidents_every_promise_is_accounted_for(database_url: str, tmp_path: Path):
    day = await a_day(database_url, tmp_path, 4)
    assert day.incidents == 4
    assert {one.audience for _, one in day.kept} == {"executives", "support", "product", "engineering", "customers"}
    assert day.by_itself and all(one.outcome is Outcome.KEPT for one in day.by_itself)
    assert day.latest.total_seconds() <= SECONDS
    assert median((one.late or timedelta()).total_seconds() for one in day.by_itself) <= USUAL
    of_people = [one for _, one in day.kept if one.audience == "customers"]
    assert {one.outcome for one in of_people} >= {Outcome.KEPT}
    assert all(one.outcome for _, one in day.kept)
