"""Whole updates that are good as they are, and the rules in other languages. None of the sentences in German, Spanish and Japanese
was reviewed by somebody who grew up with the language."""

from pathlib import Path

import pytest
import yaml

from bot.files.glossary import read_glossary
from bot.language import Language, Level, Style, check

HERE = Path(__file__).parent
PLAYBOOKS = HERE.parent.parent / "playbooks"
CLEAN = yaml.safe_load((HERE / "clean.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("style", "text"), [(style, text) for style, texts in CLEAN.items() for text in texts])
def test_nothing_is_found_in_a_good_update(style: str, text: str):
    assert check(text, Style(style), glossary=read_glossary(PLAYBOOKS)) == ()


@pytest.mark.parametrize("language", ["de", "es", "ja"])
def test_rules_that_are_not_about_english_hold_in_other_languages(language: str):
    rules = yaml.safe_load((HERE / "others" / f"{language}.yml").read_text(encoding="utf-8"))
    names = rules.pop("names")
    for rule, sentences in rules.items():
        for is_meant, texts in ((True, sentences["found"]), (False, sentences["harmless"])):
            for text in texts:
                findings = check(text, Style.EXTERNAL, names=names, language=Language(language))
                assert any(one.rule == rule for one in findings) is is_meant, (rule, text, findings)


def test_rules_about_english_are_silent_in_other_languages():
    text = " ".join(["Wir arbeiten soon definitely probably"] * 20)
    assert {one.rule for one in check(text, Style.EXTERNAL, language=Language.GERMAN)} == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Alice Meyer annule le dernier changement.", "U2"),
        ("Merci d'écrire à @alice.", "U2"),
        ("db-07 ne répond pas.", "U5"),
        ("Prochaine information avant 15:00.", "U16"),
    ],
)
def test_in_a_language_that_is_not_known_here_what_looks_the_same_everywhere_is_found(text: str, rule: str):
    findings = check(text, Style.EXTERNAL, names=["Alice Meyer"], language=Language.of("fr-CH"))
    assert {one.rule for one in findings if one.level is Level.ERROR} == {rule}


def test_in_a_language_that_is_not_known_here_nothing_else_is_found():
    text = "Certains clients ne peuvent pas payer. La TVA n'est PAS en cause. Prochaine information avant 15:00 CEST."
    assert check(text, Style.EXTERNAL, language=Language.OTHER) == ()


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", Language.ENGLISH), ("de-AT", Language.GERMAN), ("JA", Language.JAPANESE), ("fr", Language.OTHER)],
)
def test_the_language_of_a_code_is_found_or_is_another(code: str, language: Language):
    assert Language.of(code) is language
