"""English, for which all rules hold."""

from bot.language.english import blame, causes, times, tone, words
from bot.language.tongue import Tongue

ENGLISH = Tongue(
    times=times.TIMES,
    causes=causes.CAUSES,
    blame=blame.BLAME,
    speculation=tone.SPECULATION,
    promises=tone.PROMISES,
    passive=tone.PASSIVE,
    tone=tone.TONE,
    outage=tone.OUTAGE,
    preambles=tone.PREAMBLES,
    known=words.KNOWN,
    loud=words.LOUD,
    words=words.WORDS,
    is_read=True,
)
