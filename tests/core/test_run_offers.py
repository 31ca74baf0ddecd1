"""The room is offered the playbooks that fit: when TRIAGE begins, and later what fits besides, each once and within the budget."""

from bot.core.decision import SYSTEM
from bot.core.due import PLAYBOOKS, falls_due, when_due
from bot.core.effects import Tell
from bot.core.facts import MarkBoundaries, StateImpact
from bot.core.incident import Incident, Phase, Prompt
from bot.core.playbooks.model import AppliesTo
from bot.core.playbooks.shelf import Shelf
from bot.core.run_offers import OfferPlaybooks, PlaybooksOffered
from bot.core.runs import StartPlaybook
from bot.core.severity import SetSeverity
from bot.core.tracker.hints import ROOM
from tests.core.given import ALICE, POLICY, at, closed, decided, in_phase, only, origin, wishes
from tests.core.run_examples import SMALL


def _for(name: str, **applies: tuple[str, ...]) -> dict[str, object]:
    return {name: SMALL.but(id=name, title=name, applies_to=AppliesTo.model_validate(applies))}


SHELF = Shelf.model_validate(
    {
        "offered": {
            **_for("sounds", symptoms=("checkout is failing",)),
            **_for("touches", boundaries=("checkout", "search"), severities=("SEV1",)),
            **_for("severe", symptoms=("checkout is failing",), severities=("SEV1",)),
            **_for("data", symptoms=("rows are missing",)),
        }
    }
)


def due(incident: Incident) -> object:
    """When the room is told of what fits."""
    return falls_due(incident, POLICY, SHELF).get(PLAYBOOKS)


def told(incident: Incident, minutes: float = 1) -> tuple[Incident, list[str]]:
    """The incident after the room was told of what fits, on time or some minutes after the start; and what that was."""
    when = falls_due(incident, POLICY, SHELF)[PLAYBOOKS]
    command = when_due(PLAYBOOKS, when, origin(SYSTEM).but(at=max(when, at(minutes))))
    assert isinstance(command, OfferPlaybooks)
    after, decision = decided(incident, command.but(shelf=SHELF))
    return after, [fit.playbook for fit in only(PlaybooksOffered, decision).fits]


def triage() -> Incident:
    """An incident in TRIAGE, in which the room knows what fits."""
    return told(in_phase(Phase.TRIAGE, "SEV2"))[0]


def test_nothing_is_offered_before_triage_and_then_what_fits_at_once():
    assert due(in_phase(Phase.DETECTION)) is None
    incident = in_phase(Phase.TRIAGE, "SEV2")
    assert due(incident) == incident.phase_since
    after, found = told(incident)
    assert found == ["sounds"] and after.prompts == incident.prompts
    assert due(after) is None


def test_what_fits_once_more_is_known_is_offered_besides():
    raised, _ = decided(triage(), SetSeverity(origin=origin(minutes=2), severity="SEV1"))
    after, found = told(raised)
    assert found == ["severe"] and due(after) is None
    marked, _ = decided(after, MarkBoundaries(origin=origin(minutes=3), boundaries=("checkout", "search")))
    assert told(marked)[1] == ["touches"]


def test_nobody_is_offered_the_same_twice_nor_what_has_been_started():
    before = in_phase(Phase.TRIAGE, "SEV2")
    changed, _ = decided(triage(), StateImpact(origin=origin(minutes=2), impact="Checkout is failing for everybody"))
    assert due(changed) is None
    assert due(decided(before, StartPlaybook(origin=origin(ALICE), playbook="sounds", shelf=SHELF))[0]) is None


def test_later_offers_keep_within_the_budget_of_prompts_and_count_on_it():
    raised, _ = decided(triage(), SetSeverity(origin=origin(minutes=2), severity="SEV1"))
    asked = raised.but(prompts=(Prompt(to=ROOM, at=at(2)),))
    assert due(asked) == at(7)
    after, _ = told(asked)
    assert [(one.to, one.at) for one in after.prompts] == [(ROOM, at(2)), (ROOM, at(7))]


def test_what_fits_no_more_when_its_time_has_come_is_not_offered():
    raised, _ = decided(triage(), SetSeverity(origin=origin(minutes=2), severity="SEV1"))
    late = OfferPlaybooks(origin=origin(SYSTEM, 3), due=raised.phase_since, shelf=SHELF)
    lowered = raised.but(severity="SEV2")
    assert decided(lowered, late)[1].events == ()


def test_nothing_is_offered_once_it_is_over_or_without_playbooks():
    missing = {"impact": "Rows are missing"}
    assert due(triage().but(**missing)) and due(triage().but(**missing, phase=Phase.POSTMORTEM)) is None
    assert due(closed()) is None
    assert PLAYBOOKS not in falls_due(in_phase(Phase.TRIAGE, "SEV2"), POLICY)


def test_the_room_is_told():
    incident = in_phase(Phase.TRIAGE, "SEV2")
    assert wishes(incident, OfferPlaybooks(origin=origin(SYSTEM), due=incident.phase_since, shelf=SHELF)) == [Tell()]
