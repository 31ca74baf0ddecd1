"""`lockstep lint`: everything that is wrong with a policy, with file, line, column and what to write instead."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.errors import PolicyError
from bot.files import check_text

SHIPPED = Path(__file__).parent.parent.parent / "playbooks"
GOOD = """
announce_in: "#incidents"
unset_counts_as: SEV1
severities:
  - name: SEV1
    means: Core service down
    first_update_minutes: 10
    then_every_minutes: 15
boundaries:
  - {id: checkout, name: Checkout}
audiences:
  - name: executives
    channel: "#exec-updates"
    hears: [SEV1]
    then_every_minutes: {SEV1: 30}
roles:
  - {name: incident commander, short: [ic], does: leads}
  - {name: scribe, short: [scribe, notes], does: notes}
archive_room_after_days: never
"""


def linted(where: Path) -> Result:
    """What the command says about a folder or a file."""
    return CliRunner().invoke(cli, ["lint", str(where)])


def changed(*changes: tuple[str, str]) -> str:
    """The good policy with these words replaced, each where it stands first."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def findings(text: str) -> list[str]:
    """What the check has to say about this text."""
    return [str(finding) for finding in check_text(text.encode())[1]]


def test_the_policy_we_ship_is_good():
    said = linted(SHIPPED)
    assert said.exit_code == 0
    first = f"{SHIPPED / 'policy.yml'} is good: SEV1, SEV2, SEV3, SEV4; 4 audiences."
    assert said.output.splitlines() == [first, "10 playbooks are good."]


def test_a_bad_one_gets_a_line_for_each_finding_as_editors_read_it_and_exit_code_1(tmp_path: Path):
    file = tmp_path / "policy.yml"
    file.write_text(changed(("hears: [SEV1]", "hears: [SEV1, SEV9]"), ("every_minutes: 15", "every_minutes: soon")))
    for where in (tmp_path, file):
        said = linted(where)
        assert said.exit_code == 1
        assert said.stdout.splitlines() == [
            f"{file}:8:25: soon is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`.",
            f"{file}:14:19: SEV9 is not one of the severities SEV1. Did you mean SEV1?",
        ]


def test_what_is_allowed_and_has_no_effect_is_a_warning_and_exit_code_0(tmp_path: Path):
    (tmp_path / "policy.yml").write_text(
        changed(
            ("means: Core", f"means: {'x' * 80} Core"),
            ("severities:\n", f"severities:\n  - {{name: SEV0, {MILD}}}\n"),
            ("hears: [SEV1]", "hears: [SEV0]"),
        )
    )
    said = linted(tmp_path)
    assert said.exit_code == 0
    first, second, last = said.stdout.splitlines()
    assert ":7:12: warning: only the first 75 characters are seen where people choose. Write 23 fewer." in first
    assert (
        ":16:26: warning: this audience does not hear of SEV1, so that this has no effect. Add SEV1 to `hears`,"
        in second
    )
    assert "policy.yml is good: SEV0, SEV1; 1 audience." in last


MILD = "means: All is lost, first_update_minutes: 5, then_every_minutes: 5"


def test_a_file_that_is_not_there_is_no_finding(tmp_path: Path):
    with pytest.raises(PolicyError, match=r"policy\.yml: there is no such file"):
        CliRunner().invoke(cli, ["lint", str(tmp_path)], catch_exceptions=False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # a value that is not what its key takes
        ("every_minutes: 15", "every_minutes: soon",
         "8:25: soon is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`."),
        ("every_minutes: 15", "every_minutes: 0",
         "8:25: 0 is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`."),
        ("every_minutes: 15", "every_minutes: 15 min",
         "8:25: 15 min is not a whole number from 1 to 10080. Write 15."),
        ("every_minutes: 15", "every_minutes: 2h",
         "8:25: 2h is not a whole number from 1 to 10080. Write 120."),
        ("every_minutes: 15", "every_minutes: 1:30",
         "8:25: 1:30 is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`."),
        ("every_minutes: 15", "every_minutes: yes",
         "8:25: yes is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`."),
        ("every_minutes: 15", "every_minutes:",
         "8:24: then_every_minutes has no value here. Write `then_every_minutes: 15`."),
        ("every_minutes: 15", "every_minutes: [15]",
         "8:25: a list stands where then_every_minutes takes a whole number from 1 to 10080. Write `then_every_minutes: 15`."),
        ("{SEV1: 30}", "30",
         "15:25: then_every_minutes takes one for each severity. Write `then_every_minutes: {SEV1: 15}`."),
        ("{SEV1: 30}", "{SEV1: often}",
         "15:32: often is not a whole number from 1 to 10080. Write a number of minutes, or `on phase change`."),
        ("{SEV1: 30}", f"{{{'x' * 61}: 30}}",
         f"15:26: {'x' * 40}… is not one of the severities SEV1. Write one of these."),
        ("days: never", "days: 500",
         "19:26: 500 is not a whole number from 0 to 366. Write a number of days, or `never`."),
        ('"#exec-updates"', "Exec Updates",
         '13:14: Exec Updates is not a channel. '
         'Write its name in quotes, such as `"#exec-updates"`, or its id, such as `C0123ABCD`.'),
        ("id: checkout", "id: Check Out",
         "10:10: Check Out is not an id. Write at most 40 small letters, digits, - and _, such as `check-out`."),
        ("name: Checkout", f"name: {'x' * 61}",
         f"10:26: {'x' * 40}… is not a name of 1 to 60 characters. Write a shorter one."),
        ("means: Core service down", "means: ''",
         "6:12: means has no value here. Write `means: Core service down`."),
        ("hears: [SEV1]", "hears: SEV1",
         "14:12: hears takes a list. Write `hears: [SEV1]`."),
        ("hears: [SEV1]", "hears: []",
         "14:12: hears is empty. Write `hears: [SEV1]`."),
        ("- {id: checkout, name: Checkout}", "- checkout",
         "10:5: checkout is not a block of keys. Write `- {id: checkout, name: Checkout}`."),
        # keys
        ("hears: [SEV1]", "hear: [SEV1]",
         "14:5: hear is not a key of an audience. Did you mean hears?"),
        ("boundaries:", "bounds:",
         "9:1: bounds is not a key of the policy. Did you mean boundaries?"),
        ("    means: Core service down\n", "",
         "5:5: a severity needs means. Add `means: Core service down`."),
        ('announce_in: "#incidents"\n', "",
         '2:1: the policy needs announce_in. Add `announce_in: "#incidents"`.'),
        ("unset_counts_as", "announce_in",
         "3:1: announce_in stands there twice, first in line 2. Leave one of them."),
        # names that do not fit
        ("hears: [SEV1]", "hears: [SEV1, SEV7]",
         "14:19: SEV7 is not one of the severities SEV1. Did you mean SEV1?"),
        ("unset_counts_as: SEV1", "unset_counts_as: high",
         "3:18: high is not one of the severities SEV1. Write one of these."),
        ("{SEV1: 30}", "{sev1: 30}",
         "15:26: sev1 is not one of the severities SEV1. Did you mean SEV1?"),
        ("short: [scribe, notes]", "short: [IC]",
         "18:28: the word IC stands there twice, first in line 17. "
         "A word means one role only: write another here, or take it out."),
        ("  - {name: incident commander, short: [ic], does: leads}\n", "",
         "17:3: one of the roles must be named incident commander. "
         "Add `- {name: incident commander, short: [commander, ic], does: leads and decides}`."),
        ("name: incident commander", "name: Incident Commander",
         "17:12: one of the roles must be named incident commander. Write `name: incident commander`."),
        # what YAML takes for something else
        ('announce_in: "#incidents"', "announce_in: #incidents",
         '2:13: YAML takes #incidents for a comment. Write it in quotes: `"#incidents"`.'),
        ("[scribe, notes]", "[scribe, #notes]",
         '18:36: YAML takes #notes for a comment. Write it in quotes: `"#notes"`.'),
        ("[scribe, notes]", "[@scribe, notes]",
         '18:28: @ cannot begin a word. Write it in quotes: `"@scribe"`.'),
        ("[scribe, notes]", "[*scribe, notes]",
         "18:28: a word with * or & in front is taken for an alias. Write it in quotes."),
        ('"#incidents"', '"#incidents',
         '2:14: the quote " that opens here is not closed on its line. Write " at the end of the text.'),
        ('"#exec-updates"', '"#exec-updates',
         '13:14: the quote " that opens here is not closed on its line. Write " at the end of the text.'),
        ("means: Core", "means: 'it's Core",
         "6:16: the text goes on after it has ended. Put all of it in quotes, and write a single quote in it twice."),
        ("means: Core", 'means: "\\d Core"',
         "6:14: in double quotes a \\ begins a code. Write it twice: `\\\\`."),
        ("means: Core", 'means: "\\Uffffffff Core"',
         "6:13: this is the code of no character. Take it out."),
        ("    means", "\tmeans",
         "6:1: a tab stands here. Write spaces instead."),
        ("    means", "   means",
         "6:4: this is not indented like what it belongs to. Line it up with the other keys of its block."),
        ("  - {name: scribe", " - {name: scribe",
         "18:2: this is not indented like what it belongs to. Line it up with the other - of its list."),
        ("means: Core", "means: Core: it is",
         "6:16: a colon cannot stand here. Put the text in quotes, or, if this is a key, indent it like the keys around it."),
        ("means: Core", "means Core",
         "6:5: this is no `key: value`. Write a colon and a space after the key."),
        ("severities:\n", "severities: - a\n",
         "4:13: a list cannot begin here. Write each item on a line of its own, or all in brackets: `[a, b]`."),
        ("name: Checkout}", "name: Checkout",
         "10:5: the { that opens here is not closed. Write } after its last word."),
        ("hears: [SEV1]", "hears: [SEV1]]",
         "14:18: this ] closes nothing. Take it out."),
        ("boundaries:", "---\nboundaries:",
         "9:1: a second document begins here. Take out the line `---`."),
        ("[scribe, notes]", "&a [*a]",
         "18:27: this block contains itself. Write it out in place of the alias with `*`."),
        ("name: Checkout", 'name: "Check\\0out"',
         "10:26: this holds a character that cannot be stored. Write it anew."),
        ("name: Checkout", "name: Check\x07out",
         "10:31: a character that cannot be seen stands here. Take it out."),
        ("means:", '"\\ud800":',
         "6:5: this holds a character that cannot be stored. Write it anew."),
        ('announce_in: "#incidents"', ' announce_in: "#incidents"',
         "3:1: this is not indented like what it belongs to. Line it up with the other keys of its block."),
        ("hears: [SEV1]", "hears: [,SEV1]",
         "14:13: a value is missing here. Write one, or take out the sign before it."),
        ("means:", "[means]:",
         "6:5: a list or a block cannot be a key. Write one word before the colon."),
    ],
)  # fmt: skip
def test_every_mistake_is_named_with_its_place_and_what_to_write(old, new, expected):
    assert expected in findings(changed((old, new)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", '1:1: this is no policy. Write keys and values, the first as `announce_in: "#incidents"`.'),
        (b"- a\n", '1:1: this is no policy. Write keys and values, the first as `announce_in: "#incidents"`.'),
        (b"a: b\n# caf\xe9\n", "2:6: this is not UTF-8. Save the file in that encoding."),
        (b"a: " + b"[" * 1000, "1:1: this is nested too deeply. Write it in fewer levels."),
        (b"a: " + b"[" * 50 + b"]" * 50, "1:23: this is nested too deeply. Write it in fewer levels."),
        (b"%YAML 1." + b"9" * 5000 + b"\n---\na: b\n", "1:1: this cannot be read as YAML. Write it anew."),
    ],
    ids=["empty", "a list", "another encoding", "endless", "deep", "a long version"],
)
def test_what_is_no_policy_at_all_is_said_as_well(text, expected):
    policy, found = check_text(text)
    assert policy is None
    assert expected in [str(finding) for finding in found]


def test_all_findings_come_at_once_in_the_order_of_their_places():
    text = changed(
        ("unset_counts_as: SEV1", "unset_counts_as: SEV0"),
        ("every_minutes: 15", "every_minutes: soon"),
        ("{id: checkout, name: Checkout}", "{id: checkout, name: A}\n  - {id: checkout, name: B}"),
        ("hears: [SEV1]", "hears: [SEV2, SEV1, SEV3]\n    colour: blue"),
    )
    assert [line.split(".")[0] for line in findings(text)] == [
        "3:18: SEV0 is not one of the severities SEV1",
        "8:25: soon is not a whole number from 1 to 10080",
        "11:10: the boundary checkout stands there twice, first in line 10",
        "15:13: SEV2 is not one of the severities SEV1",
        "15:25: SEV3 is not one of the severities SEV1",
        "16:5: colour is not a key of an audience",
    ]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("scribbe", "scribbe is neither a role nor a handle or an id. Did you mean scribe?"),
        (
            "security",
            'security is neither a role nor a handle or an id. Write the name of a role, a handle such as `"@security"`',
        ),
        ("", "may_redact has no value here. Write `incident commander`."),
    ],
)
def test_who_may_redact_is_a_role_that_there_is_or_somebody(who: str, said: str):
    line = f"archive_room_after_days: never\nmay_redact: [incident commander, '@security', '{who}']"
    (finding,) = findings(changed(("archive_room_after_days: never", line)))
    assert said in finding and finding.startswith("20:47: ")


def test_one_mistake_is_one_finding():
    for old, new in (
        ("hears:", "heard:"),
        ('"#exec-updates"', "#exec-updates"),
        ("hears: [SEV1]", "hears: [SEV1, '']"),
    ):
        assert len(findings(changed((old, new)))) == 1


def test_the_example_follows_the_names_of_the_severities():
    text = changed(("hears: [SEV1]", "hears: []")).replace("SEV1", "critical")
    assert findings(text) == ["14:12: hears is empty. Write `hears: [critical]`."]


def test_a_list_that_is_too_long_says_how_many_are_the_most():
    more = "".join(f"\n  - {{name: SEV{number}, {MILD}}}" for number in range(2, 12))
    assert findings(changed(("every_minutes: 15", f"every_minutes: 15{more}"))) == [
        "5:3: severities has 11 items, and 10 are the most. Take some out."
    ]


def test_blanks_around_a_word_do_not_count():
    text = changed(("hears: [SEV1]", 'hears: [" SEV1 "]'), ("every_minutes: 15", "every_minutes: soon"))
    assert [line.split(":")[0] for line in findings(text)] == ["8"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gates: [{need: severty}]", "20:16: severty is not something a gate can ask for. Did you mean severity?"),
        (
            "gates: [{need: astrology}]",
            "20:16: astrology is not something a gate can ask for. Write one of: source, severity",
        ),
        ("gates: [{need: impact}]", "20:16: impact is asked for before TRIAGE in any case. Take it out."),
        ("gates: [{need: size, at: [SEV2]}]", "20:27: SEV2 is not one of the severities SEV1. Did you mean SEV1?"),
        (
            "gates: [{need: hold, leaving: TRIAGE}]",
            "20:31: hold cannot be known before CONTAINMENT. Write `leaving: CONTAINMENT` or a later phase, or take it out.",
        ),
        ("gates: [{need: size, leaving: TRAIGE}]", "20:31: TRAIGE is not a phase. Did you mean TRIAGE?"),
        ("gates: [{need: size, can_be_waived: maybe}]", "20:37: maybe is not yes or no. Write `true` or `false`."),
        ("gates: [{at: [SEV1]}]", "20:9: a gate needs need. Add `need: severity`."),
        (
            "gates: [{need: operations lead}]",
            "20:16: there is no role operations lead. Add it to `roles`, or take this out.",
        ),
        ("may: [{act: advence, who: [scribe]}]", "20:13: advence is not an act. Did you mean advance?"),
        ("may: [{act: advance, who: [scrib]}]", "20:28: scrib is no role. Did you mean scribe?"),
        ("may: [{act: advance, who: []}]", "20:27: who is empty. Write `who: [incident commander]`."),
        (
            "may: [{act: advance, who: [scribe]}, {act: advance, who: [anyone]}]",
            "20:44: the act advance stands there twice, first in line 20. Write all who may do it in one place.",
        ),
    ],
)
def test_what_a_gate_asks_for_and_who_may_do_what_is_checked(line: str, expected: str):
    (finding,) = findings(changed(("archive_room_after_days: never", f"archive_room_after_days: never\n{line}")))
    assert finding.startswith(expected)


def test_a_hold_is_a_number_of_minutes():
    (finding,) = findings(changed(("then_every_minutes: 15", "then_every_minutes: 15\n    hold_minutes: 10 min")))
    assert finding == "9:19: 10 min is not a whole number from 0 to 1440. Write 10."
