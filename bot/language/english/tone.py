"""English wordings that promise or guess too much, hide who does it, or lead away from the point (U8, U9, U13, U15, U17)."""

from bot.language.phrases import Phrase, Phrases

_MENDED = (
    r"(?:fixed|resolved|solved|restored|repaired|recovered|sorted(?: out)?|mended|working|back|up (?:again|and running)"
    r"|over|complete|fully operational|operational|back online)\b"
)
_WORKS = (
    r"(?:fixed|safe|certain|sure|confident|resolved|solved|back|working|recovered|operational|up|restored|ok|okay)\b"
)

SPECULATION = Phrases(
    found=(
        Phrase(r"\bprobably\b"),
        Phrase(r"\bpossibly\b"),
        Phrase(r"\bpresumably\b"),
        Phrase(
            r"\b(?:might|may|could) (?:well )?(?:be|have been) (?:caused|causing|due|related|linked|connected|triggered)\b"
        ),
        Phrase(r"\b(?:likely|apparently|seems|seemingly|appears) (?:to be )?(?:due|caused|related|because)\b"),
        Phrase(r"\bwe (?:\w+ )?(?:think|believe|suspect|assume|guess)\b"),
        Phrase(r"\bour (?:best )?(?:guess|theory|suspicion|assumption)\b"),
    ),
    spared=(r"\bpossibly (?:the|can|could)\b", r"\bwe do not (?:think|believe|assume|guess)\b"),
)

PROMISES = Phrases(
    found=(
        Phrase(r"\bshould (?:all |now |then |soon |again )*be (?:\w+ )?" + _MENDED),
        Phrase(r"(?<!\bwe\s)(?<!\bwe)\b(?:will|'ll) (?:all |soon |then |again )*be (?:\w+ )?" + _MENDED),
        Phrase(r"\bshould (?:now |then |soon )?have\b[^.!?\n]{0,30}? back\b"),
        Phrase(r"\bwill have been (?:fixed|resolved|solved|restored|repaired)\b"),
        Phrase(r"\b(?:will|'ll|should) (?:soon )?be (?:live|available again|online|running again)\b"),
        Phrase(r"\b(?:will|'ll|should) (?:resume|recover|return to normal)\b"),
        Phrase(r"\bexpected to (?:be (?:\w+ )?" + _MENDED + r"|return|recover|resume|end|finish|last|take)\b"),
        Phrase(
            r"\b(?:expect|hope|plan|aim)(?:s|ing)? (?:\w+ ){0,3}?(?:to (?:be|have|get) |this |it |all )(?:\w+ ){0,3}?"
            r"(?:fixed|resolved|solved|restored|repaired)\b"
        ),
        Phrase(r"\b(?:get|have) (?:this|it|the \w+|all)(?: \w+)? (?:fixed|resolved|solved|restored|back online)\b"),
        Phrase(r"\bhop(?:e|es|ing) to (?:fix|resolve|solve|restore)\b"),
        Phrase(r"\b(?:estimated|expected) (?:time (?:of|to|for)|resolution|fix|recovery)\b|\bETA\b"),
        Phrase(r"\bfix (?:is|will be) (?:coming|on its way|on the way|just|around|ready|live|out)\b"),
        Phrase(r"\baround the corner\b"),
        Phrase(r"\bshortly\b"),
        Phrase(r"\bsoon\b"),
        Phrase(r"\bany (?:minute|moment|second|time) now\b|\bany (?:minute|moment|second)\b"),
        Phrase(r"\b(?:in no time|before long|momentarily|imminent(?:ly)?)\b"),
        Phrase(r"\b(?:almost|nearly) (?:there|done|fixed|finished|resolved|solved|over|ready|back)\b"),
        Phrase(r"\b(?:we|I|can|is|are|will) (?:\w+ )?guarantee[ds]?\b|, guaranteed\b|\bguaranteed to\b"),
        Phrase(r"\b(?:definitely|absolutely|for sure|without (?:a|any) doubt)\b"),
        Phrase(r"\b100 ?(?:%|percent) " + _WORKS),
        Phrase(r"\bback (?:to|at) 100 ?%"),
        Phrase(r"\bnever again\b|\bnever (?:happen|occur)(?: again)?\b"),
        Phrase(
            r"\b(?:won't|will not|can't|cannot|can never|will never)"
            r" (?:recur|be repeated|(?:happen|occur)\b[^.!?\n]{0,10} again)\b"
        ),
        Phrase(r"\b(?:we|I)(?: can)? promise\b"),
        Phrase(r"\brest assured\b|\bassure (?:you|customers|everybody|everyone|our)\b|\bwe are (?:\w+ )?confident\b"),
    ),
    spared=(
        r"\b(?:as|too|how) soon\b",
        r"\b(?:not|no|cannot|can't|don't|before|without)\b[^.!?\n]{0,40}? (?:estimated|expected) time\b",
        r"\b(?:when|whether|how long|until)\b[^.!?\n]{0,40}? (?:will|is|are|can) (?:again )?be (?:\w+ )?\w+",
        r"\b(?:try|check|call|come|visit|look)(?: \w+){0,3} (?:soon|shortly)\b",
        r"\bsoon(?:er)? (?:after|before)\b|\bshortly (?:after|before|thereafter)\b",
        r"(?-i:\bComing Soon\b)",
        r"\bat any (?:moment|minute|second)\b",
        r"\b(?:cannot|can't|not|never|no) (?:\w+ )?(?:guarantee[ds]?|promise|definitely)\b",
        r"\bpromise (?:you )?(?:an|the|our) (?:next )?update\b",
        r"\bsays? (?:that )?\w+ will be\b",
    ),
)

PASSIVE = Phrases(
    found=(
        Phrase(
            r"\b(?:is|are) being (?:investigated|looked into|worked on|fixed|rolled back|deployed|restarted|reviewed|monitored"
            r"|tested|addressed|prepared|checked|undone)\b"
        ),
        Phrase(
            r"\b(?:has|have) been (?:rolled back|deployed|restarted|applied|implemented|reverted|undone|escalated|paused)\b"
        ),
    ),
    spared=(r"\b(?:is|are) being [^.!?\n]{1,30} by\b", r"\b(?:has|have) been [^.!?\n]{1,30} by\b"),
)

_APOLOGY = "Say it in a few words: “We are sorry for the trouble.”"

TONE = Phrases(
    found=(
        Phrase(
            r"\b(?:apologi[sz]e|sorry|apologies|regret)\b[^.!?\n]{0,20}\bany\b[^.!?\n]{0,30}?(?: caused)?(?=[.!?\n]|$)",
            _APOLOGY,
        ),
        Phrase(r"\bwe take \w+(?: and \w+)? (?:\w+ )?seriously\b", "Leave it out. What is being done says it better."),
        Phrase(r"!+(?=\s|$)", "End the sentence with a full stop.", "."),
        Phrase(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]+|(?<![\w:]):[a-z][a-z0-9_+-]*:(?!\w)", "Leave the picture out."),
    ),
)

OUTAGE = Phrases(
    (
        Phrase(
            r"\b(?<!power\s)(?P<hit>outage)s?\b",
            "Say who cannot do what, or “incident”. It is an outage only if nothing works for anybody.",
            "incident",
        ),
    )
)
"""What may be said only if nothing works for anybody."""

_STATE = "Begin with how things stand now."

PREAMBLES = Phrases(
    found=(
        Phrase(r"\A\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.,!?\n]{0,30}", _STATE),
        Phrase(
            r"\A\s*(?:(?:just )?a (?:quick|short|brief) (?:update|note)|as (?:you (?:may|might) (?:know|be aware)|previously)"
            r"|please be (?:advised|aware|informed)|we (?:want|wanted|would like) to (?:let you know|inform|update))\b",
            _STATE,
        ),
        Phrase(r";(?=\s)", "One thought a sentence: write a full stop, and begin another.", "."),
    ),
)
