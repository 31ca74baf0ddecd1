"""How well the rules tell what they should find from what only looks like it. The floors stand a little under what was measured, so
that a rule that gets worse is seen, and one sentence more in the files is not."""

import pytest

from bot.language import Style, check, errors
from tests.language.sentences import CORPUS, HELD_OUT, LATER, Sentences, read, score

PROSE = ("U2", "U3", "U4", "U5", "U6", "U9", "U16")


@pytest.mark.parametrize("folder", [CORPUS, HELD_OUT], ids=["corpus", "held out"])
@pytest.mark.parametrize("rule", PROSE)
def test_each_rule_about_prose_finds_nearly_all_it_should_and_hardly_anything_else(rule: str, folder):
    of = read(folder)[rule]
    precision, recall = score(of)
    assert precision >= 0.95, of.false_alarms
    assert recall >= 0.9, of.missed


@pytest.mark.parametrize("of", read(LATER).values(), ids=read(LATER))
def test_what_was_found_out_later_stays_right(of: Sentences):
    assert (of.missed, of.false_alarms) == ([], [])


@pytest.mark.parametrize(("folder", "least"), [(CORPUS, 20), (HELD_OUT, 10)], ids=["corpus", "held out"])
def test_there_are_sentences_enough_of_both_kinds_and_none_stands_in_both_folders(folder, least: int):
    assert tuple(read(folder)) == PROSE
    assert all(len(of.found) >= least and len(of.harmless) >= least for of in read(folder).values())
    here = {text for of in read(CORPUS).values() for text in (*of.found, *of.harmless)}
    assert not here & {text for of in read(HELD_OUT).values() for text in (*of.found, *of.harmless)}


def test_what_is_harmless_to_one_rule_is_seldom_an_error_by_another():
    """The look-alikes are ordinary updates: what else is found in them is found for a reason, or is a false alarm."""
    harmless = [(of, text) for of in read(CORPUS).values() for text in of.harmless]
    alarms = [text for of, text in harmless if errors(check(text, Style.INTERNAL, names=of.names))]
    assert len(alarms) <= 0.06 * len(harmless), alarms
