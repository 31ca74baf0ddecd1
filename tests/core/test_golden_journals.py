"""Journals of earlier versions replay to the state they had. None is ever changed; each change of the journal adds one."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.vocabulary import fold, read_event

JOURNALS = sorted((Path(__file__).parent.parent / "journals").glob("*.json"))

BY_NAME = ("seats", "told")
"""Fields whose keys are names, not fields of a later version: nobody may be added to them."""


def differences(golden: Any, rebuilt: Any, where: str = "state") -> list[str]:
    """Where the rebuilt state says something else than the golden one. Fields that the golden one does not have yet are passed
    over; a list must be as long as it was."""
    if isinstance(golden, dict) and isinstance(rebuilt, dict):
        lost = [f"{where}.{key} is gone" for key in golden if key not in rebuilt]
        shared = [found for key in golden if key in rebuilt for found in _below(golden, rebuilt, key, where)]
        return lost + shared
    if isinstance(golden, list) and isinstance(rebuilt, list) and len(golden) == len(rebuilt):
        return [found for index in range(len(golden)) for found in _below(golden, rebuilt, index, where)]
    same = type(golden) is type(rebuilt) and golden == rebuilt
    return [] if same else [f"{where} was {golden!r} and is {rebuilt!r}"]


def _below(golden: Any, rebuilt: Any, key: Any, where: str) -> list[str]:
    return differences(golden[key], rebuilt[key], f"{where}.{key}")


@pytest.mark.parametrize("path", JOURNALS, ids=lambda path: path.stem)
def test_a_golden_journal_replays_to_its_state(path):
    golden = json.loads(path.read_text(encoding="utf-8"))
    events = [read_event(row["kind"], row["at"], row["actor"], row["data"], row["text"]) for row in golden["events"]]
    incident = fold(None, events)
    assert incident is not None
    state = json.loads(incident.canonical())
    assert differences(golden["state"], state) == []
    assert {field: set(state[field]) for field in BY_NAME} == {field: set(golden["state"][field]) for field in BY_NAME}


def test_there_is_a_golden_journal():
    assert JOURNALS


@pytest.mark.parametrize(
    "rebuilt",
    [
        {"phase": "TRIAGE", "told": [{"updates": 1}]},
        {"told": [{"updates": 1}]},
        {"phase": "DETECTION", "told": [{"updates": 2}]},
        {"phase": "DETECTION", "told": [{"updates": True}]},
        {"phase": "DETECTION", "told": [{"updates": 1}, {"updates": 1}]},
        {"phase": "DETECTION", "told": {}},
        {"phase": None, "told": [{"updates": 1}]},
    ],
)
def test_a_state_that_differs_anywhere_is_noticed(rebuilt):
    assert differences({"phase": "DETECTION", "told": [{"updates": 1}]}, rebuilt)


def test_a_field_that_came_later_is_no_difference():
    golden = {"phase": "DETECTION", "told": [{"updates": 1}]}
    assert not differences(golden, {"phase": "DETECTION", "room": None, "told": [{"updates": 1, "by": "x"}]})
