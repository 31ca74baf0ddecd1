"""The postmortem: drafted from the record, written with versions, reviewed by somebody else, published when nothing is open."""

import pytest

from bot.core.effects import PostDocument, PostPicture, ShowCanvas, Tell
from bot.core.factors import Factor
from bot.core.gates import missing
from bot.core.incident import Incident, Phase
from bot.core.learning.drafting import drafted, text_of, unwritten
from bot.core.learning.postmortem import EditSection, KeepFinding, MovePostmortem, SectionEdited, TagFactors, may_review
from bot.core.needs import Need
from bot.core.policy import Policy
from bot.core.refusal import NotFinished, NotThere, OwnWork, Refusal, SaysNothing, SectionChanged
from bot.core.review import FULL, Section, Stage
from tests.core.given import (
    ALICE,
    BOB,
    CAROL,
    POLICY,
    at,
    decided,
    in_phase,
    kinds,
    next_step,
    origin,
    policy_with,
    wishes,
)

LIGHT = policy_with(full_postmortem_at=[])
TWO = (Factor.DETECTION, Factor.CHANGE)


def edit(section: Section, text: str, *, by: str = ALICE, seen: int = 0, minutes: float = 0) -> EditSection:
    return EditSection(origin=origin(by, minutes), section=section, text=text, seen=seen)


def move(incident: Incident, to: Stage, *, by: str, reason: str = "", findings=()) -> MovePostmortem:
    now = incident.postmortem
    return MovePostmortem(
        origin=origin(by, 90), to=to, leaving=now.stage, seen=now.edits, reason=reason, findings=findings
    )


def to_stage(stage: Stage, policy: Policy = LIGHT) -> Incident:
    """Written by ALICE, who asked for its review, and reviewed by BOB."""
    incident, _ = decided(
        in_phase(Phase.POSTMORTEM, "SEV1", policy),
        edit(Section.FACTORS, "The alert waits."),
        TagFactors(origin=origin(ALICE), factors=TWO),
        policy=policy,
    )
    for to, by in ((Stage.IN_REVIEW, ALICE), (Stage.REVIEWED, BOB), (Stage.PUBLISHED, BOB)):
        if incident.postmortem.stage is stage:
            break
        incident, _ = decided(incident, move(incident, to, by=by), policy=policy)
    return incident


def refusal(incident: Incident, command, policy: Policy = LIGHT) -> Refusal | None:
    return decided(incident, command, policy=policy)[1].refusal


def test_the_same_record_gives_the_same_draft_and_says_what_happened():
    incident = in_phase(Phase.POSTMORTEM, "SEV1")
    drafts = [[drafted(incident, POLICY, section) for section in Section] for _ in range(2)]
    assert drafts[0] == drafts[1]
    assert drafted(incident, POLICY, Section.SUMMARY).startswith(f"{incident.impact}")
    assert "14:00 UTC on 23 November 2026" in drafted(incident, POLICY, Section.DETECTION)
    assert drafted(incident, POLICY, Section.HELPED) == ""


def test_what_people_write_stands_in_place_of_the_draft_with_its_version_and_authors():
    incident, _ = decided(
        in_phase(Phase.POSTMORTEM),
        edit(Section.SUMMARY, "Checkout failed."),
        edit(Section.SUMMARY, "Checkout failed for half an hour.", by=BOB, seen=1, minutes=5),
    )
    written = incident.postmortem.sections[Section.SUMMARY]
    assert (written.version, written.by, written.at, written.authors) == (2, BOB, at(5), (ALICE, BOB))
    assert text_of(incident, POLICY, Section.SUMMARY) == "Checkout failed for half an hour."


def test_who_writes_what_somebody_else_wrote_meanwhile_is_told_and_overwrites_nothing():
    incident, _ = decided(in_phase(Phase.POSTMORTEM), edit(Section.SUMMARY, "Mine.", minutes=3))
    now, decision = decided(incident, edit(Section.SUMMARY, "Theirs.", by=BOB))
    assert decision.refusal == SectionChanged(section=Section.SUMMARY, by=ALICE, at=at(3))
    assert now.postmortem == incident.postmortem


def test_who_saves_what_stands_there_already_changes_nothing():
    incident, _ = decided(in_phase(Phase.POSTMORTEM), edit(Section.SUMMARY, "Mine."))
    assert decided(incident, edit(Section.SUMMARY, "Mine.", by=BOB))[1].events == ()


@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.RECOVERY])
def test_there_is_none_to_write_before_recovery_was_left(phase):
    expected = NotThere(stage=Stage.DRAFT, is_writable=False)
    assert refusal(in_phase(phase), edit(Section.SUMMARY, "Early.")) == expected


def test_a_review_needs_every_section_and_two_factors_where_it_is_to_be_full():
    incident = in_phase(Phase.POSTMORTEM, "SEV1")
    asked = refusal(incident, move(incident, Stage.IN_REVIEW, by=ALICE), POLICY)
    assert isinstance(asked, NotFinished) and asked.lacks_factors
    assert asked.sections == unwritten(incident, POLICY)
    assert set(asked.sections) < set(FULL) and Section.HELPED in asked.sections


def test_where_a_light_one_is_enough_one_factor_is_too():
    incident = in_phase(Phase.POSTMORTEM, "SEV1", LIGHT)
    incident, _ = decided(incident, edit(Section.FACTORS, "The alert waits."), policy=LIGHT)
    assert refusal(incident, move(incident, Stage.IN_REVIEW, by=ALICE)) == NotFinished(lacks_factors=True)
    incident, _ = decided(incident, TagFactors(origin=origin(), factors=TWO[:1]), policy=LIGHT)
    assert refusal(incident, move(incident, Stage.IN_REVIEW, by=ALICE)) is None


def test_nobody_reviews_their_own_work():
    incident = to_stage(Stage.IN_REVIEW)
    assert refusal(incident, move(incident, Stage.REVIEWED, by=ALICE)) == OwnWork()
    assert refusal(incident, move(incident, Stage.REVIEWED, by=BOB)) is None


def test_who_asked_for_the_review_and_wrote_nothing_does_not_review_it_either():
    incident, _ = decided(
        in_phase(Phase.POSTMORTEM, "SEV1", LIGHT),
        edit(Section.FACTORS, "The alert waits."),
        TagFactors(origin=origin(ALICE), factors=TWO),
        policy=LIGHT,
    )
    incident, _ = decided(incident, move(incident, Stage.IN_REVIEW, by=CAROL), policy=LIGHT)
    assert [may_review(incident, who) for who in (ALICE, BOB, CAROL)] == [False, True, False]


def test_a_reviewer_may_mend_a_word_but_what_was_reviewed_is_reviewed_again_once_it_changes():
    incident = to_stage(Stage.IN_REVIEW)
    mended, _ = decided(incident, edit(Section.FACTORS, "The alert waited.", by=BOB, seen=1), policy=LIGHT)
    assert may_review(mended, BOB)
    reviewed = to_stage(Stage.REVIEWED)
    changed, _ = decided(reviewed, edit(Section.FACTORS, "The alert waited.", by=BOB, seen=1), policy=LIGHT)
    assert changed.postmortem.stage is Stage.IN_REVIEW and not may_review(changed, BOB)


def test_it_is_not_published_with_open_findings_unless_the_policy_lets_it():
    incident = to_stage(Stage.REVIEWED)
    publish = move(incident, Stage.PUBLISHED, by=BOB, findings=(Section.FACTORS,))
    assert refusal(incident, publish) == NotFinished(sections=(Section.FACTORS,), are_findings=True)
    lax = policy_with(LIGHT, findings_keep_from_publishing=False)
    assert refusal(to_stage(Stage.REVIEWED, lax), publish, lax) is None


def test_a_stage_that_was_left_meanwhile_is_not_left_again():
    incident = to_stage(Stage.REVIEWED)
    late = MovePostmortem(
        origin=origin(BOB), to=Stage.REVIEWED, leaving=Stage.IN_REVIEW, seen=incident.postmortem.edits
    )
    assert refusal(incident, late) == NotThere(stage=Stage.REVIEWED, is_writable=True)


def test_what_changed_since_it_was_read_is_not_moved_on():
    incident = to_stage(Stage.IN_REVIEW)
    read = move(incident, Stage.REVIEWED, by=BOB)
    changed, _ = decided(incident, edit(Section.FACTORS, "More.", seen=1), policy=LIGHT)
    assert isinstance(refusal(changed, read), SectionChanged)


def test_once_published_it_is_changed_only_after_going_back_for_a_reason():
    incident = to_stage(Stage.PUBLISHED)
    assert refusal(incident, edit(Section.FACTORS, "More.", seen=1)) == NotThere(
        stage=Stage.PUBLISHED, is_writable=True
    )
    assert refusal(incident, move(incident, Stage.DRAFT, by=BOB)) == SaysNothing(what="reason")
    back, _ = decided(incident, move(incident, Stage.DRAFT, by=BOB, reason="A number is wrong"), policy=LIGHT)
    assert back.postmortem.stage is Stage.DRAFT and back.postmortem.reviewed_by is None
    assert refusal(back, edit(Section.FACTORS, "More.", seen=1)) is None


def test_a_wording_is_kept_for_a_reason_until_it_is_gone():
    keep = KeepFinding(origin=origin(BOB), section=Section.HELPED, rule="B4", found="human error", reason="A quotation")
    incident, _ = decided(in_phase(Phase.POSTMORTEM), edit(Section.HELPED, "They wrote human error."), keep)
    assert incident.postmortem.is_kept(Section.HELPED, "B4", "human error")
    assert decided(incident, keep)[1].events == ()
    assert refusal(incident, keep.but(reason="", found="x")) == SaysNothing(what="reason")
    incident, _ = decided(incident, edit(Section.HELPED, "They wrote so.", seen=1))
    assert not incident.postmortem.keeps


def test_the_gate_asks_for_it_at_the_severities_of_the_policy_until_it_is_published():
    policy = policy_with(LIGHT, gates=[{"need": "published postmortem", "at": ["SEV1"]}])
    assert Need.POSTMORTEM in missing(to_stage(Stage.REVIEWED, policy), policy)
    assert Need.POSTMORTEM not in missing(to_stage(Stage.PUBLISHED, policy), policy)
    elsewhere = policy_with(LIGHT, gates=[{"need": "published postmortem", "at": ["SEV3"]}])
    assert Need.POSTMORTEM not in missing(to_stage(Stage.REVIEWED, elsewhere), elsewhere)


def test_the_draft_and_the_picture_are_there_when_recovery_is_left_and_the_file_anew_once_it_is_published():
    incident = in_phase(Phase.RECOVERY, "SEV1")
    wanted = wishes(incident, next_step(incident))
    assert {ShowCanvas(), PostDocument(), PostPicture()} <= set(wanted)
    reviewed = to_stage(Stage.REVIEWED)
    wanted = wishes(reviewed, move(reviewed, Stage.PUBLISHED, by=BOB), LIGHT)
    assert {ShowCanvas(), PostDocument(), Tell()} <= set(wanted) and PostPicture() not in wanted
    assert kinds(decided(in_phase(Phase.POSTMORTEM), edit(Section.HELPED, "x"))[1]) == [SectionEdited.__name__]


def test_the_draft_says_the_day_once_and_how_long_it_took():
    incident = in_phase(Phase.POSTMORTEM).but(
        impact="Nobody can pay", started=at(-30), is_start_estimated=True, contained_at=at(12), phase_since=at(600)
    )
    assert drafted(incident, POLICY, Section.SUMMARY).startswith(
        "Nobody can pay. It began about 13:30 UTC on 23 November 2026, was noticed at 14:00 UTC, was contained at 14:12 UTC "
        "and was over at 00:00 UTC on 24 November 2026."
    )
    assert drafted(incident, POLICY, Section.IMPACT).startswith("Nobody can pay.\n\n- Affected: ")
    assert drafted(incident, POLICY, Section.IMPACT).endswith("\n- The harm lasted 42 minutes.")
    assert drafted(incident, POLICY, Section.RESPONSE).splitlines()[-1].startswith("- Verified: ")
    assert drafted(incident, POLICY, Section.DETECTION) == (
        "It was noticed at 14:00 UTC on 23 November 2026, 30 minutes after it began, and declared at once."
    )
    sooner = incident.but(detected=at(-10), contained_at=at(-10), started=None)
    assert drafted(sooner, POLICY, Section.DETECTION).endswith("on 23 November 2026, and declared 10 minutes later.")
    assert "The harm lasted less than a minute." in drafted(sooner, POLICY, Section.IMPACT)
