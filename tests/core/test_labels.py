"""Labels of alerts are told from what people say, and lead to the playbooks that name them."""

import pytest

from bot.core.labels import read_labels, split_labels
from bot.core.playbooks.model import AppliesTo
from bot.core.playbooks.shelf import Shelf
from bot.core.run_offers import fits
from tests.core.given import declared
from tests.core.run_examples import SMALL


@pytest.mark.parametrize(
    ("typed", "said", "labels"),
    [
        ("Checkout is failing", "Checkout is failing", {}),
        ("Checkout is failing alertname=HighErrorRate", "Checkout is failing", {"alertname": "HighErrorRate"}),
        ('Slow, alertname="Two words", job=a-b:9', "Slow,", {"alertname": "Two words", "job": "a-b:9"}),
        ("alertname=X", "", {"alertname": "X"}),
        ("With x=5 it fails", "With x=5 it fails", {}),
        ("Paid a==b", "Paid a==b", {}),
        ("https://example.com/?a=b", "https://example.com/?a=b", {}),
        ("Empty job=", "Empty job=", {}),
    ],
)
def test_labels_are_the_words_at_the_end_with_an_equals_sign(typed: str, said: str, labels: dict[str, str]):
    text, found = split_labels(typed)
    assert (text, read_labels(found)) == (said, labels)


def test_what_was_redacted_has_no_labels():
    assert read_labels("[redacted]") == {} == read_labels(None)


def test_a_playbook_that_names_a_label_of_the_alert_fits_whatever_people_say():
    applies = AppliesTo(alert_labels={"alertname": ("HighErrorRate", "Other")})
    shelf = Shelf(offered={"small": SMALL.but(applies_to=applies)})
    incident = declared()
    assert fits(shelf, incident) == ()
    (found,) = fits(shelf, incident.but(labels="alertname=HighErrorRate job=x"))
    assert [reason.what for reason in found.reasons] == ["alertname = HighErrorRate"]
    assert fits(shelf, incident, "alertname=Other") != ()
