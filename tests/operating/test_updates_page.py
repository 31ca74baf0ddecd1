"""`lockstep updates`: every update that can be composed, and the rules that none of them breaks, in any style and language."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.templates import Group, Situation, count_words
from bot.files.glossary import read_glossary
from bot.files.languages import read_languages
from bot.language import Facts, Language, Style, check
from bot.samples import Sample, samples
from bot.slack.messages.updates import body, update
from bot.slack.messages.worded import in_lines
from tests.slack.given import fits, shown

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = read_languages(ROOT / "playbooks").known
GLOSSARY = read_glossary(ROOT / "playbooks")
MAX_WORDS = {"customers": 60, "support": 80, "executives": 70, "product": 80}
"""How long each style may be; that of engineers is not limited."""
OPEN = {situation.value for situation in Situation if situation.group is Group.OPEN}
PHONE = 60
"""Characters that a notification on a phone shows in two lines."""

CAUSES = {
    "en": r"root cause|caused by|due to|because|as a result of|triggered by|culprit|fault of",
    "de": r"Ursache|verursacht|wegen|aufgrund|infolge|weil|ausgelöst|\bschuld\b",
    "es": r"causa|debido|a raíz de|porque|por culpa|provocad",
    "ja": r"原因|せいで|によって",
}
JARGON = r"mitigat|triage|postmortem|root cause|rollback|deploy|outage|\bETA\b|\bsoon\b|shortly|!|<@|@\w"


class Composed(NamedTuple):
    """One update that can be composed: its language and style, and the sample."""

    code: str
    style: str
    sample: Sample

    @property
    def lines(self) -> list[str]:
        """What it says, a thought a line."""
        assert self.sample.event.words is not None
        return in_lines(self.sample.event, self.sample.event.words)

    @property
    def situation(self) -> str:
        """The situation of which it is a sample, or the whole case."""
        return self.sample.case.split(",")[0]


def everything() -> Iterator[Composed]:
    """Every update that can be composed, in every style and language."""
    for code, language in LANGUAGES.items():
        for style in language.styles:
            yield from (Composed(code, style, sample) for sample in samples(code, language, style))


ALL = list(everything())
COMPOSED = [one for one in ALL if one.sample.event.text is None and "late" not in one.sample.case]
"""Without what people write, and without the note for one that is late."""


def broken_rules(one: Composed) -> list[str]:
    """What the rules of plain language have to say about a composed update, hints included, as for an audience of its style; and
    the words that none may have, in any language."""
    said = "\n".join(one.lines)
    style = {"customers": Style.EXTERNAL, "engineering": Style.ENGINEERING}.get(one.style, Style.INTERNAL)
    found = check(said, style, Facts(most_words=MAX_WORDS.get(one.style)), (), GLOSSARY, Language.of(one.code))
    words = re.findall(f"{CAUSES[one.code]}|{JARGON}", said, re.IGNORECASE)
    return [*words, *(f"{finding.rule}: {finding.found or finding.suggestion}" for finding in found)]


def test_there_is_one_for_every_situation_style_and_language():
    assert set(LANGUAGES) == {"en", "de", "es", "ja"}
    for code, language in LANGUAGES.items():
        for style in language.styles:
            cases = [one.sample.case for one in ALL if (one.code, one.style) == (code, style)]
            assert set(cases) >= {situation.value for situation in Situation}
            assert {case for case in cases if "nothing has changed" in case} == {
                f"{name}, nothing has changed" for name in OPEN
            }


def test_the_page_in_the_docs_is_what_the_command_prints():
    said = CliRunner().invoke(cli, ["updates", str(ROOT / "playbooks")])
    assert said.exit_code == 0
    kept = (ROOT / "docs" / "updates.md").read_text(encoding="utf-8")
    assert said.output == kept, "playbooks/updates has changed. Run: lockstep updates > docs/updates.md"


def test_the_page_says_which_languages_no_native_speaker_has_read():
    page = CliRunner().invoke(cli, ["updates", str(ROOT / "playbooks")]).output
    for heading in ("German", "Spanish", "Japanese"):
        assert f"## {heading}\n\n**Not reviewed by a native speaker.**" in page
    assert "## English\n\nThe file is" in page


def test_a_file_that_cannot_be_used_is_named_and_ends_the_command_with_1(tmp_path: Path):
    folder = tmp_path / "updates"
    folder.mkdir()
    (folder / "en.yml").write_text("language:\n", encoding="utf-8")
    (tmp_path / "policy.yml").write_text((ROOT / "playbooks" / "policy.yml").read_text(encoding="utf-8"))
    said = CliRunner().invoke(cli, ["updates", str(tmp_path)])
    assert said.exit_code == 1 and "language has no text here" in said.stderr


def test_every_update_while_it_is_open_says_until_when_the_next_comes_with_the_zone():
    for one in COMPOSED:
        last = one.lines[-1]
        assert ("14:50 UTC" in last) is (one.situation in OPEN), one


def test_after_the_end_no_time_is_promised():
    for one in COMPOSED:
        if one.situation not in OPEN:
            assert "14:50" not in " ".join(one.lines), one


def test_every_time_has_its_zone():
    for one in ALL:
        assert not re.search(r"\d\d:\d\d(?! UTC)", " ".join(one.lines)), one


def test_none_is_longer_than_its_audience_reads():
    for one in COMPOSED:
        length = count_words(" ".join(one.lines))
        assert length <= MAX_WORDS.get(one.style, 100), (length, one.lines)


def test_no_sentence_is_long_and_each_line_is_one_thought():
    for one in ALL:
        for line in one.lines[:-1]:
            said = re.sub(r"[“„«「].*[”“»」]", "“…”", line)
            assert len(re.findall(r"[.!?。](?= |$)", said)) <= 1, line
            assert count_words(said) <= 25, line


def test_customers_read_no_severity_no_numbers_of_ours_and_no_names_of_parts():
    for one in COMPOSED:
        if one.style == "customers":
            assert not re.search(r"SEV\d|5 ?%|Checkout|Payments", "\n".join(one.lines)), one


def test_the_first_line_says_how_far_it_is_and_the_second_who_is_affected_or_what_is_done():
    for one in ALL:
        state, second = one.lines[0], one.lines[1]
        assert count_words(state) <= 8 and second, one


def test_an_executive_reads_the_effect_on_a_phone_without_opening_it():
    for one in COMPOSED:
        if one.style == "executives" and one.sample.case in OPEN - {"report"}:
            assert any(line.startswith("SEV1") and len(line) <= PHONE for line in one.lines[:3]), one.lines


def test_nothing_is_left_of_a_variable():
    for one in ALL:
        assert not re.search(r"[{}]|None|\|", "\n".join(one.lines)), one
        assert ".." not in " ".join(one.lines) and "。." not in " ".join(one.lines), one.lines


def test_slack_takes_every_one_and_shows_times_in_each_readers_zone():
    for one in ALL:
        message = fits(update(one.sample.event))
        assert "<!date^" not in message.text
        if one.situation in OPEN and one in COMPOSED:
            assert re.search(r"\*<!date\^\d+\^\{time\}\|14:50 UTC>\*", shown(message)), one


def test_what_a_person_may_edit_is_the_same_prose_without_the_next_time():
    for one in COMPOSED:
        assert body(one.sample.event) == "\n".join(one.lines[1:-1]), one


def test_what_has_not_changed_is_said_to_be_so_first():
    for one in COMPOSED:
        first = LANGUAGES[one.code].no_change
        assert (one.lines[1] == first) is ("nothing has changed" in one.sample.case), one


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_none_names_a_cause_or_a_person_or_speaks_as_engineers_do(code):
    assert [(one.lines, found) for one in ALL if one.code == code and (found := broken_rules(one))] == []
