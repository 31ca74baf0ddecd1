"""9. What only a person may send: customers get nothing until somebody in the room has seen what they will read, and sent it."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.sandbox import Person, Sandbox
from tests.running import pass_time, running
from tests.stories.steps import (
    IMPACT,
    advances,
    asks,
    declares,
    everything_is_delivered,
    takes_command,
    updates_in,
    walks_to,
)

POLICY = """
announce_in: "#incidents"
unset_counts_as: SEV2
severities:
  - {name: SEV1, means: Nobody can work, first_update_minutes: 10, then_every_minutes: 20}
  - {name: SEV2, means: Some cannot work, first_update_minutes: 15, then_every_minutes: 30}
  - {name: SEV3, means: A nuisance, first_update_minutes: 60, then_every_minutes: 60}
boundaries:
  - {id: checkout, name: Checkout}
  - {id: search, name: Search}
audiences:
  - {name: executives, channel: "#exec-updates", hears: [SEV1, SEV2]}
  - {name: customers, channel: "#customer-updates", hears: [SEV1, SEV2], sent_by: a person}
"""
CUSTOMERS = "#customer-updates"
UNKNOWN = "We are looking into a report. We do not know yet who is affected."


@pytest.fixture
async def bot(sandbox: Sandbox, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """Lockstep, under a policy by which a person writes to customers."""
    (tmp_path / "policy.yml").write_text(POLICY, encoding="utf-8")
    async with running(sandbox, database_url, lockstep_playbooks=tmp_path) as app:
        yield app


def customers_read(sandbox: Sandbox) -> list[str]:
    """All that stands in the customers' channel, without who joined."""
    dave = sandbox.person("dave")
    return [text for text in dave.reads(CUSTOMERS) if "joined" not in text]


def drafts(person: Person, room: str) -> list[str]:
    """The drafts for customers in the room, oldest first."""
    return [text for text in person.reads(room) if re.search("(ere is a draft|Draft) for customers", text)]


async def sends_draft(person: Person, room: str) -> str:
    """Press Send on the newest draft and confirm what is shown; returns what was shown."""
    await person.presses("Send", in_=room)
    shown = (await person.gets_form()).text
    assert await person.submits() == {}
    assert person.form is None
    return shown


async def test_at_the_first_due_time_the_room_gets_a_draft_and_customers_nothing(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "Something is odd")
    await takes_command(alice, room)
    await pass_time(bot, sandbox, 10)
    assert drafts(alice, room) == []
    await pass_time(bot, sandbox, 6)
    (draft,) = drafts(alice, room)
    assert draft.startswith("@alice: an update of INC-1 to customers is due since")
    assert UNKNOWN in draft and "[Send] [Edit]" in draft
    await alice.sees(re.compile("we must know:.*customers: [^\n]*overdue, by one of you", re.DOTALL), in_=room)
    assert customers_read(sandbox) == []
    await pass_time(bot, sandbox, 6)
    assert len(drafts(alice, room)) == 2
    assert customers_read(sandbox) == []


async def test_a_draft_calls_the_communications_lead_if_there_is_one(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "Something is odd")
    await takes_command(alice, room)
    await alice.types("/incident role comms @dave", in_=room)
    await pass_time(bot, sandbox, 10)
    await pass_time(bot, sandbox, 6)
    (draft,) = drafts(alice, room)
    assert draft.startswith("@dave: an update of INC-1 to customers is due since")


async def test_a_draft_that_nobody_is_there_to_send_reads_like_a_sentence(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    draft = await alice.sees(re.compile("here is a draft for customers", re.IGNORECASE), in_=room)
    assert draft.text.startswith("Here is a draft")


async def test_the_longest_impact_can_be_drafted_and_sent(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.types("/incident impact " + 'They see "no" \\ <&> 😱 ' * 120, in_=room)
    await walks_to(alice, room, "Advance to Triage")
    await alice.sees("Problem confirmed", in_=room)
    shown = await sends_draft(alice, room)
    assert 'They see "no" \\ <&> 😱 They see' in shown
    await everything_is_delivered(bot, sandbox)
    assert 'They see "no" \\ <&> 😱 They see' in customers_read(sandbox)[-1]


async def test_each_phase_that_is_entered_is_drafted_once(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Postmortem")
    await everything_is_delivered(bot, sandbox)
    headlines = [draft.splitlines()[1] for draft in drafts(alice, room)]
    assert headlines == [
        "Report received",
        "Problem confirmed",
        "Limiting the problem",
        "Recovering",
        "Service is restored",
    ]
    assert customers_read(sandbox) == []


async def test_a_draft_goes_out_with_two_clicks_as_it_was_shown(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await bob.joins(room)
    await bob.types("/incident role comms @bob", in_=room)
    await bob.sees("Problem confirmed", in_=room)
    await bob.presses("Send", in_=room)
    form = await bob.gets_form()
    assert "What customers in #customer-updates will read:" in form.text
    assert f"{IMPACT} We are finding out how far it reaches." in form.text
    assert customers_read(sandbox) == []
    assert await bob.submits() == {}
    assert bob.form is None
    await everything_is_delivered(bot, sandbox)
    status, update = customers_read(sandbox)
    assert update.startswith(f"Problem confirmed\n{IMPACT} We are finding out how far it reaches.\nFirst reported:")
    assert "Next update by" in update
    assert status.splitlines()[0] == "INC-1: Problem confirmed"
    assert IMPACT not in status and "Checkout" not in status


async def test_a_preview_that_is_closed_sends_nothing(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("ere is a draft for customers", in_=room)
    await alice.presses("Send", in_=room)
    await alice.closes()
    await everything_is_delivered(bot, sandbox)
    assert customers_read(sandbox) == []


async def test_a_draft_can_be_reworded_and_no_other_audience_is_disturbed(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await pass_time(bot, sandbox, 5)
    before = (await bot.service.incident(1, viewer="")).told["executives"]
    executives = carol.reads("#exec-updates")
    await alice.presses("Edit", in_=room)
    form = await alice.gets_form()
    assert form.values["Who should read it?"] == "customers"
    assert form.values["What should they read?"] == f"{IMPACT} We are finding out how far it reaches."
    await alice.fills({"What should they read?": "Paying by card fails for some of you. By bank it works."})
    assert await alice.submits() == {}
    preview = await alice.gets_form()
    assert "By bank it works." in preview.text and "executives" not in preview.text
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert [text for text in customers_read(sandbox) if "By bank it works." in text] == customers_read(sandbox)[1:]
    assert carol.reads("#exec-updates") == executives
    assert (await bot.service.incident(1, viewer="")).told["executives"] == before


async def test_the_room_reads_to_whom_a_draft_was_sent(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("ere is a draft for customers", in_=room)
    await sends_draft(alice, room)
    told = await alice.sees("@alice sent an update to", in_=room)
    assert "customers" in told.text
    assert "everyone who is kept informed" not in told.text


async def test_sending_resets_the_clock_of_the_drafts(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("ere is a draft for customers", in_=room)
    await pass_time(bot, sandbox, 18)
    await sends_draft(alice, room)
    count = len(drafts(alice, room))
    await pass_time(bot, sandbox, 16)
    assert len(drafts(alice, room)) == count
    await pass_time(bot, sandbox, 6)
    assert len(drafts(alice, room)) == count + 1


async def test_the_update_on_the_card_goes_to_customers_only_if_they_are_chosen(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    for chosen in ("executives", "executives, customers"):
        await alice.sees("[Send update]", in_=room)
        await alice.presses("Send update", in_=room)
        form = await alice.gets_form()
        assert form.values["Who should read it?"] == "executives"
        await alice.fills({"What should they read?": f"Said to {chosen}."})
        await alice.fills({"Who should read it?": chosen.split(", ")})
        assert await alice.submits() == {}
        assert ("customers in #customer-updates" in (await alice.gets_form()).text) is ("customers" in chosen)
        assert await alice.submits() == {}
        await carol.sees(f"Said to {chosen}.", in_="#exec-updates")
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(sandbox.person("dave"), CUSTOMERS)) == 1
    assert "Said to executives, customers." in customers_read(sandbox)[-1]


async def test_an_update_typed_in_the_room_does_not_go_to_customers_by_itself(
    sandbox: Sandbox, bot: App, alice: Person, carol: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.types("/incident update We found it.", in_=room)
    await alice.submits()
    await alice.submits()
    await carol.sees("We found it.", in_="#exec-updates")
    await everything_is_delivered(bot, sandbox)
    assert customers_read(sandbox) == []


async def test_an_old_draft_says_what_is_true_when_it_is_sent(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.sees("Problem confirmed", in_=room)
    await alice.types("/incident impact Nobody can pay at all.", in_=room)
    shown = await sends_draft(alice, room)
    assert "Nobody can pay at all. We are finding out how far it reaches." in shown and IMPACT not in shown
    await everything_is_delivered(bot, sandbox)
    assert "Nobody can pay at all." in customers_read(sandbox)[-1]
    assert not any(IMPACT in text for text in customers_read(sandbox))


async def test_a_draft_that_is_being_looked_at_is_drawn_anew_when_the_phase_moves_on(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await bob.joins(room)
    await bob.sees("Problem confirmed", in_=room)
    await bob.presses("Send", in_=room)
    await bob.gets_form()
    await advances(alice, "Advance to Containment", room)
    assert await bob.submits() == {}
    form = await bob.gets_form()
    assert "The incident has moved on" in form.text and "Limiting the problem" in form.text
    assert customers_read(sandbox) == []
    assert "We are finding out how far it reaches." not in form.text
    assert f"{IMPACT} We are working to stop it from getting worse." in form.text


async def test_a_draft_that_is_being_looked_at_is_drawn_anew_when_the_impact_is_corrected(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await bob.joins(room)
    await bob.sees("Problem confirmed", in_=room)
    await bob.presses("Send", in_=room)
    await bob.gets_form()
    await alice.types("/incident impact Nobody can pay at all.", in_=room)
    assert await bob.submits() == {}
    form = await bob.gets_form()
    assert "Nobody can pay at all." in form.text and IMPACT not in form.text
    assert customers_read(sandbox) == []


async def test_what_two_people_send_at_the_same_moment_customers_read_once(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await bob.joins(room)
    await bob.sees("ere is a draft for customers", in_=room)
    for person in (alice, bob):
        await person.presses("Send", in_=room)
        await person.gets_form()
    await asyncio.gather(alice.submits(), bob.submits())
    await everything_is_delivered(bot, sandbox)
    assert len(updates_in(sandbox.person("dave"), CUSTOMERS)) == 1


async def test_when_it_is_over_customers_can_be_told_so(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    await alice.sees("Recovering", in_=room)
    await sends_draft(alice, room)
    await advances(alice, "Advance to Postmortem", room)
    await advances(alice, "Close incident", room)
    await alice.sees("INC-1 is closed", in_=room)
    await everything_is_delivered(bot, sandbox)
    last = drafts(alice, room)[-1]
    assert "This was the last message about it." in last
    assert "[Send]" in last, "the room is asked to send the last message, and cannot"
    await sends_draft(alice, room)
    await everything_is_delivered(bot, sandbox)
    assert "This was the last message about it." in customers_read(sandbox)[-1]
    assert customers_read(sandbox)[0].startswith("INC-1: Closed")


async def test_a_draft_for_somebody_who_no_longer_hears_is_answered_in_true_words(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await alice.sees("ere is a draft for customers", in_=room)
    await alice.types("/incident severity sev3", in_=room)
    await alice.presses("Send", in_=room)
    if alice.form is not None:
        await alice.submits()
    said = alice.form.text if alice.form else alice.reads(room)[-1]
    assert "The policy has no audience" not in said, "it has one; it only does not hear of this severity"


async def test_drafts_stand_on_the_card_and_on_the_timeline(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    card = await alice.sees("we must know:", in_=room)
    assert ", by one of you" in card.text
    await alice.sees("ere is a draft for customers", in_=room)
    await sends_draft(alice, room)
    timeline = await asks(alice, "/incident timeline", in_=room)
    assert "drafted an update to customers" in timeline
    assert "@alice told customers" in timeline
