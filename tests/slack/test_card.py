"""The room card, the announcement, the topic and the notices: what the room and its neighbours see."""

import re

import pytest

from bot.core.decision import Event
from bot.core.delivery import DeliveryFailed
from bot.core.facts import ContainmentRecorded, ImpactStated
from bot.core.incident import ContainmentResult, Failure, Incident, Phase, Role
from bot.core.lifecycle import IncidentClosed, PhaseEntered
from bot.core.roles import RoleTaken
from bot.core.severity import SeverityChanged
from bot.core.updates import owed
from bot.slack.ids import Action, Drawn
from bot.slack.messages.announcement import announcement, topic
from bot.slack.messages.card import progress, room_card
from bot.slack.messages.message import Message
from bot.slack.messages.notices import mentions, told
from tests.core.given import ALICE, BOB, POLICY, closed, declared, in_phase
from tests.slack.given import LARGE_POLICY, NOW, PHASES, buttons, fits, labels, markup, shown, stuffed


def card(incident: Incident) -> Message:
    """The card of an incident under the usual policy."""
    return fits(room_card(incident, POLICY, owed(incident, POLICY)))


def test_the_progress_line_says_in_shape_and_words_where_the_incident_stands() -> None:
    triage = progress(in_phase(Phase.TRIAGE)).replace("\u00a0", " ")
    assert triage == "✓ Detection › ● *Triage* (now) › ○ Containment › ○ Recovery › ○ Postmortem"
    over = progress(closed()).replace("\u00a0", " ")
    assert over == "✓ Detection › ✓ Triage › ✓ Containment › ✓ Recovery › ✓ Postmortem › ● *Closed*"


def test_a_shape_is_never_parted_from_its_word() -> None:
    assert "○\u00a0Recovery" in progress(declared())


def test_a_new_incident_says_what_nobody_knows_yet() -> None:
    seen = shown(card(declared()))
    assert "INC-1: Checkout is failing" in seen
    assert "not set, treated as SEV2" in seen
    assert "nobody yet" in seen
    assert (
        "*Before Triage we must know:*\n○ who is incident commander (_missing_)\n○ who cannot do what (_missing_)"
        in seen
    )
    assert "executives: <!date^" in seen


def test_what_is_known_is_ticked() -> None:
    incident = in_phase(Phase.TRIAGE, "SEV1")
    assert "✓ how severe it is\n○ what is affected (_missing_)" in shown(card(incident))


@pytest.mark.parametrize(
    ("phase", "row"),
    [
        (Phase.DETECTION, ["I'm incident commander", "Advance to Triage", "Send update", "Set severity", "Edit facts"]),
        (Phase.TRIAGE, ["Advance to Containment", "Send update", "Set severity", "Edit facts"]),
        (Phase.CONTAINMENT, ["Advance to Recovery", "Send update", "Set severity", "Edit facts"]),
        (Phase.RECOVERY, ["Advance to Postmortem", "Send update", "Set severity", "Edit facts"]),
        (Phase.POSTMORTEM, ["Close incident", "No action needed", "Send update", "Set severity", "Edit facts"]),
    ],
)
def test_a_card_has_the_buttons_that_serve_now(phase: Phase, row: list[str]) -> None:
    assert labels(card(in_phase(phase))) == row


def test_a_button_carries_the_phase_it_was_drawn_for() -> None:
    step = next(b for b in buttons(card(in_phase(Phase.RECOVERY)).blocks) if b["action_id"] == Action.ADVANCE)
    assert Drawn.read(step["value"]) == Drawn(number=1, phase=Phase.RECOVERY)
    assert step["style"] == "primary"


def test_a_closed_incident_has_no_buttons_and_asks_for_nothing() -> None:
    assert labels(card(closed())) == []
    assert "we must know" not in shown(card(closed()))
    assert "closed" in card(closed()).text


def test_what_slack_refused_stays_on_the_card_in_words() -> None:
    failure = Failure(effect="PostUpdate updates:executives", reason="channel_not_found", at=NOW)
    assert "Slack did not let me send the update to *executives*" in shown(card(declared().but(failures=(failure,))))


@pytest.mark.parametrize("phase", PHASES)
def test_no_text_of_any_length_breaks_a_message(phase: Phase) -> None:
    incident = stuffed(phase)
    due = {audience.name: NOW for audience in LARGE_POLICY.audiences}
    for each in (incident, incident.but(end=closed().end)):
        drawn = [room_card(each, LARGE_POLICY, due), announcement(each, LARGE_POLICY)]
        for message in [*drawn, mentions(each, ["U123456789"] * 300, ["S123456789"] * 40)]:
            assert not re.search(r"<(!channel|!here|https|!subteam\^S1\|)", markup(fits(message)))


def test_a_title_pings_nobody_wherever_it_stands() -> None:
    incident = declared().but(title="<!channel> Q&A is down", impact="<!here> <https://x|y>")
    for message in (card(incident), announcement(incident, POLICY), mentions(incident, [ALICE], [])):
        assert "&lt;!channel&gt; Q&amp;A is down" in message.text
        assert not re.search(r"<(!channel|!here|https)", markup(message))


def test_the_topic_is_short_plain_text() -> None:
    assert topic(in_phase(Phase.TRIAGE, "SEV1"), POLICY) == "SEV1 · Triage · Checkout is failing"
    assert topic(declared(), POLICY) == "severity not set, treated as SEV2 · Detection · Checkout is failing"
    for phase in PHASES:
        assert len(topic(stuffed(phase), LARGE_POLICY)) <= 250


def test_the_announcement_brings_people_into_the_room_while_it_is_open() -> None:
    assert labels(announcement(declared(), POLICY)) == ["Join the room"]
    assert labels(announcement(closed(), POLICY)) == []


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            PhaseEntered(at=NOW, actor=BOB, phase=Phase.CONTAINMENT),
            "*INC-1 is now in Containment.* <@UBOB> moved it on.\n"
            "Containment is for stopping the harm from growing. The cause can wait.",
        ),
        (
            RoleTaken(at=NOW, actor=BOB, role=Role.INCIDENT_COMMANDER, user=BOB),
            "<@UBOB> is now *incident commander* of INC-1.",
        ),
        (
            RoleTaken(at=NOW, actor=ALICE, role=Role.INCIDENT_COMMANDER, user=BOB),
            "<@UBOB> is now *incident commander* of INC-1. <@UALICE> asked them to.",
        ),
        (SeverityChanged(at=NOW, actor=BOB, severity="SEV1"), "<@UBOB> set the severity of INC-1 to *SEV1*."),
        (
            ContainmentRecorded(at=NOW, actor=BOB, action="Undid <!channel>", result=ContainmentResult.FAILED),
            "<@UBOB> recorded what was done to stop the harm: “Undid &lt;!channel&gt;”. *It did not help.*",
        ),
        (IncidentClosed(at=NOW, actor=BOB), "*INC-1 is closed.* <@UBOB> closed it. Thank you, everyone."),
        (
            DeliveryFailed(at=NOW, actor="lockstep", effect="Invite invite:responders", reason="user_not_found"),
            "<@UALICE>: Slack did not let me invite people into the room (user_not_found). "
            "Check the people and groups that the policy invites.",
        ),
    ],
)
def test_the_room_is_told_in_plain_words(event: Event, said: str) -> None:
    assert fits(told(event, declared())).text == said


def test_the_room_is_told_of_nothing_else() -> None:
    with pytest.raises(ValueError, match="ImpactStated"):
        told(ImpactStated(at=NOW, actor=BOB, impact="x"), declared())


def test_a_failure_is_told_to_the_commander() -> None:
    event = DeliveryFailed(at=NOW, actor="lockstep", effect="ShowStatus status:support", reason="not_in_channel")
    said = told(event, in_phase(Phase.TRIAGE).but(declared_by=BOB)).text
    assert said.startswith("<@UALICE>: Slack did not let me show *support* where the incident stands")


def test_responders_are_mentioned_once_and_told_why() -> None:
    message = fits(mentions(declared("SEV1"), [ALICE], ["S1"]))
    assert shown(message).startswith("<@UALICE> <!subteam^S1>\nYou are called to INC-1: Checkout is failing, SEV1.")
