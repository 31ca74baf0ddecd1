"""What one person is told: refusals, the state of things, the list and help."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.core.action_item import ActionState, Gap
from bot.core.incident import COMMANDER, End, Incident, Phase, Room, Status
from bot.core.needs import Need
from bot.core.playbooks.acts import Why
from bot.core.policy import Policy
from bot.core.policy_parts import Act
from bot.core.refusal import (
    ActionOfAnother,
    ActionStands,
    AlreadyDeclared,
    AlreadyStretched,
    AlreadyTold,
    CannotMerge,
    CannotSnooze,
    Concluded,
    HarmFought,
    HasChanged,
    HasEnded,
    KeptPrivate,
    Lacks,
    LoweredTooFar,
    LoweredTooSoon,
    NotAllowed,
    NotContained,
    NotFinished,
    NothingToRedact,
    NothingToSettle,
    NotInPolicy,
    NotLongYet,
    NotNext,
    NotPlain,
    NotThere,
    NotWaivable,
    NotYet,
    OwnAction,
    PlaybookBroken,
    PolicyDoesNotFit,
    Refusal,
    RepeatsIt,
    RunRefused,
    SaysNothing,
    SeatTaken,
    TooLate,
    Unclear,
)
from bot.core.review import Section, Stage
from bot.core.router.updates import SendUpdate, owed
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.slack.ids import Verb
from bot.slack.messages import answers
from bot.slack.messages.message import Message
from bot.slack.messages.refusals import refused, stale
from bot.slack.text import quoted
from tests.core.given import (
    BOB,
    POLICY,
    POLICY_WITH_DRAFTS,
    START,
    closed,
    decided,
    declared,
    in_phase,
    origin,
    policy_with,
    supposed,
)
from tests.core.postmortem_examples import postmortem_refusals
from tests.core.role_examples import role_refusals
from tests.core.tracker_examples import tracker_refusals
from tests.slack.given import LARGE_POLICY, LONG_NAMES, NASTY, NOW, PHASES, fits, labels, pings, shown, stuffed

OF_ROLES = (
    "<@UBOB> leads INC-1, which is a job of its own at SEV2. "
    "Please let somebody else be incident commander, or hand over command first.",
    "8 people report to <@UBOB> already, as many as one person can lead. "
    "Please make somebody *operations lead* first, with `Roles` on the card; then go on.",
    "*incident commander* is offered to <@UBOB>, and only they can answer.",
    "That offer does not stand any more. *incident commander* is with <@UBOB>.",
    "<@UBOB> asked before you, and gets *incident commander* at <!date^1795442420^{time}|14:00 UTC>, unless <@UALICE> answers. "
    "Please help them.",
    "That is settled already. *incident commander* is with nobody.",
    "That decision stands. If another one is better, put it to the room with `/incident decide`.",
)
"""What is said of `role_refusals`, in their order."""
OF_TESTS = (
    "*H1* needs before its test:\n○ what we will see if it is true, and what if it is false: press `Predict`\n"
    "○ how it is tested: press `Plan test`",
    "H1 and H2 are being tested, as many at once as people can follow. Please finish or park one first.",
    "A test of *H1* has begun, so what it predicts stays: otherwise any result would fit. If you see it differently, propose "
    "another hypothesis.",
    "*H1* was tested like that, without a result. Please choose another way, or park it.",
    "2 pieces of evidence speak against *H1*, and nobody has said why it is true all the same. Press `Confirm` again to answer, "
    "or `Refute`.",
    "Nobody is testing *H1* just now; it is *‖ Parked*. The hypothesis stays as it is.",
    "*H1* is past the point where it could be a duplicate: somebody has worked on it. Please say how it turned out, or press "
    "`Park`.",
    "It names a person. Say which thing is at fault. A thing with that name stands in `marks like these`. It has 150 characters "
    "and 140 fit: please leave out 10.",
    "*H2* has not turned out yet, so it cannot be stated anew. Propose it without that, and press `Same as …` on H2 if it is no "
    "longer needed.",
)
"""What is said of `tracker_refusals`, in their order."""
OF_REVIEWS = (
    "The postmortem of INC-1 is *published*. To change it, press `Back to draft` first and say why.",
    "*What helped* was changed by <@UBOB> at <!date^1795442420^{time}|14:00 UTC>, while you had it open. Nothing was overwritten. "
    "Please look at it again.",
    "Before its review the postmortem needs:\n○ *What helped* says nothing yet\n○ *Where we got lucky* says nothing yet\n"
    "○ at least 2 contributing factors must be tagged",
    "You wrote it or asked for its review, so somebody else reviews it: who was not there sees what is missing.",
)
"""What is said of `postmortem_refusals`, in their order."""
REFUSALS: list[tuple[Refusal, str]] = [
    (
        ActionStands(item=1, state=ActionState.VERIFIED, assignee=BOB),
        "*A1* of INC-1 is *verified* by now. It is with <@UBOB>. Nothing was changed.",
    ),
    (
        ActionStands(item=1, state=ActionState.PROPOSED, assignee=None),
        "*A1* of INC-1 is *proposed* by now. Nobody has it. Nothing was changed.",
    ),
    (
        ActionOfAnother(item=1, assignee=BOB),
        "*A1* was proposed to <@UBOB>, and only they can say whether they take it. If you want it, press `I take it`.",
    ),
    (OwnAction(item=1), "You did *A1* yourself: somebody else looks whether it is done. Nothing was changed."),
    (
        Unclear(gaps=(Gap.DONE_WHEN,)),
        "Put like this nobody could say when it is done. Please add how anybody can see that it is done, in 15 characters or "
        "more. Nothing was changed.",
    ),
    (
        KeptPrivate(item=1),
        "INC-1 is private, and others would read *A1* in the tracker. No issue was created.",
    ),
    (
        PlaybookBroken(playbook="torn", wrong="torn.yml:1:1: this is no playbook."),
        "The playbook torn cannot be started, since its file is broken:\ntorn.yml:1:1: this is no playbook.\nThe others are not "
        "concerned. Once the file is mended, whoever looks after Lockstep starts it anew.",
    ),
    (
        RunRefused(run=None, title="A <b>", because=Why.OTHER_ROLE, tried="done", names=(COMMANDER, "deputy")),
        "*A &lt;b&gt;:* this is for the incident commander (<@UALICE>) or the deputy to do. Nothing was changed.",
    ),
    (
        NotLongYet(again=START),
        "INC-1 is younger than 60 minutes: people who hear less often now start to ask. "
        "You can do this from <!date^1795442420^{time}|14:00 UTC> on.",
    ),
    (
        AlreadyStretched(is_on=True),
        "Audiences hear less often already. `/incident slower off` goes back to the usual.",
    ),
    (
        AlreadyStretched(is_on=False),
        "Audiences hear as often as usual. `/incident slower` makes it less often once the incident lasts.",
    ),
    (
        NotPlain(rules={"customers & co": ("U3",), "support": ("U2", "U3")}),
        "Nothing was sent: the text for *customers &amp; co*, *support* has names of people and a cause. Please mend it, "
        "or say why it has to go out as it is.",
    ),
    (
        HasChanged(audience="customers & co"),
        "Something has changed since *customers &amp; co* were told, so “no change” is not true. Nothing was sent. "
        "Please press `Send`, which says what is true now.",
    ),
    (
        CannotSnooze(because="overdue"),
        "That update is overdue, so it is not put off any more. If nothing is new, press `No change`.",
    ),
    (
        CannotSnooze(because="snoozed"),
        "That was put off once already, or is sent by now. If nothing is new, press `No change`.",
    ),
    (
        NotNext(phase=Phase.TRIAGE, since=START, by=BOB),
        "INC-1 has been in *Triage* since <!date^1795442420^{time}|14:00 UTC>, by <@UBOB>. Phases come one after the other, "
        "so the phase was not changed. What comes next is `Advance to Containment`.",
    ),
    (
        Lacks(missing=(Need.COMMANDER, Need.IMPACT)),
        "*INC-1 stays in Triage for now.* What was filled in is kept. Before Containment we must know:\n"
        "○ who is incident commander: press `I'm incident commander`\n"
        "○ who cannot do what: press `Fill in`",
    ),
    (
        SeatTaken(role=COMMANDER, user=BOB, since=START),
        "<@UBOB> has been incident commander since <!date^1795442420^{time}|14:00 UTC>. "
        "Please help them. If they do not answer, `/incident commander` asks whether they are there; in an emergency "
        "`/incident take-command why` takes it at once.",
    ),
    (
        SeatTaken(role="scribe", user=BOB, since=START),
        "<@UBOB> has been scribe since <!date^1795442420^{time}|14:00 UTC>. "
        "Please help them. To take over, talk to them and then use `/incident role`.",
    ),
    *zip(role_refusals(START, BOB, COMMANDER), OF_ROLES, strict=True),
    *zip(tracker_refusals(), OF_TESTS, strict=True),
    *zip(postmortem_refusals(START, BOB), OF_REVIEWS, strict=True),
    (
        NotThere(stage=Stage.DRAFT, is_writable=False),
        "The postmortem of INC-1 can be written once Recovery is left. Until then use notes and 📌.",
    ),
    (
        NotThere(stage=Stage.REVIEWED, is_writable=True),
        "The postmortem of INC-1 is *reviewed* by now; somebody may have been faster than you. `/incident postmortem` shows what "
        "comes next.",
    ),
    (
        NotFinished(sections=(Section.HELPED,), are_findings=True),
        "There are wordings to look at in *What helped*. Change each, or press `Keep` and say why it stays.",
    ),
    (
        TooLate(phase=Phase.CONTAINMENT, since=START, by=BOB),
        "INC-1 has been in *Containment* since <!date^1795442420^{time}|14:00 UTC>, by <@UBOB>. From there an incident walks on "
        "to its close; that it was none is said in its review. Nothing was changed.",
    ),
    (
        HarmFought(at=START),
        "Something was done against the harm at <!date^1795442420^{time}|14:00 UTC>, so INC-1 is not cancelled any more. "
        "It walks on to its close; that it was none is said in its review. Nothing was changed.",
    ),
    (
        CannotMerge(into=7, because="over"),
        "INC-7 is over. An incident is merged into one that is still open. `/incident list` shows the open incidents. "
        "Nothing was changed.",
    ),
    (
        HasEnded(end=End.CLOSED),
        "*INC-1 is closed*, and nothing in it can change any more. If the trouble is back, declare a new incident with "
        "`/incident declare`.",
    ),
    (
        NotInPolicy(what="severity", given="sev9 <!here>", known=("SEV1", "SEV2")),
        "The policy has no severity “sev9 &lt;!here&gt;”. It has: SEV1, SEV2.",
    ),
    (
        NotInPolicy(what="role", given="chef", known=(COMMANDER, "R&D lead")),
        "The policy has no role “chef”. It has: incident commander, R&amp;D lead.",
    ),
    (SaysNothing(what="impact"), "Nothing was written for “impact”. Please write a few words."),
    (
        Concluded(hypothesis=3, status=Status.REFUTED, since=START, by=BOB),
        "*H3* was refuted <!date^1795442420^{date_short_pretty} at {time}|23 November at 14:00 UTC> by <@UBOB>. "
        "That is final. If you see it differently, "
        "propose it anew as another hypothesis.",
    ),
    (
        NotYet(given=START),
        "<!date^1795442420^{date_short_pretty} at {time}|23 November at 14:00 UTC> has not come yet. "
        "Please give a time that has passed.",
    ),
    (
        PolicyDoesNotFit(severities=("SEV1", "Major & more")),
        "INC-1 keeps its policy: the file has no severity SEV1, Major &amp; more any more, which this incident has or had. "
        "Put it back into policy.yml and adopt again.",
    ),
    (
        AlreadyTold(audience="customers", at=START),
        "*customers* were told at <!date^1795442420^{time}|14:00 UTC>, by somebody who was faster. Nothing was sent twice. "
        "If there is more to say, press `Send update`.",
    ),
    (
        NotAllowed(allowed=(COMMANDER, "@security & co")),
        "In INC-1 only these may redact: the incident commander (<@UALICE>) and @security &amp; co. Please ask one of them. "
        "Nothing else was changed.",
    ),
    (
        NotWaivable(needs=("containment", "severity")),
        "The policy does not let INC-1 go on without knowing what was done that stopped the harm from growing; how severe it "
        "is. Press `Fill in` on the card.",
    ),
    (
        NotContained(phase=Phase.CONTAINMENT),
        "INC-1 is not contained, so the harm is known to go on. Somebody may have been faster than you.",
    ),
    (
        LoweredTooSoon(),
        "In Detection nobody knows yet how bad it is, so the severity is only raised. It can be lowered after "
        "`Advance to Triage`. Nothing was changed.",
    ),
    (
        LoweredTooFar(next="SEV2"),
        "The severity is lowered one level at a time, so that nobody is sent home too early. Next is SEV2: "
        "`/incident severity SEV2 why`. Nothing was changed.",
    ),
    (
        NothingToSettle(),
        "That measure is settled by now. The pinned card shows what is still missing.",
    ),
    (NothingToRedact(), "Nothing in the record says that, or not any more. Small and capital letters count."),
    (RepeatsIt(), "This says what is to be redacted, and everybody reads it. Please write it in other words."),
    (
        AlreadyDeclared(incident=1),
        "You declared this a moment ago, as *INC-1*. Its room is <#C1>. If this is something else, declare another one.",
    ),
]


@dataclass(frozen=True)
class Listed:
    """One line of the list of incidents."""

    number: int
    title: str = "Checkout <!channel>"
    phase: str = "TRIAGE"
    severity: str | None = None
    room_channel: str | None = "C1"
    is_drill: bool = False
    is_private: bool = False


@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
def test_a_refusal_says_what_is_true_and_what_to_do(refusal: Refusal, said: str) -> None:
    incident = in_phase(Phase.TRIAGE).but(room=Room(channel="C1", name="inc-1"))
    assert fits(refused(refusal, incident, POLICY)).text == said


def test_who_may_not_do_something_can_take_command_at_once_when_nobody_has_it() -> None:
    refusal = NotAllowed(act=Act.ADVANCE, allowed=(COMMANDER, "deputy"))
    message = fits(refused(refusal, declared(), POLICY))
    assert labels(message) == ["I'm incident commander"] and "Nobody leads yet" in message.text
    assert labels(fits(refused(refusal, in_phase(Phase.TRIAGE), POLICY))) == []


def test_a_hold_is_said_to_be_waited_for() -> None:
    refusal = Lacks(missing=("hold",))
    assert "○ that the harm stays away for 5 minutes after that" in refused(refusal, declared(), POLICY).text


def test_every_refusal_has_its_sentence() -> None:
    union = get_args(get_args(Refusal)[0])
    assert {type(refusal) for refusal, _ in REFUSALS} == set(union)


@pytest.mark.parametrize("phase", PHASES)
def test_what_a_gate_lacks_can_all_be_said(phase: Phase) -> None:
    fits(refused(Lacks(missing=tuple(Need)), stuffed(phase), LARGE_POLICY))


@pytest.mark.parametrize(
    "refusal",
    [
        NotInPolicy(what="boundary", given=NASTY, known=(NASTY,) * 9),
        NotInPolicy(what="audience", given=NASTY, known=tuple(one.name for one in LARGE_POLICY.audiences)),
        NotInPolicy(what="role", given=NASTY, known=tuple(one.name for one in LARGE_POLICY.roles)),
        SeatTaken(role="<!here>" * 8, user=BOB, since=START),
        PolicyDoesNotFit(severities=("&" * 60, "<!here>") * 5),
        Concluded(hypothesis=10**6, status=Status.CONFIRMED, since=START, by=BOB),
    ],
    ids=["boundary", "audience", "role", "seat", "policy", "hypothesis"],
)
def test_no_name_of_any_length_breaks_a_refusal_or_calls_anybody(refusal: Refusal) -> None:
    assert pings(fits(refused(refusal, stuffed(Phase.TRIAGE), LARGE_POLICY))) == []


def test_an_audience_that_does_not_hear_of_this_severity_is_not_said_to_be_unknown() -> None:
    minor = declared("SEV3", POLICY_WITH_DRAFTS)
    send = SendUpdate(origin=origin(), text="x", audiences=("customers",))
    refusal = decided(minor, send, policy=POLICY_WITH_DRAFTS)[1].refusal
    assert refusal is not None
    assert "The policy has no audience “customers”" not in refused(refusal, minor, POLICY_WITH_DRAFTS).text


def test_who_declared_twice_may_declare_another() -> None:
    message = refused(AlreadyDeclared(incident=1), declared(), POLICY)
    assert labels(message) == ["Declare another"]
    assert "Its room is being opened." in message.text


def test_a_stale_button_says_what_is_true_now() -> None:
    said = stale(in_phase(Phase.TRIAGE), Phase.DETECTION).text
    assert said.startswith("That button was for Detection. INC-1 has been in *Triage* since <!date^")
    assert "Nothing was changed." in said
    assert stale(closed(), Phase.POSTMORTEM).text.startswith("*INC-1 is closed*")


def doing(incident: Incident) -> Message:
    """What `/incident` alone answers in the room of this incident."""
    return fits(answers.needs_doing(incident, POLICY, owed(incident, POLICY)))


def test_what_needs_doing_is_the_gate_with_its_buttons() -> None:
    message = doing(in_phase(Phase.CONTAINMENT))
    assert "*INC-1* is in *Containment* since" in shown(message)
    assert "○ what was done that stopped the harm from growing (_missing_)" in shown(message)
    assert labels(message)[:2] == ["Fill in", "Advance to Recovery"]
    assert labels(doing(closed())) == []


def test_when_the_next_update_is_a_persons_to_send_it_is_not_said_to_go_out() -> None:
    (customers,) = (one for one in POLICY_WITH_DRAFTS.model_dump()["audiences"] if one["name"] == "customers")
    policy = policy_with(POLICY_WITH_DRAFTS, audiences=[customers])
    incident = in_phase(Phase.TRIAGE, "SEV1", policy)
    due = owed(incident, policy)
    assert "goes out by" not in shown(fits(answers.needs_doing(incident, policy, due)))


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    "policy", [LARGE_POLICY, LONG_NAMES], ids=["the largest policy", "ten roles, twenty audiences"]
)
def test_no_text_of_any_length_breaks_where_an_incident_stands(phase: Phase, policy: Policy) -> None:
    incident, due = stuffed(phase, policy), {audience.name: NOW for audience in policy.audiences}
    assert pings(fits(answers.needs_doing(incident, policy, due))) == []
    assert pings(fits(answers.status(incident, policy, due))) == []


def test_no_text_of_any_length_breaks_an_answer() -> None:
    incident = stuffed(Phase.TRIAGE)
    fits(answers.nobody_hears(incident, LARGE_POLICY))
    fits(answers.severity_set(incident))
    fits(answers.started(incident, NOW, ZoneInfo("America/Argentina/ComodRivadavia")))
    fits(answers.unreadable_time(NASTY))
    fits(answers.fact_kept(quoted(NASTY)))
    fits(answers.hypothesis_kept(incident, 1))
    fits(answers.policy_followed(incident, [f"severity {'&' * 60}"] * 99))


def test_the_list_shows_each_open_incident_with_its_room() -> None:
    message = fits(answers.open_incidents([Listed(7, severity="SEV1"), Listed(6, room_channel=None)]))
    assert "2 incidents are open:" in shown(message)
    assert "• *INC-7* Checkout &lt;!channel&gt; · Triage · SEV1 · <#C1>" in shown(message)
    assert "• *INC-6* Checkout &lt;!channel&gt; · Triage · severity not set · room being opened" in shown(message)
    assert labels(message) == ["Declare an incident"]


def test_a_list_of_any_length_fits() -> None:
    many = [Listed(number, title=NASTY, severity="&" * 60) for number in range(500)]
    assert "and 470 more" in shown(fits(answers.open_incidents(many)))
    fits(answers.needs_room(many))
    fits(answers.which_incident(Verb.STATUS, many))


def test_with_nothing_open_the_list_offers_to_declare() -> None:
    assert labels(fits(answers.open_incidents([]))) == ["Declare an incident"]
    assert "declare what is wrong" in answers.needs_room([]).text
    assert "`/incident status INC-7`" in answers.which_incident(Verb.STATUS, []).text


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Paris", "*Monday 23 November 2026 at 00:30* (Europe/Paris, 23:30 UTC)"),
        ("America/New_York", "*Sunday 22 November 2026 at 18:30* (America/New_York, 23:30 UTC)"),
        ("UTC", "*Sunday 22 November 2026 at 23:30* (UTC, 23:30 UTC)"),
    ],
)
def test_a_start_is_said_back_with_its_day_and_zone_so_that_a_mistake_is_seen(zone: str, said: str) -> None:
    began = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    told = fits(answers.started(declared(), began, ZoneInfo(zone))).text
    assert told == f"Recorded: INC-1 started on {said}. The next update says what is true now."


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    paris = ZoneInfo("Europe/Paris")
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert "02:30* (Europe/Paris, 00:30 UTC)" in answers.started(declared(), first, paris).text
    assert "02:30* (Europe/Paris, 01:30 UTC)" in answers.started(declared(), second, paris).text


def test_what_is_no_time_is_answered_with_how_to_write_one() -> None:
    assert fits(answers.unreadable_time("half <past> two")).text == (
        "I cannot read “half &lt;past&gt; two” as a time. Write it like `/incident started 14:05`, or with a day like "
        "`/incident started 2026-11-23 23:50`. It is read in your time zone."
    )


def test_a_note_and_a_hypothesis_are_answered_with_where_they_went() -> None:
    assert answers.noted(declared()).text == "Noted on the timeline of INC-1."
    thread = "Its thread in the room collects what speaks for and against it."
    assert answers.hypothesis_kept(supposed(), 1).text == f"*H1* of INC-1 is proposed. {thread}"
    anew = ProposeHypothesis(origin=origin(), statement="It waits", place="Card <network>", revises=1)
    incident, _ = decided(supposed(Status.REFUTED), anew)
    assert answers.hypothesis_kept(incident, 2).text == (
        "*H2* of INC-1 is proposed, and states *H1* anew. “Card &lt;network&gt;” is kept as a place that the map does not have. "
        f"{thread}"
    )


def test_a_policy_that_is_brought_in_says_what_changed_for_this_incident() -> None:
    changed = answers.policy_followed(declared(), ["audience R&D", "severity SEV1"]).text
    assert changed == "INC-1 follows the corrected policy now. Changed: audience R&amp;D, severity SEV1."
    assert answers.policy_followed(declared(), []).text == (
        "INC-1 follows the policy as it is in the file. Nothing had changed."
    )
    assert "`/incident policy adopt`" in answers.what_about_policy().text


def test_that_nobody_would_read_an_update_says_why() -> None:
    assert answers.nobody_hears(declared(), POLICY).text == (
        "No audience in the policy hears of this severity (not set, treated as SEV2), so nobody would read an update of INC-1."
    )


def test_help_names_every_command() -> None:
    assert set(answers.HELP) == set(Verb)
    assert all(f"`/incident {verb}" in fits(answers.help_text()).text for verb in Verb)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("decalre", "Did you mean `/incident declare`?"),
        ("TIMELNE", "Did you mean `/incident timeline`?"),
        ("hypotesis", "Did you mean `/incident hypothesis`?"),
        ("roles", "Did you mean `/incident role`?"),
        ("xyz`<!channel>", "I do not know `/incident xyz&lt;!channel&gt;`. Is something wrong? Declare it with"),
        (NASTY, "I do not know"),
    ],
)
def test_an_unknown_command_is_answered_with_the_nearest_one(typed: str, said: str) -> None:
    assert said in fits(answers.unknown_command(typed)).text
