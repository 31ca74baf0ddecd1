"""The playbooks that a decision needs to know: as their files are now, and as runs have pinned them."""

from collections.abc import Iterable, Mapping

from bot.core.errors import PlaybookLost
from bot.core.playbooks.model import Playbook
from bot.core.playbooks.run import Run
from bot.core.value import Value


class Shelf(Value):
    """`offered` are the playbooks whose files are good, by their ids; `broken` says of the others where their files are wrong
    first; `pinned` is what runs began with, by the hash of the content."""

    offered: Mapping[str, Playbook] = {}
    broken: Mapping[str, str] = {}
    pinned: Mapping[str, Playbook] = {}

    def of(self, run: Run) -> Playbook:
        """What this run was begun with, whatever became of the file. Raises PlaybookLost when it is not at hand."""
        wanted = run.started.hash
        found = self.pinned.get(wanted) or next((one for one in self.offered.values() if one.hash == wanted), None)
        if found is None:
            raise PlaybookLost(run.started.playbook, wanted)
        return found

    def pinning(self, playbooks: Iterable[Playbook]) -> "Shelf":
        """The shelf with these as well, as runs pin them."""
        return self.but(pinned={**self.pinned, **{one.hash: one for one in playbooks}})
