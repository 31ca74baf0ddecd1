"""Playbooks in what is read afterwards: from which content, what came of each step and by whom, and what was rolled back."""

import pytest

from bot.export.markdown import as_markdown
from bot.export.postmortem import as_postmortem
from tests.core.run_examples import SMALL, two_runs
from tests.operating.records import recorded, story


def section(text: str) -> str:
    """What stands under the heading of playbooks."""
    return text.split("## Playbooks\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("written", [as_markdown, as_postmortem])
def test_each_run_says_what_came_of_its_steps_and_by_whom(written):
    said = section(written(recorded(*two_runs())))
    first, second = said.split("### ")[1:]
    assert first.startswith("R1: A small playbook\n\n- Started on 23 November 2026 at 14:02 UTC by `UALICE`")
    assert f"- From `small`, whose content has the hash `{SMALL.hash}`" in first
    assert "Do it: done at 14:03:20, `UALICE`, undone later" in first
    assert "- Ended on 23 November 2026 at 14:09 UTC" in first and "Rolled back." in first
    assert "Do it: skipped at 14:11:20, `UALICE`: “Done | before”" in second
    assert "Agree: failed at 14:12:20, `UALICE`" in second and "Stopped. It is bad." in second
    assert "Stops and rollbacks" not in second


def test_what_stopped_a_run_and_what_was_undone_stands_there_with_its_number_in_the_record():
    first = section(as_markdown(recorded(*two_runs()))).split("### ")[1]
    stops = first.split("Stops and rollbacks:\n\n")[1].splitlines()
    assert [line.split(" · ", 2)[2].split(" (")[0] for line in stops if line] == [
        "`UBOB` said that it got worse: nothing goes on",
        "`UALICE` held the undo: “It is \\*something\\* else”",
        "`UALICE` began to undo do",
        "`UALICE` undid Do it: “Taken back”",
    ]


def test_an_incident_without_any_says_so():
    begun = [event for part in story() for event in part]
    assert section(as_markdown(recorded(*begun))).strip() == "None was run."
