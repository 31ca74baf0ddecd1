"""What the check of a playbook finds: each fault at its place, with what to write. A broken file is of no use by itself; the others
stay as they are."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.hosts import Host
from bot.core.playbooks.schema import schema
from bot.files import read_policy
from bot.files.playbooks import FOLDER, check_playbook, check_playbooks, find_playbooks

ROOT = Path(__file__).parents[2] / "playbooks"
POLICY = read_policy(ROOT)
GOOD = """
id: example
title: An example
version: 1.0.0
status: active
owner: tests
last_reviewed: 2026-11-29
summary: For tests.
takes_minutes: 10
inputs:
  - {name: service, asks: Which service?}
defaults: {role: operations lead, timeout_minutes: 10, on_failure: bad, on_timeout: bad}
start: one
steps:
  one:
    kind: manual
    title: Turn it off
    do: Turn ${service} off.
    reversible: true
    undo: {do: Turn it on.}
    on_success: look
  look:
    kind: check_metric
    title: Look
    measure: {query: errors, op: "<", threshold: 1}
    on_success: choose
  choose:
    kind: decision
    title: Choose
    question: Which?
    default: b
    options:
      a: {label: A, when: It is a., goes_to: good}
      b: {label: B, when: It is b., goes_to: bad}
  good: {kind: stop, title: Good, outcome: done, reason: It is good.}
  bad: {kind: stop, title: Bad, outcome: stopped, reason: It is bad.}
"""


def changed(*changes: tuple[str, str]) -> str:
    """The good playbook with these words replaced, each where it stands first."""
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def findings(text: str) -> list[str]:
    """What the check has to say about this text, in a file of the right name."""
    return [str(finding) for finding in check_playbook("example", text.encode(), POLICY)[1]]


def test_a_good_one_has_nothing_wrong():
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # keys
        ("    do: Turn ${service} off.\n", "",
         "16:5: a manual step needs do. Add `do: In the flag service, set new-cart to off.`."),
        ("on_success: look", "on_sucess: look",
         "21:5: on_sucess is not a key of a manual step. Did you mean on_success?"),
        ("kind: manual", "kind: manuel", "16:11: manuel is not a kind of step. Did you mean manual?"),
        ("    kind: manual\n", "", "16:5: nobody knows what kind of step this is. Add `kind: manual`."),
        ("takes_minutes: 10", "takes_minutes: soon", "9:16: soon is not a whole number. Write `takes_minutes: 45`."),
        ("takes_minutes: 10", "takes_minutes: 0", "9:16: 0 is not more than 0. Write `takes_minutes: 45`."),
        ("takes_minutes: 10", "takes_minutes: [1]",
         "9:16: a list stands where takes_minutes takes a number. Write `takes_minutes: 45`."),
        ("status: active", "status: activ", "5:9: activ is nothing that status takes. Did you mean active?"),
        ("version: 1.0.0", "version: one", "4:10: one is not a version. Write three numbers, such as 1.0.0."),
        ("title: An example", "title:", "3:7: title has no value here. Write `title: Undo a bad release`, or take the key out."),
        ("  one:\n", "  Step One:\n",
         "15:3: Step One is not an id. Write at most 40 small letters, digits and -, the first a letter."),
        ('op: "<"', "op: below", "25:34: below is nothing that op takes. Write one of: <, <=, >, >=, ==, !=."),
        ("threshold: 1", "threshold: high", "25:50: high is not a number. Write `threshold: 0.01`."),
        ("threshold: 1", "threshold: 1, at_least: 3, of: 2",
         "25:63: 3 of 2 samples can never be. Write `at_least: 2`."),
        ("undo: {do: Turn it on.}", "undo: {do: Turn it on., call: {method: POST}}",
         "20:35: a call needs url. Add `url: https://deploys.example.com/api/freeze`."),
        # flow
        ("on_success: look", "on_success: lok", "21:17: there is no step lok. Did you mean look?"),
        ("start: one", "start: zero", "13:8: there is no step zero. Write the id of a step."),
        ("on_failure: bad", "on_failure: worse", "12:68: there is no step worse. Write the id of a step."),
        ("on_failure: bad, ", "",
         "15:3: the step one does not say where it goes when it did not work. "
         "Add `on_failure: ` and a step, here or to `defaults`."),
        (", on_timeout: bad}", "}",
         "15:3: the step one does not say where it goes when it takes too long. "
         "Add `on_timeout: ` and a step, here or to `defaults`."),
        (" timeout_minutes: 10,", "",
         "15:3: the step one does not say how long it may take. Add `timeout_minutes: 15`, here or to `defaults`."),
        ("on_success: look", "on_success: choose",
         "22:3: nothing leads to the step look. Name it in another step, or take it out."),
        ("goes_to: good", "goes_to: one",
         "15:3: this goes round without end: one → look → choose → one. Add `at_most: 3` and `then:` to one of them."),
        ("on_success: look", "on_success: look\n    at_most: 2",
         "22:14: nobody knows where it goes after that often. Add `then: ` and a step."),
        ("on_success: look", "on_success: look\n    then: bad", "22:11: this never counts without at_most. Add `at_most: 3`."),
        ("default: b", "default: c", "31:14: c is not an option of this decision. Write one of: a, b."),
        ("threshold: 1", "threshold: 1, of: 31, window_minutes: 20",
         "25:14: 31 samples take 15 min, and the step has 10. Write `timeout_minutes: 15` or more."),
        # undo
        ("    undo: {do: Turn it on.}\n", "",
         "19:17: this does not say how it is undone. Add `undo: {do: …}` to the step."),
        ("    reversible: true\n", "", "19:11: an undo goes with `reversible: true`. Add that to the step."),
        ("reversible: true", "reversible: true\n    point_of_no_return: It is gone.",
         "20:25: a point of no return cannot be reversible. Take one of the two out."),
        # words
        ("role: operations lead", "role: operation lead",
         "12:18: the policy has no role operation lead. Did you mean operations lead?"),
        ("${service}", "${servic}", "18:9: nothing asks for servic. Did you mean ${service}?"),
        ("takes_minutes: 10", "takes_minutes: 10\napplies_to: {severities: [SEV9], boundaries: [nowhere]}",
         "10:47: the policy has no boundary nowhere. "
         "Write one of: website, mobile-app, sign-in, search, checkout, payments …"),
        # secrets
        ("do: Turn ${service} off.", "do: Use AKIAABCDEFGHIJKLMNOP for it.",
         "18:9: this looks like an AWS key. Change it where it is used, and write `${secret:NAME}` here."),
        ("do: Turn ${service} off.", "do: 'Use password: hunter2hunter2'",
         "18:9: this looks like a password. Change it where it is used, and write `${secret:NAME}` here."),
        ("do: Turn ${service} off.", "do: Use ${secret:TOKEN}.",
         "18:9: a secret would be shown here. It can stand in a call only; take it out."),
        # the file
        ("id: example", "id: other",
         "2:5: the id other is not the name of its file. Write `id: example`, or name the file other.yml."),
    ],
)  # fmt: skip
def test_each_fault_is_told_at_its_place(old, new, expected):
    assert expected in findings(changed((old, new)))


def test_an_input_that_could_be_any_text_cannot_stand_in_a_query():
    text = changed(
        ("asks: Which service?", "asks: Which service?, type: text"), ("query: errors", "query: 'a{b=\"${service}\"}'")
    )
    assert findings(text) == [
        "25:22: the input service could be any text, which must not stand here. Write `type: word` where it is asked for."
    ]


def test_an_instruction_of_four_lines_is_too_long():
    text = changed(("do: Turn ${service} off.", "do: |\n      1 ${service}\n      2\n      3\n      4"))
    assert findings(text) == ["18:9: these are 4 lines, and 3 are the most. Make two steps of it."]


def test_a_question_whose_answer_nothing_needs_is_a_warning():
    text = changed(("do: Turn ${service} off.", "do: Turn it off."))
    assert findings(text) == [
        "11:12: warning: nothing needs the answer to this. Write ${service} where it matters, or take the question out."
    ]
    assert check_playbook("example", text.encode(), POLICY)[0] is not None


def test_evidence_that_can_be_lost_is_a_warning():
    text = changed(("on_success: look", "on_success: look\n    destroys_evidence: true"))
    assert findings(text) == [
        "22:24: warning: this can be come to with no snapshot before it. Put a snapshot on every way here."
    ]
    assert check_playbook("example", text.encode(), POLICY)[0] is not None


@pytest.mark.parametrize("written", [b"", b"\xff", b"a: [", b"- a", b"steps: {a: {kind: stop}}", b"a: &x [*x]"])
def test_what_is_no_playbook_is_told_and_nothing_breaks(written):
    playbook, found = check_playbook("example", written, POLICY)
    assert playbook is None and found


LINES = GOOD.splitlines()
OTHERS = ["", "  x: [", "- ", "a: b", "  kind: stop", "    then: look", "    kind: wait", "\t", "    title: &a [*a]"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(OTHERS)), max_size=4))
def test_whatever_is_done_to_a_file_it_is_good_or_told(changes):
    lines = list(LINES)
    for number, line in changes:
        lines[number] = line
    playbook, found = check_playbook("example", "\n".join(lines).encode(), POLICY)
    assert (playbook is None) == any(finding.is_fatal for finding in found)
    assert all(1 <= finding.line <= len(lines) + 1 and finding.column >= 1 for finding in found)


def test_comments_layout_and_order_do_not_change_the_hash():
    before, _ = check_playbook("example", GOOD.encode(), POLICY)
    top, steps = GOOD.split("start: one\n")
    after, _ = check_playbook("example", f"# new\nstart: one\n{steps}\n{top}".encode(), POLICY)
    other, _ = check_playbook("example", changed(("threshold: 1", "threshold: 2")).encode(), POLICY)
    assert before and after and other
    assert before.hash == after.hash != other.hash


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder with the policy that comes with Lockstep, and these playbooks."""
    shutil.copy(ROOT / "policy.yml", tmp_path)
    shutil.copytree(ROOT / "updates", tmp_path / "updates")
    (tmp_path / FOLDER).mkdir()
    for name, text in files.items():
        (tmp_path / FOLDER / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def linted(where: Path) -> Result:
    """What the command says about a folder or a file."""
    return CliRunner().invoke(cli, ["lint", str(where)])


def named(id: str, **more: str) -> str:
    """The good playbook under another id; `runs`: its first step is that playbook."""
    text = changed(("id: example", f"id: {id}"))
    if "runs" in more:
        start, end = text.index("    kind: manual"), text.index("    on_success: look")
        step = f"    kind: sub_playbook\n    title: Run\n    playbook: {more['runs']}\n"
        text = text[:start] + step + (more.get("inputs") or "    inputs: {service: '${service}'}\n") + text[end:]
    return text


def test_a_broken_file_is_a_finding_for_that_file_alone(tmp_path):
    where = folder(tmp_path, good=named("good"), broken="id: [")
    said = linted(where)
    assert said.exit_code == 1
    lines = said.output.splitlines()
    assert lines[1].startswith(f"{where / FOLDER / 'broken.yml'}:1:6: a value is missing here.")
    assert lines[2] == "1 of 2 playbooks cannot be used."
    by_name = {one.path.stem: one.playbook for one in check_playbooks(find_playbooks(where), POLICY)}
    assert by_name["good"] is not None and by_name["broken"] is None


def test_playbooks_that_run_each_other_in_a_circle_are_told_at_each(tmp_path):
    where = folder(
        tmp_path, one=named("one", runs="two"), two=named("two", runs="one"), three=named("three", runs="four")
    )
    said = linted(where).output
    assert f"{FOLDER}/one.yml:18:15: these playbooks run each other in a circle: one → two → one." in said
    assert f"{FOLDER}/two.yml:18:15: these playbooks run each other in a circle: two → one → two." in said
    assert f"{FOLDER}/three.yml:18:15: there is no playbook four. Write the id of one, or take it out." in said


def test_a_sub_playbook_is_given_what_it_asks_for(tmp_path):
    one = named("one", runs="two", inputs="    inputs: {other: x}\n")
    said = linted(folder(tmp_path, one=one, two=named("two"))).output
    assert "one.yml:18:15: two asks for service. Add `inputs: {service: …}`." in said
    assert "one.yml:19:21: two does not ask for other. Take it out." in said


def test_one_file_or_the_folder_of_playbooks_is_checked_with_the_policy_above(tmp_path):
    where = folder(tmp_path, one=named("one"), two=named("two", runs="one"))
    assert linted(where / FOLDER / "two.yml").output == "1 playbook is good.\n"
    assert linted(where / FOLDER).output == "2 playbooks are good.\n"
    (where / FOLDER / "one.yml").write_text(named("one").replace("operations lead", "pilot"))
    said = linted(where / FOLDER / "one.yml")
    assert said.exit_code == 1 and "the policy has no role pilot." in said.output


def test_with_a_broken_policy_the_playbooks_are_checked_all_the_same(tmp_path):
    where = folder(tmp_path, one=changed(("id: example", "id: one"), ("on_success: look", "on_success: lok")))
    (where / "policy.yml").write_text("severities: []\n")
    said = linted(where)
    assert said.exit_code == 1 and "there is no step lok" in said.output


def test_those_that_come_with_lockstep_have_nothing_wrong():
    checked = check_playbooks(find_playbooks(ROOT), POLICY)
    assert len(checked) == 10
    assert [finding for one in checked for finding in one.findings] == []


def test_each_of_them_names_the_schema_by_which_editors_complete_it():
    for path in find_playbooks(ROOT):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=../playbook.schema.json"


def test_the_published_schema_is_that_of_the_model():
    published = json.loads((ROOT / "playbook.schema.json").read_text(encoding="utf-8"))
    assert published == schema()
    printed = CliRunner().invoke(cli, ["playbook", "schema"]).output
    assert printed == (ROOT / "playbook.schema.json").read_text(encoding="utf-8")


CALLS = """
  call:
    kind: http
    title: Freeze
    call:
      method: POST
      url: https://deploys.example.com/${service}/freeze?t=${secret:TOKEN}
      headers: {Authorization: "Bearer ${secret:TOKEN}"}
    on_success: look
    reversible: true
    undo: {do: Thaw., call: {method: DELETE, url: "http://edge.internal:8080/x"}}
"""
LISTED = POLICY.but(
    may_call=(
        Host(host="deploys.example.com", secrets=("TOKEN",)),
        Host(host="edge.internal", port=8080, internal=True),
    )
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x", "x", None),
        (
            "deploys.example.com/",
            "evil.example.com/",
            "evil.example.com is not one of the hosts that the policy lets",
        ),
        (
            "https://deploys.example.com/",
            "https://${service}.example.com/",
            "the host must stand in the address plainly",
        ),
        ("https://deploys", "http://deploys", "deploys.example.com is not internal, and is called by https only"),
        ("edge.internal:8080", "edge.internal", "edge.internal is not one of the hosts"),
        ("/freeze", "/../freeze", "the path of the address must not have . or .. as a part"),
        ("Bearer ${secret:TOKEN}", "Bearer ${secret:OTHER}", "the policy does not let OTHER be sent to this host"),
        ("Authorization", "Host", "the header Host is not for a playbook to set"),
    ],
)
def test_a_call_that_would_be_refused_is_told_where_it_stands(old: str, new: str, said: str | None):
    written = changed(("on_success: look", "on_success: call"), ("\n  look:", f"{CALLS.replace(old, new, 1)}  look:"))
    _, found = check_playbook("example", written.encode(), LISTED)
    found = [finding for finding in found if finding.is_fatal]
    if said is None:
        assert found == []
    else:
        assert said in str(found[0]) and old != written.splitlines()[found[0].line - 1].strip()
        assert new.split("/")[0] in written.splitlines()[found[0].line - 1]
