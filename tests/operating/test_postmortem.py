"""The postmortem as a document: the same record gives the same one, with what was refuted, refused and gone on without."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.action_item import ActionKind
from bot.core.decision import SYSTEM
from bot.core.factors import Factor
from bot.core.incident import Phase
from bot.core.learning.action_moves import DueDateMoved
from bot.core.learning.actions import ActionItemAdded
from bot.core.learning.issues import IssueOpened
from bot.core.learning.postmortem import EditSection, FactorsTagged, PostmortemMoved, TagFactors
from bot.core.lifecycle import AdvancePhase
from bot.core.notes import ParkDebate, PinMessage
from bot.core.review import Section, Stage, Strength
from bot.core.router.overrides import RulesOverridden
from bot.core.router.promises import UpdateSent
from bot.core.router.updates import UpdateIssued
from bot.core.vocabulary import decide, fold
from bot.export import Record
from bot.export.postmortem import as_postmortem, paragraphs, people_in
from tests.core.given import ALICE, BOB, CAROL, POLICY, at, origin
from tests.operating.given import keep_an_incident
from tests.operating.records import recorded, story

PINNED = "https://example.slack.com/archives/C1/p1700"


def eventful() -> Record:
    """An incident in POSTMORTEM with something of everything."""
    incident, events = None, []
    begun = [event for part in story() for event in part]
    upto = next(place for place, event in enumerate(begun) if type(event).__name__ == "IncidentClosed")
    events = begun[: upto - 1]
    incident = fold(None, events)
    commands = (
        ParkDebate(origin=origin(BOB, 700), text="Who is on call at night?"),
        PinMessage(origin=origin(BOB, 701), ts="17.1", author=ALICE, posted=at(699), text="Errors", permalink=PINNED),
        AdvancePhase(origin=origin(CAROL, 702), leaving=Phase.TRIAGE, to=Phase.CONTAINMENT),
        EditSection(
            origin=origin(BOB, 703),
            section=Section.HELPED,
            text="The switch.\n\n- and the *note*\n# not a heading",
            seen=0,
        ),
        TagFactors(origin=origin(CAROL, 704), factors=(Factor.DETECTION, Factor.CHANGE)),
    )
    for command in commands:
        decision = decide(incident, command, POLICY)
        events += decision.events
        incident = fold(incident, decision.events)
    return recorded(*events)


def test_the_same_record_gives_the_same_document():
    assert as_postmortem(eventful()) == as_postmortem(eventful())


def test_what_people_wrote_stands_there_with_its_version_and_the_rest_is_drawn_from_the_record():
    text = as_postmortem(eventful())
    assert "## What helped\n\nThe switch.\n\n- and the \\*note\\*\n\\# not a heading\n" in text
    assert "- What helped: version 1, by `UBOB`, last on 24 November 2026 at 01:43 UTC" in text
    assert "## Contributing factors\n\n- detection gap\n- change and rollout\n" in text
    assert "### H1: The pool of Checkout is exhausted" in text and "Evidence against it" in text
    assert "## Put off until now\n\n- “Who is on call at night?”, `UBOB`" in text
    assert f"[a message]({PINNED})" in text or f"]({PINNED})" in text


def test_what_was_refused_stands_there_and_what_happened_to_the_document_does_not_fill_its_timeline():
    text = as_postmortem(eventful())
    exceptions = text.split("## Waivers, refused attempts and overrides")[1].split("\n## ")[0]
    assert "`UBOB` tried to move to the next phase. Refused: not known yet" in exceptions
    assert "`UCAROL` tried to move to the next phase. Refused:" in exceptions
    events = [event for _, event in eventful().events if event is not None]
    overridden = RulesOverridden(
        at=at(705), actor=BOB, rules={"executives": ("U3",)}, because="They asked for the name of the server"
    )
    with_override = as_postmortem(replace(recorded(*events, overridden), links={len(events) + 1: PINNED}))
    exceptions = with_override.split("## Waivers, refused attempts and overrides")[1].split("\n## ")[0]
    assert (
        f"- [24 November 2026 at 01:45 UTC]({PINNED}) · {len(events) + 1} · `UBOB` sent executives a text" in exceptions
    )
    timeline = text.split("## Timeline")[1].split("\n## ")[0]
    assert "The switch" not in timeline and "Who is on call" in timeline


def test_updates_of_one_moment_are_one_line_in_which_each_audience_leads_to_what_it_read():
    events = [event for _, event in eventful().events if event is not None]
    issued = [seq for seq, event in enumerate(events, 1) if isinstance(event, UpdateIssued) and event.text]
    first, second = issued[:2]
    places = {seq: f"https://example.slack.com/archives/C2/p{seq}" for seq in (first, second)}
    sent = [
        UpdateSent(at=at(705), actor=SYSTEM, audience="executives", update=seq, permalink=place)
        for seq, place in places.items()
    ]
    timeline = as_postmortem(recorded(*events, *sent)).split("## Timeline")[1].split("\n## ")[0]
    assert (
        f" · {first}, {second} · `UBOB` sent [executives]({places[first]}) and [support]({places[second]}) an update "
        "(written by a person): “We are on it.”\n"
    ) in timeline
    assert "taken by Slack" not in timeline and " showed [H1]" not in timeline


def test_what_nobody_wrote_asks_for_it_in_the_draft_and_is_left_out_once_it_is_reviewed():
    events = [event for _, event in eventful().events if event is not None]
    draft = as_postmortem(recorded(*events))
    assert "## What surprised us\n\n_What surprised those who were there?_" in draft and "## Terms\n\n_" in draft
    moved = (PostmortemMoved(at=at(705), actor=BOB, to=to) for to in (Stage.IN_REVIEW, Stage.REVIEWED))
    final = as_postmortem(recorded(*events, *moved))
    assert "## What surprised us" not in final and "## Terms" not in final and "## What helped\n\nThe switch." in final


def test_what_went_right_is_a_tag_of_what_helped():
    tagged = FactorsTagged(at=at(705), actor=BOB, factors=(Factor.DETECTION,), strengths=(Strength.TOOL,))
    text = as_postmortem(recorded(*(event for _, event in eventful().events if event is not None), tagged))
    assert "## What helped\n\n- a tool\n\nThe switch." in text
    assert "## Contributing factors\n\n- detection gap\n\n_" in text


def test_an_action_item_is_told_with_all_that_says_what_it_is_good_for():
    added = ActionItemAdded(
        at=at(706),
        actor=BOB,
        what="Alert on declined cards",
        assignee=CAROL,
        due=date(2026, 12, 1),
        done_when="An alert fires within a minute",
        kind=ActionKind.DETECT,
        factors=(Factor.DETECTION,),
        hypothesis=1,
    )
    moved = DueDateMoved(
        at=at(707), actor=CAROL, item=1, former=date(2026, 12, 1), due=date(2026, 12, 8), slips=True, why="Other work"
    )
    issue = IssueOpened(
        at=at(708), actor=SYSTEM, item=1, tracker="github", key="acme/shop#5", url="https://example.com/5"
    )
    text = as_postmortem(recorded(*(event for _, event in eventful().events if event is not None), added, moved, issue))
    assert (
        "- **A1** “Alert on declined cards”, `UCAROL`, by 8 December 2026, moved later once, proposed; done when: "
        "“An alert fires within a minute”; for: detect; acts on: detection gap, H1; [acme/shop#5](https://example.com/5)\n"
    ) in text


def test_people_have_their_names_where_they_are_known():
    text = as_postmortem(eventful(), {BOB: "Bob *Tanaka*"})
    assert "by Bob \\*Tanaka\\*" in text and "`UBOB`" not in text and "`UCAROL`" in text
    assert {BOB, CAROL} <= people_in(as_postmortem(eventful()))


@pytest.mark.parametrize("typed", ["> - a list in a quotation", "# a heading", "<@U1> `x` [a](b)"])
def test_nothing_that_people_write_breaks_the_document(typed):
    written = paragraphs(typed)
    assert not written.startswith(("#", ">"))
    assert "[a](" not in written.replace("\\[a](", "")


def test_a_record_without_its_policy_cannot_be_written_up():
    record = eventful()
    with pytest.raises(ValueError, match="INC-1 follows a policy that was not kept"):
        as_postmortem(Record(incident=record.incident, entries=record.entries, policies={}))


def test_it_is_printed_and_written_on_the_command_line(database_url: str, tmp_path: Path):
    keep_an_incident(database_url)

    def lockstep(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, env={"DATABASE_URL": database_url})

    printed = lockstep("postmortem", "INC-1")
    assert printed.exit_code == 0 and printed.output.startswith("# Postmortem of INC-1:")
    file = tmp_path / "INC-1.md"
    assert "is written" in lockstep("postmortem", "1", "--to", str(file)).output
    assert file.read_text(encoding="utf-8") == printed.output
    assert lockstep("postmortem", "INC-9").exit_code != 0
