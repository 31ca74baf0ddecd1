"""The playbooks that come with Lockstep, each walked on a good way and on bad ones, without Slack, by prepared answers."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.playbooks.facts import AlarmRaised, LockOpened, StepEntered, UndoEnded
from bot.core.playbooks.walk import Script, Walk, walk
from bot.files import read_policy
from bot.files.playbooks import check_playbook, find_playbooks

ROOT = Path(__file__).parents[2] / "playbooks"
POLICY = read_policy(ROOT)
PLAYBOOKS = {
    path.stem: playbook
    for path in find_playbooks(ROOT)
    if (playbook := check_playbook(path.stem, path.read_bytes(), POLICY)[0])
}


def walked(id: str, **script: Any) -> Walk:
    """A walk through this playbook on these answers; where there is none, all goes well."""
    playbook = PLAYBOOKS[id]
    inputs = {one.name: "5" if one.type == "number" else "x" for one in playbook.inputs}
    return walk(playbook, Script.model_validate({"inputs": inputs, "rest": "good", **script}))


def steps(done: Walk) -> list[str]:
    """The steps that were come to, in their order."""
    return [fact.step for fact in done.facts if isinstance(fact, StepEntered)]


def undone(done: Walk) -> list[str]:
    """What was undone, in its order."""
    return [fact.step for fact in done.facts if isinstance(fact, UndoEnded) and fact.is_done]


GOOD: list[tuple[str, dict[str, Any]]] = [
    ("bad-release", {"way-back": "flag"}),
    ("bad-release", {"way-back": "release"}),
    ("bad-release", {"way-back": "settings", "group-is-good": "no data"}),
    ("bad-release", {"way-back": "flag", "unfreeze": "late"}),
    ("database-saturated", {"choose": "kill"}),
    ("database-saturated", {"choose": "reads"}),
    ("database-saturated", {"choose": ["cap", "shed"], "waits-fall": ["fail", "pass"]}),
    ("database-saturated", {"choose": "kill", "raise-limits": "failed"}),
    ("database-saturated", {"choose": "kill", "waits-fall": "fail", "choose-again": "no", "more-room": "larger"}),
    ("supplier-outage", {"what-now": "fallback"}),
    ("supplier-outage", {"what-now": "queue", "they-are-back": ["fail", "no data", "pass"]}),
    ("certificate-expired", {"how": "automatic"}),
    ("certificate-expired", {"how": "automatic", "renew": "failed"}),
    ("leaked-credential", {"duties": "none"}),
    ("leaked-credential", {"duties": "ask", "evidence": "failed", "deactivate-anyway": "yes"}),
    ("leaked-credential", {"duties": "none", "evidence": "late", "deactivate-anyway": "no", "still-used": "no data"}),
    ("data-loss", {"way": "point-in-time"}),
    ("data-loss", {"way": "script", "stop-writers": "late"}),
    ("traffic-surge", {"who-is-it": "real"}),
    ("traffic-surge", {"who-is-it": "hostile", "calm": ["fail", "pass"], "more": "block"}),
    ("queue-backlog", {"which-side": "consumer", "too-old": "keep"}),
    ("queue-backlog", {"which-side": "producer", "too-old": "expire"}),
    ("queue-backlog", {"which-side": "consumer", "too-old": "newest", "age-falls": "no data", "replay": "late"}),
    ("dns-fault", {"what-is-it": "changed", "lower-ttl": "leave"}),
    ("dns-fault", {"what-is-it": "signing", "lower-ttl": "leave"}),
    ("dns-fault", {"what-is-it": "servers", "lower-ttl": "shorten"}),
    ("region-failure", {}),
    ("region-failure", {"capacity": "fail", "no-room": "add", "data-state": "fail"}),
    ("region-failure", {"capacity": "fail", "no-room": "less"}),
]


@pytest.mark.parametrize(("id", "answers"), GOOD)
def test_on_a_good_way_the_work_is_done_and_nothing_is_undone(id, answers):
    done = walked(id, answers=answers)
    assert done.problem is None
    assert done.ended is not None and done.ended.end == "done"
    assert undone(done) == []


BAD: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("bad-release", {"way-back": "none"}, "stopped", []),
    ("bad-release", {"way-back": "release", "data-format": "no"}, "handed over", []),
    ("bad-release", {"way-back": "release", "group-is-good": "fail"}, "stopped", ["one-group", "freeze"]),
    (
        "bad-release",
        {"way-back": "settings", "smoke-test": "no"},
        "stopped",
        ["everywhere", "settings-back", "freeze"],
    ),
    (
        "database-saturated",
        {"choose": "shed", "waits-fall": "fail", "choose-again": "no", "more-room": "neither"},
        "stopped",
        [],
    ),
    (
        "database-saturated",
        {"choose": "kill", "waits-fall": "fail", "choose-again": "no", "more-room": "over", "lag-is-small": "no data"},
        "stopped",
        [],
    ),
    (
        "database-saturated",
        {"choose": "kill", "waits-fall": "fail", "choose-again": "no", "more-room": "over", "writable": "late"},
        "handed over",
        [],
    ),
    ("supplier-outage", {"own-test": "no"}, "stopped", []),
    ("supplier-outage", {"what-now": "pause", "they-are-back": "fail"}, "handed over", []),
    ("certificate-expired", {"how": "manual", "right-one": "no"}, "stopped", []),
    ("certificate-expired", {"how": "manual", "from-outside": "no"}, "stopped", ["one-node"]),
    ("certificate-expired", {"how": "manual", "order": "failed"}, "stopped", []),
    ("leaked-credential", {"still-used": "fail"}, "handed over", []),
    ("data-loss", {"way": "stay"}, "stopped", []),
    ("data-loss", {"way": "replay", "copy-adds-up": "no"}, "stopped", []),
    ("data-loss", {"way": "replay", "second-look": "no"}, "stopped", ["side-table"]),
    ("data-loss", {"way": "replay", "reconcile": "late"}, "handed over", []),
    ("traffic-surge", {"who-is-it": "mixed", "calm": "fail", "more": "database"}, "handed over", []),
    ("traffic-surge", {"who-is-it": "mixed", "calm": "no data", "more": ["capacity", "stop"]}, "stopped", []),
    (
        "queue-backlog",
        {"which-side": "unclear", "age-falls": "fail"},
        "stopped",
        ["consumers", "poison"],
    ),
    ("dns-fault", {"what-is-it": "unknown"}, "stopped", []),
    ("region-failure", {"scope": "no"}, "stopped", []),
    ("region-failure", {"capacity": "no data", "no-room": "wait"}, "stopped", []),
    ("region-failure", {"switch": "failed"}, "handed over", []),
]


@pytest.mark.parametrize(("id", "answers", "end", "taken_back"), BAD)
def test_on_a_bad_way_it_ends_where_it_should_and_takes_back_what_was_done(id, answers, end, taken_back):
    done = walked(id, answers=answers)
    assert done.problem is None
    assert done.ended is not None and done.ended.end == end
    assert undone(done) == taken_back


CRITERIA: list[tuple[str, dict[str, Any], dict[str, str], list[str], str]] = [
    ("bad-release", {"way-back": "flag"}, {"errors-again": "stay-good"}, ["flag-off", "freeze"], "still-frozen"),
    ("database-saturated", {"choose": "reads"}, {"copy-behind": "waits-fall"}, ["reads-away"], "choose-again"),
    ("database-saturated", {"choose": ["cap", "kill"]}, {"errors-up": "waits-fall"}, ["cap-pool"], "choose-again"),
    (
        "supplier-outage",
        {"what-now": ["fallback", "pause"]},
        {"fallback-worse": "they-are-back"},
        ["fallback-on"],
        "what-now",
    ),
    ("supplier-outage", {"what-now": "queue"}, {"doubles": "drain"}, ["drain"], "handed-to-people"),
    ("certificate-expired", {"how": "automatic"}, {"handshakes-fail": "from-outside"}, ["one-node"], "wrong-one"),
    ("leaked-credential", {"duties": "none"}, {"service-breaks": "still-used"}, ["deactivate"], "narrowed"),
    ("data-loss", {"way": "script"}, {"frozen-set-written": "rehearse"}, [], "find-writer"),
    ("traffic-surge", {"who-is-it": "hostile"}, {"good-users-challenged": "limit"}, ["limit", "edge-on"], "more"),
    (
        "queue-backlog",
        {"which-side": "consumer", "too-old": "keep"},
        {"downstream-errors": "age-falls"},
        ["consumers"],
        "halve",
    ),
    ("queue-backlog", {"which-side": "consumer"}, {"done-twice": "consumers"}, ["consumers"], "pause-all"),
    ("dns-fault", {"what-is-it": "changed"}, {"servers-differ": "same-everywhere"}, ["undo-change"], "zone-again"),
    ("region-failure", {}, {"survivor-full": "good-at-quarter"}, ["quarter"], "ease"),
    ("region-failure", {}, {"two-writers": "one-writer"}, [], "fence-again"),
]


@pytest.mark.parametrize(("id", "answers", "criteria", "taken_back", "then"), CRITERIA)
def test_when_a_criterion_holds_it_is_rolled_back_and_goes_where_it_should(id, answers, criteria, taken_back, then):
    done = walked(
        id, answers={"more": "stop", "lower-ttl": "leave", **answers}, criteria=criteria, alarms=["roll back"]
    )
    assert done.problem is None and done.ended is not None
    (alarm,) = [number for number, fact in enumerate(done.facts) if isinstance(fact, AlarmRaised)]
    assert undone(done) == taken_back
    after = [fact.step for fact in done.facts[alarm:] if isinstance(fact, StepEntered)]
    assert after[0] == then


def test_the_narrow_rule_takes_itself_away_when_nobody_stops_that():
    answers = {"who-is-it": "hostile", "calm": ["fail", "pass"], "more": ["block", "stop"]}
    by_itself = walked("traffic-surge", answers=answers, criteria={"false-blocks": "watch"})
    assert undone(by_itself) == ["block"]
    held = walked("traffic-surge", answers=answers, criteria={"false-blocks": "watch"}, alarms=["hold"])
    assert undone(held) == [] and held.ended is not None and held.ended.end == "nobody decided"
    unknown = walked("traffic-surge", answers=answers, criteria={"false-blocks": "watch"}, no_data=["false-blocks"])
    assert undone(unknown) == []


@pytest.mark.parametrize(
    ("id", "answers", "step"),
    [
        (
            "database-saturated",
            {"choose": "kill", "waits-fall": "fail", "choose-again": "no", "more-room": "over"},
            "fail-over",
        ),
        ("data-loss", {"way": "replay"}, "switch"),
        ("region-failure", {}, "switch"),
    ],
)
def test_where_there_is_no_way_back_two_people_agree_first(id, answers, step):
    done = walked(id, answers=answers)
    agreed = [fact.by for fact in done.facts if isinstance(fact, LockOpened) and fact.step == step]
    assert len(set(agreed)) == 2


def test_every_step_of_every_playbook_is_come_to_on_one_of_these_ways():
    ways = [walked(id, answers=answers) for id, answers in GOOD]
    ways += [walked(id, answers=answers) for id, answers, _, _ in BAD]
    for id, answers, criteria, _, _ in CRITERIA:
        more = {"more": "stop", "lower-ttl": "leave", **answers}
        ways.append(walked(id, answers=more, criteria=criteria, alarms=["roll back"]))
    seen: dict[str, set[str]] = {}
    for done in ways:
        seen.setdefault(done.facts[0].playbook, set()).update(steps(done))  # type: ignore[attr-defined]
    missing = {id: set(playbook.steps) - seen[id] for id, playbook in PLAYBOOKS.items()}
    assert {id: sorted(left) for id, left in missing.items() if left} == {}


def simulated(tmp_path: Path, answers: str) -> Result:
    """What the command prints about a bad release, on these answers."""
    file = tmp_path / "answers.yml"
    file.write_text(answers, encoding="utf-8")
    return CliRunner().invoke(
        cli, ["playbook", "simulate", str(ROOT / "runbooks" / "bad-release.yml"), "--answers", str(file)]
    )


def test_the_command_prints_the_path(tmp_path):
    said = simulated(tmp_path, "inputs: {service: cart}\nrest: good\nanswers: {way-back: flag, errors-fall: fail}\n")
    assert said.exit_code == 0
    lines = said.output.splitlines()
    assert lines[0].startswith("Take back a bad release (bad-release 1.0.0, ")
    assert lines[1] == "  0:00  Begins with errors_before = 0.01, service = cart."
    assert "  0:03    → flag: Turn the flag off" in lines
    undo = "undo flag-off: Set the flag back to what it was. · waits for a person"
    assert any(line.endswith(f"  {undo}") for line in lines)
    assert "End: stopped." in lines[-1]


def test_an_answer_that_is_missing_or_none_is_told(tmp_path):
    said = simulated(tmp_path, "inputs: {service: cart}\nrest: good\n")
    assert said.exit_code == 1
    assert said.output.splitlines()[-1] == (
        "Stopped: There is no answer for the step way-back. Write one of: flag, release, settings, none, late."
    )
    said = simulated(tmp_path, "inputs: {service: cart}\nanswers: {freeze: yes}\n")
    assert said.output.splitlines()[-1] == "Stopped: yes is no answer to freeze. Write one of: done, failed, skip."
    said = simulated(tmp_path, "rest: good\n")
    assert said.output.splitlines()[-1] == "Stopped: It cannot start: an input is missing or not of its type: service."


def test_a_file_of_answers_that_cannot_be_read_is_told(tmp_path):
    said = simulated(tmp_path, "answer: {freeze: done}\n")
    assert said.exit_code != 0
    assert "answers.yml:1:9: answer: extra inputs are not permitted. The keys are: inputs, answers" in str(
        said.exception
    )


def test_the_same_answers_give_the_same_path():
    first, second = (walked("region-failure", criteria={"survivor-full": "jobs"}) for _ in range(2))
    assert first == second


def test_what_would_be_offered_is_printed_with_the_reasons():
    said = CliRunner().invoke(
        cli, ["playbook", "find", "database is slow", "--severity", "SEV1", "--playbooks", str(ROOT)]
    )
    assert said.output.splitlines() == [
        "database-saturated: Relieve a database that is at its limit",
        "  symptom: database is slow",
        "  severity: SEV1",
    ]
    none = CliRunner().invoke(cli, ["playbook", "find", "The coffee machine is broken", "--playbooks", str(ROOT)])
    assert none.output == "None fits.\n"
