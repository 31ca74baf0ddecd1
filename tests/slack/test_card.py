"""The room card, the announcement and the topic: what the room and its neighbours see all the time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.containment import ReportReturn
from bot.core.facts import StateStart
from bot.core.incident import COMMANDER, Failure, Incident, Phase, Seat, Side, Status
from bot.core.policy import Policy
from bot.core.review import Postmortem, Stage
from bot.core.roles import HandOver
from bot.core.router.updates import KeepPromise, SendUpdate, owed
from bot.core.tracker.hypotheses import ParkHypothesis, ProposeHypothesis
from bot.slack.ids import Action, Drawn
from bot.slack.messages.announcement import announcement, topic
from bot.slack.messages.card import progress, room_card
from bot.slack.messages.message import Message
from bot.slack.messages.notices import mentions
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    POLICY_WITH_DRAFTS,
    at,
    closed,
    commanded,
    conclude,
    decided,
    declared,
    facts_of,
    in_phase,
    origin,
    policy_with,
    start_test,
    supposed,
)
from tests.slack.given import LARGE_POLICY, LONG_NAMES, NOW, PHASES, buttons, fits, labels, pings, shown, stuffed


def card(incident: Incident, policy: Policy = POLICY) -> Message:
    """The card of an incident under this policy."""
    return fits(room_card(incident, policy, owed(incident, policy)))


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
    assert "*Before Triage we must know:*" in seen
    assert "○ who is incident commander (_missing_)" in seen
    assert "○ who cannot do what (_missing_)" in seen
    assert "executives: <!date^" in seen


def test_what_is_known_is_ticked() -> None:
    incident = in_phase(Phase.TRIAGE, "SEV1")
    seen = shown(card(incident))
    assert seen.index("○ what is affected (_missing_)") < seen.index("✓ how severe it is")


def test_beside_each_of_the_first_three_missing_things_is_what_fills_it_in() -> None:
    asked = ("severity", "boundary", "recent changes", "size", "containment", "hold")
    policy = policy_with(gates=[{"need": need} for need in asked])
    beside = [
        block["accessory"] for block in room_card(in_phase(Phase.TRIAGE), policy, {}).blocks if "accessory" in block
    ]
    assert [Drawn.read(button["value"]).need for button in beside] == ["severity", "boundary", "recent changes"]
    (first, _) = [block["accessory"] for block in card(declared()).blocks if "accessory" in block]
    assert first["action_id"] == Action.TAKE_COMMAND


def test_a_gate_that_is_satisfied_says_so() -> None:
    incident, _ = decided(in_phase(Phase.RECOVERY), *facts_of(Phase.RECOVERY))
    assert "*Before Postmortem we must know:* nothing more\n✓ how we know that it works again" in shown(card(incident))


def test_a_relapse_is_on_the_card_and_impact_can_be_said_to_be_back_only_while_it_is_contained() -> None:
    incident = in_phase(Phase.RECOVERY)
    assert "Impact is back" in labels(card(incident))
    incident, _ = decided(incident, ReportReturn(origin=origin()))
    seen = card(incident)
    assert "●\u00a0*Recovery* (now, relapse 1)" in shown(seen) and "Impact is back" not in labels(seen)
    assert "It did not last." in shown(seen)


SECOND_ROW = ["Set severity", "Edit facts", "Roles"]


@pytest.mark.parametrize(
    ("phase", "first_row"),
    [
        (Phase.DETECTION, ["Advance to Triage", "Send update", "Add hypothesis"]),
        (Phase.TRIAGE, ["Advance to Containment", "Send update", "Add hypothesis"]),
        (Phase.CONTAINMENT, ["Advance to Recovery", "Send update", "Add hypothesis"]),
        (Phase.RECOVERY, ["Advance to Postmortem", "Send update", "Add hypothesis"]),
        (Phase.POSTMORTEM, ["Close incident", "No action needed", "Send update", "Add hypothesis", "Open postmortem"]),
    ],
)
def test_a_card_has_the_buttons_that_serve_now_what_is_needed_most_in_the_first_row(
    phase: Phase, first_row: list[str]
) -> None:
    rows = [block for block in card(in_phase(phase)).blocks if block["type"] == "actions"]
    dots = [element for element in rows[1]["elements"] if element["type"] == "overflow"]
    rows[1]["elements"] = [element for element in rows[1]["elements"] if element["type"] == "button"]
    more = ["It happened again", "Add action item"] if phase is Phase.POSTMORTEM else []
    assert [[button["text"]["text"] for button in row["elements"]] for row in rows] == [
        [*first_row, *(["Impact is back"] if phase is Phase.RECOVERY else [])],
        [*SECOND_ROW, *more],
    ]
    behind = [option["text"]["text"] for menu in dots for option in menu["options"]]
    assert behind == [
        *(["Cancel this incident"] if phase in (Phase.DETECTION, Phase.TRIAGE) else []),
        *(["Merge into another"] if phase is not Phase.POSTMORTEM else []),
    ]


def test_what_comes_next_stands_above_the_facts_and_what_corrects_them_below() -> None:
    seen = shown(card(in_phase(Phase.TRIAGE)))
    order = ["we must know:", "Advance to Containment", "Incident commander", "Impact:", "Edit facts"]
    assert [seen.index(text) for text in order] == sorted(seen.index(text) for text in order)


def test_one_button_stands_out_the_one_that_is_wanted_next() -> None:
    def loud(incident: Incident) -> list[str]:
        return [button["text"]["text"] for button in buttons(card(incident).blocks) if button.get("style") == "primary"]

    assert loud(declared()) == ["I'm incident commander"]
    assert loud(commanded()) == ["Advance to Triage"]


def test_all_buttons_of_a_card_carry_the_incident() -> None:
    assert {Drawn.read(button["value"]).number for button in buttons(card(declared()).blocks)} == {1}


def test_a_button_carries_the_phase_it_was_drawn_for() -> None:
    step = next(b for b in buttons(card(in_phase(Phase.RECOVERY)).blocks) if b["action_id"] == Action.ADVANCE)
    assert Drawn.read(step["value"]) == Drawn(number=1, phase=Phase.RECOVERY)
    assert step["style"] == "primary"


def test_a_closed_incident_asks_for_nothing_but_it_may_happen_again_and_its_action_items_go_on() -> None:
    assert labels(card(closed())) == ["It happened again", "Add action item", "Action items"]
    assert "we must know" not in shown(card(closed()))
    assert "closed" in card(closed()).text


def test_what_slack_refused_stays_on_the_card_in_words() -> None:
    failure = Failure(effect="PostUpdate updates:executives", reason="channel_not_found", at=NOW)
    message = card(declared().but(failures=(failure,)))
    assert "Slack did not let me send the update to *executives*" in shown(message)
    assert "Try again" in labels(message)


def test_everybody_with_a_role_stands_on_the_card_once_in_the_policys_order() -> None:
    given = [HandOver(origin=origin(), role=role, user=user) for role, user in (("scribe", CAROL), ("deputy", BOB))]
    seen = shown(card(decided(commanded(), *given)[0]))
    assert "*Incident commander*\n<@UALICE>" in seen
    assert "*Deputy:* <@UBOB>\n*Scribe:* <@UCAROL>\n*Impact:*" in seen
    assert "*Incident commander:*" not in seen
    assert "Operations lead" not in seen


def test_a_role_whose_name_holds_that_of_another_is_not_left_out() -> None:
    roles = [
        {"name": COMMANDER, "short": ["ic"], "does": "leads"},
        {"name": f"deputy {COMMANDER}", "short": ["deputy"], "does": "stands in"},
    ]
    policy = policy_with(roles=roles)
    incident, _ = decided(declared(), HandOver(origin=origin(), role="deputy", user=BOB), policy=policy)
    assert f"*Deputy {COMMANDER}:* <@UBOB>" in shown(card(incident, policy))


def test_a_start_that_is_known_stands_in_place_of_the_declaration() -> None:
    assert "*Since*\n<!date^" in shown(card(declared()))
    known, _ = decided(
        declared(), StateStart(origin=origin(minutes=5), started=datetime(2026, 11, 23, 13, 5, tzinfo=UTC))
    )
    assert "*Started*\n<!date^1795439100^" in shown(card(known))
    assert "*Since*" not in shown(card(known))


def test_a_promise_that_a_person_must_keep_says_so() -> None:
    lines = shown(card(declared("SEV1", POLICY_WITH_DRAFTS), POLICY_WITH_DRAFTS)).splitlines()
    (customers,) = (line for line in lines if line.startswith("customers: "))
    (executives,) = (line for line in lines if line.startswith("executives: ") or "executives: " in line)
    assert customers.endswith(", by one of you")
    assert "by one of you" not in executives


def test_word_of_something_new_that_a_person_owes_sooner_than_was_promised_stands_there_with_its_own_time() -> None:
    policy = POLICY_WITH_DRAFTS
    send = SendUpdate(origin=origin(), text="We are looking.", audiences=("customers",))
    incident, _ = decided(declared("SEV1", policy), send, policy=policy)
    sooner = owed(incident, policy)["customers"] - timedelta(minutes=9)
    told = shown(card(incident.but(drafts_due={"customers": sooner}), policy))
    assert f"customers: <!date^{int(sooner.timestamp())}^" in told


def test_a_promise_stays_on_the_card_until_somebody_keeps_it() -> None:
    """Customers were told 14:25. At 14:25 the draft waits in the room, and nobody sends it."""
    policy = POLICY_WITH_DRAFTS
    send = SendUpdate(origin=origin(), text="We are looking.", audiences=("customers",))
    incident, _ = decided(declared("SEV1", policy), send, policy=policy)
    promised = owed(incident, policy)["customers"]
    waiting, _ = decided(
        incident, KeepPromise(origin=origin(minutes=25), audience="customers", due=promised), policy=policy
    )
    assert f"customers: <!date^{int(promised.timestamp())}^" in shown(card(waiting, policy))


def test_the_card_shows_what_is_tested_first_and_how_many_more_there_are() -> None:
    proposed = [ProposeHypothesis(origin=origin(), statement=f"Idea {n} <!channel>") for n in range(1, 7)]
    moves = [
        ParkHypothesis(origin=origin(), hypothesis=1),
        start_test(origin=origin(BOB), hypothesis=3),
        conclude(origin=origin(BOB), hypothesis=6, result=Side.AGAINST, why="It was on"),
    ]
    message = card(decided(declared(), *proposed, *moves)[0])
    assert (
        "*H3* ● Testing: “Idea 3 &lt;!channel&gt;”\n*H2* ○ Proposed: “Idea 2 &lt;!channel&gt;”\n"
        "*H4* ○ Proposed: “Idea 4 &lt;!channel&gt;”\nand 2 more open: `/incident hypotheses`"
    ) in shown(message)
    assert "Idea 6" not in shown(message)


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status.PROPOSED, "*H1* ○ Proposed: “The pool is exhausted”"),
        (Status.TESTING, "*H1* ● Testing: “The pool is exhausted”"),
        (Status.PARKED, "*H1* ‖ Parked: “The pool is exhausted”"),
        (Status.CONFIRMED, "*H1* ✓ Confirmed: “The pool is exhausted”"),
        (Status.REFUTED, None),
    ],
)
def test_what_was_found_stays_on_the_card_and_what_was_not_goes(status: Status, line: str | None) -> None:
    seen = shown(card(supposed(status)))
    assert (line in seen) if line else ("*H1*" not in seen)
    assert "more open" not in seen


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    "policy", [LARGE_POLICY, LONG_NAMES], ids=["the largest policy", "ten roles, twenty audiences"]
)
def test_no_text_of_any_length_breaks_a_message(phase: Phase, policy: Policy) -> None:
    incident = stuffed(phase, policy)
    due = {audience.name: NOW for audience in policy.audiences}
    for each in (incident, incident.but(end=closed().end)):
        drawn = [room_card(each, policy, due), announcement(each, policy)]
        for message in [*drawn, mentions(each, ["U123456789"] * 300, ["S123456789"] * 40)]:
            assert pings(fits(message)) == []


def test_a_busy_night_fits_on_the_card_in_plain_words() -> None:
    """Nothing extreme: every role has a holder, and all that can be written is a long sentence."""
    sentence = "Some customers in the north cannot pay by card since the release of this afternoon. " * 10
    busy = stuffed(Phase.POSTMORTEM).but(
        title=sentence,
        impact=sentence,
        severity="SEV1",
        boundaries=("checkout", "search"),
        seats={role.name: Seat(user=ALICE, since=at(0)) for role in POLICY.roles},
    )
    hypotheses = tuple(one.but(statement=sentence, boundary="search") for one in busy.hypotheses[:9])
    items = tuple(item.but(what=sentence) for item in busy.action_items)
    containments = tuple(one.but(action=sentence) for one in busy.containments)
    card(busy.but(hypotheses=hypotheses, action_items=items, containments=containments, recovery=sentence))


def test_a_title_pings_nobody_wherever_it_stands() -> None:
    incident = declared().but(title="<!channel> Q&A is down", impact="<!here> <https://x|y>")
    for message in (card(incident), announcement(incident, POLICY), mentions(incident, [ALICE], [])):
        assert "&lt;!channel&gt; Q&amp;A is down" in message.text
        assert pings(message) == []


def test_the_topic_is_short_plain_text() -> None:
    assert topic(in_phase(Phase.TRIAGE, "SEV1"), POLICY) == "SEV1 · Triage · Checkout is failing"
    assert topic(declared(), POLICY) == "severity not set, treated as SEV2 · Detection · Checkout is failing"
    for phase in PHASES:
        assert len(topic(stuffed(phase), LARGE_POLICY)) <= 250


def test_the_announcement_brings_people_into_the_room_while_it_is_open() -> None:
    assert labels(announcement(declared(), POLICY)) == ["Join the room"]
    assert labels(announcement(closed(), POLICY)) == ["It happened again"]


def test_a_gate_that_asks_for_the_postmortem_says_where_that_stands_and_opens_it() -> None:
    policy = policy_with(gates=[{"need": "published postmortem"}])
    incident = in_phase(Phase.POSTMORTEM, policy=policy)
    seen = shown(card(incident, policy))
    assert "○ that the postmortem is published (_it is a draft; to write: 6 sections and tags of factors" in seen
    published = incident.but(postmortem=Postmortem(stage=Stage.PUBLISHED))
    assert "✓ that the postmortem is published" in shown(card(published, policy))
    assert [labels(card(one, policy)).count("Open postmortem") for one in (incident, published)] == [1, 1]
