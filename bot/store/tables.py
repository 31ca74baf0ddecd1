"""What is kept, table by table. Knows no query: the modules beside it read and write.

Every key begins with the team. Domain times are text (`times.py`); wire times (`not_before`, `earliest`) are seconds since the
epoch, in real time. The classes say what there is, the names at the end are what statements are built from.
"""

from typing import Annotated

from sqlalchemy import Double, ForeignKeyConstraint, Index, Text, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

_String = Annotated[str, Field(sa_type=Text)]
_StringKey = Annotated[str, Field(sa_type=Text, primary_key=True)]
_NumberKey = Annotated[int, Field(primary_key=True)]
_Perhaps = Annotated[str | None, Field(sa_type=Text)]
_Seconds = Annotated[float, Field(sa_type=Double)]


def _of_incident() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["team", "incident"], ["incident.team", "incident.number"])


class CounterRow(SQLModel, table=True):
    """The number of the team's latest incident. Whoever counts up holds the row until its transaction ends."""

    __tablename__ = "counter"

    team: _StringKey
    last: int


class IncidentRow(SQLModel, table=True):
    """One incident: the row that its writers lock, the head of its chain, its snapshot, and what lists of incidents show.

    `seq` and `head` are number and hash of the last event; `snapshot` is the state after it, readable by versions that write
    the same `snapshot_version`. All that follows is a projection of that state. Of a private one `insiders` are those who see it in
    lists, each between spaces.
    """

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("team", "room_channel", name="incident_room"),
        Index("incident_declared", "team", "declared_by", "declared_at"),
    )

    team: _StringKey
    number: _NumberKey
    seq: int
    head: _String
    snapshot: _String
    snapshot_version: int
    title: _String
    phase: _String
    severity: _Perhaps
    is_open: bool
    room_channel: _Perhaps
    declared_by: _String
    declared_at: _String
    is_drill: bool = Field(sa_column_kwargs={"server_default": false()})
    is_private: bool = Field(sa_column_kwargs={"server_default": false()})
    insiders: Annotated[str, Field(sa_type=Text, sa_column_kwargs={"server_default": ""})]


class EventRow(SQLModel, table=True):
    """One event of an incident's journal; `chain.py` says how it is hashed. Triggers keep it as it is.

    `data` is the structure, `text` what people typed. A redaction clears `text` and `salt` and sets `redacted_by` to the
    number of the event that ordered it. Without a rowid, since SQLite would replace a row by its rowid past every trigger.
    """

    __tablename__ = "event"
    __table_args__ = (_of_incident(), {"sqlite_with_rowid": False})

    team: _StringKey
    incident: _NumberKey
    seq: _NumberKey
    at: _String
    recorded_at: _String
    actor: _String
    kind: _String
    data: _String
    text: _Perhaps
    salt: _Perhaps
    text_hash: _String
    redacted_by: int | None
    prev_hash: _String
    hash: _String


class CommandRow(SQLModel, table=True):
    """The outcome of a command, under the key it came with. `at` is when it was kept, in domain time."""

    __tablename__ = "command"

    team: _StringKey
    key: _StringKey
    incident: int | None
    outcome: _String
    at: _String


class LaneRow(SQLModel, table=True):
    """One lane of an incident's outbox. What is claimed is the lane, so its row alone says whose turn it is.

    `enqueued` effects have been put into it, and the first `delivered` of them are settled: come true, given up, or, in a
    `living` lane, overtaken by a later one. `needs` names the lane that must have settled one before. `turn` says since when
    the oldest effect waits. `claims` counts the claims there were, `owner` has the current one until `not_before` (which, with
    no owner, is when the next try is due). `attempts`, `uncertain`, `first_tried_at` and `tried` (an effect's position) tell of
    the tries since the last effect was settled; `error` is why the last one failed. `receipt` is what the gateway keeps.
    """

    __tablename__ = "lane"
    __table_args__ = (
        _of_incident(),
        Index(
            "lane_waiting",
            "turn",
            "not_before",
            sqlite_where=text("delivered < enqueued"),
            postgresql_where=text("delivered < enqueued"),
        ),
    )

    team: _StringKey
    incident: _NumberKey
    name: _StringKey
    needs: _Perhaps
    living: bool
    enqueued: int
    delivered: int
    turn: _String
    claims: int
    owner: _Perhaps
    not_before: _Seconds
    attempts: int
    uncertain: bool
    first_tried_at: _Perhaps
    tried: int | None
    error: _Perhaps
    receipt: _Perhaps


class EffectRow(SQLModel, table=True):
    """One effect in its lane, at its position there (1 is the first). `seq` is the event it follows from; `failure` is Slack's
    reason when it was given up, and None otherwise. `looked_since` is the domain time from which a try of it may have come true
    without our knowing: whoever tries again looks from then on. `permalink` is where in Slack it stands, if it is a
    message of its own."""

    __tablename__ = "effect"
    __table_args__ = (
        ForeignKeyConstraint(["team", "incident", "lane"], ["lane.team", "lane.incident", "lane.name"]),
        Index(
            "effect_failed",
            "team",
            "incident",
            sqlite_where=text("failure IS NOT NULL"),
            postgresql_where=text("failure IS NOT NULL"),
        ),
    )

    team: _StringKey
    incident: _NumberKey
    lane: _StringKey
    position: _NumberKey
    id: _String
    seq: int
    kind: _String
    data: _String
    turn: _String
    failure: _Perhaps
    looked_since: _Perhaps
    permalink: _Perhaps


class PaceRow(SQLModel, table=True):
    """How fast a channel is posted to: `earliest` is the wire time from which its posts, evenly spaced, would be through."""

    __tablename__ = "pace"

    team: _StringKey
    channel: _StringKey
    earliest: _Seconds


class TimerRow(SQLModel, table=True):
    """Something an incident has to do at a domain time."""

    __tablename__ = "timer"
    __table_args__ = (_of_incident(), Index("timer_due", "due"))

    team: _StringKey
    incident: _NumberKey
    name: _StringKey
    due: _String


class ActionRow(SQLModel, table=True):
    """One action item of an incident, for lists across incidents: `due` is a day, `state` where it stands. A projection."""

    __tablename__ = "action"
    __table_args__ = (_of_incident(), Index("action_due", "team", "state", "due"))

    team: _StringKey
    incident: _NumberKey
    number: _NumberKey
    assignee: _String
    due: _String
    state: _String
    is_declined: bool


class DocumentRow(SQLModel, table=True):
    """A text kept for good under the hash of its content, such as a policy that incidents follow."""

    __tablename__ = "document"

    team: _StringKey
    hash: _StringKey
    kind: _String
    content: _String


class AdoptionRow(SQLModel, table=True):
    """Which document of a kind came into force when; the highest number is in force now."""

    __tablename__ = "adoption"
    __table_args__ = (ForeignKeyConstraint(["team", "hash"], ["document.team", "document.hash"]),)

    team: _StringKey
    kind: _StringKey
    number: _NumberKey
    hash: _String
    at: _String


class SubscriptionRow(SQLModel, table=True):
    """A person wants to hear of every incident of a kind: what it goes by, and which. `at` is when they said so, in domain time."""

    __tablename__ = "subscription"

    team: _StringKey
    person: _StringKey
    kind: _StringKey
    value: _StringKey
    at: _String


class SummaryRow(SQLModel, table=True):
    """A summary that was due in a channel at a domain time. Whoever posts it holds it until the wire time `held_until`; once it
    stands there it has its timestamp, `ts`."""

    __tablename__ = "summary"

    team: _StringKey
    channel: _StringKey
    due: _StringKey
    held_until: _Seconds
    ts: _Perhaps


metadata = SQLModel.metadata

counter = metadata.tables["counter"]
incident = metadata.tables["incident"]
event = metadata.tables["event"]
command = metadata.tables["command"]
lane = metadata.tables["lane"]
effect = metadata.tables["effect"]
pace = metadata.tables["pace"]
timer = metadata.tables["timer"]
document = metadata.tables["document"]
action = metadata.tables["action"]
subscription = metadata.tables["subscription"]
summary = metadata.tables["summary"]
adoption = metadata.tables["adoption"]
