"""What the policy in playbooks/ allows to whom, stated anew as rules, independent of the code: how each answer begins.

`RULES` has one for every attempt, by its name, for an incident that is open; `expected` knows what is said when it is not.
"""

from collections.abc import Callable

from bot.core.incident import End, Phase
from bot.explanation.answers import ALLOWED, NOTHING, SOLO
from bot.explanation.situations import NO_ROLE, Situation

Rule = Callable[[Situation], str]

LEADER = "the incident commander"
OPERATIONS = "the operations lead"
STEERS = (LEADER, "the deputy")
WRITES = ("the communications lead", *STEERS)
ONLY = "In INC-1 only these may"
STANDS = "INC-1 has been in *"
NO_OFFER = "That offer does not stand any more."
IS_WITH = "*incident commander* is with the incident commander"
PUT_OFF = "That was put off once already, or is sent by now."
LESS_OFTEN = "Audiences hear less often already."
GATES = {
    Phase.DETECTION: {"impact"},
    Phase.TRIAGE: {"severity", "boundary"},
    Phase.CONTAINMENT: {"containment", "hold"},
    Phase.RECOVERY: {"recovery"},
    Phase.POSTMORTEM: {"action item"},
}
"""What every severity asks for, but for roles."""


def always(answer: str) -> Rule:
    return lambda now: answer


def leads(now: Situation) -> bool:
    return now.has_roles and now.who == LEADER


def may(now: Situation, *roles: str) -> bool:
    """Nobody is stopped for want of a role that nobody has."""
    return not now.has_roles or now.who in roles


def is_strict(now: Situation) -> bool:
    """What is not set counts as SEV2."""
    return now.severity in (None, "SEV1", "SEV2")


def is_apart(now: Situation) -> bool:
    """Leading is a job of its own, and somebody else could do the other one."""
    return is_strict(now) and now.present is not None and now.present >= 3


def can_waive(now: Situation) -> set[str]:
    """What is missing and may be let go, at SEV1 and SEV2: in TRIAGE, and before the close the postmortem (of action items
    nothing is asked while there are none)."""
    if now.phase is Phase.POSTMORTEM and is_strict(now):
        return set() if now.is_known else {"published postmortem"}
    if now.phase is not Phase.TRIAGE or not is_strict(now):
        return set()
    roles = set() if now.has_roles else {"communications lead", "operations lead"}
    return roles if now.is_known else roles | {"recent changes"}


def lacking(now: Situation) -> set[str]:
    """All that the gate still asks for."""
    known = GATES[now.phase] - {"severity"} if now.is_known else set()
    asked = GATES[now.phase] - known - ({"severity"} if now.severity else set())
    if now.phase is Phase.DETECTION and not now.has_roles:
        asked |= {"commander"}
    if now.phase is Phase.RECOVERY and is_strict(now) and not now.is_known:
        asked |= {"data"}
    return asked | can_waive(now)


def going_on(now: Situation) -> str:
    if not may(now, *STEERS):
        return ONLY
    return f"*INC-1 stays in {now.phase.capitalize()} for now.*" if lacking(now) else ALLOWED


def closing(now: Situation) -> str:
    return going_on(now) if now.phase is Phase.POSTMORTEM else STANDS


def waiving(now: Situation) -> str:
    if not may(now, LEADER):
        return ONLY
    return ALLOWED if can_waive(now) else NOTHING


def waiving_the_rest(now: Situation) -> str:
    if not may(now, LEADER):
        return ONLY
    return "The policy does not let INC-1 go on without" if lacking(now) - can_waive(now) else NOTHING


def lowering(then: Rule) -> Rule:
    """Nobody is asked why when none was set; else only whoever leads, and not in DETECTION."""

    def rule(now: Situation) -> str:
        if now.severity is None:
            return ALLOWED
        if now.severity == "SEV4":
            return NOTHING
        if not may(now, LEADER):
            return ONLY
        return "In Detection nobody knows yet" if now.phase is Phase.DETECTION else then(now)

    return rule


def steeply(now: Situation) -> str:
    return ALLOWED if now.severity == "SEV3" else "The severity is lowered one level at a time"


def worst(now: Situation) -> str:
    return NOTHING if now.severity == "SEV1" else ALLOWED


def leading(mine: str, taken: str) -> Rule:
    """One answer to whoever leads, another to others, and an empty seat is anybody's."""
    return lambda now: mine if leads(now) else taken if now.has_roles else ALLOWED


def only_leader(others: str, empty: str, mine: str = ALLOWED) -> Rule:
    """Only whoever leads may, unless nobody does."""
    return lambda now: empty if not now.has_roles else mine if leads(now) else others


def comes_to_command(now: Situation) -> str:
    """Whoever has a role keeps it, and leads besides."""
    return SOLO if now.has_roles and now.who not in (LEADER, NO_ROLE) else ALLOWED


def takes_on(now: Situation) -> str:
    """Whoever leads takes on something else besides."""
    if not leads(now):
        return ALLOWED
    return "the incident commander leads INC-1, which is a job of its own at SEV" if is_apart(now) else SOLO


def given_to_leader(now: Situation) -> str:
    return takes_on(now.but(who=LEADER))


def taking_what_is_had(now: Situation) -> str:
    if not now.has_roles:
        return ALLOWED
    return NOTHING if now.who == "the scribe" else "the scribe has been scribe since"


def unless_apart(answer: str) -> Rule:
    """That leading is a job of its own is said first."""
    return lambda now: takes_on(now) if leads(now) and is_apart(now) else answer


def taking_when_full(now: Situation) -> str:
    """The deputy and the communications lead report already; eight test something."""
    if leads(now) or not now.has_roles or now.who in ("the deputy", "the communications lead"):
        return takes_on(now)
    return "10 people report to the incident commander already"


def stretching(answer: str, afterwards: str) -> Rule:
    """Only whoever leads may, and not once service is restored."""
    return for_those((LEADER,), lambda now: afterwards if now.phase is Phase.POSTMORTEM else answer)


def cancelling(now: Situation) -> str:
    if not may(now, LEADER, NO_ROLE):
        return ONLY
    if now.phase not in (Phase.DETECTION, Phase.TRIAGE):
        return STANDS
    return "Something was done against the harm" if now.is_known else ALLOWED


def merging(then: str) -> Rule:
    return lambda now: STANDS if now.phase is Phase.POSTMORTEM else then


def back(now: Situation) -> str:
    if now.phase is Phase.POSTMORTEM:
        return "Service was restored"
    return ALLOWED if now.is_known else "INC-1 is not contained"


def for_those(roles: tuple[str, ...], then: Rule) -> Rule:
    return lambda now: then(now) if may(now, *roles) else ONLY


def redacting(then: str) -> Rule:
    """The one thing that nobody may for want of a role."""
    return lambda now: then if now.has_roles and now.who in STEERS else "In INC-1 only these may redact"


def told(now: Situation) -> str:
    return "*support* were told" if now.severity == "SEV4" else "*executives* were told"


def changed(now: Situation) -> str:
    return f"Something has changed since {told(now).removesuffix(' were told')}"


def in_run(*roles: str) -> Rule:
    """Only these go on in a playbook; anybody, while nobody has a role."""
    return lambda now: ALLOWED if not now.has_roles or now.who in roles else "*An example:* this is for the "


def putting_off(then: str) -> Rule:
    """At SEV4 nobody hears whose updates a person sends, so that there is no reminder."""
    return lambda now: PUT_OFF if now.severity == "SEV4" else then


def reviewing(then: str) -> Rule:
    """There is a postmortem to work on once Recovery is left."""
    return lambda now: then if now.phase is Phase.POSTMORTEM else "The postmortem of INC-1 can be written once"


RULES: dict[str, Rule] = {
    "write in the postmortem": reviewing(ALLOWED),
    "write a section that somebody has changed meanwhile": reviewing("*What helped* was changed"),
    "write in one that is published": reviewing("The postmortem of INC-1 is *published*"),
    "tag what contributed": reviewing(ALLOWED),
    "keep a wording that was found": reviewing(ALLOWED),
    "ask for a review before it is finished": reviewing("Before its review the postmortem needs:"),
    "review one that they wrote": reviewing("You wrote it or asked for its review"),
    "publish one that is reviewed": reviewing(ALLOWED),
    "publish one with open wordings": reviewing("There are wordings to look at"),
    "go on to the next phase, or close": going_on,
    "close": closing,
    "go on from a phase that is left already": always(STANDS),
    "waive what the policy lets be waived here": waiving,
    "waive anything else that is missing": waiving_the_rest,
    "set the worst severity": worst,
    "answer the two questions, for the worst": worst,
    "lower the severity by one level, with a reason": lowering(always(ALLOWED)),
    "lower it once more, at once": lowering(always("The severity of INC-1 was lowered a moment ago")),
    "lower it to the mildest, with a reason": lowering(steeply),
    "lower it to the mildest, without a reason": lowering(
        always("That would lower the severity, which needs a reason")
    ),
    "set a severity that the policy does not have": always("The policy has no severity “nonsense”."),
    "press `I'm incident commander`": leading(NOTHING, ALLOWED),
    "press it a moment after somebody took command": leading(NOTHING, "the incident commander has been"),
    "press it while somebody else waits for an answer": leading(NOTHING, "somebody else asked before you"),
    "answer that, being still there": only_leader("This asks the incident commander", "That is settled already."),
    "answer a claim that is settled": always("That is settled already."),
    "take command at once, in an emergency": lambda now: NOTHING if leads(now) else comes_to_command(now),
    "hand command over": only_leader(IS_WITH, ALLOWED),
    "accept command that is offered to one": lambda now: comes_to_command(now) if now.has_roles else NO_OFFER,
    "accept command that is offered to somebody else": lambda now: (
        "*incident commander* is offered to somebody else" if now.has_roles else NO_OFFER
    ),
    "accept command that is not offered": always(NO_OFFER),
    "decline command that is offered to one": lambda now: ALLOWED if now.has_roles else NO_OFFER,
    "take the offer of command back": only_leader(IS_WITH, NO_OFFER),
    "give another role to whoever leads": given_to_leader,
    "take another role that nobody has": takes_on,
    "take another role that somebody has": taking_what_is_had,
    "give a role that the policy does not have": always("The policy has no role “astrologer”."),
    "snooze the question whether whoever leads should rest": only_leader(
        IS_WITH, "*incident commander* is with nobody", mine=NOTHING
    ),
    "object to what stands by now": always("That decision stands."),
    "cancel": cancelling,
    "cancel after something was done against the harm": lambda now: cancelling(now.but(is_known=True)),
    "merge into another": merging(ALLOWED),
    "merge into itself": merging("INC-1 cannot be merged into itself"),
    "merge into one that is over": merging("INC-7 is over."),
    "merge into a drill": merging("One of INC-1 and INC-7 is a drill"),
    "declare the same once more within two minutes": always("You declared this a moment ago, as *INC-1*."),
    "give a time that is to come": always("23 November at 15:00 UTC has not come yet."),
    "name a boundary that the policy does not have": always("The policy has no boundary “moon”."),
    "write nothing where words are needed": always("Nothing was written for “note”."),
    "say that the impact is back": back,
    "say so of one that is undone already": always("That measure is settled by now."),
    "test one": takes_on,
    "take over the test of somebody else": takes_on,
    "test one of which only the idea is known": unless_apart(
        "*H1* needs before its test:\n○ what we will see if it is true, and what if it is false"
    ),
    "test one besides another": unless_apart("H2 is being tested by the same person"),
    "test one while as many are tested as can be": unless_apart("H2, H3 and H4 are being tested"),
    "take another role while as many report to whoever leads as one person can lead": taking_when_full,
    "say something else once its test has begun": always("A test of *H2* has begun, so what it predicts stays"),
    "plan another test while one runs": always("*H2* is being tested just now."),
    "plan a test again that showed nothing": always("*H2* was tested like that, without a result."),
    "give a running test to whoever leads": given_to_leader,
    "give a running test to somebody who tests another": always("H3 is being tested by the same person"),
    "say that one is a duplicate of itself": always("*H1* and H1 are one already."),
    "say that one under test is a duplicate": always("*H2* is past the point where it could be a duplicate"),
    "let a test change production": for_those((LEADER,), always(ALLOWED)),
    "let a test change production that knows no way back": for_those(
        (LEADER,), always("*H1* needs before its test:\n○ how the change is undone")
    ),
    "begin a change of production that nobody has allowed": unless_apart(
        "*H1* needs before its test:\n○ the go of whoever leads"
    ),
    "begin a change of production while another test changes it": unless_apart("H2 changes production too."),
    "give a test more time once more": always("The test of *H2* was given more time once already."),
    "give one more time that nobody tests": always("Nobody is testing *H1* just now; it is *○ Proposed*."),
    "confirm one without saying how much it explains": always("Please say whether it explains all that is seen"),
    "confirm one that evidence speaks against": always("One piece of evidence speaks against *H2*"),
    "confirm or refute one that nobody tests": lambda now: SOLO if leads(now) else ALLOWED,
    "test one that has turned out": always("*H3* was confirmed"),
    "confirm or refute one that has turned out": always("*H3* was confirmed"),
    "park one that has turned out": always("*H3* was confirmed"),
    "state one that has turned out anew": always(ALLOWED),
    "state one anew that is open": always("*H1* has not turned out yet"),
    "say that one states anew what had turned out": always(ALLOWED),
    "propose one that names a person": always("It names a person."),
    "propose one that is longer than a line": always("It has 199 characters and 140 fit"),
    "send an update": for_those(WRITES, always(ALLOWED)),
    "send a draft that waits": for_those(WRITES, always(ALLOWED)),
    "send a draft that somebody has sent": for_those(WRITES, told),
    "tell an audience that does not hear of it": for_those(WRITES, always("“the press” does not hear of INC-1.")),
    "send an update that names a person": for_those(
        WRITES, lambda now: f"Nothing was sent: the text for {told(now)[:-10]}"
    ),
    "send it all the same, and say why": for_those(WRITES, always(ALLOWED)),
    "correct what an audience was told": for_those(WRITES, always(ALLOWED)),
    "correct what an audience was never told": for_those(WRITES, always("“the press” does not hear of INC-1.")),
    "say that nothing has changed": for_those(WRITES, always(ALLOWED)),
    "say so when something has": for_those(WRITES, changed),
    "say so when somebody has told them meanwhile": for_those(WRITES, told),
    "put a reminder off": putting_off(ALLOWED),
    "put it off once more": always(PUT_OFF),
    "put it off when the update is overdue": putting_off("That update is overdue"),
    "subscribe to updates": always(ALLOWED),
    "end a subscription": always(NOTHING),
    "let audiences hear less often": stretching(ALLOWED, "Audiences hear as often as usual."),
    "let them hear less often in the first minutes": for_those((LEADER,), always("INC-1 is younger than 60 minutes")),
    "let them hear less often when they do already": stretching(LESS_OFTEN, LESS_OFTEN),
    "let them hear as often as usual again": stretching(ALLOWED, LESS_OFTEN),
    "start a playbook": always(ALLOWED),
    "start a playbook that there is not": always("There is no playbook “moon”"),
    "start a playbook whose file is broken": always("The playbook broken cannot be started"),
    "say that a step of the operations lead is done": in_run(OPERATIONS),
    "roll back what a playbook did": in_run(OPERATIONS, LEADER),
    "hold an undo, as the incident commander may": in_run(LEADER),
    "call a playbook off": in_run(OPERATIONS, LEADER),
    "redact an entry": redacting(ALLOWED),
    "redact what is not there": redacting("Nothing in the record says that"),
    "redact, and say it again in the reason": redacting("This says what is to be redacted"),
    "adopt a corrected policy": for_those(STEERS, always(ALLOWED)),
    "adopt one without the worst severity": for_those(
        STEERS, lambda now: "INC-1 keeps its policy" if now.severity == "SEV1" else ALLOWED
    ),
}
OPEN_TO_ALL = (
    *("snooze the question about the phase", "give another role to somebody", "put a decision to the room"),
    *("object to a decision", "object as well as somebody else", "split", "say that it happened again"),
    *("change the title", "say who cannot do what", "say when the harm began", "say when it was noticed"),
    *("say what is affected and what works", "answer what gates ask in a line", "correct several facts at once"),
    *("say how recovery was verified", "add an action item", "say that no action is needed", "write a note"),
    *("put a debate off", "pin a message to the timeline", "say what stopped the harm", "say what did not help"),
    *("say that a temporary measure is undone", "propose one", "say where one lies", "park one"),
    *("confirm or refute one under test", "reply in its thread", "mark a reply as evidence", "take such a mark back"),
    *("edit a reply", "delete a reply"),
    *("write evidence in a form", "have Slack asked again for what it refused", "ask for a picture of the incident"),
    *("say what one predicts", "say how one is tested", "give one to somebody to test", "say that one is a duplicate"),
    *("give a test more time", "say that a test showed nothing", "say why it is true all the same", "answer a hint"),
)
"""What anybody may, whatever the phase and the severity."""
ACTIONS: dict[str, str] = {
    **dict.fromkeys(
        (
            *("take one that was proposed to them", "decline one", "give one to somebody", "begin to work on one"),
            *("say that one is done", "verify what somebody else did", "open one again", "drop one"),
            *("move one to a later day", "reword one", "say what one acts on"),
        ),
        ALLOWED,
    ),
    "take one that was proposed to somebody else": "*A1* was proposed to",
    "say so of one that is verified": "*A1* of INC-1 is *verified* by now.",
    "verify what they did themselves": "You did *A1* yourself",
    "reword one so that it never ends": "Put like this nobody could say when it is done.",
    "make one of a private incident an issue": "INC-1 is private, and others would read *A1* in the tracker.",
    "follow one in a tracker that there is not": "The policy has no issue tracker “moon”.",
}
"""What is said about action items, in any phase and afterwards."""
RULES |= {what: always(answer) for what, answer in ACTIONS.items()}
RULES |= dict.fromkeys(OPEN_TO_ALL, always(ALLOWED))
AFTERWARDS = (
    *("split", "say that it happened again", "declare the same once more within two minutes"),
    *("send a draft that waits", "send a draft that somebody has sent"),
    *("redact an entry", "redact what is not there", "redact, and say it again in the reason"),
    *("have Slack asked again for what it refused", "add an action item", *ACTIONS),
)
"""What is answered as before once an incident is over: it needs no open incident, or settles what it left behind."""


def expected(what: str, now: Situation) -> str:
    """How the answer begins."""
    if now.end is None or what in AFTERWARDS:
        return RULES[what](now)
    return {
        End.CLOSED: "*INC-1 is closed*",
        End.CANCELLED: "*INC-1 is cancelled*",
        End.MERGED: "*INC-1 is merged into INC-7*",
    }[now.end]
