"""What buttons and forms carry: small enough for Slack, and readable for as long as there are old messages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.incident import Phase, Side
from bot.core.policy_parts import ROLES
from bot.slack.ids import Action, Drawn, Field, Form, Verb
from tests.core.given import in_phase
from tests.slack.given import SOMEBODY

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DRAWN = st.builds(
    Drawn,
    number=st.integers(1, 10**9),
    phase=st.sampled_from(Phase),
    text=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    audiences=st.lists(NAMES, max_size=5).map(tuple),
    before=st.none() | st.integers(0, 10**6),
    in_full=st.booleans(),
    hypothesis=st.none() | st.integers(1, 10**6),
    side=st.none() | st.sampled_from(Side),
    holders=st.dictionaries(NAMES, NAMES, max_size=5),
    role=st.none() | NAMES,
    proposal=st.none() | st.integers(1, 10**6),
    effect=st.none() | NAMES,
    is_drill=st.booleans(),
    told=st.dictionaries(NAMES, st.integers(0, 10**6), max_size=5),
    playbook=st.none() | NAMES,
    run=st.none() | st.integers(1, 10**6),
    step=st.none() | NAMES,
    visit=st.integers(1, 500),
    choice=st.none() | NAMES,
)


@given(DRAWN)
def test_what_is_written_is_read_back(drawn: Drawn) -> None:
    assert Drawn.read(drawn.write()) == drawn


def test_what_is_usual_is_not_written() -> None:
    assert Drawn.of(in_phase(Phase.RECOVERY)).write() == '{"number":1,"phase":"RECOVERY"}'
    assert Drawn.of(in_phase(Phase.TRIAGE)).but(hypothesis=2, side=Side.AGAINST).write() == (
        '{"number":1,"phase":"TRIAGE","hypothesis":2,"side":"against"}'
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"number":7,"phase":"TRIAGE"}', Drawn(number=7, phase=Phase.TRIAGE)),
        (
            '{"number":7,"phase":"POSTMORTEM","text":"We \\"know\\".\\nThanks"}',
            Drawn(number=7, phase=Phase.POSTMORTEM, text='We "know".\nThanks'),
        ),
        ('{"number":7,"phase":"DETECTION","before":0}', Drawn(number=7, phase=Phase.DETECTION, before=0)),
        ('{"number":7,"phase":"DETECTION","before":40}', Drawn(number=7, phase=Phase.DETECTION, before=40)),
    ],
)
def test_buttons_and_forms_of_the_first_version_can_still_be_read(written: str, read: Drawn) -> None:
    """They are on messages in rooms, as they were written then: without what was None, and without what came later."""
    assert Drawn.read(written) == read


@given(DRAWN)
def test_what_the_first_version_left_out_was_none_and_can_be_left_out(drawn: Drawn) -> None:
    assert Drawn.read(drawn.model_dump_json(exclude_none=True)) == drawn


@pytest.mark.parametrize(
    "carries",
    [
        {"before": 10**6, "in_full": True},
        {"hypothesis": 10**6, "side": Side.AGAINST},
        {"audiences": ("a" * 40,)},
        {"holders": {role.name: SOMEBODY for role in ROLES}},
    ],
    ids=["a page", "a hypothesis", "a draft", "roles"],
)
def test_what_a_button_carries_is_small(carries: dict[str, Any]) -> None:
    assert len(Drawn(number=10**9, phase=Phase.POSTMORTEM, **carries).write()) <= 2000


IN_USE = {
    "take_command": Action.TAKE_COMMAND,
    "advance": Action.ADVANCE,
    "send_update": Action.SEND_UPDATE,
    "set_severity": Action.SET_SEVERITY,
    "edit_facts": Action.EDIT_FACTS,
    "no_action": Action.NO_ACTION,
    "fill_in": Action.FILL_IN,
    "impact_back": Action.IMPACT_BACK,
    "join_room": Action.JOIN_ROOM,
    "declare": Action.DECLARE,
    "declare_another": Action.DECLARE_ANOTHER,
    "show_earlier": Action.SHOW_EARLIER,
    "assign_roles": Action.ASSIGN_ROLES,
    "add_hypothesis": Action.ADD_HYPOTHESIS,
    "start_test": Action.START_TEST,
    "confirm_hypothesis": Action.CONFIRM,
    "refute_hypothesis": Action.REFUTE,
    "park_hypothesis": Action.PARK,
    "add_evidence": Action.ADD_EVIDENCE,
    "place_hypothesis": Action.PLACE,
    "send_draft": Action.SEND_DRAFT,
    "edit_draft": Action.EDIT_DRAFT,
    "show_in_full": Action.SHOW_IN_FULL,
    "try_again": Action.TRY_AGAIN,
    "hand_over": Action.HAND_OVER,
    "hand_over_first": Action.HAND_OVER_FIRST,
    "accept_role": Action.ACCEPT_ROLE,
    "decline_role": Action.DECLINE_ROLE,
    "withdraw_offer": Action.WITHDRAW_OFFER,
    "answer_claim": Action.ANSWER_CLAIM,
    "snooze_rest": Action.SNOOZE_REST,
    "snooze_prompts": Action.SNOOZE_PROMPTS,
    "object_to_decision": Action.OBJECT,
    "more": Action.MORE,
    "happened_again": Action.HAPPENED_AGAIN,
    "no_change": Action.NO_CHANGE,
    "snooze_updates": Action.SNOOZE_UPDATES,
    "predict": Action.PREDICT,
    "plan_test": Action.PLAN_TEST,
    "allow_change": Action.ALLOW_CHANGE,
    "no_result": Action.NO_RESULT,
    "extend_test": Action.EXTEND_TEST,
    "hand_test": Action.HAND_TEST,
    "same_as": Action.SAME_AS,
    "revises": Action.REVISES,
    "revise": Action.REVISE,
    "add_action": Action.ADD_ACTION,
    "show_actions": Action.SHOW_ACTIONS,
    "accept_action": Action.ACCEPT_ACTION,
    "decline_action": Action.DECLINE_ACTION,
    "take_action": Action.TAKE_ACTION,
    "start_action": Action.START_ACTION,
    "finish_action": Action.FINISH_ACTION,
    "verify_action": Action.VERIFY_ACTION,
    "reopen_action": Action.REOPEN_ACTION,
    "drop_action": Action.DROP_ACTION,
    "move_due_date": Action.MOVE_DUE_DATE,
    "change_action": Action.CHANGE_ACTION,
    "create_issue": Action.CREATE_ISSUE,
    "turn_actions": Action.TURN_ACTIONS,
    "actions_before": Action.ACTIONS_BEFORE,
    "duplicate_of": Action.DUPLICATE,
    "answer_against": Action.ANSWER_AGAINST,
    "hint_done": Action.HINT_DONE,
    "hint_later": Action.HINT_LATER,
    "hint_not_needed": Action.HINT_NOT_NEEDED,
    "next_hypotheses": Action.NEXT_HYPOTHESES,
    "hypotheses_before": Action.HYPOTHESES_BEFORE,
    "mark_map": Action.MARK_MAP,
    "share_metrics": Action.SHARE_METRICS,
    "postmortem": Action.POSTMORTEM,
    "edit_section": Action.EDIT_SECTION,
    "tag_factors": Action.TAG_FACTORS,
    "move_postmortem": Action.MOVE_POSTMORTEM,
    "back_to_draft": Action.BACK_TO_DRAFT,
    "keep_wording": Action.KEEP_WORDING,
    "run_start": Action.RUN_START,
    "run_done": Action.RUN_DONE,
    "run_failed": Action.RUN_FAILED,
    "run_skip": Action.RUN_SKIP,
    "run_yes": Action.RUN_YES,
    "run_no": Action.RUN_NO,
    "run_choose": Action.RUN_CHOOSE,
    "run_approve": Action.RUN_APPROVE,
    "run_agree": Action.RUN_AGREE,
    "run_evidence": Action.RUN_EVIDENCE,
    "run_arrived": Action.RUN_ARRIVED,
    "run_again": Action.RUN_AGAIN,
    "run_undo_arrived": Action.RUN_UNDO_ARRIVED,
    "run_undo_again": Action.RUN_UNDO_AGAIN,
    "run_worse": Action.RUN_WORSE,
    "run_roll_back": Action.RUN_ROLL_BACK,
    "run_hold": Action.RUN_HOLD,
    "run_override": Action.RUN_OVERRIDE,
    "run_undone": Action.RUN_UNDONE,
    "run_not_undone": Action.RUN_NOT_UNDONE,
    "run_call_off": Action.RUN_CALL_OFF,
    "use_plain_words": Action.USE_PLAIN,
    "mend_field": Action.MEND,
}
"""Old messages keep their buttons for ever. Add to these; never change or remove one."""


def test_names_that_are_in_use_never_change() -> None:
    assert {action.value: action for action in Action} == IN_USE


@pytest.mark.parametrize("names", [Action, Form, Field, Verb])
def test_every_name_fits_into_what_slack_takes(names: Any) -> None:
    assert all(0 < len(name.value) <= 255 and " " not in name.value for name in names)
