"""The policy: severities, cadences, who is invited, boundaries, audiences. Validated here; read from its file by `bot.files`."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.core.glossary import PinnedGlossary
from bot.core.hint_rules import Hint, HintRule
from bot.core.hosts import Host, barred
from bot.core.incident import COMMANDER, Phase
from bot.core.months import Monthly
from bot.core.needs import ALWAYS, EARLIEST, HELD, Need
from bot.core.policy_parts import (
    ANYONE,
    ASSESSMENTS,
    DECLARER,
    GATES,
    MAY,
    ROLES,
    SUBSCRIBERS,
    Act,
    Assessment,
    Audience,
    Boundary,
    Cadence,
    Channel,
    Days,
    Few,
    Guard,
    IssueTracker,
    Loss,
    Minutes,
    Name,
    Permission,
    Person,
    PhasePace,
    RoleSpec,
    Severity,
    Weekday,
    Who,
    is_person,
)
from bot.core.rungs import LADDER, Rung, Slower
from bot.core.templates import Language
from bot.core.value import Value
from bot.core.weeks import Weekly

MISFIT = "misfit"
"""The type of the validation error about names that do not fit each other."""


def _two_worst(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the two worst severities of a policy, as far as it has any."""
    return tuple(severity.name for severity in data.get("severities", ())[:2])


class Policy(Value):
    """How this company runs incidents. Severities stand from the worst to the mildest. `wording` are the sentences of the languages
    and styles that its audiences read, by the language's code, `glossary` plain words for others: they come from files of their
    own, and are pinned with it."""

    announce_in: Channel
    unset_counts_as: Name
    severities: Annotated[tuple[Severity, ...], Field(min_length=1, max_length=10)]
    boundaries: Annotated[tuple[Boundary, ...], Field(min_length=1, max_length=100)]
    audiences: tuple[Audience, ...] = ()
    gates: Annotated[tuple[Guard, ...], Field(max_length=100)] = GATES
    may: tuple[Permission, ...] = ()
    assessments: Annotated[tuple[Assessment, ...], Field(max_length=len(Who))] = ()
    paces: Annotated[tuple[PhasePace, ...], Field(max_length=50)] = ()
    slower_in: Annotated[tuple[Slower, ...], Field(max_length=len(Phase))] = ()
    grace_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 1
    grace_percent: Annotated[int, Field(ge=0, le=100)] = 10
    overtaken_after_minutes: Minutes = 1
    tell_new_phase_within_minutes: Minutes = 10
    ladder: Annotated[tuple[Rung, ...], Field(max_length=10)] = LADDER
    remind_together_within_minutes: Annotated[int, Field(ge=0, le=60)] = 2
    notes_in_a_row: Annotated[int, Field(gt=0, le=10)] = 2
    snooze_percent: Annotated[int, Field(gt=0, le=100)] = 50
    escalate_to: Annotated[tuple[Person, ...], Field(max_length=20)] = ()
    escalate_at: Annotated[tuple[Name, ...], Field(default_factory=_two_worst, max_length=10)]
    stretch_not_before_minutes: Minutes = 60
    stretch_after_minutes: Minutes = 120
    stretch_times: Annotated[int, Field(gt=1, le=10)] = 2
    undelivered_to: Channel | None = None
    snooze_minutes: Minutes = 10
    lower_once_in_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 10
    roles: Annotated[tuple[RoleSpec, ...], Field(min_length=1, max_length=20)] = ROLES
    ask_for_commander_after_minutes: Minutes = 2
    hand_over_is_accepted: Annotated[tuple[Name, ...], Field(max_length=20)] = (COMMANDER,)
    offer_expires_after_minutes: Minutes = 5
    claim_passes_after_minutes: Minutes = 2
    strict_at: Annotated[tuple[Name, ...], Field(default_factory=_two_worst, max_length=10)]
    responders_before_refusing: Few = 3
    reports_before_warning: Few = 6
    reports_before_refusing: Few = 8
    rest_after_minutes: Minutes | Literal["never"] = 240
    insist_on_rest_after_minutes: Minutes = 480
    ask_for_rest_again_after_minutes: Minutes = 60
    object_within_seconds: Annotated[int, Field(gt=0, le=3600)] = 60
    archive_room_after_days: Annotated[int, Field(ge=0, le=366)] | Literal["never"] = "never"
    full_postmortem_at: Annotated[tuple[Name, ...], Field(default_factory=_two_worst, max_length=10)]
    findings_keep_from_publishing: bool = True
    subscribers_style: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] | None = None
    subscribers_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    may_be_private: bool = True
    weekly: Annotated[tuple[Weekly, ...], Field(max_length=20)] = ()
    monthly: Annotated[tuple[Monthly, ...], Field(max_length=50)] = ()
    may_redact: Annotated[tuple[Name, ...], Field(min_length=1, max_length=20)] = (COMMANDER,)
    wording: Mapping[str, Language] = {}
    glossary: PinnedGlossary = PinnedGlossary()
    test_minutes: Annotated[tuple[Minutes, ...], Field(min_length=3, max_length=3)] = (5, 10, 20)
    prolong_test_by_minutes: Minutes = 5
    tests_at_once: Few = 3
    hints: Annotated[tuple[HintRule, ...], Field(max_length=len(Hint))] = ()
    work_from_hour: Annotated[int, Field(ge=0, le=23)] = 9
    work_to_hour: Annotated[int, Field(ge=1, le=23)] = 17
    weekend: Annotated[tuple[Weekday, ...], Field(max_length=6)] = ("Saturday", "Sunday")
    actions_at_most: Few = 7
    remind_of_actions_days_before: Annotated[tuple[Days, ...], Field(max_length=10)] = (7, 1, 0)
    call_leader_after_days: Days | Literal["never"] = 3
    escalate_actions_after_days: Days | Literal["never"] = 7
    escalate_actions_every_days: Annotated[int, Field(gt=0, le=366)] = 7
    actions_in: Channel | None = None
    issue_trackers: Annotated[tuple[IssueTracker, ...], Field(max_length=5)] = ()
    may_call: Annotated[tuple[Host, ...], Field(max_length=100)] = ()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        """Severities and roles that are referred to exist, a word means one thing only (people type severities and roles in any
        case), and there is an incident commander."""
        if self.work_to_hour <= self.work_from_hour:
            raise _misfit("work_to_hour is not later than work_from_hour")
        for wrong in (
            *self._unknown_names(),
            *self._twins(),
            *(barred(one.api, one.token, self.may_call) for one in self.issue_trackers),
            *(misplaced(one.need, one.leaving) for one in self.gates),
        ):
            if wrong:
                raise _misfit(wrong)
        return self

    def _severities_named(self) -> Iterable[str]:
        for audience in self.audiences:
            yield from (*audience.hears, *audience.first_update_minutes, *audience.then_every_minutes)
        for guard in self.gates:
            yield from guard.at
        for pace in self.paces:
            yield from pace.at
        yield from self.escalate_at
        yield from self.full_postmortem_at
        for assessment in self.assessments:
            yield from assessment.severities

    def may_do(self, act: Act) -> tuple[str, ...]:
        """Who may do this: names of roles, ANYONE or DECLARER."""
        return next((one.who for one in self.may if one.act is act), MAY[act])

    def _unknown_names(self) -> Iterable[str]:
        """What is referred to and does not exist."""
        known, roles = [severity.name for severity in self.severities], [role.name for role in self.roles]
        for name in (self.unset_counts_as, *self._severities_named()):
            if name not in known:
                yield f"{name} is not one of the severities {', '.join(known)}"
        if COMMANDER not in roles:
            yield f"one of the roles must be the {COMMANDER}"
        for who in (who for permission in self.may for who in permission.who):
            if who not in (ANYONE, DECLARER, *roles):
                yield f"{who} may do something, and is not a role"
        yield from self._seatless(roles)
        yield from self._wordless()
        yield from self._unreachable()
        yield from self._nowhere()
        for who in self.may_redact:
            if who not in roles and not is_person(who):
                yield f"{who} may redact, and is neither a role nor a handle or an id"

    def _wordless(self) -> Iterable[str]:
        """Audiences whose sentences there are not."""
        for audience in (*self.audiences, self._subscribers):
            language = self.wording.get(audience.language)
            if audience.style and (language is None or audience.style not in language.styles):
                yield f"there are no sentences in the style {audience.style} and the language {audience.language}"

    def _unreachable(self) -> Iterable[str]:
        """Audiences that read nowhere or in two ways, or are called like those who subscribe."""
        for audience in self.audiences:
            if (audience.channel is None) is not bool(audience.people):
                yield f"the audience {audience.name} needs either a channel or people"
            if audience.name == SUBSCRIBERS:
                yield f"the name {SUBSCRIBERS} belongs to those who subscribe to an incident"

    def _seatless(self, roles: list[str]) -> Iterable[str]:
        """What gates ask for that nobody could ever hold."""
        for need in (guard.need for guard in self.gates):
            if need in HELD and need.value not in roles:
                yield f"a gate asks for the {need.value}, and there is no such role"

    def _nowhere(self) -> Iterable[str]:
        """What parts of the system map depend on and the map does not have."""
        known = [boundary.id for boundary in self.boundaries]
        for boundary in self.boundaries:
            for other in boundary.depends_on:
                if other not in known or other == boundary.id:
                    yield f"the boundary {boundary.id} depends on {other}, which is not another boundary"

    def _twins(self) -> Iterable[str]:
        """What stands there twice under one name."""
        for what, names in (
            ("severity", [severity.name.casefold() for severity in self.severities]),
            ("boundary", [boundary.id for boundary in self.boundaries]),
            ("audience", [audience.name for audience in self.audiences]),
            ("host", [host.place for host in self.may_call]),
            ("role", [word for role in self.roles for word in sorted(role.typed)]),
            ("answer", [one.who.value for one in self.assessments]),
            ("permission", [permission.act.value for permission in self.may]),
            ("phase", [one.phase.value for one in self.slower_in]),
            ("step", [one.step.value for one in self.ladder]),
            ("hint", [rule.hint.value for rule in self.hints]),
            ("issue tracker", [one.name for one in self.issue_trackers]),
            ("channel of a weekly summary", [one.channel for one in self.weekly]),
            ("digest", [f"of {one.team or 'all'} in {one.channel}" for one in self.monthly]),
        ):
            if twice := _twice(names):
                yield f"the {what} {twice} stands there twice"

    @property
    def hash(self) -> str:
        """The content hash an incident pins: comments and layout of the file do not count."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def severity(self, name: str | None) -> Severity:
        """The severity of this name; None, unset, counts as `unset_counts_as`. KeyError when the policy has no such one."""
        wanted = name or self.unset_counts_as
        for severity in self.severities:
            if severity.name == wanted:
                return severity
        raise KeyError(wanted)

    def assess(self, who: Who, loss: Loss) -> str:
        """The severity that these two answers give."""
        place = list(Loss).index(loss)
        for one in self.assessments:
            if one.who is who:
                return one.severities[place]
        return self.severities[min(ASSESSMENTS[who][place], len(self.severities)) - 1].name

    def pace_of(self, phase: Phase, severity: str | None) -> PhasePace | None:
        """How long this phase may take at this severity (None, unset, counts as `unset_counts_as`) before somebody is asked; the
        first that fits counts, None when none does."""
        name = self.severity(severity).name
        return next((one for one in self.paces if one.phase is phase and (not one.at or name in one.at)), None)

    def slower(self, phase: Phase) -> int:
        """How many times as long intervals are in this phase."""
        return next((one.times for one in self.slower_in if one.phase is phase), 1)

    def rank(self, severity: str) -> int:
        """1 for the worst severity, and so on. KeyError when the policy has no such one."""
        return self.severities.index(self.severity(severity)) + 1

    def is_raise(self, before: str | None, after: str) -> bool:
        """True when `after` is worse than `before`."""
        order = [severity.name for severity in self.severities]
        return order.index(after) < order.index(self.severity(before).name)

    def boundary(self, id: str) -> Boundary | None:
        """The boundary with this id, if the map has it."""
        return next((boundary for boundary in self.boundaries if boundary.id == id), None)

    def hint(self, hint: Hint) -> HintRule | None:
        """When this hint is given; None when never."""
        return next((rule for rule in self.hints if rule.hint is hint), None)

    def tracker(self, name: str) -> IssueTracker | None:
        """The issue tracker of this name, if there is one."""
        return next((one for one in self.issue_trackers if one.name == name), None)

    def test_box(self, cost: int) -> timedelta:
        """How long a test of this cost, 1 to 3, may take before whoever does it is asked."""
        return timedelta(minutes=self.test_minutes[cost - 1])

    def audience(self, name: str) -> Audience | None:
        """The audience of this name, if there is one."""
        if name == SUBSCRIBERS:
            return self._subscribers
        return next((audience for audience in self.audiences if audience.name == name), None)

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that something is posted to, besides the rooms of incidents; each once."""
        summaries = [*(one.channel for one in self.weekly), *(one.channel for one in self.monthly)]
        named = [self.announce_in, *(one.channel for one in self.audiences), self.undelivered_to, *summaries]
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def _subscribers(self) -> Audience:
        """Those who asked to hear of an incident. Who they are is the incident's."""
        return Audience(
            name=SUBSCRIBERS,
            hears=tuple(severity.name for severity in self.severities),
            hear_private=True,
            style=self.subscribers_style,
            language=self.subscribers_language,
        )

    def role(self, name: str) -> RoleSpec | None:
        """The role of this name, or typed by one of its short words, in any case."""
        wanted = name.strip().casefold()
        return next((role for role in self.roles if wanted in role.typed), None)

    def cadence(self, audience: str, severity: str | None) -> Cadence:
        """How often this audience hears of an incident of this severity (None, unset, counts as `unset_counts_as`)."""
        usual = self.severity(severity)
        own = self.audience(audience)
        first = own.first_update_minutes.get(usual.name) if own else None
        every = own.then_every_minutes.get(usual.name) if own else None
        return Cadence(first=_span(first or usual.first_update_minutes), every=_span(every or usual.then_every_minutes))

    def hearing(self, severity: str | None, phase: Phase | None = None) -> tuple[str, ...]:
        """The names of the audiences that hear of this severity, in this phase (None: in any)."""
        heard = self.severity(severity).name
        of_it = (one for one in self.audiences if heard in one.hears)
        return tuple(one.name for one in of_it if phase is None or not one.phases or phase in one.phases)

    def invited(self, severities: Iterable[str | None]) -> tuple[str, ...]:
        """Everybody whom one of these severities invites, each once, in the policy's order."""
        return tuple(dict.fromkeys(who for name in severities for who in self.severity(name).invite))


def misplaced(need: Need, leaving: Phase | None) -> str | None:
    """Why a gate cannot ask for this when that phase is left, if so."""
    if any(need in always for always in ALWAYS.values()):
        return f"{need} is asked for before TRIAGE in any case"
    phases = list(Phase)
    if leaving and phases.index(leaving) < phases.index(EARLIEST[need]):
        return f"{need} cannot be known before {EARLIEST[need]}"
    return None


def _span(every: int | str) -> timedelta | None:
    return timedelta(minutes=every) if isinstance(every, int) else None


def _twice(names: list[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)


def _misfit(message: str) -> PydanticCustomError:
    return PydanticCustomError(MISFIT, "{message}", {"message": message})
