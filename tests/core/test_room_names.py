"""Room names that Slack accepts, whatever the title."""

import re
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from bot.core.rooms import room_names


@given(st.integers(1, 10**6), st.text(max_size=200))
def test_every_name_is_one_that_slack_accepts_and_no_two_are_the_same(number, title):
    names = list(room_names(number, title))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", name) and name.startswith(f"inc-{number}") for name in names)


def test_a_name_has_the_words_of_the_title():
    assert list(islice(room_names(7, "Überweisung: Checkout fails!"), 2)) == [
        "inc-7-uberweisung-checkout-fails",
        "inc-7-uberweisung-checkout-fails-2",
    ]
