"""What a person writes for others is sent only when the rules of plain language that hold for its readers have nothing against it,
or when somebody says why it has to go out."""

import pytest

from bot.core.decision import SYSTEM, Decision
from bot.core.facts import StateImpact
from bot.core.glossary import PinnedGlossary
from bot.core.incident import Incident, Phase, Status
from bot.core.needs import Need
from bot.core.plain import findings, readers, together, withheld
from bot.core.policy import Policy
from bot.core.questions import AnswerQuestion
from bot.core.refusal import NotPlain
from bot.core.router.corrections import CorrectUpdate
from bot.core.router.overrides import RulesOverridden
from bot.core.router.updates import KeepPromise, SendUpdate, UpdateIssued, to_do
from bot.core.router.withheld import FactsWithheld
from bot.core.value import canonical
from bot.language import Glossary, Style, Term
from tests.core.given import (
    BOB,
    POLICY,
    POLICY_WITH_DRAFTS,
    decided,
    declared,
    in_phase,
    kinds,
    only,
    origin,
    policy_with,
    supposed,
    with_audience,
)

CAUSE = "Some customers could not pay by card. It was caused by the last change, which we have undone."
NAME = "Some customers cannot pay by card. Bob is working on it with the payments team."


def sent(text: str, *to: str, because: str | None = None, names: tuple[str, ...] = ("Bob Tanaka",)) -> SendUpdate:
    """BOB sends this to these audiences, or to all."""
    return SendUpdate(origin=origin(BOB, 5), text=text, audiences=to, names=names, because=because)


def rules(
    incident: Incident, command: SendUpdate | CorrectUpdate, policy: Policy = POLICY
) -> dict[str, tuple[str, ...]]:
    """Which rules keep it from being sent, by audience; empty when it is sent."""
    refusal = decided(incident, command, policy=policy)[1].refusal
    assert refusal is None or isinstance(refusal, NotPlain)
    return dict(refusal.rules) if refusal else {}


def test_a_text_that_names_somebody_is_refused_and_nobody_is_told():
    decision = decided(declared("SEV1"), sent(NAME))[1]
    assert kinds(decision) == ["AttemptRefused"]
    assert rules(declared("SEV1"), sent(NAME)) == {"executives": ("U2",), "support": ("U2",)}
    assert "Bob" not in decision.events[0].canonical(), "the record says what it was, not whom it named"


def test_names_come_with_the_command_and_a_word_that_is_a_name_too_is_no_name():
    assert rules(declared("SEV1"), sent(NAME, names=())) == {}
    assert rules(declared("SEV1"), sent("Customers will get their orders in May.", names=("Will May",))) == {}
    assert rules(declared("SEV1"), sent("Customers will ask Will May about it.", names=("Will May",)))


def test_with_a_reason_it_goes_out_and_the_rules_that_were_broken_stay_in_the_record():
    decision = decided(declared("SEV1"), sent(NAME, because="They know him"))[1]
    assert kinds(decision) == ["RulesOverridden", "UpdateIssued", "UpdateIssued"]
    overridden = only(RulesOverridden, decision)
    assert dict(overridden.rules) == {"executives": ("U2",), "support": ("U2",)}
    assert (overridden.because, overridden.actor) == ("They know him", BOB)


def test_a_reason_for_what_breaks_no_rule_is_not_recorded():
    clean = sent("Some customers cannot pay by card.", because="It is true")
    assert "RulesOverridden" not in kinds(decided(declared("SEV1"), clean)[1])


@pytest.mark.parametrize("phase", [Phase.DETECTION, Phase.TRIAGE, Phase.CONTAINMENT])
def test_no_cause_is_named_before_containment_is_left_whatever_is_confirmed(phase):
    confirmed = in_phase(phase).but(hypotheses=supposed(Status.CONFIRMED).hypotheses)
    assert rules(confirmed, sent(CAUSE, "support")) == {"support": ("U3",)}


def test_a_cause_is_named_once_containment_is_left_and_a_test_has_confirmed_one():
    confirmed = supposed(Status.CONFIRMED).hypotheses
    recovering = in_phase(Phase.RECOVERY)
    assert rules(recovering, sent(CAUSE, "support")) == {"support": ("U3",)}
    assert rules(recovering.but(hypotheses=confirmed), sent(CAUSE, "support")) == {}
    is_back = recovering.but(hypotheses=confirmed, relapses=1, contained_at=None)
    assert rules(is_back, sent(CAUSE, "support")) == {"support": ("U3",)}, "what stopped it did not hold"


def test_each_audience_has_the_rules_of_its_readers():
    assert readers(POLICY_WITH_DRAFTS.audiences[-1]) is Style.EXTERNAL
    assert [readers(one) for one in POLICY.audiences] == [Style.INTERNAL] * len(POLICY.audiences)
    promise = sent("Some customers cannot pay by card. It will be fixed shortly.", "support", "customers")
    assert rules(declared("SEV1", POLICY_WITH_DRAFTS), promise, POLICY_WITH_DRAFTS) == {"customers": ("U9",)}


def test_engineers_may_read_anything_but_blame():
    engineers = POLICY.audiences[1].but(name="engineers", style="engineering")
    assert readers(engineers) is Style.ENGINEERING
    policy = POLICY.but(audiences=(*POLICY.audiences, engineers))
    careless = "Bob broke the DB on node-17 by carelessness, due to a typo, 5 minutes ago."
    found = findings(declared("SEV1", policy), "engineers", careless, policy, names=("Bob Tanaka",))
    assert {one.rule for one in found} == {"U4"}


def test_an_audience_that_reads_german_has_german_rules():
    policy = with_audience(name="germans", language="de")
    german = "Kunden können nicht mit Karte zahlen, verursacht durch ein Update."
    assert rules(declared("SEV1", policy), sent(german, "germans"), policy) == {"germans": ("U3",)}
    assert rules(declared("SEV1", policy), sent(german, "support"), policy) == {}


def test_the_words_of_the_glossary_are_pinned_with_the_policy():
    words = Glossary(
        (Term(("SKU",), "product number"),), products=("GitHub",), known=("BAFA",), addresses=("status.x.io",)
    )
    policy = policy_with(POLICY_WITH_DRAFTS, glossary=PinnedGlossary.of(words))
    kept = Policy.model_validate_json(policy.canonical())
    assert kept.canonical() == policy.canonical() and kept.hash == policy.hash != POLICY_WITH_DRAFTS.hash
    found = findings(declared("SEV1", kept), "customers", "The BAFA list shows each SKU twice on GitHub.", kept)
    assert [(one.rule, one.replacement) for one in found if one.rule == "U6"] == [("U6", "product number")]


def test_a_correction_may_say_what_cause_was_wrong_but_not_whom_it_named():
    told, _ = decided(declared("SEV1"), sent("Some customers cannot pay by card."))

    def correction(wrong: str, text: str, because: str | None = None) -> CorrectUpdate:
        return CorrectUpdate(
            origin=origin(BOB, 9),
            audiences=("support",),
            wrong=wrong,
            text=text,
            names=("Bob Tanaka",),
            because=because,
        )

    assert rules(told, correction("It was caused by the last change", "What led to it is not known yet.")) == {}
    assert rules(told, correction("Bob is on it", "The payments team is on it.")) == {"support": ("U2",)}
    assert rules(told, correction("All cards fail", CAUSE)) == {"support": ("U3",)}
    decision = decided(told, correction("Bob is on it", "The payments team is on it.", "They call him"))[1]
    assert kinds(decision) == ["RulesOverridden", "UpdateIssued"]
    assert only(UpdateIssued, decision).wrong == "Bob is on it"


def test_what_is_found_for_several_audiences_is_told_once_with_the_weight_of_the_strictest():
    incident = declared("SEV1", POLICY_WITH_DRAFTS)
    text = "Some customers cannot pay by card, since the DB is slow."
    of_each = [findings(incident, name, text, POLICY_WITH_DRAFTS) for name in ("support", "customers")]
    found = together(of_each)
    assert [(one.rule, one.level.value, one.found) for one in found] == [("U6", "error", "DB")]
    assert together(reversed(of_each)) == found


def test_an_audience_that_is_gone_has_no_rules():
    assert findings(declared("SEV1"), "press", NAME, POLICY, names=("Bob Tanaka",)) == ()


def test_the_override_is_kept_as_what_was_typed():
    (event,) = (
        one for one in decided(declared("SEV1"), sent(NAME, because="x"))[1].events if isinstance(one, RulesOverridden)
    )
    assert canonical({"executives": ["U2"], "support": ["U2"]}) in event.canonical()


def impact(text: str, *names: str) -> StateImpact:
    """BOB says who cannot do what, in an incident of these people."""
    return StateImpact(origin=origin(BOB, 3), impact=text, names=names)


def due(incident: Incident, policy: Policy = POLICY) -> Decision:
    """What comes of the first update that falls due."""
    name, at = min(to_do(incident, policy).items(), key=lambda one: one[1])
    by = origin(SYSTEM).but(at=at)
    return decided(incident, KeepPromise(origin=by, audience=name, due=at), policy=policy)[1]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Nobody can pay, due to the last change", "U3"),
        ("Bob Tanaka cannot pay", "U2"),
        ("Nobody reaches node-17", "U5"),
        ("Nobody can pay since 14:05", "U16"),
    ],
)
def test_a_fact_that_breaks_a_rule_is_kept_and_updates_say_a_fixed_sentence(said, rule):
    incident, decision = decided(declared("SEV1"), impact(said, "Bob Tanaka"))
    assert decision.refusal is None and incident.impact == said, "nobody is held up over words"
    decision = due(incident)
    assert kinds(decision) == ["UpdateIssued", "FactsWithheld"]
    issued, told = only(UpdateIssued, decision), only(FactsWithheld, decision)
    assert (issued.impact, issued.withheld) == (None, ("impact",))
    assert (told.facts, told.rules, told.to) == (("impact",), (rule,), incident.declared_by)


def test_the_commander_is_told_once_of_each_text():
    incident = decided(declared("SEV1"), impact("Nobody can pay, due to the last change"))[0]
    times = to_do(incident, POLICY).items()
    kept = (KeepPromise(origin=origin(SYSTEM).but(at=due), audience=name, due=due) for name, due in times)
    incident = decided(incident, *kept)[0]
    assert incident.withheld_told == ("impact",) and "FactsWithheld" not in kinds(due(incident))
    again = decided(incident, impact("Nobody can pay, caused by the last change"))[0]
    assert again.withheld_told == () and "FactsWithheld" in kinds(due(again))
    mended = decided(again, impact("Nobody can pay."))[0]
    assert only(UpdateIssued, due(mended)).impact == "Nobody can pay."


def test_a_name_is_remembered_with_the_fact_since_only_slack_knows_names():
    naming = decided(declared("SEV1"), impact("Bob cannot pay", "Bob Tanaka"))[0]
    assert naming.naming == ("impact",) and withheld(naming, "support", POLICY) == ("impact",)
    unknown = decided(declared("SEV1"), impact("Bob cannot pay"))[0]
    assert unknown.naming == () and withheld(unknown, "support", POLICY) == ()


def test_a_cause_among_the_facts_may_be_said_once_containment_is_left_and_it_is_confirmed():
    because = "Nobody could pay, due to the last change"
    early = decided(in_phase(Phase.CONTAINMENT), impact(because))[0]
    assert withheld(early, "support", POLICY) == ("impact",)
    late = decided(in_phase(Phase.RECOVERY), impact(because))[0].but(hypotheses=supposed(Status.CONFIRMED).hypotheses)
    assert withheld(late, "support", POLICY) == ()


def test_what_an_audience_never_reads_is_not_withheld_from_it():
    answered = AnswerQuestion(origin=origin(), question=Need.WORKAROUND, answer="Ask @carol")
    incident = decided(declared("SEV1"), answered)[0]
    assert incident.answers and withheld(incident, "support", POLICY) == (), "the built-in sentences say no workaround"
