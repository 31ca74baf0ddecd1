"""What the room is told when something changes what people do next: hand-overs, drafts, calls for help."""

import pytest

from bot.core.adoption import PolicyAdopted
from bot.core.containment import ContainmentRecorded
from bot.core.decision import SYSTEM, Event
from bot.core.delivery import DeliveryFailed
from bot.core.effects import EFFECTS, Tell
from bot.core.incident import COMMANDER, ContainmentResult, Incident, Phase
from bot.core.lifecycle import AdvancePhase, CloseIncident, IncidentClosed, PhaseEntered
from bot.core.notes import NoteAdded
from bot.core.policy_parts import Loss, Who
from bot.core.prompts import PhaseTakesLong, PromptsSnoozed
from bot.core.roles import HandOver, RoleTaken
from bot.core.rooms import RoomOpened
from bot.core.router.updates import SendUpdate, UpdateDrafted, UpdateIssued
from bot.core.severity import SeverityChanged
from bot.core.vocabulary import EVENTS
from bot.core.wishes import effects
from bot.slack import words
from bot.slack.ids import Action, Drawn
from bot.slack.messages.message import Message
from bot.slack.messages.notices import mentions, posted_head, told, with_head
from bot.slack.text import clock_time
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    POLICY_WITH_DRAFTS,
    closed,
    decided,
    declared,
    facts_of,
    in_phase,
    only,
    origin,
)
from tests.slack.given import (
    LARGE_POLICY,
    LONG_NAMES,
    NASTY,
    NOW,
    buttons,
    fits,
    labels,
    of_every_kind,
    pings,
    shown,
    stuffed,
)

SAID: list[tuple[Event, str]] = [
    (
        PhaseEntered(at=NOW, actor=BOB, phase=Phase.CONTAINMENT),
        "*INC-1 is now in Containment.* <@UBOB> moved it on.\n"
        "Containment is for stopping the harm from growing. The cause can wait.",
    ),
    (RoleTaken(at=NOW, actor=BOB, role=COMMANDER, user=BOB), "<@UBOB> is now *incident commander* of INC-1."),
    (
        RoleTaken(at=NOW, actor=ALICE, role="scribe & runner", user=BOB),
        "<@UBOB> is now *scribe &amp; runner* of INC-1. <@UALICE> asked them to.",
    ),
    (SeverityChanged(at=NOW, actor=BOB, severity="SEV1"), "<@UBOB> set the severity of INC-1 to *SEV1*."),
    (
        SeverityChanged(
            at=NOW, actor=BOB, severity="SEV2", who=Who.SOME, loss=Loss.CORE, is_lowered=True, reason="<!a>"
        ),
        "<@UBOB> set the severity of INC-1 to *SEV2*: some people cannot do something essential. It is lower because: "
        "“&lt;!a&gt;”",
    ),
    (
        PromptsSnoozed(at=NOW, actor=BOB, until=NOW),
        f"<@UBOB> knows. I do not ask about the phase again before {clock_time(NOW)}.",
    ),
    (
        PhaseTakesLong(at=NOW, actor=SYSTEM, phase=Phase.POSTMORTEM, to=BOB),
        "<@UBOB>: Postmortem took long. It is left by now.",
    ),
    (
        ContainmentRecorded(at=NOW, actor=BOB, action="Undid <!channel>", result=ContainmentResult.FAILED),
        "<@UBOB> recorded what was done to stop the harm: “Undid &lt;!channel&gt;”. *It did not help.*",
    ),
    (NoteAdded(at=NOW, actor=BOB, text="Called <!here>\nthe bank"), "<@UBOB> noted: “Called &lt;!here&gt; the bank”"),
    (IncidentClosed(at=NOW, actor=BOB), "*INC-1 is closed.* <@UBOB> closed it. Thank you, everyone."),
    (
        RoomOpened(at=NOW, actor=SYSTEM, channel="C2", name="inc-1-2"),
        "*The room of this incident was deleted or archived, so I opened this one in its place.* "
        "Everything recorded is kept; the card shows where INC-1 stands.",
    ),
    (
        PolicyAdopted(at=NOW, actor=BOB, policy="b", former="a", changes=("severity SEV1", "audience execs & board")),
        "<@UBOB> brought the corrected policy to INC-1. Changed: severity SEV1, audience execs &amp; board.",
    ),
    (
        DeliveryFailed(
            at=NOW, actor=SYSTEM, effect="Invite invite:responders", reason="user_not_found", effect_id="e1"
        ),
        "<@UALICE>: Slack did not let me invite people into the room (user_not_found). "
        "Check the people and groups that the policy invites, then press `Try again`.",
    ),
]


@pytest.mark.parametrize(("event", "said"), SAID, ids=[type(event).__name__ for event, _ in SAID])
def test_the_room_is_told_in_plain_words(event: Event, said: str) -> None:
    assert fits(told(event, declared(), POLICY)).text == said


def calls_for_a_notice(event: Event, incident: Incident) -> bool:
    """Whether the core wants the room to be told of this event."""
    return any(isinstance(effect, Tell) for effect in effects(event, incident, incident, LARGE_POLICY))


def test_there_is_an_example_of_every_kind_of_event() -> None:
    assert {type(event) for event in of_every_kind()} == set(EVENTS.values())


@pytest.mark.parametrize("event", of_every_kind(), ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.POSTMORTEM])
def test_the_room_is_told_of_what_the_core_wants_it_to_know_and_of_nothing_else(event: Event, phase: Phase) -> None:
    incident = stuffed(phase).but(rooms_lost=1)
    if not calls_for_a_notice(event, incident):
        with pytest.raises(ValueError, match=type(event).__name__):
            told(event, incident, LARGE_POLICY)
        return
    for each, policy in ((incident, LARGE_POLICY), (stuffed(phase, LONG_NAMES), LONG_NAMES)):
        assert pings(fits(told(event, each, policy))) == []
        assert pings(fits(told(event, each.but(end=closed().end), policy))) == []


def not_delivered(reason: str, effect_id: str | None = "e1") -> Message:
    """What the room is told when support can not be shown where the incident stands."""
    event = DeliveryFailed(at=NOW, actor=SYSTEM, effect="ShowStatus status:support", reason=reason, effect_id=effect_id)
    return fits(told(event, in_phase(Phase.TRIAGE).but(declared_by=BOB), POLICY))


def test_a_failure_is_told_to_the_commander_with_the_button_that_tries_again() -> None:
    message = not_delivered("not_in_channel")
    assert message.text == (
        "<@UALICE>: Slack did not let me show *support* where the incident stands (not_in_channel). "
        "Invite me into the channel, then press `Try again`."
    )
    (button,) = buttons(message.blocks)
    assert (button["text"]["text"], button["action_id"]) == ("Try again", Action.TRY_AGAIN)
    assert Drawn.read(button["value"]) == Drawn(number=1, phase=Phase.TRIAGE, effect="e1")


def test_nobody_is_told_to_press_a_button_that_is_not_there() -> None:
    message = not_delivered("not_in_channel", effect_id=None)
    assert ("Try again" in labels(message)) == ("`Try again`" in message.text)


@pytest.mark.parametrize("reason", ["cant_invite", "user_is_restricted", "too_many_pins", "something_new"])
def test_who_did_it_by_hand_is_not_asked_to_have_it_done_once_more(reason: str) -> None:
    said = not_delivered(reason).text
    assert not ("by hand" in said and "Then press" in said)


def test_what_vouches_for_the_record_is_read_back_from_where_it_was_put_and_from_nowhere_else() -> None:
    message = told(NoteAdded(at=NOW, actor=BOB, text=f"Record 7: {'a' * 32}"), declared(), POLICY)
    assert posted_head(message.blocks) is None
    vouching = fits(with_head(message, 12, "0123456789abcdef" * 4))
    assert posted_head(vouching.blocks) == (12, "0123456789abcdef" * 2)
    assert vouching.text == message.text
    fits(with_head(told(NoteAdded(at=NOW, actor=BOB, text=NASTY), declared(), POLICY), 10**9, "f" * 64))


def test_whatever_slack_refuses_can_be_said_in_words() -> None:
    unknown = words.effect("Nonsense x")
    said = {kind.__name__: words.effect(f"{kind.__name__} lane:3") for kind in EFFECTS}
    assert [kind for kind, what in said.items() if what == unknown] == []


def test_responders_are_mentioned_once_and_told_why() -> None:
    message = fits(mentions(declared("SEV1"), [ALICE], ["S1"]))
    assert shown(message).startswith("<@UALICE> <!subteam^S1>\nYou are called to INC-1: Checkout is failing, SEV1.")


# Drafts and updates


def drafted(incident: Incident) -> tuple[UpdateDrafted, Incident]:
    """The draft for customers that entering the next phase leads to, and the incident then."""
    to = incident.phase.next
    assert to is not None
    step = AdvancePhase(origin=origin(minutes=5), to=to, first=facts_of(incident.phase))
    after, decision = decided(incident, step, policy=POLICY_WITH_DRAFTS)
    return only(UpdateDrafted, decision), after


def test_a_draft_is_offered_to_whoever_words_updates_as_it_would_be_read() -> None:
    event, incident = drafted(in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS))
    message = fits(told(event, incident, POLICY_WITH_DRAFTS))
    assert message.text == (
        "<@UALICE>: here is a draft for *customers* in #status-page. It goes out only if one of you sends it."
    )
    assert "*Limiting the problem*\nSome customers cannot pay. We are working to stop it from getting worse." in shown(
        message
    )
    assert labels(message) == ["Send", "Edit"]
    drawn = Drawn(number=1, phase=Phase.CONTAINMENT, audiences=("customers",))
    assert [Drawn.read(button["value"]) for button in buttons(message.blocks)] == [drawn, drawn]


def test_the_communications_lead_is_asked_before_the_commander_and_nobody_when_there_is_nobody() -> None:
    event, incident = drafted(in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS))
    assert told(event, incident.but(seats={}), POLICY_WITH_DRAFTS).text.startswith("Here is a draft for *customers*")
    led, _ = decided(incident, HandOver(origin=origin(), role="comms", user=CAROL), policy=POLICY_WITH_DRAFTS)
    assert told(event, led, POLICY_WITH_DRAFTS).text.startswith("<@UCAROL>: here is a draft")


def test_a_draft_that_can_not_be_sent_any_more_does_not_ask_to_be_sent() -> None:
    event, incident = drafted(in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS))
    late = fits(told(event, incident.but(undrafted_until={}), POLICY_WITH_DRAFTS))
    assert labels(late) == []
    assert "sends it" not in late.text


def test_the_draft_of_the_last_message_asks_to_be_sent_only_if_it_can_be() -> None:
    incident, _ = decided(
        in_phase(Phase.POSTMORTEM, "SEV1", POLICY_WITH_DRAFTS),
        SendUpdate(origin=origin(), text="It is over.", audiences=("customers",)),
        policy=POLICY_WITH_DRAFTS,
    )
    close = CloseIncident(origin=origin(minutes=9), first=facts_of(Phase.POSTMORTEM))
    over, decision = decided(incident, close, policy=POLICY_WITH_DRAFTS)
    message = fits(told(only(UpdateDrafted, decision), over, POLICY_WITH_DRAFTS))
    assert ("Send" in labels(message)) == ("sends it" in message.text)


def written(*audiences: str) -> Message:
    """What the room is told when BOB writes an update to these audiences."""
    incident = in_phase(Phase.TRIAGE, "SEV1", POLICY_WITH_DRAFTS)
    command = SendUpdate(origin=origin(BOB, 5), text="Pay by <!channel>", audiences=audiences)
    after, decision = decided(incident, command, policy=POLICY_WITH_DRAFTS)
    first = next(event for event in decision.events if isinstance(event, UpdateIssued))
    return fits(told(first, after, POLICY_WITH_DRAFTS))


def test_the_room_reads_what_a_person_wrote_to_stakeholders() -> None:
    assert written().text.startswith("<@UBOB> sent an update")
    assert written().text.endswith(": “Pay by &lt;!channel&gt;”")


def test_an_update_for_some_is_not_told_as_one_for_everyone() -> None:
    assert "everyone" not in written("customers").text
    assert "everyone" not in written("executives").text
