"""The files of sentences: every finding at its place, with what to write instead."""

import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.errors import PolicyError
from bot.core.templates import NAMED, TIMES, TYPED, Group, Situation, alternatives, count_words, variables
from bot.files import read_policy
from bot.files.sentences import FILE, LONGEST, check_sentences

PLAYBOOKS = Path(__file__).parent.parent / "playbooks"
ENGLISH = (PLAYBOOKS / "updates" / "en.yml").read_text(encoding="utf-8")
FILES = sorted((PLAYBOOKS / "updates").glob("*.yml"))


def findings(*changes: tuple[str, str]) -> list[str]:
    """What the check has to say about the English file with these words replaced, each where it stands first; without places."""
    text = ENGLISH
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return [finding.words for finding in check_sentences(text.encode())[1]]


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """A folder with what Lockstep comes with, to be changed."""
    return Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))


def rewrite(file: Path, old: str, new: str) -> None:
    """Replace words of a file where they stand first."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_we_ship_is_good_and_says_in_its_head_whether_a_native_speaker_has_read_it(path):
    language, found = check_sentences(path.read_bytes())
    assert language is not None and found == ()
    assert ("NOT REVIEWED BY A NATIVE SPEAKER" in path.read_text(encoding="utf-8")[:200]) is not language.is_reviewed
    assert set(language.styles) == {"customers", "support", "executives", "product", "engineering"}


def test_english_is_read_by_many_and_the_others_wait_for_a_reader():
    reviewed = {path.stem: check_sentences(path.read_bytes())[0] for path in FILES}
    assert {code for code, language in reviewed.items() if language and language.is_reviewed} == {"en"}
    assert set(reviewed) == {"en", "de", "es", "ja"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("language: English", "langage: English", "langage is not a key of the file. Did you mean language?"),
        ("language: English\n", "", 'the file needs language. Add `language: "…"`.'),
        ("language: English", "language:", 'language has no text here. Write `language: "…"`.'),
        ("language: English", "language: [English]", 'language takes one line of text. Write `language: "…"`.'),
        ("  about: about {time}", "  about: about then", "about must say {time}. Write it where it belongs."),
        ("open: Next update by {next}. |", "open: Soon. |", "open must say {next}. Write it where it belongs."),
        ("  worse: Worse than", "  bad: Worse than", "bad is not a key of trend. Take it out, or write one of:"),
        ("data: No data was", "data: No {size} was", "{size} cannot be used here. Write the sentence without it."),
        ("doing: We are looking into it.", "doing: We look into {impact}", "{impact} cannot be used here. Write one of: {into}."),
        ('- "{doing}"\n    - We do', '- "{doign}"\n    - We do', "{doign} is not a variable. Did you mean {doing}?"),
        ('- "{doing}"\n    - We do', '- "{xyz}"\n    - We do', "{xyz} is not a variable. Write one of:"),
        ('- "{doing}"\n    - We do', '- "{doing"\n    - We do', "a brace stands alone here. Write a variable as {impact}"),
        ('- "Last update ({last}): {impact}', '- "{doing}', "{doing} cannot be used here. Write one of:"),
        ('"The problem was: {impact}"', '"The problem was {impact}."', "what was typed has its full stop already."),
        ('"Affected: {parts}."\n', '"Affected: {parts}. | "\n', "an alternative is empty. Write one on each side of ` | `"),
        ("  report:\n    - ", "  rapport:\n    - ", "rapport is not a key of usual. Did you mean report?"),
        ("  open:\n    - ", "  opened:\n    - ", "opened is not a key of usual. Did you mean open?"),
        ("never: [severity,", "never: [severty,", "{severty} is not a variable. Did you mean {severity}?"),
        ("  customers:\n    never", "  customers: no\n  press:\n    never", "customers takes a block of keys. Write one"),
        ("- No action is needed.", f"- {'x' * 201}", f"this line has 201 characters, and {LONGEST} are the most. Write it in two."),
        ("- No action is needed.", "- [a]", "cancelled takes one line of text."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_to_write_instead(old, new, expected):
    found = findings((old, new))
    assert found and any(words.startswith(expected) for words in found), found


@pytest.mark.parametrize("situation", [situation for situation in Situation if situation is not Situation.CLOSED])
def test_a_situation_without_words_is_missed(situation):
    data = yaml.safe_load(ENGLISH)
    del data["stages"][situation.value]
    found = check_sentences(yaml.safe_dump(data).encode())[1]
    assert [one.words for one in found] == [
        f'stages needs {situation.value}. Add `{situation.value}: {{state: "…", doing: "…"}}`.'
    ]


@pytest.mark.parametrize("group", list(Group))
def test_a_group_without_usual_lines_is_missed(group):
    data = yaml.safe_load(ENGLISH)
    del data["usual"][group.value]
    found = check_sentences(yaml.safe_dump(data).encode())[1]
    assert [one.words for one in found] == [f'usual needs {group.value}. Add `{group.value}: ["…"]`.']


def test_what_a_style_must_never_read_is_found_in_its_own_lines_and_in_those_it_has_from_all():
    own = findings(("What you can do meanwhile: {workaround} |", "{severity}: {workaround} |"))
    assert own == ["customers must never read {severity}. Take it out, or out of `never`."]
    usual = findings(("    - No action is needed.", '    - "No action is needed. {size}"'))
    assert usual == ["customers must never read {size}. Take it out, or out of `never`."]


def test_too_many_lines_are_too_many():
    lines = "\n".join(f"    - Line {number}." for number in range(12))
    assert findings(("    - No action is needed.", lines)) == [
        "cancelled has 14 lines, and 12 are the most. Take some out."
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"", "these are no sentences. Write keys and values, the first as `language: English`."),
        (b"- a", "these are no sentences. Write keys and values, the first as `language: English`."),
        (b"language: \xff", "this is not UTF-8. Save the file in that encoding."),
        (b"language: [a", "the [ that opens here is not closed. Write ] after its last word."),
    ],
)
def test_what_is_no_file_of_sentences_is_said_to_be_none(written, expected):
    language, found = check_sentences(written)
    assert language is None and [one.words for one in found] == [expected]


def test_lint_says_in_which_file_and_line_and_the_policy_cannot_be_used_without_it(playbooks: Path):
    rewrite(playbooks / "updates" / "en.yml", "doing: We are looking into a report.", "doing: We look into {imact}")
    said = CliRunner().invoke(cli, ["lint", str(playbooks)])
    assert said.exit_code == 1
    lines = said.output.splitlines()
    assert sum("the sentences in updates/en.yml cannot be used. Mend them first." in line for line in lines) == 4
    place = f"{playbooks / 'updates' / 'en.yml'}:69:12: {{imact}} is not a variable."
    assert sum(line.startswith(place) for line in lines) == 1
    with pytest.raises(PolicyError, match=r"the sentences in updates/en\.yml cannot be used"):
        read_policy(playbooks)


def test_a_language_that_nobody_reads_yet_stops_lint_and_not_the_bot(playbooks: Path):
    rewrite(playbooks / "updates" / "de.yml", "language: German", "language:")
    assert CliRunner().invoke(cli, ["lint", str(playbooks)]).exit_code == 1
    assert set(read_policy(playbooks).wording) == {"en"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("style: executives", "style: executive", "executive is not a style in updates/en.yml. Did you mean executives?"),
        ("style: executives", "style: press", "press is not a style in updates/en.yml. Write one of: customers, support,"),
        ("style: executives", "style: executives\n    language: fr",
         "there is no file updates/fr.yml. Write it, or choose a language that there is: de, en, es, ja."),
        ("style: executives", "style: executives\n    language: German",
         "German is not the code of a language. Write the name of a file in updates/ without its ending, such as `en`."),
        ("max_words: 70", "max_words: 30",
         "warning: `hold` in the style executives comes to 51 words with the facts of `sample`."),
        ("max_words: 70", "max_words: short", "short is not a whole number from 20 to 400. Write a number of words."),
        ("unset_counts_as:", "wording: {}\nunset_counts_as:",
         "wording is not a key of the policy. Take it out; sentences stand in updates/."),
    ],
)  # fmt: skip
def test_an_audience_reads_only_sentences_that_there_are(playbooks: Path, old, new, expected):
    rewrite(playbooks / "policy.yml", old, new)
    said = CliRunner().invoke(cli, ["lint", str(playbooks)])
    assert expected in said.output, said.output
    assert said.exit_code == (0 if "warning" in expected else 1)


def test_an_incident_keeps_only_the_languages_and_styles_that_its_audiences_read():
    policy = read_policy(PLAYBOOKS)
    assert set(policy.wording) == {"en"}
    assert set(policy.wording["en"].styles) == {"executives", "support", "product", "customers"}
    assert policy.wording["en"].sample == {}


def test_sentences_that_change_make_another_policy(playbooks: Path):
    before = read_policy(playbooks).hash
    rewrite(playbooks / "updates" / "en.yml", "We need no decision from you.", "No decision is needed.")
    assert read_policy(playbooks).hash != before
    rewrite(playbooks / "updates" / "de.yml", "Wir brauchen keine", "Es braucht keine")
    after = read_policy(playbooks).hash
    rewrite(playbooks / "updates" / "de.yml", "Es braucht keine", "Wir brauchen keine")
    assert read_policy(playbooks).hash == after


def test_a_policy_that_names_no_style_needs_no_file(playbooks: Path):
    shutil.rmtree(playbooks / "updates")
    text = (playbooks / "policy.yml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith("style: ")]
    (playbooks / "policy.yml").write_text("\n".join(lines), encoding="utf-8")
    assert read_policy(playbooks).wording == {}


def test_every_variable_there_is_can_be_used_somewhere():
    used = {name for path in FILES for name in variables(path.read_text(encoding="utf-8").split("\nlanguage:", 1)[1])}
    assert used >= {*TYPED, *TIMES, *NAMED} - {"text"}
    assert FILE.keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("One two three.", 3), ("カード払い", 2), ("次は 14:50 UTC まで", 4), ("a  b\nc", 3)],
)
def test_length_is_counted_in_words_also_where_they_are_not_divided(text, expected):
    assert count_words(text) == expected


def test_a_line_has_alternatives():
    assert alternatives("a {b} | c | d") == ["a {b}", "c", "d"]
