"""What an answer that is not "ok" means."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.core.delivery import Hopeless, TryAgain
from bot.slack.failures import judged


class Answer:
    """A Web API answer as the SDK hands it on."""

    def __init__(self, data: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.data, self.status_code, self.headers = data, status, headers or {}


@pytest.mark.parametrize(
    ("answer", "after", "uncertain"),
    [
        (Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"}), 7.0, False),
        (Answer({"ok": False, "error": "ratelimited"}, 429), 1.0, False),
        (Answer({"ok": False, "error": "rate_limited"}), 1.0, False),
        (Answer({"ok": False, "error": "fatal_error"}), None, True),
        (Answer({"ok": False, "error": "internal_error"}), None, True),
        (Answer("<html>Bad gateway</html>", 502), None, True),
        (Answer({"ok": False, "error": "service_unavailable"}, 503), None, True),
    ],
)
def test_what_may_pass_is_tried_again_and_looked_for_when_it_may_have_happened(answer, after, uncertain):
    verdict = judged(SlackApiError("no", answer))
    assert isinstance(verdict, TryAgain)
    assert (verdict.after, verdict.uncertain) == (after, uncertain)


@pytest.mark.parametrize("code", ["channel_not_found", "missing_scope", "invalid_blocks", "something_new"])
def test_what_cannot_pass_is_given_up_with_slacks_own_word(code):
    verdict = judged(SlackApiError("no", Answer({"ok": False, "error": code})))
    assert isinstance(verdict, Hopeless) and str(verdict) == code


@pytest.mark.parametrize("error", [TimeoutError(), aiohttp.ServerDisconnectedError(), ConnectionResetError()])
def test_a_lost_answer_is_uncertain(error):
    verdict = judged(error)
    assert isinstance(verdict, TryAgain) and verdict.uncertain


def test_a_fault_of_our_own_counts_as_an_attempt(capsys):
    verdict = judged(KeyError("ts"))
    assert isinstance(verdict, TryAgain) and verdict.fault


def test_a_fault_of_our_own_is_told_without_what_it_says_since_that_may_be_what_people_typed(capsys):
    verdict = judged(ValueError("hunter2"))
    assert "hunter2" not in str(verdict) + "".join(capsys.readouterr())
    assert str(verdict) == "a fault of ours (ValueError)"
