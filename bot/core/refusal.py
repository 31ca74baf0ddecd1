"""Every refusal: why something may not be done, with what people need to know in order to go on."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from bot.core.action_item import ActionState, Gap
from bot.core.incident import End, Phase, Status
from bot.core.playbooks.acts import Why
from bot.core.policy_parts import Act
from bot.core.review import Section, Stage
from bot.core.value import Value


class NotNext(Value):
    """Refused: the phase asked for is not the one that comes next. Says where the incident stands, since when, by whom."""

    reason: Literal["not next"] = "not next"
    phase: Phase
    since: AwareDatetime
    by: str


class Lacks(Value):
    """Refused: something must be known first. `missing` are the needs of the gate, all of them at once."""

    reason: Literal["lacks"] = "lacks"
    missing: tuple[str, ...]


class SeatTaken(Value):
    """Refused: somebody else holds the role."""

    reason: Literal["seat taken"] = "seat taken"
    role: str
    user: str
    since: AwareDatetime


class HasEnded(Value):
    """Refused: the incident is over."""

    reason: Literal["has ended"] = "has ended"
    end: End


class NotInPolicy(Value):
    """Refused: the policy knows no such thing; `known` are those it has. In an event `given` is empty: see AttemptRefused."""

    reason: Literal["not in policy"] = "not in policy"
    what: Literal["severity", "boundary", "role", "audience", "playbook", "issue tracker"]
    given: str
    known: tuple[str, ...]


class SaysNothing(Value):
    """Refused: the text is empty."""

    reason: Literal["says nothing"] = "says nothing"
    what: str


class AlreadyDeclared(Value):
    """Refused: the same person declared the same text less than two minutes ago, as this incident."""

    reason: Literal["already declared"] = "already declared"
    incident: int


class Concluded(Value):
    """Refused: the hypothesis has turned out already. Says how, since when, and who said so."""

    reason: Literal["concluded"] = "concluded"
    hypothesis: int
    status: Status
    since: AwareDatetime
    by: str


class NotYet(Value):
    """Refused: this time is still to come."""

    reason: Literal["not yet"] = "not yet"
    given: AwareDatetime


class AlreadyTold(Value):
    """Refused: somebody else has told this audience meanwhile."""

    reason: Literal["already told"] = "already told"
    audience: str
    at: AwareDatetime


class PolicyDoesNotFit(Value):
    """Refused: the policy lacks severities that this incident has or had."""

    reason: Literal["policy does not fit"] = "policy does not fit"
    severities: tuple[str, ...]


class NotAllowed(Value):
    """Refused: only these, roles or people as the policy names them, may do it. `act` is what (None: redact)."""

    reason: Literal["not allowed"] = "not allowed"
    act: Act | None = None
    allowed: tuple[str, ...]


class KeptApart(Value):
    """Refused: `user` leads, and may neither have this role nor test this hypothesis as well, whichever is given."""

    reason: Literal["kept apart"] = "kept apart"
    user: str
    role: str | None = None
    hypothesis: int | None = None


class SpanFull(Value):
    """Refused: so many report to `user`, who leads, that nobody else can before there is an operations lead."""

    reason: Literal["span full"] = "span full"
    user: str
    reports: int


class NotYours(Value):
    """Refused: this is for somebody else to say (None: for nobody by now), about a role."""

    reason: Literal["not yours"] = "not yours"
    what: Literal["hand-over", "offer", "withdrawal", "claim", "reminder"]
    role: str
    user: str | None


class NoOffer(Value):
    """Refused: the role is not offered any more. `user` has it."""

    reason: Literal["no offer"] = "no offer"
    role: str
    user: str | None


class ClaimWaits(Value):
    """Refused: somebody else has claimed the role, and waits for an answer until then."""

    reason: Literal["claim waits"] = "claim waits"
    role: str
    user: str
    until: AwareDatetime


class NoClaim(Value):
    """Refused: nobody claims the role any more. `user` has it."""

    reason: Literal["no claim"] = "no claim"
    role: str
    user: str | None


class Settled(Value):
    """Refused: the time for objections to the decision has passed; it stands, or was objected to."""

    reason: Literal["settled"] = "settled"
    proposal: int
    stands: bool
    until: AwareDatetime


class NotWaivable(Value):
    """Refused: the policy does not let these needs be waived for this incident."""

    reason: Literal["not waivable"] = "not waivable"
    needs: tuple[str, ...]


class NotContained(Value):
    """Refused: what is said to be back was not contained, or service was restored since. Says where the incident stands."""

    reason: Literal["not contained"] = "not contained"
    phase: Phase


class NothingToSettle(Value):
    """Refused: there is no such temporary measure, or it is settled."""

    reason: Literal["nothing to settle"] = "nothing to settle"


class LoweredTooSoon(Value):
    """Refused: the severity cannot be lowered before `again`; None: not before it is known how bad it is, in Triage."""

    reason: Literal["lowered too soon"] = "lowered too soon"
    again: AwareDatetime | None = None


class LoweredTooFar(Value):
    """Refused: the severity is lowered one level at a time, to `next`."""

    reason: Literal["lowered too far"] = "lowered too far"
    next: str


class NothingToRedact(Value):
    """Refused: nothing of what was to be redacted is in the record, or not any more."""

    reason: Literal["nothing to redact"] = "nothing to redact"


class RepeatsIt(Value):
    """Refused: the reason for a redaction says what was to be redacted."""

    reason: Literal["repeats it"] = "repeats it"


class TooLate(Value):
    """Refused: this can be done only in an earlier phase than the one the incident is in, since when and by whom."""

    reason: Literal["too late"] = "too late"
    phase: Phase
    since: AwareDatetime
    by: str


class HarmFought(Value):
    """Refused: something was done already, at this time, to stop the harm."""

    reason: Literal["harm fought"] = "harm fought"
    at: AwareDatetime


class CannotMerge(Value):
    """Refused: the incident cannot be merged into this one, which is itself, is over, or is a drill, or private, where it is
    not (or the other way round)."""

    reason: Literal["cannot merge"] = "cannot merge"
    into: int
    because: Literal["itself", "over", "drill", "private"]


class NotLongYet(Value):
    """Refused: audiences hear less often of an incident that lasts, which nobody decides before `again`."""

    reason: Literal["not long yet"] = "not long yet"
    again: AwareDatetime


class HasChanged(Value):
    """Refused: something has changed since this audience was told, so that "no change" would not be true."""

    reason: Literal["has changed"] = "has changed"
    audience: str


class CannotSnooze(Value):
    """Refused: these reminders were put off once already, or the update is overdue."""

    reason: Literal["cannot snooze"] = "cannot snooze"
    because: Literal["snoozed", "overdue"]


class AlreadyStretched(Value):
    """Refused: audiences hear less often already (`is_on`), or do not."""

    reason: Literal["already stretched"] = "already stretched"
    is_on: bool


class NotPlain(Value):
    """Refused: the text breaks rules of plain language that must hold for these audiences: which, by audience."""

    reason: Literal["not plain"] = "not plain"
    rules: Mapping[str, tuple[str, ...]]


class NotReady(Value):
    """Refused: the hypothesis cannot be tested, or counted as tested, before this is known of it."""

    reason: Literal["not ready"] = "not ready"
    hypothesis: int
    lacks: tuple[Literal["prediction", "test", "way back", "go"], ...]


class TestsFull(Value):
    """Refused: these hypotheses are being tested, and no other can be beside them: by the same person (`own`), by the room (`all`),
    or because both change production (`change`)."""

    __test__ = False

    reason: Literal["tests full"] = "tests full"
    hypotheses: tuple[int, ...]
    because: Literal["own", "all", "change"]


class Frozen(Value):
    """Refused: a test of the hypothesis has begun, so that what it predicts, or while the test runs how it is tested, stays."""

    reason: Literal["frozen"] = "frozen"
    hypothesis: int
    what: Literal["prediction", "test"]


class SameTest(Value):
    """Refused: it was tested like this already, without a result."""

    reason: Literal["same test"] = "same test"
    hypothesis: int


class Contradicted(Value):
    """Refused: so many pieces of evidence against it have no answer."""

    reason: Literal["contradicted"] = "contradicted"
    hypothesis: int
    open: int


class NotUnderTest(Value):
    """Refused: nobody is testing the hypothesis, or its time was prolonged once already (`is_extended`)."""

    reason: Literal["not under test"] = "not under test"
    hypothesis: int
    status: Status
    is_extended: bool = False


class Unfit(Value):
    """Refused: the hypothesis names one of the incident's people, or is longer than one line: it has `length` characters, and
    `most` is the most."""

    reason: Literal["unfit"] = "unfit"
    names_somebody: bool = False
    length: int
    most: int

    @property
    def is_too_long(self) -> bool:
        """Whether it must be shortened."""
        return self.length > self.most


class NoRevision(Value):
    """Refused: the hypothesis cannot be another one stated anew: that is still open, or it is itself."""

    reason: Literal["no revision"] = "no revision"
    of: int
    because: Literal["open", "itself"]


class NoDuplicate(Value):
    """Refused: the hypothesis cannot be a duplicate of `of`: that is itself or a duplicate of it, or its test has begun."""

    reason: Literal["no duplicate"] = "no duplicate"
    hypothesis: int
    of: int
    because: Literal["itself", "tested"]


class ActionStands(Value):
    """Refused: the action item is not where this could be done with it. `assignee` is None when nobody has it."""

    reason: Literal["action stands"] = "action stands"
    item: int
    state: ActionState
    assignee: str | None


class ActionOfAnother(Value):
    """Refused: `assignee` was asked to take the action item, and only they can say whether they do."""

    reason: Literal["action of another"] = "action of another"
    item: int
    assignee: str


class OwnAction(Value):
    """Refused: whoever has the action item, or said that it is done, does not verify it."""

    reason: Literal["own action"] = "own action"
    item: int


class Unclear(Value):
    """Refused: put like this, nobody could say when the action item is done."""

    reason: Literal["unclear"] = "unclear"
    gaps: tuple[Gap, ...]


class KeptPrivate(Value):
    """Refused: the incident is private, and others than those in its room would read the action item there."""

    reason: Literal["kept private"] = "kept private"
    item: int


class NotThere(Value):
    """Refused: the postmortem is at another stage, at which this cannot be done; or, if it is not `is_writable`, there is none to
    work on, before RECOVERY was left."""

    reason: Literal["not there"] = "not there"
    stage: Stage
    is_writable: bool


class SectionChanged(Value):
    """Refused: somebody else has written this section of the postmortem (None: some of it) meanwhile."""

    reason: Literal["section changed"] = "section changed"
    section: Section | None
    by: str | None
    at: AwareDatetime | None


class NotFinished(Value):
    """Refused: the postmortem is not finished. These sections say nothing yet, or have wordings that are open (`are_findings`);
    `lacks_factors`: too few factors are tagged."""

    reason: Literal["not finished"] = "not finished"
    sections: tuple[Section, ...] = ()
    lacks_factors: bool = False
    are_findings: bool = False


class OwnWork(Value):
    """Refused: whoever wrote the postmortem, or asked for its review, does not review it."""

    reason: Literal["own work"] = "own work"


class PlaybookBroken(Value):
    """Refused: the file of this playbook is wrong, here first."""

    reason: Literal["playbook broken"] = "playbook broken"
    playbook: str
    wrong: str


class RunRefused(Value):
    """Refused: this cannot be done to the run (None: it cannot begin) of this playbook, now or by this person. `step` is the one
    whose turn it is, or that was meant; `names` as `No` has them."""

    reason: Literal["run refused"] = "run refused"
    run: int | None
    title: str
    because: Why
    tried: str
    step: str | None = None
    names: tuple[str, ...] = ()


Refusal = Annotated[
    NotNext
    | Lacks
    | SeatTaken
    | HasEnded
    | NotInPolicy
    | SaysNothing
    | AlreadyDeclared
    | Concluded
    | NotYet
    | AlreadyTold
    | PolicyDoesNotFit
    | NotAllowed
    | KeptApart
    | SpanFull
    | NotYours
    | NoOffer
    | ClaimWaits
    | NoClaim
    | Settled
    | NotWaivable
    | LoweredTooSoon
    | LoweredTooFar
    | NotContained
    | NothingToSettle
    | NothingToRedact
    | RepeatsIt
    | TooLate
    | HarmFought
    | CannotMerge
    | NotLongYet
    | AlreadyStretched
    | HasChanged
    | CannotSnooze
    | NotPlain
    | NotReady
    | TestsFull
    | Frozen
    | SameTest
    | Contradicted
    | NotUnderTest
    | NoDuplicate
    | Unfit
    | NoRevision
    | ActionStands
    | ActionOfAnother
    | OwnAction
    | Unclear
    | KeptPrivate
    | NotThere
    | SectionChanged
    | NotFinished
    | OwnWork
    | PlaybookBroken
    | RunRefused,
    Field(discriminator="reason"),
]
