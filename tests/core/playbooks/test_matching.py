"""Which playbooks are offered for an incident, and why."""

from pathlib import Path

import pytest

from bot.core.incident import Phase
from bot.core.playbooks.matching import Reason, Situation, Weights, best, stems
from bot.files.playbooks import check_playbook, find_playbooks
from tests.core.playbooks.given import manual, playbook

SHIPPED = [
    found
    for path in find_playbooks(Path(__file__).parents[3] / "playbooks")
    if (found := check_playbook(path.stem, path.read_bytes(), None)[0])
]


def offered(text: str = "", **more: object) -> list[str]:
    """The ids of what is offered of the playbooks that come with Lockstep."""
    return [fit.playbook for fit in best(SHIPPED, Situation.model_validate({"text": text, **more}))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Checkout fails since the release of 14:05", "bad-release"),
        ("Too many connections on the orders database", "database-saturated"),
        ("The payment provider fails for every card", "supplier-outage"),
        ("Certificate of shop.example.com has expired", "certificate-expired"),
        ("A key was published in a public repository", "leaked-credential"),
        ("Orders of yesterday are missing, a migration destroyed data", "data-loss"),
        ("Denial of service attack on the website", "traffic-surge"),
        ("Mails arrive three hours late, the queue grows", "queue-backlog"),
        ("shop.example.com does not resolve", "dns-fault"),
        ("It must be DNS", "dns-fault"),
        ("We get 500s since the deploy", "bad-release"),
        ("The database is overloaded", "database-saturated"),
        ("The whole region is down at our cloud provider", "region-failure"),
    ],
)
def test_what_people_say_finds_its_playbook(text, first):
    assert offered(text)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The coffee machine is broken",
        "Prices are shown in the wrong currency",
        "Nothing found",  # what people answer when they are asked what changed
        "Search is slow",
    ],
)
def test_none_fits_is_an_answer(text):
    assert offered(text, severity="SEV2") == []


def test_no_more_than_three_are_offered_the_best_first():
    text = "errors since the release, database is slow, queue grows, certificate expired, host not found"
    fits = best(SHIPPED, Situation(text=text))
    assert len(fits) == 3
    assert [fit.score for fit in fits] == sorted((fit.score for fit in fits), reverse=True)


def test_why_it_fits_is_said_the_strongest_reason_first():
    labels = {"alertname": "ReplicationLag"}
    situation = Situation(text="replication lag", boundaries=("orders-database",), severity="SEV1", labels=labels)
    fit = best(SHIPPED, situation)[0]
    assert fit.playbook == "database-saturated"
    assert fit.reasons == (
        Reason(kind="label", what="alertname = ReplicationLag"),
        Reason(kind="symptom", what="replication lag"),
        Reason(kind="boundary", what="orders-database"),
        Reason(kind="severity", what="SEV1"),
    )


def test_the_label_of_an_alert_is_enough_and_a_part_of_the_system_alone_is_not():
    assert offered(labels={"alertname": "DeadLetters"}) == ["queue-backlog"]
    assert offered(boundaries=("website",), severity="SEV1") == []


def test_a_part_of_the_system_decides_between_two_that_fit_alike():
    one = playbook({"a": manual()}, id="one", applies_to={"symptoms": ["it is slow"], "boundaries": ["search"]})
    two = playbook({"a": manual()}, id="two", applies_to={"symptoms": ["it is slow"], "boundaries": ["checkout"]})
    fits = best([one, two], Situation(text="slow", boundaries=("checkout",)))
    assert [fit.playbook for fit in fits] == ["two", "one"]


def test_drafts_other_severities_and_phases_that_are_over_are_not_offered():
    applies = {"symptoms": ["it is slow"], "severities": ["SEV1"]}
    slow = playbook({"a": manual()}, applies_to=applies, phases=["TRIAGE", "CONTAINMENT"])
    said = Situation(text="slow")
    assert best([slow], said)
    assert best([slow], said.but(severity="SEV1", phase=Phase.DETECTION))  # it may begin early
    assert not best([slow.but(status="draft")], said)
    assert not best([slow], said.but(severity="SEV3"))
    assert not best([slow], said.but(phase=Phase.RECOVERY))


def test_a_word_that_many_playbooks_have_says_less():
    common = [playbook({"a": manual()}, id=f"p{n}", applies_to={"symptoms": ["pages fail"]}) for n in range(3)]
    rare = playbook({"a": manual()}, id="rare", applies_to={"symptoms": ["invoices fail"]})
    fits = {fit.playbook: fit.score for fit in best([*common, rare], Situation(text="invoices fail"))}
    assert fits == {"rare": 4}


def test_words_are_compared_without_their_endings():
    assert stems("Queries queued") & stems("query queues")
    assert stems("it is to be") == frozenset()


def test_what_evidence_is_worth_can_be_said_otherwise():
    assert best(SHIPPED, Situation(text="database is slow"), Weights(least=50)) == ()
