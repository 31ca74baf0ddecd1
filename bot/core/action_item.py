"""An action item, and where it stands on its way (domain rules, §7.3 to §7.5). Values only: `learning/actions.py` adds them, and
`action_moves.py` moves them on."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from bot.core.factors import Factor
from bot.core.value import Value


class Gap(StrEnum):
    """What an action item lacks."""

    OWNER = "somebody who takes it"
    DONE_WHEN = "how anybody sees that it is done"
    END = "a verb that ends"
    KIND = "what it is for"
    LINK = "what it acts on"


class ActionState(StrEnum):
    """Where an action item stands. Somebody proposed it to its assignee, who accepts it, works on it and says that it is done;
    somebody else verifies that. The last two are final until somebody opens it again."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    STARTED = "in progress"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"

    @property
    def is_owed(self) -> bool:
        """Whether its assignee still has something to do."""
        return self in (ActionState.PROPOSED, ActionState.ACCEPTED, ActionState.STARTED)

    @property
    def is_open(self) -> bool:
        """Whether anybody still has something to do, were it only to verify it."""
        return self not in (ActionState.VERIFIED, ActionState.DROPPED)


class ActionKind(StrEnum):
    """What it is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"
    LEARN = "learn"


class Strength(StrEnum):
    """How much it leaves to people, the strongest first."""

    ELIMINATE = "eliminate"
    AUTOMATE = "automate or guard"
    WARN = "warn"
    DOCUMENT = "document"
    TRAIN = "train"


WEAKEST = (Strength.DOCUMENT, Strength.TRAIN)
"""What leaves all of it to people."""


class Priority(StrEnum):
    """How soon it must be done: a high one has less time."""

    HIGH = "high"
    USUAL = "usual"


class Issue(Value):
    """Where an action item is followed elsewhere: the tracker's name in the policy, what the issue is called there, its address."""

    tracker: str
    key: str
    url: str


class ActionItem(Value):
    """What will be changed so that this does not happen again, by whom and until when.

    `about`: the need that it is to answer; `measure`: the number of the temporary measure that it undoes. `done_when` is what
    anybody can see once it is done, `factors` what contributed and `hypothesis` which idea it acts on. `since` and `by` tell of its
    state, `why` of the last move that needed a reason. `is_declined`: its assignee does not take it, and nobody has it.
    `due_since` is when its due date was set, and
    `slips` how often that was moved to a later day. `finished_by` says that it is done. `reminded_at` and `escalated_at` are when
    somebody was reminded of it last. `tracker` is where it is to be followed as well, `issue` what it is there.
    """

    what: str
    assignee: str
    due: date
    about: str | None = None
    measure: int | None = None
    done_when: str | None = None
    kind: ActionKind | None = None
    strength: Strength | None = None
    priority: Priority = Priority.USUAL
    factors: tuple[Factor, ...] = ()
    hypothesis: int | None = None
    state: ActionState = ActionState.PROPOSED
    since: AwareDatetime | None = None
    by: str | None = None
    why: str | None = None
    added_by: str | None = None
    added_at: AwareDatetime | None = None
    is_declined: bool = False
    due_since: AwareDatetime | None = None
    slips: int = 0
    finished_by: str | None = None
    reminded_at: AwareDatetime | None = None
    escalated_at: AwareDatetime | None = None
    tracker: str | None = None
    issue: Issue | None = None

    @property
    def is_owed(self) -> bool:
        """Whether somebody has it and has not finished it."""
        return self.state.is_owed and not self.is_declined

    @property
    def comes_of_itself(self) -> bool:
        """Whether it only finishes something of the incident, so that what it is for, and how it shows, is known."""
        return self.about is not None or self.measure is not None
