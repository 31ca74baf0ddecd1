"""What is kept of one incident, read in one transaction, and how it is written as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

from pydantic import ValidationError

from bot.core.decision import Event
from bot.core.errors import IncidentError, UnknownIncident
from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.store import documents, journal, posts
from bot.store.chain import Entry, Fault, redactions, verify_chain, verify_redactions
from bot.store.database import Transaction

FORMAT = 1
"""The version of the JSON written here. Count up when a reader would have to change."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One incident: its state, the rows of its journal as they are stored, and by their hashes the policies it followed, each as
    canonical JSON. `links`: where events stand in Slack, by their numbers, as far as the outbox knows; the journal does not."""

    incident: Incident
    entries: Sequence[Entry]
    policies: Mapping[str, str]
    links: Mapping[int, str] = field(default_factory=dict)

    @property
    def fault(self) -> Fault | None:
        """Where its chain is broken first, if it is, or what was redacted without an order."""
        return verify_chain(self.entries) or verify_redactions(self.entries)

    @cached_property
    def events(self) -> list[tuple[Entry, Event | None]]:
        """Every row with the event that it holds; None for one that cannot be read, such as one of a newer version."""
        redacted = {seq: fields for seq, (_, fields) in redactions(self.entries).items()}
        return [(entry, _event(entry, redacted.get(entry.seq))) for entry in self.entries]

    @cached_property
    def policy(self) -> Policy | None:
        """The policy it follows now; None when it was not kept or is one of another version."""
        try:
            return Policy.model_validate_json(self.policies[self.incident.policy])
        except (KeyError, ValidationError):
            return None


async def read(tx: Transaction, team: str, number: int) -> Record:
    """All that is kept of an incident. Raises UnknownIncident, and IncidentError for one whose state cannot be rebuilt."""
    try:
        incident = await journal.load(tx, team, number)
    except (LookupError, ValueError) as error:
        raise IncidentError(f"INC-{number} cannot be read: {error!r}. Run: lockstep audit") from None
    if incident is None:
        raise UnknownIncident(number)
    entries = await journal.entries(tx, team, number)
    policies = {hash: await documents.document(tx, team, hash) for hash in _policies(incident, entries)}
    kept = {hash: content for hash, content in policies.items() if content is not None}
    links = await posts.links_of(tx, team, number)
    return Record(incident=incident, entries=entries, policies=kept, links=links)


def as_json(record: Record) -> str:
    """Everything, for machines. `data` and `text` of an event are texts within the JSON, as they are stored, so that the hashes
    can be computed anew."""
    content = {
        "format": FORMAT,
        "incident": record.incident.name,
        "state": record.incident.model_dump(mode="json"),
        "policies": {hash: json.loads(content) for hash, content in record.policies.items()},
        "events": [asdict(entry) for entry in record.entries],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _event(entry: Entry, redacted: Sequence[str] | None) -> Event | None:
    try:
        return journal.read_entry(entry, redacted)
    except (KeyError, ValueError):
        return None


def _policies(incident: Incident, entries: Sequence[Entry]) -> list[str]:
    """The hashes of the policies it followed, in order: each was named by the event that began it."""
    named = [_named_policy(entry) for entry in entries]
    return list(dict.fromkeys([*(hash for hash in named if hash), incident.policy]))


def _named_policy(entry: Entry) -> str | None:
    try:
        data = json.loads(entry.data)
    except ValueError:
        return None
    hash = data.get("policy") if isinstance(data, dict) else None
    return hash if isinstance(hash, str) else None
