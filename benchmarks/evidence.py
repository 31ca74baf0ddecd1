"""What a thread loses that five people write into at once: `python -m benchmarks.evidence`.

Five people write 500 replies into the thread of one hypothesis as fast as they can, at most in a minute; every second one is marked
as evidence. Prints how many replies and marks were written and kept, and how long that took. Exit code 1 when one is missing.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bot.app import App
from bot.core.tracker.evidence import ReplyKept, ReplyMarked
from bot.sandbox import Person, Sandbox, Seen
from tests.running import QUICK, running, settled, workspace
from tests.stories.steps import declares, journal, proposes, replies

PEOPLE = ("alice", "bob", "carol", "dave", "erin")
EACH = 100
PLUS = "heavy_plus_sign"


async def writes(person: Person, room: str, root: Seen) -> int:
    """One person's replies, every second one marked; the number of marks."""
    marks = 0
    for number in range(EACH):
        reply = await replies(person, f"{person.name} saw this, number {number}.", root, room)
        if number % 2:
            await person.reacts(PLUS, to=reply)
            marks += 1
    return marks


async def one_run(sandbox: Sandbox, app: App) -> bool:
    """Write it all, and say what was kept; whether nothing was lost."""
    people = [sandbox.person(name) for name in PEOPLE]
    room = await declares(sandbox, people[0], "sev3 Checkout is failing")
    for person in people[1:]:
        await person.joins(room)
    root = await proposes(people[0], "The new release", room)
    started = time.monotonic()
    marks = sum(await asyncio.gather(*(writes(person, room, root) for person in people)))
    written = time.monotonic() - started
    await sandbox.idle(within=300)
    await settled(app, sandbox, within=300)
    kept, marked = len(await journal(app, ReplyKept)), len(await journal(app, ReplyMarked))
    edits = sum(call.args.get("ts") == root.ts for call in sandbox.calls.of("chat.update"))
    total = EACH * len(PEOPLE)
    print(f"written: {total} replies and {marks} marks in {written:.1f} s")
    print(
        f"kept: {kept} replies and {marked} marks after {time.monotonic() - started:.1f} s, the root edited {edits} times"
    )
    return (kept, marked) == (total, marks)


async def main() -> None:
    """Run it on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        async with workspace() as sandbox, running(sandbox, f"sqlite:///{Path(folder) / 'b.db'}", QUICK) as app:
            if not await one_run(sandbox, app):
                sys.exit("something was lost")


if __name__ == "__main__":
    asyncio.run(main())
