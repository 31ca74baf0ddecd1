"""How times are written in English, and what hangs on when a text is read (U16)."""

from bot.language.phrases import Phrase, Phrases
from bot.language.tongue import Times

_UNIT = r"(?:second|minute|min|hour|hr|day)s?"
_FEW = r"(?:\d+|an?|one|two|three|four|five|six|ten|twenty|thirty|half an|a few|few|a couple of|several|some)"
_SPAN = rf"(?:{_FEW} (?:or so )?{_UNIT}|{_UNIT})"
_NEWS = (
    r"(?:updates?|back|news|more|again|write|report|share|post|know|hear|kicks? off|starts?|begins?|resumes?|reopens?)"
)
_SAY_WHEN = "Write the time with its zone, such as “at 14:05 UTC”."

ZONE = (
    r"(?:UTC|GMT|Z|[CEW]ES?T|[ECMP][SD]T|[ECMP]T|BST|IST|JST|KST|SGT|HKT|A[EWC][SD]T|NZ[SD]T|MSK|BRT|SAST|WAT|EAT|CAT"
    r"|[+-]\d{2}:?\d{2})(?:\s?[+-]\s?\d{1,2}(?::?\d{2})?)?(?![A-Za-z])"
    r"|(?:[A-Z][\w]+(?: [A-Z]\w+)? |your |the reader's )time\b"
)

TIMES = Times(
    clock=(
        r"(?<![\d:.,/+])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?![\d:])"
        r"|(?<![\d:.,/+])(?:1[0-2]|0?[1-9])\s?[ap]\.?m\b\.?"
        r"|(?<![\d:.,/+])(?:[01]?\d|2[0-3])\.[0-5]\d\s?h\b"
        r"|\b(?:at|by|until|till|before|after|since|from|around) (?:noon|midnight)\b"
    ),
    zone=ZONE,
    joins=r"(?:,|and|to|till|until|or|-|–|—|/|\s|o'clock|on \d{1,2} [A-Z][a-z]+)+",
    not_behind=r"\b(?:ratio|score|scale|screens?|line|version|verse|aspect|release|chapter)\b[^.!?\n]{0,40}$",
    not_before=r"\s?(?:minutes?|hours?|min\b|hrs?\b|seconds?|ratio|screens?|format|long)",
    relative=Phrases(
        found=(
            Phrase(rf"\b{_SPAN} ago\b", _SAY_WHEN),
            Phrase(rf"\b(?:for|in|over|during|within) the (?:last|past) {_SPAN}\b(?<!days)", _SAY_WHEN),
            Phrase(rf"\b(?:in|within) the next {_SPAN}\b(?<!days)", _SAY_WHEN),
            Phrase(r"\bjust now\b|\bmoments ago\b", _SAY_WHEN),
            Phrase(r"\b(?:earlier|later) (?:today|tonight|this (?:morning|afternoon|evening))\b", _SAY_WHEN),
            Phrase(r"\bthis (?:morning|afternoon|evening)\b|\btonight\b|\blast night\b", _SAY_WHEN),
            Phrase(r"\b(?:yesterday|tomorrow)\b", "Write the date, such as “on 3 June”."),
            Phrase(r"\bwithin the (?:next )?(?:hour|day|minute)\b", _SAY_WHEN),
            Phrase(
                rf"\b{_NEWS}\b[^.!?\n]{{0,30}}?"
                rf"\s(?P<hit>in (?:about |around |roughly |the next |another )?{_SPAN})(?<!second)(?<!seconds)\b",
                _SAY_WHEN,
            ),
        ),
        spared=(
            r"\b(?:tomorrow|yesterday)'s date\b",
            r"\bthe (?:last|past) (?:24|48|72) hours\b",
            rf"\bevery {_SPAN}\b",
            r"\b(?:earlier today|later today|tonight|this (?:morning|afternoon|evening))\b[^.!?\n]{0,20}? \d{1,2}(?::\d\d| ?[ap]m)",
        ),
    ),
)
