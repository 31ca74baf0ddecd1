"""Roles in Slack: the form that hands one over, the brief that whoever takes over reads, and the call for somebody to lead."""

import pytest

from bot.core.decision import SYSTEM, SeatTaken
from bot.core.hypotheses import ProposeHypothesis
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase
from bot.core.policy import Policy
from bot.core.roles import NOBODY, HandOver, RoleTaken, SeatFoundEmpty
from bot.slack.forms.modal import FieldErrors
from bot.slack.forms.role import RoleForm
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
    decided,
    declared,
    in_phase,
    only,
    origin,
    policy_with,
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
    """What the room is told when BOB takes over from whoever had the role."""
    after, decision = decided(incident, HandOver(origin=origin(BOB, minutes), role=role, user=BOB), policy=policy)
    return fits(told(only(RoleTaken, decision), after, policy))


def test_who_takes_over_gets_all_they_need_to_know() -> None:
    incident, _ = decided(
        in_phase(Phase.RECOVERY, "SEV1"),
        *(ProposeHypothesis(origin=origin(), statement=f"Idea <{n}>") for n in (1, 2)),
    )
    message = handed_over(incident, minutes=9.5)
    assert message.text == "<@UBOB> is now *incident commander* of INC-1, in place of <@UALICE>."
    assert shown(message) == (
        "<@UBOB> is now *incident commander* of INC-1, in place of <@UALICE>.\n"
        "*Where we stand*\n"
        "• *Phase:* Recovery, for 9 minutes\n"
        "• *Severity:* SEV1\n"
        "• *Impact:* Some customers cannot pay.\n"
        "• *Containment in force:* “Undid the release” (It worked)\n"
        "• *Open hypotheses:* H1 ○ Proposed “Idea &lt;1&gt;”, H2 ○ Proposed “Idea &lt;2&gt;”\n"
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
    assert line.endswith(", and 31 more")


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
