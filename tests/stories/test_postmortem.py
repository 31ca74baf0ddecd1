"""The postmortem: drafted the moment Recovery is left, written by several people, checked for blame, reviewed by somebody else,
published as a file and a canvas, and reached by redactions."""

import re

import pytest

from bot.app import App
from bot.core.decision import AttemptRefused
from bot.core.factors import Factor
from bot.core.gates import NeedsWaived
from bot.core.learning.postmortem import FindingKept, PostmortemMoved, SectionEdited
from bot.core.needs import Need
from bot.core.refusal import NotFinished, OwnWork
from bot.core.review import Section, Stage
from bot.sandbox import Person, Sandbox
from bot.sandbox.workspace.state import File
from tests.running import until
from tests.stories.steps import (
    FACTS,
    advances,
    asks,
    declares,
    everything_is_delivered,
    journal,
    learns,
    opens_postmortem,
    walks_to,
    writes,
    writes_postmortem,
)


async def in_postmortem(sandbox: Sandbox, person: Person, severity: str = "sev1") -> str:
    """The room of an incident of which Recovery was just left, led by this person."""
    room = await declares(sandbox, person, f"{severity} Checkout is failing")
    await walks_to(person, room, "Advance to Postmortem")
    await person.sees("INC-1 is now in Postmortem", in_=room)
    return room


def document(sandbox: Sandbox, person: Person, room: str) -> str:
    """The postmortem's file that stands in the room."""
    (file,) = [file for file in _documents(sandbox, person, room) if not file.deleted]
    assert file.content is not None
    return bytes(file.content).decode()


def _documents(sandbox: Sandbox, person: Person, room: str) -> list[File]:
    return [file for file in _files(sandbox, person, room) if file.deleted or file.name.endswith(".md")]


def _files(sandbox: Sandbox, person: Person, room: str) -> list[File]:
    shown = [file["id"] for message in person.messages(room) for file in message.raw.get("files", [])]
    return [sandbox.workspace.files[id] for id in dict.fromkeys(shown)]


def canvas(sandbox: Sandbox) -> str:
    """What stands in the one canvas that is there."""
    (one,) = sandbox.workspace.canvases.values()
    return "\n\n".join(section.markdown for section in one.sections)


async def test_it_is_drafted_from_the_record_the_moment_recovery_is_left(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev1 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    assert "can be written once Recovery is left" in await asks(alice, "/incident postmortem", in_=room)
    await everything_is_delivered(bot, sandbox)  # what it can lead to
    await advances(alice, "Advance to Postmortem", room)
    await alice.sees("A draft of the postmortem comes into this room.", in_=room)
    await everything_is_delivered(bot, sandbox)
    assert "INC-1 as a picture" in [file.title for file in _files(sandbox, alice, room)]
    text = document(sandbox, alice, room)
    assert text.startswith("# Postmortem of INC-1: Checkout is failing\n")
    assert "- **Stage:** draft" in text
    assert "## Summary\n\nSome customers cannot pay by card." in text
    assert "What stopped it: Undid the last release." in text
    assert "## What helped\n\n_What helped:" in text
    assert "goes on without" in text or "went on without" in text
    assert "## Timeline" in text and alice.user.name in text and alice.user.id not in text
    assert canvas(sandbox).startswith("# Postmortem of INC-1: Checkout is failing")
    told = "\n".join(line for line in text.splitlines() if " · Lockstep sent [" in line)
    linked = re.findall(r"\[\w+\]\(https://[^)]+/archives/(C\w+)/p(\d{10})(\d{6})\?thread_ts=", told)
    assert len(linked) > 3
    for channel, seconds, rest in linked:
        assert f"{seconds}.{rest}" in {message["ts"] for message in sandbox.messages(channel)}
    gate = (await alice.sees("Before the close we must know:", in_=room)).text
    assert "○ that the postmortem is published (it is a draft; to write: 6 sections and tags of factors" in gate
    assert "[Open postmortem]" in gate


async def test_the_draft_leads_to_what_was_said_in_the_room(sandbox: Sandbox, bot: App, alice: Person):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await alice.types("/incident note The pool is full", in_=room)
    said = await alice.sees("noted: “The pool is full”", in_=room)
    await walks_to(alice, room, "Advance to Postmortem")
    await everything_is_delivered(bot, sandbox)
    (line,) = [one for one in document(sandbox, alice, room).splitlines() if "noted: “The pool is full”" in one]
    address = re.match(r"- \[\d\d:\d\d:\d\d\]\((\S+)\) · \d+ · ", line)
    assert address, line
    assert address[1].endswith(f"/archives/{sandbox.channel(room).id}/p{said.ts.replace('.', '')}")


async def test_two_people_write_one_after_another_and_its_versions_tell(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_postmortem(sandbox, alice)
    await opens_postmortem(alice, room)
    await writes(alice, "Edit what helped", "The switch that turns the new checkout off.")
    assert "version 1, @alice" in alice.form.text  # type: ignore[union-attr]
    await bob.joins(room)
    await opens_postmortem(bob, room)
    await writes(bob, "Edit what helped", "The switch, and the note on how to use it.")
    assert "version 2, @bob" in bob.form.text  # type: ignore[union-attr]
    versions = [(event.version, event.actor) for event in await journal(bot, SectionEdited)]
    assert versions == [(1, alice.user.id), (2, bob.user.id)]
    await everything_is_delivered(bot, sandbox)
    assert "The switch, and the note on how to use it." in canvas(sandbox)


async def test_who_writes_at_once_is_told_and_nothing_is_lost(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_postmortem(sandbox, alice)
    await bob.joins(room)
    for person in (alice, bob):
        await opens_postmortem(person, room)
        await person.presses("Edit what helped")
        await person.gets_form("Postmortem")
    await alice.fills({"What helped": "The switch."})
    assert await alice.submits() == {}
    await bob.fills({"What helped": "The note."})
    assert await bob.submits() == {}
    form = await bob.gets_form("Postmortem")
    assert "was changed by @alice" in form.text and "Nothing was overwritten" in form.text
    assert "The switch." in form.text
    assert form.values["What helped"] == "The note."
    assert [event.text for event in await journal(bot, SectionEdited)] == ["The switch."]
    await bob.fills({"What helped": "The switch, and the note."})
    assert await bob.submits() == {}
    assert [event.text for event in await journal(bot, SectionEdited)] == ["The switch.", "The switch, and the note."]


async def test_a_long_section_has_several_fields_and_one_that_is_too_long_says_so(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await in_postmortem(sandbox, alice)
    await opens_postmortem(alice, room)
    whole = (
        "\n\n".join(f"Paragraph {number}. " + "It was slow. " * 80 for number in range(4))
        .replace(". \n", ".\n")
        .strip()
    )
    await writes(alice, "Edit what hindered", whole[:2999])
    await alice.presses("Edit what hindered")
    form = await alice.gets_form("Postmortem")
    assert form.labels == ["What hindered", "What hindered, part 2"]
    await alice.fills({"What hindered, part 2": "And more of it. " * 150})
    assert await alice.submits() == {}
    text = (await bot.service.incident(1, viewer="")).postmortem.sections[Section.HINDERED].text
    assert text.endswith("And more of it.") and len(text) > 5000
    await alice.presses("Edit what hindered")
    form = await alice.gets_form("Postmortem")
    while len(form.labels) < 5:
        await alice.fills(dict.fromkeys(form.labels, "x" * 2990))
        assert await alice.submits() == {} or len(form.labels) == 5
        await alice.presses("Edit what hindered")
        form = await alice.gets_form("Postmortem")
    await alice.fills(dict.fromkeys(form.labels, "x" * 2990))
    (wrong,) = (await alice.submits()).values()
    assert wrong.startswith("A section takes 12,000 characters, and this has 14,9")


async def test_a_wording_that_blames_is_shown_and_kept_for_a_reason(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_postmortem(sandbox, alice)
    await opens_postmortem(alice, room)
    await writes(alice, "Edit what hindered", "The supplier wrote: “This was human error.” Alice should have called.")
    form = await alice.gets_form("Postmortem")
    assert "Saved. Please look at these wordings" in form.text
    assert "“human error” (B4)" in form.text and "“Alice” (B9)" in form.text
    await alice.presses("Keep")
    form = await alice.gets_form("Postmortem")
    assert list(await alice.submits()) == ["Keep, because …"]
    await alice.fills({"Keep, because …": "It quotes what the supplier wrote"})
    assert await alice.submits() == {}
    form = await alice.gets_form("Postmortem")
    assert "(B4)" not in form.text and "(B9)" in form.text
    await alice.fills({"What hindered": "The supplier wrote: “This was human error.” The call came late."})
    assert await alice.submits() == {}
    form = await alice.gets_form("Postmortem")
    assert "to look at" not in form.text
    (kept,) = await journal(bot, FindingKept)
    assert (kept.rule, kept.found, kept.reason) == ("B4", "human error", "It quotes what the supplier wrote")


async def test_the_whole_review_from_draft_to_published(sandbox: Sandbox, bot: App, alice: Person, bob: Person):
    room = await in_postmortem(sandbox, alice)
    await opens_postmortem(alice, room)
    await alice.presses("Ask for review")
    form = await alice.gets_form("Postmortem")
    assert "Before its review the postmortem needs:" in form.text
    assert "at least 2 contributing factors must be tagged" in form.text
    await writes_postmortem(alice, room)
    await alice.presses("Ask for review")
    await alice.sees("asked for a review of the postmortem of INC-1", in_=room)
    await alice.presses("Reviewed")
    form = await alice.gets_form("Postmortem")
    assert "You wrote it or asked for its review, so somebody else reviews it" in form.text
    await bob.joins(room)
    await opens_postmortem(bob, room)
    await bob.presses("Reviewed")
    await bob.sees("reviewed the postmortem of INC-1", in_=room)
    assert "INC-1 is reviewed" in bob.form.text.replace("*", "")  # type: ignore[union-attr]
    await bob.presses("Publish")
    await bob.sees("published the postmortem of INC-1", in_=room)
    await everything_is_delivered(bot, sandbox)
    await until(lambda: _is_published(sandbox, alice, room), within=60.0)
    text = document(sandbox, alice, room)
    assert "- **Stage:** published" in text and "- **Reviewed by:** bob" in text
    assert "- interface or prompt unclear" in text and "- detection gap" in text
    assert "- **Stage:** published" in canvas(sandbox)
    assert len([file for file in _documents(sandbox, alice, room) if file.deleted]) == 1
    stages = [event.to for event in await journal(bot, PostmortemMoved)]
    assert stages == [Stage.IN_REVIEW, Stage.REVIEWED, Stage.PUBLISHED]
    refused = [event.refusal for event in await journal(bot, AttemptRefused)]
    assert [type(one) for one in refused] == [NotFinished, OwnWork]
    assert (await bot.service.incident(1, viewer="")).postmortem.factors == (Factor.DETECTION, Factor.INTERFACE)


async def _is_published(sandbox: Sandbox, person: Person, room: str) -> bool:
    return "- **Stage:** published" in document(sandbox, person, room)


async def test_it_is_not_published_with_open_wordings_and_goes_back_for_a_reason(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_postmortem(sandbox, alice)
    await writes_postmortem(alice, room)
    await writes(alice, "Edit what hindered", "The supplier is to blame.")
    await alice.gets_form("Postmortem")
    await alice.presses("Open postmortem")
    await alice.presses("Ask for review")
    await alice.sees("asked for a review", in_=room)
    await bob.joins(room)
    await opens_postmortem(bob, room)
    await bob.presses("Reviewed")
    await bob.sees("reviewed the postmortem", in_=room)
    await bob.presses("Publish")
    form = await bob.gets_form("Postmortem")
    assert "There are wordings to look at in What hindered" in form.text.replace("*", "")
    await bob.presses("Back to draft")
    await bob.gets_form("Postmortem")
    await bob.fills({"What is to be changed?": "Say what the supplier's part was"})
    assert await bob.submits() == {}
    await alice.sees(re.compile("took the postmortem back to being a draft.*Say what the supplier"), in_=room)
    assert (await bot.service.incident(1, viewer="")).postmortem.stage is Stage.DRAFT


async def test_what_is_redacted_goes_from_the_file_and_the_canvas(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_postmortem(sandbox, alice, "sev3")
    await opens_postmortem(alice, room)
    await writes(alice, "Edit what helped", "The key hunter2-hunter2 was in the note.")
    await everything_is_delivered(bot, sandbox)
    assert "hunter2-hunter2" in canvas(sandbox)
    await alice.types("/incident redact", in_=room)
    await alice.gets_form()
    await alice.fills({"And everything that says": "hunter2-hunter2", "Why?": "A key"})
    assert await alice.submits() == {}
    await everything_is_delivered(bot, sandbox)
    assert "hunter2" not in canvas(sandbox)
    assert "hunter2" not in document(sandbox, alice, room)
    assert all(file.content is None for file in _documents(sandbox, alice, room) if file.deleted)
    assert (await bot.service.incident(1, viewer="")).postmortem.sections[Section.HELPED].text == "[redacted]"


@pytest.mark.parametrize("call", ["files.completeUploadExternal", "conversations.canvases.create", "canvases.edit"])
async def test_when_an_answer_is_lost_there_is_still_one_file_and_one_canvas(
    sandbox: Sandbox, bot: App, alice: Person, call: str
):
    room = await declares(sandbox, alice, "sev3 Checkout is failing")
    await walks_to(alice, room, "Advance to Recovery")
    await everything_is_delivered(bot, sandbox)
    sandbox.faults.lose_answer(call)
    await advances(alice, "Advance to Postmortem", room)
    await everything_is_delivered(bot, sandbox)
    await opens_postmortem(alice, room)
    await writes(alice, "Edit what helped", "The switch.")
    await everything_is_delivered(bot, sandbox)
    assert "The switch." in canvas(sandbox)
    assert document(sandbox, alice, room).startswith("# Postmortem of INC-1")
    assert not (await bot.service.incident(1, viewer="")).failures


async def test_a_workspace_without_canvases_has_the_file_and_no_complaint(sandbox: Sandbox, bot: App, alice: Person):
    sandbox.faults.error("conversations.canvases.create", "canvas_disabled_user_team", times=None)
    room = await in_postmortem(sandbox, alice, "sev3")
    await everything_is_delivered(bot, sandbox)
    assert not sandbox.workspace.canvases
    assert document(sandbox, alice, room).startswith("# Postmortem of INC-1")
    assert not (await bot.service.incident(1, viewer="")).failures


async def test_a_bad_incident_is_closed_once_somebody_else_reviewed_it_and_who_changes_something_took_it(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_postmortem(sandbox, alice)
    await learns(alice, bob, room)
    await everything_is_delivered(bot, sandbox)
    gate = (await alice.sees("Before the close we must know: nothing more", in_=room)).text
    assert "✓ that the postmortem is published" in gate
    await alice.presses("Close incident", in_=room)
    assert alice.form is not None and alice.form.labels == []
    assert await alice.submits() == {}
    await alice.sees("INC-1 is closed", in_=room)
    before_the_close = [one for one in await journal(bot, NeedsWaived) if Need.POSTMORTEM in one.needs]
    assert before_the_close == []


async def test_the_form_that_closes_asks_for_all_that_can_be_said_and_for_a_reason_to_go_without_the_rest(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_postmortem(sandbox, alice)
    await alice.presses("Close incident", in_=room)
    asked = []
    while alice.form is not None:
        asked.append((alice.form.labels, alice.form.submit))
        if alice.form.labels == ["Why go on without?"]:
            assert "Not taken yet: A1 (@bob)." in alice.form.text and "[Open postmortem]" in alice.form.text
        await alice.fills({label: FACTS["Close incident"][label] for label in alice.form.labels})
        assert await alice.submits() == {}
    assert asked == [
        (["What will we change?", "Assignee", "Due date"], "Next"),
        (["Done when", "What is it for?", "Which contributing factors does it act on?"], "Next"),
        (["Why go on without?"], "Close incident"),
    ]
    await alice.sees("INC-1 is closed", in_=room)
    (waived,) = [one for one in await journal(bot, NeedsWaived) if Need.POSTMORTEM in one.needs]
    assert (waived.needs, waived.reason) == ((Need.ACCEPTED, Need.POSTMORTEM), "We write it down next week")


async def test_who_may_not_waive_is_shown_what_the_close_waits_for(
    sandbox: Sandbox, bot: App, alice: Person, bob: Person
):
    room = await in_postmortem(sandbox, alice)
    await alice.presses("No action needed", in_=room)
    await alice.fills({alice.form.labels[0]: "It was a planned test"})  # type: ignore[union-attr]
    assert await alice.submits() == {}
    await alice.sees("No action needed: It was a planned test", in_=room)
    await bob.joins(room)
    await bob.presses("Close incident", in_=room)
    assert bob.form is not None and not bob.form.submit
    assert "The postmortem is not published: it is a draft; to write:" in bob.form.text
    await bob.presses("Open postmortem")
    assert "The postmortem of INC-1 is a draft." in bob.form.text.replace("*", "")


async def test_what_was_bad_once_is_learnt_from_though_it_was_milder_in_the_end(
    sandbox: Sandbox, bot: App, alice: Person
):
    room = await declares(sandbox, alice, "sev2 Checkout is failing")
    await walks_to(alice, room, "Advance to Triage")
    await alice.types("/incident severity sev3 It has a workaround", in_=room)
    await alice.sees("The severity of INC-1 is SEV3.", in_=room)
    for step in ("Advance to Containment", "Advance to Recovery", "Advance to Postmortem"):
        await advances(alice, step, room)
    gate = (await alice.sees("Before the close we must know:", in_=room)).text
    assert "that the postmortem is published" in gate


async def test_a_small_incident_is_closed_with_what_will_change_and_no_more(sandbox: Sandbox, bot: App, alice: Person):
    room = await in_postmortem(sandbox, alice, "sev3")
    await alice.presses("Close incident", in_=room)
    form = await alice.gets_form()
    assert (form.labels, form.submit) == (["What will we change?", "Assignee", "Due date"], "Close incident")
    await alice.fills({label: FACTS["Close incident"][label] for label in form.labels})
    assert await alice.submits() == {}
    await alice.sees("INC-1 is closed", in_=room)
