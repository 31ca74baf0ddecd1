"""English wordings that name a cause (U3). What names the incident itself as the cause of its effects is spared, and so is saying
that the cause is not known."""

from bot.language.phrases import Phrase, Phrases

_THING = (
    r"(?:chang|releas|updat|upgrad|deploy|migrat|rollout|bug\b|fault|failure|error|attack|certificate|licen[cs]e|script|setting"
    r"|configuration|outage|network\w* issue|network\w* problem|cut"
    r"|spike|rise|surge|overload|patch|job|supplier|server|disk|cache|fire|cable|misconfigur|defect|flaw)"
)
_THE_CAUSE = r"\bthe (?:underlying |likely |probable |actual |real |main )?(?:cause|reason)"
_INCIDENT = (
    r"(?:(?:this|that|the|these|those|our|current|ongoing|slow) )*(?:problem|incident|outage|issue|disruption|slowness"
    r"|delay|interruption|situation|page|error)s?\b"
)

CAUSES = Phrases(
    found=(
        Phrase(r"\broot cause\b"),
        Phrase(r"\bcaused by\b"),
        Phrase(r"\b(?:due|owing|attributable|attributed) to\b"),
        Phrase(r"\bbecause of\b"),
        Phrase(r"\bon account of\b"),
        Phrase(r"\bas a (?:result|consequence) of\b"),
        Phrase(
            r"\b(?:it|this|problem|issue|incident|errors?|slowness) (?:is|was|seems|appears)(?: to be)? related to\b"
        ),
        Phrase(r"(?:^|\n)\W{0,5}(?P<hit>cause):"),
        Phrase(r"\b(?:is|are|was|were) the results? of\b"),
        Phrase(r"\bresult(?:s|ed|ing)? from\b"),
        Phrase(r"\btriggered by\b"),
        Phrase(r"\bculprit\b"),
        Phrase(r"\bstem(?:s|med|ming)? from\b"),
        Phrase(r"\boriginat(?:e|es|ed|ing) (?:in|from|with)\b"),
        Phrase(r"\btraced (?:it |them )?(?:back )?to\b"),
        Phrase(r"\bresponsible for (?=the|this|these|all)"),
        Phrase(r"\b(?:is|was|are) behind (?:the|this|these)\b"),
        Phrase(r"\b(?:found|identified|know|located) (?:the|a|its|a likely|the likely) (?:cause|reason)\b"),
        Phrase(_THE_CAUSE + r" (?:of|for|behind) [^.!?\n]{1,60}? (?:is|was)\b"),
        Phrase(_THE_CAUSE + r" (?:is|was) (?!not|un|still)"),
        Phrase(r"\b(?:happened|occurred|failed|broke) because (?:we|one of|an?|the|our)\b"),
        Phrase(
            _THING
            + r"\w*(?: [^.!?,;\n]{1,40}?)?(?: have| has)? (?P<hit>caused|broke|triggered|led to|brought down|took down)\b"
        ),
    ),
    spared=(
        r"\bdue to (?:be|start|end|leave|arrive|begin|open|close|go|come|run|renew|expire|finish|return|launch|land|reopen|resume"
        r"|take|change|appear|depart|receive|meet|you|each|them|us|him|her|sellers?|customers?|landlords?|suppliers?|partners?)\b",
        r"\b(?:due|owing) to " + _INCIDENT,
        r"\b(?:due to|because of) (?:the |its |their )?(?:\w+ )?(?:scale|size|nature|scope|extent)\b",
        r"\b(?:due to|because of) the (?:number|amount|volume)\b",
        r"\bwould have (?:caused|triggered|led to)\b",
        r"\bbecause of (?:their\b|your\b|this\b|that\b|it\b|" + _INCIDENT + ")",
        r"\bas a (?:result|consequence) of (?:this\b|that\b|" + _INCIDENT + ")",
        r"\b(?:caused|triggered) by (?:this\b|" + _INCIDENT + r"|customers|users|you\b|pressing)",
        r"\b(?:not|nobody|never|nor)\b[^.!?\n]{0,40}\b(?:root )?cause\b",
        r"\broot cause (?:is|remains) (?:not|still|un)[^.!?\n]{0,12}(?:known|clear|unknown|found)?",
        r"\b(?:inconvenience|trouble|delays?|harm) (?:that )?(?:this has |it has |we have )?caused\b",
    ),
)
