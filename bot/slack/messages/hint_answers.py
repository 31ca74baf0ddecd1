"""What somebody is told who answered a hint, or evidence that has an answer already."""

from bot.core.incident import Hypothesis
from bot.core.trial import Answer
from bot.slack.messages.message import Message, say

_SAID: dict[Answer, str] = {
    Answer.DONE: "Thank you. I do not ask about this again.",
    Answer.LATER: "I ask again in a while, if it is still so then.",
    Answer.NOT_NEEDED: "Noted. I do not ask about this again.",
}


def hint_answered(answer: Answer) -> Message:
    """What becomes of the hint."""
    return say(_SAID[answer])


def answered_already(one: Hypothesis) -> Message:
    """Nothing speaks against it that has no answer."""
    return say(f"All evidence against *{one.name}* has an answer by now.")
