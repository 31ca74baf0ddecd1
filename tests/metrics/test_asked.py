"""What somebody asks for in a few words, and what is answered: a table that fits a phone and says nothing of too few."""

import re
from datetime import timedelta
from functools import cache

import pytest

from bot.core.factors import Factor
from bot.metrics.asked import Asked, NotUnderstood, read
from bot.metrics.measured import Measured, measure
from bot.metrics.summary import Share, Summary, over_since, summarize
from bot.slack.messages.metrics import WIDTH, compared, counts, figures, lines, not_understood, share, span, table
from tests.metrics.a_year import END, a_year, policies

SEVERITIES, BOUNDARIES = ("SEV1", "SEV2"), ("checkout", "search")


@cache
def some(count: int) -> Summary:
    """So many incidents, summed up."""
    found = measured(count)
    return summarize(found, over_since(found))


@cache
def measured(count: int) -> list[Measured]:
    """So many incidents."""
    return [measure(events, policies(), END) for events in a_year(seed=3, count=count)]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked(90)),
        ("30d", Asked(30)),
        ("12W", Asked(84)),
        ("sev1 30d CHECKOUT", Asked(30, "SEV1", "checkout")),
        ("search", Asked(90, None, "search")),
        ("change sev1", Asked(90, "SEV1", by_change=True)),
    ],
)
def test_the_words_may_come_in_any_order_and_case(typed, asked):
    assert read(typed, SEVERITIES, BOUNDARIES) == asked


@pytest.mark.parametrize("typed", ["sev9", "0d", "99999d", "90", "30d moon"])
def test_a_word_that_means_nothing_is_named_with_what_there_is(typed):
    found = read(typed, SEVERITIES, BOUNDARIES)
    assert found == NotUnderstood(typed.split()[-1], SEVERITIES, BOUNDARIES)
    said = not_understood(found).text
    assert f"“{typed.split()[-1]}”" in said and "`SEV1`" in said and "`checkout`" in said and "`90d`" in said


@pytest.mark.parametrize("asked", [Asked(30), Asked(90, "SEV1"), Asked(7, "SEV2", "checkout"), Asked(by_change=True)])
def test_what_is_written_is_read_back(asked):
    assert read(asked.written(), SEVERITIES, BOUNDARIES) == asked


def test_only_those_are_chosen_that_were_declared_in_the_time_and_are_meant():
    found = measured(40)
    since, until = found[10].declared, found[30].declared
    assert [one.number for one in Asked().chosen(found, since, until)] == list(range(11, 31))
    worst = Asked(severity="SEV1").chosen(found, found[0].declared, END)
    assert 0 < len(worst) < 40 and {one.severity for one in worst} == {"SEV1"}
    hit = Asked(boundary="checkout").chosen(found, since, until)
    assert len(hit) > 0 and all("checkout" in one.boundaries for one in hit)
    by_change = Asked(by_change=True).chosen(found, since, until)
    assert 0 < len(by_change) < 20 and all(Factor.CHANGE in one.factors for one in by_change)
    assert Asked(boundary="search").chosen(found, since, until) == []


@pytest.mark.parametrize("count", [1, 40])
def test_no_line_of_the_table_is_wider_than_a_phone(count):
    assert max(map(len, table(some(count)).splitlines())) <= WIDTH


def test_of_fewer_than_five_no_number_is_said():
    durations = [line for line in table(some(4)).splitlines() if line.startswith(" until")]
    assert len(durations) == 9 and all(re.fullmatch(r" until [a-z0-9 ]+ too few +[0-4]", line) for line in durations)
    assert "%" not in "".join(line for line in lines(some(1)) if "Updates" not in line)
    assert share(Share(2, 4)) == "too few to say (4)"
    assert share(Share(2, 5)) == "40 % (of 5)"


def test_a_median_that_rests_on_estimates_is_marked():
    summary = some(40)
    lines_of = {line.strip().split("  ")[0]: line for line in table(summary).splitlines()}
    assert summary.durations["TTD"].estimated > 0 and "~" in lines_of["until noticed"]
    exact = summary.durations["TT-triage"]
    assert exact.n > 5 and exact.estimated == 0 and "~" not in lines_of["until triaged"]


def test_two_times_are_compared_only_with_twenty_on_each_side():
    assert "too few to compare" in compared(some(40), some(4))
    assert compared(some(40), some(40)).startswith("As long a time before, from noticed until contained: half within ")


def test_what_is_left_out_is_counted():
    assert counts(some(40)).startswith(f"{some(40).incidents} incidents")
    assert "left out: " in counts(some(40))


def test_only_who_asks_is_offered_to_share_and_what_is_shared_says_by_whom():
    mine, theirs = figures(Asked(), some(40), some(4)), figures(Asked(), some(40), some(4), shared_by="<@U1>")
    assert "Share here" in str(mine.blocks) and "Share here" not in str(theirs.blocks)
    assert "Shared by <@U1>" in str(theirs.blocks)


@pytest.mark.parametrize(
    ("took", "shown"),
    [
        (timedelta(seconds=0), "0s"),
        (timedelta(seconds=59.6), "1m"),
        (timedelta(minutes=41), "41m"),
        (timedelta(minutes=59.7), "1h00m"),
        (timedelta(hours=2, minutes=10), "2h10m"),
        (timedelta(hours=23, minutes=59.9), "1d0h"),
        (timedelta(days=3, hours=4), "3d4h"),
        (timedelta(days=99, hours=23), "99d23h"),
        (None, "–"),
    ],
)
def test_a_span_takes_at_most_six_characters(took, shown):
    assert span(took) == shown and len(shown) <= 6
