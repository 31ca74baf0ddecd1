"""Roles in Slack: the form that hands one over, the brief that whoever takes over reads, and the call for somebody to lead."""

import pytest

from bot.core.claims import AnswerClaim, ClaimRole, SettleClaim
from bot.core.decision import SYSTEM, Command
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase, Side
from bot.core.load import ProposeRest
from bot.core.offers import AcceptRole, DeclineRole, LetOfferExpire, WithdrawOffer
from bot.core.policy import Policy
from bot.core.proposals import LetDecisionStand, ObjectToDecision, ProposeDecision
from bot.core.refusal import SeatTaken
from bot.core.roles import NOBODY, HandOver, RoleOffered, RoleTaken, SeatFoundEmpty, TakeCommand
from bot.core.tracker.hypotheses import ProposeHypothesis
from bot.slack.forms.modal import FieldErrors
from bot.slack.forms.role import RoleForm, SuccessorForm
from bot.slack.ids import Action, Drawn
from bot.slack.messages import role_answers
from bot.slack.messages.brief import brief
from bot.slack.messages.message import Message
from bot.slack.messages.notices import told
from bot.slack.text import mentioned
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    POLICY_WITH_DRAFTS,
    at,
    commanded,
    conclude,
    decided,
    declared,
    in_phase,
    only,
    origin,
    policy_with,
    start_test,
)
from tests.slack.given import (
    LARGE_POLICY,
    LONG_NAMES,
    buttons,
    fits,
    labels,
    pings,
    sent,
    shown,
    stuffed,
    view_fits,
)

HERE = origin()


# The form


def test_the_form_shows_who_has_which_role_and_what_each_is_for() -> None:
    incident, _ = decided(commanded(), HandOver(origin=origin(), role="scribe", user=CAROL))
    view = view_fits(RoleForm.view(incident, POLICY))
    assert view["blocks"][0]["text"]["text"] == (
        "*Incident commander:* <@UALICE>\n*Deputy:* nobody yet\n*Communications lead:* nobody yet\n"
        "*Operations lead:* nobody yet\n*Scribe:* <@UCAROL>"
    )
    options = view["blocks"][1]["element"]["options"]
    assert [option["text"]["text"] for option in options] == [
        "Incident commander",
        "Deputy",
        "Communications lead",
        "Operations lead",
        "Scribe",
    ]
    assert options[0]["description"]["text"] == "leads and decides; does not debug"
    assert (view["title"]["text"], view["submit"]["text"]) == ("Roles", "Hand over")


def test_a_role_is_handed_over_from_whoever_had_it_when_the_form_was_drawn() -> None:
    view = RoleForm.view(commanded(), POLICY)
    led = RoleForm.parse(sent(view, role="Incident commander", holder=BOB), HERE)
    assert led == HandOver(origin=HERE, role=COMMANDER, user=BOB, instead_of=ALICE)
    empty = RoleForm.parse(sent(view, role="scribe", holder=BOB), HERE)
    assert empty == HandOver(origin=HERE, role="scribe", user=BOB, instead_of=NOBODY)


def test_who_took_the_seat_while_the_form_was_open_is_not_pushed_out_of_it() -> None:
    """CAROL presses `I'm incident commander` while ALICE still looks for BOB in the form."""
    empty = RoleForm.view(declared(), POLICY)
    command = RoleForm.parse(sent(empty, role="Incident commander", holder=BOB), HERE)
    assert isinstance(command, HandOver)
    after, decision = decided(commanded(by=CAROL), command)
    assert isinstance(decision.refusal, SeatTaken)
    assert after.commander is not None and after.commander.user == CAROL


@pytest.mark.parametrize(
    ("filled", "errors"),
    [({"holder": BOB}, {"role": "Please choose one."}), ({"role": "scribe"}, {"holder": "Please choose somebody."})],
)
def test_a_role_without_a_person_and_a_person_without_a_role_are_pointed_out(
    filled: dict[str, str], errors: dict[str, str]
) -> None:
    assert RoleForm.parse(sent(RoleForm.view(declared(), POLICY), **filled), HERE) == FieldErrors(errors)


def test_whatever_the_policy_calls_its_roles_the_form_hands_them_over() -> None:
    roles = [
        {"name": COMMANDER, "short": ["ic"], "does": "leads"},
        {"name": "Liaison Officer", "short": ["liaison"], "does": "talks to <!channel> & the authorities"},
        {"name": "R&D lead", "short": ["rd"], "does": "x"},
    ]
    policy = policy_with(roles=roles)
    for role in ("Liaison Officer", "R&D lead"):
        command = RoleForm.parse(sent(RoleForm.view(declared(), policy), role=role, holder=BOB), HERE)
        assert isinstance(command, HandOver)
        after, _ = decided(declared(), command, policy=policy)
        assert after.seats[role].user == BOB


@pytest.mark.parametrize("policy", [LARGE_POLICY, LONG_NAMES], ids=["twenty roles", "ten roles"])
def test_roles_of_any_length_fit_into_the_form_and_into_what_it_carries(policy: Policy) -> None:
    incident = stuffed(Phase.TRIAGE, policy)
    view = view_fits(RoleForm.view(incident, policy))
    assert len(view["private_metadata"]) < 3000
    last = policy.roles[-1].name
    command = RoleForm.parse(sent(view, role=last, holder=BOB), HERE)
    assert command == HandOver(origin=HERE, role=last, user=BOB, instead_of=incident.seats[last].user)


def test_role_names_in_quotes_still_fit_into_what_the_form_carries() -> None:
    quotes = [{"name": f"{chr(34) * 58}{n:02}", "short": [f"r{n}"], "does": "x"} for n in range(19)]
    policy = policy_with(roles=[*quotes, {"name": COMMANDER, "short": ["ic"], "does": "x"}])
    view = view_fits(RoleForm.view(stuffed(Phase.TRIAGE, policy), policy))
    assert len(view["private_metadata"]) < 3000


# The command


@pytest.mark.parametrize(
    ("typed", "user", "rest"),
    [
        ("commander <@UBOB|bob>", BOB, "commander"),
        ("<@UBOB> comms", BOB, "comms"),
        ("comms to <@UBOB|bob> please", BOB, "comms to please"),
        ("communications lead <@UBOB|bob> not <@UALICE|alice>", BOB, "communications lead not @alice"),
        ("R&amp;D lead <@WBOB1>", "WBOB1", "R&D lead"),
        ("commander", None, "commander"),
        ("commander @bob", None, "commander @bob"),
        ("commander &lt;@UBOB&gt;", None, "commander <@UBOB>"),
        ("commander <!subteam^S1|@leads>", None, "commander @leads"),
        ("", None, ""),
    ],
)
def test_the_person_meant_is_found_wherever_the_mention_stands(typed: str, user: str | None, rest: str) -> None:
    found, words = mentioned(typed)
    assert (found, " ".join(words.split())) == (user, rest)


def test_whoever_names_no_person_or_no_role_is_shown_how() -> None:
    said = fits(role_answers.who_is_meant(POLICY)).text
    assert said == (
        "Please name a role and a person, like `/incident role commander @somebody`. "
        "The roles are: commander, deputy, comms, ops, scribe."
    )
    assert pings(fits(role_answers.who_is_meant(LARGE_POLICY))) == []


def test_short_words_of_roles_do_nothing_when_they_are_shown() -> None:
    policy = policy_with(roles=[{"name": COMMANDER, "short": ["<!here>"], "does": "x"}])
    assert pings(fits(role_answers.who_is_meant(policy))) == []


def test_the_answer_names_role_and_holder() -> None:
    incident, _ = decided(declared(), HandOver(origin=origin(), role="comms", user=BOB))
    assert (
        fits(role_answers.role_given(incident, "communications lead")).text == "Communications lead of INC-1: <@UBOB>."
    )
    assert role_answers.role_given(incident, "scribe").text == "Scribe of INC-1: nobody."
    last = LARGE_POLICY.roles[-1].name
    fits(role_answers.role_given(stuffed(Phase.TRIAGE), last))


def test_the_bot_holds_no_role_and_says_so_kindly() -> None:
    assert role_answers.not_a_person().text == "I keep the record, and cannot hold a role. Please choose a person."


# Hand-over


def handed_over(incident: Incident, minutes: float, policy: Policy = POLICY, role: str = COMMANDER) -> Message:
    """What the room is told when BOB takes over from whoever had the role: command in an emergency, any other as it is given."""
    given = HandOver(origin=origin(BOB, minutes), role=role, user=BOB)
    at_once = TakeCommand(origin=origin(BOB, minutes), why="Nobody decides")
    after, decision = decided(incident, at_once if role == COMMANDER else given, policy=policy)
    return fits(told(only(RoleTaken, decision), after, policy))


def test_who_takes_over_gets_all_they_need_to_know() -> None:
    incident, _ = decided(
        in_phase(Phase.RECOVERY, "SEV1"),
        *(ProposeHypothesis(origin=origin(), statement=f"Idea <{n}>") for n in (1, 2)),
    )
    message = handed_over(incident, minutes=9.5)
    swap = (
        "*<@UBOB> has taken command of INC-1 at once*, in place of <@UALICE>: “Nobody decides”. "
        "Everybody, please follow <@UBOB> now."
    )
    assert message.text == swap
    assert shown(message) == (
        f"{swap}\n"
        "*Where we stand*\n"
        "• *Phase:* Recovery, for 9 minutes\n"
        "• *Severity:* SEV1\n"
        "• *Impact:* Some customers cannot pay.\n"
        "• *Containment in force:* “Undid the release” (It worked)\n"
        "• *Open hypotheses:* H1 ○ Proposed “Idea &lt;1&gt;”, H2 ○ Proposed “Idea &lt;2&gt;”\n"
        "• *Ruled out:* none\n"
        "• *Decisions pending:* none\n"
        "• *Next update:* executives <!date^1795443300^{time}|14:15 UTC>, support <!date^1795443300^{time}|14:15 UTC>"
    )


def test_the_brief_has_every_line_also_when_nothing_is_known() -> None:
    lines = brief(at(0.5), declared(), POLICY)
    assert lines == [
        "• *Phase:* Detection, for 0 minutes",
        "• *Severity:* not set, treated as SEV2",
        "• *Impact:* not known yet",
        "• *Containment in force:* none",
        "• *Open hypotheses:* none",
        "• *Ruled out:* none",
        "• *Decisions pending:* none",
        "• *Next update:* executives <!date^1795443320^{time}|14:15 UTC>, support <!date^1795443320^{time}|14:15 UTC>",
    ]
    assert brief(at(0), in_phase(Phase.POSTMORTEM), POLICY)[-1] == "• *Next update:* none is due"


def test_what_did_not_help_is_not_in_force() -> None:
    failed = in_phase(Phase.CONTAINMENT).but(
        containments=(in_phase(Phase.RECOVERY).containments[0].but(result=ContainmentResult.FAILED),)
    )
    assert "• *Containment in force:* none" in brief(at(5), failed, POLICY)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59.9, "59 minutes"),
        (60, "1 h 0 min"),
        (1505, "25 h 5 min"),
        (-3, "0 minutes"),
    ],
)
def test_the_time_in_the_phase_is_said_as_people_say_it(minutes: float, said: str) -> None:
    assert brief(at(minutes), declared(), POLICY)[0] == f"• *Phase:* Detection, for {said}"


def test_the_brief_counts_the_hypotheses_it_has_no_room_for() -> None:
    line = next(line for line in brief(at(5), stuffed(Phase.TRIAGE, LONG_NAMES), LONG_NAMES) if "hypotheses" in line)
    assert line.count("“") == 5
    assert line.endswith(", and 30 more")


def test_the_brief_counts_the_audiences_it_has_no_room_for() -> None:
    line = brief(at(5), stuffed(Phase.TRIAGE, LONG_NAMES), LONG_NAMES)[-1]
    assert line.count("<!date^") == 12
    assert line.endswith("and 8 more")


def test_the_brief_says_which_updates_a_person_must_send() -> None:
    line = brief(at(2), in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS), POLICY_WITH_DRAFTS)[-1]
    assert "by one of you" in line


def test_any_role_is_handed_over_with_the_same_brief() -> None:
    incident, _ = decided(commanded(), HandOver(origin=origin(), role="scribe", user=CAROL))
    said = shown(handed_over(incident, minutes=3, role="scribe"))
    assert said.startswith("<@UBOB> is now *scribe* of INC-1, in place of <@UCAROL>.\n*Where we stand*\n• *Phase:*")


# Nobody leads


def test_an_empty_seat_is_pointed_out_with_the_button_that_fills_it() -> None:
    event = SeatFoundEmpty(at=at(2), actor=SYSTEM, role=COMMANDER)
    message = fits(told(event, declared(), POLICY))
    assert message.text == (
        "Nobody is *incident commander* of INC-1 yet. <@UALICE>, and everybody here: whoever can lead, please take it now. "
        "It can be handed over at any time."
    )
    (button,) = buttons(message.blocks)
    assert (button["text"]["text"], button["action_id"]) == ("I'm incident commander", Action.TAKE_COMMAND)
    assert button["style"] == "primary"
    assert Drawn.read(button["value"]).number == 1


def test_nobody_is_asked_to_take_a_seat_that_was_filled_before_slack_could_be_reached() -> None:
    late = fits(told(SeatFoundEmpty(at=at(2), actor=SYSTEM, role=COMMANDER), commanded(), POLICY))
    assert labels(late) == []
    assert "Nobody is" not in late.text and "take it now" not in late.text


# Offers, claims, and what is too much


def said(command: Command, incident: Incident) -> Message:
    """What the room is told of the one event that the command leads to."""
    after, decision = decided(incident, command)
    (event,) = decision.events
    return fits(told(event, after, POLICY))


OFFER = HandOver(origin=origin(ALICE, 10), role=COMMANDER, user=BOB)
CLAIM = ClaimRole(origin=origin(BOB, 10))


def test_whoever_is_offered_command_reads_all_they_need_to_know_and_answers_by_a_button() -> None:
    incident, _ = decided(
        commanded(),
        *(ProposeHypothesis(origin=origin(), statement=f"Idea {n}") for n in (1, 2)),
        start_test(origin=origin(CAROL), hypothesis=1),
        conclude(origin=origin(CAROL), hypothesis=2, result=Side.AGAINST, why="Idle"),
        ProposeDecision(origin=origin(ALICE, 9.5), text="We roll back"),
    )
    message = said(OFFER, incident)
    assert message.text == (
        "<@UBOB>: <@UALICE> would like you to be *incident commander* of INC-1. Until you accept it stays with them. "
        "The offer stands until <!date^1795443320^{time}|14:15 UTC>."
    )
    for line in (
        "• *Phase:* Detection, for 10 minutes",
        "• *Open hypotheses:* H1 ● Testing “Idea 1”, by <@UCAROL>",
        "• *Ruled out:* H2 “Idea 2”",
        "• *Decisions pending:* “We roll back”, until <!date^1795443050^{time}|14:10 UTC>",
    ):
        assert line in shown(message).splitlines()
    assert labels(message) == ["Accept", "Decline", "Take it back"]
    assert [Drawn.read(button["value"]).role for button in buttons(message.blocks)] == [COMMANDER] * 3


def test_an_offer_that_is_settled_before_it_could_be_shown_has_nothing_to_press() -> None:
    incident, decision = decided(commanded(), OFFER)
    after, _ = decided(incident, DeclineRole(origin=origin(BOB, 11), role=COMMANDER))
    assert labels(fits(told(only(RoleOffered, decision), after, POLICY))) == []


def test_how_an_offer_ends_names_who_goes_on() -> None:
    incident, _ = decided(commanded(), OFFER)
    declined = said(DeclineRole(origin=origin(BOB, 11), role=COMMANDER), incident)
    expired = said(LetOfferExpire(origin=origin(SYSTEM, 15), role=COMMANDER, due=at(15)), incident)
    withdrawn = said(WithdrawOffer(origin=origin(ALICE, 11), role=COMMANDER), incident)
    accepted = said(AcceptRole(origin=origin(BOB, 12), role=COMMANDER), incident)
    assert declined.text == "<@UBOB> cannot take *incident commander* now. It is still with <@UALICE>."
    assert expired.text == (
        "<@UBOB> has not answered, so the offer of *incident commander* is over. It is still with <@UALICE>."
    )
    assert withdrawn.text == (
        "<@UALICE> stays *incident commander* of INC-1 after all, so the offer to <@UBOB> is over."
    )
    assert shown(accepted) == "<@UBOB> is now *incident commander* of INC-1, in place of <@UALICE>."


def test_a_claim_asks_the_commander_by_name() -> None:
    incident, _ = decided(commanded(), CLAIM)
    asked = said(CLAIM, commanded())
    assert asked.text == (
        "<@UALICE>, are you there? <@UBOB> takes over as *incident commander* of INC-1 at "
        "<!date^1795443140^{time}|14:12 UTC> unless you answer."
    )
    assert labels(asked) == ["I am here"]
    assert said(AnswerClaim(origin=origin(ALICE, 11)), incident).text == (
        "<@UALICE> is here, and stays *incident commander* of INC-1. Thank you for asking, <@UBOB>."
    )
    passed = said(SettleClaim(origin=origin(SYSTEM, 12), role=COMMANDER, due=at(12)), incident)
    assert passed.text == ("<@UBOB> is now *incident commander* of INC-1, in place of <@UALICE>, who did not answer.")
    assert "*Where we stand*" in shown(passed)


def test_who_has_been_in_a_role_for_long_is_asked_and_then_told_to_hand_it_over() -> None:
    after, proposed = decided(commanded(), ProposeRest(origin=origin(SYSTEM, 240), role=COMMANDER, due=at(240)))
    message = fits(told(proposed.events[0], after, POLICY))
    assert message.text == (
        "<@UALICE>: you have been *incident commander* of INC-1 for 4 h 0 min. "
        "Is there somebody to hand it over to? Everybody gets tired, and few notice."
    )
    assert labels(message) == ["Hand over", "Ask me later"]
    insisted = said(ProposeRest(origin=origin(SYSTEM, 480), role=COMMANDER, due=at(480)), after)
    assert insisted.text.endswith("for 8 h 0 min. That is too long for anybody. Please hand it over now.")
    later, _ = decided(after, TakeCommand(origin=origin(BOB, 241), why="She sleeps"))
    assert labels(fits(told(proposed.events[0], later, POLICY))) == []


def test_a_decision_asks_for_objections_while_there_is_time() -> None:
    put = ProposeDecision(origin=origin(ALICE, 1), text="We roll back <!here>")
    incident, decision = decided(commanded(), put)
    message = fits(told(decision.events[0], incident, POLICY))
    assert message.text == (
        "*<@UALICE> decides:* “We roll back &lt;!here&gt;”\nAny strong objections? It stands in 60 seconds."
    )
    assert labels(message) == ["Object"]
    objected, _ = decided(incident, ObjectToDecision(origin=origin(BOB, 1.5), proposal=1, why="Not now"))
    assert labels(fits(told(decision.events[0], objected, POLICY))) == []
    assert said(ObjectToDecision(origin=origin(BOB, 1.5), proposal=1, why="Not now"), incident).text == (
        "*<@UBOB> objects* to “We roll back &lt;!here&gt;”: “Not now”\n"
        "<@UALICE>: it does not stand. Please talk it over, and decide anew."
    )
    stands = said(LetDecisionStand(origin=origin(SYSTEM, 2), proposal=1, due=at(2)), incident)
    assert stands.text == "*Decided:* “We roll back &lt;!here&gt;”. Nobody objected."


def test_who_hands_over_command_to_do_something_else_offers_it_with_that() -> None:
    incident, _ = decided(commanded(), HandOver(origin=origin(), role="deputy", user=BOB))
    view = view_fits(SuccessorForm.view(incident, Drawn.of(incident).but(hypothesis=2)))
    assert view["blocks"][1]["element"]["initial_user"] == BOB
    assert SuccessorForm.parse(sent(view, holder=CAROL), HERE) == HandOver(
        origin=HERE, role=COMMANDER, user=CAROL, instead_of=ALICE, then_test=2
    )
    alone = SuccessorForm.view(commanded(), Drawn.of(incident).but(hypothesis=2))
    assert SuccessorForm.parse(sent(alone), HERE) == FieldErrors({"holder": "Please choose somebody."})
