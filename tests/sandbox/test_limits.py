"""Every limit of calls, messages, blocks and views: what is exactly at it is taken, what is one beyond it is refused
with Slack's words and the pointer to the breach. The payloads are in limit_payloads.py, the calls in limit_calls.py.
"""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.limits import LIMITS, Limit, Unit
from tests.sandbox.limit_calls import CALLS
from tests.sandbox.limit_payloads import PAYLOADS

CASES = PAYLOADS | CALLS

UPPER = [limit for limit in LIMITS.values() if limit.most is not None]
LOWER = [limit for limit in LIMITS.values() if limit.least is not None]
TOO_MUCH = {
    Unit.CHARACTERS: lambda most: f"must be less than {most + 1} characters",
    Unit.ITEMS: lambda most: f"no more than {most} items allowed",
    Unit.NUMBER: lambda most: f"must be less than {most}",
}
TOO_LITTLE = {
    Unit.CHARACTERS: lambda least: f"must be more than {least - 1} characters",
    Unit.ITEMS: lambda least: f"must provide at least {least} items",
    Unit.NUMBER: lambda least: f"must be greater than {least}",
}
NO_SCHEMA = "[ERROR] failed to match all allowed schemas"


def by_name(limit: Limit) -> str:
    """How a limit is called in the report of the tests."""
    return limit.name


async def refused(call: Awaitable[object]) -> dict[str, Any]:
    """The answer of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: dict[str, Any] = caught.value.response.data
    return answer


def assert_names(answer: dict[str, Any], fault: str, pointer: str) -> None:
    """An answer names this one fault at this place, in the form that its method has."""
    assert answer["error"] == ("invalid_blocks" if pointer.startswith("/blocks") else "invalid_arguments")
    messages = answer["response_metadata"]["messages"]
    assert [told for told in messages if not told.startswith(NO_SCHEMA)] == [
        f"[ERROR] {fault} [json-pointer:{pointer}]"
    ]
    if answer["error"] == "invalid_blocks":
        assert [f"[ERROR] {error}" for error in answer["errors"]] == messages


def test_every_limit_has_a_payload_that_reaches_it():
    assert set(CASES) == set(LIMITS)


@pytest.mark.parametrize("limit", UPPER, ids=by_name)
async def test_what_reaches_the_upper_limit_is_taken_and_one_more_is_refused(
    limit: Limit, client: AsyncWebClient, sandbox: Sandbox
):
    case, most = CASES[limit.name], limit.most or 0
    assert await case.send(client, sandbox, most)
    answer = await refused(case.send(client, sandbox, most + 1))
    if limit.error is None:
        assert_names(answer, TOO_MUCH[limit.unit](most), case.pointer)
    else:
        assert answer["error"] == limit.error


@pytest.mark.parametrize("limit", LOWER, ids=by_name)
async def test_what_reaches_the_lower_limit_is_taken_and_one_less_is_refused(
    limit: Limit, client: AsyncWebClient, sandbox: Sandbox
):
    case, least = CASES[limit.name], limit.least or 0
    assert await case.send(client, sandbox, least)
    answer = await refused(case.send(client, sandbox, least - 1))
    assert_names(answer, TOO_LITTLE[limit.unit](least), case.pointer)


async def test_a_second_table_is_refused_by_name(client: AsyncWebClient, sandbox: Sandbox):
    answer = await refused(CASES["message.tables"].send(client, sandbox, 2))
    assert answer["errors"] == ["only_one_table_allowed [json-pointer:/blocks/1]"]
