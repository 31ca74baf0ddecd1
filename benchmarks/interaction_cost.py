"""What it costs people to act: `python -m benchmarks.interaction_cost`.

Counts, on the real forms and through the sandbox, the commands and clicks of everything that people do under stress, and how many
fields a form shows; prints the page that is in `interaction_cost.md`. A test sees that both agree.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import structlog

from benchmarks.counting import Cost, Ledger
from benchmarks.forms_shown import most_fields
from benchmarks.night import counted
from bot.tables import table

PAGE = Path(__file__).parent / "interaction_cost.md"
_HEAD = """# What it costs to act

Counted by `python -m benchmarks.interaction_cost`, on the real forms, through the sandbox, with the policy in `playbooks/`. A
click is a button pressed, a form sent or a reaction; a choice from a menu is two. Fields are those of each form that came up."""
_FORMS = """## Fields of each form before CONTAINMENT, at most

Every form there is, in every state in which it can be opened there: each severity, phase and role, nothing known and everything,
nobody in any role and everybody; with that policy, and with one whose gates ask for all that they can."""


def page(ledger: Ledger) -> str:
    """The page. It ends with a line break."""
    rows = [_row(cost) for cost in sorted(ledger.costs, key=lambda cost: _first(ledger, cost))]
    forms = [(form.value.replace("_", " "), str(fields)) for form, fields in sorted(most_fields().items())]
    heads = ("what", "how", "commands", "clicks", "fields")
    return "\n\n".join([_HEAD, table(heads, rows), _FORMS, table(("form", "fields"), forms)]) + "\n"


def _first(ledger: Ledger, cost: Cost) -> int:
    """The ways of doing one thing stand together, where the first of them stands."""
    return next(place for place, one in enumerate(ledger.costs) if one.what == cost.what)


def _row(cost: Cost) -> tuple[str, ...]:
    return cost.what, cost.way, str(cost.commands), str(cost.clicks), ", ".join(map(str, cost.fields))


async def count() -> Ledger:
    """Live through the incident on a database that goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        return await counted(f"sqlite:///{Path(folder) / 'b.db'}")


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    print(page(asyncio.run(count())), end="")
