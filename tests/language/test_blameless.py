"""How well the rules about blame tell what they should find from what only looks like it, and where each holds. The floors stand a
little under what was measured, so that a rule that gets worse is seen."""

import pytest

from bot.language import Level
from bot.language.blameless import RULES, Part, review
from tests.language.blaming import CORPUS, HELD_OUT, read_blaming
from tests.language.sentences import score

IDS = tuple(f"B{number}" for number in range(1, 16))


@pytest.mark.parametrize("folder", [CORPUS, HELD_OUT], ids=["corpus", "held out"])
@pytest.mark.parametrize("rule", IDS)
def test_each_rule_finds_nearly_all_it_should_and_hardly_anything_else(rule: str, folder):
    of = read_blaming(folder)[rule]
    precision, recall = score(of)
    assert precision >= 0.9, of.false_alarms
    assert recall >= 0.9, of.missed


@pytest.mark.parametrize(("folder", "least"), [(CORPUS, 20), (HELD_OUT, 10)], ids=["corpus", "held out"])
def test_there_are_sentences_enough_of_both_kinds_and_none_stands_in_both_folders(folder, least: int):
    assert tuple(read_blaming(folder)) == IDS == tuple(rule.id for rule in RULES)
    assert all(len(of.found) >= least and len(of.harmless) >= least for of in read_blaming(folder).values())
    here = {text for of in read_blaming(CORPUS).values() for text in (*of.found, *of.harmless)}
    assert not here & {text for of in read_blaming(HELD_OUT).values() for text in (*of.found, *of.harmless)}


def test_what_looks_harmless_to_one_rule_is_seldom_an_error_by_another():
    harmless = [(of, text) for of in read_blaming(CORPUS).values() for text in of.harmless]
    alarms = [text for of, text in harmless if any(one.level is Level.ERROR for one in review(text, of.part, of.names))]
    assert len(alarms) <= 0.03 * len(harmless), alarms


def test_more_care_is_no_action_and_what_was_too_little_does_not_belong_in_a_timeline():
    careful, poor = "Be more careful with migrations.", "Poor documentation delayed us."
    assert [one.rule for one in review(careful, Part.ACTIONS)] == ["B12"]
    assert not review(careful, Part.TEXT)
    assert [one.rule for one in review(poor, Part.TIMELINE)] == ["B13"]
    assert not review(poor, Part.TEXT)


def test_people_are_named_among_the_roles_only():
    said = "Alice led from 14:05 UTC, then <@U01ABCDEF>."
    names = ("Alice Meyer",)
    assert [one.found for one in review(said, Part.TEXT, names)] == ["Alice", "<@U01ABCDEF>"]
    assert not review(said, Part.ROLES, names)


def test_a_finding_says_where_it_is_why_it_matters_and_what_to_write_instead():
    text = "At 14:05 UTC the engineer should have tested the change."
    (one,) = review(text)
    assert (one.rule, one.level, text[one.start : one.end]) == ("B2", Level.ERROR, one.found)
    assert one.found == "engineer should have tested"
    assert one.replacement is None
    assert one.why.endswith(".") and one.suggestion.endswith(".")


def test_quoted_code_blames_nobody():
    assert not review("The script `blame.py` and `human error` in the log stood there before.")
