"""What Slack should come to show: wishes, which the outbox keeps until each has come true exactly once. `wishes/` says which
event calls for which.

An effect names things by meaning ("this incident's room"); ids are found at delivery. Each lies in a *lane*: effects of one
lane are delivered one at a time and in order, lanes run side by side, and a lane may need another to have delivered first.
A *living* effect shows current state, so that of several waiting ones only the last is carried out; a *said* one is an event
put into words, and none may be dropped.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from bot.core.value import Value


class Effect(Value, ABC):
    """A wish. `living` is explained above; `lane` and `needs` (another lane, or None) say when its turn comes.
    `in_room`: it comes true in the incident's room. `takes_long`: it may take longer than a lane is left to a bot that says
    nothing."""

    living: ClassVar[bool] = False
    takes_long: ClassVar[bool] = False
    needs: ClassVar[str | None] = "room"
    in_room: ClassVar[bool] = True

    @property
    @abstractmethod
    def lane(self) -> str:
        """The lane it waits in."""

    @property
    def needs_lane(self) -> str | None:
        """The lane that must have delivered before this effect's lane starts."""
        return self.needs


class OpenRoom(Effect):
    """The incident has a channel of its own."""

    needs = None
    in_room = False

    @property
    def lane(self) -> str:
        return "room"


class Invite(Effect):
    """These people (ids, or `@handle` of a user group) are in the room."""

    people: tuple[str, ...]
    lane_of: str

    @property
    def lane(self) -> str:
        return f"invite:{self.lane_of}"


class SetTopic(Effect):
    """The room's topic says what the incident is."""

    living = True

    @property
    def lane(self) -> str:
        return "topic"


class ShowCard(Effect):
    """The room card shows the incident as it stands."""

    living = True

    @property
    def lane(self) -> str:
        return "card"


class PinCard(Effect):
    """The room card is pinned."""

    needs = "card"

    @property
    def lane(self) -> str:
        return "pin"


class Announce(Effect):
    """The announcement channel shows that the incident exists and where it stands."""

    living = True
    in_room = False

    @property
    def lane(self) -> str:
        return "announcement"


class Tell(Effect):
    """The room is told of the event."""

    @property
    def lane(self) -> str:
        return "notices"


class Mention(Effect):
    """These people are mentioned in the room, once, so that Slack notifies them."""

    people: tuple[str, ...]

    @property
    def lane(self) -> str:
        return "notices"


class ShowHypothesis(Effect):
    """The hypothesis has a message in the room that shows how it stands; its thread hangs on that."""

    living = True
    hypothesis: int

    @property
    def lane(self) -> str:
        return f"hypothesis:{self.hypothesis}"


class TellThread(Effect):
    """The thread of the hypothesis is told of the event; `to_room`: the room sees it too."""

    hypothesis: int
    to_room: bool = False

    @property
    def lane(self) -> str:
        return f"thread:{self.hypothesis}"

    @property
    def needs_lane(self) -> str | None:
        return f"hypothesis:{self.hypothesis}"


class RenameRoom(Effect):
    """The room is called after the title as it is now."""

    living = True

    @property
    def lane(self) -> str:
        return "room name"


class RewritePosts(Effect):
    """What was posted of this event, in the room, in threads and for audiences, says only what the record still says."""

    needs = None
    in_room = False
    event: int

    @property
    def lane(self) -> str:
        return f"redaction:{self.event}"


class SaveHistory(Effect):
    """What was said in the room is in the journal."""

    @property
    def lane(self) -> str:
        return "history"


class ArchiveRoom(Effect):
    """The room is archived."""

    needs = "history"

    @property
    def lane(self) -> str:
        return "archive"


class ShowStatus(Effect):
    """The audience's channel has one message for the incident that shows where it stands."""

    living = True
    needs = None
    in_room = False
    audience: str

    @property
    def lane(self) -> str:
        return f"status:{self.audience}"


class PostUpdate(Effect):
    """The audience reads the update, as a reply to its status message."""

    in_room = False
    audience: str

    @property
    def lane(self) -> str:
        return f"updates:{self.audience}"

    @property
    def needs_lane(self) -> str | None:
        return f"status:{self.audience}"


class PostNote(Effect):
    """The audience reads, as another reply, that the update it was promised is late; unless it has been told since."""

    in_room = False
    audience: str

    @property
    def lane(self) -> str:
        return f"updates:{self.audience}"

    @property
    def needs_lane(self) -> str | None:
        return f"status:{self.audience}"


class SendDirect(Effect):
    """Each of the audience's people, or `only` these, reads in a direct message what the event says: an update, which counts
    for its promise if it `is_update`; a note that one is late, unless they have been told since; or where the incident stands."""

    needs = None
    in_room = False
    audience: str
    only: tuple[str, ...] = ()
    is_update: bool = True

    @property
    def lane(self) -> str:
        return f"updates:{self.audience}"


class PostFallback(Effect):
    """The update of event `event`, which its audience cannot be sent, stands in the channel that the policy has for that."""

    needs = None
    in_room = False
    audience: str
    event: int

    @property
    def lane(self) -> str:
        return f"fallback:{self.audience}"


class Whisper(Effect):
    """This person alone is told of the event, in a direct message."""

    needs = None
    in_room = False
    to: str

    @property
    def lane(self) -> str:
        return f"direct:{self.to}"


class PostPicture(Effect):
    """The room has the picture that was asked for, or comes with the draft of the postmortem, of the incident as it stands when the
    picture's turn comes. Nothing in it was typed by anybody."""

    @property
    def lane(self) -> str:
        return "picture"


class TellTeam(Effect):
    """The channel that the policy has for that is told of the event."""

    needs = None
    in_room = False

    @property
    def lane(self) -> str:
        return "actions"


class CreateIssue(Effect):
    """The action item is an issue in the tracker of this name. It is not Slack's to do."""

    needs = None
    in_room = False
    item: int
    tracker: str

    @property
    def lane(self) -> str:
        return f"issue:{self.item}"


class ShowCanvas(Effect):
    """The room's canvas is the postmortem as it stands, where the workspace has canvases."""

    living = True

    @property
    def lane(self) -> str:
        return "canvas"


class PostDocument(Effect):
    """The room has the postmortem as a file, as it stands when the file's turn comes; one from before is gone then."""

    living = True

    @property
    def lane(self) -> str:
        return "document"


class ShowRun(Effect):
    """The run of a playbook has a message in the room that shows whose turn it is; what happens in it hangs on that."""

    living = True
    run: int

    @property
    def lane(self) -> str:
        return f"run:{self.run}"


class TellRun(Effect):
    """Whoever has to do something in the run is told so, below its message; `to_room`: the room sees it too."""

    run: int
    to_room: bool = False

    @property
    def lane(self) -> str:
        return f"run thread:{self.run}"

    @property
    def needs_lane(self) -> str | None:
        return f"run:{self.run}"


class SayStep(Effect):
    """The room is told what a step of the run says; the run goes on when it has been."""

    run: int

    @property
    def lane(self) -> str:
        return f"said by run:{self.run}"


class MakeCall(Effect):
    """Another system is called, as the step or the undo whose turn it is in the run wants it, under this key."""

    needs = None
    in_room = False
    takes_long = True
    run: int
    key: str

    @property
    def lane(self) -> str:
        return f"calls of run:{self.run}"


POSTED: tuple[type[Effect], ...] = (
    Tell,
    Mention,
    TellThread,
    TellRun,
    SayStep,
    PostUpdate,
    PostNote,
    PostFallback,
    SendDirect,
    Whisper,
    TellTeam,
)
"""What puts an event into words in a message of its own, which is never edited by itself."""

EFFECTS: tuple[type[Effect], ...] = (
    OpenRoom,
    Invite,
    SetTopic,
    ShowCard,
    PinCard,
    Announce,
    Tell,
    Mention,
    ShowHypothesis,
    TellThread,
    RenameRoom,
    RewritePosts,
    SaveHistory,
    ArchiveRoom,
    ShowStatus,
    PostUpdate,
    PostNote,
    SendDirect,
    PostFallback,
    Whisper,
    PostPicture,
    ShowCanvas,
    PostDocument,
    ShowRun,
    TellRun,
    SayStep,
    MakeCall,
    TellTeam,
    CreateIssue,
)
