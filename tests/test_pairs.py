"""The rows of `pairwise`: every pair is in one, and they are few."""

from itertools import combinations

from tests.pairs import pairwise

FACTS = {"phase": range(5), "severity": range(5), "who": range(6), "known": (False, True), "present": (None, 2, 3)}


def test_every_two_values_of_two_facts_stand_together_in_a_row():
    rows = pairwise(FACTS)
    for one, other in combinations(FACTS, 2):
        assert {(row[one], row[other]) for row in rows} == {(a, b) for a in FACTS[one] for b in FACTS[other]}


def test_the_rows_are_few_and_always_the_same():
    assert len(pairwise(FACTS)) < 60
    assert pairwise(FACTS) == pairwise(FACTS)
