"""Why a move of a hypothesis may not be made now, and what to do next: for the person who tried, and for the record."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.core.incident import Incident
from bot.core.policy import Policy
from bot.core.refusal import (
    Contradicted,
    Frozen,
    NoDuplicate,
    NoRevision,
    NotReady,
    NotUnderTest,
    SameTest,
    TestsFull,
    Unfit,
)
from bot.core.value import Value
from bot.slack import words
from bot.slack.text import one_line, shorten, unnamed

_LACKS: dict[str, str] = {
    "prediction": "what we will see if it is true, and what if it is false",
    "test": "how it is tested",
    "way back": "how the change is undone if it does harm",
    "go": "the go of whoever leads, since the test changes production",
}
_HOW: dict[str, str] = {
    "prediction": f"press `{words.PREDICT}`",
    "test": f"press `{words.PLAN_TEST}`",
    "way back": f"press `{words.PLAN_TEST}`",
    "go": f"whoever leads presses `{words.ALLOW_CHANGE}`",
}
_UNTOUCHED = "The hypothesis stays as it is."


def names(numbers: Sequence[int]) -> str:
    """H1, H2 and H3."""
    shown = [f"H{number}" for number in numbers]
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "none"


def _not_ready(refusal: NotReady, incident: Incident, policy: Policy) -> str:
    lines = [f"○ {_LACKS[one]}: {_HOW[one]}" for one in refusal.lacks]
    return "\n".join([f"*H{refusal.hypothesis}* needs before its test:", *lines])


def _tests_full(refusal: TestsFull, incident: Incident, policy: Policy) -> str:
    which = names(refusal.hypotheses)
    if refusal.because == "own":
        return f"{which} is being tested by the same person, and one at a time goes faster. Please finish or park it first."
    if refusal.because == "all":
        return f"{which} are being tested, as many at once as people can follow. Please finish or park one first."
    return f"{which} changes production too. With two changes at once nobody can tell which of them helped. Please wait for it."


def _frozen(refusal: Frozen, incident: Incident, policy: Policy) -> str:
    if refusal.what == "test":
        return f"*H{refusal.hypothesis}* is being tested just now. End that test first, then plan another one."
    fair = "what it predicts stays: otherwise any result would fit"
    return f"A test of *H{refusal.hypothesis}* has begun, so {fair}. If you see it differently, propose another hypothesis."


def _same_test(refusal: SameTest, incident: Incident, policy: Policy) -> str:
    return f"*H{refusal.hypothesis}* was tested like that, without a result. Please choose another way, or park it."


def _contradicted(refusal: Contradicted, incident: Incident, policy: Policy) -> str:
    evidence = "One piece of evidence speaks" if refusal.open == 1 else f"{refusal.open} pieces of evidence speak"
    start = f"{evidence} against *H{refusal.hypothesis}*, and nobody has said why it is true all the same."
    return f"{start} Press `{words.CONFIRM}` again to answer, or `{words.REFUTE}`."


def _not_under_test(refusal: NotUnderTest, incident: Incident, policy: Policy) -> str:
    if refusal.is_extended:
        more = "Please say what came of it, hand it over, or park it."
        return f"The test of *H{refusal.hypothesis}* was given more time once already. {more}"
    stands = words.STATUS[refusal.status]
    return f"Nobody is testing *H{refusal.hypothesis}* just now; it is *{stands}*. {_UNTOUCHED}"


def _no_duplicate(refusal: NoDuplicate, incident: Incident, policy: Policy) -> str:
    if refusal.because == "itself":
        return f"*H{refusal.hypothesis}* and H{refusal.of} are one already. {_UNTOUCHED}"
    how = f"Please say how it turned out, or press `{words.PARK}`."
    return f"*H{refusal.hypothesis}* is past the point where it could be a duplicate: somebody has worked on it. {how}"


def _no_revision(refusal: NoRevision, incident: Incident, policy: Policy) -> str:
    if refusal.because == "itself":
        return f"*H{refusal.of}* is that one itself. {_UNTOUCHED}"
    how = f"Propose it without that, and press `{words.DUPLICATE}` on H{refusal.of} if it is no longer needed."
    return f"*H{refusal.of}* has not turned out yet, so it cannot be stated anew. {how}"


def unfit(refusal: Unfit, named: Sequence[str] = ()) -> str:
    """What a hypothesis has to be mended in, as plain text. `named` are the words in it that name somebody, if they are known."""
    said = []
    if refusal.names_somebody:
        who = f"“{shorten(unnamed(one_line(named[0])), 60)}” names a person" if named else "It names a person"
        said.append(f"{who}. Say which thing is at fault. A thing with that name stands in `marks like these`.")
    if refusal.is_too_long:
        most, over = refusal.most, refusal.length - refusal.most
        said.append(f"It has {refusal.length} characters and {most} fit: please leave out {over}.")
    return " ".join(said)


SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
    NotReady: _not_ready,
    TestsFull: _tests_full,
    Frozen: _frozen,
    SameTest: _same_test,
    Contradicted: _contradicted,
    NotUnderTest: _not_under_test,
    NoDuplicate: _no_duplicate,
    Unfit: lambda refusal, incident, policy: unfit(refusal),
    NoRevision: _no_revision,
}
"""What the person is told."""

_FULL: dict[str, str] = {
    "own": "the same person was testing {}",
    "all": "as many as can be were being tested: {}",
    "change": "{} was changing production",
}

REASONS: dict[type[Value], Callable[[Any], str]] = {
    NotReady: lambda refusal: (
        f"it was not known yet of H{refusal.hypothesis} " + "; ".join(_LACKS[one] for one in refusal.lacks)
    ),
    TestsFull: lambda refusal: _FULL[refusal.because].format(names(refusal.hypotheses)),
    Frozen: lambda refusal: f"a test of H{refusal.hypothesis} had begun",
    SameTest: lambda refusal: f"H{refusal.hypothesis} had been tested like that, without a result",
    Contradicted: lambda refusal: f"evidence against H{refusal.hypothesis} had no answer",
    NotUnderTest: lambda refusal: (
        f"the test of H{refusal.hypothesis} had been given more time once"
        if refusal.is_extended
        else f"nobody was testing H{refusal.hypothesis}"
    ),
    Unfit: lambda refusal: (
        "it named a person"
        if refusal.names_somebody
        else f"it had {refusal.length} characters, of {refusal.most} that fit"
    ),
    NoRevision: lambda refusal: (
        f"H{refusal.of} was still open" if refusal.because == "open" else f"H{refusal.of} was that one itself"
    ),
    NoDuplicate: lambda refusal: (
        f"H{refusal.hypothesis} and H{refusal.of} were one already"
        if refusal.because == "itself"
        else f"somebody had worked on H{refusal.hypothesis}"
    ),
}
"""The same for the record, to follow "Refused:"."""
