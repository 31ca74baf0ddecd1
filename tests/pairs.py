"""Facts combined pairwise: rows in which every two values of two facts stand together, far fewer than all there are."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

Pair = tuple[tuple[str, object], tuple[str, object]]


def pairwise(facts: Mapping[str, Sequence[object]]) -> list[dict[str, Any]]:
    """Rows with a value for each fact. Greedy: first all rows are taken that bring as many new pairs as a row can, then those that
    bring one less, and so on. Always the same rows for the same facts."""
    every = [dict(zip(facts, values, strict=True)) for values in product(*facts.values())]
    pairs_of = [frozenset[Pair](combinations(row.items(), 2)) for row in every]
    missing, chosen = set[Pair]().union(*pairs_of), list[dict[str, Any]]()
    for worth in range(len(facts) * (len(facts) - 1) // 2, 0, -1):
        for row, pairs in zip(every, pairs_of, strict=True):
            if len(pairs & missing) >= worth:
                chosen.append(row)
                missing -= pairs
    return chosen
