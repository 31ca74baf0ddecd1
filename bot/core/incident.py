"""The state of one incident, folded from its events. Knows no rule: what may happen next is decided by the concerns."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.action_item import ActionItem
from bot.core.phases import COMMANDER as COMMANDER
from bot.core.phases import Phase as Phase
from bot.core.playbooks.run import Run
from bot.core.promised import Promise, Reminder, Stretch, Tally, Unsent
from bot.core.review import Postmortem
from bot.core.trial import LIKELY, USUAL_COST, Check, Explains, Given, Plan, Prediction, Reason
from bot.core.value import Value


class End(StrEnum):
    """How an incident can end."""

    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    MERGED = "MERGED"


class Cause(StrEnum):
    """Why an incident is cancelled."""

    FALSE_ALARM = "false alarm"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    KNOWN = "known or external"
    MISTAKE = "declared by mistake"


class LinkKind(StrEnum):
    """What another incident is to this one: this one `recurs` from it or has `recurred` as it, was `split from` it or it was
    `split off`, or it was merged into this one, which `absorbed` it."""

    RECURS = "recurs"
    RECURRED = "recurred"
    SPLIT_FROM = "split from"
    SPLIT_OFF = "split off"
    ABSORBED = "absorbed"


class Link(Value):
    """Another incident, by its number, and what it is to this one; its room and its hypotheses that were open, as known then; of
    one that was merged into this one, everybody who had a part in it."""

    kind: LinkKind
    other: int
    channel: str | None = None
    hypotheses: tuple[int, ...] = ()
    people: tuple[str, ...] = ()


class ContainmentResult(StrEnum):
    """What came of a containment action. Only the first two let an incident leave CONTAINMENT."""

    WORKED = "worked"
    SELF_LIMITED = "self-limited"
    FAILED = "failed"


class Seat(Value):
    """Who holds a role, and since when; when they are asked next to hand it over, once they were asked."""

    user: str
    since: AwareDatetime
    ask_again: AwareDatetime | None = None


class Offer(Value):
    """To whom a role is offered, and until when; and what its holder takes on when it is accepted: the test of a hypothesis, or a
    role."""

    to: str
    until: AwareDatetime
    then_test: int | None = None
    then_role: str | None = None


class Claim(Value):
    """Who claims a role, of whom, and until when its holder may answer."""

    user: str
    of: str
    until: AwareDatetime


class Objection(Value):
    """Who objects to a decision, and why."""

    user: str
    why: str


class Proposal(Value):
    """A decision that was put to the room: until when somebody may object, who did, and whether it stands."""

    number: int
    text: str
    by: str
    until: AwareDatetime
    objections: tuple[Objection, ...] = ()
    stands: bool = False


class Room(Value):
    """The incident's channel, found by id: a rename changes nothing."""

    channel: str
    name: str


class Containment(Value):
    """Something done to stop the harm from growing, and what came of it. `is_temporary`: it must be undone or replaced;
    `has_lapsed`: the harm came back in spite of it; `is_settled`: it was undone, or somebody was assigned to that."""

    action: str
    result: ContainmentResult
    at: AwareDatetime
    is_temporary: bool = False
    has_lapsed: bool = False
    is_settled: bool = False

    @property
    def holds(self) -> bool:
        """Whether the harm has stopped growing because of it, or by itself, as far as is known."""
        return self.result is not ContainmentResult.FAILED and not self.has_lapsed


class Prompt(Value):
    """Lockstep asked somebody something, without being asked."""

    to: str
    at: AwareDatetime


class Waiver(Value):
    """A need that the commander let go for this incident, and why."""

    need: str
    reason: str
    by: str
    at: AwareDatetime


class Status(StrEnum):
    """Where a hypothesis stands. The last four are final."""

    PROPOSED = "proposed"
    READY = "ready"
    TESTING = "testing"
    INCONCLUSIVE = "inconclusive"
    PARKED = "parked"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    DUPLICATE = "duplicate"
    CARRIED_OVER = "carried over"

    @property
    def is_open(self) -> bool:
        """Whether it can still turn out either way."""
        return self not in (Status.CONFIRMED, Status.REFUTED, Status.DUPLICATE, Status.CARRIED_OVER)

    @property
    def has_answer(self) -> bool:
        """Whether it turned out one way or the other, which stays so: who sees it differently states it anew, beside it."""
        return self in (Status.CONFIRMED, Status.REFUTED)


class Side(StrEnum):
    """What a piece of evidence speaks for."""

    FOR = "for"
    AGAINST = "against"


class Mark(Value):
    """Somebody says that a reply is evidence for or against, or took that back (`is_on` is False), at this time: word of both may
    come in the wrong order, and the later one counts. `by_form`: said in a form, where no reaction shows it."""

    user: str
    side: Side
    at: AwareDatetime
    is_on: bool = True
    by_form: bool = False


class Reply(Value):
    """A reply in a hypothesis thread, known by its timestamp there, or by a name of ours when it was written in a form. What
    it says is in the journal. `is_answered`: it speaks against the hypothesis, and somebody said why that stands all the same.
    `edits` are the times at which it was edited in Slack; `is_deleted`: it is there no more."""

    ref: str
    author: str
    marks: tuple[Mark, ...] = ()
    is_answered: bool = False
    edits: tuple[AwareDatetime, ...] = ()
    is_deleted: bool = False

    @property
    def sides(self) -> frozenset[Side]:
        """What it is evidence for: nothing, one side, or both when people disagree."""
        return frozenset(mark.side for mark in self.marks if mark.is_on)

    @property
    def is_message(self) -> bool:
        """Whether it stands in a thread in Slack; otherwise it was written in a form."""
        return not self.ref.startswith("form-")

    @property
    def was_taken_otherwise(self) -> bool:
        """Whether it is evidence, and was edited after all who say so had read it."""
        taken = [mark.at for mark in self.marks if mark.is_on]
        return bool(taken and self.edits) and max(taken) < max(self.edits)

    def mark(self, user: str, side: Side) -> Mark | None:
        """The last word of this person on this side, if they ever said one."""
        return next((mark for mark in self.marks if (mark.user, mark.side) == (user, side)), None)


class Thread(Value):
    """Where a hypothesis is discussed: the channel, and the timestamp of the thread's first message."""

    channel: str
    ts: str
    permalink: str | None = None


class Hypothesis(Value):
    """An idea of what is wrong, and where. `since` and `by` tell of its status, `assignee` who tests it.

    `plan` is the test that comes next or is running, `allowed_by` who let it change production, and `tested` how it was tested
    until now, the running test included. `ends` is when the time box of the running test is over, and `overruns` how often somebody
    was asked since, the last time at `asked_at`. `same_as` is what it is a duplicate of, `revises` what it states anew, and `place`
    where it is said to lie when the map does not have that.
    """

    number: int
    statement: str
    boundary: str | None
    status: Status
    since: AwareDatetime
    by: str
    proposed_by: str
    assignee: str | None = None
    why: str | None = None
    thread: Thread | None = None
    replies: tuple[Reply, ...] = ()
    likelihood: int = LIKELY
    likely_because: Reason | None = None
    prediction: Prediction | None = None
    plan: Plan | None = None
    allowed_by: str | None = None
    tested: tuple[str, ...] = ()
    ends: AwareDatetime | None = None
    is_extended: bool = False
    overruns: int = 0
    asked_at: AwareDatetime | None = None
    explains: Explains | None = None
    same_as: int | None = None
    revises: int | None = None
    place: str | None = None

    @property
    def name(self) -> str:
        """How people call it: H2."""
        return f"H{self.number}"

    @property
    def is_frozen(self) -> bool:
        """Whether its prediction can change no more: a test of it has begun."""
        return bool(self.tested)

    @property
    def is_under_test(self) -> bool:
        """Whether a test is running that began after its prediction. Journals of earlier versions know tests without one."""
        return self.status is Status.TESTING and self.plan is not None and self.is_frozen

    @property
    def cost(self) -> int:
        """What its test costs, 1 to 3, or is taken to."""
        return self.plan.takes if self.plan else USUAL_COST

    @property
    def contradictions(self) -> tuple[Reply, ...]:
        """The evidence against it that nobody has answered. What is disputed is none."""
        return tuple(one for one in self.replies if one.sides == {Side.AGAINST} and not one.is_answered)

    def reply(self, ref: str) -> Reply | None:
        """The reply known by this name, if it was kept."""
        return next((reply for reply in self.replies if reply.ref == ref), None)

    def count(self, *sides: Side) -> int:
        """How many replies are evidence for exactly these sides."""
        return sum(reply.sides == frozenset(sides) for reply in self.replies)


class Facts(Value):
    """What an update can tell of the record: phase and severity, whether the harm has stopped growing, whether that has held, or it
    is back in RECOVERY; impact, how many are hit and what they can do meanwhile, as people typed it; whether no data was lost, the
    names of the affected parts, and when the harm began. What is `withheld` is known, and not said as it was typed."""

    phase: Phase
    severity: str | None
    is_contained: bool = False
    is_held: bool = False
    is_back: bool = False
    impact: str | None = None
    size: str | None = None
    workaround: str | None = None
    is_data_safe: bool = False
    parts: tuple[str, ...] = ()
    started: AwareDatetime | None = None
    is_start_estimated: bool = False
    withheld: tuple[str, ...] = ()


class Told(Value):
    """What one audience has heard: how many updates, when the last one was issued, the promise of the next, what the record said at
    the last one, and whether a person wrote that in words of their own."""

    updates: int
    last: AwareDatetime
    promised: AwareDatetime | None
    facts: Facts | None = None
    is_written: bool = False


class Failure(Value):
    """Something that Slack refused for good: which effect (its kind and lane, and its id in the outbox), and Slack's reason."""

    effect: str
    reason: str
    at: AwareDatetime
    effect_id: str | None = None


class Incident(Value):
    """One incident as its journal tells it.

    `seq` is the number of the last event folded in. `labels` are those of its alert. `severity` is None while unset.
    `severities` are all it has ever had (None among them when it was declared without one): who was invited or told at one of
    these is not invited again; `lowered_at` is when it was last lowered.
    `policy` is the content hash of the policy it follows. `started` is when the harm began and `detected` when it was noticed
    (None: when it was declared), as people know it; each may be estimated. `cause` says why it was cancelled, `into` the number
    of the incident it was merged into. `links` are other incidents that have to do with it, `followers` audiences that were told
    of those merged into it. `is_drill`: nothing is wrong, people practise. `rooms_lost`
    counts the rooms that were deleted or archived under it. `working` are the boundaries that were seen to work, `answers` what was
    answered to the questions of gates. `contained_at` is when the harm stopped growing, None when it came back, and `held_at` when
    its hold had passed; `returned_at` is when it last came back, and `relapses` how often it did in RECOVERY. `undrafted_until`
    says per audience until when no other draft is offered, `drafts_due` by when one that tells of something new is to be sent, and
    `reminders` how far people were reminded. `promises` are those that audiences have read of and that have not ended, `unsent`
    the updates on their way, `kept` what came of earlier promises, `stretch` that they hear less often since it lasts.
    `reminded_of` are the empty roles that people were asked once to fill,
    `spans_told` those whose holders were told once that many report to them. `prompts` are the last things that anybody was
    asked, `asked_at` when about the phase, and `snoozed_until` till when not again. `checks` say when a part of the system map was
    last found working or affected, and by whom; `changes_known_at` is when somebody said what changed lately, `tested_since`
    when the first test of a hypothesis began, `test_ended_at` when the last one ended, `recovered_at` when somebody said how they
    know that it works again, `hints` are those that were given, and
    `runs` the playbooks that were started, `playbooks_offered` those that the room was told of, by their ids. `postmortem` is what
    people made of that document.
    `subscribers` asked to hear of it, `unsubscribed` not to hear any more; of those `unreached` the room was told that Slack lets
    nothing be sent to them. `is_private`: only who is in its room, and audiences that the policy names for it, know of it.
    `naming` are the facts that name somebody as they were typed, `withheld_told` those of which somebody was told that updates do
    not say them.
    `zones` are the time zones of those who have action items, by their names in the tz database, as last known, and `quiet_until`
    says of whom until when they are not reminded of those, since they are not at work.
    `redacted_messages` are the timestamps of messages in Slack of which what we had kept was
    redacted; `is_title_redacted`: a title was, which Slack's notices still have.
    """

    team: str
    number: int
    seq: int
    title: str
    policy: str
    declared_by: str
    declared_at: AwareDatetime
    phase: Phase
    phase_since: AwareDatetime
    phase_by: str
    is_drill: bool = False
    is_private: bool = False
    labels: str | None = None
    end: End | None = None
    cause: Cause | None = None
    into: int | None = None
    ended_at: AwareDatetime | None = None
    severity: str | None = None
    severities: tuple[str | None, ...] = ()
    lowered_at: AwareDatetime | None = None
    room: Room | None = None
    rooms_lost: int = 0
    is_room_retired: bool = False
    seats: Mapping[str, Seat] = {}
    offers: Mapping[str, Offer] = {}
    claims: Mapping[str, Claim] = {}
    spans_told: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    reminded_of: tuple[str, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    asked_at: AwareDatetime | None = None
    snoozed_until: AwareDatetime | None = None
    impact: str | None = None
    started: AwareDatetime | None = None
    is_start_estimated: bool = False
    detected: AwareDatetime | None = None
    is_detection_estimated: bool = False
    boundaries: tuple[str, ...] = ()
    working: tuple[str, ...] = ()
    answers: Mapping[str, str] = {}
    naming: tuple[str, ...] = ()
    withheld_told: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    containments: tuple[Containment, ...] = ()
    contained_at: AwareDatetime | None = None
    held_at: AwareDatetime | None = None
    returned_at: AwareDatetime | None = None
    relapses: int = 0
    recovery: str | None = None
    action_items: tuple[ActionItem, ...] = ()
    no_action: str | None = None
    zones: Mapping[str, str] = {}
    quiet_until: Mapping[str, AwareDatetime] = {}
    links: tuple[Link, ...] = ()
    followers: tuple[str, ...] = ()
    told: Mapping[str, Told] = {}
    undrafted_until: Mapping[str, AwareDatetime] = {}
    drafts_due: Mapping[str, AwareDatetime] = {}
    reminders: Mapping[str, Reminder] = {}
    promises: Mapping[str, Promise] = {}
    unsent: tuple[Unsent, ...] = ()
    kept: Tally = Tally()
    subscribers: tuple[str, ...] = ()
    unsubscribed: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    stretch: Stretch | None = None
    failures: tuple[Failure, ...] = ()
    checks: Mapping[str, Check] = {}
    changes_known_at: AwareDatetime | None = None
    tested_since: AwareDatetime | None = None
    test_ended_at: AwareDatetime | None = None
    recovered_at: AwareDatetime | None = None
    hints: tuple[Given, ...] = ()
    postmortem: Postmortem = Postmortem()
    runs: tuple[Run, ...] = ()
    playbooks_offered: tuple[str, ...] = ()
    redacted_messages: tuple[str, ...] = ()
    is_title_redacted: bool = False

    @property
    def name(self) -> str:
        """How people call it: INC-7."""
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        """True until it is closed, cancelled or merged into another."""
        return self.end is None

    @property
    def commander(self) -> Seat | None:
        """Who is in command, if anyone."""
        return self.seats.get(COMMANDER)

    @property
    def contained_by(self) -> Containment | None:
        """The containment action that holds, the newest first."""
        return next((done for done in reversed(self.containments) if done.holds), None)

    @property
    def is_back(self) -> bool:
        """Whether the harm has come back in RECOVERY, and is not contained again."""
        return self.is_open and self.phase is Phase.RECOVERY and self.relapses > 0 and self.contained_at is None

    @property
    def unsettled(self) -> tuple[int, ...]:
        """The numbers, from 1, of temporary measures that nobody has undone or was assigned to undo."""
        open_ones = (
            done.is_temporary and not done.is_settled and done.result is not ContainmentResult.FAILED
            for done in self.containments
        )
        return tuple(number for number, is_open in enumerate(open_ones, start=1) if is_open)

    @property
    def open_hypotheses(self) -> tuple[Hypothesis, ...]:
        """Those that can still turn out either way: under test first, then ready, proposed, without a result, and parked; older
        before newer."""
        order = (Status.TESTING, Status.READY, Status.PROPOSED, Status.INCONCLUSIVE, Status.PARKED)
        still_open = (one for one in self.hypotheses if one.status.is_open)
        return tuple(sorted(still_open, key=lambda one: (order.index(one.status), one.number)))

    def revised_by(self, number: int) -> tuple[Hypothesis, ...]:
        """The hypotheses that state this one anew, oldest first."""
        return tuple(one for one in self.hypotheses if one.revises == number)

    @property
    def pending(self) -> tuple[Proposal, ...]:
        """The decisions before the room that nobody has objected to yet."""
        return tuple(one for one in self.proposals if not one.stands and not one.objections)

    def proposal(self, number: int) -> Proposal:
        """The decision of this number. LookupError when there is none."""
        if not 1 <= number <= len(self.proposals):
            raise LookupError(f"{self.name} has no decision {number}")
        return self.proposals[number - 1]

    @property
    def recurrence(self) -> int | None:
        """The incident as which it happened again, the latest one; None when it did not."""
        return next((link.other for link in reversed(self.links) if link.kind is LinkKind.RECURRED), None)

    def action(self, number: int) -> ActionItem:
        """The action item of this number, from 1. LookupError when there is none."""
        if not 1 <= number <= len(self.action_items):
            raise LookupError(f"{self.name} has no action item {number}")
        return self.action_items[number - 1]

    def run(self, number: int) -> Run:
        """The run of this number, from 1. LookupError when there is none."""
        if not 1 <= number <= len(self.runs):
            raise LookupError(f"{self.name} has no run {number}")
        return self.runs[number - 1]

    def hypothesis(self, number: int) -> Hypothesis:
        """The hypothesis of this number. LookupError when there is none."""
        if not 1 <= number <= len(self.hypotheses):
            raise LookupError(f"{self.name} has no hypothesis H{number}")
        return self.hypotheses[number - 1]
