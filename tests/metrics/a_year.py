"""A year of incidents, driven through the rules themselves: seeded, so that it is always the same, and untidy as years are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from bot.core.containment import RecordContainment, ReportReturn
from bot.core.decision import SYSTEM, Command, Event, Origin
from bot.core.due import falls_due, when_due
from bot.core.ends import CancelIncident, MergeIncident
from bot.core.factors import Factor
from bot.core.facts import MarkBoundaries, StateDetection, StateImpact, StateStart, VerifyRecovery
from bot.core.gates import WaiveNeeds
from bot.core.incident import COMMANDER, Cause, ContainmentResult, Incident, LinkKind, Phase, Side, Status
from bot.core.learning.action_moves import DropAction, FinishAction, MoveDueDate, VerifyAction
from bot.core.learning.action_reminders import LearnZone
from bot.core.learning.actions import AddActionItem
from bot.core.learning.drafting import unwritten
from bot.core.learning.postmortem import EditSection, MovePostmortem, TagFactors
from bot.core.lifecycle import AdvancePhase, CloseIncident, DeclareIncident
from bot.core.links import LinkIncident
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.prompts import SnoozePrompts
from bot.core.questions import AnswerQuestion, Source
from bot.core.review import Stage
from bot.core.roles import TakeRole
from bot.core.router.promises import ConfirmUpdate
from bot.core.router.updates import SendUpdate, UpdateIssued
from bot.core.severity import SetSeverity
from bot.core.tracker.hypotheses import ParkHypothesis, ProposeHypothesis
from bot.core.vocabulary import decide, fold
from tests.core.given import ALICE, BOB, CAROL, POLICY_WITH_DRAFTS, conclude, declared, policy_with, start_test
from tests.core.random_acts import STRICT, leader, step_onward

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
END = NEW_YEAR + timedelta(days=365)
PEOPLE = (ALICE, BOB, CAROL)
PACES = [{"phase": phase, "after_minutes": 15, "then_every_minutes": 30} for phase in ("DETECTION", "CONTAINMENT")]
FOLLOWED = tuple(policy_with(policy, paces=PACES) for policy in (STRICT, POLICY_WITH_DRAFTS))
"""The policies of the year."""


class Life:
    """One incident on its way. What falls due comes to pass before whatever is done later, mostly on time; Slack takes each update
    a little after it was issued, and now and then minutes late or never."""

    def __init__(self, random: Random, number: int, at: datetime, policy: Policy) -> None:
        self.random, self.number, self.now, self.policy = random, number, at, policy
        self.events: list[Event] = []
        self.incident: Incident | None = None
        self._keys = 0

    @property
    def here(self) -> Incident:
        """It, as it stands."""
        assert self.incident is not None
        return self.incident

    def origin(self, actor: str | None = None) -> Origin:
        """Somebody, now."""
        self._keys += 1
        who = actor or self.random.choice(PEOPLE)
        return Origin(team="T1", incident=self.number, actor=who, at=self.now, key=f"{self.number}.{self._keys}")

    def does(self, command: Command) -> None:
        """Decide it, keep what it leads to, and let Slack take the updates."""
        decision = decide(self.incident, command, self.policy, number=self.number)
        seq = self.here.seq if self.incident else 0
        self.incident = fold(self.incident, decision.events)
        self.events += decision.events
        for place, event in enumerate(decision.events, start=seq + 1):
            if isinstance(event, UpdateIssued) and self.random.random() < 0.97:
                late = self.random.choice([0.5] * 8 + [70, 400])
                sent = ConfirmUpdate(
                    origin=self.origin(SYSTEM).but(at=self.now + timedelta(seconds=late)),
                    audience=event.audience,
                    update=place,
                )
                self.does(sent)

    def waits(self, minutes: float) -> None:
        """Let time pass, and everything happen that falls due in it."""
        until = self.now + timedelta(minutes=minutes)
        while due := sorted((at, name) for name, at in falls_due(self.here, self.policy).items() if at <= until):
            at, name = due[0]
            late = timedelta(seconds=self.random.choice([0.1] * 9 + [200]))
            self.now = max(self.now, at + late)
            before = self.here
            self.does(when_due(name, at, self.origin(SYSTEM)))
            if self.here is before or self.here.seq == before.seq:
                break
        self.now = max(self.now, until)


def a_year(seed: int = 7, count: int = 300) -> list[list[Event]]:
    """The journals of so many incidents, by number from 1, declared all over the year."""
    random = Random(seed)
    starts = sorted(NEW_YEAR + timedelta(minutes=random.uniform(0, 364 * 24 * 60)) for _ in range(count))
    lives: list[Life] = []
    for number, at in enumerate(starts, start=1):
        lives.append(_lived(random, number, at, lives))
    for life in lives:
        _follows_up(life)
    return [life.events for life in lives]


def policies() -> dict[str, Policy]:
    """Those that the year's incidents follow."""
    return {policy.hash: policy for policy in FOLLOWED}


def _lived(random: Random, number: int, at: datetime, before: Sequence[Life]) -> Life:
    life = Life(random, number, at, random.choice(FOLLOWED))
    severity = random.choice([None, "SEV1", "SEV2", "SEV3"])
    life.does(
        DeclareIncident(
            origin=life.origin(), title=f"Trouble {number}", severity=severity, is_drill=random.random() < 0.06
        )
    )
    if before and random.random() < 0.12:
        other = random.choice(before[-12:])
        life.does(LinkIncident(origin=life.origin(SYSTEM), kind=LinkKind.RECURS, other=other.number))
    _told_of_the_past(life)
    for phase in Phase:
        _in_phase(life, phase)
        if phase is Phase.POSTMORTEM:
            _tags(life)
            _writes_up(life)
        if _ends_early(life, phase) or not life.here.is_open:
            return life
        if number > 290 and random.random() < 0.5:  # still open when the year ends
            return life
        life.waits(random.lognormvariate(2.5, 1))
        life.does(_onward(life))
    return life


def _tags(life: Life) -> None:
    """What contributed, as most say: some factors more often than others."""
    random = Random(1000 + life.number)
    if random.random() < 0.8:
        often = [*Factor][:12]
        factors = random.sample(often, k=random.randint(1, 3), counts=[12 - place for place in range(len(often))])
        life.does(TagFactors(origin=life.origin(ALICE), factors=tuple(dict.fromkeys(factors))))


def _writes_up(life: Life) -> None:
    """Some postmortems are written, reviewed and published, of which some are taken back. Where too little is tagged the review is
    refused."""
    random = Random(2000 + life.number)
    if random.random() < 0.3:
        return
    for section in unwritten(life.here, life.policy):
        life.does(EditSection(origin=life.origin(ALICE), section=section, text="The alert waits.", seen=0))
    stages = [*Stage] if random.random() < 0.85 else [*Stage, Stage.DRAFT]
    for by, (leaving, to) in zip((ALICE, BOB, CAROL, BOB), pairwise(stages), strict=False):
        seen = life.here.postmortem.edits
        life.does(MovePostmortem(origin=life.origin(by), to=to, leaving=leaving, seen=seen, reason="Too long"))


def _follows_up(life: Life) -> None:
    """Action items, and what becomes of them long afterwards: some are done in time, some late, some never, some are dropped. The
    zone of their assignee is known or not. What falls due meanwhile does not come to pass: reminders change no figure."""
    random = life.random = Random(life.number)
    if random.random() < 0.4 or life.now >= END:
        return
    for number in range(random.randint(1, 3)):
        due = (life.now + timedelta(days=random.randint(5, 80))).date()
        life.does(AddActionItem(origin=life.origin(), what=f"Add check {number}", assignee=BOB, due=due))
    if random.random() < 0.5:
        zone = random.choice(["Asia/Tokyo", "America/New_York"])
        life.does(LearnZone(origin=life.origin(SYSTEM), user=BOB, zone=zone))
    for number in range(1, len(life.here.action_items) + 1):
        chance = random.random()
        if chance < 0.3:
            later = life.here.action(number).due + timedelta(days=random.randint(-3, 20))
            life.does(MoveDueDate(origin=life.origin(BOB), item=number, due=later, why="Other work"))
        life.now = min(END, life.now + timedelta(days=random.uniform(1, 40)))
        if chance < 0.1:
            life.does(DropAction(origin=life.origin(BOB), item=number, why="Not worth it"))
        elif chance < 0.8:
            life.does(FinishAction(origin=life.origin(BOB), item=number))
            if chance < 0.7:
                life.does(VerifyAction(origin=life.origin(ALICE), item=number))


def _onward(life: Life) -> AdvancePhase | CloseIncident:
    """The next step with all that its gate asks for; a severity that somebody has set stays."""
    step = step_onward(life.here, life.policy, life.now)
    if life.here.severity is None:
        return step
    return step.but(first=tuple(fact for fact in step.first if not isinstance(fact, SetSeverity)))


def _told_of_the_past(life: Life) -> None:
    """When it began and was noticed, as people know it, or think they do."""
    random = life.random
    ago = timedelta(minutes=random.lognormvariate(2, 1))
    if random.random() < 0.7:
        life.does(StateStart(origin=life.origin(), started=life.now - 2 * ago, is_estimated=random.random() < 0.5))
    if random.random() < 0.6:
        detected = life.now - ago * random.choice([0.5, 1, 1, 3])
        life.does(StateDetection(origin=life.origin(), detected=detected, is_estimated=random.random() < 0.2))
    if random.random() < 0.7:
        life.does(AnswerQuestion(origin=life.origin(), question=Need.SOURCE, answer=random.choice([*Source]).value))


def _ends_early(life: Life, phase: Phase) -> bool:
    """Cancelled or merged, now and then."""
    chance = life.random.random()
    if phase is Phase.TRIAGE and chance < 0.06:
        life.does(CancelIncident(origin=life.origin(leader(life.here)), cause=Cause.FALSE_ALARM))
    elif phase is Phase.TRIAGE and chance < 0.1:
        survivor = declared().but(number=life.number + 1000, is_drill=life.here.is_drill)
        life.does(MergeIncident(origin=life.origin(leader(life.here)), into=survivor.number, survivor=survivor))
    return not life.here.is_open


def _in_phase(life: Life, phase: Phase) -> None:
    """A handful of acts, some of which are refused, with time between them."""
    for _ in range(life.random.randint(0, 6)):
        life.waits(life.random.lognormvariate(1.5, 1))
        act = life.random.choice(ACTS)(life)
        if act and life.here.is_open:
            life.does(act)


def _contained(life: Life) -> Command:
    since = life.now - timedelta(minutes=life.random.uniform(0, 30)) if life.random.random() < 0.5 else None
    result = life.random.choice([ContainmentResult.WORKED, ContainmentResult.FAILED])
    return RecordContainment(origin=life.origin(), action="Undid it", result=result, since=since)


def _tested(life: Life) -> Command | None:
    """Something about the newest hypothesis, or a new one."""
    if not life.here.open_hypotheses:
        return ProposeHypothesis(origin=life.origin(), statement=f"It is {life.random.random()}", boundary="checkout")
    one = life.here.open_hypotheses[0]
    if one.status is not Status.TESTING:
        return start_test(origin=life.origin(), hypothesis=one.number)
    if life.random.random() < 0.25:
        return ParkHypothesis(origin=life.origin(), hypothesis=one.number)
    result = life.random.choice([Side.FOR, Side.AGAINST])
    return conclude(origin=life.origin(), hypothesis=one.number, result=result, why="We looked")


def _verified(life: Life) -> Command | None:
    """Seldom before anybody has contained anything: that contradicts itself, and does not count."""
    if life.here.phase is not Phase.RECOVERY and life.random.random() < 0.9:
        return None
    return VerifyRecovery(origin=life.origin(), how=f"Payments are back, {life.random.random()}")


def _too_soon(life: Life) -> Command | None:
    """The next phase, whether its gate lets it or not."""
    to = life.here.phase.next
    return AdvancePhase(origin=life.origin(leader(life.here)), to=to) if to else None


ACTS = (
    lambda life: TakeRole(origin=life.origin(), role=life.random.choice([COMMANDER, "scribe"]), user=BOB),
    lambda life: TakeRole(origin=life.origin(), role=life.random.choice([COMMANDER, "deputy"]), user=ALICE),
    lambda life: SetSeverity(origin=life.origin(), severity=life.random.choice(["SEV1", "SEV2", "SEV3"]), reason="So"),
    lambda life: StateImpact(origin=life.origin(), impact=f"People cannot pay, {life.random.random()}"),
    lambda life: MarkBoundaries(origin=life.origin(), boundaries=("checkout",)),
    lambda life: SendUpdate(origin=life.origin(), text="We are on it."),
    lambda life: SendUpdate(origin=life.origin(), text="We are on it."),
    lambda life: WaiveNeeds(origin=life.origin(leader(life.here)), needs=(Need.CHANGES, Need.DATA), reason="No time"),
    lambda life: SnoozePrompts(origin=life.origin()),
    lambda life: ReportReturn(origin=life.origin()),
    _verified,
    _contained,
    _contained,
    _tested,
    _tested,
    _tested,
    _too_soon,
)
