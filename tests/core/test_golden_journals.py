"""Journals of earlier versions replay to the state they had. None is ever changed; each change of the journal adds one."""

import json
from pathlib import Path

import pytest

from bot.core.vocabulary import fold, read_event

JOURNALS = sorted((Path(__file__).parent.parent / "journals").glob("*.json"))


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_a_golden_journal_replays_to_its_state(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    events = [read_event(row["kind"], row["at"], row["actor"], row["data"], row["text"]) for row in golden["events"]]
    incident = fold(None, events)
    assert incident is not None
    assert json.loads(incident.canonical()) == golden["state"]


def test_there_is_a_golden_journal():
    assert JOURNALS
