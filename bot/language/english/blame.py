"""English wordings that blame somebody (U4). Only people and teams can be blamed: `the service failed to start` is spared, and `we
failed to` is owning up."""

from bot.language.phrases import Phrase, Phrases

_ROLE = (
    r"(?:engineers?|operators?|developers?|admins?|administrators?|technicians?|contractors?|employees?|colleagues?|managers?"
    r"|suppliers?|vendors?|providers?|agents?|teams?|shift|staff|interns?|programmers?|analysts?|leads?)"
)
_PERSON = rf"(?:\b{_ROLE}|\b(?:someone|somebody|nobody|no one|he|she|they)|<@\w+>)"
_ALSO = r"(?: (?:also|simply|just|had|has|have|again|clearly|then|really))*"
_DONE = (
    r"(?:been )?(?:not )?(?:\w+ed|caught|seen|known|done|told|thought|taken|read|kept|found|made|given|gone|run|set|held"
    r"|written)\b"
)
_VERDICT = r"(?:mistakes?|errors?|blunders?|oversights?)"

_FRAME = "Say what was seen and done, and what made it possible: “the step looked right, and nothing stopped it”."
_ERROR = "Name what was missing instead: a check, a clear prompt, a warning in time."
_JUDGEMENT = "Leave the judgement out, and describe what happened."
_FAULT = "Say what contributed to it, not whose fault it is."
_WAYS = "Say how the written way and the usual way differ."
_WHO = "Say what allowed it, not who it was."

BLAME = Phrases(
    found=(
        Phrase(rf"{_PERSON}{_ALSO} (?:forgot|neglected|failed|refused|omitted) to\b", _FRAME),
        Phrase(
            rf"{_PERSON}{_ALSO} (?:ignored|overlooked|mishandled|misconfigured|violated|missed the|broke)\b", _FRAME
        ),
        Phrase(rf"{_PERSON}{_ALSO} (?:did not|didn't) (?:bother|follow|check|test|care|think|notice|read)\b", _FRAME),
        Phrase(rf"{_PERSON} (?:should|could|ought to|must) (?:not )?have {_DONE}", _FRAME),
        Phrase(r"\b(?:nobody|no one|never) bothered\b", _FRAME),
        Phrase(r"\bif only\b[^.!?\n]{0,30}\bhad\b", _FRAME),
        Phrase(r"\b(?:human|operator|pilot|user) error\b", _ERROR),
        Phrase(
            r"\b(?-i:(?:[Cc]areless|[Ss]loppy|[Nn]egligen(?:t|ce)|[Ll]azy|[Ss]tupid|[Ii]ncompeten(?:t|ce)|[Rr]eckless)"
            r"(?:ly)?(?! [A-Z]))",
            _JUDGEMENT,
        ),
        Phrase(r"\b(?:messed|screwed|cocked|fouled) up\b", _JUDGEMENT),
        Phrase(r"\b(?:botched|bungled|blundered|dropped the ball)\b", _JUDGEMENT),
        Phrase(r"\bblam(?:e|es|ed|ing)\b", _FAULT),
        Phrase(r"\b(?:guilty|culprit|at fault)\b", _FAULT),
        Phrase(r"\b(?:his|her|their) fault\b", _FAULT),
        Phrase(r"\b(?:is|was|are|were|be|entirely|all)\b[^.!?\n]{0,30}'s fault(?=[.,;!?\n]|$)", _FAULT),
        Phrase(rf"\bthe fault of (?:an?|the|our|one of our) (?:[\w-]+ ){{0,2}}{_ROLE}\b", _FAULT),
        Phrase(r"\bheld (?:responsible|accountable)\b", _FAULT),
        Phrase(rf"{_PERSON}{_ALSO} made (?:an?|the|some) (?:\w+ )?{_VERDICT}\b", _ERROR),
        Phrase(rf"\b{_ROLE}(?:'s|') (?:\w+ )?{_VERDICT}\b", _ERROR),
        Phrase(
            rf"\b{_VERDICT} (?:by|of|on the part of) (?:an?|the|our|one of our) (?:[\w-]+ ){{0,2}}{_ROLE}\b", _ERROR
        ),
        Phrase(
            r"(?:^|[.!?\n]\s{0,5}|\b(?:find|found) out |\b(?:ask|asking|know|knows) )"
            r"(?P<hit>who (?:broke|caused|approved|pushed|released|deployed))\b",
            _WHO,
        ),
        Phrase(r"\bagainst (?:the|our) (?:rules|policy|procedures?|process)\b", _WAYS),
    ),
    spared=(
        r"\b(?:not|no|nor|never|nobody|no one|isn't|wasn't)\b[^.!?\n]{0,40}\b(?:fault|blame)\b",
        r"\buser error (?:code|message|page|screen|log|report)s?\b",
        r"\blazy load\w*",
        r"\bwe (?:\w+ )?(?:messed up|screwed up|dropped the ball|botched|bungled)\b",
    ),
)
