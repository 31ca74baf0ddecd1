"""Eight failures in a row are enough to give something up, unless everything fails like that."""

import random

from bot.luck import FAILURES_AT_LEAST, Luck


def fails(luck: Luck, effect: str, times: int, *, while_others: list[bool]) -> None:
    """This effect fails so often, and after each time others are tried, with these results."""
    for _ in range(times):
        luck.note(effect, went_well=False)
        for number, went_well in enumerate(while_others):
            luck.note(f"other {number}", went_well=went_well)


def test_what_fails_eight_times_while_all_else_works_does_not_work():
    luck = Luck()
    fails(luck, "this", FAILURES_AT_LEAST, while_others=[True])
    assert luck.explains("this", FAILURES_AT_LEAST - 1)
    assert not luck.explains("this", FAILURES_AT_LEAST)


def test_while_nothing_works_nothing_is_given_up():
    luck = Luck()
    for _ in range(100):
        luck.note("before the outage", went_well=True)
    fails(luck, "this", 50, while_others=[False, False])
    assert luck.explains("this", 50)
    fails(luck, "alone", 50, while_others=[])
    assert Luck().explains("alone", 50)


def test_after_an_outage_what_still_does_not_work_is_given_up():
    luck = Luck()
    fails(luck, "this", 10, while_others=[False])
    fails(luck, "this", 10, while_others=[True] * 9)
    assert not luck.explains("this", 20)


def test_in_bad_weather_a_long_row_of_failures_may_be_chance():
    luck = Luck()
    fails(luck, "this", 10, while_others=[False, False, True])
    assert luck.explains("this", 10)
    assert not luck.explains("this", 60)


def test_a_few_others_that_went_well_are_no_proof_of_fine_weather():
    luck = Luck()
    fails(luck, "this", 1, while_others=[True] * 3 + [False])
    fails(luck, "this", 7, while_others=[])
    assert luck.explains("this", 8)


def test_when_two_of_three_tries_fail_hardly_ever_is_anything_given_up_that_would_have_worked():
    weather, luck, given_up = random.Random(7), Luck(), 0
    waiting = {f"effect {number}": 0 for number in range(20)}
    for number in range(20, 20_000):
        effect = weather.choice(list(waiting))
        went_well = weather.random() > 2 / 3
        luck.note(effect, went_well=went_well)
        waiting[effect] += 1
        if went_well:
            del waiting[effect]
            waiting[f"effect {number}"] = 0
        else:
            given_up += not luck.explains(effect, waiting[effect])
    assert given_up == 0
