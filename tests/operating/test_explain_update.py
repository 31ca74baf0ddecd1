"""`lockstep explain-update`: somebody checks a text on the command line, and a pipeline stops at a bad one."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from tests.operating.process import ended

PLAYBOOKS = Path(__file__).parent.parent.parent / "playbooks"
GOOD = "Some customers cannot pay by card. We are working to limit the effect. Next update by 15:00 UTC.\n"
BAD = "Bob undid the release.\nThe API failed because of a full disk. Next update in 30 minutes!\n"


def explained(text: str, *options: str) -> Result:
    """What the command says of this text."""
    return CliRunner().invoke(cli, ["explain-update", "-", "--playbooks", str(PLAYBOOKS), *options], input=text)


async def test_somebody_checks_a_file_mends_it_and_checks_it_again(tmp_path: Path):
    file = tmp_path / "update.txt"
    file.write_text(BAD, encoding="utf-8")
    options = ("--names", "Bob Tanaka, Alice Meyer", "--playbooks", str(PLAYBOOKS))
    code, said = await ended("explain-update", "update.txt", *options, folder=tmp_path)
    assert code == 1
    lines = said.splitlines()
    assert [line.split(": “")[0] for line in lines[:-1]] == [
        "update.txt:1:1: error U2",
        "update.txt:2:5: error U6",
        "update.txt:2:16: error U3",
        "update.txt:2:52: error U16",
        "update.txt:2:65: warning U15",
    ]
    assert lines[1] == (
        "update.txt:2:5: error U6: “API”. Write “connection for apps”. Not every reader knows this abbreviation or code."
    )
    assert lines[-1] == "update.txt has to be mended before it is sent: 4 errors, 1 warning."
    file.write_text(GOOD, encoding="utf-8")
    assert await ended("explain-update", "update.txt", *options, folder=tmp_path) == (
        0,
        "update.txt can be sent: nothing found.",
    )


def test_a_warning_alone_is_told_and_stops_nothing():
    said = explained("Hello everyone. " + GOOD)
    assert said.exit_code == 0
    assert said.output.splitlines()[-1] == "stdin can be sent: 1 warning."


def test_a_pipeline_reads_json():
    said = explained(BAD, "--json")
    assert said.exit_code == 1
    first = json.loads(said.output)[0]
    assert (first["line"], first["column"], first["rule"], first["level"]) == (2, 5, "U6", "error")
    assert (first["found"], first["replacement"]) == ("API", "connection for apps")
    assert json.loads(explained(GOOD, "--json").output) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--audience", "customers"), 1),
        (("--audience", "executives"), 0),
        (("--style", "external"), 1),
        (("--style", "internal"), 0),
        ((), 1),
    ],
)
def test_the_audience_or_the_style_says_how_strict_it_is(options: tuple[str, ...], code: int):
    assert explained("Some customers cannot use the API. " + GOOD, *options).exit_code == code


def test_a_cause_is_no_error_once_the_harm_has_stopped_and_it_is_confirmed():
    text = GOOD + "It was caused by a full disk."
    assert explained(text).exit_code == 1
    assert explained(text, "--contained").exit_code == 1
    assert explained(text, "--contained", "--cause-confirmed").exit_code == 0


def test_other_languages_have_their_own_times():
    german = "Einige Kunden können nicht mit Karte bezahlen. Nächste Nachricht bis 15:00 Uhr MESZ."
    assert explained(german, "--language", "de").exit_code == 0
    assert explained(german.replace(" MESZ", ""), "--language", "de").exit_code == 1


async def test_what_cannot_be_checked_is_told_in_one_line_and_exit_code_2(tmp_path: Path):
    code, said = await ended("explain-update", "nothing.txt", folder=tmp_path)
    assert (code, said) == (
        2,
        "lockstep: nothing.txt: cannot be read (No such file or directory). "
        "Name a text file in UTF-8, or `-` for standard input.",
    )
    (tmp_path / "latin.txt").write_bytes("für".encode("latin-1"))
    code, said = await ended("explain-update", "latin.txt", folder=tmp_path)
    assert (code, said.split(". ")[0]) == (2, "lockstep: latin.txt: is not UTF-8")
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    options = ("--audience", "nobody", "--playbooks", str(PLAYBOOKS))
    code, said = await ended("explain-update", "good.txt", *options, folder=tmp_path)
    assert code == 2
    assert said.endswith("there is no audience nobody. Write one of: executives, support, product, customers.")


def test_a_text_for_an_audience_is_checked_by_its_style_its_language_and_its_length(tmp_path: Path):
    folder = Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))
    policy = (folder / "policy.yml").read_text(encoding="utf-8")
    german = policy.replace("style: support\n    max_words: 80", "style: support\n    language: de\n    max_words: 20")
    (folder / "policy.yml").write_text(german, encoding="utf-8")
    text = "Kartenzahlung geht nicht, verursacht durch ein Update. " + "Wir arbeiten daran. " * 6

    def rules(*options: str) -> list[str]:
        said = CliRunner().invoke(
            cli, ["explain-update", "-", "--playbooks", str(folder), "--json", *options], input=text
        )
        return sorted({finding["rule"] for finding in json.loads(said.stdout)})

    assert rules("--audience", "support") == ["U12", "U3"]
    assert rules("--audience", "executives") == []
    assert rules("--audience", "executives", "--language", "de") == ["U3"]


def test_what_engineers_read_is_checked_for_blame_only():
    text = "Bob broke the DB by carelessness, due to node-17. It is back soon, 5 minutes ago."
    said = json.loads(explained(text, "--style", "engineering", "--names", "Bob Tanaka", "--json").stdout)
    assert {finding["rule"] for finding in said} == {"U4"}
