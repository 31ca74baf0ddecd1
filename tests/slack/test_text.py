"""Text on its way in and out: nothing that a person types becomes markup, and nothing is escaped twice."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import (
    clock_time,
    day_and_time,
    entered,
    escape,
    escape_within,
    inert,
    quoted,
    sentence,
    sentence_case,
    shorten,
    time_from,
    unnamed,
    utc_time_from,
)

_PIECES = st.sampled_from(
    [
        "<!channel>",
        "<!here|here>",
        "<@U1>",
        "<#C1>",
        "<!subteam^S1>",
        "<https://x|y>",
        "&",
        "&amp;",
        "&lt;",
        "<",
        ">",
        "é",
        "👩‍🚀",
    ]
)
TYPED = st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=40).map("".join)
AT = datetime(2026, 11, 23, 14, 5, 33, tzinfo=UTC)


def as_slack_sends(text: str) -> str:
    """What Slack makes of a command's text that mentions nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_people_see(text: str) -> str:
    """What Slack's client shows for escaped text without markup."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(TYPED)
def test_what_is_typed_in_a_command_is_kept_as_it_was_typed(text: str) -> None:
    assert entered(as_slack_sends(text)) == text.strip()


@given(TYPED)
def test_what_is_shown_is_what_was_typed(text: str) -> None:
    assert as_people_see(escape(entered(as_slack_sends(text)))) == text.strip()


@given(TYPED)
def test_no_text_mentions_more_than_one_person_at_a_time(text: str) -> None:
    tokens = re.findall(r"<(.*?)>", escape(text))
    assert all(re.fullmatch(r"@[UW][A-Z0-9]+|#C[A-Z0-9]+", token) for token in tokens)
    assert re.sub(r"<(@[UW]|#C)[A-Z0-9]+>", "", escape(text)).count("<") == 0


@given(TYPED, st.integers(1, 60))
def test_shortening_keeps_the_limit_and_cuts_no_entity(text: str, limit: int) -> None:
    short = escape_within(text, limit)
    assert len(short) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", short)
    assert escape_within(text, len(escape(text))) == escape(text)


@given(TYPED, st.integers(1, 60))
def test_plain_text_is_shortened_by_code_points(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert shorten(text, len(text)) == text


@given(TYPED)
def test_a_topic_can_hold_no_markup_at_all(text: str) -> None:
    assert not set("<>\n") & set(inert(text))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<@U123|bob> broke it", "@bob broke it"),
        ("<@U123> broke it", "<@U123> broke it"),
        ("see <#C123|general>", "see #general"),
        ("see <#C123|>", "see <#C123>"),
        ("<!subteam^S1|@payments> please", "@payments please"),
        ("<!here> please", "@here please"),
        ("<!here|here> please", "@here please"),
        ("<http://shop.example|shop.example> is down", "shop.example is down"),
        ("<https://shop.example/a?b=1&amp;c=2> is down", "https://shop.example/a?b=1&c=2 is down"),
        ("<mailto:a@b.example|a@b.example> bounces", "a@b.example bounces"),
        ("a &amp; b &lt; c", "a & b < c"),
        ("&amp;lt;", "&lt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("down since <!date^1795442420^{time}|14:00 UTC>", "down since 14:00 UTC"),
    ],
)
def test_tokens_of_slack_become_what_the_person_typed(sent: str, kept: str) -> None:
    assert entered(sent) == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<!subteam^S1|x>", "&lt;!subteam^S1|x&gt;"),
        ("<https://evil.example|the shop>", "&lt;https://evil.example|the shop&gt;"),
        ("<@U1|everybody>", "&lt;@U1|everybody&gt;"),
        ("Q&A", "Q&amp;A"),
        ("<@U123> knows", "<@U123> knows"),
    ],
)
def test_only_the_mention_of_one_person_survives(typed: str, shown: str) -> None:
    assert escape(typed) == shown


def test_where_no_name_can_be_shown_no_id_is() -> None:
    assert unnamed("<@U123>'s change in <#C1> <b>") == "@someone's change in #channel <b>"
    assert inert("<@U123>\n<!channel>") == "@someone ‹!channel›"


def test_a_quotation_is_one_line() -> None:
    assert quoted("one\n\n  two <three>") == "“one two &lt;three&gt;”"


@pytest.mark.parametrize(("text", "whole"), [("It broke", "It broke."), ("It broke!", "It broke!"), ("Why? ", "Why?")])
def test_a_sentence_ends_like_one(text: str, whole: str) -> None:
    assert sentence(text) == whole


@pytest.mark.parametrize(
    ("text", "begun"), [("deputy", "Deputy"), ("R&D lead", "R&D lead"), ("über", "Über"), ("", "")]
)
def test_a_name_at_the_start_of_a_line_begins_with_a_capital(text: str, begun: str) -> None:
    assert sentence_case(text) == begun


def test_times_are_shown_in_the_readers_zone_and_fall_back_to_utc() -> None:
    epoch = int(AT.timestamp())
    assert clock_time(AT) == f"<!date^{epoch}^{{time}}|14:05 UTC>"
    assert day_and_time(AT) == f"<!date^{epoch}^{{date_short_pretty}} at {{time}}|23 November at 14:05 UTC>"


def test_a_time_half_a_day_off_comes_with_its_day() -> None:
    soon, tomorrow = AT + timedelta(minutes=30), AT + timedelta(hours=24)
    assert time_from(AT, soon) == clock_time(soon)
    assert time_from(AT, tomorrow) == day_and_time(tomorrow)
    assert utc_time_from(AT, soon) == "14:35 UTC"
    assert utc_time_from(AT, tomorrow) == "24 November at 14:05 UTC"
