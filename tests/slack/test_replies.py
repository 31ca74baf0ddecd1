"""Which messages count as replies in a hypothesis thread, and what is kept of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.decision import SYSTEM
from bot.core.incident import Side, Thread
from bot.core.tracker.evidence import KeepReply
from bot.slack.replies import (
    PIN,
    SIDES,
    author,
    deleted,
    edited,
    edited_at,
    is_written_reply,
    kept,
    posted_at,
    said,
)
from bot.slack.text import link, permalink
from tests.core.given import declared

ACME = "https://acme.slack.com/"
THREAD = Thread(channel="C7", ts="1795442420.000100", permalink=f"{ACME}archives/C7/p1795442420000100")


def message(**fields: Any) -> dict[str, Any]:
    """A reply by BOB as Slack gives it."""
    usual = {"type": "message", "user": "UBOB", "text": "It was on", "ts": "1795442430.000200", "thread_ts": THREAD.ts}
    return {name: value for name, value in (usual | fields).items() if value is not None}


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"subtype": "thread_broadcast"}, True),
        ({"subtype": "file_share", "text": ""}, True),
        ({"subtype": "bot_message", "user": None, "bot_id": "B1"}, True),
        ({"subtype": "me_message"}, True),
        ({"thread_ts": None}, False),
        ({"ts": THREAD.ts}, False),
        ({"subtype": "message_changed"}, False),
        ({"subtype": "message_deleted"}, False),
        ({"subtype": "message_replied"}, False),
        ({"subtype": "channel_join"}, False),
        ({"subtype": "tombstone"}, False),
    ],
)
def test_what_somebody_wrote_in_a_thread_counts_and_nothing_else(fields: dict[str, Any], counts: bool) -> None:
    assert is_written_reply(message(**fields)) is counts


@pytest.mark.parametrize(
    ("fields", "who"),
    [({}, "UBOB"), ({"bot_id": "B1"}, "UBOB"), ({"user": None, "bot_id": "B1"}, "B1"), ({"user": None}, "unknown")],
)
def test_a_reply_has_an_author_person_or_bot(fields: dict[str, Any], who: str) -> None:
    assert author(message(**fields)) == who


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"text": "a &lt; b &amp;&amp; <@U1> said <https://x.example|x>"}, "a < b && <@U1> said x"),
        ({"text": "", "files": [{"name": "graph.png"}, {}]}, "[file: graph.png] [file: without a name]"),
        ({"text": "See ", "files": [{"name": "graph.png"}]}, "See [file: graph.png]"),
        (
            {"text": "See", "files": [{"id": "F1", "name": "a.png", "permalink": f"{ACME}files/UBOB/F1/a.png"}]},
            "See [file: a.png] (https://acme.slack.com/files/UBOB/F1/a.png)",
        ),
        ({"text": "", "files": [{"id": "F2", "mode": "tombstone"}]}, "[file: without a name] (F2)"),
        ({"text": None}, ""),
        ({"text": "<!subteam^S1|@leads> look"}, "@leads look"),
    ],
)
def test_a_reply_is_kept_as_people_read_it(fields: dict[str, Any], read: str) -> None:
    assert said(message(**fields)) == read


@given(st.integers(0, 2**32), st.integers(0, 999_999))
def test_the_time_of_a_message_is_exact_to_the_microsecond(seconds: int, micros: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    assert posted_at(f"{seconds}.{micros:06}") == at


def test_a_reply_becomes_a_command_under_its_own_key_with_the_way_to_it() -> None:
    incident = declared().but(number=7)
    command = kept(message(), incident, 2, THREAD, ACME)
    assert isinstance(command, KeepReply)
    assert (command.hypothesis, command.reply, command.author, command.text) == (
        2,
        "1795442430.000200",
        "UBOB",
        "It was on",
    )
    assert (command.origin.incident, command.origin.actor) == (7, "UBOB")
    assert command.origin.at == datetime(2026, 11, 23, 14, 0, 30, 200, tzinfo=UTC)
    assert command.permalink == (
        "https://acme.slack.com/archives/C7/p1795442430000200?thread_ts=1795442420.000100&cid=C7"
    )


def test_the_same_reply_has_the_same_key_however_we_hear_of_it() -> None:
    live = message(channel="C7", event_ts="1", client_msg_id="x")
    read_later = message(reactions=[{"name": "eyes", "users": ["U1"], "count": 1}])
    keys = [kept(one, declared(), 1, THREAD, ACME).origin.key for one in (live, read_later)]
    assert keys[0] == keys[1]
    others = [
        kept(message(ts="1795442430.000201"), declared(), 1, THREAD, ACME).origin.key,
        kept(message(), declared(), 1, THREAD.but(channel="C8"), ACME).origin.key,
    ]
    assert len({keys[0], *others}) == 3


def test_plus_and_minus_are_evidence_and_a_tick_is_not() -> None:
    assert SIDES == {"heavy_plus_sign": Side.FOR, "heavy_minus_sign": Side.AGAINST}
    assert PIN not in SIDES


def test_the_address_of_a_message_is_the_one_that_slack_gives() -> None:
    """Slack's documentation of chat.getPermalink."""
    assert permalink(ACME, "C1H9RESGA", "135854651.500008") == f"{ACME}archives/C1H9RESGA/p135854651500008"
    assert permalink(ACME, "C1", "1.2", "1.2") == f"{ACME}archives/C1/p12"
    assert permalink(ACME, "C1", "2.3", "1.2") == f"{ACME}archives/C1/p23?thread_ts=1.2&cid=C1"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://acme.slack.com/x?a=1&b=2", "<https://acme.slack.com/x?a=1&amp;b=2|thread>"),
        ("http://acme.slack.com/x", "thread"),
        ("javascript:alert(1)", "thread"),
        ("https://x.example/|evil", "thread"),
        ("https://x.example/><!channel>", "thread"),
        ("https://x.example/ y", "thread"),
        ("", "thread"),
    ],
)
def test_only_an_address_that_one_may_follow_becomes_a_link(url: str, shown: str) -> None:
    assert link(url, "thread") == shown


def test_an_edit_is_by_whoever_made_it_and_has_the_same_key_however_we_hear_of_it() -> None:
    at = posted_at("1795442440.000300")
    after = message(text="It was off", edited={"user": "UEVE", "ts": "1795442440.000300"})
    assert edited_at(after) == at and edited_at(message()) is None
    heard, read = (edited(one, declared(), 2, THREAD, ACME, at) for one in (after, after | {"reply_count": 0}))
    assert (heard.origin.actor, heard.origin.at, heard.text, heard.reply) == ("UEVE", at, "It was off", after["ts"])
    assert heard.origin.key == read.origin.key != kept(after, declared(), 2, THREAD, ACME).origin.key
    assert edited(after, declared(), 2, THREAD, ACME, posted_at("1795442441.0")).origin.key != heard.origin.key


def test_a_reply_that_had_been_edited_when_it_was_read_says_so() -> None:
    after = message(edited={"user": "UEVE", "ts": "1795442440.000300"})
    assert kept(after, declared(), 2, THREAD, ACME).edited == posted_at("1795442440.000300")
    assert kept(message(), declared(), 2, THREAD, ACME).edited is None


def test_nobody_is_said_to_have_deleted_a_reply_since_slack_does_not_tell() -> None:
    commands = [deleted("1.2", declared(), 2, "C7", posted_at(at)) for at in ("5.0", "9.0")]
    assert {one.origin.actor for one in commands} == {SYSTEM}
    assert commands[0].origin.key == commands[1].origin.key
