"""What `lockstep outbox` prints: plain, aligned, and within the width of a terminal."""

from datetime import timedelta

import pytest

from bot.cli.listing import WIDTH, length_of_ids, page, what
from bot.store.pending import GivenUp, Waiting
from bot.store.wishes import MOOT
from tests.store.given import NOW, START, TEAM

SINCE = START.strftime("%Y-%m-%d %H:%M:%S UTC")


def waits(**changes: object) -> Waiting:
    """A notice of INC-7 that was not tried yet."""
    known = {"team": TEAM, "incident": 7, "effect_id": "0123456789abcdef", "effect": "Tell notices", "since": START}
    state = {"needs": None, "is_behind": False, "is_claimed": False, "attempts": 0, "not_before": 0.0, "error": None}
    return Waiting(**{**known, **state, **changes})  # type: ignore[arg-type]


def failed(**changes: object) -> GivenUp:
    """An update of INC-12 that Slack refused after a minute."""
    known = {"team": TEAM, "incident": 12, "effect_id": "fedcba9876543210", "effect": "PostUpdate updates:support"}
    fate = {"since": START, "at": START + timedelta(minutes=1), "reason": "is_archived", "along": []}
    return GivenUp(**{**known, **fate, **changes})  # type: ignore[arg-type]


def printed(*shown: GivenUp | Waiting, minutes: float = 5) -> str:
    """The page about these, so long after they were wished for."""
    given_up = [one for one in shown if isinstance(one, GivenUp)]
    waiting = [one for one in shown if isinstance(one, Waiting)]
    return page(given_up, waiting, START + timedelta(minutes=minutes), NOW)


def test_a_quiet_outbox_is_one_line():
    assert printed() == "Nothing waits, nothing was given up."


def test_each_has_a_block_with_the_incident_an_id_and_what_it_is():
    along = ["PostUpdate updates:support", "PinCard pin", "PostUpdate updates:support"]
    assert printed(failed(along=along), waits(error="Slack is out of reach", attempts=3, not_before=NOW + 4)) == (
        f"""Given up: 1

INC-12  fedcba  send the update to support
                since {SINCE} (5 min)
                given up on 2026-11-23 07:49:29 UTC: is_archived
                and with it: send the update to support (2 times)
                and with it: pin the room card

`lockstep outbox retry` has all that was given up tried again, `lockstep outbox retry INC-7 ID`
one thing, `lockstep outbox drop INC-7 ID --reason "…"` lets it be.

Waiting: 1

INC-7   012345  post a notice in the room
                since {SINCE} (5 min)
                tried 3 times, next try in 4 s; the last one: Slack is out of reach"""
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "not tried yet, its turn is now"),
        ({"not_before": NOW + 61}, "not tried yet, next try in 1 min"),
        ({"attempts": 1, "is_claimed": True, "not_before": NOW + 20}, "tried once, a bot is at it"),
        ({"attempts": 1, "is_claimed": True}, "a bot was at it and did not end; the next one takes over"),
        ({"needs": "OpenRoom room"}, "waits until this is done: open the incident's room"),
        ({"is_behind": True}, "waits for the one before it"),
    ],
)
def test_what_waits_says_for_what(changes: dict[str, object], says: str):
    assert says in printed(waits(**changes)).splitlines()[-1]


@pytest.mark.parametrize(
    ("minutes", "long"),
    [(-9, "0 s"), (0.5, "30 s"), (5, "5 min"), (125, "2 h 5 min"), (47 * 60, "47 h 0 min"), (48 * 60, "2 days")],
)
def test_how_long_it_waits_is_said_in_plain_words(minutes: float, long: str):
    assert f"since {SINCE} ({long})" in printed(waits(), minutes=minutes)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("PostUpdate updates:R&D <all>", "send the update to R&D <all>"),
        ("ShowStatus status:support", "show support where the incident stands"),
        ("Sing notices", "do something that this version does not know (Sing)"),
        (" choir", "do something that this version does not know (choir)"),
        ("Invite invite:declarer", "invite whoever declared it into the room"),
    ],
)
def test_effects_are_said_in_words_as_a_terminal_shows_them(effect: str, words: str):
    assert what(effect) == words


def test_nothing_in_it_can_steer_the_terminal_or_run_out_of_the_line():
    long = "\x1b[2J" + "a reason that goes on " * 20
    text = printed(failed(reason=long), failed(effect_id="f" * 32, reason=MOOT, at=None), waits(error=long))
    assert "\x1b" not in text and "given up: what it needs was refused" in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_ids_are_as_short_as_they_can_be_told_apart():
    assert length_of_ids(["0123456789", "fedcba9876"]) == 6
    assert length_of_ids(["0123456789", "0123456abc", "0123456789"]) == 8
    assert length_of_ids([]) == 6
