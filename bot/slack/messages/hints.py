"""What Lockstep says of its own accord about how the cause is looked for: to whom, what it has seen, and what may help; with the
buttons that do it, put it off, or say that it is not needed.
"""

from collections.abc import Callable, Sequence

from bot.core.hint_rules import Hint
from bot.core.incident import Incident, Phase
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.tracker.hints import HintGiven
from bot.core.tracker.similar import alike, tested_alike
from bot.core.trial import Answer
from bot.slack import words
from bot.slack.blocks import Element, actions, button, section
from bot.slack.ids import COMMAND, Action, Drawn, Verb
from bot.slack.messages.message import Message
from bot.slack.messages.prompts import WAYS
from bot.slack.text import clock_time, quoted

DONE, NOT_NEEDED = "Done", "Not needed"


def hint(event: HintGiven, incident: Incident, policy: Policy) -> Message:
    """The hint as it is said to those it concerns."""
    whom = f"{' '.join(words.person(user) for user in event.to)}: " if event.to else ""
    text = f"{whom}{_SAY[event.hint](event, incident, policy)}"
    return Message(
        text=text, blocks=[section(text), *actions([*_does(event, incident), *_answers(event, incident, policy)])]
    )


def _does(event: HintGiven, incident: Incident) -> list[Element]:
    """The button that does what the hint asks for, if there is one."""
    drawn = Drawn.of(incident).but(hypothesis=event.hypothesis, other=event.other).write()
    found = _DOES.get(event.hint)
    if found is None:
        return []
    label, action = found
    return [button(label.format(event.other), action, drawn, primary=True)]


def _answers(event: HintGiven, incident: Incident, policy: Policy) -> list[Element]:
    drawn = Drawn.of(incident).but(hint=event.number)
    said = (
        (DONE, Action.HINT_DONE, Answer.DONE),
        (f"Snooze {policy.snooze_minutes} minutes", Action.HINT_LATER, Answer.LATER),
        (NOT_NEEDED, Action.HINT_NOT_NEEDED, Answer.NOT_NEEDED),
    )
    return [button(label, action, drawn.but(answer=answer).write()) for label, action, answer in said]


_DOES: dict[Hint, tuple[str, Action]] = {
    Hint.ALIKE: ("Same as H{}", Action.SAME_AS),
    Hint.REFUTED_BEFORE: ("It revises H{}", Action.REVISES),
    Hint.UNANSWERED: (words.ANSWER_AGAINST, Action.ANSWER_AGAINST),
    Hint.NO_PREDICTION: (words.PREDICT, Action.PREDICT),
    Hint.NOBODY_TESTS: (words.PLAN_TEST, Action.PLAN_TEST),
    Hint.CHANGE_IGNORED: (words.ADD_HYPOTHESIS, Action.ADD_HYPOTHESIS),
    Hint.ONE_SIDED: (words.ADD_HYPOTHESIS, Action.ADD_HYPOTHESIS),
    Hint.ALL_CLOSED: (words.MARK_MAP, Action.MARK_MAP),
    Hint.PLACE_REFUTED: (words.MARK_MAP, Action.MARK_MAP),
    Hint.PLACE_UNKNOWN: (words.MARK_MAP, Action.MARK_MAP),
}


def _places(ids: Sequence[str], policy: Policy) -> str:
    return f"*{words.boundary_names(tuple(ids), policy, 400)}*"


def _statement(number: int | None, incident: Incident) -> str:
    return quoted(incident.hypothesis(number).statement, 300) if number else ""


def _nothing_tested(event: HintGiven, incident: Incident, policy: Policy) -> str:
    board = f"`{COMMAND} {Verb.HYPOTHESES}` shows which one is likely and quick to test."
    return f"for a while nobody has tested anything. Pick one, or try something against the harm. {board}"


def _alike(event: HintGiven, incident: Incident, policy: Policy) -> str:
    one, other = incident.hypothesis(event.hypothesis or 0), incident.hypothesis(event.other or 0)
    said = "says nearly the same"
    if tested_alike(one, other) > alike(one, other):
        said = "is about the same part of the map, and is tested in nearly the same way"
    return f"*{other.name}* {said}: {_statement(other.number, incident)}. Is it the same idea?"


def _refuted_before(event: HintGiven, incident: Incident, policy: Policy) -> str:
    before = incident.hypothesis(event.other or 0)
    when = f"{clock_time(before.since)} by {words.person(before.by)}"
    why = f", because {quoted(before.why, 600)}" if before.why else ""
    said = f"*H{event.hypothesis}* says nearly what *H{event.other}* did: {_statement(event.other, incident)}"
    return f"{said}. That was refuted at {when}{why}. Do you still propose it?"


def _one_sided(event: HintGiven, incident: Incident, policy: Policy) -> str:
    if event.user:
        return (
            f"all ideas so far are {words.person(event.user)}'s. Can somebody else name one cause that is none of them?"
        )
    first = event.hypothesis
    place = f"*{words.boundary(incident.hypothesis(first), policy)}*" if first else _places(event.boundaries, policy)
    return f"nearly all ideas so far are about {place}. Can somebody name one cause outside of it?"


def _place_refuted(event: HintGiven, incident: Incident, policy: Policy) -> str:
    place = _places(event.boundaries, policy)
    return f"several ideas about {place} were refuted. Is it working after all? Look one step before it and one behind."


def _change_ignored(event: HintGiven, incident: Incident, policy: Policy) -> str:
    changed = quoted(incident.answers.get(Need.CHANGES, ""), 600)
    return f"something changed lately, and no hypothesis is about it: {changed}. Could that be it?"


_SAY: dict[Hint, Callable[[HintGiven, Incident, Policy], str]] = {
    Hint.NOT_CONTAINED: lambda event, incident, policy: (
        f"{words.phase_name(Phase.CONTAINMENT)} has gone on for a while, and nothing was done against the harm yet. Finding the "
        f"cause can wait. What can we limit now: {WAYS}?"
    ),
    Hint.NOTHING_TESTED: _nothing_tested,
    Hint.TWO_CHANGES: lambda event, incident, policy: (
        "two changes to production were made within a few minutes. Please make one at a time, and look before the next, or nobody "
        "can tell which of them did what."
    ),
    Hint.UNANSWERED: lambda event, incident, policy: (
        f"there is evidence against *H{event.hypothesis}* that has no answer. Why is it true all the same, or is it refuted?"
    ),
    Hint.LEADS_NOWHERE: lambda event, incident, policy: (
        f"testing has not brought you to the cause so far, and the harm goes on. It can be limited without knowing why: {WAYS}. "
        "Which of these have you not tried?"
    ),
    Hint.ALL_CLOSED: lambda event, incident, policy: (
        "every hypothesis so far has turned out to be wrong, and the harm goes on. Begin again at the map: what is affected for "
        "certain, and what was seen to work? Which part is missing on it? Then ask somebody who was not here yet to look."
    ),
    Hint.ENOUGH_KNOWN: lambda event, incident, policy: (
        f"the cause is known, *H{event.hypothesis}* {_statement(event.hypothesis, incident)}, and service is back. You can stop "
        "testing. What is still open goes to the review."
    ),
    Hint.PLACE_REFUTED: _place_refuted,
    Hint.NOBODY_TESTS: lambda event, incident, policy: (
        f"*H{event.hypothesis}* {_statement(event.hypothesis, incident)} could be tested, and nobody does. Who can?"
    ),
    Hint.ALIKE: _alike,
    Hint.ONE_PERSON: lambda event, incident, policy: (
        f"{words.person(event.user or '')} is to test several hypotheses. Can somebody else take one?"
    ),
    Hint.ONE_SIDED: _one_sided,
    Hint.CHANGE_IGNORED: _change_ignored,
    Hint.TOO_MANY: lambda event, incident, policy: (
        "more hypotheses are ready than people can test. Keep the first three, and park the rest: "
        f"`{COMMAND} {Verb.HYPOTHESES}` shows their order."
    ),
    Hint.NO_PREDICTION: lambda event, incident, policy: (
        f"what would you see if *H{event.hypothesis}* were wrong? With that somebody can test it."
    ),
    Hint.NOTHING_NEW: lambda event, incident, policy: (
        f"nothing new has come of *H{event.hypothesis}* {_statement(event.hypothesis, incident)} for a while, and it is still "
        "the first. Ask somebody who was not here to argue against it."
    ),
    Hint.PLACE_UNKNOWN: lambda event, incident, policy: (
        f"nobody has looked at {_places(event.boundaries, policy)}, right beside what is affected. Does it work?"
    ),
    Hint.REFUTED_BEFORE: _refuted_before,
}
