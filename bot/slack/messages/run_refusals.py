"""Why something cannot be done to the run of a playbook, in words: what is true now, and what to do instead."""

from collections.abc import Callable
from typing import Any

from bot.core.incident import Incident
from bot.core.playbooks.acts import Why
from bot.core.policy import Policy
from bot.core.refusal import PlaybookBroken, RunRefused
from bot.slack import words
from bot.slack.ids import COMMAND, Verb
from bot.slack.text import escape, escape_within

_SENTENCES: dict[Why, str] = {
    Why.OVER: "It is over by now. Nothing was changed.",
    Why.ANOTHER_STEP: "Somebody was faster: that step is over. Its message shows whose turn it is now.",
    Why.LOCKED: "Something must happen first: its message says what.",
    Why.SAME_PERSON: "A second person is needed, and you are the first. Please ask somebody else.",
    Why.NEEDS_WORDS: "Please write a word about it: a reason, a note or a link.",
    Why.NOT_AN_ANSWER: "That is no answer to this step. Its message shows the buttons that are.",
    Why.NO_SKIPPING: "This step cannot be skipped. If it cannot be done, press `Failed`.",
    Why.STOPPED: "It is stopped, and nothing goes on until somebody decides whether to roll back.",
    Why.NOTHING_TO_DECIDE: "Nothing waits for that any more. Its message shows how it stands.",
    Why.RETIRED: "This playbook is retired.",
}


def run_refused(refusal: RunRefused, incident: Incident, policy: Policy) -> str:
    """What the person is told. `incident` is as it stands now."""
    title = f"*{escape(refusal.title)}:*"
    if refusal.because is Why.OTHER_ROLE:
        return f"{title} this is for {_roles(refusal.names, incident)} to do. Nothing was changed."
    if refusal.because is Why.BESIDE:
        others = ", ".join(f"*{escape(incident.run(int(number)).started.title)}*" for number in refusal.names)
        return (
            f"{title} {others} is going on and touches the same part of the system. Only the incident commander can start it "
            f"beside that: `{COMMAND} {Verb.PLAYBOOK} NAME beside`."
        )
    if refusal.because is Why.BAD_INPUT:
        names = ", ".join(f"`{escape_within(name, 40)}`" for name in refusal.names)
        return f"{title} these answers are missing or not of their kind: {names}."
    return f"{title} {_SENTENCES[refusal.because]}"


def _roles(names: tuple[str, ...], incident: Incident) -> str:
    found = []
    for role in names:
        seat = incident.seats.get(role)
        found.append(f"the {escape(role)} ({words.person(seat.user)})" if seat else f"the {escape(role)}")
    return " or ".join(found)


def playbook_broken(refusal: PlaybookBroken, incident: Incident, policy: Policy) -> str:
    """Where its file is wrong."""
    wrong = escape_within(refusal.wrong, 1500)
    return (
        f"The playbook {escape_within(refusal.playbook, 60)} cannot be started, since its file is broken:\n{wrong}\nThe others are "
        "not concerned. Once the file is mended, whoever looks after Lockstep starts it anew."
    )


SENTENCES: dict[type, Callable[[Any, Incident, Policy], str]] = {
    RunRefused: run_refused,
    PlaybookBroken: playbook_broken,
}
