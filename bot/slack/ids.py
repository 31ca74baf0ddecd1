"""Every name under which Slack hands something back: commands, buttons, forms, fields, and what buttons and forms carry.

They are spelled here and nowhere else. A name that is in use may not change: old messages keep their buttons for ever.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.core.incident import Incident, Phase, Side
from bot.core.needs import Need
from bot.core.review import Section, Stage
from bot.core.trial import Answer
from bot.core.value import Value

COMMAND = "/incident"
"""The one slash command."""


class Verb(StrEnum):
    """The first word after the command."""

    DECLARE = "declare"
    STATUS = "status"
    TIMELINE = "timeline"
    LIST = "list"
    COMMANDER = "commander"
    TAKE_COMMAND = "take-command"
    ROLE = "role"
    ADVANCE = "advance"
    CONTAINED = "contained"
    ANSWER = "answer"
    SEVERITY = "severity"
    UPDATE = "update"
    SLOWER = "slower"
    CORRECT = "correct"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    IMPACT = "impact"
    TITLE = "title"
    STARTED = "started"
    DETECTED = "detected"
    CANCEL = "cancel"
    MERGE = "merge"
    SPLIT = "split"
    DRILL = "drill"
    HYPOTHESIS = "hypothesis"
    HYPOTHESES = "hypotheses"
    MAP = "map"
    DECIDE = "decide"
    NOTE = "note"
    PARK = "park"
    REDACT = "redact"
    POLICY = "policy"
    ACTIONS = "actions"
    METRICS = "metrics"
    PICTURE = "picture"
    POSTMORTEM = "postmortem"
    PLAYBOOK = "playbook"
    HELP = "help"


class Action(StrEnum):
    """The action ids of buttons and menus."""

    TAKE_COMMAND = "take_command"
    ADVANCE = "advance"
    SEND_UPDATE = "send_update"
    SET_SEVERITY = "set_severity"
    EDIT_FACTS = "edit_facts"
    ASSIGN_ROLES = "assign_roles"
    HAND_OVER = "hand_over"
    HAND_OVER_FIRST = "hand_over_first"
    ACCEPT_ROLE = "accept_role"
    DECLINE_ROLE = "decline_role"
    WITHDRAW_OFFER = "withdraw_offer"
    ANSWER_CLAIM = "answer_claim"
    SNOOZE_REST = "snooze_rest"
    SNOOZE_PROMPTS = "snooze_prompts"
    OBJECT = "object_to_decision"
    ADD_HYPOTHESIS = "add_hypothesis"
    START_TEST = "start_test"
    CONFIRM = "confirm_hypothesis"
    REFUTE = "refute_hypothesis"
    PARK = "park_hypothesis"
    ADD_EVIDENCE = "add_evidence"
    PLACE = "place_hypothesis"
    PREDICT = "predict"
    PLAN_TEST = "plan_test"
    ALLOW_CHANGE = "allow_change"
    NO_RESULT = "no_result"
    EXTEND_TEST = "extend_test"
    HAND_TEST = "hand_test"
    SAME_AS = "same_as"
    REVISES = "revises"
    REVISE = "revise"
    DUPLICATE = "duplicate_of"
    ANSWER_AGAINST = "answer_against"
    HINT_DONE = "hint_done"
    HINT_LATER = "hint_later"
    HINT_NOT_NEEDED = "hint_not_needed"
    NEXT_HYPOTHESES = "next_hypotheses"
    HYPOTHESES_BEFORE = "hypotheses_before"
    MARK_MAP = "mark_map"
    SEND_DRAFT = "send_draft"
    EDIT_DRAFT = "edit_draft"
    NO_ACTION = "no_action"
    FILL_IN = "fill_in"
    IMPACT_BACK = "impact_back"
    JOIN_ROOM = "join_room"
    DECLARE = "declare"
    DECLARE_ANOTHER = "declare_another"
    SHOW_EARLIER = "show_earlier"
    TRY_AGAIN = "try_again"
    SHOW_IN_FULL = "show_in_full"
    MORE = "more"
    HAPPENED_AGAIN = "happened_again"
    NO_CHANGE = "no_change"
    SNOOZE_UPDATES = "snooze_updates"
    SHARE_METRICS = "share_metrics"
    ADD_ACTION = "add_action"
    SHOW_ACTIONS = "show_actions"
    ACCEPT_ACTION = "accept_action"
    DECLINE_ACTION = "decline_action"
    TAKE_ACTION = "take_action"
    START_ACTION = "start_action"
    FINISH_ACTION = "finish_action"
    VERIFY_ACTION = "verify_action"
    REOPEN_ACTION = "reopen_action"
    DROP_ACTION = "drop_action"
    MOVE_DUE_DATE = "move_due_date"
    CHANGE_ACTION = "change_action"
    CREATE_ISSUE = "create_issue"
    TURN_ACTIONS = "turn_actions"
    ACTIONS_BEFORE = "actions_before"
    POSTMORTEM = "postmortem"
    EDIT_SECTION = "edit_section"
    TAG_FACTORS = "tag_factors"
    MOVE_POSTMORTEM = "move_postmortem"
    BACK_TO_DRAFT = "back_to_draft"
    KEEP_WORDING = "keep_wording"
    RUN_START = "run_start"
    RUN_DONE = "run_done"
    RUN_FAILED = "run_failed"
    RUN_SKIP = "run_skip"
    RUN_YES = "run_yes"
    RUN_NO = "run_no"
    RUN_CHOOSE = "run_choose"
    RUN_APPROVE = "run_approve"
    RUN_AGREE = "run_agree"
    RUN_EVIDENCE = "run_evidence"
    RUN_ARRIVED = "run_arrived"
    RUN_AGAIN = "run_again"
    RUN_UNDO_ARRIVED = "run_undo_arrived"
    RUN_UNDO_AGAIN = "run_undo_again"
    RUN_WORSE = "run_worse"
    RUN_ROLL_BACK = "run_roll_back"
    RUN_HOLD = "run_hold"
    RUN_OVERRIDE = "run_override"
    RUN_UNDONE = "run_undone"
    RUN_NOT_UNDONE = "run_not_undone"
    RUN_CALL_OFF = "run_call_off"
    USE_PLAIN = "use_plain_words"
    MEND = "mend_field"


class Form(StrEnum):
    """The callback ids of forms that can be sent."""

    DECLARE = "declare_form"
    ADVANCE = "advance_form"
    FILL_IN = "fill_in_form"
    SEVERITY = "severity_form"
    FACTS = "facts_form"
    UPDATE = "update_form"
    UPDATE_PREVIEW = "update_preview"
    NO_ACTION = "no_action_form"
    ROLE = "role_form"
    SUCCESSOR = "successor_form"
    OBJECTION = "objection_form"
    HYPOTHESIS = "hypothesis_form"
    CONCLUSION = "conclusion_form"
    EVIDENCE = "evidence_form"
    PREDICTION = "prediction_form"
    PLAN = "plan_form"
    WAY_BACK = "way_back_form"
    START = "start_form"
    NO_RESULT = "no_result_form"
    HAND_TEST = "hand_test_form"
    DUPLICATE = "duplicate_form"
    ANSWER = "answer_form"
    MAP = "map_form"
    REDACT = "redact_form"
    CANCEL = "cancel_form"
    MERGE = "merge_form"
    TIMES = "times_form"
    CORRECTION = "correction_form"
    ACTION = "action_item_form"
    DECLINE_ACTION = "decline_action_form"
    REOPEN_ACTION = "reopen_action_form"
    DROP_ACTION = "drop_action_form"
    DUE_DATE = "due_date_form"
    SECTION = "section_form"
    FACTORS = "factors_form"
    KEEP = "keep_form"
    BACK_TO_DRAFT = "back_to_draft_form"
    START_RUN = "start_run_form"
    RUN_WORD = "run_word_form"


class Field(StrEnum):
    """The fields of forms: each is the block id and the action id of its input."""

    TITLE = "title"
    WHO = "who"
    LOSS = "loss"
    IMPACT = "impact"
    COMMANDER = "commander"
    BOUNDARIES = "boundaries"
    CONTAINMENT = "containment"
    RESULT = "result"
    RECOVERY = "recovery"
    ACTION_ITEM = "action_item"
    ASSIGNEE = "assignee"
    DUE = "due"
    UPDATE = "update"
    REASON = "reason"
    AUDIENCES = "audiences"
    ROLE = "role"
    HOLDER = "holder"
    STATEMENT = "statement"
    PLACE = "place"
    BOUNDARY = "boundary"
    WHY = "why"
    REPLY = "reply"
    SIDE = "side"
    EVIDENCE = "evidence"
    IF_TRUE = "if_true"
    IF_FALSE = "if_false"
    LIKELIHOOD = "likelihood"
    HOW = "how"
    TAKES = "takes"
    WAY_BACK = "way_back"
    EXPLAINS = "explains"
    OTHERWISE = "otherwise"
    ANSWER = "answer"
    ENTRIES = "entries"
    WORDS = "words"
    CAUSE = "cause"
    INTO = "into"
    STARTED = "started"
    DETECTED = "detected"
    PRIVATE = "private"
    ESTIMATED = "estimated"
    SOURCE = "source"
    WORKING = "working"
    SIZE = "size"
    WORKAROUND = "workaround"
    CHANGES = "changes"
    COMMUNICATIONS = "communications"
    OPERATIONS = "operations"
    DATA = "data"
    DATA_WHAT = "data_what"
    BACKLOG = "backlog"
    MEASURE = "measure"
    WAIVER = "waiver"
    GOAL = "goal"
    WRONG = "wrong"
    DONE_WHEN = "done_when"
    KIND = "kind"
    STRENGTH = "strength"
    PRIORITY = "priority"
    FACTORS = "factors"
    HYPOTHESIS = "hypothesis"
    TEXT = "text"
    TEXT_2 = "text_2"
    TEXT_3 = "text_3"
    TEXT_4 = "text_4"
    TEXT_5 = "text_5"
    STRENGTHS = "strengths"


class Drawn(Value):
    """What a button or form was drawn for: the incident, and the phase it was in.

    `text` is what a preview is about to send, `audiences` whom it goes to, `before` the place in the timeline that a page ends
    at, `in_full` whether its long texts are shown whole, `hypothesis` the number of one, `side` how it is said to have turned
    out, `holders` who held the roles, `role` one of them, `proposal` the number of a decision, `effect` the id of one that
    failed, `updates` how many an audience had had, `shown` a fingerprint of the draft that was shown, `is_drill` that the incident
    is one, `need` what a button fills in, `asked` what a form asks for, `without` what was left empty in the forms before it,
    `goal` the phase that is to be reached, `measure` the number of a temporary measure, `told` how many updates each audience
    had had, `other` the number of another hypothesis, `hint` that of a hint and `answer` what is said to it, `page` which page of
    a list, from 0, `asks_test` that nobody had planned a test, `finding` what was found in a text and is to be mended, in
    this `field`, `marked` a fingerprint of the texts of which that was shown, `playbook` the id of one, `run` the number of one,
    `step` and `visit` where it was, and `choice` what is chosen there, `item` the number of an action item, `listing` which
    list of those; of a postmortem `section` is one of its sections, `stage`
    the one that it was at, `seen` the version or the number of edits that was shown, and `rule` one that found a wording. Small:
    Slack takes 2000 characters for a button, 3000 for a form.
    """

    number: int
    phase: Phase
    text: str | None = None
    audiences: tuple[str, ...] = ()
    before: int | None = None
    in_full: bool = False
    hypothesis: int | None = None
    side: Side | None = None
    holders: Mapping[str, str] = {}
    role: str | None = None
    proposal: int | None = None
    effect: str | None = None
    updates: int | None = None
    shown: str | None = None
    is_drill: bool = False
    need: Need | None = None
    asked: tuple[Need, ...] = ()
    without: tuple[Need, ...] = ()
    goal: Phase | None = None
    measure: int | None = None
    told: Mapping[str, int] = {}
    other: int | None = None
    hint: int | None = None
    answer: Answer | None = None
    page: int = 0
    item: int | None = None
    listing: str | None = None
    asks_test: bool = False
    section: Section | None = None
    stage: Stage | None = None
    seen: int = 0
    rule: str | None = None
    playbook: str | None = None
    run: int | None = None
    step: str | None = None
    visit: int = 1
    choice: str | None = None
    finding: str | None = None
    field: Field | None = None
    marked: str | None = None

    @classmethod
    def of(cls, incident: Incident) -> "Drawn":
        """This incident as it stands."""
        return cls(number=incident.number, phase=incident.phase, is_drill=incident.is_drill)

    @classmethod
    def read(cls, written: str) -> "Drawn":
        """What `write` wrote."""
        return cls.model_validate_json(written)

    def write(self) -> str:
        """As Slack keeps it for us."""
        return self.model_dump_json(exclude_defaults=True)
