"""What a policy is made of: severities, roles, gates, permissions, the map, audiences and how often they hear.

Each says what is right by itself; what fits together is the policy's own to see."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.core.incident import COMMANDER, Phase
from bot.core.needs import EARLIEST, Need
from bot.core.value import Value

ON_PHASE_CHANGE = "on phase change"
"""The cadence of an audience that hears only when the phase changes."""
SUBSCRIBERS = "subscribers"
"""The audience of those who asked to hear of an incident. Every policy has it, and none can have another of that name."""

Name = Annotated[str, Field(min_length=1, max_length=60)]
Minutes = Annotated[int, Field(gt=0, le=7 * 24 * 60)]
Channel = Annotated[str, Field(pattern=r"^(#[^\s#A-Z]{1,80}|[CG][A-Z0-9]{6,})$")]
_PERSON = re.compile(r"^(@\S+|[UWS][A-Z0-9]{6,}|[^@\s]+@[^@\s]+\.[^@\s]+)$")
Person = Annotated[str, Field(pattern=_PERSON.pattern)]
Every = Minutes | Literal["on phase change"]
Weeks = Annotated[int, Field(gt=0, le=104)]
Days = Annotated[int, Field(ge=0, le=366)]
Few = Annotated[int, Field(gt=0, le=100)]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
BoundaryId = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]


class Severity(Value):
    """One severity: its name, what it means in a line, how soon the first update is owed and how often the next ones (unless
    an audience has a cadence of its own), how long no new harm must be seen before it counts as contained, who is invited
    (`@handle` of a user group, the id of a user or group, or somebody's address), and within how many weeks its action items
    are due."""

    name: Name
    means: str
    first_update_minutes: Every
    then_every_minutes: Every
    hold_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 5
    invite: tuple[Person, ...] = ()
    high_actions_within_weeks: Weeks = 8
    actions_within_weeks: Weeks = 12


class RoleSpec(Value):
    """One role: its name, the short words by which people type it, and what its holder does, in a line."""

    name: Name
    short: Annotated[tuple[Name, ...], Field(min_length=1)]
    does: str

    @property
    def typed(self) -> frozenset[str]:
        """Every word that means this role, in lower case: its name and the short ones."""
        return frozenset(word.casefold() for word in (self.name, *self.short))


ROLES = (
    RoleSpec(name=COMMANDER, short=("commander", "ic"), does="leads and decides; does not debug"),
    RoleSpec(name="deputy", short=("deputy",), does="stands in, keeps an eye on the time, calls people in"),
    RoleSpec(name="communications lead", short=("comms", "communications"), does="words what stakeholders read"),
    RoleSpec(name="operations lead", short=("ops", "operations"), does="runs the work on systems"),
    RoleSpec(name="scribe", short=("scribe",), does="notes decisions and what was done"),
)
"""The roles of a policy that names none."""


class Guard(Value):
    """One thing that a gate asks for: at these severities (none named: at all), when this phase is left (none named: the first in
    which it can be known). `can_be_waived`: the incident commander may let it go, with a reason."""

    need: Need
    at: tuple[Name, ...] = ()
    leaving: Phase | None = None
    can_be_waived: bool = False

    @property
    def phase(self) -> Phase:
        """The phase whose gate asks for it."""
        return self.leaving or EARLIEST[self.need]


GATES = tuple(
    Guard(need=need) for need in (Need.SEVERITY, Need.BOUNDARY, Need.CONTAINMENT, Need.RECOVERY, Need.ACTION_ITEM)
)
"""What the gates of a policy ask for that names nothing, besides what every gate does."""

ANYONE = "anyone"
DECLARER = "declarer"
"""Words that stand for people where a policy says who may do something, besides the names of roles."""


class Act(StrEnum):
    """What a policy may let only some people do."""

    ADVANCE = "advance"
    WAIVE = "waive"
    RAISE = "raise severity"
    LOWER = "lower severity"
    UPDATE = "send update"
    CANCEL = "cancel"
    MERGE = "merge"
    ADOPT = "adopt policy"
    STRETCH = "stretch cadence"
    CHANGE = "let a test change production"
    PLAYBOOK = "start a playbook"


class Permission(Value):
    """Who may do something: names of roles, `anyone`, or `declarer`, whoever declared the incident."""

    act: Act
    who: Annotated[tuple[Name, ...], Field(min_length=1)]


MAY: Mapping[Act, tuple[str, ...]] = {
    Act.ADVANCE: (COMMANDER, "deputy"),
    Act.WAIVE: (COMMANDER,),
    Act.RAISE: (ANYONE,),
    Act.LOWER: (COMMANDER,),
    Act.UPDATE: ("communications lead", COMMANDER, "deputy"),
    Act.CANCEL: (COMMANDER, DECLARER),
    Act.MERGE: (ANYONE,),
    Act.ADOPT: (COMMANDER, "deputy"),
    Act.STRETCH: (COMMANDER,),
    Act.CHANGE: (COMMANDER,),
    Act.PLAYBOOK: (ANYONE,),
}
"""Who may do what where a policy does not say."""


class PhasePace(Value):
    """When whoever leads is asked about this phase: after so many minutes in it, and then every so many (None: once); at these
    severities (none named: at all)."""

    phase: Phase
    after_minutes: Minutes
    then_every_minutes: Minutes | None = None
    at: tuple[Name, ...] = ()


class Who(StrEnum):
    """Who is affected, as people can tell at once: the first of the two questions that give a severity."""

    ALL = "everyone"
    MANY = "many"
    SOME = "some"
    ONE = "one"
    NOBODY = "nobody visible"


class Loss(StrEnum):
    """What they cannot do, or have lost: the second of the two questions."""

    DATA = "data lost or exposed"
    EVERYTHING = "anything"
    CORE = "something essential"
    SIDE = "something minor"
    SLOW = "slower than usual"
    NOTHING = "nothing visible"


class Assessment(Value):
    """The severity of each loss, in their order, when this many are affected."""

    who: Who
    severities: Annotated[tuple[Name, ...], Field(min_length=len(Loss), max_length=len(Loss))]


ASSESSMENTS: Mapping[Who, tuple[int, ...]] = {
    Who.ALL: (1, 1, 1, 2, 2, 4),
    Who.MANY: (1, 1, 1, 3, 2, 4),
    Who.SOME: (1, 2, 2, 3, 3, 4),
    Who.ONE: (1, 3, 3, 4, 4, 4),
    Who.NOBODY: (1, 3, 3, 4, 4, 4),
}
"""The rank of the severity, 1 for the worst, of each loss, where a policy has no assessments. Ranks that it does not have are its
mildest severity."""


class Boundary(Value):
    """One part of the system map: a place where a fault can be seen. It `depends_on` other parts, by their ids, without which it
    does not work; the `team` knows it best."""

    id: BoundaryId
    name: Name
    depends_on: Annotated[tuple[BoundaryId, ...], Field(max_length=30)] = ()
    team: Name | None = None


class IssueTracker(Value):
    """Where action items are followed as issues: which kind of tracker it is, at which address its API answers (on a host that
    `may_call` lists, with the token among its secrets), in which project, and the name of its token (`LOCKSTEP_SECRET__` before it
    in the environment)."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    kind: Literal["github", "gitlab", "jira"]
    api: Annotated[str, Field(pattern=r"^(https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[^\s?#]*)?$")]
    project: Annotated[str, Field(pattern=r"^[\w.-]+(/[\w.-]+)*$", max_length=200)]
    token: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,60}$")]


class Cadence(Value):
    """How soon after the declaration the first update is owed, and from one to the next; None: only when the phase changes."""

    first: timedelta | None
    every: timedelta | None


class Audience(Value):
    """Who is kept informed where, of which severities, and in which phases they begin to hear (none named: in all). Either they
    read in a channel, or each of these people in direct messages. Of private incidents they hear only if they `hear_private`.
    Their cadence is that of the severity unless they have their own. What is `sent_by` a person is drafted in the incident's
    room, and somebody there sends it. They read the sentences of this `style` in this `language`, at most `max_words` of them
    as far as that is Lockstep's to say; without a style the plain English sentences that are built in."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    channel: Channel | None = None
    people: Annotated[tuple[Person, ...], Field(max_length=50)] = ()
    hear_private: bool = False
    hears: Annotated[tuple[Name, ...], Field(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Field(max_length=len(Phase))] = ()
    sent_by: Literal["lockstep", "a person"] = "lockstep"
    first_update_minutes: Mapping[Name, Every] = {}
    then_every_minutes: Mapping[Name, Every] = {}
    style: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en"
    max_words: Annotated[int, Field(ge=20, le=400)] | None = None

    @property
    def is_drafted(self) -> bool:
        """Whether a person must send what this audience reads."""
        return self.sent_by == "a person"

    @property
    def is_direct(self) -> bool:
        """Whether they read in direct messages."""
        return self.channel is None

    @property
    def where(self) -> str:
        """Where they read, as the policy has it."""
        return self.channel or ", ".join(self.people)


def is_person(word: str) -> bool:
    """Whether this is the `@handle` of a user group, the id of a user or group, or somebody's address."""
    return _PERSON.match(word) is not None
