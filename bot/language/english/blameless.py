"""English wordings that make a review of an incident look for somebody (B1 to B15 but B9, which is about names). Of each rule: what
is found, and what looks like it and is spared.

Only people and teams can be blamed: `the service failed to start` is spared, and `we failed to` is owning up. A mention stands
here as `@@`.
"""

from collections.abc import Mapping

from bot.language.phrases import Phrase, Phrases

_ROLE = (
    r"(?:engineers?|operators?|developers?|admins?|administrators?|technicians?|contractors?|employees?|colleagues?|managers?"
    r"|suppliers?|vendors?|providers?|analysts?|agents?|teams?|shift|staff|interns?|programmers?|leads?|commanders?|reviewers?"
    r"|responders?|deputy|deputies|scribe|support|person|people)(?: on (?:call|duty))?"
)
_SOMEBODY = r"(?:someone|somebody|anyone|anybody|nobody|no one|he|she|they|you|@@+)"
_PERSON = rf"(?:\b{_ROLE}|(?<!\w){_SOMEBODY})"
_OURS = rf"(?:{_PERSON}|\bwe\b)"
_ALSO = r"(?: (?:also|again|simply|just|had|has|have|clearly|then|really|even|easily|never|not))*"
_DONE = (
    r"(?:\w+ed|been|had|seen|known|done|told|thought|taken|read|kept|found|made|given|gone|run|set|held|written|caught|come|woken"
    r"|shown|left|lost|meant|met|put|sent|stood|understood|begun|chosen|drawn|fallen|grown|hit|cut|cost|let|spread)\b"
)
_WORK = (
    r"(?:tested|merged|deployed|released|reviewed|checked|run|caught|noticed|seen|escalated|told|rolled|tried|stopped|started"
    r"|approved|changed|done|paged|asked|read|avoided|prevented|found|planned|written|documented|informed|called)\b"
)
_NORM = r"(?:procedures?|process|runbook|checklist|rules|polic(?:y|ies)|steps|protocol|instructions|guidelines?)"
_DEED = (
    r"(?:broken?|caused|approved|pushed|released|deployed|merged|deleted|removed|changed|turned|disabled|did|let|forgot|forgotten"
    r"|started|stopped|restarted)\b"
)
_VERDICT = r"(?:mistakes?|blunders?|oversights?)"
_THING = (
    r"(?! (?:dashboard|calendar|tool|console|portal|page|service|app|api|board|channel|queue|database|list|room)s?\b)"
)
_KNOWN_BAD = (
    r"(?:monitoring|testing|tests?|communications?|documentation|docs|alerting|alerts|logging|logs|labels?|labelling|capacity"
    r"|handover|ownership|reviews?|review practice|process(?:es)?|coverage|training|planning|design|staffing|runbooks?"
    r"|onboarding|tooling|checks?|reviewers?)"
)
_BAD = r"(?:insufficient|inadequate|poor|bad|weak|deficient|useless|broken|lacking|too thin|not good enough|unclear)"

_B1 = Phrases(
    found=(
        Phrase(rf"{_PERSON}{_ALSO} (?:forgot|forgotten|neglected|failed|refused|omitted) to\b"),
        Phrase(rf"{_PERSON}{_ALSO} (?:did not|didn't|never) bother(?:ed)?\b"),
        Phrase(r"\b(?:nobody|no one|never) bothered\b"),
        Phrase(rf"{_PERSON} refused(?= |[.,])"),
    ),
    spared=(r"\brefused (?:connections?|requests?|tokens?)\b",),
)
_B2 = Phrases(
    found=(
        Phrase(rf"\b(?:support|{_ROLE}|we)(?: or \w+)? (?:should|ought to)(?: not|n't| never)?(?: have|'ve) {_DONE}"),
        Phrase(
            rf"{_OURS}(?: \w+ly)? (?:should|could|ought to|must)(?:n't| not| never)?(?: \w+ly)?(?: have|'ve)(?: \w+ly)? {_DONE}"
        ),
        Phrase(rf"\bwhoever\b[^.!?\n]{{0,30}} (?:should|could|must) have {_DONE}"),
        Phrase(
            rf"\b(?:should|ought to)(?:n't| not| never)?(?: \w+ly)?(?: have|'ve)(?: \w+ly)? (?:been {_WORK}|gone through)"
        ),
        Phrase(rf"\b(?:this|that|it) could(?: \w+ly)? have been {_WORK}"),
        Phrase(rf"\bcould (?:easily|well|quickly|simply) have {_DONE}"),
        Phrase(rf"\bmust(?:n't| not| never) have been {_WORK}"),
    ),
)
_B3 = Phrases(
    found=(
        Phrase(r"\bif only\b(?! (?:one|two|three|four|a few|some|part|\d))"),
        Phrase(rf"\bwould(?:n't| not| never)?(?: \w+ly)?(?: have|'ve)(?: never)?(?: \w+ly)? {_DONE}"),
    ),
)
_B4 = Phrases(
    found=(
        Phrase(r"\bhuman[ -](?:errors?|mistakes?|failures?)\b"),
        Phrase(
            r"\b(?:operator|user|pilot|administrator|admin|engineer|employee|developer|manual|staff)[ -](?:errors?|mistakes?)\b"
        ),
        Phrase(
            rf"\ban error (?:by|on the part of) (?:(?:an?|the|our|one of our) )?(?:[\w-]+ ){{0,2}}(?:person|{_ROLE})\b"
        ),
    ),
    spared=(
        r"\b(?:user|operator|pilot|manual|admin|developer|engineer) errors? (?:code|message|page|screen|log|report|rate|count"
        r"|budget|dashboard|graph|queue)s?\b",
        r"\berrors per\b",
    ),
)
_B5 = Phrases(
    found=(
        Phrase(
            r"\b(?-i:(?:[Cc]areless(?:ly|ness)?|[Ss]lopp(?:y|ily|iness)|[Nn]egligen(?:tly|t|ce)|[Ss]tupid(?:ly|ity)?"
            r"|[Ii]ncompeten(?:tly|t|ce)|[Rr]eckless(?:ly|ness)?|[Ii]diotic|[Ii]diots?|[Ii]rresponsibl[ey]|[Ff]oolish(?:ly)?"
            r"|[Cc]lueless|[Uu]nprofessional(?:ly)?|[Cc]omplacen(?:t|cy)|[Tt]houghtless(?:ly)?)(?!\w)(?! [A-Z]))"
        ),
        Phrase(r"\b(?:is|was|are|were|been|being|too|so)(?: \w+ly)? lazy\b"),
        Phrase(rf"\blazy (?:{_ROLE}|reviews?|tests?|handover|work)\b"),
        Phrase(r"\blaziness\b"),
        Phrase(r"\b(?:is|was|are|were|so|too) dumb\b"),
        Phrase(r"\bdumb (?:idea|thing|decision|default|design|name|plan|move)\b"),
    ),
    spared=(r"\bdeliberately dumb\b",),
)
_B6 = Phrases(
    found=(
        Phrase(r"\bblam(?:e|es|ed|ing)\b"),
        Phrase(r"\b(?:guilty|guilt|culprits?|at fault)\b"),
        Phrase(r"\b(?:his|her|their|my|our|your)(?: own)? fault\b(?! (?!was|is|and|or|but)\w)"),
        Phrase(r"(?:\w's|s') fault(?=[.,;!?\n]| but| and|$)"),
        Phrase(
            rf"\bthe fault of (?:(?:an?|the|our|one of our|some) )?(?:[\w-]+ ){{0,2}}(?:{_ROLE}|somebody|someone)\b"
        ),
        Phrase(r"\bheld (?:responsible|accountable)\b"),
        Phrase(r"\bwhose fault\b"),
    ),
    spared=(
        r"\bgit blame\b",
        r"\bwithout (?:any )?blame\b",
        r"\bblam(?:es?|ing) nobody\b",
        r"\b(?:nobody|no one)(?! else)[^.!?\n]{0,30}\b(?:fault|blame|guilty)\b",
        r"\b(?:not|never|isn't|wasn't|nor)\b[^.!?\n]{0,40}\b(?:fault|blame)\b",
    ),
)
_B7 = Phrases(
    found=(
        Phrase(rf"\bma(?:de|ke|kes|king) (?:[\w-]+ ){{0,3}}{_VERDICT}\b"),
        Phrase(r"\b(?:mistakes|blunders) (?:were|was) made\b"),
        Phrase(rf"\b(?:is|was|were|be) an? (?:[\w-]+ )?{_VERDICT}\b"),
        Phrase(
            rf"(?:\b(?:our|my|his|her|their|your)|\w's|s') (?:[\w-]+ )?{_VERDICT}\b(?! (?:board|committee|body|role))"
        ),
        Phrase(rf"\b{_VERDICT} (?:of|by|on the part of) (?:(?:an?|the|our|one of our) )?(?:[\w-]+ ){{0,2}}{_ROLE}\b"),
        Phrase(r"\b(?:by mistake|mistakenly)\b"),
        Phrase(rf"{_OURS}{_ALSO} (?:messed|screwed|cocked|fouled) up\b"),
        Phrase(r"\b(?:botched|bungled|blunder(?:s|ed)?|dropped the ball|slip-ups?)\b"),
        Phrase(r"\ban oversight\b(?! (?:board|committee|body|role))"),
    ),
)
_B8 = Phrases(
    found=(
        Phrase(
            rf"(?:^|[.!?:\n]\s{{0,5}}|\b(?:find|found) out |\b(?:asks?|asked|asking|knows?|known|question is|see) )"
            rf"(?P<hit>who (?:had |has )?{_DEED})"
        ),
        Phrase(r"(?:^|[.!?:\n]\s{0,5}|\b(?:know|ask) )(?P<hit>who(?: is| was|'s) responsible)\b"),
        Phrase(rf"\bwhoever (?:had |has )?{_DEED}"),
        Phrase(rf"\b(?:someone|somebody) (?:had |has )?{_DEED}"),
        Phrase(rf"\b(?:an?|the|one of our) (?:[\w-]+ )?{_ROLE} (?:broke|caused)\b"),
        Phrase(r"\bwhose (?:change|fault|commit|idea|mistake|code|decision)\b"),
    ),
)
_B10 = Phrases(
    found=(
        Phrase(r"\bobviously\b"),
        Phrase(r"\b(?:is|was) (?:\w+ )?obvious (?:that|from|to)\b"),
        Phrase(r"\b(?:clearly|simply)\b"),
        Phrase(r"\b(?:is|was) clear (?:from the (?:start|beginning)|all along)\b"),
        Phrase(r"\bjust (?:needed|needs?|took|takes|ignored|had to|has to|an? (?:question|matter) of|press|look)\b"),
        Phrase(r"\beasily (?:be |been |have )?(?:seen|found|avoided|noticed|caught|spotted|prevented|been|start\w*)\b"),
        Phrase(r"\bof course\b"),
        Phrase(r"(?:^|[.!?\n]\s{0,5})(?P<hit>naturally)\b"),
        Phrase(r"\b(?:anyone|anybody|everyone|everybody) (?:can|could) (?:have )?see[n]?\b"),
        Phrase(r"\bas (?:everyone|everybody|anyone|anybody|we all) (?:knows?|can see)\b"),
        Phrase(r"\b(?:plain to see|needless to say|all it took|only a matter of)\b"),
    ),
    spared=(
        r"\b(?:not|never|far from|\w+n't)(?: \w+){0,3} (?:obvious|obviously|clearly|clear|simply|easily)\b",
        r"\b(?:say|says|said|states?|shows?|write) clearly\b",
        r"\bclearly (?:labelled|marked|worded|written)\b",
    ),
)
_THE_CAUSE = r"\bthe (?:[a-z]+ )?cause"
_WEIGHT = r"(?:root|real|main|single|sole|only|primary|true|ultimate|underlying)"
_B11 = Phrases(
    found=(
        Phrase(r"\broot[ -]causes?\b"),
        Phrase(rf"\bthe {_WEIGHT} (?:cause|reason)\b"),
        Phrase(r"\bthe cause:"),
        Phrase(
            rf"{_THE_CAUSE}(?: (?:of|for|behind) [^.!?\n]{{1,40}}?)? (?:is|was|turned out)\b(?! (?:not|un|still|never|one))"
        ),
        Phrase(r"\bthe reason (?:for|behind) the (?:outage|incident) (?:is|was)\b"),
        Phrase(r"\bcame down to (?:one|a single|the one|just)\b"),
        Phrase(r"\bcaused (?:solely|only|entirely|exclusively) by\b"),
        Phrase(r"\b(?:is|was) the cause of\b"),
        Phrase(r"\b(?:found|identified|know|located) the cause\b"),
    ),
    spared=(
        r"\b(?:not?|never|nobody|without)\b[^.!?\n]{0,40}\b(?:root )?causes?\b",
        r"\broot causes? (?:is|are|remains?) (?:not|still|un)\w*",
    ),
)
_FOLK = rf"(?:people|everyone|everybody|all|engineers|{_ROLE})"
_B12 = Phrases(
    found=(
        Phrase(r"\bbe (?:\w+ )?(?:careful|vigilant|aware|attentive|mindful|cautious)\b"),
        Phrase(r"\bpays? (?:\w+ )?attention\b"),
        Phrase(rf"\bremind (?:(?:the|our|all|each) )?(?:[\w-]+ )?{_FOLK}\b"),
        Phrase(r"\bretrain(?:ing)?\b"),
        Phrase(rf"\btrain (?:(?:the|our|all|new) )?(?:[\w-]+ )?{_FOLK}\b"),
        Phrase(r"(?<!\ba\s)\bdouble[ -]check(?:s|ing)?(?= \w)"),
        Phrase(r"\b(?:takes?|with) (?:more|greater|better) care\b"),
        Phrase(r"\braise awareness\b"),
        Phrase(rf"\bmake sure (?:that )?(?:(?:the|our|all) )?{_FOLK} (?:know|knows|understand|are aware|is aware)\b"),
        Phrase(rf"\btell (?:(?:the|our|all) )?(?:[\w-]+ )?{_FOLK} (?:not )?to\b"),
        Phrase(r"\b(?:try harder|keep in mind|remember to|exercise (?:more )?caution)\b"),
        Phrase(r"\blooks? (?:more closely|more carefully|twice|harder)\b"),
    ),
)
_B13 = Phrases(
    found=(
        Phrase(rf"\b(?:insufficient|inadequate|poor|deficient|bad|weak|missing|unclear) {_KNOWN_BAD}\b"),
        Phrase(r"\black of\b(?! (?:memory|space|disk|power|funds|free))"),
        Phrase(
            rf"\b{_KNOWN_BAD}(?: (?:for|of|on|in) [\w ]{{1,30}})? (?:is|was|were|are) (?:\w+ly |too |very )?{_BAD}\b(?! by\b)"
        ),
        Phrase(rf"\bnot enough (?:{_KNOWN_BAD}|people|engineers)\b"),
        Phrase(r"\bleft much to be desired\b"),
        Phrase(r"\blacks? (?:proper|adequate|sufficient|any)\b"),
    ),
)
_B14 = Phrases(
    found=(
        Phrase(
            rf"{_PERSON}{_ALSO} (?:violated|breached|disregarded|bypassed|circumvented|broke the rules|ignored (?:the|our) {_NORM}"
            r"|skipped (?:the|a) (?:mandatory|required|agreed))\b"
        ),
        Phrase(rf"\bviolated (?:(?:the|our) )?(?:[\w-]+ ){{0,2}}{_NORM}\b"),
        Phrase(rf"\bnot following (?:the|our|any) (?:[\w-]+ )?{_NORM}\b"),
        Phrase(rf"\b(?:did not|didn't|never) follow(?:ed)? (?:the|our|any|all) (?:[\w-]+ )?{_NORM}\b"),
        Phrase(rf"\bviolations? of (?:the|our|company) (?:[\w-]+ )?{_NORM}\b"),
        Phrase(r"\bagainst (?:(?:the|our|company) )?(?:rules|policy|procedures?|process)\b"),
        Phrase(
            rf"\b{_NORM} (?:was|were) (?:(?:not|never) (?:followed|adhered to|respected|kept)|ignored|violated"
            r"|bypassed|disregarded)\b"
        ),
        Phrase(r"\bin breach of\b"),
        Phrase(rf"\b(?:not|n't|failed to|never) compl(?:y|ied) with (?:the|our) (?:[\w-]+ )?{_NORM}\b"),
    ),
    spared=(r"\bstored procedures?\b",),
)
_ASKED = (
    r"(?:you|he|she|nobody|no one|anyone|anybody|somebody|someone|they|this person|people"
    rf"|(?:the )?(?:[\w-]+ )?{_ROLE}(?!['\w]){_THING})"
)
_B15 = Phrases(
    found=(
        Phrase(
            rf"\bwhy (?:did|didn't|did not|do|don't|has|hasn't|had|hadn't|was|wasn't|were|weren't|would|wouldn't"
            rf"|couldn't|could) {_ASKED}\b"
        ),
        Phrase(
            r"\bwhy (?:you|he|she|they) (?:had|did|didn't|merged|deployed|restarted|waited|skipped|ignored|chose|deleted|turned)\b"
        ),
        Phrase(r"\bhow could (?:you|he|she|they|anyone|anybody|this person)\b"),
        Phrase(rf"\bhow could the (?:[\w-]+ )?{_ROLE}(?!['\w]){_THING}"),
        Phrase(rf"\bwhat (?:were|was) {_ASKED} thinking\b"),
    ),
)

BLAMELESS: Mapping[str, Phrases] = {
    "B1": _B1,
    "B2": _B2,
    "B3": _B3,
    "B4": _B4,
    "B5": _B5,
    "B6": _B6,
    "B7": _B7,
    "B8": _B8,
    "B10": _B10,
    "B11": _B11,
    "B12": _B12,
    "B13": _B13,
    "B14": _B14,
    "B15": _B15,
}
"""The wordings of each rule that looks for any."""
