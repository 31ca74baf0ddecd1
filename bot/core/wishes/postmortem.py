"""Which effects the postmortem's events call for."""

from bot.core.decision import Event
from bot.core.effects import Effect, PostDocument, PostPicture, ShowCanvas, ShowCard, Tell
from bot.core.incident import Incident, Phase
from bot.core.learning.postmortem import FactorsTagged, FindingKept, PostmortemMoved, SectionEdited
from bot.core.lifecycle import PhaseEntered
from bot.core.redaction import TextRedacted
from bot.core.review import Stage

_SHOWN = (SectionEdited, FactorsTagged, FindingKept)


def on_postmortem(event: Event, after: Incident) -> list[Effect]:
    """What the room comes to show of the document: the draft the moment RECOVERY is left, as a canvas and a file, and beside it the
    picture of the incident, which whoever writes needs; its canvas after each change; the file anew once it is published; and both
    anew when something was redacted."""
    match event:
        case PhaseEntered(phase=Phase.POSTMORTEM):
            return [ShowCanvas(), PostDocument(), PostPicture()]
        case PostmortemMoved(to=Stage.PUBLISHED):
            return [ShowCard(), ShowCanvas(), PostDocument(), Tell()]
        case PostmortemMoved():
            return [ShowCard(), ShowCanvas(), Tell()]
        case TextRedacted() if after.phase is Phase.POSTMORTEM:
            return [ShowCanvas(), PostDocument()]
    return [ShowCard(), ShowCanvas()] if isinstance(event, _SHOWN) else []
