"""The forms when they are sent: read, handle, and answer in the form. A field that cannot be read is said at the field, what may
not be done now in place of the form; when all went well the form closes, since the room shows the rest."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.core.claims import ClaimRole
from bot.core.decision import Command, Origin
from bot.core.incident import Incident, Phase, Side
from bot.core.lifecycle import AdvancePhase, CloseIncident
from bot.core.onward import onward
from bot.core.refusal import NotPlain, Refusal, SaysNothing, SeatTaken, Unfit
from bot.slack.forms.action import DueDateForm, WhyForm
from bot.slack.forms.advance import AdvanceForm
from bot.slack.forms.correction import CorrectionForm
from bot.slack.forms.declare import DeclareForm
from bot.slack.forms.duplicate import DuplicateForm
from bot.slack.forms.ends import CancelForm, MergeForm
from bot.slack.forms.facts import FactsForm
from bot.slack.forms.fill_in import FillInForm
from bot.slack.forms.hypothesis import ConclusionForm, EvidenceForm, HypothesisForm
from bot.slack.forms.mending import marked
from bot.slack.forms.modal import FieldErrors, View, notice
from bot.slack.forms.no_action import NoActionForm
from bot.slack.forms.objection import ObjectionForm
from bot.slack.forms.role import RoleForm, SuccessorForm
from bot.slack.forms.run import RunWordForm
from bot.slack.forms.severity import GIVE_WHY, SeverityForm
from bot.slack.forms.system_map import MapForm
from bot.slack.forms.times import TimesForm
from bot.slack.forms.trial import HandTestForm, NoResultForm, StartForm
from bot.slack.forms.update import UpdateForm, UpdatePreview, Written
from bot.slack.ids import Field, Form
from bot.slack.listeners import actions, declaring, postmortem, redacting, runs, trials
from bot.slack.listeners.act import Act
from bot.slack.listeners.hypotheses import named_in
from bot.slack.listeners.mending import asks_once, found_in, read, with_names
from bot.slack.listeners.reply import TITLE
from bot.slack.listeners.roles import is_claim, said
from bot.slack.listeners.writing import composed, draft_form, preview_form
from bot.slack.messages.answers import NO_BOT
from bot.slack.messages.message import Message
from bot.slack.messages.plain import MEND_OR_SAY_WHY
from bot.slack.messages.refusals import refused, seat_taken
from bot.slack.messages.unready import unfit
from bot.slack.messages.updates import MOVED_ON

Reaction = dict[str, Any]
"""The payload of an acknowledgement (Slack's documentation, "Modals", "Handling view_submission"). Empty: the form closes."""

CLOSE: Reaction = {}
CLOSE_ALL: Reaction = {"response_action": "clear"}

Submit = Callable[[Act], Awaitable[Reaction]]
Parse = Callable[[Mapping[str, Any], Origin], Command | FieldErrors]


async def declare(act: Act) -> Reaction:
    """The form that declares an incident."""
    command = DeclareForm.parse(act.body["view"], act.origin(), act.service.policy)
    if isinstance(command, FieldErrors):
        return point_out(command)
    return say_instead(await declaring.declare(act, command))


def settles(parse: Parse) -> Submit:
    """A form that is one command, and which closes when that is not refused."""

    async def submit(act: Act) -> Reaction:
        command = parse(act.body["view"], act.origin(act.sent.drawn.number))
        if isinstance(command, FieldErrors):
            return point_out(command)
        outcome = await act.service.handle(command)
        return await _explain(act, outcome.refusal) if outcome.refusal else CLOSE

    return submit


async def set_severity(act: Act) -> Reaction:
    """The form that sets the severity: what would lower it without a reason is asked for one, and nothing chosen is lost."""
    command = SeverityForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return point_out(command)
    refusal = (await act.service.handle(command)).refusal
    if isinstance(refusal, SaysNothing) and act.sent.has(Field.REASON):
        return point_out(FieldErrors.of(Field.REASON, GIVE_WHY))
    return await _explain(act, refusal) if refusal else CLOSE


async def hand_over(act: Act) -> Reaction:
    """The form that hands a role to somebody: a person, not the bot. Who chooses themselves for a role that another has, and that
    passes only when it is accepted, claims it."""
    if act.sent.user(Field.HOLDER) == act.workspace.us:
        return point_out(FieldErrors.of(Field.HOLDER, NO_BOT))
    command = RoleForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return point_out(command)
    now = await _now(act)
    policy = await act.service.policy_of(now)
    if is_claim(act, now, command.role, command.user, policy):
        return await _settled(act, ClaimRole(origin=command.origin, role=command.role))
    return await _settled(act, command.but(present=await act.present(now, policy, command.user)))


async def offer_command(act: Act) -> Reaction:
    """The form that offers command, so that whoever leads can do something else."""
    if act.sent.user(Field.HOLDER) == act.workspace.us:
        return point_out(FieldErrors.of(Field.HOLDER, NO_BOT))
    return await settles(SuccessorForm.parse)(act)


async def _settled(act: Act, command: Command) -> Reaction:
    """The form closes when it was done, unless there is a line to say about it."""
    outcome = await act.service.handle(command)
    if outcome.refusal:
        return await _explain(act, outcome.refusal)
    now = await _now(act)
    line = said(outcome, now, await act.service.policy_of(now))
    return say_instead(line) if line else CLOSE


def states_facts(parse: Parse) -> Submit:
    """A form that states facts and closes when they are not refused: what others should not read like this is marked once."""

    async def submit(act: Act) -> Reaction:
        command = parse(act.body["view"], act.origin(act.sent.drawn.number))
        if isinstance(command, FieldErrors):
            return point_out(command)
        if view := await asks_once(act):
            return update(view)
        refusal = (await act.service.handle(with_names(command, await act.names(await _now(act))))).refusal
        return await _explain(act, refusal) if refusal else CLOSE

    return submit


async def state_times(act: Act) -> Reaction:
    """The form that says when it was: its times are those of whoever sends it."""
    zone = await act.zone()
    return await settles(lambda view, origin: TimesForm.parse(view, origin, zone))(act)


async def advance(act: Act) -> Reaction:
    """The form that leaves a phase: goes as far as the gates let it, and shows the next form when something is still missing on the
    way. When somebody else took a seat meanwhile it is shown again, without that question."""
    drawn = act.sent.drawn
    if bot_as := _bot_in_a_seat(act):
        return point_out(bot_as)
    filled = AdvanceForm.parse(act.body["view"], act.origin(drawn.number))
    if isinstance(filled, FieldErrors):
        return point_out(filled)
    if view := await asks_once(act):
        return update(view)
    before = await _now(act)
    policy = await act.service.policy_of(before)
    command = with_names(onward(before, filled.step, policy), await act.names(before))
    refusal = (await act.service.handle(command)).refusal
    now = await _now(act)
    if refusal and not (isinstance(refusal, SeatTaken) and now.phase is drawn.phase):
        return await _explain(act, refusal)
    if refusal is None and _is_there(now, filled.step):
        return CLOSE
    remark = seat_taken(refusal) if isinstance(refusal, SeatTaken) else ""
    return update(
        AdvanceForm.view(
            now,
            policy,
            presser=act.person,
            at=act.service.clock.now(),
            goal=filled.step.to if isinstance(filled.step, AdvancePhase) else None,
            without=filled.without if now.phase is drawn.phase else (),
            remark=remark,
        )
    )


def _is_there(now: Incident, step: AdvancePhase | CloseIncident) -> bool:
    """Whether the incident has gone as far as was asked for, or farther."""
    phases = list(Phase)
    if isinstance(step, AdvancePhase):
        return phases.index(now.phase) >= phases.index(step.to)
    return not now.is_open


def _bot_in_a_seat(act: Act) -> FieldErrors | None:
    """That the bot was chosen for a role, if it was."""
    seats = (Field.COMMANDER, Field.COMMUNICATIONS, Field.OPERATIONS)
    return next((FieldErrors.of(seat, NO_BOT) for seat in seats if act.sent.user(seat) == act.workspace.us), None)


async def fill_in(act: Act) -> Reaction:
    """The form that fills in one thing that is missing."""
    if bot_as := _bot_in_a_seat(act):
        return point_out(bot_as)
    return await states_facts(FillInForm.parse)(act)


async def write_update(act: Act) -> Reaction:
    """The form in which an update is written: shows what each audience would read, with the way back to the text."""
    written = UpdateForm.parse(act.body["view"])
    if isinstance(written, FieldErrors):
        return point_out(written)
    now = await _now(act)
    return {"response_action": "push", "view": await preview_form(act.service, now, written, await act.names(now))}


async def send_update(act: Act) -> Reaction:
    """The preview: sends what it showed. When the incident has moved on since, what they would read now is shown first."""
    drawn, now = act.sent.drawn, await _now(act)
    if drawn.text is None:
        return await _send_draft(act, now)
    written = Written(drawn.text, drawn.audiences, drawn.updates)
    if now.is_open and now.phase is not drawn.phase:
        return update(await preview_form(act.service, now, written, await act.names(now), remark=MOVED_ON))
    return await _send(act, now, written)


async def _send_draft(act: Act, now: Incident) -> Reaction:
    """A draft that nobody edited: sent as it was shown, or shown anew when the record says something else by now."""
    drawn = act.sent.drawn
    (audience,) = drawn.audiences
    text = await composed(act.service, now, audience)
    if text.fingerprint != drawn.shown:
        return update(await draft_form(act.service, now, audience, await act.names(now), remark=MOVED_ON))
    return await _send(act, now, text)


async def _send(act: Act, now: Incident, written: Written) -> Reaction:
    """Send what the preview showed. What may not go out as it is is marked in it, and asks why it has to."""
    names = await act.names(now)
    command = UpdatePreview.parse(act.body["view"], act.origin(now.number), written.text, names)
    refusal = (await act.service.handle(command)).refusal
    if isinstance(refusal, NotPlain):
        if act.sent.has(Field.REASON):
            return point_out(FieldErrors.of(Field.REASON, MEND_OR_SAY_WHY))
        return update(await preview_form(act.service, now, written, names))
    return await _explain(act, refusal) if refusal else CLOSE_ALL


async def correct_update(act: Act) -> Reaction:
    """The form that corrects what audiences read: what may not go out as it is is marked in it, and asks why it has to."""
    now = await _now(act)
    command = CorrectionForm.parse(act.body["view"], act.origin(now.number), await act.names(now))
    if isinstance(command, FieldErrors):
        return point_out(command)
    refusal = (await act.service.handle(command)).refusal
    if isinstance(refusal, NotPlain):
        if act.sent.has(Field.REASON):
            return point_out(FieldErrors.of(Field.REASON, MEND_OR_SAY_WHY))
        found = await found_in(act, now, read(act))
        return update(marked(act.body["view"], found, act.sent.drawn, asks_why=True))
    return await _explain(act, refusal) if refusal else CLOSE


async def predict(act: Act) -> Reaction:
    """The form for a prediction: asks on for the test and who does it."""
    return await _ask_on(act, trials.predicted(act))


async def plan_test(act: Act) -> Reaction:
    """The forms for a test: of one that changes production the way back is asked for next."""
    now = await _now(act)
    return await _ask_on(act, trials.planned(act, now.hypothesis(act.sent.drawn.hypothesis or 0)))


async def _ask_on(act: Act, command: Command | FieldErrors) -> Reaction:
    """Handle it, and show the form for what is asked for next, if there is any."""
    if isinstance(command, FieldErrors):
        return point_out(command)
    outcome = await act.service.handle(command)
    if outcome.refusal:
        return await _explain(act, outcome.refusal)
    now = await _now(act)
    view = trials.next_form(now, now.hypothesis(act.sent.drawn.hypothesis or 0), act.person)
    return update(view) if view else CLOSE


async def start_test(act: Act) -> Reaction:
    """The form that begins a test with what was missing for it."""
    command = StartForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return point_out(command)
    now = await _now(act)
    present = await act.present(now, await act.service.policy_of(now), act.person)
    return await _settled(act, command.but(present=present))


async def hand_test(act: Act) -> Reaction:
    """The form that hands a test over: to a person, not to the bot."""
    if act.sent.user(Field.ASSIGNEE) == act.workspace.us:
        return point_out(FieldErrors.of(Field.ASSIGNEE, NO_BOT))
    return await settles(HandTestForm.parse)(act)


async def propose(act: Act) -> Reaction:
    """The form that proposes a hypothesis: what has to be mended is said at its field, and nothing typed is lost."""
    number = act.sent.drawn.number
    command = HypothesisForm.parse(act.body["view"], act.origin(number))
    if isinstance(command, FieldErrors):
        return point_out(command)
    command = command.but(names=await act.names(await act.incident(number)))
    refusal = (await act.service.handle(command)).refusal
    if isinstance(refusal, Unfit):
        return point_out(FieldErrors.of(Field.STATEMENT, unfit(refusal, named_in(command))))
    return await _explain(act, refusal) if refusal else CLOSE


async def answer_evidence(act: Act) -> Reaction:
    """The form for what speaks against a hypothesis: the one that confirms it comes next if that was wanted."""
    command = trials.answered(act)
    if isinstance(command, FieldErrors):
        return point_out(command)
    outcome = await act.service.handle(command)
    if outcome.refusal:
        return await _explain(act, outcome.refusal)
    now = await _now(act)
    one = now.hypothesis(command.hypothesis)
    return update(ConclusionForm.view(now, one, Side.FOR)) if act.sent.drawn.in_full else CLOSE


async def redact(act: Act) -> Reaction:
    """The form that redacts: says in its place what is gone and what cannot be reached."""
    answer = await redacting.redact(act)
    return point_out(answer) if isinstance(answer, FieldErrors) else say_instead(answer)


async def save_action(act: Act) -> Reaction:
    """The form that adds an action item, or rewords one."""
    answer = await actions.save(act)
    if isinstance(answer, FieldErrors):
        return point_out(answer)
    return say_instead(answer) if answer else CLOSE


def of_action(parse: Parse) -> Submit:
    """A form about one action item: App Home shows it anew if it was opened there."""

    async def submit(act: Act) -> Reaction:
        reaction = await settles(parse)(act)
        actions.refresh(act)
        return reaction

    return submit


async def move_due_date(act: Act) -> Reaction:
    """The form that moves the due date: a later one without a reason is asked for one."""
    command = DueDateForm.parse(act.body["view"], act.origin(act.sent.drawn.number))
    if isinstance(command, FieldErrors):
        return point_out(command)
    refusal = (await act.service.handle(command)).refusal
    if isinstance(refusal, SaysNothing):
        return point_out(FieldErrors.of(Field.REASON, "Please write why it is later."))
    actions.refresh(act)
    return await _explain(act, refusal) if refusal else CLOSE


def goes_on(react: Callable[[Act], Awaitable[View | FieldErrors]]) -> Submit:
    """A form in whose place another one is shown, unless a field is wrong."""

    async def submit(act: Act) -> Reaction:
        done = await react(act)
        return point_out(done) if isinstance(done, FieldErrors) else update(done)

    return submit


def point_out(wrong: FieldErrors) -> Reaction:
    """Say at each field what is wrong with it."""
    return {"response_action": "errors", "errors": wrong.errors}


def say_instead(message: Message) -> Reaction:
    """Say something in place of the form."""
    return update(notice(TITLE, message.blocks))


def update(view: View) -> Reaction:
    """Show this in place of the form."""
    return {"response_action": "update", "view": view}


async def _now(act: Act) -> Incident:
    """The incident that the form was drawn for, as it stands."""
    return await act.incident(act.sent.drawn.number)


async def _explain(act: Act, refusal: Refusal) -> Reaction:
    now = await _now(act)
    return say_instead(refused(refusal, now, await act.service.policy_of(now)))


async def start_run(act: Act) -> Reaction:
    """The form with what a playbook asks before it starts."""
    came = await runs.submit_start(act)
    if isinstance(came, FieldErrors):
        return point_out(came)
    return await _explain(act, came) if came else CLOSE


FORMS: dict[Form, Submit] = {
    Form.DECLARE: declare,
    Form.ADVANCE: advance,
    Form.FILL_IN: fill_in,
    Form.SEVERITY: set_severity,
    Form.FACTS: states_facts(FactsForm.parse),
    Form.UPDATE: write_update,
    Form.UPDATE_PREVIEW: send_update,
    Form.NO_ACTION: settles(NoActionForm.parse),
    Form.ROLE: hand_over,
    Form.SUCCESSOR: offer_command,
    Form.OBJECTION: settles(ObjectionForm.parse),
    Form.HYPOTHESIS: propose,
    Form.CONCLUSION: settles(ConclusionForm.parse),
    Form.EVIDENCE: settles(EvidenceForm.parse),
    Form.PREDICTION: predict,
    Form.PLAN: plan_test,
    Form.WAY_BACK: plan_test,
    Form.START: start_test,
    Form.NO_RESULT: settles(NoResultForm.parse),
    Form.HAND_TEST: hand_test,
    Form.DUPLICATE: settles(DuplicateForm.parse),
    Form.ANSWER: answer_evidence,
    Form.MAP: settles(MapForm.parse),
    Form.REDACT: redact,
    Form.CANCEL: settles(CancelForm.parse),
    Form.MERGE: settles(MergeForm.parse),
    Form.TIMES: state_times,
    Form.SECTION: goes_on(postmortem.section_sent),
    Form.FACTORS: goes_on(postmortem.factors_sent),
    Form.KEEP: goes_on(postmortem.keep_sent),
    Form.BACK_TO_DRAFT: goes_on(postmortem.back_sent),
    Form.START_RUN: start_run,
    Form.RUN_WORD: settles(RunWordForm.parse),
    Form.CORRECTION: correct_update,
    Form.ACTION: save_action,
    Form.DECLINE_ACTION: of_action(WhyForm.decline),
    Form.REOPEN_ACTION: of_action(WhyForm.reopen),
    Form.DROP_ACTION: of_action(WhyForm.drop),
    Form.DUE_DATE: move_due_date,
}
"""Every form and what happens when it is sent."""
