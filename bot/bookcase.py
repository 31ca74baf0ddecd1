"""Where playbooks are taken from: those of the files, as they were when Lockstep started, and what runs have pinned, from the
database. A broken file puts itself out of use and no other."""

from collections.abc import Iterable
from pathlib import Path

import structlog

from bot.core.decision import Event
from bot.core.errors import PlaybookLost, PolicyError
from bot.core.incident import Incident
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.playbooks.shelf import Shelf
from bot.core.policy import Policy
from bot.core.runs import PlaybookStarted
from bot.files.playbooks import check_playbooks, find_playbooks
from bot.store import documents
from bot.store.database import Transaction

log = structlog.get_logger()

PLAYBOOK = "playbook"
"""Under this kind the content that runs pin is kept."""


def read_shelf(folder: Path, policy: Policy) -> Shelf:
    """The playbooks of the files in `folder`/runbooks: what is wrong with one is said in the log, and to whoever asks for it."""
    try:
        checked = check_playbooks(find_playbooks(folder), policy)
    except PolicyError as error:
        log.warning("no playbooks can be read", error=str(error))
        return Shelf()
    offered, broken = dict[str, Playbook](), dict[str, str]()
    for one in checked:
        if one.playbook:
            offered[one.playbook.id] = one.playbook
            continue
        first = next(finding for finding in one.findings if finding.is_fatal)
        broken[one.path.stem] = f"{one.path.name}:{first}"
        log.warning("a playbook is broken, and cannot be started", playbook=one.path.stem, error=broken[one.path.stem])
    return Shelf(offered=offered, broken=broken)


class Bookcase:
    """The playbooks of one workspace: `files` are those of the files."""

    def __init__(self, team: str, files: Shelf) -> None:
        self.files = files
        self._team = team
        self._pinned = {one.hash: one for one in files.offered.values()}

    async def shelf(self, tx: Transaction, incident: Incident) -> Shelf:
        """All that a decision on this incident can need: the files, and what its runs have pinned."""
        return self.files.pinning([await self.of(tx, run) for run in incident.runs])

    async def of(self, tx: Transaction, run: Run) -> Playbook:
        """What this run goes on from. Raises PlaybookLost when the database does not have it."""
        wanted = run.started.hash
        if wanted not in self._pinned:
            content = await documents.document(tx, self._team, wanted)
            if content is None:
                raise PlaybookLost(run.started.playbook, wanted)
            self._pinned[wanted] = Playbook.model_validate_json(content)
        return self._pinned[wanted]

    async def pin(self, tx: Transaction, events: Iterable[Event]) -> None:
        """Keep for good what runs begin with, in the transaction in which they do."""
        for event in events:
            if isinstance(event, PlaybookStarted):
                content = self._pinned[event.hash].canonical()
                await documents.keep_document(tx, self._team, PLAYBOOK, event.hash, content)
