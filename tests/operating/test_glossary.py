"""`playbooks/glossary.yml`: what `lockstep lint` says of it, and how it is read."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.errors import PolicyError
from bot.files.glossary import check_glossary, check_text, read_glossary
from bot.language import Style, Term, check

SHIPPED = Path(__file__).parent.parent.parent / "playbooks"
GOOD = """
known: [SKU]
products: [GitHub]
addresses: [status.example.com]
terms:
  - {words: [failover, fail over], plain: switch to the backup}
  - {words: [rolled back], plain: undo the last change, fits: false}
  - {words: [SEV1], plain: most serious level, external: true}
"""


def changed(old: str, new: str) -> bytes:
    """The good glossary with these words replaced where they stand first."""
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


def linted(folder: Path, glossary: bytes) -> Result:
    """What `lockstep lint` says of a folder with the policy we ship and this glossary."""
    (folder / "policy.yml").write_bytes((SHIPPED / "policy.yml").read_bytes())
    shutil.copytree(SHIPPED / "updates", folder / "updates")
    (folder / "glossary.yml").write_bytes(glossary)
    return CliRunner().invoke(cli, ["lint", str(folder)])


def test_the_glossary_we_ship_is_good_and_has_no_words_that_it_would_replace_itself():
    path, glossary, findings = check_glossary(SHIPPED)
    assert (path, findings) == (SHIPPED / "glossary.yml", [])
    assert glossary is not None
    assert len(glossary.terms) > 120


def test_the_plain_words_of_the_glossary_we_ship_break_no_rule_that_keeps_a_text_from_being_sent():
    glossary = read_glossary(SHIPPED)
    offered = [term.plain for term in glossary.terms if term.fits]
    broken = {
        plain: found for plain in offered if (found := {one.rule for one in check(plain, Style.EXTERNAL)} - {"U12"})
    }
    assert broken == {}


def test_a_good_one_is_read_with_all_it_says():
    glossary, findings = check_text(GOOD.encode())
    assert findings == []
    assert glossary is not None
    assert glossary.terms == (
        Term(("failover", "fail over"), "switch to the backup"),
        Term(("rolled back",), "undo the last change", fits=False),
        Term(("SEV1",), "most serious level", is_external=True),
    )
    assert (glossary.products, *glossary.known, *glossary.addresses) == (("GitHub",), "SKU", "status.example.com")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("known: [SKU]", "knows: [SKU]", "2:1: knows is not a key of the glossary. Did you mean known?"),
        ("known: [SKU]", "known: SKU", "2:8: known takes a list. Write `known: [SKU]`."),
        ("known: [SKU]", "known: [[SKU]]", "2:9: known takes words. Write `known: [SKU]`."),
        ("plain: switch", "plan: switch", "6:36: plan is not a key of a term. Did you mean plain?"),
        ("words: [failover, fail over]", "words: []", "6:5: a term needs words that it is found by. Add `words: [failover]`."),
        (", plain: switch to the backup", "", "6:5: a term needs plain words. Add `plain: switch to the backup`."),
        ("switch to the backup", "x" * 81, "6:43: this has 81 characters, and 80 are the most. Say it shorter."),
        ("fail over", "Failover", "6:24: Failover stands there twice, first in line 6. Leave one of them."),
        ("[rolled back]", "[fail over]", "7:14: fail over stands there twice, first in line 6. Leave one of them."),
        ("fail over", "…", "6:24: … is not 1 to 8 words. Write it otherwise."),
        ("fits: false", "fits: never", "7:63: fits takes yes or no. Write `fits: true` or `fits: false`."),
        ("- {words: [SEV1], plain: most serious level, external: true}", "- SEV1",
         "8:5: this is not a block of keys. Write `- {words: [failover], plain: switch to the backup}`."),
        ("switch to the backup", "use the failover",
         "6:43: warning: failover is itself one of the words of this glossary. Say it otherwise."),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place_and_what_to_write(old: str, new: str, says: str):
    _, findings = check_text(changed(old, new))
    assert says in [str(finding) for finding in findings]


def test_lint_says_so_with_the_file_and_ends_with_exit_code_1(tmp_path: Path):
    said = linted(tmp_path, changed("known", "knwon"))
    assert said.exit_code == 1
    first, *others = said.output.splitlines()
    assert first == f"{tmp_path / 'glossary.yml'}:2:1: knwon is not a key of the glossary. Did you mean known?"
    assert [line for line in others if " is good: " not in line] == []


def test_a_warning_does_not_keep_it_from_being_used(tmp_path: Path):
    said = linted(tmp_path, changed("switch to the backup", "use the failover"))
    assert said.exit_code == 0
    assert "warning: failover is itself" in said.output


def test_a_team_need_not_have_one(tmp_path: Path):
    assert read_glossary(tmp_path).terms == ()
    assert check_text(b"# nothing yet\n\n")[1] == []


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"- a list", "1:1: this is no glossary. Write `terms:`, and below it"),
        (b"terms: [", "1:9: a value is missing here. Write one, or take out the sign before it."),
        (b"terms:\n  - \xff", "2:5: this is not UTF-8."),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, written: bytes, says: str):
    (tmp_path / "glossary.yml").write_bytes(written)
    with pytest.raises(PolicyError) as told:
        read_glossary(tmp_path)
    assert f"{tmp_path / 'glossary.yml'}:{says}" in str(told.value)
