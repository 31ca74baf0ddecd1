"""Retells a public outage in a sandbox and takes the pictures of retold.md: `.venv/bin/python -m docs.retold`. Needs a chromium.

GitLab.com lost part of its production database on 31 January 2017, and published all of it: the symptoms, in which order they were
looked at, what each step showed, and the times, to which this script keeps within minutes. Who acted is invented: it is Acme's
people who do it here. So are the words, the predictions, and that there was somebody who had to say yes to a change. What is from
where stands in retold.md.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page

from bot.app import App
from bot.cli import installed
from bot.sandbox import Person, Sandbox, Seen, WireTimes
from bot.settings import GivenSettings
from bot.tuning import PRODUCTION
from docs.playing import Stage
from docs.screenshots import DOCS, browsing, opened, saved

START = datetime(2017, 1, 31, 20, 55, tzinfo=UTC)
ROOM = "#inc-1-the-database-is-overloaded"
PATIENCE = 60.0
"""Seconds of real time that people, Slack and the database have here, since the machine may do much else."""
WIDE, HIGH = 1280, 800

SYSTEM_MAP = """boundaries:
  - {id: site, name: GitLab.com, depends_on: [jobs, primary], team: Production}
  - {id: jobs, name: Background jobs, depends_on: [primary], team: Backend}
  - {id: replication, name: Replication, depends_on: [primary, secondary], team: Production}
  - {id: primary, name: Primary database, depends_on: [disks], team: Production}
  - {id: secondary, name: Secondary database, depends_on: [disks], team: Production}
  - {id: dumps, name: Daily dumps, depends_on: [primary], team: Production}
  - {id: staging, name: Staging copy, team: Production}
  - {id: snapshots, name: Disk snapshots, depends_on: [disks], team: Production}
  - {id: disks, name: Servers and disks}
"""
"""The parts that the postmortem speaks of, in place of those of the shop that Lockstep comes with."""


@dataclass(frozen=True)
class Idea:
    """A hypothesis as somebody proposes it, and what it takes to test it. A test with a `way_back` changes production."""

    statement: str
    where: str
    if_true: str
    if_false: str
    likely: str
    how: str
    takes: str = "A look"
    way_back: str | None = None


LIKELY = "Likely: it fits what is seen"
POSSIBLE = "Possible: it fits what is seen"

SPAM = Idea(
    "Spam floods the primary database with new snippets",
    "Primary database",
    "With the spammers' addresses blocked, writes are no longer locked",
    "With them blocked, writes are locked as before",
    LIKELY,
    "Block the addresses and remove the accounts",
    way_back="Lift the block; the accounts are locked, not deleted",
)
CDN = Idea(
    "One account is used to deliver files to the whole world",
    "GitLab.com",
    "Thousands of addresses sign in with the same account",
    "No account has more than a few addresses",
    POSSIBLE,
    "Count the addresses of each account",
)
DELETION = Idea(
    "A job deletes an account with very much data",
    "Background jobs",
    "The slowest queries are deletions for a single account",
    "The slowest queries are those of the snippets",
    "Possible, like others",
    "Read the list of running queries",
)
LAG = Idea(
    "The secondary is merely behind, and will catch up as the load falls",
    "Replication",
    "The lag gets smaller while the load falls",
    "The lag stays, whatever the load does",
    POSSIBLE,
    "Watch the lag for ten minutes",
    "At most ten minutes",
)
SEGMENTS = Idea(
    "The primary has removed what the secondary still needs to catch up",
    "Replication",
    "The secondary asks for a segment of the log that is gone",
    "It asks for nothing that the primary does not have",
    LIKELY,
    "Read the log of the secondary",
)
SENDERS = Idea(
    "The primary lets too few replicas connect",
    "Primary database",
    "With more of them allowed, a fresh copy starts",
    "With more of them allowed, it still does not start",
    "Likely: it fits what is seen",
    "Raise max_wal_senders to 32 and start it anew",
    way_back="Set it back, and start the database anew",
)
DIRECTORY = Idea(
    "The copy hangs since the directory of the secondary is not empty",
    "Secondary database",
    "With an empty directory the copy starts at once",
    "With an empty directory it hangs as before",
    POSSIBLE,
    "Empty the directory of the secondary, and copy again",
    way_back="There is nothing of worth on the secondary; the primary has everything",
)
DUMPS = Idea(
    "The daily dump can be restored",
    "Daily dumps",
    "The bucket holds a dump of last night that has its usual size",
    "The bucket holds no such file",
    "Likely: it was so before",
    "List the bucket",
)
SNAPSHOTS = Idea(
    "There is a snapshot of the database's disks",
    "Disk snapshots",
    "The list of snapshots has the disks of the database",
    "The list has other servers only",
    POSSIBLE,
    "List the snapshots of these disks",
)
STAGING = Idea(
    "The copy made for staging at 17:20 is whole",
    "Staging copy",
    "The database starts from it and has the projects of that hour",
    "It does not start, or tables are missing",
    LIKELY,
    "Start a database from it, and count projects",
    "At most ten minutes",
)


class Cast:
    """The people, and what they do in the room."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self._ideas = stage, 0
        self.alice, self.bob, self.carol, self.dave, self.erin = (
            stage.sandbox.person(name) for name in ("alice", "bob", "carol", "dave", "erin")
        )

    async def sees(self, person: Person, wanted: str | re.Pattern[str]) -> Seen:
        """What somebody sees in the room, once it is there."""
        return await person.sees(wanted, in_=ROOM, within=PATIENCE)

    async def root(self, person: Person, number: int, wanted: str) -> Seen:
        """The message of this hypothesis, once it shows that."""
        return await self.sees(person, re.compile(rf"^H{number}: .*{re.escape(wanted)}", re.DOTALL))

    async def thinks(self, person: Person, idea: Idea, tester: Person, *, begins: bool = True) -> int:
        """Somebody proposes it, says what would be seen, and who looks; its number."""
        self._ideas += 1
        number = self._ideas
        await person.presses("Add hypothesis", on=await self.sees(person, "[Add hypothesis]"))
        await self._fills(person, {"What may be wrong?": idea.statement, "Where?": idea.where})
        root = await self.root(person, number, "[Predict]")
        await person.presses("Predict", on=root)
        await self._fills(
            person,
            {
                "If it is true, what will we see?": idea.if_true,
                "And if it is false?": idea.if_false,
                "How likely is it?": idea.likely,
            },
        )
        takes = "It changes production" if idea.way_back else idea.takes
        planned = {"How do we test it?": idea.how, "What does it take?": takes, "Who tests it?": f"@{tester.user.name}"}
        await self._fills(person, planned)
        if idea.way_back:
            await self._fills(person, {"How do we go back if it does harm?": idea.way_back})
            asked = re.compile(rf"^@alice: this test changes production: .{re.escape(idea.how)}")
            await self.alice.presses("Allow this change", on=await self.sees(self.alice, asked))
            await self.root(tester, number, "allowed by")
        if begins:
            await tester.presses("Start test", on=await self.root(tester, number, "[Start test]"))
            await self.root(tester, number, "Testing")
        return number

    async def shows(self, person: Person, number: int, result: str, why: str) -> None:
        """Somebody says how it turned out: `Confirm` or `Refute`."""
        await person.presses(result, on=await self.root(person, number, f"[{result}]"))
        said = {"What shows it?": why, "How much of what is seen does it explain?": "All of it"}
        assert person.form is not None
        await self._fills(person, {label: text for label, text in said.items() if label in person.form.labels})

    async def writes(
        self, person: Person, number: int, text: str, mark: str | None = None, by: Person | None = None
    ) -> None:
        """Somebody writes in the thread of a hypothesis, and somebody marks it."""
        await person.types(text, in_=ROOM, thread=await self.sees(person, re.compile(rf"^H{number}: ")))
        if mark and by:
            await by.reacts(mark, to=await self.sees(by, text))

    async def _fills(self, person: Person, values: Mapping[str, object]) -> None:
        await person.gets_form(within=PATIENCE)
        await person.fills(dict(values))
        if wrong := await person.submits():
            raise ValueError(f"{values}: {wrong}")

    async def marks(self, person: Person, affected: list[str], working: list[str]) -> None:
        """Somebody says what they know of the map."""
        if not any("System map of INC-1" in text for text in person.reads(ROOM)):
            await person.types("/incident map", in_=ROOM)
        await person.presses("Mark the map", on=await self.sees(person, "[Mark the map]"))
        await self._fills(person, {"What is affected?": affected, "What was seen to work?": working})


async def the_load(cast: Cast) -> None:
    """21:00: what happens to the database, and what can be done about it at once."""
    alice, stage = cast.alice, cast.stage
    await alice.types("/incident declare sev1 The database is overloaded", in_="#general")
    await alice.sees("we must know:", in_=ROOM, within=PATIENCE)
    await alice.presses("I'm incident commander", in_=ROOM)
    for person in (cast.bob, cast.carol, cast.dave, cast.erin):
        await person.joins(ROOM)
    await alice.types("/incident role ops @bob", in_=ROOM)
    await alice.types("/incident role comms @dave", in_=ROOM)
    await stage.passes(3)
    await _goes_on(
        cast, "Triage", {"Who cannot do what?": "People cannot comment, and pages of GitLab.com fail to load."}
    )
    known: dict[str, object] = {
        "Who is affected?": "Many people",
        "What can they not do?": "They cannot do something essential",
        "What is affected?": ["GitLab.com", "Primary database"],
        "What changed in the last 24 hours?": "Nothing found",
    }
    await _goes_on(cast, "Containment", known)
    spam = await cast.thinks(cast.bob, SPAM, cast.bob)
    await stage.passes(6)
    cdn = await cast.thinks(cast.erin, CDN, cast.erin)
    await stage.passes(4)
    await cast.writes(cast.erin, cdn, "47,000 addresses sign in with one account.", "heavy_plus_sign", cast.alice)
    await cast.shows(cast.erin, cdn, "Confirm", "47,000 addresses signed in with one account. It is removed.")
    await stage.passes(20)
    await cast.writes(
        cast.bob, spam, "Fewer locks since the block, but the load has not gone.", "heavy_plus_sign", cast.bob
    )
    await _ends(
        cast.bob, cast, spam, "No result", "Why does it show nothing?", "The load is lower, and nobody knows of what"
    )


async def the_replication(cast: Cast) -> None:
    """22:00: the second database falls behind, and cannot be copied anew."""
    stage = cast.stage
    await stage.passes(32)
    await cast.marks(cast.bob, ["GitLab.com", "Primary database", "Replication"], [])
    lag = await cast.thinks(cast.carol, LAG, cast.carol)
    segments = await cast.thinks(cast.bob, SEGMENTS, cast.bob)
    await stage.passes(9)
    await cast.writes(cast.carol, lag, "4 GB behind, and it does not move.", "heavy_minus_sign", cast.erin)
    await cast.shows(cast.carol, lag, "Refute", "It stays 4 GB behind although there is less load.")
    await cast.shows(cast.bob, segments, "Confirm", "It asks for a segment that the primary has removed.")
    await stage.passes(6)
    senders = await cast.thinks(cast.bob, SENDERS, cast.bob)
    await stage.passes(8)
    await cast.writes(
        cast.bob,
        senders,
        "It does not start: too many semaphores. With 2,000 connections it does.",
    )
    await stage.passes(9)
    await cast.shows(cast.bob, senders, "Refute", "It complains no more, and the copy hangs all the same.")
    await cast.thinks(cast.erin, DELETION, cast.carol, begins=False)


async def the_loss(cast: Cast) -> None:
    """23:27: the wrong directory is emptied, and a copy is looked for."""
    stage = cast.stage
    await stage.passes(48)
    directory = await cast.thinks(cast.bob, DIRECTORY, cast.bob)
    await stage.passes(5)
    await cast.writes(
        cast.bob,
        directory,
        "This ran on the primary. Stopped at once; of 300 GB 4.5 are left.",
        "heavy_minus_sign",
        cast.bob,
    )
    await cast.shows(
        cast.bob,
        directory,
        "Refute",
        "It was the primary's; 4.5 GB are left. The copy only waits silently.",
    )
    await cast.marks(
        cast.bob,
        ["GitLab.com", "Primary database", "Replication", "Secondary database"],
        ["Servers and disks"],
    )
    await stage.passes(4)
    dumps = await cast.thinks(cast.dave, DUMPS, cast.dave)
    snapshots = await cast.thinks(cast.erin, SNAPSHOTS, cast.erin)
    await stage.passes(5)
    await cast.shows(
        cast.dave,
        dumps,
        "Refute",
        "The bucket is empty: pg_dump 9.2 refuses a 9.6 database.",
    )
    await cast.shows(cast.erin, snapshots, "Refute", "They are taken of the file servers, not of the database's.")
    await stage.passes(3)
    staging = await cast.thinks(cast.bob, STAGING, cast.bob)
    await cast.marks(
        cast.bob,
        ["GitLab.com", "Primary database", "Replication", "Secondary database", "Daily dumps", "Disk snapshots"],
        ["Servers and disks", "Staging copy"],
    )
    await cast.writes(
        cast.bob, staging, "It starts. Projects are all there until 17:20.", "heavy_plus_sign", cast.alice
    )
    await stage.passes(8)
    await cast.shows(
        cast.bob, staging, "Confirm", "It starts, and has all there was at 17:20. Copying it back takes hours."
    )
    await stage.passes(10)


async def _ends(person: Person, cast: Cast, number: int, button: str, label: str, text: str) -> None:
    await person.presses(button, on=await cast.root(person, number, f"[{button}]"))
    await cast._fills(person, {label: text})


async def _goes_on(cast: Cast, phase: str, facts: Mapping[str, object]) -> None:
    await cast.alice.presses(f"Advance to {phase}", on=await cast.sees(cast.alice, f"[Advance to {phase}]"))
    while cast.alice.form is not None and cast.alice.form.submit:
        asked = cast.alice.form.labels
        await cast._fills(cast.alice, {label: value for label, value in facts.items() if label in asked})


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """A workspace on that evening and the bot in it, with the map of that system."""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        wire = WireTimes(ack=PATIENCE, trigger=PATIENCE)
        async with installed(start=START.timestamp(), wire=wire) as sandbox:
            sandbox.workspace.changes.patience = 12.0
            settings = GivenSettings.model_validate(
                {
                    "slack_bot_token": sandbox.bot_token,
                    "slack_app_token": sandbox.app_token,
                    "slack_api_url": sandbox.api_url,
                    "database_url": f"sqlite:///{folder}/lockstep.db",
                    "lockstep_playbooks": mapped(Path(folder) / "playbooks"),
                    "lockstep_clock": sandbox.clock_url,
                    "lockstep_port": 0,
                }
            )
            async with App(settings, replace(PRODUCTION, commit_seconds=PATIENCE)) as bot:
                yield Stage(sandbox, bot)


def mapped(folder: Path) -> Path:
    """The playbooks that Lockstep comes with, with the system map of this story in their policy."""
    shutil.copytree(DOCS.parent / "playbooks", folder)
    policy = folder / "policy.yml"
    text = policy.read_text(encoding="utf-8")
    text = text.replace("    sent_by: a person\n", "")  # nobody in this story writes to customers
    policy.write_text(re.sub(r"^boundaries:\n(  - .*\n)+", SYSTEM_MAP, text, flags=re.MULTILINE), encoding="utf-8")
    return folder


async def the_end(cast: Cast) -> None:
    """Half past midnight: somebody who is awake takes over, and reads how it stands."""
    await cast.alice.types("/incident role commander @erin", in_=ROOM)
    await cast.erin.presses("Accept", on=await cast.sees(cast.erin, re.compile(r"^@erin: .* would like you to be")))
    await cast.sees(cast.erin, "Ruled out")
    await cast.stage.passes()


async def _take_board(stage: Stage, browser: Browser) -> None:
    """The board as somebody reads it who asks for it."""
    page = await opened(stage.sandbox, browser, "alice", ROOM, viewport={"width": WIDE, "height": 900})
    await stage.sandbox.person("alice").types("/incident hypotheses", in_=ROOM)
    await _shows(page, "Hypotheses of INC-1")
    await saved(page, "retold-board.png")


async def _take_ruled_out(stage: Stage, browser: Browser) -> None:
    """What whoever takes over reads."""
    page = await opened(stage.sandbox, browser, "erin", ROOM, viewport={"width": WIDE, "height": 620})
    await _shows(page, "Ruled out")
    await saved(page, "retold-ruled-out.png")


async def _take_phone(stage: Stage, browser: Browser) -> None:
    """The map in the room, on a phone."""
    page = await opened(
        stage.sandbox, browser, "alice", ROOM, viewport={"width": 360, "height": 700}, is_mobile=True, has_touch=True
    )
    await page.locator(".file img").last.evaluate("one => one.decode().then(() => one.scrollIntoView())")
    await saved(page, "retold-map-phone.png")


async def _shows(page: Page, words: str) -> None:
    found = page.get_by_role("main").locator(".message", has_text=words).last
    await found.evaluate("one => one.scrollIntoView()", timeout=1000 * PATIENCE)


def _write_map(sandbox: Sandbox) -> None:
    """The last map that came into the room."""
    maps = [file for file in sandbox.workspace.files.values() if file.title == "System map of INC-1" and file.content]
    (DOCS / "retold-map.png").write_bytes(maps[-1].content or b"")
    print(maps[-1].alt_txt)


async def main() -> None:
    """Play it, and take the pictures."""
    async with staged() as stage, browsing() as browser:
        cast = Cast(stage)
        for part in (the_load, the_replication, the_loss):
            await part(cast)
            print(f"{part.__name__}: {stage.bot.clock.now():%H:%M}")
        await cast.bob.types("/incident map", in_=ROOM)
        await stage.passes()
        _write_map(stage.sandbox)
        await _take_phone(stage, browser)
        await _take_board(stage, browser)
        await the_end(cast)
        await _take_ruled_out(stage, browser)


if __name__ == "__main__":
    asyncio.run(main())
